use model_runtime::prelude::*;

const OUTSIDE: usize = 5;

model! {
    pub struct SeenByRustc {
        x = Input(_, 64);
        MultiHeadAttention(OUTSIDE, 64 / OUTSIDE)(x, x)
    }
}

model! {
    const HEADS: usize = 5;

    fn attend(x, heads, width) {
        MultiHeadAttention(heads, width / heads)(x, x)
    }

    pub struct Uneven {
        x = Input(_, 64);
        a = MultiHeadAttention(HEADS, 64 / HEADS)(x, x);
        b = attend(x, 6, 64);
        c = MultiHeadAttention(4, 16)(x, x, causal_mask = true);
        (a, b, c)
    }
}

fn main() {}
