/// | value           | layer                             | shape       | parameters |
/// |-----------------|-----------------------------------|-------------|-----------:|
/// | `image`         | Input                             | (28, 28, 1) |            |
/// | `conv2d`        | `Conv2D(8, 3, activation = relu)` | (26, 26, 8) |         80 |
/// | `x`             | `MaxPooling2D(2)`                 | (13, 13, 8) |          0 |
/// | `y`             | `Conv2D(8, 3)`                    | (11, 11, 8) |        584 |
/// | `z`             | `AveragePooling2D(2)`             | (5, 5, 8)   |          0 |
/// | `seen`          | `Conv2D(8, 3)`                    | (11, 11, 8) |        584 |
/// | `pooled`        | `MaxPooling2D(2)`                 | (5, 5, 8)   |          0 |
/// | `conv2d_1`      | `Conv2D(8, 3)`                    | (11, 11, 8) |        584 |
/// | `max_pooling2d` | `MaxPooling2D(2)`                 | (5, 5, 8)   |          0 |
/// | `conv2d_2`      | `Conv2D(8, 2)`                    | (4, 4, 8)   |        264 |
/// | `output_0`      | `Flatten()`                       | (32)        |          0 |
/// | total           |                                   |             |      2 096 |
pub struct Pooled {
    /// `MaxPooling2D(2)`: (26, 26, 8) → (13, 13, 8), no parameters
    pub x: ::model_runtime::MaxPooling2D,
    /// `Conv2D(8, 3, activation = relu)`: (28, 28, 1) → (26, 26, 8), 80 parameters
    pub conv2d: ::model_runtime::Conv2D,
    /// `Conv2D(8, 3)`: (13, 13, 8) → (11, 11, 8), 584 parameters
    pub y: ::model_runtime::Conv2D,
    /// `AveragePooling2D(2)`: (11, 11, 8) → (5, 5, 8), no parameters
    pub z: ::model_runtime::AveragePooling2D,
    /// `Conv2D(8, 3)`: (13, 13, 8) → (11, 11, 8), 584 parameters
    pub seen: ::model_runtime::Conv2D,
    /// `MaxPooling2D(2)`: (11, 11, 8) → (5, 5, 8), no parameters
    pub pooled: ::model_runtime::MaxPooling2D,
    /// `Conv2D(8, 3)`: (13, 13, 8) → (11, 11, 8), 584 parameters
    pub conv2d_1: ::model_runtime::Conv2D,
    /// `MaxPooling2D(2)`: (11, 11, 8) → (5, 5, 8), no parameters
    pub max_pooling2d: ::model_runtime::MaxPooling2D,
    /// `Conv2D(8, 2)`: (5, 5, 8) → (4, 4, 8), 264 parameters
    pub conv2d_2: ::model_runtime::Conv2D,
    /// `Flatten()`: (2, 2, 8) → (32), no parameters
    pub flatten: ::model_runtime::Flatten,
}
/// One `T` for each output of [`Pooled`].
pub struct PooledOutputs<T, T1 = T> {
    /// The output `output_0`, (32).
    pub output_0: T,
    /// The output `seen`, (11, 11, 8).
    pub seen: T1,
}
impl Pooled {
    /// A model with new weights, which follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut model = Self::unset();
        ::model_runtime::Model::reset(&mut model, seed);
        model
    }
    /// `image` (28, 28, 1) → `output_0` (32), `seen` (11, 11, 8); the sample axis stands before these.
    pub fn call(
        &self,
        image: ::model_runtime::Var,
    ) -> PooledOutputs<::model_runtime::Var> {
        let mut scope = ::model_runtime::private::Scope::new();
        let x = self.x.call(self.conv2d.before_pooling(image));
        scope.keep(&[x]);
        let y = self.y.before_pooling(x);
        scope.keep(&[x, y]);
        let z = self.z.call(y);
        scope.keep(&[x, z]);
        let seen = self.seen.call(x);
        scope.keep(&[seen, x, z]);
        let pooled = self.pooled.call(seen);
        scope.keep(&[pooled, seen, x, z]);
        let w = self.max_pooling2d.call(self.conv2d_1.before_pooling(x));
        scope.keep(&[pooled, seen, w, z]);
        let a = (z) + (pooled) + (w);
        scope.keep(&[a, seen]);
        let b = ::model_runtime::functions::max_pool(
            self.conv2d_2.before_pooling(a),
            &[2],
            &[],
            ::model_runtime::Padding::Valid,
        );
        scope.keep(&[b, seen]);
        PooledOutputs {
            output_0: self.flatten.call(b),
            seen: seen,
        }
    }
    /// The layers as they were written, before they have weights.
    fn unset() -> Self {
        Pooled {
            x: ::model_runtime::MaxPooling2D::new().pool_size(&[2]),
            conv2d: ::model_runtime::Conv2D::new(8, &[3])
                .activation(::model_runtime::Activation::Relu),
            y: ::model_runtime::Conv2D::new(8, &[3]),
            z: ::model_runtime::AveragePooling2D::new(&[2]),
            seen: ::model_runtime::Conv2D::new(8, &[3]),
            pooled: ::model_runtime::MaxPooling2D::new().pool_size(&[2]),
            conv2d_1: ::model_runtime::Conv2D::new(8, &[3]),
            max_pooling2d: ::model_runtime::MaxPooling2D::new().pool_size(&[2]),
            conv2d_2: ::model_runtime::Conv2D::new(8, &[2]),
            flatten: ::model_runtime::Flatten::new(),
        }
    }
}
impl ::model_runtime::Layer for Pooled {
    fn init(&mut self, seed: ::model_runtime::Seed, _inputs: &[::model_runtime::Value]) {
        use ::model_runtime::private::short::*;
        Layer::init(&mut self.x, seed.child("x"), &[Value::float(&[26, 26, 8])]);
        Layer::init(
            &mut self.conv2d,
            seed.child("conv2d"),
            &[Value::float(&[28, 28, 1])],
        );
        Layer::init(&mut self.y, seed.child("y"), &[Value::float(&[13, 13, 8])]);
        Layer::init(&mut self.z, seed.child("z"), &[Value::float(&[11, 11, 8])]);
        Layer::init(&mut self.seen, seed.child("seen"), &[Value::float(&[13, 13, 8])]);
        Layer::init(
            &mut self.pooled,
            seed.child("pooled"),
            &[Value::float(&[11, 11, 8])],
        );
        Layer::init(
            &mut self.conv2d_1,
            seed.child("conv2d_1"),
            &[Value::float(&[13, 13, 8])],
        );
        Layer::init(
            &mut self.max_pooling2d,
            seed.child("max_pooling2d"),
            &[Value::float(&[11, 11, 8])],
        );
        Layer::init(
            &mut self.conv2d_2,
            seed.child("conv2d_2"),
            &[Value::float(&[5, 5, 8])],
        );
        Layer::init(
            &mut self.flatten,
            seed.child("flatten"),
            &[Value::float(&[2, 2, 8])],
        );
    }
    fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
        let [image] = ::model_runtime::private::inputs("Pooled", inputs);
        let outputs = self.call(image);
        ::core::convert::Into::into([outputs.output_0, outputs.seen])
    }
    fn visit(&self, visitor: &mut ::model_runtime::Visitor<'_>) {
        visitor.child("x", &self.x);
        visitor.child("conv2d", &self.conv2d);
        visitor.child("y", &self.y);
        visitor.child("z", &self.z);
        visitor.child("seen", &self.seen);
        visitor.child("pooled", &self.pooled);
        visitor.child("conv2d_1", &self.conv2d_1);
        visitor.child("max_pooling2d", &self.max_pooling2d);
        visitor.child("conv2d_2", &self.conv2d_2);
        visitor.child("flatten", &self.flatten);
    }
}
impl ::core::default::Default for Pooled {
    fn default() -> Self {
        Self::new(0)
    }
}
impl ::model_runtime::Model for Pooled {
    fn graph(&self) -> &'static ::model_runtime::Graph {
        &Self::GRAPH
    }
}
impl ::model_runtime::Functional for Pooled {
    type Inputs<T> = T;
    type Outputs<T> = PooledOutputs<T>;
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![inputs]
    }
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
        ::std::vec![outputs.output_0, outputs.seen]
    }
    fn inputs_from_iter<T>(
        mut inputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Inputs<T>> {
        inputs.next()
    }
    fn outputs_from_iter<T>(
        mut outputs: impl ::core::iter::Iterator<Item = T>,
    ) -> ::core::option::Option<Self::Outputs<T>> {
        ::core::option::Option::Some(PooledOutputs {
            output_0: outputs.next()?,
            seen: outputs.next()?,
        })
    }
}
impl ::model_runtime::Share for Pooled {
    fn copy_with(&self, copier: &mut ::model_runtime::Copier) -> Self {
        use ::model_runtime::private::short::*;
        Pooled {
            x: Share::copy_with(&self.x, copier),
            conv2d: Share::copy_with(&self.conv2d, copier),
            y: Share::copy_with(&self.y, copier),
            z: Share::copy_with(&self.z, copier),
            seen: Share::copy_with(&self.seen, copier),
            pooled: Share::copy_with(&self.pooled, copier),
            conv2d_1: Share::copy_with(&self.conv2d_1, copier),
            max_pooling2d: Share::copy_with(&self.max_pooling2d, copier),
            conv2d_2: Share::copy_with(&self.conv2d_2, copier),
            flatten: Share::copy_with(&self.flatten, copier),
        }
    }
}
impl<T: ::core::clone::Clone, T1: ::core::clone::Clone> ::core::clone::Clone
for PooledOutputs<T, T1> {
    fn clone(&self) -> Self {
        PooledOutputs {
            output_0: ::core::clone::Clone::clone(&self.output_0),
            seen: ::core::clone::Clone::clone(&self.seen),
        }
    }
}
impl<T: ::core::marker::Copy, T1: ::core::marker::Copy> ::core::marker::Copy
for PooledOutputs<T, T1> {}
impl<T: ::core::fmt::Debug, T1: ::core::fmt::Debug> ::core::fmt::Debug
for PooledOutputs<T, T1> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("PooledOutputs")
            .field("output_0", &self.output_0)
            .field("seen", &self.seen)
            .finish()
    }
}
impl<
    G,
    T: ::model_runtime::IntoPorts<G>,
    T1: ::model_runtime::IntoPorts<G>,
