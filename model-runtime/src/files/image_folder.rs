use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use ndarray::{Array1, Array3, Array4, Axis};

use super::DEFLATE;
use super::resize::resize;
use crate::seed::Generator;
use crate::weights::file;
use crate::{Error, Float};

/// The numbers of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMode {
    /// One, its brightness.
    Grayscale,
    /// Red, green and blue.
    Rgb,
    /// Red, green, blue and opacity.
    Rgba,
}

/// Pictures, and the classes they are of.
#[derive(Clone, Debug, PartialEq)]
pub struct LabeledImages {
    /// `(pictures, height, width, channels)`, numbers from 0 to 255.
    pub images: Array4<Float>,
    /// The place of each picture's class among the names.
    pub labels: Array1<Float>,
}

/// A folder with a sub-folder of PNG and JPEG files for each class: Keras's
/// [`image_dataset_from_directory`](https://keras.io/api/data_loading/image/#image_dataset_from_directory-function).
///
/// Classes are the names of the sub-folders in alphabetical order. All pictures get one size, as in
/// Keras bilinear and without keeping the ratio of the sides, and numbers from 0 to 255;
/// `Rescaling(1 / 255)` in the model makes them 0 to 1.
///
/// ```no_run
/// use model_runtime::files::image_dataset_from_directory;
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(64, 64, 3); x = Flatten()(x); y = Dense(5, softmax)(x); };
/// let mut trainer = net.compile(Adam::new(1e-3), "sparse_categorical_crossentropy")?;
/// let folder = image_dataset_from_directory("flowers")?.image_size(64, 64).shuffle(1);
/// println!("{:?}", folder.class_names());
/// // More than memory holds: files are read while the batch before them is trained on.
/// let batches = Batches::epochs(|epoch| {
///     let batches = folder.batches(32, epoch);
///     batches.map(|batch| batch.map(|batch| Batch::new(batch.images, batch.labels)))
/// });
/// trainer.fit_batches(batches, Fit::epochs(10))?;
/// # Ok::<(), Error>(())
/// ```
///
/// The colours of two pictures of one pixel:
///
/// ```
/// use model_runtime::files::{
///     ColorMode, ImageFolder, LabeledImages, image_dataset_from_directory,
/// };
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// # let folder = std::env::temp_dir().join("doc-flowers");
/// # let red: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\
/// #     \x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\
/// #     \x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c\
/// #     IDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\
/// #     \x00\x00\x00\x00IEND\xaeB`\x82";
/// # let blue: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\
/// #     \x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\
/// #     \x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c\
/// #     IDATx\x9cc``\xf8\x0f\x00\x01\x03\x01\x00\x08\x89\xc2\xec\
/// #     \x00\x00\x00\x00IEND\xaeB`\x82";
/// # for (class, png) in [("rose", red), ("violet", blue)] {
/// #     std::fs::create_dir_all(folder.join(class)).unwrap();
/// #     std::fs::write(folder.join(class).join("1.png"), png).unwrap();
/// # }
/// let folder: ImageFolder = image_dataset_from_directory(&folder)?
///     .image_size(1, 1)
///     .color_mode(ColorMode::Rgb)
///     .max_pixels(1);
/// assert_eq!(folder.class_names(), ["rose", "violet"]);
/// let flowers: LabeledImages = folder.load()?;
/// assert_eq!(flowers.labels, array![0.0, 1.0]);
/// assert_eq!(flowers.images, array![[[[255.0, 0.0, 0.0]]], [[[0.0, 0.0, 255.0]]]]);
///
/// // In another order in each epoch, and a batch at a time.
/// let mut seen = Vec::new();
/// for batch in folder.shuffle(1).batches(1, 0) {
///     seen.extend(batch?.labels);
/// }
/// seen.sort_by(Float::total_cmp);
/// assert_eq!(seen, [0.0, 1.0]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ImageFolder {
    class_names: Vec<String>,
    /// Files and their classes.
    files: Vec<(PathBuf, usize)>,
    image_size: (usize, usize),
    color_mode: ColorMode,
    max_pixels: u64,
    seed: Option<u64>,
}

/// Looks which classes a folder has, and which files; reads none of them yet. See [`ImageFolder`].
///
/// # Errors
/// [`Error::File`] for a folder that cannot be read or has no sub-folders with pictures.
pub fn image_dataset_from_directory(directory: impl AsRef<Path>) -> Result<ImageFolder, Error> {
    let directory = directory.as_ref();
    let mut classes = entries(directory)?;
    classes.retain(|path| path.is_dir());
    let (mut class_names, mut files) = (Vec::new(), Vec::new());
    for (class, folder) in classes.iter().enumerate() {
        let name = folder.file_name().unwrap_or_default();
        class_names.push(name.to_string_lossy().into_owned());
        let pictures = entries(folder)?.into_iter().filter(|path| is_picture(path));
        files.extend(pictures.map(|path| (path, class)));
    }
    if files.is_empty() {
        let why = "it has no sub-folders with PNG or JPEG files, one for each class";
        return Err(file::error(directory, "read", why));
    }
    let (image_size, color_mode) = ((256, 256), ColorMode::Rgb);
    let max_pixels = 1 << 26;
    Ok(ImageFolder { class_names, files, image_size, color_mode, max_pixels, seed: None })
}

