//! Training steps of one's own.

use ndarray::{Array2, ArrayD, Axis, arr0, array};

use super::line;
use super::models::{Fork, ForkOutputs, Net, bits};
use crate::prelude::*;

model! {
    struct Rich {
        x = Input(2);
        x = Dense(4, tanh, kernel_regularizer = l2(0.1))(x);
        x = BatchNormalization()(x);
        x = Dropout(0.3)(x);
        add_loss("size", mean(x * x) * 0.01);
        Dense(1, activity_regularizer = l2(0.01))(x)
    }

    struct Scale {
        x = Input(2);
        Dense(1, use_bias = false, kernel_initializer = zeros)(x)
    }

    struct Two {
        left = Input(2);
        right = Input(2);
        sum = Dense(1)(left + right);
        difference = Dense(1)(left - right);
        (sum, difference)
    }
}

/// All weights and variables, bit by bit.
pub fn all_bits(net: &dyn Model) -> Vec<u64> {
    net.get_weights().iter().flatten().map(|number| f64::from(*number).to_bits()).collect()
}

fn close(a: Float, b: Float) {
    assert!((a - b).abs() < 1e-5, "{a} and {b}");
}

#[test]
fn the_compiled_loss_gives_the_step_of_train_on_batch_bit_by_bit() {
    let (x, y) = line();
    let compile = || Rich::new(1).compile(Adam::new(0.01).clipnorm(0.5), "mse").unwrap();
    let (mut whole, mut own) = (compile(), compile());
    for _ in 0..4 {
        let expected = whole.train_on_batch(&x, &y).unwrap();
        let logs = own.step(|ctx| {
            let outputs = ctx.model.call(ctx.inputs(&x));
            ctx.loss(ctx.value(&y), outputs)
        });
        // Logs divide by the number of samples what they have multiplied by it.
        for ((name, value), (other, expected)) in logs.unwrap().iter().zip(expected.iter()) {
            assert_eq!(name, other);
            close(value, expected);
        }
        assert_eq!(all_bits(own.model()), all_bits(whole.model()));
    }
    assert_eq!(own.state(), whole.state());
    assert_eq!(own.evaluate(&x, &y), whole.evaluate(&x, &y));
}

#[test]
fn several_inputs_and_outputs_have_names() {
    let (x, y) = line();
    let compile = || {
        let losses = TwoOutputs { sum: "mse", difference: NoLoss };
        let trainer = Two::new(1).compile("sgd", losses).unwrap();
        trainer.with_loss_weights(TwoOutputs { sum: 0.5, difference: 1.0 }).unwrap()
    };
    let (mut whole, mut own) = (compile(), compile());
    let targets = TwoOutputs { sum: &y, difference: NoTarget };
    let expected = whole.train_on_batch(TwoInputs { left: &x, right: &x }, targets).unwrap();
    let logs = own.step(|ctx| {
        let outputs = ctx.model.call(ctx.inputs(TwoInputs { left: &x, right: &x }));
        ctx.loss(TwoOutputs { sum: Some(ctx.value(&y)), difference: None }, outputs)
    });
    close(logs.unwrap()["loss"], expected["loss"]);
    assert_eq!(all_bits(own.model()), all_bits(whole.model()));
}

/// The distance of a linear critic is its weights by the difference of the means, of which its
/// gradient is that difference.
#[test]
fn a_wasserstein_critic_moves_by_the_difference_of_means_and_stays_in_bounds() {
    let real = array![[1.0, 0.0], [3.0, 2.0]];
    let generator = Rich::new(7);
    generator.dense.set_trainable(true);
    let before = all_bits(&generator);
    let critic = Scale::new(0);
    let clip = |limit: Float| Constraint::custom(move |w| w.clip(-limit, limit));
    critic.dense.kernel.set_constraint(Some(clip(0.3)));
    let mut trainer = critic.compile(SGD::new(0.1), NoLoss).unwrap();
    let noise = line().0;
    // In training, as the step sees it, with the seed's dropout.
    let mut fake = ArrayD::<Float>::zeros(vec![]);
    for _ in 0..5 {
        let weights = trainer.model().dense.kernel.get();
        let logs = trainer
            .step(|ctx| {
                let made = tape::without_terms(|| generator.call(ctx.value(&noise)));
                let made = Var::concatenate(&[made, made * 2], 1);
                fake = made.to_array().mean_axis(Axis(0)).expect("there are samples");
                let distance =
                    ctx.model.call(ctx.inputs(&real)).mean() - ctx.model.call(made).mean();
                tape::add_metric("distance", distance);
                -distance
            })
            .unwrap();
        assert_eq!(logs.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["loss", "distance"]);
        assert_eq!(logs["loss"], -logs["distance"]);
        let moved = trainer.model().dense.kernel.get();
        for (i, mean) in [2.0, 1.0].into_iter().enumerate() {
            let expected = weights[[i, 0]] + 0.1 * (mean - fake[i]);
            close(moved[[i, 0]], expected.clamp(-0.3, 0.3));
        }
    }
    assert_eq!(trainer.model().dense.kernel.get()[[0, 0]], 0.3);
    assert_eq!(all_bits(&generator), before);
}

