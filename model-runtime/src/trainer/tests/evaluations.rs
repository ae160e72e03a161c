//! Evaluations and predictions: of batches that are made on the way, watched, and stopped.

use std::cell::RefCell;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use ndarray::{Array2, ArrayD, Axis, array, s};

use crate::Stopper;
use crate::prelude::*;

model! {
    struct Line { x = Input(2); y = Dense(1)(x); }
    struct Long { x = Input(_, 2); y = Dense(1)(x); }
}

fn data(samples: usize) -> (Array2<Float>, Array2<Float>) {
    let x = Array2::from_shape_fn((samples, 2), |(i, j)| ((7 * i + 3 * j) % 5) as Float / 5.0);
    let y = x.sum_axis(Axis(1)).insert_axis(Axis(1));
    (x, y)
}

fn trainer() -> Trainer<Line> {
    Line::new(1).compile(Adam::new(0.01), "mse").unwrap().with_metrics(["mae"]).unwrap()
}

/// The samples, four at a time.
fn parts<'a>(x: &'a Array2<Float>, y: &'a Array2<Float>) -> Batches<'a, Line> {
    let rows = move |i: usize| s![4 * i..(4 * i + 4).min(x.nrows()), ..];
    Batches::epochs(move |_| {
        (0..x.nrows().div_ceil(4))
            .map(move |i| Batch::new(x.slice(rows(i)).to_owned(), y.slice(rows(i)).to_owned()))
    })
}

#[test]
fn batches_are_evaluated_and_predicted_as_the_array_is() {
    let (x, y) = data(10);
    let trainer = trainer();
    let options = || Evaluate::default().batch_size(4);
    let expected = trainer.evaluate_with(&x, &y, options()).unwrap();
    assert_eq!(trainer.evaluate_batches(parts(&x, &y), options()).unwrap(), expected);
    let first = trainer.evaluate_with(&x, &y, options().steps(2)).unwrap();
    let (x8, y8) = (x.slice(s![..8, ..]), y.slice(s![..8, ..]));
    assert_eq!(trainer.evaluate_with(x8, y8, options()).unwrap(), first);
    assert_eq!(trainer.evaluate_batches(parts(&x, &y), options().steps(2)).unwrap(), first);
    assert_ne!(first, expected);

    let expected = trainer.predict(&x).unwrap();
    let options = || Predict::default().batch_size(4);
    assert_eq!(trainer.predict_with(&x, options()).unwrap(), expected);
    assert_eq!(trainer.predict_batches(parts(&x, &y), options()).unwrap(), expected);
    let first = expected.slice(s![..8, ..]).into_dyn();
    assert_eq!(trainer.predict_with(&x, options().steps(2)).unwrap(), first);
    assert_eq!(trainer.predict_batches(parts(&x, &y), options().steps(2)).unwrap(), first);
}

#[test]
fn weights_of_samples_count_in_batches_too() {
    let (x, y) = data(4);
    let trainer = trainer();
    let weight = array![1.0, 0.5, 0.0, 2.0];
    let options = Evaluate::default().sample_weight(&weight);
    let expected = trainer.evaluate_with(&x, &y, options).unwrap();
    let one = Batch::new(&x, &y).sample_weight(&weight);
    assert_eq!(trainer.evaluate_batches(Batches::new([one]), Evaluate::default()), Ok(expected));
    let options = Evaluate::default().sample_weight(&weight);
    let said = trainer.evaluate_batches(parts(&x, &y), options).unwrap_err().to_string();
    assert!(said.contains("each has its own"), "{said}");
}

