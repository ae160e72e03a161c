use model_runtime::model;

const WIDTH: usize = 4;

model! {
    struct Weights {
        x = Input(crate::WIDTH);
        y = Input(5);
        shared = Container(|a| {
            inner = Container(|b| Dense(3)(b));
            inner(a)
        });
        shared(x) + shared(y)
    }

    struct Rule {
        x = Input(crate::WIDTH, 4);
        y = Input(5, 4);
        shared = Container(|a| {
            h = Dense(4)(a);
            Reshape(16)(h)
        });
        shared(x) + shared(y)
    }
}

fn main() {}
