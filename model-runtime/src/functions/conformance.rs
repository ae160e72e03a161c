//! Conformance: what the rules of the catalogue say comes out is what the runtime makes.

mod attention;
mod normalizations;
mod of_values;
mod samples;

use std::cell::{Cell, RefCell};

use model_spec::ArgValue::{Bool, Float as Number, Int, Rust, Unset, Word};
use model_spec::{ArgValue, Config, Entry, FUNCTIONS, Form, LAYERS, Shape, Value, Weights};

use crate::functions as f;
use crate::gradcheck::random;
use crate::layers::{list, tuple};
use crate::tensor::Tensor;
use crate::*;

/// One call: what is called with which arguments and inputs, without the sample axis.
struct Case {
    name: &'static str,
    args: Vec<ArgValue>,
    inputs: Dims,
    /// For a layer around another one: what comes out of the one inside.
    inner: Dims,
    /// What the inputs are.
    kind: Kind,
    call: Box<Call>,
}

type Call = dyn Fn(&[Var]) -> Vars;

type Dims = &'static [&'static [usize]];
type Unary = fn(Var) -> Var;
type Binary = fn(Var, Var) -> Var;
type Reduction = fn(Var, &[i64], bool) -> Var;

fn case<R: Into<Vars>>(
    name: &'static str,
    args: &[ArgValue],
    inputs: Dims,
    call: impl Fn(&[Var]) -> R + 'static,
) -> Case {
    let call = Box::new(move |xs: &[Var]| call(xs).into());
    Case { name, args: args.to_vec(), inputs, inner: &[], kind: Kind::Float, call }
}

/// A layer with weights for these inputs, then called.
fn layer(
    name: &'static str,
    args: &[ArgValue],
    inputs: Dims,
    layer: impl Layer + Share + 'static,
) -> Case {
    of_kind(Kind::Float, name, args, inputs, layer)
}

/// The same for inputs of this kind.
fn of_kind(
    kind: Kind,
    name: &'static str,
    args: &[ArgValue],
    inputs: Dims,
    mut layer: impl Layer + Share + 'static,
) -> Case {
    let values = values(kind, inputs);
    layer.init(Seed::new(1), &values);
    let entry = model_spec::find(name).expect("the table names entries of the catalogue");
    let weights = Cell::new(Weights::NONE);
    let see = |name: &str, shape| weights.set(weights.get().and(String::from(name).leak(), shape));
    layer.visit(&mut Visitor::of_both(
        &mut |name, parameter| see(name, parameter.shape()),
        &mut |name, variable| see(name, variable.shape()),
    ));
    assert_eq!(weights.get(), (entry.weights)(&Config::new(args), &values), "weights of {name}");
    let copy = copied(name, &layer);
    Case { kind, ..case(name, args, inputs, move |xs| copy.call(xs)) }
}

/// A layer around another one, of which `inner` comes out.
fn around(
    name: &'static str,
    args: &[ArgValue],
    inputs: Dims,
    inner: Dims,
    mut layer: impl Layer + Share + 'static,
) -> Case {
    layer.init(Seed::new(1), &values(Kind::Float, inputs));
    let copy = copied(name, &layer);
    Case { inner, ..case(name, args, inputs, move |xs| copy.call(xs)) }
}

/// A copy with weights of its own, after a look at it and at a second handle.
fn copied<L: Layer + Share>(name: &str, layer: &L) -> L {
    let handles = |layer: &L| {
        let handles = RefCell::new(Vec::new());
        let see = |path: &str, id: u64, numbers| {
            handles.borrow_mut().push((path.to_owned(), id, numbers));
        };
        layer.visit(&mut Visitor::of_both(
            &mut |path, parameter| see(path, parameter.id(), parameter.get()),
            &mut |path, variable| see(path, variable.id(), variable.get()),
        ));
        handles.into_inner()
    };
    let (original, copy) = (handles(layer), layer.duplicate());
    assert_eq!(handles(&layer.share()), original, "share of {name}");
    let copies = handles(&copy);
    assert_eq!(copies.len(), original.len(), "duplicate of {name}");
    for (copy, original) in copies.iter().zip(&original) {
        assert_eq!((&copy.0, &copy.2), (&original.0, &original.2), "duplicate of {name}");
        assert!(original.1 < copy.1, "{} of a duplicate of {name} is shared", copy.0);
    }
    copy
}