#[test]
fn gradients_of_parts_of_a_batch_add_up_to_its_own() {
    let (x, y) = line();
    let compile = || Net::classifier(1).compile(SGD::new(0.5), "mse").unwrap();
    let (mut whole, mut parts) = (compile(), compile());
    whole.train_on_batch(&x, &y).unwrap();
    let logs = parts.step(|ctx| {
        let mut loss = Var::scalar(0.0);
        for (x, y) in x.axis_chunks_iter(Axis(0), 10).zip(y.axis_chunks_iter(Axis(0), 10)) {
            let outputs = ctx.model.call(&[ctx.inputs(&x)]).one();
            loss = loss + ctx.loss(ctx.value(y), outputs) / 4;
        }
        loss
    });
    close(
        logs.unwrap()["loss"],
        Net::classifier(1).compile("sgd", "mse").unwrap().evaluate(&x, &y).unwrap()["loss"],
    );
    let (whole, parts) = (whole.model().get_weights(), parts.model().get_weights());
    for (whole, parts) in whole.iter().flatten().zip(parts.iter().flatten()) {
        close(*whole, *parts);
    }
    assert_eq!(Net::classifier(1).parameters().len(), 4);
}

#[test]
fn named_parts_count_and_are_logged_and_clipping_sees_them_all() {
    let mut trainer = Scale::new(0).compile(SGD::new(1.0).clipnorm(1.0), NoLoss).unwrap();
    let x = array![[3.0, 4.0]];
    let logs = trainer
        .step(|ctx| {
            let y = ctx.model.call(ctx.inputs(&x));
            tape::add_loss("first", y.sum() * 2 + 5);
            // The mean of what is one number for each sample.
            tape::add_loss("second", Var::from_array(&array![1.0, 3.0]));
            tape::add_metric("seven", Var::scalar(7.0));
            y.sum()
        })
        .unwrap();
    let names: Vec<_> = logs.iter().collect();
    assert_eq!(names, [("loss", 7.0), ("first", 5.0), ("second", 2.0), ("seven", 7.0)]);
    // The gradient (9, 12) has the norm 15.
    let kernel = trainer.model().dense.kernel.get();
    close(kernel[[0, 0]], -0.6);
    close(kernel[[1, 0]], -0.8);
}

#[test]
fn penalties_of_own_weights_count_once_and_those_of_other_models_do_not() {
    let (x, _) = line();
    let penalty = |net: &Rich| {
        let squares: Float = net.dense.kernel.get().iter().map(|w| w * w).sum();
        0.1 * squares
    };
    let other = Rich::new(7);
    let mut trainer = Rich::new(1).compile(SGD::new(0.1), NoLoss).unwrap();
    let own = penalty(trainer.model());
    // The hidden layer alone: neither the added loss nor the activity regularizer.
    let logs = trainer.step(|ctx| {
        let x = ctx.inputs(&x);
        let hidden = |net: &Rich| net.dense.call(x).mean() * 0.0;
        hidden(ctx.model) + hidden(ctx.model) + hidden(&other)
    });
    close(logs.unwrap()["loss"], own);

    // What another model adds by itself counts, unless it is left out.
    let mut step = |leaves_out: bool| {
        let logs = trainer.step(|ctx| {
            let x = ctx.inputs(&x);
            let call = || other.call(x);
            let seen = if leaves_out { tape::without_terms(call) } else { call() };
            (seen * 0.0).mean() + (ctx.model.dense.call(x) * 0.0).mean()
        });
        logs.unwrap()
    };
    assert!(step(false).get("size").is_some());
    assert!(step(true).get("size").is_none());
}

