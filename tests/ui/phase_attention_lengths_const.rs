//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const VALUES: usize = 6;

model! {
    pub struct Net {
        query = Input(4, 7);
        value = Input(VALUES, 3);
        key = Input(5, 3);
        MultiHeadAttention(2, 8)(query, value, key)
    }
}

fn main() {}
