//! What `model!` writes for you: a model, and by hand what it becomes, shortened. Both compute the
//! same. The whole expansion is shown by `cargo expand --example expansion`.

use model_runtime::prelude::*;
use ndarray::Array2;

model! {
    pub struct Siamese {
        left = Input(10);
        right = Input(10);
        tower = Dense(64, relu);
        a = tower(left);
        b = tower(right);
        distance = Dense(1, sigmoid)(relu(a - b) * 2);
    }
}

/// The same by hand.
mod by_hand {
    use model_runtime::{Activation, Dense, Layer, Seed, Value, Var, Vars, Visitor, functions};

    /// A field for each layer: `tower` is called twice and is one.
    pub struct Siamese {
        pub tower: Dense,
        pub distance: Dense,
    }

    /// Several inputs are a struct with a field each; a single output stays as it is.
    pub struct SiameseInputs<T> {
        pub left: T,
        pub right: T,
    }

    impl Siamese {
        /// Layers as they were written, then their weights from the seed.
        pub fn new(seed: u64) -> Self {
            let mut model = Siamese {
                tower: Dense::new(64).activation(Activation::Relu),
                distance: Dense::new(1).activation(Activation::Sigmoid),
            };
            model.init(Seed::new(seed), &[]);
            model
        }

        /// One line for each statement.
        pub fn call(&self, SiameseInputs { left, right }: SiameseInputs<Var>) -> Var {
            let a = self.tower.call(left);
            let b = self.tower.call(right);
            self.distance.call(functions::relu(a - b) * 2)
        }
    }

    /// By position, as a layer of another model.
    impl Layer for Siamese {
        /// A layer's weights follow from the seed and its path, for shapes that the macro found.
        fn init(&mut self, seed: Seed, _inputs: &[Value]) {
            self.tower.init(seed.child("tower"), &[Value::float(&[10])]);
            self.distance.init(seed.child("distance"), &[Value::float(&[64])]);
        }

        fn call(&self, inputs: &[Var]) -> Vars {
            self.call(SiameseInputs { left: inputs[0], right: inputs[1] }).into()
        }

        fn visit(&self, visitor: &mut Visitor<'_>) {
            visitor.child("tower", &self.tower);
            visitor.child("distance", &self.distance);
        }
    }
    // The macro also writes `Siamese::GRAPH`, the graph as plain data, with the traits `Model` and
    // `Functional`, that training and summaries go by.
}

fn main() -> Result<(), Error> {
    let (net, same) = (Siamese::new(7), by_hand::Siamese::new(7));
    let left = Array2::from_shape_fn((4, 10), |(i, j)| (i + j) as Float / 10.0);
    let right = Array2::from_shape_fn((4, 10), |(i, j)| (i * j) as Float / 10.0);
    let (a, b) = tape::run(Mode::Inference, || {
        let (left, right) = (Var::from_array(&left), Var::from_array(&right));
        let a = net.call(SiameseInputs { left, right });
        let b = same.call(by_hand::SiameseInputs { left, right });
        (a.to_array(), b.to_array())
    })?;
    assert_eq!(a, b, "both compute the same");
    println!("{} weights; distances of four pairs:\n{a}", net.count_params());
    Ok(())
}
