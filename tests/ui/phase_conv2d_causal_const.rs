//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 28;

model! {
    pub struct Net {
        x = Input(N, 28, 3);
        Conv2D(16, 3, padding = causal)(x)
    }
}

fn main() {}
