//! `einsum("ij,jk->ik", a, b)`: products summed over the letters that the result does not name.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{any_poison, attempt, count, push, result, same};
use crate::{Config, MAX_RANK, Shape, ShapeError, Text, Value, Values, require_float};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "einsum",
    "functions::einsum",
    Inputs::AtLeast(1),
    &[Arg::required("subscripts", ArgKind::Text)],
    rule,
);

/// The most values that one call takes.
pub const MAX_OPERANDS: usize = 8;

/// What the letters say: those of each operand, and those of the result.
#[derive(Clone, Copy, Debug)]
pub struct Subscripts {
    letters: [[u8; MAX_RANK]; MAX_OPERANDS + 1],
    ranks: [usize; MAX_OPERANDS + 1],
    operands: usize,
}

impl Subscripts {
    /// The letters of an operand.
    pub const fn operand(&self, index: usize) -> &[u8] {
        self.letters[index].split_at(self.ranks[index]).0
    }

    /// The letters of the result.
    pub const fn result(&self) -> &[u8] {
        self.operand(self.operands)
    }
}

/// Reads `ij,jk->ik`.
pub const fn parse(text: &str) -> Result<Subscripts, ShapeError> {
    let bytes = text.as_bytes();
    let mut read = Subscripts {
        letters: [[0; MAX_RANK]; MAX_OPERANDS + 1],
        ranks: [0; MAX_OPERANDS + 1],
        operands: 0,
    };
    let (mut at, mut part, mut arrow) = (0, 0, false);
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_alphabetic() {
            if read.ranks[part] == MAX_RANK {
                return Err(unreadable(text));
            }
            read.letters[part][read.ranks[part]] = byte;
            read.ranks[part] += 1;
        } else if byte == b',' && !arrow && part + 1 < MAX_OPERANDS {
            part += 1;
        } else if byte == b'-' && !arrow && at + 1 < bytes.len() && bytes[at + 1] == b'>' {
            arrow = true;
            part += 1;
            at += 1;
        } else if byte != b' ' {
            return Err(unreadable(text));
        }
        at += 1;
    }
    if !arrow {
        return Err(unreadable(text));
    }
    read.operands = part;
    Ok(read)
}

const fn unreadable(text: &str) -> ShapeError {
    ShapeError::of(Text::new("einsum cannot read \"").str(text).str("\""))
        .help("write a letter for each axis but the samples', and what comes out: \"ij,jk->ik\"")
}

/// The sizes of the letters that the result names. A letter has one size wherever it stands.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("einsum", inputs, 1, MAX_OPERANDS));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    let text = config.word(0);
    let subscripts = attempt!(parse(text));
    if subscripts.operands != inputs.len() {
        let text = Text::new("einsum: \"").str(text).str("\" takes ");
        let text = text.int(subscripts.operands as i64);
        let s = if subscripts.operands == 1 { " value, but got " } else { " values, but got " };
        return Err(ShapeError::of(text.str(s).int(inputs.len() as i64))
            .help("a comma stands between the letters of two values"));
    }
    // The size of each letter, 0 where it has not been seen.
    let mut sizes = [0; 128];
    let mut i = 0;
    while i < inputs.len() {
        attempt!(require_float("einsum", &inputs[i]));
        sizes = attempt!(sized(sizes, subscripts.operand(i), &inputs[i].shape));
        i += 1;
    }
    let (letters, mut shape) = (subscripts.result(), Shape::SCALAR);
    let mut axis = 0;
    while axis < letters.len() {
        let size = sizes[letters[axis] as usize];
        if size == 0 {
            return Err(ShapeError::of(
                Text::new("einsum: the result names ")
                    .str(letter(letters, axis))
                    .str(", which no value has, or names it twice"),
            )
            .help("the result names letters of the values, each once"));
        }
        // Named once, a letter is used up.
        sizes[letters[axis] as usize] = 0;
        shape = attempt!(push("einsum", &shape, size));
        axis += 1;
    }
    result("einsum", Value::new(shape))
}

/// A letter as text.
const fn letter(letters: &[u8], at: usize) -> &str {
    match core::str::from_utf8(letters.split_at(at).1.split_at(1).0) {
        Ok(letter) => letter,
        Err(_) => "",
    }
}

/// The sizes with those of one more value.
const fn sized(
    mut sizes: [usize; 128],
    letters: &[u8],
    shape: &Shape,
) -> Result<[usize; 128], ShapeError> {
    if letters.len() != shape.rank() {
        let text = Text::new("einsum names ").int(letters.len() as i64);
        let text = text.str(if letters.len() == 1 { " axis of " } else { " axes of " });
        return Err(ShapeError::of(text.shape(shape).str(", which has ").int(shape.rank() as i64))
            .help("the sample axis is not named"));
    }
    let mut axis = 0;
    while axis < letters.len() {
        let (at, dim) = (letters[axis] as usize, shape.dim(axis));
        sizes[at] = if sizes[at] == 0 {
            dim
        } else {
            match same(sizes[at], dim) {
                Some(size) => size,
                None => {
                    let text = Text::new("einsum: ").str(letter(letters, axis)).str(" is ");
                    let text = text.dim(sizes[at]).str(" and ").dim(dim).str(" in ").shape(shape);
                    return Err(
                        ShapeError::of(text).help("axes with the same letter have the same size")
                    );
                }
            }
        };
        axis += 1;
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::Word;
    use crate::testing::{check, f};

    #[test]
    fn letters_have_sizes() {
        let product = [Word("ij, jk -> ik")];
        check(
            rule,
            &[
                (&product, &[f(&[2, 3]), f(&[3, 4])], Ok(&[2, 4])),
                (&[Word("ii->i")], &[f(&[3, 3])], Ok(&[3])),
                (&[Word("i,i->")], &[f(&[3]), f(&[Shape::ANY])], Ok(&[])),
                (&[Word("i,j,k->kji")], &[f(&[2]), f(&[3]), f(&[4])], Ok(&[4, 3, 2])),
                (&[Word("ij")], &[f(&[2, 3])], Err("einsum cannot read \"ij\"")),
                (&[Word("i...->i")], &[f(&[2, 3])], Err("einsum cannot read \"i...->i\"")),
                (&product, &[f(&[2, 3]), f(&[4, 4])], Err("einsum: j is 3 and 4 in (4, 4)")),
                (&product, &[f(&[2]), f(&[4, 4])], Err("einsum names 2 axes of (2), which has 1")),
                (
                    &product,
                    &[f(&[2, 3])],
                    Err("einsum: \"ij, jk -> ik\" takes 2 values, but got 1"),
                ),
                (
                    &[Word("i->ij")],
                    &[f(&[2])],
                    Err("einsum: the result names j, which no value has, or names it twice"),
                ),
            ],
        );
    }
}
