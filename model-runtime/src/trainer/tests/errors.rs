//! What a user does wrong is said in a sentence, before anything runs.

use ndarray::{Array1, Array2, array};

use super::models::{Fork, ForkOutputs, Net};
use super::xor;
use crate::*;

fn trainer() -> Trainer<Net> {
    Net::classifier(1).compile("adam", "binary_crossentropy").unwrap()
}

#[track_caller]
fn says<T>(result: Result<T, Error>, expected: &str) {
    let text = result.map(|_| ()).unwrap_err().to_string();
    assert!(text.contains(expected), "{text}");
}

#[test]
fn data_that_does_not_fit() {
    let (x, y) = xor();
    let mut trainer = trainer();
    says(
        trainer.fit(&array![[1, 2, 3]], &array![1], Fit::epochs(1)),
        "the input `inputs` has samples of the shape (3), but the model takes (2)",
    );
    says(
        trainer.fit(&x, &array![1, 0], Fit::epochs(1)),
        "the input `inputs` has 4 samples, but the target of `last` has 2",
    );
    says(
        trainer.fit(&Array2::<f32>::zeros((0, 2)), &Array1::<f32>::zeros(0), Fit::epochs(1)),
        "the input `inputs` has no samples",
    );
    says(
        trainer.fit(&x, &array![[0, 1], [0, 1], [0, 1], [0, 1]], Fit::epochs(1)),
        "the target of `last` has samples of the shape (2), but `binary_crossentropy` takes (1)",
    );
    says(
        trainer.fit(&x, &array![0, 1, 2, 0], Fit::epochs(1)),
        "the target of `last` has 2 in sample 2, but `binary_crossentropy` takes numbers from 0",
    );
    let nan = Float::NAN;
    says(
        trainer.train_on_batch(&x, &array![0.0, 1.0, nan, 0.0]),
        "the target of `last` has NaN in sample 2",
    );
    says(trainer.train_on_batch(&x, NoTarget), "the target of `last` was not given");
    says(trainer.predict(&array![[nan, 0.0]]), "the input `inputs` has NaN in sample 0");
    says(trainer.predict(&array![1.0, 0.0]), "has samples of the shape (), but");
    let weights = array![1.0, 1.0];
    says(
        trainer.fit(&x, &y, Fit::epochs(1).sample_weight(&weights)),
        "the input `inputs` has 4 samples, but the array of sample weights has 2",
    );
}

#[test]
fn class_weights_without_a_target() {
    let (x, _) = xor();
    let unsupervised = |_: Var, p: Var| p.square().mean_per_sample();
    let mut trainer = Net::classifier(1).compile("adam", unsupervised).unwrap();
    let options = Fit::epochs(1).class_weight([(0, 2.0)]);
    says(trainer.fit(&x, NoTarget, options), "was not given");
}

