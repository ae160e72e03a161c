//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(4);
        Maximum()([a, b])
    }
}

fn main() {}
