///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `image` | Input | found by rustc | |
/// | `x` | `Flatten()` | found by rustc | ? |
/// | `output` | `Dense(UNITS)` | found by rustc | ? |
pub struct Net<const H: usize = 28, const UNITS: usize = 64> {
    /// `Flatten()`: found by rustc → found by rustc, parameters found by rustc
    pub x: ::model_runtime::Flatten,
    /// `Dense(UNITS)`: found by rustc → found by rustc, parameters found by rustc
    pub dense: ::model_runtime::Dense,
}
impl<const H: usize, const UNITS: usize> Net<H, UNITS> {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Net",
        inputs: &[
            ::model_runtime::model::Port {
                name: "image",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "output",
                value: ::model_runtime::private::value(&Self::SHAPE_2, 0usize),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "x",
                layer: "Flatten",
                inputs: &["image"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_1),
            },
            ::model_runtime::model::Call {
                field: "dense",
                layer: "Dense",
                inputs: &["x"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_2, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_2),
            },
        ],
    };
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let () = Self::CHECK_0;
        let () = Self::CHECK_1;
        let () = Self::CHECK_2;
        let mut model = Self::unset();
        ::model_runtime::Layer::init(&mut model, ::model_runtime::Seed::new(seed), &[]);
        model
    }
    /// The model before it has weights.
    fn unset() -> Self {
        Net {
            x: ::model_runtime::Flatten::new(),
            dense: ::model_runtime::Dense::new(UNITS),
        }
    }
    /// `image` found by rustc → `output` found by rustc; the sample axis stands before these.
    pub fn call(&self, image: ::model_runtime::Var) -> ::model_runtime::Var {
        let x = self.x.call(image);
        self.dense.call(x)
    }
}
impl<const H: usize, const UNITS: usize> ::model_runtime::Layer for Net<H, UNITS> {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.x,
            seed.child("x"),
            &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
        );
        ::model_runtime::Layer::init(
            &mut self.dense,
            seed.child("dense"),
            &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [image] = ::model_runtime::private::inputs("Net", inputs);
        let outputs = self.call(image);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("x", &self.x);
        visitor.child("dense", &self.dense);
    }
}
impl<const H: usize, const UNITS: usize> ::core::default::Default for Net<H, UNITS> {
    fn default() -> Self {
        Self::new(0)
    }
}
impl<const H: usize, const UNITS: usize> ::model_runtime::Model for Net<H, UNITS> {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl<const H: usize, const UNITS: usize> ::model_runtime::Functional for Net<H, UNITS> {
    type Inputs<T> = T;
    type Outputs<T> = T;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs]
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
#[doc(hidden)]
impl<const H: usize, const UNITS: usize> Net<H, UNITS> {
    const SHAPE_0: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 0usize] = [];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::input::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Tuple(
                            ::model_runtime::spec::Tuple::new(&[(H) as i64, (H) as i64]),
                        ),
                        ::model_runtime::spec::ArgValue::Word("float32"),
                    ],
                ),
                &inputs,
            ),
        )
    };
    const SHAPE_1: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::flatten::rule(
                &::model_runtime::spec::Config::new(&[]),
                &inputs,
            ),
        )
    };
    const SIZE_1: usize = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::spec::layers::flatten::weights(
                &::model_runtime::spec::Config::new(&[]),
                &inputs,
            )
            .size()
    };
    const SHAPE_2: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::dense::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int((UNITS) as i64),
                        ::model_runtime::spec::ArgValue::Word("linear"),
                        ::model_runtime::spec::ArgValue::Bool(true),
                        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
                        ::model_runtime::spec::ArgValue::Word("zeros"),
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                    ],
                ),
                &inputs,
            ),
        )
    };
    const SIZE_2: usize = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
        ];
        ::model_runtime::spec::layers::dense::weights(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int((UNITS) as i64),
                        ::model_runtime::spec::ArgValue::Word("linear"),
                        ::model_runtime::spec::ArgValue::Bool(true),
                        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
                        ::model_runtime::spec::ArgValue::Word("zeros"),
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                        ::model_runtime::spec::ArgValue::Unset,
                    ],
                ),
                &inputs,
            )
            .size()
    };
    const CHECK_0: () = ::model_runtime::private::check(&Self::SHAPE_0, &[]);
    const CHECK_1: () = ::model_runtime::private::check(
        &Self::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "image",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
                origin: "from Input(H, H), line 2",
            },
        ],
    );
    const CHECK_2: () = ::model_runtime::private::check(
        &Self::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
                origin: "from Flatten(), line 3",
            },
        ],
    );
    #[allow(dead_code)]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Net",
            &["image"],
            &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_2, 0usize)],
        )
    }
}
const _: () = {
    const _: () = <Net>::CHECK_0;
    const _: () = <Net>::CHECK_1;
    const _: () = <Net>::CHECK_2;
};
