inputs = Input(784);
x = Dense(64, relu)(inputs);
x = Dropout(rate)(x);
x = Lambda(|x| x * factor)(x);
predictions = Dense(10, softmax)(x * {factor});
