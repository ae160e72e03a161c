//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 10;

model! {
    pub struct Net {
        a = Input(N);
        b = Input(9);
        Flatten()(stack([a, b]))
    }
}

fn main() {}
