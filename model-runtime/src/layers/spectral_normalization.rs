use std::panic::Location;

use model_spec::layers::spectral_normalization::{self, ENTRY, KERNELS};
use model_spec::{ArgValue, Config, Shape, Value};

use super::accepts;
use crate::float::Scalar;
use crate::ops::view::Reshape;
use crate::share::share;
use crate::tensor::Tensor;
use crate::var::values;
use crate::{
    Error, Float, Initializer, Layer, Mode, Parameter, Seed, Var, Variable, Vars, Visitor, tape,
};

/// A layer whose kernel is divided by its largest singular value in each step of training, which
/// bounds how fast the output changes with the input;
/// [Keras's `SpectralNormalization`], [Miyato et al., 2018](https://arxiv.org/abs/1802.05957).
///
/// In training, with the kernel as a matrix `W` of its last axis: `power_iterations` times
/// `v = u · Wᵀ / ‖u · Wᵀ‖`, `u = v · W / ‖v · W‖`; then `σ = v · W · uᵀ`, and the kernel becomes
/// `W / σ`, with which the layer is called. Gradients go through `σ`, with `u` and `v` constant: by
/// `W` it is `(G - (G ∘ W / σ) · vᵀ u) / σ` for the gradient `G` by `W / σ`, equation 12 of the
/// paper, as Keras has it with JAX.
///
/// The step stores `u` and `W / σ`, and the optimizer changes the kernel from there, so that
/// inference, which takes the kernel as it is, computes with what has been trained. (So does Keras
/// with TensorFlow and PyTorch, where the gradient leaves out `σ`; with JAX it loses the kernel
/// that it assigns, and predicts with one that is not normalised.) A frozen kernel stays as it is,
/// and so does one of zeros.
///
/// - Arguments: a layer with a weight `kernel`, or `embeddings`: `Dense`, `Embedding`, `Conv2D` and
///   the like, or one of your own.
/// - Input, Output: those of the layer.
/// - Weights: those of the layer, as `layer`.
/// - Variable: `vector_u` `(1, n)` for the last axis `n` of the kernel, from a truncated normal
///   distribution of deviation 0.02.
///
/// [Keras's `SpectralNormalization`]:
/// <https://keras.io/api/layers/normalization_layers/spectral_normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let mut net = SpectralNormalization::new(Dense::new(1).use_bias(false));
/// net.init(Seed::new(0), &[Value::float(&[2])]);
/// net.layer.kernel.set(&ndarray::array![[3.0], [4.0]])?;
/// let y = tape::run(Mode::Training, || {
///     net.call(Var::from_array(&ndarray::array![[1.0, 0.0]])).to_array()
/// })?;
/// // The only singular value is 5.
/// assert!((y.sum().abs() - 0.6).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
///
/// With more iterations a step, it is nearer to the largest singular value, here 2, from the first
/// step on:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let mut layer = SpectralNormalization::new(Dense::new(2)).power_iterations(20);
/// layer.init(Seed::new(0), &[Value::float(&[2])]);
/// layer.layer.kernel.set(&array![[2.0, 0.0], [0.0, 1.0]])?;
/// let y = tape::run(Mode::Training, || {
///     layer.call(Var::from_array(&array![[1.0, 1.0]])).to_array()
/// })?;
/// assert!((y[[0, 0]] - 1.0).abs() < 1e-4 && (y[[0, 1]] - 0.5).abs() < 1e-4);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct SpectralNormalization<L> {
    /// The layer inside.
    pub layer: L,
    /// Where the search for the largest singular value goes on, `(1, n)`.
    pub vector_u: Variable,
    power_iterations: usize,
}

share!(SpectralNormalization<L>: layer, vector_u; power_iterations);

impl<L: Layer> SpectralNormalization<L> {
    /// This layer with its kernel normalised, without weights until [`Layer::init`].
    pub fn new(layer: L) -> SpectralNormalization<L> {
        let vector_u = Variable::unset("vector_u");
        SpectralNormalization { layer, vector_u, power_iterations: 1 }
    }

