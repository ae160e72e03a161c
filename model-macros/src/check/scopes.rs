//! Loops and conditions: what is written out, and which names end where.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::model::{Binding, Checker};
use crate::ast::{Body, Expr, ExprKind, For, If, Statement};
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::{self};
use crate::source;

/// More turns than this in one model are a mistake.
const MOST_TURNS: usize = 10_000;

impl Checker<'_, '_> {
    pub fn for_loop(&mut self, item: &For, out: &mut Vec<graph::Statement>) {
        let Some(turns) = self.turns_of(item) else {
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
            let names = item.targets.iter().map(Ident::to_string).zip(turn);
            self.scopes.push(names.filter(|(name, _)| name != "_").collect());
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

    /// What each of a loop's names stands for in each turn.
    fn turns_of(&mut self, item: &For) -> Option<Vec<Vec<Binding>>> {
        let over = &item.over;
        if let ExprKind::List(turns) | ExprKind::Tuple(turns) = &over.kind {
            return turns.iter().map(|turn| self.turn(item, turn)).collect();
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
        if item.tuple {
            let help = "write a list: for (a, b) in [(1, 2), (3, 4)]";
            self.other_count(item, over, "one number in each turn", help);
            return None;
        }
        Some((start..end).map(|turn| vec![Binding::Constant(Constant::Int(turn))]).collect())
    }

    /// What the names stand for in one turn.
    fn turn(&mut self, item: &For, turn: &Expr) -> Option<Vec<Binding>> {
        match (&turn.kind, item.tuple) {
            (ExprKind::Tuple(parts), true) if parts.len() == item.targets.len() => {
                parts.iter().map(|part| self.item_of(part)).collect()
            }
            (ExprKind::Tuple(parts), _) => {
                let is = format!("a tuple of {}", parts.len());
                self.other_count(item, turn, &is, "for (a, b) in [(1, 2), (3, 4)]");
                None
            }
            (_, true) => {
                self.other_count(item, turn, "one constant", "write each turn as a tuple: (1, 2)");
                None
            }
            (_, false) => Some(vec![self.item_of(turn)?]),
        }
    }

    /// A constant or a word in the list of a loop.
    fn item_of(&mut self, expr: &Expr) -> Option<Binding> {
        match self.constant_or_word(expr) {
            Ok(binding) => return Some(binding),
            Err(NotConstant::Impossible(sentence)) => self.error(expr, sentence),
            Err(NotConstant::Poison) => self.poisoned = true,
            Err(NotConstant::Other) => {
                let message = format!(
                    "`{}` is no constant\n  help: a loop runs over numbers and words, such as [64, \
                     32] or [relu, tanh]",
                    source::short(&expr.tokens)
                );
                self.error(expr, message);
            }
        }
        None
    }

    /// A turn that gives another number of constants than the loop has names.
    fn other_count(&mut self, item: &For, turn: &Expr, is: &str, help: &str) {
        let names: Vec<String> = item.targets.iter().map(Ident::to_string).collect();
        let names = names.join(", ");
        let binds = if item.tuple { format!("({names})") } else { names };
        self.error(
            turn,
            format!(
                "`{}` is {is}, but this `for` binds `{binds}`\n  help: {help}",
                source::short(&turn.tokens)
            ),
        );
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
