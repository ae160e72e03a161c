//! A model where an expression stands, with numbers from around it.

use model_runtime::prelude::*;

fn scaled(factor: Float) -> impl Model {
    model! {
        inputs = Input(4);
        x = Dense(3, relu)(inputs);
        x * {factor}
    }
}

fn main() {
    let rate = 0.25;
    let net = model!({
        let x = Input(4);
        let x = Dropout(rate)(x);
        Dense(2)(x)
    });
    assert_eq!(net.count_params(), 10);
    assert_eq!(scaled(2.0).count_params(), 15);
}
