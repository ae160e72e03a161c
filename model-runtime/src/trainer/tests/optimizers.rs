//! What all optimizers can do, and that a step of any is a transaction.

use super::models::{Net, bits};
use super::{line, xor};
use crate::optimizer::schedule::ExponentialDecay;
use crate::optimizer::{Options, Slot, Step};
use crate::tensor::Tensor;
use crate::trainer::update::{Gradient, Updater};
use crate::*;

fn weight(numbers: &[f64]) -> Parameter {
    let numbers: Vec<Float> = numbers.iter().map(|&w| w as Float).collect();
    Parameter::new(Tensor::new(Shape::new(&[numbers.len()]), numbers))
}

pub(super) fn numbers(weights: &[(String, Parameter)]) -> Vec<f64> {
    let numbers = weights.iter().flat_map(|(_, weight)| weight.get().into_iter());
    numbers.map(|w| w as f64).collect()
}

/// The gradients of a kernel of two numbers and a bias of one, batch by batch.
const GRADIENTS: [[f64; 3]; 5] =
    [[3.0, -1.0, 0.5], [0.25, 2.0, -4.0], [-1.0, -1.0, 1.0], [0.5, 0.0, 0.125], [4.0, 1.0, -2.0]];

#[track_caller]
pub(super) fn close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (g, e) in got.iter().zip(expected) {
        assert!((g - e).abs() < 3e-6, "{got:?} {expected:?}");
    }
}

/// Compares the weights after each batch, and the averages at the end.
#[track_caller]
fn follows(
    optimizer: impl Optimizer + 'static,
    constraint: Option<Constraint>,
    expected: &[[f64; 3]],
    averages: Option<[f64; 3]>,
) {
    let weights = [("dense.kernel", weight(&[2.0, -1.0])), ("dense.bias", weight(&[0.5]))];
    let weights = weights.map(|(path, weight)| (path.to_owned(), weight));
    weights[0].1.set_constraint(constraint);
    let mut updater = Updater::new(MultiOptimizer::new(optimizer), &weights).unwrap();
    for (gradient, expected) in GRADIENTS.iter().zip(expected) {
        let gradients = weights.iter().zip([&gradient[..2], &gradient[2..]]);
        let gradients = gradients.map(|((path, weight), numbers)| {
            Gradient::new(path, weight, numbers.iter().map(|&g| g as Float).collect())
        });
        updater.step(gradients.collect(), None).unwrap();
        close(&numbers(&weights), expected);
    }
    match averages {
        Some(averages) => {
            let last = numbers(&weights);
            updater.swap_averages(&weights);
            close(&numbers(&weights), &averages);
            updater.swap_averages(&weights);
            assert_eq!(numbers(&weights), last);
            updater.apply_averages(&weights);
            close(&numbers(&weights), &averages);
        }
        None => assert!(updater.check_averages().is_err()),
    }
}

