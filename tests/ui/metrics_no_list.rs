//! Metrics that are not a list, and lists of what is no metric.

use model_runtime::prelude::*;

model! {
    pub struct Two {
        x = Input(4);
        (p = Dense(1)(x), q = Dense(3)(x))
    }
}

fn one() -> Result<(), Error> {
    let net = model! { x = Input(2); Dense(1, sigmoid)(x) };
    let trainer = || net.share().compile("adam", "binary_crossentropy");
    trainer()?.with_metrics("accuracy")?;
    trainer()?.with_metrics(AUC::new())?;
    trainer()?.with_weighted_metrics(("accuracy", AUC::new()))?;
    trainer()?.with_metrics([|t: Var, p: Var| (t - p).abs()])?;
    Ok(())
}

fn several() -> Result<(), Error> {
    let net = Two::new(0).compile("adam", TwoOutputs { p: "mse", q: "mse" })?;
    net.with_metrics(TwoOutputs { p: "mae", q: "mse" })?;
    Ok(())
}

fn main() {}
