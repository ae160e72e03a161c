//! Every optimizer against its formulas, written down once more and plainly, over several steps.

use super::*;
use crate::gradcheck::random;
use crate::kernels::engine::tests::on_each;
use crate::kernels::threads::set_threads;

/// The gradients of one number, step by step.
const GRADIENTS: [f64; 6] = [3.0, -1.0, 0.25, 0.0, -2.0, 1e-3];
const RATE: f64 = 0.125;

/// The weights after each step of a pass, from 2.
macro_rules! trajectory {
    ($optimizer:expr) => {{
        let optimizer = $optimizer;
        let mut weight = [2.0_f64];
        let mut slots: Vec<Vec<f64>> =
            optimizer.slots().iter().map(|slot| vec![written(slot.initial)]).collect();
        let mut weights = Vec::new();
        for (t, g) in (1..).zip(GRADIENTS) {
            let mut slots: Vec<&mut [f64]> = slots.iter_mut().map(Vec::as_mut_slice).collect();
            optimizer.pass(&Step::new(t, RATE), &mut weight, &[g], &mut slots);
            weights.push(weight[0]);
        }
        weights
    }};
}

/// The weights that `change` makes of 2, told the step, counted from 1, and the gradient.
fn expected(mut change: impl FnMut(i32, f64) -> f64) -> Vec<f64> {
    let mut w = 2.0;
    let step = |(t, g)| {
        w += change(t, g);
        w
    };
    (1..).zip(GRADIENTS).map(step).collect()
}

#[track_caller]
fn same(weights: &[f64], expected: &[f64]) {
    for (w, e) in weights.iter().zip(expected) {
        assert!((w - e).abs() <= 1e-12 * e.abs(), "{weights:?}\n{expected:?}");
    }
}

/// The sum over the steps so far, `newest` first, of the gradients' powers: Σ decayⁱ · gᵖ.
fn faded(t: i32, decay: f64, power: i32) -> f64 {
    let last = t as usize;
    let terms = GRADIENTS[..last].iter().rev().zip(0..);
    terms.map(|(g, age)| decay.powi(age) * g.powi(power)).sum()
}

#[test]
fn sgd() {
    same(&trajectory!(SGD::new(RATE)), &expected(|_, g| -RATE * g));
    // The velocity is the sum of all gradients, each faded by its age.
    let velocity = |t| -RATE * faded(t, 0.5, 1);
    let momentum = SGD::new(RATE).momentum(0.5);
    same(&trajectory!(momentum.clone()), &expected(|t, _| velocity(t)));
    let nesterov = momentum.nesterov(true);
    same(&trajectory!(nesterov), &expected(|t, g| 0.5 * velocity(t) - RATE * g));
}

#[test]
fn rmsprop() {
    for (centered, momentum) in [(false, 0.0), (true, 0.0), (false, 0.5), (true, 0.5)] {
        let optimizer = RMSprop::new(RATE).rho(0.75).centered(centered).momentum(momentum as Float);
        let mut last = 0.0;
        let by_hand = expected(|t, g| {
            let mean = if centered { 0.25 * faded(t, 0.75, 1) } else { 0.0 };
            let variance = 0.25 * faded(t, 0.75, 2) - mean * mean;
            last = momentum * last - RATE * g / (variance + 1e-7).sqrt();
            last
        });
        same(&trajectory!(optimizer), &by_hand);
    }
}

#[test]
fn adam() {
    let (beta_1, beta_2) = (0.75_f64, 0.5_f64);
    // The moments are corrected one by one, as in the paper; ε is scaled to be outside of the
    // correction.
    let change = |t, square: f64| {
        let (c1, c2) = (1.0 - beta_1.powi(t), 1.0 - beta_2.powi(t));
        let mean = (1.0 - beta_1) * faded(t, beta_1, 1) / c1;
        -RATE * mean / ((square / c2).sqrt() + 1e-7 / c2.sqrt())
    };
    let square = |t| (1.0 - beta_2) * faded(t, beta_2, 2);
    let largest = |t| (1..=t).map(square).fold(0.0, f64::max);
    let optimizer = Adam::new(RATE).beta_1(0.75).beta_2(0.5);
    same(&trajectory!(optimizer.clone()), &expected(|t, _| change(t, square(t))));
    same(&trajectory!(optimizer.amsgrad(true)), &expected(|t, _| change(t, largest(t))));
    assert_ne!(square(6), largest(6));
    let optimizer = AdamW::new(RATE).beta_1(0.75).beta_2(0.5);
    same(&trajectory!(optimizer), &expected(|t, _| change(t, square(t))));
    assert_eq!(AdamW::default().options().weight_decay, Some(0.004));
}

#[test]
fn adagrad() {
    let optimizer = Adagrad::new(RATE).initial_accumulator_value(0.5);
    let by_hand = expected(|t, g| -RATE * g / (0.5 + faded(t, 1.0, 2) + 1e-7).sqrt());
    same(&trajectory!(optimizer), &by_hand);
    assert_eq!(Adagrad::default().slots()[0].initial, 0.1);
}

