//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 28;

model! {
    pub struct Net {
        x = Input(N, 3);
        RepeatVector(5)(x)
    }
}

fn main() {}
