//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 3;

model! {
    pub struct Net {
        a = Input(N, 4);
        b = Input(N, 5);
        Flatten()(matmul(a, b))
    }
}

fn main() {}
