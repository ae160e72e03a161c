//! The eight tips of the article that this project comes from,
//! "Kerasでちょっと難しいModelやTrainingを実装するときのTips", in its order. Each asserts what the article says:
//! `cargo run --release --example seed_tips`.

use model_runtime::prelude::*;
use ndarray::{Array2, Array4, array};

fn main() -> Result<(), Error> {
    let tips = [
        functional_api,
        shared_instances,
        containers,
        raw_tensors,
        lambdas,
        losses_per_sample,
        loss_terms,
        updates_while_training,
    ];
    let figures = tips.iter().map(|tip| tip()).collect::<Result<Vec<String>, Error>>()?;
    for (number, figure) in (1..).zip(&figures) {
        println!("{number}. {figure}");
    }
    println!("tips {}  {}", tips.len(), figures[tips.len() - 1]);
    Ok(())
}

/// 1. The functional API: a layer is called on a value, and a value may go to several layers.
fn functional_api() -> Result<String, Error> {
    model! {
        struct Classifier {
            inputs = Input(784);
            x = Dense(64, relu)(inputs);
            y = Dense(64, relu)(x);
            predictions = Dense(10, softmax)(x + y);
        }
    }
    let net = Classifier::new(0);
    let predictions = net.predict(&Array2::<f32>::ones((3, 784)))?;
    assert_eq!(predictions.shape(), [3, 10]);
    assert!((predictions.sum() - 3.0).abs() < 1e-5);
    Ok(format!("the functional API: {} weights", net.count_params()))
}

/// 2. A layer holds its weights: the same one called twice shares them, two layers do not.
fn shared_instances() -> Result<String, Error> {
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
    let difference = shared.predict(SharedInputs { left: &same, right: &same })?;
    assert!(difference.iter().all(|&x| x == 0.0));
    let difference = apart.predict(ApartInputs { left: &same, right: &same })?;
    assert!(difference.iter().any(|&x| x != 0.0));
    let counts = (shared.count_params(), apart.count_params());
    Ok(format!("a layer called twice: {} weights, two layers: {}", counts.0, counts.1))
}

/// 3. Several layers that share their weights are a container, which is used as a layer is and has no
///    weights besides theirs.
fn containers() -> Result<String, Error> {
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
    let image = Array2::from_shape_fn((1, 784), |(_, i)| i as f32 / 784.0);
    let second = image.to_shape((1, 28, 28)).expect("as many numbers");
    let inputs = BothInputs { first: Data::from(&image), second: Data::from(&second) };
    let outputs = net.predict(inputs)?;
    assert_eq!(outputs.a, outputs.b);
    Ok(format!("a container for two inputs: {} weights", net.count_params()))
}

/// 4. What comes out of a layer is a value like any other: it can be computed with.
fn raw_tensors() -> Result<String, Error> {
    model! {
        struct Raw {
            inputs = Input(10);
            x = relu(inputs * 2 + 1);
            Dense(64, relu)(x)
        }
    }
    let net = Raw::new(0);
    let x = Array2::from_shape_fn((4, 10), |(i, j)| (i as Float - j as Float) / 4.0);
    let by_hand = x.mapv(|x| (x * 2.0 + 1.0).max(0.0));
    let by_hand =
        tape::run(Mode::Inference, || net.dense.call(Var::from_array(&by_hand)).to_array())?;
    assert_eq!(net.predict(&x)?, by_hand);
    Ok("relu(inputs * 2 + 1) between two layers".to_owned())
}

/// 5. A `Lambda` sees the sample axis. Its shape is said where it changes: as a tuple without that
///    axis, or as a function with it. A slice in the graph, without that axis, does the same.
fn lambdas() -> Result<String, Error> {
    model! {
        struct Halves {
            inputs = Input(10);
            x0_4 = Lambda(|x| x.slice(s![.., ..5]), output_shape = (5,))(inputs);
            x5_9 = Lambda(
                |x| x.slice(s![.., 5..]),
                output_shape = |input_shape| (None, input_shape[1] / 2)
            )(inputs);
            d1 = Dense(10)(x0_4);
            d2 = Dense(10)(x5_9);
            (d1, d2, lambda = x0_4 * x5_9, slice = inputs[..5] * inputs[5..])
        }
    }
    let x = array![[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]];
    let outputs = Halves::new(0).predict(&x)?;
    assert_eq!((outputs.d1.shape(), outputs.d2.shape()), (&[1, 10][..], &[1, 10][..]));
    assert_eq!(outputs.lambda, array![[0.0, 6.0, 14.0, 24.0, 36.0]].into_dyn());
    assert_eq!(outputs.lambda, outputs.slice);
    Ok("ten numbers in two halves".to_owned())
}