#[test]
fn adadelta() {
    let mut changes: Vec<f64> = Vec::new();
    let by_hand = expected(|t, g| {
        let ages = changes.iter().rev().zip(0..);
        let squares: f64 = ages.map(|(x, age)| 0.25 * 0.75_f64.powi(age) * x * x).sum();
        let rms = |square: f64| (square + 1e-7).sqrt();
        let change = -rms(squares) / rms(0.25 * faded(t, 0.75, 2)) * g;
        changes.push(change);
        RATE * change
    });
    same(&trajectory!(Adadelta::new(RATE).rho(0.75)), &by_hand);
}

#[test]
fn powers_are_those_of_their_base_and_number() {
    // More than are kept, in turn and again.
    for number in [1, 2, 3, 2, 1, 1_000_000] {
        for base in [0.9, 0.999, 0.0, 0.5, 0.9, 1.0 - f64::EPSILON] {
            for number in [number, number + 1] {
                let power = step::power(base, number);
                assert_eq!(power.to_bits(), libm::pow(base, number as f64).to_bits());
            }
        }
    }
}

#[test]
fn adamax() {
    let by_hand = expected(|t, _| {
        let ages = GRADIENTS[..t as usize].iter().rev().zip(0..);
        let norm = ages.map(|(g, age)| 0.5_f64.powi(age) * g.abs()).fold(0.0, f64::max);
        let mean = 0.25 * faded(t, 0.75, 1);
        -RATE / (1.0 - 0.75_f64.powi(t)) * mean / (norm + 1e-7)
    });
    same(&trajectory!(Adamax::new(RATE).beta_1(0.75).beta_2(0.5)), &by_hand);
}

#[test]
fn nadam() {
    let u = |t: i32| 0.75 * (1.0 - 0.5 * 0.96_f64.powi(t));
    let product = |t: i32| (1..=t).map(u).product::<f64>();
    let by_hand = expected(|t, g| {
        let mean = 0.25 * faded(t, 0.75, 1);
        let m = u(t + 1) * mean / (1.0 - product(t + 1)) + (1.0 - u(t)) * g / (1.0 - product(t));
        let v = 0.5 * faded(t, 0.5, 2) / (1.0 - 0.5_f64.powi(t));
        -RATE * m / (v.sqrt() + 1e-7)
    });
    same(&trajectory!(Nadam::new(RATE).beta_1(0.75).beta_2(0.5)), &by_hand);
}

#[test]
fn lion() {
    let by_hand = expected(|t, g| {
        // The mean of the gradients before this one.
        let mean = 0.5 * faded(t - 1, 0.5, 1);
        let direction = 0.75 * mean + 0.25 * g;
        -RATE * if direction == 0.0 { 0.0 } else { direction.signum() }
    });
    same(&trajectory!(Lion::new(RATE).beta_1(0.75).beta_2(0.5)), &by_hand);
    // The sign of 0 is 0.
    let (mut weight, mut mean) = ([2.0_f64], [0.0]);
    Lion::default().pass(&Step::new(1, RATE), &mut weight, &[0.0], &mut [&mut mean]);
    assert_eq!(weight, [2.0]);
}

/// What Keras 3.15.1 makes of 2 by the gradient 3, and then by -1, with its defaults, in `float32`.
#[test]
fn the_defaults_are_those_of_keras() {
    macro_rules! two_steps {
        ($optimizer:ident, $rate:literal, $expected:expr) => {{
            let optimizer = $optimizer::default();
            assert_eq!(optimizer.options().learning_rate.checked(0), Ok($rate));
            let mut weight = [2.0_f64];
            let mut slots: Vec<Vec<f64>> =
                optimizer.slots().iter().map(|slot| vec![written(slot.initial)]).collect();
            for (t, g) in [(1, 3.0), (2, -1.0)] {
                let decay = optimizer.options().weight_decay.unwrap_or(0.0);
                weight[0] -= weight[0] * decay * $rate;
                let mut slots: Vec<&mut [f64]> = slots.iter_mut().map(Vec::as_mut_slice).collect();
                optimizer.pass(&Step::new(t, $rate), &mut weight, &[g], &mut slots);
            }
            let expected: f64 = $expected;
            assert!((weight[0] - expected).abs() < 3e-7, "{weight:?} {expected}");
        }};
    }
    two_steps!(SGD, 0.01, 1.9800000);
    two_steps!(RMSprop, 0.001, 1.9978861);
    two_steps!(Adam, 0.001, 1.9985998);
    two_steps!(AdamW, 0.001, 1.9985838);
    two_steps!(Adagrad, 0.001, 1.9993203);
    two_steps!(Adadelta, 0.001, 1.9999992);
    two_steps!(Adamax, 0.001, 1.9987015);
    two_steps!(Nadam, 0.001, 1.9991921);
    two_steps!(Lion, 0.001, 2.0000000);
}

