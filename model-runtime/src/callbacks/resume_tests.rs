//! Callbacks where training goes on, is interrupted, or measures what is no number.

use std::cell::RefCell;
use std::fs;

use ndarray::array;

use super::tests::{Folder, Net, data, fit, trainer};
use crate::prelude::*;

/// Gives each epoch its `val_f`.
fn values(values: &[Float]) -> LambdaCallback<'_, Net> {
    LambdaCallback::new().on_epoch_end(move |_: &mut Trainer<Net>, epoch, logs| {
        logs.set("f", values[epoch]);
        Ok(())
    })
}

/// Ends training after a batch of an epoch.
fn stops<'a>(at: (usize, usize)) -> LambdaCallback<'a, Net> {
    LambdaCallback::new().on_train_batch_end(move |trainer: &mut Trainer<Net>, batch, _| {
        if (trainer.epoch(), batch) == at {
            trainer.stop_training();
        }
        Ok(())
    })
}

#[test]
fn nan_is_never_the_best() {
    let numbers = [Float::NAN, 3.0, Float::NAN, 2.0, Float::NAN, Float::NAN, Float::NAN];
    let folder = Folder::new("nan");
    let mut early = EarlyStopping::new().monitor("f").mode(super::Mode::Min).patience(3);
    let best = ModelCheckpoint::new(folder.0.join("{epoch}"))
        .monitor("f")
        .mode(super::Mode::Min)
        .save_best_only(true);
    let options = Fit::epochs(7).callback(values(&numbers)).callback(&mut early).callback(best);
    let history = fit(&mut trainer(), options).unwrap();
    assert_eq!((history.epochs.len(), folder.names()), (7, vec!["2".into(), "4".into()]));
    assert_eq!((early.best(), early.best_epoch()), (Some(2.0), 3));
    assert_eq!(early.stopped_epoch(), Some(6));
}

#[test]
fn a_scheduler_does_not_count_an_epoch_twice_that_goes_on() {
    let halves = || LearningRateScheduler::new(|_, rate| rate / 2.0);
    let options = || Fit::epochs(4).batch_size(1).callback(halves());
    let mut whole = trainer();
    fit(&mut whole, options()).unwrap();
    let mut parts = trainer();
    fit(&mut parts, options().callback(stops((2, 0)))).unwrap();
    assert_eq!((parts.epoch(), parts.batches_of_epoch()), (2, 1));
    let history = fit(&mut parts, options().resume(true)).unwrap();
    assert_eq!(history["learning_rate"], [0.0125, 0.00625]);
    assert_eq!(parts.state(), whole.state());
    assert_eq!(parts.model().get_weights(), whole.model().get_weights());
}

#[test]
fn a_schedule_is_refused_before_training() {
    let scheduled = || SGD::new(|step: u64| 1.0 / (1 + step) as Float);
    let steps = |optimizer: MultiOptimizer| {
        let mut trainer = Net::new(0).compile(optimizer, "mse").unwrap();
        let reduce = ReduceLROnPlateau::new().monitor("loss");
        let said = fit(&mut trainer, Fit::epochs(3).callback(reduce)).unwrap_err().to_string();
        assert!(said.contains("`learning_rate` is a schedule"), "{said}");
        let half = LearningRateScheduler::new(|_, rate| rate / 2.0);
        fit(&mut trainer, Fit::epochs(3).callback(half)).unwrap_err();
        // Nor has one been changed before the other was refused.
        let rate = trainer.learning_rate_of("dense.kernel").unwrap();
        (trainer.state().steps, rate)
    };
    assert_eq!(steps(MultiOptimizer::new(scheduled())), (0, 1.0));
    let one = MultiOptimizer::new(SGD::new(0.5)).with("dense.bias", scheduled());
    assert_eq!(steps(one), (0, 0.5));
}

