/// | value    | layer                                | shape | parameters |
/// |----------|--------------------------------------|-------|-----------:|
/// | `x`      | Input                                | (10)  |            |
/// | `x`      | `crate::nets::Scale(3.0)`            | …     |          … |
/// | `e`      | `crate::nets::Encoder(name = "enc")` | …     |          … |
/// | `two`    | `crate::nets::Two()`                 | …, …  |          … |
/// | `output` | `Dense(3)`                           | …     |          … |
///
/// rustc finds what is `…` here; `Outside::GRAPH` has it.
pub struct Outside {
    /// `crate::nets::Scale(3.0)`: (10) → …, … parameters
    pub scale: crate::nets::Scale,
    /// `crate::nets::Encoder(name = "enc")`: … → …, … parameters
    pub enc: crate::nets::Encoder,
    /// `crate::nets::Two()`: … → …, …, … parameters
    pub two: crate::nets::Two,
    /// `Dense(3)`: … → …, … parameters
    pub dense: ::model_runtime::Dense,
}
impl Outside {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` (10) → `output` …; the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = ::model_runtime::Layer::call(&self.scale, &[x]).one();
        scope.keep(&[x]);
        let e = ::model_runtime::Layer::call(&self.enc, &[x]).one();
        scope.keep(&[e]);
        let [p, q] = ::model_runtime::Layer::call(&self.two, &[e]).array();
        scope.keep(&[p, q]);
        self.dense.call((p) * (q))
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Outside {
            scale: <crate::nets::Scale>::new(3.0),
            enc: <crate::nets::Encoder as ::core::default::Default>::default(),
            two: <crate::nets::Two as ::core::default::Default>::default(),
            dense: ::model_runtime::Dense::new(3),
        }
    }
}
impl ::model_runtime::Layer for Outside {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.scale, seed.child("scale"), &[Value::float(&[10])]);
        Layer::init(&mut self.enc, seed.child("enc"), &[value(&Self::SHAPE_0, 0)]);
        Layer::init(&mut self.two, seed.child("two"), &[value(&Self::SHAPE_1, 0)]);
        Layer::init(&mut self.dense, seed.child("dense"), &[value(&Self::SHAPE_3, 0)]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Outside", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("scale", &self.scale);
        visitor.child("enc", &self.enc);
        visitor.child("two", &self.two);
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Outside {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Outside {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Outside {
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
impl ::model_runtime::Share for Outside
where
    for<'a> crate::nets::Scale: ::model_runtime::Share,
    for<'a> crate::nets::Encoder: ::model_runtime::Share,
    for<'a> crate::nets::Two: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Outside {
            scale: Share::copy_with(&self.scale, copier),
            enc: Share::copy_with(&self.enc, copier),
            two: Share::copy_with(&self.two, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl Outside {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Outside",
            inputs: &[port("x", Value::float(&[10]), Input(0))],
            outputs: &[port("output", value(&Self::SHAPE_4, 0), Call(4, 0))],
            calls: &[
                layer(
                    "scale",
                    "crate::nets::Scale",
                    None,
                    &[Input(0)],
                    &[value(&Self::SHAPE_0, 0)],
                ),
                layer(
                    "enc",
                    "crate::nets::Encoder",
                    None,
                    &[Call(0, 0)],
                    &[value(&Self::SHAPE_1, 0)],
                ),
                layer(
                    "two",
                    "crate::nets::Two",
                    None,
                    &[Call(1, 0)],
                    &[value(&Self::SHAPE_2, 0), value(&Self::SHAPE_2, 1)],
                ),
                function(
                    "multiply",
                    &[Call(2, 0), Call(2, 1)],
                    &[value(&Self::SHAPE_3, 0)],
                ),
                layer(
                    "dense",
                    "Dense",
                    Some(Self::SIZE_4),
                    &[Call(3, 0)],
                    &[value(&Self::SHAPE_4, 0)],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Outside {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Outside",
            &["x"],
            &[::model_runtime::Value::float(&[10])],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_4, 0)],
        )
    }
    const INPUTS_0: &[::model_runtime::Value] = &[::model_runtime::Value::float(&[10])];
    const SHAPE_0: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "crate::nets::Scale",
        Self::INPUTS_0,
        ::model_runtime::private::returns(
            <crate::nets::Scale>::output_shape(3.0, Self::INPUTS_0),
            1,
        ),
    );
    const INPUTS_1: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const SHAPE_1: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "crate::nets::Encoder",
        Self::INPUTS_1,
        ::model_runtime::private::returns(
            <crate::nets::Encoder>::output_shape(Self::INPUTS_1),
            1,
        ),
    );
    const INPUTS_2: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
    ];
    const SHAPE_2: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "crate::nets::Two",
        Self::INPUTS_2,
        ::model_runtime::private::returns(
            <crate::nets::Two>::output_shape(Self::INPUTS_2),
            2,
        ),
    );
    const INPUTS_3: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_2, 0),
        ::model_runtime::private::value(&Self::SHAPE_2, 1),
    ];
    const SHAPE_3: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_3,
        ::model_runtime::spec::operators::rule(
            &::model_runtime::spec::Config::new(&[]),
            Self::INPUTS_3,
        ),
    );
    const INPUTS_4: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_3, 0),
    ];
    const ARGS_4: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int(3),
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
    const SHAPE_4: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_4,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_4),
            Self::INPUTS_4,
        ),
    );
    const SIZE_4: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_4),
            Self::INPUTS_4,
        )
        .size();
}
const _: () = {
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_0,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::Value::float(&[10]),
                origin: "from Input(10), line 2",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Outside::SHAPE_0, 0),
                origin: "from crate::nets::Scale(3.0), line 3",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "e",
                value: ::model_runtime::private::value(&Outside::SHAPE_1, 0),
                origin: "from crate::nets::Encoder(name = \"enc\"), line 4",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_3,
        &[
            ::model_runtime::spec::Operand {
                name: "p",
                value: ::model_runtime::private::value(&Outside::SHAPE_2, 0),
                origin: "from crate::nets::Two(), line 5",
            },
            ::model_runtime::spec::Operand {
                name: "q",
                value: ::model_runtime::private::value(&Outside::SHAPE_2, 1),
                origin: "from crate::nets::Two(), line 5",
            },
        ],
    );
    const _: () = ::model_runtime::private::check(
        &Outside::SHAPE_4,
        &[
            ::model_runtime::spec::Operand {
                name: "p * q",
                value: ::model_runtime::private::value(&Outside::SHAPE_3, 0),
                origin: "line 6",
            },
        ],
    );
};
