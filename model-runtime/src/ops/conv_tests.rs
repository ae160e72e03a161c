//! Convolutions and pools against direct loops over the definition, and against differences.

use model_spec::{Padding, Shape, Window};

use super::conv::ConvOp;
use super::conv_transpose::ConvTransposeOp;
use super::depthwise::DepthwiseOp;
use super::map::Map;
use super::pool::{AveragePool, MaxPool};
use super::slide::{Axis, Slide};
use crate::gradcheck::{check, random};
use crate::seed::Generator;
use crate::tape::Op;
use crate::tensor::Tensor;

const PADDINGS: [Padding; 3] = [Padding::Valid, Padding::Same, Padding::Causal];

fn window(kernel: usize, stride: usize, dilation: usize, padding: Padding) -> Window {
    Window { kernel, stride, dilation, padding }
}

/// Two random windows, and an image in which they fit.
fn layout(random: &mut Generator) -> ([Window; 2], [usize; 2]) {
    let padding = PADDINGS[random.below(3)];
    let windows = [0, 1]
        .map(|_| window(1 + random.below(4), 1 + random.below(3), 1 + random.below(3), padding));
    let size = windows.map(|window| {
        let least = if padding == Padding::Valid { window.extent() } else { 1 };
        least + random.below(6)
    });
    (windows, size)
}

/// What is padded before an axis, as TensorFlow's documentation says it, and how many windows fit.
fn padded(window: &Window, size: usize) -> (isize, usize) {
    let (size, extent) = (size as isize, ((window.kernel - 1) * window.dilation + 1) as isize);
    let stride = window.stride as isize;
    let (before, after) = match window.padding {
        Padding::Valid => (0, 0),
        Padding::Causal => (extent - 1, 0),
        Padding::Same => {
            let rest = if size % stride == 0 { stride } else { size % stride };
            let total = (extent - rest).max(0);
            (total / 2, total - total / 2)
        }
    };
    (before, ((size + before + after - extent) / stride + 1) as usize)
}

/// The pixel that a window sees at a place, if it lies inside.
fn seen(window: &Window, size: usize, at: usize, place: usize) -> Option<usize> {
    let pixel = (at * window.stride + place * window.dilation) as isize - padded(window, size).0;
    (pixel >= 0 && pixel < size as isize).then_some(pixel as usize)
}

/// Visits (row, column) of the window, of the place and of the pixel.
fn every(
    [rows, cols]: &[Window; 2],
    [height, width]: [usize; 2],
    mut visit: impl FnMut([usize; 2], [usize; 2], [usize; 2]),
) {
    for y in 0..padded(rows, height).1 {
        for x in 0..padded(cols, width).1 {
            for py in 0..rows.kernel {
                for px in 0..cols.kernel {
                    let (row, col) = (seen(rows, height, y, py), seen(cols, width, x, px));
                    if let (Some(row), Some(col)) = (row, col) {
                        visit([y, x], [py, px], [row, col]);
                    }
                }
            }
        }
    }
}

fn slide(windows: &[Window; 2], size: [usize; 2]) -> Slide {
    Slide::new(&[Axis::new(&windows[0], size[0]), Axis::new(&windows[1], size[1])])
}

fn output(windows: &[Window; 2], size: [usize; 2], samples: usize, channels: usize) -> Shape {
    let [height, width] = [0, 1].map(|i| padded(&windows[i], size[i]).1);
    Shape::new(&[samples, height, width, channels])
}

fn at(shape: &Shape, index: [usize; 4]) -> usize {
    index.iter().zip(shape.dims()).fold(0, |at, (i, dim)| at * dim + i)
}

#[track_caller]
fn close(found: &Tensor<f64>, expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (a, b) in found.data().iter().zip(expected) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}: {what}");
    }
}