#[test]
fn a_step_may_update_variables_that_the_trainer_was_given() {
    let (x, _) = line();
    let (k, wide) = (Variable::scalar("k", 1.0), Variable::new("wide", array![0.0, 0.0]));
    let mut trainer = Scale::new(0).compile(SGD::new(0.1), NoLoss).unwrap();
    let step = |trainer: &mut Trainer<Scale>, fails: bool| {
        trainer.step(|ctx| {
            k.update(k.read() * 2);
            wide.update(wide.read() + 1);
            let loss = ctx.model.call(ctx.inputs(&x)).mean();
            if fails { loss / 0 } else { loss * k.read() }
        })
    };
    let error = step(&mut trainer, false).unwrap_err().to_string();
    assert!(error.contains("`k`") && error.contains("`trainer.add_variable`"), "{error}");
    trainer.add_variable(&k);
    trainer.add_variable(&k);
    trainer.add_variable(&wide);
    trainer.add_variable(&Variable::scalar("k", 5.0));
    let names: Vec<String> = trainer.variables().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["k", "wide", "k_1"]);
    assert!(step(&mut trainer, true).is_err());
    assert_eq!((k.get(), wide.get().sum()), (arr0(1.0).into_dyn(), 0.0));
    let logs = step(&mut trainer, false).unwrap();
    assert_eq!((logs["k"], logs["k_1"], logs.get("wide")), (2.0, 5.0, None));
    assert_eq!((k.get(), wide.get().sum()), (arr0(2.0).into_dyn(), 2.0));
    // The gradient was that with the new k.
    let mean = x.mean_axis(Axis(0)).expect("there are samples");
    close(trainer.model().dense.kernel.get()[[0, 0]], -0.1 * 2.0 * mean[0]);
}

#[test]
fn what_is_frozen_stays_bit_by_bit_with_its_statistics() {
    let (x, _) = line();
    let net = Rich::new(1);
    net.freeze("dense").unwrap();
    net.freeze("batch_normalization").unwrap();
    let frozen = |net: &Rich| {
        let part = |layer: &dyn Layer| {
            let mut bits = Vec::new();
            let see = |numbers: ArrayD<Float>| numbers.into_iter().map(|n| n.to_bits()).collect();
            let mut all: Vec<Vec<_>> = Vec::new();
            layer.visit(&mut Visitor::new(&mut |_, weight| all.push(see(weight.get()))));
            layer.visit(&mut Visitor::of_variables(&mut |_, v| all.push(see(v.get()))));
            bits.append(&mut all);
            bits
        };
        (part(&net.dense), part(&net.batch_normalization))
    };
    let before = (frozen(&net), net.dense_1.kernel.get());
    let mut trainer = net.compile(Adam::new(0.1).weight_decay(0.1), "mse").unwrap();
    for _ in 0..3 {
        trainer.step(|ctx| ctx.model.call(ctx.inputs(&x)).square().mean()).unwrap();
    }
    trainer.fit(&x, &Array2::<Float>::zeros((40, 1)), Fit::epochs(1).verbose(0)).unwrap();
    assert_eq!(frozen(trainer.model()), before.0);
    assert_ne!(trainer.model().dense_1.kernel.get(), before.1);
}

#[test]
fn outputs_without_a_loss_are_not_trained_by_it() {
    let (x, y) = line();
    let losses = ForkOutputs { left: "mse", right: NoLoss };
    let mut trainer = Fork::new(1).compile(SGD::new(0.1), losses).unwrap();
    let before = bits(trainer.model());
    trainer
        .step(|ctx| {
            let [left, right] = ctx.model.call(&[ctx.inputs(&x)]).array();
            let targets = ForkOutputs { left: ctx.value(&y), right: ctx.value(&y) };
            ctx.loss(targets, ForkOutputs { left, right })
        })
        .unwrap();
    let after = bits(trainer.model());
    assert_ne!(after[..2], before[..2]);
    assert_eq!(after[2..], before[2..]);
}
