//! What the rules share: looking at their inputs and sizes without a panic.

use crate::{ArgValue, Config, MAX_RANK, Shape, ShapeError, Text, Value, Values, require_float};

/// `?`, which a `const fn` cannot use.
macro_rules! attempt {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Err(error),
        }
    };
}
pub(crate) use attempt;

/// The only input of `layer`; may be poison.
pub(crate) const fn one(layer: &str, inputs: &[Value]) -> Result<Value, ShapeError> {
    attempt!(count(layer, inputs, 1, 1));
    Ok(inputs[0])
}

/// The only input of `layer`, which computes with numbers; may be poison.
pub(crate) const fn one_float(layer: &str, inputs: &[Value]) -> Result<Value, ShapeError> {
    let input = attempt!(one(layer, inputs));
    attempt!(require_float(layer, &input));
    Ok(input)
}

/// Refuses another number of inputs than `least` to `most`.
pub(crate) const fn count(
    layer: &str,
    inputs: &[Value],
    least: usize,
    most: usize,
) -> Result<(), ShapeError> {
    if inputs.len() >= least && inputs.len() <= most {
        return Ok(());
    }
    let mut text = Text::new(layer).str(" takes ");
    if inputs.len() < least && most > least {
        text = text.str("at least ");
    }
    let wanted = if inputs.len() < least { least } else { most };
    Err(ShapeError::of(
        text.int(wanted as i64)
            .str(if wanted == 1 { " input, but got " } else { " inputs, but got " })
            .int(inputs.len() as i64),
    )
    .help(if inputs.len() > most {
        "leave the others out"
    } else {
        "several inputs are written as a list: [a, b]"
    }))
}

