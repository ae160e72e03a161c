use std::io::Read;
use std::path::Path;

use ndarray::ArrayD;

use super::numbers::{self, Kind, MOST_NUMBERS, Most, Type};
use crate::weights::file;
use crate::{Error, Float};

/// Reads an IDX file, the format of MNIST: `train-images-idx3-ubyte`, also as it is published, with
/// `.gz` (with the feature `gzip`).
///
/// Returns the array with its numbers as they are: pictures are 0 to 255 until they are divided.
/// The format is described [by its makers](http://yann.lecun.com/exdb/mnist/).
///
/// ```
/// let path = std::env::temp_dir().join("doc-labels-idx1-ubyte");
/// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 2, 7, 3]).unwrap(); // two labels
/// let labels = model_runtime::files::read_idx(&path)?;
/// assert_eq!(labels, ndarray::array![7.0, 3.0].into_dyn());
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`] for a file that cannot be read, is in another format, or is damaged, and for one
/// that is compressed and has more than 2^29 numbers, 2 GiB of `f32`; see [`read_idx_with`].
pub fn read_idx(path: impl AsRef<Path>) -> Result<ArrayD<Float>, Error> {
    read_idx_with(path, MOST_NUMBERS)
}

/// [`read_idx`] of at most so many numbers, if the file is compressed; one that is not has as many
/// as its size says.
///
/// ```
/// let path = std::env::temp_dir().join("doc-few-idx1-ubyte");
/// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 2, 7, 3]).unwrap();
/// assert_eq!(model_runtime::files::read_idx_with(&path, 1 << 32)?.len(), 2);
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// As [`read_idx`].
pub fn read_idx_with(path: impl AsRef<Path>, most: usize) -> Result<ArrayD<Float>, Error> {
    let path = path.as_ref();
    let bytes = file::read(path)?;
    decode(&bytes, most).map_err(|why| file::error(path, "read", why))
}

fn decode(bytes: &[u8], numbers: usize) -> Result<ArrayD<Float>, String> {
    let length = bytes.len() as u64;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return decode_plain(bytes, Most { bytes: length, numbers: usize::MAX });
    }
    #[cfg(feature = "gzip")]
    return decode_plain(
        flate2::read::MultiGzDecoder::new(bytes),
        Most { bytes: length.saturating_mul(super::DEFLATE), numbers },
    );
    #[cfg(not(feature = "gzip"))]
    let _ = numbers;
    #[cfg(not(feature = "gzip"))]
    Err("it is compressed, which the feature `gzip` of model-runtime reads".to_owned())
}