    /// How often the search for the largest singular value goes on in each step; 1 by default.
    pub fn power_iterations(mut self, power_iterations: usize) -> SpectralNormalization<L> {
        self.power_iterations = power_iterations;
        self
    }

    /// The output for `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = self.args();
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        let Some(kernel) = self.kernel() else {
            return tape::fail_shape(spectral_normalization::no_kernel(), inputs);
        };
        if kernel.shape().size() == Some(0) {
            // The layer itself knows why it has no weights.
            if let Some(poison) = self.layer.call(inputs).iter().find(|var| var.is_poison()) {
                return *poison;
            }
        }
        let columns = kernel.shape().last();
        if self.vector_u.shape() != Shape::new(&[1, columns]) {
            let location = Location::caller();
            return tape::fail(Error::NotInitialized { layer: ENTRY.name, location });
        }
        if tape::mode() == Mode::Training && kernel.is_trainable() {
            self.normalize(&kernel, columns);
        }
        let inside = self.layer.call(inputs);
        if let Some(poison) = inside.iter().find(|var| var.is_poison()) {
            return *poison;
        }
        let outer =
            spectral_normalization::outer(&Config::new(&args), &values(inputs), &values(&inside));
        match outer {
            Ok(_) => inside.one(),
            Err(error) => tape::fail_shape(error, inputs),
        }
    }

    /// The kernel becomes one whose largest singular value is 1, as far as it is known.
    #[track_caller]
    fn normalize(&self, kernel: &Parameter, columns: usize) {
        let weight = kernel.var();
        let numbers = weight.tensor();
        let w: Vec<f64> = numbers.data().iter().map(|w| w.as_f64()).collect();
        if w.iter().all(|w| *w == 0.0) {
            return;
        }
        let mut u: Vec<f64> =
            self.vector_u.read().tensor().data().iter().map(|u| u.as_f64()).collect();
        let v = power_iteration(&w, columns, &mut u, self.power_iterations);
        let line = |numbers: Vec<f64>, shape: &[usize]| {
            let numbers = numbers.into_iter().map(Float::of).collect();
            tape::constant(Tensor::new(Shape::new(shape), numbers))
        };
        let (rows, v, u) = (v.len(), line(v.clone(), &[1, v.len()]), line(u, &[columns, 1]));
        self.vector_u.update(tape::apply(Reshape(Shape::new(&[1, columns])), &[u]));
        let matrix = tape::apply(Reshape(Shape::new(&[rows, columns])), &[weight]);
        let sigma = v.matmul(matrix).matmul(u).sum();
        tape::assign(kernel, weight / sigma);
    }

    fn args(&self) -> [ArgValue; 2] {
        [ArgValue::Rust, ArgValue::Int(self.power_iterations as i64)]
    }

    /// The weight of the layer inside that is normalised.
    fn kernel(&self) -> Option<Parameter> {
        let mut found = [None, None];
        self.layer.visit(&mut Visitor::new(&mut |path, weight| {
            if let Some(at) = KERNELS.iter().position(|kernel| *kernel == path) {
                found[at] = Some(weight.share());
            }
        }));
        let [kernel, embeddings] = found;
        kernel.or(embeddings)
    }
}

/// Moves `u` towards the right singular vector of the largest singular value of a matrix, and
/// returns the left one.
fn power_iteration(w: &[f64], columns: usize, u: &mut [f64], iterations: usize) -> Vec<f64> {
    let mut v = vec![0.0; w.len() / columns.max(1)];
    for _ in 0..iterations {
        rows_times(w, columns, u, &mut v);
        unit(&mut v);
        columns_times(w, columns, &v, u);
        unit(u);
    }
    v
}

/// `v = u · wᵀ`
fn rows_times(w: &[f64], columns: usize, u: &[f64], v: &mut [f64]) {
    for (v, row) in v.iter_mut().zip(w.chunks(columns.max(1))) {
        *v = row.iter().zip(u).map(|(w, u)| w * u).sum();
    }
}

