//! What a model adds to its loss, and what it measures: `add_loss("kl", x);`,
//! `add_metric("norm", x);`.

use super::model::Checker;
use super::shapes::Follows;
use crate::ast::{Argument, Expr, ExprKind};
use crate::graph::{self, Callee, Node, Static};

const FUNCTIONS: [&str; 2] = ["add_loss", "add_metric"];

/// The function and its arguments, if this is such a statement.
pub(super) fn function(expr: &Expr) -> Option<(&'static str, &[Argument])> {
    let ExprKind::Call(callee, args) = &expr.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    let function = FUNCTIONS.into_iter().find(|function| name == function)?;
    Some((function, args))
}

/// The message for one that stands where a value is meant.
pub(super) fn no_value(name: &str) -> Option<String> {
    FUNCTIONS.contains(&name).then(|| {
        format!(
            "`{name}` has no value\n  help: write it on a line of its own: {name}(\"name\", x);"
        )
    })
}

impl Checker<'_, '_> {
    pub fn term(&mut self, expr: &Expr, out: &mut Vec<graph::Statement>) {
        let Some((function, args)) = function(expr) else { return };
        self.has_terms = true;
        let (name, value) = match args {
            [name, value] if name.name.is_none() && value.name.is_none() => (name, value),
            _ => {
                self.error(
                    expr,
                    format!(
                        "{function} takes a name and a value\n  help: {function}(\"name\", x);"
                    ),
                );
                return;
            }
        };
        let ExprKind::Str(text) = &name.value.kind else {
            self.error(
                &name.value,
                format!(
                    "the name that {function} takes is a text\n  help: {function}(\"name\", x);"
                ),
            );
            return;
        };
        let path = format!("{}{text}", self.prefix);
        if text.is_empty() || path == "loss" {
            self.error(
                &name.value,
                "the total is called `loss` already, and a name is not empty\n  help: call it \
                 after what it is, for example \"kl\"",
            );
            return;
        }
        if !self.terms.insert(path.clone()) {
            self.error(
                &name.value,
                format!(
                    "`{path}` is there twice: each {function} has a name of its own\n  help: give \
                     one of them another name, or add the values first"
                ),
            );
            return;
        }
        let Some((id, node)) = self.one(&value.value) else { return };
        let shapes = self.shapes(&expr.tokens, &Follows::Term(function), &[id]);
        if matches!(self.values[id.0].shape, Static::Poison) || shapes.is_empty() {
            return;
        }
        self.noted(expr, Callee::Term(function, path.clone()), &[], &[id]);
        let value = Node::Term(function, path, Box::new(node), expr.place());
        out.push(graph::Statement { targets: Vec::new(), value });
    }
}
