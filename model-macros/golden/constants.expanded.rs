///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `x` | Input | (10, 20) | |
/// | `x` | `Flatten()` | (200) | 0 |
/// | `x` | `Halve()` | found by rustc | ? |
/// | `output` | `Dense(CLASSES, softmax)` | found by rustc | ? |
pub struct Constants {
    /// `Flatten()`: (10, 20) → (200), no parameters
    pub flatten: ::model_runtime::Flatten,
    /// `Halve()`: (200) → found by rustc, parameters found by rustc
    pub halve: self::Halve,
    /// `Dense(CLASSES, softmax)`: found by rustc → found by rustc, parameters found by rustc
    pub dense: ::model_runtime::Dense,
}
impl Constants {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Constants",
        inputs: &[
            ::model_runtime::model::Port {
                name: "x",
                value: ::model_runtime::Value::float(&[10, 20]),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "output",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0usize),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "flatten",
                layer: "Flatten",
                inputs: &["x"],
                outputs: &[::model_runtime::Value::float(&[200])],
                parameters: ::core::option::Option::Some(0usize),
            },
            ::model_runtime::model::Call {
                field: "halve",
                layer: "self::Halve",
                inputs: &["flatten"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
                parameters: ::core::option::Option::None,
            },
            ::model_runtime::model::Call {
                field: "dense",
                layer: "Dense",
                inputs: &["halve"],
                outputs: &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
                parameters: ::core::option::Option::Some(Self::SIZE_1),
            },
        ],
    };
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Layer::init(&mut model, ::model_runtime::Seed::new(seed), &[]);
        model
    }
    /// The model before it has weights.
    fn unset() -> Self {
        #[allow(unused_imports)]
        use self::Halve;
        const CLASSES: usize = 10;
        Constants {
            flatten: ::model_runtime::Flatten::new(),
            halve: <self::Halve as ::core::default::Default>::default(),
            dense: ::model_runtime::Dense::new(CLASSES)
                .activation(::model_runtime::Activation::Softmax),
        }
    }
    /// `x` (10, 20) → `output` found by rustc; the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let x = self.flatten.call(x);
        let x = ::model_runtime::Layer::call(&self.halve, &[x]).one();
        self.dense.call(x)
    }
}
impl ::model_runtime::Layer for Constants {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.flatten,
            seed.child("flatten"),
            &[::model_runtime::Value::float(&[10, 20])],
        );
        ::model_runtime::Layer::init(
            &mut self.halve,
            seed.child("halve"),
            &[::model_runtime::Value::float(&[200])],
        );
        ::model_runtime::Layer::init(
            &mut self.dense,
            seed.child("dense"),
            &[::model_runtime::private::value(&Self::SHAPE_0, 0usize)],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Constants", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("flatten", &self.flatten);
        visitor.child("halve", &self.halve);
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Constants {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Constants {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Constants {
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
impl Constants {
    const SHAPE_0: ::model_runtime::private::Outcome = {
        #[allow(unused_imports)]
        use self::Halve;
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::Value::float(&[200]),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::private::returns(
                <self::Halve>::output_shape(&inputs),
                1usize,
            ),
        )
    };
    const SHAPE_1: ::model_runtime::private::Outcome = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::private::outcome(
            &inputs,
            ::model_runtime::spec::layers::dense::rule(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int(10),
                        ::model_runtime::spec::ArgValue::Word("softmax"),
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
    const SIZE_1: usize = {
        let inputs: [::model_runtime::Value; 1usize] = [
            ::model_runtime::private::value(&Self::SHAPE_0, 0usize),
        ];
        ::model_runtime::spec::layers::dense::weights(
                &::model_runtime::spec::Config::new(
                    &[
                        ::model_runtime::spec::ArgValue::Int(10),
                        ::model_runtime::spec::ArgValue::Word("softmax"),
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
    #[allow(dead_code)]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Constants",
            &["x"],
            &[::model_runtime::Value::float(&[10, 20])],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_1, 0usize)],
        )
    }
}
const _: () = {
    const _: () = ::model_runtime::private::check(
        &Constants::SHAPE_0,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::Value::float(&[200]),
                origin: "from Flatten(), line 6",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Constants::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Constants::SHAPE_0, 0usize),
                origin: "from Halve(), line 7",
            },
        ],
    );
};
