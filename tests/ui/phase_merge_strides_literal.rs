//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        Add()([Conv2D(8, 3, strides = 2)(x), Conv2D(8, 3)(x)])
    }
}

fn main() {}
