//! Files of states that are damaged, or made to do harm: an error each, and nothing changes.

use std::fs;

use super::checkpoints::{Noisy, TempFile, bits, trainer};
use super::line;
use crate::prelude::*;

/// A trainer in the middle of an epoch, and its file.
struct Case {
    trainer: Trainer<Noisy>,
    file: TempFile,
    bytes: Vec<u8>,
}

/// Ends training in the middle of an epoch.
struct Stop;

impl Callback<Noisy> for Stop {
    fn on_train_batch_end(
        &mut self,
        trainer: &mut Trainer<Noisy>,
        batch: usize,
        _: &Logs,
    ) -> Result<(), Error> {
        if batch == 2 {
            trainer.stop_training();
        }
        Ok(())
    }
}

impl Case {
    fn new(name: &str) -> Case {
        let (x, y) = line();
        let file = TempFile::new(name);
        let mut trainer = trainer(1, "adam");
        let options = Fit::epochs(2).batch_size(8).verbose(0).callback(Stop);
        trainer.fit(&x, &y, options).unwrap();
        trainer.save_state(&file.0).unwrap();
        let bytes = fs::read(&file.0).unwrap();
        Case { trainer, file, bytes }
    }

    /// The header as text, and what stands behind it.
    fn parts(&self) -> (String, Vec<u8>) {
        let (length, rest) = self.bytes.split_first_chunk().unwrap();
        let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
        (String::from_utf8(header.to_vec()).unwrap(), data.to_vec())
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        fs::write(&self.file.0, bytes).unwrap();
        self.trainer.load_state(&self.file.0).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refuses(&mut self, bytes: &[u8], expected: &str) {
        let before = bits(&self.trainer);
        let text = self.load(bytes).expect_err(expected);
        assert!(text.contains(expected) && text.len() < 1500, "{text}\nnot {expected}");
        assert_eq!(bits(&self.trainer), before);
    }

    /// Refuses the file with another text in the place of one in its header, and no sum.
    #[track_caller]
    fn refuses_with(&mut self, old: &str, new: &str, expected: &str) {
        let (header, data) = self.parts();
        assert!(header.contains(old), "{header}");
        self.refuses(&file(&unsummed(&header.replacen(old, new, 1)), &data), expected);
    }
}

fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// The header without the sum: who makes a file to do harm can leave it out.
fn unsummed(header: &str) -> String {
    let (before, behind) = header.split_once("\"crc32c\"").expect("a sum");
    format!("{before}\"none\"{behind}")
}

const DAMAGED: &str = "is not a file of weights, or damaged: ";

#[test]
fn a_part_of_a_file() {
    let mut case = Case::new("part");
    let whole = case.bytes.clone();
    assert_eq!(case.load(&whole), Ok(()));
    for length in (0..whole.len()).step_by(7) {
        case.refuses(&whole[..length], DAMAGED);
    }
    case.refuses(&[&whole[..], &[0]].concat(), DAMAGED);
}

#[test]
fn a_bit_that_has_flipped() {
    let mut case = Case::new("bit");
    let whole = case.bytes.clone();
    let mut errors = 0;
    for byte in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[byte] ^= 1 << (byte % 8);
        // In the name of the sum it does nothing.
        let before = bits(&case.trainer);
        let loaded = case.load(&flipped);
        assert_eq!(bits(&case.trainer), before, "byte {byte}: {loaded:?}");
        errors += usize::from(loaded.is_err());
    }
    assert!(errors > whole.len() - 30, "{errors} of {}", whole.len());
}

