//! Programs that are killed, interrupted, or have little memory: this one, started again, runs a
//! single test of those below whose names begin with `child`. They do nothing by themselves.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use model_runtime::prelude::*;
use ndarray::{Array1, Array2};
use tests::folder::Folder;

model! {
    struct Net {
        x = Input(64);
        h = Dense(64, tanh)(x);
        Dense(1)(h)
    }
}

/// Where a child finds its files.
const FOLDER: &str = "TESTED_FOLDER";

fn folder_of_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// This program again, with one test.
fn child(test: &str, folder: &Path, before: &str) -> Child {
    let program = std::env::current_exe().expect("the path of this program");
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before} exec \"$0\" \"$@\"")).arg(program);
    command.args(["--exact", test, "--nocapture"]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("this program can be started")
}

fn trainer() -> Trainer<Net> {
    Net::new(1).compile(SGD::new(0.01).momentum(0.9), "mse").expect("names that exist")
}

fn data() -> (Array2<f32>, Array2<f32>) {
    let x = Array2::from_shape_fn((64, 64), |(i, j)| ((i * 7 + j * 3) % 11) as f32 / 11.0);
    (x, Array2::ones((64, 1)))
}

/// Makes all weights one number.
fn set_all(trainer: &Trainer<Net>, number: Float) {
    for (_, weight) in trainer.model().parameters() {
        weight.set(&weight.get().mapv(|_| number)).expect("the same shape");
    }
}

/// Saves without end, each time all weights of another number.
#[test]
fn child_that_saves() {
    let Some(folder) = folder_of_child() else { return };
    let trainer = trainer();
    println!("saves");
    for i in 0..1_000_000 {
        set_all(&trainer, (i % 1000) as Float);
        trainer.save_state(folder.join("state.safetensors")).expect("it can be written");
    }
}

#[test]
fn a_program_that_is_killed_while_it_saves_leaves_a_whole_file() {
    let folder = Folder::new("process-killed");
    let path = folder.0.join("state.safetensors");
    let mut trainer = trainer();
    let (mut files, mut cut_off) = (Vec::new(), 0);
    // How long a save takes here and now.
    let mut saves = (0..3).map(|_| {
        let began = Instant::now();
        trainer.save_state(folder.0.join("other")).expect("it can be written");
        began.elapsed()
    });
    let save = saves.by_ref().min().expect("three of them").max(Duration::from_millis(1));
    for kill in 0..200 {
        let mut child = child("child_that_saves", &folder.0, "");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        assert!(lines.any(|line| line.expect("text").contains("saves")));
        // Somewhere in the middle of one of the first saves.
        sleep(save.mul_f64(1.0 + f64::from(kill * 61 % 97) / 8.0));
        child.kill().expect("it runs");
        child.wait().expect("it has been killed");
        // The old or the new file, and whole: all weights are one number.
        // The first save may take long.
        if files.is_empty() && !path.exists() {
            continue;
        }
        trainer.load_state(&path).expect("a whole file");
        let parameters = trainer.model().parameters();
        let first = parameters[0].1.get().first().copied();
        let all = |weight: &ndarray::ArrayD<Float>| weight.iter().all(|w| Some(*w) == first);
        assert!(parameters.iter().all(|(_, weight)| all(&weight.get())));
        files.push(first);
        for entry in fs::read_dir(&folder.0).expect("the folder is there") {
            let other = entry.expect("a name").path();
            if other != path {
                cut_off += 1;
                fs::remove_file(other).expect("what was being written");
            }
        }
    }
    files.dedup();
    // The test is one only if kills have come at different moments.
    println!("{} different files, {cut_off} saves were cut off", files.len());
    assert!(files.len() > 10 && cut_off > 10, "{} {cut_off}", files.len());
}

