//! What cannot go over a sequence both ways.

use model_runtime::model;

model! {
    pub struct NotRecurrent {
        x = Input(20, 4);
        Bidirectional(Dense(8))(x)
    }

    pub struct OneWayOnly {
        x = Input(20, 4);
        h = Input(8);
        Bidirectional(GRU(8))(x, initial_state = h)
    }

    pub struct TwoSizes {
        x = Input(20, 4);
        h = Input(8);
        g = Input(7);
        Bidirectional(GRU(8))(x, initial_state = [h, g])
    }

    pub struct OneAxis {
        x = Input(20);
        Bidirectional(LSTM(8))(x)
    }

    pub struct Backwards {
        x = Input(20, 4);
        Bidirectional(LSTM(8, go_backwards = true))(x)
    }

    pub struct Mode {
        x = Input(20, 4);
        Bidirectional(LSTM(8), average)(x)
    }
}

fn main() {}
