//! Models inside of `macro_rules!`: what the macro writes and what it is given are one model, in
//! which names are what is written.

use model_runtime::prelude::*;

/// What a model makes of two samples of ones.
fn run(net: &impl Layer, features: usize) -> ndarray::ArrayD<Float> {
    let ones = ndarray::Array2::<Float>::ones((2, features));
    tape::run(Mode::Inference, || net.call(&[Var::from_array(&ones)]).one().to_array()).unwrap()
}

macro_rules! classifier {
    ($name:ident, $features:expr, $units:expr, $activation:ident) => {
        model! {
            pub struct $name {
                x = Input($features);
                x = Dense($units, $activation)(x);
                Dense(10, softmax)(x)
            }
        }
    };
}

const WIDE: usize = 32;
classifier!(Small, 4, 8, relu);
classifier!(Wide, 4, WIDE, tanh);

#[test]
fn sizes_and_words_are_arguments() {
    assert_eq!(Small::new(0).count_params(), 5 * 8 + 9 * 10);
    assert_eq!(Wide::new(0).count_params(), 5 * 32 + 33 * 10);
    assert_eq!(Small::GRAPH.calls[0].callee.name(), "Dense");
}

/// Binds values of its own next to one of the caller's.
macro_rules! with_layer {
    ($value:ident, $($rest:tt)*) => {
        model! {
            $value = Input(4);
            x = $value * 100;
            $value = $value + 1;
            $($rest)*
        }
    };
}

#[test]
fn values_of_the_macro_and_of_its_caller_are_one_by_their_name() {
    let net = with_layer!(x, y = Lambda(|t| t)(x); y);
    assert_eq!(run(&net, 4)[[0, 0]], 101.0, "all of them are x");
    let net = with_layer!(value, y = Lambda(|t| t)(x); y + value);
    assert_eq!(run(&net, 4)[[0, 0]], 102.0, "the caller sees the macro's x");
}

/// A layer of the caller's, and values of the macro.
macro_rules! layer_of_the_caller {
    ($layer:ident) => {
        model! {
            inputs = Input(3);
            $layer = Dense(3);
            a = $layer(inputs);
            b = $layer(a);
            Dense(5)(b)
        }
    };
}

#[test]
fn a_layer_of_the_caller() {
    let net = layer_of_the_caller!(inner);
    assert_eq!(net.graph().outputs[0].value, Value::float(&[5]));
    assert_eq!(net.count_params(), 12 + 20);
}

macro_rules! constant {
    ($name:ident) => {
        model! {
            const UNITS: usize = 3;
            const $name: usize = 7;
            x = Input(2);
            x = Dense(UNITS)(x);
            Dense($name)(x)
        }
    };
}

#[test]
fn a_constant_of_the_caller() {
    assert_eq!(constant!(MORE).graph().outputs[0].value, Value::float(&[7]));
}

macro_rules! statements {
    ($($statement:tt)*) => {
        model! { $($statement)* }
    };
}

statements! {
    pub struct Through {
        x = Input(4);
        h = Dense(6, relu)(x);
        Dense(3)(h)
    }
}

#[test]
fn a_model_that_passes_through_a_macro() {
    assert_eq!(Through::new(0).count_params(), 30 + 21);
    let net = statements!(x = Input(4); Dense(3)(x));
    assert_eq!(net.count_params(), 15);
}

macro_rules! containers {
    ($part:ident, $parameter:ident, $body:expr, $($statement:tt)*) => {
        model! {
            x = Input(4);
            $part = Container(|$parameter| $body);
            y = Container(|z| {
                add_loss("size", sum(z));
                $($statement)*
                Dense(3)(z)
            })($part(x));
            y
        }
    };
}

#[test]
fn parameters_and_bodies_of_containers_are_arguments() {
    let net = containers!(both, x, Dense(2)(x * 2), z = Dense(6)(z););
    assert_eq!(net.count_params(), 5 * 2 + 3 * 6 + 7 * 3);
    assert_eq!(net.both.dense.kernel.shape(), Shape::new(&[4, 2]));
    assert_eq!(run(&net, 4).shape(), [2, 3]);
}

macro_rules! expressions {
    ($layer:expr, $input:expr, $slice:expr) => {
        model! {
            x = Input($input);
            y = $layer(x);
            y[$slice]
        }
    };
}

#[test]
fn expressions_are_arguments() {
    let net = expressions!(Dense(6, relu), (4), ..2);
    assert_eq!(net.graph().outputs[0].value, Value::float(&[2]));
}

macro_rules! local {
    ($factor:expr) => {{
        let rate = 5.0;
        let net = model! { x = Input(4); x = Lambda(|t| t)(x); x * {$factor} * {rate} };
        net
    }};
}

#[test]
fn a_local_of_the_caller_and_one_of_the_macro() {
    let rate = 2.0;
    assert_eq!(run(&local!(rate), 4)[[1, 3]], 10.0);
}

macro_rules! lambda {
    ($x:ident, $body:expr) => {
        model! {
            x = Input(4);
            Lambda(|$x| $body)(x)
        }
    };
}

#[test]
fn the_body_of_a_closure_is_an_argument() {
    let net = lambda!(x, x + 1.0);
    assert_eq!(run(&net, 4)[[0, 0]], 2.0);
}
