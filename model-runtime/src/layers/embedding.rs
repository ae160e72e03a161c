use std::panic::Location;

use model_spec::layers::embedding::ENTRY;
use model_spec::{ArgValue, Kind, Value};

use super::affine::needed;
use super::samples;
use super::support::ready_for;
use super::windows::penalize;
use crate::ops::rows::Rows;
use crate::pool::{self, Buffer};
use crate::share::share;
use crate::tensor::Tensor;
use crate::{
    Constraint, Error, Float, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor,
    tape,
};

/// For each index the row of a table: `embeddings[x]`;
/// [Keras's `Embedding`](https://keras.io/api/layers/core_layers/embedding/).
///
/// In a model its input is declared as one of indices: `words = Input(5, dtype = int32)`. An index
/// that is not a whole number below `input_dim` is the step's error. With `mask_zero` the output
/// carries a mask: 0 where the index is 0.
///
/// - Input: `(samples, …)`, indices. Output: `(samples, …, output_dim)`.
/// - Weights: `embeddings` `(input_dim, output_dim)`, uniform from -0.05 to 0.05 by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! {
///     words = Input(3, dtype = int32);
///     Embedding(1000, 8)(words)
/// };
/// let y = net.predict(&ndarray::array![[7, 0, 999]])?;
/// assert_eq!(y.shape(), [1, 3, 8]);
/// # Ok::<(), Error>(())
/// ```
///
/// The mask of `mask_zero` leaves out what is padded, here of a mean; the constraint
/// keeps the vector of each word as long as 1:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     words = Input(3, dtype = int32);
///     x = Embedding(10, 4, embeddings_initializer = ones, embeddings_regularizer = l2(0.01),
///         embeddings_constraint = unit_norm(axis = 1), mask_zero = true)(words);
///     GlobalAveragePooling1D()(x)
/// };
/// let mut trainer = net.compile(SGD::new(0.1), "mse")?;
/// let (words, y) = (array![[7, 0, 0]], array![[1.0, 1.0, 1.0, 1.0]]);
/// // 40 numbers of the table are 1, and so is the mean of the only word.
/// assert!((trainer.evaluate(&words, &y)?["loss"] - 0.4).abs() < 1e-6);
/// trainer.train_on_batch(&words, &y)?;
/// let table = &trainer.model().get_weights()[0];
/// for vector in table.rows() {
///     assert!((vector.dot(&vector) - 1.0).abs() < 1e-5);
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Embedding {
    /// The table, `(input_dim, output_dim)`.
    pub embeddings: Parameter,
    input_dim: usize,
    output_dim: usize,
    embeddings_initializer: Initializer,
    embeddings_regularizer: Option<Regularizer>,
    embeddings_constraint: Option<Constraint>,
    mask_zero: bool,
}

share!(
    Embedding: embeddings;
    input_dim, output_dim, embeddings_initializer, embeddings_regularizer,
    embeddings_constraint, mask_zero
);

impl Embedding {
    /// A table of this many rows and columns, without numbers until [`Layer::init`].
    pub fn new(input_dim: usize, output_dim: usize) -> Embedding {
        Embedding {
            embeddings: Parameter::unset(),
            input_dim,
            output_dim,
            embeddings_initializer: Initializer::RandomUniform(-0.05, 0.05),
            embeddings_regularizer: None,
            embeddings_constraint: None,
            mask_zero: false,
        }
    }

    /// How the table starts; uniform from -0.05 to 0.05 by default.
    pub fn embeddings_initializer(mut self, initializer: Initializer) -> Embedding {
        self.embeddings_initializer = initializer;
        self
    }

    /// A penalty on the table, added to the loss.
    pub fn embeddings_regularizer(mut self, regularizer: Regularizer) -> Embedding {
        self.embeddings_regularizer = Some(regularizer);
        self
    }

    /// What is made of the table after each update.
    pub fn embeddings_constraint(mut self, constraint: Constraint) -> Embedding {
        self.embeddings_constraint = Some(constraint);
        self
    }

    /// Whether the index 0 stands for what is not there, and is masked; no by default.
    pub fn mask_zero(mut self, mask_zero: bool) -> Embedding {
        self.mask_zero = mask_zero;
        self
    }

