//! Slices of values: `x[(.., ..14, 0)]`.

use model_spec::SliceItem;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::expr::Out;
use super::model::Checker;
use super::numbers::has_name;
use super::shapes::{Follows, SliceArg};
use crate::ast::{Expr, ExprKind};
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::Node;

impl Checker<'_, '_> {
    pub fn slice(&mut self, expr: &Expr, base: &Expr, items: &[Expr]) -> Out {
        let value = self.one(base);
        let mut args = Vec::new();
        for item in items {
            match self.slice_item(item) {
                Some(item) => args.push(item),
                None => return Out::Poison,
            }
        }
        let Some((id, node)) = value else { return Out::Poison };
        let tokens = items.iter().map(|item| self.slice_rust(item)).collect();
        let node = Node::Slice(Box::new(node), tokens, expr.place());
        self.computed(expr, "slice", &Follows::Slice(args), &[id], node)
    }

    fn slice_item(&mut self, item: &Expr) -> Option<SliceArg> {
        let ExprKind::Range(start, end, inclusive) = &item.kind else {
            let (known, tokens) = self.position(item)?;
            let known = known.map(SliceItem::Index);
            let tokens = quote!(::model_runtime::spec::SliceItem::Index(#tokens));
            return Some(SliceArg { known, tokens });
        };
        if *inclusive {
            self.error(
                item,
                "a slice is written with `..`, which leaves its end out\n  help: write one more: \
                 x[0..5] for x[0..=4]",
            );
            return None;
        }
        let from = match start {
            Some(start) => self.position(start)?,
            None => (Some(0), quote!(0)),
        };
        let to = match end {
            Some(end) => {
                let (known, tokens) = self.position(end)?;
                (known.map(Some), quote!(::core::option::Option::Some(#tokens)))
            }
            None => (Some(None), quote!(::core::option::Option::None)),
        };
        let known = match (from.0, to.0) {
            (Some(from), Some(to)) => Some(SliceItem::Range(from, to)),
            _ => None,
        };
        let (from, to) = (from.1, to.1);
        Some(SliceArg {
            known,
            tokens: quote!(::model_runtime::spec::SliceItem::Range(#from, #to)),
        })
    }

    /// What the runtime is given for an axis: the tokens as they were written, with names of
    /// constants, which may have any type, as whole numbers.
    fn slice_rust(&self, item: &Expr) -> TokenStream {
        match &item.kind {
            ExprKind::Range(start, end, _) => {
                let [start, end] =
                    [start, end].map(|end| end.as_ref().map(|expr| self.slice_position(expr)));
                quote!(#start..#end)
            }
            _ => self.slice_position(item),
        }
    }

    fn slice_position(&self, expr: &Expr) -> TokenStream {
        let tokens = self.written(&expr.tokens);
        if has_name(&tokens) { quote!(::model_runtime::private::position(#tokens)) } else { tokens }
    }

    /// A whole number in a slice: its value, where the macro knows it, and Rust for an `i64`.
    fn position(&mut self, expr: &Expr) -> Option<(Option<i64>, TokenStream)> {
        match eval(expr, self) {
            Ok(Constant::Int(value)) => {
                let literal = Literal::i64_unsuffixed(value);
                Some((Some(value), quote!(#literal)))
            }
            Ok(Constant::Opaque) => {
                let tokens = self.written(&expr.tokens);
                Some((None, quote!((#tokens) as i64)))
            }
            Err(NotConstant::Impossible(sentence)) => {
                self.error(expr, sentence);
                None
            }
            Err(NotConstant::Poison) => {
                self.poisoned = true;
                None
            }
            _ => {
                self.error(
                    expr,
                    "a slice takes whole numbers that are constant\n  help: for example x[..5], \
                     x[-1] or x[(.., 2..4)]",
                );
                None
            }
        }
    }
}
