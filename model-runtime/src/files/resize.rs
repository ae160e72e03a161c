use ndarray::{Array3, ArrayView3};

use crate::Float;

/// Another size of a picture `(height, width, channels)`, bilinear with the centres of pixels at
/// halves and without smoothing, as Keras's `image.resize`.
pub fn resize(picture: ArrayView3<'_, Float>, size: (usize, usize)) -> Array3<Float> {
    let (height, width, channels) = picture.dim();
    let rows: Vec<Between> = (0..size.0).map(|i| between(i, size.0, height)).collect();
    let columns: Vec<Between> = (0..size.1).map(|i| between(i, size.1, width)).collect();
    Array3::from_shape_fn((size.0, size.1, channels), |(i, j, channel)| {
        let ((top, bottom, down), (left, right, along)) = (rows[i], columns[j]);
        let line = |row: usize| {
            let (a, b) = (picture[[row, left, channel]], picture[[row, right, channel]]);
            a + (b - a) * along
        };
        let (upper, lower) = (line(top), line(bottom));
        upper + (lower - upper) * down
    })
}

/// Two neighbours, and how far from the first to the second.
type Between = (usize, usize, Float);

/// Where a pixel of an axis of size `new` is on one of size `old`.
fn between(i: usize, new: usize, old: usize) -> Between {
    let scale = old as f64 / new as f64;
    let place = ((i as f64 + 0.5) * scale - 0.5).clamp(0.0, (old - 1) as f64);
    let first = place as usize;
    (first, (first + 1).min(old - 1), (place - first as f64) as Float)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, array};

    use super::*;

    #[test]
    fn sizes_change_as_in_keras() {
        let picture = Array3::from_shape_fn((2, 3, 1), |(i, j, _)| (3 * i + j * j) as Float);
        // keras.ops.image.resize(picture, size, antialias=False)
        let wide = resize(picture.view(), (2, 6));
        let expected =
            array![[0.0, 0.25, 0.75, 1.75, 3.25, 4.0], [3.0, 3.25, 3.75, 4.75, 6.25, 7.0]];
        assert_eq!(wide.index_axis(ndarray::Axis(2), 0), expected);
        let small = resize(picture.view(), (1, 1));
        assert_eq!(small[[0, 0, 0]], 2.5);
        assert_eq!(resize(picture.view(), (2, 3)), picture);
    }
}