#[test]
fn a_convolution_is_what_the_definition_says() {
    let mut generator = Generator::new(11);
    for round in 0..300 {
        let (windows, size) = layout(&mut generator);
        let groups = 1 + generator.below(3);
        let (part_in, part_out) = (1 + generator.below(3), 1 + generator.below(3));
        let (samples, filters) = (1 + generator.below(3), groups * part_out);
        let x = random::<f64>(&[samples, size[0], size[1], groups * part_in], round);
        let kernel = random(&[windows[0].kernel, windows[1].kernel, part_in, filters], round + 1);
        let bias = random(&[filters], round + 2);
        let shape = output(&windows, size, samples, filters);
        let mut expected = bias.data().repeat(shape.size().unwrap() / filters);
        every(&windows, size, |[y, x_], [py, px], [row, col]| {
            for n in 0..samples {
                for f in 0..filters {
                    for c in 0..part_in {
                        let channel = f / part_out * part_in + c;
                        expected[at(&shape, [n, y, x_, f])] += x.data()
                            [at(x.shape(), [n, row, col, channel])]
                            * kernel.data()[at(kernel.shape(), [py, px, c, f])];
                    }
                }
            }
        });
        let mut op = ConvOp::new(slide(&windows, size), groups, shape, Map::Linear);
        let found = op.forward(&[&x, &kernel, &bias]);
        close(&found, &expected, &format!("{windows:?} over {size:?}, {groups} groups"));
    }
}

#[test]
fn a_depthwise_convolution_is_what_the_definition_says() {
    let mut generator = Generator::new(12);
    for round in 0..200 {
        let (windows, size) = layout(&mut generator);
        let (samples, channels, times) =
            (1 + generator.below(2), 1 + generator.below(4), 1 + generator.below(3));
        let x = random::<f64>(&[samples, size[0], size[1], channels], round);
        let kernel = random(&[windows[0].kernel, windows[1].kernel, channels, times], round + 1);
        let shape = output(&windows, size, samples, channels * times);
        let mut expected = vec![0.0; shape.size().unwrap()];
        every(&windows, size, |[y, x_], [py, px], [row, col]| {
            for n in 0..samples {
                for f in 0..channels * times {
                    expected[at(&shape, [n, y, x_, f])] += x.data()
                        [at(x.shape(), [n, row, col, f / times])]
                        * kernel.data()[at(kernel.shape(), [py, px, f / times, f % times])];
                }
            }
        });
        let mut op = DepthwiseOp::new(slide(&windows, size), shape, Map::Linear);
        close(&op.forward(&[&x, &kernel]), &expected, &format!("{windows:?} over {size:?}"));
    }
}

#[test]
fn pools_are_what_the_definition_says() {
    let mut generator = Generator::new(13);
    for round in 0..200 {
        let (windows, size) = layout(&mut generator);
        // Pools have no dilation, so that none is empty.
        let windows = windows.map(|window| Window { dilation: 1, ..window });
        // Some are so many that several threads share them.
        let many = if round % 40 == 0 { 30 } else { 1 };
        let (samples, channels) =
            (many * (1 + generator.below(2)), many * (1 + generator.below(3)));
        let x = random::<f64>(&[samples, size[0], size[1], channels], round);
        let shape = output(&windows, size, samples, channels);
        let mut seen = vec![Vec::new(); shape.size().unwrap()];
        every(&windows, size, |[y, x_], _, [row, col]| {
            for n in 0..samples {
                for c in 0..channels {
                    let number = x.data()[at(x.shape(), [n, row, col, c])];
                    seen[at(&shape, [n, y, x_, c])].push(number);
                }
            }
        });
        let largest: Vec<f64> = seen
            .iter()
            .map(|seen| seen.iter().copied().fold(f64::NEG_INFINITY, f64::max))
            .collect();
        let means: Vec<f64> =
            seen.iter().map(|seen| seen.iter().sum::<f64>() / seen.len() as f64).collect();
        let what = format!("{windows:?} over {size:?}");
        let slide = slide(&windows, size);
        close(&MaxPool::new(slide, shape).forward(&[&x]), &largest, &what);
        close(&AveragePool { slide, output: shape }.forward(&[&x]), &means, &what);
    }
}

/// The windows of the gradient checks, and the sizes they slide over.
fn layouts() -> Vec<([Window; 2], [usize; 2])> {
    let mut layouts = Vec::new();
    for padding in PADDINGS {
        let w = |kernel, stride, dilation| window(kernel, stride, dilation, padding);
        layouts.extend([
            ([w(1, 1, 1), w(1, 1, 1)], [3, 2]),
            ([w(3, 1, 1), w(2, 1, 1)], [5, 4]),
            ([w(2, 2, 1), w(3, 2, 1)], [5, 6]),
            ([w(2, 1, 2), w(3, 1, 2)], [4, 7]),
            ([w(2, 3, 1), w(1, 2, 1)], [5, 4]),
            ([w(3, 2, 2), w(2, 2, 3)], [7, 5]),
        ]);
    }
    layouts
}

