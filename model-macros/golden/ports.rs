pub struct Multi {
    left = Input(10);
    right = Input(4, 5);
    x = Concatenate()(left, Flatten()(right));
    (digit = Dense(10, softmax)(x), style = Dense(3)(x))
}
