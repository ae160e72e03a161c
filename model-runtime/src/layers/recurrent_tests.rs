//! Recurrent layers against Keras's numbers, and what they refuse.

use model_spec::{Shape, Value};
use ndarray::{Array, Array2, Array3, ArrayD, Dimension, IxDyn, ShapeBuilder, array};

use crate::float::Scalar;
use crate::*;

/// `sin(k · i + k)` for the i-th number.
fn wave<D: Dimension, S: ShapeBuilder<Dim = D>>(shape: S, k: f64) -> Array<Float, D> {
    let mut i = 0.0;
    Array::from_shape_simple_fn(shape, || {
        i += 1.0;
        (k * i).sin() as Float
    })
}

/// The weights are waves with k = 0.3, 0.4, …
fn with_waves<L: Layer>(mut layer: L) -> L {
    layer.init(Seed::new(0), &[Value::float(&[3, 2])]);
    let mut count = 0;
    layer.visit(&mut Visitor::new(&mut |_, weight| {
        let values = wave(IxDyn(weight.shape().dims()), 0.3 + 0.1 * f64::from(count));
        weight.set(&values).expect("the shape is the weight's");
        count += 1;
    }));
    layer
}

fn run(layer: &dyn Layer, states: &[f64], masked: bool) -> Vec<ArrayD<Float>> {
    tape::run(Mode::Inference, || {
        let mut x = Var::from_array(&wave((2, 3, 2), 0.7));
        if masked {
            x = x.with_mask(Var::from_array(&array![[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]));
        }
        let states = states.iter().map(|&k| Var::from_array(&wave((2, 2), k)));
        let inputs: Vec<Var> = std::iter::once(x).chain(states).collect();
        layer.call(&inputs).iter().map(|y| y.to_array()).collect()
    })
    .unwrap()
}

fn numbers(y: &ArrayD<Float>) -> impl Iterator<Item = f64> {
    y.iter().map(|number| number.as_f64())
}

#[track_caller]
fn near(outputs: &[ArrayD<Float>], expected: &[f64]) {
    let got: Vec<f64> = outputs.iter().flat_map(numbers).collect();
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-5, "{got} for {expected}");
    }
}

/// The numbers of Keras 3.15.1 for the same weights and inputs.
#[test]
fn numbers_are_those_of_keras() {
    let lstm = with_waves(LSTM::new(2));
    near(&run(&lstm, &[], false), &[0.460093856, 0.302399457, 0.270087957, 0.011415192]);
    let lstm = with_waves(LSTM::new(2).return_state(true));
    near(
        &run(&lstm, &[0.9, 1.1], false),
        &[
            0.513146043,
            0.375135124,
            0.338767260,
            -0.019834567,
            0.513146043,
            0.375135124,
            0.338767260,
            -0.019834567,
            1.473576016,
            1.095357147,
            1.045108706,
            -0.071723772,
        ],
    );
    let gru = with_waves(GRU::new(2));
    near(&run(&gru, &[], false), &[0.212438913, 0.122932923, 0.126327876, -0.086517779]);
    let gru = with_waves(GRU::new(2).reset_after(false).return_sequences(true));
    near(
        &run(&gru, &[], false),
        &[
            0.142668262,
            0.042792693,
            0.333304478,
            0.149320742,
            0.398414071,
            0.182887284,
            -0.161531344,
            -0.262174368,
            0.036607626,
            -0.206904930,
            0.205723811,
            -0.096504357,
        ],
    );
    let simple = with_waves(SimpleRNN::new(2).activation(Activation::Relu));
    near(&run(&simple, &[], false), &[5.542737484, 7.164961815, 3.193774700, 4.375290394]);
}

