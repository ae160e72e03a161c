//! A mistake inside of a template says in which call it is.

use model_runtime::model;

model! {
    fn unit(x, filters, strides) {
        y = Conv2D(filters, 3, padding = same, strides = strides)(x);
        y + x
    }
    fn block(x, filters) {
        x = unit(x, filters, 1);
        unit(x, filters, 2)
    }
    pub struct Net {
        image = Input(28, 28, 8);
        x = unit(image, 8, 1);
        block(x, 8)
    }
}

fn main() {}
