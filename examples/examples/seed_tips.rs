//! The eight tips of "Kerasでちょっと難しいModelやTrainingを実装するときのTips", the article that
//! this project comes from, in its order: `cargo run --release --example seed_tips`.

use model_runtime::prelude::*;
use ndarray::{Array2, Array3, Array4, array};

fn main() -> Result<(), Error> {
    for tip in [functional_api, shared_instances, containers, raw_tensors, lambdas] {
        tip()?;
    }
    losses_per_sample()?;
    loss_terms()?;
    let figures = updates_while_training()?;
    println!("tips 8  {figures}");
    Ok(())
}

/// 1. The functional API: a layer is called on a value, and a value may go to several layers.
fn functional_api() -> Result<(), Error> {
    model! {
        struct Classifier {
            inputs = Input(784);
            x = Dense(64, relu)(inputs);
            y = Dense(64, relu)(x);
            predictions = Dense(10, softmax)(x + y);
        }
    }
    let net = Classifier::new(0);
    assert_eq!(net.predict(&Array2::<f32>::ones((3, 784)))?.shape(), [3, 10]);
    Ok(())
}

/// 2. A layer holds its weights: the same one called twice shares them, two layers do not.
fn shared_instances() -> Result<(), Error> {
    model! {
        struct Shared {
            left = Input(10);
            right = Input(10);
            dense = Dense(64, relu);
            dense(left) - dense(right)
        }
        struct Apart {
            left = Input(10);
            right = Input(10);
            Dense(64, relu)(left) - Dense(64, relu)(right)
        }
    }
    let (shared, apart) = (Shared::new(0), Apart::new(0));
    assert_eq!((shared.count_params(), apart.count_params()), (10 * 64 + 64, 2 * (10 * 64 + 64)));
    let same = Array2::<f32>::ones((1, 10));
    let same = shared.predict(SharedInputs { left: &same, right: &same })?;
    assert!(same.iter().all(|&x| x == 0.0));
    Ok(())
}

/// 3. Layers that are shared together are a container, which has no weights besides theirs.
fn containers() -> Result<(), Error> {
    model! {
        struct Both {
            first = Input(784);
            second = Input(28, 28);
            shared_layers = Container(|inputs| {
                x = Dense(64, relu)(inputs);
                x = Dense(64, relu)(x);
                Dense(10, softmax)(x)
            });
            (a = shared_layers(first), b = shared_layers(Flatten()(second)))
        }
    }
    let net = Both::new(0);
    assert_eq!(net.count_params(), net.shared_layers.count_params());
    let (flat, square) = (Array2::<f32>::ones((1, 784)), Array3::<f32>::ones((1, 28, 28)));
    let outputs = net.predict(BothInputs { first: &flat, second: &square })?;
    assert_eq!(outputs.a, outputs.b);
    Ok(())
}

/// 4. What comes out of a layer is a value like any other: it can be computed with.
fn raw_tensors() -> Result<(), Error> {
    model! {
        struct Raw {
            inputs = Input(10);
            x = relu(inputs * 2 + 1);
            Dense(64, relu)(x)
        }
    }
    let net = Raw::new(0);
    let x = Array2::from_shape_fn((4, 10), |(i, j)| (i as Float - j as Float) / 4.0);
    let relu = x.mapv(|x| (x * 2.0 + 1.0).max(0.0));
    let dense = tape::run(Mode::Inference, || net.dense.call(Var::from_array(&relu)).to_array())?;
    assert_eq!(net.predict(&x)?, dense);
    Ok(())
}

