//! State that trains along, but not by a gradient.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::{Array2, arr0, array};

use super::line;
use super::models::bits;
use crate::prelude::*;

/// Counts the samples that it has seen in training.
pub struct Counter {
    count: Variable,
}

impl Counter {
    pub fn new() -> Counter {
        Counter { count: Variable::scalar("count", 0.0) }
    }

    /// The shape stays.
    pub const fn output_shape(inputs: &[Value]) -> Result<Values, ShapeError> {
        Ok(Values::one(inputs[0]))
    }
}

impl Default for Counter {
    fn default() -> Counter {
        Counter::new()
    }
}

impl Layer for Counter {
    fn init(&mut self, _seed: Seed, _inputs: &[Value]) {
        *self = Counter::new();
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        self.count.update(self.count.read() + inputs[0].shape().dim(0) as Float);
        inputs[0].into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.variable("count", &self.count);
    }
}

model! {
    /// Calls its counter twice.
    struct Counted {
        x = Input(2);
        counter = self::Counter();
        x = counter(counter(x));
        Dense(1)(x)
    }
}

fn count(net: &Counted) -> Float {
    net.counter.count.get().sum()
}

#[test]
fn a_step_stores_what_it_has_updated_and_nothing_else_does() {
    let (x, y) = line();
    let mut trainer = Counted::new(1).compile("sgd", "mse").unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!(count(trainer.model()), 80.0);
    trainer.evaluate(&x, &y).unwrap();
    trainer.test_on_batch(&x, &y).unwrap();
    trainer.predict(&x).unwrap();
    assert_eq!(count(trainer.model()), 80.0);
    trainer.fit(&x, &y, Fit::epochs(2).batch_size(8).verbose(0)).unwrap();
    assert_eq!(count(trainer.model()), 240.0);
}

#[test]
fn a_batch_that_fails_or_panics_stores_nothing() {
    let (x, y) = line();
    let losses: [fn(Var, Var) -> PerSample; 3] = [
        |t, p| ((p - t) / 0).mean_per_sample(),
        |_, p| (p - p).sqrt().mean_per_sample(),
        |_, _| panic!("in the loss"),
    ];
    for loss in losses {
        let mut trainer = Counted::new(1).compile("sgd", loss).unwrap();
        let result = catch_unwind(AssertUnwindSafe(|| trainer.train_on_batch(&x, &y)));
        assert!(result.is_err() || result.is_ok_and(|logs| logs.is_err()));
        assert_eq!(count(trainer.model()), 0.0);
    }
}

#[test]
fn a_value_that_is_not_finite_is_an_error_that_names_the_path() {
    let (x, y) = line();
    let net = Counted::new(1);
    net.counter.count.set(&arr0(Float::INFINITY)).unwrap();
    let mut trainer = net.compile("sgd", "mse").unwrap();
    let before = bits(trainer.model());
    let error = trainer.fit(&x, &y, Fit::epochs(1).verbose(0)).unwrap_err().to_string();
    let start = "the new value of the variable `counter.count` is not finite in epoch 1 at batch 1";
    assert!(error.starts_with(start), "{error}");
    assert_eq!(bits(trainer.model()), before);
}

#[test]
fn frozen_parts_stay_also_when_the_model_is_drawn_again() {
    let (x, y) = line();
    let mut net = Counted::new(1);
    net.set_trainable(false);
    net.reset(2);
    let before = bits(&net);
    let mut trainer = net.compile("sgd", "mse").unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!((count(trainer.model()), bits(trainer.model())), (0.0, before.clone()));
    trainer.model().counter.set_trainable(true);
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!((count(trainer.model()), bits(trainer.model())), (80.0, before.clone()));
    trainer.model().set_trainable(true);
    trainer.train_on_batch(&x, &y).unwrap();
    assert_ne!(bits(trainer.model()), before);
}

#[test]
fn variables_have_paths_and_count_as_weights_that_do_not_train() {
    let net = Counted::new(1);
    let variables = net.variables();
    assert_eq!(variables.len(), 1);
    assert_eq!((variables[0].0.as_str(), variables[0].1.id()), ("counter.count", net.counter.id()));
    assert_eq!(net.count_params(), 4);
    let text = net.summary().to_string();
    assert!(text.contains(" Total params: 4 ("), "{text}");
    assert!(text.contains(" Non-trainable params: 1 ("), "{text}");
}

