use std::fs;
use std::path::{Path, PathBuf};

use ndarray::ArrayD;

use super::*;
use crate::prelude::*;

model! {
    struct Tower {
        x = Input(3);
        h = Dense(4, tanh)(x);
        Dense(2, use_bias = false)(h)
    }
    struct Pair {
        left = Input(3);
        right = Input(3);
        tower = Tower();
        a = tower(left);
        b = tower(right);
        scale = Dense(2);
        (scale(a), scale(b), Dense(1)(a - b))
    }
    struct Small {
        x = Input(1);
        Dense(2)(x)
    }
    struct Head {
        x = Input(3);
        h = Dense(4, tanh)(x);
        Dense(2, use_bias = false, name = "head")(h)
    }
    struct Wider {
        x = Input(3);
        h = Dense(5, tanh)(x);
        Dense(2)(h)
    }
}

/// A folder of its own, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("weights-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder for files that come and go");
        Folder(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).expect("the folder is there");
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn numbers(model: &impl Model) -> Vec<(String, ArrayD<Float>)> {
    model.parameters().into_iter().map(|(path, weight)| (path, weight.get())).collect()
}

/// A file of arrays, each with the type and the bytes of its numbers.
fn file(arrays: &[(&str, &str, &[usize], &[u8])]) -> Vec<u8> {
    let mut end = 0;
    let infos = arrays.iter().map(|(name, dtype, shape, bytes)| {
        let start = end;
        end += bytes.len();
        let (dtype, shape) = (dtype.to_string(), shape.to_vec());
        (*name, header::Info { dtype, shape, place: start..end })
    });
    let mut file = header::write(&[], infos);
    arrays.iter().for_each(|(.., bytes)| file.extend(*bytes));
    file
}

/// The bytes of a header and what follows it.
fn raw(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn decoded(model: &dyn Model, bytes: &[u8]) -> Result<Vec<(usize, Tensor)>, format::Problem> {
    let contents = format::contents(bytes)?;
    Load::default().decode(&entries(model), &contents).map(|(tensors, _)| tensors)
}

fn encoded(model: &dyn Model) -> Vec<u8> {
    format::encode(&[], arrays(&entries(model))).unwrap()
}

/// Loads these bytes into a small model; what it says, if it is an error, after which the model
/// must be as it was.
fn loaded(bytes: &[u8]) -> Result<Vec<(String, ArrayD<Float>)>, String> {
    let net = Small::new(3);
    let before = numbers(&net);
    match decoded(&net, bytes) {
        Ok(tensors) => {
            tensors.into_iter().for_each(|(place, tensor)| entries(&net)[place].1.replace(tensor));
            Ok(numbers(&net))
        }
        Err(problem) => {
            assert_eq!(numbers(&net), before);
            Err(problem.at(Path::new("f")).to_string())
        }
    }
}

#[test]
fn what_is_saved_is_loaded_bit_for_bit() -> Result<(), Error> {
    let folder = Folder::new("round");
    let (path, other) = (folder.join("pair.safetensors"), folder.join("again.safetensors"));
    let net = Pair::new(1);
    net.save_weights(&path)?;
    let copy = Pair::new(2);
    assert_ne!(numbers(&copy), numbers(&net));
    copy.load_weights(&path)?;
    assert_eq!(numbers(&copy), numbers(&net));
    // The shared tower is there once, under the path of its field.
    let names: Vec<String> = numbers(&net).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        names,
        [
            "tower.h.kernel",
            "tower.h.bias",
            "tower.dense.kernel",
            "scale.kernel",
            "scale.bias",
            "dense.kernel",
            "dense.bias"
        ]
    );
    // Over a file that is there, and through `dyn Model`.
    Pair::new(5).save_weights(&other)?;
    let dynamic: &dyn Model = &copy;
    save(dynamic, &other)?;
    assert_eq!(fs::read(&path).unwrap(), fs::read(&other).unwrap());
    load(dynamic, &other)?;
    assert_eq!(folder.names().len(), 2);
    Ok(())
}

#[test]
fn a_handle_keeps_its_identity() -> Result<(), Error> {
    let folder = Folder::new("handle");
    let path = folder.join("net.safetensors");
    let (net, other) = (Small::new(1), Small::new(2));
    other.save_weights(&path)?;
    let kernel = net.dense.kernel.share();
    net.load_weights(&path)?;
    assert_eq!(kernel.get(), other.dense.kernel.get());
    Ok(())
}

