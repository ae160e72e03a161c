//! The header of a [safetensors file](https://github.com/huggingface/safetensors#format): a JSON
//! object with the type, the shape and the place of every array. Read strictly and without
//! recursion, because a file may be anything.

use std::collections::BTreeMap;
use std::ops::Range;

/// What the header says of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// The type of its numbers, such as `F32`.
    pub dtype: String,
    pub shape: Vec<usize>,
    /// Where its bytes are in what follows the header.
    pub place: Range<usize>,
}

/// A file in parts.
#[derive(Debug)]
pub struct Contents<'a> {
    pub arrays: BTreeMap<String, Info>,
    /// The texts of its `__metadata__`.
    pub notes: BTreeMap<String, String>,
    /// What stands behind the header.
    pub data: &'a [u8],
}

/// Where the texts stand.
const NOTES: &str = "__metadata__";

/// What the reference calls too large.
const LONGEST: u64 = 100_000_000;

/// The header for these texts and arrays, with its length in front and spaces behind, so that what
/// follows is aligned.
pub fn write<'a>(
    notes: &[(&str, String)],
    arrays: impl Iterator<Item = (&'a str, Info)>,
) -> Vec<u8> {
    let texts: Vec<String> =
        notes.iter().map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
    let texts = (!texts.is_empty()).then(|| format!("{}:{{{}}}", quoted(NOTES), texts.join(",")));
    let infos = arrays.map(|(name, Info { dtype, shape, place })| {
        let (name, start, end) = (quoted(name), place.start, place.end);
        format!(r#"{name}:{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{start},{end}]}}"#)
    });
    let entries: Vec<String> = texts.into_iter().chain(infos).collect();
    let mut text = format!("{{{}}}", entries.join(","));
    text.extend(std::iter::repeat_n(' ', text.len().next_multiple_of(8) - text.len()));
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.extend(format!("\\u{:04x}", c as u32).chars()),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// What a file of another program is that others might take for one of weights.
fn other_format(file: &[u8]) -> Option<&'static str> {
    Some(match file {
        [0x89, b'H', b'D', b'F', ..] => {
            "it is HDF5, as Keras's are; `scripts/keras_weights.py` makes a safetensors file of it"
        }
        [b'P', b'K', 3, 4, ..] => {
            "it is a ZIP archive; `scripts/keras_weights.py` makes a safetensors file of a \
             `.keras` file, `files::load_npz` reads `.npz`, and in PyTorch \
             `safetensors.torch.save_file` writes one of a `.pt`"
        }
        [0x80, 2..=5, ..] => {
            "it is a pickle of Python; in PyTorch `safetensors.torch.save_file` writes a file \
             that can be read"
        }
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => {
            "it is an array of NumPy, which `files::load_npy` reads"
        }
        _ => return None,
    })
}

/// The parts of a file. The places of the arrays lie inside of its data, and together are all.
pub fn read(file: &[u8]) -> Result<Contents<'_>, String> {
    if file.is_empty() {
        return Err("it is empty".to_owned());
    }
    let (length, rest) = file.split_first_chunk().ok_or("it ends in the length of its header")?;
    let length = u64::from_le_bytes(*length);
    if length > LONGEST {
        let why = || format!("its header would be {length} bytes long");
        return Err(other_format(file).map_or_else(why, str::to_owned));
    }
    let (text, data) = usize::try_from(length)
        .ok()
        .and_then(|length| rest.split_at_checked(length))
        .ok_or("it ends in its header")?;
    let text = std::str::from_utf8(text).map_err(|_| "its header is no text")?;
    let mut reader = Reader { text, at: 0 };
    let (arrays, notes) = reader
        .all()
        .ok_or_else(|| format!("its header cannot be read at character {}", reader.at))?;
    covers(&arrays, data.len())?;
    Ok(Contents { arrays, notes, data })
}

/// Refuses places that leave something out, or overlap, or reach too far.
fn covers(arrays: &BTreeMap<String, Info>, size: usize) -> Result<(), String> {
    let mut places: Vec<&Range<usize>> = arrays.values().map(|info| &info.place).collect();
    places.sort_by_key(|place| (place.start, place.end));
    let mut end = 0;
    for place in places {
        if place.start != end || place.end < place.start {
            return Err("its arrays overlap, or leave a gap".to_owned());
        }
        end = place.end;
    }
    if end == size {
        return Ok(());
    }
    Err(format!("its arrays need {end} bytes behind the header, but there are {size}"))
}

