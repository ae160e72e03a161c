//! The same mistake in literals, in constants and in a running model is told in the same words.

use std::path::Path;

use model_runtime::prelude::*;

/// The sentences of a UI case, without what rustc puts before them.
fn sentences(case: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("ui/{case}.stderr"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    let message = |line: &str| {
        line.strip_prefix("error[E0080]: evaluation panicked: ")
            .or_else(|| line.strip_prefix("error: "))
            .map(str::to_owned)
    };
    text.lines().filter_map(message).collect()
}

/// The help lines of a UI case.
fn helps(case: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("ui/{case}.stderr"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    let help = |line: &str| line.trim_start().strip_prefix("help: ").map(str::to_owned);
    text.lines().filter_map(help).collect()
}

/// Ones of this shape, for two samples.
fn ones(shape: &[usize]) -> Var {
    let mut dims = vec![2];
    dims.extend(shape);
    Var::from_array(&ndarray::ArrayD::<Float>::ones(dims))
}

/// The sentence and the help of what a running model says.
#[track_caller]
fn running(step: impl FnOnce() -> Vars) -> (String, String) {
    let error = match tape::run(Mode::Inference, || step().one().shape()) {
        Err(Error::Shape { error, .. }) => error,
        other => panic!("no error of shapes: {other:?}"),
    };
    (error.sentence().to_owned(), error.help_text().to_owned())
}

/// A mistake in its three forms: the case with literals, the one with constants, and a call.
struct Mistake {
    name: &'static str,
    run: fn() -> Vars,
}

const fn mistake(name: &'static str, run: fn() -> Vars) -> Mistake {
    Mistake { name, run }
}

const MISTAKES: &[Mistake] = &[
    mistake("reshape", || Reshape::new(&[29, 29]).call(ones(&[784])).into()),
    mistake("permute", || Permute::new(&[2, 3]).call(ones(&[28, 3])).into()),
    mistake("softmax", || Softmax::new().axis(3).call(ones(&[28, 3])).into()),
    mistake("repeat_vector", || RepeatVector::new(5).call(ones(&[28, 3])).into()),
    mistake("concatenate", || {
        let inputs = [ones(&[3, 4]), ones(&[5, 4])];
        Layer::call(&Concatenate::new(), &inputs)
    }),
    mistake("concatenate_ranks", || {
        let inputs = [ones(&[3, 4]), ones(&[3])];
        Layer::call(&Concatenate::new(), &inputs)
    }),
    mistake("add", || Layer::call(&Add::new(), &[ones(&[3, 4]), ones(&[5, 4])])),
    mistake("maximum", || Layer::call(&Maximum::new(), &[ones(&[3, 4]), ones(&[4])])),
    mistake("subtract", || Layer::call(&Subtract::new(), &[ones(&[3]), ones(&[3]), ones(&[3])])),
    mistake("dot", || Layer::call(&Dot::new(&[1]), &[ones(&[3, 4]), ones(&[5, 4])])),
    mistake("attention_lengths", || {
        let inputs = [ones(&[4, 7]), ones(&[6, 3]), ones(&[5, 3])];
        Layer::call(&MultiHeadAttention::new(2, 8), &inputs)
    }),
    mistake("attention_features", || {
        Layer::call(&Attention::new(), &[ones(&[4, 7]), ones(&[6, 3])])
    }),
    mistake("attention_positions", || PositionEmbedding::new(8).call(ones(&[9, 3])).into()),
    mistake("operator", || (ones(&[3, 4]) * ones(&[5, 4])).into()),
    mistake("matmul", || ones(&[3, 4]).matmul(ones(&[3, 5])).into()),
    mistake("squeeze", || model_runtime::functions::squeeze(ones(&[10, 3]), &[2]).into()),
    mistake("stack", || model_runtime::functions::stack(&[ones(&[10]), ones(&[9])], -1).into()),
    mistake("model", || Layer::call(&Encoder::new(0), &[ones(&[3]), ones(&[3])])),
    mistake("conv2d_kernel", || Conv2D::new(16, &[7]).call(ones(&[8, 6, 3])).into()),
    mistake("conv2d_dilation", || {
        Conv2D::new(16, &[3]).dilation_rate(&[4]).call(ones(&[8, 8, 3])).into()
    }),
    mistake("conv2d_groups", || Conv2D::new(16, &[3]).groups(2).call(ones(&[28, 28, 3])).into()),
    mistake("conv2d_strides", || {
        Conv2D::new(16, &[3]).strides(&[0]).call(ones(&[28, 28, 3])).into()
    }),
    mistake("conv2d_filters", || Conv2D::new(0, &[3]).call(ones(&[28, 28, 3])).into()),
    mistake("conv2d_features", || Conv2D::new(16, &[3]).call(ones(&[784])).into()),
    mistake("conv2d_causal", || {
        Conv2D::new(16, &[3]).padding(Padding::Causal).call(ones(&[28, 28, 3])).into()
    }),
    mistake("conv1d_image", || Conv1D::new(16, &[3]).call(ones(&[28, 28, 3])).into()),
    mistake("conv2d_transpose", || {
        let layer = Conv2DTranspose::new(4, &[3]).strides(&[2]).output_padding(&[2]);
        layer.call(ones(&[7, 7, 8])).into()
    }),
    mistake("depthwise_conv2d", || {
        DepthwiseConv2D::new(&[3]).depth_multiplier(0).call(ones(&[7, 7, 8])).into()
    }),
    mistake("max_pooling2d", || MaxPooling2D::new().pool_size(&[4]).call(ones(&[3, 8, 3])).into()),
    mistake("max_pooling1d_causal", || {
        MaxPooling1D::new().padding(Padding::Causal).call(ones(&[8, 3])).into()
    }),
    mistake("up_sampling2d", || UpSampling2D::new().size(&[2, 0]).call(ones(&[28, 28, 3])).into()),
    mistake("zero_padding2d", || {
        ZeroPadding2D::new().padding(&[1, 2, 3]).call(ones(&[28, 28, 3])).into()
    }),
    mistake("cropping2d", || {
        Cropping2D::new().cropping(&[2, 2, 3, 3]).call(ones(&[28, 6, 3])).into()
    }),
    mistake("merge_strides", || {
        Layer::call(&Add::new(), &[ones(&[13, 13, 8]), ones(&[26, 26, 8])])
    }),
    mistake("concatenate_strides", || {
        Layer::call(&Concatenate::new(), &[ones(&[13, 13, 8]), ones(&[26, 26, 8])])
    }),
];

model! {
    /// Called on more inputs than it has.
    struct Encoder {
        x = Input(3);
        Dense(1)(x)
    }
}

#[test]
fn a_mistake_reads_the_same_in_all_phases() {
    let mut wrong = Vec::new();
    for Mistake { name, run } in MISTAKES {
        let (sentence, help) = running(*run);
        for form in ["literal", "const"] {
            let case = format!("phase_{name}_{form}");
            if sentences(&case) != [sentence.clone()] || helps(&case) != [help.clone()] {
                wrong.push(format!(
                    "{case}\n  compiled: {:?} {:?}\n  running:  {sentence:?} {help:?}",
                    sentences(&case),
                    helps(&case)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
