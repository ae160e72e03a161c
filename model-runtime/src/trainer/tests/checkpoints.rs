//! Training that goes on from a file is bit for bit what it would have been.

use std::fs;
use std::path::PathBuf;

use ndarray::{Array2, ArrayD};

use super::line;
use crate::float::Scalar;
use crate::optimizer::schedule::ExponentialDecay;
use crate::prelude::*;

model! {
    pub struct Noisy {
        x = Input(2);
        h = Dense(6, tanh, kernel_regularizer = l2(0.01))(x);
        h = BatchNormalization()(h);
        h = Dropout(0.3)(h);
        add_loss("size", mean(h * h) * 0.01);
        add_metric("mean", mean(h));
        Dense(1)(h)
    }
}

/// A file that is removed at the end.
pub(super) struct TempFile(pub PathBuf);

impl TempFile {
    pub fn new(name: &str) -> TempFile {
        let name = format!("training-{name}-{}.safetensors", std::process::id());
        TempFile(std::env::temp_dir().join(name))
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The squared error, with a number that it adapts.
pub(super) struct Balanced {
    k: Variable,
}

impl Loss for Balanced {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let error = (y_true - y_pred).square();
        let k = self.k.read();
        self.k.update(k + (error.mean() - k) * 0.1);
        (error * (k + 1.0)).mean_per_sample()
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.k]
    }
}

fn balanced() -> Balanced {
    Balanced { k: Variable::scalar("k", 0.5) }
}

pub(super) fn trainer(seed: u64, optimizer: impl IntoOptimizer) -> Trainer<Noisy> {
    let trainer = Noisy::new(seed).compile(optimizer, balanced()).unwrap();
    trainer.with_metrics(["mae"]).unwrap()
}

/// 40 samples, of which 30 are trained on: 4 batches.
fn options<'a>(epochs: usize) -> Fit<'a, Noisy> {
    Fit::epochs(epochs).batch_size(8).validation_split(0.25).seed(5).verbose(0)
}

/// All of a trainer, bit by bit.
pub(super) fn bits(trainer: &Trainer<Noisy>) -> (Vec<u64>, String) {
    let model = trainer.model();
    let weights = model.parameters().into_iter().map(|(_, weight)| weight.get());
    let variables = model.variables().into_iter().map(|(_, variable)| variable.get());
    let arrays: Vec<ArrayD<Float>> = weights.chain(variables).collect();
    let bits = arrays.iter().flat_map(|array| array.iter().map(|x| x.as_f64().to_bits()));
    (bits.collect(), format!("{:?}", trainer.state()))
}

/// When a training is killed: after this batch of this epoch, or at the end of the epoch.
type Cut = (usize, Option<usize>);

/// Saves at a moment, and dies.
struct Kill<'a>(Cut, &'a TempFile);

impl Kill<'_> {
    fn at(&self, trainer: &Trainer<Noisy>, now: Cut) -> Result<(), Error> {
        if now != self.0 {
            return Ok(());
        }
        trainer.save_state(&self.1.0)?;
        Err(Error::callback("killed"))
    }
}

impl Callback<Noisy> for Kill<'_> {
    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<Noisy>,
        epoch: usize,
        _: &mut Logs,
    ) -> Result<(), Error> {
        self.at(trainer, (epoch, None))
    }

    fn on_train_batch_end(
        &mut self,
        trainer: &mut Trainer<Noisy>,
        batch: usize,
        _: &Logs,
    ) -> Result<(), Error> {
        // A whole epoch is trained before the one that is cut, whose number `fit` knows.
        let epoch = trainer.epoch();
        self.at(trainer, (epoch, Some(batch)))
    }
}

/// Trains 10 epochs at once, and with a kill in between, by a trainer of other weights.
#[track_caller]
fn resumes(name: &str, optimizer: impl Fn() -> MultiOptimizer) {
    let (x, y) = line();
    let file = TempFile::new(name);
    let mut whole = trainer(1, optimizer());
    let expected = whole.fit(&x, &y, options(10)).unwrap();
    for cut in [(3, None), (0, Some(0)), (4, Some(1)), (9, Some(3))] {
        let mut killed = trainer(1, optimizer());
        let error = killed.fit(&x, &y, options(10).callback(Kill(cut, &file))).unwrap_err();
        assert_eq!(error.to_string(), "a callback has ended the training: killed");
        drop(killed);
        let mut resumed = trainer(2, optimizer());
        resumed.load_state(&file.0).unwrap();
        let history = resumed.fit(&x, &y, options(10).resume(true)).unwrap();
        assert_eq!(bits(&resumed), bits(&whole), "{name} {cut:?}");
        for value in expected.names() {
            let (all, rest) = (&expected[value], &history[value]);
            assert_eq!(all[10 - rest.len()..], *rest, "{name} {cut:?} {value}");
        }
        let first = if cut.1.is_none() { cut.0 + 1 } else { cut.0 };
        assert_eq!(history.epochs, (first..10).collect::<Vec<_>>());
    }
}

