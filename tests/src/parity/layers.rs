//! The layer that a case names, made from its arguments by Keras's names.

use model_runtime::prelude::*;

use super::args::{Args, Inner, made, options};

/// A convolution with the arguments that all have, and some more.
macro_rules! convolution {
    ($args:ident, $layer:ident($($required:ident),*) $(, $option:ident)*) => {
        made!(
            $args, $layer($($required),*), strides, padding, dilation_rate, activation, use_bias,
            bias_regularizer, activity_regularizer $(, $option)*
        )
    };
}

/// The layer of this name, with the options that its call has.
///
/// # Errors
/// A name without an arm here, and arguments that the layer does not take.
pub fn layer(name: &str, args: &Args<'_>, call: &Args<'_>) -> Result<Box<dyn Layer>, String> {
    let kinds = [core, convolutions, windows, merges, normalizations, sequences, drawn];
    let mut found = None;
    for kind in kinds {
        found = match found {
            None => kind(name, args)?,
            found => found,
        };
    }
    let found = match found {
        None => attention(name, args, call)?,
        found => found,
    };
    args.finish()?;
    call.finish()?;
    found.ok_or_else(|| format!("{name} has no arm in tests/src/parity/layers.rs"))
}

type Made = Result<Option<Box<dyn Layer>>, String>;

fn core(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "Dense" => made!(
            args,
            Dense(units),
            activation,
            use_bias,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer
        ),
        "Activation" => made!(args, Activation(activation)),
        "ReLU" => made!(args, ReLU(), max_value, negative_slope, threshold),
        "LeakyReLU" => made!(args, LeakyReLU(), negative_slope),
        "ELU" => made!(args, ELU(), alpha),
        "Softmax" => made!(args, Softmax(), axis),
        "Identity" => made!(args, Identity()),
        "Flatten" => made!(args, Flatten()),
        "Reshape" => made!(args, Reshape(target_shape)),
        "Permute" => made!(args, Permute(dims)),
        "RepeatVector" => made!(args, RepeatVector(n)),
        "PReLU" => made!(args, PReLU(), shared_axes),
        "RandomFlip" => made!(args, RandomFlip(), mode),
        "RandomCrop" => made!(args, RandomCrop(height, width)),
        "RandomTranslation" => {
            let factors: [Numbers; 2] =
                [args.required("height_factor")?, args.required("width_factor")?];
            let [height, width] = factors;
            let layer = RandomTranslation::new(height, width);
            options!(args, layer, fill_mode, interpolation, fill_value)
        }
        "Rescaling" => made!(args, Rescaling(scale), offset),
        "ActivityRegularization" => made!(args, ActivityRegularization(), l1, l2),
        "Embedding" => made!(args, Embedding(input_dim, output_dim), mask_zero),
        "Masking" => made!(args, Masking(), mask_value),
        _ => return Ok(None),
    }))
}

fn convolutions(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "Conv1D" => {
            convolution!(args, Conv1D(filters, kernel_size), groups, kernel_regularizer)
        }
        "Conv2D" => {
            convolution!(args, Conv2D(filters, kernel_size), groups, kernel_regularizer)
        }
        "Conv1DTranspose" => {
            convolution!(args, Conv1DTranspose(filters, kernel_size), output_padding)
        }
        "Conv2DTranspose" => {
            convolution!(args, Conv2DTranspose(filters, kernel_size), output_padding)
        }
        "DepthwiseConv2D" => convolution!(args, DepthwiseConv2D(kernel_size), depth_multiplier),
        "SeparableConv2D" => {
            convolution!(args, SeparableConv2D(filters, kernel_size), depth_multiplier)
        }
        _ => return Ok(None),
    }))
}

fn windows(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "MaxPooling1D" => made!(args, MaxPooling1D(), pool_size, strides, padding),
        "MaxPooling2D" => made!(args, MaxPooling2D(), pool_size, strides, padding),
        "AveragePooling1D" => made!(args, AveragePooling1D(pool_size), strides, padding),
        "AveragePooling2D" => made!(args, AveragePooling2D(pool_size), strides, padding),
        "GlobalMaxPooling1D" => made!(args, GlobalMaxPooling1D(), keepdims),
        "GlobalMaxPooling2D" => made!(args, GlobalMaxPooling2D(), keepdims),
        "GlobalAveragePooling1D" => made!(args, GlobalAveragePooling1D(), keepdims),
        "GlobalAveragePooling2D" => made!(args, GlobalAveragePooling2D(), keepdims),
        "UpSampling1D" => made!(args, UpSampling1D(), size),
        "UpSampling2D" => made!(args, UpSampling2D(), size, interpolation),
        "ZeroPadding1D" => made!(args, ZeroPadding1D(), padding),
        "ZeroPadding2D" => made!(args, ZeroPadding2D(), padding),
        "Cropping1D" => made!(args, Cropping1D(), cropping),
        "Cropping2D" => made!(args, Cropping2D(), cropping),
        _ => return Ok(None),
    }))
}

