//! Statements, scopes, loops, templates, and what a body returns.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use super::expr::{Meant, Out};
use super::model::{Binding, Checker, NameWish, Output, ValueId};
use crate::ast::{Argument, Assign, Body, Expr, ExprKind, For, If, Statement};
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::{self, Node};
use crate::source;

/// More turns than this in one model are a mistake.
const MOST_TURNS: usize = 10_000;

impl Checker<'_, '_> {
    /// Checks a whole body: its statements, and what it returns.
    pub fn check_body(&mut self, body: &Body) -> (Vec<graph::Statement>, Vec<Output>) {
        let mut statements = Vec::new();
        self.statements(&body.statements, &mut statements);
        let outputs = self.outputs(body);
        (statements, outputs)
    }

    fn statements(&mut self, list: &[Statement], out: &mut Vec<graph::Statement>) {
        for statement in list {
            self.keep_written(statement);
            match statement {
                Statement::Assign(assign) => self.assign(assign, out),
                Statement::For(item) => self.for_loop(item, out),
                Statement::If(item) => self.condition(item, out),
                Statement::Expr(expr) => {
                    let message = format!(
                        "the value of `{}` goes nowhere\n  help: give it a name, `x = …;`, or take the line out",
                        source::short(&expr.tokens)
                    );
                    self.error(expr, message);
                }
                Statement::Broken { names, .. } => {
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
        let instances = self.instances.len();
        let meant = Meant { name: Some(target), outputs: assign.tuple.then_some(1) };
        let result = self.expr(&assign.value, meant);
        let is_input = matches!(&result, Out::Values(ids, _) if self.values[ids[0].0].input.is_some() && self.is_input_call(&assign.value));
        self.give_docs(assign, instances);
        match result {
            Out::Values(ids, node) if ids.len() == 1 => {
                if self.binds_instance(target) {
                    return;
                }
                if !is_input {
                    self.values[ids[0].0].name = target.to_string();
                }
                self.bind_value(target, ids[0]);
                if !is_input {
                    out.push(graph::Statement { targets: vec![target.clone()], value: node });
                }
            }
            Out::Values(ids, _) => {
                let message = format!(
                    "this returns {} values, but `{target}` takes one\n  help: take them apart: ({}) = …;",
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
                self.error(&assign.value, format!("`{target}` would be a number, not a value of the graph\n  help: write `const {}: f32 = …;` before the model", target.to_string().to_uppercase()));
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
        if let Some(instance) = self.instances[instances_before..].last_mut() {
            instance.docs.clone_from(&assign.docs);
        }
    }

    /// Records an error if the name is that of a layer, which keeps it.
    fn binds_instance(&mut self, target: &Ident) -> bool {
        let Some(Binding::Instance(_)) = self.find(&target.to_string()) else {
            let text = target.to_string();
            if self.context.constants.contains_key(&text) || self.generics.contains(&text) {
                self.context.errors.at(target.span(), format!("the name `{text}` is used twice: a constant has it\n  help: give one of them another name"));
                return true;
            }
            return false;
        };
        self.context.errors.at(
            target.span(),
            format!("`{target}` is the name of a layer and cannot be bound again\n  help: give this value another name"),
        );
        true
    }

    fn bind_value(&mut self, target: &Ident, id: ValueId) {
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
                        self.values[id.0].name = target.to_string();
                        self.bind_value(target, id);
                        out.push(graph::Statement { targets: vec![target.clone()], value: node });
                    }
                    _ => self.bind(&target.to_string(), Binding::Poison),
                }
            }
            return;
        }
        let meant = Meant { name: None, outputs: Some(assign.targets.len()) };
        match self.expr(&assign.value, meant) {
            Out::Values(ids, node) if ids.len() == assign.targets.len() => {
                for (target, id) in assign.targets.iter().zip(&ids) {
                    if self.binds_instance(target) {
                        return;
                    }
                    self.values[id.0].name = target.to_string();
                    self.bind_value(target, *id);
                }
                out.push(graph::Statement { targets: assign.targets.clone(), value: node });
            }
            Out::Values(ids, _) => {
                let (wanted, got) = (assign.targets.len(), ids.len());
                let s = if got == 1 { "" } else { "s" };
                self.error(&assign.value, format!("{wanted} names stand on the left, but this returns {got} value{s}\n  help: write as many names as there are values"));
                poison(self);
            }
            Out::Instance(id) => {
                self.not_called(&assign.value, id);
                poison(self);
            }
            Out::Number(_) => {
                self.error(&assign.value, "this is one number, not values of the graph\n  help: a value begins at an Input");
                poison(self);
            }
            Out::Poison => poison(self),
        }
    }

    fn for_loop(&mut self, item: &For, out: &mut Vec<graph::Statement>) {
        let Some(turns) = self.turns_of(&item.over) else {
            self.poison_body(&item.body);
            return;
        };
        for turn in turns {
            self.turns += 1;
            if self.turns > MOST_TURNS {
                self.error(&item.over, format!("the loops of this model have more than {MOST_TURNS} turns\n  help: each turn is written out; a model this deep is a mistake"));
                return;
            }
            let errors = self.context.errors.len();
            self.scopes.push(HashMap::new());
            if let Some(variable) = &item.variable {
                self.scopes
                    .last_mut()
                    .expect("a scope was pushed")
                    .insert(variable.to_string(), Binding::Constant(turn));
            }
            self.statements(&item.body.statements, out);
            if let Some(tail) = &item.body.tail {
                self.error(tail, "the value at the end of a loop's body goes nowhere\n  help: bind it to a name from before the loop: x = …;");
            }
            self.scopes.pop();
            if self.context.errors.len() != errors {
                // The next turns would only say the same.
                self.poison_body(&item.body);
                return;
            }
        }
    }

    /// The values of a loop's variable.
    fn turns_of(&mut self, over: &Expr) -> Option<Vec<Constant>> {
        if let ExprKind::List(items) | ExprKind::Tuple(items) = &over.kind {
            return items.iter().map(|item| self.bound_of(item)).collect();
        }
        let ExprKind::Range(Some(start), Some(end), inclusive) = &over.kind else {
            self.error(over, "a loop runs over a range or a list that is constant\n  help: for example for i in 0..3, or for units in [64, 32]");
            return None;
        };
        let (start, end) = (self.bound_of(start)?, self.bound_of(end)?);
        let (Constant::Int(start), Constant::Int(end)) = (start, end) else {
            self.error(
                over,
                "a loop's bounds are whole numbers\n  help: for example for i in 0..3",
            );
            return None;
        };
        let end = if *inclusive { end.saturating_add(1) } else { end };
        if end.saturating_sub(start) > MOST_TURNS as i64 {
            self.error(over, format!("the loops of this model have more than {MOST_TURNS} turns\n  help: each turn is written out; a model this deep is a mistake"));
            return None;
        }
        Some((start..end).map(Constant::Int).collect())
    }

    /// A constant that the macro must know, because it decides what the graph is.
    fn bound_of(&mut self, expr: &Expr) -> Option<Constant> {
        match eval(expr, self) {
            Ok(Constant::Opaque) | Err(NotConstant::Other) => {
                self.error(expr, format!("`{}` is no constant that the macro can see\n  help: write a number, or define it inside the macro: const N: usize = 3;", source::short(&expr.tokens)));
                None
            }
            Ok(value) => Some(value),
            Err(NotConstant::Impossible(sentence)) => {
                self.error(expr, sentence);
                None
            }
        }
    }

    fn condition(&mut self, item: &If, out: &mut Vec<graph::Statement>) {
        let chosen = match self.bound_of(&item.condition) {
            Some(Constant::Bool(true)) => Some(&item.then),
            Some(Constant::Bool(false)) => item.otherwise.as_ref(),
            Some(_) => {
                self.error(
                    &item.condition,
                    "a condition is true or false\n  help: for example if N > 3 { … }",
                );
                self.poison_body(&item.then);
                return;
            }
            None => {
                self.poison_body(&item.then);
                return;
            }
        };
        let Some(body) = chosen else { return };
        self.scopes.push(HashMap::new());
        self.statements(&body.statements, out);
        if let Some(tail) = &body.tail {
            self.error(tail, "the value at the end of this block goes nowhere\n  help: bind it to a name from before the block: x = …;");
        }
        self.scopes.pop();
    }

    /// What a body would have bound is unknown after an error in it.
    fn poison_body(&mut self, body: &Body) {
        for statement in &body.statements {
            if let Statement::Assign(assign) = statement {
                assign.targets.iter().for_each(|name| {
                    let name = name.to_string();
                    if !matches!(self.find(&name), Some(Binding::Instance(_))) {
                        self.bind(&name, Binding::Poison);
                    }
                });
            }
        }
    }

    /// `block(x, 16)`: the template's body, with its own names.
    pub fn template(&mut self, expr: &Expr, name: &Ident, args: &[Argument]) -> Out {
        let text = name.to_string();
        let template = self.context.templates[&text].clone();
        if self.templates.contains(&text) {
            self.error(expr, format!("the template `{text}` calls itself\n  help: a template is written out at every call; use a `for` loop"));
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
        self.statements(&template.body.statements, &mut statements);
        let outputs = self.outputs(&template.body);
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

    /// What a template's parameter stands for. A value becomes a `let` at the beginning of its block.
    fn parameter(
        &mut self,
        param: &Ident,
        value: &Expr,
        statements: &mut Vec<graph::Statement>,
    ) -> Option<Binding> {
        if let ExprKind::Name(name) = &value.kind {
            match self.find(&name.to_string()) {
                Some(Binding::Instance(id)) => return Some(Binding::Instance(*id)),
                Some(Binding::Constant(constant)) => {
                    return Some(Binding::Constant(constant.clone()));
                }
                Some(Binding::Written(written)) => return Some(Binding::Written(written.clone())),
                Some(Binding::Poison) => return None,
                Some(Binding::Value(_)) => {}
                // A constant, or a word such as `relu`.
                None => {
                    return Some(match self.context.constants.get(&name.to_string()) {
                        Some(constant) if *constant != Constant::Opaque => {
                            Binding::Constant(constant.clone())
                        }
                        _ => Binding::Written(Box::new(value.clone())),
                    });
                }
            }
        } else if let Ok(constant) = eval(value, self) {
            return Some(match constant {
                Constant::Opaque | Constant::Str(_) => Binding::Written(Box::new(value.clone())),
                constant => Binding::Constant(constant),
            });
        } else if matches!(value.kind, ExprKind::Tuple(_) | ExprKind::Closure(_)) {
            return Some(Binding::Written(Box::new(value.clone())));
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

    /// What a body returns: its last expression, or the value that its last statement binds.
    fn outputs(&mut self, body: &Body) -> Vec<Output> {
        let outputs = match &body.tail {
            Some(tail) => self.tail(tail),
            None => self.last_bound(body),
        };
        let mut seen: Vec<String> = Vec::new();
        for output in &outputs {
            let name = output.name.to_string();
            if seen.contains(&name) {
                self.context.errors.at(
                    output.name.span(),
                    format!("the output `{name}` is there twice\n  help: give one of them another name: (a = …, b = …)"),
                );
            }
            seen.push(name);
        }
        outputs
    }

    fn tail(&mut self, tail: &Expr) -> Vec<Output> {
        match &tail.kind {
            ExprKind::Tuple(items) => {
                if items.is_empty() {
                    self.error(
                        tail,
                        "this model returns nothing\n  help: end with the value to return",
                    );
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
            ExprKind::Named(name, value) => (name.clone(), &**value),
            ExprKind::Name(name) => (name.clone(), expr),
            _ => {
                let name = index.map_or("output".to_owned(), |index| format!("output_{index}"));
                (Ident::new(&name, span), expr)
            }
        };
        match self.expr(value, Meant { name: Some(&name), outputs: None }) {
            Out::Values(ids, node) if ids.len() == 1 => Output { name, value: Some(ids[0]), node },
            other => {
                match other {
                    Out::Values(ids, _) => {
                        self.error(value, format!("this returns {} values, but one is meant\n  help: take them apart first: (a, b) = …;", ids.len()));
                    }
                    Out::Number(_) => {
                        self.error(value, "the output is a constant\n  help: return a value that an Input leads to");
                    }
                    Out::Instance(id) => self.not_called(value, id),
                    Out::Poison => {}
                }
                Output { node: Node::Name(name.clone()), name, value: None }
            }
        }
    }

    fn last_bound(&mut self, body: &Body) -> Vec<Output> {
        let name = match body.statements.last() {
            Some(Statement::Assign(assign)) => assign.targets.last().cloned(),
            Some(Statement::For(item)) => return self.no_output(item.span, "a body that ends with a loop does not say what it returns\n  help: write the value after the loop, without a `;`"),
            Some(Statement::If(item)) => return self.no_output(item.span, "a body that ends with an `if` does not say what it returns\n  help: write the value after it, without a `;`"),
            Some(Statement::Broken { .. } | Statement::Expr(_)) => return Vec::new(),
            None => return self.no_output(body.span, "this model is empty\n  help: for example inputs = Input(784); outputs = Dense(10)(inputs);"),
        };
        let Some(name) = name else { return Vec::new() };
        match self.find(&name.to_string()).cloned() {
            Some(Binding::Value(id)) => vec![Output { node: Node::Name(name.clone()), name, value: Some(id) }],
            Some(Binding::Instance(_)) if !self.is_clean() => Vec::new(),
            Some(Binding::Instance(_)) => self.no_output(
                name.span(),
                "the last line makes a layer, so the model does not say what it returns\n  help: call the layer on a value, or write the value to return at the end",
            ),
            _ => vec![Output { node: Node::Name(name.clone()), name, value: None }],
        }
    }

    fn no_output(&mut self, span: Span, message: &str) -> Vec<Output> {
        self.context.errors.at(span, message);
        Vec::new()
    }
}
