//! Containers of `model!`: one set of weights for every call, paths, shapes that rustc finds.

use model_runtime::prelude::*;
use ndarray::{Array2, Array3};

const WIDTH: usize = 6;

model! {
    const HIDDEN: usize = 4;

    fn twice(x, units) {
        x = Container(|a| Dense(units, tanh)(a))(x);
        Container(|a| Dense(units, tanh)(a))(x)
    }

    /// Calls one container on both inputs.
    pub struct Shared {
        left = Input(3);
        right = Input(3);
        part = Container(|a, b| {
            h = Dense(HIDDEN, tanh)(a);
            inner = Container(|v| Dense(2)(v));
            (inner(h) + inner(h * 2 + sum(b, keepdims = true)), h)
        });
        (p, h) = part(left, right);
        (q, _) = part(right, left);
        p - q * 2 + mean(h, axis = -1, keepdims = true)
    }

    /// The same with two of them.
    pub struct Apart {
        left = Input(3);
        right = Input(3);
        one = Container(|a, b| {
            h = Dense(HIDDEN, tanh)(a);
            inner = Container(|v| Dense(2)(v));
            (inner(h) + inner(h * 2 + sum(b, keepdims = true)), h)
        });
        two = Container(|a, b| {
            h = Dense(HIDDEN, tanh)(a);
            inner = Container(|v| Dense(2)(v));
            (inner(h) + inner(h * 2 + sum(b, keepdims = true)), h)
        });
        (p, h) = one(left, right);
        (q, _) = two(right, left);
        p - q * 2 + mean(h, axis = -1, keepdims = true)
    }

    /// Containers in templates and loops are new in each.
    pub struct Written {
        x = Input(3);
        x = twice(x, 4);
        for units in [5, 6] {
            x = Container(|a| Dense(units)(a))(x);
        }
        x
    }

    /// Sizes that only rustc knows, and one length after the other.
    pub struct Opaque<const UNITS: usize = 2> {
        words = Input(5, crate::WIDTH);
        read = Container(|w| {
            h = Dense(UNITS)(w);
            (mean(h, axis = 1), h)
        });
        (a, h) = read(words);
        (b, _) = read(words[..2]);
        a * b + sum(h, axis = 1)
    }
}

model! {
    /// Adds to its loss in a part that is called twice, and measures.
    pub struct Terms {
        x = Input(2);
        part = Container(|a| {
            add_loss("size", sum(a * a) * 0.5);
            add_metric("mean", mean(a));
            Dense(2)(a)
        });
        y = part(x);
        z = part(x * 2);
        add_loss("all", sum(z, axis = -1));
        y + z
    }
}

fn numbers(rows: usize, columns: usize, seed: usize) -> Array2<Float> {
    Array2::from_shape_fn((rows, columns), |(i, j)| {
        (((i * 7 + j * 3 + seed * 5) as f64 * 0.7).sin()) as Float
    })
}

fn paths(model: &impl Model) -> Vec<String> {
    model.parameters().into_iter().map(|(path, _)| path).collect()
}

#[test]
fn weights_are_under_the_path_of_the_container() {
    let shared = Shared::new(0);
    let names = ["h.kernel", "h.bias", "inner.dense.kernel", "inner.dense.bias"];
    let under = |part: &str| names.iter().map(|name| format!("{part}.{name}")).collect::<Vec<_>>();
    assert_eq!(paths(&shared), under("part"));
    assert_eq!(paths(&Apart::new(0)), [under("one"), under("two")].concat());
    assert_eq!(shared.count_params(), 3 * 4 + 4 + 4 * 2 + 2);
    assert_eq!(Shared::GRAPH.parameters(), Some(3 * 4 + 4 + 4 * 2 + 2));
    assert_eq!(SharedPart::GRAPH.inputs.len(), 2);
    let kernel: Array2<Float> = shared.part.inner.dense.kernel.get().into_dimensionality().unwrap();
    assert_eq!(kernel.dim(), (4, 2));
}

