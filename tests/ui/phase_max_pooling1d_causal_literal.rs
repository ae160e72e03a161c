//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 3);
        MaxPooling1D(2, padding = causal)(x)
    }
}

fn main() {}
