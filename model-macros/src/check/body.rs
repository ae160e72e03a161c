//! Statements, scopes, loops, templates, and what a body returns.

use proc_macro2::Ident;

use super::expr::{Meant, Out};
use super::model::{Binding, Checker, NameWish, Output, ValueId};
use crate::ast::{Assign, Body, Expr, ExprKind, Statement};
use crate::graph::{self};
use crate::source;

impl Checker<'_, '_> {
    /// Checks a whole body: its statements, and what it returns.
    pub fn check_body(&mut self, body: &Body) -> (Vec<graph::Statement>, Vec<Output>) {
        let mut statements = Vec::new();
        self.statements(&body.statements, &mut statements);
        let outputs = self.outputs(body);
        (statements, outputs)
    }

    pub fn statements(&mut self, list: &[Statement], out: &mut Vec<graph::Statement>) {
        for statement in list {
            self.keep_written(statement);
            match statement {
                Statement::Assign(assign) => self.assign(assign, out),
                Statement::For(item) => self.for_loop(item, out),
                Statement::If(item) => self.condition(item, out),
                Statement::Expr(expr) if super::term::function(expr).is_some() => {
                    self.term(expr, out);
                }
                // With a line that could not be read, this may be a part of it.
                Statement::Expr(_) if self.damaged => self.poisoned = true,
                Statement::Expr(expr) => {
                    let help = match self.added(expr) {
                        Some(layer) => format!("call the layer on a value: `x = {layer}(x);`"),
                        None => "give it a name, `x = …;`, or take the line out".to_owned(),
                    };
                    let written = source::short(&expr.tokens);
                    let message = format!("the value of `{written}` goes nowhere\n  help: {help}");
                    self.error(expr, message);
                }
                Statement::Broken { names, .. } => {
                    self.poisoned = true;
                    names.iter().for_each(|name| self.bind(&name.to_string(), Binding::Poison));
                }
            }
        }
    }

