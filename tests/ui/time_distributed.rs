use model_runtime::prelude::*;

model! {
    pub struct NotASequence {
        x = Input(4);
        pooled = sum(x);
        TimeDistributed(Dense(3))(pooled)
    }

    pub struct AList {
        x = Input(5, 4);
        TimeDistributed([Dense(3), Dense(2)])(x)
    }

    pub struct Elsewhere {
        x = Input(5, 4);
        d = Dense(3);
        TimeDistributed(d)(x)
    }

    pub struct AListElsewhere {
        x = Input(5, 4);
        d = Sequential([Dense(3), Dense(2)]);
        TimeDistributed(d)(x)
    }

    pub struct Nothing {
        x = Input(5, 4);
        TimeDistributed()(x)
    }

    pub struct InsideOfIt {
        x = Input(5, 4);
        TimeDistributed(Conv1D(8, 3))(x)
    }
}

fn main() {}
