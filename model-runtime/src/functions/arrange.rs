use model_spec::functions as spec;
use model_spec::{ArgValue, Tuple, resolve_axis};

use crate::float::Scalar;
use crate::layers::{accepts, list, samples, tuple};
use crate::ops::view::Reshape;
use crate::{Float, Var, Vars, tape};

/// What [`pad`] puts around a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PadMode {
    /// The same number everywhere.
    Constant,
    /// What lies behind the edge, as in a mirror on its last number.
    Reflect,
    /// The same, but the last number stands twice.
    Symmetric,
}

impl PadMode {
    fn word(self) -> ArgValue {
        ArgValue::Word(match self {
            PadMode::Constant => "constant",
            PadMode::Reflect => "reflect",
            PadMode::Symmetric => "symmetric",
        })
    }
}

/// Two axes, each in the place of the other.
#[track_caller]
pub fn swapaxes(x: Var, axis1: i64, axis2: i64) -> Var {
    let args = [ArgValue::Int(axis1), ArgValue::Int(axis2)];
    match accepts(&spec::swapaxes::ENTRY, &args, &[x]) {
        Ok(_) => x.swapaxes(axis1 as isize, axis2 as isize),
        Err(poison) => poison,
    }
}

/// Some axes in other places; the others keep their order.
#[track_caller]
pub fn moveaxis(x: Var, source: &[i64], destination: &[i64]) -> Var {
    match accepts(&spec::moveaxis::ENTRY, &[tuple(source), tuple(destination)], &[x]) {
        Ok(_) => x.moveaxis(&counted(source), &counted(destination)),
        Err(poison) => poison,
    }
}

/// Axes that count from 1, as the methods of `Var` take them, which count the samples' as 0.
fn counted(axes: &[i64]) -> Vec<isize> {
    axes.iter().map(|&axis| axis as isize).collect()
}

/// The value of each sample stretched to a shape: axes of size 1, and new ones before the others.
#[track_caller]
pub fn broadcast_to(x: Var, shape: &[i64]) -> Var {
    let to = match accepts(&spec::broadcast_to::ENTRY, &[tuple(shape)], &[x]) {
        Ok(values) => values.get(0).shape,
        Err(poison) => return poison,
    };
    // New axes stand between the samples and the others.
    let (count, from) = (samples(x), x.shape().without_first());
    let new = vec![1; to.rank() - from.rank()];
    let between = [&[count], new.as_slice(), from.dims()].concat();
    let x = tape::apply(Reshape(crate::Shape::new(&between)), &[x]);
    x.broadcast_to(to.with_first(count).dims())
}

/// The opposite order along these axes, all but the sample's where the list is empty.
#[track_caller]
pub fn flip(x: Var, axis: &[i64]) -> Var {
    if let Err(poison) = accepts(&spec::flip::ENTRY, &[list(axis)], &[x]) {
        return poison;
    }
    let axes: Vec<isize> = match axis {
        [] => (1..x.shape().rank() as isize).collect(),
        axes => counted(axes),
    };
    x.flip(&axes)
}

/// The numbers `shift` positions further on along these axes, those beyond the end at the start;
/// where the list is empty, the numbers of a sample are rolled as one line.
#[track_caller]
pub fn roll(x: Var, shift: i64, axis: &[i64]) -> Var {
    if let Err(poison) = accepts(&spec::roll::ENTRY, &[ArgValue::Int(shift), list(axis)], &[x]) {
        return poison;
    }
    let shift = shift as isize;
    if axis.is_empty() {
        return tape::apply(Reshape(x.shape()), &[x.flatten().roll(shift, 1)]);
    }
    counted(axis).into_iter().fold(x, |x, axis| x.roll(shift, axis))
}

/// Each position of an axis `repeats` times, one after the other; where the list is empty, the
/// numbers of a sample become one line.
#[track_caller]
pub fn repeat(x: Var, repeats: usize, axis: &[i64]) -> Var {
    let args = [ArgValue::Int(i64::try_from(repeats).unwrap_or(i64::MAX)), list(axis)];
    if let Err(poison) = accepts(&spec::repeat::ENTRY, &args, &[x]) {
        return poison;
    }
    match *axis {
        [axis] => x.repeat(repeats, axis as isize),
        _ => x.flatten().repeat(repeats, 1),
    }
}

/// The whole value of each sample several times along each axis; fewer numbers than axes are those
/// of the last axes.
#[track_caller]
pub fn tile(x: Var, repeats: &[i64]) -> Var {
    match accepts(&spec::tile::ENTRY, &[tuple(repeats)], &[x]) {
        Ok(_) => x.tile(&repeats.iter().map(|&n| n as usize).collect::<Vec<_>>()),
        Err(poison) => poison,
    }
}