/// 5. A `Lambda` sees the sample axis; its shape is a tuple without it, or a function with it.
fn lambdas() -> Result<(), Error> {
    model! {
        struct Halves {
            inputs = Input(10);
            x0_4 = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(inputs);
            half = Lambda(|x| x.slice(s![.., 5..]), output_shape = |shape| (None, shape[1] / 2));
            x5_9 = half(inputs);
            (d1 = Dense(10)(x0_4), d2 = Dense(10)(x5_9), x0_4, slice = inputs[..5])
        }
    }
    let outputs = Halves::new(0).predict(&array![[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])?;
    assert_eq!((outputs.d1.shape(), outputs.d2.shape()), (&[1, 10][..], &[1, 10][..]));
    assert_eq!(outputs.x0_4, array![[0.0, 1.0, 2.0, 3.0, 4.0]].into_dyn());
    assert_eq!(outputs.x0_4, outputs.slice);
    Ok(())
}

fn generator_loss(y_true: Var, y_pred: Var) -> PerSample {
    (y_pred - y_true).abs().mean_per_sample()
}

/// 6. A loss of one's own gives one number for each sample, so that samples can weigh differently.
fn losses_per_sample() -> Result<(), Error> {
    let net = model! { image = Input(2, 2, 3); Identity()(image) };
    let trainer = net.compile("sgd", generator_loss)?;
    let images = Array4::from_shape_fn((2, 2, 2, 3), |(i, ..)| i as Float + 1.0);
    let (black, weights) = (&images * 0.0, array![0.0, 1.0]);
    assert_eq!(trainer.evaluate(&images, &black)?["loss"], 1.5);
    let weighted = Evaluate::default().sample_weight(&weights);
    assert_eq!(trainer.evaluate_with(&images, &black, weighted)?["loss"], 1.0);
    Ok(())
}

/// 7. A term of the loss comes from a layer, from the graph, or from outside of both.
fn loss_terms() -> Result<(), Error> {
    model! {
        struct Net {
            x = Input(2);
            h = Dense(3, tanh, kernel_regularizer = l2(0.01))(x);
            add_loss("small", mean(square(h)) * 0.1);
            Dense(1)(h)
        }
    }
    let mut trainer = Net::new(0).compile("sgd", "mse")?.with_metrics(["mse"])?;
    trainer.add_loss("big", |ctx| ctx.model.call(ctx.inputs * 2).square().mean() * 0.01)?;
    let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![[3.0], [7.0]]);
    let logs = trainer.evaluate(&x, &y)?;
    let layer = trainer.model().h.kernel.get().mapv(|w| w * w).sum() * 0.01;
    let sum = logs["mse"] + layer + logs["small"] + logs["big"];
    assert!((logs["loss"] - sum).abs() < 1e-5 * sum, "{logs}, {layer} from the layer");
    Ok(())
}

struct BeganLoss {
    k: Variable,
    m_global: Variable,
}

impl Loss for BeganLoss {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let error = (y_true - y_pred).abs();
        let real = error.slice(s![.., ..4]).mean_per_sample();
        let fake = error.slice(s![.., 4..]).mean_per_sample();
        let k = self.k.read();
        let balance = real.mean() * 0.5 - fake.mean();
        self.k.update((k + balance * 0.05).clip(0.0, 1.0));
        self.m_global.update(real.mean() + balance.abs());
        real - fake * k
    }

    fn variables(&self) -> Vec<&Variable> {
        vec![&self.k, &self.m_global]
    }
}

/// 8. In training, a loss updates variables that later losses are computed with. Writes a picture.
fn updates_while_training() -> Result<String, Error> {
    model! {
        struct Discriminator {
            both = Input(8);
            autoencoder = Container(|x| Dense(4)(Dense(2, tanh)(x)));
            Concatenate()(autoencoder(both[..4]), autoencoder(both[4..]))
        }
    }
    let [k, m_global] = ["k", "m_global"].map(|name| Variable::scalar(name, 0.0));
    let loss = BeganLoss { k: k.share(), m_global: m_global.share() };
    let mut trainer = Discriminator::new(0).compile(Adam::new(1e-2), loss)?;
    // The first four numbers are of a kind; the others are too small to be of it.
    let both = Array2::from_shape_fn((32, 8), |(i, j)| {
        let wave = (i as Float * 0.7 + (j % 4) as Float).sin();
        if j < 4 { wave } else { wave * 0.1 }
    });
    let mut history = History::default();
    for epoch in 0..100 {
        let loss = trainer.train_on_batch(&both, &both)?["loss"];
        let [k, m_global] = [&k, &m_global].map(|variable| variable.get().sum());
        history.push(epoch, &Logs::from_iter([("loss", loss), ("k", k), ("m_global", m_global)]));
    }
    let (trained, m, ks) = (k.get(), &history["m_global"], &history["k"]);
    trainer.evaluate(&both, &both)?;
    assert!(k.get() == trained && m[99] < m[0] / 2.0 && ks.iter().any(|&k| k > 0.01));
    history.plot(examples::output("seed_tips.svg"))?;
    Ok(format!("m_global {:.2} -> {:.2}  k {:.3}", m[0], m[99], trained.sum()))
}
