//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 3;

model! {
    pub struct Net {
        a = Input(N);
        Subtract()([a, a, a])
    }
}

fn main() {}
