//! Boundary equilibrium GAN (Berthelot, Schumm and Metz, 2017, <https://arxiv.org/abs/1703.10717>),
//! as in the article that this project comes from: `cargo run --release --example began`.
//!
//! On the digits that ship, enlarged to 16×16, or with `--images DIR` on a folder of PNG and JPEG
//! files at 32×32; `--full` takes the article's size, 64×64 in colour with 128 filters. Log, samples,
//! curves and checkpoints go to `--out DIR` (`output`); `--resume` goes on from the last epoch there.
//! `--epochs N`, `--batch N` and `--seed N` say the rest.

use std::error::Error as Failure;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use examples::Digits;
use image::{DynamicImage, GrayImage, imageops::FilterType};
use lexopt::prelude::*;
use model_runtime::prelude::*;
use ndarray::{Array2, Array4, Axis, Ix4, concatenate};
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
        for _ in 0..3 {
            x = UpSampling2D(2)(convolutions(x, filters, 1));
        }
        Conv2D(channels, 3, padding = same)(convolutions(x, filters, 1))
    }

    /// Two images behind each other, one that is real and one that was made, through one
    /// autoencoder.
    pub struct Discriminator<
        const SIZE: usize = 16, const CHANNELS: usize = 1, const FILTERS: usize = 16, const CODE: usize = 16
    > {
        both = Input(SIZE, SIZE, 2 * CHANNELS);
        real = Lambda(|x| x.slice(s![.., .., .., ..CHANNELS]), output_shape = (SIZE, SIZE, CHANNELS))(both);
        made = Lambda(|x| x.slice(s![.., .., .., CHANNELS..]), output_shape = (SIZE, SIZE, CHANNELS))(both);
        autoencoder = Container(|image| {
            encoder = Container(|x| {
                for i in 1..4 { x = convolutions(x, i * FILTERS, 2); }
                Dense(CODE)(Flatten()(convolutions(x, 4 * FILTERS, 1)))
            });
            decoder = Container(|code| decode(code, SIZE, CHANNELS, FILTERS));
            decoder(encoder(image))
        });
        Concatenate()(autoencoder(real), autoencoder(made))
    }

    /// Images from random codes, as the decoder makes them.
    pub struct Generator<
        const SIZE: usize = 16, const CHANNELS: usize = 1, const FILTERS: usize = 16, const CODE: usize = 16
    > {
        z = Input(CODE);
        decode(z, SIZE, CHANNELS, FILTERS)
    }
}

/// How well the autoencoder does on real images, less `k` times how well on made ones. `k` keeps the
/// second error at `gamma` times the first.
struct BeganLoss {
    channels: usize,
    gamma: Float,
    lambda_k: Float,
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
        self.k.update((k + balance * self.lambda_k).clip(0.0, 1.0));
        self.m_global.update(real.mean() + balance.abs());
        real - made * k
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.k, &self.m_global]
    }
}

struct Options {
    images: Option<PathBuf>,
    out: PathBuf,
    full: bool,
    resume: bool,
    epochs: usize,
    batch: usize,
    seed: u64,
    rate: Float,
    lambda_k: Float,
    gamma: Float,
}

const COLUMNS: [&str; 5] = ["m_global", "k", "loss_d", "loss_g", "learning_rate"];

fn main() -> Result<(), Box<dyn Failure>> {
    let mut options = Options {
        images: None,
        out: "output".into(),
        full: false,
        resume: false,
        epochs: 20,
        batch: 16,
        seed: 0,
        rate: 1e-3,
        lambda_k: 0.001,
        gamma: 0.5,
    };
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
            Long("rate") => options.rate = arguments.value()?.parse()?,
            Long("lambda") => options.lambda_k = arguments.value()?.parse()?,
            Long("gamma") => options.gamma = arguments.value()?.parse()?,
            _ => return Err(argument.unexpected().into()),
        }
    }
    fs::create_dir_all(&options.out)?;
    match (options.full, &options.images) {
        (true, _) => train::<64, 3, 128, 64>(&options),
        (false, Some(_)) => train::<32, 3, 32, 64>(&options),
        (false, None) => train::<16, 1, 16, 16>(&options),
    }
}

