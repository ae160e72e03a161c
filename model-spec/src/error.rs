use core::fmt;

use crate::{Text, Value};

/// What is wrong with the shapes, arguments or inputs of a layer, and what to do about it.
///
/// The same error has the same words whether the macro finds it, const evaluation does, or a
/// running model.
///
/// ```
/// use model_spec::ShapeError;
/// const ERROR: ShapeError =
///     ShapeError::new("Halve takes an even number of values").help("pad the input");
/// assert_eq!(ERROR.to_string(), "Halve takes an even number of values\n  help: pad the input");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShapeError {
    sentence: Text,
    help: Text,
}

impl ShapeError {
    /// An error with this sentence.
    pub const fn new(sentence: &str) -> ShapeError {
        ShapeError::of(Text::new(sentence))
    }

    /// An error whose sentence has been put together.
    pub const fn of(sentence: Text) -> ShapeError {
        ShapeError { sentence, help: Text::new("") }
    }

    /// The same error with what the user can type instead. `x` is the value that it is about: a
    /// message has the user's own name for it, if there is one.
    pub const fn help(self, help: &str) -> ShapeError {
        self.help_of(Text::new(help))
    }

    /// The same error with a help that has been put together.
    pub const fn help_of(mut self, help: Text) -> ShapeError {
        self.help = help;
        self
    }

    /// The sentence, without the help.
    pub const fn sentence(&self) -> &str {
        self.sentence.as_str()
    }

    /// What the user can type instead; may be empty.
    pub const fn help_text(&self) -> &str {
        self.help.as_str()
    }

    /// The whole message: the sentence, a line for each operand, the help.
    pub fn message(&self, operands: &[Operand<'_>]) -> String {
        Report::new(self, operands).as_str().to_owned()
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Report::new(self, &[]).as_str())
    }
}

impl std::error::Error for ShapeError {}

/// A value that takes part in an error: how the user calls it, what it is, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Operand<'a> {
    /// The user's name for it, or what was written.
    pub name: &'a str,
    /// Its shape and kind.
    pub value: Value,
    /// What made it, such as `from Conv2D(8, 3), line 4`; may be empty.
    pub origin: &'a str,
}

const CAPACITY: usize = 2048;

/// A whole message, put together in const evaluation.
#[derive(Clone, Copy)]
pub struct Report {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Report {
    /// The sentence of `error`, a line for each operand, and the help.
    pub const fn new(error: &ShapeError, operands: &[Operand<'_>]) -> Report {
        Report::in_calls(error, operands, &[])
    }

    /// [`Report::new`] with a line for each of the calls that it happens in, before the help.
    pub const fn in_calls(error: &ShapeError, operands: &[Operand<'_>], calls: &[&str]) -> Report {
        let mut report = Report { bytes: [0; CAPACITY], len: 0 }.str(error.sentence());
        let mut width = 0;
        let mut i = 0;
        while i < operands.len() {
            let len = operands[i].name.len();
            width = if len > width { len } else { width };
            i += 1;
        }
        let mut i = 0;
        while i < operands.len() {
            let operand = &operands[i];
            report = report.str("\n    ").str(operand.name).str(":");
            report = report.spaces(width - operand.name.len() + 1);
            report = report.str(Text::new("").shape(&operand.value.shape).as_str());
            if !operand.origin.is_empty() {
                report = report.str("  ").str(operand.origin);
            }
            i += 1;
        }
        let mut i = 0;
        while i < calls.len() {
            report = report.str("\n    ").str(calls[i]);
            i += 1;
        }
        if !error.help.is_empty() {
            report = report.str("\n  help: ").help(error.help.as_str(), only_name(operands));
        }
        report
    }

    /// The message.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn spaces(mut self, count: usize) -> Report {
        let mut i = 0;
        while i < count {
            self = self.str(" ");
            i += 1;
        }
        self
    }

    /// Appends a help, with this name where it says `x`.
    const fn help(mut self, text: &str, name: &str) -> Report {
        let bytes = text.as_bytes();
        let mut begin = 0;
        let mut i = 0;
        while i < bytes.len() {
            let starts = i == 0 || !is_of_word(bytes[i - 1]);
            let ends = i + 1 == bytes.len() || !is_of_word(bytes[i + 1]);
            if bytes[i] == b'x' && starts && ends {
                let before = bytes.split_at(i).0.split_at(begin).1;
                self = self.bytes(before).str(name);
                begin = i + 1;
            }
            i += 1;
        }
        self.bytes(bytes.split_at(begin).1)
    }

    /// Appends a string; what does not fit as a whole is left out.
    const fn str(self, text: &str) -> Report {
        self.bytes(text.as_bytes())
    }

    const fn bytes(mut self, from: &[u8]) -> Report {
        if self.len + from.len() <= CAPACITY {
            let mut i = 0;
            while i < from.len() {
                self.bytes[self.len + i] = from[i];
                i += 1;
            }
            self.len += from.len();
        }
        self
    }
}

/// The name of all operands, if they have only one and it is no expression; else `x`.
const fn only_name<'a>(operands: &[Operand<'a>]) -> &'a str {
    let mut i = 0;
    while i < operands.len() {
        let (name, first) = (operands[i].name.as_bytes(), operands[0].name.as_bytes());
        let mut same = name.len() == first.len() && !name.is_empty();
        let mut j = 0;
        while same && j < name.len() {
            same = name[j] == first[j] && is_of_word(name[j]);
            j += 1;
        }
        if !same {
            return "x";
        }
        i += 1;
    }
    if operands.is_empty() { "x" } else { operands[0].name }
}

/// Whether a byte can be part of a name.
const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_help_has_the_users_name_for_its_value() {
        let error = ShapeError::new("no").help("x: max(x, [x]) of 2x, x_1 and ex, x");
        let operand = |name| Operand { name, value: Value::float(&[4]), origin: "" };
        let help = |names: &[&'static str]| {
            let operands: Vec<Operand<'_>> = names.iter().map(|&name| operand(name)).collect();
            let message = error.message(&operands);
            message.split("\n  help: ").last().unwrap_or_default().to_owned()
        };
        let named = "words: max(words, [words]) of 2x, x_1 and ex, words";
        assert_eq!(help(&["words"]), named);
        assert_eq!(help(&["words", "words"]), named);
        for other in [&[][..], &["words", "tags"], &["Dense(3)(…)"], &["input 1"], &[""]] {
            assert_eq!(help(other), error.help_text(), "{other:?}");
        }
    }

    #[test]
    fn a_message_lines_its_operands_up() {
        let error = ShapeError::new("these two differ").help("make them equal");
        let operands = [
            Operand {
                name: "x",
                value: Value::float(&[32, 16]),
                origin: "from Conv2D(8, 3), line 4",
            },
            Operand { name: "skip", value: Value::float(&[4]), origin: "" },
        ];
        assert_eq!(
            error.message(&operands),
            "these two differ\n    x:    (32, 16)  from Conv2D(8, 3), line 4\n    skip: (4)\n  \
             help: make them equal"
        );
    }
}
