//! What is no cell.

use model_runtime::model;

model! {
    pub struct NotACell {
        x = Input(20, 4);
        RNN(Dense(8))(x)
    }

    pub struct ALayer {
        x = Input(20, 4);
        RNN(LSTM(8))(x)
    }

    pub struct States {
        x = Input(20, 4);
        h = Input(8);
        RNN(LSTMCell(8))(x, initial_state = h)
    }
}

fn main() {}