/// Trains until it is interrupted, and says so at every batch.
#[test]
fn child_that_trains() {
    let Some(folder) = folder_of_child() else { return };
    let (x, y) = data();
    let mut trainer = trainer();
    let speaks = LambdaCallback::new().on_train_batch_end(|_, batch, _| {
        println!("batch {batch}");
        sleep(Duration::from_millis(5));
        Ok(())
    });
    let options = Fit::epochs(100_000)
        .batch_size(1)
        .verbose(2)
        .validation_split(0.25)
        .stop_on_ctrl_c(true)
        .callback(speaks)
        .callback(ModelCheckpoint::new(folder.join("{epoch}.safetensors")))
        .callback(BackupAndRestore::new(folder.join("backup")));
    let history = trainer.fit(&x, &y, options).expect("Ctrl-C is no error");
    assert!(trainer.is_interrupted());
    let (epochs, steps) = (history.epochs.len(), trainer.state().steps);
    assert_eq!(history["val_loss"].len(), epochs);
    // The file that was written is that of this moment.
    let bytes = fs::read(folder.join(format!("{epochs}.safetensors"))).expect("a checkpoint");
    assert_eq!(fs::read(folder.join("backup/latest.safetensors")).expect("a backup"), bytes);
    trainer.save_state(folder.join("now")).expect("it can be written");
    assert_eq!(fs::read(folder.join("now")).expect("it has been written"), bytes);
    println!("ended after {epochs} epochs and {steps} steps");
    if folder.join("wait").exists() {
        println!("waits");
        sleep(Duration::from_secs(60));
        println!("was not killed");
    }
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("kill").args(["-INT", &id]).status().expect("`kill` can be run");
    assert!(status.success());
}

/// Starts the child that trains, and waits for its second epoch.
fn trains(folder: &Path) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut child = child("child_that_trains", folder, "");
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut lines = lines.map(|line| line.expect("text"));
    assert!(lines.any(|line| line.starts_with("Epoch 1/100000 - 48 steps - ")));
    assert!(lines.any(|line| line == "batch 3"));
    (child, lines)
}

#[test]
fn ctrl_c_ends_an_epoch_cleanly() {
    let folder = Folder::new("process-interrupted");
    let (mut child, lines) = trains(&folder.0);
    interrupt(&child);
    let lines: Vec<String> = lines.collect();
    assert!(child.wait().expect("it ends").success(), "{lines:?}");
    let last = lines.iter().find(|line| line.starts_with("Epoch 2/100000 - "));
    assert!(last.expect("the epoch ends").contains(" of 48 steps - "), "{last:?}");
    // Without a terminal there are no escape codes.
    assert!(lines.iter().all(|line| !line.contains('\u{1b}') && !line.contains('\r')));
    // What it waits for is said at once, and what another one does.
    let said = |start: &str| lines.iter().position(|line| line.starts_with(start));
    let ends = said("Ctrl-C: training ends here, and another one ends the program");
    assert!(ends.is_some() && ends < said("Epoch 2/100000 - "), "{lines:?}");
    let ended = lines.iter().find(|line| line.starts_with("ended after 2 epochs and "));
    assert!(ended.is_some(), "{lines:?}");

    // The training goes on in the middle of the epoch, and is what it would have been.
    let mut resumed = trainer();
    let (x, y) = data();
    let options = || Fit::epochs(4).batch_size(1).verbose(0).validation_split(0.25);
    let backup = BackupAndRestore::new(folder.0.join("backup"));
    let history = resumed.fit(&x, &y, options().callback(backup)).expect("it goes on");
    assert_eq!(history.epochs, [1, 2, 3]);
    let mut whole = trainer();
    whole.fit(&x, &y, options()).expect("it trains");
    assert_eq!(resumed.state(), whole.state());
    let weights = |trainer: &Trainer<Net>| trainer.model().dense.kernel.get();
    assert_eq!(weights(&resumed), weights(&whole));
}

#[test]
fn a_second_ctrl_c_and_one_after_training_kill() {
    let folder = Folder::new("process-killed-twice");
    fs::write(folder.0.join("wait"), "").expect("it can be written");
    let (mut child, mut lines) = trains(&folder.0);
    interrupt(&child);
    assert!(lines.any(|line| line == "waits"));
    interrupt(&child);
    let status = child.wait().expect("it ends");
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(status.signal(), Some(2), "{status}");
    assert!(lines.all(|line| line != "was not killed"));
}

