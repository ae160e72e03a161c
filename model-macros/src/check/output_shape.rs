//! The shape that a Lambda declares by a function of its input's.

use model_spec::{ArgValue, Shape, Tuple};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::constants::InputShape;
use super::model::{Checker, ConfigValue, Kind, ValueId};
use crate::ast::{Closure, Expr, ExprKind};
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::Static;
use crate::source;

impl Checker<'_, '_> {
    /// `output_shape = |input_shape| (None, input_shape[1] / 2)`, computed for these inputs.
    pub fn with_output_shape(&mut self, expr: &Expr, kind: Kind, ids: &[ValueId]) -> Option<Kind> {
        let Kind::Layer(mut layer) = kind else { return Some(kind) };
        let Some(closure) = layer.output_shape.clone() else { return Some(Kind::Layer(layer)) };
        let config = match self.values[ids.first()?.0].shape {
            Static::Poison => return None,
            Static::Known(value) => self.declared(expr, &closure, value.shape)?,
            Static::Deferred { .. } => None,
        };
        let config = match config {
            Some(tuple) => ConfigValue::Known(ArgValue::Tuple(tuple)),
            None => ConfigValue::Deferred(self.declared_tokens(&closure)?),
        };
        let last = layer.config.len() - 1;
        layer.config[last] = config;
        Some(Kind::Layer(layer))
    }

    /// The items that the function gives, without the first, which is the sample axis.
    fn declared_items(&mut self, closure: &Closure) -> Option<(String, Vec<Expr>)> {
        let rust = &closure.rust;
        let tokens = quote!(#rust);
        let parameter = match closure.params.as_deref() {
            Some([parameter]) => parameter.to_string(),
            _ => {
                self.context.errors.push(
                    &tokens,
                    "output_shape takes one parameter, the input's shape\n  help: for example \
                     |input_shape| (None, input_shape[1] / 2)",
                );
                return None;
            }
        };
        let items = match closure.value.as_deref().map(|value| &value.kind) {
            Some(ExprKind::Tuple(items)) if !items.is_empty() => items.clone(),
            _ => {
                self.context.errors.push(
                    &tokens,
                    "output_shape gives a tuple that begins with the sample axis\n  help: for \
                     example |input_shape| (None, input_shape[1] / 2)",
                );
                return None;
            }
        };
        let first = source::text(&items[0].tokens);
        if first != "None" && first != format!("{parameter}[0]") {
            self.context.errors.push(
                &items[0].tokens,
                format!(
                    "the first element of output_shape is the sample axis\n  help: write None or \
                     {parameter}[0] first: (None, …)"
                ),
            );
            return None;
        }
        Some((parameter, items[1..].to_vec()))
    }

    /// The shape without the sample axis; the inner `None` where the macro cannot compute it.
    fn declared(&mut self, expr: &Expr, closure: &Closure, shape: Shape) -> Option<Option<Tuple>> {
        let (parameter, items) = self.declared_items(closure)?;
        let mut numbers = Vec::new();
        for item in &items {
            let constants = self.context.constants.clone();
            let names = InputShape { parameter: parameter.clone(), shape, outer: &constants };
            match eval(item, &names) {
                Ok(Constant::Int(number)) => numbers.push(number),
                Ok(Constant::Opaque) => return Some(None),
                Err(NotConstant::Impossible(sentence)) => {
                    self.context.errors.push(&item.tokens, sentence);
                    return None;
                }
                Err(NotConstant::Poison) => {
                    self.poisoned = true;
                    return None;
                }
                _ => return Some(None),
            }
        }
        if numbers.len() >= model_spec::MAX_RANK {
            self.error(
                expr,
                "output_shape has more axes than a value can have\n  help: put axes together",
            );
            return None;
        }
        Some(Some(Tuple::new(&numbers)))
    }

    /// The function as a `const fn`, for const evaluation.
    fn declared_tokens(&mut self, closure: &Closure) -> Option<TokenStream> {
        let (parameter, items) = self.declared_items(closure)?;
        let parameter = Ident::new(&parameter, proc_macro2::Span::mixed_site());
        let parameter_in_user_code =
            closure.params.as_deref().and_then(<[Ident]>::first).cloned().unwrap_or(parameter);
        let count = items.len();
        let items = items.iter().map(|item| self.written(&item.tokens));
        Some(quote!({
            const fn output_shape(#parameter_in_user_code: &[usize]) -> [usize; #count] {
                [#(#items),*]
            }
            ::model_runtime::private::declared(&output_shape(
                ::model_runtime::private::with_samples(&inputs).dims(),
            ))
        }))
    }
}
