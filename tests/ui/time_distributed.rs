use model_runtime::prelude::*;

model! {
    pub struct NotASequence {
        x = Input(4);
        pooled = sum(x);
        TimeDistributed(Dense(3))(pooled)
    }

    pub struct InsideOfAList {
        x = Input(5, 4);
        t = TimeDistributed([Dense(3), Conv1D(2, 3)]);
        t(x)
    }

    pub struct AValueInAList {
        x = Input(5, 4);
        TimeDistributed([x])(x)
    }

    pub struct AListWithOneElsewhere {
        x = Input(5, 4);
        d = Dense(3);
        TimeDistributed(Sequential([d, Dense(2)]))(x)
    }

    pub struct OtherShape {
        x = Input(5, 4);
        y = Input(5, 3);
        t = TimeDistributed([Dense(3), Dense(2)]);
        t(x) + t(y)
    }

    pub struct TwoParameters {
        x = Input(5, 4);
        TimeDistributed(Container(|a, b| Dense(3)(a + b)))(x)
    }

    pub struct TwoValues {
        x = Input(5, 4);
        TimeDistributed(Container(|a| (a, Dense(3)(a))))(x)
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
