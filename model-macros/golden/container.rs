/// Compares two words.
pub struct Pair {
    left = Input(10, 8);
    right = Input(10, 8);
    /// What both sides have in common.
    shared = Container(|a, b| {
        dense = Dense(4, relu);
        x = dense(a) + dense(b);
        for _ in 0..2 {
            x = Dense(4)(x);
        }
        scaled = Container(|v| {
            v = Dense(4)(v);
            v * 2
        })(x);
        (x, scaled)
    });
    (x, y) = shared(left, right);
    (z, _) = shared(right, left);
    Dense(1, sigmoid)(Flatten()(x + y + z))
}
