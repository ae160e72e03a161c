//! The trainer, with models written by hand as `model!` would make them.

mod arguments;
mod batches;
mod checkpoints;
mod constraints;
mod errors;
mod evaluations;
mod hostile;
mod idle;
mod measures;
mod models;
mod on_batch;
mod optimizers;
mod own_step;
mod own_step_fails;
mod parts;
mod paths;
mod penalty;
mod sharing;
mod terms;
mod ties;
mod transactions;
mod two_trainers;
mod variables;

use ndarray::{Array1, Array2, ArrayD, Axis, array, concatenate};

use self::models::{Fork, ForkOutputs, Net, bits};
use crate::*;

fn xor() -> (Array2<Float>, Array2<Float>) {
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    (x, array![[0.0], [1.0], [1.0], [0.0]])
}

/// 40 samples of two numbers, and a line over them.
fn line() -> (Array2<Float>, Array2<Float>) {
    let x = Array2::from_shape_fn((40, 2), |(i, j)| ((i * 7 + j * 3) % 11) as Float / 11.0);
    let y = x.map_axis(Axis(1), |row| 2.0 * row[0] - row[1] + 0.5).insert_axis(Axis(1));
    (x, y)
}

#[test]
fn xor_is_learned() {
    let (x, y) = xor();
    let net = Net::classifier(1);
    let mut trainer = net.compile(Adam::new(0.05), "binary_crossentropy").unwrap();
    trainer = trainer.with_metrics(["accuracy"]).unwrap();
    let history = trainer.fit(&x, &y, Fit::epochs(300).batch_size(4).verbose(0)).unwrap();
    assert_eq!(history["loss"].len(), 300);
    assert!(history["loss"][299] < 0.1, "{}", history["loss"][299]);
    let logs = trainer.evaluate(&x, &y).unwrap();
    assert_eq!(logs["accuracy"], 1.0);
    let predictions = trainer.predict(&x).unwrap();
    assert_eq!(predictions.mapv(Float::round), y.into_dyn());
}

#[test]
fn a_line_is_learned_by_every_optimizer() {
    let (x, y) = line();
    let optimizers: [Box<dyn Optimizer>; 9] = [
        Box::new(SGD::new(0.1).momentum(0.5).nesterov(true)),
        Box::new(Adam::new(0.05).amsgrad(true)),
        Box::new(AdamW::new(0.05).weight_decay(0.0001)),
        Box::new(RMSprop::new(|step: u64| 0.01 / (1 + step / 100) as Float).centered(true)),
        Box::new(Adagrad::new(0.5)),
        Box::new(Adadelta::new(10.0)),
        Box::new(Adamax::new(0.05)),
        Box::new(Nadam::new(0.05)),
        Box::new(Lion::new(|step: u64| 0.01 / (1 + step / 100) as Float)),
    ];
    for optimizer in optimizers {
        let name = optimizer.name();
        let mut trainer = Net::linear(1).compile(optimizer, "mse").unwrap();
        let history = trainer.fit(&x, &y, Fit::epochs(150).batch_size(8).verbose(0)).unwrap();
        let last = history["loss"][149];
        assert!(last < 1e-3, "{name}: {last}");
    }
}

#[test]
fn labels_are_learned_through_the_softmax() {
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]];
    let labels = array![2_u8, 0, 1];
    let loss = "sparse_categorical_crossentropy";
    let mut trainer = Net::softmax(3).compile("adam", loss).unwrap();
    trainer = trainer.with_metrics(["accuracy"]).unwrap();
    trainer.set_learning_rate(0.05).unwrap();
    trainer.fit(&x, &labels, Fit::epochs(200).verbose(0)).unwrap();
    let logs = trainer.evaluate(&x, &labels).unwrap();
    assert!(logs["loss"] < 0.2 && logs["accuracy"] == 1.0, "{logs}");
    assert_eq!(trainer.learning_rate(), 0.05);
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_does_not() {
    let (x, y) = line();
    let train = |seed| {
        let mut trainer = Net::classifier(1).compile("adam", "mse").unwrap();
        trainer.fit(&x, &y, Fit::epochs(3).batch_size(7).seed(seed).verbose(0)).unwrap();
        bits(trainer.model())
    };
    assert_eq!(train(1), train(1));
    assert_ne!(train(1), train(2));
}

