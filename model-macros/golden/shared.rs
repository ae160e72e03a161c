struct Siamese {
    left = Input(10);
    right = Input(10);
    /// What both sides have in common.
    tower = Dense(64, relu);
    a = tower(left);
    b = tower(right);
    distance = Dense(1, sigmoid)(a - b);
}
