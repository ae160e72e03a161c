use model_runtime::prelude::*;

model! {
    pub struct Pooled {
        steps = Input(7, 4);
        image = Input(8, 8, 3);
        a = GlobalMaxPooling2D()(steps);
        b = GlobalAveragePooling1D()(image);
        (a, b)
    }
}

fn main() {}
