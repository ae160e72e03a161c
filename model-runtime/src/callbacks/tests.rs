use std::cell::RefCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use ndarray::{Array2, array};

use super::Mode;
use crate::prelude::*;

model! {
    pub struct Net {
        x = Input(2);
        Dense(1, kernel_initializer = zeros)(x)
    }
}

/// A folder that is removed at the end.
pub(super) struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let name = format!("callbacks-{name}-{}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        let _ = fs::remove_dir_all(&folder.0);
        fs::create_dir(&folder.0).unwrap();
        folder
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn data() -> (Array2<Float>, Array2<Float>) {
    (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0], [2.0]])
}

pub(super) fn trainer() -> Trainer<Net> {
    Net::new(0).compile(SGD::new(0.1), "mse").unwrap()
}

pub(super) fn fit(trainer: &mut Trainer<Net>, options: Fit<'_, Net>) -> Result<History, Error> {
    let (x, y) = data();
    trainer.fit(&x, &y, options.verbose(0))
}

/// Gives each epoch its value, and the bias of the model the number of the epoch.
fn values(values: &[f64]) -> LambdaCallback<'_, Net> {
    LambdaCallback::new().on_epoch_end(move |trainer: &mut Trainer<Net>, epoch, logs| {
        logs.set("value", values[epoch] as Float);
        let bias = trainer.model().dense.bias.as_ref().expect("a bias");
        bias.set(&array![epoch as Float])
    })
}

fn bias(trainer: &Trainer<Net>) -> Float {
    trainer.model().dense.bias.as_ref().unwrap().get().sum()
}

const DOWN: [f64; 10] = [1.0, 0.8, 0.9, 0.7, 0.75, 0.72, 0.71, 0.69, 0.8, 0.9];
const UP: [f64; 10] = [0.1, 0.3, 0.2, 0.4, 0.4, 0.35, 0.5, 0.45, 0.44, 0.43];
const SLOW: [f64; 10] = [1.0, 0.99, 0.98, 0.97, 0.5, 0.49, 0.48, 0.47, 0.46, 0.45];
const NAN: [f64; 6] = [0.5, f64::NAN, 0.4, f64::NAN, f64::NAN, 0.3];

/// Numbers of epochs, and of the epoch whose weights there are at the end, of Keras 3.15.1.
#[test]
fn early_stopping_stops_where_keras_does() {
    let min = |patience| EarlyStopping::new().monitor("value").mode(Mode::Min).patience(patience);
    let max = |patience| min(patience).mode(Mode::Max);
    let cases: [(&[f64], EarlyStopping, usize, Float); 14] = [
        (&DOWN, min(0), 3, 1.0),
        (&DOWN, min(2), 6, 3.0),
        (&DOWN, min(3), 7, 3.0),
        (&[0.5; 6], min(3), 4, 0.0),
        (&[0.5; 6], max(0), 2, 0.0),
        (&UP, max(2), 6, 3.0),
        (&SLOW, min(2).min_delta(0.05), 3, 0.0),
        (&SLOW, min(2).min_delta(-0.05), 3, 0.0),
        (&DOWN, min(3).baseline(0.6), 3, 1.0),
        (&DOWN, min(3).baseline(0.85), 7, 3.0),
        (&DOWN, min(1).start_from_epoch(4), 9, 7.0),
        (&SLOW, max(2).start_from_epoch(2), 5, 2.0),
        (&NAN, min(2), 5, 2.0),
        (&NAN, min(1), 2, 0.0),
    ];
    for (i, (sequence, mut stopping, ran, best)) in cases.into_iter().enumerate() {
        let mut trainer = trainer();
        let options = Fit::epochs(sequence.len()).callback(values(sequence));
        let history = fit(&mut trainer, options.callback(&mut stopping)).unwrap();
        assert_eq!((history["value"].len(), bias(&trainer)), (ran, best), "{i}");
        assert_eq!(stopping.stopped_epoch(), Some(ran - 1));
        // Without the best weights, those of the last epoch.
        let mut stopping = stopping.restore_best_weights(false);
        let options = Fit::epochs(sequence.len()).callback(values(sequence));
        fit(&mut trainer, options.callback(&mut stopping)).unwrap();
        assert_eq!(bias(&trainer), (ran - 1) as Float, "{i}");
    }
}

