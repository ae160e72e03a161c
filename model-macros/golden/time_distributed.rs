/// Looks at each picture of a film.
pub struct Film {
    frames = Input(5, 8, 8, 1);
    look = TimeDistributed([Conv2D(4, 3, activation = relu), Flatten(), Dense(3)]);
    first = look(frames);
    second = look(frames * 2);
    gated = TimeDistributed(Container(|v| {
        v * Dense(3, sigmoid)(v)
    }))(first + second);
    gated
}
