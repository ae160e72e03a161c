pub struct Net<const H: usize = 28, const UNITS: usize = 64> {
    image = Input(H, H);
    x = Flatten()(image);
    Dense(UNITS)(x)
}