#[test]
fn gradients_of_convolutions() {
    for (windows, size) in layouts() {
        let slide = slide(&windows, size);
        let [height, width] = windows.map(|window| window.kernel);
        for (groups, activation) in [(1, Map::Linear), (2, Map::Tanh), (1, Map::Gelu)] {
            let x = random(&[2, size[0], size[1], 2], 1);
            let kernel = random(&[height, width, 2 / groups, 4], 2);
            let inputs = [x, kernel, random(&[4], 3)];
            let shape = output(&windows, size, 2, 4);
            check(|| ConvOp::new(slide, groups, shape, activation), &inputs);
            check(|| ConvOp::new(slide, groups, shape, activation), &inputs[..2]);
        }
        for times in [1, 2] {
            let kernel = random(&[height, width, 2, times], 4);
            let inputs = [random(&[2, size[0], size[1], 2], 5), kernel, random(&[2 * times], 6)];
            let shape = output(&windows, size, 2, 2 * times);
            check(|| DepthwiseOp::new(slide, shape, Map::Tanh), &inputs);
            check(|| DepthwiseOp::new(slide, shape, Map::Linear), &inputs[..2]);
        }
    }
}

/// Several images are multiplied at once, which the samples are no multiple of.
#[test]
fn gradients_of_convolutions_of_narrow_images() {
    let windows = [window(2, 1, 1, Padding::Valid), window(2, 1, 1, Padding::Valid)];
    let slide = slide(&windows, [3, 3]);
    assert_eq!(slide.together(), 2);
    let (shape, x) = (output(&windows, [3, 3], 5, 4), random(&[5, 3, 3, 2], 1));
    for groups in [1, 2] {
        let kernel = random(&[2, 2, 2 / groups, 4], 2);
        check(|| ConvOp::new(slide, groups, shape, Map::Tanh), &[x.clone(), kernel]);
    }
    let kernel = random(&[2, 2, 2, 4], 3);
    let inputs = [random(shape.dims(), 4), kernel];
    check(|| ConvTransposeOp::new(slide, *x.shape(), Map::Tanh), &inputs);
}

#[test]
fn gradients_of_pools() {
    for (windows, size) in layouts() {
        let windows = windows.map(|window| Window { dilation: 1, ..window });
        let slide = slide(&windows, size);
        let shape = output(&windows, size, 2, 3);
        let x = [random(&[2, size[0], size[1], 3], 7)];
        check(|| AveragePool { slide, output: shape }, &x);
        check(|| MaxPool::new(slide, shape), &x);
    }
}

/// What a transposed convolution is by definition, and the shape.
fn transposed(
    windows: &[Window; 2],
    output_padding: Option<usize>,
    x: &Tensor<f64>,
    kernel: &Tensor<f64>,
) -> (Vec<f64>, Shape) {
    let (samples, filters) = (x.shape().dim(0), kernel.shape().dim(2));
    // Keras's documentation of the sizes, and TensorFlow's cut, which is what "same" pads.
    let larger = |window: &Window, size: usize| {
        let extent = (window.kernel - 1) * window.dilation + 1;
        let all = (size - 1) * window.stride + extent;
        match (window.padding, output_padding) {
            (Padding::Same, None) => {
                (size * window.stride, extent.saturating_sub(window.stride) / 2)
            }
            (Padding::Same, Some(more)) => (
                (size - 1) * window.stride + extent % 2 + more,
                extent.saturating_sub(extent % 2 + more) / 2,
            ),
            (_, more) => (all + more.unwrap_or(window.stride.saturating_sub(extent)), 0),
        }
    };
    let (height, top) = larger(&windows[0], x.shape().dim(1));
    let (width, left) = larger(&windows[1], x.shape().dim(2));
    let shape = Shape::new(&[samples, height, width, filters]);
    let mut y = vec![0.0; shape.size().unwrap()];
    for (i, value) in x.data().iter().enumerate() {
        let channel = i % x.shape().dim(3);
        let col = i / x.shape().dim(3) % x.shape().dim(2);
        let row = i / x.shape().dim(3) / x.shape().dim(2) % x.shape().dim(1);
        let n = i / x.shape().dim(3) / x.shape().dim(2) / x.shape().dim(1);
        for (k, weight) in kernel.data().iter().enumerate() {
            let (c, f) = (k % kernel.shape().dim(3), k / kernel.shape().dim(3) % filters);
            let place = k / kernel.shape().dim(3) / filters;
            let (py, px) = (place / windows[1].kernel, place % windows[1].kernel);
            let to_row = row * windows[0].stride + py * windows[0].dilation;
            let to_col = col * windows[1].stride + px * windows[1].dilation;
            let inside =
                (top..top + height).contains(&to_row) && (left..left + width).contains(&to_col);
            if c == channel && inside {
                y[at(&shape, [n, to_row - top, to_col - left, f])] += value * weight;
            }
        }
    }
    (y, shape)
}

