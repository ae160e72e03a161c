use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::DEFLATE;
use super::npy::{Npy, decode, encode};
use super::numbers::{MOST_NUMBERS, Most};
use crate::weights::file;
use crate::{Data, Error};

/// Reads the arrays of numpy's `savez` and `savez_compressed`, with their names, in their order.
///
/// See [`load_npy`](super::load_npy) for the numbers that are read.
///
/// ```
/// use model_runtime::files::{load_npz, save_npz};
/// use ndarray::array;
/// let path = std::env::temp_dir().join("doc-load.npz");
/// save_npz(&path, [("x", &array![1, 2]), ("y", &array![3])])?;
/// let arrays = load_npz(&path)?;
/// assert_eq!((arrays[0].0.as_str(), arrays[0].1.array[0]), ("x", 1.0));
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`] for a file that cannot be read, has something else than arrays of numbers, or is
/// damaged, and for one with more than 2^29 numbers that are compressed, 2 GiB of `f32`; see
/// [`load_npz_with`].
pub fn load_npz(path: impl AsRef<Path>) -> Result<Vec<(String, Npy)>, Error> {
    load_npz_with(path, MOST_NUMBERS)
}

/// [`load_npz`] of at most so many numbers in all arrays together that are compressed; those that
/// are not have as many as the size of the file says.
///
/// ```
/// use model_runtime::files::{load_npz_with, save_npz};
/// let path = std::env::temp_dir().join("doc-most.npz");
/// save_npz(&path, [("x", &ndarray::array![1, 2]), ("y", &ndarray::array![3])])?;
/// assert_eq!(load_npz_with(&path, 1 << 32)?.len(), 2);
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// As [`load_npz`].
pub fn load_npz_with(path: impl AsRef<Path>, most: usize) -> Result<Vec<(String, Npy)>, Error> {
    let path = path.as_ref();
    let bytes = file::read(path)?;
    decode_all(&bytes, most).map_err(|why| file::error(path, "read", why))
}

/// Writes arrays with their names for numpy's `load`, as `savez` does, as a whole or not at all.
///
/// ```
/// use ndarray::array;
/// let path = std::env::temp_dir().join("doc-save.npz");
/// model_runtime::files::save_npz(path, [("x", &array![1, 2]), ("y", &array![3])])?;
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`] for a file that cannot be written, and for two arrays of one name.
pub fn save_npz<'a, D: Into<Data<'a>>>(
    path: impl AsRef<Path>,
    arrays: impl IntoIterator<Item = (impl AsRef<str>, D)>,
) -> Result<(), Error> {
    let path = path.as_ref();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        // Sizes of 8 bytes, as numpy writes them.
        .large_file(true);
    let write = || {
        for (name, array) in arrays {
            archive.start_file(format!("{}.npy", name.as_ref()), options)?;
            archive.write_all(&encode(&array.into()))?;
        }
        archive.finish()
    };
    let bytes = write().map_err(|why| file::error(path, "write", why))?;
    file::write(path, &bytes.into_inner())
}

pub(super) fn decode_all(bytes: &[u8], mut numbers: usize) -> Result<Vec<(String, Npy)>, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|why| why.to_string())?;
    let (mut arrays, mut left) = (Vec::new(), bytes.len() as u64);
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(|why| why.to_string())?;
        let name = entry.name().strip_suffix(".npy").unwrap_or(entry.name()).to_owned();
        // What the archive says of its size must not be believed, nor that arrays are beside each
        // other in it.
        let size = entry.compressed_size().min(left);
        left -= size;
        let is_stored = entry.compression() == zip::CompressionMethod::Stored;
        let most = match is_stored {
            true => Most { bytes: size, numbers: usize::MAX },
            false => Most { bytes: size.saturating_mul(DEFLATE), numbers },
        };
        let npy = decode(entry, most).map_err(|why| {
            let shown: String = name.chars().take(60).flat_map(char::escape_debug).collect();
            format!("of its array `{shown}`: {why}")
        })?;
        if !is_stored {
            numbers -= npy.array.len();
        }
        arrays.push((name, npy));
    }
    Ok(arrays)
}

#[cfg(test)]
#[path = "npz_tests.rs"]
mod tests;
