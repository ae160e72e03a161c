//! Steps of one's own that fail leave nothing behind.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::{Array2, array};

use super::line;
use super::own_step::all_bits;
use crate::prelude::*;

model! {
    struct Net {
        x = Input(2);
        x = Dense(3)(x);
        x = BatchNormalization()(x);
        x = Dropout(0.2)(x);
        Dense(1)(x)
    }

    struct Classes {
        x = Input(2);
        Dense(3, softmax)(x)
    }
}

fn good(ctx: &StepContext<'_, Net>) -> Var {
    ctx.model.call(ctx.inputs(&line().0)).square().mean()
}

/// Makes a step that fails between two that do not; then compares with a training without it.
#[track_caller]
fn leaves_nothing(fail: impl Fn(&StepContext<'_, Net>) -> Var, message: &str) {
    let k = Variable::scalar("k", 0.0);
    let trainer = || {
        let mut trainer = Net::new(1).compile("adam", "mse").unwrap();
        trainer.add_variable(&k);
        trainer
    };
    let (mut failing, mut clean) = (trainer(), trainer());
    failing.step(good).unwrap();
    clean.step(good).unwrap();
    let before = (all_bits(failing.model()), failing.state());
    let result = catch_unwind(AssertUnwindSafe(|| {
        failing.step(|ctx| {
            k.update(k.read() + 1);
            fail(ctx)
        })
    }));
    match result {
        Ok(result) => {
            let text = result.expect_err("it fails").to_string();
            assert!(text.contains(message), "{text}");
        }
        Err(panic) => assert_eq!(panic.downcast_ref::<&str>(), Some(&message)),
    }
    assert_eq!((all_bits(failing.model()), failing.state()), before);
    assert_eq!(k.get().sum(), 0.0);
    assert_eq!(failing.step(good), clean.step(good));
    let (x, y) = line();
    assert_eq!(failing.train_on_batch(&x, &y), clean.train_on_batch(&x, &y));
    assert_eq!(all_bits(failing.model()), all_bits(clean.model()));
    assert_eq!(failing.state(), clean.state());
}

#[test]
fn a_panic() {
    leaves_nothing(|_| panic!("in the closure"), "in the closure");
    let late = |ctx: &StepContext<'_, Net>| {
        let loss = good(ctx);
        tape::add_loss("part", loss);
        tape::grad([loss], |_| panic!("in a gradient"))[0]
    };
    leaves_nothing(late, "in a gradient");
}

#[test]
fn an_operation_that_fails() {
    leaves_nothing(|ctx| good(ctx).reshape(&[7]), "reshape");
    leaves_nothing(|ctx| ctx.model.call(ctx.value(&array![[1.0]])).mean(), "Dense");
    leaves_nothing(
        |ctx| ctx.model.call(ctx.inputs(&array![[1.0, 2.0, 3.0]])).mean(),
        "the input `x` has samples of the shape (3), but the model takes (2)",
    );
    let nan = array![[Float::NAN, 0.0]];
    leaves_nothing(|ctx| ctx.model.call(ctx.inputs(&nan)).mean(), "the input `x` has NaN");
    leaves_nothing(|ctx| good(ctx) + ctx.value(&nan).mean(), "the array has NaN in sample 0");
    leaves_nothing(|ctx| good(ctx) + ctx.value(NoTarget).mean(), "the array was not given");
    let deep = ndarray::ArrayD::<Float>::zeros(vec![1; 9]);
    leaves_nothing(|ctx| good(ctx) + ctx.value(&deep).mean(), "at most 8 axes");
}