#[test]
fn a_weight_is_as_good_as_repeating_the_sample() {
    let (x, y) = line();
    let all = |steps: usize, x: &Array2<Float>, y: &Array2<Float>, weight: Option<&Array1<f64>>| {
        let mut trainer = Net::linear(1).compile(SGD::new(0.1), "mse").unwrap();
        // The mean is over the samples and not over the weights, as in Keras, so the rate makes up
        // for it.
        let rows = x.nrows() as Float;
        trainer.set_learning_rate(0.1 * rows / 40.0).unwrap();
        for _ in 0..steps {
            let mut options = Fit::epochs(1).batch_size(1000).verbose(0);
            if let Some(weight) = weight {
                options = options.sample_weight(weight);
            }
            trainer.fit(x, y, options).unwrap();
        }
        trainer.predict(&line().0).unwrap()
    };
    let weights = Array1::from_shape_fn(40, |i| if i < 20 { 2.0 } else { 1.0 });
    let first = |a: &Array2<Float>| a.slice(ndarray::s![..20, ..]).to_owned();
    let twice = |a: &Array2<Float>| concatenate![Axis(0), a.view(), first(a)];
    let repeated = all(3, &twice(&x), &twice(&y), None);
    let weighted = all(3, &x, &y, Some(&weights));
    assert!((repeated - weighted).iter().all(|difference| difference.abs() < 1e-5));
}

#[test]
fn class_weights_are_sample_weights_by_class() {
    let (x, _) = line();
    let labels = Array1::from_shape_fn(40, |i| i % 3);
    let weights = labels.mapv(|label| [1.0, 0.0, 4.0][label]);
    let train = |options: Fit<'_, Net>| {
        let loss = "sparse_categorical_crossentropy";
        let mut trainer = Net::softmax(3).compile("adam", loss).unwrap();
        trainer.fit(&x, &labels, options.verbose(0)).unwrap();
        bits(trainer.model())
    };
    let by_class = train(Fit::epochs(2).class_weight([(1, 0.0), (2, 4.0)]));
    assert_eq!(by_class, train(Fit::epochs(2).sample_weight(&weights)));
    assert_ne!(by_class, train(Fit::epochs(2)));
}

#[test]
fn the_last_rows_validate() {
    let (x, y) = line();
    let (train_x, last_x) = x.view().split_at(Axis(0), 30);
    let (train_y, last_y) = y.view().split_at(Axis(0), 30);
    let mut split = Net::classifier(1).compile("adam", "mse").unwrap();
    let history = split
        .fit(&x, &y, Fit::epochs(4).validation_split(0.25).validation_freq(2).verbose(0))
        .unwrap();
    let mut given = Net::classifier(1).compile("adam", "mse").unwrap();
    let options = Fit::epochs(4).validation_data(&last_x, &last_y).verbose(0);
    let expected = given.fit(&train_x, &train_y, options).unwrap();
    assert_eq!(history["loss"], expected["loss"]);
    assert_eq!(history["val_loss"], [expected["val_loss"][1], expected["val_loss"][3]]);
    assert_eq!(bits(split.model()), bits(given.model()));
    let last = given.evaluate(&last_x, &last_y).unwrap();
    assert_eq!(last["loss"], expected["val_loss"][3]);
}

#[test]
fn training_goes_on_where_it_stopped() {
    let (x, y) = line();
    let run = |parts: &[(usize, usize)]| {
        let mut trainer = Net::classifier(1).compile("adam", "mse").unwrap();
        for &(from, to) in parts {
            let options = Fit::epochs(to).initial_epoch(from).batch_size(8).verbose(0);
            trainer.fit(&x, &y, options).unwrap();
        }
        bits(trainer.model())
    };
    assert_eq!(run(&[(0, 4)]), run(&[(0, 1), (1, 4)]));
}

#[test]
fn each_metric_has_a_name_of_its_own() {
    struct Loss;
    impl Metric for Loss {
        fn name(&self) -> String {
            "loss".to_owned()
        }
        fn statistics(&self, batch: &metric::Batch<'_>) -> Result<Vec<f64>, Error> {
            Ok(batch.mean(|_, _| 7.0))
        }
    }
    let (x, y) = line();
    let mut trainer = Net::linear(1)
        .compile("sgd", "mse")
        .unwrap()
        .with_metrics(["mae", "mae"])
        .and_then(|trainer| trainer.with_weighted_metrics(["mae", "mae"]))
        .and_then(|trainer| trainer.with_metrics([Loss]))
        .unwrap();
    let history = trainer.fit(&x, &y, Fit::epochs(2).verbose(0)).unwrap();
    for name in ["loss", "mae", "mae_1", "weighted_mae", "weighted_mae_1", "loss_1"] {
        assert_eq!(history[name].len(), 2, "{name}");
    }
    assert_eq!(history["loss_1"], [7.0, 7.0]);
}

