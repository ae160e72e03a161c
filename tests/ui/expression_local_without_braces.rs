//! A local in arithmetic without its braces.

use model_runtime::model;

fn main() {
    let factor = 3.0;
    let _net = model! {
        x = Input(784);
        Dense(3)(x * factor)
    };
}
