pub struct Chain {
    image = Input(28, 28, 1);
    x = [Flatten(), Dense(64, relu), Dropout(0.2)](image);
    encoder = Sequential([Dense(32, relu), Dense(8)]);
    y = encoder(x);
    z = encoder(x * 2);
    y - z
}
