//! candle, with the AVX-512 kernels of the crate `gemm`.

use candle_core::{D, DType, Device, Tensor};
use candle_nn::{
    AdamW, Module, Optimizer, ParamsAdamW, VarBuilder, VarMap, linear, loss, ops, seq,
};

use crate::{BATCHES, CLASSES, INPUTS, RATE};

const CPU: &Device = &Device::Cpu;

pub fn program(units: usize, train: bool, samples: usize) -> Box<dyn FnMut(usize)> {
    build(units, train, samples).expect("candle builds the network")
}

fn build(units: usize, train: bool, samples: usize) -> candle_core::Result<Box<dyn FnMut(usize)>> {
    let weights = VarMap::new();
    let at = VarBuilder::from_varmap(&weights, DType::F32, CPU);
    let net = seq()
        .add(linear(INPUTS, units, at.pp("first"))?)
        .add_fn(Tensor::relu)
        .add(linear(units, units, at.pp("second"))?)
        .add_fn(Tensor::relu)
        .add(linear(units, CLASSES, at.pp("last"))?);
    let batches = 0..BATCHES as u32;
    let x = batches.clone().map(|_| Tensor::randn(0_f32, 1.0, (samples, INPUTS), CPU));
    let x = x.collect::<candle_core::Result<Vec<_>>>()?;
    if !train {
        return Ok(Box::new(move |i| {
            let y = net.forward(&x[i]).and_then(|y| ops::softmax(&y, D::Minus1));
            std::hint::black_box(y.expect("candle predicts"));
        }));
    }
    let labels = |i| (0..samples as u32).map(move |n| (7 * n + i) % CLASSES as u32);
    let y = batches.map(|i| Tensor::from_iter(labels(i), CPU));
    let y = y.collect::<candle_core::Result<Vec<_>>>()?;
    let adam = ParamsAdamW { lr: RATE, weight_decay: 0.0, ..ParamsAdamW::default() };
    let mut adam = AdamW::new(weights.all_vars(), adam)?;
    Ok(Box::new(move |i| {
        let loss = net.forward(&x[i]).and_then(|z| loss::cross_entropy(&z, &y[i]));
        adam.backward_step(&loss.expect("a loss")).expect("candle trains");
    }))
}
