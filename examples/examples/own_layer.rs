//! A layer of your own, with all that one of the catalogue has: weights, state, a mode, a penalty
//! on its weights, a loss of its own, and a shape that is checked while the program compiles.
//! `cargo run --release --example own_layer` trains it among other layers.

use examples::Digits;
use model_runtime::add_loss;
use model_runtime::prelude::*;
use ndarray::Array1;

/// How near each sample is to `count` points that are learned, `exp(-|x - pⱼ|² / features)`:
/// `(features)` → `(count)`.
///
/// In training, samples are moved by some noise, and points that are near to none of them cost.
pub struct Prototypes {
    /// `(count, features)`, Glorot uniform.
    pub points: Parameter,
    /// `(count)`: which part of the samples each point has been near to lately.
    pub usage: Variable,
    /// The standard deviation of what is added to samples in training.
    pub noise: Float,
    count: usize,
    l2: Float,
}

impl Prototypes {
    /// `count` points, with an L2 penalty on them. `Prototypes(30, 1e-4)` in a model calls this.
    pub fn new(count: usize, l2: Float) -> Prototypes {
        let (points, usage) = (Parameter::default(), Variable::scalar("usage", 0.0));
        Prototypes { points, usage, noise: 0.05, count, l2 }
    }

    /// The shape rule: what `new` takes, then the inputs without the sample axis. It is `const`, so
    /// rustc asks it, and shows what it says under the call.
    pub const fn output_shape(
        count: usize,
        _l2: Float,
        inputs: &[Value],
    ) -> Result<Values, ShapeError> {
        if inputs[0].shape.rank() != 1 {
            return Err(ShapeError::new("Prototypes compares samples of one axis")
                .help("put a Flatten before it"));
        }
        Ok(Values::shape(Shape::new(&[count])))
    }

    /// The layer on a value, for closures and programs without `model!`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        Layer::call(self, &[x]).one()
    }
}

impl Layer for Prototypes {
    /// Weights are drawn from the layer's seed, in shapes that follow from the inputs.
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let shape = Shape::new(&[self.count, inputs[0].shape.last()]);
        self.points = Initializer::GlorotUniform.parameter(&seed.child("points"), shape);
        self.usage =
            Variable::new("usage", Array1::from_elem(self.count, 1.0 / self.count as Float));
    }

    /// Values have the sample axis first: `(samples, features)`.
    fn call(&self, inputs: &[Var]) -> Vars {
        let (mut x, points) = (inputs[0], self.points.var());
        let training = tape::mode() == Mode::Training;
        if training {
            x = x + Var::random_normal(x.shape().dims(), 0.0, self.noise);
        }
        // |x - p|² = |x|² + |p|² - 2 x·p
        let points_t = points.transpose(&[1, 0]);
        let lengths = x.square().sum_axes(&[1], true) + points_t.square().sum_axes(&[0], true);
        let distance = lengths - x.matmul(points_t) * 2;
        let share = (-distance).softmax().mean_axes(&[0], false);
        if training {
            // Stored if the step succeeds, with the weights.
            self.usage.update(self.usage.read() * 0.99 + share * 0.01);
        }
        // Both count in the loss; the penalty once, however often the layer is called.
        Regularizer::L2(self.l2).penalize(&self.points);
        add_loss("idle", (share * self.count as Float - 1).square().mean() * 0.01);
        (distance / -(x.shape().dim(1) as Float)).exp().into()
    }

    /// The paths in files and messages: `prototypes.points`.
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("points", &self.points);
        visitor.variable("usage", &self.usage);
    }
}

/// What `share()` and `duplicate()` of a model with this layer need.
impl Share for Prototypes {
    fn copy_with(&self, copier: &mut Copier) -> Prototypes {
        let (points, usage) = (self.points.copy_with(copier), self.usage.copy_with(copier));
        Prototypes { points, usage, noise: self.noise, count: self.count, l2: self.l2 }
    }
}

model! {
    use self::Prototypes;

    /// Tells handwritten digits apart by what they are near to.
    pub struct Classifier {
        image = Input(64);
        x = Dense(16, tanh)(image);
        x = Prototypes(crate::COUNT, 1e-4)(x);
        predictions = Dense(10, softmax)(x);
    }
}

const COUNT: usize = 30;

