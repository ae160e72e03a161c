/// | value    | layer                                        | shape | parameters |
/// |----------|----------------------------------------------|-------|-----------:|
/// | `x`      | Input                                        | (10)  |            |
/// | `same`   | `Lambda(\|x\| x.abs())`                      | (10)  |          0 |
/// | `half`   | `Lambda(\|x\| x.slice(s![.., ..5]), output…` | (5)   |          0 |
/// | `rest`   | `Lambda(\|x\| x.slice(s![.., 5..]), output…` | (5)   |          0 |
/// | `both`   | `Lambda(\|a, b\| a * b, output_shape = (5))` | (5)   |          0 |
/// | `output` | `Dense(1)`                                   | (1)   |          6 |
/// | total    |                                              |       |          6 |
pub struct Lambdas {
    /// `Lambda(|x| x.abs())`: (10) → (10), no parameters
    pub same: ::model_runtime::Lambda,
    /// `Lambda(|x| x.slice(s![.., ..5]), output…`: (10) → (5), no parameters
    pub half: ::model_runtime::Lambda,
    /// `Lambda(|x| x.slice(s![.., 5..]), output…`: (10) → (5), no parameters
    pub rest: ::model_runtime::Lambda,
    /// `Lambda(|a, b| a * b, output_shape = (5))`: (5), (5) → (5), no parameters
    pub both: ::model_runtime::Lambda,
    /// `Dense(1)`: (5) → (1), 6 parameters
    pub dense: ::model_runtime::Dense,
}
impl Lambdas {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `x` (10) → `output` (1); the sample axis stands before these.
    pub fn call(&self, x: ::model_runtime::Var) -> ::model_runtime::Var {
        let mut scope = ::model_runtime::private::Scope::new();
        let same = self.same.call(&[x]);
        scope.keep(&[same, x]);
        let half = self.half.call(&[x]);
        scope.keep(&[half, same]);
        let rest = self.rest.call(&[same]);
        scope.keep(&[half, rest]);
        let both = self.both.call(&[half, rest]);
        scope.keep(&[both]);
        self.dense.call(both)
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Lambdas {
            same: ::model_runtime::Lambda::new(move |x: ::model_runtime::Var| x.abs()),
            half: ::model_runtime::Lambda::new(move |x: ::model_runtime::Var| {
                    x.slice(s![.., ..5])
                })
                .output_shape(&[5]),
            rest: ::model_runtime::Lambda::new(move |x: ::model_runtime::Var| {
                    x.slice(s![.., 5..])
                })
                .output_shape(&[5]),
            both: ::model_runtime::Lambda::new(move |
                    a: ::model_runtime::Var,
                    b: ::model_runtime::Var|
                a * b)
                .output_shape(&[5]),
            dense: ::model_runtime::Dense::new(1),
        }
    }
}
impl ::model_runtime::Layer for Lambdas {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.same, seed.child("same"), &[Value::float(&[10])]);
        Layer::init(&mut self.half, seed.child("half"), &[Value::float(&[10])]);
        Layer::init(&mut self.rest, seed.child("rest"), &[Value::float(&[10])]);
        Layer::init(
            &mut self.both,
            seed.child("both"),
            &[Value::float(&[5]), Value::float(&[5])],
        );
        Layer::init(&mut self.dense, seed.child("dense"), &[Value::float(&[5])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [x] = ::model_runtime::private::inputs("Lambdas", inputs);
        let outputs = self.call(x);
        ::core::convert::Into::into(outputs)
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("same", &self.same);
        visitor.child("half", &self.half);
        visitor.child("rest", &self.rest);
        visitor.child("both", &self.both);
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Lambdas {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Lambdas {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Lambdas {
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
impl ::model_runtime::Share for Lambdas {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Lambdas {
            same: Share::copy_with(&self.same, copier),
            half: Share::copy_with(&self.half, copier),
            rest: Share::copy_with(&self.rest, copier),
            both: Share::copy_with(&self.both, copier),
            dense: Share::copy_with(&self.dense, copier),
        }
    }
}
impl Lambdas {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Lambdas",
            inputs: &[port("x", Value::float(&[10]), Input(0))],
            outputs: &[port("output", Value::float(&[1]), Call(4, 0))],
            calls: &[
                layer("same", "Lambda", Some(0), &[Input(0)], &[Value::float(&[10])]),
                layer("half", "Lambda", Some(0), &[Input(0)], &[Value::float(&[5])]),
                layer("rest", "Lambda", Some(0), &[Call(0, 0)], &[Value::float(&[5])]),
                layer(
                    "both",
                    "Lambda",
                    Some(0),
                    &[Call(1, 0), Call(2, 0)],
                    &[Value::float(&[5])],
                ),
                layer("dense", "Dense", Some(6), &[Call(3, 0)], &[Value::float(&[1])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Lambdas {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Lambdas",
            &["x"],
            &[::model_runtime::Value::float(&[10])],
            inputs,
            &[::model_runtime::Value::float(&[1])],
        )
    }
}
