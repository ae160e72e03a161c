//! Weights by their paths.

use ndarray::{ArrayD, array};

use super::own_step::all_bits;
use crate::prelude::*;

model! {
    struct Encoder {
        x = Input(2);
        x = Dense(3, tanh)(x);
        BatchNormalization()(x)
    }

    struct Net {
        x = Input(2);
        encoder = Encoder();
        h = encoder(x);
        Dense(1)(h)
    }

    struct Wide {
        x = Input(4);
        h = Dense(3)(x);
        Dense(1)(h)
    }
}

fn says(error: Error, text: &str) {
    let error = error.to_string();
    assert!(error.contains(text), "{error}");
}

#[test]
fn weights_and_variables_are_found_by_path() {
    let net = Net::new(1);
    let model: &dyn Model = &net;
    let kernel = model.weight("encoder.dense.kernel").unwrap();
    assert_eq!(kernel.id(), net.encoder.dense.kernel.id());
    kernel.set(&ArrayD::<Float>::zeros(vec![2, 3])).unwrap();
    assert_eq!(net.encoder.dense.kernel.get().sum(), 0.0);
    let mean = model.variable("encoder.batch_normalization.moving_mean").unwrap();
    assert_eq!(mean.id(), net.encoder.batch_normalization.moving_mean.id());

    says(model.weight("encoder.dens.kernel").unwrap_err(), "did you mean `encoder.dense.kernel`?");
    says(model.weight("zzzzzzzzz").unwrap_err(), "there is no weight or layer `zzzzzzzzz`\n  help");
    says(
        model.weight("encoder.batch_normalization.moving_mean").unwrap_err(),
        "is a variable and no weight; nothing has changed\n  help: call `variable` for it",
    );
    says(model.variable("dense.bias").unwrap_err(), "is a weight and no variable");
    let text = "help: name what is in it, such as `dense.kernel`";
    says(model.variable("dense").unwrap_err(), text);
}

#[test]
fn get_weights_and_set_weights_are_in_the_order_of_keras() {
    let (net, other) = (Net::new(1), Net::new(2));
    let weights = net.get_weights();
    // Dense, then gamma, beta and the moving statistics, then Dense.
    let shapes: Vec<&[usize]> = weights.iter().map(|array| array.shape()).collect();
    let expected: [&[usize]; 8] = [&[2, 3], &[3], &[3], &[3], &[3], &[3], &[3, 1], &[1]];
    assert_eq!(shapes, expected);
    assert_ne!(all_bits(&net), all_bits(&other));
    other.set_weights(&weights).unwrap();
    assert_eq!(all_bits(&net), all_bits(&other));

    let before = all_bits(&other);
    let fewer = &Net::new(3).get_weights()[..7];
    says(
        other.set_weights(fewer).unwrap_err(),
        "set_weights got 7 arrays, but there are 8 weights",
    );
    let mut wrong = Net::new(3).get_weights();
    wrong[7] = array![0.0, 0.0].into_dyn();
    says(
        other.set_weights(&wrong).unwrap_err(),
        "the weight `dense.bias` has the shape (1), but got (2); nothing has changed",
    );
    assert_eq!(all_bits(&other), before);
}

#[test]
fn parts_are_frozen_and_thawed() {
    let net = Net::new(1);
    let trainable = || -> Vec<String> {
        let weights = net.parameters().into_iter().filter(|(_, weight)| weight.is_trainable());
        weights.map(|(path, _)| path).collect()
    };
    net.freeze("encoder").unwrap();
    assert_eq!(trainable(), ["dense.kernel", "dense.bias"]);
    assert!(!net.encoder.batch_normalization.moving_mean.is_trainable());
    net.unfreeze("encoder.dense.kernel").unwrap();
    assert_eq!(trainable(), ["encoder.dense.kernel", "dense.kernel", "dense.bias"]);
    says(net.freeze("encoder.dense.kern").unwrap_err(), "did you mean `encoder.dense.kernel`?");
    // Neither a part of a name nor nothing is a path.
    assert!(net.freeze("enc").is_err() && net.freeze("encoder.").is_err());
    assert_eq!(trainable().len(), 3);
}

#[test]
fn weights_are_copied_as_a_whole_or_not_at_all() {
    let (net, other) = (Net::new(1), Net::new(2));
    net.copy_weights(&other).unwrap();
    assert_eq!(all_bits(&net), all_bits(&other));
    assert_ne!(net.dense.kernel.id(), other.dense.kernel.id());

    let encoder = Encoder::new(3);
    net.copy_weights_at("encoder", &encoder, "").unwrap();
    assert_eq!(all_bits(&net.encoder), all_bits(&encoder));
    other.copy_weights_at("encoder.dense", &net, "encoder.dense").unwrap();
    assert_eq!(other.encoder.dense.kernel.get(), encoder.dense.kernel.get());
    other.copy_weights_at("dense.bias", &array_bias(), "dense.bias").unwrap();
    assert_eq!(other.dense.bias.as_ref().map(|bias| bias.get()), Some(array![5.0].into_dyn()));

    let wide = Wide::new(1);
    let before = (all_bits(&net), all_bits(&wide));
    let text = "`h.kernel` has the shape (4, 3), but `encoder.dense.kernel` has (2, 3)";
    says(wide.copy_weights_at("h", &net, "encoder.dense").unwrap_err(), text);
    says(wide.copy_weights(&net).unwrap_err(), "there is nothing to copy to `h.kernel`");
    says(wide.copy_weights_at("h", &net, "encoder").unwrap_err(), "nothing to copy to `h.kernel`");
    says(net.copy_weights_at("dense", &net, "encoder").unwrap_err(), "to copy to `dense.kernel`");
    let bare = model! { x = Input(4); h = Dense(3, use_bias = false)(x); Dense(1)(h) };
    says(bare.copy_weights(&wide).unwrap_err(), "there is no place for `h.bias`; nothing has");
    says(net.copy_weights_at("encode", &wide, "h").unwrap_err(), "did you mean `encoder`?");
    says(net.copy_weights_at("encoder", &wide, "g").unwrap_err(), "did you mean `h`?");
    assert_eq!((all_bits(&net), all_bits(&wide)), before);
}

fn array_bias() -> Net {
    let net = Net::new(0);
    net.weight("dense.bias").unwrap().set(&array![5.0]).unwrap();
    net
}
