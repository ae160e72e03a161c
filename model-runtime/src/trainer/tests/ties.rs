//! Weights that are one by [`Model::tie`].

use ndarray::Array2;

use super::line;
use super::own_step::all_bits;
use crate::TrainerState;
use crate::prelude::*;

model! {
    /// Two layers of one shape.
    struct Pair {
        x = Input(2);
        a = Dense(2, tanh, kernel_regularizer = l2(0.1))(x);
        b = Dense(2, tanh)(a);
        Dense(1)(b)
    }

    /// The same with one layer called twice.
    struct Twice {
        x = Input(2);
        a = Dense(2, tanh, kernel_regularizer = l2(0.1));
        Dense(1)(a(a(x)))
    }
}

fn tied(seed: u64) -> Pair {
    let mut net = Pair::new(seed);
    net.tie("b.kernel", "a.kernel").unwrap();
    net.tie("b.bias", "a.bias").unwrap();
    net
}

fn path(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("ties-{name}-{}.safetensors", std::process::id()))
}

#[test]
fn tied_layers_train_as_one_that_is_called_twice() {
    let (x, y) = line();
    let twice = Twice::new(1);
    let net = tied(2);
    net.set_weights(&twice.get_weights()).unwrap();
    let mut twice = twice.compile(Adam::new(0.05).weight_decay(0.01), "mse").unwrap();
    let mut net = net.compile(Adam::new(0.05).weight_decay(0.01), "mse").unwrap();
    let expected = twice.fit(&x, &y, Fit::epochs(3).batch_size(8).verbose(0));
    assert_eq!(net.fit(&x, &y, Fit::epochs(3).batch_size(8).verbose(0)), expected);
    assert_eq!(all_bits(net.model()), all_bits(twice.model()));
    // One memory of the optimizer for both.
    let slots = |state: TrainerState| {
        state.slots.into_iter().map(|slot| slot.weight).collect::<std::collections::BTreeSet<_>>()
    };
    let expected = ["a.kernel", "a.bias", "dense.kernel", "dense.bias"].map(str::to_owned);
    assert_eq!(slots(net.state()), expected.into_iter().collect());
}

#[test]
fn a_tied_weight_counts_once_and_the_summary_says_so() {
    let net = tied(1);
    assert_eq!(net.count_params(), 6 + 3);
    let paths: Vec<String> = net.parameters().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a.kernel", "a.bias", "dense.kernel", "dense.bias"]);
    assert_eq!(net.weight("b.kernel").unwrap().id(), net.a.kernel.id());
    let text = net.summary().to_string();
    assert!(text.contains(" Total params: 9 ("), "{text}");
    assert!(text.contains("b (Dense, shares a.kernel, shares a.bias)"), "{text}");
}

