//! Numbers as bytes.

use std::io::Read;

use crate::weights::format::half;
use crate::{Float, Number};

/// A type of numbers in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    pub kind: Kind,
    /// Bytes of a number.
    pub size: usize,
    pub big_endian: bool,
}

/// What there may be in a file.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// As many bytes as the file can have.
    pub bytes: u64,
    /// As many numbers as are wanted.
    pub numbers: usize,
}

/// How many numbers a file that is compressed makes at most, if nobody says otherwise.
pub const MOST_NUMBERS: usize = 1 << 29;

/// Reads the numbers of an array of this shape, which is all that the reader has, and at most so
/// many. Returns the numbers, and how many of them are not what the file has.
pub fn read(
    mut reader: impl Read,
    shape: &[usize],
    of: Type,
    most: Most,
) -> Result<(Vec<Float>, usize), String> {
    let count = shape.iter().try_fold(1_usize, |count, dim| count.checked_mul(*dim));
    let Most { bytes: most, numbers } = most;
    let bytes = count.and_then(|count| count.checked_mul(of.size)).map(|bytes| bytes as u64);
    let cut_off = |got: String| {
        let needed =
            bytes.map_or("more bytes than there can be".to_owned(), |n| format!("{n} bytes"));
        Err(format!("its header says the shape {shape:?}, {needed}, but it has {got}"))
    };
    let Some(needed) = bytes.filter(|bytes| *bytes <= most) else {
        return cut_off(format!("at most {most}"));
    };
    if let Some(count) = count.filter(|count| *count > numbers) {
        return Err(format!(
            "it is compressed and has {count} numbers, but at most {numbers} are read"
        ));
    }
    let mut data = Vec::new();
    reader.by_ref().take(needed).read_to_end(&mut data).map_err(|why| why.to_string())?;
    if (data.len() as u64) < needed {
        return cut_off(data.len().to_string());
    }
    if reader.read(&mut [0]).map_err(|why| why.to_string())? > 0 {
        return cut_off("more".to_owned());
    }
    floats(&data, of)
}

fn floats(data: &[u8], of: Type) -> Result<(Vec<Float>, usize), String> {
    macro_rules! all {
        ($($kind:ident $size:literal => $convert:expr,)*) => {
            match (of.kind, of.size) {
                $((Kind::$kind, $size) => convert::<$size, _>(data, of.big_endian, $convert),)*
                (kind, size) => return Err(format!("no {kind:?} has {size} bytes")),
            }
        };
    }
    Ok(all! {
        Bool 1 => |bytes| bytes != [0],
        Signed 1 => i8::from_le_bytes,
        Signed 2 => i16::from_le_bytes,
        Signed 4 => i32::from_le_bytes,
        Signed 8 => i64::from_le_bytes,
        Unsigned 1 => u8::from_le_bytes,
        Unsigned 2 => u16::from_le_bytes,
        Unsigned 4 => u32::from_le_bytes,
        Unsigned 8 => u64::from_le_bytes,
        Float 2 => |bytes| half(u16::from_le_bytes(bytes)),
        Float 4 => f32::from_le_bytes,
        Float 8 => f64::from_le_bytes,
    })
}

fn convert<const N: usize, A: Number>(
    data: &[u8],
    big_endian: bool,
    number: impl Fn([u8; N]) -> A,
) -> (Vec<Float>, usize) {
    let mut inexact = 0;
    let (chunks, _) = data.as_chunks::<N>();
    let float = |bytes: &[u8; N]| {
        let mut bytes = *bytes;
        if big_endian {
            bytes.reverse();
        }
        let number = number(bytes);
        inexact += usize::from(!number.is_exact());
        number.float()
    };
    (chunks.iter().map(float).collect(), inexact)
}
