//! Boundary equilibrium GAN (Berthelot, Schumm and Metz, 2017, <https://arxiv.org/abs/1703.10717>),
//! as in the article that this project comes from:
//! `cargo run --release --features pictures --example began`.
//!
//! On the digits that ship, enlarged to 16×16, or with `--images DIR` on a folder of PNG and JPEG
//! files at 32×32; `--full` takes the article's size, 64×64 in colour with 128 filters. `--out DIR`
//! is for log, samples, curves and checkpoints; `--resume` goes on after the last epoch there.

use std::error::Error as Failure;
use std::fs;
use std::path::PathBuf;

use examples::{pictures, read_log, write_log};
use lexopt::prelude::*;
use model_runtime::prelude::*;
use ndarray::{Array2, Axis, Ix4, concatenate};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

model! {
    fn convolutions(x, filters, strides) {
        x = Conv2D(filters, 3, activation = elu, padding = same)(x);
        Conv2D(filters, 3, activation = elu, padding = same, strides = strides)(x)
    }

    fn decode(code, size, channels, filters) {
        x = Dense(size / 8 * (size / 8) * filters)(code);
        x = Reshape(size / 8, size / 8, filters)(x);
        for _ in 0..3 { x = UpSampling2D(2)(convolutions(x, filters, 1)); }
        Conv2D(channels, 3, padding = same)(convolutions(x, filters, 1))
    }

    /// A real image and a made one behind it through one autoencoder. In colour, `C` is 3.
    pub struct Discriminator<const SIZE: usize, const C: usize, const N: usize, const CODE: usize> {
        both = Input(SIZE, SIZE, 2 * C);
        real = Lambda(|x| x.slice(s![.., .., .., ..C]), output_shape = (SIZE, SIZE, C))(both);
        made = Lambda(|x| x.slice(s![.., .., .., C..]), output_shape = (SIZE, SIZE, C))(both);
        autoencoder = Container(|image| {
            encoder = Container(|x| {
                x = convolutions(x, N, 2);
                x = convolutions(x, 2 * N, 2);
                x = convolutions(x, 3 * N, 2);
                Dense(CODE)(Flatten()(convolutions(x, 4 * N, 1)))
            });
            decoder = Container(|code| decode(code, SIZE, C, N));
            decoder(encoder(image))
        });
        Concatenate()(autoencoder(real), autoencoder(made))
    }

    /// Images from random codes, as the decoder makes them.
    pub struct Generator<const SIZE: usize, const C: usize, const N: usize, const CODE: usize> {
        z = Input(CODE);
        decode(z, SIZE, C, N)
    }
}

/// The error of the autoencoder on real images, less `k` times that on made ones, which `k` keeps
/// at `gamma` times the first.
struct BeganLoss {
    channels: usize,
    gamma: Float,
    lambda: Float,
    k: Variable,
    m_global: Variable,
}

impl Loss for BeganLoss {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let error = (y_true - y_pred).abs();
        let real = error.slice(s![.., .., .., ..self.channels]).mean_per_sample();
        let made = error.slice(s![.., .., .., self.channels..]).mean_per_sample();
        let k = self.k.read();
        let balance = real.mean() * self.gamma - made.mean();
        self.k.update((k + balance * self.lambda).clip(0.0, 1.0));
        self.m_global.update(real.mean() + balance.abs());
        real - made * k
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.k, &self.m_global]
    }
}

#[derive(Default)]
struct Options {
    images: Option<PathBuf>,
    out: PathBuf,
    full: bool,
    resume: bool,
    epochs: usize,
    batch: usize,
    seed: u64,
}

fn main() -> Result<(), Box<dyn Failure>> {
    let out = PathBuf::from("output/began");
    let mut options = Options { out, epochs: 25, batch: 16, ..Options::default() };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("images") => options.images = Some(arguments.value()?.into()),
            Long("out") => options.out = arguments.value()?.into(),
            Long("full") => options.full = true,
            Long("resume") => options.resume = true,
            Long("epochs") => options.epochs = arguments.value()?.parse()?,
            Long("batch") => options.batch = arguments.value()?.parse()?,
            Long("seed") => options.seed = arguments.value()?.parse()?,
            _ => return Err(argument.unexpected().into()),
        }
    }
    match (options.full, &options.images) {
        (true, _) => train::<64, 3, 128, 64>(&options),
        (false, Some(_)) => train::<32, 3, 32, 64>(&options),
        (false, None) => train::<16, 1, 16, 16>(&options),
    }
}

