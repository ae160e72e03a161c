//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 3;
const M: usize = 5;

model! {
    pub struct Net {
        a = Input(N, 4);
        b = Input(M, 4);
        Dot(1)([a, b])
    }
}

fn main() {}
