//! Constraints: what they make of a weight, and that a step with one is a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::{Array4, array};

use super::line;
use super::models::{Net, bits};
use crate::pool::Buffer;
use crate::tensor::Tensor;
use crate::*;

/// What a constraint makes of a weight.
fn apply<const N: usize>(
    constraint: &Constraint,
    dims: [usize; N],
    weight: &[f64],
) -> Result<Vec<f64>, Error> {
    let mut numbers: Buffer<Float> = weight.iter().map(|&w| w as Float).collect();
    constraint.apply("w", &Shape::new(&dims), &mut numbers)?;
    Ok(numbers.iter().map(|&w| w as f64).collect())
}

#[track_caller]
fn becomes<const N: usize>(
    constraint: &Constraint,
    dims: [usize; N],
    weight: &[f64],
    expected: &[f64],
) {
    let after = apply(constraint, dims, weight).unwrap();
    for (w, e) in after.iter().zip(expected) {
        assert!((w - e).abs() < 3e-7, "{constraint:?} {after:?} {expected:?}");
    }
}

#[test]
fn norms_are_those_along_the_axes() {
    // The columns have the norms 5, √1.25 and 0.
    let weight = [3.0, -0.5, 0.0, 4.0, 1.0, 0.0];
    let kept = [1.2, -0.5, 0.0, 1.6, 1.0, 0.0];
    becomes(&Constraint::MaxNorm(2.0, &[0]), [2, 3], &weight, &kept);
    becomes(&Constraint::MaxNorm(2.0, &[-2]), [2, 3], &weight, &kept);
    let (a, b) = (9.25_f64.sqrt(), 17.0_f64.sqrt());
    let rows = [6.0 / a, -1.0 / a, 0.0, 8.0 / b, 2.0 / b, 0.0];
    becomes(&Constraint::MaxNorm(2.0, &[1]), [2, 3], &weight, &rows);
    let c = 1.25_f64.sqrt();
    let unit = [0.6, -0.5 / c, 0.0, 0.8, 1.0 / c, 0.0];
    becomes(&Constraint::UnitNorm(&[0]), [2, 3], &weight, &unit);
    let all = weight.map(|w| w / 26.25_f64.sqrt());
    becomes(&Constraint::UnitNorm(&[0, 1]), [2, 3], &weight, &all);
    // Half of the way from 5 to 3, and from √1.25 to 2.
    let way = (2.0 + c) / 2.0 / c;
    let moved = [2.4, -0.5 * way, 0.0, 3.2, way, 0.0];
    becomes(&Constraint::MinMaxNorm(2.0, 3.0, 0.5, &[0]), [2, 3], &weight, &moved);
    becomes(&Constraint::NonNeg, [2, 3], &weight, &[3.0, 0.0, 0.0, 4.0, 1.0, 0.0]);
    becomes(&Constraint::Clip(-0.25, 2.0), [2, 3], &weight, &[2.0, -0.25, 0.0, 2.0, 1.0, 0.0]);
    becomes(&Constraint::UnitNorm(&[]), [], &[-4.0], &[-1.0]);
}

#[test]
fn norms_of_filters_are_those_of_ndarray() {
    let kernel = Array4::from_shape_fn((2, 3, 4, 5), |(a, b, c, d)| {
        ((a * 7 + b * 5 + c * 3 + d) % 11) as f64 - 4.0
    });
    for axes in [&[0, 1, 2][..], &[2], &[0, 3], &[1, 2], &[-1]] {
        let axes: &'static [i64] = axes.to_vec().leak();
        let mut squares = kernel.mapv(|w| w * w).into_dyn();
        for &axis in axes {
            let axis = ndarray::Axis((axis + 4) as usize % 4);
            squares = squares.sum_axis(axis).insert_axis(axis);
        }
        let expected = &kernel.view().into_dyn() / &squares.mapv(f64::sqrt);
        let flat = |x: &ndarray::ArrayD<f64>| x.iter().copied().collect::<Vec<_>>();
        let (weight, expected) = (flat(&kernel.clone().into_dyn()), flat(&expected));
        becomes(&Constraint::UnitNorm(axes), [2, 3, 4, 5], &weight, &expected);
    }
}

