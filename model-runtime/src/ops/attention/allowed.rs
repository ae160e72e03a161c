//! Masks of attention.

use std::ops::Range;

use crate::pool::Buffer;

/// Which keys a query attends to; all of them by default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed {
    /// Only keys that do not come after it.
    pub causal: bool,
    /// Only keys that are nearer than this.
    pub window: Option<usize>,
    /// Whether a query attends at all, `(samples, queries)`.
    pub queries: Option<Buffer<bool>>,
    /// Whether a key can be attended to, `(samples, keys)`.
    pub keys: Option<Buffer<bool>>,
    /// Whether a query attends to a key, `(samples, queries, keys)`.
    pub pairs: Option<Buffer<bool>>,
}

impl Allowed {
    /// Whether every query attends to every key.
    pub fn is_everything(&self) -> bool {
        let masks = [&self.queries, &self.keys, &self.pairs];
        !self.causal && self.window.is_none() && masks.iter().all(|mask| mask.is_none())
    }

    /// The places of the keys that a query attends to, as far as its place tells.
    pub fn range(&self, query: usize, keys: usize) -> Range<usize> {
        let window = self.window.unwrap_or(usize::MAX);
        let end = if self.causal { query + 1 } else { query.saturating_add(window) }.min(keys);
        (query + 1).saturating_sub(window).min(end)..end
    }

    /// Whether a query, counted over all samples, attends to anything.
    pub fn query(&self, query: usize) -> bool {
        self.queries.as_ref().is_none_or(|allowed| allowed[query])
    }

    /// Whether a key, counted over all samples, is attended to.
    pub fn key(&self, key: usize) -> bool {
        self.keys.as_ref().is_none_or(|allowed| allowed[key])
    }

    /// Whether a query attends to a key, counted over all pairs of all samples.
    pub fn pair(&self, pair: usize) -> bool {
        self.pairs.as_ref().is_none_or(|allowed| allowed[pair])
    }
}
