use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage};
use model_runtime::Float;
use ndarray::{Array4, Axis, concatenate};

use crate::Digits;

/// The PNG and JPEG files of a folder in the order of their names, cut to squares of `size` pixels:
/// `(pictures, size, size, channels)`, from 0 to 1, in grey for one channel, else in colour.
/// Without a folder, all digits.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn pictures(
    folder: Option<&Path>,
    size: usize,
    channels: usize,
) -> Result<Array4<Float>, Box<dyn Error>> {
    let Some(folder) = folder else {
        let (train, test) = Digits::load();
        let [train, test] = [train, test].map(|digits| digits.enlarged(size, channels));
        return Ok(concatenate![Axis(0), train, test]);
    };
    let files: Result<Vec<PathBuf>, _> =
        fs::read_dir(folder)?.map(|file| Ok::<_, std::io::Error>(file?.path())).collect();
    let mut files = files?;
    files.sort();
    let open =
        |file: &PathBuf| image::open(file).map_err(|why| format!("{}: {why}", file.display()));
    let pictures: Result<Vec<DynamicImage>, String> = files.iter().map(open).collect();
    Ok(numbers(&pictures?, size, channels))
}

impl Digits {
    /// The images enlarged to `size` pixels, smoothly: as [`pictures`].
    pub fn enlarged(&self, size: usize, channels: usize) -> Array4<Float> {
        let digit = |pixels: ndarray::ArrayView1<'_, Float>| {
            let at = |x: u32, y: u32| image::Luma([(pixels[(y * 8 + x) as usize] * 255.0) as u8]);
            GrayImage::from_fn(8, 8, at).into()
        };
        let digits: Vec<DynamicImage> = self.images.rows().into_iter().map(digit).collect();
        numbers(&digits, size, channels)
    }
}

fn numbers(pictures: &[DynamicImage], size: usize, channels: usize) -> Array4<Float> {
    let side = size as u32;
    let mut numbers = Vec::with_capacity(pictures.len() * size * size * channels);
    for picture in pictures {
        let square = picture.resize_to_fill(side, side, FilterType::Triangle);
        let bytes = match channels {
            1 => square.into_luma8().into_raw(),
            _ => square.into_rgb8().into_raw(),
        };
        numbers.extend(bytes.into_iter().map(|byte| Float::from(byte) / 255.0));
    }
    let shape = (pictures.len(), size, size, channels);
    Array4::from_shape_vec(shape, numbers).expect("1 or 3 channels")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_squares_of_numbers() {
        let folder = std::env::temp_dir().join(format!("pictures-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        // Twice as wide as high; the square in the middle is red.
        let red =
            |x: u32, _| image::Rgb(if (2..6).contains(&x) { [255, 0, 0] } else { [0, 0, 255] });
        let picture = image::RgbImage::from_fn(8, 4, red);
        picture.save(folder.join("b.png")).unwrap();
        image::RgbImage::new(8, 4).save(folder.join("a.jpg")).unwrap();
        let colours = pictures(Some(&folder), 4, 3).unwrap();
        let grey = pictures(Some(&folder), 2, 1).unwrap();
        fs::write(folder.join("c.png"), "no picture").unwrap();
        let error = pictures(Some(&folder), 2, 1).unwrap_err().to_string();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((colours.shape(), grey.shape()), (&[2, 4, 4, 3][..], &[2, 2, 2, 1][..]));
        assert!(colours.slice(ndarray::s![0, .., .., ..]).iter().all(|&x| x < 0.01));
        assert!(colours.slice(ndarray::s![1, .., .., 0]).iter().all(|&x| x == 1.0));
        assert!(grey[[1, 0, 0, 0]] > 0.1 && error.contains("c.png"), "{grey} {error}");
    }

    #[test]
    fn digits_are_enlarged() {
        let (_, test) = Digits::load();
        let large = test.enlarged(16, 1);
        assert_eq!(large.shape(), [360, 16, 16, 1]);
        let means = (large.mean().unwrap(), test.images.mean().unwrap());
        assert!((means.0 - means.1).abs() < 0.01, "{means:?}");
    }
}
