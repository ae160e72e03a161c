//! What the rules of convolutions share. `N` is the number of axes before the channels.

use crate::catalogue::{Arg, ArgKind};
use crate::image::{Places, channels, input, numbers, slid, windows};
use crate::rules::{attempt, result, size};
use crate::window::Window;
use crate::words::{ACTIVATION, CONSTRAINT, INITIALIZER, REGULARIZER};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights};

/// The argument `activation`.
pub(crate) const ACTIVATION_ARG: Arg =
    Arg::new("activation", ArgKind::Word(&ACTIVATION), ArgValue::Word("linear"));
/// The argument `use_bias`.
pub(crate) const USE_BIAS_ARG: Arg = Arg::new("use_bias", ArgKind::Bool, ArgValue::Bool(true));

/// An argument that is a list of sizes, 1 by default.
pub(crate) const fn ones(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Ints, ArgValue::Int(1))
}

/// An argument that says how a weight starts.
pub(crate) const fn initializer(name: &'static str, word: &'static str) -> Arg {
    Arg::new(name, ArgKind::Word(&INITIALIZER), ArgValue::Word(word))
}

/// An argument that is a penalty.
pub(crate) const fn regularizer(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Word(&REGULARIZER), ArgValue::Unset)
}

/// An argument that says what is made of a weight after each update.
pub(crate) const fn constraint(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Word(&CONSTRAINT), ArgValue::Unset)
}

const FILTERS: usize = 0;
const GROUPS: usize = 5;
const USE_BIAS: usize = 7;

/// Where the arguments of `Conv1D` and `Conv2D` stand.
const fn places<const N: usize>() -> Places {
    Places {
        size: "kernel_size",
        kernel: 1,
        strides: 2,
        padding: 3,
        dilation_rate: Some(4),
        causal: N == 1,
    }
}

/// The rule of `Conv1D` and `Conv2D`.
pub(crate) const fn convolved<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let filters = attempt!(size(layer, "filters", config, FILTERS));
    let windows = attempt!(windows::<N>(layer, config, &places::<N>()));
    let channels = attempt!(channels(layer, &value.shape));
    attempt!(groups(layer, config, channels, filters, &value.shape));
    let shape = attempt!(slid(layer, "kernel", &value.shape, &windows));
    result(layer, value.with_shape(shape.with(N, filters)))
}

/// Refuses groups that do not divide the channels and the filters.
const fn groups(
    layer: &str,
    config: &Config<'_>,
    channels: usize,
    filters: usize,
    shape: &Shape,
) -> Result<(), ShapeError> {
    if matches!(config.get(GROUPS), ArgValue::Unset) {
        return Ok(());
    }
    let groups = attempt!(size(layer, "groups", config, GROUPS));
    if channels.is_multiple_of(groups) && filters.is_multiple_of(groups) {
        return Ok(());
    }
    let text = Text::new(layer).str(": groups = ").int(groups as i64).str(" does not divide the ");
    let text = if channels.is_multiple_of(groups) {
        text.int(filters as i64).str(" filters")
    } else {
        text.dim(channels).str(" channels of ").shape(shape)
    };
    let help = match common(channels, filters) {
        1 => Text::new("only 1 divides both the "),
        common => Text::new("").int(common as i64).str(" is the largest that divides both the "),
    };
    Err(ShapeError::of(text).help_of(
        help.int(channels as i64).str(" channels and the ").int(filters as i64).str(" filters"),
    ))
}

/// The largest number that divides both.
const fn common(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common(b, a % b) }
}

/// The kernel `(…, channels / groups, filters)` and the bias of `Conv1D` and `Conv2D`.
pub(crate) const fn convolution_weights<const N: usize>(
    config: &Config<'_>,
    inputs: &[Value],
) -> Weights {
    let groups = if config.int(GROUPS) > 0 { config.int(GROUPS) as usize } else { 1 };
    let filters = config.int(FILTERS) as usize;
    let kernel = kernel::<N>(config, 1, features(inputs) / groups, filters);
    with_bias(Weights::NONE.and("kernel", kernel), config, USE_BIAS, filters)
}

/// The channels of the only input.
pub(crate) const fn features(inputs: &[Value]) -> usize {
    if inputs.is_empty() { 0 } else { inputs[0].shape.last() }
}

/// The shape of a kernel whose size is argument `place`.
pub(crate) const fn kernel<const N: usize>(
    config: &Config<'_>,
    place: usize,
    before_last: usize,
    last: usize,
) -> Shape {
    let Ok(size) = numbers::<N>("", "", config, place, 1) else { return Shape::SCALAR };
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < N {
        shape = shape.push(size[axis]);
        axis += 1;
    }
    shape.push(before_last).push(last)
}

/// The weights with a bias, if there is one.
pub(crate) const fn with_bias(
    weights: Weights,
    config: &Config<'_>,
    use_bias: usize,
    filters: usize,
) -> Weights {
    if config.bool(use_bias) { weights.and("bias", Shape::new(&[filters])) } else { weights }
}

const OUTPUT_PADDING: usize = 4;

/// The rule of `Conv1DTranspose` and `Conv2DTranspose`.
pub(crate) const fn transposed<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    const PLACES: Places = Places {
        size: "kernel_size",
        kernel: 1,
        strides: 2,
        padding: 3,
        dilation_rate: Some(5),
        causal: false,
    };
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let filters = attempt!(size(layer, "filters", config, FILTERS));
    let windows: [Window; N] = attempt!(windows::<N>(layer, config, &PLACES));
    let mut output_padding = [None; N];
    if !matches!(config.get(OUTPUT_PADDING), ArgValue::Unset) {
        let given = attempt!(numbers::<N>(layer, "output_padding", config, OUTPUT_PADDING, 0));
        let mut axis = 0;
        while axis < N {
            if given[axis] >= windows[axis].stride {
                return Err(too_far(layer, given[axis], windows[axis].stride));
            }
            output_padding[axis] = Some(given[axis]);
            axis += 1;
        }
    }
    attempt!(channels(layer, &value.shape));
    let mut shape = value.shape.with(N, filters);
    let mut axis = 0;
    while axis < N {
        match windows[axis].transposed(value.shape.dim(axis), output_padding[axis]) {
            Some(size) => shape = shape.with(axis, size),
            None => {
                return Err(ShapeError::of(
                    Text::new(layer).str(" makes nothing of ").shape(&value.shape),
                )
                .help("write a larger output_padding, or leave it out"));
            }
        }
        axis += 1;
    }
    result(layer, value.with_shape(shape))
}

/// The error of an `output_padding` that no convolution with this stride leads back from.
const fn too_far(layer: &str, given: usize, stride: usize) -> ShapeError {
    ShapeError::of(
        Text::new(layer)
            .str(": output_padding must be less than the strides, but is ")
            .int(given as i64)
            .str(" where they are ")
            .int(stride as i64),
    )
    .help("leave output_padding out, or write larger strides")
}

/// The kernel `(…, filters, channels)` and the bias of `Conv1DTranspose` and `Conv2DTranspose`.
pub(crate) const fn transposed_weights<const N: usize>(
    config: &Config<'_>,
    inputs: &[Value],
) -> Weights {
    let filters = config.int(FILTERS) as usize;
    let kernel = kernel::<N>(config, 1, filters, features(inputs));
    with_bias(Weights::NONE.and("kernel", kernel), config, USE_BIAS, filters)
}
