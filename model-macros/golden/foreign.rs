pub struct Outside {
    x = Input(10);
    x = crate::nets::Scale(3.0)(x);
    e = crate::nets::Encoder(name = "enc")(x);
    (p, q) = crate::nets::Two()(e);
    Dense(3)(p * q)
}