fn train<const SIZE: usize, const C: usize, const N: usize, const CODE: usize>(
    options: &Options,
) -> Result<(), Box<dyn Failure>> {
    let images = pictures(options.images.as_deref(), SIZE, C)?;
    let size = images.len_of(Axis(0));
    if !(1..=size).contains(&options.batch) {
        return Err(format!("--batch takes a number from 1 to that of the images, {size}").into());
    }
    let discriminator = Discriminator::<SIZE, C, N, CODE>::new(options.seed);
    let generator = Generator::<SIZE, C, N, CODE>::new(options.seed + 1);
    println!("{}\n{}", discriminator.summary(), generator.summary());
    let critic = discriminator.autoencoder.share();
    // The article's numbers, and those for the few steps that small images get.
    let (rate, gamma, lambda) = if options.full { (1e-4, 0.5, 0.001) } else { (1e-3, 1.0, 0.02) };
    let [k, m_global] = ["k", "m_global"].map(|name| Variable::scalar(name, 0.0));
    let loss = BeganLoss { channels: C, gamma, lambda, k: k.share(), m_global: m_global.share() };
    let mut d = discriminator.compile(Adam::new(rate), loss)?;
    // The critic's weights are constants here.
    let loss = move |_: Var, y: Var| (y - critic.call(y)).abs().mean_per_sample();
    let mut g = generator.compile(Adam::new(rate), loss)?;

    fs::create_dir_all(&options.out)?;
    let log = options.out.join("log.csv");
    let states = |n| ["d", "g"].map(|name| options.out.join(format!("{name}-{n:03}.safetensors")));
    let mut history = if options.resume { read_log(&log)? } else { History::default() };
    if options.resume {
        let [of_d, of_g] = states(history.epochs.len());
        d.load_state(of_d).and_then(|()| g.load_state(of_g))?;
    }
    let codes = |random: &mut ChaCha8Rng, count| {
        Array2::from_shape_simple_fn((count, CODE), || random.random_range(-1.0..1.0) as Float)
    };
    for epoch in history.epochs.len()..options.epochs {
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        let shown = codes(&mut random, 50);
        random.set_stream(epoch as u64 + 1);
        let [zd, zg] = [0, 1].map(|_| codes(&mut random, size));
        let mut order: Vec<usize> = (0..size).collect();
        order.shuffle(&mut random);
        let batches = order.chunks_exact(options.batch);
        let (count, mut means) = (batches.len() as Float, [0.0; 3]);
        for rows in batches {
            let made = g.predict_on_batch(&zd.select(Axis(0), rows))?;
            let made = made.into_dimensionality::<Ix4>()?;
            let both = concatenate![Axis(3), images.select(Axis(0), rows), made];
            let loss_d = d.train_on_batch(&both, &both)?["loss"];
            let loss_g = g.train_on_batch(&zg.select(Axis(0), rows), NoTarget)?["loss"];
            let values = [m_global.get().sum(), loss_d, loss_g];
            means.iter_mut().zip(values).for_each(|(mean, value)| *mean += value / count);
        }
        let (rate, last) = (d.learning_rate(), history.get("m_global").last().copied());
        let names = ["m_global", "k", "loss_d", "loss_g", "learning_rate"];
        let values = [means[0], k.get().sum(), means[1], means[2], rate];
        let logs = Logs::from_iter(names.into_iter().zip(values));
        println!("epoch {}: {logs}", epoch + 1);
        history.push(epoch, &logs);
        if last.is_some_and(|last| last <= means[0]) {
            d.set_learning_rate((rate * 0.9).max(1e-5))?;
            g.set_learning_rate((rate * 0.9).max(1e-5))?;
        }
        let samples = options.out.join(format!("samples-{:03}.png", epoch + 1));
        images::save_grid(samples, &g.predict(&shown)?, 10)?;
        history.plot(options.out.join("training.svg"))?;
        let [of_d, of_g] = states(epoch + 1);
        d.save_state(of_d).and_then(|()| g.save_state(of_g))?;
        // Only now, when the checkpoints are whole: the log says which epoch is the last.
        write_log(&log, &history)?;
        states(epoch).iter().for_each(|old| drop(fs::remove_file(old)));
    }
    let m = history.get("m_global");
    let (first, last) = m.first().zip(m.last()).ok_or("--epochs takes 1 or more")?;
    println!("m_global {first:.2} -> {last:.2}  k {:.3}", k.get().sum());
    Ok(())
}
