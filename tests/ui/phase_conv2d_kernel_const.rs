//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 7;

model! {
    pub struct Net {
        x = Input(8, 6, 3);
        Conv2D(16, N)(x)
    }
}

fn main() {}
