use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use ndarray::{ArrayD, IxDyn, ShapeBuilder};

use super::numbers::{self, Kind, Most, Type};
use crate::weights::file;
use crate::{Data, Error, Float};

const MAGIC: &[u8] = b"\x93NUMPY";

/// More than the header of any array of numbers has.
const LONGEST_HEADER: usize = 1 << 16;

/// An array of numpy, its numbers as [`Float`].
#[derive(Clone, Debug, PartialEq)]
pub struct Npy {
    /// The array, in the layout that it has in the file.
    pub array: ArrayD<Float>,
    /// numpy's name of the type in the file, such as `<f8`.
    pub dtype: String,
    /// How many numbers [`Float`] does not hold as they are in the file; they are rounded.
    pub rounded: usize,
}

impl Npy {
    /// What to know where numbers have been rounded.
    pub fn note(&self) -> Option<String> {
        let (rounded, count, dtype) = (self.rounded, self.array.len(), &self.dtype);
        let float = std::any::type_name::<Float>();
        (rounded > 0).then(|| {
            format!(
                "{rounded} of {count} numbers of `{dtype}` do not fit in {float} and are rounded"
            )
        })
    }
}

/// Reads an array of numpy's `save`.
///
/// Numbers of any type, integers, floats of 2 to 8 bytes and `bool`, in either order of bytes and
/// of axes, become [`Float`]; [`Npy::note`] says whether any had to be rounded. The format is
/// [NEP 1](https://numpy.org/neps/nep-0001-npy-format.html).
///
/// ```
/// use model_runtime::files::{Npy, load_npy, save_npy};
/// let path = std::env::temp_dir().join("doc-load.npy");
/// save_npy(&path, &ndarray::array![[1, 2], [3, 4]])?;
/// let npy: Npy = load_npy(&path)?;
/// assert_eq!(npy.array, ndarray::array![[1.0, 2.0], [3.0, 4.0]].into_dyn());
/// assert_eq!(npy.note(), None);
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`] for a file that cannot be read, is no array of numbers, or is damaged.
pub fn load_npy(path: impl AsRef<Path>) -> Result<Npy, Error> {
    let path = path.as_ref();
    let bytes = file::read(path)?;
    let most = Most { bytes: bytes.len() as u64, numbers: usize::MAX };
    decode(&bytes[..], most).map_err(|why| file::error(path, "read", why))
}

/// Writes an array for numpy's `load`, as a whole or not at all.
///
/// `array` is anything that a model takes; numbers are written as [`Float`].
///
/// ```
/// let path = std::env::temp_dir().join("doc-save.npy");
/// model_runtime::files::save_npy(path, &ndarray::array![1.0, 2.0])?;
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`] for a file that cannot be written.
pub fn save_npy<'a>(path: impl AsRef<Path>, array: impl Into<Data<'a>>) -> Result<(), Error> {
    file::write(path.as_ref(), &encode(&array.into()))
}

/// The array of a reader.
pub(super) fn decode(mut reader: impl Read, most: Most) -> Result<Npy, String> {
    let mut take = |count: usize| {
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(count as u64).read_to_end(&mut bytes);
        read.map_err(|why| why.to_string())?;
        match bytes.len() == count {
            true => Ok(bytes),
            false => Err("it ends within its header".to_owned()),
        }
    };
    let start = take(8)?;
    if !start.starts_with(MAGIC) {
        return Err("it is not a .npy file: those begin with \\x93NUMPY".to_owned());
    }
    let length = match start[6] {
        1 => take(2)?.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        2 | 3 => take(4)?.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        version => return Err(format!("it is of version {version}; 1, 2 and 3 are read")),
    };
    if length > LONGEST_HEADER {
        return Err(format!("its header claims {length} bytes, which no array of numbers needs"));
    }
    let header = take(length)?;
    let header = Header::parse(&String::from_utf8_lossy(&header))?;
    let (values, rounded) = numbers::read(reader, &header.shape, header.of, most)?;
    let shape = IxDyn(&header.shape).set_f(header.fortran_order);
    let array = ArrayD::from_shape_vec(shape, values).map_err(|why| why.to_string())?;
    Ok(Npy { array, dtype: header.dtype, rounded })
}

pub(super) fn encode(data: &Data<'_>) -> Vec<u8> {
    let mut shape = String::new();
    data.shape().iter().for_each(|dim| {
        // A tuple of one ends in a comma, one of several may.
        let _ = write!(shape, "{dim}, ");
    });
    let size = size_of::<Float>();
    let mut header =
        format!("{{'descr': '<f{size}', 'fortran_order': False, 'shape': ({shape}), }}");
    // Numbers begin at a multiple of 64, and a line ends the header.
    let padding = 63 - (10 + header.len()) % 64;
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data.values().iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

struct Header {
    dtype: String,
    of: Type,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    /// Of a Python dictionary of three entries.
    fn parse(text: &str) -> Result<Header, String> {
        let entry = |key: &str| {
            let quoted = [format!("'{key}'"), format!("\"{key}\"")];
            let after = quoted.iter().find_map(|key| text.split_once(key.as_str()));
            let value = after.and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
            value.map(str::trim_start).ok_or_else(|| format!("its header has no `{key}`"))
        };
        let dtype = entry("descr")?;
        let name = dtype.strip_prefix(['\'', '"']).and_then(|text| text.split(['\'', '"']).next());
        let Some(dtype) = name else {
            return Err("it has records of several numbers; save one field of it".to_owned());
        };
        let fortran_order = match entry("fortran_order")? {
            text if text.starts_with("True") => true,
            text if text.starts_with("False") => false,
            _ => return Err("its `fortran_order` is neither True nor False".to_owned()),
        };
        let shape = entry("shape")?.strip_prefix('(').and_then(|text| text.split_once(')'));
        let dims = shape.map(|(dims, _)| dims.split(',').map(str::trim).filter(|d| !d.is_empty()));
        let shape = dims.and_then(|dims| dims.map(|dim| dim.parse().ok()).collect());
        let shape = shape.ok_or("its `shape` is not a tuple of sizes")?;
        let of = number_type(dtype).ok_or_else(|| {
            let dtype: String = dtype.chars().take(20).flat_map(char::escape_default).collect();
            format!("it has the type `{dtype}`, which is no number; save it with `astype(\"f4\")`")
        })?;
        Ok(Header { dtype: dtype.to_owned(), of, fortran_order, shape })
    }
}

/// numpy's types of one character for the order of bytes, one for the kind, and the size.
fn number_type(dtype: &str) -> Option<Type> {
    let mut characters = dtype.chars();
    let big_endian = match characters.next()? {
        '<' | '|' => false,
        '>' => true,
        '=' => cfg!(target_endian = "big"),
        _ => return None,
    };
    let kind = match characters.next()? {
        'b' => Kind::Bool,
        'i' => Kind::Signed,
        'u' => Kind::Unsigned,
        'f' => Kind::Float,
        _ => return None,
    };
    let size: usize = characters.as_str().parse().ok()?;
    let known = match kind {
        Kind::Bool => size == 1,
        Kind::Signed | Kind::Unsigned => [1, 2, 4, 8].contains(&size),
        Kind::Float => [2, 4, 8].contains(&size),
    };
    known.then_some(Type { kind, size, big_endian })
}

#[cfg(test)]
#[path = "npy_tests.rs"]
mod tests;
