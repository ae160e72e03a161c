/// A model with two mistakes.
pub struct Broken {
    left = Input(784);
    right = Input(784);
    x = Dens(64, relu)(left);
    y = Dense(10, softmax)(right)[12];
    (x, y)
}