#[test]
fn a_constraint_that_makes_no_sense_is_an_error() {
    let problem = |constraint: Constraint| {
        let error = apply(&constraint, [2, 1], &[1.0, 2.0]).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("the constraint of `w` "), "{text}");
        text["the constraint of `w` ".len()..].to_owned()
    };
    assert_eq!(
        problem(Constraint::UnitNorm(&[0, 2])),
        "has the axis 2, but the weight has the shape (2, 1)"
    );
    assert_eq!(
        problem(Constraint::MaxNorm(-1.0, &[0])),
        "has the max_value -1, but it must be a number from 0 on"
    );
    assert_eq!(
        problem(Constraint::MinMaxNorm(0.0, 1.0, 2.0, &[0])),
        "has the rate 2, but it must be from 0 to 1"
    );
    assert_eq!(
        problem(Constraint::Clip(1.0, -1.0)),
        "goes from 1 to -1, but must go from a number to a larger one"
    );
    assert_eq!(
        problem(Constraint::custom(|w| w.sum())),
        "returns the shape (), but the weight has (2, 1)"
    );
    let error = apply(&Constraint::custom(|w| w.reshape(&[3])), [2, 1], &[1.0, 2.0]).unwrap_err();
    assert!(matches!(error, Error::Shape { .. }), "{error}");

    let net = Net::linear(1);
    net.first.kernel.set_constraint(Some(Constraint::MaxNorm(2.0, &[5])));
    let error = net.compile("sgd", "mse").map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with("the constraint of `first.kernel` has the axis 5"), "{error}");
}

#[test]
fn weights_obey_after_every_step() {
    let (x, y) = line();
    let net = Net::linear(1);
    let first = net.first.kernel.share();
    let last = net.last.kernel.share();
    first.set_constraint(Some(Constraint::UnitNorm(&[0])));
    last.set_constraint(Some(Constraint::custom(|w| w.clip(-0.05, 0.05))));
    let mut trainer = net.compile(SGD::new(0.5), "mse").unwrap();
    for _ in 0..5 {
        trainer.train_on_batch(&x, &y).unwrap();
        let squares = first.get().mapv(|w| w * w).sum_axis(ndarray::Axis(0));
        assert!(squares.iter().all(|square| (square - 1.0).abs() < 1e-5), "{squares}");
        assert!(last.get().iter().all(|w| w.abs() <= 0.05), "{}", last.get());
    }
}

/// A closure that breaks in the second step leaves everything as it was, and training goes on.
#[track_caller]
fn leaves_nothing(broken: fn(Var) -> Var, expected: Option<fn(&Error) -> bool>) {
    let (x, y) = line();
    let trainer = || {
        let net = Net::classifier(1);
        let breaks = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&breaks);
        let constraint =
            Constraint::custom(
                move |w| {
                    if told.load(Ordering::Relaxed) { broken(w) } else { w * 0.5 }
                },
            );
        net.last.bias.as_ref().unwrap().set_constraint(Some(constraint));
        (net.compile(Adam::new(0.1).use_ema(true), "mse").unwrap(), breaks)
    };
    let (mut trainer, breaks) = (trainer)();
    trainer.train_on_batch(&x, &y).unwrap();
    let (before, state) = (bits(trainer.model()), trainer.state());
    breaks.store(true, Ordering::Relaxed);
    let result = catch_unwind(AssertUnwindSafe(|| trainer.train_on_batch(&x, &y)));
    match (result, expected) {
        (Ok(result), Some(expected)) => assert!(expected(result.as_ref().unwrap_err())),
        (result, expected) => assert!(result.is_err() && expected.is_none()),
    }
    assert_eq!(bits(trainer.model()), before);
    assert_eq!(trainer.state(), state);
    breaks.store(false, Ordering::Relaxed);
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!(trainer.state().steps, 2);
}

#[test]
fn a_closure_that_panics() {
    leaves_nothing(|_| panic!("in the constraint"), None);
}

#[test]
fn a_closure_that_is_not_finite() {
    let named = |error: &Error| match error {
        Error::WeightNotFinite { weight, at: None } => weight == "last.bias",
        _ => false,
    };
    leaves_nothing(|w| w / 0, Some(named));
}

#[test]
fn a_closure_with_another_shape() {
    leaves_nothing(|w| w.sum(), Some(|error| matches!(error, Error::Constraint { .. })));
}