/// The numbers are Keras 3.15.1's, in `float32`.
#[test]
fn options_do_what_they_do_in_keras() {
    let optimizer = SGD::new(0.1).momentum(0.5).clipnorm(1.5);
    follows(
        optimizer,
        None,
        &[
            [1.8576975, -0.95256585, 0.44999999],
            [1.767941, -1.0776905, 0.57499999],
            [1.8230628, -1.0402528, 0.53749996],
            [1.8006237, -1.021534, 0.50624996],
            [1.6438828, -1.0485549, 0.640625],
        ],
        None,
    );
    let optimizer = SGD::new(0.1).momentum(0.5).clipvalue(0.75);
    follows(
        optimizer,
        None,
        &[
            [1.925, -0.92500001, 0.44999999],
            [1.8625, -0.96250004, 0.5],
            [1.90625, -0.90625006, 0.44999999],
            [1.878125, -0.87812507, 0.41249999],
            [1.7890625, -0.9390626, 0.46875],
        ],
        None,
    );
    let optimizer = SGD::new(0.1).momentum(0.5).global_clipnorm(1.5);
    follows(
        optimizer,
        None,
        &[
            [1.8594437, -0.95314789, 0.47657394],
            [1.7807933, -0.99669927, 0.59881586],
            [1.8280706, -0.93187243, 0.57333428],
            [1.8017093, -0.899459, 0.5480935],
            [1.6575979, -0.91598499, 0.60093844],
        ],
        None,
    );
    let optimizer =
        SGD::new(0.1).momentum(0.5).weight_decay(0.2).exclude_from_weight_decay(["bias"]);
    follows(
        optimizer,
        None,
        &[
            [1.6600001, -0.88, 0.44999999],
            [1.4518001, -1.0124, 0.82499999],
            [1.4352641, -0.96715206, 0.91249996],
            [1.3628088, -0.93530905, 0.94374996],
            [0.91367769, -1.0103528, 1.159375],
        ],
        None,
    );
    let optimizer = SGD::new(0.1).momentum(0.5).use_ema(true).ema_momentum(0.75);
    follows(
        optimizer,
        None,
        &[
            [1.7, -0.89999998, 0.44999999],
            [1.5250001, -1.05, 0.82499999],
            [1.5375001, -1.025, 0.91249996],
            [1.4937501, -1.0124999, 0.94374996],
            [1.0718751, -1.1062499, 1.159375],
        ],
        Some([1.4629884, -1.0060545, 0.82451165]),
    );
    let optimizer =
        SGD::new(0.1).momentum(0.5).use_ema(true).ema_momentum(0.75).ema_overwrite_frequency(2);
    follows(
        optimizer,
        None,
        &[
            [1.7, -0.89999998, 0.44999999],
            [1.6562501, -0.93749994, 0.54374999],
            [1.6687502, -0.91249996, 0.63124996],
            [1.6507814, -0.92343748, 0.58984369],
            [1.2289064, -1.0171875, 0.80546868],
        ],
        Some([1.5453126, -0.94687498, 0.64374995]),
    );
    let optimizer = Adam::new(0.1).gradient_accumulation_steps(2);
    follows(
        optimizer,
        None,
        &[
            [2.0, -1.0, 0.5],
            [1.9000008, -1.0999987, 0.59999913],
            [1.9000008, -1.0999987, 0.59999913],
            [1.8450962, -1.0947356, 0.64100552],
            [1.8450962, -1.0947356, 0.64100552],
        ],
        None,
    );
    // Schedules count batches; all else counts updates.
    let optimizer = Adam::new(ExponentialDecay::new(0.1, 2, 0.5))
        .gradient_accumulation_steps(2)
        .clipnorm(1.5)
        .weight_decay(0.2)
        .use_ema(true)
        .ema_momentum(0.75)
        .ema_overwrite_frequency(2);
    follows(
        optimizer,
        None,
        &[
            [2.0, -1.0, 0.5],
            [1.9010056, -1.0565675, 0.56363899],
            [1.9010056, -1.0565675, 0.56363899],
            [1.8929411, -1.0536836, 0.5658772],
            [1.8929411, -1.0536836, 0.5658772],
        ],
        Some([1.8929411, -1.0536836, 0.5658772]),
    );
    // Averages are of the weights before the constraint.
    let optimizer = SGD::new(0.1).momentum(0.5).use_ema(true).ema_momentum(0.75);
    let constraint = Some(Constraint::MaxNorm(1.0, &[0]));
    follows(
        optimizer,
        constraint,
        &[
            [0.88378793, -0.4678877, 0.44999999],
            [0.70878786, -0.61788768, 0.82499999],
            [0.72128779, -0.59288764, 0.91249996],
            [0.67753774, -0.58038759, 0.94374996],
            [0.25566268, -0.67413747, 1.159375],
        ],
        Some([0.90503079, -0.71066535, 0.82451165]),
    );
}

#[test]
fn accumulated_batches_are_one_large_one() {
    let (x, y) = line();
    let train = |steps: Option<u64>, rows: usize| {
        let optimizer = Adam::new(0.05).global_clipnorm(0.5).weight_decay(0.1);
        let optimizer: Box<dyn Optimizer> = match steps {
            Some(steps) => Box::new(optimizer.gradient_accumulation_steps(steps)),
            None => Box::new(optimizer),
        };
        let mut trainer = Net::classifier(1).compile(optimizer, "mse").unwrap();
        let options = Fit::epochs(3).batch_size(rows).shuffle(false).verbose(0);
        trainer.fit(&x, &y, options).unwrap();
        trainer.model().parameters()
    };
    // 40 samples: 2 updates in each epoch.
    close(&numbers(&train(Some(4), 5)), &numbers(&train(None, 20)));
}

