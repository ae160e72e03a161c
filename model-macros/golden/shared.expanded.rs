/// | value      | layer               | shape | parameters |
/// |------------|---------------------|-------|-----------:|
/// | `left`     | Input               | (10)  |            |
/// | `right`    | Input               | (10)  |            |
/// | `a`        | `Dense(64, relu)`   | (64)  |        704 |
/// | `b`        | `tower`             | (64)  |     shared |
/// | `distance` | `Dense(1, sigmoid)` | (1)   |         65 |
/// | total      |                     |       |        769 |
struct Siamese {
    /// What both sides have in common.
    ///
    /// `Dense(64, relu)`: (10) → (64), 704 parameters; called in lines 6 and 7
    pub tower: ::model_runtime::Dense,
    /// `Dense(1, sigmoid)`: (64) → (1), 65 parameters
    pub distance: ::model_runtime::Dense,
}
/// One `T` for each input of [`Siamese`].
struct SiameseInputs<T, T1 = T> {
    /// The input `left`, (10).
    pub left: T,
    /// The input `right`, (10).
    pub right: T1,
}
impl Siamese {
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `left` (10), `right` (10) → `distance` (1); the sample axis stands before these.
    fn call(
        &self,
        SiameseInputs { left, right }: SiameseInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let a = self.tower.call(left);
        scope.keep(&[a, right]);
        let b = self.tower.call(right);
        scope.keep(&[a, b]);
        let distance = self.distance.call((a) - (b));
        scope.keep(&[distance]);
        distance
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Siamese {
            tower: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            distance: ::model_runtime::Dense::new(1)
                .activation(::model_runtime::Activation::Sigmoid),
        }
    }
}
impl ::model_runtime::Layer for Siamese {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.tower, seed.child("tower"), &[Value::float(&[10])]);
        Layer::init(&mut self.distance, seed.child("distance"), &[Value::float(&[64])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [left, right] = ::model_runtime::private::inputs("Siamese", inputs);
        let outputs = self.call(SiameseInputs { left, right });
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("tower", &self.tower);
        visitor.child("distance", &self.distance);
    }
}
impl ::core::default::Default for Siamese {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Siamese {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Siamese {
    type Inputs<T> = SiameseInputs<T>;
    type Outputs<T> = T;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs.left, inputs.right]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        ::core::option::Option::Some(SiameseInputs {
            left: inputs.next()?,
            right: inputs.next()?,
        })
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
impl ::model_runtime::Share for Siamese {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Siamese {
            tower: Share::copy_with(&self.tower, copier),
            distance: Share::copy_with(&self.distance, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for SiameseInputs<T, T1> {
    fn clone(&self) -> Self {
        SiameseInputs {
            left: ::core::clone::Clone::clone(&self.left),
            right: ::core::clone::Clone::clone(&self.right),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for SiameseInputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for SiameseInputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("SiameseInputs")
            .field("left", &self.left)
            .field("right", &self.right)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<SiameseInputs<G>> for SiameseInputs<T, T1> {
    fn into_ports(self) -> SiameseInputs<G> {
        SiameseInputs {
            left: ::model_runtime::IntoPorts::into_ports(self.left),
            right: ::model_runtime::IntoPorts::into_ports(self.right),
        }
    }
}
impl Siamese {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Siamese",
            inputs: &[
                port("left", Value::float(&[10]), Input(0)),
                port("right", Value::float(&[10]), Input(1)),
            ],
            outputs: &[port("distance", Value::float(&[1]), Call(3, 0))],
            calls: &[
                layer("tower", "Dense", Some(704), &[Input(0)], &[Value::float(&[64])]),
                layer("tower", "Dense", Some(704), &[Input(1)], &[Value::float(&[64])]),
                function("subtract", &[Call(0, 0), Call(1, 0)], &[Value::float(&[64])]),
                layer(
                    "distance",
                    "Dense",
                    Some(65),
                    &[Call(2, 0)],
                    &[Value::float(&[1])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Siamese {
    #[allow(dead_code, reason = "called by models that contain it")]
    const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Siamese",
            &["left", "right"],
            &[
                ::model_runtime::Value::float(&[10]),
                ::model_runtime::Value::float(&[10]),
            ],
            inputs,
            &[::model_runtime::Value::float(&[1])],
        )
    }
}