#[test]
fn arguments_of_layers_reach_their_weights() {
    let max = || Constraint::MaxNorm(2.0, &[0]);
    let non_neg = || Constraint::NonNeg;
    let check = |layer: &mut dyn Layer, input: &[usize], paths: &[&str]| {
        layer.init(Seed::new(0), &[Value::float(input)]);
        let mut found = Vec::new();
        layer.visit(&mut Visitor::new(&mut |path, weight| {
            let constraint = weight.constraint().map(|c| format!("{c:?}"));
            found.push(format!("{path} {}", constraint.unwrap_or_default()));
        }));
        let expected = paths.iter().map(|path| match *path {
            path if path.ends_with("bias") || path == "beta" => format!("{path} NonNeg"),
            path => format!("{path} MaxNorm(2.0, [0])"),
        });
        assert_eq!(found, expected.collect::<Vec<_>>());
    };
    let both = ["kernel", "bias"];
    check(&mut Dense::new(2).kernel_constraint(max()).bias_constraint(non_neg()), &[3], &both);
    let mut layer = Conv1D::new(2, &[2]).kernel_constraint(max()).bias_constraint(non_neg());
    check(&mut layer, &[4, 3], &both);
    let mut layer = Conv2D::new(2, &[2]).kernel_constraint(max()).bias_constraint(non_neg());
    check(&mut layer, &[4, 4, 3], &both);
    let mut layer =
        Conv1DTranspose::new(2, &[2]).kernel_constraint(max()).bias_constraint(non_neg());
    check(&mut layer, &[4, 3], &both);
    let mut layer =
        Conv2DTranspose::new(2, &[2]).kernel_constraint(max()).bias_constraint(non_neg());
    check(&mut layer, &[4, 4, 3], &both);
    let mut layer =
        DepthwiseConv2D::new(&[2]).depthwise_constraint(max()).bias_constraint(non_neg());
    check(&mut layer, &[4, 4, 3], &both);
    let mut layer = SeparableConv2D::new(2, &[2])
        .depthwise_constraint(max())
        .pointwise_constraint(max())
        .bias_constraint(non_neg());
    check(&mut layer, &[4, 4, 3], &["depthwise_kernel", "pointwise_kernel", "bias"]);
    check(&mut PReLU::new().alpha_constraint(max()), &[3], &["alpha"]);
    check(&mut Embedding::new(3, 2).embeddings_constraint(max()), &[3], &["embeddings"]);
    let affine = ["gamma", "beta"];
    let mut layer = BatchNormalization::new().gamma_constraint(max()).beta_constraint(non_neg());
    check(&mut layer, &[3], &affine);
    let mut layer = LayerNormalization::new().gamma_constraint(max()).beta_constraint(non_neg());
    check(&mut layer, &[3], &affine);
    let layer = GroupNormalization::new().gamma_constraint(max()).beta_constraint(non_neg());
    check(&mut layer.groups(1), &[3], &affine);
}

#[test]
fn arguments_of_recurrent_layers_and_attention_reach_their_weights() {
    let net = model! {
        x = Input(5, 4);
        x = LSTM(
            3,
            kernel_constraint = max_norm,
            recurrent_constraint = unit_norm,
            bias_constraint = non_neg,
            return_sequences = true,
        )(x);
        x = GRU(3, bias_constraint = non_neg, return_sequences = true)(x);
        x = Bidirectional(
            SimpleRNN(3, recurrent_constraint = max_norm, return_sequences = true)
        )(x);
        x = RNN(LSTMCell(3, kernel_constraint = non_neg), return_sequences = true)(x);
        MultiHeadAttention(1, 2, kernel_constraint = max_norm, bias_constraint = non_neg)(x, x)
    };
    let constraints: Vec<String> = net
        .parameters()
        .iter()
        .map(|(_, weight)| weight.constraint().map_or_else(String::new, |c| format!("{c:?}")))
        .collect();
    let max = "MaxNorm(2.0, [0])";
    let projections = [max, "NonNeg"].repeat(4);
    let mut expected = vec![max, "UnitNorm([0])", "NonNeg", "", "", "NonNeg"];
    expected.extend(["", max, "", "", max, "", "NonNeg", "", ""]);
    expected.extend(projections);
    assert_eq!(constraints, expected);
}

#[test]
fn words_of_the_macro_are_constraints() {
    let net = model! {
        x = Input(6, 6, 2);
        c = Conv2D(
            3,
            2,
            kernel_constraint = max_norm(3, axis = (0, 1, 2)),
            bias_constraint = clip(-0.5, 0.5),
        )(x);
        c = DepthwiseConv2D(2, depthwise_constraint = min_max_norm(rate = 0.5))(c);
        d = Dense(4, kernel_constraint = unit_norm, bias_constraint = non_neg)(Flatten()(c));
        Dense(1, kernel_constraint = |w| w.clip(-0.01, 0.01), bias_constraint = max_norm)(d)
    };
    let constraints: Vec<String> = net
        .parameters()
        .iter()
        .map(|(_, weight)| weight.constraint().map_or_else(String::new, |c| format!("{c:?}")))
        .collect();
    assert_eq!(
        constraints,
        [
            "MaxNorm(3.0, [0, 1, 2])",
            "Clip(-0.5, 0.5)",
            "MinMaxNorm(0.0, 1.0, 0.5, [0])",
            "",
            "UnitNorm([0])",
            "NonNeg",
            "Custom(|w| …)",
            "MaxNorm(2.0, [0])",
        ]
    );
    let x = Tensor::zeros(Shape::new(&[1, 6, 6, 2])).to_array();
    let mut trainer = net.compile("sgd", "mse").unwrap();
    trainer.train_on_batch(&x, &array![[1.0]]).unwrap();
}
