//! Gradients that have gradients: networks against differences of first ones, and the rules.

use ndarray::{ArrayD, IxDyn, array};

use crate::gradcheck::random;
use crate::pool;
use crate::prelude::*;
use crate::tensor::Tensor;

/// A number made of the slope of what a network makes of `x`.
fn steepness(net: &impl Layer, x: &ArrayD<Float>) -> Var {
    let [slope] = tape::grad_recorded([Var::from_array(x)], |[x]| curved(net, x));
    (slope * (slope + 0.5)).sum()
}

fn curved(net: &impl Layer, x: Var) -> Var {
    let y = net.call(&[x]).one();
    (y.square() / 2 + y.sin()).sum()
}

/// The gradients of a number by each trainable weight, against differences where `Float` is `f64`.
#[track_caller]
fn check_weights(net: &impl Model, number: impl Fn() -> Var) {
    for (name, weight) in net.parameters() {
        let found = tape::run(Mode::Training, || tape::backward(number()).take(&weight)).unwrap();
        let found = found.unwrap_or_else(|| pool::zeros(weight.shape().size().unwrap()));
        assert!(found.iter().all(|x| x.is_finite()), "{name}: {found:?}");
        if size_of::<Float>() == 4 {
            continue;
        }
        let expected = differences(&weight, &number);
        let scale = expected.iter().fold(1e-2, |max: Float, x| max.max(x.abs()));
        for (found, expected) in found.iter().zip(&expected) {
            let error = (found - expected).abs() / scale;
            assert!(error < 1e-6, "{name}: {found} recorded, {expected} by differences");
        }
    }
}

fn differences(weight: &Parameter, number: impl Fn() -> Var) -> ArrayD<Float> {
    const STEP: Float = 2e-5;
    let start = weight.get();
    let slope = |place: IxDyn| {
        let moved = |by: Float| {
            let mut numbers = start.clone();
            numbers[&place] += by * STEP;
            weight.set(&numbers).unwrap();
            tape::run(Mode::Training, || number().to_array().sum()).unwrap()
        };
        let (near, far) = (moved(1.0) - moved(-1.0), moved(2.0) - moved(-2.0));
        (8.0 * near - far) / (12.0 * STEP)
    };
    let found = ArrayD::from_shape_fn(start.raw_dim(), slope);
    weight.set(&start).unwrap();
    found
}

/// The weights of a network, and the slope itself against that of `grad`.
#[track_caller]
fn check(net: &impl Model, dims: &[usize]) {
    let x = random::<Float>(dims, 1).to_array();
    check_weights(net, || steepness(net, &x));
    for mode in [Mode::Training, Mode::Inference] {
        let slope = |recorded: bool| {
            let found = tape::run(mode, || {
                let x = Var::from_array(&x);
                let f = |[x]: [Var; 1]| curved(net, x);
                let [slope] = match recorded {
                    true => tape::grad_recorded([x], f),
                    false => tape::grad([x], f),
                };
                slope.to_array()
            });
            found.unwrap()
        };
        let (recorded, plain) = (slope(true), slope(false));
        let scale = plain.iter().fold(1e-2, |max: Float, x| max.max(x.abs()));
        let tolerance = if size_of::<Float>() == 8 { 1e-10 } else { 1e-4 };
        let worst = (recorded - plain).iter().fold(0.0, |max: Float, x| max.max(x.abs()));
        assert!(worst <= tolerance * scale, "{worst} from grad in {mode:?}");
    }
}

