//! Collects the mistakes of a macro call, so that all are reported in one go.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// The mistakes found so far. Must be read by [`Errors::into_tokens`] before it is dropped.
#[derive(Default)]
pub(crate) struct Errors {
    list: Vec<Mistake>,
    read: bool,
}

/// A message, and the first and last token it is about.
struct Mistake {
    first: Span,
    last: Span,
    message: String,
}

impl Errors {
    /// Records a mistake about these tokens.
    pub fn push(&mut self, tokens: &TokenStream, message: impl Into<String>) {
        let (first, last) = ends(tokens);
        self.record(Mistake { first, last, message: message.into() });
    }

    /// What is written out several times, as a template is, has its mistake once.
    fn record(&mut self, mistake: Mistake) {
        let is_known = |known: &Mistake| {
            known.message == mistake.message && known.first.start() == mistake.first.start()
        };
        if !self.list.iter().any(is_known) {
            self.list.push(mistake);
        }
    }

    /// Records a mistake at one token.
    pub fn at(&mut self, span: Span, message: impl Into<String>) {
        self.record(Mistake { first: span, last: span, message: message.into() });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Drops what a trial found, which nobody needs to see.
    pub fn forget(mut self) {
        self.read = true;
    }

    /// The messages, for tests.
    #[cfg(test)]
    pub fn messages(&mut self) -> Vec<String> {
        self.read = true;
        self.list.iter().map(|mistake| mistake.message.clone()).collect()
    }

    /// The code with a `compile_error!` before it for each mistake; inside its block, where it is
    /// an expression.
    pub fn around(mut self, code: TokenStream, expression: bool) -> TokenStream {
        self.read = true;
        let errors: TokenStream = self.list.iter().map(Mistake::to_tokens).collect();
        if expression && !errors.is_empty() {
            quote!({ #errors #code })
        } else {
            quote!(#errors #code)
        }
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !self.read && !self.list.is_empty() && !std::thread::panicking() {
            panic!("errors were collected and never reported");
        }
    }
}

impl Mistake {
    fn to_tokens(&self) -> TokenStream {
        let message = &self.message;
        let mut group = Group::new(Delimiter::Brace, quote!(#message));
        group.set_span(self.last);
        let head = quote_spanned!(self.first=> ::core::compile_error!);
        quote!(#head #group)
    }
}

/// The spans of the first and the last token.
pub(crate) fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut iter = tokens.clone().into_iter();
    let Some(first) = iter.next() else { return (Span::call_site(), Span::call_site()) };
    let last = iter.last().unwrap_or_else(|| first.clone());
    let open = match &first {
        TokenTree::Group(group) => group.span_open(),
        token => token.span(),
    };
    let close = match &last {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    };
    (open, close)
}
