//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 2;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        Add()([Conv2D(8, 3, strides = N)(x), Conv2D(8, 3)(x)])
    }
}

fn main() {}
