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
    Err(error.help_of(if N == 1 {
        sequence_help(layer, &value.shape)
    } else {
        image_help(&value.shape)
    }))
}

/// What can be done about an input that is no sequence.
const fn sequence_help(layer: &str, shape: &Shape) -> Text {
    match (shape.rank(), shape.size()) {
        (1, _) => channels_help(shape),
        // An image.
        (3, size) => {
            let (kind, rest) = layer.split_at(number(layer));
            let text =
                Text::new("for an image there is ").str(kind).str("2").str(rest.split_at(1).1);
            match size {
                Some(size) => text
                    .str("; or make a sequence of it: Reshape")
                    .shape(&Shape::new(&[size / shape.last(), shape.last()])),
                None => text,
            }
        }
        _ => Text::new("give it 2 axes, as Input(100, 8) has, or as Reshape(100, 8) makes"),
    }
}

/// Where the number of axes stands in a layer's name: the 1 of `Conv1D`.
const fn number(layer: &str) -> usize {
    let name = layer.as_bytes();
    let mut i = 0;
    while i + 1 < name.len() && !(name[i] == b'1' && name[i + 1] == b'D') {
        i += 1;
    }
    i
}

/// What can be done about an input that is no image.
const fn image_help(shape: &Shape) -> Text {
    if shape.rank() == 2 {
        return channels_help(shape);
    }
    let size = if shape.rank() == 1 { shape.last() } else { Shape::ANY };
    let side = if size == Shape::ANY { 0 } else { size.isqrt() };
    if side * side != size || side < 2 {
        return Text::new(
            "give it 3 axes, as Input(28, 28, 1) has, or as Reshape(28, 28, 1) makes",
        );
    }
    Text::new("make an image of it: Reshape").shape(&Shape::new(&[side, side, 1]))
}

/// What can be done about an input that has all axes but the channels.
const fn channels_help(shape: &Shape) -> Text {
    let channels = shape.push(1);
    let text = Text::new("add an axis for the channels: Input").shape(&channels);
    if shape.is_known() {
        text.str(", or Reshape").shape(&channels).str(" before it")
    } else {
        text
    }
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

/// The start of what is wrong with an argument. Not made before something is: a text is large.
pub(crate) const fn about(layer: &str, argument: &str) -> Text {
    Text::new(layer).str(": ").str(argument)
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
    if given.len() != N && given.len() != 1 {
        let text = about(layer, argument).str(if N == 1 {
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
            let text = about(layer, argument).str(" must be at least ").int(least).str(", but is ");
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
    places: &Places,
) -> Result<Padding, ShapeError> {
    let word = config.word(places.padding);
    if str_eq(word, "causal") {
        if places.causal {
            return Ok(Padding::Causal);
        }
        return Err(ShapeError::of(Text::new(layer).str(if N == 1 {
            ": causal padding is for Conv1D"
        } else {
            ": causal padding is for sequences, but this takes an image"
        }))
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
    /// Whether the padding may be causal.
    pub causal: bool,
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
    let padding = attempt!(padding::<N>(layer, config, places));
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
    const PLACES: Places = Places {
        size: "pool_size",
        kernel: 0,
        strides: 1,
        padding: 2,
        dilation_rate: None,
        causal: false,
    };
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
    if given.len() != 1 && given.len() != N && given.len() != 2 * N {
        let text =
            about(layer, argument).str(" takes ").str(if N == 1 { "1 or 2" } else { "1, 2 or 4" });
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
            let text = about(layer, argument).str(" must not be negative, but is ");
            let text = if given.len() == 1 { text.int(start) } else { text.ints(given) };
            return Err(ShapeError::of(text)
                .help("write whole numbers from 0 up; ZeroPadding adds, Cropping cuts off"));
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
            return Err(too_much(layer, &value.shape, axis, sides[axis]));
        } else {
            shape = shape.with(axis, shape.dim(axis) - cut);
        }
        axis += 1;
    }
    result(layer, value.with_shape(shape))
}

/// The error of a cropping that leaves nothing of an axis.
const fn too_much(
    layer: &str,
    shape: &Shape,
    axis: usize,
    (start, end): (usize, usize),
) -> ShapeError {
    let size = shape.dim(axis);
    let text = Text::new(layer)
        .str(" leaves nothing: it cuts ")
        .dim(start)
        .str(" and ")
        .dim(end)
        .str(" off axis ")
        .int(axis as i64 + 1)
        .str(", which is ")
        .dim(size)
        .str(" in ")
        .shape(shape);
    let help = Text::new("cut off at most ").dim(size.saturating_sub(1));
    ShapeError::of(text).help_of(help.str(" there, both sides together"))
}
