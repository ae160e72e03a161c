///
/// | value | layer | shape | parameters |
/// |---|---|---|--:|
/// | `left` | Input | (10) | |
/// | `right` | Input | (10) | |
/// | `a` | `Dense(64, relu)` | (64) | 704 |
/// | `b` | `Dense(64, relu)` | (64) | 704 |
/// | `distance` | `Dense(1, sigmoid)` | (1) | 65 |
///
/// 769 parameters in all.
struct Siamese {
    /// What both sides have in common.
    /// `Dense(64, relu)`: (10) → (64), 704 parameters; called 2 times, in lines 6, 7
    pub tower: ::model_runtime::Dense,
    /// `Dense(1, sigmoid)`: (64) → (1), 65 parameters
    pub distance: ::model_runtime::Dense,
}
impl Siamese {
    /// The graph as plain data.
    const GRAPH: ::model_runtime::Graph = ::model_runtime::Graph {
        name: "Siamese",
        inputs: &[
            ::model_runtime::model::Port {
                name: "left",
                value: ::model_runtime::Value::float(&[10]),
            },
            ::model_runtime::model::Port {
                name: "right",
                value: ::model_runtime::Value::float(&[10]),
            },
        ],
        outputs: &[
            ::model_runtime::model::Port {
                name: "distance",
                value: ::model_runtime::Value::float(&[1]),
            },
        ],
        calls: &[
            ::model_runtime::model::Call {
                field: "tower",
                layer: "Dense",
                inputs: &["left"],
                outputs: &[::model_runtime::Value::float(&[64])],
                parameters: ::core::option::Option::Some(704usize),
            },
            ::model_runtime::model::Call {
                field: "tower",
                layer: "Dense",
                inputs: &["right"],
                outputs: &[::model_runtime::Value::float(&[64])],
                parameters: ::core::option::Option::Some(704usize),
            },
            ::model_runtime::model::Call {
                field: "distance",
                layer: "Dense",
                inputs: &["tower"],
                outputs: &[::model_runtime::Value::float(&[1])],
                parameters: ::core::option::Option::Some(65usize),
            },
        ],
    };
    /// A model with new weights, which follow from the seed.
    fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Layer::init(&mut model, ::model_runtime::Seed::new(seed), &[]);
        model
    }
    /// The model before it has weights.
    fn unset() -> Self {
        Siamese {
            tower: ::model_runtime::Dense::new(64)
                .activation(::model_runtime::Activation::Relu),
            distance: ::model_runtime::Dense::new(1)
                .activation(::model_runtime::Activation::Sigmoid),
        }
    }
    /// `left` (10), `right` (10) → `distance` (1); the sample axis stands before these.
    fn call(
        &self,
        SiameseInputs { left, right }: SiameseInputs<::model_runtime::Var>,
    ) -> ::model_runtime::Var {
        let a = self.tower.call(left);
        let b = self.tower.call(right);
        let distance = self.distance.call(a - b);
        distance
    }
}
///One `T` for each input of [`Siamese`].
#[derive(Clone, Copy, Debug)]
struct SiameseInputs<T> {
    ///The input `left`, (10).
    pub left: T,
    ///The input `right`, (10).
    pub right: T,
}
impl ::model_runtime::Layer for Siamese {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        ::model_runtime::Layer::init(
            &mut self.tower,
            seed.child("tower"),
            &[::model_runtime::Value::float(&[10])],
        );
        ::model_runtime::Layer::init(
            &mut self.distance,
            seed.child("distance"),
            &[::model_runtime::Value::float(&[64])],
        );
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
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        outputs.next()
    }
}
#[doc(hidden)]
impl Siamese {
    #[allow(dead_code)]
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
