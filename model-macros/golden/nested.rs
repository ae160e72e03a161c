pub struct Encoder {
    x = Input(784);
    h = Dense(64, relu)(x);
    (mean = Dense(2)(h), log_var = Dense(2)(h))
}
struct Pair {
    left = Input(784);
    right = Input(784);
    encoder = Encoder();
    (a, _) = encoder(left);
    (b, _) = encoder(right);
    a - b
}
