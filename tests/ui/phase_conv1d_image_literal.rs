//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        Conv1D(16, 3)(x)
    }
}

fn main() {}