> ::model_runtime::IntoPorts<PooledOutputs<G>> for PooledOutputs<T, T1> {
    fn into_ports(self) -> PooledOutputs<G> {
        PooledOutputs {
            output_0: ::model_runtime::IntoPorts::into_ports(self.output_0),
            seen: ::model_runtime::IntoPorts::into_ports(self.seen),
        }
    }
}
impl Pooled {
    /// The graph as plain data.
    pub const GRAPH: ::model_runtime::Graph = {
        use ::model_runtime::private::short::*;
        Graph {
            name: "Pooled",
            inputs: &[port("image", Value::float(&[28, 28, 1]), Input(0))],
            outputs: &[
                port("output_0", Value::float(&[32]), Call(12, 0)),
                port("seen", Value::float(&[11, 11, 8]), Call(4, 0)),
            ],
            calls: &[
                layer(
                    "conv2d",
                    "Conv2D",
                    Some(80),
                    &[Input(0)],
                    &[Value::float(&[26, 26, 8])],
                ),
                layer(
                    "x",
                    "MaxPooling2D",
                    Some(0),
                    &[Call(0, 0)],
                    &[Value::float(&[13, 13, 8])],
                ),
                layer(
                    "y",
                    "Conv2D",
                    Some(584),
                    &[Call(1, 0)],
                    &[Value::float(&[11, 11, 8])],
                ),
                layer(
                    "z",
                    "AveragePooling2D",
                    Some(0),
                    &[Call(2, 0)],
                    &[Value::float(&[5, 5, 8])],
                ),
                layer(
                    "seen",
                    "Conv2D",
                    Some(584),
                    &[Call(1, 0)],
                    &[Value::float(&[11, 11, 8])],
                ),
                layer(
                    "pooled",
                    "MaxPooling2D",
                    Some(0),
                    &[Call(4, 0)],
                    &[Value::float(&[5, 5, 8])],
                ),
                layer(
                    "conv2d_1",
                    "Conv2D",
                    Some(584),
                    &[Call(1, 0)],
                    &[Value::float(&[11, 11, 8])],
                ),
                layer(
                    "max_pooling2d",
                    "MaxPooling2D",
                    Some(0),
                    &[Call(6, 0)],
                    &[Value::float(&[5, 5, 8])],
                ),
                function("add", &[Call(3, 0), Call(5, 0)], &[Value::float(&[5, 5, 8])]),
                function("add", &[Call(8, 0), Call(7, 0)], &[Value::float(&[5, 5, 8])]),
                layer(
                    "conv2d_2",
                    "Conv2D",
                    Some(264),
                    &[Call(9, 0)],
                    &[Value::float(&[4, 4, 8])],
                ),
                function("max_pool", &[Call(10, 0)], &[Value::float(&[2, 2, 8])]),
                layer(
                    "flatten",
                    "Flatten",
                    Some(0),
                    &[Call(11, 0)],
                    &[Value::float(&[32])],
                ),
            ],
        }
    };
}
#[doc(hidden)]
impl Pooled {
    #[allow(dead_code, reason = "called by models that contain it")]
    pub const fn output_shape(
        inputs: &[::model_runtime::Value],
    ) -> ::model_runtime::private::Outcome {
        ::model_runtime::private::model_shape(
            "Pooled",
            &["image"],
            &[::model_runtime::Value::float(&[28, 28, 1])],
            inputs,
            &[
                ::model_runtime::Value::float(&[32]),
                ::model_runtime::Value::float(&[11, 11, 8]),
            ],
        )
    }
}
