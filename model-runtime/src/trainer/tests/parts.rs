//! Parts of a model, averages of weights, and what a trainer remembers.

use ndarray::{Array2, array, s};

use super::line;
use super::models::{Fork, ForkOutputs, Net, bits};
use super::optimizers::{close, numbers};
use crate::*;

#[test]
fn parts_have_optimizers_of_their_own() {
    let (x, y) = line();
    let start = bits(&Net::linear(1));
    let net = Net::linear(1);
    let optimizer = MultiOptimizer::new(SGD::new(0.0))
        .with("first", SGD::new(0.1))
        .with_layer(&net.last, SGD::new(0.2))
        .with("last.bias", Adam::new(|step: u64| step as Float));
    let mut trainer = net.compile(optimizer, "mse").unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    let parts = bits(trainer.model());
    let with = |rate: Float| {
        let mut trainer = Net::linear(1).compile(SGD::new(rate), "mse").unwrap();
        trainer.train_on_batch(&x, &y).unwrap();
        bits(trainer.model())
    };
    // The bias: the first step of its schedule is 0.
    let (slow, fast) = (with(0.1), with(0.2));
    assert_eq!(parts, [&slow[..2], &fast[2..3], &start[3..]].concat());

    assert_eq!(trainer.learning_rate_of("first"), Ok(0.1));
    assert_eq!(trainer.learning_rate_of("last.kernel"), Ok(0.2));
    assert_eq!(trainer.learning_rate_of("last.bias"), Ok(1.0));
    let text = trainer.set_learning_rate(0.5).unwrap_err().to_string();
    assert!(text.contains("by `set_learning_rate_of`"), "{text}");
    trainer.set_learning_rate_of("first.bias", 0.5).unwrap();
    assert_eq!(trainer.learning_rate_of("first.kernel"), Ok(0.5));
    assert!(trainer.set_learning_rate_of("last.bias", 0.5).is_err());
    let text = trainer.learning_rate_of("fist").unwrap_err().to_string();
    assert!(text.contains("no weight or layer `fist`\n  help: did you mean `first`?"), "{text}");

    let optimizer = MultiOptimizer::new(SGD::new(0.1)).with("firs", SGD::new(0.1));
    let text = Net::linear(1).compile(optimizer, "mse").map(|_| ()).unwrap_err().to_string();
    assert!(text.contains("did you mean `first`?"), "{text}");
    let optimizer = MultiOptimizer::new(SGD::new(0.1)).with_layer(&Dense::new(1), SGD::new(0.1));
    assert!(Net::linear(1).compile(optimizer, "mse").is_err());
}

#[test]
fn fit_ends_with_the_averages() {
    let (x, y) = line();
    let optimizer = SGD::new(0.1).use_ema(true).ema_momentum(0.5);
    let mut trainer = Net::linear(1).compile(optimizer, "mse").unwrap();
    assert!(trainer.swap_ema_weights().is_ok());
    let options = || Fit::epochs(1).batch_size(8).shuffle(false).verbose(0);
    trainer.fit(&x, &y, options()).unwrap();
    let mut by_hand = Net::linear(1).compile(SGD::new(0.1), "mse").unwrap();
    let mut averages: Vec<f64> = Vec::new();
    for rows in 0..5 {
        let rows = s![rows * 8..rows * 8 + 8, ..];
        by_hand.train_on_batch(&x.slice(rows), &y.slice(rows)).unwrap();
        let now = numbers(&by_hand.model().parameters());
        let mean = |(i, w): (usize, &f64)| averages.get(i).map_or(*w, |mean| (mean + w) / 2.0);
        averages = now.iter().enumerate().map(mean).collect();
    }
    close(&numbers(&trainer.model().parameters()), &averages);
    by_hand.fit(&x, &y, options()).unwrap();
    assert!(by_hand.swap_ema_weights().is_err() && by_hand.apply_ema_weights().is_err());
}

