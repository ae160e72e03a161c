//! Models of `model!` with recurrent layers.

use model_runtime::prelude::*;
use ndarray::{Array2, Array3};

mod sizes {
    pub const UNITS: usize = 3;
}
use sizes::UNITS;

model! {
    /// A sequence is read, and its states are what the next one starts from.
    pub struct Translator {
        source = Input(_, 4);
        target = Input(_, 4);
        (_all, h, c) = LSTM(5, return_state = true)(source);
        x = LSTM(5, return_sequences = true)(target, initial_state = [h, c]);
        TimeDistributed(Dense(2, softmax))(x)
    }

    /// Every argument once.
    pub struct Arguments {
        steps = Input(7, 4);
        x = LSTM(
            6,
            tanh,
            hard_sigmoid,
            use_bias = true,
            kernel_initializer = he_normal,
            recurrent_initializer = orthogonal(0.5),
            bias_initializer = zeros,
            unit_forget_bias = false,
            kernel_regularizer = l2(1e-4),
            recurrent_regularizer = l1(1e-4),
            bias_regularizer = l1_l2(1e-4, 1e-4),
            activity_regularizer = l2(1e-4),
            dropout = 0.1,
            recurrent_dropout = 0.1,
            seed = 1,
            return_sequences = true,
            go_backwards = true,
            zero_output_for_mask = true,
        )(steps);
        x = GRU(5, reset_after = false, return_sequences = true)(x);
        (y, h) = SimpleRNN(4, relu, return_state = true)(x);
        (y, h)
    }

    /// Both ways, and all that comes out of it.
    pub struct Both {
        steps = Input(_, 4);
        x = Bidirectional(LSTM(UNITS, return_sequences = true))(steps);
        x = Bidirectional(GRU(4, return_sequences = true), merge_mode = sum)(x);
        (y, h, back) = Bidirectional(SimpleRNN(2, return_state = true))(x);
        (a, b) = Bidirectional(GRU(2), none)(x, initial_state = [h, back]);
        Concatenate()([y, a, b])
    }

    /// Cells over sequences.
    pub struct Cells {
        steps = Input(_, 4);
        (x, h) = RNN(GRUCell(UNITS), return_sequences = true, return_state = true)(steps);
        RNN(SimpleRNNCell(UNITS), go_backwards = true)(x, initial_state = h)
    }

    /// One step, written out.
    pub struct Step {
        now = Input(4);
        h = Input(5);
        c = Input(5);
        (out, h, c) = LSTMCell(5)(now, [h, c]);
        (out, g) = GRUCell(3)(out);
        (y, _s) = SimpleRNNCell(2)(out, states = Dense(2)(g));
        (y, h, c)
    }
}

#[test]
fn states_go_from_one_layer_to_another() {
    let net = Translator::new(0);
    let source = Array3::<Float>::ones((2, 7, 4));
    let target = Array3::<Float>::ones((2, 3, 4));
    let run = |source: &Array3<Float>| {
        tape::run(Mode::Inference, || {
            let source = Var::from_array(source);
            net.call(TranslatorInputs { source, target: Var::from_array(&target) }).to_array()
        })
        .unwrap()
    };
    let y = run(&source);
    assert_eq!(y.shape(), [2, 3, 2]);
    assert_ne!(y, run(&(source * 2.0)));
    let paths: Vec<String> = net.parameters().into_iter().map(|(path, _)| path).collect();
    assert!(paths.contains(&"x.recurrent_kernel".to_owned()), "{paths:?}");
    assert_eq!(Translator::GRAPH.parameters(), Some(net.count_params()));
}

#[test]
fn every_argument_is_one_of_the_layer() {
    let net = Arguments::new(0);
    assert_eq!(Arguments::GRAPH.parameters(), Some(net.count_params()));
    let shapes = tape::run(Mode::Training, || {
        let y = net.call(Var::from_array(&Array3::ones((2, 7, 4))));
        (y.y.shape(), y.h.shape())
    });
    assert_eq!(shapes, Ok((Shape::new(&[2, 4]), Shape::new(&[2, 4]))));
}

#[test]
fn both_ways_are_two_layers() {
    let net = Both::new(0);
    // Twice 4 (n u + u² + u) with n = 4, u = 3, twice 3 (n u + u² + 2 u) with n = 6, u = 4, twice
    // n u + u² + u with n = 4, u = 2, twice 3 (n u + u² + 2 u) with n = 4, u = 2.
    let count = 2 * (4 * 24 + 3 * 48 + 14 + 3 * 16);
    assert_eq!(net.count_params(), count);
    assert_eq!(Both::GRAPH.parameters(), Some(count));
    let y = net.predict(&Array3::<f32>::ones((2, 7, 4))).unwrap();
    assert_eq!(y.shape(), [2, 8]);
}

#[test]
fn cells_over_sequences() {
    let net = Cells::new(0);
    assert_eq!(Cells::GRAPH.parameters(), Some(net.count_params()));
    let y = net.predict(&Array3::<f32>::ones((2, 7, 4))).unwrap();
    assert_eq!(y.shape(), [2, UNITS]);
}

#[test]
fn a_step_alone() {
    let net = Step::new(0);
    let shapes = tape::run(Mode::Inference, || {
        let var = |n| Var::from_array(&Array2::ones((2, n)));
        let y = net.call(StepInputs { now: var(4), h: var(5), c: var(5) });
        [y.y.shape(), y.h.shape(), y.c.shape()]
    });
    assert_eq!(shapes, Ok([2, 5, 5].map(|n| Shape::new(&[2, n]))));
}

#[test]
fn a_recurrent_model_learns_what_is_not_in_the_last_step() {
    let net = model! {
        steps = Input(_, 1);
        x = GRU(8)(steps);
        Dense(1)(x)
    };
    // The first of six numbers.
    let x = Array3::from_shape_fn((64, 6, 1), |(n, t, _)| ((n * 6 + t) as Float * 1.7).sin());
    let y = x.index_axis(ndarray::Axis(1), 0).to_owned();
    let mut trainer = net.compile(Adam::new(0.02), "mean_squared_error").unwrap();
    let before = trainer.evaluate(&x, &y).unwrap()["loss"];
    trainer.fit(&x, &y, Fit::epochs(60).verbose(0)).unwrap();
    let after = trainer.evaluate(&x, &y).unwrap()["loss"];
    assert!(after < 0.1 * before, "{before} before, {after} after");
}