#[test]
fn every_optimizer_goes_on_as_if_nothing_had_happened() {
    macro_rules! each {
        ($($optimizer:expr),* $(,)?) => {
            $(resumes(stringify!($optimizer).split(':').next().unwrap(), || {
                $optimizer.into_optimizer().unwrap()
            });)*
        };
    }
    each![
        SGD::new(0.05).momentum(0.9).nesterov(true),
        Adam::new(1.0 / 300.0).amsgrad(true).use_ema(true).ema_overwrite_frequency(7),
        AdamW::new(0.01).clipnorm(0.5),
        RMSprop::new(0.01).centered(true).momentum(0.5),
        Adagrad::new(0.1),
        Adadelta::new(1.0),
        Adamax::new(0.01).gradient_accumulation_steps(3),
        Nadam::new(0.01),
        Lion::new(0.001).weight_decay(0.01),
    ];
}

#[test]
fn several_optimizers_and_schedules_go_on_as_if_nothing_had_happened() {
    resumes("multi", || {
        MultiOptimizer::new(Adam::new(ExponentialDecay::new(0.01, 3, 0.9)).use_ema(true))
            .with("dense", SGD::new(0.1).momentum(0.5).gradient_accumulation_steps(3))
    });
}

#[test]
fn what_fit_ended_with_goes_on_in_the_same_trainer_and_from_a_file() {
    let (x, y) = line();
    let file = TempFile::new("end");
    let mut whole = trainer(1, "adam");
    whole.fit(&x, &y, options(10)).unwrap();
    let mut parts = trainer(1, "adam");
    parts.fit(&x, &y, options(4).resume(true)).unwrap();
    parts.save_state(&file.0).unwrap();
    let mut other = trainer(2, "adam");
    other.load_state(&file.0).unwrap();
    assert_eq!(bits(&other), bits(&parts));
    for trainer in [&mut parts, &mut other] {
        // The seed is that of the state.
        trainer.fit(&x, &y, options(10).seed(77).resume(true)).unwrap();
        assert_eq!(bits(trainer), bits(&whole));
        assert_eq!(trainer.fit(&x, &y, options(10).resume(true)).unwrap().epochs, []);
    }
}

#[test]
fn steps_by_hand_go_on_from_a_file() {
    let (x, y) = line();
    let file = TempFile::new("hand");
    let mut whole = trainer(1, "nadam");
    let step = |trainer: &mut Trainer<Noisy>| {
        trainer.train_on_batch(&x, &y).unwrap();
    };
    step(&mut whole);
    whole.set_learning_rate(0.0123).unwrap();
    whole.save_state(&file.0).unwrap();
    let mut resumed = trainer(2, "nadam");
    resumed.load_state(&file.0).unwrap();
    step(&mut whole);
    step(&mut resumed);
    assert_eq!(bits(&resumed), bits(&whole));
}

#[test]
fn weights_alone_are_read_from_a_state_and_a_state_is_not_read_from_weights() {
    let (x, y): (Array2<Float>, Array2<Float>) = line();
    let file = TempFile::new("weights");
    let mut trained = trainer(1, "adam");
    trained.fit(&x, &y, options(2)).unwrap();
    trained.save_state(&file.0).unwrap();
    let net = Noisy::new(2);
    net.load_weights(&file.0).unwrap();
    assert_eq!(net.predict(&x).unwrap(), trained.predict(&x).unwrap());
    trained.model().save_weights(&file.0).unwrap();
    let before = bits(&trained);
    let text = trained.load_state(&file.0).unwrap_err().to_string();
    assert!(text.contains("cannot go on here: the file has none, but weights alone"), "{text}");
    assert_eq!(bits(&trained), before);
}

#[test]
fn the_state_of_another_trainer_is_refused_and_told() {
    let (x, y) = line();
    let file = TempFile::new("other");
    let mut trained = trainer(1, "adam");
    trained.fit(&x, &y, options(2)).unwrap();
    trained.save_state(&file.0).unwrap();
    let refuses = |mut other: Trainer<Noisy>, expected: &str| {
        let before = bits(&other);
        let text = other.load_state(&file.0).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert_eq!(bits(&other), before);
    };
    refuses(trainer(1, "sgd"), "the optimizer is `sgd` here, but `adam` in the file");
    let two = MultiOptimizer::new(Adam::default()).with("dense", SGD::default());
    refuses(trainer(1, two), "the optimizer is `adam sgd` here, but `adam` in the file");
    refuses(trainer(1, Adam::default().amsgrad(true)), "has no `velocity_hat` of `dense.kernel`");
    refuses(trainer(1, Adam::default().use_ema(true)), "has no `average` of `dense.kernel`");
    let scheduled = Adam::new(ExponentialDecay::new(0.01, 3, 0.9));
    refuses(trainer(1, scheduled), "a learning rate is a schedule in one and a number");
    let plain = Noisy::new(1).compile("adam", "mse").unwrap();
    refuses(plain, "nothing here has the variable `training/variables/k`");
}
