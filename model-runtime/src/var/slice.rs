use model_spec::{Shape, ShapeError, SliceItem, Text, Value};
use ndarray::SliceInfoElem;

use super::axes::checked;
use super::shape::bounded;
use crate::ops::strided::strides;
use crate::ops::view::View;
use crate::{Var, tape};

const HELP: &str = "the sample axis is named first: x.slice(s![.., ..5])";

impl Var {
    /// A part, chosen with ndarray's `s!`, sample axis first: `x.slice(s![.., ..5])` takes the
    /// first five features of each sample. Ranges, steps, positions (whose axis goes away),
    /// negative ones from the end, and `NewAxis`; axes that are not named are taken whole. What
    /// reaches beyond an axis is the step's error.
    #[track_caller]
    pub fn slice(self, info: impl AsRef<[SliceInfoElem]>) -> Var {
        checked(&[self], |shapes| {
            let view = view(info.as_ref(), &shapes[0])?;
            Ok(tape::apply(view, &[self]))
        })
    }
}

fn view(items: &[SliceInfoElem], shape: &Shape) -> Result<View, ShapeError> {
    check(items, shape)?;
    let from = strides(shape);
    let (mut dims, mut strides, mut start) = (Vec::new(), Vec::new(), 0);
    let mut axis = 0;
    for item in items {
        let dim = shape.dim(axis) as isize;
        let position = |at: isize| if at < 0 { at + dim } else { at };
        match *item {
            SliceInfoElem::NewAxis => {
                dims.push(1);
                strides.push(0);
                continue;
            }
            SliceInfoElem::Index(index) => start += position(index) * from[axis],
            SliceInfoElem::Slice { start: first, end, step } => {
                let (first, end) = (position(first), end.map_or(dim, position));
                let len = (end - first).max(0).unsigned_abs().div_ceil(step.unsigned_abs());
                // As in ndarray, a negative step goes from the end of the range to its start.
                let first = if step < 0 { end - 1 } else { first };
                start += if len > 0 { first * from[axis] } else { 0 };
                dims.push(len);
                // One number needs no step, which may then be larger than any axis.
                strides.push(if len > 1 { from[axis] * step } else { 0 });
            }
        }
        axis += 1;
    }
    dims.extend_from_slice(&shape.dims()[axis..]);
    strides.extend_from_slice(&from[axis..]);
    Ok(View { shape: bounded("slice", &dims)?, start, strides })
}

/// Refuses what reaches beyond an axis: by the rule of the catalogue, where it is not the sample's.
fn check(items: &[SliceInfoElem], shape: &Shape) -> Result<(), ShapeError> {
    if items.iter().any(|item| matches!(item, SliceInfoElem::Slice { step: 0, .. })) {
        return Err(ShapeError::new("the step of a slice is 0").help("write 1 or more, or -1"));
    }
    let mut rest = items.iter().filter(|item| !matches!(item, SliceInfoElem::NewAxis));
    if let Some(first) = rest.next() {
        if shape.rank() == 0 {
            return Err(ShapeError::new("a slice needs an axis, but the value is one number")
                .help("leave the slice out"));
        }
        samples(first, shape.dim(0) as isize)?;
    }
    let rest: Vec<SliceItem> = rest
        .map(|item| match *item {
            SliceInfoElem::Index(index) => SliceItem::Index(index as i64),
            SliceInfoElem::Slice { start, end, .. } => {
                SliceItem::Range(start as i64, end.map(|end| end as i64))
            }
            SliceInfoElem::NewAxis => SliceItem::Range(0, None),
        })
        .collect();
    let value = Value::new(shape.without_first());
    model_spec::slice(&rest, &[value]).map(|_| ()).map_err(|error| error.help(HELP))
}

fn samples(item: &SliceInfoElem, count: isize) -> Result<(), ShapeError> {
    let reaches = match *item {
        SliceInfoElem::Index(index) if index >= count || index < -count => Some(index),
        SliceInfoElem::Slice { start, end, .. } => {
            [start, end.unwrap_or(0)].into_iter().find(|&at| at > count || at < -count)
        }
        _ => None,
    };
    match reaches {
        Some(at) => Err(ShapeError::of(
            Text::new("the slice reaches ")
                .int(at as i64)
                .str(" on the axis of the samples, which has ")
                .int(count as i64),
        )
        .help(HELP)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, NewAxis, s};

    use super::*;
    use crate::{Float, Mode};

    fn x() -> Array3<Float> {
        Array3::from_shape_fn((3, 4, 5), |(i, j, k)| (i * 20 + j * 5 + k) as Float)
    }

    macro_rules! agrees {
        ($($info:expr),*) => {$(
            let ours = tape::run(Mode::Inference, || Var::from_array(&x()).slice($info).to_array());
            assert_eq!(ours.unwrap(), x().slice($info).to_owned().into_dyn());
        )*};
    }

    #[test]
    fn slices_are_those_of_ndarray() {
        let none = 3;
        agrees!(
            s![.., .., ..],
            s![1, .., ..],
            s![.., -1, 1..3],
            s![..;2, 1..4;2, ..;-1],
            s![.., NewAxis, 1..3;-2, 0],
            s![-2.., .., -3..-1],
            s![none.., .., ..],
            s![2, 3, 4]
        );
    }

    #[test]
    fn what_reaches_beyond_an_axis_is_an_error() {
        let error = |info: &[SliceInfoElem]| {
            let result = tape::run(Mode::Inference, || Var::from_array(&x()).slice(info).shape());
            result.unwrap_err().to_string()
        };
        let text = error(s![.., 4, ..].as_ref());
        assert!(
            text.starts_with("the slice reaches 4 on axis 1 of (4, 5), which has 4\n"),
            "{text}"
        );
        let text = error(s![3..7, .., ..].as_ref());
        assert!(text.starts_with("the slice reaches 7 on the axis of the samples"), "{text}");
        let text = error(s![.., 2..2].as_ref());
        assert!(text.starts_with("the slice of axis 1 of (4, 5) is empty\n"), "{text}");
        let step = |step| [SliceInfoElem::Slice { start: 0, end: None, step }];
        let text = error(&step(0));
        assert!(text.starts_with("the step of a slice is 0\n"), "{text}");
        for far in [isize::MAX, isize::MIN] {
            let result =
                tape::run(Mode::Inference, || Var::from_array(&x()).slice(step(far)).to_array());
            assert_eq!(result.unwrap(), x().slice(s![..;far, .., ..]).to_owned().into_dyn());
        }
        let text = error(s![.., .., .., 0].as_ref());
        assert!(text.starts_with("the slice names 3 axes, but (4, 5) has 2\n"), "{text}");
    }
}