#[test]
fn options_and_batches_that_make_no_sense_are_errors() {
    let (x, y) = data(10);
    let trainer = trainer();
    let evaluate = |options| trainer.evaluate_with(&x, &y, options).unwrap_err().to_string();
    assert!(evaluate(Evaluate::default().batch_size(0)).starts_with("`batch_size` is 0"));
    assert!(evaluate(Evaluate::default().steps(0)).starts_with("`steps` is 0"));
    assert!(evaluate(Evaluate::default().verbose(3)).starts_with("`verbose` is 3"));
    let predict = |options| trainer.predict_with(&x, options).unwrap_err().to_string();
    assert!(predict(Predict::default().steps(0)).starts_with("`steps` is 0"));
    let said = |batches| {
        let error = trainer.predict_batches(batches, Predict::default()).unwrap_err();
        error.to_string()
    };
    let none = Batches::new(std::iter::empty::<Batch<'_, Line>>());
    assert_eq!(said(none), "there are no more batches: the iterator has given none");
    let fails = (0..2).map(|i| match i {
        0 => Ok(Batch::of_inputs(&x)),
        _ => Err("the disk is gone"),
    });
    assert_eq!(said(Batches::new(fails)), "there are no more batches: the disk is gone");
    let panics = Batches::new((0..2).map(|_| -> Batch<'_, Line> { panic!("no file") }));
    assert!(said(panics).ends_with("has panicked: no file"));
    // Inputs alone have no targets to measure with.
    let inputs = Batches::new([Batch::of_inputs(&x)]);
    let said = trainer.evaluate_batches(inputs, Evaluate::default()).unwrap_err().to_string();
    assert!(said.contains("the target of `y`"), "{said}");
}

#[test]
fn predictions_that_do_not_make_one_array_are_an_error() {
    let trainer = Long::new(0).compile("sgd", "mse").unwrap();
    let lengths = |lengths: [usize; 2]| {
        Batches::new(lengths.map(|n| Batch::of_inputs(ArrayD::<Float>::zeros(vec![3, n, 2]))))
    };
    let y = trainer.predict_batches(lengths([4, 4]), Predict::default()).unwrap();
    assert_eq!(y.shape(), [6, 4, 1]);
    let said = trainer.predict_batches(lengths([4, 5]), Predict::default()).unwrap_err();
    assert!(said.to_string().contains("shapes (4, 1) and (5, 1)"), "{said}");
}

/// Writes down which hooks are called.
struct Spy<'s>(&'s RefCell<Vec<String>>);

impl Spy<'_> {
    fn note(&self, text: impl Into<String>) -> Result<(), Error> {
        self.0.borrow_mut().push(text.into());
        Ok(())
    }
}

impl<M: Functional> Callback<M> for Spy<'_> {
    fn on_train_begin(&mut self, _: &mut Trainer<M>) -> Result<(), Error> {
        self.note("train begin")
    }
    fn on_train_end(&mut self, _: &mut Trainer<M>, _: &Logs) -> Result<(), Error> {
        self.note("train end")
    }
    fn on_epoch_begin(&mut self, _: &mut Trainer<M>, epoch: usize) -> Result<(), Error> {
        self.note(format!("epoch {epoch} begin"))
    }
    fn on_epoch_end(
        &mut self,
        _: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        self.note(format!("epoch {epoch} end {}", logs.get("val_loss").is_some()))
    }
    fn on_train_batch_begin(&mut self, _: &mut Trainer<M>, batch: usize) -> Result<(), Error> {
        self.note(format!("batch {batch} begin"))
    }
    fn on_train_batch_end(
        &mut self,
        _: &mut Trainer<M>,
        batch: usize,
        _: &Logs,
    ) -> Result<(), Error> {
        self.note(format!("batch {batch} end"))
    }
    fn on_test_begin(&mut self, _: &Trainer<M>) -> Result<(), Error> {
        self.note("test begin")
    }
    fn on_test_end(&mut self, trainer: &Trainer<M>, logs: &Logs) -> Result<(), Error> {
        // Lines are printed, and taken away.
        trainer.print("");
        self.note(format!("test end {}", logs.get("mae").is_some()))
    }
    fn on_test_batch_begin(&mut self, _: &Trainer<M>, batch: usize) -> Result<(), Error> {
        self.note(format!("test {batch} begin"))
    }
    fn on_test_batch_end(
        &mut self,
        _: &Trainer<M>,
        batch: usize,
        logs: &Logs,
    ) -> Result<(), Error> {
        self.note(format!("test {batch} end {}", logs.get("loss").is_some()))
    }
    fn on_predict_begin(&mut self, _: &Trainer<M>) -> Result<(), Error> {
        self.note("predict begin")
    }
    fn on_predict_end(&mut self, _: &Trainer<M>) -> Result<(), Error> {
        self.note("predict end")
    }
    fn on_predict_batch_begin(&mut self, _: &Trainer<M>, batch: usize) -> Result<(), Error> {
        self.note(format!("predict {batch} begin"))
    }
    fn on_predict_batch_end(
        &mut self,
        _: &Trainer<M>,
        batch: usize,
        outputs: &M::Outputs<ArrayD<Float>>,
    ) -> Result<(), Error> {
        let _ = outputs;
        self.note(format!("predict {batch} end"))
    }
}

#[test]
fn hooks_are_called_in_the_order_of_keras() {
    let (x, y) = data(6);
    let mut trainer = trainer();
    let calls = RefCell::new(Vec::new());
    let tested = ["test begin", "test 0 begin", "test 0 end true", "test 1 begin"];
    let tested = [&tested[..], &["test 1 end true", "test end true"]].concat();

    let options = Evaluate::default().batch_size(4).callback(Spy(&calls));
    trainer.evaluate_with(&x, &y, options).unwrap();
    assert_eq!(calls.take(), tested);
    let options = Evaluate::default().callback(Box::new(Spy(&calls)));
    trainer.evaluate_batches(parts(&x, &y), options).unwrap();
    assert_eq!(calls.take(), tested);

    let predicted = ["predict begin", "predict 0 begin", "predict 0 end", "predict 1 begin"];
    let predicted = [&predicted[..], &["predict 1 end", "predict end"]].concat();
    let mut spy = Spy(&calls);
    let options = Predict::default().batch_size(4).callback(&mut spy);
    trainer.predict_with(&x, options).unwrap();
    assert_eq!(calls.take(), predicted);
    trainer.predict_batches(parts(&x, &y), Predict::default().callback(Spy(&calls))).unwrap();
    assert_eq!(calls.take(), predicted);

    let expected = [
        &["train begin", "epoch 0 begin", "batch 0 begin", "batch 0 end"][..],
        &["epoch 0 end false", "epoch 1 begin", "batch 0 begin", "batch 0 end"],
        &tested,
        &["epoch 1 end true", "train end"],
    ];
    let options = || Fit::epochs(2).validation_freq(2).verbose(0).callback(Spy(&calls));
    let given = options().validation_data(&x, &y).validation_batch_size(4);
    let history = trainer.fit(&x, &y, given).unwrap();
    assert_eq!(calls.take(), expected.concat());
    // The same numbers of batches, whatever they borrow.
    let mut other = self::trainer();
    let other_history = other.fit(&x, &y, options().validation_batches(parts(&x, &y))).unwrap();
    assert_eq!(calls.take(), expected.concat());
    assert_eq!(other_history, history);
}