#[test]
fn files_have_it_once_and_are_loaded() {
    let (net, other) = (tied(1), tied(2));
    let file = path("once");
    net.save_weights(&file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let has = |name: &str| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    assert!(has("\"a.kernel\"") && !has("\"b.kernel\"") && !has("\"b.bias\""));
    other.load_weights(&file).unwrap();
    assert_eq!(all_bits(&other), all_bits(&net));
    assert_eq!(other.b.kernel.get(), net.a.kernel.get());
    // A model without the ties has other weights.
    let loose = Pair::new(3);
    let before = all_bits(&loose);
    let error = loose.load_weights(&file).unwrap_err().to_string();
    assert!(error.contains("not in the file: `b.kernel`"), "{error}");
    assert_eq!(all_bits(&loose), before);
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn shared_duplicated_and_redrawn_models_keep_their_ties() {
    let ids = |net: &Pair| [net.a.kernel.id(), net.b.kernel.id()];
    let mut net = tied(1);
    let (shared, copy) = (net.share(), net.duplicate());
    assert_eq!(ids(&shared), ids(&net));
    assert_eq!(copy.a.kernel.id(), copy.b.kernel.id());
    assert_ne!(ids(&copy), ids(&net));
    net.reset(7);
    assert_eq!(net.a.kernel.id(), net.b.kernel.id());
    assert_eq!(net.a.kernel.get(), Pair::new(7).a.kernel.get());
    assert_eq!(net.b.bias.as_ref().unwrap().id(), net.a.bias.as_ref().unwrap().id());
    // The handle from before is of the weights from before.
    assert_eq!(ids(&shared), [shared.a.kernel.id(); 2]);
    assert_ne!(ids(&shared), ids(&net));
}

#[test]
fn ties_follow_each_other() {
    let mut net = model! {
        x = Input(2);
        a = Dense(2)(x);
        b = Dense(2)(a);
        c = Dense(2)(b);
        Dense(1)(c)
    };
    let kernel = net.c.kernel.get();
    net.tie("a.kernel", "b.kernel").unwrap();
    net.tie("b.kernel", "c.kernel").unwrap();
    net.tie("c.kernel", "a.kernel").unwrap();
    let id = net.c.kernel.id();
    assert_eq!([net.a.kernel.id(), net.b.kernel.id()], [id; 2]);
    assert_eq!(net.a.kernel.get(), kernel);
    // Of two trainings with the state of one, both go on as one.
    net.freeze("b.kernel").unwrap();
    assert!(!net.a.kernel.is_trainable());
}

#[test]
fn what_cannot_be_tied_is_refused() {
    let mut net = model! {
        x = Input(2);
        h = Dense(3)(x);
        h = BatchNormalization()(h);
        Dense(1)(h)
    };
    let before = (all_bits(&net), net.count_params());
    let text = "`dense.kernel` has the shape (2, 3) and `dense_1.kernel` (3, 1), which cannot be";
    let cases = [
        ("dense.kernel", "dense_1.kernel", text),
        ("dense.kernal", "dense.kernel", "did you mean `dense.kernel`?"),
        ("dense.bias", "batch_normalization.moving_mean", "is a variable and no weight"),
        ("dense", "dense_1", "`dense` is not a weight, but a layer; nothing has changed"),
    ];
    for (path, to, text) in cases {
        let error = net.tie(path, to).unwrap_err().to_string();
        assert!(error.contains(text), "{error}");
    }
    assert_eq!((all_bits(&net), net.count_params()), before);
}

/// A layer whose visit shows a handle that is not its own.
struct Hidden {
    kernel: Dense,
}

impl Layer for Hidden {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.kernel.init(seed, inputs);
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        self.kernel.call(inputs[0]).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("kernel", &self.kernel.kernel.share());
    }
}

impl Hidden {
    fn new() -> Hidden {
        Hidden { kernel: Dense::new(2).use_bias(false) }
    }

    const fn output_shape(inputs: &[Value]) -> Result<Values, ShapeError> {
        Ok(Values::one(inputs[0]))
    }
}

impl Default for Hidden {
    fn default() -> Hidden {
        Hidden::new()
    }
}

#[test]
fn a_layer_that_hides_its_handle_is_named() {
    let mut net = model! {
        x = Input(2);
        a = Dense(2)(x);
        hidden = self::Hidden();
        Dense(1)(hidden(a))
    };
    let error = net.tie("hidden.kernel", "a.kernel").unwrap_err().to_string();
    assert!(error.contains("the layer of `hidden.kernel` shows a copy of its handle"), "{error}");
    // The other way round it can be done.
    net.tie("a.kernel", "hidden.kernel").unwrap();
    assert_eq!(net.a.kernel.id(), net.hidden.kernel.kernel.id());
    assert_eq!(net.predict(&Array2::<Float>::ones((1, 2))).unwrap().shape(), [1, 1]);
}

#[test]
fn numbers_that_a_tied_weight_cannot_both_have_are_not_copied() {
    let (net, loose) = (tied(1), Pair::new(2));
    let before = all_bits(&net);
    let error = net.copy_weights(&loose).unwrap_err().to_string();
    assert!(
        error.contains("`a.kernel` and `b.kernel` are one weight, but get different"),
        "{error}"
    );
    assert_eq!(all_bits(&net), before);
    loose.copy_weights(&net).unwrap();
    assert_eq!(loose.b.kernel.get(), net.a.kernel.get());
    net.copy_weights(&tied(3)).unwrap();
    assert_eq!(all_bits(&net), all_bits(&tied(3)));
}
