/// A variational encoder.
struct Encoder {
    x = Input(8);
    part = Container(|a| {
        h = Dense(4)(a);
        add_loss("size", sum(h * h));
        h
    });
    mean = part(x);
    add_loss("kl", 0.5 * sum(square(mean)));
    add_metric("norm", sum(abs(mean)));
}
