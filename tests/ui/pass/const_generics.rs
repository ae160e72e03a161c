//! Sizes that are const generics, checked where the model is built.

use model_runtime::prelude::*;

model! {
    pub struct Net<const SIDE: usize = 28> {
        image = Input(SIDE, SIDE, 1);
        x = Flatten()(image);
        Dense(10, softmax)(x)
    }
}

fn main() {
    let default: Net = Net::new(0);
    assert_eq!(default.count_params(), 784 * 10 + 10);
    assert_eq!(Net::<4>::new(0).count_params(), 16 * 10 + 10);
}
