use core::fmt;

use crate::Shape;

const CAPACITY: usize = 384;

/// A short text that can be put together in const evaluation, where `format!` cannot run.
///
/// What does not fit is cut off and ends in `…`.
///
/// ```
/// use model_spec::{Shape, Text};
/// const TEXT: Text = Text::new("got ").shape(&Shape::new(&[28, 28, 1])).str(", wanted ").int(3);
/// assert_eq!(TEXT.as_str(), "got (28, 28, 1), wanted 3");
/// ```
#[derive(Clone, Copy)]
pub struct Text {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Text {
    /// A text that begins with `start`.
    pub const fn new(start: &str) -> Text {
        Text { bytes: [0; CAPACITY], len: 0 }.str(start)
    }

    /// Appends a string.
    pub const fn str(mut self, text: &str) -> Text {
        let from = text.as_bytes();
        let ellipsis = "…".as_bytes();
        if self.len + from.len() <= CAPACITY - ellipsis.len() {
            let mut i = 0;
            while i < from.len() {
                self.bytes[self.len + i] = from[i];
                i += 1;
            }
            self.len += from.len();
        } else if !self.is_full() {
            // Cut where a character begins.
            let mut keep = CAPACITY - ellipsis.len() - self.len;
            while keep > 0 && (from[keep] & 0xC0) == 0x80 {
                keep -= 1;
            }
            let mut i = 0;
            while i < keep {
                self.bytes[self.len + i] = from[i];
                i += 1;
            }
            let mut j = 0;
            while j < ellipsis.len() {
                self.bytes[self.len + keep + j] = ellipsis[j];
                j += 1;
            }
            self.len += keep + ellipsis.len();
        }
        self
    }

    /// Appends a number.
    pub const fn int(self, value: i64) -> Text {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        match core::str::from_utf8(digits.split_at(at).1) {
            Ok(text) => self.str(text),
            Err(_) => self,
        }
    }

    /// Appends a size; a size that may be anything is written `_`.
    pub const fn dim(self, dim: usize) -> Text {
        if dim == Shape::ANY { self.str("_") } else { self.int(dim as i64) }
    }

    /// Appends a shape as it is written everywhere: `(28, 28, 1)`.
    pub const fn shape(mut self, shape: &Shape) -> Text {
        if shape.is_poison() {
            return self.str("(?)");
        }
        self = self.str("(");
        let mut i = 0;
        while i < shape.rank() {
            if i > 0 {
                self = self.str(", ");
            }
            self = self.dim(shape.dim(i));
            i += 1;
        }
        self.str(")")
    }

    /// Appends numbers as a tuple: `(7, -1)`.
    pub const fn ints(mut self, numbers: &[i64]) -> Text {
        self = self.str("(");
        let mut i = 0;
        while i < numbers.len() {
            if i > 0 {
                self = self.str(", ");
            }
            self = self.int(numbers[i]);
            i += 1;
        }
        self.str(")")
    }

    /// Appends another text.
    pub const fn text(self, text: &Text) -> Text {
        self.str(text.as_str())
    }

    /// Whether nothing has been written.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What has been written.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn is_full(&self) -> bool {
        let ellipsis = "…".as_bytes();
        self.len >= ellipsis.len()
            && self.bytes[self.len - 1] == ellipsis[2]
            && self.bytes[self.len - 2] == ellipsis[1]
            && self.bytes[self.len - 3] == ellipsis[0]
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimals() {
        for value in [0, 7, -1, 1_000_000, i64::MAX, i64::MIN] {
            assert_eq!(Text::new("").int(value).as_str(), std::format!("{value}"));
        }
    }

    #[test]
    fn a_text_that_is_too_long_ends_in_an_ellipsis_on_a_character_boundary() {
        let mut text = Text::new("x");
        for _ in 0..CAPACITY {
            text = text.str("é");
        }
        assert!(text.as_str().ends_with("é…"), "{text}");
        assert!(text.as_str().len() <= CAPACITY);
    }
}