#[test]
fn a_transposed_convolution_is_what_the_definition_says() {
    let mut generator = Generator::new(14);
    for round in 0..200 {
        let padding = PADDINGS[generator.below(2)];
        let windows = [0, 1].map(|_| {
            let (kernel, stride) = (1 + generator.below(4), 1 + generator.below(3));
            window(kernel, stride, 1 + generator.below(2), padding)
        });
        let output_padding = [None, Some(1), Some(2)][generator.below(3)];
        let size = [1 + generator.below(4), 1 + generator.below(4)];
        let (channels, filters) = (1 + generator.below(3), 1 + generator.below(3));
        let x = random::<f64>(&[2, size[0], size[1], channels], round);
        let kernel = random(&[windows[0].kernel, windows[1].kernel, filters, channels], round + 1);
        let (expected, shape) = transposed(&windows, output_padding, &x, &kernel);
        let axes = [0, 1].map(|i| Axis::transposed(&windows[i], size[i], output_padding));
        let mut op = ConvTransposeOp::new(Slide::new(&axes), shape, Map::Linear);
        let what = format!("{windows:?} over {size:?}, output_padding {output_padding:?}");
        close(&op.forward(&[&x, &kernel]), &expected, &what);
        if round % 10 == 0 {
            let inputs = [x, kernel, random(&[filters], 9)];
            check(|| ConvTransposeOp::new(Slide::new(&axes), shape, Map::Tanh), &inputs);
            check(|| ConvTransposeOp::new(Slide::new(&axes), shape, Map::Linear), &inputs[..2]);
        }
    }
}

#[test]
fn a_nan_passes_through_max_pooling() {
    let numbers = vec![1.0, f64::NAN, 3.0, 2.0, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let x = Tensor::new(Shape::new(&[1, 6, 1]), numbers);
    let axis = Axis::new(&window(2, 2, 1, Padding::Valid), 6);
    let y = MaxPool::new(Slide::new(&[axis]), Shape::new(&[1, 3, 1])).forward(&[&x]);
    assert!(y.data()[0].is_nan());
    assert_eq!(y.data()[1..], [3.0, f64::NEG_INFINITY]);
}

#[test]
fn no_samples_and_no_pixels_are_no_trouble() {
    let windows = [window(3, 2, 1, Padding::Same); 2];
    for (samples, size) in [(0, [4, 5]), (2, [0, 5]), (2, [0, 0])] {
        let shape = output_of_nothing(&windows, size, samples, 4);
        let inputs = [random(&[samples, size[0], size[1], 2], 1), random(&[3, 3, 2, 4], 2)];
        check(|| ConvOp::new(slide(&windows, size), 1, shape, Map::Linear), &inputs);
        let shape = shape.with(3, 2);
        check(|| MaxPool::new(slide(&windows, size), shape), &inputs[..1]);
        check(|| AveragePool { slide: slide(&windows, size), output: shape }, &inputs[..1]);
    }
}

fn output_of_nothing(windows: &[Window; 2], size: [usize; 2], n: usize, channels: usize) -> Shape {
    let [height, width] = [0, 1].map(|i| size[i].div_ceil(windows[i].stride));
    Shape::new(&[n, height, width, channels])
}