#[test]
fn an_error_of_a_hook_ends_what_runs() {
    let (x, y) = data(6);
    let mut trainer = trainer();
    let fails = || LambdaCallback::new().on_test_batch_begin(|_, _| Err(Error::callback("no")));
    trainer.evaluate_with(&x, &y, Evaluate::default().callback(fails())).unwrap_err();
    let options = Fit::epochs(1).verbose(0).validation_split(0.5).callback(fails());
    trainer.fit(&x, &y, options).unwrap_err();
    trainer.predict_with(&x, Predict::default().callback(fails())).unwrap();
    trainer.fit(&x, &y, Fit::epochs(1).verbose(0)).unwrap();
}

#[test]
fn validation_is_given_once_and_made_anew() {
    let (x, y) = data(6);
    let mut trainer = trainer();
    let options = || Fit::epochs(2).verbose(0).validation_batches(parts(&x, &y));
    let said = |result: Result<History, Error>| result.unwrap_err().to_string();
    let twice = said(trainer.fit(&x, &y, options().validation_data(&x, &y)));
    assert!(twice.contains("left out where there is validation_data"), "{twice}");
    let twice = said(trainer.fit(&x, &y, options().validation_split(0.5)));
    assert!(twice.contains("left out where validation data is given"), "{twice}");
    let single = Batches::new([Batch::new(&x, &y)]);
    let single = said(trainer.fit(&x, &y, Fit::epochs(2).validation_batches(single)));
    assert!(single.contains("made by `Batches::epochs`"), "{single}");
}

/// A batch, then nothing and no end.
fn blocking(sender: &mut Option<mpsc::Sender<Batch<'static, Line>>>) -> Batches<'static, Line> {
    let (x, y) = data(4);
    let (new, receiver) = mpsc::channel();
    new.send(Batch::new(x, y)).unwrap();
    *sender = Some(new);
    Batches::new(receiver)
}

/// Presses a button a moment after the first batch.
fn presses(stopper: Stopper) -> LambdaCallback<'static, Line> {
    LambdaCallback::new().on_train_batch_end(move |_, _, _| {
        let stopper = stopper.clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            stopper.stop();
        });
        Ok(())
    })
}

#[test]
fn a_stop_ends_training_while_the_iterator_still_blocks() {
    let mut sender = None;
    let mut trainer = trainer();
    let batches = blocking(&mut sender).detached();
    let ended = RefCell::new(Vec::new());
    let options = Fit::epochs(3).steps_per_epoch(2).verbose(0);
    let options = options.callback(presses(trainer.stopper())).callback(Spy(&ended));
    let began = Instant::now();
    let history = trainer.fit_batches(batches, options).unwrap();
    assert!(began.elapsed() < Duration::from_secs(20));
    // The epoch has ended with all that belongs to its end, after the one batch that came.
    assert_eq!((history.epochs.len(), trainer.state().steps), (1, 1));
    assert!(trainer.is_stopped() && trainer.is_interrupted());
    assert!(ended.borrow().ends_with(&["epoch 0 end false".into(), "train end".into()]));
    // The thread that was left behind ends when its batch is made: nobody takes it.
    let (x, y) = data(4);
    let sender = sender.unwrap();
    while sender.send(Batch::new(x.clone(), y.clone())).is_ok() {
        std::thread::sleep(Duration::from_millis(1));
    }
    // And training goes on with other batches.
    trainer.fit_batches(Batches::new([Batch::new(x, y)]), Fit::epochs(1).verbose(0)).unwrap();
}

#[test]
fn validation_that_blocks_is_stopped_too() {
    let (x, y) = data(4);
    let mut trainer = trainer();
    let blocks = Batches::epochs(|_| {
        std::iter::from_fn(|| -> Option<Batch<'static, Line>> {
            loop {
                std::thread::park();
            }
        })
    });
    let options = Fit::epochs(3).verbose(0).validation_batches(blocks.detached());
    let history = trainer.fit(&x, &y, options.callback(presses(trainer.stopper()))).unwrap();
    assert_eq!((history.epochs.len(), history.get("val_loss").len()), (1, 0));
}
