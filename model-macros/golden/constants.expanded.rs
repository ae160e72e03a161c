/// | value    | layer                     | shape    | parameters |
/// |----------|---------------------------|----------|-----------:|
/// | `x`      | Input                     | (10, 20) |            |
/// | `x`      | `Flatten()`               | (200)    |          0 |
/// | `x`      | `Halve()`                 | …        |          … |
/// | `output` | `Dense(CLASSES, softmax)` | …        |          … |
///
/// rustc finds what is `…` here; `Constants::GRAPH` has it.
pub struct Constants {
    /// `Flatten()`: (10, 20) → (200), no parameters
    pub flatten: ::model_runtime::Flatten,
    /// `Halve()`: (200) → …, … parameters
    pub halve: self::Halve,
    /// `Dense(CLASSES, softmax)`: … → …, … parameters
    pub dense: ::model_runtime::Dense,
}
impl Constants {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` (10, 20) → `output` …; the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = self.flatten.call(x);
        scope.keep(&[x]);
        let x = ::model_runtime::Layer::call(&self.halve, &[x]).one();
        scope.keep(&[x]);
        self.dense.call(x)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        const CLASSES: usize = 10;
        Constants {
            flatten: ::model_runtime::Flatten::new(),
            halve: <self::Halve as ::core::default::Default>::default(),
            dense: ::model_runtime::Dense::new(CLASSES)
                .activation(::model_runtime::Activation::Softmax),
        }
    }
}
impl ::model_runtime::Layer for Constants {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(
            &mut self.flatten,
            seed.child("flatten"),
            &[Value::float(&[10, 20])],
        );
        Layer::init(&mut self.halve, seed.child("halve"), &[Value::float(&[200])]);
        Layer::init(&mut self.dense, seed.child("dense"), &[value(&Self::SHAPE_0, 0)]);
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
impl ::model_runtime::Share for Constants
where
    for<'a> self::Halve: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Constants {
            flatten: Share::copy_with(&self.flatten, copier),
            halve: Share::copy_with(&self.halve, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl Constants {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Constants",
            inputs: &[port("x", Value::float(&[10, 20]), Input(0))],
            outputs: &[port("output", value(&Self::SHAPE_1, 0), Call(2, 0))],
            calls: &[
                layer(
                    "flatten",
                    "Flatten",
                    Some(0),
                    &[Input(0)],
                    &[Value::float(&[200])],
                ),
                layer(
                    "halve",
                    "self::Halve",
                    None,
                    &[Call(0, 0)],
                    &[value(&Self::SHAPE_0, 0)],
                ),
                layer(
                    "dense",
                    "Dense",
                    Some(Self::SIZE_1),
                    &[Call(1, 0)],
                    &[value(&Self::SHAPE_1, 0)],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Constants {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Constants",
            &["x"],
            &[::model_runtime::Value::float(&[10, 20])],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_1, 0)],
        )
    }
    const INPUTS_0: &[::model_runtime::Value] = &[::model_runtime::Value::float(&[200])];
    const SHAPE_0: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "self::Halve",
        Self::INPUTS_0,
        ::model_runtime::private::returns(<self::Halve>::output_shape(Self::INPUTS_0), 1),
    );
    const INPUTS_1: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const ARGS_1: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int(10),
        ::model_runtime::spec::ArgValue::Word("softmax"),
        ::model_runtime::spec::ArgValue::Bool(true),
        ::model_runtime::spec::ArgValue::Word("glorot_uniform"),
        ::model_runtime::spec::ArgValue::Word("zeros"),
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
        ::model_runtime::spec::ArgValue::Unset,
    ];
    const SHAPE_1: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_1,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_1),
            Self::INPUTS_1,
        ),
    );
    const SIZE_1: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_1),
            Self::INPUTS_1,
        )
        .size();
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
                value: ::model_runtime::private::value(&Constants::SHAPE_0, 0),
                origin: "from Halve(), line 7",
            },
        ],
    );
};
