//! Values where the arguments of a layer stand, as if it were called at once.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(4, 8);
        b = Input(4, 8);
        joined = Concatenate([a, b]);
        mean = GlobalAveragePooling1D(a);
        attended = MultiHeadAttention(2, 8, a, b);
        (joined, mean, attended, Flatten(Dense(3)(b)))
    }
}

fn main() {}
