//! Templates: written out at every call, with names and weights of their own.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::expr::{Meant, Out};
use super::model::{Binding, Checker, ValueId};
use crate::ast::{Argument, Expr, ExprKind};
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::{self, Node};

impl Checker<'_, '_> {
    /// `block(x, 16)`: the template's body, with its own names.
    pub fn template(&mut self, expr: &Expr, name: &Ident, args: &[Argument]) -> Out {
        let text = name.to_string();
        let template = self.context.templates[&text].clone();
        if template.body.damaged {
            // What it is meant to be is not known.
            self.poisoned = true;
            return Out::Poison;
        }
        if self.templates.contains(&text) {
            self.error(
                expr,
                format!(
                    "the template `{text}` calls itself\n  help: a template is written out at \
                     every call; use a `for` loop"
                ),
            );
            return Out::Poison;
        }
        let Some(given) = self.template_arguments(expr, &template.name, &template.params, args)
        else {
            return Out::Poison;
        };
        let mut scope = HashMap::new();
        let mut statements = Vec::new();
        for (param, value) in template.params.iter().zip(given) {
            match self.parameter(param, &value, &mut statements) {
                Some(binding) => scope.insert(param.to_string(), binding),
                None => return Out::Poison,
            };
        }
        let count = self.template_calls.entry(text.clone()).or_default();
        *count += 1;
        let step = if *count == 1 { format!("{text}_") } else { format!("{text}_{}_", *count - 1) };
        let prefix = format!("{}{step}", self.prefix);
        let outer_prefix = std::mem::replace(&mut self.prefix, prefix);
        let outer_scopes = std::mem::replace(&mut self.scopes, vec![scope]);
        self.templates.push(text);
        let errors = self.context.errors.len();
        self.context.errors.enter(expr);
        self.statements(&template.body.statements, &mut statements);
        let outputs = self.outputs(&template.body);
        self.context.errors.leave();
        self.templates.pop();
        self.scopes = outer_scopes;
        self.prefix = outer_prefix;
        let ids: Option<Vec<ValueId>> = outputs.iter().map(|output| output.value).collect();
        match ids {
            Some(ids) if self.context.errors.len() == errors && !ids.is_empty() => {
                let nodes = outputs.into_iter().map(|output| output.node).collect();
                Out::Values(ids, Node::Block(statements, nodes))
            }
            _ => Out::Poison,
        }
    }

    fn template_arguments(
        &mut self,
        expr: &Expr,
        name: &Ident,
        params: &[Ident],
        args: &[Argument],
    ) -> Option<Vec<Expr>> {
        let mut slots: Vec<Option<Expr>> = params.iter().map(|_| None).collect();
        for (position, arg) in args.iter().enumerate() {
            let index = match &arg.name {
                Some(name) => params.iter().position(|param| param == name),
                None => Some(position).filter(|position| *position < params.len()),
            };
            match index {
                Some(index) => slots[index] = Some(arg.value.clone()),
                None => {
                    let names: Vec<String> = params.iter().map(Ident::to_string).collect();
                    self.error(
                        &arg.value,
                        format!(
                            "the template `{name}` takes {}\n  help: take this argument out",
                            names.join(", ")
                        ),
                    );
                    return None;
                }
            }
        }
        let missing = params.iter().zip(&slots).find(|(_, slot)| slot.is_none());
        if let Some((param, _)) = missing {
            self.error(
                expr,
                format!(
                    "the template `{name}` needs `{param}`\n  help: give it as argument {}",
                    params.iter().position(|p| p == param).unwrap_or(0) + 1
                ),
            );
            return None;
        }
        slots.into_iter().collect()
    }

    /// What a template's parameter stands for. A value becomes a `let` at the beginning of its
    /// block.
    fn parameter(
        &mut self,
        param: &Ident,
        value: &Expr,
        statements: &mut Vec<graph::Statement>,
    ) -> Option<Binding> {
        if let ExprKind::Name(name) = &value.kind
            && let Some(&Binding::Instance(id)) = self.find(&name.to_string())
        {
            return Some(Binding::Instance(id));
        }
        match self.constant_or_word(value) {
            Ok(binding) => return Some(binding),
            Err(NotConstant::Poison) => {
                self.poisoned = true;
                return None;
            }
            Err(_) if matches!(value.kind, ExprKind::Tuple(_) | ExprKind::Closure(_)) => {
                return Some(Binding::Written(Box::new(value.clone())));
            }
            Err(_) => {}
        }
        match self.expr(value, Meant::default()) {
            Out::Values(ids, node) if ids.len() == 1 => {
                statements.push(graph::Statement { targets: vec![param.clone()], value: node });
                Some(Binding::Value(ids[0]))
            }
            Out::Instance(id) => Some(Binding::Instance(id)),
            Out::Values(..) | Out::Number(_) => {
                self.error(
                    value,
                    "one value is meant here\n  help: take several apart first: (a, b) = …;",
                );
                None
            }
            Out::Poison => None,
        }
    }

    /// What a template's parameter or a loop's name stands for, where that is a constant or a word
    /// such as `relu`.
    pub fn constant_or_word(&mut self, value: &Expr) -> Result<Binding, NotConstant> {
        let written = || Binding::Written(Box::new(value.clone()));
        if let ExprKind::Name(name) = &value.kind {
            return match self.find(&name.to_string()) {
                Some(binding @ (Binding::Constant(_) | Binding::Written(_))) => Ok(binding.clone()),
                Some(Binding::Poison) => Err(NotConstant::Poison),
                Some(Binding::Value(_) | Binding::Instance(_)) => Err(NotConstant::Other),
                None => match self.context.constants.get(&name.to_string()) {
                    Some(Constant::Poison) => Err(NotConstant::Poison),
                    Some(Constant::Opaque) | None => Ok(written()),
                    Some(constant) => Ok(Binding::Constant(constant.clone())),
                },
            };
        }
        Ok(match eval(value, self)? {
            // Arithmetic means the names of where it is written, also where it is used.
            Constant::Opaque if is_arithmetic(value) => {
                let tokens = self.written(&value.tokens);
                Binding::Written(Box::new(Expr { kind: ExprKind::Rust, tokens }))
            }
            Constant::Opaque | Constant::Str(_) => written(),
            constant => Binding::Constant(constant),
        })
    }
}

fn is_arithmetic(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Binary(..) | ExprKind::Neg(_) | ExprKind::Paren(_))
}
