use model_runtime::prelude::*;

model! {
    pub struct Sequence {
        steps = Input(7, 4);
        (out, state) = SimpleRNNCell(8)(steps);
        Concatenate()([out, state])
    }
}

fn main() {}