#[test]
fn headers_that_lie() {
    let mut case = Case::new("lies");
    let (header, data) = case.parts();
    for length in [0, 1, 100_000_000, 100_000_001, 1 << 40, u64::MAX - 7, u64::MAX] {
        let bytes = [&length.to_le_bytes()[..], header.as_bytes(), &data].concat();
        case.refuses(&bytes, DAMAGED);
    }
    let deep = format!(r#"{{"__metadata__":{}"#, "{\"a\":".repeat(200_000));
    case.refuses(&file(&deep, &data), "its header cannot be read at character");
    case.refuses(&file(&"[".repeat(1 << 20), &data), "its header cannot be read at character");
    let start = header.find("\"dense_1.bias\"").unwrap();
    let bias = &header[start..start + header[start..].find('}').unwrap() + 1];
    let offsets = "data_offsets\":[";
    for (old, new, expected) in [
        ("[1]", "[NaN]", "its header cannot be read at character"),
        ("[1]", "[-1]", "its header cannot be read at character"),
        ("[1]", "[1e0]", "its header cannot be read at character"),
        ("[1]", "[4294967296,4294967296]", "`dense_1.bias` has another number of bytes"),
        ("[1]", "[1,1,1,1,1,1,1,1,1,1,1,1]", "another shape: `dense_1.bias` is (1) in the model"),
        ("[1]", "[0,18446744073709551615]", "`dense_1.bias` has another number of bytes"),
        (offsets, "data_offsets\":[9", "its arrays overlap, or leave a gap"),
        (offsets, "data_offsets\":[9999999999", "its arrays overlap, or leave a gap"),
        (offsets, "data_offsets\":[0,", "its header cannot be read at character"),
        ("bias\":", "bias\":{},\"x\":", "its header cannot be read at character"),
    ] {
        case.refuses_with(bias, &bias.replacen(old, new, 1), expected);
    }
    case.refuses_with(bias, &format!("{bias},{bias}"), "its header cannot be read at character");
}

#[test]
fn texts_that_lie() {
    let mut case = Case::new("texts");
    for (old, new, expected) in [
        ("\"format\"", "\"formal\"", "the file has none"),
        ("training state 1", "training state 9", "`training state 1` is read"),
        ("\"steps\":\"", "\"stops\":\"", "it has no `steps`"),
        ("\"steps\":\"", "\"steps\":\"-", "`steps` is `-"),
        ("\"steps\":\"", "\"steps\":\"99999999999999999999", "`steps` is `9999"),
        ("\"steps\":\"3", "\"steps\":\"18446744073709551615", "steps are too many"),
        ("\"batches\":\"3", "\"batches\":\"18446744073709551615", "`batches` is `1844"),
        ("\"batches\":\"3", "\"batches\":\"3 3", "`batches` is a list of 2"),
        ("\"batches\":\"3", "\"batches\":\"", "`batches` is ``"),
        ("\"learning_rates\":\"", "\"learning_rates\":\"-", "`learning_rate` is -0.001"),
        ("\"learning_rates\":\"0.001", "\"learning_rates\":\"NaN", "`learning_rate` is NaN"),
        ("\"learning_rates\":\"0.001", "\"learning_rates\":\"1e999", "`learning_rate` is inf"),
        ("\"learning_rates\":\"0.001", "\"learning_rates\":\"schedule", "is a schedule in one"),
        ("\"epoch\":\"0", "\"epoch\":\"0.5", "`epoch` is `0.5`"),
        ("\"seed\":\"0", "\"seed\":\"\\u001b[31m", "`seed` is `\\u{1b}[31m`"),
        ("\"optimizers\":\"adam", "\"optimizers\":\"adam adam", "the optimizer is `adam` here"),
    ] {
        case.refuses_with(old, new, expected);
    }
    let long = "9".repeat(1 << 20);
    case.refuses_with("\"batch\":\"3", &format!("\"batch\":\"{long}"), "`batch` is `9999");
}

#[test]
fn arrays_that_lie() {
    let mut case = Case::new("arrays");
    for (old, new, expected) in [
        ("slots/momentum/dense", "slots/momentum/danse", "knows the weight `danse.bias`"),
        ("slots/momentum/dense", "slots/momentun/dense", "has no `momentum` of `dense.bias`"),
        ("slots/momentum/dense", "slots/dense", "has no `momentum` of `dense.bias`"),
        ("slots/momentum/dense", "slips/momentum/dense", "has no `momentum` of `dense.bias`"),
        ("variables/k", "variables/kk", "nothing here has the variable"),
        ("training/variables/k", "training/other", "`training/other`, which is unknown"),
        ("training/epoch/losses", "training/epoch/looses", "is not what this trainer adds up"),
        ("epoch/metrics/000000", "epoch/metrics/000001", "is not what this trainer adds up"),
        ("epoch/metrics/000000", "epoch/metrics/999999999999999999999", "is not what this"),
        ("\"dense.bias\"", "\"dense.bios\"", "not in the file: `dense.bias` (6)"),
    ] {
        case.refuses_with(old, new, expected);
    }
}

#[test]
fn sums_of_another_length_are_an_error_of_the_next_batch() {
    let (x, y) = line();
    let mut case = Case::new("sums");
    let (header, mut data) = case.parts();
    // The metric's two numbers become one, and its other eight bytes a term of the loss.
    let old = header.split("\"training/epoch/metrics/000000/000000\":").nth(1).unwrap();
    let place = old.split("\"data_offsets\":[").nth(1).unwrap().split([',', ']']);
    let place: Vec<usize> = place.take(2).map(|n| n.parse().unwrap()).collect();
    let info = |name: &str, from: usize, to: usize| {
        format!(r#""{name}":{{"dtype":"F64","shape":[1],"data_offsets":[{from},{to}]}}"#)
    };
    let metric = "training/epoch/metrics/000000/000000";
    let old = format!(
        r#""{metric}":{{"dtype":"F64","shape":[2],"data_offsets":[{},{}]}}"#,
        place[0], place[1]
    );
    let new = [
        info(metric, place[0], place[0] + 8),
        info("training/epoch/terms/000009/more", place[0] + 8, place[1]),
    ];
    let header = header.replacen(&old, &new.join(","), 1);
    data[place[0]..place[0] + 8].copy_from_slice(&1f64.to_le_bytes());
    assert_eq!(case.load(&file(&unsummed(&header), &data)), Ok(()));
    let options = Fit::epochs(2).batch_size(8).verbose(0).resume(true);
    let text = case.trainer.fit(&x, &y, options).unwrap_err().to_string();
    assert!(text.starts_with("`metrics` is others than those of the state"), "{text}");
}
