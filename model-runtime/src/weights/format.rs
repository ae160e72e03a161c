//! From arrays to the bytes of a safetensors file and back.

use std::collections::BTreeMap;
use std::path::Path;

use model_spec::Shape;

use super::Mismatch;
use super::header::{self, Contents, Info};
use super::mismatch::shown;
use crate::tensor::Tensor;
use crate::{Error, Float};

/// What is wrong with the bytes of a file.
#[derive(Debug)]
pub enum Problem {
    /// They are no weights at all.
    Bytes(String),
    /// They are those of another model.
    Mismatch(Box<Mismatch>),
    /// Something else than the bytes is wrong.
    Other(Box<Error>),
}

impl Problem {
    /// The error for the file of this path.
    pub fn at(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Problem::Bytes(why) => Error::NotWeights { path, why },
            Problem::Mismatch(mismatch) => Error::OtherWeights { path, mismatch },
            Problem::Other(error) => *error,
        }
    }
}

/// The type of the arrays that are written.
const WRITTEN: &str = if size_of::<Float>() == 8 { "F64" } else { "F32" };

/// The name of the text that holds the sum, CRC-32C, of all other texts and of the bytes behind the
/// header.
const SUM: &str = "crc32c";

fn sum(mut texts: Vec<(&str, &str)>, data: &[u8]) -> u32 {
    texts.sort_unstable();
    let texts = texts.into_iter().fold(0, |sum, (name, text)| {
        [name, "\0", text, "\0"]
            .iter()
            .fold(sum, |sum, part| crc32c::crc32c_append(sum, part.as_bytes()))
    });
    crc32c::crc32c_append(texts, data)
}

/// Something that a file holds under a name.
pub enum Array {
    Numbers(Tensor),
    /// Numbers in full precision, whatever [`Float`] is.
    Sums(Vec<f64>),
}

impl Array {
    fn info(&self, start: usize) -> Info {
        let (dtype, shape, size) = match self {
            Array::Numbers(tensor) => {
                (WRITTEN, tensor.shape().dims().to_vec(), tensor.len() * size_of::<Float>())
            }
            Array::Sums(sums) => ("F64", vec![sums.len()], size_of_val(&sums[..])),
        };
        Info { dtype: dtype.to_owned(), shape, place: start..start + size }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Array::Numbers(tensor) => {
                tensor.data().iter().for_each(|number| bytes.extend(number.to_le_bytes()));
            }
            Array::Sums(sums) => sums.iter().for_each(|sum| bytes.extend(sum.to_le_bytes())),
        }
    }
}

/// The file that holds the texts and the arrays.
pub fn encode(notes: &[(&str, String)], arrays: Vec<(String, Array)>) -> Result<Vec<u8>, String> {
    let mut by_name = BTreeMap::new();
    for (name, array) in arrays {
        if by_name.contains_key(&name) {
            return Err(format!("the model has two weights of the name `{name}`"));
        }
        by_name.insert(name, array);
    }
    let header = |sum: u32| {
        let mut end = 0;
        let infos = by_name.iter().map(|(name, array)| {
            let info = array.info(end);
            end = info.place.end;
            (name.as_str(), info)
        });
        let notes: Vec<_> = notes.iter().cloned().chain([(SUM, format!("{sum:08x}"))]).collect();
        let bytes = header::write(&notes, infos);
        (bytes, end)
    };
    let (mut bytes, end) = header(0);
    let start = bytes.len();
    bytes.reserve_exact(end);
    by_name.values().for_each(|array| array.write(&mut bytes));
    // The header is as long as before.
    let texts = notes.iter().map(|(name, text)| (*name, text.as_str()));
    let (summed, _) = header(sum(texts.collect(), &bytes[start..]));
    bytes[..start].copy_from_slice(&summed);
    Ok(bytes)
}

