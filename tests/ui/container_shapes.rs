use model_runtime::model;

model! {
    struct Weights {
        x = Input(4);
        y = Input(5);
        shared = Container(|a| {
            inner = Container(|b| Dense(3)(b));
            inner(a)
        });
        shared(x) + shared(y)
    }

    struct Rule {
        x = Input(4, 4);
        y = Input(5, 4);
        shared = Container(|a| {
            h = Dense(4)(a);
            Reshape(16)(h)
        });
        shared(x) + shared(y)
    }
}

fn main() {}
