//! Losses that are not one number for each sample, and a step without a loss.

use model_runtime::prelude::*;

fn mean(y_true: Var, y_pred: Var) -> Var {
    (y_true - y_pred).square().mean()
}

fn fallible(y_true: Var, y_pred: Var) -> Result<PerSample, Error> {
    Ok((y_true - y_pred).square().mean_per_sample())
}

fn main() -> Result<(), Error> {
    let net = model! { x = Input(2); Dense(1)(x) };
    net.share().compile("sgd", mean)?;
    net.share().compile("sgd", fallible)?;
    net.share().compile("sgd", |t: Var, p: Var| (t - p).square())?;
    net.share().compile("sgd", per_sample(|t, p| (t - p).square()))?;
    let mut trainer = net.compile("sgd", NoLoss)?;
    trainer.add_loss("square", |ctx| ctx.outputs.square().mean_per_sample())?;
    trainer.step(|ctx| ctx.model.call(Var::ones(&[1, 2])).mean_per_sample())?;
    Ok(())
}
