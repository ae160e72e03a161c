//! Masks that do not fit, and values that a mask cannot stand without.

use model_runtime::prelude::*;

model! {
    pub struct Turned {
        x = Input(4, 8);
        y = Input(6, 8);
        mask = Input(6, 4);
        MultiHeadAttention(2, 4)(x, y, attention_mask = mask)
    }

    pub struct NoName {
        x = Input(4, 8);
        mask = Input(4, 4);
        MultiHeadAttention(2, 4)(x, Dense(8)(x), attention_mask = mask)
    }
}

fn main() {}