/// More positions around a value: one number for all sides, two for before and after on all axes,
/// or two for each axis.
#[track_caller]
pub fn pad(x: Var, pad_width: &[i64], mode: PadMode, constant_values: Float) -> Var {
    let value = ArgValue::Float(constant_values.as_f64());
    if let Err(poison) = accepts(&spec::pad::ENTRY, &[tuple(pad_width), mode.word(), value], &[x]) {
        return poison;
    }
    let (shape, widths) = (x.shape().without_first(), Tuple::new(pad_width));
    // The rule has accepted the widths.
    let around = |axis| spec::pad::around(&widths, axis, &shape).unwrap_or((0, 0));
    let samples = (x.shape().rank() > 0).then_some((0, 0));
    let widths: Vec<_> = samples.into_iter().chain((0..shape.rank()).map(around)).collect();
    x.pad(&widths, mode, constant_values)
}

/// The numbers on and below diagonal `k` of the last two axes, zeros above; 1 is the diagonal above
/// the main one.
#[track_caller]
pub fn tril(x: Var, k: i64) -> Var {
    match accepts(&spec::tril::TRIL, &[ArgValue::Int(k)], &[x]) {
        Ok(_) => x.tril(k as isize),
        Err(poison) => poison,
    }
}

/// The numbers on and above diagonal `k` of the last two axes, zeros below.
#[track_caller]
pub fn triu(x: Var, k: i64) -> Var {
    match accepts(&spec::tril::TRIU, &[ArgValue::Int(k)], &[x]) {
        Ok(_) => x.triu(k as isize),
        Err(poison) => poison,
    }
}

/// The parts of an axis: one number is how many equal ones there are, several are the positions
/// where those after the first begin.
///
/// ```
/// use model_runtime::functions;
/// use model_runtime::prelude::*;
/// let left = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::array![[1.0, 2.0, 3.0, 4.0]]);
///     let [left, _right] = functions::split(x, &[2], -1).array();
///     left.to_array()
/// })?;
/// assert_eq!(left, ndarray::array![[1.0, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn split(x: Var, indices_or_sections: &[i64], axis: i64) -> Vars {
    let args = [tuple(indices_or_sections), ArgValue::Int(axis)];
    if let Err(poison) = accepts(&spec::split::ENTRY, &args, &[x]) {
        return poison.into();
    }
    let shape = x.shape().without_first();
    // The rule has accepted both.
    let at = resolve_axis("split", axis, &shape).unwrap_or(0);
    let numbers = Tuple::new(indices_or_sections);
    let (starts, count) = spec::split::starts(&numbers, &shape, at).unwrap_or(([0; 8], 1));
    x.split(&starts[1..count], axis as isize).into()
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;

    /// What becomes of two samples, `[[0, 1, 2], [3, 4, 5]]` and the same plus 6.
    fn run(step: impl FnOnce(Var) -> Var) -> ArrayD<Float> {
        let x = ndarray::Array3::from_shape_fn((2, 2, 3), |(b, i, j)| (b * 6 + i * 3 + j) as Float);
        let y = tape::run(Mode::Inference, || step(Var::from_array(&x)).to_array()).unwrap();
        y.index_axis_move(ndarray::Axis(0), 0)
    }

    #[test]
    fn the_sample_axis_stays() {
        assert_eq!(run(|x| flip(x, &[])), array![[5.0, 4.0, 3.0], [2.0, 1.0, 0.0]].into_dyn());
        assert_eq!(run(|x| flip(x, &[1])), array![[3.0, 4.0, 5.0], [0.0, 1.0, 2.0]].into_dyn());
        assert_eq!(run(|x| roll(x, 1, &[])), array![[5.0, 0.0, 1.0], [2.0, 3.0, 4.0]].into_dyn());
        assert_eq!(run(|x| roll(x, 1, &[1])), array![[3.0, 4.0, 5.0], [0.0, 1.0, 2.0]].into_dyn());
        assert_eq!(run(|x| repeat(x, 2, &[])).len(), 12);
        assert_eq!(run(|x| tile(x, &[2, 1])).shape(), [4, 3]);
        assert_eq!(run(|x| broadcast_to(x, &[5, 2, 3])).shape(), [5, 2, 3]);
        assert_eq!(run(|x| pad(x, &[1, 0, 0, 2], PadMode::Constant, 0.0)).shape(), [3, 5]);
        assert_eq!(run(|x| split(x, &[1, 2], -1)[2]), array![[2.0], [5.0]].into_dyn());
        assert_eq!(run(|x| split(x, &[2], 1)[0]), array![[0.0, 1.0, 2.0]].into_dyn());
        let lower = array![[0.0, 0.0, 0.0], [3.0, 4.0, 0.0]];
        assert_eq!(run(|x| tril(x, 0)), lower.into_dyn());
    }
}
