//! From arrays to the bytes of a safetensors file and back.

use std::collections::BTreeMap;
use std::path::Path;

use model_spec::Shape;

use super::header::{self, Info};
use super::mismatch::shown;
use super::{Entries, Mismatch};
use crate::tensor::Tensor;
use crate::{Error, Float};

/// What is wrong with the bytes of a file.
#[derive(Debug)]
pub enum Problem {
    /// They are no weights at all.
    Bytes(String),
    /// They are those of another model.
    Mismatch(Box<Mismatch>),
}

impl Problem {
    /// The error for the file of this path.
    pub fn at(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Problem::Bytes(why) => Error::NotWeights { path, why },
            Problem::Mismatch(mismatch) => Error::OtherWeights { path, mismatch },
        }
    }
}

/// The type of the arrays that are written.
const WRITTEN: &str = if size_of::<Float>() == 8 { "F64" } else { "F32" };

/// The file that holds the entries.
pub fn encode(entries: &Entries) -> Result<Vec<u8>, String> {
    let mut tensors = BTreeMap::new();
    for (path, stored) in entries {
        if tensors.insert(path.as_str(), stored.tensor()).is_some() {
            return Err(format!("the model has two weights of the name `{path}`"));
        }
    }
    let mut end = 0;
    let arrays = tensors.iter().map(|(path, tensor)| {
        let start = end;
        end += tensor.len() * size_of::<Float>();
        let (dtype, shape) = (WRITTEN.to_owned(), tensor.shape().dims().to_vec());
        (*path, Info { dtype, shape, place: start..end })
    });
    let mut bytes = header::write(arrays);
    bytes.reserve_exact(end);
    for tensor in tensors.values() {
        tensor.data().iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    }
    Ok(bytes)
}

/// The arrays for the entries, in their order, if the file has exactly these.
pub fn decode(entries: &Entries, bytes: &[u8]) -> Result<Vec<Tensor>, Problem> {
    let (arrays, data) = header::read(bytes).map_err(Problem::Bytes)?;
    if let Some(name) = arrays.iter().find_map(|(name, info)| (!has_its_size(info)).then_some(name))
    {
        let why = format!("{} has another number of bytes than its shape", shown(name));
        return Err(Problem::Bytes(why));
    }
    let shapes: Vec<(&str, Shape)> =
        entries.iter().map(|(path, stored)| (path.as_str(), *stored.tensor().shape())).collect();
    Mismatch::between(&shapes, &arrays)
        .map_err(|mismatch| Problem::Mismatch(Box::new(mismatch)))?;
    let tensor = |(path, shape): (&str, Shape)| {
        let Info { dtype, place, .. } = &arrays[path];
        numbers(dtype, &data[place.clone()])
            .map(|numbers| Tensor::new(shape, numbers))
            .ok_or_else(|| Problem::Bytes(format!("`{path}` has numbers that are too large")))
    };
    shapes.into_iter().map(tensor).collect()
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
fn half(bits: u16) -> Float {
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