#[test]
fn pieces_of_a_weight_are_the_whole() {
    /// Adam, with the whole weight at once.
    struct Whole(Adam);
    impl Optimizer for Whole {
        fn name(&self) -> &'static str {
            "whole"
        }
        fn options(&self) -> &Options {
            self.0.options()
        }
        fn options_mut(&mut self) -> &mut Options {
            self.0.options_mut()
        }
        fn slots(&self) -> Vec<Slot> {
            self.0.slots()
        }
        fn update(&self, step: &Step, w: &mut [Float], g: &[Float], slots: &mut [&mut [Float]]) {
            assert_eq!(w.len(), 70_000);
            self.0.update(step, w, g, slots);
        }
    }
    let adam = || Adam::new(0.1).clipnorm(1.0).weight_decay(0.1);
    let train = |optimizer: Box<dyn Optimizer>| {
        let start: Vec<f64> = (0..70_000).map(|i| (i % 17) as f64).collect();
        let weights = [("w".to_owned(), weight(&start))];
        let mut updater = Updater::new(MultiOptimizer::new(optimizer), &weights).unwrap();
        for t in 0..3 {
            let numbers = (0..70_000).map(|i| ((i + t) % 13) as Float - 6.0).collect();
            let gradient = Gradient::new("w", &weights[0].1, numbers);
            updater.step(vec![gradient], None).unwrap();
        }
        numbers(&weights)
    };
    assert_eq!(train(Box::new(adam())), train(Box::new(Whole(adam()))));
}

/// What sizes say is true: no number is larger.
#[test]
fn bounds_are_not_exceeded() {
    let optimizers: [Box<dyn Optimizer>; 9] = [
        Box::new(SGD::new(0.1).momentum(0.9).nesterov(true)),
        Box::new(RMSprop::new(0.1).centered(true).momentum(0.9)),
        Box::new(Adam::new(0.1).amsgrad(true)),
        Box::new(Adagrad::new(0.1)),
        Box::new(Adadelta::new(1.0)),
        Box::new(Adamax::new(0.1)),
        Box::new(Nadam::new(0.1)),
        Box::new(Lion::new(0.1)),
        Box::new(SGD::new(10.0)),
    ];
    for optimizer in optimizers {
        let mut weight: Vec<Float> = vec![1.0, -2.0, 0.0];
        let mut slots: Vec<Vec<Float>> =
            optimizer.slots().iter().map(|slot| vec![slot.initial; 3]).collect();
        let mut size = 2.0;
        let mut sizes: Vec<f64> = slots.iter().map(|slot| slot[0] as f64).collect();
        for t in 1..20 {
            let gradient = [0.5, -3.0, 1e-4].map(|g: Float| g * (t as Float).sin() * 100.0);
            let most = gradient.iter().fold(0.0, |most: Float, g| most.max(g.abs()));
            let step = Step::new(t, optimizer.options().learning_rate.at(0) as f64);
            optimizer.bound(&step, most as f64, &mut size, &mut sizes);
            let mut pieces: Vec<&mut [Float]> = slots.iter_mut().map(Vec::as_mut_slice).collect();
            optimizer.update(&step, &mut weight, &gradient, &mut pieces);
            let fits = |numbers: &[Float], size: f64| {
                numbers.iter().all(|x| (x.abs() as f64) <= size * 1.00001)
            };
            assert!(fits(&weight, size) && size.is_finite(), "{} {size}", optimizer.name());
            let all = slots.iter().zip(&sizes).all(|(slot, &size)| fits(slot, size));
            assert!(all, "{} {slots:?} {sizes:?}", optimizer.name());
        }
    }
}

/// An optimizer about which nothing is known computes the same, in other buffers.
#[test]
fn in_place_and_in_buffers_is_the_same() {
    struct Unknown(Box<dyn Optimizer>);
    impl Optimizer for Unknown {
        fn name(&self) -> &'static str {
            "unknown"
        }
        fn options(&self) -> &Options {
            self.0.options()
        }
        fn options_mut(&mut self) -> &mut Options {
            self.0.options_mut()
        }
        fn slots(&self) -> Vec<Slot> {
            self.0.slots()
        }
        fn update(&self, step: &Step, w: &mut [Float], g: &[Float], slots: &mut [&mut [Float]]) {
            self.0.update(step, w, g, slots);
        }
    }
    let (x, y) = line();
    let train = |optimizer: Box<dyn Optimizer>| {
        let mut trainer = Net::classifier(1).compile(optimizer, "mse").unwrap();
        for _ in 0..5 {
            trainer.train_on_batch(&x, &y).unwrap();
        }
        (bits(trainer.model()), trainer.state())
    };
    let optimizer = || -> [Box<dyn Optimizer>; 4] {
        [
            Box::new(Adam::new(0.1).use_ema(true).weight_decay(0.1).clipvalue(0.01)),
            Box::new(SGD::new(0.1).momentum(0.5).gradient_accumulation_steps(2)),
            Box::new(RMSprop::new(0.1).global_clipnorm(0.1)),
            Box::new(Adadelta::new(0.1)),
        ]
    };
    for (known, unknown) in optimizer().into_iter().zip(optimizer()) {
        assert_eq!(train(known), train(Box::new(Unknown(unknown))));
    }
}