/// The images to learn from, from 0 to 1.
fn images(
    options: &Options,
    size: usize,
    channels: usize,
) -> Result<Array4<Float>, Box<dyn Failure>> {
    let mut pictures: Vec<DynamicImage> = Vec::new();
    if let Some(folder) = &options.images {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|file| Ok(file?.path()))
            .collect::<Result<_, std::io::Error>>()?;
        paths.sort();
        for path in paths {
            pictures.push(image::open(&path).map_err(|why| format!("{}: {why}", path.display()))?);
        }
    } else {
        let (train, test) = Digits::load();
        for digit in train.images.rows().into_iter().chain(test.images.rows()) {
            let pixels = digit.iter().map(|x| (x * 255.0) as u8).collect();
            pictures.push(GrayImage::from_raw(8, 8, pixels).ok_or("8×8 pixels")?.into());
        }
    }
    let side = size as u32;
    let mut values = Vec::new();
    for picture in &pictures {
        let picture = picture.resize_to_fill(side, side, FilterType::Triangle);
        let pixels = if channels == 1 {
            picture.into_luma8().into_raw()
        } else {
            picture.into_rgb8().into_raw()
        };
        values.extend(pixels.into_iter().map(|x| Float::from(x) / 255.0));
    }
    Ok(Array4::from_shape_vec((pictures.len(), size, size, channels), values)?)
}

fn train<const SIZE: usize, const CHANNELS: usize, const FILTERS: usize, const CODE: usize>(
    options: &Options,
) -> Result<(), Box<dyn Failure>> {
    let images = images(options, SIZE, CHANNELS)?;
    let discriminator = Discriminator::<SIZE, CHANNELS, FILTERS, CODE>::new(options.seed);
    println!("{}", discriminator.summary());
    let critic = discriminator.autoencoder.share();
    let (k, m_global) = (Variable::scalar("k", 0.0), Variable::scalar("m_global", 0.0));
    let loss = BeganLoss {
        channels: CHANNELS,
        gamma: options.gamma,
        lambda_k: options.lambda_k,
        k: k.share(),
        m_global: m_global.share(),
    };
    let mut d = discriminator.compile(Adam::new(options.rate), loss)?;
    // The critic's weights are constants here.
    let loss = move |_: Var, y: Var| (y - critic.call(y)).abs().mean_per_sample();
    let generator = Generator::<SIZE, CHANNELS, FILTERS, CODE>::new(options.seed + 1);
    let mut g = generator.compile(Adam::new(options.rate), loss)?;

    let mut history = History::default();
    let mut log = OpenOptions::new().create(true).append(true).open(options.out.join("log.csv"))?;
    let codes = |random: &mut ChaCha8Rng, count| {
        Array2::from_shape_simple_fn((count, CODE), || random.random_range(-1.0..1.0) as Float)
    };
    let shown = codes(&mut ChaCha8Rng::seed_from_u64(options.seed), 50);
    let mut rate = options.rate;
    for epoch in history.epochs.len()..options.epochs {
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        random.set_stream(epoch as u64 + 1);
        let mut order: Vec<usize> = (0..images.len_of(Axis(0))).collect();
        order.shuffle(&mut random);
        let batches = order.chunks_exact(options.batch);
        let (count, mut means) = (batches.len() as Float, [0.0; 3]);
        for rows in batches {
            let real = images.select(Axis(0), rows);
            let made = g.predict_on_batch(&codes(&mut random, rows.len()))?;
            let both = concatenate![Axis(3), real, made.into_dimensionality::<Ix4>()?];
            let loss_d = d.train_on_batch(&both, &both)?["loss"];
            let loss_g = g.train_on_batch(&codes(&mut random, rows.len()), NoTarget)?["loss"];
            let values = [m_global.get().sum(), loss_d, loss_g];
            means.iter_mut().zip(values).for_each(|(mean, value)| *mean += value / count);
        }
        let last = history.get("m_global").last().copied();
        let values = [means[0], k.get().sum(), means[1], means[2], rate];
        let logs = Logs::from_iter(COLUMNS.into_iter().zip(values));
        println!("epoch {}: {logs}", epoch + 1);
        history.push(epoch, &logs);
        if last.is_some_and(|last| last <= means[0]) {
            rate = (rate * 0.9).max(1e-5);
            d.set_learning_rate(rate)?;
            g.set_learning_rate(rate)?;
        }
        let samples = g.predict(&shown)?;
        images::save_grid(options.out.join(format!("samples-{:03}.png", epoch + 1)), &samples, 10)?;
        history.plot(options.out.join("training.svg"))?;
        writeln!(log, "{}", values.map(|value| value.to_string()).join(","))?;
    }
    let m = &history["m_global"];
    println!("m_global {:.2} -> {:.2}  k {:.3}", m[0], m[m.len() - 1], k.get().sum());
    Ok(())
}
