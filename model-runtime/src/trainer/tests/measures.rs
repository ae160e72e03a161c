//! What is trained for and measured, beside the defaults.

use ndarray::{array, s};

use super::line;
use super::models::{Net, bits};
use crate::*;

#[test]
fn a_reduction_decides_how_samples_count() {
    let (x, y) = line();
    let (x, y) = (x.slice(s![..4, ..]).to_owned(), y.slice(s![..4, ..]).to_owned());
    let weights = array![1.0, 0.0, 3.0, 4.0];
    let predictions = Net::linear(1).predict(&x).unwrap();
    let each: Vec<Float> = predictions.iter().zip(&y).map(|(p, t)| (p - t) * (p - t)).collect();
    let weighted: Float = each.iter().zip(&weights).map(|(loss, weight)| loss * weight).sum();
    for (reduction, divisor, without) in [
        (Reduction::SumOverBatchSize, 4.0, 4.0),
        (Reduction::Sum, 1.0, 1.0),
        (Reduction::MeanWithSampleWeight, 8.0, 4.0),
    ] {
        let loss = "mse".with_reduction(reduction);
        let trainer = Net::linear(1).compile("sgd", loss).unwrap();
        let options = Evaluate::default().sample_weight(&weights);
        let got = trainer.evaluate_with(&x, &y, options).unwrap()["loss"];
        assert!((got - weighted / divisor).abs() < 1e-4, "{reduction:?}: {got}");
        let got = trainer.evaluate(&x, &y).unwrap()["loss"];
        let expected = each.iter().sum::<Float>() / without;
        assert!((got - expected).abs() < 1e-4, "{reduction:?}: {got}");
    }
}

#[test]
fn a_sum_has_the_gradient_of_as_many_means() {
    let (x, y) = line();
    let train = |reduction: Reduction, rate: Float| {
        let closure = per_sample(|t, p| (p - t).square().mean_per_sample());
        let loss = closure.with_reduction(reduction);
        let mut trainer = Net::linear(1).compile(SGD::new(rate), loss).unwrap();
        trainer.train_on_batch(&x, &y).unwrap();
        trainer.predict(&x).unwrap()
    };
    let sum = train(Reduction::Sum, 0.01);
    let mean = train(Reduction::SumOverBatchSize, 0.01 * x.nrows() as Float);
    assert!((sum - mean).iter().all(|difference| difference.abs() < 1e-4));
}

#[test]
fn a_metric_can_have_several_numbers() {
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]];
    let one_hot = array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    let mut trainer = Net::softmax(3).compile("adam", "ce").unwrap();
    trainer = trainer
        .with_metrics([F1Score::new()])
        .and_then(|trainer| trainer.with_metrics([Recall::new().thresholds(&[0.1, 0.9])]))
        .and_then(|trainer| trainer.with_metrics(["auc", "kld", "MSE"]))
        .unwrap();
    let options = Fit::epochs(1).validation_data(&x, &one_hot).verbose(0);
    let history = trainer.fit(&x, &one_hot, options).unwrap();
    let names: Vec<&str> = history.names().take(9).collect();
    assert_eq!(
        names,
        [
            "loss",
            "f1_score[0]",
            "f1_score[1]",
            "f1_score[2]",
            "recall[0]",
            "recall[1]",
            "auc",
            "kld",
            "MSE"
        ]
    );
    assert!(history["val_recall[0]"][0] > history["val_recall[1]"][0]);
}

#[test]
fn a_closure_measures_without_a_target() {
    fn level(_: Var, p: Var) -> PerSample {
        p.mean_per_sample()
    }
    fn error(t: Var, p: Var) -> PerSample {
        PerSample::new(p.slice(s![.., 0])) - t
    }
    let (x, _) = line();
    let mut trainer = Net::linear(1).compile("sgd", level).unwrap();
    trainer = trainer.with_metrics([level]).unwrap();
    let logs = trainer.train_on_batch(&x, NoTarget).unwrap();
    assert!((logs["loss"] - logs["level"]).abs() < 1e-5, "{logs}");
    trainer = trainer.with_metrics([error]).unwrap();
    let text = trainer.train_on_batch(&x, NoTarget).unwrap_err().to_string();
    assert!(text.starts_with("the target of `last` was not given"), "{text}");
    trainer = trainer.with_metrics(["mae"]).unwrap();
    assert!(trainer.evaluate(&x, NoTarget).is_err());
}

#[test]
fn a_metric_that_fails_changes_nothing() {
    fn stretched(t: Var, p: Var) -> PerSample {
        (p.mean_axes(&[0], true) - t).mean_per_sample()
    }
    let (x, y) = line();
    let mut trainer = Net::linear(1).compile("adam", "mse").unwrap();
    trainer = trainer.with_metrics([stretched]).unwrap();
    let before = bits(trainer.model());
    let text = trainer.train_on_batch(&x, &y).unwrap_err().to_string();
    assert!(
        text.starts_with("the numbers of samples differ") || text.contains("stretched"),
        "{text}"
    );
    assert_eq!(bits(trainer.model()), before);
    let text = trainer.fit(&x, &y, Fit::epochs(1).verbose(0)).unwrap_err().to_string();
    assert!(text.contains("measures.rs"), "{text}");
    assert_eq!(bits(trainer.model()), before);
}

#[test]
fn targets_of_metrics_are_checked_before_anything_runs() {
    let (x, y) = line();
    let mut trainer = Net::linear(1).compile("adam", "mse").unwrap();
    trainer = trainer.with_metrics(["precision"]).unwrap();
    let text = trainer.fit(&x, &y, Fit::epochs(1)).unwrap_err().to_string();
    assert!(text.contains("`precision` takes numbers from 0 to 1"), "{text}");
}

model! {
    /// Its input again, of which what is above 0 counts.
    struct Counted {
        steps = Input(3, 1);
        counted = Lambda(self::counted, output_shape = (3, 1))(steps);
    }
}

fn counted(steps: Var) -> Var {
    steps.with_mask(steps.slice(s![.., .., 0]).sign().relu())
}

#[test]
fn positions_that_are_masked_are_neither_trained_for_nor_measured() {
    fn absolute(t: Var, p: Var) -> PerSample {
        (p - t).abs().mean_per_sample()
    }
    let x = array![[[1.0], [2.0], [3.0]], [[4.0], [0.0], [0.0]]];
    let y = array![[[0.0], [0.0], [0.0]], [[0.0], [9.0], [9.0]]];
    let evaluate = |loss: Reduction| {
        let trainer = Counted::new(0).compile("sgd", "mse".with_reduction(loss)).unwrap();
        let trainer = trainer.with_metrics(["mae", "true_positives"]).unwrap();
        trainer.with_metrics([absolute]).unwrap().evaluate(&x, &y.mapv(|y: Float| y / 9.0)).unwrap()
    };
    let logs = evaluate(Reduction::SumOverBatchSize);
    // Of the samples' means of what counts, 2 and 4.
    assert_eq!(logs["absolute"], 3.0);
    assert_eq!((logs["loss"], logs["mae"]), (30.0 / 4.0, 10.0 / 4.0));
    assert_eq!(logs["true_positives"], 0.0);
    assert_eq!(evaluate(Reduction::Sum)["loss"], 30.0);
}