/// The numbers of Keras 3.15.1, where some steps are masked.
#[test]
fn masked_steps_are_those_of_keras() {
    let lstm = with_waves(LSTM::new(2).return_sequences(true));
    near(
        &run(&lstm, &[], true),
        &[
            0.116312750,
            -0.015249688,
            0.116312750,
            -0.015249688,
            0.324746609,
            0.142832607,
            0.009046350,
            -0.044126913,
            0.044072215,
            -0.067897089,
            0.044072215,
            -0.067897089,
        ],
    );
    let gru = GRU::new(2).return_sequences(true).go_backwards(true).zero_output_for_mask(true);
    near(
        &run(&with_waves(gru), &[], true),
        &[
            0.094071843,
            0.053167123,
            0.0,
            0.0,
            0.193761632,
            0.075736773,
            0.0,
            0.0,
            0.034340527,
            -0.099603094,
            -0.270049202,
            -0.397527798,
        ],
    );
    let both = with_waves(Bidirectional::new(GRU::new(2).return_sequences(true)));
    near(
        &run(&both, &[], true),
        &[
            0.123387657,
            0.035905570,
            -0.058497637,
            -0.282715827,
            0.0,
            0.0,
            0.0,
            0.0,
            0.142361783,
            0.072381823,
            -0.178496942,
            -0.148892447,
            -0.292904139,
            -0.385693997,
            -0.335827122,
            -0.391538961,
            -0.111368112,
            -0.300329181,
            -0.076553859,
            -0.205874562,
            0.0,
            0.0,
            0.0,
            0.0,
        ],
    );
}

/// The numbers of Keras 3.15.1.
#[test]
fn both_ways_are_those_of_keras() {
    let both = with_waves(Bidirectional::new(LSTM::new(2).return_sequences(true)));
    near(
        &run(&both, &[], false),
        &[
            0.116312750,
            -0.015249688,
            -0.168146610,
            -0.269851953,
            0.390631229,
            0.163616404,
            -0.211558238,
            -0.303912520,
            0.460093856,
            0.302399457,
            -0.205833465,
            -0.374386847,
            0.009046350,
            -0.044126913,
            -0.295157731,
            -0.381681442,
            0.044072215,
            -0.067897089,
            0.008510317,
            -0.272678852,
            0.270087957,
            0.011415192,
            0.036162931,
            -0.125095040,
        ],
    );
    let sum = with_waves(Bidirectional::new(SimpleRNN::new(2)).merge_mode(MergeMode::Sum));
    near(&run(&sum, &[], false), &[1.760797620, 1.908298731, 1.761234224, 1.745496333]);
    let product = Bidirectional::new(GRU::new(2).return_state(true)).merge_mode(MergeMode::Mul);
    near(
        &run(&with_waves(product), &[], false),
        &[
            -0.022801996,
            -0.046595535,
            -0.045313302,
            0.040949569,
            0.212438913,
            0.122932923,
            0.126327876,
            -0.086517779,
            -0.107334366,
            -0.379032189,
            -0.358695988,
            -0.473308145,
        ],
    );
}

#[test]
fn a_cell_step_by_step_is_the_layer() {
    let (lstm, cell) = (with_waves(LSTM::new(2).return_state(true)), with_waves_of_a_step());
    let x = wave((2, 3, 2), 0.7);
    let by_steps = tape::run(Mode::Inference, || {
        let mut states = Vec::new();
        for step in 0..3 {
            let now = x.index_axis(ndarray::Axis(1), step).to_owned();
            let inputs: Vec<Var> =
                std::iter::once(Var::from_array(&now)).chain(states.iter().copied()).collect();
            states = cell.call(&inputs)[1..].to_vec();
        }
        states.iter().map(|y| y.to_array()).collect::<Vec<_>>()
    });
    let whole: Vec<f64> = run(&lstm, &[], false)[1..].iter().flat_map(numbers).collect();
    near(&by_steps.unwrap(), &whole);
}

