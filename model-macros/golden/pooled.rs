pub struct Pooled {
    image = Input(28, 28, 1);
    x = MaxPooling2D(2)(Conv2D(8, 3, activation = relu)(image));
    y = Conv2D(8, 3)(x);
    z = AveragePooling2D(2)(y);
    seen = Conv2D(8, 3)(x);
    pooled = MaxPooling2D(2)(seen);
    w = [Conv2D(8, 3), MaxPooling2D(2)](x);
    a = z + pooled + w;
    b = max_pool(Conv2D(8, 2)(a), 2);
    (Flatten()(b), seen)
}