/// Whether one of them stands for a value whose error has been reported.
pub(crate) const fn any_poison(inputs: &[Value]) -> bool {
    let mut i = 0;
    while i < inputs.len() {
        if inputs[i].is_poison() {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether one of them carries a mask.
pub(crate) const fn any_mask(inputs: &[Value]) -> bool {
    let mut i = 0;
    while i < inputs.len() {
        if inputs[i].mask {
            return true;
        }
        i += 1;
    }
    false
}

/// An argument that is a size; refuses 0 and negative ones, which a constant can be.
pub(crate) const fn size(
    layer: &str,
    argument: &str,
    config: &Config<'_>,
    index: usize,
) -> Result<usize, ShapeError> {
    if let ArgValue::Quotient { whole, parts } = config.get(index) {
        return Err(leaves_a_rest(layer, argument, whole, parts));
    }
    let size = config.int(index);
    if size > 0 {
        return Ok(size as usize);
    }
    Err(ShapeError::of(
        Text::new(layer)
            .str(": ")
            .str(argument)
            .str(" must be a positive whole number, but is ")
            .int(size),
    )
    .help("write a whole number from 1 up"))
}

/// The error of a division that does not come out even, such as features by heads. Both numbers are
/// positive.
pub const fn leaves_a_rest(layer: &str, argument: &str, whole: i64, parts: i64) -> ShapeError {
    let text = Text::new(layer).str(": `").str(argument).str("` is ").int(whole).str(" / ");
    let text = text.int(parts).str(", but ").int(parts).str(" does not divide ").int(whole);
    let mut below = if parts < whole { parts } else { whole };
    // Not further than const evaluation goes in good time.
    let mut steps = 0;
    while below > 1 && whole % below != 0 && steps < 4096 {
        below -= 1;
        steps += 1;
    }
    let mut above = parts;
    steps = 0;
    while above < whole && whole % above != 0 && steps < 4096 {
        above += 1;
        steps += 1;
    }
    let below = if whole % below == 0 { below } else { 1 };
    let above = if above < whole && whole % above == 0 { above } else { whole };
    let help = Text::new("").int(below).str(" and ").int(above).str(" divide ").int(whole);
    ShapeError::of(text).help_of(help)
}

/// The shape of an argument such as `(28, 28, 1)`, in which -1 is a size that may be anything.
pub(crate) const fn sizes(layer: &str, sizes: &[i64]) -> Result<Shape, ShapeError> {
    let mut shape = Shape::SCALAR;
    let mut i = 0;
    while i < sizes.len() {
        if sizes[i] == 0 || sizes[i] < -1 {
            return Err(ShapeError::of(
                Text::new(layer)
                    .str(": a size must be positive, but there is ")
                    .int(sizes[i])
                    .str(" in ")
                    .ints(sizes),
            )
            .help("write a whole number from 1 up"));
        }
        shape = attempt!(push(layer, &shape, size_or_any(sizes[i])));
        i += 1;
    }
    Ok(shape)
}

const fn size_or_any(size: i64) -> usize {
    if size == -1 { Shape::ANY } else { size as usize }
}

/// The shape with one more axis at the end.
pub(crate) const fn push(layer: &str, shape: &Shape, dim: usize) -> Result<Shape, ShapeError> {
    let longer = shape.push(dim);
    if longer.is_poison() {
        return Err(ShapeError::of(
            Text::new(layer).str(": a value has at most 8 axes, and this would have more"),
        )
        .help("put some of them together with Reshape"));
    }
    Ok(longer)
}

/// The axes in which two shapes of the same rank differ.
#[derive(Clone, Copy)]
pub(crate) struct Axes {
    pub differ: [bool; MAX_RANK],
    pub count: usize,
}

impl Axes {
    /// No axis so far.
    pub const NONE: Axes = Axes { differ: [false; MAX_RANK], count: 0 };

    /// These and one more.
    pub const fn and(mut self, axis: usize) -> Axes {
        self.differ[axis] = true;
        self.count += 1;
        self
    }

    /// Appends `axis 2`, or `axes 1, 2 and 3`.
    pub const fn name(&self, mut text: Text) -> Text {
        text = text.str(if self.count == 1 { "axis " } else { "axes " });
        let (mut axis, mut left) = (0, self.count);
        while axis < MAX_RANK {
            if self.differ[axis] {
                left -= 1;
                text = text.int(axis as i64 + 1).str(match left {
                    0 => "",
                    1 => " and ",
                    _ => ", ",
                });
            }
            axis += 1;
        }
        text
    }
}

/// The size that two sizes have which must be equal, `None` if they cannot be.
pub(crate) const fn same(a: usize, b: usize) -> Option<usize> {
    if a == b || b == Shape::ANY {
        Some(a)
    } else if a == Shape::ANY {
        Some(b)
    } else {
        None
    }
}

/// What a layer returns; refuses a shape with more elements than can be counted.
pub(crate) const fn result(layer: &str, value: Value) -> Result<Values, ShapeError> {
    let mut size = 1i64;
    let mut axis = 0;
    while axis < value.shape.rank() {
        let dim = value.shape.dim(axis);
        if dim != Shape::ANY {
            match size.checked_mul(dim as i64) {
                Some(product) if dim <= i64::MAX as usize => size = product,
                _ => {
                    return Err(ShapeError::of(
                        Text::new(layer)
                            .str(": ")
                            .shape(&value.shape)
                            .str(" has more values than can be counted"),
                    )
                    .help("write smaller sizes"));
                }
            }
        }
        axis += 1;
    }
    Ok(Values::one(value))
}

/// Refuses numbers below 0, and what is no number.
pub(crate) fn not_negative(layer: &str, argument: &str, value: ArgValue) -> Result<(), ShapeError> {
    match value.number() {
        Some(number) if number.is_nan() || number < 0.0 => Err(ShapeError::of(
            Text::new(layer)
                .str(": ")
                .str(argument)
                .str(" must not be negative, but is ")
                .str(&number.to_string()),
        )
        .help("write a number from 0 up")),
        _ => Ok(()),
    }
}