/// `u = v · w`
fn columns_times(w: &[f64], columns: usize, v: &[f64], u: &mut [f64]) {
    u.fill(0.0);
    for (v, row) in v.iter().zip(w.chunks(columns.max(1))) {
        u.iter_mut().zip(row).for_each(|(u, w)| *u += v * w);
    }
}

/// Length 1, and less for what is shorter than Keras's 10⁻⁷.
fn unit(vector: &mut [f64]) {
    let norm = vector.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-7);
    vector.iter_mut().for_each(|x| *x /= norm);
}

impl<L: Layer> Layer for SpectralNormalization<L> {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.layer.init(seed.child("layer"), inputs);
        if let Some(kernel) = self.kernel()
            && kernel.shape().size() != Some(0)
        {
            let (start, name) = (Initializer::TruncatedNormal(0.0, Float::of(0.02)), "vector_u");
            let shape = Shape::new(&[1, kernel.shape().last()]);
            let vector = start.parameter(&seed.child(name), shape).tensor();
            self.vector_u = Variable::of(name.to_owned(), vector);
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("layer", &self.layer);
        visitor.variable("vector_u", &self.vector_u);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayD, array};

    use super::*;
    use crate::prelude::*;

    fn close(a: &ArrayD<Float>, b: &ArrayD<Float>) {
        assert_eq!(a.shape(), b.shape());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5), "{a} {b}");
    }

    fn made() -> SpectralNormalization<Dense> {
        let mut layer = SpectralNormalization::new(Dense::new(2).use_bias(false));
        layer.init(Seed::new(0), &[Value::float(&[2])]);
        layer.layer.kernel.set(&array![[3.0, 0.0], [0.0, 1.0]]).unwrap();
        layer.vector_u.set(&array![[1.0, 1.0]]).unwrap();
        layer
    }

    /// By hand: v = (3, 1) / √10, u = v · W / |v · W| = (9, 1) / √82, σ = v · W · uᵀ =
    /// √(82 / 10).
    fn sigma() -> Float {
        (8.2 as Float).sqrt()
    }

    #[test]
    fn a_step_of_training_divides_by_the_singular_value_it_finds() {
        let layer = made();
        let x = array![[1.0, 0.0], [0.0, 1.0]];
        let run = |mode| {
            tape::run(mode, || {
                let y = layer.call(Var::from_array(&x)).to_array();
                (y, layer.vector_u.read().to_array())
            })
            .unwrap()
        };
        let kernel = layer.layer.kernel.get();
        let (y, u) = run(Mode::Training);
        close(&y, &(&kernel / sigma()));
        close(&u, &(array![[9.0, 1.0]] / (82.0 as Float).sqrt()).into_dyn());
        let (y, u) = run(Mode::Inference);
        assert_eq!((y, u), (kernel.clone(), array![[1.0, 1.0]].into_dyn()));
        // A step by itself stores nothing.
        assert_eq!(layer.layer.kernel.get(), kernel);
        layer.set_trainable(false);
        assert_eq!(run(Mode::Training), (kernel, array![[1.0, 1.0]].into_dyn()));
    }

    #[test]
    fn many_iterations_find_the_largest_singular_value() {
        let layer = made().power_iterations(100);
        // The singular values of [[2, 1], [1, 2]] are 3 and 1.
        layer.layer.kernel.set(&array![[2.0, 1.0], [1.0, 2.0]]).unwrap();
        layer.vector_u.set(&array![[1.0, 0.0]]).unwrap();
        let y = tape::run(Mode::Training, || {
            layer.call(Var::from_array(&array![[3.0, 0.0]])).to_array()
        });
        close(&y.unwrap(), &array![[2.0, 1.0]].into_dyn());
    }

    /// By hand, for a gradient `G` by the normalized kernel of only ones: equation 12 of the paper.
    fn gradient_of_ones() -> ArrayD<Float> {
        let (v, u) = (array![[3.0], [1.0]] / (10.0 as Float).sqrt(), array![[9.0, 1.0]]);
        let sum = 4.0 / sigma();
        ((1.0 - v.dot(&u) / (82.0 as Float).sqrt() * sum) / sigma()).into_dyn()
    }

    #[test]
    fn gradients_go_through_the_singular_value() {
        let layer = made();
        let gradient = tape::run(Mode::Training, || {
            let x = Var::from_array(&array![[1.0, 0.0], [0.0, 1.0]]);
            tape::backward(layer.call(x).sum()).take(&layer.layer.kernel)
        });
        let gradient = Array2::from_shape_vec((2, 2), gradient.unwrap().unwrap().to_vec()).unwrap();
        close(&gradient.into_dyn(), &gradient_of_ones());
    }

    #[test]
    fn a_second_call_goes_on_from_the_first() {
        let layer = made();
        let x = array![[1.0, 0.0], [0.0, 1.0]];
        let [first, second] = tape::run(Mode::Training, || {
            let x = Var::from_array(&x);
            [layer.call(x), layer.call(x)].map(Var::to_array)
        })
        .unwrap();
        let again = made();
        again.layer.kernel.set(&first).unwrap();
        again.vector_u.set(&(array![[9.0, 1.0]] / (82.0 as Float).sqrt())).unwrap();
        let expected = tape::run(Mode::Training, || again.call(Var::from_array(&x)).to_array());
        assert_ne!(first, second);
        close(&second, &expected.unwrap());
    }

    model! {
        struct Critic {
            x = Input(2);
            SpectralNormalization(Dense(2, use_bias = false), name = "inside")(x)
        }
    }

    fn critic() -> Critic {
        let net = Critic::new(0);
        net.inside.layer.kernel.set(&array![[3.0, 0.0], [0.0, 1.0]]).unwrap();
        net.inside.vector_u.set(&array![[1.0, 1.0]]).unwrap();
        net
    }

    #[test]
    fn a_trainer_stores_the_kernel_and_the_optimizer_goes_on_from_there() {
        assert_eq!(Critic::GRAPH.parameters(), Some(6));
        let mut trainer = critic().compile(SGD::new(0.5), "mse").unwrap();
        let x: Array2<Float> = array![[1.0, 0.0], [0.0, 1.0]];
        trainer.evaluate(&x, &x).unwrap();
        assert_eq!(trainer.model().inside.layer.kernel.get()[[0, 0]], 3.0);
        trainer.train_on_batch(&x, &x).unwrap();
        // For the unit matrix the gradient by K = W / σ of the mean of four squares is
        // (K - 1) / 2; that by W leaves out what changes only σ.
        let normalized = array![[3.0, 0.0], [0.0, 1.0]] / sigma();
        let gradient = (&normalized - &x) / 2.0;
        let (v, u) = (array![[3.0], [1.0]] / (10.0 as Float).sqrt(), array![[9.0, 1.0]]);
        let along = v.dot(&u) / (82.0 as Float).sqrt() * (&gradient * &normalized).sum();
        let expected = &normalized - (gradient - along) / sigma() * 0.5;
        close(&trainer.model().inside.layer.kernel.get(), &expected.into_dyn());
        let u = array![[9.0, 1.0]] / (82.0 as Float).sqrt();
        close(&trainer.model().inside.vector_u.get(), &u.into_dyn());
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        let net = critic();
        let kernel = net.inside.layer.kernel.share();
        let before = kernel.get();
        kernel.set_constraint(Some(Constraint::custom(|w| w / (w * 0.0))));
        let mut trainer = net.compile(SGD::new(0.5), "mse").unwrap();
        let x: Array2<Float> = array![[1.0, 0.0], [0.0, 1.0]];
        trainer.train_on_batch(&x, &x).unwrap_err();
        assert_eq!(kernel.get(), before);
        assert_eq!(trainer.model().inside.vector_u.get(), array![[1.0, 1.0]].into_dyn());
    }

    #[test]
    fn a_layer_without_a_kernel_is_an_error() {
        let layer = SpectralNormalization::new(Flatten::new());
        let result =
            tape::run(Mode::Inference, || layer.call(Var::from_array(&array![[1.0, 2.0]])).shape());
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("SpectralNormalization takes a layer with a weight"), "{text}");
    }
}