/// The parts of a file, whose arrays all have as many bytes as their shapes say.
pub fn contents(bytes: &[u8]) -> Result<Contents<'_>, Problem> {
    let contents = header::read(bytes).map_err(Problem::Bytes)?;
    let wrong = contents.arrays.iter().find(|(_, info)| !has_its_size(info));
    if let Some((name, _)) = wrong {
        let why = format!("{} has another number of bytes than its shape", shown(name));
        return Err(Problem::Bytes(why));
    }
    // Files of other programs have none.
    if let Some(written) = contents.notes.get(SUM) {
        let texts = contents.notes.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let texts = texts.filter(|(name, _)| *name != SUM).collect();
        if *written != format!("{:08x}", sum(texts, contents.data)) {
            return Err(Problem::Bytes("its numbers are not those that were written".to_owned()));
        }
    }
    Ok(contents)
}

impl Contents<'_> {
    /// The array of this name, which is there in this shape and a type that can be read.
    pub fn tensor(&self, name: &str, shape: Shape) -> Result<Tensor, Problem> {
        let Info { dtype, place, .. } = &self.arrays[name];
        numbers(dtype, &self.data[place.clone()])
            .map(|numbers| Tensor::new(shape, numbers))
            .ok_or_else(|| {
                Problem::Bytes(format!("{} has numbers that are too large", shown(name)))
            })
    }

    /// The sums of this name, if there are any.
    pub fn sums(&self, name: &str) -> Option<Vec<f64>> {
        let Info { dtype, place, .. } = self.arrays.get(name)?;
        (dtype == "F64").then(|| chunks(&self.data[place.clone()], f64::from_le_bytes).collect())
    }
}

/// Whether an array has as many bytes as its shape says, if its type is known.
fn has_its_size(info: &Info) -> bool {
    let Some(size) = number_size(&info.dtype) else { return true };
    let dims = info.shape.iter();
    let bytes = dims.copied().try_fold(size, usize::checked_mul);
    bytes == Some(info.place.len())
}

/// How many bytes a number of this type has, if numbers of this type can be read.
pub fn number_size(dtype: &str) -> Option<usize> {
    match dtype {
        "F64" => Some(8),
        "F32" => Some(4),
        "F16" | "BF16" => Some(2),
        _ => None,
    }
}

/// The numbers of an array of a type that can be read; `None` if one of them becomes infinite.
fn numbers(dtype: &str, bytes: &[u8]) -> Option<Vec<Float>> {
    match dtype {
        "F64" => chunks(bytes, f64::from_le_bytes).map(narrowed).collect(),
        "F32" => Some(chunks(bytes, f32::from_le_bytes).map(|n| n as Float).collect()),
        "F16" => Some(chunks(bytes, u16::from_le_bytes).map(half).collect()),
        "BF16" => Some(chunks(bytes, u16::from_le_bytes).map(brain).collect()),
        _ => None,
    }
}

fn chunks<const N: usize, T>(bytes: &[u8], read: fn([u8; N]) -> T) -> impl Iterator<Item = T> {
    bytes.as_chunks().0.iter().map(move |chunk| read(*chunk))
}

fn narrowed(number: f64) -> Option<Float> {
    let narrow = number as Float;
    (narrow.is_finite() || !number.is_finite()).then_some(narrow)
}

/// The number of these bits of IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
pub(crate) fn half(bits: u16) -> Float {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let size = match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    };
    (sign * size) as Float
}

/// The number of these bits, the upper half of those of an `f32`.
fn brain(bits: u16) -> Float {
    f32::from_bits(u32::from(bits) << 16) as Float
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_two_bytes_are_read() {
        for (bits, wanted) in [
            (0x0000, 0.0),
            (0x0001, 2f64.powi(-24)),
            (0x03ff, 1023.0 * 2f64.powi(-24)),
            (0x0400, 2f64.powi(-14)),
            (0x3555, 0.333_251_953_125),
            (0x3c00, 1.0),
            (0x3c01, 1.0 + 2f64.powi(-10)),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), wanted as Float);
        }
        assert!(half(0x7e00).is_nan());
        assert!(half(0x8000).is_sign_negative());
        for (bits, wanted) in [
            (0x3f80, 1.0),
            (0xc049, -3.140_625),
            (0x0080, 2f64.powi(-126)),
            (0x7f80, f64::INFINITY),
        ] {
            assert_eq!(brain(bits), wanted as Float);
        }
    }
}