fn values(kind: Kind, dims: Dims) -> Vec<Value> {
    dims.iter().map(|dims| Value { kind, ..Value::float(dims) }).collect()
}

fn layers() -> Vec<Case> {
    let pair: Dims = &[&[3, 4], &[3, 1]];
    let image: Dims = &[&[2, 3, 4]];
    vec![
        layer("Dense", &[Int(5), Unset, Bool(true)], &[&[4]], Dense::new(5)),
        layer("Dense", &[Int(5), Unset, Bool(false)], image, Dense::new(5).use_bias(false)),
        layer("Activation", &[Word("relu")], image, Activation::Relu),
        layer("Activation", &[Word("softmax")], image, Activation::Softmax),
        layer("Lambda", &[Rust, Unset], image, Lambda::new(|x: Var| x * 2)),
        layer(
            "Lambda",
            &[Rust, tuple(&[4])],
            &[&[2], &[2]],
            Lambda::new(|a: Var, b: Var| Var::concatenate(&[a, b], 1)).output_shape(&[4]),
        ),
        around("TimeDistributed", &[Rust], image, &[&[3, 5]], TimeDistributed::new(Dense::new(5))),
        layer("Identity", &[], image, Identity::new()),
        layer("ReLU", &[Unset, Number(0.0), Number(0.0)], image, ReLU::new()),
        layer("LeakyReLU", &[Number(0.3)], image, LeakyReLU::new()),
        layer("ELU", &[Number(1.0)], image, ELU::new()),
        layer("Softmax", &[Int(1)], image, Softmax::new().axis(1)),
        layer("Dropout", &[Number(0.5), Unset], image, Dropout::new(0.5)),
        layer("Dropout", &[Number(0.5), tuple(&[2, 1, -1])], image, {
            Dropout::new(0.5).noise_shape(&[2, 1, -1])
        }),
        layer("Flatten", &[], image, Flatten::new()),
        layer("Flatten", &[], &[&[]], Flatten::new()),
        layer("Reshape", &[tuple(&[4, -1])], image, Reshape::new(&[4, -1])),
        layer("Permute", &[tuple(&[2, 3, 1])], image, Permute::new(&[2, 3, 1])),
        layer("RepeatVector", &[Int(3)], &[&[4]], RepeatVector::new(3)),
        layer("Concatenate", &[Int(2)], pair, Concatenate::new().axis(2)),
        layer("Concatenate", &[Int(-1)], pair, Concatenate::new()),
        layer("Add", &[], pair, Add::new()),
        layer("Subtract", &[], pair, Subtract::new()),
        layer("Multiply", &[], &[&[3, 4], &[], &[1, 4]], Multiply::new()),
        layer("Average", &[], &[&[3], &[3], &[3]], Average::new()),
        layer("Maximum", &[], pair, Maximum::new()),
        layer("Minimum", &[], pair, Minimum::new()),
        layer("Dot", &[tuple(&[1]), Bool(true)], &[&[4], &[4]], Dot::new(&[1]).normalize(true)),
        layer("Dot", &[tuple(&[2, -2]), Bool(false)], &[&[3, 4], &[4, 5]], Dot::new(&[2, -2])),
        layer("Dot", &[tuple(&[1, 2]), Bool(false)], &[&[2, 3, 4], &[5, 2]], Dot::new(&[1, 2])),
    ]
}

