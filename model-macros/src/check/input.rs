//! Inputs of a model.

use model_spec::Form;

use super::expr::{Meant, Out};
use super::model::{Checker, ValueInfo};
use super::shapes::Follows;
use crate::ast::{Argument, Expr};
use crate::graph::{self, Node, Static};
use crate::source;

impl Checker<'_, '_> {
    /// `Input(28, 28, 1)`.
    pub fn input(&mut self, expr: &Expr, args: &[Argument], meant: Meant<'_>) -> Out {
        if self.outside.is_some() {
            self.error(
                expr,
                "a container has no Input: its values are given where it is called\n  help: make \
                 it a parameter: Container(|x| …)",
            );
            return Out::Poison;
        }
        let Some(name) = meant.name else {
            self.error(
                expr,
                "an Input needs a name and a line of its own\n  help: inputs = Input(784);",
            );
            return Out::Poison;
        };
        if self.inputs.iter().any(|(other, _, _)| other == name) {
            self.error(
                expr,
                format!("the input `{name}` is there twice\n  help: give one of them another name"),
            );
            return Out::Poison;
        }
        let entry = model_spec::find("Input").filter(|entry| entry.form == Form::Input);
        // It is an input of the model also where its arguments are wrong: the program may name it.
        let shape = match entry.and_then(|entry| self.arguments(expr, entry, args)) {
            Some((layer, _)) => self.shapes(&expr.tokens, &Follows::Entry(&layer, 1), &[])[0],
            None => Static::Poison,
        };
        let origin =
            format!("from {}, line {}", source::short(&expr.tokens), expr.first().start().line);
        let index = self.inputs.len();
        let id = self.value(ValueInfo {
            name: name.to_string(),
            shape,
            origin,
            reached: true,
            source: graph::Source::Input(index),
            input: Some(index),
        });
        self.inputs.push((name.clone(), id, Vec::new()));
        Out::Values(vec![id], Node::Name(name.clone()))
    }
}
