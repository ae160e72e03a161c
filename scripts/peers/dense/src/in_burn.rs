//! burn, with its processor's backend `flex`.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::*;
use burn::tensor::activation::{relu, softmax};
use burn::tensor::{Distribution, TensorData};

use crate::{BATCHES, CLASSES, INPUTS, RATE};

#[derive(Module, Debug)]
struct Dense {
    first: Linear,
    second: Linear,
    last: Linear,
}

impl Dense {
    fn new(units: usize, device: &Device) -> Dense {
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        let (first, second) = (linear(INPUTS, units), linear(units, units));
        Dense { first, second, last: linear(units, CLASSES) }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.last.forward(relu(self.second.forward(relu(self.first.forward(x)))))
    }
}

pub fn program(units: usize, train: bool, samples: usize) -> Box<dyn FnMut(usize)> {
    let device = Device::flex();
    let device = if train { device.autodiff() } else { device };
    let x: Vec<Tensor<2>> = (0..BATCHES)
        .map(|_| Tensor::random([samples, INPUTS], Distribution::Normal(0.0, 1.0), &device))
        .collect();
    let net = Dense::new(units, &device);
    if !train {
        return Box::new(move |i| {
            std::hint::black_box(softmax(net.forward(x[i].clone()), 1));
            device.sync().expect("burn predicts");
        });
    }
    let labels = |i| (0..samples).map(move |n| ((7 * n + i) % CLASSES) as i32).collect::<Vec<_>>();
    let y: Vec<Tensor<1, Int>> = (0..BATCHES)
        .map(|i| Tensor::from_data(TensorData::new(labels(i), [samples]), &device))
        .collect();
    let (mut adam, mut net) = (AdamConfig::new().init(), Some(net));
    let cross_entropy = CrossEntropyLossConfig::new().init(&device);
    Box::new(move |i| {
        let trained = net.take().expect("it is put back");
        let loss = cross_entropy.forward(trained.forward(x[i].clone()), y[i].clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &trained);
        net = Some(adam.step(RATE, trained, gradients));
        device.sync().expect("burn trains");
    })
}
