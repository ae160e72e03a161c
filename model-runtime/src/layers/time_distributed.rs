use model_spec::layers::time_distributed::{self, ENTRY};
use model_spec::{ArgValue, Config, Shape, Value};

use super::accepts;
use crate::share::share;
use crate::var::values;
use crate::{Layer, Seed, Var, Vars, Visitor, tape};

/// A layer at each position of a sequence, with the same weights;
/// [Keras's `TimeDistributed`](https://keras.io/api/layers/recurrent_layers/time_distributed/).
///
/// - Argument: the layer, or a model with one input and output; in a model also a chain or a
///   container, `TimeDistributed([Conv2D(8, 3), Flatten(), Dense(10)])`.
/// - Input: `(samples, steps, …)`. Output: `(samples, steps, …)`, what the layer makes of
///   `(samples,
///   …)` at each step. A mask stays.
/// - Weights: those of the layer, as `layer`.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = TimeDistributed::new(Dense::new(3));
/// layer.init(Seed::new(0), &[Value::float(&[5, 2])]);
/// let shape = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::Array3::zeros((1, 5, 2)))).shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 3]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct TimeDistributed<L> {
    /// The layer inside.
    pub layer: L,
}

share!(TimeDistributed<L>: layer;);

impl<L: Layer> TimeDistributed<L> {
    /// This layer at each position.
    pub fn new(layer: L) -> TimeDistributed<L> {
        TimeDistributed { layer }
    }

    /// The output for `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        if let Err(poison) = accepts(&ENTRY, &[ArgValue::Rust], &[x]) {
            return poison;
        }
        let shape = x.shape();
        let (samples, steps) = (shape.dim(0), shape.dim(1));
        let each = shape.without_first().with(0, samples * steps);
        let inside = self.layer.call(&[reshape(x.drop_mask(), each)]).one();
        let of_inside = inside.shape();
        if inside.is_poison() {
            return inside;
        }
        let config = Config::new(&[]);
        let outcome = time_distributed::outer(&config, &values(&[x]), &values(&[inside]));
        let rank = match outcome {
            Ok(outputs) => outputs.get(0).shape.rank(),
            Err(error) => return tape::fail_shape(error, &[x, inside]),
        };
        if of_inside.rank() != rank || of_inside.dim(0) != samples * steps {
            return tape::fail_shape(
                model_spec::ShapeError::new(
                    "TimeDistributed: the layer inside does not keep the samples apart",
                )
                .help("its output begins with the sample axis, as its input does"),
                &[x, inside],
            );
        }
        let y = reshape(inside, of_inside.with(0, steps).with_first(samples));
        match x.mask() {
            Some(mask) => tape::set_mask(y, mask),
            None => y,
        }
    }
}

#[track_caller]
fn reshape(x: Var, shape: Shape) -> Var {
    tape::apply(crate::ops::view::Reshape(shape), &[x])
}

impl<L: Layer> Layer for TimeDistributed<L> {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        // What does not fit has no weights, which `call` reports.
        if let Ok(given) = time_distributed::rule(&Config::new(&[]), inputs) {
            self.layer.init(seed.child("layer"), given.as_slice());
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        match accepts(&ENTRY, &[ArgValue::Rust], inputs) {
            Ok(_) => TimeDistributed::call(self, inputs[0]).into(),
            Err(poison) => poison.into(),
        }
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.child("layer", &self.layer);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, Array4, array};

    use super::*;
    use crate::{Conv1D, Dense, Float, Mode};

    #[test]
    fn each_position_is_computed_alone() {
        let mut dense = TimeDistributed::new(Dense::new(2));
        dense.init(Seed::new(3), &[Value::float(&[3, 2])]);
        let x = array![[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]];
        tape::run(Mode::Inference, || {
            let all = dense.call(Var::from_array(&x)).to_array();
            for step in 0..3 {
                let row = x.index_axis(ndarray::Axis(1), step).to_owned();
                let alone = dense.layer.call(Var::from_array(&row)).to_array();
                assert_eq!(all.index_axis(ndarray::Axis(1), step), alone);
            }
        })
        .unwrap();
    }

    #[test]
    fn a_layer_over_an_axis_of_each_position() {
        let mut conv = TimeDistributed::new(Conv1D::new(4, &[3]));
        conv.init(Seed::new(3), &[Value::float(&[2, 7, 5])]);
        let shape = tape::run(Mode::Inference, || {
            let x = Array4::<Float>::ones((3, 2, 7, 5));
            conv.call(Var::from_array(&x)).shape()
        });
        assert_eq!(shape, Ok(Shape::new(&[3, 2, 5, 4])));
    }

    #[test]
    fn a_mask_stays() {
        let layer = TimeDistributed::new(crate::Flatten::new());
        let mask = tape::run(Mode::Inference, || {
            let x = Var::from_array(&Array3::<Float>::ones((1, 2, 3)));
            let x = x.with_mask(Var::from_array(&array![[1.0, 0.0]]));
            layer.call(x).mask().map(Var::to_array)
        });
        assert_eq!(mask, Ok(Some(array![[1.0, 0.0]].into_dyn())));
    }
}
