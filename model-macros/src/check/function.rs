//! Functions of values, and what all computed values have in common.

use model_spec::functions::array;
use model_spec::{ArgKind, Config, Entry, Inputs, Outputs};
use proc_macro2::Ident;

use super::expr::{Meant, Out};
use super::model::{Checker, ValueId, ValueInfo};
use super::shapes::Follows;
use crate::ast::{Argument, Expr, ExprKind};
use crate::eval::{Constant, eval};
use crate::graph::{Call, Callee, Node, Parameters, Source, Static};
use crate::source;

impl Checker<'_, '_> {
    /// A function of values: `clip(x, 0, 1)`, `concatenate([a, b], axis = 1)`.
    pub fn function(
        &mut self,
        expr: &Expr,
        name: &Ident,
        entry: &'static Entry,
        args: &[Argument],
        meant: Meant<'_>,
    ) -> Out {
        // A text may stand in front of the values, or behind them.
        let takes_text = entry.args.iter().any(|arg| matches!(arg.kind, ArgKind::Text));
        let is_text = |arg: &Argument| takes_text && matches!(arg.value.kind, ExprKind::Str(_));
        let is_value = |arg: &&Argument| arg.name.is_none() && !is_text(arg);
        let texts = args.iter().take_while(|arg| is_text(arg)).count();
        let positional = args[texts..].iter().take_while(is_value).count();
        let mut sorted = args.to_vec();
        sorted[..texts + positional].rotate_left(texts);
        let args = sorted.as_slice();
        let (values, rest): (Vec<&Expr>, &[Argument]) = match (entry.inputs, args.first()) {
            (Inputs::AtLeast(_) | Inputs::Between { .. }, Some(Argument { name: None, value })) => {
                match &value.kind {
                    ExprKind::List(items) => (items.iter().collect(), &args[1..]),
                    _ => (
                        args[..positional].iter().map(|arg| &arg.value).collect(),
                        &args[positional..],
                    ),
                }
            }
            (Inputs::Exactly(count), _) => {
                let count = count.min(positional);
                (args[..count].iter().map(|arg| &arg.value).collect(), &args[count..])
            }
            (Inputs::AtLeast(_) | Inputs::Between { .. }, _) => (Vec::new(), args),
        };
        // All are looked at, so that all of their mistakes are said at once.
        let found: Vec<_> = values.iter().map(|value| self.given(value)).collect();
        let Some(found) = found.into_iter().collect::<Option<Vec<_>>>() else {
            return Out::Poison;
        };
        let (ids, nodes): (Vec<ValueId>, Vec<Node>) = found.into_iter().unzip();
        let Some(layer) = self.arguments(expr, entry, rest) else { return Out::Poison };
        let known = layer.0.known_config();
        let count = known.map(|config| entry.output_count(&Config::new(&config)));
        let outputs = count.or(meant.outputs).unwrap_or(1);
        let shapes = self.shapes(&expr.tokens, &Follows::Entry(&layer.0, outputs), &ids);
        let results = self.noted(expr, Callee::Function(entry.name), &shapes, &ids);
        if shapes.contains(&Static::Poison) {
            return Out::Poison;
        }
        let take = matches!(entry.outputs, Outputs::Several(_)).then_some(shapes.len());
        let (args, place) = (layer.0.new.clone(), expr.place());
        let node = Node::Function { entry, name: name.clone(), inputs: nodes, args, take, place };
        Out::Values(results, node)
    }

    /// Whether it is a number, of the macro or of Rust.
    pub fn is_number(&self, item: &Expr) -> bool {
        matches!(item.kind, ExprKind::Rust)
            || matches!(eval(item, self), Ok(Constant::Int(_) | Constant::Float(_)))
    }

    /// Whether there is a number among these: then numbers are meant.
    pub fn has_numbers(&self, items: &[Expr]) -> bool {
        items.iter().any(|item| self.is_number(item))
    }

    pub fn is_list_of_numbers(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::List(items) if self.has_numbers(items))
    }

    /// A list of numbers where a value is meant.
    pub fn array(&mut self, list: &Expr, items: &[Expr], meant: Meant<'_>) -> Out {
        if let Some(other) = items.iter().find(|item| !self.is_number(item)) {
            let written = source::short(&other.tokens);
            let may_be_rust = match &other.kind {
                ExprKind::Name(name) => self.find(&name.to_string()).is_none(),
                other => matches!(other, ExprKind::Path(_)),
            };
            let help = match may_be_rust {
                true => format!("a number of Rust is written in braces, `{{{written}}}`"),
                false => "values are put together by concatenate([a, b])".to_owned(),
            };
            let message =
                format!("`{written}` stands in a list of numbers, but is none\n  help: {help}");
            self.error(other, message);
            return Out::Poison;
        }
        let (entry, numbers) = (&array::ENTRY, Argument { name: None, value: list.clone() });
        self.function(list, &Ident::new(entry.name, list.first()), entry, &[numbers], meant)
    }

    /// What a function is given: a value, or a number in its place; `None` after an error.
    fn given(&mut self, value: &Expr) -> Option<(ValueId, Node)> {
        match self.expr(value, Meant::default()) {
            Out::Values(found, node) => self.single(value, &found).map(|id| (id, node)),
            Out::Number(node) => Some((self.scalar(value), Node::Scalar(Box::new(node)))),
            Out::Instance(id) => {
                self.not_called(value, id);
                None
            }
            Out::Poison => None,
        }
    }

    /// A number where a value is meant.
    fn scalar(&mut self, expr: &Expr) -> ValueId {
        let value = model_spec::Value::float(&[]);
        self.derived(expr, Static::Known(value), &[])
    }

    /// A value computed from others, without a layer, by an operator of this name.
    pub fn computed(
        &mut self,
        expr: &Expr,
        operator: &'static str,
        follows: &Follows<'_>,
        inputs: &[ValueId],
        node: Node,
    ) -> Out {
        let shapes = self.shapes(&expr.tokens, follows, inputs);
        let results = self.noted(expr, Callee::Function(operator), &shapes, inputs);
        if shapes.contains(&Static::Poison) { Out::Poison } else { Out::Values(results, node) }
    }

    /// What made these values.
    pub fn sources(&self, values: &[ValueId]) -> Vec<Source> {
        values.iter().map(|id| self.values[id.0].source).collect()
    }

    /// Notes the call of a function for the graph as data, and adds the values that it makes.
    pub fn noted(
        &mut self,
        expr: &Expr,
        callee: Callee,
        outputs: &[Static],
        inputs: &[ValueId],
    ) -> Vec<ValueId> {
        self.calls.push(Call {
            callee,
            inputs: self.sources(inputs),
            outputs: outputs.to_vec(),
            parameters: Parameters::Known(0),
            target: None,
        });
        let call = self.calls.len() - 1;
        let result = |(output, &shape)| {
            let id = self.derived(expr, shape, inputs);
            self.values[id.0].source = Source::Call(call, output);
            id
        };
        outputs.iter().enumerate().map(result).collect()
    }

    /// Adds a value that this expression makes from others.
    pub fn derived(&mut self, expr: &Expr, shape: Static, inputs: &[ValueId]) -> ValueId {
        let name = source::short(&expr.tokens);
        let origin = format!("line {}", expr.first().start().line);
        let reached = inputs.iter().any(|id| self.values[id.0].reached);
        self.value(ValueInfo { name, shape, origin, reached, source: Source::Nothing, input: None })
    }
}
