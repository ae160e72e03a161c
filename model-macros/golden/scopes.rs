fn block(x, units, act) {
    y = Dense(units, act)(x);
    Dense(units)(y) + x
}
pub struct Scopes {
    x = Input(32);
    for units in [64, 32] {
        x = Dense(units, relu)(x);
    }
    for (units, act) in [(16, "tanh"), (32, relu)] {
        x = Dense(units, act)(x);
    }
    x = block(x, 32, tanh);
    x = block(x, units = 32, act = relu);
    Dense(10)(x)
}
