//! A mistake in an expression.

use model_runtime::model;

fn main() {
    let _net = model! {
        x = Input(784);
        Reshape(7, 7, 5)(x)
    };
}
