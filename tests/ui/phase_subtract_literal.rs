//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3);
        Subtract()([a, a, a])
    }
}

fn main() {}
