//! `conv(x, kernel, strides = 1, padding = valid, dilation_rate = 1)`: a value that slides over a
//! sequence or an image as a kernel. <https://keras.io/api/ops/nn/#conv-function>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::convolution::{convolved, ones};
use crate::rules::{any_poison, attempt, count};
use crate::words::PADDING;
use crate::{ArgValue, Config, Shape, ShapeError, Text, Tuple, Value, Values, require_float};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "conv",
    "functions::conv",
    Inputs::Exactly(2),
    &[
        ones("strides"),
        Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
        ones("dilation_rate"),
    ],
    rule,
);

const STRIDES: usize = 0;
const PADDINGS: usize = 1;
const DILATION_RATE: usize = 2;

/// What a layer with this kernel makes of the value. A kernel is `(size, channels / groups,
/// filters)` for a sequence, `(height, width, channels / groups, filters)` for an image.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("conv", inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(require_float("conv", &inputs[1]));
    let (x, kernel) = (inputs[0].shape, inputs[1].shape);
    let axes = x.rank().saturating_sub(1);
    if axes < 1 || axes > 2 || kernel.rank() != axes + 2 {
        let text =
            Text::new("conv takes a sequence (steps, channels) or an image (height, width, ");
        let text = text.str("channels), and a kernel with one axis more, but got ");
        return Err(ShapeError::of(text.shape(&x).str(" and ").shape(&kernel))
            .help("a kernel is (size, channels, filters) or (height, width, channels, filters)"));
    }
    if !kernel.is_known() {
        let text = Text::new("conv needs all sizes of the kernel, but there is _ in ");
        return Err(ShapeError::of(text.shape(&kernel)).help("make a kernel of known sizes"));
    }
    let groups = attempt!(groups(&x, &kernel));
    let mut size = [1; 2];
    let mut axis = 0;
    while axis < axes {
        size[axis] = kernel.dim(axis) as i64;
        axis += 1;
    }
    let layer = [
        ArgValue::Int(kernel.last() as i64),
        ArgValue::Tuple(Tuple::new(size.split_at(axes).0)),
        config.get(STRIDES),
        config.get(PADDINGS),
        config.get(DILATION_RATE),
        ArgValue::Int(groups as i64),
    ];
    let (layer, x) = (Config::new(&layer), inputs.split_at(1).0);
    if axes == 1 { convolved::<1>("conv", &layer, x) } else { convolved::<2>("conv", &layer, x) }
}

/// In how many groups the channels are, of which a kernel sees one each.
pub const fn groups(x: &Shape, kernel: &Shape) -> Result<usize, ShapeError> {
    let (channels, seen) = (x.last(), kernel.dim(kernel.rank() - 2));
    // Channels that are not known are refused as those of a layer are.
    if channels == Shape::ANY {
        return Ok(1);
    }
    if seen > 0 && channels.is_multiple_of(seen) && channels > 0 {
        return Ok(channels / seen);
    }
    let text = Text::new("conv: the kernel ").shape(kernel).str(" sees ").dim(seen);
    let text = text.str(" channels, which do not divide the ").dim(channels).str(" of ").shape(x);
    Err(ShapeError::of(text)
        .help("the axis before the last of a kernel is as long as there are channels"))
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn a_kernel_slides_as_that_of_a_layer() {
        check(
            rule,
            &[
                (&[], &[f(&[7, 4]), f(&[3, 4, 6])], Ok(&[5, 6])),
                (&[], &[f(&[7, 5, 4]), f(&[3, 2, 2, 6])], Ok(&[5, 4, 6])),
                (&[Int(2), Word("same")], &[f(&[7, 5, 4]), f(&[3, 2, 4, 6])], Ok(&[4, 3, 6])),
                (
                    &[tuple(&[1, 2]), Word("valid"), tuple(&[2, 1])],
                    &[f(&[7, Shape::ANY, 4]), f(&[3, 2, 4, 6])],
                    Ok(&[3, Shape::ANY, 6]),
                ),
                (
                    &[],
                    &[f(&[7]), f(&[3, 1])],
                    Err("conv takes a sequence (steps, channels) or an image (height, width, \
                         channels), and a kernel with one axis more, but got (7) and (3, 1)"),
                ),
                (
                    &[],
                    &[f(&[7, 3]), f(&[3, 2, 4])],
                    Err("conv: the kernel (3, 2, 4) sees 2 channels, which do not divide the 3 \
                         of (7, 3)"),
                ),
                (
                    &[],
                    &[f(&[7, 4]), f(&[3, 2, 5])],
                    Err("conv: groups = 2 does not divide the 5 filters"),
                ),
                (
                    &[],
                    &[f(&[7, 4]), f(&[Shape::ANY, 4, 5])],
                    Err("conv needs all sizes of the kernel, but there is _ in (_, 4, 5)"),
                ),
                (
                    &[],
                    &[f(&[7, Shape::ANY]), f(&[3, 4, 5])],
                    Err("conv needs to know the number of channels, and it is `_` in (7, _)"),
                ),
                (
                    &[],
                    &[f(&[2, 4]), f(&[3, 4, 5])],
                    Err("conv: the kernel (3) is larger than the sequence (2)"),
                ),
                (
                    &[],
                    &[f(&[7, 4]), Value::index(&[3, 4, 5])],
                    Err("conv computes with numbers, but the input is an index (dtype = int32)"),
                ),
            ],
        );
    }
}
