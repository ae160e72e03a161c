use model_runtime::prelude::*;

model! {
    /// Each argument of a function is looked at, though the first is wrong.
    struct Net {
        a = Input(4);
        b = Input(3);
        Dense(1)(concatenate([a + b, maximum(b, a), c]))
    }
}

fn main() {}
