/// | value     | layer                | shape  | parameters |
/// |-----------|----------------------|--------|-----------:|
/// | `left`    | Input                | (10)   |            |
/// | `right`   | Input                | (4, 5) |            |
/// | `flatten` | `Flatten()`          | (20)   |          0 |
/// | `x`       | `Concatenate()`      | (30)   |          0 |
/// | `digit`   | `Dense(10, softmax)` | (10)   |        310 |
/// | `style`   | `Dense(3)`           | (3)    |         93 |
/// | total     |                      |        |        403 |
pub struct Multi {
    /// `Concatenate()`: (10), (20) → (30), no parameters
    pub x: ::model_runtime::Concatenate,
    /// `Flatten()`: (4, 5) → (20), no parameters
    pub flatten: ::model_runtime::Flatten,
    /// `Dense(10, softmax)`: (30) → (10), 310 parameters
    pub digit: ::model_runtime::Dense,
    /// `Dense(3)`: (30) → (3), 93 parameters
    pub style: ::model_runtime::Dense,
}
/// One `T` for each input of [`Multi`].
pub struct MultiInputs<T, T1 = T> {
    /// The input `left`, (10).
    pub left: T,
    /// The input `right`, (4, 5).
    pub right: T1,
}
/// One `T` for each output of [`Multi`].
pub struct MultiOutputs<T, T1 = T> {
    /// The output `digit`, (10).
    pub digit: T,
    /// The output `style`, (3).
    pub style: T1,
}
impl Multi {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `left` (10), `right` (4, 5) → `digit` (10), `style` (3); the sample axis stands before these.
    pub fn call(
        &self,
        MultiInputs { left, right }: MultiInputs<::model_runtime::Var>,
    ) -> MultiOutputs<::model_runtime::Var> {
        let x = self.x.call(&[left, self.flatten.call(right)]);
        MultiOutputs {
            digit: self.digit.call(x),
            style: self.style.call(x),
        }
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Multi {
            x: ::model_runtime::Concatenate::new(),
            flatten: ::model_runtime::Flatten::new(),
            digit: ::model_runtime::Dense::new(10)
                .activation(::model_runtime::Activation::Softmax),
            style: ::model_runtime::Dense::new(3),
        }
    }
}
impl ::model_runtime::Layer for Multi {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(
            &mut self.x,
            seed.child("x"),
            &[Value::float(&[10]), Value::float(&[20])],
        );
        Layer::init(&mut self.flatten, seed.child("flatten"), &[Value::float(&[4, 5])]);
        Layer::init(&mut self.digit, seed.child("digit"), &[Value::float(&[30])]);
        Layer::init(&mut self.style, seed.child("style"), &[Value::float(&[30])]);
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [left, right] = ::model_runtime::private::inputs("Multi", inputs);
        let outputs = self.call(MultiInputs { left, right });
        ::core::convert::Into::into([outputs.digit, outputs.style])
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("x", &self.x);
        visitor.child("flatten", &self.flatten);
        visitor.child("digit", &self.digit);
        visitor.child("style", &self.style);
    }
}
impl ::core::default::Default for Multi {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Multi {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Multi {
    type Inputs<T> = MultiInputs<T>;
    type Outputs<T> = MultiOutputs<T>;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs.left, inputs.right]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs.digit, outputs.style]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        ::core::option::Option::Some(MultiInputs {
            left: inputs.next()?,
            right: inputs.next()?,
        })
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(MultiOutputs {
            digit: outputs.next()?,
            style: outputs.next()?,
        })
    }
}
impl ::model_runtime::Share for Multi {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Multi {
            x: Share::copy_with(&self.x, copier),
            flatten: Share::copy_with(&self.flatten, copier),
            digit: Share::copy_with(&self.digit, copier),
            style: Share::copy_with(&self.style, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for MultiInputs<T, T1> {
    fn clone(&self) -> Self {
        MultiInputs {
            left: ::core::clone::Clone::clone(&self.left),
            right: ::core::clone::Clone::clone(&self.right),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for MultiInputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for MultiInputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("MultiInputs")
            .field("left", &self.left)
            .field("right", &self.right)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<MultiInputs<G>> for MultiInputs<T, T1> {
    fn into_ports(self) -> MultiInputs<G> {
        MultiInputs {
            left: ::model_runtime::IntoPorts::into_ports(self.left),
            right: ::model_runtime::IntoPorts::into_ports(self.right),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for MultiOutputs<T, T1> {
    fn clone(&self) -> Self {
        MultiOutputs {
            digit: ::core::clone::Clone::clone(&self.digit),
            style: ::core::clone::Clone::clone(&self.style),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for MultiOutputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for MultiOutputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("MultiOutputs")
            .field("digit", &self.digit)
            .field("style", &self.style)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<MultiOutputs<G>> for MultiOutputs<T, T1> {
    fn into_ports(self) -> MultiOutputs<G> {
        MultiOutputs {
            digit: ::model_runtime::IntoPorts::into_ports(self.digit),
            style: ::model_runtime::IntoPorts::into_ports(self.style),
        }
    }
}
impl Multi {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Multi",
            inputs: &[
                port("left", Value::float(&[10]), Input(0)),
                port("right", Value::float(&[4, 5]), Input(1)),
            ],
            outputs: &[
                port("digit", Value::float(&[10]), Call(2, 0)),
                port("style", Value::float(&[3]), Call(3, 0)),
            ],
            calls: &[
                layer(
                    "flatten",
                    "Flatten",
                    Some(0),
                    &[Input(1)],
                    &[Value::float(&[20])],
                ),
                layer(
                    "x",
                    "Concatenate",
                    Some(0),
                    &[Input(0), Call(0, 0)],
                    &[Value::float(&[30])],
                ),
                layer(
                    "digit",
                    "Dense",
                    Some(310),
                    &[Call(1, 0)],
                    &[Value::float(&[10])],
                ),
                layer("style", "Dense", Some(93), &[Call(1, 0)], &[Value::float(&[3])]),
            ],
        }
    };
}
#[doc(hidden)]
impl Multi {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Multi",
            &["left", "right"],
            &[
                ::model_runtime::Value::float(&[10]),
                ::model_runtime::Value::float(&[4, 5]),
            ],
            inputs,
            &[::model_runtime::Value::float(&[10]), ::model_runtime::Value::float(&[3])],
        )
    }
}
