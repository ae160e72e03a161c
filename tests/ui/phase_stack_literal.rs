//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(10);
        b = Input(9);
        Flatten()(stack([a, b]))
    }
}

fn main() {}
