//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(5, 4);
        Add()([a, b])
    }
}

fn main() {}
