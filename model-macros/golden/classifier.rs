/// Classifies digits.
pub struct Classifier {
    inputs = Input(784);
    x = Dense(64, relu)(inputs);
    x = Dropout(0.5)(x);
    x = Dense(64, activation = relu, kernel_regularizer = l2(1e-4))(x);
    predictions = Dense(10, softmax)(x);
}
