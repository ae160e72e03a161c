//! Layers around chains and containers of `model!`: values against what stands inside, called on
//! samples times steps; weights, files and gradients of both.

use model_runtime::prelude::*;
use ndarray::{Array3, Array5, ArrayD, array};

const STEPS: usize = 3;
const WIDTH: usize = 4;

model! {
    fn each(x, units) {
        x = TimeDistributed([Dense(units)])(x);
        TimeDistributed(Container(|v| v * 2 + 1))(x)
    }

    /// A chain, called twice, and a container.
    pub struct Film {
        frames = Input(3, 6, 6, 1);
        look = TimeDistributed([Conv2D(2, 3, activation = relu), Flatten(), Dense(4)]);
        seen = look(frames);
        again = look(1 - frames);
        (
            seen,
            gated = TimeDistributed(Container(|v| v * Dense(4, sigmoid)(v)))(seen + again),
        )
    }

    /// Steps of steps, sizes that only rustc knows, templates and loops.
    pub struct Deep<const UNITS: usize = 2> {
        x = Input(_, crate::STEPS, crate::WIDTH);
        x = TimeDistributed(TimeDistributed([Dense(UNITS, tanh), Dense(3)]))(x);
        for inputs in [5, 2] {
            x = TimeDistributed(Sequential([Dense(inputs), UnitNormalization()]))(x);
        }
        each(x, UNITS)
    }

    /// Adds to its loss at each step.
    pub struct Terms {
        x = Input(3, 2);
        TimeDistributed(Container(|v| {
            add_loss("size", sum(v * v));
            Dense(2)(v)
        }))(x)
    }
}

fn films(samples: usize) -> Array5<Float> {
    let number = |(i, j, k, l, _)| ((i * 108 + j * 36 + k * 6 + l) as f64 * 0.7).sin() as Float;
    Array5::from_shape_fn((samples, 3, 6, 6, 1), number)
}

/// What a layer makes of samples.
fn alone(layer: &dyn Layer, x: ArrayD<Float>) -> Result<ArrayD<Float>, Error> {
    tape::run(Mode::Inference, || layer.call(&[Var::from_array(&x)]).one().to_array())
}

fn flat(x: &ArrayD<Float>) -> ArrayD<Float> {
    let shape: Vec<usize> = [&[x.shape()[0] * x.shape()[1]], &x.shape()[2..]].concat();
    x.to_shape(shape).expect("as many numbers").into_owned()
}

#[test]
fn what_stands_inside_is_called_on_samples_times_steps() -> Result<(), Error> {
    let net = Film::new(3);
    let x = films(2).into_dyn();
    let FilmOutputs { seen, gated } = net.predict(&x)?;
    let inside = alone(&net.look.layer, flat(&x))?;
    assert_eq!((inside.shape(), seen.shape()), (&[6, 4][..], &[2, 3, 4][..]));
    assert_eq!(flat(&seen), inside);
    let again = alone(&net.look.layer, flat(&x.mapv(|x| 1.0 - x)))?;
    let dense = &net.gated.layer.dense;
    let (kernel, bias) = (dense.kernel.get(), dense.bias.as_ref().map(Parameter::get));
    let both = (inside + again).into_dimensionality::<ndarray::Ix2>().expect("rows");
    let kernel = kernel.into_dimensionality::<ndarray::Ix2>().expect("a matrix");
    let gates = (both.dot(&kernel) + bias.expect("a bias")).mapv(|x| 1.0 / (1.0 + (-x).exp()));
    let difference = flat(&gated) - (&both * &gates.view()).into_dyn();
    assert!(difference.iter().all(|difference| difference.abs() < 1e-5), "{difference}");
    Ok(())
}

