//! Layers behind a module's name, and functions as methods.

use model_runtime::model;

model! {
    pub struct Net {
        q = Input(5, 8);
        x = layers.Dense(8)(q);
        y = keras.layers.LSTM(8);
        m = ops.mean(q, axis = 1);
        r = Dense(8)(q).relu();
        t = matmul(q, q.T);
        s = tf.shape(q);
        z = Dense(3, activation = tf.nn.relu)(m);
        model.add(Dense(5));
        z
    }
}

fn main() {}