#[test]
fn a_number_that_is_not_finite() {
    leaves_nothing(|ctx| good(ctx) / 0, "the loss is inf");
    leaves_nothing(|ctx| good(ctx) * Float::NAN, "the loss is NaN");
    leaves_nothing(|ctx| (good(ctx) * 0.0).sqrt(), "is not finite; the weights are as they were");
    leaves_nothing(
        |ctx| {
            ctx.model.batch_normalization.moving_mean.update(Var::full(&[3], Float::INFINITY));
            good(ctx)
        },
        "the new value of the variable `batch_normalization.moving_mean` is not finite",
    );
    leaves_nothing(
        |ctx| {
            tape::add_loss("part", Var::scalar(Float::NAN));
            good(ctx)
        },
        "the loss is NaN",
    );
}

#[test]
fn a_variable_that_is_nobodys() {
    let stray = Variable::scalar("stray", 1.0);
    leaves_nothing(
        |ctx| {
            stray.update(Var::scalar(2.0));
            good(ctx)
        },
        "the variable `stray` was updated, but belongs neither",
    );
    assert_eq!(stray.get().sum(), 1.0);
}

#[test]
fn a_loss_that_is_no_number_for_a_sample() {
    let wide = |ctx: &StepContext<'_, Net>| ctx.model.call(ctx.inputs(&line().0));
    leaves_nothing(wide, "step takes one number for each sample, but got (1)");
}

#[test]
fn a_step_that_would_change_nothing() {
    let copy = Net::new(1);
    let mut trainer = Net::new(1).compile("adam", NoLoss).unwrap();
    let (before, x) = (all_bits(trainer.model()), line().0);
    let other = |_: &StepContext<'_, Net>| copy.call(Var::from_array(&x)).square().mean();
    let error = trainer.step(other).unwrap_err();
    assert_eq!(error, Error::NoGradient);
    assert!(error.to_string().contains("help: compute it with `ctx.model`"), "{error}");
    assert_eq!((all_bits(trainer.model()), trainer.state().steps), (before, 0));

    // Statistics alone are something.
    trainer.model().freeze("dense").unwrap();
    trainer.model().freeze("dense_1").unwrap();
    trainer
        .step(|ctx| {
            ctx.model.batch_normalization.call(ctx.value(Array2::<Float>::ones((4, 3)))).mean()
        })
        .unwrap();
    trainer.model().set_trainable(false);
    assert_eq!(trainer.step(good), Err(Error::NoGradient));
}

#[test]
fn the_compiled_loss_says_what_is_wrong_with_its_targets() {
    let (x, y) = line();
    let compile = |loss: &str| Classes::new(1).compile("sgd", loss).unwrap();
    let mut trainer = compile("sparse_categorical_crossentropy");
    let before = all_bits(trainer.model());
    let mut check = |targets: &dyn Fn(&StepContext<'_, Classes>) -> Option<Var>, text: &str| {
        let result = trainer.step(|ctx| {
            let outputs = ctx.model.call(ctx.inputs(&x));
            ctx.loss(targets(ctx), outputs)
        });
        let error = result.expect_err(text).to_string();
        assert!(error.contains(text), "{error}");
        assert_eq!(all_bits(trainer.model()), before);
    };
    check(&|ctx| Some(ctx.value(y.mapv(|_| 3))), "the label 3 in sample 0, but there are 3");
    check(&|ctx| Some(ctx.value(&array![0, 1])), "the target of `output` has 2");
    check(&|_| None, "the target of `output` was not given");

    let bad = per_sample(|t, p| (t - p).reshape(&[3, 40]).mean_per_sample());
    let mut trainer = Classes::new(1).compile("sgd", bad).unwrap();
    let result = trainer.step(|ctx| {
        let outputs = ctx.model.call(ctx.inputs(&x));
        ctx.loss(outputs.zeros_like(), outputs)
    });
    let error = result.unwrap_err().to_string();
    assert!(error.contains("there are 3 numbers for 40 samples"), "{error}");
    let mut trainer = Classes::new(1).compile("sgd", NoLoss).unwrap();
    let result = trainer.step(|ctx| {
        let outputs = ctx.model.call(ctx.inputs(&x));
        ctx.loss(outputs, outputs)
    });
    assert_eq!(result, Err(Error::NoLoss));
}
