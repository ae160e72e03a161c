//! States that do not fit, and arguments that recurrent layers do not take.

use model_runtime::model;

model! {
    pub struct TooFew {
        x = Input(20, 4);
        h = Input(8);
        LSTM(8)(x, initial_state = h)
    }

    pub struct OtherSize {
        x = Input(20, 4);
        (y, h, c) = LSTM(8, return_state = true)(x);
        z = LSTM(16)(x, initial_state = [h, c]);
        Concatenate()([y, z])
    }

    pub struct OtherName {
        x = Input(20, 4);
        h = Input(8);
        GRU(8)(x, inital_state = h)
    }

    pub struct NotTaken {
        x = Input(20, 4);
        (y, h) = LSTM(8, return_state = true)(x);
        y + h
    }

    pub struct OfAll {
        x = Input(20, 4);
        GRU(8, softmax)(x)
    }

    pub struct Rate {
        x = Input(20, 4);
        SimpleRNN(8, recurrent_dropout = 1.0)(x)
    }
}

fn main() {}
