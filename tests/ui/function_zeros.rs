//! Constants without a shape that is known.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(_, 4);
        a = x + zeros(_, 4);
        b = x + full((3, 0), 1.0);
        c = x + ones();
        (GlobalMaxPooling1D()(a), GlobalMaxPooling1D()(b), GlobalMaxPooling1D()(c))
    }
}

fn main() {}
