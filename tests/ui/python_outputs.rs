//! Outputs as a call or a list.

use model_runtime::model;

model! {
    pub struct Called {
        x = Input(5);
        a = Dense(3)(x);
        b = Dense(4)(x);
        outputs(a, b)
    }
    pub struct Listed {
        x = Input(5);
        a = Dense(3)(x);
        b = Dense(4)(x);
        [a, b]
    }
    pub struct Positional {
        x = Input(5);
        y = Dense(3)(x);
        model = Model(x, y);
    }
    pub struct Named {
        x = Input(5);
        y = Dense(3)(x);
        model = Model(inputs = x, outputs = [y, x]);
    }
}

fn main() {}
