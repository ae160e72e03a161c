//! How a file of weights and a model differ, in words.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt;

use model_spec::Shape;

use super::TRAINING;
use super::format::number_size;
use super::header::Info;
use crate::error::tuple;
use crate::names::distance;

/// How a file of weights and a model differ. The names are the paths of weights.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Mismatch {
    /// What the model has and the file does not.
    pub missing: Vec<(String, Shape)>,
    /// What of that was looked for under another name, by [`Load::rename`](super::Load::rename),
    /// and the name.
    pub sought: Vec<(String, String)>,
    /// What the file has and the model does not.
    pub unexpected: Vec<(String, Vec<usize>)>,
    /// What has another shape: first the model's, then the file's.
    pub shapes: Vec<(String, Shape, Vec<usize>)>,
    /// What is not made of numbers that can be read, and the type of its numbers.
    pub types: Vec<(String, String)>,
    /// What the model calls by the first name may be what the file calls by the second: the paths
    /// of layers.
    pub renamed: Vec<(String, String)>,
}

/// A weight of a model.
pub(super) struct Wanted<'a> {
    pub path: &'a str,
    /// What the file calls it.
    pub name: Cow<'a, str>,
    pub shape: Shape,
}

impl Mismatch {
    /// How the arrays of a file differ from those that are wanted, and for each of these whether it
    /// fits.
    pub(super) fn between(
        wanted: &[Wanted<'_>],
        file: &BTreeMap<String, Info>,
    ) -> (Mismatch, Vec<bool>) {
        let (mut mismatch, mut fitting) = (Mismatch::default(), vec![false; wanted.len()]);
        for (one, fits) in wanted.iter().zip(&mut fitting) {
            let (path, shape) = (one.path.to_owned(), one.shape);
            match file.get(&*one.name) {
                None => {
                    if one.name != one.path {
                        mismatch.sought.push((path.clone(), one.name.clone().into_owned()));
                    }
                    mismatch.missing.push((path, shape));
                }
                Some(info) if info.shape.as_slice() != shape.dims() => {
                    mismatch.shapes.push((path, shape, info.shape.clone()));
                }
                Some(info) if number_size(&info.dtype).is_none() => {
                    mismatch.types.push((path, info.dtype.clone()));
                }
                Some(_) => *fits = true,
            }
        }
        let known: HashSet<&str> = wanted.iter().map(|one| &*one.name).collect();
        let others = file.iter().filter(|(name, _)| !known.contains(name.as_str()));
        let others = others.filter(|(name, _)| !name.starts_with(TRAINING));
        mismatch.unexpected =
            others.map(|(name, info)| (name.clone(), info.shape.clone())).collect();
        mismatch.find_renamed();
        (mismatch, fitting)
    }

    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        *self == Mismatch::default()
    }

    /// Pairs what is missing with what is there instead: the same name of the weight, the same
    /// shape, and of several the layer with the most similar path.
    fn find_renamed(&mut self) {
        // Both lists are a file's and a model's: with many of them, nobody reads this.
        const MANY: usize = 200;
        if self.missing.len().max(self.unexpected.len()) > MANY {
            return;
        }
        let mut free: Vec<&(String, Vec<usize>)> =
            self.unexpected.iter().filter(|(name, _)| name.len() < MANY).collect();
        for (path, shape) in &self.missing {
            let fits = |(name, other): &(String, Vec<usize>)| {
                leaf(name) == leaf(path) && other.as_slice() == shape.dims() && name != path
            };
            let fitting = free.iter().enumerate().filter(|(_, other)| fits(other));
            let Some((index, (name, _))) = fitting.min_by_key(|(_, o)| distance(path, &o.0)) else {
                continue;
            };
            let pair = different_part(path, name);
            if !self.renamed.contains(&pair) {
                self.renamed.push(pair);
            }
            free.remove(index);
        }
    }
}

/// The name of the weight itself: `kernel`.
fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Two paths without what they have in common at their ends.
fn different_part(a: &str, b: &str) -> (String, String) {
    let (mut a, mut b) = (a, b);
    while let (Some((rest_a, last_a)), Some((rest_b, last_b))) =
        (a.rsplit_once('.'), b.rsplit_once('.'))
        && last_a == last_b
    {
        (a, b) = (rest_a, rest_b);
    }
    (a.to_owned(), b.to_owned())
}

/// A name out of a file, which may be anything.
pub fn shown(name: &str) -> String {
    const LONGEST: usize = 80;
    let short: String = name.chars().take(LONGEST).collect();
    let dots = if short.len() < name.len() { "…" } else { "" };
    format!("`{}{dots}`", short.escape_debug())
}

/// The lines of a list, up to a number that can be read.
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    items: &[T],
    line: impl Fn(&T) -> String,
) -> fmt::Result {
    const MOST: usize = 6;
    for item in items.iter().take(MOST) {
        write!(f, "\n    {what}: {}", line(item))?;
    }
    match items.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => write!(f, "\n    {what}: and {more} more"),
    }
}

impl fmt::Display for Mismatch {
    /// A line for each difference, then the help.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, "not in the file", &self.missing, |(path, shape)| {
            match self.sought.iter().find(|(sought, _)| sought == path) {
                Some((_, name)) => format!("{} {shape}, for `{path}`", shown(name)),
                None => format!("`{path}` {shape}"),
            }
        })?;
        list(f, "not in the model", &self.unexpected, |(name, shape)| {
            format!("{} {}", shown(name), tuple(shape))
        })?;
        list(f, "another shape", &self.shapes, |(path, model, file)| {
            format!("`{path}` is {model} in the model, {} in the file", tuple(file))
        })?;
        list(f, "another type", &self.types, |(path, dtype)| {
            format!("`{path}` is {} in the file, but must be F32, F64, F16 or BF16", shown(dtype))
        })?;
        f.write_str("\n  help: ")?;
        let is_there = |path: &str| self.unexpected.iter().any(|(name, _)| name == path);
        if let Some((path, _)) = self.sought.iter().find(|(path, _)| is_there(path)) {
            return write!(f, "the file has `{path}` under this name: leave out its `rename`");
        }
        let Some((_, first)) = self.renamed.first() else {
            return f.write_str("load it into the model that it was saved from");
        };
        let pairs = self.renamed.iter().take(3);
        let pairs: Vec<String> = pairs
            .map(|(model, file)| format!("`{model}` may be what the file calls {}", shown(file)))
            .collect();
        write!(f, "{}", pairs.join(", "))?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if first.chars().all(is_name) && first.len() < 40 {
            write!(f, "; that name is given with name = \"{first}\"")?;
        }
        Ok(())
    }
}
