//! Training that somebody ends from outside, as Ctrl-C does: nothing that was trained is lost.

use std::cell::RefCell;
use std::sync::mpsc;
use std::thread::sleep;
use std::time::Duration;

use super::tests::{Folder, Net, data, fit, trainer};
use crate::prelude::*;

/// Somebody presses the button at the end of the first epoch, when all before this callback are
/// done with it.
fn presses() -> LambdaCallback<'static, Net> {
    LambdaCallback::new().on_epoch_end(|trainer: &mut Trainer<Net>, _, _| {
        trainer.stopper().stop();
        Ok(())
    })
}

fn checkpoint(folder: &Folder, batches: usize) -> ModelCheckpoint {
    ModelCheckpoint::new(folder.0.join("{epoch}-{batch}")).save_freq(batches)
}

#[test]
fn between_two_epochs_a_checkpoint_by_batches_is_written() {
    let folder = Folder::new("between");
    let begun = RefCell::new(Vec::new());
    let notes = LambdaCallback::new().on_epoch_begin(|_: &mut Trainer<Net>, epoch| {
        begun.borrow_mut().push(epoch);
        Ok(())
    });
    let mut trainer = trainer();
    let options = Fit::epochs(5).batch_size(1).callback(checkpoint(&folder, 3));
    let history = fit(&mut trainer, options.callback(presses()).callback(notes)).unwrap();
    assert!(trainer.is_interrupted());
    // No epoch was begun whose end would not be told.
    assert_eq!((history.epochs, begun.take(), trainer.state().steps), (vec![0], vec![0], 2));
    assert_eq!(folder.names(), ["1-2"]);
    let mut loaded = super::tests::trainer();
    loaded.load_state(folder.0.join("1-2")).unwrap();
    assert_eq!(loaded.state(), trainer.state());
    assert_eq!(loaded.model().get_weights(), trainer.model().get_weights());
}

#[test]
fn while_the_first_batch_of_an_epoch_is_waited_for_too() {
    let folder = Folder::new("first");
    let (x, y) = data();
    let mut trainer = trainer();
    let (stopper, (tells, told)) = (trainer.stopper(), mpsc::channel());
    let batches = Batches::epochs(move |epoch| {
        if epoch > 0 {
            told.recv().unwrap();
            sleep(Duration::from_millis(20));
            stopper.stop();
            // Longer than a stop goes unseen.
            sleep(Duration::from_millis(500));
        }
        [0, 1].map(|_| Batch::new(x.clone(), y.clone()))
    });
    let ends = LambdaCallback::new().on_epoch_end(move |_, _, _| {
        tells.send(()).unwrap();
        Ok(())
    });
    let halves = LearningRateScheduler::new(|_, rate| rate / 2.0);
    let options = Fit::epochs(5).callback(checkpoint(&folder, 100)).callback(halves);
    let history = trainer.fit_batches(batches, options.callback(ends).verbose(0)).unwrap();
    assert!(trainer.is_interrupted());
    assert_eq!((history.epochs, folder.names()), (vec![0], vec!["1-2".to_owned()]));
    // The epoch that goes on later has its learning rate still before it.
    assert_eq!(trainer.learning_rate(), 0.05);
}

#[test]
fn a_checkpoint_is_written_once_and_not_where_the_program_ends_training() {
    let stops = |interrupts: bool, batches: usize| {
        let folder = Folder::new("once");
        let stop = LambdaCallback::new().on_train_batch_end(
            move |trainer: &mut Trainer<Net>, batch, _| {
                match (trainer.epoch(), batch) {
                    (1, 0) if interrupts => trainer.stopper().stop(),
                    (1, 0) => trainer.stop_training(),
                    _ => {}
                }
                Ok(())
            },
        );
        let options = Fit::epochs(5).batch_size(1).callback(checkpoint(&folder, batches));
        let mut trainer = trainer();
        fit(&mut trainer, options.callback(stop)).unwrap();
        assert_eq!((trainer.state().steps, trainer.is_interrupted()), (3, interrupts));
        folder.names()
    };
    assert_eq!(stops(true, 2), ["1-2", "2-1"]);
    assert_eq!(stops(true, 3), ["2-1"]);
    // As in Keras.
    assert_eq!(stops(false, 2), ["1-2"]);
}

#[test]
fn a_backup_is_kept_for_training_to_go_on() {
    let folder = Folder::new("kept");
    let options = || {
        let backup = BackupAndRestore::new(folder.0.join("backup"));
        Fit::epochs(4).batch_size(1).callback(backup)
    };
    let history = fit(&mut trainer(), options().callback(presses())).unwrap();
    assert_eq!((history.epochs, folder.names()), (vec![0], vec!["backup".to_owned()]));
    let mut resumed = trainer();
    assert_eq!(fit(&mut resumed, options()).unwrap().epochs, [1, 2, 3]);
    assert_eq!(folder.names(), [""; 0]);
    let mut whole = trainer();
    fit(&mut whole, Fit::epochs(4).batch_size(1)).unwrap();
    assert_eq!(resumed.model().get_weights(), whole.model().get_weights());
}