#[test]
fn the_best_weights_come_back_also_where_nothing_was_stopped() {
    let mut trainer = trainer();
    let stopping = EarlyStopping::new().monitor("value").mode(Mode::Min).patience(50);
    fit(&mut trainer, Fit::epochs(10).callback(values(&DOWN)).callback(stopping)).unwrap();
    assert_eq!(bias(&trainer), 7.0);
}

/// The learning rates are Keras 3.15.1's.
#[test]
fn learning_rates_are_reduced_as_in_keras() {
    const LONG: [f64; 12] = [1.0, 0.9, 0.9, 0.95, 0.89995, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86];
    let min =
        |patience| ReduceLROnPlateau::new().monitor("value").mode(Mode::Min).patience(patience);
    let half = |patience| min(patience).factor(0.5);
    let cases: [(ReduceLROnPlateau, [f64; 13]); 7] = [
        (min(1), [0.1, 0.1, 0.1, 0.01, 0.001, 1e-4, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10]),
        (
            half(2),
            [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.00625],
        ),
        (
            half(2).cooldown(2),
            [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125, 0.0125],
        ),
        (
            min(1).factor(0.2).min_lr(0.005),
            [0.1, 0.1, 0.1, 0.02, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005],
        ),
        (
            half(3).mode(Mode::Max),
            [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125, 0.0125, 0.0125],
        ),
        (
            half(1).min_delta(0.0).cooldown(1),
            [
                0.1,
                0.1,
                0.1,
                0.05,
                0.025,
                0.025,
                0.025,
                0.0125,
                0.00625,
                0.003125,
                0.0015625,
                0.00078125,
                0.000390625,
            ],
        ),
        (
            half(0),
            [
                0.1,
                0.1,
                0.1,
                0.05,
                0.025,
                0.0125,
                0.0125,
                0.00625,
                0.003125,
                0.0015625,
                0.00078125,
                0.000390625,
                0.0001953125,
            ],
        ),
    ];
    for (i, (reduce, rates)) in cases.into_iter().enumerate() {
        let mut trainer = trainer();
        let options = Fit::epochs(12).callback(values(&LONG)).callback(reduce);
        let history = fit(&mut trainer, options).unwrap();
        let got = history["learning_rate"].iter().copied().chain([trainer.learning_rate()]);
        for (got, expected) in got.zip(rates) {
            assert!((got as f64 / expected - 1.0).abs() < 1e-5, "{i}: {got} {expected}");
        }
    }
}

#[test]
fn a_value_that_is_not_in_the_logs_is_an_error_that_lists_what_is() {
    let says = |options: Fit<'_, Net>, expected: &str| {
        let mut trainer = trainer();
        let text = fit(&mut trainer, options).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
    };
    let stop = |name: &str| EarlyStopping::new().monitor(name);
    let unknown = "there is no value in the logs `val_loss`\n  help: ";
    says(Fit::epochs(3).callback(EarlyStopping::new()), unknown);
    says(Fit::epochs(3).callback(stop("los")), "`los`\n  help: did you mean `loss`?");
    says(Fit::epochs(3).callback(stop("accuracy")), "there are `loss`");
    says(Fit::epochs(3).callback(ReduceLROnPlateau::new().monitor("x")), "`loss`, `learning_rate`");
    let checkpoint = ModelCheckpoint::new("unwritten").save_best_only(true);
    says(Fit::epochs(3).callback(checkpoint), unknown);
    let undirected = || Fit::epochs(3).callback(values(&DOWN));
    says(undirected().callback(stop("value")), "`mode` is auto, with monitor `value`, but must be");
    says(Fit::epochs(3).callback(ReduceLROnPlateau::new().factor(1.0)), "`factor` is 1, but must");
    // In an epoch without a validation there is nothing to be followed.
    let (x, y) = data();
    let options = Fit::epochs(5).validation_data(&x, &y).validation_freq(2);
    let history = fit(&mut trainer(), options.callback(EarlyStopping::new())).unwrap();
    assert!(history["loss"].len() >= 4);
}