/// Trains a step, then one that fails; nothing must have changed.
#[track_caller]
fn leaves_nothing(
    optimizer: impl Optimizer + 'static,
    fail: impl Fn(&mut Trainer<Net>) -> Error,
) -> String {
    let (x, y) = xor();
    let mut trainer = Net::classifier(1).compile(optimizer, "mse").unwrap();
    trainer = trainer.with_metrics(["mae"]).unwrap();
    let before = (bits(trainer.model()), trainer.state());
    fail(&mut trainer);
    assert_eq!((bits(trainer.model()), trainer.state()), before);
    trainer.set_learning_rate(0.1).unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    trainer.set_learning_rate(before.1.learning_rates[0].unwrap() as Float).unwrap();
    let before = (bits(trainer.model()), trainer.state());
    let text = fail(&mut trainer).to_string();
    assert_eq!((bits(trainer.model()), trainer.state()), before);
    text
}

#[test]
fn an_update_that_is_not_finite_changes_nothing() {
    let (x, y) = xor();
    let fails = |trainer: &mut Trainer<Net>| {
        let error = trainer.train_on_batch(&x, &y).unwrap_err();
        assert!(matches!(error, Error::WeightNotFinite { at: None, .. }), "{error:?}");
        error
    };
    // More than the largest number there is of each weight is taken away.
    let decay = 4.0;
    let text = leaves_nothing(SGD::new(Float::MAX).weight_decay(decay).momentum(0.5), fails);
    let start = "the update of `first.kernel` is not finite; the weights are as they were before \
                 this batch\n  help: a smaller learning rate";
    assert!(text.starts_with(start), "{text}");
    leaves_nothing(Adam::new(Float::MAX).weight_decay(decay), fails);
    leaves_nothing(RMSprop::new(Float::MAX).use_ema(true).weight_decay(decay), fails);
    let text = leaves_nothing(Lion::new(Float::MAX).weight_decay(decay), |trainer| {
        trainer.fit(&x, &y, Fit::epochs(1).batch_size(2).verbose(0)).unwrap_err()
    });
    assert!(text.starts_with("the update of `first.kernel` is not finite in epoch 1"), "{text}");
}

#[test]
fn what_is_remembered_stays_finite() {
    let weights = [("a".to_owned(), weight(&[1.0])), ("b".to_owned(), weight(&[1.0]))];
    let mut updater = Updater::new(MultiOptimizer::new(Adam::default()), &weights).unwrap();
    let mut step = |gradients: [Float; 2]| {
        let gradients = weights.iter().zip(gradients);
        let gradients =
            gradients.map(|((path, weight), g)| Gradient::new(path, weight, vec![g].into()));
        updater.step(gradients.collect(), None)
    };
    step([1.0, 1.0]).unwrap();
    let before = numbers(&weights);
    // Its square is infinite, though the weight would stay.
    let error = step([1.0, Float::MAX]).unwrap_err();
    assert_eq!(error, Error::WeightNotFinite { at: None, weight: "b".to_owned() });
    assert_eq!(numbers(&weights), before);
}

#[test]
fn a_schedule_that_says_no_number_changes_nothing() {
    let (x, y) = xor();
    let schedule = LearningRate::schedule(|step| if step == 1 { Float::NAN } else { 0.1 });
    let mut trainer = Net::classifier(1).compile(Adam::new(schedule), "mse").unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    let before = (bits(trainer.model()), trainer.state());
    let text = trainer.train_on_batch(&x, &y).unwrap_err().to_string();
    assert_eq!(text, "`learning_rate` is NaN, but must be a number from 0 on");
    assert_eq!((bits(trainer.model()), trainer.state()), before);
}

#[test]
fn the_learning_rate_of_a_schedule_moves_and_is_not_set() {
    let (x, y) = xor();
    let schedule = ExponentialDecay::new(0.5, 2, 0.25);
    let mut trainer = Net::classifier(1).compile(SGD::new(schedule), "mse").unwrap();
    let mut rates = Vec::new();
    for _ in 0..3 {
        rates.push(trainer.learning_rate());
        trainer.train_on_batch(&x, &y).unwrap();
    }
    assert_eq!(rates, [0.5, 0.25, 0.125]);
    assert_eq!(
        trainer.set_learning_rate(0.1).unwrap_err().to_string(),
        "`learning_rate` is a schedule, but must be a number for it to be set: give the optimizer \
         one in its `new`"
    );
    assert_eq!(trainer.learning_rate(), 0.0625);
}
