//! Cases of optimizers: the weights after each of some steps with given gradients.

use model_runtime::Optimizer;
use model_runtime::optimizer::LearningRateSchedule;
use model_runtime::optimizer::schedule::*;
use model_runtime::prelude::*;
use ndarray::Array1;
use serde_json::{Map, Value as Json};

use super::args::{Args, made};
use super::array::{Array, wide};
use super::probe::{Probe, Several};
use super::{Errors, arrays, map};

/// Runs a case of an optimizer.
pub fn run(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    let weights = arrays(case, "weights")?;
    let (gradients, after) = (steps(case, "gradients")?, steps(case, "steps")?);
    if gradients.is_empty() || gradients.len() != after.len() {
        return Err("gradients and steps are not of the same steps".to_owned());
    }
    let shapes: Vec<Vec<usize>> = weights.iter().map(|weight| weight.shape.clone()).collect();
    let probe = Probe::new(Box::new(Several), &weights, &shapes)?;
    let handles = probe.inputs();
    let samples = shapes[0][0];
    // The gradient of the sum of the weights times numbers is these numbers.
    let loss = move |t: Var, y: Var| (t * y).sum_per_sample() * samples as Float;
    let losses: Vec<_> = weights.iter().map(|_| per_sample(loss)).collect();
    let optimizer = several(name, &Args::new(map(case, "args")))?;
    let mut trainer = probe.compile(optimizer, losses).map_err(|error| error.to_string())?;
    let rows = Array1::<Float>::zeros(samples);
    let mut worst: f64 = 0.0;
    for (step, (gradients, after)) in gradients.iter().zip(&after).enumerate() {
        let targets: Vec<_> = gradients.iter().map(Array::floats).collect();
        trainer
            .train_on_batch(&rows, targets.iter().collect::<Vec<_>>())
            .map_err(|error| error.to_string())?;
        for ((handle, shape), expected) in handles.iter().zip(after) {
            let got = handle.get();
            let got = got.to_shape(shape.as_slice()).map_err(|e| e.to_string())?.to_owned();
            worst = worst.max(expected.error(&format!("a weight after step {step}"), &got)?);
        }
    }
    Ok(Errors { forward: worst, gradient: None })
}

/// For each step, an array for each weight.
fn steps(case: &Map<String, Json>, name: &str) -> Result<Vec<Vec<Array>>, String> {
    let steps = case.get(name).and_then(Json::as_array).ok_or(format!("no {name}"))?;
    let of_step = |step: &Json| {
        let arrays = step.as_array().ok_or(format!("{name} has a step without a list"))?;
        arrays.iter().map(Array::from_json).collect()
    };
    steps.iter().map(of_step).collect()
}

/// An optimizer with its own arguments and those that all have.
macro_rules! optimizer {
    ($args:ident, $optimizer:ident $(, $option:ident)*) => {{
        let rate: Float = $args.required("learning_rate")?;
        optimizer!(
            @options $args, $optimizer::new(rate) $(, $option)*, weight_decay, clipnorm, clipvalue,
            global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            gradient_accumulation_steps
        )
    }};
    (@options $args:ident, $made:expr $(, $option:ident)*) => {{
        let made = $made;
        $(
            let made = match $args.optional(stringify!($option))? {
                Some(value) => made.$option(value),
                None => made,
            };
        )*
        Box::new(made)
    }};
}

/// The optimizer of this name, or one for each of two weights.
fn several(name: &str, args: &Args<'_>) -> Result<MultiOptimizer, String> {
    if name != "MultiOptimizer" {
        return optimizer(name, args)?.into_optimizer().map_err(|error| error.to_string());
    }
    let first: Float = args.required("learning_rate")?;
    let second: Float = args.required("learning_rate_of_second")?;
    args.finish()?;
    Ok(MultiOptimizer::new(SGD::new(first).momentum(0.5)).with("input_1", Adam::new(second)))
}

/// The optimizer of this name.
fn optimizer(name: &str, args: &Args<'_>) -> Result<Box<dyn Optimizer>, String> {
    let optimizer: Box<dyn Optimizer> = match name {
        "SGD" => optimizer!(args, SGD, momentum, nesterov),
        "Adam" => optimizer!(args, Adam, beta_1, beta_2, epsilon, amsgrad),
        "AdamW" => optimizer!(args, AdamW, beta_1, beta_2, epsilon, amsgrad),
        "RMSprop" => optimizer!(args, RMSprop, rho, momentum, epsilon, centered),
        "Adagrad" => optimizer!(args, Adagrad, initial_accumulator_value, epsilon),
        "Adadelta" => optimizer!(args, Adadelta, rho, epsilon),
        "Adamax" => optimizer!(args, Adamax, beta_1, beta_2, epsilon),
        "Nadam" => optimizer!(args, Nadam, beta_1, beta_2, epsilon),
        "Lion" => optimizer!(args, Lion, beta_1, beta_2),
        _ => return Err(format!("{name} has no arm in tests/src/parity/optimizer.rs")),
    };
    args.finish()?;
    Ok(optimizer)
}

/// Runs a case of a schedule: the learning rate of each step.
pub fn run_schedule(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    let schedule = schedule(name, &Args::new(map(case, "args")))?;
    let list = |name| case.get(name).and_then(Json::as_array).ok_or(format!("no {name}"));
    let mut worst: f64 = 0.0;
    for (step, value) in list("steps")?.iter().zip(list("values")?) {
        let (step, value) = step.as_u64().zip(value.as_f64()).ok_or("no number")?;
        worst = worst.max((wide(schedule.at(step)) - value).abs() / value.abs().max(0.01));
    }
    Ok(Errors { forward: worst, gradient: None })
}

/// The schedule of this name.
fn schedule(name: &str, args: &Args<'_>) -> Result<Box<dyn LearningRateSchedule>, String> {
    let schedule: Box<dyn LearningRateSchedule> = match name {
        "ExponentialDecay" => {
            made!(args, ExponentialDecay(initial_learning_rate, decay_steps, decay_rate), staircase)
        }
        "InverseTimeDecay" => {
            made!(args, InverseTimeDecay(initial_learning_rate, decay_steps, decay_rate), staircase)
        }
        "PolynomialDecay" => made!(
            args,
            PolynomialDecay(initial_learning_rate, decay_steps),
            end_learning_rate,
            power,
            cycle
        ),
        "PiecewiseConstantDecay" => {
            let boundaries: &[i64] = args.required("boundaries")?;
            let values: &[Float] = args.required("values")?;
            let boundaries = boundaries.iter().map(|step| *step as u64);
            Box::new(PiecewiseConstantDecay::new(boundaries, values.iter().copied()))
        }
        "CosineDecay" => {
            let made = made!(args, CosineDecay(initial_learning_rate, decay_steps), alpha);
            let (target, steps) = (args.optional("warmup_target")?, args.optional("warmup_steps")?);
            match target.zip(steps) {
                Some((target, steps)) => Box::new(made.warmup(target, steps)),
                None => made,
            }
        }
        "CosineDecayRestarts" => made!(
            args,
            CosineDecayRestarts(initial_learning_rate, first_decay_steps),
            t_mul,
            m_mul,
            alpha
        ),
        _ => return Err(format!("{name} has no arm in tests/src/parity/optimizer.rs")),
    };
    args.finish()?;
    Ok(schedule)
}
