//! The words that arguments take, such as `relu` for an activation.
//!
//! A word `hard_sigmoid` of the list `Activation` is the variant `Activation::HardSigmoid` of the
//! runtime; one with arguments, `l1_l2(0.01, 0.01)` of `Regularizer`, is
//! `Regularizer::L1L2(0.01, 0.01)`.

/// A list of words.
#[derive(Debug)]
pub struct Words {
    /// The type of the runtime that has a variant for each: `Activation`.
    pub rust_type: &'static str,
    /// What one of them is called in a sentence: `activation`.
    pub noun: &'static str,
    /// The words.
    pub words: &'static [Word],
    /// Whether a closure or a path may stand in their place, given to the runtime type's `custom`.
    pub custom: bool,
}

/// One word.
#[derive(Debug)]
pub struct Word {
    /// How it is written.
    pub name: &'static str,
    /// What it takes, and the defaults.
    pub args: &'static [WordArg],
}

/// What a word takes: its name and default.
#[derive(Debug)]
pub struct WordArg {
    /// Keras's name.
    pub name: &'static str,
    /// What it is where nothing is written.
    pub default: WordDefault,
}

/// What an argument of a word is where nothing is written; says its kind, too.
#[derive(Clone, Copy, Debug)]
pub enum WordDefault {
    /// A number that must be written.
    Required,
    /// A number.
    Number(f64),
    /// Axes, whole numbers: `0` or `(0, 1, 2)`.
    Axes(&'static [i64]),
    /// A word of a list.
    Word(&'static Words, &'static str),
}

const fn word(name: &'static str) -> Word {
    Word { name, args: &[] }
}

const fn number(name: &'static str, default: f64) -> WordArg {
    WordArg { name, default: WordDefault::Number(default) }
}

const fn choice(name: &'static str, words: &'static Words, default: &'static str) -> WordArg {
    WordArg { name, default: WordDefault::Word(words, default) }
}

const fn required(name: &'static str) -> WordArg {
    WordArg { name, default: WordDefault::Required }
}

/// The axes of a norm.
const AXIS: WordArg = WordArg { name: "axis", default: WordDefault::Axes(&[0]) };

/// Activations; see the [Keras page](https://keras.io/api/layers/activations/).
pub const ACTIVATION: Words = Words {
    rust_type: "Activation",
    noun: "activation",
    custom: true,
    words: &[
        word("linear"),
        word("relu"),
        word("sigmoid"),
        word("tanh"),
        word("softmax"),
        word("log_softmax"),
        word("elu"),
        word("selu"),
        word("gelu"),
        word("silu"),
        word("swish"),
        word("softplus"),
        word("softsign"),
        word("leaky_relu"),
        word("relu6"),
        word("exponential"),
        word("hard_sigmoid"),
        word("hard_silu"),
        word("mish"),
        word("log_sigmoid"),
        word("celu"),
        word("hard_tanh"),
        word("hard_shrink"),
        word("soft_shrink"),
        word("tanh_shrink"),
        word("squareplus"),
        word("sparse_plus"),
        word("sparse_sigmoid"),
    ],
};

/// Initialisers; see the [Keras page](https://keras.io/api/layers/initializers/).
pub const INITIALIZER: Words = Words {
    rust_type: "Initializer",
    noun: "initializer",
    custom: true,
    words: &[
        word("zeros"),
        word("ones"),
        Word { name: "constant", args: &[number("value", 0.0)] },
        Word { name: "random_normal", args: &[number("mean", 0.0), number("stddev", 0.05)] },
        Word { name: "random_uniform", args: &[number("minval", -0.05), number("maxval", 0.05)] },
        Word { name: "truncated_normal", args: &[number("mean", 0.0), number("stddev", 0.05)] },
        word("glorot_uniform"),
        word("glorot_normal"),
        word("he_uniform"),
        word("he_normal"),
        word("lecun_uniform"),
        word("lecun_normal"),
        Word {
            name: "variance_scaling",
            args: &[
                number("scale", 1.0),
                choice("mode", &FAN, "fan_in"),
                choice("distribution", &DISTRIBUTION, "truncated_normal"),
            ],
        },
        Word { name: "orthogonal", args: &[number("gain", 1.0)] },
        Word { name: "identity", args: &[number("gain", 1.0)] },
    ],
};

/// What `variance_scaling` divides by.
pub const FAN: Words = Words {
    rust_type: "Fan",
    noun: "mode",
    custom: false,
    words: &[word("fan_in"), word("fan_out"), word("fan_avg")],
};

/// How the numbers of `variance_scaling` are distributed.
pub const DISTRIBUTION: Words = Words {
    rust_type: "Distribution",
    noun: "distribution",
    custom: false,
    words: &[word("truncated_normal"), word("untruncated_normal"), word("uniform")],
};

/// Regularizers; see the [Keras page](https://keras.io/api/layers/regularizers/).
pub const REGULARIZER: Words = Words {
    rust_type: "Regularizer",
    noun: "regularizer",
    custom: true,
    words: &[
        Word { name: "l1", args: &[number("l1", 0.01)] },
        Word { name: "l2", args: &[number("l2", 0.01)] },
        Word { name: "l1_l2", args: &[number("l1", 0.01), number("l2", 0.01)] },
        Word {
            name: "orthogonal",
            args: &[number("factor", 0.01), choice("mode", &VECTORS, "rows")],
        },
    ],
};

/// Constraints; see the [Keras page](https://keras.io/api/layers/constraints/).
pub const CONSTRAINT: Words = Words {
    rust_type: "Constraint",
    noun: "constraint",
    custom: true,
    words: &[
        Word { name: "max_norm", args: &[number("max_value", 2.0), AXIS] },
        word("non_neg"),
        Word { name: "unit_norm", args: &[AXIS] },
        Word {
            name: "min_max_norm",
            args: &[number("min_value", 0.0), number("max_value", 1.0), number("rate", 1.0), AXIS],
        },
        Word { name: "clip", args: &[required("min"), required("max")] },
    ],
};

/// Which vectors of a matrix are meant.
pub const VECTORS: Words = Words {
    rust_type: "Vectors",
    noun: "mode",
    custom: false,
    words: &[word("rows"), word("columns")],
};

/// What the numbers of an input are.
pub const DTYPE: Words = Words {
    rust_type: "Kind",
    noun: "dtype",
    custom: false,
    words: &[word("float32"), word("int32")],
};

/// What [`cast`](crate::functions::cast) makes of numbers.
pub const CAST: Words = Words {
    rust_type: "Cast",
    noun: "dtype",
    custom: false,
    words: &[word("float32"), word("int32"), word("bool")],
};

/// What [`pad`](crate::functions::pad) puts around a value.
pub const PAD_MODE: Words = Words {
    rust_type: "PadMode",
    noun: "mode",
    custom: false,
    words: &[word("constant"), word("reflect"), word("symmetric")],
};

/// What is put around an image or sequence before a window slides over it. Which layers take
/// `causal` their rules say.
pub const PADDING: Words = Words {
    rust_type: "Padding",
    noun: "padding",
    custom: false,
    words: &[word("valid"), word("same"), word("causal")],
};

/// What stands between the pixels of a smaller image in a larger one.
pub const INTERPOLATION: Words = Words {
    rust_type: "Interpolation",
    noun: "interpolation",
    custom: false,
    words: &[word("nearest"), word("bilinear")],
};

/// Along which axes images are turned round.
pub const FLIP_MODE: Words = Words {
    rust_type: "FlipMode",
    noun: "mode",
    custom: false,
    words: &[word("horizontal"), word("vertical"), word("horizontal_and_vertical")],
};

/// What stands beyond the edges of an image.
pub const FILL_MODE: Words = Words {
    rust_type: "FillMode",
    noun: "fill_mode",
    custom: false,
    words: &[word("reflect"), word("wrap"), word("constant"), word("nearest")],
};

/// How a query is compared with a key.
pub const SCORE_MODE: Words = Words {
    rust_type: "ScoreMode",
    noun: "score_mode",
    custom: false,
    words: &[word("dot"), word("concat")],
};

/// How the outputs of both ways over a sequence become one.
pub const MERGE_MODE: Words = Words {
    rust_type: "MergeMode",
    noun: "merge mode",
    custom: false,
    words: &[word("concat"), word("sum"), word("mul"), word("ave"), word("none")],
};
