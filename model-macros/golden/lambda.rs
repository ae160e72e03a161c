pub struct Lambdas {
    x = Input(10);
    same = Lambda(|x| x.abs())(x);
    half = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(x);
    rest = Lambda(|x| x.slice(s![.., 5..]), output_shape = |input_shape| (None, input_shape[1] / 2))(same);
    both = Lambda(|a, b| a * b, output_shape = (5))([half, rest]);
    Dense(1)(both)
}