/// What a folder has, in alphabetical order, without what is hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder)?;
        let mut paths =
            entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
        paths.retain(|path| {
            let name = path.file_name().unwrap_or_default();
            !name.to_string_lossy().starts_with('.')
        });
        paths.sort();
        Ok(paths)
    };
    read().map_err(|why| file::refused(folder, "read", why))
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ["png", "jpg", "jpeg"].contains(&ending.as_str())
}

impl ImageFolder {
    /// The height and width of all pictures; 256 and 256 by default.
    pub fn image_size(mut self, height: usize, width: usize) -> ImageFolder {
        self.image_size = (height, width);
        self
    }

    /// What a pixel is; red, green and blue by default.
    pub fn color_mode(mut self, color_mode: ColorMode) -> ImageFolder {
        self.color_mode = color_mode;
        self
    }

    /// How many pixels a file may have; 2^26, those of 8192 rows of 8192, by default. A few bytes
    /// can say to be very many, so this is looked at before memory is taken.
    pub fn max_pixels(mut self, max_pixels: u64) -> ImageFolder {
        self.max_pixels = max_pixels;
        self
    }

    /// Mixes the classes, in another order in each epoch; by default pictures come in the order of
    /// their names.
    pub fn shuffle(mut self, seed: u64) -> ImageFolder {
        self.seed = Some(seed);
        self
    }

    /// The classes in the order of their labels.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are no pictures.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// All pictures at once.
    ///
    /// # Errors
    /// [`Error::File`] for a file that cannot be read or is no picture.
    pub fn load(&self) -> Result<LabeledImages, Error> {
        self.read(&self.order(0))
    }

    /// The pictures of an epoch, `batch_size` at a time and the rest at last, read when they are
    /// asked for. A `batch_size` of 0 counts as 1.
    pub fn batches(
        &self,
        batch_size: usize,
        epoch: usize,
    ) -> impl Iterator<Item = Result<LabeledImages, Error>> + Send + use<> {
        let (folder, order, size) = (self.clone(), self.order(epoch), batch_size.max(1));
        (0..order.len().div_ceil(size)).map(move |i| {
            let end = order.len().min((i + 1) * size);
            folder.read(&order[i * size..end])
        })
    }

    fn order(&self, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        if let Some(seed) = self.seed {
            Generator::stream(seed, epoch as u64).shuffle(&mut order);
        }
        order
    }

    fn read(&self, files: &[usize]) -> Result<LabeledImages, Error> {
        let ((height, width), channels) = (self.image_size, self.channels());
        if height == 0 || width == 0 {
            let (name, value) = ("image_size", format!("{height}, {width}"));
            return Err(Error::Option { name, value, expected: "of at least 1 pixel" });
        }
        let sizes = [files.len(), height, width, channels, size_of::<Float>()];
        let bytes = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size));
        if bytes.is_none_or(|bytes| bytes > isize::MAX as usize) {
            let (name, value) = ("image_size", format!("{height}, {width}"));
            return Err(Error::Option { name, value, expected: "such that memory holds a batch" });
        }
        let mut images = Array4::zeros((files.len(), height, width, channels));
        for (mut image, file) in images.axis_iter_mut(Axis(0)).zip(files) {
            let path = &self.files[*file].0;
            let bytes = file::read(path)?;
            let picture = self.decode(&bytes).map_err(|why| file::error(path, "read", why))?;
            image.assign(&resize(picture.view(), self.image_size));
        }
        let labels = files.iter().map(|file| self.files[*file].1 as Float).collect();
        Ok(LabeledImages { images, labels })
    }

    fn channels(&self) -> usize {
        match self.color_mode {
            ColorMode::Grayscale => 1,
            ColorMode::Rgb => 3,
            ColorMode::Rgba => 4,
        }
    }

    fn decode(&self, bytes: &[u8]) -> Result<Array3<Float>, String> {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
        let mut reader = reader.map_err(|why| why.to_string())?;
        let mut limits = Limits::default();
        // A pixel has at least a bit in what is compressed, and at most 8 bytes outside of it.
        let most = (bytes.len() as u64).saturating_mul(DEFLATE * 64);
        limits.max_alloc = Some(limits.max_alloc.map_or(most, |limit| limit.min(most)));
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|why| why.to_string())?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > self.max_pixels {
            let most = self.max_pixels;
            return Err(format!(
                "it has {height} rows of {width} pixels, but at most {most} pixels are read"
            ));
        }
        let picture = DynamicImage::from_decoder(decoder).map_err(|why| why.to_string())?;
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let pixels = match self.color_mode {
            ColorMode::Grayscale => picture.into_luma8().into_raw(),
            ColorMode::Rgb => picture.into_rgb8().into_raw(),
            ColorMode::Rgba => picture.into_rgba8().into_raw(),
        };
        let numbers = pixels.into_iter().map(Float::from).collect();
        let picture = Array3::from_shape_vec((height, width, self.channels()), numbers);
        match picture.map_err(|why| why.to_string())? {
            picture if picture.is_empty() => Err("it has no pixels".to_owned()),
            picture => Ok(picture),
        }
    }
}

#[cfg(test)]
#[path = "image_folder_tests.rs"]
mod tests;
