//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        Flatten()(squeeze(x, axis = 2))
    }
}

fn main() {}
