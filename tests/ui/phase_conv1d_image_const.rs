//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 28;

model! {
    pub struct Net {
        x = Input(28, N, 3);
        Conv1D(16, 3)(x)
    }
}

fn main() {}
