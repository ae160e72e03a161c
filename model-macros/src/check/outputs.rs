//! What a body returns.

use proc_macro2::{Ident, Span};

use super::expr::{Meant, Out};
use super::model::{Binding, Checker, Output};
use crate::ast::{Body, Expr, ExprKind, Statement};
use crate::graph::Node;

impl Checker<'_, '_> {
    /// What a body returns: its last expression, or the value that its last statement binds.
    pub fn outputs(&mut self, body: &Body) -> Vec<Output> {
        let mut outputs = match &body.tail {
            Some(tail) => self.tail(tail),
            None => self.last_bound(body),
        };
        let mut seen: Vec<String> = Vec::new();
        outputs.retain(|output| {
            let name = output.name.to_string();
            let is_new = !seen.contains(&name);
            if !is_new {
                self.context.errors.at(
                    output.name.span(),
                    format!(
                        "the output `{name}` is there twice\n  help: give one of them another \
                         name: (a = …, b = …)"
                    ),
                );
            }
            seen.push(name);
            is_new
        });
        outputs
    }

    fn tail(&mut self, tail: &Expr) -> Vec<Output> {
        match &tail.kind {
            ExprKind::Tuple(items) => {
                if items.is_empty() {
                    let message = format!(
                        "this {} returns nothing\n  help: end with the value to return",
                        self.what()
                    );
                    self.error(tail, message);
                }
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.output(item, Some(index)))
                    .collect()
            }
            _ => vec![self.output(tail, None)],
        }
    }

    fn output(&mut self, expr: &Expr, index: Option<usize>) -> Output {
        let span = expr.first();
        let (name, value) = match &expr.kind {
            ExprKind::Named(name, value) => {
                *self.bound.entry(format!("{}{name}", self.prefix)).or_default() += 1;
                (name.clone(), &**value)
            }
            ExprKind::Name(name) => (name.clone(), expr),
            _ => {
                let name = index.map_or("output".to_owned(), |index| format!("output_{index}"));
                (Ident::new(&name, span), expr)
            }
        };
        match self.expr(value, Meant { name: Some(&name), ..Meant::default() }) {
            Out::Values(ids, node) if ids.len() == 1 => Output { name, value: Some(ids[0]), node },
            other => {
                match other {
                    Out::Values(ids, _) => {
                        self.error(
                            value,
                            format!(
                                "this returns {} values, but one is meant\n  help: take them \
                                 apart first: (a, b) = …;",
                                ids.len()
                            ),
                        );
                    }
                    Out::Number(_) => {
                        self.error(
                            value,
                            "the output is a constant\n  help: return a value that an Input leads \
                             to",
                        );
                    }
                    Out::Instance(id) => self.not_called(value, id),
                    Out::Poison => {}
                }
                Output { node: Node::Name(name.clone()), name, value: None }
            }
        }
    }

    fn last_bound(&mut self, body: &Body) -> Vec<Output> {
        let is_term = |statement: &&Statement| match statement {
            Statement::Expr(expr) => super::term::function(expr).is_some(),
            _ => false,
        };
        let name = match body.statements.iter().rev().find(|statement| !is_term(statement)) {
            Some(Statement::Assign(assign)) => assign.targets.last().cloned(),
            Some(Statement::For(item)) => {
                return self.no_output(
                    item.span,
                    "a body that ends with a loop does not say what it returns\n  help: write the \
                     value after the loop, without a `;`",
                );
            }
            Some(Statement::If(item)) => {
                return self.no_output(
                    item.span,
                    "a body that ends with an `if` does not say what it returns\n  help: write \
                     the value after it, without a `;`",
                );
            }
            Some(Statement::Broken { .. } | Statement::Expr(_)) => return Vec::new(),
            None if self.outside.is_some() => {
                return self.no_output(
                    body.span,
                    "this container is empty\n  help: end with the value to return: Container(|x| \
                     Dense(10)(x))",
                );
            }
            None => {
                return self.no_output(
                    body.span,
                    "this model is empty\n  help: for example inputs = Input(784); outputs = \
                     Dense(10)(inputs);",
                );
            }
        };
        let Some(name) = name else { return Vec::new() };
        match self.find(&name.to_string()).cloned() {
            Some(Binding::Value(id)) => {
                vec![Output { node: Node::Name(name.clone()), name, value: Some(id) }]
            }
            Some(Binding::Instance(_)) if !self.is_clean() => Vec::new(),
            Some(Binding::Instance(_)) => self.no_output(
                name.span(),
                &format!(
                    "the last line makes a layer, so the {} does not say what it returns\n  help: \
                     call the layer on a value, or write the value to return at the end",
                    self.what()
                ),
            ),
            _ => vec![Output { node: Node::Name(name.clone()), name, value: None }],
        }
    }

    /// What is being looked at.
    fn what(&self) -> &'static str {
        if self.outside.is_some() { "container" } else { "model" }
    }

    fn no_output(&mut self, span: Span, message: &str) -> Vec<Output> {
        if !self.damaged {
            self.context.errors.at(span, message);
        }
        Vec::new()
    }
}
