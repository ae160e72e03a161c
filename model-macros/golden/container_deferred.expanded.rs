/// | value   | layer                | shape | parameters |
/// |---------|----------------------|-------|-----------:|
/// | `x`     | Input                | …     |            |
/// | `twice` | `Container(\|a\| …)` | …, …  |          … |
/// | `twice` | `twice`              | …, …  |     shared |
///
/// rustc finds what is `…` here; `Net::GRAPH` has it.
struct Net<const H: usize = 8> {
    /// `Container(|a| …)`: … → …, …, … parameters; called in lines 7 and 8
    pub twice: NetTwice<H>,
}
impl<const H: usize> Net<H> {
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let () = Self::CHECK_0;
        let () = Self::CHECK_1;
        let () = Self::CHECK_2;
        let () = Self::CHECK_3;
        let () = <NetTwice<H>>::CHECK_0;
        let () = <NetTwice<H>>::CHECK_1;
        let () = <NetTwice<H>>::CHECK_2;
        let () = <NetTwice<H>>::CHECK_3;
        let () = <NetTwice<H>>::CHECK_4;
        let () = <NetTwice<H>>::CHECK_5;
        let () = <NetTwice<H>>::CHECK_6;
        let () = <NetTwice<H>>::CHECK_7;
        let () = <NetTwice<H>>::CHECK_8;
        let () = <NetTwice<H>>::CHECK_9;
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` … → `output` …; the sample axis stands before these.
    fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let [h, y] = ::model_runtime::Layer::call(&self.twice, &[x]).array();
        scope.keep(&[h, y]);
        let [_, z] = ::model_runtime::Layer::call(&self.twice, &[h]).array();
        scope.keep(&[y, z]);
        (y) + (z)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Net { twice: NetTwice::unset() }
    }
}
impl<const H: usize> ::model_runtime::Layer for Net<H> {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.twice, seed.child("twice"), &[value(&Self::SHAPE_0, 0)]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Net", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("twice", &self.twice);
    }
}
impl<const H: usize> ::core::default::Default for Net<H> {
    fn default() -> Self {
        Self::new(0)
    }
}
impl<const H: usize> ::model_runtime::Model for Net<H> {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl<const H: usize> ::model_runtime::Functional for Net<H> {
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
impl<const H: usize> ::model_runtime::Share for Net<H>
where
    for<'a> NetTwice<H>: ::model_runtime::Share,
{
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Net {
            twice: Share::copy_with(&self.twice, copier),
        }
    }
}
impl<const H: usize> Net<H> {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Net",
            inputs: &[port("x", value(&Self::SHAPE_0, 0), Input(0))],
            outputs: &[port("output", value(&Self::SHAPE_3, 0), Call(2, 0))],
            calls: &[
                model(
                    "twice",
                    "Container",
                    &<NetTwice<H>>::GRAPH,
                    &[Input(0)],
                    &[value(&Self::SHAPE_1, 0), value(&Self::SHAPE_1, 1)],
                ),
                model(
                    "twice",
                    "Container",
                    &<NetTwice<H>>::GRAPH,
                    &[Call(0, 0)],
                    &[value(&Self::SHAPE_2, 0), value(&Self::SHAPE_2, 1)],
                ),
                function("add", &[Call(0, 1), Call(1, 1)], &[value(&Self::SHAPE_3, 0)]),
            ],
        }
    };
}
#[doc(hidden)]
impl<const H: usize> Net<H> {
    #[allow(dead_code, reason = "called by models that contain it")]
    const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Net",
            &["x"],
            &[::model_runtime::private::value(&Self::SHAPE_0, 0)],
            inputs,
            &[::model_runtime::private::value(&Self::SHAPE_3, 0)],
        )
    }
    const INPUTS_0: &[::model_runtime::Value] = &[];
    const ARGS_0: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Tuple(
            ::model_runtime::spec::Tuple::new(&[(H) as i64]),
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
    const SHAPE_1: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_1,
        ::core::result::Result::Ok(
            ::model_runtime::Values::new(
                &[
                    ::model_runtime::private::value(&<NetTwice<H>>::SHAPE_2, 0),
                    ::model_runtime::private::value(&<NetTwice<H>>::SHAPE_3, 0),
                ],
            ),
        ),
    );
    const INPUTS_2: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
    ];
    const SHAPE_2: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_2,
        ::core::result::Result::Ok(
            ::model_runtime::Values::new(
                &[
                    ::model_runtime::private::value(&<NetTwice<H>>::SHAPE_7, 0),
                    ::model_runtime::private::value(&<NetTwice<H>>::SHAPE_9, 0),
                ],
            ),
        ),
    );
    const INPUTS_3: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 1),
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
    const CHECK_0: () = ::model_runtime::private::check(&Self::SHAPE_0, &[]);
    const CHECK_1: () = ::model_runtime::private::check(
        &Self::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "x",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0),
                origin: "from Input(H), line 2",
            },
        ],
    );
    const CHECK_2: () = ::model_runtime::private::check(
        &Self::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "h",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0),
                origin: "from Container(|a| …), line 7",
            },
        ],
    );
    const CHECK_3: () = ::model_runtime::private::check(
        &Self::SHAPE_3,
        &[
            ::model_runtime::spec::Operand {
                name: "y",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 1),
                origin: "from Container(|a| …), line 7",
            },
            ::model_runtime::spec::Operand {
                name: "z",
                value: ::model_runtime::private::value(&Self::SHAPE_2, 1),
                origin: "from Container(|a| …), line 8",
            },
        ],
    );
}
const _: () = {
    const _: () = <Net>::CHECK_0;
    const _: () = <Net>::CHECK_1;
    const _: () = <Net>::CHECK_2;
    const _: () = <Net>::CHECK_3;
};
/// The container `twice` of [`Net`].
///
/// | value      | layer             | shape | parameters |
/// |------------|-------------------|-------|-----------:|
/// | `a`        | Input             | …     |            |
/// | `b`        | `Dense(H)`        | …     |          … |
/// | `output_1` | `Dense(crate::N)` | …     |          … |
///
/// rustc finds what is `…` here; `NetTwice::GRAPH` has it.
struct NetTwice<const H: usize = 8> {
    /// `Dense(H)`: … → …, … parameters
    pub b: ::model_runtime::Dense,
    /// `Dense(crate::N)`: … → …, … parameters
    pub dense: ::model_runtime::Dense,
}
/// One `T` for each output of [`NetTwice`].
struct NetTwiceOutputs<T, T1 = T> {
    /// The output `h`, ….
    pub h: T,
    /// The output `output_1`, ….
    pub output_1: T1,
}
impl<const H: usize> NetTwice<H> {
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let () = Self::CHECK_0;
        let () = Self::CHECK_1;
        let () = Self::CHECK_2;
        let () = Self::CHECK_3;
        let () = Self::CHECK_4;
        let () = Self::CHECK_5;
        let () = Self::CHECK_6;
        let () = Self::CHECK_7;
        let () = Self::CHECK_8;
        let () = Self::CHECK_9;
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `a` … → `h` …, `output_1` …; the sample axis stands before these.
    fn call(&self, a: ::model_runtime::Var) -> NetTwiceOutputs<::model_runtime::Var> {
        let b = self.b.call(a);
        NetTwiceOutputs {
            h: (b) + (a),
            output_1: self.dense.call(b),
        }
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        NetTwice {
            b: ::model_runtime::Dense::new(H),
            dense: ::model_runtime::Dense::new(crate::N),
        }
    }
}
impl<const H: usize> ::model_runtime::Layer for NetTwice<H> {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.b, seed.child("b"), &[value(&Self::SHAPE_0, 0)]);
        Layer::init(&mut self.dense, seed.child("dense"), &[value(&Self::SHAPE_1, 0)]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [a] = ::model_runtime::private::inputs("NetTwice", inputs);
        let outputs = self.call(a);
        ::core::convert::Into::into([outputs.h, outputs.output_1])
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("b", &self.b);
        visitor.child("dense", &self.dense);
    }
}
impl<const H: usize> ::core::default::Default for NetTwice<H> {
    fn default() -> Self {
        Self::new(0)
    }
}
impl<const H: usize> ::model_runtime::Model for NetTwice<H> {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl<const H: usize> ::model_runtime::Functional for NetTwice<H> {
    type Inputs<T> = T;
    type Outputs<T> = NetTwiceOutputs<T>;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs.h, outputs.output_1]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        inputs.next()
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(NetTwiceOutputs {
            h: outputs.next()?,
            output_1: outputs.next()?,
        })
    }
}
impl<const H: usize> ::model_runtime::Share for NetTwice<H> {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        NetTwice {
            b: Share::copy_with(&self.b, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for NetTwiceOutputs<T, T1> {
    fn clone(&self) -> Self {
        NetTwiceOutputs {
            h: ::core::clone::Clone::clone(&self.h),
            output_1: ::core::clone::Clone::clone(&self.output_1),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for NetTwiceOutputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for NetTwiceOutputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("NetTwiceOutputs")
            .field("h", &self.h)
            .field("output_1", &self.output_1)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<NetTwiceOutputs<G>> for NetTwiceOutputs<T, T1> {
    fn into_ports(self) -> NetTwiceOutputs<G> {
        NetTwiceOutputs {
            h: ::model_runtime::IntoPorts::into_ports(self.h),
            output_1: ::model_runtime::IntoPorts::into_ports(self.output_1),
        }
    }
}
impl<const H: usize> NetTwice<H> {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "NetTwice",
            inputs: &[port("a", value(&Self::SHAPE_0, 0), Input(0))],
            outputs: &[
                port("h", value(&Self::SHAPE_2, 0), Call(1, 0)),
                port("output_1", value(&Self::SHAPE_3, 0), Call(2, 0)),
            ],
            calls: &[
                layer(
                    "b",
                    "Dense",
                    Some(Self::SIZE_1),
                    &[Input(0)],
                    &[value(&Self::SHAPE_1, 0)],
                ),
                function("add", &[Call(0, 0), Input(0)], &[value(&Self::SHAPE_2, 0)]),
                layer(
                    "dense",
                    "Dense",
                    Some(Self::SIZE_3),
                    &[Call(0, 0)],
                    &[value(&Self::SHAPE_3, 0)],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl<const H: usize> NetTwice<H> {
    #[allow(dead_code, reason = "called by models that contain it")]
    const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "NetTwice",
            &["a"],
            &[::model_runtime::private::value(&Self::SHAPE_0, 0)],
            inputs,
            &[
                ::model_runtime::private::value(&Self::SHAPE_2, 0),
                ::model_runtime::private::value(&Self::SHAPE_3, 0),
            ],
        )
    }
    const INPUTS_0: &[::model_runtime::Value] = &[];
    const SHAPE_0: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_0,
        ::core::result::Result::Ok(
            ::model_runtime::Values::one(
                ::model_runtime::private::value(&<Net<H>>::SHAPE_0, 0),
            ),
        ),
    );
    const INPUTS_1: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const ARGS_1: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((H) as i64),
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
    const INPUTS_2: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
    ];
    const SHAPE_2: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_2,
        ::model_runtime::spec::operators::rule(
            &::model_runtime::spec::Config::new(&[]),
            Self::INPUTS_2,
        ),
    );
    const INPUTS_3: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
    ];
    const ARGS_3: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::N) as i64),
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
    const SHAPE_3: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_3,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_3),
            Self::INPUTS_3,
        ),
    );
    const SIZE_3: usize = ::model_runtime::spec::layers::dense::weights(
            &::model_runtime::spec::Config::new(Self::ARGS_3),
            Self::INPUTS_3,
        )
        .size();
    const INPUTS_4: &[::model_runtime::Value] = &[];
    const SHAPE_4: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_4,
        ::core::result::Result::Ok(
            ::model_runtime::Values::one(
                ::model_runtime::private::value(&<Net<H>>::SHAPE_1, 0),
            ),
        ),
    );
    const INPUTS_5: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_0, 0),
        ::model_runtime::private::value(&Self::SHAPE_4, 0),
    ];
    const ARGS_5: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((H) as i64),
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
    const SHAPE_5: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_5,
        ::model_runtime::private::shared(
            "Dense(H)",
            {
                let (first, this) = Self::INPUTS_5.split_at(1);
                let rule = ::model_runtime::spec::layers::dense::rule(
                    &::model_runtime::spec::Config::new(Self::ARGS_5),
                    this,
                );
                let first = ::model_runtime::spec::layers::dense::weights(
                    &::model_runtime::spec::Config::new(Self::ARGS_5),
                    first,
                );
                let this = ::model_runtime::spec::layers::dense::weights(
                    &::model_runtime::spec::Config::new(Self::ARGS_5),
                    this,
                );
                (rule.is_ok(), first, this)
            },
        ),
    );
    const INPUTS_6: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_4, 0),
    ];
    const ARGS_6: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((H) as i64),
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
    const SHAPE_6: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_6,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_6),
            Self::INPUTS_6,
        ),
    );
    const INPUTS_7: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_6, 0),
        ::model_runtime::private::value(&Self::SHAPE_4, 0),
    ];
    const SHAPE_7: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_7,
        ::model_runtime::spec::operators::rule(
            &::model_runtime::spec::Config::new(&[]),
            Self::INPUTS_7,
        ),
    );
    const INPUTS_8: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_1, 0),
        ::model_runtime::private::value(&Self::SHAPE_6, 0),
    ];
    const ARGS_8: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::N) as i64),
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
    const SHAPE_8: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "",
        Self::INPUTS_8,
        ::model_runtime::private::shared(
            "Dense(crate::N)",
            {
                let (first, this) = Self::INPUTS_8.split_at(1);
                let rule = ::model_runtime::spec::layers::dense::rule(
                    &::model_runtime::spec::Config::new(Self::ARGS_8),
                    this,
                );
                let first = ::model_runtime::spec::layers::dense::weights(
                    &::model_runtime::spec::Config::new(Self::ARGS_8),
                    first,
                );
                let this = ::model_runtime::spec::layers::dense::weights(
                    &::model_runtime::spec::Config::new(Self::ARGS_8),
                    this,
                );
                (rule.is_ok(), first, this)
            },
        ),
    );
    const INPUTS_9: &[::model_runtime::Value] = &[
        ::model_runtime::private::value(&Self::SHAPE_6, 0),
    ];
    const ARGS_9: &[::model_runtime::spec::ArgValue] = &[
        ::model_runtime::spec::ArgValue::Int((crate::N) as i64),
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
    const SHAPE_9: ::model_runtime::private::Outcome = ::model_runtime::private::outcome(
        "Dense",
        Self::INPUTS_9,
        ::model_runtime::spec::layers::dense::rule(
            &::model_runtime::spec::Config::new(Self::ARGS_9),
            Self::INPUTS_9,
        ),
    );
    const CHECK_0: () = ::model_runtime::private::check(&Self::SHAPE_0, &[]);
    const CHECK_1: () = ::model_runtime::private::check_in(
        &Self::SHAPE_1,
        &[
            ::model_runtime::spec::Operand {
                name: "a",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0),
                origin: "x, line 7",
            },
        ],
        &["in twice(x), line 7"],
    );
    const CHECK_2: () = ::model_runtime::private::check_in(
        &Self::SHAPE_2,
        &[
            ::model_runtime::spec::Operand {
                name: "b",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0),
                origin: "from Dense(H), line 4",
            },
            ::model_runtime::spec::Operand {
                name: "a",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0),
                origin: "x, line 7",
            },
        ],
        &["in twice(x), line 7"],
    );
    const CHECK_3: () = ::model_runtime::private::check_in(
        &Self::SHAPE_3,
        &[
            ::model_runtime::spec::Operand {
                name: "b",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0),
                origin: "from Dense(H), line 4",
            },
        ],
        &["in twice(x), line 7"],
    );
    const CHECK_4: () = ::model_runtime::private::check(&Self::SHAPE_4, &[]);
    const CHECK_5: () = ::model_runtime::private::check_in(
        &Self::SHAPE_5,
        &[
            ::model_runtime::spec::Operand {
                name: "a",
                value: ::model_runtime::private::value(&Self::SHAPE_0, 0),
                origin: "first call, line 4",
            },
            ::model_runtime::spec::Operand {
                name: "a",
                value: ::model_runtime::private::value(&Self::SHAPE_4, 0),
                origin: "this call",
            },
        ],
        &["in twice(h), line 8"],
    );
    const CHECK_6: () = ::model_runtime::private::check_in(
        &Self::SHAPE_6,
        &[
            ::model_runtime::spec::Operand {
                name: "a",
                value: ::model_runtime::private::value(&Self::SHAPE_4, 0),
                origin: "h, line 8",
            },
        ],
        &["in twice(h), line 8"],
    );
    const CHECK_7: () = ::model_runtime::private::check_in(
        &Self::SHAPE_7,
        &[
            ::model_runtime::spec::Operand {
                name: "b",
                value: ::model_runtime::private::value(&Self::SHAPE_6, 0),
                origin: "from Dense(H), line 4",
            },
            ::model_runtime::spec::Operand {
                name: "a",
                value: ::model_runtime::private::value(&Self::SHAPE_4, 0),
                origin: "h, line 8",
            },
        ],
        &["in twice(h), line 8"],
    );
    const CHECK_8: () = ::model_runtime::private::check_in(
        &Self::SHAPE_8,
        &[
            ::model_runtime::spec::Operand {
                name: "b",
                value: ::model_runtime::private::value(&Self::SHAPE_1, 0),
                origin: "first call, line 5",
            },
            ::model_runtime::spec::Operand {
                name: "b",
                value: ::model_runtime::private::value(&Self::SHAPE_6, 0),
                origin: "this call",
            },
        ],
        &["in twice(h), line 8"],
    );
    const CHECK_9: () = ::model_runtime::private::check_in(
        &Self::SHAPE_9,
        &[
            ::model_runtime::spec::Operand {
                name: "b",
                value: ::model_runtime::private::value(&Self::SHAPE_6, 0),
                origin: "from Dense(H), line 4",
            },
        ],
        &["in twice(h), line 8"],
    );
}
const _: () = {
    const _: () = <NetTwice>::CHECK_0;
    const _: () = <NetTwice>::CHECK_1;
    const _: () = <NetTwice>::CHECK_2;
    const _: () = <NetTwice>::CHECK_3;
    const _: () = <NetTwice>::CHECK_4;
    const _: () = <NetTwice>::CHECK_5;
    const _: () = <NetTwice>::CHECK_6;
    const _: () = <NetTwice>::CHECK_7;
    const _: () = <NetTwice>::CHECK_8;
    const _: () = <NetTwice>::CHECK_9;
};