#[test]
fn options_that_make_no_sense() {
    let (x, y) = xor();
    let mut trainer = trainer();
    let wrong: [(Fit<'_, Net>, &str); 5] = [
        (Fit::epochs(1).batch_size(0), "`batch_size` is 0, but must be 1 or more"),
        (Fit::epochs(1).steps_per_epoch(0), "`steps_per_epoch` is 0"),
        (Fit::epochs(1).validation_freq(0), "`validation_freq` is 0"),
        (Fit::epochs(1).validation_split(1.0), "`validation_split` is 1"),
        (Fit::epochs(1).verbose(3), "`verbose` is 3"),
    ];
    for (options, expected) in wrong {
        says(trainer.fit(&x, &y, options), expected);
    }
    says(trainer.set_learning_rate(-1.0), "`learning_rate` is -1, but must be a number from 0 on");
}

#[test]
fn class_weights_need_one_class_a_sample() {
    let (x, y) = xor();
    let weighted = || Fit::epochs(1).verbose(0).class_weight([(1, 2.0)]);
    let left_out = "`class_weight` is given, but must be left out where";
    trainer().fit(&x, &y, weighted()).unwrap();
    let unsupervised = |_: Var, p: Var| p.square().mean_per_sample();
    let mut trainer = Net::classifier(1).compile("adam", unsupervised).unwrap();
    says(trainer.fit(&x, &Array2::<f32>::zeros((4, 0)), weighted()), left_out);
    says(trainer.fit(&x, &Array2::<f32>::zeros((4, 3)), weighted()), left_out);
    says(trainer.fit(&x, &array![0.5, 0.0, 1.0, 1.0], weighted()), left_out);
    let one_hot = array![[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]];
    let mut trainer = Net::softmax(1).compile("adam", "categorical_crossentropy").unwrap();
    trainer.fit(&x, &one_hot, weighted()).unwrap();
}

#[test]
fn class_weights_are_of_classes_that_there_are() {
    let (x, y) = xor();
    let weighted = |class| Fit::epochs(1).verbose(0).class_weight([(0, 2.0), (class, 3.0)]);
    let wrong = |class| {
        format!(
            "`class_weight` is given for the class {class}, but must be of classes that a target \
             can have, which count from 0"
        )
    };
    // Of the three classes of the output, none has to be in the data.
    let labels = array![0, 0, 0, 0];
    let loss = "sparse_categorical_crossentropy";
    let mut trainer = Net::softmax(1).compile("adam", loss).unwrap();
    trainer.fit(&x, &labels, weighted(2)).unwrap();
    says(trainer.fit(&x, &labels, weighted(3)), &wrong(3));
    let on_batch = OnBatch::default().class_weight([(4, 1.0)]);
    says(trainer.train_on_batch_with(&x, &labels, on_batch), &wrong(4));
    let one_hot = array![[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]];
    let mut trainer = Net::softmax(1).compile("adam", "categorical_crossentropy").unwrap();
    trainer.fit(&x, &one_hot, weighted(2)).unwrap();
    says(trainer.fit(&x, &one_hot, weighted(3)), &wrong(3));
    // What is binary has two, although the output is one number.
    let mut trainer = Net::classifier(1).compile("adam", "binary_crossentropy").unwrap();
    trainer.fit(&x, &y, weighted(1)).unwrap();
    says(trainer.fit(&x, &y, weighted(2)), &wrong(2));
    // Other numbers may be of any class.
    let mut trainer = Net::classifier(1).compile("adam", "mse").unwrap();
    trainer.fit(&x, &y, weighted(7)).unwrap();
}

#[test]
fn a_target_of_the_wrong_kind_is_told_which_loss_it_fits() {
    let (x, _) = xor();
    let one_hot = array![[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]];
    let mut trainer = Net::softmax(1).compile("adam", "sparse_categorical_crossentropy").unwrap();
    says(trainer.train_on_batch(&x, &one_hot), "for one-hot rows, use `categorical_crossentropy`");
    let mut trainer = Net::softmax(1).compile("adam", "categorical_crossentropy").unwrap();
    let labels = array![0, 1, 2, 1];
    says(trainer.train_on_batch(&x, &labels), "for labels, use `sparse_categorical_crossentropy`");
}

#[test]
fn names_that_do_not_exist() {
    says(
        Net::classifier(1).compile("adma", "mse"),
        "no optimizer `adma`\n  help: did you mean `adam`",
    );
    says(Net::classifier(1).compile("adam", "mze"), "no loss `mze`\n  help: did you mean `mse`");
    says(trainer().with_metrics(["acurracy"]), "did you mean `accuracy`?");
}

#[test]
fn losses_that_are_not_per_sample() {
    let (x, y) = xor();
    let scalar = |t: Var, p: Var| PerSample::new((p - t).square().mean());
    let mut trainer = Net::classifier(1).compile("adam", scalar).unwrap();
    says(
        trainer.train_on_batch(&x, &y),
        "`loss` is not one number for each sample, but one number for all",
    );
    let other = |t: Var, p: Var| (p - t).square().reshape(&[2, 2]).mean_per_sample();
    let mut trainer = Net::classifier(1).compile("adam", other).unwrap();
    says(trainer.train_on_batch(&x, &y), "there are 2 numbers for 4 samples");
    let stretched = |t: Var, p: Var| (p.flatten().mean_axes(&[1], false) - t).mean_per_sample();
    let mut trainer = Net::classifier(1).compile("adam", stretched).unwrap();
    says(trainer.train_on_batch(&x, &y), "in a loss, values are never stretched to each other");
}

#[test]
fn no_target_is_fine_for_a_loss_that_does_not_look_at_it() {
    let (x, _) = xor();
    let unsupervised = |_: Var, p: Var| p.square().mean_per_sample();
    let mut trainer = Net::classifier(1).compile("adam", unsupervised).unwrap();
    trainer.train_on_batch(&x, NoTarget).unwrap();
    let curious = |t: Var, p: Var| (p - t).square().mean_per_sample();
    let mut trainer = Net::classifier(1).compile("adam", curious).unwrap();
    says(trainer.train_on_batch(&x, NoTarget), "the target of `last` was not given");
}

#[test]
fn no_loss_at_all() {
    let (x, _) = xor();
    let none = ForkOutputs { left: NoLoss, right: NoLoss };
    let mut trainer = Fork::new(1).compile("adam", none).unwrap();
    let targets = || ForkOutputs { left: NoTarget, right: NoTarget };
    says(trainer.train_on_batch(&x, targets()), "no output has a loss");
    says(trainer.evaluate(&x, targets()), "no output has a loss");
    // Metrics alone are measured.
    let (x, y) = xor();
    let trainer = Net::classifier(1).compile("adam", NoLoss).unwrap().with_metrics(["mae"]);
    let logs = trainer.unwrap().evaluate(&x, &y).unwrap();
    assert!(logs["loss"] == 0.0 && logs["mae"] > 0.0, "{logs}");
}
