//! The declared shape does not fit what follows.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        front = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(x);
        front + x
    }
}

fn main() {}
