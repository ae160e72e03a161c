//! What the rules of layers over images `(height, width, channels)` and sequences `(steps,
//! channels)` share. `N` is the number of axes before the channels.

use crate::rules::{attempt, one_float, result};
use crate::window::{Padding, Window, known};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, str_eq};

/// What the input of a layer is called.
pub(crate) const fn noun<const N: usize>() -> &'static str {
    if N == 1 { "sequence" } else { "image" }
}

/// The only input of `layer`, which has `N` axes and channels; may be poison. It has lost its mask.
pub(crate) const fn input<const N: usize>(
    layer: &str,
    inputs: &[Value],
) -> Result<Value, ShapeError> {
    let mut value = attempt!(one_float(layer, inputs));
    value.mask = false;
    if value.is_poison() || value.shape.rank() == N + 1 {
        return Ok(value);
    }
    let axes =
        if N == 1 { "a sequence (steps, channels)" } else { "an image (height, width, channels)" };
    let text = Text::new(layer).str(" takes ").str(axes).str(", but the input is ");
    let error = ShapeError::of(text.shape(&value.shape));
    if value.shape.rank() != N {
        return Err(error.help(if N == 1 {
            "give it 2 axes, as Input(100, 8) has, or as Reshape(100, 8) makes"
        } else {
            "give it 3 axes, as Input(28, 28, 1) has, or as Reshape(28, 28, 1) makes"
        }));
    }
    let channels = value.shape.push(1);
    let text = Text::new("add an axis for the channels: Input").shape(&channels);
    Err(error.help_of(if value.shape.is_known() {
        text.str(", or Reshape").shape(&channels).str(" before it")
    } else {
        text
    }))
}

/// The channels of a layer whose weights need them.
pub(crate) const fn channels(layer: &str, shape: &Shape) -> Result<usize, ShapeError> {
    match shape.last() {
        Shape::ANY => Err(ShapeError::of(
            Text::new(layer)
                .str(" needs to know the number of channels, and it is `_` in ")
                .shape(shape),
        )
        .help("write a number for the last axis of the Input")),
        0 => Err(ShapeError::of(
            Text::new(layer).str(" needs channels, and there are none in ").shape(shape),
        )
        .help("the last axis is the channels, at least 1")),
        channels => Ok(channels),
    }
}

/// An argument with a number for each axis; one number stands for all of them. None may be below
/// `least`.
pub(crate) const fn numbers<const N: usize>(
    layer: &str,
    argument: &str,
    config: &Config<'_>,
    index: usize,
    least: i64,
) -> Result<[usize; N], ShapeError> {
    let given = config.ints(index);
    let given = given.as_slice();
    let text = Text::new(layer).str(": ").str(argument);
    if given.len() != N && given.len() != 1 {
        let text = text.str(if N == 1 {
            " takes one number, but got "
        } else {
            " takes one number or 2, but got "
        });
        return Err(ShapeError::of(text.int(given.len() as i64)).help_of(
            Text::new(if N == 1 { "for example " } else { "one number stands for all axes: " })
                .str(argument)
                .str(" = ")
                .int(if least < 2 { 2 } else { least }),
        ));
    }
    let mut numbers = [0; N];
    let mut axis = 0;
    while axis < N {
        let number = given[if given.len() == N { axis } else { 0 }];
        if number < least {
            let text = text.str(" must be at least ").int(least).str(", but is ");
            let text = if given.len() == 1 { text.int(number) } else { text.ints(given) };
            return Err(ShapeError::of(text)
                .help_of(Text::new("write whole numbers from ").int(least).str(" up")));
        }
        numbers[axis] = number as usize;
        axis += 1;
    }
    Ok(numbers)
}

/// The `padding` argument.
const fn padding<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    index: usize,
) -> Result<Padding, ShapeError> {
    let word = config.word(index);
    if str_eq(word, "causal") {
        if N == 1 {
            return Ok(Padding::Causal);
        }
        return Err(ShapeError::of(
            Text::new(layer).str(": causal padding is for sequences, but this takes an image"),
        )
        .help("write padding = same or padding = valid"));
    }
    Ok(if str_eq(word, "same") { Padding::Same } else { Padding::Valid })
}

/// Where the arguments of a window stand.
pub(crate) struct Places {
    /// The name of the size: `kernel_size`.
    pub size: &'static str,
    pub kernel: usize,
    pub strides: usize,
    pub padding: usize,
    /// None for pools.
    pub dilation_rate: Option<usize>,
}

/// The windows that the arguments describe.
pub(crate) const fn windows<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    places: &Places,
) -> Result<[Window; N], ShapeError> {
    let kernel = attempt!(numbers::<N>(layer, places.size, config, places.kernel, 1));
    // Pools stand side by side where nothing is said, kernels move by one.
    let mut strides = if places.dilation_rate.is_none() { kernel } else { [1; N] };
    if !matches!(config.get(places.strides), ArgValue::Unset) {
        strides = attempt!(numbers::<N>(layer, "strides", config, places.strides, 1));
    }
    let padding = attempt!(padding::<N>(layer, config, places.padding));
    let mut dilation = [1; N];
    if let Some(place) = places.dilation_rate
        && !matches!(config.get(place), ArgValue::Unset)
    {
        dilation = attempt!(numbers::<N>(layer, "dilation_rate", config, place, 1));
    }
    let mut windows = [Window::new(1); N];
    let mut axis = 0;
    while axis < N {
        let (kernel, stride, dilation) = (kernel[axis], strides[axis], dilation[axis]);
        windows[axis] = Window { kernel, stride, dilation, padding };
        axis += 1;
    }
    Ok(windows)
}