fn merges(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "Add" => made!(args, Add()),
        "Subtract" => made!(args, Subtract()),
        "Multiply" => made!(args, Multiply()),
        "Average" => made!(args, Average()),
        "Maximum" => made!(args, Maximum()),
        "Minimum" => made!(args, Minimum()),
        "Concatenate" => made!(args, Concatenate(), axis),
        "Dot" => made!(args, Dot(axes), normalize),
        _ => return Ok(None),
    }))
}

fn normalizations(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "BatchNormalization" => {
            made!(args, BatchNormalization(), axis, momentum, epsilon, center, scale)
        }
        "LayerNormalization" => made!(args, LayerNormalization(), axis, epsilon, center, scale),
        "GroupNormalization" => {
            made!(args, GroupNormalization(), groups, axis, epsilon, center, scale)
        }
        "RMSNormalization" => made!(args, RMSNormalization(), axis, epsilon),
        "UnitNormalization" => made!(args, UnitNormalization(), axis),
        "Normalization" => {
            let layer = *made!(args, Normalization(), axis, invert);
            let layer = match args.optional::<Numbers>("mean")? {
                Some(mean) => layer.mean(mean),
                None => layer,
            };
            match args.optional::<Numbers>("variance")? {
                Some(variance) => Box::new(layer.variance(variance)),
                None => Box::new(layer),
            }
        }
        _ => return Ok(None),
    }))
}

/// A recurrent layer, or a cell, with the arguments that all have, and some more.
macro_rules! recurrent {
    ($args:ident, $layer:ident $(, $option:ident)*) => {
        made!($args, $layer(units), activation, use_bias $(, $option)*)
    };
}

macro_rules! sequence {
    ($args:ident, $layer:ident $(, $option:ident)*) => {
        recurrent!(
            $args, $layer, return_sequences, return_state, go_backwards, zero_output_for_mask
            $(, $option)*
        )
    };
}

/// What draws, or has no twin in Keras: it has no case of the reference.
fn drawn(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "Dropout" => made!(args, Dropout(rate), noise_shape),
        "SpatialDropout1D" => made!(args, SpatialDropout1D(rate)),
        "SpatialDropout2D" => made!(args, SpatialDropout2D(rate)),
        "GaussianNoise" => made!(args, GaussianNoise(stddev)),
        "GaussianDropout" => made!(args, GaussianDropout(rate)),
        "PositionEmbedding" => made!(args, PositionEmbedding(sequence_length)),
        _ => return Ok(None),
    }))
}

macro_rules! cell {
    ($args:ident, $layer:ident $(, $option:ident)*) => {
        recurrent!($args, $layer, dropout, recurrent_dropout $(, $option)*)
    };
}