#[test]
fn rows_go_under_the_columns_that_are_there() {
    let folder = Folder::new("columns");
    let path = folder.0.join("run.csv");
    let (x, y) = data();
    let logger = || CSVLogger::new(&path).append(true);
    // The first run has a validation in its first epoch, the second one does not.
    let options = Fit::epochs(1).validation_data(&x, &y).callback(values(&[0.0]));
    fit(&mut trainer(), options.callback(logger())).unwrap();
    let options = Fit::epochs(3).initial_epoch(1).validation_data(&x, &y).validation_freq(3);
    fit(&mut trainer(), options.callback(values(&[0.0, 1.0, 2.0])).callback(logger())).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|row| row.split(',').collect()).collect();
    assert_eq!(rows[0], ["epoch", "f", "loss", "val_loss"]);
    assert_eq!((rows[2][1], rows[2][3]), ("1", "NA"));
    assert!(rows[3][3].parse::<Float>().is_ok() && rows.len() == 4, "{text}");
    // What there is no column for is not lost in silence.
    let more = LambdaCallback::new().on_epoch_end(|_: &mut Trainer<Net>, _, logs| {
        logs.set("g", 1.0);
        Ok(())
    });
    let options = Fit::epochs(1).callback(more).callback(logger());
    let said = fit(&mut trainer(), options).unwrap_err().to_string();
    assert!(said.contains("it has no column `g`"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let said = fit(&mut trainer(), Fit::epochs(1).callback(logger().separator('"')));
    assert!(said.unwrap_err().to_string().starts_with("`separator` is"));
}

#[test]
fn steps_on_the_board_go_on_where_they_ended() {
    let folder = Folder::new("board-resumed");
    let board = || TensorBoard::new(&folder.0).update_freq(1);
    let options = || Fit::epochs(3).batch_size(1).callback(board());
    let mut trainer = trainer();
    fit(&mut trainer, options().callback(stops((1, 0)))).unwrap();
    fit(&mut trainer, options().resume(true)).unwrap();
    let mut steps = Vec::new();
    for file in fs::read_dir(folder.0.join("train")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let scalars = super::tensorboard_tests::scalars(&bytes);
        steps.extend(scalars.iter().filter(|it| it.0 == "batch_loss").map(|it| it.2));
    }
    steps.sort_unstable();
    assert_eq!(steps, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_state_at_the_end_of_an_epoch_does_not_hold_training_up() {
    let states = RefCell::new(Vec::new());
    let keeps = LambdaCallback::new().on_train_batch_end(|trainer: &mut Trainer<Net>, _, _| {
        states.borrow_mut().push(trainer.state());
        Ok(())
    });
    fit(&mut trainer(), Fit::epochs(1).batch_size(1).callback(keeps)).unwrap();
    // Taken after the last batch, and before the epoch has ended.
    let mut state = states.take().pop().unwrap();
    assert_eq!((state.epoch, state.batch), (0, 2));
    for batch in [2, usize::MAX] {
        let mut trainer = trainer();
        state.batch = batch;
        trainer.set_state(&state).unwrap();
        let history = fit(&mut trainer, Fit::epochs(3).batch_size(1).resume(true)).unwrap();
        assert_eq!((history.epochs, trainer.epoch()), (vec![1, 2], 3));
    }
    state.steps = u64::MAX;
    let said = trainer().set_state(&state).unwrap_err().to_string();
    assert!(said.starts_with("`steps` is 18446744073709551615"), "{said}");
}

#[test]
fn weights_of_classes_and_the_order_of_samples_go_on_in_the_middle_of_an_epoch() {
    let x = ndarray::Array2::from_shape_fn((12, 2), |(i, j)| ((5 * i + 3 * j) % 7) as Float / 7.0);
    let labels = ndarray::Array1::from_shape_fn(12, |i| (i % 2) as Float);
    let options = || {
        let options = Fit::epochs(4).batch_size(2).seed(5).verbose(0);
        options.class_weight([(0, 0.25), (1, 2.0)]).sample_weight(&labels)
    };
    let mut whole = trainer();
    let expected = whole.fit(&x, &labels, options()).unwrap();
    let mut parts = trainer();
    parts.fit(&x, &labels, options().callback(stops((1, 3)))).unwrap();
    let folder = Folder::new("middle");
    parts.save_state(folder.0.join("state")).unwrap();
    let mut resumed = trainer();
    resumed.load_state(folder.0.join("state")).unwrap();
    let history = resumed.fit(&x, &labels, options().resume(true)).unwrap();
    assert_eq!((resumed.state(), history["loss"].len()), (whole.state(), 3));
    // The epoch in the middle of which it was saved has its whole mean.
    assert_eq!(history["loss"], expected["loss"][1..]);
    assert_eq!(resumed.model().get_weights(), whole.model().get_weights());
}

#[test]
fn best_weights_with_averages_and_frozen_weights_are_those_that_were_measured() {
    let optimizer = SGD::new(0.1).use_ema(true).ema_momentum(0.5);
    let mut trainer = Net::new(0).compile(optimizer, "mse").unwrap();
    let bias = trainer.model().dense.bias.as_ref().unwrap().share();
    bias.set(&array![0.25]).unwrap();
    bias.set_trainable(false);
    let kernels = RefCell::new(Vec::new());
    let keeps = LambdaCallback::new().on_epoch_end(|trainer: &mut Trainer<Net>, _, _| {
        kernels.borrow_mut().push(trainer.model().dense.kernel.get());
        Ok(())
    });
    let numbers = [3.0, 1.0, 2.0, 2.0];
    let stop = EarlyStopping::new().monitor("f").mode(super::Mode::Min).patience(2);
    let options = Fit::epochs(4).callback(values(&numbers)).callback(keeps).callback(stop);
    fit(&mut trainer, options).unwrap();
    assert_eq!(trainer.model().dense.kernel.get(), kernels.borrow()[1]);
    assert_eq!((bias.get(), bias.is_trainable()), (array![0.25].into_dyn(), false));
}

/// A value that gets worse, and then better again; each epoch's, whatever has been trained.
const WORSE: [Float; 12] = [5.0, 4.0, 3.0, 3.5, 3.4, 3.3, 3.2, 3.1, 3.05, 3.04, 3.03, 3.02];

#[test]
fn what_callbacks_count_goes_on_wherever_training_was_killed_or_stopped() {
    let (x, y) = (ndarray::Array2::from_elem((6, 2), 0.5), ndarray::Array2::<Float>::ones((6, 1)));
    let min = super::Mode::Min;
    // Reductions, the best file and the end all hang on what epochs before have measured.
    let run = |folder: &Folder, backup_first: bool, cut: LambdaCallback<'_, Net>| {
        let mut stop = EarlyStopping::new().monitor("f").mode(min).patience(5);
        let backup = || BackupAndRestore::new(folder.0.join("backup")).save_freq(1);
        let best = ModelCheckpoint::new(folder.0.join("best")).monitor("f").mode(min);
        let mut options = Fit::epochs(12).batch_size(2).verbose(0).callback(values(&WORSE));
        if backup_first {
            options = options.callback(backup());
        }
        options = options
            .callback(&mut stop)
            .callback(ReduceLROnPlateau::new().monitor("f").mode(min).patience(2).factor(0.5))
            .callback(best.save_best_only(true));
        if !backup_first {
            options = options.callback(backup());
        }
        let mut trainer = Net::new(1).compile(Adam::new(0.01), "mse").unwrap();
        let history = trainer.fit(&x, &y, options.callback(cut));
        let rates = history.map(|history| history.get("learning_rate").to_vec());
        (rates, stop.stopped_epoch(), trainer.model().get_weights())
    };
    let best_file = |folder: &Folder| {
        let net = Net::new(9);
        net.load_weights(folder.0.join("best")).unwrap();
        net.get_weights()
    };
    let nothing = LambdaCallback::new;
    for backup_first in [false, true] {
        let folder = Folder::new(&format!("whole-{backup_first}"));
        let whole = run(&folder, backup_first, nothing());
        let rates = [0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.0025];
        assert_eq!((whole.0.as_deref(), whole.1), (Ok(&rates[..]), Some(7)));
        for (epoch, batch) in [(4, Some(1)), (5, None), (3, None), (0, Some(0)), (6, Some(2))] {
            for kills in [true, false] {
                let parts = Folder::new(&format!("parts-{backup_first}"));
                let end = |trainer: &mut Trainer<Net>| {
                    if kills {
                        return Err(Error::callback("killed"));
                    }
                    trainer.stopper().stop();
                    Ok(())
                };
                let cut = match batch {
                    Some(batch) => nothing().on_train_batch_end(move |trainer, at, _| {
                        if (trainer.epoch(), at) == (epoch, batch) { end(trainer) } else { Ok(()) }
                    }),
                    None => nothing().on_epoch_end(
                        move |trainer, at, _| {
                            if at == epoch { end(trainer) } else { Ok(()) }
                        },
                    ),
                };
                assert_eq!(run(&parts, backup_first, cut).0.is_err(), kills);
                let resumed = run(&parts, backup_first, nothing());
                let left = resumed.0.unwrap();
                let what = format!("{backup_first} {epoch} {batch:?} {kills}");
                assert_eq!(left, rates[8 - left.len()..], "{what}");
                assert_eq!((resumed.1, &resumed.2), (whole.1, &whole.2), "{what}");
                assert_eq!(best_file(&parts), best_file(&folder), "{what}");
            }
        }
    }
}

#[test]
fn what_callbacks_count_in_a_hostile_file_is_an_error_or_numbers() {
    let folder = Folder::new("hostile-counts");
    let path = folder.0.join("state");
    let stop = || EarlyStopping::new().monitor("loss").patience(9);
    let reduce = || ReduceLROnPlateau::new().monitor("loss");
    let options = |epochs| Fit::epochs(epochs).callback(stop()).callback(reduce());
    let mut whole = trainer();
    fit(&mut whole, options(2)).unwrap();
    whole.save_state(&path).unwrap();
    // Without the sum that would tell at once.
    let text = fs::read(&path).unwrap();
    let at = text.windows(6).position(|bytes| bytes == b"crc32c").unwrap();
    for (name, change) in [("wait", Float::NAN), ("wait", Float::INFINITY), ("best", -1.0)] {
        let mut bytes = text.clone();
        bytes[at] = b'C';
        let name = format!("0/early_stopping/{name}\"");
        let at = text.windows(name.len()).position(|part| part == name.as_bytes()).unwrap();
        let offsets = String::from_utf8_lossy(&text[at..at + 200]).into_owned();
        let start = offsets.split("offsets\":[").nth(1).unwrap().split(',').next().unwrap();
        let header = u64::from_le_bytes(text[..8].try_into().unwrap()) as usize + 8;
        let place = header + start.parse::<usize>().unwrap();
        bytes[place..place + size_of::<Float>()].copy_from_slice(&change.to_le_bytes());
        fs::write(&path, bytes).unwrap();
        let mut other = trainer();
        other.load_state(&path).unwrap();
        fit(&mut other, options(4).resume(true)).unwrap();
    }
    // Weights of another shape, as of a model that has been changed.
    let state = super::CallbackState::new("early_stopping");
    let odd = crate::tensor::Tensor::zeros(Shape::new(&[1, 7]));
    let state = state.with_tensor("weights/dense.kernel".to_owned(), odd);
    let said = Callback::<Net>::set_state(&mut stop(), &whole, &state).unwrap_err().to_string();
    assert!(said.contains("`early_stopping` has kept are of another model"), "{said}");
}
