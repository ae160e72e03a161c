//! Loops over tuples whose parts are not as many as the names.

use model_runtime::prelude::*;

model! {
    pub struct TooMany {
        x = Input(5);
        for (units, rate) in [(8, 0.5), (4, 0.2, 3)] {
            x = Dropout(rate)(Dense(units)(x));
        }
        x
    }

    pub struct NoTuple {
        x = Input(5);
        for (units, rate) in [8, 4] {
            x = Dropout(rate)(Dense(units)(x));
        }
        x
    }

    pub struct OneName {
        x = Input(5);
        for units in [(8, 0.5), (4, 0.2)] {
            x = Dense(units)(x);
        }
        x
    }

    pub struct ARange {
        x = Input(5);
        for (i, units) in 1..3 {
            x = Dense(units)(x);
        }
        x
    }

    pub struct WithoutParentheses {
        x = Input(5);
        for units, rate in [(8, 0.5)] {
            x = Dense(units)(x);
        }
        x
    }

    pub struct AWord {
        x = Input(5);
        for (units, act) in [(8, rellu)] {
            x = Dense(units, act)(x);
        }
        x
    }

    pub struct AValue {
        x = Input(5);
        for (units, y) in [(8, x)] {
            x = Dense(units)(x);
        }
        x
    }
}

fn main() {}