fn sequences(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "SimpleRNN" => sequence!(args, SimpleRNN, dropout, recurrent_dropout),
        "LSTM" => sequence!(
            args,
            LSTM,
            recurrent_activation,
            unit_forget_bias,
            dropout,
            recurrent_dropout
        ),
        "GRU" => {
            sequence!(args, GRU, recurrent_activation, reset_after, dropout, recurrent_dropout)
        }
        "SimpleRNNCell" => recurrent!(args, SimpleRNNCell, dropout, recurrent_dropout),
        "LSTMCell" => recurrent!(
            args,
            LSTMCell,
            recurrent_activation,
            unit_forget_bias,
            dropout,
            recurrent_dropout
        ),
        "GRUCell" => {
            recurrent!(args, GRUCell, recurrent_activation, reset_after, dropout, recurrent_dropout)
        }
        "TimeDistributed" => Box::new(TimeDistributed::new(inner(args)?)),
        "SpectralNormalization" => {
            let layer = SpectralNormalization::new(inner(args)?);
            match args.optional("power_iterations")? {
                Some(count) => Box::new(layer.power_iterations(count)),
                None => Box::new(layer),
            }
        }
        "RNN" => {
            let Inner { name, args: inner } = args.required("layer")?;
            let inner = Args::new(&inner);
            let layer = match name.as_str() {
                "SimpleRNNCell" => over_steps(*cell!(inner, SimpleRNNCell), args)?,
                "LSTMCell" => {
                    let cell = cell!(inner, LSTMCell, recurrent_activation, unit_forget_bias);
                    over_steps(*cell, args)?
                }
                "GRUCell" => {
                    over_steps(*cell!(inner, GRUCell, recurrent_activation, reset_after), args)?
                }
                _ => return Err(format!("RNN of {name} has no arm")),
            };
            inner.finish()?;
            layer
        }
        "Bidirectional" => {
            let Inner { name, args: inner } = args.required("layer")?;
            let inner = Args::new(&inner);
            let layer = match name.as_str() {
                "SimpleRNN" => {
                    both_ways(*sequence!(inner, SimpleRNN, dropout, recurrent_dropout), args)?
                }
                "LSTM" => both_ways(
                    *sequence!(
                        inner,
                        LSTM,
                        recurrent_activation,
                        unit_forget_bias,
                        dropout,
                        recurrent_dropout
                    ),
                    args,
                )?,
                "GRU" => both_ways(
                    *sequence!(
                        inner,
                        GRU,
                        recurrent_activation,
                        reset_after,
                        dropout,
                        recurrent_dropout
                    ),
                    args,
                )?,
                _ => return Err(format!("{name} both ways has no arm")),
            };
            inner.finish()?;
            layer
        }
        _ => return Ok(None),
    }))
}

fn over_steps<C: RecurrentCell + 'static>(
    cell: C,
    args: &Args<'_>,
) -> Result<Box<dyn Layer>, String> {
    let mut layer = RNN::new(cell);
    if let Some(yes) = args.optional("return_sequences")? {
        layer = layer.return_sequences(yes);
    }
    if let Some(yes) = args.optional("return_state")? {
        layer = layer.return_state(yes);
    }
    if let Some(yes) = args.optional("go_backwards")? {
        layer = layer.go_backwards(yes);
    }
    if let Some(yes) = args.optional("zero_output_for_mask")? {
        layer = layer.zero_output_for_mask(yes);
    }
    Ok(Box::new(layer))
}

fn both_ways<L: BothWays + 'static>(layer: L, args: &Args<'_>) -> Result<Box<dyn Layer>, String> {
    let both = Bidirectional::new(layer);
    Ok(match args.optional("merge_mode")? {
        Some(mode) => Box::new(both.merge_mode(mode)),
        None => Box::new(both),
    })
}

/// A layer whose type is not known, as the argument of another.
struct Boxed(Box<dyn Layer>);

impl Layer for Boxed {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.0.init(seed, inputs);
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        self.0.call(inputs)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.0.visit(visitor);
    }
}

/// The layer that is the argument `layer`.
fn inner(args: &Args<'_>) -> Result<Boxed, String> {
    let Inner { name, args } = args.required("layer")?;
    let none = serde_json::Map::new();
    Ok(Boxed(layer(&name, &Args::new(&args), &Args::new(&none))?))
}

/// An attention that is called with options.
struct Called<L> {
    layer: L,
    call: fn(&L, &[Var], bool, bool) -> Vars,
    scores: bool,
    causal: bool,
}

impl<L: Layer> Layer for Called<L> {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        self.layer.init(seed, inputs);
    }

    fn call(&self, inputs: &[Var]) -> Vars {
        (self.call)(&self.layer, inputs, self.scores, self.causal)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.layer.visit(visitor);
    }
}

fn attention(name: &str, args: &Args<'_>, call: &Args<'_>) -> Made {
    let scores = call.optional("return_attention_scores")?.unwrap_or(false);
    let causal = call.optional("use_causal_mask")?.unwrap_or(false);
    macro_rules! called {
        ($layer:ident($($required:ident),*) $(, $option:ident)*) => {{
            let layer = *made!(args, $layer($($required),*) $(, $option)*);
            Box::new(Called { layer, call: $layer::call, scores, causal })
        }};
    }
    Ok(Some(match name {
        "MultiHeadAttention" => called!(
            MultiHeadAttention(num_heads, key_dim),
            value_dim,
            use_bias,
            output_shape,
            sliding_window,
            dropout
        ),
        "Attention" => called!(Attention(), use_scale, score_mode, dropout),
        "AdditiveAttention" => called!(AdditiveAttention(), use_scale, dropout),
        _ => return Ok(None),
    }))
}