#[test]
fn networks_of_all_kinds() {
    let sequence = model! {
        x = Input(5, 4);
        x = Conv1D(4, 3, padding = causal, activation = gelu)(x);
        x = MultiHeadAttention(2, 3)(x, x) + x;
        x = LayerNormalization()(x);
        x = GlobalAveragePooling1D()(x);
        Dense(2, activation = softmax)(x)
    };
    check(&sequence, &[2, 5, 4]);
    let image = model! {
        x = Input(4, 4, 2);
        x = Conv2DTranspose(4, 3, strides = 2, padding = same, activation = elu)(x);
        x = MaxPooling2D(2)(Conv2D(3, 2, padding = same, activation = tanh)(x));
        x = DepthwiseConv2D(2, activation = tanh)(x);
        x = BatchNormalization()(x);
        x = Flatten()(AveragePooling2D(2, strides = 1)(x));
        Dense(1, activation = mish)(x)
    };
    check(&image, &[3, 4, 4, 2]);
    let dense = model! {
        x = Input(4);
        x = Dense(6, activation = silu)(x);
        x = GroupNormalization(2)(x);
        x = PReLU()(x);
        x = Dropout(0.3)(x);
        Dense(2, activation = log_softmax)(x)
    };
    check(&dense, &[3, 4]);
}

#[test]
fn a_gradient_of_gradients_has_a_gradient() {
    let image = model! {
        x = Input(4, 4, 1);
        x = Conv2D(2, 3, strides = 2, padding = same, activation = tanh)(x);
        Dense(1)(Flatten()(AveragePooling2D(2)(x)))
    };
    let x = random::<Float>(&[2, 4, 4, 1], 1).to_array();
    check_weights(&image, || {
        let [second] = tape::grad_recorded([Var::from_array(&x)], |[x]| {
            let [first] = tape::grad_recorded([x], |[x]| curved(&image, x));
            (first * first.square()).sum()
        });
        second.square().sum()
    });
}

/// x⁵ and its derivatives, each the gradient of the one before.
#[test]
fn gradients_may_be_nested_in_every_mode() {
    for mode in [Mode::Training, Mode::Inference] {
        let found = tape::run(mode, || {
            fn power(x: Var) -> Var {
                x * x.square().square()
            }
            let once = |[x]: [Var; 1]| tape::grad_recorded([x], |[x]| power(x))[0];
            let twice = |[x]: [Var; 1]| tape::grad_recorded([x], once)[0];
            let x = Var::scalar(2.0);
            let outer = tape::grad([x], |[x]| tape::grad_recorded([x], twice)[0]);
            [once([x]), twice([x]), tape::grad_recorded([x], twice)[0], outer[0]].map(Var::to_array)
        });
        assert_eq!(found.unwrap().map(|x| x.sum()), [80.0, 160.0, 240.0, 240.0], "{mode:?}");
    }
}

#[test]
fn the_gradient_reaches_what_is_given_and_what_is_around() {
    tape::run(Mode::Training, || {
        let (x, y) = (tape::variable(Tensor::scalar(3.0)), tape::variable(Tensor::scalar(5.0)));
        let [slope] = tape::grad_recorded([x * 2], |[z]| z * z * y + x);
        // With z = 2x it is 2zy.
        assert_eq!(slope.to_array().sum(), 60.0);
        let gradients = tape::backward(slope);
        assert_eq!(gradients.of(x), Some([20.0].as_slice()));
        assert_eq!(gradients.of(y), Some([12.0].as_slice()));
    })
    .unwrap();
}

#[test]
fn what_depends_on_nothing_has_the_gradient_zero() {
    let found = tape::run(Mode::Training, || {
        let x = Var::from_array(&array![[1.0, 2.0]]);
        let nothing = tape::grad_recorded([x], |_| Var::scalar(3.0));
        let detached = tape::grad_recorded([x, x], |[x, y]| (x.detach() * y).sum());
        let itself = tape::grad_recorded([x.sum()], |[x]| x);
        [nothing[0], detached[0], detached[1], itself[0]].map(Var::to_array)
    });
    let [zeros, x] = [array![[0.0, 0.0]].into_dyn(), array![[1.0, 2.0]].into_dyn()];
    assert_eq!(found, Ok([zeros.clone(), zeros, x, ndarray::arr0(1.0).into_dyn()]));
}

