//! Loss terms from outside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, array};

use super::line;
use super::models::bits;
use crate::prelude::*;

model! {
    struct Net {
        x = Input(2);
        x = Dense(3, kernel_regularizer = l2(0.1))(x);
        x = BatchNormalization()(x);
        Dense(1, activity_regularizer = l2(0.01))(x)
    }

    struct Several {
        left = Input(2);
        right = Input(2);
        sum = Dense(1)(left + right);
        difference = Dense(1)(left - right);
        (sum, difference)
    }

    /// Shows what is inside.
    struct Open {
        x = Input(2);
        hidden = Dense(3, kernel_initializer = ones)(x);
        prediction = Dense(1)(hidden);
        (prediction, hidden)
    }
}

fn moving_mean(net: &Net) -> Vec<Float> {
    net.batch_normalization.moving_mean.get().into_iter().collect()
}

#[test]
fn a_term_counts_in_training_and_evaluation_and_is_logged() {
    let (x, y) = line();
    let mut trainer = Net::new(1).compile("sgd", "mse").unwrap();
    let bare = trainer.evaluate(&x, &y).unwrap()["loss"];
    trainer.add_loss("constant", |_| Var::scalar(2.0)).unwrap();
    trainer.add_loss("of_samples", |ctx| ctx.inputs.sum_per_sample().var()).unwrap();
    let expected = x.sum() / 40.0;
    for logs in [trainer.evaluate(&x, &y).unwrap(), trainer.test_on_batch(&x, &y).unwrap()] {
        assert_eq!(logs["constant"], 2.0);
        assert!((logs["of_samples"] - expected).abs() < 1e-5);
        assert!((logs["loss"] - bare - 2.0 - expected).abs() < 1e-5, "{logs}");
    }
    let fit = Fit::epochs(2).batch_size(16).validation_split(0.2).verbose(0);
    let history = trainer.fit(&x, &y, fit).unwrap();
    assert_eq!(history["constant"], [2.0, 2.0]);
    assert_eq!(history["val_constant"], [2.0, 2.0]);
    assert!(history["loss"][0] > 2.0);
}

#[test]
fn a_term_trains_the_model_by_its_gradient() {
    let (x, y) = line();
    // The same loss, once as a loss and once as a term.
    let mut losses = Net::new(1).compile("sgd", "mse").unwrap();
    let mut terms = Net::new(1).compile("sgd", NoLoss).unwrap();
    terms
        .add_loss("mse", |ctx| {
            let target = ctx.targets.expect("there is a target");
            (target - ctx.outputs).square().mean()
        })
        .unwrap();
    for _ in 0..3 {
        losses.train_on_batch(&x, &y).unwrap();
        terms.train_on_batch(&x, &y).unwrap();
    }
    let (losses, terms) = (losses.predict(&x).unwrap(), terms.predict(&x).unwrap());
    let worst = (losses - terms).iter().fold(0.0, |worst: Float, d| worst.max(d.abs()));
    assert!(worst < 1e-5, "{worst}");
}

#[test]
fn penalties_count_once_however_often_a_term_calls_the_model() {
    let (x, y) = line();
    let mut trainer = Net::new(1).compile("sgd", "mse").unwrap();
    let bare = trainer.test_on_batch(&x, &y).unwrap()["loss"];
    trainer.add_loss("nothing", |ctx| (ctx.model.call(ctx.inputs) * 0.0).mean()).unwrap();
    assert_eq!(trainer.test_on_batch(&x, &y).unwrap()["loss"], bare);
}

#[test]
fn several_inputs_and_outputs_have_names_and_targets_may_be_absent() {
    let (x, y) = line();
    let losses = SeveralOutputs { sum: "mse", difference: "mse" };
    let mut trainer = Several::new(1).compile("sgd", losses).unwrap();
    let seen = trainer.add_loss("seen", |ctx| {
        assert!(ctx.targets.sum.is_some() && ctx.targets.difference.is_some());
        let sum = ctx.model.call(SeveralInputs { left: ctx.inputs.right, ..ctx.inputs }).sum;
        sum.mean() - ctx.outputs.sum.mean()
    });
    seen.unwrap();
    let inputs = || SeveralInputs { left: &x, right: &x };
    let targets = SeveralOutputs { sum: &y, difference: &y };
    // Left and right are the same.
    let logs = trainer.train_on_batch(inputs(), targets).unwrap();
    assert!(logs["seen"].abs() < 1e-6 && logs["sum_loss"] > 0.0, "{logs}");

    let mut trainer = Net::new(1).compile("sgd", NoLoss).unwrap();
    trainer
        .add_loss("small", |ctx| {
            assert!(ctx.targets.is_none());
            ctx.outputs.square().mean()
        })
        .unwrap();
    let first = trainer.train_on_batch(&x, NoTarget).unwrap()["small"];
    for _ in 0..20 {
        trainer.train_on_batch(&x, NoTarget).unwrap();
    }
    assert!(trainer.train_on_batch(&x, NoTarget).unwrap()["small"] < first);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let trainer = Net::new(1).compile("sgd", "mse").unwrap();
    let mut trainer = trainer.with_metrics(["mae"]).unwrap();
    trainer.add_loss("vat", |_| Var::scalar(0.0)).unwrap();
    for name in ["vat", "loss", "mae", ""] {
        let error = trainer.add_loss(name, |_| Var::scalar(1.0)).unwrap_err().to_string();
        let expected =
            format!("`name` is `{name}`, but must be one that nothing else in the logs has");
        assert_eq!(error, expected);
    }
    // What was refused does not count, and metrics make way.
    let (x, y) = line();
    let logs = trainer.evaluate(&x, &y).unwrap();
    assert_eq!(logs["vat"], 0.0);
}

