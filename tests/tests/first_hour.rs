//! What people get wrong in their first hour of training: each mistake is an `Err`, before anything
//! has changed, whose sentence says what to do.

use std::fmt::Debug;
use std::fs;

use model_runtime::prelude::*;
use ndarray::{Array1, Array2, Array3, Array4, array};
use tests::folder::Folder;

model! {
    struct Net {
        x = Input(4);
        h = Dense(8, relu)(x);
        y = Dense(3, softmax)(h);
    }
    struct Other { x = Input(5); y = Dense(3, softmax)(x); }
}

fn trainer() -> Trainer<Net> {
    let net = Net::new(0);
    net.compile("adam", "sparse_categorical_crossentropy").expect("names that exist")
}

fn data() -> (Array2<Float>, Array1<u8>) {
    let x = Array2::from_shape_fn((20, 4), |(i, j)| ((i * 3 + j) % 7) as Float / 7.0);
    (x, Array1::from_shape_fn(20, |i| (i % 3) as u8))
}

#[track_caller]
fn says<T: Debug>(result: Result<T, Error>, expected: &[&str]) {
    let text = result.expect_err("a mistake").to_string();
    assert!(expected.iter().all(|part| text.contains(part)), "{text}");
    // What to do, or what an option must be.
    assert!(text.contains("\n  help: ") || text.contains(", but must be "), "{text}");
}

#[test]
fn a_main_that_returns_an_error_says_it_in_words() {
    let error = Net::new(0).compile("adam", "msee").map(drop).expect_err("no such loss");
    let written = format!("{error:?}");
    assert_eq!(written, "there is no loss `msee`\n  help: did you mean `mse`?");
}

/// Fits with a mistake, which changes nothing.
#[track_caller]
fn fails(x: impl Into<Data<'static>>, y: impl Into<Data<'static>>, expected: &[&str]) {
    let mut trainer = trainer();
    let before = trainer.model().get_weights();
    says(trainer.fit(x, y, Fit::epochs(1).verbose(0)), expected);
    assert_eq!(trainer.model().get_weights(), before);
}

#[test]
fn inputs() {
    let (x, y) = data();
    let mut nan = x.clone();
    nan[[3, 1]] = Float::NAN;
    let expected = ["the input `x` has NaN in sample 3", "remove the sample, or give it a value"];
    says(trainer().evaluate(&nan, &y), &expected);
    says(trainer().predict(&nan), &expected);
    fails(nan, y.clone(), &expected);
    let takes = "but the model takes (4)";
    fails(Array2::<f32>::zeros((20, 5)), y.clone(), &["samples of the shape (5)", takes]);
    let one = "add the axis of the samples, for a single one: `.insert_axis(Axis(0))`";
    says(trainer().predict(&x.row(0)), &["samples of the shape ()", one]);
    let images = model! { image = Input(6, 8, 1); y = Dense(3)(Flatten()(image)); };
    let channel = "add the axis of the channels: `.insert_axis(Axis(3))`";
    says(images.predict(&Array3::<f32>::zeros((5, 6, 8))), &["(6, 8)", "(6, 8, 1)", channel]);
    let last = "put the channels last: `.permuted_axes([0, 2, 3, 1])`";
    says(images.predict(&Array4::<f32>::zeros((5, 1, 6, 8))), &["(1, 6, 8)", last]);
    fails(Array3::<f32>::zeros((20, 2, 2)), y.clone(), &["samples of the shape (2, 2)", takes]);
    fails(Array1::<f32>::zeros(20), y.clone(), &["samples of the shape ()", takes]);
    fails(Array2::<f32>::zeros((4, 20)), y, &["(20)", "the first axis is that of the samples"]);
    fails(Array2::<f32>::zeros((0, 4)), Array1::<u8>::zeros(0), &["the input `x` has no samples"]);
}

#[test]
fn targets() {
    let (x, y) = data();
    fails(x.clone(), y.mapv(|l| l + 1), &["the label 3 in sample 2", "whole numbers from 0 to 2"]);
    fails(x.clone(), y.mapv(|l| i32::from(l) - 1), &["the label -1 in sample 0"]);
    fails(x.clone(), y.mapv(|l| f32::from(l) / 2.0), &["the label 0.5 in sample 1"]);
    fails(x.clone(), y.mapv(|l| f32::from(l) / 0.0), &["has NaN in sample 0"]);
    fails(x.clone(), Array1::<u8>::zeros(19), &["has 20 samples, but the target of `y` has 19"]);
    let one_hot = Array2::<f32>::zeros((20, 3));
    fails(x.clone(), one_hot, &["for one-hot rows, use `categorical_crossentropy`"]);
    fails(x.clone(), NoTarget, &["the target of `y` was not given", "give an array for it"]);
    let mut trainer = Net::new(0).compile("adam", "mse").expect("names that exist");
    let expected = ["samples of the shape ()", "`mean_squared_error` takes (3)"];
    says(trainer.fit(&x, &y, Fit::epochs(1)), &expected);
}

