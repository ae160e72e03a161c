pub struct Sequences {
    words = Input(_, 8);
    x = Dense(16, tanh)(words);
    mean(x, axis = 1)
}
