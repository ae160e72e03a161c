//! Models of `model!` over sequences: layers inside of layers.

use model_runtime::prelude::*;
use ndarray::Array3;

mod sizes {
    pub const UNITS: usize = 3;
}
use sizes::UNITS;

model! {
    /// A model as the layer at each position.
    pub struct Position {
        x = Input(4);
        x = Dense(6, relu)(x);
        Dense(2)(x)
    }

    pub struct Literal {
        steps = Input(_, 4);
        x = TimeDistributed(Dense(3, tanh))(steps);
        scores = TimeDistributed(Dense(1), name = "scores")(x);
        (scores, y = TimeDistributed(Position())(steps))
    }

    /// Sizes that only rustc knows.
    pub struct Deferred {
        steps = Input(5, 4);
        shared = TimeDistributed(Dense(UNITS));
        a = shared(steps);
        b = shared(relu(steps));
        TimeDistributed(Flatten())(a + b)
    }
}

#[test]
fn a_layer_at_each_position() {
    let net = Literal::new(0);
    let outputs = net.predict(&Array3::<f32>::ones((2, 7, 4))).unwrap();
    assert_eq!(outputs.scores.shape(), [2, 7, 1]);
    assert_eq!(outputs.y.shape(), [2, 7, 2]);
    let paths: Vec<String> = net.parameters().into_iter().map(|(path, _)| path).collect();
    assert!(paths.contains(&"scores.layer.kernel".to_owned()), "{paths:?}");
    assert!(paths.contains(&"x.layer.kernel".to_owned()), "{paths:?}");
    assert_eq!(Literal::GRAPH.parameters(), Some(net.count_params()));
}

#[test]
fn sizes_of_rust_are_found_by_const_evaluation() {
    let net = Deferred::new(0);
    let y = net.predict(&Array3::<f32>::ones((2, 5, 4))).unwrap();
    assert_eq!(y.shape(), [2, 5, UNITS]);
    assert_eq!(Deferred::GRAPH.parameters(), Some(4 * UNITS + UNITS));
    assert_eq!(net.count_params(), 4 * UNITS + UNITS);
}
