//! Two trainers over parts of the same models: the steps of a GAN.

use ndarray::{Array2, Axis, arr0, concatenate};

use super::own_step::all_bits;
use crate::prelude::*;

model! {
    struct Autoencoder {
        x = Input(3);
        h = Dense(2, tanh, kernel_regularizer = l2(0.01))(x);
        h = BatchNormalization()(h);
        Dense(3)(h)
    }

    /// Real and made samples, side by side.
    struct Discriminator {
        pair = Input(6);
        autoencoder = Autoencoder();
        Concatenate()(autoencoder(pair[..3]), autoencoder(pair[3..]))
    }

    struct Generator {
        z = Input(2);
        h = Dense(4, relu)(z);
        h = BatchNormalization()(h);
        Dense(3)(h)
    }
}

/// BEGAN, Berthelot et al. 2017, <https://arxiv.org/abs/1703.10717>.
struct BeganLoss {
    k: Variable,
    m_global: Variable,
    lambda_k: Float,
    gamma: Float,
}

impl BeganLoss {
    fn new(lambda_k: Float, gamma: Float) -> BeganLoss {
        let [k, m_global] = ["k", "m_global"].map(|name| Variable::scalar(name, 0.0));
        BeganLoss { k, m_global, lambda_k, gamma }
    }
}

impl Loss for BeganLoss {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let error = (y_true - y_pred).abs();
        let real = error.slice(s![.., ..3]).mean_per_sample();
        let fake = error.slice(s![.., 3..]).mean_per_sample();
        let k = self.k.read();
        let balance = real.mean() * self.gamma - fake.mean();
        self.k.update((k + balance * self.lambda_k).clip(0.0, 1.0));
        self.m_global.update(real.mean() + balance.abs());
        real - fake * k
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.k, &self.m_global]
    }
}

fn numbers(columns: usize, seed: usize) -> Array2<Float> {
    Array2::from_shape_fn((8, columns), |(i, j)| ((i * 7 + j * 3 + seed) as f64).sin() as Float)
}

#[test]
fn each_step_changes_its_own_model_and_not_a_bit_of_the_other() -> Result<(), Error> {
    let (discriminator, generator) = (Discriminator::new(1), Generator::new(2));
    let (x, z) = (numbers(3, 1), numbers(2, 2));
    let seen = generator.share();

    let critic = discriminator.autoencoder.share();
    let loss = BeganLoss::new(0.01, 0.5);
    let (k, m_global) = (loss.k.share(), loss.m_global.share());
    k.set(&arr0(0.5))?;
    let mut d = discriminator.compile(Adam::new(1e-2), loss)?;
    let mut g = generator.compile(Adam::new(1e-2), move |_: Var, y: Var| {
        (y - critic.call(y)).abs().mean_per_sample()
    })?;

    let mut ks = Vec::new();
    for _ in 0..30 {
        let made = seen.predict(&z)?;
        let pair = concatenate![Axis(1), x.view().into_dyn(), made];
        let before = (all_bits(d.model()), all_bits(g.model()));
        let logs = d.train_on_batch(&pair, &pair)?;
        let between = all_bits(d.model());
        assert_ne!(between, before.0);
        assert_eq!(all_bits(g.model()), before.1);
        assert_eq!((logs["k"], logs["m_global"]), (k.get().sum(), m_global.get().sum()));
        ks.push(logs["k"]);

        g.train_on_batch(&z, NoTarget)?;
        assert_eq!(all_bits(d.model()), between);
        assert_eq!(k.get().sum(), ks[ks.len() - 1]);
        assert_ne!(all_bits(g.model()), before.1);
    }
    assert!(ks.iter().all(|k| (0.0..=1.0).contains(k)), "{ks:?}");
    assert!(ks[0] != 0.5 && ks.windows(2).any(|pair| pair[0] != pair[1]), "{ks:?}");
    Ok(())
}

/// The same step written by hand is the same step.
#[test]
fn the_generators_step_of_ones_own_is_that_of_its_trainer() -> Result<(), Error> {
    let critic = Autoencoder::new(1);
    let before = all_bits(&critic);
    let z = numbers(2, 2);
    let mut own = Generator::new(2).compile(Adam::new(1e-2), NoLoss)?;
    let handle = critic.share();
    let mut whole = Generator::new(2).compile(Adam::new(1e-2), move |_: Var, y: Var| {
        (y - handle.call(y)).abs().mean_per_sample()
    })?;
    for _ in 0..3 {
        let expected = whole.train_on_batch(&z, NoTarget)?;
        let logs = own.step(|ctx| {
            let y = ctx.model.call(ctx.inputs(&z));
            (y - critic.call(y)).abs().mean_per_sample().mean()
        })?;
        assert_eq!(logs, expected);
        assert_eq!(all_bits(own.model()), all_bits(whole.model()));
    }
    assert_eq!(all_bits(&critic), before);
    Ok(())
}

/// Each part has a trainer, and one weight is in both: each changes it in its turn.
#[test]
fn a_part_that_two_trainers_have_is_trained_by_both() -> Result<(), Error> {
    let whole = Discriminator::new(1);
    let part = whole.autoencoder.share();
    let (x, pair) = (numbers(3, 1), numbers(6, 2));
    let mut whole = whole.compile("sgd", "mse")?;
    let mut part = part.compile("adam", "mae")?;
    for _ in 0..3 {
        let before = all_bits(&part.model().share());
        whole.train_on_batch(&pair, &pair)?;
        let between = all_bits(part.model());
        assert_ne!(between, before);
        part.train_on_batch(&x, &x)?;
        assert_ne!(all_bits(whole.model()), between);
        assert_eq!(all_bits(whole.model()), all_bits(part.model()));
    }
    Ok(())
}