fn convolutions() -> Vec<Case> {
    let (image, sequence): (Dims, Dims) = (&[&[7, 6, 4]], &[&[7, 4]]);
    let (one, three, yes, no) = (Int(1), Int(3), Bool(true), Bool(false));
    let (valid, same, causal) = (Word("valid"), Word("same"), Word("causal"));
    let conv = |strides, padding, dilation, groups, bias| {
        [Int(6), three, strides, padding, dilation, groups, Unset, bias]
    };
    let transposed =
        |strides, padding, more, bias| [Int(6), three, strides, padding, more, one, Unset, bias];
    vec![
        layer("Conv1D", &conv(one, valid, one, one, yes), sequence, Conv1D::new(6, &[3])),
        layer(
            "Conv1D",
            &conv(one, causal, Int(2), one, yes),
            sequence,
            Conv1D::new(6, &[3]).padding(Padding::Causal).dilation_rate(&[2]),
        ),
        layer("Conv2D", &conv(one, valid, one, one, yes), image, Conv2D::new(6, &[3, 3])),
        layer(
            "Conv2D",
            &conv(tuple(&[2, 3]), same, one, Int(2), no),
            image,
            Conv2D::new(6, &[3])
                .strides(&[2, 3])
                .padding(Padding::Same)
                .groups(2)
                .activation(Activation::Softmax)
                .use_bias(false),
        ),
        layer(
            "Conv1DTranspose",
            &transposed(Int(2), valid, Unset, no),
            sequence,
            Conv1DTranspose::new(6, &[3]).strides(&[2]).use_bias(false),
        ),
        layer(
            "Conv2DTranspose",
            &transposed(Int(2), same, Unset, yes),
            image,
            Conv2DTranspose::new(6, &[3]).strides(&[2]).padding(Padding::Same),
        ),
        layer(
            "Conv2DTranspose",
            &transposed(Int(3), same, tuple(&[1, 0]), yes),
            image,
            Conv2DTranspose::new(6, &[3])
                .strides(&[3])
                .padding(Padding::Same)
                .output_padding(&[1, 0]),
        ),
        layer(
            "DepthwiseConv2D",
            &[three, Int(2), same, Int(2), one, Unset, yes],
            image,
            DepthwiseConv2D::new(&[3]).strides(&[2]).padding(Padding::Same).depth_multiplier(2),
        ),
        layer(
            "SeparableConv2D",
            &[Int(5), three, one, valid, Int(2), Int(2), Unset, yes],
            image,
            SeparableConv2D::new(5, &[3]).dilation_rate(&[2]).depth_multiplier(2),
        ),
    ]
}

fn windows() -> Vec<Case> {
    let (image, sequence): (Dims, Dims) = (&[&[7, 6, 4]], &[&[7, 4]]);
    let pool = [Int(2), Unset, Word("valid")];
    let overlapping = [Int(3), Int(2), Word("same")];
    let (keep, lose) = ([Bool(true)], [Bool(false)]);
    vec![
        layer("MaxPooling1D", &pool, sequence, MaxPooling1D::new()),
        layer("MaxPooling2D", &pool, image, MaxPooling2D::new()),
        layer(
            "MaxPooling2D",
            &overlapping,
            image,
            MaxPooling2D::new().pool_size(&[3]).strides(&[2]).padding(Padding::Same),
        ),
        layer("AveragePooling1D", &pool, sequence, AveragePooling1D::new(&[2])),
        layer("AveragePooling2D", &pool, image, AveragePooling2D::new(&[2])),
        layer(
            "AveragePooling2D",
            &overlapping,
            image,
            AveragePooling2D::new(&[3]).strides(&[2, 2]).padding(Padding::Same),
        ),
        layer("GlobalMaxPooling1D", &lose, sequence, GlobalMaxPooling1D::new()),
        layer("GlobalMaxPooling2D", &keep, image, GlobalMaxPooling2D::new().keepdims(true)),
        layer("GlobalAveragePooling1D", &keep, sequence, {
            GlobalAveragePooling1D::new().keepdims(true)
        }),
        layer("GlobalAveragePooling2D", &lose, image, GlobalAveragePooling2D::new()),
        layer("UpSampling1D", &[Int(3)], sequence, UpSampling1D::new().size(&[3])),
        layer("UpSampling2D", &[tuple(&[2, 3])], image, UpSampling2D::new().size(&[2, 3])),
        layer(
            "UpSampling2D",
            &[Int(2), Word("bilinear")],
            image,
            UpSampling2D::new().interpolation(Interpolation::Bilinear),
        ),
        layer("ZeroPadding1D", &[Int(1)], sequence, ZeroPadding1D::new()),
        layer("ZeroPadding2D", &[tuple(&[1, 0, 2, 3])], image, {
            ZeroPadding2D::new().padding(&[1, 0, 2, 3])
        }),
        layer("Cropping1D", &[tuple(&[1, 2])], sequence, Cropping1D::new().cropping(&[1, 2])),
        layer("Cropping2D", &[tuple(&[1, 2])], image, Cropping2D::new().cropping(&[1, 2])),
        layer("Cropping2D", &[Int(0)], image, Cropping2D::new()),
    ]
}

