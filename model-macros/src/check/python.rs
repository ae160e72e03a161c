//! Whole expressions of Keras's programs that read otherwise here, each with what to write:
//! `layers.Dense(5)`, `x.mean()`, `q ** 2`, `Model(x, y)`.

use model_spec::Form;
use quote::ToTokens;

use super::call::listed;
use super::model::{Binding, Checker};
use crate::ast::{Argument, Expr, ExprKind};
use crate::source;

impl Checker<'_, '_> {
    /// `Dense(5)` for `layers.Dense(5)`, and `mean(x)` for `x.mean()`; `None` where what stands
    /// behind the dot is nothing that a model knows.
    pub fn undotted(&self, expr: &Expr) -> Option<String> {
        let (receiver, name, args) = match syn::parse2(expr.tokens.clone()).ok()? {
            syn::Expr::MethodCall(call) => {
                (call.receiver, call.method.to_string(), Some(call.args.to_token_stream()))
            }
            syn::Expr::Field(syn::ExprField { base, member: syn::Member::Named(name), .. }) => {
                (base, name.to_string(), None)
            }
            _ => return None,
        };
        let form = model_spec::find(&name).map(|entry| entry.form);
        if self.is_module(&receiver) {
            let known = form.is_some()
                || self.context.signatures.contains_key(&name)
                || self.context.templates.contains_key(&name);
            let args = args.map(|args| format!("({})", source::text(&args)));
            return known.then(|| name + &args.unwrap_or_default());
        }
        let receiver = source::text(&receiver.to_token_stream());
        let args = args.filter(|args| !args.is_empty());
        match (form, args) {
            (Some(Form::Function), Some(args)) => {
                Some(format!("{name}({receiver}, {})", source::text(&args)))
            }
            (Some(Form::Function), None) => Some(format!("{name}({receiver})")),
            (None, None) if name == "T" => Some(format!("transpose({receiver})")),
            _ => None,
        }
    }

    /// Whether a path with dots begins at a name that the model does not have, as those of Python's
    /// modules do.
    fn is_module(&self, expr: &syn::Expr) -> bool {
        match expr {
            syn::Expr::Path(path) => {
                path.path.get_ident().is_some_and(|name| self.find(&name.to_string()).is_none())
            }
            syn::Expr::Field(field) => self.is_module(&field.base),
            _ => false,
        }
    }

    /// The layer of `model.add(Dense(5))`.
    pub fn added(&self, expr: &Expr) -> Option<String> {
        match syn::parse2(expr.tokens.clone()).ok()? {
            syn::Expr::MethodCall(call)
                if call.method == "add"
                    && call.args.len() == 1
                    && self.is_module(&call.receiver) =>
            {
                Some(source::text(&call.args.to_token_stream()))
            }
            _ => None,
        }
    }

    /// A list of values where a layer is meant: several outputs, or inputs on their own.
    pub fn is_list_of_values(&mut self, expr: &Expr, items: &[Expr]) -> bool {
        let is_value = |item: &Expr| match &item.kind {
            ExprKind::Name(name) => {
                matches!(self.find(&name.to_string()), Some(Binding::Value(_)))
            }
            _ => false,
        };
        if items.is_empty() || !items.iter().all(is_value) {
            return false;
        }
        let list = source::text(&expr.tokens);
        let message = format!(
            "a list is a chain of layers, but these are values\n  help: several outputs are {}, \
             the last line; a layer takes the list where it is called: Concatenate()({list})",
            returned(&items.iter().collect::<Vec<_>>())
        );
        self.error(expr, message);
        true
    }
}

/// What the last line is for `Model(inputs, outputs)` and `outputs(a, b)`, which are no layers.
pub(super) fn last_line(name: &str, args: &[Argument]) -> Option<String> {
    let is_model = matches!(name, "Model" | "Functional");
    if !is_model && !matches!(name, "output" | "outputs") {
        return None;
    }
    let named = |arg: &&Argument| arg.name.as_ref().is_some_and(|name| name == "outputs");
    let unnamed: Vec<&Argument> = args.iter().filter(|arg| arg.name.is_none()).collect();
    let given = match args.iter().find(named) {
        Some(outputs) => vec![outputs],
        None if is_model => unnamed.get(1..2).unwrap_or_default().to_vec(),
        None => unnamed,
    };
    let items: Vec<&Expr> = given.into_iter().flat_map(|arg| listed(&arg.value)).collect();
    (!items.is_empty()).then(|| returned(&items))
}

/// Outputs as the last line of a model.
fn returned(items: &[&Expr]) -> String {
    let items: Vec<String> = items.iter().map(|item| source::text(&item.tokens)).collect();
    match items.as_slice() {
        [one] => format!("`{one}`"),
        several => format!("`({})`", several.join(", ")),
    }
}