/// The shape after windows have slid over its first `N` axes. `what` is one of them: the kernel.
pub(crate) const fn slid<const N: usize>(
    layer: &str,
    what: &str,
    shape: &Shape,
    windows: &[Window; N],
) -> Result<Shape, ShapeError> {
    let mut output = *shape;
    let mut axis = 0;
    while axis < N {
        match windows[axis].output(shape.dim(axis)) {
            Some(size) => output = output.with(axis, size),
            None => return Err(too_large(layer, what, shape, windows)),
        }
        axis += 1;
    }
    Ok(output)
}

const fn too_large<const N: usize>(
    layer: &str,
    what: &str,
    shape: &Shape,
    windows: &[Window; N],
) -> ShapeError {
    let (mut kernel, mut extent, mut image) = (Shape::SCALAR, Shape::SCALAR, Shape::SCALAR);
    let mut dilated = false;
    let mut axis = 0;
    while axis < N {
        kernel = kernel.push(windows[axis].kernel);
        extent = extent.push(windows[axis].extent());
        image = image.push(shape.dim(axis));
        dilated = dilated || windows[axis].dilation > 1;
        axis += 1;
    }
    let mut text = Text::new(layer).str(": the ").str(what).str(" ").shape(&kernel);
    if dilated {
        text = text.str(", spread over ").shape(&extent).str(" by its dilation_rate,");
    }
    ShapeError::of(text.str(" is larger than the ").str(noun::<N>()).str(" ").shape(&image))
        .help_of(Text::new("write padding = same, or a smaller ").str(what))
}

/// What a pooling layer returns.
pub(crate) const fn pooled<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    const PLACES: Places =
        Places { size: "pool_size", kernel: 0, strides: 1, padding: 2, dilation_rate: None };
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let windows = attempt!(windows::<N>(layer, config, &PLACES));
    let shape = attempt!(slid(layer, "pool", &value.shape, &windows));
    result(layer, value.with_shape(shape))
}

/// What a layer returns that makes one number of each channel.
pub(crate) const fn pooled_globally<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < N && config.bool(0) {
        shape = shape.push(1);
        axis += 1;
    }
    result(layer, value.with_shape(shape.push(value.shape.last())))
}

/// An argument with a number for the start and one for the end of each axis: one number is both for
/// all axes; `N` of two axes are both for each.
pub(crate) const fn sides<const N: usize>(
    layer: &str,
    argument: &str,
    config: &Config<'_>,
) -> Result<[(usize, usize); N], ShapeError> {
    let given = config.ints(0);
    let given = given.as_slice();
    let text = Text::new(layer).str(": ").str(argument);
    if given.len() != 1 && given.len() != N && given.len() != 2 * N {
        let text = text.str(" takes ").str(if N == 1 { "1 or 2" } else { "1, 2 or 4" });
        return Err(ShapeError::of(text.str(" numbers, but got ").int(given.len() as i64))
            .help_of(Text::new("for example ").str(argument).str(if N == 1 {
                " = (1, 2), the start and the end"
            } else {
                " = ((1, 0), (2, 3)): top and bottom, left and right"
            })));
    }
    let mut sides = [(0, 0); N];
    let mut axis = 0;
    while axis < N {
        let (start, end) = if given.len() == 2 * N {
            (given[2 * axis], given[2 * axis + 1])
        } else {
            let number = given[if given.len() == N { axis } else { 0 }];
            (number, number)
        };
        if start < 0 || end < 0 {
            let text = text.str(" must not be negative, but is ");
            let text = if given.len() == 1 { text.int(start) } else { text.ints(given) };
            return Err(ShapeError::of(text).help(
                "write whole numbers from 0 up; what pads is \
                                                  ZeroPadding, what cuts off is Cropping",
            ));
        }
        sides[axis] = (start as usize, end as usize);
        axis += 1;
    }
    Ok(sides)
}

/// What a layer returns that makes every axis but the channels larger.
pub(crate) const fn enlarged<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let times = attempt!(numbers::<N>(layer, "size", config, 0, 1));
    let mut shape = value.shape;
    let mut axis = 0;
    while axis < N {
        if shape.dim(axis) != Shape::ANY {
            shape = shape.with(axis, known(shape.dim(axis) as u128 * times[axis] as u128));
        }
        axis += 1;
    }
    result(layer, value.with_shape(shape))
}

/// What a layer returns that puts something around its input.
pub(crate) const fn padded<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let sides = attempt!(sides::<N>(layer, "padding", config));
    let mut shape = value.shape;
    let mut axis = 0;
    while axis < N {
        let (start, end) = sides[axis];
        if shape.dim(axis) != Shape::ANY {
            let size = shape.dim(axis) as u128 + start as u128 + end as u128;
            shape = shape.with(axis, known(size));
        }
        axis += 1;
    }
    result(layer, value.with_shape(shape))
}

/// What a layer returns that cuts the edges off.
pub(crate) const fn cropped<const N: usize>(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let value = attempt!(input::<N>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let sides = attempt!(sides::<N>(layer, "cropping", config));
    let mut shape = value.shape;
    let mut axis = 0;
    while axis < N {
        let (start, end) = sides[axis];
        let cut = start.saturating_add(end);
        if shape.dim(axis) == Shape::ANY {
        } else if cut >= shape.dim(axis) {
            return Err(ShapeError::of(
                Text::new(layer)
                    .str("(")
                    .ints(config.ints(0).as_slice())
                    .str(") leaves nothing of the ")
                    .str(noun::<N>())
                    .str(" ")
                    .shape(&value.shape),
            )
            .help("cut off less than there is"));
        } else {
            shape = shape.with(axis, shape.dim(axis) - cut);
        }
        axis += 1;
    }
    result(layer, value.with_shape(shape))
}
