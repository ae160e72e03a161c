//! Files of weights are those that the reference of the format writes and reads.

use std::fs;
use std::path::PathBuf;

use model_runtime::prelude::*;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

model! {
    struct Net {
        x = Input(3);
        h = Dense(4, tanh)(x);
        Dense(2)(h)
    }
}

/// A path of its own for each test.
fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{name}-{}.safetensors", std::process::id()))
}

/// The bytes of a file with the weights of a model.
fn saved(net: &Net, name: &str) -> Vec<u8> {
    let path = path(name);
    net.save_weights(&path).expect("the folder for temporary files can be written");
    let bytes = fs::read(&path).expect("it has just been written");
    fs::remove_file(&path).expect("it is there");
    bytes
}

/// Loads these bytes.
fn loaded(net: &Net, bytes: &[u8], name: &str) -> Result<(), Error> {
    let path = path(name);
    fs::write(&path, bytes).expect("the folder for temporary files can be written");
    let result = net.load_weights(&path);
    fs::remove_file(&path).expect("it is there");
    result
}

#[test]
fn the_reference_reads_what_is_saved() {
    let net = Net::new(1);
    let bytes = saved(&net, "reads");
    let file = SafeTensors::deserialize(&bytes).expect("a file of the format");
    let parameters = net.parameters();
    assert_eq!(file.len(), parameters.len());
    for (path, parameter) in parameters {
        let view = file.tensor(&path).expect("every weight is there");
        let numbers = parameter.get();
        assert_eq!(view.shape(), numbers.shape());
        let expected: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        assert_eq!(view.data(), expected);
    }
}

#[test]
fn what_the_reference_writes_is_loaded() -> Result<(), Error> {
    let numbers = |count: usize| (0..count).map(|i| i as f64 * 0.5 - 1.0);
    let doubles: Vec<u8> = numbers(12).flat_map(f64::to_le_bytes).collect();
    let floats: Vec<u8> = numbers(8).flat_map(|n| (n as f32).to_le_bytes()).collect();
    let zeros = [0; 8];
    let view = |dtype, shape: &[usize], bytes| {
        TensorView::new(dtype, shape.to_vec(), bytes).expect("as many bytes as the shape says")
    };
    let arrays = [
        ("h.kernel", view(Dtype::F64, &[3, 4], &doubles)),
        ("h.bias", view(Dtype::F16, &[4], &zeros)),
        ("dense.kernel", view(Dtype::F32, &[4, 2], &floats)),
        ("dense.bias", view(Dtype::BF16, &[2], &zeros[..4])),
    ];
    let notes = [("written by".to_owned(), "the \"reference\"".to_owned())];
    let bytes = safetensors::serialize(arrays, Some(notes.into_iter().collect())).unwrap();
    let net = Net::new(1);
    loaded(&net, &bytes, "loads")?;
    for (path, count) in [("h.kernel", 12), ("dense.kernel", 8)] {
        let (_, weight) = net.parameters().into_iter().find(|(name, _)| name == path).unwrap();
        let got: Vec<f64> = weight.get().iter().map(|&n| n as f64).collect();
        assert_eq!(got, numbers(count).collect::<Vec<f64>>());
    }
    assert!(net.h.bias.as_ref().is_some_and(|bias| bias.get().iter().all(|n| *n == 0.0)));
    Ok(())
}

#[test]
fn what_the_reference_refuses_is_refused() {
    let net = Net::new(1);
    let bytes = saved(&net, "refused");
    let check = |changed: &[u8]| {
        if SafeTensors::deserialize(changed).is_err() {
            loaded(&net, changed, "damaged").expect_err("the reference refuses it");
        }
    };
    for length in (0..bytes.len()).step_by(7) {
        check(&bytes[..length]);
    }
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    for bit in (0..8 * header).step_by(3) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        check(&changed);
    }
}
