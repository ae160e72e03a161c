//! Scratch.
use model_runtime::prelude::*;
model! {
    /// Classifies.
    pub struct Classifier {
        inputs = Input(784);
        x = Dense(64, relu)(inputs);
        x = Dense(64, activation = relu)(x);
        predictions = Dense(10)(x);
    }
}
fn main() {
    let net = Classifier::new(0);
    println!("{:?}", Classifier::GRAPH);
    println!("{}", net.count_params());
}
