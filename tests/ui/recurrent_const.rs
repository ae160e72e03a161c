//! The same, where only rustc knows the sizes.

use model_runtime::model;

const UNITS: usize = 8;

model! {
    pub struct OtherSize {
        x = Input(20, 4);
        (y, h, c) = LSTM(UNITS, return_state = true)(x);
        z = LSTM(16)(x, initial_state = [h, c]);
        Concatenate()([y, z])
    }

    pub struct AfterIt {
        x = Input(20, 4);
        x = Bidirectional(GRU(UNITS))(x);
        LSTM(4)(x)
    }
}

fn main() {}
