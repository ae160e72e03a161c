//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        query = Input(4, 7);
        value = Input(6, 3);
        Attention()([query, value])
    }
}

fn main() {}