fn with_waves_of_a_step() -> LSTMCell {
    let mut cell = LSTMCell::new(2);
    let lstm = with_waves(LSTM::new(2));
    cell.init(Seed::new(0), &[Value::float(&[2])]);
    (cell.kernel, cell.recurrent_kernel, cell.bias) =
        (lstm.kernel, lstm.recurrent_kernel, lstm.bias);
    cell
}

/// A cell that goes over a sequence call by call.
struct ByCalls(LSTMCell);

impl Layer for ByCalls {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.0.init(seed, inputs);
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        self.0.call(inputs)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.0.visit(visitor);
    }
}

impl RecurrentCell for ByCalls {}

#[test]
fn a_cell_over_a_sequence_is_the_layer_whether_by_calls_or_at_once() {
    fn all<C: RecurrentCell>(cell: C, [sequences, back, zero]: [bool; 3]) -> RNN<C> {
        let layer = RNN::new(cell).return_sequences(sequences).return_state(true);
        with_waves(layer.go_backwards(back).zero_output_for_mask(zero))
    }
    for masked in [false, true] {
        for [sequences, back, zero] in
            [[false; 3], [true, false, false], [true, true, true], [false, true, true]]
        {
            let lstm = LSTM::new(2).return_sequences(sequences).return_state(true);
            let lstm = lstm.go_backwards(back).zero_output_for_mask(zero);
            let given = if sequences { &[0.9, 1.1][..] } else { &[] };
            let expected = run(&with_waves(lstm), given, masked);
            let expected: Vec<f64> = expected.iter().flat_map(numbers).collect();
            let options = [sequences, back, zero];
            near(&run(&all(LSTMCell::new(2), options), given, masked), &expected);
            near(&run(&all(ByCalls(LSTMCell::new(2)), options), given, masked), &expected);
        }
    }
}

#[test]
fn the_forget_gate_starts_open() {
    let start = |layer: LSTM| {
        let mut layer = layer.bias_initializer(Initializer::Constant(3.0));
        layer.init(Seed::new(0), &[Value::float(&[3, 2])]);
        layer.bias.map(|bias| bias.get().into_raw_vec_and_offset().0)
    };
    let expected: &[Float] = &[3.0, 3.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0];
    assert_eq!(start(LSTM::new(2)).as_deref(), Some(expected));
    assert_eq!(start(LSTM::new(2).unit_forget_bias(false)), Some(vec![3.0; 8]));
    assert_eq!(start(LSTM::new(2).use_bias(false)), None);
}

#[test]
fn one_state_goes_with_all_samples() {
    let gru = with_waves(GRU::new(2));
    let outputs = tape::run(Mode::Inference, || {
        let x = Var::from_array(&Array3::<Float>::ones((3, 4, 2)));
        let state = Var::from_array(&array![[0.3, -0.2]]);
        gru.call(&[x, state]).one().to_array()
    })
    .unwrap();
    assert_eq!(outputs.shape(), [3, 2]);
    assert_eq!(outputs.index_axis(ndarray::Axis(0), 0), outputs.index_axis(ndarray::Axis(0), 2));
}

#[test]
fn drops_depend_on_the_seed_and_only_in_training() {
    let made = |layer: LSTM| with_waves(layer.dropout(0.5).recurrent_dropout(0.3));
    let (lstm, seeded) = (made(LSTM::new(2)), made(LSTM::new(2).seed(7)));
    let outputs = |layer: &LSTM, mode, seed| {
        tape::run_seeded(mode, seed, || {
            let x = Var::from_array(&wave((4, 5, 2), 0.7));
            layer.call(&[x]).one().to_array()
        })
        .unwrap()
    };
    let whole = outputs(&lstm, Mode::Inference, 1);
    assert_eq!(whole, outputs(&lstm, Mode::Inference, 2));
    assert_eq!(whole, outputs(&made(LSTM::new(2)).dropout(0.0), Mode::Inference, 1));
    let dropped = outputs(&lstm, Mode::Training, 1);
    assert_ne!(whole, dropped);
    assert_eq!(dropped, outputs(&lstm, Mode::Training, 1));
    assert_ne!(dropped, outputs(&lstm, Mode::Training, 2));
    assert_ne!(dropped, outputs(&seeded, Mode::Training, 1));
}

