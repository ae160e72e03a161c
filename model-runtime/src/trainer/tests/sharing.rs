//! The same weights in several places, and copies of them.

use ndarray::Array2;

use super::line;
use super::models::bits;
use crate::prelude::*;

/// A layer of one's own, which cannot be shared.
struct Own;

impl Own {
    fn new() -> Own {
        Own
    }

    const fn output_shape(inputs: &[Value]) -> Result<Values, ShapeError> {
        Ok(Values::one(inputs[0]))
    }
}

impl Default for Own {
    fn default() -> Own {
        Own::new()
    }
}

impl Layer for Own {
    fn call(&self, inputs: &[Var]) -> Vars {
        (inputs[0] * 2).into()
    }
}

model! {
    struct Encoder {
        x = Input(2);
        x = Dense(3, tanh)(x);
        BatchNormalization()(x)
    }

    struct Siamese {
        left = Input(2);
        right = Input(2);
        encoder = Encoder();
        distance = Lambda(|a, b| (a - b).abs(), output_shape = (3))(encoder(left), encoder(right));
        Dense(1, kernel_constraint = non_neg)(distance)
    }

    /// Models with such layers are models still.
    struct Foreign {
        x = Input(2);
        x = self::Own()(x);
        Dense(1)(x)
    }
}

fn ids(net: &dyn Model) -> Vec<u64> {
    let weights = net.parameters().into_iter().map(|(_, weight)| weight.id());
    weights.chain(net.variables().into_iter().map(|(_, variable)| variable.id())).collect()
}

#[test]
fn what_is_shared_trains_along() {
    let (x, y) = line();
    let net = Encoder::new(1);
    let other = net.share();
    assert_eq!(ids(&net), ids(&other));
    let mut trainer = net.compile("sgd", per_sample(|_, p| p.square().mean_per_sample())).unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    assert_eq!(bits(trainer.model()), bits(&other));
    assert_ne!(bits(&other), bits(&Encoder::new(1)));
    let mean = |net: &Encoder| net.batch_normalization.moving_mean.get();
    assert_eq!(mean(trainer.model()), mean(&other));
    assert_ne!(mean(&other), mean(&Encoder::new(1)));
}

#[test]
fn what_is_duplicated_does_not() {
    let (x, _) = line();
    let net = Siamese::new(1);
    net.dense.set_trainable(false);
    let copy = net.duplicate();
    // The encoder, which is called twice, is one in the copy too.
    assert_eq!(copy.parameters().len(), net.parameters().len());
    assert!(ids(&net).iter().all(|id| !ids(&copy).contains(id)));
    assert!(!copy.dense.kernel.is_trainable() && copy.encoder.dense.kernel.is_trainable());
    assert!(copy.dense.kernel.constraint().is_some());
    copy.dense.set_trainable(true);
    assert!(!net.dense.kernel.is_trainable());

    let before = bits(&net);
    assert_eq!(bits(&copy), before);
    let y = Array2::<Float>::ones((40, 2));
    let inputs = || SiameseInputs { left: &x, right: &y };
    let (target, predicted) = (Array2::<Float>::ones((40, 1)), net.predict(inputs()).unwrap());
    assert_eq!(copy.predict(inputs()).unwrap(), predicted);
    let mut trainer = copy.compile("sgd", "mse").unwrap();
    trainer.train_on_batch(inputs(), &target).unwrap();
    assert_eq!(bits(&net), before);
    assert_eq!(net.predict(inputs()).unwrap(), predicted);
    assert_ne!(bits(trainer.model()), before);
}

#[test]
fn a_weight_in_two_layers_is_one_weight_in_a_copy() {
    let mut net = Siamese::new(1);
    net.dense.bias = Some(net.encoder.dense.bias.as_ref().unwrap().share());
    let copy = net.duplicate();
    let bias = |dense: &Dense| dense.bias.as_ref().unwrap().id();
    assert_eq!(bias(&copy.dense), bias(&copy.encoder.dense));
    assert_ne!(bias(&copy.dense), bias(&net.dense));
}

#[test]
fn parts_of_a_model_can_be_shared() {
    let net = Siamese::new(1);
    let encoder = net.encoder.share();
    assert_eq!(encoder.dense.kernel.id(), net.encoder.dense.kernel.id());
    let both = Bidirectional::new(LSTM::new(2));
    assert_eq!(both.share().forward_layer.kernel.id(), both.forward_layer.kernel.id());
    assert_ne!(both.duplicate().backward_layer.kernel.id(), both.backward_layer.kernel.id());
}

#[test]
fn a_model_with_a_layer_that_cannot_be_shared_is_a_model_still() {
    let (x, _) = line();
    assert_eq!(Foreign::new(0).predict(&x).unwrap().shape(), [40, 1]);
}
