//! Loops and conditions: what is written out, and which names end where.

use std::collections::HashMap;

use super::model::{Binding, Checker};
use crate::ast::{Body, Expr, ExprKind, For, If, Statement};
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::{self};
use crate::source;

/// More turns than this in one model are a mistake.
const MOST_TURNS: usize = 10_000;

impl Checker<'_, '_> {
    pub fn for_loop(&mut self, item: &For, out: &mut Vec<graph::Statement>) {
        let Some(turns) = self.turns_of(&item.over) else {
            self.poison_body(&item.body);
            return;
        };
        for turn in turns {
            self.turns += 1;
            if self.turns > MOST_TURNS {
                self.error(
                    &item.over,
                    format!(
                        "the loops of this model have more than {MOST_TURNS} turns\n  help: each \
                         turn is written out; a model this deep is a mistake"
                    ),
                );
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
                self.error(
                    tail,
                    "the value at the end of a loop's body goes nowhere\n  help: bind it to a \
                     name from before the loop: x = …;",
                );
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
            self.error(
                over,
                "a loop runs over a range or a list that is constant\n  help: for example for i \
                 in 0..3, or for units in [64, 32]",
            );
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
            self.error(
                over,
                format!(
                    "the loops of this model have more than {MOST_TURNS} turns\n  help: each turn \
                     is written out; a model this deep is a mistake"
                ),
            );
            return None;
        }
        Some((start..end).map(Constant::Int).collect())
    }

    /// A constant that the macro must know, because it decides what the graph is.
    fn bound_of(&mut self, expr: &Expr) -> Option<Constant> {
        match eval(expr, self) {
            Ok(Constant::Opaque) | Err(NotConstant::Other) => {
                self.error(
                    expr,
                    format!(
                        "`{}` is no constant that the macro can see\n  help: write a number, or \
                         define it inside the macro: const N: usize = 3;",
                        source::short(&expr.tokens)
                    ),
                );
                None
            }
            Ok(value) => Some(value),
            Err(NotConstant::Impossible(sentence)) => {
                self.error(expr, sentence);
                None
            }
            Err(NotConstant::Poison) => {
                self.poisoned = true;
                None
            }
        }
    }

    pub fn condition(&mut self, item: &If, out: &mut Vec<graph::Statement>) {
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
            self.error(
                tail,
                "the value at the end of this block goes nowhere\n  help: bind it to a name from \
                 before the block: x = …;",
            );
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
}
