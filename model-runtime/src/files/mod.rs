//! Data in files: tables, numpy's arrays, MNIST's format, folders of pictures.
//!
//! | file | read | write | feature |
//! |---|---|---|---|
//! | CSV | `read_csv`, `Csv` | | `csv` |
//! | `.npy` | [`load_npy`] | [`save_npy`] | |
//! | `.npz` | `load_npz` | `save_npz` | `npz` |
//! | IDX | [`read_idx`] | | |
//! | IDX in gzip | [`read_idx`] | | `gzip` |
//! | folders of PNG and JPEG | `image_dataset_from_directory` | | `image-folders` |
//!
//! The features are [features of this crate](crate#features).
//!
//! A file that is cut off, damaged or made to do harm is an [`Error::File`](crate::Error::File)
//! with a sentence. Sizes that a file claims are compared with its length before memory is taken:
//! as many bytes as there are, or as many as DEFLATE can make of them, 1032 times as many. Numbers
//! become [`Float`](crate::Float), 4 or 8 bytes each. What is compressed has at most 2^29 of them,
//! or as many as [`read_idx_with`] and `load_npz_with` are told; a picture has at most 2^26 pixels,
//! or as many as `ImageFolder::max_pixels` says.
//!
#![doc = include_str!("../../docs/guide/bad_files.md")]

#[cfg(all(test, feature = "csv", feature = "gzip", feature = "npz", not(feature = "f64")))]
mod bad_tests;
#[cfg(feature = "csv")]
mod csv;
mod idx;
#[cfg(feature = "image-folders")]
mod image_folder;
mod npy;
#[cfg(feature = "npz")]
mod npz;
mod numbers;
#[cfg(feature = "image-folders")]
mod resize;

#[cfg(feature = "csv")]
pub use self::csv::{Csv, Table, read_csv};
pub use idx::{read_idx, read_idx_with};
#[cfg(feature = "image-folders")]
pub use image_folder::{ColorMode, ImageFolder, LabeledImages, image_dataset_from_directory};
pub use npy::{Npy, load_npy, save_npy};
#[cfg(feature = "npz")]
pub use npz::{load_npz, load_npz_with, save_npz};

/// How many bytes DEFLATE makes of one at most: <https://zlib.net/zlib_tech.html>.
#[cfg(any(feature = "gzip", feature = "npz", feature = "image-folders"))]
const DEFLATE: u64 = 1032;