#[test]
fn numbers_of_other_types_are_converted() {
    let f64s: Vec<u8> = [1.5f64, -2.0].iter().flat_map(|n| n.to_le_bytes()).collect();
    let f32s: Vec<u8> = [0.25f32, 3.0].iter().flat_map(|n| n.to_le_bytes()).collect();
    let (half, brain) = ([0x00, 0x3c, 0x00, 0xc0], [0x80, 0x3f, 0x00, 0xc0]);
    for (kernel, bias, expected) in [
        (("F64", &f64s[..]), ("F16", &half[..]), [1.5, -2.0, 1.0, -2.0]),
        (("BF16", &brain[..]), ("F32", &f32s[..]), [1.0, -2.0, 0.25, 3.0]),
    ] {
        let bytes = file(&[
            ("dense.kernel", kernel.0, &[1, 2], kernel.1),
            ("dense.bias", bias.0, &[2], bias.1),
        ]);
        let weights = loaded(&bytes).expect("a readable file");
        let got: Vec<Float> = weights.iter().flat_map(|(_, array)| array.iter().copied()).collect();
        assert_eq!(got, expected);
    }
    let integers =
        file(&[("dense.kernel", "I32", &[1, 2], &[0; 8]), ("dense.bias", "F32", &[2], &[0; 8])]);
    assert_eq!(
        loaded(&integers).unwrap_err(),
        "the weights in `f` are not those of this model, which stays as it is\n    another type: \
         `dense.kernel` is `I32` in the file, but must be F32, F64, F16 or BF16\n  help: load it \
         into the model that it was saved from"
    );
}

#[test]
#[cfg(not(feature = "f64"))]
fn a_number_that_is_too_large_is_refused() {
    let large: Vec<u8> = [1e300f64, 1.0].iter().flat_map(|n| n.to_le_bytes()).collect();
    let bytes =
        file(&[("dense.kernel", "F64", &[1, 2], &large), ("dense.bias", "F32", &[2], &[0; 8])]);
    let text = loaded(&bytes).unwrap_err();
    assert!(text.contains("`dense.kernel` has numbers that are too large"), "{text}");
}

#[test]
fn a_model_that_differs_is_told_how() {
    let bytes = encoded(&Tower::new(1));
    let differs = |model: &dyn Model| {
        let problem = decoded(model, &bytes).unwrap_err();
        problem.at(Path::new("tower.safetensors")).to_string()
    };
    assert_eq!(
        differs(&Head::new(1)),
        "the weights in `tower.safetensors` are not those of this model, which stays as it is\n    \
         not in the file: `head.kernel` (4, 2)\n    not in the model: `dense.kernel` (4, 2)\n  \
         help: `head` may be what the file calls `dense`; that name is given with name = \"dense\""
    );
    assert_eq!(
        differs(&Wider::new(1)),
        "the weights in `tower.safetensors` are not those of this model, which stays as it is\n    \
         not in the file: `dense.bias` (2)\n    another shape: `h.kernel` is (3, 5) in the model, \
         (3, 4) in the file\n    another shape: `h.bias` is (5) in the model, (4) in the file\n    \
         another shape: `dense.kernel` is (5, 2) in the model, (4, 2) in the file\n  help: load \
         it into the model that it was saved from"
    );
}

#[test]
fn many_differences_and_strange_names_stay_readable() {
    let names: Vec<String> =
        (0..40).map(|i| format!("a\n\u{1b}[31m{i}{}", "x".repeat(300))).collect();
    let arrays: Vec<(&str, &str, &[usize], &[u8])> =
        names.iter().map(|name| (name.as_str(), "U8", &[][..], &[0][..])).collect();
    let text = loaded(&file(&arrays)).unwrap_err();
    assert!(text.lines().count() < 14, "{text}");
    assert!(text.contains("not in the model: and 34 more"), "{text}");
    assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.len() < 160), "{text}");
}

