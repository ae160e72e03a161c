//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 8;

model! {
    pub struct Net {
        x = Input(N, 3);
        MaxPooling1D(2, padding = causal)(x)
    }
}

fn main() {}