#[test]
fn directions_are_known_by_name() {
    let trainer = Net::new(0).compile("sgd", "mse").unwrap();
    let closure = crate::per_sample(|t, p| (t - p).mean_per_sample());
    let trainer = trainer
        .with_metrics(["mae", "binary_accuracy", "cosine_similarity"])
        .and_then(|trainer| trainer.with_metrics([FalsePositives::new()]))
        .and_then(|trainer| trainer.with_metrics([closure]))
        .unwrap();
    use crate::metric::Direction::{Down, Up};
    for (name, expected) in [
        ("loss", Some(Down)),
        ("val_loss", Some(Down)),
        ("mae", Some(Down)),
        ("val_binary_accuracy", Some(Up)),
        ("cosine_similarity", Some(Up)),
        ("false_positives", Some(Down)),
        ("metric", None),
        ("accuracy", None),
    ] {
        assert_eq!(trainer.direction_of(name), expected, "{name}");
    }
}

#[test]
fn callbacks_are_called_in_their_order() {
    let calls = RefCell::new(Vec::new());
    let log = |call: String| {
        calls.borrow_mut().push(call);
        Ok(())
    };
    let callback: LambdaCallback<'_, Net> = LambdaCallback::new()
        .on_train_begin(|_| log("train".into()))
        .on_epoch_begin(|_, epoch| log(format!("epoch {epoch}")))
        .on_train_batch_begin(|_, batch| log(format!("batch {batch}")))
        .on_train_batch_end(|_, batch, logs| {
            assert!(logs["loss"] > 0.0);
            log(format!("after {batch}"))
        })
        .on_epoch_end(|_, epoch, _| log(format!("end {epoch}")))
        .on_train_end(|_, logs| {
            assert!(logs["loss"] > 0.0);
            log("done".into())
        });
    let second = LambdaCallback::new().on_train_begin(|_| log("second".into()));
    let options = Fit::epochs(2).batch_size(1).callback(callback).callback(second);
    fit(&mut trainer(), options).unwrap();
    let epoch = |n: usize| format!("epoch {n},batch 0,after 0,batch 1,after 1,end {n}");
    let expected = format!("train,second,{},{},done", epoch(0), epoch(1));
    assert_eq!(calls.borrow().join(","), expected);
}

#[test]
fn an_error_or_a_panic_ends_fit_and_leaves_the_trainer_usable() {
    let mut trainer = trainer();
    let fails = || {
        LambdaCallback::<Net>::new().on_train_batch_end(|_, batch, _| match batch {
            1 => Err(Error::callback("enough")),
            _ => Ok(()),
        })
    };
    let options = || Fit::epochs(3).batch_size(1);
    let error = fit(&mut trainer, options().callback(fails())).unwrap_err();
    assert_eq!(error.to_string(), "a callback has ended the training: enough");
    // Two steps have been made, and are kept.
    assert_eq!(trainer.state().steps, 2);
    assert_ne!(bias(&trainer), 0.0);
    let panics = LambdaCallback::new().on_epoch_end(|_, _, _| panic!("in a callback"));
    let result = catch_unwind(AssertUnwindSafe(|| fit(&mut trainer, options().callback(panics))));
    assert!(result.is_err());
    assert_eq!(trainer.state().steps, 4);
    assert_eq!(fit(&mut trainer, options()).unwrap().epochs, [0, 1, 2]);
    // A `fit` in a `fit` would forget where the outer one stands.
    let (x, y) = data();
    let inner = LambdaCallback::new().on_epoch_end(|trainer: &mut Trainer<Net>, _, _| {
        trainer.fit(&x, &y, Fit::epochs(1).verbose(0)).map(drop)
    });
    let text = fit(&mut trainer, options().callback(inner)).unwrap_err().to_string();
    assert!(text.contains("it has called `fit` of the trainer that is in `fit`"), "{text}");
    fit(&mut trainer, options()).unwrap();
}

