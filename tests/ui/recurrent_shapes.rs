//! What recurrent layers do not take.

use model_runtime::model;

model! {
    pub struct OneAxis {
        x = Input(10);
        LSTM(8)(x)
    }

    pub struct ThreeAxes {
        x = Input(28, 28, 3);
        GRU(8)(x)
    }

    pub struct OpenFeatures {
        x = Input(28, _);
        SimpleRNN(8)(x)
    }

    pub struct Words {
        x = Input(20, 1, dtype = int32);
        LSTM(8)(x)
    }

    pub struct WholeSequence {
        x = Input(20, 4);
        (y, h) = GRUCell(8)(x);
        y + h
    }
}

fn main() {}
