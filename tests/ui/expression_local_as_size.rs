//! A size that is a local.

use model_runtime::model;

fn main() {
    let units = 3;
    let _net = model! {
        x = Input(784);
        Dense(units)(x)
    };
}