#[test]
fn penalties_are_added_for_each_weight() {
    let l2 = |factor| Regularizer::L2(factor);
    let layer = with_waves(
        GRU::new(2)
            .kernel_regularizer(l2(0.1))
            .recurrent_regularizer(l2(0.2))
            .bias_regularizer(l2(0.3))
            .activity_regularizer(l2(0.4)),
    );
    let sum = |values: ArrayD<Float>| values.iter().map(|x| x * x).sum::<Float>();
    let (terms, y) = tape::run(Mode::Training, || {
        let x = Var::from_array(&wave((2, 3, 2), 0.7));
        let y = layer.call(&[x]).one();
        let terms: Float = tape::terms().iter().map(|term| term.value.to_array().sum()).sum();
        (terms, y.to_array())
    })
    .unwrap();
    let bias = layer.bias.as_ref().map_or(0.0, |bias| sum(bias.get()));
    let expected = 0.1 * sum(layer.kernel.get())
        + 0.2 * sum(layer.recurrent_kernel.get())
        + 0.3 * bias
        + 0.4 * sum(y) / 2.0;
    assert!((terms - expected).abs() < 1e-5, "{terms} for {expected}");
}

fn error_of(layer: &dyn Layer, x: Array3<Float>, states: &[Array2<Float>]) -> String {
    let result = tape::run(Mode::Inference, || {
        let inputs: Vec<Var> = std::iter::once(Var::from_array(&x))
            .chain(states.iter().map(Var::from_array))
            .collect();
        layer.call(&inputs).iter().map(|y| y.shape()).collect::<Vec<Shape>>()
    });
    result.unwrap_err().to_string()
}

#[test]
fn mistakes_are_sentences() {
    let x = || Array3::<Float>::ones((2, 3, 2));
    let text = error_of(&with_waves(LSTM::new(2)), Array3::ones((2, 3, 5)), &[]);
    let sentence = "one LSTM has one set of weights: its kernel is (2, 8), but this input needs \
                    (5, 8)\n";
    assert!(text.starts_with(sentence), "{text}");
    let text = error_of(&with_waves(LSTM::new(2)), x(), &[Array2::ones((2, 2))]);
    assert!(text.starts_with("LSTM goes on from two states, h and c, but got 1\n"), "{text}");
    let states = [Array2::ones((2, 3)), Array2::ones((2, 2))];
    let text = error_of(&with_waves(LSTM::new(2)), x(), &states);
    assert!(text.starts_with("LSTM goes on from states (2), but got one of (3)\n"), "{text}");
    let text = error_of(&with_waves(GRU::new(2)), x(), &[Array2::ones((5, 2))]);
    assert!(text.starts_with("the numbers of samples differ: 2 and 5\n"), "{text}");
    let own = LSTM::new(2).activation(Activation::custom(|x| x));
    let text = error_of(&with_waves(own), x(), &[]);
    let sentence = "LSTM: activation must work on each number alone, and a function of one's own \
                    does not\n";
    assert!(text.starts_with(sentence), "{text}");
    let text = error_of(&with_waves(LSTM::new(2).dropout(1.0)), x(), &[]);
    assert!(text.starts_with("dropout must lie in [0, 1), but is 1\n"), "{text}");
    let back = with_waves(Bidirectional::new(GRU::new(2).go_backwards(true)));
    let text = error_of(&back, x(), &[]);
    assert!(text.starts_with("Bidirectional goes both ways by itself"), "{text}");
    let text = error_of(&LSTM::new(2), x(), &[]);
    assert!(text.contains("LSTM") && text.contains("init"), "{text}");
}