/// Trains on an iterator that has given a batch and then waits for ever.
#[test]
fn child_that_waits_for_a_batch() {
    let Some(folder) = folder_of_child() else { return };
    let mut trainer = trainer();
    let (tells, told) = std::sync::mpsc::channel();
    let mut given = false;
    let blocks = std::iter::from_fn(move || {
        if std::mem::replace(&mut given, true) {
            told.recv().expect("a batch is trained on");
            println!("waits");
            loop {
                std::thread::park();
            }
        }
        let (x, y) = data();
        Some(Batch::new(x, y))
    });
    let tells = LambdaCallback::new().on_train_batch_end(move |_, _, _| {
        tells.send(()).expect("the iterator waits for it");
        Ok(())
    });
    let batches = match folder.join("borrows").exists() {
        true => Batches::new(blocks),
        false => Batches::new(blocks).detached(),
    };
    let (x, y) = data();
    let options = Fit::epochs(3)
        .steps_per_epoch(5)
        .verbose(2)
        .validation_data(&x, &y)
        .stop_on_ctrl_c(true)
        .callback(tells)
        .callback(ModelCheckpoint::new(folder.join("{epoch}.safetensors")));
    let history = trainer.fit_batches(batches, options).expect("Ctrl-C is no error");
    assert!(trainer.is_interrupted());
    assert_eq!((history.epochs.len(), history["val_loss"].len()), (1, 1));
    println!("ended");
}

#[test]
fn ctrl_c_ends_training_while_the_iterator_blocks() {
    let folder = Folder::new("process-blocked");
    let mut child = child("child_that_waits_for_a_batch", &folder.0, "");
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut lines = lines.map(|line| line.expect("text"));
    assert!(lines.any(|line| line == "waits"));
    interrupt(&child);
    assert!(lines.any(|line| line == "ended"));
    assert!(child.wait().expect("it ends").success());
    assert!(folder.0.join("1.safetensors").exists());
}

#[test]
fn an_iterator_that_borrows_is_waited_for_and_a_second_ctrl_c_kills() {
    let folder = Folder::new("process-borrows");
    fs::write(folder.0.join("borrows"), "").expect("it can be written");
    let mut child = child("child_that_waits_for_a_batch", &folder.0, "");
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut lines = lines.map(|line| line.expect("text"));
    assert!(lines.any(|line| line == "waits"));
    interrupt(&child);
    // All that belongs to the end of the epoch has been done by then.
    assert!(lines.any(|line| line.starts_with("Waiting for the iterator")));
    assert!(folder.0.join("1.safetensors").exists());
    interrupt(&child);
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(child.wait().expect("it ends").signal(), Some(2));
}

/// Says what `verbose` lets it say, each under a title.
#[test]
fn child_that_speaks() {
    let Some(folder) = folder_of_child() else { return };
    let ((x, y), mut trainer) = (data(), trainer());
    let fit = || Fit::epochs(2).batch_size(32);
    println!("\n# nothing");
    trainer.fit(&x, &y, fit().verbose(0)).expect("it trains");
    trainer.evaluate_with(&x, &y, Evaluate::default()).expect("it is evaluated");
    trainer.predict_with(&x, Predict::default()).expect("it is predicted");
    println!("# fit");
    trainer.fit(&x, &y, fit()).expect("it trains");
    trainer.fit(&x, &y, fit().verbose(2)).expect("it trains");
    println!("# done");
    trainer.fit(&x, &y, fit().initial_epoch(2)).expect("there is nothing to do");
    trainer.fit(&x, &y, fit().initial_epoch(2).verbose(0)).expect("there is nothing to do");
    for verbose in [1, 2] {
        println!("# others {verbose}");
        let options = Evaluate::default().verbose(verbose);
        trainer.evaluate_with(&x, &y, options).expect("it is evaluated");
        trainer.predict_with(&x, Predict::default().verbose(verbose)).expect("it is predicted");
    }
    println!("# callbacks");
    let mut trainer = Net::new(1).compile(SGD::new(0.0), "mse").expect("names that exist");
    let options = Fit::epochs(9)
        .shuffle(false)
        .verbose(0)
        .callback(LearningRateScheduler::new(|_, rate| rate).verbose(true))
        .callback(
            ModelCheckpoint::new(folder.join("a"))
                .monitor("loss")
                .save_best_only(true)
                .verbose(true),
        )
        .callback(EarlyStopping::new().monitor("loss").patience(1).verbose(true));
    trainer.fit(&x, &y, options).expect("it trains");
    trainer.set_learning_rate(0.25).expect("a rate");
    let reduces = ReduceLROnPlateau::new().monitor("loss").min_delta(1e9).patience(1).factor(0.5);
    let options = Fit::epochs(2).verbose(0).callback(reduces.verbose(true));
    trainer.fit(&x, &y, options).expect("it trains");
    println!("# end");
}

