//! Weights of PyTorch, converted as the guide's table says, predict here what they predict there.

use std::path::PathBuf;

use model_runtime::files::load_npz;
use model_runtime::prelude::*;
use ndarray::ArrayD;

model! {
    struct Net {
        image = Input(6, 5, 2);
        words = Input(7, dtype = int32);

        x = Conv2D(4, (3, 2), name = "conv")(image);
        x = relu(BatchNormalization(epsilon = 1e-5, name = "norm")(x));
        x = DepthwiseConv2D(2, depth_multiplier = 2, name = "depthwise")(x);
        x = Conv2DTranspose(3, (3, 2), strides = 2, name = "transposed")(x);
        picture = Dense(5, name = "picture")(Flatten()(x));

        w = Embedding(9, 6, name = "table")(words);
        w = Conv1D(6, 2, name = "narrow")(w);
        w = LSTM(4, return_sequences = true, name = "lstm")(w);
        w = GRU(6, return_sequences = true, name = "gru")(w);
        w = LayerNormalization(epsilon = 1e-5, name = "layer_norm")(w);
        sequence = MultiHeadAttention(2, 3, name = "attention")(w, w);

        (picture, sequence)
    }
}

/// A file of tests/reference/torch.
fn reference(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "reference", "torch", name].iter().collect()
}

/// The largest difference, in units of the largest number.
fn difference(got: &ArrayD<Float>, expected: &ArrayD<Float>) -> Float {
    assert_eq!(got.shape(), expected.shape());
    let largest = expected.iter().fold(0.0, |max: Float, x| max.max(x.abs()));
    got.iter().zip(expected).fold(0.0, |max: Float, (a, b)| max.max((a - b).abs())) / largest
}

#[test]
fn a_model_of_pytorch_predicts_the_same() -> Result<(), Error> {
    let arrays = load_npz(reference("predictions.npz"))?;
    let array = |name: &str| -> &ArrayD<Float> {
        let found = arrays.iter().find(|(known, _)| known == name);
        &found.expect("an array that torch_weights.py has written").1.array
    };
    let predict =
        |net: &Net| net.predict(NetInputs { image: array("image"), words: array("words") });
    let net = Net::new(0);
    net.load_weights(reference("model.safetensors"))?;
    let got = predict(&net)?;
    // PyTorch computes in f32.
    assert!(difference(&got.picture, array("picture")) < 1e-5);
    assert!(difference(&got.sequence, array("sequence")) < 1e-5);
    // Each weight counts: one that is another makes other predictions.
    for (path, weight) in net.parameters() {
        let before = weight.get();
        weight.set(&before.mapv(|number| number + 0.1))?;
        let other = predict(&net)?;
        weight.set(&before)?;
        let moved = difference(&other.picture, array("picture"))
            .max(difference(&other.sequence, array("sequence")));
        // A number that is added to all scores of a row changes no attention.
        assert!(moved > 1e-4 || path == "attention.key.bias", "{path} {moved}");
    }
    Ok(())
}
