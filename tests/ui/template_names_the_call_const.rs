//! A mistake inside of a template with sizes that only rustc knows says in which call it is.

use model_runtime::model;

const FILTERS: usize = 8;

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
        image = Input(28, 28, FILTERS);
        x = unit(image, FILTERS, 1);
        block(x, FILTERS)
    }
}

fn main() {}
