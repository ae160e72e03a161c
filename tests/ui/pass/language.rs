//! Most of the language in one model.

use model_runtime::prelude::*;

model! {
    fn block(x, units, activation) {
        y = Dense(units, activation)(x);
        Dense(units)(y) + x
    }

    /// Two towers with the same weights.
    pub struct Net {
        left = Input(10);
        right = Input(10);
        tower = Sequential([Dense(8, relu), Dense(6)]);
        a = tower(left);
        b = tower(right);
        x = Concatenate()([a, b]);
        for _ in 0..2 {
            x = block(x, 12, tanh);
        }
        front = x[..5];
        last = x[-1];
        half = Lambda(|x| x.slice(s![.., ..6]), output_shape = |shape| (None, shape[1] / 2))(x);
        y = relu(front * 2 + 1) - mean(half);
        (score = Dense(1)(y), last)
    }
}

fn main() {
    let net = Net::new(0);
    let outputs = tape::run(Mode::Inference, || {
        let x = Var::from_array(&ndarray::Array2::<Float>::ones((3, 10)));
        let outputs = net.call(NetInputs { left: x, right: x });
        (outputs.score.shape(), outputs.last.shape())
    });
    assert_eq!(outputs.unwrap(), (Shape::new(&[3, 1]), Shape::new(&[3])));
}
