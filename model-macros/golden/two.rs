pub(crate) struct Encoder {
    image = Input(784);
    Dense(32, elu)(image)
}

pub(crate) struct Autoencoder {
    image = Input(784);
    code = Encoder()(image);
    Dense(784, sigmoid)(code)
}