#[test]
fn weights_are_those_of_what_stands_inside_once() -> Result<(), Error> {
    let net = Film::new(3);
    let paths: Vec<String> = net.parameters().into_iter().map(|(path, _)| path).collect();
    let expected = [
        "look.layer.conv2d.kernel",
        "look.layer.conv2d.bias",
        "look.layer.dense.kernel",
        "look.layer.dense.bias",
        "gated.layer.dense.kernel",
        "gated.layer.dense.bias",
    ];
    assert_eq!(paths, expected);
    let count = (9 * 2 + 2) + (4 * 4 * 2 * 4 + 4) + (4 * 4 + 4);
    assert_eq!((net.count_params(), Film::GRAPH.parameters()), (count, Some(count)));

    // Another model, with the same weights by their paths, says the same.
    let other = Film::new(4);
    let x = films(2);
    assert_ne!(other.predict(&x)?.gated, net.predict(&x)?.gated);
    other.copy_weights(&net)?;
    assert_eq!(other.predict(&x)?.gated, net.predict(&x)?.gated);
    assert_eq!(net.share().look.layer.dense.kernel.id(), net.look.layer.dense.kernel.id());
    Ok(())
}

#[test]
fn a_step_of_training_is_that_of_the_part_alone() -> Result<(), Error> {
    // The same part, on six samples instead of two with three steps.
    let net = model! {
        x = Input(3, 4);
        TimeDistributed([Dense(5, tanh), Dense(2)], name = "part")(x)
    };
    let part = model! { x = Input(4); h = Dense(5, tanh)(x); Dense(2)(h) };
    part.set_weights(&net.get_weights())?;
    let x = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| ((i * 12 + j * 4 + k) as Float).sin());
    let y = Array3::from_shape_fn((2, 3, 2), |(i, j, k)| ((i * 6 + j * 2 + k) as Float).cos());
    let (x, y) = (x.into_dyn(), y.into_dyn());
    let mut all = net.compile(SGD::new(0.5), "mse")?;
    let mut alone = part.compile(SGD::new(0.5), "mse")?;
    let before = all.model().get_weights();
    let (all_logs, alone_logs) =
        (all.train_on_batch(&x, &y)?, alone.train_on_batch(&flat(&x), &flat(&y))?);
    assert!((all_logs["loss"] - alone_logs["loss"]).abs() < 1e-6);
    let weights = all.model().get_weights().into_iter().zip(alone.model().get_weights());
    for ((together, alone), before) in weights.zip(before) {
        assert!((&together - &alone).iter().all(|difference| difference.abs() < 1e-6));
        assert!((&together - &before).iter().any(|moved| moved.abs() > 1e-4));
    }
    Ok(())
}

#[test]
fn sizes_that_only_rustc_knows_and_steps_of_steps() -> Result<(), Error> {
    let net = Deep::<6>::new(0);
    assert_eq!(
        net.count_params(),
        (4 * 6 + 6) + (6 * 3 + 3) + (3 * 5 + 5) + (5 * 2 + 2) + (2 * 6 + 6)
    );
    let x = Array3::<Float>::from_shape_fn((2, 3, 4), |(i, j, k)| (i + j * k) as Float);
    let x = x.insert_axis(ndarray::Axis(1)).into_dyn();
    let y = net.predict(&x)?;
    assert_eq!(y.shape(), [2, 1, 3, 6]);
    // A single step outside, so its inside is that of the samples.
    let first = &net.time_distributed.layer.layer;
    let inner = flat(&flat(&x));
    let inside = alone(first, inner)?;
    let h = alone(&net.time_distributed, x)?;
    assert_eq!(flat(&flat(&h)), inside);
    Ok(())
}

#[test]
fn what_is_added_to_the_loss_inside_counts() -> Result<(), Error> {
    let trainer = Terms::new(0).compile("sgd", NoLoss)?;
    let x = array![[[1.0, 2.0], [3.0, 0.0], [0.0, 0.0]]];
    let logs = trainer.evaluate(&x, NoTarget)?;
    let name = "time_distributed.size";
    // The mean over the three steps of the only sample.
    assert!((logs["loss"] - (5.0 + 9.0) / 3.0).abs() < 1e-6, "{logs}");
    assert!(logs.get(name).is_some(), "{logs}");
    Ok(())
}

#[test]
fn an_expression_gives_its_locals_to_what_stands_inside() -> Result<(), Error> {
    let (rate, factor) = (0.25, 3.0);
    let net = model! {
        x = Input(3, 2);
        x = TimeDistributed(Container(|v| Dropout(rate)(v) * {factor}))(x);
        TimeDistributed([Lambda(move |v| v * factor), Identity()])(x)
    };
    let x = array![[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]];
    assert_eq!(net.predict(&x)?, x.mapv(|x| x * 9.0).into_dyn());
    Ok(())
}