impl Counter {
    fn id(&self) -> u64 {
        self.count.id()
    }
}

#[test]
fn other_models_in_a_loss_are_constants_and_a_variable_that_nobody_names_is_an_error() {
    let (x, y) = line();
    let other = Counted::new(7);
    let (shared, kernel) = (other.counter.count.share(), other.dense.kernel.share());
    let before = kernel.get();
    let loss =
        move |_: Var, p: Var| other.call(Var::concatenate(&[p, p], 1)).square().mean_per_sample();
    let mut trainer = Counted::new(1).compile("sgd", loss).unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!(count(trainer.model()), 80.0);
    assert_eq!((shared.get().sum(), kernel.get()), (0.0, before));

    let stray = Variable::scalar("stray", 0.0);
    let handle = stray.share();
    let loss = move |t: Var, p: Var| {
        stray.update(p.mean());
        (t - p).square().mean_per_sample()
    };
    let mut trainer = Counted::new(1).compile("sgd", loss).unwrap();
    let before = bits(trainer.model());
    let error = trainer.train_on_batch(&x, &y).unwrap_err().to_string();
    assert!(error.starts_with("the variable `stray` was updated, but belongs neither"), "{error}");
    assert_eq!(bits(trainer.model()), before);
    assert_eq!((handle.get().sum(), count(trainer.model())), (0.0, 0.0));
    trainer.evaluate(&x, &y).unwrap();
}

/// The balance of BEGAN, Berthelot et al. 2017, <https://arxiv.org/abs/1703.10717>: the first
/// column is real, the second is not.
struct Balance {
    k: Variable,
    m_global: Variable,
}

impl Loss for Balance {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let error = (y_true - y_pred).abs();
        let real = error.slice(s![.., ..1]).mean_per_sample();
        let fake = error.slice(s![.., 1..]).mean_per_sample();
        let k = self.k.read();
        let balance = real.mean() * 0.5 - fake.mean();
        self.k.update((k + balance * 0.25).clip(0.0, 1.0));
        self.m_global.update(real.mean() + balance.abs());
        real - fake * k
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.k, &self.m_global]
    }
}

#[test]
fn a_loss_balances_itself() {
    let (k, m_global) = (Variable::scalar("k", 0.0), Variable::scalar("m_global", 0.0));
    let loss = Balance { k: k.share(), m_global: m_global.share() };
    let net = model! { x = Input(1); Dense(2, kernel_initializer = zeros)(x) };
    let mut trainer = net.compile(SGD::new(0.0), loss).unwrap();
    let (x, y) = (array![[1.0], [1.0]], array![[4.0, 1.0], [8.0, 3.0]]);
    // The errors are 6 and 2, so the balance is 6/2 - 2 = 1.
    for (step, expected) in [0.25, 0.5, 0.75, 1.0, 1.0].into_iter().enumerate() {
        let logs = trainer.train_on_batch(&x, &y).unwrap();
        assert_eq!(k.get().sum(), expected, "after step {step}");
        let used = (0.25 * step as Float).min(1.0);
        assert_eq!(logs["loss"], 6.0 - 2.0 * used);
        assert_eq!(m_global.get().sum(), 7.0);
        assert_eq!((logs["k"], logs["m_global"]), (expected, 7.0));
    }
    k.set(&arr0(0.25)).unwrap();
    let logs = trainer.evaluate(&x, &y).unwrap();
    assert_eq!((logs["loss"], logs.get("k")), (5.5, None));
    assert_eq!(k.get().sum(), 0.25);
    // An epoch has the values at its end.
    let fit = Fit::epochs(2).batch_size(1).validation_data(&x, &y).shuffle(false).verbose(0);
    let history = trainer.fit(&x, &y, fit).unwrap();
    let last = [history["k"][1], history["m_global"][1]];
    assert_eq!(last, [k.get().sum(), m_global.get().sum()]);
    assert!(history.get("val_k").is_empty() && history["k"].len() == 2);
}

#[test]
fn sixteen_threads_predict_at_once() {
    let net = Counted::new(1);
    let x = Array2::from_shape_fn((70, 2), |(i, j)| (i + j) as Float / 70.0);
    let expected = net.predict(&x).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(net.predict(&x).unwrap(), expected));
        }
    });
    assert_eq!(count(&net), 0.0);
}
