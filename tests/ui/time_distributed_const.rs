use model_runtime::prelude::*;

const KERNEL: usize = 3;

model! {
    pub struct InsideOfIt {
        x = Input(5, 2, 4);
        TimeDistributed(Conv1D(8, KERNEL))(x)
    }
}

fn main() {}
