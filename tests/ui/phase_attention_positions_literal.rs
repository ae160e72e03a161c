//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(9, 3);
        x + PositionEmbedding(8)(x)
    }
}

fn main() {}