/// The defaults of a layer, with other values for some arguments.
fn with(name: &str, others: &[(&str, ArgValue)]) -> Vec<ArgValue> {
    let entry = model_spec::find(name).expect("the table names entries of the catalogue");
    let other = |name| others.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
    entry.args.iter().map(|arg| other(arg.name).or(arg.default).unwrap_or(Int(5))).collect()
}

fn augmentation() -> Vec<Case> {
    let image: Dims = &[&[7, 6, 4]];
    vec![
        layer("RandomFlip", &[Word("horizontal_and_vertical"), Unset], image, RandomFlip::new()),
        layer("RandomCrop", &[Int(5), Int(3), Unset], image, RandomCrop::new(5, 3)),
        layer("RandomCrop", &[Int(9), Int(3), Unset], image, RandomCrop::new(9, 3)),
        layer(
            "RandomTranslation",
            &with(
                "RandomTranslation",
                &[
                    ("height_factor", Number(0.25)),
                    ("width_factor", ArgValue::floats(&[-0.5, 0.5])),
                ],
            ),
            image,
            RandomTranslation::new(0.25, [-0.5, 0.5]),
        ),
    ]
}

fn recurrent() -> Vec<Case> {
    let sequence: Dims = &[&[7, 4]];
    let (one_state, two_states): (Dims, Dims) = (&[&[7, 4], &[5]], &[&[7, 4], &[5], &[5]]);
    let (yes, no) = (Bool(true), Bool(false));
    let all = |name| with(name, &[("return_sequences", yes), ("return_state", yes)]);
    let after = |name| with(name, &[("reset_after", no), ("use_bias", no)]);
    let merge = |mode| [Rust, Word(mode)];
    vec![
        layer("LSTM", &with("LSTM", &[]), sequence, LSTM::new(5)),
        layer("LSTM", &all("LSTM"), two_states, {
            LSTM::new(5).return_sequences(true).return_state(true)
        }),
        layer("GRU", &with("GRU", &[]), one_state, GRU::new(5)),
        layer("GRU", &all("GRU"), sequence, GRU::new(5).return_sequences(true).return_state(true)),
        layer("GRU", &after("GRU"), sequence, GRU::new(5).reset_after(false).use_bias(false)),
        layer("SimpleRNN", &with("SimpleRNN", &[]), sequence, SimpleRNN::new(5)),
        layer("SimpleRNN", &all("SimpleRNN"), one_state, {
            SimpleRNN::new(5).return_sequences(true).return_state(true)
        }),
        layer("LSTMCell", &with("LSTMCell", &[]), &[&[4], &[5], &[5]], LSTMCell::new(5)),
        layer("LSTMCell", &with("LSTMCell", &[]), &[&[4]], LSTMCell::new(5)),
        layer("GRUCell", &with("GRUCell", &[]), &[&[4], &[5]], GRUCell::new(5)),
        layer("GRUCell", &after("GRUCell"), &[&[4]], {
            GRUCell::new(5).reset_after(false).use_bias(false)
        }),
        layer("SimpleRNNCell", &with("SimpleRNNCell", &[]), &[&[4], &[5]], SimpleRNNCell::new(5)),
        around("RNN", &[Rust, no, no], sequence, &[&[5], &[5]], RNN::new(GRUCell::new(5))),
        around("RNN", &[Rust, yes, yes], two_states, &[&[5], &[5], &[5]], {
            RNN::new(LSTMCell::new(5)).return_sequences(true).return_state(true)
        }),
        around("SpectralNormalization", &[Rust, Int(2)], sequence, &[&[7, 5]], {
            SpectralNormalization::new(Dense::new(5)).power_iterations(2)
        }),
        around("Bidirectional", &merge("concat"), sequence, &[&[5]], {
            Bidirectional::new(LSTM::new(5))
        }),
        around("Bidirectional", &merge("ave"), &[&[7, 4], &[5], &[5]], &[&[7, 5], &[5]], {
            let gru = GRU::new(5).return_sequences(true).return_state(true);
            Bidirectional::new(gru).merge_mode(MergeMode::Ave)
        }),
        around("Bidirectional", &merge("none"), sequence, &[&[7, 5], &[5], &[5]], {
            let lstm = LSTM::new(5).return_sequences(true).return_state(true);
            Bidirectional::new(lstm).merge_mode(MergeMode::None)
        }),
    ]
}

