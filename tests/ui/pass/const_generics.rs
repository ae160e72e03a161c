//! Sizes that are const generics, checked where the model is built.

use model_runtime::prelude::*;

model! {
    pub struct Net<const SIDE: usize = 28> {
        image = Input(SIDE, SIDE, 1);
        x = Flatten()(image);
        Dense(10, softmax)(x)
    }

    fn half(x, size, factor) {
        Dense(size / 2 * factor)(x)
    }

    pub struct Halves<const UNITS: usize = 8> {
        x = Input(UNITS);
        for i in 1..3 {
            x = half(x, i * UNITS, 3);
        }
        half(x, UNITS, UNITS)
    }
}

fn main() {
    let default: Net = Net::new(0);
    assert_eq!(default.count_params(), 784 * 10 + 10);
    assert_eq!(Net::<4>::new(0).count_params(), 16 * 10 + 10);
    let weights = (8 + 1) * 12 + (12 + 1) * 24 + (24 + 1) * 32;
    assert_eq!(Halves::<8>::new(0).count_params(), weights);
}