#[test]
fn a_truncated_file_is_refused() {
    let bytes = encoded(&Small::new(1));
    assert!(loaded(&bytes).is_ok());
    for length in 0..bytes.len() {
        let text = loaded(&bytes[..length]).expect_err("a part of a file");
        assert!(text.starts_with("`f` is not a file of weights, or damaged: "), "{text}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(loaded(&longer).is_err());
}

#[test]
fn a_flipped_bit_is_refused_or_harmless() {
    let net = Small::new(1);
    let bytes = encoded(&net);
    for bit in 0..8 * bytes.len() {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // In the name of the sum it does nothing.
        let read = loaded(&flipped);
        assert!(read.is_err() || read == Ok(numbers(&net)), "bit {bit}");
    }
}

#[test]
fn hostile_files_are_refused() {
    let array = |shape: &str, from: &str, to: &str| {
        format!(r#"{{"dtype":"U8","shape":[{shape}],"data_offsets":[{from},{to}]}}"#)
    };
    let huge = 1u64 << 60;
    let mut sums = String::from("{");
    for i in 0..16u64 {
        let (from, to) = (i * huge, (i as u128 + 1) * u128::from(huge));
        let to = to.min(u128::from(u64::MAX));
        sums +=
            &format!(r#""a{i}":{},"#, array(&huge.to_string(), &from.to_string(), &to.to_string()));
    }
    sums.pop();
    sums.push('}');
    let nested = "[".repeat(100_000);
    let headers = [
        "",
        "{",
        "[]",
        "null",
        "\u{fffd}",
        r#"{"a": 1}"#,
        r#"{"__metadata__": {"a": 1}}"#,
        &nested,
        &sums,
        &format!(r#"{{"dense.kernel":{}}}"#, array("4294967296,4294967296", "0", "0")),
        &format!(r#"{{"dense.kernel":{}}}"#, array("0,18446744073709551615", "0", "0")),
        &format!(r#"{{"dense.kernel":{}}}"#, array("1,2", "18446744073709551615", "1")),
        &format!(r#"{{"dense.kernel":{}}}"#, array("-1,2", "0", "0")),
        &format!(r#"{{"dense.kernel":{}}}"#, array("1e3,2", "0", "0")),
        &format!(r#"{{"dense.kernel":{}}}"#, array("1,2", "2", "0")),
        &format!(r#"{{"a":{0},"a":{0}}}"#, array("4", "0", "4")),
    ];
    for header in headers {
        let text = loaded(&raw(header, &[0; 4])).expect_err(header);
        assert!(text.len() < 1000, "{text}");
    }
    for length in [u64::MAX, u64::MAX - 7, 100_000_000, 100_000_001, 1 << 62, 5] {
        assert!(loaded(&[&length.to_le_bytes()[..], b"{}  "].concat()).is_err());
    }
    // What is well-formed, but empty, is another model's.
    let empty = loaded(&raw("{}", &[])).unwrap_err();
    assert!(empty.contains("not in the file: `dense.kernel` (1, 2)"), "{empty}");
}

#[test]
fn two_weights_of_one_name_are_not_written() {
    let net = Small::new(1);
    let mut twice = entries(&net);
    twice.extend(entries(&net));
    assert_eq!(
        format::encode(&[], arrays(&twice)).unwrap_err(),
        "the model has two weights of the name `dense.kernel`"
    );
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let folder = Folder::new("write");
    let net = Small::new(1);
    let fails = |path: &Path| {
        let text = net.save_weights(path).unwrap_err().to_string();
        assert!(text.starts_with(&format!("could not write `{}`: ", path.display())), "{text}");
    };
    fails(&folder.join("missing").join("net.safetensors"));
    fails(Path::new(""));
    fails(Path::new(".."));
    // A folder stands where the file is meant.
    fs::create_dir_all(folder.join("net.safetensors").join("inside")).unwrap();
    fails(&folder.join("net.safetensors"));
    assert_eq!(folder.names(), ["net.safetensors"]);
    if cfg!(target_os = "linux") {
        fails(Path::new("/proc/net.safetensors"));
    }
}

#[test]
#[cfg(unix)]
fn a_folder_that_is_read_only_keeps_what_it_has() -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("read-only");
    let path = folder.join("net.safetensors");
    Small::new(1).save_weights(&path)?;
    let before = fs::read(&path).unwrap();
    let permit = |mode| fs::set_permissions(&folder.0, fs::Permissions::from_mode(mode)).unwrap();
    permit(0o555);
    // The superuser may write everywhere.
    let is_refused = fs::write(folder.join("probe"), "").is_err();
    let saved = Small::new(2).save_weights(&path);
    permit(0o755);
    if is_refused {
        let text = saved.unwrap_err().to_string();
        assert!(text.starts_with("could not write"), "{text}");
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(folder.names(), ["net.safetensors"]);
    }
    Ok(())
}

#[test]
fn what_is_no_file_is_not_read() {
    let folder = Folder::new("read");
    let net = Small::new(1);
    let says = |path: &Path| net.load_weights(path).unwrap_err().to_string();
    let missing = says(&folder.join("missing.safetensors"));
    assert!(missing.starts_with("could not read `"), "{missing}");
    let directory = says(&folder.0);
    assert!(directory.contains("a directory\n  help: give the path of a file"), "{directory}");
    if cfg!(target_os = "linux") {
        let endless = says(Path::new("/dev/zero"));
        assert!(endless.ends_with("it is not a regular file"), "{endless}");
    }
}
