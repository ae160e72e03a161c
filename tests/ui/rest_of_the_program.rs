//! A model with a mistake is still a type, and what uses it is silent.

use model_runtime::prelude::*;

model! {
    pub struct Net {
        x = Input(784);
        a = Dens(3)(x);
        b = Dense(3)(x);
        (a, b)
    }
}

fn main() {
    let net = Net::new(0);
    println!("{} {:?}", net.count_params(), Net::GRAPH.outputs);
    let _ = tape::run(Mode::Inference, || {
        let x = Var::scalar(1.0);
        let outputs = net.call(x);
        outputs.a + outputs.b
    });
}
