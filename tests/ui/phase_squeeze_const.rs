//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 3;

model! {
    pub struct Net {
        x = Input(10, N);
        Flatten()(squeeze(x, axis = 2))
    }
}

fn main() {}
