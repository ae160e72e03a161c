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
    /// The numbers it takes, and their defaults.
    pub args: &'static [WordArg],
}

/// A number that a word takes: its name and default.
#[derive(Debug)]
pub struct WordArg {
    /// Keras's name.
    pub name: &'static str,
    /// What it is where nothing is written; `None` if something must be.
    pub default: Option<f64>,
}

const fn word(name: &'static str) -> Word {
    Word { name, args: &[] }
}

const fn number(name: &'static str, default: f64) -> WordArg {
    WordArg { name, default: Some(default) }
}

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
    ],
};

/// Initialisers; see the [Keras page](https://keras.io/api/layers/initializers/).
pub const INITIALIZER: Words = Words {
    rust_type: "Initializer",
    noun: "initializer",
    custom: false,
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
        Word { name: "orthogonal", args: &[number("gain", 1.0)] },
    ],
};

/// Regularizers; see the [Keras page](https://keras.io/api/layers/regularizers/).
pub const REGULARIZER: Words = Words {
    rust_type: "Regularizer",
    noun: "regularizer",
    custom: false,
    words: &[
        Word { name: "l1", args: &[number("l1", 0.01)] },
        Word { name: "l2", args: &[number("l2", 0.01)] },
        Word { name: "l1_l2", args: &[number("l1", 0.01), number("l2", 0.01)] },
    ],
};

/// What the numbers of an input are.
pub const DTYPE: Words = Words {
    rust_type: "Kind",
    noun: "dtype",
    custom: false,
    words: &[word("float32"), word("int32")],
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