#[test]
fn several_outputs_have_losses_weights_and_metrics_of_their_own() {
    let (x, y) = line();
    let targets = || ForkOutputs { left: &y, right: &y };
    let losses = ForkOutputs { left: "mse", right: "mae" };
    let mut trainer = Fork::new(1)
        .compile(SGD::new(0.0), losses)
        .unwrap()
        .with_loss_weights(ForkOutputs { left: 1.0, right: 0.5 })
        .and_then(|t| t.with_metrics(ForkOutputs { left: vec!["mae"], right: vec![] }))
        .unwrap();
    let logs = trainer.train_on_batch(&x, targets()).unwrap();
    let names: Vec<&str> = logs.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["loss", "left_loss", "right_loss", "left_mae"]);
    let ForkOutputs { left, right } = trainer.predict(&x).unwrap();
    let mean = |p: &ArrayD<Float>, f: fn(Float) -> Float| (p - &y).mapv(f).mean().unwrap();
    let (mse, mae) = (mean(&left, |e| e * e), mean(&right, Float::abs));
    assert!((logs["left_loss"] - mse).abs() < 1e-5 && (logs["right_loss"] - mae).abs() < 1e-5);
    assert!((logs["loss"] - (mse + 0.5 * mae)).abs() < 1e-5);
    assert!((logs["left_mae"] - mean(&left, Float::abs)).abs() < 1e-5);

    let before = bits(trainer.model());
    let mut only = trainer.into_model().compile("sgd", ForkOutputs { left: "mse", right: NoLoss });
    let only = only.as_mut().unwrap();
    let targets = ForkOutputs { left: &y, right: NoTarget };
    only.train_on_batch(&x, targets).unwrap();
    let after = bits(only.model());
    assert_ne!(before[..2], after[..2]);
    assert_eq!(before[2..], after[2..]);
}

#[test]
fn penalties_count_once_and_frozen_weights_stay() {
    let (x, y) = line();
    let net = Net::linear(1);
    let plain = net.compile(SGD::new(0.1), "mse").unwrap().evaluate(&x, &y).unwrap()["loss"];
    let mut net = Net::linear(1);
    net.penalize(Regularizer::L2(0.5));
    let norm: Float = net.last.kernel.get().iter().map(|w| w * w).sum();
    let kernel = net.last.kernel.get();
    net.last.kernel.set_trainable(false);
    let mut trainer = net.compile(SGD::new(0.1), "mse").unwrap();
    let penalized = trainer.evaluate(&x, &y).unwrap()["loss"];
    assert!((penalized - plain - 0.5 * norm).abs() < 1e-5, "{penalized} {plain} {norm}");
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!(trainer.model().last.kernel.get(), kernel);
    assert_ne!(trainer.model().last.bias.as_ref().unwrap().get(), Array1::zeros(1).into_dyn());
}

#[test]
fn metrics_of_batches_add_up_until_they_are_reset() {
    let (x, y) = xor();
    let mut trainer = Net::classifier(1).compile(SGD::new(0.0), "mse").unwrap();
    trainer = trainer.with_metrics(["mse"]).unwrap().with_weighted_metrics(["mse"]).unwrap();
    let row = |i: usize| (x.slice(ndarray::s![i..=i, ..]), y.slice(ndarray::s![i..=i, ..]));
    let mut losses = Vec::new();
    let mut logs = Logs::default();
    for i in 0..4 {
        let (x, y) = row(i);
        logs = trainer.train_on_batch(&x, &y).unwrap();
        losses.push(logs["loss"]);
    }
    let mean = losses.iter().sum::<Float>() / 4.0;
    assert!((logs["mse"] - mean).abs() < 1e-6);
    assert!((logs["weighted_mse"] - mean).abs() < 1e-6);
    assert!((trainer.evaluate(&x, &y).unwrap()["loss"] - mean).abs() < 1e-6);
    trainer.reset_metrics();
    let (x, y) = row(0);
    assert_eq!(trainer.test_on_batch(&x, &y).unwrap()["mse"], losses[0]);
}

#[test]
fn predictions_are_the_same_in_batches_and_from_threads() {
    let net = Net::classifier(1);
    let x = Array2::from_shape_fn((70, 2), |(i, j)| (i + j) as Float / 70.0);
    let whole = net.predict_with(&x, 1000).unwrap();
    assert_eq!(whole.shape(), [70, 1]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(net.predict(&x).unwrap(), whole));
        }
    });
}

#[test]
fn the_summary_shows_layers_and_counts() {
    let net = Net::classifier(1);
    net.first.kernel.set_trainable(false);
    let text = net.summary().to_string();
    assert!(text.contains("│ first (Dense)  │ (8)          │      24 │\n"), "{text}");
    assert!(text.contains(" Total params: 33 ("), "{text}");
    assert!(text.contains(" Non-trainable params: 16 ("), "{text}");
    let text = Fork::new(1).summary().to_string();
    assert!(text.contains("Connected to") && text.contains("│ inputs       │\n"), "{text}");
}
