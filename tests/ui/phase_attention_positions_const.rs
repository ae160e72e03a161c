//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const LENGTH: usize = 8;

model! {
    pub struct Net {
        x = Input(9, 3);
        x + PositionEmbedding(LENGTH)(x)
    }
}

fn main() {}
