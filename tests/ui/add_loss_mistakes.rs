use model_runtime::model;

const WIDTH: usize = 4;

model! {
    struct Shape {
        x = Input(4);
        add_loss("size", x);
        Dense(3)(x)
    }

    struct Constant {
        x = Input(crate::WIDTH);
        add_metric("size", x);
        Dense(3)(x)
    }

    struct Twice {
        x = Input(4);
        for _ in 0..2 {
            x = Dense(4)(x);
            add_loss("size", sum(x));
        }
        x
    }

    struct Name {
        x = Input(4);
        add_loss(size, sum(x));
        add_loss("loss", sum(x));
        add_loss(sum(x));
        Dense(3)(x)
    }

    struct Value {
        x = Input(4);
        y = add_loss("size", sum(x));
        Dense(3)(x)
    }
}

fn main() {}