/// The generator's loss of the article.
fn generator_loss(y_true: Var, y_pred: Var) -> PerSample {
    (y_pred - y_true).abs().mean_per_sample()
}

/// 6. A loss of one's own gives one number for each sample, so that samples can weigh differently.
fn losses_per_sample() -> Result<String, Error> {
    let net = model! { image = Input(2, 2, 3); Identity()(image) };
    let trainer = net.compile("sgd", generator_loss)?;
    let images = Array4::from_shape_fn((2, 2, 2, 3), |(i, ..)| i as Float + 1.0);
    let black = Array4::<Float>::zeros((2, 2, 2, 3));
    assert_eq!(trainer.evaluate(&images, &black)?["loss"], 1.5);
    let weights = array![0.0, 1.0];
    let weighted = Evaluate::default().sample_weight(&weights);
    let loss = trainer.evaluate_with(&images, &black, weighted)?["loss"];
    assert_eq!(loss, 1.0);
    Ok(format!("mean absolute errors of 1 and 2, of which only the second counts: {loss} of 2"))
}

/// 7. A term of the loss comes from a layer, from the graph, or from outside of both.
fn loss_terms() -> Result<String, Error> {
    model! {
        struct Net {
            x = Input(2);
            h = Dense(3, tanh, kernel_regularizer = l2(0.01))(x);
            add_loss("small", mean(square(h)) * 0.1);
            Dense(1)(h)
        }
    }
    let mut trainer = Net::new(0).compile("sgd", "mse")?.with_metrics(["mse"])?;
    trainer.add_loss("smooth", |ctx| {
        (ctx.model.call(ctx.inputs + 0.1) - ctx.outputs).square().mean()
    })?;
    let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![[3.0], [7.0]]);
    let logs = trainer.evaluate(&x, &y)?;
    let kernel = trainer.model().h.kernel.get();
    let layer = kernel.iter().map(|w| w * w).sum::<Float>() * 0.01;
    let sum = logs["mse"] + layer + logs["small"] + logs["smooth"];
    assert!((logs["loss"] - sum).abs() < 1e-5 * sum, "{logs}, {layer} from the layer");
    Ok(format!("{logs}, {layer:.4} from the layer"))
}

/// The discriminator's loss of the article: `k` weighs the samples that were made, and follows the
/// losses.
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

/// 8. What a loss computes changes variables that later losses are computed with: in training only,
///    after a step that has succeeded. Writes `seed_tips.svg`, a picture of it.
fn updates_while_training() -> Result<String, Error> {
    model! {
        struct Discriminator {
            both = Input(8);
            autoencoder = Container(|x| Dense(4)(Dense(2, tanh)(x)));
            Concatenate()(autoencoder(both[..4]), autoencoder(both[4..]))
        }
    }
    let loss =
        BeganLoss { k: Variable::scalar("k", 0.0), m_global: Variable::scalar("m_global", 0.0) };
    let (k, m_global) = (loss.k.share(), loss.m_global.share());
    let mut trainer = Discriminator::new(0).compile(Adam::new(1e-2), loss)?;
    // The first four numbers are of a kind; the others are too small to be of it.
    let both = Array2::from_shape_fn((32, 8), |(i, j)| {
        let wave = (i as Float * 0.7 + (j % 4) as Float).sin();
        if j < 4 { wave } else { wave * 0.1 }
    });
    let mut history = History::default();
    for epoch in 0..100 {
        let loss = trainer.train_on_batch(&both, &both)?["loss"];
        let logs = [("loss", loss), ("k", k.get().sum()), ("m_global", m_global.get().sum())];
        assert!((0.0..=1.0).contains(&logs[1].1));
        history.push(epoch, &Logs::from_iter(logs));
    }
    let (trained, m) = (k.get(), &history["m_global"]);
    trainer.evaluate(&both, &both)?;
    assert!(k.get() == trained && history["k"].iter().any(|&k| k > 0.01));
    assert!(m[99] < m[0] / 2.0);
    history.plot(examples::output("seed_tips.svg"))?;
    Ok(format!("m_global {:.2} -> {:.2}  k {:.3}", m[0], m[99], trained.sum()))
}