#[test]
fn the_gradient_of_a_shared_container_is_the_sum_of_those_of_two() -> Result<(), Error> {
    let (left, right, target) = (numbers(5, 3, 1), numbers(5, 3, 2), numbers(5, 2, 3));
    let shared = Shared::new(3);
    let apart = Apart::new(0);
    let start = shared.parameters();
    for (i, (_, weight)) in apart.parameters().iter().enumerate() {
        weight.set(&start[i % start.len()].1.get())?;
    }
    let before: Vec<_> = start.iter().map(|(_, weight)| weight.get()).collect();
    let mut shared = shared.compile(SGD::new(1.0), "mean_squared_error")?;
    shared.train_on_batch(SharedInputs { left: &left, right: &right }, &target)?;
    let mut apart = apart.compile(SGD::new(1.0), "mean_squared_error")?;
    apart.train_on_batch(ApartInputs { left: &left, right: &right }, &target)?;
    let apart = apart.model().parameters();
    for (i, (path, after)) in shared.model().parameters().into_iter().enumerate() {
        let moved = |after: &Parameter| &before[i] - &after.get();
        let sum = moved(&apart[i].1) + moved(&apart[i + before.len()].1);
        let moved = moved(&after);
        assert!(moved.iter().any(|number| number.abs() > 1e-4), "{path}");
        let close = |(a, b): (&Float, &Float)| (a - b).abs() < 1e-5;
        assert!(moved.iter().zip(&sum).all(close), "{path}: {moved} and {sum}");
    }
    Ok(())
}

#[test]
fn templates_and_loops_make_containers_of_their_own() {
    let kernels: Vec<String> =
        paths(&Written::new(0)).into_iter().filter(|path| path.ends_with("kernel")).collect();
    let kernel = |container: &str| format!("{container}.dense.kernel");
    let expected = ["twice_x", "twice_container", "container", "container_1"].map(kernel);
    assert_eq!(kernels, expected);
}

#[test]
fn shapes_may_be_left_to_rustc() -> Result<(), Error> {
    assert_eq!(Opaque::<2>::GRAPH.parameters(), Some(WIDTH * 2 + 2));
    assert_eq!(Opaque::<7>::GRAPH.outputs[0].value.shape, Shape::new(&[7]));
    let net = Opaque::<3>::new(1);
    let words = Array3::<Float>::from_elem((2, 5, WIDTH), 0.5);
    let outputs = net.predict(&words)?;
    assert_eq!(outputs.shape(), [2, 3]);
    Ok(())
}

#[test]
fn an_expression_gives_its_locals_to_containers() -> Result<(), Error> {
    let (rate, factor) = (0.25, 3.0);
    let net = model! {
        x = Input(2);
        part = Container(|a| {
            a = Dropout(rate)(a);
            inner = Container(|b| Lambda(move |v| v * factor)(b) * {factor});
            inner(a)
        });
        part(x) + part(x)
    };
    let x = numbers(2, 2, 1);
    let y = net.predict(&x)?;
    assert!((&y - &(&x * 18.0).into_dyn()).iter().all(|difference| difference.abs() < 1e-5));
    Ok(())
}

#[test]
fn what_a_model_adds_counts_and_is_in_the_logs() -> Result<(), Error> {
    let (x, y) = (numbers(5, 2, 1), numbers(5, 2, 2));
    let squares = x.iter().map(|v| v * v).sum::<Float>() / 5.0;
    let mean = x.iter().sum::<Float>() / 10.0;
    let net = Terms::new(1);
    assert!(net.summary().to_string().contains("part (Container, 2 calls)"));
    // The sum of both calls, the mean of both.
    let expected = (0.5 * (squares + 4.0 * squares), (mean + 2.0 * mean) / 2.0);
    let close = |a: Float, b: Float| assert!((a - b).abs() < 1e-4, "{a} and {b}");
    let error = {
        let outputs = net.predict(&x)?;
        (&outputs - &y.view().into_dyn()).mapv(|v| v * v).mean().unwrap()
    };
    let mut trainer = net.compile(SGD::new(0.01), "mean_squared_error")?;
    let evaluated = trainer.evaluate_with(&x, &y, Evaluate::default().batch_size(2))?;
    let trained = trainer.train_on_batch(&x, &y)?;
    for logs in [evaluated, trained] {
        let names: Vec<&str> = logs.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["loss", "part.size", "part.mean", "all"]);
        close(logs["part.size"], expected.0);
        close(logs["part.mean"], expected.1);
        close(logs["loss"], error + logs["part.size"] + logs["all"]);
    }
    let history = trainer.fit(&x, &y, Fit::epochs(3).verbose(0))?;
    let all = history.get("all");
    assert!(all.len() == 3 && all[2] < all[0], "{all:?}");
    Ok(())
}