    /// Notes the tokens of a statement.
    fn keep_written(&mut self, statement: &Statement) {
        let tokens = match statement {
            Statement::Assign(assign) => {
                let (targets, value) = (&assign.targets, &assign.value.tokens);
                quote::quote!(let (#(#targets),*) = #value;)
            }
            Statement::Broken { tokens, .. } => tokens.clone(),
            Statement::Expr(expr) => expr.tokens.clone(),
            Statement::For(_) | Statement::If(_) => return,
        };
        self.written.push(tokens);
    }

    fn assign(&mut self, assign: &Assign, out: &mut Vec<graph::Statement>) {
        let [target] = assign.targets.as_slice() else {
            self.assign_several(assign, out);
            return;
        };
        let instances = self.made;
        let meant = Meant { name: Some(target), outputs: assign.tuple.then_some(1), line: None };
        let result = self.expr(&assign.value, meant);
        let is_input = matches!(result, Out::Values(..)) && self.is_input_call(&assign.value);
        self.give_docs(assign, instances);
        match result {
            Out::Values(ids, node) if ids.len() == 1 => {
                if self.binds_instance(target) {
                    return;
                }
                self.bind_value(target, ids[0]);
                if !is_input {
                    out.push(graph::Statement { targets: vec![target.clone()], value: node });
                }
            }
            Out::Values(ids, _) => {
                let message = format!(
                    "this returns {} values, but `{target}` takes one\n  help: take them apart: \
                     ({}) = …;",
                    ids.len(),
                    (1..=ids.len()).map(|i| format!("{target}_{i}")).collect::<Vec<_>>().join(", ")
                );
                self.error(&assign.value, message);
                self.bind(&target.to_string(), Binding::Poison);
            }
            Out::Instance(id) => {
                if self.binds_instance(target) {
                    return;
                }
                if matches!(self.instances[id.0].name, NameWish::Auto) {
                    self.instances[id.0].name = NameWish::Instance(target.clone());
                }
                self.bind(&target.to_string(), Binding::Instance(id));
            }
            Out::Number(_) => {
                self.error(
                    &assign.value,
                    format!(
                        "`{target}` would be a number, not a value of the graph\n  help: write \
                         `const {}: f32 = …;` before the model",
                        target.to_string().to_uppercase()
                    ),
                );
                self.bind(&target.to_string(), Binding::Poison);
            }
            Out::Poison => {
                if !matches!(self.find(&target.to_string()), Some(Binding::Instance(_))) {
                    self.bind(&target.to_string(), Binding::Poison);
                }
            }
        }
    }

    fn is_input_call(&self, value: &Expr) -> bool {
        let ExprKind::Call(callee, _) = &value.kind else { return false };
        let ExprKind::Name(name) = &callee.kind else { return false };
        model_spec::find(&name.to_string())
            .is_some_and(|entry| entry.form == model_spec::Form::Input)
    }

    /// Doc comments of a statement go to the field that it makes.
    fn give_docs(&mut self, assign: &Assign, instances_before: usize) {
        if let Some(instance) = self.instances[instances_before..self.made].last_mut() {
            instance.docs.clone_from(&assign.docs);
        }
    }

    /// Records an error if the name is that of a layer, which keeps it.
    pub fn binds_instance(&mut self, target: &Ident) -> bool {
        let Some(Binding::Instance(_)) = self.find(&target.to_string()) else {
            let text = target.to_string();
            if self.context.constants.contains_key(&text) || self.generics.contains(&text) {
                self.context.errors.at(
                    target.span(),
                    format!(
                        "the name `{text}` is used twice: a constant has it\n  help: give one of \
                         them another name"
                    ),
                );
                self.bind(&text, Binding::Poison);
                return true;
            }
            return false;
        };
        self.context.errors.at(
            target.span(),
            format!(
                "`{target}` is the name of a layer and cannot be bound again\n  help: give this \
                 value another name"
            ),
        );
        true
    }

    pub fn bind_value(&mut self, target: &Ident, id: ValueId) {
        if target == "_" {
            return;
        }
        self.values[id.0].name = target.to_string();
        let key = format!("{}{target}", self.prefix);
        *self.bound.entry(key).or_default() += 1;
        self.bind(&target.to_string(), Binding::Value(id));
    }

    fn assign_several(&mut self, assign: &Assign, out: &mut Vec<graph::Statement>) {
        let poison = |checker: &mut Self| {
            assign.targets.iter().for_each(|name| checker.bind(&name.to_string(), Binding::Poison));
        };
        if let ExprKind::Tuple(items) = &assign.value.kind
            && items.len() == assign.targets.len()
        {
            let values: Vec<_> = items.iter().map(|item| self.one(item)).collect();
            for (target, value) in assign.targets.iter().zip(values) {
                match value {
                    Some((id, node)) if !self.binds_instance(target) => {
                        self.bind_value(target, id);
                        out.push(graph::Statement { targets: vec![target.clone()], value: node });
                    }
                    _ => self.bind(&target.to_string(), Binding::Poison),
                }
            }
            return;
        }
        let meant = Meant { name: None, outputs: Some(assign.targets.len()), line: None };
        match self.expr(&assign.value, meant) {
            Out::Values(ids, node) if ids.len() == assign.targets.len() => {
                for (target, id) in assign.targets.iter().zip(&ids) {
                    if self.binds_instance(target) {
                        return;
                    }
                    self.bind_value(target, *id);
                }
                out.push(graph::Statement { targets: assign.targets.clone(), value: node });
            }
            Out::Values(ids, _) => {
                let (wanted, got) = (assign.targets.len(), ids.len());
                let s = if got == 1 { "" } else { "s" };
                self.error(
                    &assign.value,
                    format!(
                        "{wanted} names stand on the left, but this returns {got} value{s}\n  \
                         help: write as many names as there are values"
                    ),
                );
                poison(self);
            }
            Out::Instance(id) => {
                self.not_called(&assign.value, id);
                poison(self);
            }
            Out::Number(_) => {
                self.error(
                    &assign.value,
                    "this is one number, not values of the graph\n  help: a value begins at an \
                     Input",
                );
                poison(self);
            }
            Out::Poison => poison(self),
        }
    }
}
