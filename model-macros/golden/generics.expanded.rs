/// | value    | layer          | shape | parameters |
/// |----------|----------------|-------|-----------:|
/// | `image`  | Input          | …     |            |
/// | `x`      | `Flatten()`    | …     |          … |
/// | `output` | `Dense(UNITS)` | …     |          … |
///
/// rustc finds what is `…` here; `Net::GRAPH` has it.
pub struct Net<const H: usize = 28, const UNITS: usize = 64> {
    /// `Flatten()`: … → …, … parameters
    pub x: ::model_runtime::Flatten,
    /// `Dense(UNITS)`: … → …, … parameters
    pub dense: ::model_runtime::Dense,
}
impl<const H: usize, const UNITS: usize> Net<H, UNITS> {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let () = Self::CHECK_0;
        let () = Self::CHECK_1;
        let () = Self::CHECK_2;
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `image` … → `output` …; the sample axis stands before these.
    pub fn call(&self, image: ::model_runtime::Var) -> ::model_runtime::Var {
        let x = self.x.call(image);
        self.dense.call(x)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Net {
            x: ::model_runtime::Flatten::new(),
            dense: ::model_runtime::Dense::new(UNITS),
        }
    }
}
impl<const H: usize, const UNITS: usize> ::model_runtime::Layer for Net<H, UNITS> {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.x, seed.child("x"), &[value(&Self::SHAPE_0, 0)]);
        Layer::init(&mut self.dense, seed.child("dense"), &[value(&Self::SHAPE_1, 0)]);
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
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        inputs.next()
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
impl<const H: usize, const UNITS: usize> ::model_runtime::Share for Net<H, UNITS> {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Net {
            x: Share::copy_with(&self.x, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl<const H: usize, const UNITS: usize> Net<H, UNITS> {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Net",
            inputs: &[port("image", value(&Self::SHAPE_0, 0), Input(0))],
            outputs: &[port("output", value(&Self::SHAPE_2, 0), Call(1, 0))],
            calls: &[
                layer(
                    "x",
                    "Flatten",
                    Some(Self::SIZE_1),
                    &[Input(0)],
                    &[value(&Self::SHAPE_1, 0)],
                ),
                layer(
                    "dense",
                    "Dense",
                    Some(Self::SIZE_2),
                    &[Call(0, 0)],
                    &[value(&Self::SHAPE_2, 0)],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl<const H: usize, const UNITS: usize> Net<H, UNITS> {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Net",
            &["image"],
            &[::model_runtime::private::value(&Self::SHAPE_0, 0)],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_2, 0)],
        )
    }
    const INPUTS_0: &[::model_runtime::Value] = &[];
    const ARGS_0: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Tuple(
            ::model_runtime::spec::Tuple::new(&[(H) as i64, (H) as i64]),
        ),
        ::model_runtime::spec::ArgValue::Word("float32"),
    ];
    const SHAPE_0: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Input",
        Self::INPUTS_0,
        ::model_runtime::spec::layers::input::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_0),
            Self::INPUTS_0,
        ),
    );
    const INPUTS_1: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const ARGS_1: &[::model_runtime::spec::ArgValue] = &[];
    const SHAPE_1: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Flatten",
        Self::INPUTS_1,
        ::model_runtime::spec::layers::flatten::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_1),
            Self::INPUTS_1,
        ),
    );
    const SIZE_1: usize = ::model_runtime::spec::layers::flatten::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_1),
            Self::INPUTS_1,
        )
        .size();
    const INPUTS_2: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
    ];
    const ARGS_2: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((UNITS) as i64),
        ::model_runtime::spec::ArgValue::Word("linear"),
        ::model_runtime::spec::ArgValue::Bool(true),
        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
        ::model_runtime::spec::ArgValue::Word("zeros"),
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
    ];
    const SHAPE_2: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_2,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_2),
            Self::INPUTS_2,
        ),
    );
    const SIZE_2: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_2),
            Self::INPUTS_2,
        )
        .size();
    const CHECK_0: () = ::model_runtime::private::check(&Self::SHAPE_0, &[]);
    const CHECK_1: () = ::model_runtime::private::check(
        &Self::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "image",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0),
                origin: "from Input(H, H), line 2",
            },
        ],
    );
    const CHECK_2: () = ::model_runtime::private::check(
        &Self::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0),
                origin: "from Flatten(), line 3",
            },
        ],
    );
}
const _: () = {
    const _: () = <Net>::CHECK_0;
    const _: () = <Net>::CHECK_1;
    const _: () = <Net>::CHECK_2;
};