#[test]
fn averages_are_swapped_in_and_out() {
    let (x, y) = line();
    let optimizer = SGD::new(0.1).use_ema(true).ema_momentum(0.75);
    let mut trainer = Net::linear(1).compile(optimizer, "mse").unwrap();
    let mut weights = Vec::new();
    for _ in 0..2 {
        trainer.train_on_batch(&x, &y).unwrap();
        weights.push(numbers(&trainer.model().parameters()));
    }
    // The first step begins the average, the second one moves it.
    let means = weights[0].iter().zip(&weights[1]).map(|(a, b)| 0.75 * a + 0.25 * b);
    let means: Vec<f64> = means.collect();
    let last = trainer.evaluate(&x, &y).unwrap();
    trainer.swap_ema_weights().unwrap();
    close(&numbers(&trainer.model().parameters()), &means);
    assert_ne!(trainer.evaluate(&x, &y).unwrap(), last);
    trainer.swap_ema_weights().unwrap();
    assert_eq!(numbers(&trainer.model().parameters()), weights[1]);
    assert_eq!(trainer.evaluate(&x, &y).unwrap(), last);
}

#[test]
fn training_goes_on_from_a_state() {
    let (x, y) = line();
    let compile = || {
        let optimizer = MultiOptimizer::new(Adam::new(0.05).use_ema(true))
            .with("last", SGD::new(0.1).momentum(0.5).gradient_accumulation_steps(3));
        Net::classifier(1).compile(optimizer, "mse").unwrap()
    };
    let steps = |trainer: &mut Trainer<Net>, count| {
        for _ in 0..count {
            trainer.train_on_batch(&x, &y).unwrap();
        }
    };
    let mut whole = compile();
    steps(&mut whole, 4);
    whole.set_learning_rate_of("last", 0.3).unwrap();
    let state = whole.state();
    assert_eq!((state.steps, &state.batches[..]), (4, &[4, 4][..]));
    let names: Vec<String> =
        state.slots.iter().map(|slot| format!("{} {}", slot.weight, slot.name)).collect();
    assert_eq!(
        names[..3],
        ["momentum", "velocity", "average"].map(|n| format!("first.kernel {n}"))
    );
    assert_eq!(names[6], "last.kernel momentum");
    assert_eq!(names[7], "last.kernel gradient_accumulator");

    let mut resumed = compile();
    for ((_, to), (_, from)) in resumed.model().parameters().iter().zip(whole.model().parameters())
    {
        to.set(&from.get()).unwrap();
    }
    resumed.set_state(&state).unwrap();
    assert_eq!(resumed.state(), state);
    steps(&mut whole, 3);
    steps(&mut resumed, 3);
    assert_eq!(bits(resumed.model()), bits(whole.model()));
    assert_eq!(resumed.state(), whole.state());

    let before = resumed.state();
    let mut refuses = |change: fn(&mut TrainerState), expected: &str| {
        let mut state = state.clone();
        change(&mut state);
        let text = resumed.set_state(&state).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert_eq!(resumed.state(), before);
    };
    refuses(|state| state.slots[0].weight.push('s'), "did you mean `first.kernel`?");
    refuses(|state| state.slots[0].name.push('s'), "did you mean `momentum`?");
    refuses(|state| state.slots[0].values = array![0.0].into_dyn(), "but the array has [1]");
    refuses(|state| state.batches.push(1), "`batches` is a list of 3");
    refuses(|state| state.learning_rates[1] = Some(-1.0), "`learning_rate` is -1");
}

#[test]
fn weights_of_losses_are_numbers() {
    let fork = Fork::new(1).compile("sgd", ForkOutputs { left: "mse", right: "mse" }).unwrap();
    let weights = ForkOutputs { left: 1.0, right: Float::INFINITY };
    let text = fork.with_loss_weights(weights).map(|_| ()).unwrap_err().to_string();
    assert_eq!(text, "`loss_weights` is inf, but must be a finite number");
}

#[test]
fn a_part_without_gradients_counts_no_batch() {
    let x: Array2<Float> = array![[1.0, 2.0]];
    let fork = Fork::new(1);
    let optimizer = MultiOptimizer::new(SGD::new(0.1)).with("right", SGD::new(0.1));
    let losses = ForkOutputs { left: "mse", right: NoLoss };
    let mut trainer = fork.compile(optimizer, losses).unwrap();
    let y: Array2<Float> = array![[1.0]];
    let targets = ForkOutputs { left: &y, right: NoTarget };
    trainer.train_on_batch(&x, targets).unwrap();
    assert_eq!(trainer.state().batches, [1, 0]);
}
