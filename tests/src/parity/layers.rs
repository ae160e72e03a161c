//! The layer that a case names, made from its arguments by Keras's names.

use model_runtime::prelude::*;

use super::args::{Args, made};

/// A convolution with the arguments that all have, and some more.
macro_rules! convolution {
    ($args:ident, $layer:ident($($required:ident),*) $(, $option:ident)*) => {
        made!(
            $args, $layer($($required),*), strides, padding, dilation_rate, activation, use_bias,
            bias_regularizer, activity_regularizer $(, $option)*
        )
    };
}

/// The layer of this name.
///
/// # Errors
/// A name without an arm here, and arguments that the layer does not take.
pub fn layer(name: &str, args: &Args<'_>) -> Result<Box<dyn Layer>, String> {
    let layer: Box<dyn Layer> = match name {
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
        _ => match convolutions(name, args)? {
            Some(layer) => layer,
            None => windows(name, args)?
                .map_or_else(|| merges(name, args), |layer| Ok(Some(layer)))?
                .ok_or_else(|| format!("{name} has no arm in tests/src/parity/layers.rs"))?,
        },
    };
    args.finish()?;
    Ok(layer)
}

type Made = Result<Option<Box<dyn Layer>>, String>;

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