/// Whether a function lets no gradient through to its input number `i`.
fn stops(name: &str, i: usize) -> bool {
    match name {
        "stop_gradient" | "PositionEmbedding" | "Embedding" | "zeros_like" | "ones_like"
        | "full_like" | "random_normal" | "random_uniform" | "bernoulli" | "argmax" | "argmin"
        | "argsort" | "one_hot" => true,
        "MultiHeadAttention" => i == 3,
        "take" | "take_along_axis" | "segment_sum" => i == 1,
        _ => false,
    }
}

const SAMPLES: usize = 3;

/// The shapes that the runtime makes, sample axis included.
fn run(case: &Case) -> Result<Vec<Shape>, Error> {
    tape::run(Mode::Training, || {
        let inputs: Vec<Var> = (0..case.inputs.len())
            .map(|i| {
                let dims: Vec<usize> =
                    std::iter::once(SAMPLES).chain(case.inputs[i].iter().copied()).collect();
                match case.kind {
                    Kind::Float => tape::variable(random(&dims, i as u64)),
                    Kind::Index => tape::constant(Tensor::zeros(Shape::new(&dims))),
                }
            })
            .collect();
        let outputs = (case.call)(&inputs);
        let sums = outputs.iter().map(|output| output.sum());
        // Every input gets a gradient of its size.
        let gradients = tape::backward(sums.reduce(|a, b| a + b).expect("a layer returns a value"));
        for (i, input) in inputs.into_iter().enumerate() {
            let gradient = gradients.of(input);
            assert!(gradient.is_none_or(|g| Some(g.len()) == input.shape().size()));
            assert_eq!(gradient.is_none(), stops(case.name, i), "{}", case.name);
        }
        outputs.iter().map(|output| output.shape()).collect()
    })
}

fn all() -> Vec<Case> {
    let all = [
        layers(),
        normalizations::cases(),
        attention::cases(),
        convolutions(),
        windows(),
        augmentation(),
        recurrent(),
        of_values::cases(),
    ];
    all.into_iter().flatten().collect()
}

#[test]
fn shapes_are_those_of_the_catalogue() {
    let cases = all();
    for case in &cases {
        let entry = model_spec::find(case.name).expect("the table names entries of the catalogue");
        let (config, inputs) = (Config::new(&case.args), values(case.kind, case.inputs));
        let rule = match entry.wraps {
            Some(wraps) => (wraps.rule)(&config, &inputs, &values(Kind::Float, case.inner)),
            None => (entry.rule)(&config, &inputs),
        };
        let rule = rule.expect("the table is right");
        // What is made of nothing is the same for each sample.
        let samples = if case.inputs.is_empty() { 1 } else { SAMPLES };
        let expected =
            rule.as_slice().iter().map(|value| value.shape.with_first(samples)).collect();
        assert_eq!(run(case), Ok(expected), "{}{:?} of {:?}", case.name, case.args, case.inputs);
    }
    let in_table = |entry: &Entry| cases.iter().any(|case| case.name == entry.name);
    for entry in LAYERS.iter().chain(FUNCTIONS) {
        // An Input is given; a Sequential and a Container are made of others.
        let made = !matches!(entry.form, Form::Input | Form::Sequential | Form::Container);
        assert!(!made || in_table(entry), "{} has no row in the table", entry.name);
    }
}
