//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 784;

model! {
    pub struct Net {
        x = Input(N);
        Conv2D(16, 3)(x)
    }
}

fn main() {}