#[test]
fn options() {
    let (x, y) = data();
    let fit = || Fit::epochs(1).verbose(0);
    let fails = |options: Fit<'_, Net>, expected: &[&str]| {
        says(trainer().fit(&x, &y, options), expected);
    };
    fails(fit().batch_size(0), &["`batch_size` is 0, but must be 1 or more"]);
    fails(Fit::epochs(0), &["`epochs` is 0, but must be 1 or more"]);
    fails(fit().validation_split(1.5), &["`validation_split` is 1.5", "from 0 to below 1"]);
    fails(fit().validation_split(Float::NAN), &["`validation_split` is NaN"]);
    fails(fit().validation_split(0.99), &["leaves samples both to train and to validate with"]);
    fails(fit().sample_weight(array![1.0, 2.0]), &["the array of sample weights has 2"]);
    // What is not in the logs, and how it would be there.
    let validation = "`loss`; for one of a validation, give `validation_split` or";
    fails(fit().callback(EarlyStopping::new()), &["`val_loss`", validation]);
    let folder = Folder::new("first-options");
    let named = ModelCheckpoint::new(folder.0.join("{val_loss:.2}"));
    fails(fit().callback(named), &["no value for the path `val_loss`", validation]);
    let misspelt = EarlyStopping::new().monitor("val_los");
    let split = fit().validation_split(0.2).callback(misspelt);
    fails(split, &["did you mean `val_loss`?"]);
    let compile = |optimizer: &'static str, loss: &'static str| {
        Net::new(0).compile(optimizer, loss).map(drop)
    };
    says(compile("Adam", "mse"), &["no optimizer `Adam`", "did you mean `adam`?"]);
    says(compile("adam", "cross_entropy"), &["did you mean `crossentropy`?"]);
    says(Net::new(0).compile(Adam::new(-1.0), "mse").map(drop), &["`learning_rate` is -1"]);
    says(trainer().with_metrics(["accurate"]).map(drop), &["did you mean `accuracy`?"]);
    let wild = Net::new(0).compile(SGD::new(Float::MAX), "sparse_categorical_crossentropy");
    let far = x.mapv(|x| 1e30 * x);
    let expected = ["not finite in epoch 1 at batch 1", "a smaller learning rate often helps"];
    says(wild.expect("names that exist").fit(&far, &y, fit()), &expected);
}

#[test]
fn paths() {
    let (x, y) = data();
    let folder = Folder::new("first-paths");
    let path = |name: &str| folder.0.join(name);
    let net = Net::new(0);
    let made = "make its folder first: `std::fs::create_dir_all(";
    says(net.save_weights(path("none/net")), &["could not write `", made]);
    says(trainer().save_state(path("none/net")), &["could not write `", made]);
    says(net.save_weights(&folder.0), &["give the path of a file"]);
    says(net.load_weights(path("net")), &["could not read `", "has no file of this name"]);
    says(net.load_weights(path("none/net")), &["there is no folder `"]);
    says(net.load_weights(&folder.0), &["could not read `", "give the path of a file"]);

    // Callbacks make folders, unless something is in their place.
    let fit = |callback: Box<dyn Callback<Net>>| {
        trainer().fit(&x, &y, Fit::epochs(1).verbose(0).callback(callback))
    };
    fit(Box::new(ModelCheckpoint::new(path("new/run/net")))).expect("the folder is made");
    assert!(path("new/run/net").is_file());
    let in_a_file = path("new/run/net/more");
    let callbacks: [Box<dyn Callback<Net>>; 4] = [
        Box::new(ModelCheckpoint::new(in_a_file.join("net"))),
        Box::new(CSVLogger::new(in_a_file.join("log.csv"))),
        Box::new(TensorBoard::new(&in_a_file)),
        Box::new(BackupAndRestore::new(&in_a_file)),
    ];
    for callback in callbacks {
        says(fit(callback), &["could not ", "what is to be a folder is a file"]);
    }
    says(fit(Box::new(CSVLogger::new(&folder.0))), &["give the path of a file"]);
    // A disk that is full. What is written beside a file and put in its place, such as weights,
    // refuses devices.
    if cfg!(target_os = "linux") {
        let full = fit(Box::new(CSVLogger::new("/dev/full")));
        says(full, &["could not write `/dev/full`", "make room there, or give a path on another"]);
    }
}

#[test]
fn files_of_others() {
    let folder = Folder::new("first-files");
    let path = |name: &str| folder.0.join(name);
    let net = Net::new(0);
    let before = net.get_weights();
    for (name, bytes, expected) in [
        ("empty", &b""[..], "it is empty"),
        ("text", b"hello world, this is not a file of weights", "its header would be"),
        ("net.h5", b"\x89HDF\r\n\x1a\n0000000000", "`scripts/keras_weights.py` makes"),
        ("net.keras", b"PK\x03\x04 0000000000000000", "`scripts/keras_weights.py` makes"),
        ("net.pt", b"\x80\x02}q\x00X\x04\x00\x00\x00000", "`safetensors.torch.save_file`"),
        ("net.npy", b"\x93NUMPY\x01\x00v\x00{'descr'", "`files::load_npy` reads"),
    ] {
        fs::write(path(name), bytes).expect("it can be written");
        says(net.load_weights(path(name)), &["is not a file of weights, or damaged: ", expected]);
    }
    Other::new(0).save_weights(path("other")).expect("it can be written");
    let expected = ["not in the file: `h.kernel` (4, 8)", "another shape: `y.kernel` is (8, 3)"];
    says(net.load_weights(path("other")), &expected);
    net.save_weights(path("net")).expect("it can be written");
    let expected = ["the file has none, but weights alone, which the model's `load_weights` reads"];
    says(trainer().load_state(path("net")), &expected);
    trainer().save_state(path("state")).expect("it can be written");
    let sgd = Net::new(0).compile("sgd", "sparse_categorical_crossentropy");
    let expected = ["the optimizer is `sgd` here, but `adam` in the file"];
    says(sgd.expect("names that exist").load_state(path("state")), &expected);
    assert_eq!(net.get_weights(), before);
}
