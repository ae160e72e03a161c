//! Groups that cannot share the channels.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(8, 8, 48);
        Flatten()(GroupNormalization()(image))
    }
}

fn main() {}
