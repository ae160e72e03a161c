pub struct Raw {
    inputs = Input(10);
    image = Input(28, 28, 1);
    x = relu(inputs * 2 + 1);
    front = x[..5];
    last = x[-1];
    left = image[(.., ..14, ..)];
    pooled = mean(left, axis = (1, 2), keepdims = true);
    y = concatenate([front, -x[5..]]) / (1 - last);
    Dense(3)(y) + sum(pooled)
}
