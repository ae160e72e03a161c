use model_runtime::prelude::*;

model! {
    pub struct Words {
        words = Input(5, dtype = int32);
        a = LeakyReLU(0.1)(words);
        b = ELU()(words);
        c = Activation(tanh)(words);
        (a, b, c)
    }
}

fn main() {}
