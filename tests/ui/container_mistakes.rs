use model_runtime::model;

model! {
    struct Outside {
        x = Input(4);
        y = Input(4);
        d = Dense(3);
        shared = Container(|a| {
            h = Dense(3)(a + y);
            d(h)
        });
        shared(x) + d(y)
    }

    struct Arity {
        x = Input(4);
        shared = Container(|a, b| Dense(3)(a + b));
        shared(x)
    }

    struct Unused {
        x = Input(4);
        shared = Container(|a, b| Dense(3)(a));
        shared(x, x * 2)
    }

    struct NoInput {
        x = Input(4);
        shared = Container(|a| {
            b = Input(3);
            Concatenate()([a, b])
        });
        shared(x)
    }

    struct Typed {
        x = Input(4);
        Container(|a: Var| Dense(3)(a))(x)
    }

    struct NoClosure {
        x = Input(4);
        Container(Dense(3))(x)
    }

    struct Empty {
        x = Input(4);
        y = Container(|a| {})(x);
    }

    struct Semicolon {
        x = Input(4);
        shared = Container(|a| {
            h = Dense(3)(a)
            Dense(4)(h)
        });
        shared(x)
    }

    struct Taken {
        x = Input(4);
        y = Input(4);
        inputs = Container(|a| Dense(3)(a));
        inputs(x) + inputs(y)
    }

    struct Inside {
        x = Input(8, 4);
        Bidirectional(Container(|a| LSTM(3)(a)))(x)
    }

    struct NeverCalled {
        x = Input(4);
        shared = Container(|a| Dense(3)(a));
        Dense(3)(x)
    }
}

fn main() {}