/// Reads the JSON of a header; `None` where it is something else.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn all(&mut self) -> Option<(BTreeMap<String, Info>, BTreeMap<String, String>)> {
        let mut arrays = BTreeMap::new();
        let mut all_notes = None;
        self.object(|this, name| {
            if name == NOTES {
                let mut notes = BTreeMap::new();
                this.object(|this, name| {
                    let text = this.string()?;
                    notes.insert(name, text).is_none().then_some(())
                })?;
                return all_notes.replace(notes).is_none().then_some(());
            }
            let info = this.info()?;
            arrays.insert(name, info).is_none().then_some(())
        })?;
        self.space();
        (self.at == self.text.len()).then_some((arrays, all_notes.unwrap_or_default()))
    }

    fn info(&mut self) -> Option<Info> {
        let (mut dtype, mut shape, mut place) = (None, None, None);
        self.object(|this, key| {
            let is_new = match key.as_str() {
                "dtype" => dtype.replace(this.string()?).is_none(),
                "shape" => shape.replace(this.numbers()?).is_none(),
                "data_offsets" => place.replace(this.numbers()?).is_none(),
                _ => false,
            };
            is_new.then_some(())
        })?;
        let [start, end] = *place?.as_slice() else { return None };
        Some(Info { dtype: dtype?, shape: shape?, place: start..end })
    }

    /// `{"key": …, …}`; `value` reads what stands behind a key.
    fn object(&mut self, mut value: impl FnMut(&mut Self, String) -> Option<()>) -> Option<()> {
        self.list('{', '}', |this| {
            let key = this.string()?;
            this.take(':')?;
            value(this, key)
        })
    }

    /// `[1, 2]`
    fn numbers(&mut self) -> Option<Vec<usize>> {
        // More axes than an array of any program has.
        const MOST: usize = 64;
        let mut numbers = Vec::new();
        self.list('[', ']', |this| {
            numbers.push(this.number()?);
            (numbers.len() <= MOST).then_some(())
        })?;
        Some(numbers)
    }

    fn list(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.take(open)?;
        if self.take(close).is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.take(',').is_none() {
                return self.take(close);
            }
        }
    }

    /// A whole number without a sign.
    fn number(&mut self) -> Option<usize> {
        self.space();
        let rest = &self.text[self.at..];
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        if digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        let number = digits.parse().ok()?;
        self.at += digits.len();
        Some(number)
    }

    fn string(&mut self) -> Option<String> {
        self.take('"')?;
        let mut string = String::new();
        loop {
            match self.next()? {
                '"' => return Some(string),
                '\\' => string.push(self.escaped()?),
                c if c < ' ' => return None,
                c => string.push(c),
            }
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.hex()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                // Two of them are one character.
                (self.next()? == '\\' && self.next()? == 'u').then_some(())?;
                let second = self.hex()?.checked_sub(0xdc00).filter(|second| *second < 0x400)?;
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |number, _| Some(number * 16 + self.next()?.to_digit(16)?))
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Skips this character, if it comes next.
    fn take(&mut self, c: char) -> Option<()> {
        self.space();
        self.text[self.at..].starts_with(c).then(|| self.at += c.len_utf8())
    }

    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str, data: &[u8]) -> Option<BTreeMap<String, Info>> {
        let bytes = [&(text.len() as u64).to_le_bytes()[..], text.as_bytes(), data].concat();
        read(&bytes).ok().map(|contents| contents.arrays)
    }

    #[test]
    fn what_is_written_is_read() {
        let names = ["a.b", "größe", "\"\\\n\u{1}", "", "😀"];
        let info = |at| Info { dtype: "F32".to_owned(), shape: vec![1], place: at..at + 4 };
        let arrays = names.iter().enumerate().map(|(i, name)| (*name, info(4 * i)));
        let mut bytes = write(&[("epoch", "3".to_owned()), ("\n", "\"".to_owned())], arrays);
        assert!(bytes.len().is_multiple_of(8));
        bytes.extend([0; 20]);
        let Contents { arrays, notes, data } = read(&bytes).unwrap();
        assert_eq!((arrays.len(), data.len()), (5, 20));
        for (i, name) in names.iter().enumerate() {
            assert_eq!(arrays[*name], info(4 * i));
        }
        let notes: Vec<_> = notes.iter().map(|(name, text)| (&name[..], &text[..])).collect();
        assert_eq!(notes, [("\n", "\""), ("epoch", "3")]);
    }

    #[test]
    fn json_is_read_in_all_its_forms() {
        let one = r#" { "\u0061\ud83d\ude00\/\t" : { "shape" : [ ] ,
            "data_offsets":[0,2], "dtype":"U8"},"__metadata__":{"x":"y","z":""} } "#;
        let arrays = header(one, &[0; 2]).expect("this is JSON");
        assert_eq!(arrays.keys().collect::<Vec<_>>(), ["a😀/\t"]);
        assert!(header("{}", &[]).is_some());
        for wrong in [
            "",
            "[]",
            "{} {}",
            "{,}",
            r#"{"a":{}}"#,
            r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#,
            r#"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,2]}}"#,
            r#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,2]}}"#,
            r#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,2]}}"#,
            r#"{"a":{"dtype":"U8","shape":[2,],"data_offsets":[0,2]}}"#,
            r#"{"a":{"dtype":8,"shape":[2],"data_offsets":[0,2]}}"#,
            r#"{"a":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            r#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"more":"1"}}"#,
            r#"{"\ud800":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            r#"{"\x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            r#"{"__metadata__":{},"__metadata__":{}}"#,
            r#"{"__metadata__":{"x":"y","x":"y"}}"#,
        ] {
            assert!(header(wrong, &[0; 2]).is_none(), "{wrong}");
        }
    }
}