/// The array of a reader.
fn decode_plain(mut reader: impl Read, most: Most) -> Result<ArrayD<Float>, String> {
    let mut four = || {
        let mut bytes = [0; 4];
        let read = reader.read_exact(&mut bytes);
        read.map_err(|why| format!("its header cannot be read: {why}"))?;
        Ok::<_, String>(bytes)
    };
    let [0, 0, code, axes] = four()? else {
        return Err("it is not an IDX file: those begin with two bytes of 0".to_owned());
    };
    let (kind, size) = match code {
        0x08 => (Kind::Unsigned, 1),
        0x09 => (Kind::Signed, 1),
        0x0b => (Kind::Signed, 2),
        0x0c => (Kind::Signed, 4),
        0x0d => (Kind::Float, 4),
        0x0e => (Kind::Float, 8),
        _ => return Err(format!("its numbers are of the type {code:#04x}, which IDX has not")),
    };
    let dims = (0..axes).map(|_| Ok(u32::from_be_bytes(four()?) as usize));
    let shape = dims.collect::<Result<Vec<usize>, String>>()?;
    let (values, _) = numbers::read(reader, &shape, Type { kind, size, big_endian: true }, most)?;
    ArrayD::from_shape_vec(shape, values).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn decode(bytes: &[u8]) -> Result<ArrayD<Float>, String> {
        super::decode(bytes, MOST_NUMBERS)
    }

    #[test]
    fn numbers_of_every_type_are_read_in_order() {
        let shape = [0, 0, 0, 1, 0, 0, 0, 2];
        let idx = |code, data: &[u8]| {
            let bytes = [&[0, 0, code, 2], &shape[..], data].concat();
            decode(&bytes).unwrap()
        };
        assert_eq!(idx(0x08, &[255, 1]), array![[255.0, 1.0]].into_dyn());
        assert_eq!(idx(0x09, &[255, 1]), array![[-1.0, 1.0]].into_dyn());
        assert_eq!(idx(0x0b, &[1, 0, 255, 255]), array![[256.0, -1.0]].into_dyn());
        assert_eq!(idx(0x0c, &[0, 1, 0, 0, 0, 0, 0, 2]), array![[65536.0, 2.0]].into_dyn());
        let floats: Vec<u8> = [1.5f32, -2.0].iter().flat_map(|x| x.to_be_bytes()).collect();
        assert_eq!(idx(0x0d, &floats), array![[1.5, -2.0]].into_dyn());
        let floats: Vec<u8> = [1.5f64, -2.0].iter().flat_map(|x| x.to_be_bytes()).collect();
        assert_eq!(idx(0x0e, &floats), array![[1.5, -2.0]].into_dyn());
        assert_eq!(decode(&[0, 0, 8, 0, 9]).unwrap(), ndarray::arr0(9.0).into_dyn());
    }

    #[test]
    fn files_that_lie_are_refused() {
        let huge = [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
        let said = decode(&huge).unwrap_err();
        assert!(said.starts_with("its header says the shape"), "{said}");
        let many = [&[0, 0, 8, 255][..], &[0; 255 * 4]].concat();
        assert!(decode(&many).unwrap().is_empty());
        assert!(decode(&[0, 0, 8, 1, 0, 0, 0, 1, 1, 2]).unwrap_err().ends_with("it has more"));
        assert!(decode(&[0, 0, 7, 1, 0, 0, 0, 1, 1]).unwrap_err().contains("0x07"));
        assert!(decode(b"RIFF").unwrap_err().contains("not an IDX file"));
        let whole = [&[0, 0, 0x0c, 2, 0, 0, 0, 2, 0, 0, 0, 3][..], &[1; 24]].concat();
        for length in 0..whole.len() {
            assert!(decode(&whole[..length]).is_err(), "{length}");
        }
        // Any byte changed to any value: an array or an error, never a panic.
        for at in 0..whole.len() {
            for value in 0..=255 {
                let mut changed = whole.clone();
                changed[at] = value;
                let _ = decode(&changed);
            }
        }
    }

    #[cfg(feature = "gzip")]
    mod compressed {
        use std::io::Write;

        use flate2::Compression;
        use flate2::write::GzEncoder;

        use super::*;

        fn gzip(bytes: &[u8]) -> Vec<u8> {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }

        #[test]
        fn the_same_is_read_and_what_is_cut_off_is_not() {
            let whole = gzip(&[0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
            assert_eq!(decode(&whole).unwrap(), array![1.0, 2.0, 3.0].into_dyn());
            for length in 0..whole.len() {
                assert!(decode(&whole[..length]).is_err(), "{length}");
            }
        }

        #[test]
        fn no_more_is_unpacked_than_the_header_says() {
            // A thousand times what the file has, of which nothing is asked for.
            let bomb = [&[0, 0, 8, 1, 0, 0, 0, 1][..], &vec![0; 10_000_000]].concat();
            assert!(decode(&gzip(&bomb)).unwrap_err().ends_with("it has more"));
            let liar = gzip(&[0, 0, 8, 1, 255, 255, 255, 255, 0]);
            assert!(decode(&liar).unwrap_err().contains("but it has at most"));
            // What is said is true, but more than anybody has asked for.
            let honest =
                gzip(&[&[0, 0, 8, 1, 0, 0x98, 0x96, 0x80][..], &vec![0; 10_000_000]].concat());
            let said = super::super::decode(&honest, 9_999_999).unwrap_err();
            assert_eq!(
                said,
                "it is compressed and has 10000000 numbers, but at most 9999999 are read"
            );
            assert_eq!(super::super::decode(&honest, 10_000_000).unwrap().len(), 10_000_000);
        }
    }
}