#[test]
fn what_cannot_refuses_by_name_with_the_line() {
    let x = random::<Float>(&[2, 3, 2], 1).to_array();
    let lstm = model! { x = Input(3, 2); LSTM(2)(x) };
    let gru = model! { x = Input(3, 2); GRU(2)(x) };
    let simple = model! { x = Input(3, 2); SimpleRNN(2)(x) };
    let refusal = |f: &dyn Fn(Var) -> Var| {
        let result = tape::run(Mode::Training, || {
            let [slope] = tape::grad_recorded([Var::from_array(&x)], |[x]| f(x).sum());
            slope.square().mean().to_array()
        });
        result.unwrap_err().to_string()
    };
    let labels = || Var::from_array(&array![[1.0], [1.0]]);
    let cases: [(&str, &dyn Fn(Var) -> Var); 4] = [
        ("LSTM", &|x| lstm.call(x)),
        ("GRU", &|x| gru.call(x)),
        ("SimpleRNN", &|x| simple.call(x)),
        ("CTC", &|x| CTC.per_sample(labels(), x).mean()),
    ];
    for (name, f) in cases {
        let text = refusal(f);
        assert!(text.starts_with(&format!("{name} has no second derivative")), "{text}");
        assert!(text.contains("tape::grad,"), "{text}");
    }
    assert!(refusal(&|x| lstm.call(x)).contains("grad_recorded_tests.rs"));
}

#[test]
fn what_is_not_one_number_is_an_error() {
    let result = tape::run(Mode::Inference, || {
        tape::grad_recorded([Var::from_array(&array![1.0, 2.0])], |[x]| x * 2).map(Var::to_array)
    });
    let text = result.unwrap_err().to_string();
    assert!(text.starts_with("grad_recorded: the closure must return one number"), "{text}");
}

#[test]
fn terms_and_updates_inside_do_not_count() {
    let net = model! { x = Input(2); Dense(1, kernel_regularizer = l2(0.1))(x) };
    let v = Variable::scalar("v", 1.0);
    tape::run(Mode::Training, || {
        let x = Var::from_array(&array![[1.0, 2.0]]);
        tape::grad_recorded([x], |[x]| {
            v.update(v.read() * 10);
            net.call(x).sum()
        });
        assert!(tape::terms().is_empty() && tape::updates().is_empty());
        net.call(x);
        assert_eq!(tape::terms().len(), 1);
    })
    .unwrap();
}

#[test]
fn a_gradient_of_ones_own_is_differentiated() {
    // x³, said to be the derivative of x² times 7.
    let own = |x: Var| {
        Var::custom_gradient(
            &[x],
            |xs| xs[0].square() * 7,
            |xs, upstream| vec![upstream * xs[0] * xs[0].square()],
        )
    };
    tape::run(Mode::Training, || {
        let x = tape::variable(Tensor::scalar(2.0));
        let [slope] = tape::grad_recorded([x], |[x]| own(x));
        assert_eq!(slope.to_array().sum(), 8.0);
        assert_eq!(tape::backward(slope).of(x), Some([12.0].as_slice()));
    })
    .unwrap();
}

/// A loss never stretches values; how gradients are recorded is not its business.
#[test]
fn a_loss_may_ask_for_gradients() {
    let found = tape::run(Mode::Training, || {
        let x = tape::variable(Tensor::new(Shape::new(&[1, 2]), vec![0.5, -1.0]));
        let total = tape::strict(|| {
            let [slope] = tape::grad_recorded([x], |[x]| x.softmax().square().sum());
            slope.square().sum()
        });
        tape::backward(total).of(x).map(<[Float]>::to_vec)
    });
    // p(1 - p) is largest at 0, so the slope is that of a function of x₀ - x₁ alone.
    let found = found.unwrap().unwrap();
    assert!((found[0] + found[1]).abs() < 1e-6 && found[0] != 0.0, "{found:?}");
}
