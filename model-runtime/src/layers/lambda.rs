use std::fmt;
use std::sync::Arc;

use model_spec::layers::lambda::{self, ENTRY};
use model_spec::{ArgValue, Shape, Value};

use super::support::samples;
use super::{accepts, tuple};
use crate::{Layer, Seed, Var, Vars, tape};

/// A closure as a layer; [Keras's `Lambda`](https://keras.io/api/layers/core_layers/lambda/).
///
/// - Inputs: as many as the closure takes, 1 to 4, each `(samples, …)`.
/// - Output: `(samples, output_shape…)`; the shape of the only input where none is declared.
///
/// The closure sees the sample axis first. What it returns is checked.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{array, s};
/// let half = Lambda::new(|x: Var| x.slice(s![.., ..2])).output_shape(&[2]);
/// let y = tape::run(Mode::Inference, || {
///     half.call(&[Var::from_array(&array![[1.0, 2.0, 3.0, 4.0]])]).to_array()
/// })?;
/// assert_eq!(y, array![[1.0, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Lambda {
    function: Arc<Function>,
    arity: usize,
    output_shape: Option<Vec<usize>>,
    /// Where the layer stands in its model, for errors.
    path: String,
}

type Function = dyn Fn(&[Var]) -> Var + Send + Sync;

/// A closure or function of 1 to 4 values that returns one; `Args` is the tuple of what it takes.
pub trait LambdaFn<Args>: Send + Sync + 'static {
    /// How many values it takes.
    const ARITY: usize;

    /// Calls it with [`LambdaFn::ARITY`] values.
    ///
    /// # Panics
    /// If there are fewer.
    fn call(&self, inputs: &[Var]) -> Var;
}

macro_rules! lambda_fn {
    ($($arity:literal: $($index:literal $var:ident),+;)*) => {$(
        impl<F: Fn($($var),+) -> Var + Send + Sync + 'static> LambdaFn<($($var,)+)> for F {
            const ARITY: usize = $arity;

            fn call(&self, inputs: &[Var]) -> Var {
                self($(inputs[$index]),+)
            }
        }
    )*};
}

lambda_fn! {
    1: 0 Var;
    2: 0 Var, 1 Var;
    3: 0 Var, 1 Var, 2 Var;
    4: 0 Var, 1 Var, 2 Var, 3 Var;
}

impl Lambda {
    /// The closure as a layer.
    pub fn new<Args, F: LambdaFn<Args>>(function: F) -> Lambda {
        Lambda {
            function: Arc::new(move |inputs: &[Var]| function.call(inputs)),
            arity: F::ARITY,
            output_shape: None,
            path: String::new(),
        }
    }

    /// The shape that comes out, without the sample axis; a size may be [`Shape::ANY`].
    pub fn output_shape(mut self, output_shape: &[usize]) -> Lambda {
        self.output_shape = Some(output_shape.to_vec());
        self
    }

    /// The output for these inputs.
    #[track_caller]
    pub fn call(&self, inputs: &[Var]) -> Var {
        let declared = self.output_shape.as_ref().map_or(ArgValue::Unset, |dims| {
            let size = |&dim| if dim == Shape::ANY { -1 } else { dim as i64 };
            tuple(&dims.iter().map(size).collect::<Vec<_>>())
        });
        let expected = match accepts(&ENTRY, &[ArgValue::Rust, declared], inputs) {
            Ok(values) => values.get(0).shape,
            Err(poison) => return poison,
        };
        let values = crate::var::values(inputs);
        if let Err(error) = lambda::arity(&self.path, self.arity, &values) {
            return tape::fail_shape(error, inputs);
        }
        let result = (self.function)(inputs);
        if result.is_poison() {
            return result;
        }
        let (shape, count) = (result.shape(), inputs.iter().map(|x| samples(*x)).max());
        let count = count.unwrap_or(1);
        if shape.rank() == 0 || shape.dim(0) != count {
            let got = (shape.rank() > 0).then(|| shape.dim(0));
            return tape::fail_shape(lambda::samples(&self.path, got, count), inputs);
        }
        let got = shape.without_first();
        if !expected.fits(&got) {
            let declared = self.output_shape.is_some().then_some(&expected);
            let error = lambda::returned(&self.path, declared, &got, &values);
            return tape::fail_shape(error, inputs);
        }
        result
    }
}

impl Layer for Lambda {
    fn init(&mut self, seed: Seed, _inputs: &[Value]) {
        seed.path().clone_into(&mut self.path);
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.call(inputs).into()
    }
}

impl fmt::Debug for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Lambda");
        debug.field("arity", &self.arity).field("output_shape", &self.output_shape);
        debug.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, s};

    use super::*;
    use crate::{Float, Mode};

    fn run(mut lambda: Lambda, inputs: usize) -> Result<Shape, String> {
        lambda.init(Seed::new(0).child("half"), &[]);
        let step = || {
            let x = Var::from_array(&Array2::<Float>::ones((3, 10)));
            lambda.call(&vec![x; inputs]).shape()
        };
        tape::run(Mode::Inference, step).map_err(|error| error.to_string())
    }

    fn twice(x: Var) -> Var {
        x * 2
    }

    #[test]
    fn closures_and_functions_are_layers() {
        assert_eq!(run(Lambda::new(twice), 1), Ok(Shape::new(&[3, 10])));
        let sum = Lambda::new(|a: Var, b: Var| a + b).output_shape(&[10]);
        assert_eq!(run(sum, 2), Ok(Shape::new(&[3, 10])));
        let four = Lambda::new(|a: Var, _: Var, _: Var, d: Var| a + d).output_shape(&[Shape::ANY]);
        assert_eq!(run(four, 4), Ok(Shape::new(&[3, 10])));
    }

    #[test]
    fn what_a_closure_returns_is_checked() {
        let starts = |lambda: Lambda, inputs: usize, sentence: &str| {
            let text = run(lambda, inputs).unwrap_err();
            assert!(text.starts_with(sentence), "{text}");
        };
        let half = |x: Var| x.slice(s![.., ..5]);
        starts(
            Lambda::new(half).output_shape(&[6]),
            1,
            "Lambda half declared output_shape (6), but returned (5) for an input of (10)\n",
        );
        starts(Lambda::new(half), 1, "Lambda half declared no output_shape, so the shape stays");
        starts(Lambda::new(half).output_shape(&[5]), 2, "Lambda half takes 1 input, but got 2\n");
        starts(Lambda::new(|a: Var, b: Var| a + b), 1, "Lambda half takes 2 inputs, but got 1\n");
        starts(Lambda::new(|x: Var| x.sum()), 1, "Lambda half must return one result for each");
        starts(
            Lambda::new(|x: Var| x.slice(s![0..1, ..])),
            1,
            "Lambda half must return one result for each sample, but returned 1 for 3 samples\n",
        );
        // The closure's own mistake comes first.
        starts(Lambda::new(|x: Var| x.reshape(&[7])), 1, "reshape([7]) needs 7 numbers");
    }
}
