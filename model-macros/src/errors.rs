//! Collects the mistakes of a macro call, so that all are reported in one go; and what is no
//! mistake, but looks unintended.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::ast::{Expr, Place};
use crate::source;

/// The mistakes found so far. Must be read by [`Errors::into_tokens`] before it is dropped.
#[derive(Default)]
pub(crate) struct Errors {
    list: Vec<Mistake>,
    warnings: Vec<Mistake>,
    /// The calls of templates that are being written out, the innermost last.
    calls: Vec<Call>,
    read: bool,
}

/// A message, the first and last token it is about, and the calls that it happens in.
struct Mistake {
    first: Span,
    last: Span,
    message: String,
    within: Vec<String>,
}

/// A call of a template.
struct Call {
    place: Place,
    text: String,
}

impl Errors {
    /// Records a mistake about these tokens.
    pub fn push(&mut self, tokens: &TokenStream, message: impl Into<String>) {
        let (first, last) = ends(tokens);
        self.record(first, last, message.into());
    }

    /// Records what looks unintended in these tokens, once however often they are written out.
    pub fn warn(&mut self, tokens: &TokenStream, message: String) {
        let (first, last) = ends(tokens);
        if self.warnings.iter().all(|known| known.first.start() != first.start()) {
            let within = self.calls(first);
            self.warnings.push(Mistake { first, last, message, within });
        }
    }

    /// Notes that what follows happens in the call of a template, until [`Errors::leave`].
    pub fn enter(&mut self, call: &Expr) {
        let line = call.first().start().line;
        let text = format!("in {}, line {line}", source::short(&call.tokens));
        self.calls.push(Call { place: call.place(), text });
    }

    /// The end of what [`Errors::enter`] began.
    pub fn leave(&mut self) {
        self.calls.pop();
    }

    /// The calls around a token that does not stand in them itself, the innermost first.
    pub fn calls(&self, token: Span) -> Vec<String> {
        let at = token.start();
        let inside =
            |call: &&Call| !(call.place.first.start()..=call.place.last.end()).contains(&at);
        self.calls.iter().rev().filter(inside).map(|call| call.text.clone()).collect()
    }

    /// What is written out several times, as a template is, has its mistake once.
    fn record(&mut self, first: Span, last: Span, message: String) {
        let is_known =
            |known: &Mistake| known.message == message && known.first.start() == first.start();
        if !self.list.iter().any(is_known) {
            let within = self.calls(first);
            self.list.push(Mistake { first, last, message, within });
        }
    }

    /// Records a mistake at one token.
    pub fn at(&mut self, span: Span, message: impl Into<String>) {
        self.record(span, span, message.into());
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
        self.list.iter().map(Mistake::text).collect()
    }

    /// What looks unintended, for tests.
    #[cfg(test)]
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.iter().map(Mistake::text).collect()
    }

    /// The code with a `compile_error!` before it for each mistake; inside its block, where it is
    /// an expression. Where there are none, with a warning for what looks unintended.
    pub fn around(mut self, code: TokenStream, expression: bool) -> TokenStream {
        self.read = true;
        let errors: TokenStream = match self.list.as_slice() {
            [] => self.warnings.iter().map(Mistake::to_warning).collect(),
            mistakes => mistakes.iter().map(Mistake::to_tokens).collect(),
        };
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
    /// The message, with a line before the help for each call that it happens in.
    fn text(&self) -> String {
        let calls: String = self.within.iter().map(|call| format!("\n    {call}")).collect();
        let end = self.message.find("\n  help: ").unwrap_or(self.message.len());
        let (facts, help) = self.message.split_at(end);
        format!("{facts}{calls}{help}")
    }

    fn to_tokens(&self) -> TokenStream {
        let message = self.text();
        let mut group = Group::new(Delimiter::Brace, quote!(#message));
        group.set_span(self.last);
        let head = quote_spanned!(self.first=> ::core::compile_error!);
        quote!(#head #group)
    }

    /// A macro has no warnings of its own on stable Rust; the use of something deprecated is one.
    fn to_warning(&self) -> TokenStream {
        let message = self.text();
        let head = quote_spanned!(self.first=> looks_unintended);
        let open = quote_spanned!(self.last=> ());
        quote! {
            const _: () = {
                #[deprecated(note = #message)]
                const fn looks_unintended() {}
                #head #open
            };
        }
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
