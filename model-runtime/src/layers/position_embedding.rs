use model_spec::layers::position_embedding::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::windows::{penalize, ready};
use crate::ops::view::View;
use crate::share::share;
use crate::{Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor, tape};

/// A vector for each position of a sequence, learned, whatever stands there: added to a sequence,
/// it tells attention where what it sees stands (Gehring et al., 2017); [KerasHub's
/// `PositionEmbedding`](https://keras.io/keras_hub/api/modeling_layers/position_embedding/).
///
/// - Input: `(samples, t, n)`, with `t` at most `sequence_length`. Output: the same shape, the
///   first `t` vectors for every sample, with the mask of the input. Written `x = x +
///   PositionEmbedding(64)(x);`.
/// - Weights: `position_embeddings` `(sequence_length, n)`, Glorot uniform by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = PositionEmbedding::new(8);
/// layer.init(Seed::new(0), &[Value::float(&[5, 2])]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::Array3::zeros((1, 5, 2)))).to_array()
/// })?;
/// assert_eq!(y.shape(), [1, 5, 2]);
/// assert_eq!(y[[0, 4, 1]], layer.position_embeddings.get()[[4, 1]]);
/// # Ok::<(), Error>(())
/// ```
///
/// With a start and a penalty of one's own:
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! {
///     x = Input(5, 2);
///     PositionEmbedding(8, initializer = ones, regularizer = l1(0.01))(x)
/// };
/// let x = ndarray::Array3::<f32>::ones((1, 5, 2));
/// // The penalty is on all 8 positions, two numbers each, of which the mean error is 0.
/// assert!((net.compile("sgd", "mse")?.evaluate(&x, &x)?["loss"] - 0.16).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct PositionEmbedding {
    /// The vectors, `(sequence_length, n)`.
    pub position_embeddings: Parameter,
    sequence_length: usize,
    initializer: Initializer,
    regularizer: Option<Regularizer>,
}

share!(PositionEmbedding: position_embeddings; sequence_length, initializer, regularizer);

impl PositionEmbedding {
    /// A layer with a vector for each of so many positions, without weights until [`Layer::init`].
    pub fn new(sequence_length: usize) -> PositionEmbedding {
        PositionEmbedding {
            position_embeddings: Parameter::unset(),
            sequence_length,
            initializer: Initializer::GlorotUniform,
            regularizer: None,
        }
    }

    /// How the vectors start; Glorot uniform by default.
    pub fn initializer(mut self, initializer: Initializer) -> PositionEmbedding {
        self.initializer = initializer;
        self
    }

    /// A penalty on the vectors, added to the loss.
    pub fn regularizer(mut self, regularizer: Regularizer) -> PositionEmbedding {
        self.regularizer = Some(regularizer);
        self
    }

    /// The vectors of the positions of `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let table = &self.position_embeddings;
        match ready(&ENTRY, &self.args(), inputs, &[("position_embeddings", table)]) {
            Ok(shape) => {
                penalize(&self.regularizer, table);
                // The same numbers for every sample.
                let strides = vec![0, shape.dim(2) as isize, 1];
                let vectors = tape::apply(View { shape, start: 0, strides }, &[table.var()]);
                inputs[0].mask().map_or(vectors, |mask| tape::set_mask(vectors, mask))
            }
            Err(poison) => poison,
        }
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 1] {
        [ArgValue::Int(self.sequence_length as i64)]
    }
}

impl Layer for PositionEmbedding {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = (ENTRY.weights)(&Config::new(&self.args()), inputs);
        for &(name, shape) in weights.as_slice() {
            self.position_embeddings = self.initializer.parameter(&seed.child(name), shape);
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("position_embeddings", &self.position_embeddings);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;

    use super::*;
    use crate::{Float, Mode};

    #[test]
    fn a_position_gets_the_gradient_of_all_samples() {
        let mut layer = PositionEmbedding::new(3);
        layer.init(Seed::new(0), &[Value::float(&[2, 1])]);
        let gradient = tape::run(Mode::Training, || {
            let x = Var::from_array(&Array3::<Float>::ones((4, 2, 1)));
            tape::backward(layer.call(x).sum()).take(&layer.position_embeddings)
        });
        assert_eq!(gradient.unwrap(), Some(vec![4.0, 4.0, 0.0].into()));
    }

    #[test]
    fn the_mask_is_that_of_the_input() {
        let mut layer = PositionEmbedding::new(3);
        layer.init(Seed::new(0), &[Value::float(&[2, 1])]);
        let mask = ndarray::array![[1.0, 0.0]];
        let kept = tape::run(Mode::Inference, || {
            let x = Var::from_array(&Array3::<Float>::ones((1, 2, 1)));
            layer.call(x.with_mask(Var::from_array(&mask))).mask().map(Var::to_array)
        });
        assert_eq!(kept, Ok(Some(mask.into_dyn())));
    }

    #[test]
    fn a_sequence_that_is_too_long_is_an_error() {
        let mut layer = PositionEmbedding::new(3);
        layer.init(Seed::new(0), &[Value::float(&[2, 1])]);
        let result = tape::run(Mode::Inference, || {
            layer.call(Var::from_array(&Array3::<Float>::ones((1, 4, 1)))).shape()
        });
        let text = result.unwrap_err().to_string();
        assert!(text.contains("a vector for 3 positions, but the input has 4"), "{text}");
    }
}
