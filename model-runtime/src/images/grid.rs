//! Images side by side in one picture.

use std::path::Path;

use crate::weights::file;
use crate::{Data, Error, Float};

/// Images with longer sides are shown as they are, others larger.
const LARGE: usize = 64;
/// The pixels between two images.
const GAP: usize = 2;
const WHITE: u8 = 255;

/// Writes images into a PNG file, row by row, `columns` side by side: `(samples, height, width)` or
/// `(samples, height, width, 1)` in grey, `(samples, height, width, 3)` in red, green and blue.
///
/// 0 is black and 1 is white or the full colour; what lies outside of that is drawn as its end.
/// Images of up to 32 pixels are enlarged by a whole factor, to at most 64. Between them and where
/// there are none the picture is white. The file is there as a whole or as it was before.
///
/// ```
/// use model_runtime::prelude::*;
///
/// let sample = |(i, y, x): (usize, usize, usize)| (i * y * x % 7) as f32 / 6.0;
/// let samples = ndarray::Array3::from_shape_fn((6, 16, 16), sample);
/// # let folder = std::env::temp_dir();
/// images::save_grid(folder.join("samples.png"), &samples, 3)?;
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::Option`] for arrays of other shapes, without an image or too large for a picture, and
/// for 0 columns; [`Error::NotFinite`] for NaN and infinities; [`Error::File`].
pub fn save_grid<'a>(
    path: impl AsRef<Path>,
    images: impl Into<Data<'a>>,
    columns: usize,
) -> Result<(), Error> {
    let path = path.as_ref();
    let grid = Grid::new(&images.into(), columns)?;
    let bytes = grid.encode().map_err(|why| file::error(path, "write", why))?;
    file::write(path, &bytes)
}

/// The pixels of a picture.
struct Grid {
    width: u32,
    height: u32,
    channels: usize,
    pixels: Vec<u8>,
}

impl Grid {
    fn new(images: &Data<'_>, columns: usize) -> Result<Grid, Error> {
        let wrong = |name, value, expected| Err(Error::Option { name, value, expected });
        let (count, height, width, channels) = match *images.shape() {
            [n, h, w] if n * h * w > 0 => (n, h, w, 1),
            [n, h, w, c @ (1 | 3)] if n * h * w > 0 => (n, h, w, c),
            _ => {
                let value = format!("an array of the shape {:?}", images.shape());
                let expected = "(images, height, width), perhaps with 1 or 3 channels behind";
                return wrong("images", value, expected);
            }
        };
        if columns == 0 {
            return wrong("columns", "0".to_owned(), "1 or more");
        }
        images.check_finite(&|| "the images".to_owned())?;
        let columns = columns.min(count);
        let scale = (LARGE / height.max(width)).max(1);
        let side = |images: usize, size: usize| {
            let side = size.checked_mul(scale)?.checked_add(GAP)?.checked_mul(images)? - GAP;
            u32::try_from(side).ok().filter(|&side| side <= i32::MAX as u32)
        };
        let sides = (side(columns, width), side(count.div_ceil(columns), height));
        let (Some(across), Some(down)) = sides else {
            let value = format!("an array of the shape {:?}", images.shape());
            return wrong("images", value, "small enough for sides of 2³¹ pixels");
        };
        let mut pixels = vec![WHITE; across as usize * down as usize * channels];
        for (i, image) in images.values().chunks(height * width * channels).enumerate() {
            let (top, left) = (i / columns, i % columns);
            let (top, left) = (top * (height * scale + GAP), left * (width * scale + GAP));
            for y in 0..height * scale {
                for x in 0..width * scale {
                    let from = (y / scale * width + x / scale) * channels;
                    let to = ((top + y) * across as usize + left + x) * channels;
                    for c in 0..channels {
                        pixels[to + c] = byte(image[from + c]);
                    }
                }
            }
        }
        Ok(Grid { width: across, height: down, channels, pixels })
    }

    fn encode(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(match self.channels {
            1 => png::ColorType::Grayscale,
            _ => png::ColorType::Rgb,
        });
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(bytes)
    }
}

/// A number from 0 to 1 as one from 0 to 255.
fn byte(number: Float) -> u8 {
    (number.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, Array3, Array4, array};

    use super::*;

    /// What a reader of its own finds in the file: width, height, colours, bytes.
    fn written<'a>(images: impl Into<Data<'a>>, columns: usize) -> (u32, u32, usize, Vec<u8>) {
        let (image, name) = (images.into(), format!("grid-{}-{columns}.png", std::process::id()));
        let path = std::env::temp_dir().join(name + &image.values().len().to_string());
        save_grid(&path, image, columns).unwrap();
        let decoder =
            png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&path).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        std::fs::remove_file(path).unwrap();
        (info.width, info.height, info.color_type.samples(), pixels)
    }

    #[test]
    fn pixels_are_where_they_belong() {
        // Three images of 40 by 1 pixels: too large to be enlarged.
        let mut images = Array3::zeros((3, 1, 40));
        images[[1, 0, 39]] = 1.0;
        images[[2, 0, 0]] = 0.5;
        let (width, height, channels, pixels) = written(&images, 2);
        assert_eq!((width, height, channels), (82, 4, 1));
        let at = |y: usize, x: usize| pixels[y * 82 + x];
        assert_eq!([at(0, 0), at(0, 39), at(0, 40), at(0, 41), at(0, 42)], [0, 0, 255, 255, 0]);
        assert_eq!([at(0, 80), at(0, 81)], [0, 255]);
        // Below: a gap of two rows, the third image, and no fourth.
        assert_eq!([at(1, 0), at(2, 0), at(3, 0), at(3, 1), at(3, 60)], [255, 255, 128, 0, 255]);
    }

    #[test]
    fn small_images_are_enlarged_and_colours_kept() {
        let image = array![[[[1.0, 0.0, 0.2], [0.0, 1.0, 0.0]]]];
        let (width, height, channels, pixels) = written(&image, 5);
        assert_eq!((width, height, channels), (64, 32, 3));
        assert_eq!(pixels[..3], [255, 0, 51]);
        assert_eq!(pixels[31 * 3..33 * 3], [255, 0, 51, 0, 255, 0]);
        assert_eq!(pixels[31 * 64 * 3..][..3], [255, 0, 51]);
    }

    #[test]
    fn a_channel_of_one_is_grey_and_the_range_is_from_0_to_1() {
        let image = Array4::from_shape_vec((1, 1, 64, 1), (0..64).map(|i| i - 1).collect());
        let (.., channels, pixels) = written(image.unwrap(), 1);
        assert_eq!((channels, &pixels[..4]), (1, &[0, 0, 255, 255][..]));
    }

    #[test]
    fn what_is_no_picture_is_refused_and_named() {
        let refused = |images: Data<'_>, columns, text: &str| {
            let path = std::env::temp_dir().join("never-written.png");
            let error = save_grid(&path, images, columns).unwrap_err().to_string();
            assert!(error.contains(text) && !path.exists(), "{error}");
        };
        let grey = Array::<Float, _>::zeros((2, 3, 3));
        refused((&grey).into(), 0, "`columns` is 0");
        refused((&Array::<Float, _>::zeros((2, 3))).into(), 1, "[2, 3]");
        refused((&Array::<Float, _>::zeros((2, 3, 3, 2))).into(), 1, "1 or 3 channels");
        refused((&Array::<Float, _>::zeros((0, 3, 3))).into(), 1, "[0, 3, 3]");
        refused((&(grey + Float::NAN)).into(), 1, "NaN");
    }
}