    /// The rows for the indices `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    fn args(&self) -> [ArgValue; 6] {
        [
            ArgValue::Int(self.input_dim as i64),
            ArgValue::Int(self.output_dim as i64),
            ArgValue::Unset,
            ArgValue::Unset,
            ArgValue::Unset,
            ArgValue::Bool(self.mask_zero),
        ]
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let has = [("embeddings", self.embeddings.shape())];
        let args = self.args();
        let values = match ready_for(Kind::Index, &ENTRY, &args, inputs, &has) {
            Ok(values) => values,
            Err(poison) => return poison,
        };
        let indices = match self.indices(inputs[0]) {
            Ok(indices) => indices,
            Err(error) => return tape::fail(error),
        };
        let output = values.get(0).shape.with_first(samples(inputs[0]));
        penalize(&self.embeddings_regularizer, &self.embeddings);
        let mask = indices.iter().map(|i| if *i == 0 { 0.0 } else { 1.0 }).collect();
        let y = tape::apply(Rows { indices, output }, &[self.embeddings.var()]);
        if !self.mask_zero {
            return y;
        }
        tape::set_mask(y, tape::constant(Tensor::of(inputs[0].shape(), mask)))
    }

    /// The numbers as indices, if they are.
    #[track_caller]
    fn indices(&self, x: Var) -> Result<Buffer<usize>, Error> {
        let x = x.tensor();
        let location = Location::caller();
        let of_sample = (x.len() / x.shape().dims().first().map_or(1, |n| (*n).max(1))).max(1);
        let mut indices = pool::empty(x.len());
        for (at, &value) in x.data().iter().enumerate() {
            // A number that is none of them, such as NaN, becomes one that differs from it.
            let index = value as usize;
            if index >= self.input_dim || index as Float != value {
                let (sample, rows) = (at / of_sample, self.input_dim);
                return Err(Error::IndexOutOfRange { sample, value, rows, location });
            }
            indices.push(index);
        }
        Ok(indices)
    }
}

impl Layer for Embedding {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        for &(name, shape) in needed(&ENTRY, &self.args(), inputs).as_slice() {
            let table = self.embeddings_initializer.parameter(&seed.child(name), shape);
            self.embeddings = table.constrained(self.embeddings_constraint.as_ref());
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("embeddings", &self.embeddings);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use crate::prelude::*;

    #[test]
    fn an_index_out_of_range_is_an_error_that_names_sample_and_value() {
        let net = model! { words = Input(2, dtype = int32); Embedding(3, 4)(words) };
        let error = net.predict(&array![[0, 1], [2, 3]]).unwrap_err().to_string();
        let start = "Embedding has the rows 0 to 2, but got the index 3 in sample 1\n";
        assert!(error.starts_with(start), "{error}");
        for wrong in [-1.0, 0.5, Float::NAN, Float::INFINITY] {
            let step = || net.embedding.call(Var::from_array(&array![[wrong]])).shape();
            let error = tape::run(Mode::Training, step).unwrap_err();
            assert!(matches!(error, Error::IndexOutOfRange { sample: 0, .. }), "{error}");
        }
    }

    #[test]
    fn the_index_0_is_masked_where_it_is_asked_for() {
        let net = model! {
            words = Input(3, dtype = int32);
            GlobalAveragePooling1D()(Embedding(5, 2, mask_zero = true)(words))
        };
        let y = net.predict(&array![[3, 4, 0]]).unwrap();
        let table = net.embedding.embeddings.get();
        let mean = |column| (table[[3, column]] + table[[4, column]]) / 2.0;
        assert!((y[[0, 0]] - mean(0)).abs() + (y[[0, 1]] - mean(1)).abs() < 1e-6);
    }

    #[test]
    fn words_are_learned() {
        let net = model! {
            words = Input(2, dtype = int32);
            Dense(1)(Flatten()(Embedding(4, 3)(words)))
        };
        let x = array![[0, 1], [1, 2], [2, 3], [3, 0]];
        let y = array![[1.0], [-1.0], [2.0], [0.5]];
        let mut trainer = net.compile(Adam::new(0.05), "mse").unwrap();
        let history = trainer.fit(&x, &y, Fit::epochs(300).verbose(0)).unwrap();
        assert!(history["loss"][299] < 1e-3, "{}", history["loss"][299]);
    }
}
