//! Shares above 1, and three of them.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 8, 3);
        a = RandomTranslation(0.2, 1.5)(x);
        b = RandomTranslation((-0.2, 0.2, 0.4), 0.1)(x);
        (Flatten()(a), Flatten()(b))
    }
}

fn main() {}
