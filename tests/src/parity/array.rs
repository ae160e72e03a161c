//! Arrays of the reference, and how far from them others are.

use model_runtime::prelude::*;
use ndarray::{ArrayD, IxDyn};
use serde_json::Value as Json;

/// Numbers of the reference.
#[derive(Clone, Debug)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
    /// Whether they are indices.
    pub index: bool,
}

/// Differences are relative to the largest number of an array, or to this where that is smaller:
/// some gradients are zero by algebra, and rounding makes them something else.
const SMALLEST_SCALE: f64 = 0.01;

impl Array {
    /// Reads `{"shape": …, "values": …}`; with `"one": n`, the values are in units of 1 / n.
    pub fn from_json(json: &Json) -> Result<Array, String> {
        let list = |name| json.get(name).and_then(Json::as_array);
        let (Some(shape), Some(values)) = (list("shape"), list("values")) else {
            return Err(format!("no array: {json}"));
        };
        let one = json.get("one").and_then(Json::as_f64).unwrap_or(1.0);
        let shape: Option<Vec<usize>> =
            shape.iter().map(|n| n.as_u64().map(|n| n as usize)).collect();
        let values: Option<Vec<f64>> = values.iter().map(|x| x.as_f64().map(|x| x / one)).collect();
        let (shape, values) = shape.zip(values).ok_or_else(|| format!("no array: {json}"))?;
        let index = json.get("index").is_some();
        Ok(Array { shape, values, index })
    }

    /// Reads what may be missing.
    pub fn optional(json: Option<&Json>) -> Result<Option<Array>, String> {
        json.filter(|json| !json.is_null()).map(Array::from_json).transpose()
    }

    pub fn floats(&self) -> ArrayD<Float> {
        let values = self.values.iter().map(|x| *x as Float).collect();
        ArrayD::from_shape_vec(IxDyn(&self.shape), values)
            .expect("an array of the reference has the numbers that its shape says")
    }

    /// What the shape rules see.
    pub fn value(&self) -> Value {
        let dims = self.shape.get(1..).unwrap_or_default();
        if self.index { Value::index(dims) } else { Value::float(dims) }
    }

    /// The largest difference, relative to the largest number here.
    ///
    /// # Errors
    /// Another shape.
    pub fn error(&self, what: &str, got: &ArrayD<Float>) -> Result<f64, String> {
        if got.shape() != self.shape {
            return Err(format!("{what} is {:?}, but Keras's is {:?}", got.shape(), self.shape));
        }
        let scale = self.values.iter().fold(SMALLEST_SCALE, |most, x| most.max(x.abs()));
        let far = |(x, y): (&Float, &f64)| {
            let far = (wide(*x) - y).abs() / scale;
            if far.is_nan() { f64::INFINITY } else { far }
        };
        Ok(got.iter().zip(&self.values).map(far).fold(0.0, f64::max))
    }
}

/// A number as `f64`.
#[allow(clippy::unnecessary_cast, reason = "`Float` is f64 with the feature `f64`")]
pub fn wide(x: Float) -> f64 {
    x as f64
}