#[test]
fn what_is_not_one_number_is_an_error_that_names_the_term() {
    let (x, y) = line();
    let mut trainer = Net::new(1).compile("sgd", "mse").unwrap();
    trainer.add_loss("wide", |ctx| ctx.inputs * 2).unwrap();
    let before = bits(trainer.model());
    let error = trainer.train_on_batch(&x, &y).unwrap_err().to_string();
    assert!(error.starts_with("`wide` is not one number for each sample"), "{error}");
    assert_eq!(bits(trainer.model()), before);
}

/// Trains a step that fails in the term, then compares with a training that never failed.
#[track_caller]
fn leaves_nothing(fail: fn(LossContext<'_, Net>) -> Var) {
    let (x, y) = line();
    let trainer = |fails: bool| {
        let calls = Arc::new(AtomicUsize::new(0));
        let mut trainer = Net::new(1).compile("adam", "mse").unwrap();
        trainer
            .add_loss("term", move |ctx| match calls.fetch_add(1, Ordering::Relaxed) {
                1 if fails => fail(ctx),
                _ => ctx.model.call(ctx.inputs + 1).square().mean(),
            })
            .unwrap();
        trainer
    };
    let (mut failing, mut clean) = (trainer(true), trainer(false));
    failing.train_on_batch(&x, &y).unwrap();
    clean.train_on_batch(&x, &y).unwrap();
    let before = (bits(failing.model()), moving_mean(failing.model()));
    let result = catch_unwind(AssertUnwindSafe(|| failing.train_on_batch(&x, &y)));
    assert!(!matches!(result, Ok(Ok(_))));
    assert_eq!((bits(failing.model()), moving_mean(failing.model())), before);
    assert_eq!(failing.train_on_batch(&x, &y), clean.train_on_batch(&x, &y));
    assert_eq!(bits(failing.model()), bits(clean.model()));
    assert_eq!(moving_mean(failing.model()), moving_mean(clean.model()));
}

#[test]
fn a_term_that_fails_or_panics_leaves_nothing_behind() {
    leaves_nothing(|_| panic!("in the term"));
    leaves_nothing(|ctx| ctx.outputs.mean() / 0);
    leaves_nothing(|ctx| ctx.model.call(ctx.inputs.reshape(&[7])).mean());
    leaves_nothing(|ctx| tape::grad([ctx.inputs], |_| panic!("in the gradient"))[0].mean());
    // The root of 0 is 0, but its slope is infinite.
    leaves_nothing(|ctx| (ctx.outputs - ctx.outputs).sqrt().mean());
}

#[test]
fn other_models_are_constants_and_their_statistics_stay() {
    let (x, y) = line();
    let other = Net::new(7);
    let handle = other.share();
    let before = (bits(&other), moving_mean(&other));
    let mut trainer = Net::new(1).compile("sgd", "mse").unwrap();
    let own = (bits(trainer.model()), moving_mean(trainer.model()));
    trainer
        .add_loss("critic", move |ctx| {
            other.call(Var::concatenate(&[ctx.outputs, ctx.outputs], 1)).square().mean()
        })
        .unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!((bits(&handle), moving_mean(&handle)), before);
    assert_ne!(bits(trainer.model()), own.0);
    assert_ne!(moving_mean(trainer.model()), own.1);
}

#[test]
fn gradients_reach_through_another_model_and_end_at_its_weights() {
    let critic = model! { x = Input(1); Dense(1, use_bias = false)(x) };
    critic.dense.kernel.set(&array![[3.0]]).unwrap();
    let handle = critic.share();
    let net = model! { x = Input(1); Dense(1, use_bias = false, kernel_initializer = ones)(x) };
    let kernel = net.dense.kernel.share();
    let loss = per_sample(move |_, y| critic.call(y).mean_per_sample());
    let mut trainer = net.compile(SGD::new(0.5), loss).unwrap();
    trainer.train_on_batch(&array![[2.0]], NoTarget).unwrap();
    // The loss is 3 · w · 2, so w becomes 1 - 0.5 · 6.
    assert_eq!(kernel.get().sum(), -2.0);
    assert_eq!(handle.dense.kernel.get().sum(), 3.0);
}

#[test]
fn a_term_may_ask_for_gradients_in_training_and_evaluation() {
    let (x, y) = line();
    let mut trainer = Net::new(1).compile("sgd", "mse").unwrap();
    // By ten times the direction in which the squared outputs grow.
    trainer
        .add_loss("steeper", |ctx| {
            let [gradient] = tape::grad([ctx.inputs], |[x]| ctx.model.call(x).square().sum());
            (ctx.model.call(ctx.inputs + gradient * 0.01).square() - ctx.outputs.square()).mean()
        })
        .unwrap();
    assert!(trainer.evaluate(&x, &y).unwrap()["steeper"] > 0.0);
    let logs = trainer.train_on_batch(&x, &y).unwrap();
    assert!(logs["steeper"] > 0.0, "{logs}");
    let empty = Array2::<Float>::zeros((1, 2));
    assert!(trainer.evaluate(&empty, &array![[0.0]]).is_ok());
}

#[test]
fn terms_of_the_model_stand_beside_those_from_outside() {
    let net = || model! { x = Input(2); add_loss("size", sum(x * x)); Dense(1)(x) };
    let (x, y) = line();
    let mut trainer = net().compile("sgd", "mse").unwrap();
    let bare = trainer.evaluate(&x, &y).unwrap();
    // What a term or a gradient in it calls the model for does not count again.
    trainer
        .add_loss("again", |ctx| {
            let [gradient] = tape::grad([ctx.inputs], |[x]| ctx.model.call(x).sum());
            (ctx.model.call(ctx.inputs) + gradient.sum()).mean()
        })
        .unwrap();
    let logs = trainer.evaluate(&x, &y).unwrap();
    assert_eq!(logs["size"], bare["size"]);
    assert!((logs["loss"] - bare["loss"] - logs["again"]).abs() < 1e-4, "{logs}");

    let mut trainer = net().compile("sgd", "mse").unwrap();
    trainer.add_loss("size", |_| Var::scalar(1.0)).unwrap();
    let before = bits(trainer.model());
    let error = trainer.train_on_batch(&x, &y).unwrap_err().to_string();
    assert!(error.starts_with("`name` is `size`, but must be one that nothing else"), "{error}");
    assert_eq!(bits(trainer.model()), before);
}

#[test]
fn an_intermediate_value_that_a_term_needs_is_an_output_without_a_loss() {
    let (x, y) = line();
    let losses = OpenOutputs { prediction: "mse", hidden: NoLoss };
    let mut trainer = Open::new(1).compile(SGD::new(0.1), losses).unwrap();
    // Of the sum of the inputs, three times a sample; more for those that are predicted wrongly.
    let term = trainer.add_loss("sparse", |ctx| {
        let wrong = (ctx.targets.prediction.expect("a target") - ctx.outputs.prediction).detach();
        ctx.outputs.hidden.sum_per_sample().var() + (wrong * 0.0).sum_per_sample().var()
    });
    term.unwrap();
    let targets = || OpenOutputs { prediction: &y, hidden: NoTarget };
    let logs = trainer.train_on_batch(&x, targets()).unwrap();
    assert!((logs["sparse"] - 3.0 * x.sum() / 40.0).abs() < 1e-5, "{logs}");
    let sum = logs["prediction_loss"] + logs["sparse"];
    assert!((logs["loss"] - sum).abs() < 1e-5 && logs.get("hidden_loss").is_none(), "{logs}");
    assert!(trainer.evaluate(&x, targets()).unwrap()["sparse"] < logs["sparse"]);
}

/// How often it has been asked for, and no term in evaluation.
struct Counting {
    count: Variable,
    fails: bool,
}

impl LossTerm<Net> for Counting {
    fn value(&self, ctx: LossContext<'_, Net>) -> Var {
        assert_eq!(tape::mode(), Mode::Training);
        self.count.update(self.count.read() + 1);
        let size = ctx.outputs.square().mean();
        if self.fails { size / 0 } else { size }
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.count]
    }

    fn in_evaluation(&self) -> bool {
        false
    }
}

#[test]
fn a_term_may_have_variables_and_leave_evaluation_alone() {
    let (x, y) = line();
    for fails in [false, true] {
        let count = Variable::scalar("count", 0.0);
        let mut trainer = Net::new(1).compile("sgd", "mse").unwrap();
        let bare = trainer.evaluate(&x, &y).unwrap();
        trainer.add_loss_term("size", Counting { count: count.share(), fails }).unwrap();
        assert_eq!(trainer.variables()[0].1.id(), count.id());
        assert_eq!(trainer.evaluate(&x, &y).unwrap(), bare);
        let logs = trainer.train_on_batch(&x, &y);
        assert_eq!((logs.is_err(), count.get().sum() == 0.0), (fails, fails));
        if !fails {
            let fit = Fit::epochs(2).batch_size(20).validation_split(0.5).verbose(0);
            let history = trainer.fit(&x, &y, fit).unwrap();
            assert_eq!(history["count"], [2.0, 3.0]);
            assert!(history["size"].len() == 2 && history.get("val_size").is_empty());
        }
        let again = Counting { count: count.share(), fails };
        assert!(trainer.add_loss_term("size", again).is_err());
    }
}