#[test]
fn verbose_says_how_much_is_said() {
    let folder = Folder::new("process-speaks");
    let child = child("child_that_speaks", &folder.0, "");
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Not a terminal: no escape codes, nothing written over.
    assert!(output.status.success() && !text.contains(['\u{1b}', '\r']), "{output:?}");
    let said = |title: &str| {
        let (_, behind) = text.split_once(&format!("# {title}\n")).expect("the title");
        let lines = behind.lines().take_while(|line| !line.starts_with("# "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let begin = |lines: Vec<String>, expected: &[&str]| {
        let each = lines.iter().zip(expected).all(|(line, start)| line.starts_with(start));
        assert!(each && lines.len() == expected.len(), "{lines:#?}");
    };
    assert_eq!(said("nothing"), [""; 0]);
    let epochs = ["Epoch 1/2 - 2 steps - ", "Epoch 2/2 - 2 steps - "];
    begin(said("fit"), &[epochs, epochs].concat());
    let done = "Nothing is left to train: `Fit::epochs` is 2, and training begins after 2";
    assert_eq!(said("done"), [done]);
    for title in ["others 1", "others 2"] {
        begin(said(title), &["Evaluate - 2 steps - ", "Predict - 2 steps - "]);
    }
    let path = folder.0.join("a").display().to_string();
    begin(
        said("callbacks"),
        &[
            "Epoch 1: LearningRateScheduler: learning_rate is 0 now",
            "Epoch 1: loss improved from none to ",
            &format!("Epoch 1: saved to {path}"),
            "Epoch 2: LearningRateScheduler: learning_rate is 0 now",
            "Epoch 2: loss did not improve from ",
            "Epoch 2: early stopping",
            "The weights are those of the best epoch: 1",
            "Epoch 2: ReduceLROnPlateau: learning_rate is 0.125 now",
        ],
    );
}

/// Reads files that say to be larger than memory.
#[test]
fn child_that_reads() {
    let Some(folder) = folder_of_child() else { return };
    let mut trainer = trainer();
    let path = folder.join("state.safetensors");
    trainer.save_state(&path).expect("it can be written");
    let good = fs::read(&path).expect("it has been written");
    let header = String::from_utf8_lossy(&good[8..good.len().min(4000)]).into_owned();
    let header = &header[..header.find("}}").expect("the end of the header") + 2];
    let huge = 1u64 << 40;
    let ones = Array1::from_elem(40, "1152921504606846976").to_vec().join(",");
    let mut read = 0;
    for length in [huge, huge << 20, u64::MAX, 99_999_999] {
        fs::write(&path, [&length.to_le_bytes()[..], &good[8..]].concat()).expect("written");
        trainer.load_state(&path).expect_err("a header that long");
        read += 1;
    }
    for (old, new) in [
        ("[1]", format!("[{huge}]")),
        ("[1]", format!("[{huge},{huge}]")),
        ("[1]", format!("[{ones}]")),
        ("[1]", format!("[0,{huge}]")),
        ("\"data_offsets\":[0,", format!("\"data_offsets\":[0,{huge}")),
        ("\"format\"", format!("\"x\":\"{}\",\"format\"", "x".repeat(1000))),
    ] {
        let header = header.replacen(old, &new, 1);
        let length = (header.len() as u64).to_le_bytes();
        fs::write(&path, [&length[..], header.as_bytes(), &[0; 64]].concat()).expect("written");
        trainer.load_state(&path).expect_err(&new);
        trainer.model().load_weights(&path).expect_err(&new);
        read += 1;
    }
    println!("read {read} files");
}

#[test]
fn a_file_takes_no_more_memory_than_it_has() {
    let folder = Folder::new("process-memory");
    // In units of 1024 bytes: what the program itself needs, and little more.
    let child = child("child_that_reads", &folder.0, "ulimit -v 400000;");
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("read 10 files"), "{output:?}");
}
