//! A model that Keras has trained predicts here what it predicts there.

use std::path::PathBuf;

use model_runtime::files::load_npz;
use model_runtime::prelude::*;
use ndarray::ArrayD;

model! {
    struct Trained {
        image = Input(6, 6, 2);
        words = Input(5, dtype = int32);
        x = Conv2D(3, 3, activation = relu, name = "conv")(image);
        x = BatchNormalization(name = "normal")(x);
        x = Flatten()(x);
        w = Embedding(7, 4, name = "table")(words);
        b = Bidirectional(GRU(2), name = "both")(w);
        w = LSTM(3, name = "memory")(w);
        w = LayerNormalization(name = "layer_normal")(Concatenate()(w, b));
        w = Dense(3, tanh, name = "h")(w);
        y = Dense(2, softmax, name = "y")(Concatenate()(x, w));
    }
}

/// A file of tests/reference/trained.
fn reference(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "reference", "trained", name].iter().collect()
}

#[test]
fn a_model_that_keras_has_trained_predicts_the_same() -> Result<(), Error> {
    let arrays = load_npz(reference("predictions.npz"))?;
    let array = |name: &str| -> &ArrayD<Float> {
        let found = arrays.iter().find(|(known, _)| known == name);
        &found.expect("an array that trained.py has written").1.array
    };
    let net = Trained::new(0);
    net.load_weights(reference("model.safetensors"))?;
    let inputs = TrainedInputs { image: array("image"), words: array("words") };
    let (got, expected) = (net.predict(inputs)?, array("y"));
    assert_eq!(got.shape(), expected.shape());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= 1e-5 * expected.abs(), "{got} for {expected}");
    }
    // It has learned something, so that the numbers are not those of any weights.
    let fresh =
        Trained::new(0).predict(TrainedInputs { image: array("image"), words: array("words") })?;
    assert!(fresh.iter().zip(expected).any(|(fresh, known)| (fresh - known).abs() > 0.01));
    Ok(())
}
