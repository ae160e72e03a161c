::core::compile_error! {
    "there is no layer `Dens`\n  help: did you mean `Dense`?"
}
::core::compile_error! {
    "the slice reaches 12 on axis 1 of (10), which has 10\n    Dense(10, softmax)(right): (10)  from Dense(10, softmax), line 6\n  help: the sample axis is not named: x[..5] takes the first five features of each sample"
}
/// A model with two mistakes.
///
/// | value   | layer                | shape | parameters |
/// |---------|----------------------|-------|-----------:|
/// | `left`  | Input                | (784) |            |
/// | `right` | Input                | (784) |            |
/// | `dense` | `Dense(10, softmax)` | (10)  |      7 850 |
/// | total   |                      |       |      7 850 |
pub struct Broken {
    /// `Dense(10, softmax)`: (784) → (10), 7 850 parameters
    pub dense: ::model_runtime::Dense,
}
/// One `T` for each input of [`Broken`].
pub struct BrokenInputs<T, T1 = T> {
    /// The input `left`, (784).
    pub left: T,
    /// The input `right`, (784).
    pub right: T1,
}
/// One `T` for each output of [`Broken`].
pub struct BrokenOutputs<T, T1 = T> {
    /// The output `x`, (?).
    pub x: T,
    /// The output `y`, (?).
    pub y: T1,
}
impl Broken {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `left` (784), `right` (784) → `x` (?), `y` (?); the sample axis stands before these.
    pub fn call(
        &self,
        _: BrokenInputs<::model_runtime::Var>,
    ) -> BrokenOutputs<::model_runtime::Var> {
        ::model_runtime::private::broken()
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        ::model_runtime::private::broken()
    }
}
impl ::model_runtime::Layer for Broken {
    fn init(
        &mut self,
        _seed: ::model_runtime::Seed,
        _inputs: &[::model_runtime::Value],
    ) {}
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        {
            let _ = inputs;
            ::model_runtime::private::broken()
        }
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("dense", &self.dense);
    }
}
impl ::core::default::Default for Broken {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Broken {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Broken {
    type Inputs<T> = BrokenInputs<T>;
    type Outputs<T> = BrokenOutputs<T>;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs.left, inputs.right]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs.x, outputs.y]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        ::core::option::Option::Some(BrokenInputs {
            left: inputs.next()?,
            right: inputs.next()?,
        })
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(BrokenOutputs {
            x: outputs.next()?,
            y: outputs.next()?,
        })
    }
}
impl ::model_runtime::Share for Broken {
    fn copy_with(&self, _copier: &mut ::model_runtime::Copier) -> Self {
        ::model_runtime::private::broken()
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for BrokenInputs<T, T1> {
    fn clone(&self) -> Self {
        BrokenInputs {
            left: ::core::clone::Clone::clone(&self.left),
            right: ::core::clone::Clone::clone(&self.right),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for BrokenInputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for BrokenInputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("BrokenInputs")
            .field("left", &self.left)
            .field("right", &self.right)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<BrokenInputs<G>> for BrokenInputs<T, T1> {
    fn into_ports(self) -> BrokenInputs<G> {
        BrokenInputs {
            left: ::model_runtime::IntoPorts::into_ports(self.left),
            right: ::model_runtime::IntoPorts::into_ports(self.right),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for BrokenOutputs<T, T1> {
    fn clone(&self) -> Self {
        BrokenOutputs {
            x: ::core::clone::Clone::clone(&self.x),
            y: ::core::clone::Clone::clone(&self.y),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for BrokenOutputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for BrokenOutputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("BrokenOutputs").field("x", &self.x).field("y", &self.y).finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<BrokenOutputs<G>> for BrokenOutputs<T, T1> {
    fn into_ports(self) -> BrokenOutputs<G> {
        BrokenOutputs {
            x: ::model_runtime::IntoPorts::into_ports(self.x),
            y: ::model_runtime::IntoPorts::into_ports(self.y),
        }
    }
}
impl Broken {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Broken",
            inputs: &[
                port("left", Value::float(&[784]), Input(0)),
                port("right", Value::float(&[784]), Input(1)),
            ],
            outputs: &[
                port("x", Value::POISON, Nothing),
                port("y", Value::POISON, Nothing),
            ],
            calls: &[
                layer("dense", "Dense", Some(7850), &[Input(1)], &[Value::float(&[10])]),
                function("slice", &[Call(0, 0)], &[Value::POISON]),
            ],
        }
    };
}
#[doc(hidden)]
impl Broken {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Broken",
            &["left", "right"],
            &[
                ::model_runtime::Value::float(&[784]),
                ::model_runtime::Value::float(&[784]),
            ],
            inputs,
            &[::model_runtime::Value::POISON, ::model_runtime::Value::POISON],
        )
    }
}
#[allow(unexpected_cfgs, reason = "only rust-analyzer sets this cfg")]
const _: () = {
    #[cfg(rust_analyzer)]
    ::model_runtime::__complete! {
        let (left) = Input(784); let (right) = Input(784); let (x) = Dens(64, relu)
        (left); let (y) = Dense(10, softmax) (right) [12];
    }
};