#[test]
fn training_is_stopped_in_the_middle_of_an_epoch() {
    let stop = LambdaCallback::new().on_train_batch_end(|trainer: &mut Trainer<Net>, batch, _| {
        if trainer.epoch() == 1 && batch == 0 {
            trainer.stop_training();
        }
        Ok(())
    });
    let mut trainer = trainer();
    let options = Fit::epochs(9).batch_size(1).callback(stop);
    let history = fit(&mut trainer, options).unwrap();
    assert_eq!((history.epochs.len(), trainer.state().steps), (2, 3));
    assert!(trainer.is_stopped() && !trainer.is_interrupted());
    fit(&mut trainer, Fit::epochs(1)).unwrap();
    assert!(!trainer.is_stopped());
}

#[test]
fn checkpoints_are_of_the_best_or_of_all() {
    let folder = Folder::new("checkpoints");
    let path = |name: &str| folder.0.join(name);
    let best = ModelCheckpoint::new(path("best-{epoch}"))
        .monitor("value")
        .mode(Mode::Min)
        .save_best_only(true)
        .save_weights_only(true)
        .initial_value_threshold(0.95);
    let all = ModelCheckpoint::new(path("all/{epoch:02}-{batch}")).save_freq(3);
    let mut trainer = trainer();
    let options = Fit::epochs(4).batch_size(1).callback(values(&DOWN)).callback(best);
    fit(&mut trainer, options.callback(all)).unwrap();
    assert_eq!(folder.names(), ["all", "best-2", "best-4"]);
    assert_eq!(Folder(path("all")).names(), ["02-1", "03-2"]);
    trainer.model().load_weights(path("best-2")).unwrap();
    assert_eq!(bias(&trainer), 1.0);
}