fn main() -> Result<(), Error> {
    let (train, test) = Digits::load();
    let net = Classifier::new(0);
    println!("{}", net.summary());

    let loss = SparseCategoricalCrossentropy::new();
    let mut trainer = net.compile(Adam::new(1e-2), loss)?.with_metrics(["accuracy"])?;
    trainer.fit(&train.images, &train.labels, Fit::epochs(30).validation_split(0.1))?;

    let file = examples::output("own_layer.safetensors");
    trainer.model().save_weights(&file)?;
    let loaded = Classifier::new(1);
    loaded.load_weights(&file)?;
    assert_eq!(loaded.predict(&test.images)?, trainer.predict(&test.images)?);

    let accuracy = trainer.evaluate(&test.images, &test.labels)?["accuracy"];
    let usage = trainer.model().prototypes.usage.get();
    let busiest = usage.iter().fold(0.0, |most: Float, &part| most.max(part));
    println!("test accuracy {accuracy:.4}  busiest point {busiest:.3}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use model_runtime::spec::Operand;
    use ndarray::{Array2, array};

    use super::*;

    model! {
        use self::Prototypes;

        /// Calls the layer twice.
        struct Twice {
            x = Input(3);
            y = Input(3);
            points = Prototypes(2, 0.5);
            points(x) + points(y)
        }

        struct Once {
            x = Input(3);
            Dense(1)(Prototypes(4, 0.01)(x))
        }
    }

    const X: [[Float; 3]; 2] = [[0.5, -1.0, 2.0], [0.0, 0.25, 1.0]];

    #[test]
    fn the_shape_is_known_while_the_program_compiles() {
        const CALL: Shape = Classifier::GRAPH.calls[1].outputs[0].shape;
        const { assert!(CALL.dims().len() == 1 && CALL.dims()[0] == COUNT) };
        let image = Value::float(&[2, 3]);
        let error = Prototypes::output_shape(4, 0.0, &[image]).unwrap_err();
        let operand = Operand { name: "x", value: image, origin: "" };
        assert!(error.message(&[operand]).starts_with("Prototypes compares samples of one axis"));
    }

    #[test]
    fn the_numbers_are_those_of_the_formula() {
        let net = Twice::new(0);
        let points = net.points.points.get();
        let near = |x: &[Float; 3], j: usize| {
            let squares = x.iter().enumerate().map(|(i, x)| (x - points[[j, i]]).powi(2));
            (-squares.sum::<Float>() / 3.0).exp()
        };
        let x = Array2::from(X.to_vec());
        let sums = net.predict(TwiceInputs { x: &x, y: &x }).unwrap();
        for ((i, j), sum) in sums.into_dimensionality::<ndarray::Ix2>().unwrap().indexed_iter() {
            assert!((sum - 2.0 * near(&X[i], j)).abs() < 1e-5);
        }
    }

    #[test]
    fn the_penalty_counts_once_and_the_loss_by_its_name() {
        let x = Array2::from(X.to_vec());
        let trainer = Twice::new(0).compile("sgd", "mse").unwrap();
        let y = trainer.predict(TwiceInputs { x: &x, y: &x }).unwrap();
        let logs = trainer.evaluate(TwiceInputs { x: &x, y: &x }, &y).unwrap();
        let penalty = trainer.model().points.points.get().mapv(|p| p * p).sum() * 0.5;
        let idle = logs["idle"];
        assert!(idle > 0.0 && (logs["loss"] - penalty - idle).abs() < 1e-5, "{logs}");
    }

    #[test]
    fn state_and_noise_belong_to_training() {
        let (x, y) = (Array2::from(X.to_vec()), array![[1.0], [0.0]]);
        let mut trainer = Once::new(0).compile("sgd", "mse").unwrap();
        let start = trainer.model().prototypes.usage.get();
        assert_eq!(start, Array1::from_elem(4, 0.25).into_dyn());
        assert_eq!(trainer.predict(&x).unwrap(), trainer.predict(&x).unwrap());
        trainer.evaluate(&x, &y).unwrap();
        trainer.train_on_batch(&x, &(&y * Float::INFINITY)).unwrap_err();
        assert_eq!(trainer.model().prototypes.usage.get(), start);
        let [one, other] = [0, 1].map(|_| trainer.train_on_batch(&x, &y).unwrap()["loss"]);
        assert_ne!(one, other);
        let usage = trainer.model().prototypes.usage.get();
        assert!(usage != start && (usage.sum() - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_step_follows_the_gradient() {
        let (x, y) = (Array2::from(X.to_vec()), array![[1.0], [0.0]]);
        let mut net = Once::new(0);
        net.prototypes.noise = 0.0;
        let mut trainer = net.compile(SGD::new(1.0), "mse").unwrap();
        let points = trainer.model().prototypes.points.share();
        let before = points.get();
        let step = 1e-2;
        let slopes = ndarray::ArrayD::from_shape_fn(before.shape(), |at| {
            let [more, less] = [step, -step].map(|step| {
                let mut moved = before.clone();
                moved[&at] += step;
                points.set(&moved).unwrap();
                trainer.evaluate(&x, &y).unwrap()["loss"]
            });
            (more - less) / (2.0 * step)
        });
        points.set(&before).unwrap();
        trainer.train_on_batch(&x, &y).unwrap();
        let off = (&before - &points.get() - &slopes).mapv(Float::abs).sum();
        assert!(off < 1e-2 * slopes.mapv(Float::abs).sum(), "{slopes}, but {off} off");
    }

    #[test]
    fn copies_and_files_have_its_weights_and_its_state() {
        let (x, y) = (Array2::from(X.to_vec()), array![[1.0], [0.0]]);
        let mut trainer = Once::new(0).compile("sgd", "mse").unwrap();
        trainer.train_on_batch(&x, &y).unwrap();
        let net = trainer.into_model();
        assert_eq!(net.share().prototypes.points.id(), net.prototypes.points.id());
        let copy = net.duplicate();
        assert_ne!(copy.prototypes.points.id(), net.prototypes.points.id());
        let file = std::env::temp_dir().join(format!("own-layer-{}", std::process::id()));
        net.save_weights(&file).unwrap();
        let loaded = Once::new(1);
        loaded.load_weights(&file).unwrap();
        std::fs::remove_file(file).unwrap();
        assert_eq!(loaded.prototypes.usage.get(), net.prototypes.usage.get());
        assert_eq!(loaded.predict(&x).unwrap(), copy.predict(&x).unwrap());
    }
}