#[test]
fn every_name_is_an_optimizer() {
    for name in NAMES {
        let optimizer = name.into_optimizer().unwrap();
        assert_eq!(optimizer.get(0).name(), name);
        assert_eq!(optimizer.check(&[]), Ok(()));
    }
    let error = "adamm".into_optimizer().map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("did you mean `adam`?"), "{error}");
}

#[test]
fn settings_are_checked() {
    fn check(optimizer: impl Optimizer + 'static) -> String {
        let checked = MultiOptimizer::new(optimizer).check(&[]);
        assert!(matches!(checked, Err(Error::Option { .. })), "{checked:?}");
        checked.unwrap_err().to_string()
    }
    check(SGD::new(-1.0));
    check(SGD::new(0.1).momentum(1.0));
    check(Adam::new(Float::NAN));
    check(Adam::new(0.1).beta_1(1.0));
    check(AdamW::new(0.1).weight_decay(-1.0));
    check(RMSprop::new(0.1).rho(2.0));
    check(Adagrad::new(0.1).initial_accumulator_value(-1.0));
    check(Adadelta::new(0.1).epsilon(-1.0));
    check(Adamax::new(0.1).beta_2(-0.1));
    check(Nadam::new(0.1).beta_2(1.0));
    check(Lion::new(0.1).beta_1(0.0));
    check(SGD::new(0.1).clipnorm(0.0));
    check(SGD::new(0.1).clipvalue(Float::INFINITY));
    check(SGD::new(0.1).ema_momentum(1.5));
    check(SGD::new(0.1).ema_overwrite_frequency(0));
    check(SGD::new(0.1).gradient_accumulation_steps(1));
    check(SGD::new(schedule::ExponentialDecay::new(0.1, 0, 0.5)));
    assert_eq!(
        check(SGD::new(0.1).clipvalue(1.0).global_clipnorm(2.0)),
        "`global_clipnorm` is 2, but must be left out: only one of `clipnorm`, `clipvalue` and \
         `global_clipnorm` can be set"
    );
}

#[test]
fn learning_rates_are_numbers_of_any_precision_or_schedules() {
    let rate = |rate: &LearningRate| rate.checked(3);
    assert_eq!(rate(&LearningRate::from(0.1_f32)), Ok(0.1));
    assert_eq!(rate(&LearningRate::from(0.1_f64)), Ok(0.1));
    assert_eq!(rate(&LearningRate::from(|step: u64| step as Float)), Ok(3.0));
    let mut schedule = LearningRate::schedule(|step| -(step as Float));
    assert!(schedule.checked(3).is_err() && schedule.is_schedule());
    assert!(
        schedule.set(0.5).unwrap_err().to_string().starts_with("`learning_rate` is a schedule")
    );
    assert_eq!(format!("{schedule:?} {:?}", LearningRate::from(0.5)), "a schedule 0.5");
}

/// The bits of weight and slots after two steps, from 1, 2, 4 and 8 threads on each engine.
macro_rules! same_from_any_number_of_threads {
    ($type:ty: $($optimizer:expr;)*) => {$({
        let optimizer = $optimizer;
        let numbers = |seed| random::<$type>(&[20_011], seed).data().to_vec();
        let after = |threads: usize| {
            set_threads(threads);
            let (mut weight, gradient) = (numbers(1), numbers(2));
            let mut slots: Vec<Vec<$type>> =
                (0..optimizer.slots().len()).map(|_| vec![0.5; weight.len()]).collect();
            for t in 1..3 {
                let mut slots: Vec<&mut [$type]> = slots.iter_mut().map(|s| &mut s[..]).collect();
                optimizer.pass(&Step::new(t, RATE), &mut weight, &gradient, &mut slots);
            }
            let all = slots.iter().flatten().chain(&weight);
            all.map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        for (engine, all) in on_each(|| [1, 2, 4, 8].map(after)) {
            assert!(all.iter().all(|bits| bits == &all[0]), "{} on {engine:?}", optimizer.name());
        }
    })*};
}

macro_rules! of_all {
    ($type:ty) => {
        same_from_any_number_of_threads! { $type:
            SGD::new(RATE);
            SGD::new(RATE).momentum(0.5).nesterov(true);
            Adam::new(RATE);
            AdamW::new(RATE).amsgrad(true);
            Adamax::new(RATE);
            Nadam::new(RATE);
            Adagrad::new(RATE);
            Adadelta::new(RATE);
            RMSprop::new(RATE);
            RMSprop::new(RATE).momentum(0.5);
            RMSprop::new(RATE).centered(true);
            RMSprop::new(RATE).momentum(0.5).centered(true);
            Lion::new(RATE);
        }
    };
}

#[test]
fn all_have_the_same_bits_from_any_number_of_threads() {
    of_all!(f32);
    of_all!(f64);
}
