//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 7;

model! {
    pub struct Net {
        query = Input(4, N);
        value = Input(6, 3);
        Attention()([query, value])
    }
}

fn main() {}
