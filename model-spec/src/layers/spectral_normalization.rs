//! `SpectralNormalization(Dense(10))`: a layer whose kernel is divided by its largest singular
//! value in each step of training.
//! <https://keras.io/api/layers/normalization_layers/spectral_normalization/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Inputs, Wraps};
use crate::rules::{any_poison, attempt, one, size};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "SpectralNormalization",
    snake: "spectral_normalization",
    module: "layers::spectral_normalization",
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("layer", ArgKind::Layer),
        Arg::new("power_iterations", ArgKind::Size, ArgValue::Int(1)),
    ],
    rule,
    weights,
    wraps: Some(&Wraps {
        layers: &[
            "Dense",
            "Embedding",
            "Conv1D",
            "Conv2D",
            "Conv1DTranspose",
            "Conv2DTranspose",
            "DepthwiseConv2D",
        ],
        refused: Some(no_kernel),
        check: None,
        copies: 1,
        inner_inputs: one_input,
        outputs: one_output,
        weights: Some(beside),
        rule: outer,
    }),
    updates: true,
    ..Entry::LAYER
};

/// The names of the weights that can be normalised; the first that a layer has is.
pub const KERNELS: [&str; 2] = ["kernel", "embeddings"];

const POWER_ITERATIONS: usize = 1;

fn one_input(_inputs: usize) -> usize {
    1
}

fn one_output(_config: &Config<'_>, _inner: usize) -> usize {
    1
}

/// What is wrong with a layer that has nothing to normalise.
pub fn no_kernel() -> ShapeError {
    ShapeError::new(
        "SpectralNormalization takes a layer with a weight `kernel` or `embeddings`, and this has \
         neither",
    )
    .help("for example SpectralNormalization(Dense(64))")
}

/// `vector_u` `(1, columns)`, for the last axis of the kernel.
pub fn beside(inner: &Weights) -> Weights {
    let weights = inner.as_slice();
    let kernel = KERNELS.iter().find_map(|kernel| weights.iter().find(|(name, _)| name == kernel));
    match kernel {
        Some((_, shape)) => Weights::NONE.and("vector_u", Shape::new(&[1, shape.last()])),
        None => Weights::NONE,
    }
}

/// What the layer inside is called on: the input.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one("SpectralNormalization", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    attempt!(size("SpectralNormalization", "power_iterations", config, POWER_ITERATIONS));
    Ok(Values::one(input))
}

/// What comes out of the layer inside.
pub const fn outer(
    _config: &Config<'_>,
    inputs: &[Value],
    inner: &[Value],
) -> Result<Values, ShapeError> {
    if any_poison(inputs) || inner.is_empty() || any_poison(inner) {
        return Ok(Values::POISON);
    }
    if inner.len() > 1 {
        return Err(ShapeError::of(
            Text::new(
                "SpectralNormalization takes a layer that returns one value, but this returns ",
            )
            .int(inner.len() as i64),
        )
        .help("make a layer of the one you need"));
    }
    Ok(Values::one(inner[0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_layer_inside_decides() {
        let args = |iterations| [ArgValue::Rust, ArgValue::Int(iterations)];
        let none =
            "SpectralNormalization: power_iterations must be a positive whole number, but is 0";
        check(rule, &[(&args(1), &[f(&[7, 4])], Ok(&[7, 4])), (&args(0), &[f(&[7])], Err(none))]);
        let none = Config::new(&[]);
        let value = f(&[2]).masked();
        assert_eq!(outer(&none, &[f(&[7])], &[value]), Ok(Values::one(value)));
        assert!(outer(&none, &[f(&[7])], &[value, value]).is_err());
    }

    #[test]
    fn a_vector_as_long_as_the_last_axis_of_the_kernel_is_added() {
        let bias = Weights::NONE.and("bias", Shape::new(&[4]));
        assert_eq!(beside(&bias), Weights::NONE);
        let kernel = bias.and("kernel", Shape::new(&[3, 5, 4]));
        assert_eq!(beside(&kernel).as_slice(), [("vector_u", Shape::new(&[1, 4]))]);
    }
}