#[test]
fn a_backup_is_gone_on_from_and_then_removed() {
    let folder = Folder::new("backup");
    let backup = || BackupAndRestore::new(folder.0.join("run")).save_freq(1);
    let dies = LambdaCallback::new().on_train_batch_end(|trainer: &mut Trainer<Net>, batch, _| {
        if trainer.epoch() == 2 && batch == 0 { Err(Error::callback("killed")) } else { Ok(()) }
    });
    let options = || Fit::epochs(5).batch_size(1).seed(3).callback(backup());
    let mut whole = trainer();
    fit(&mut whole, Fit::epochs(5).batch_size(1).seed(3)).unwrap();
    fit(&mut trainer(), options().callback(dies)).unwrap_err();
    fs::write(folder.0.join("run/latest.safetensors.1-2.tmp"), "cut off").unwrap();
    assert_eq!(folder.names(), ["run"]);
    let mut resumed = trainer();
    let history = fit(&mut resumed, options()).unwrap();
    assert_eq!(history.epochs, [2, 3, 4]);
    assert_eq!(resumed.state(), whole.state());
    assert_eq!(resumed.model().dense.kernel.get(), whole.model().dense.kernel.get());
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_backup_is_also_of_the_end_of_an_epoch_and_may_stay() {
    let folder = Folder::new("stays");
    let backup = || BackupAndRestore::new(folder.0.join("run")).save_freq(100);
    let dies = LambdaCallback::new().on_epoch_begin(|_: &mut Trainer<Net>, epoch| match epoch {
        2 => Err(Error::callback("killed")),
        _ => Ok(()),
    });
    fit(&mut trainer(), Fit::epochs(4).callback(backup()).callback(dies)).unwrap_err();
    let history = fit(&mut trainer(), Fit::epochs(4).callback(backup().delete_checkpoint(false)));
    assert_eq!(history.unwrap().epochs, [2, 3]);
    assert_eq!(Folder(folder.0.join("run")).names(), ["latest.safetensors"]);
}

#[test]
fn learning_rates_of_all_optimizers_are_set_and_logged() {
    let optimizer = MultiOptimizer::new(SGD::new(0.5)).with("dense.bias", SGD::new(0.25));
    let mut trainer = Net::new(0).compile(optimizer, "mse").unwrap();
    let halved =
        LearningRateScheduler::new(|epoch, rate| if epoch == 0 { rate } else { rate / 2.0 });
    let history = fit(&mut trainer, Fit::epochs(3).callback(halved)).unwrap();
    assert_eq!(history["learning_rate_sgd"], [0.5, 0.25, 0.125]);
    assert_eq!(history["learning_rate_sgd_1"], [0.25, 0.125, 0.0625]);
    let text = |result: Result<History, Error>| result.unwrap_err().to_string();
    let wrong = LearningRateScheduler::new(|_, _| -1.0);
    let says = text(fit(&mut trainer, Fit::epochs(1).callback(wrong)));
    assert!(says.contains("`learning_rate` is -1"), "{says}");
    let scheduled = SGD::new(|step: u64| 1.0 / (1 + step) as Float);
    let mut trainer = Net::new(0).compile(scheduled, "mse").unwrap();
    let same = LearningRateScheduler::new(|_, rate| rate);
    let says = text(fit(&mut trainer, Fit::epochs(1).callback(same)));
    assert!(says.contains("`learning_rate` is a schedule"), "{says}");
}

#[test]
fn rows_are_written_and_appended() {
    let folder = Folder::new("csv");
    let path = folder.0.join("made/run.csv");
    let named = || {
        LambdaCallback::new().on_epoch_end(|_: &mut Trainer<Net>, epoch, logs| {
            logs.set("a;\"b\"", epoch as Float / 4.0);
            logs.set("loss", 0.5);
            Ok(())
        })
    };
    let logger = || CSVLogger::new(&path).separator(';').append(true);
    fit(&mut trainer(), Fit::epochs(2).callback(named()).callback(logger())).unwrap();
    // The program was killed while it wrote.
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "epoch;\"a;\"\"b\"\"\";loss\n0;0;0.5\n1;0.25;0.5\n");
    fs::write(&path, &text[..text.len() - 2]).unwrap();
    let again = Fit::epochs(3).initial_epoch(2);
    fit(&mut trainer(), again.callback(named()).callback(logger())).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        format!("{}\n2;0.5;0.5\n", &text[..text.len() - 2])
    );
    let (x, y) = data();
    let options = Fit::epochs(2).validation_data(&x, &y).validation_freq(2);
    fit(&mut trainer(), options.callback(CSVLogger::new(&path))).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[0], "epoch,loss,val_loss");
    assert!(rows[1].ends_with(",NA") && !rows[2].ends_with(",NA") && rows.len() == 3, "{text}");
    let nowhere = CSVLogger::new(&folder.0);
    let error = fit(&mut trainer(), Fit::epochs(1).callback(nowhere)).unwrap_err();
    assert!(error.to_string().starts_with("could not write"), "{error}");
}

#[test]
fn a_loss_that_is_not_finite_can_end_training_without_an_error() {
    let (x, y) = data();
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let loss = crate::per_sample(move |t, p| {
        let call = calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (p - t).square().mean_per_sample() / if call == 3 { 0.0 } else { 1.0 }
    });
    let mut trainer = Net::new(0).compile("sgd", loss).unwrap();
    let options = Fit::epochs(5).batch_size(1).verbose(0).callback(TerminateOnNaN);
    let history = trainer.fit(&x, &y, options).unwrap();
    // The second batch of the second epoch was not trained on.
    assert_eq!((history.epochs.len(), trainer.state().steps), (2, 3));
}
