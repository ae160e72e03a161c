//! Models of `model!` over images and sequences.

use model_runtime::prelude::*;
use ndarray::{Array3, Array4, s};

model! {
    /// Every layer for images, sizes known.
    pub struct Images {
        image = Input(9, 8, 4);
        x = ZeroPadding2D(((1, 0), (2, 3)))(image);
        x = Cropping2D(cropping = (0, 1))(x);
        x = Conv2D(8, 3, strides = (2, 1), padding = same, groups = 2, activation = relu)(x);
        x = DepthwiseConv2D((2, 3), depth_multiplier = 2)(x);
        x = SeparableConv2D(6, 3, padding = "same")(x);
        x = UpSampling2D(2, interpolation = bilinear)(x);
        x = Conv2DTranspose(4, 3, strides = 2, padding = same)(x);
        x = MaxPooling2D(3, strides = 2)(x);
        x = AveragePooling2D((1, 2))(x);
        a = GlobalAveragePooling2D()(x);
        b = GlobalMaxPooling2D(keepdims = true)(x);
        Concatenate()([a, Flatten()(b)])
    }

    /// A network without sizes of its own.
    pub struct AnySize {
        image = Input(_, _, 2);
        x = Conv2D(4, 3)(image);
        x = MaxPooling2D()(x);
        x = Conv2D(4, 3, padding = same, dilation_rate = 2)(x);
        GlobalAveragePooling2D()(x)
    }

    /// What comes later is not seen.
    pub struct Causal {
        steps = Input(_, 2);
        x = Conv1D(4, 3, padding = causal, dilation_rate = 2, activation = tanh)(steps);
        Conv1D(3, 2, padding = causal)(x)
    }

    /// Every layer for sequences.
    pub struct Sequences {
        steps = Input(10, 3);
        x = ZeroPadding1D((2, 1))(steps);
        x = Conv1D(6, 3, strides = 2)(x);
        x = UpSampling1D(3)(x);
        x = Cropping1D(cropping = 2)(x);
        x = Conv1DTranspose(5, 3, strides = 2)(x);
        a = MaxPooling1D()(x);
        b = AveragePooling1D(2)(x);
        Concatenate()([GlobalMaxPooling1D()(a), GlobalAveragePooling1D()(b)])
    }
}

fn wave(i: usize) -> Float {
    (i as Float * 0.37).sin()
}

fn image(height: usize, width: usize, channels: usize) -> Array4<Float> {
    Array4::from_shape_fn((2, height, width, channels), |(n, y, x, c)| {
        wave(n * 1009 + (y * width + x) * channels + c)
    })
}

#[test]
fn every_layer_for_images_and_sequences_runs() {
    let shape = tape::run(Mode::Inference, || {
        Images::new(0).call(Var::from_array(&image(9, 8, 4))).shape()
    });
    assert_eq!(shape, Ok(Shape::new(&[2, 8])));
    let steps = Array3::from_shape_fn((2, 10, 3), |(n, t, c)| wave(n * 71 + t * 3 + c));
    let shape =
        tape::run(Mode::Inference, || Sequences::new(0).call(Var::from_array(&steps)).shape());
    assert_eq!(shape, Ok(Shape::new(&[2, 10])));
}

#[test]
fn one_model_takes_images_of_any_size_and_says_which_are_too_small() {
    let net = AnySize::new(0);
    let shape = |height, width| {
        tape::run(Mode::Inference, || net.call(Var::from_array(&image(height, width, 2))).shape())
    };
    assert_eq!(shape(4, 4), Ok(Shape::new(&[2, 4])));
    assert_eq!(shape(17, 6), Ok(Shape::new(&[2, 4])));
    let text = shape(2, 9).unwrap_err().to_string();
    assert!(
        text.starts_with("Conv2D: the kernel (3, 3) is larger than the image (2, 9)"),
        "{text}"
    );
    assert!(text.contains("help: write padding = same, or a smaller kernel"), "{text}");
}

#[test]
fn a_causal_convolution_does_not_see_what_comes_later() {
    let net = Causal::new(3);
    let steps = Array3::from_shape_fn((1, 9, 2), |(_, t, c)| wave(t * 2 + c));
    let mut other = steps.clone();
    other.slice_mut(s![.., 5.., ..]).fill(7.0);
    let run = |x: &Array3<Float>| {
        tape::run(Mode::Inference, || net.call(Var::from_array(x)).to_array()).unwrap()
    };
    let (a, b) = (run(&steps), run(&other));
    assert_eq!(a.shape(), [1, 9, 3]);
    assert_eq!(a.slice(s![.., ..5, ..]), b.slice(s![.., ..5, ..]));
    assert_ne!(a.slice(s![.., 5.., ..]), b.slice(s![.., 5.., ..]));
}
