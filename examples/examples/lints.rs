//! Models of every kind, under every lint: what the macro emits gives no warning.
#![deny(warnings, missing_docs, unused, clippy::all)]

use model_runtime::prelude::*;

const HIDDEN: usize = 12;

/// Models of another module.
pub mod nets {
    use model_runtime::prelude::*;
    model! {
        /// One output.
        pub struct Encoder { x = Input(10); h = Dense(6, tanh)(x); h }
        /// Two outputs.
        pub struct Two { x = Input(6); a = Dense(2)(x); b = Dense(2)(x); (a, b) }
    }
}

struct Halve;

impl Default for Halve {
    fn default() -> Self {
        Halve
    }
}

impl Halve {
    const fn output_shape(inputs: &[Value]) -> Result<Values, ShapeError> {
        let n = inputs[0].shape.last();
        if n % 2 == 1 {
            return Err(ShapeError::new("Halve takes an even number of values").help("pad it"));
        }
        Ok(Values::shape(Shape::new(&[n / 2])))
    }
}

impl Layer for Halve {
    fn call(&self, inputs: &[Var]) -> Vars {
        let n = inputs[0].shape().dim(1);
        inputs[0].slice(s![.., ..n / 2]).into()
    }
}

model! {
    const CLASSES: usize = 10;
    use self::Halve;
    fn block(x, units, act) { x = Dense(units, act)(x); x = Dense(units)(x) + x; x }
    /// Classifies.
    pub struct Classifier {
        inputs = Input(784);
        /// First.
        x = Dense(64, relu, kernel_regularizer = l2(1e-4))(inputs);
        x = Dense(64, activation = relu)(x);
        predictions = Dense(CLASSES, softmax)(x);
    }
    struct Multi {
        a = Input(10); b = Input(10);
        tower = Dense(HIDDEN, relu);
        u = tower(a); v = tower(b);
        x = Concatenate()([u, v]);
        f = x[..5]; _l = x[-1]; m = mean(x, keepdims = true);
        h = Lambda(
            |x| x.slice(s![.., ..5]),
            output_shape = |input_shape| (None, input_shape[1] / 2)
        )(a);
        y = relu(f * 2 + 1) - h;
        y = block(y, 3, tanh);
        z = [Dense(8), Halve()](y * m);
        e = crate::nets::Encoder(name = "enc")(a);
        (p, q) = crate::nets::Two()(e);
        (digit = Dense(3)(z), style = p - q)
    }
    pub struct Gen<const H: usize = 8> { x = Input(H, 2); y = Flatten()(x); Dense(3)(y) }
    /// Nobody makes this one by `new`.
    struct Part { x = Input(HIDDEN); l = Lambda(|x| x * 2, output_shape = (HIDDEN,))(x); l }
    /// Has a part.
    struct Whole { x = Input(HIDDEN); y = Part()(x); Dense(2)(y) }
}

fn main() -> Result<(), Error> {
    let (factor, rate) = (3.0, 0.5);
    let net = model! {
        inputs = Input(784);
        x = Dense(64, relu)(inputs);
        x = Dropout(rate)(x);
        predictions = Dense(10, softmax)(x * {factor});
    };
    let (multi, generic) = (Multi::new(0), Gen::<5>::new(3));
    println!(
        "{} {} {}",
        multi.count_params(),
        generic.count_params(),
        Whole::new(0).count_params()
    );
    tape::run(Mode::Inference, || {
        let x = Var::from_array(&ndarray::Array2::ones((2, 10)));
        let outputs = multi.call(MultiInputs { a: x, b: x });
        println!("{:?} {:?}", outputs.style.shape(), outputs.digit.shape());
        let x = Var::from_array(&ndarray::Array2::ones((2, 784)));
        println!("{:?}", net.call(x).shape());
    })
}
