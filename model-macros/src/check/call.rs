//! Calls: of layers on values, of functions, of templates.

use model_spec::{Config, Entry, Form, Inputs, Outputs};
use proc_macro2::Ident;

use super::expr::{Meant, Out};
use super::model::{
    Binding, Checker, FirstCall, InstanceId, Kind, Layer, NameWish, ValueId, ValueInfo,
};
use super::shapes::Follows;
use crate::ast::{Argument, Expr, ExprKind};
use crate::graph::{self, CallStyle, Node, Static};
use crate::source;
use crate::suggest::nearest;

/// The values of a call, Rust for them, and its arguments with a name.
type Given = (Vec<ValueId>, Vec<Node>, Vec<(Ident, Expr)>);

impl Checker<'_, '_> {
    /// `callee(args)`: the call of an instance, function or template, or an instance that is being
    /// made.
    pub fn call(&mut self, expr: &Expr, callee: &Expr, args: &[Argument], meant: Meant<'_>) -> Out {
        if let ExprKind::Name(name) = &callee.kind {
            let text = name.to_string();
            match self.find(&text).cloned() {
                Some(Binding::Instance(id)) => return self.called(expr, id, args, meant),
                Some(Binding::Poison) => return Out::Poison,
                Some(Binding::Written(written)) => {
                    return self.hiding(&text, |this| this.call(expr, &written, args, meant));
                }
                Some(_) => {
                    self.error(
                        expr,
                        format!(
                            "`{text}` is a value, not a layer\n  help: a layer stands before the \
                             parentheses: Dense(64)({text})"
                        ),
                    );
                    return Out::Poison;
                }
                None => {}
            }
            if self.context.templates.contains_key(&text) {
                return self.template(expr, name, args);
            }
            // `where` is a keyword of Rust.
            if let Some(entry) = model_spec::find(text.trim_start_matches("r#")) {
                match entry.form {
                    Form::Function => {
                        return self.function(expr, name, entry, args, meant);
                    }
                    Form::Input => return self.input(expr, args, meant),
                    _ => {}
                }
            }
            return match self.instance(expr) {
                Some(id) => Out::Instance(id),
                None => Out::Poison,
            };
        }
        if matches!(callee.kind, ExprKind::Path(_)) {
            return match self.instance(expr) {
                Some(id) => Out::Instance(id),
                None => Out::Poison,
            };
        }
        match self.instance(callee) {
            Some(id) => self.called(expr, id, args, meant),
            None => {
                // The mistakes in what it is called on are the user's too.
                let values: Vec<Argument> =
                    args.iter().filter(|arg| arg.name.is_none()).cloned().collect();
                let _ = self.inputs_of(None, &values);
                Out::Poison
            }
        }
    }

    /// The values that a layer is called on: `f(x)`, `f(a, b)`, `f([a, b])`, or by the names that
    /// the layer has for them; and the options of the call.
    fn inputs_of(&mut self, layer: Option<&'static Entry>, args: &[Argument]) -> Option<Given> {
        let names = match layer.map(|entry| entry.inputs) {
            Some(Inputs::Between { names, .. }) => names,
            _ => &[],
        };
        let before = args.iter().take_while(|arg| arg.name.is_none()).count();
        let mut exprs: Vec<&Expr> =
            args[..before].iter().flat_map(|arg| listed(&arg.value)).collect();
        let positional = exprs.len();
        let mut named: Vec<Option<&Expr>> = names.iter().map(|_| None).collect();
        let mut options = Vec::new();
        let mut fine = true;
        for arg in &args[before..] {
            let Some(name) = &arg.name else {
                self.error(
                    &arg.value,
                    "a value without a name stands after one with a name\n  help: write it before",
                );
                fine = false;
                continue;
            };
            let text = name.to_string();
            let place = names.iter().position(|known| *known == text);
            let is_option =
                layer.is_some_and(|e| e.args.iter().any(|arg| arg.at_call && arg.name == text));
            match place {
                Some(place) if place >= positional && named[place].is_none() => {
                    named[place] = Some(&arg.value);
                }
                _ if is_option => options.push((name.clone(), arg.value.clone())),
                _ => {
                    let message = not_of_the_call(layer, names, &text, place.is_some());
                    self.context.errors.at(name.span(), message);
                    fine = false;
                }
            }
        }
        let last = named.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for place in positional..last {
            if let Some(expr) = named[place] {
                exprs.extend(listed(expr));
                continue;
            }
            let stands_in = layer.and_then(|entry| {
                entry.stands_in.iter().find(|stand_in| stand_in.missing == place)
            });
            // A name can stand twice; a layer would be made or called twice.
            match stands_in.and_then(|stand_in| exprs.get(stand_in.by).copied()) {
                Some(expr) if matches!(expr.kind, ExprKind::Name(_)) => exprs.push(expr),
                _ => {
                    let (given, missing) = (names[last - 1], names[place]);
                    let message = format!(
                        "`{given}` is given, but not `{missing}`, which stands before it\n  \
                         help: give both"
                    );
                    self.error(named[last - 1].unwrap_or(&args[0].value), message);
                    fine = false;
                }
            }
        }
        let mut ids = Vec::new();
        let mut nodes = Vec::new();
        for expr in exprs {
            match self.one(expr) {
                Some((id, node)) => {
                    ids.push(id);
                    nodes.push(node);
                }
                None => fine = false,
            }
        }
        fine.then_some((ids, nodes, options))
    }

    /// An instance called on values.
    fn called(&mut self, expr: &Expr, id: InstanceId, args: &[Argument], meant: Meant<'_>) -> Out {
        let entry = match &self.instances[id.0].kind {
            Kind::Layer(layer) => Some(layer.entry),
            _ => None,
        };
        let Some((ids, nodes, options)) = self.inputs_of(entry, args) else {
            self.mark_called(id);
            return Out::Poison;
        };
        let mut kind = self.instances[id.0].kind.clone();
        if let Kind::Layer(layer) = &mut kind
            && !self.options(layer, &options)
        {
            self.mark_called(id);
            return Out::Poison;
        }
        self.call_instance(expr, id, kind, ids, nodes, meant)
    }

    /// The options of a call, put at their places among the arguments.
    fn options(&mut self, layer: &mut Layer, options: &[(Ident, Expr)]) -> bool {
        let first = layer.entry.args.len() - layer.call.len();
        let mut fine = true;
        for (name, value) in options {
            let place = layer.entry.args.iter().position(|arg| name == arg.name);
            let Some(place) = place.filter(|place| *place >= first) else { continue };
            match self.argument(layer.entry, &layer.entry.args[place], value, true) {
                Some(given) => {
                    layer.config[place] = given.config;
                    layer.call[place - first] = given.rust;
                }
                None => fine = false,
            }
        }
        fine
    }

    /// An instance whose call has an error is not also one that was never called.
    fn mark_called(&mut self, id: InstanceId) {
        self.instances[id.0].name =
            match std::mem::replace(&mut self.instances[id.0].name, NameWish::Auto) {
                NameWish::Value(_) => NameWish::Auto,
                other => other,
            };
    }

    fn call_instance(
        &mut self,
        expr: &Expr,
        id: InstanceId,
        kind: Kind,
        ids: Vec<ValueId>,
        nodes: Vec<Node>,
        meant: Meant<'_>,
    ) -> Out {
        let line = meant.line.unwrap_or_else(|| expr.first().start().line);
        if let Kind::Chain(layers) = kind {
            return self.call_chain(expr, id, &layers, ids, nodes, meant);
        }
        if let (NameWish::Auto, Some(name)) = (&self.instances[id.0].name, meant.name)
            && self.instances[id.0].first.is_none()
        {
            self.instances[id.0].name = NameWish::Value(name.clone());
        }
        let Some(kind) = self.with_output_shape(expr, kind, &ids) else { return Out::Poison };
        let shapes: Vec<Static> = ids.iter().map(|id| self.values[id.0].shape).collect();
        // A container that is walked again is written once.
        if self.made >= self.instances.len() {
            self.instances[id.0].lines.push(line);
            self.warn_of_same(expr, id, &kind, &ids, line);
        }
        if self.instances[id.0].first.is_some() && !self.shares(expr, id, &kind, &ids) {
            return Out::Poison;
        }
        let outputs = self.outputs_of(expr, &kind, &ids, meant);
        self.note_call(id, &kind, &ids, &outputs, meant);
        if self.instances[id.0].first.is_none() {
            let operands = self.operands(&ids);
            self.instances[id.0].first =
                Some(FirstCall { inputs: shapes, outputs: outputs.clone(), operands, line });
        }
        if outputs.contains(&Static::Poison) {
            return Out::Poison;
        }
        let results = self.results(expr, id, &ids, &outputs, line);
        let node = Node::Call {
            field: id.0,
            style: style(&kind),
            inputs: nodes,
            args: if let Kind::Layer(layer) = &kind { layer.call.clone() } else { Vec::new() },
            take: takes(&kind).then_some(outputs.len()),
            within: self.has_terms_inside(&kind),
            place: expr.place(),
        };
        Out::Values(results, node)
    }

    /// Whether a layer of this kind adds to the loss or measures something under names of its own.
    fn has_terms_inside(&mut self, kind: &Kind) -> bool {
        let inside = match kind {
            Kind::Container(index) => self.containers[*index].has_terms(),
            Kind::Model(name) => self.context.signatures.get(name).is_some_and(|s| s.has_terms),
            Kind::Layer(layer) => match layer.inner {
                Some(inner) => self.has_terms_inside(&self.instances[inner.0].kind.clone()),
                None => false,
            },
            Kind::Foreign { .. } | Kind::Chain(_) => false,
        };
        self.has_terms |= inside;
        inside
    }

    /// The shapes that come out of a call.
    pub fn outputs_of(
        &mut self,
        expr: &Expr,
        kind: &Kind,
        ids: &[ValueId],
        meant: Meant<'_>,
    ) -> Vec<Static> {
        match kind {
            Kind::Layer(layer) => match (layer.inner, layer.entry.wraps) {
                (Some(inner), Some(wraps)) => self.wrapped(expr, layer, inner, wraps, ids, meant),
                _ => {
                    let count = layer.entry.output_count(&Config::new(&layer.config_or_unset()));
                    self.shapes(&expr.tokens, &Follows::Entry(layer, count), ids)
                }
            },
            Kind::Model(name) => self.shapes(&expr.tokens, &Follows::Model(name), ids),
            Kind::Foreign { path, args } => {
                let outputs = meant.outputs.unwrap_or(1);
                self.shapes(&expr.tokens, &Follows::Foreign { path, args, outputs }, ids)
            }
            Kind::Container(index) => self.contained(expr, *index, ids),
            Kind::Chain(_) => vec![Static::Poison],
        }
    }

    /// The values that a call returns.
    fn results(
        &mut self,
        expr: &Expr,
        id: InstanceId,
        ids: &[ValueId],
        outputs: &[Static],
        line: usize,
    ) -> Vec<ValueId> {
        let reached = ids.iter().any(|id| self.values[id.0].reached);
        let origin = format!("from {}, line {line}", self.instances[id.0].source);
        let call = self.calls.len() - 1;
        outputs
            .iter()
            .enumerate()
            .map(|(output, &shape)| {
                let (name, origin) = (source::short(&expr.tokens), origin.clone());
                self.value(ValueInfo {
                    name,
                    shape,
                    origin,
                    reached,
                    source: graph::Source::Call(call, output),
                    input: None,
                })
            })
            .collect()
    }

    fn call_chain(
        &mut self,
        expr: &Expr,
        id: InstanceId,
        layers: &[(InstanceId, Expr)],
        mut ids: Vec<ValueId>,
        mut nodes: Vec<Node>,
        meant: Meant<'_>,
    ) -> Out {
        let line = meant.line.unwrap_or_else(|| expr.first().start().line);
        let inputs: Vec<Static> = ids.iter().map(|id| self.values[id.0].shape).collect();
        let operands = self.operands(&ids);
        for (index, (layer, written)) in layers.iter().enumerate() {
            let last = index + 1 == layers.len();
            let outputs = if last { meant.outputs } else { None };
            let meant = Meant { name: None, outputs, line: Some(line) };
            let kind = self.instances[layer.0].kind.clone();
            match self.call_instance(written, *layer, kind, ids, nodes, meant) {
                Out::Values(values, node) => {
                    ids = values;
                    let name = if last { &expr.tokens } else { &written.tokens };
                    let name = source::short(name) + if last { "" } else { "(…)" };
                    ids.iter().for_each(|id| self.values[id.0].name.clone_from(&name));
                    nodes = vec![node];
                }
                other => {
                    self.instances[id.0].first.get_or_insert(FirstCall {
                        inputs,
                        outputs: Vec::new(),
                        operands,
                        line,
                    });
                    return other;
                }
            }
        }
        let outputs = ids.iter().map(|id| self.values[id.0].shape).collect();
        self.instances[id.0].first.get_or_insert(FirstCall { inputs, outputs, operands, line });
        match nodes.pop() {
            Some(node) => Out::Values(ids, node),
            None => Out::Poison,
        }
    }
}

/// The values of a list, or the one that is written.
pub(super) fn listed(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::List(items) => items.iter().collect(),
        _ => vec![expr],
    }
}

/// How a field of this kind is called.
fn style(kind: &Kind) -> CallStyle {
    match kind {
        Kind::Layer(layer) => match layer.entry.inputs {
            Inputs::Exactly(_) => CallStyle::Values,
            Inputs::AtLeast(_) | Inputs::Between { .. } => CallStyle::List,
        },
        _ => CallStyle::Trait,
    }
}

/// Whether such a field returns a list, from which the values are taken.
fn takes(kind: &Kind) -> bool {
    match kind {
        Kind::Layer(layer) => matches!(layer.entry.outputs, Outputs::Several(_)),
        _ => true,
    }
}

/// The message for a name that is none of the call's.
fn not_of_the_call(layer: Option<&Entry>, names: &[&str], name: &str, is_given: bool) -> String {
    if is_given {
        return format!("`{name}` is given twice\n  help: take one of them out");
    }
    let made = |entry: &&Entry| entry.args.iter().any(|arg| !arg.at_call && arg.name == name);
    let example = layer.map_or("Dense", |entry| entry.name);
    if layer.is_none() || layer.is_some_and(|entry| made(&entry)) {
        return format!(
            "`{name}` is given where the layer is called on values\n  help: options belong to the \
             first parentheses: {example}(…, {name} = …)(x)"
        );
    }
    let options = layer.map_or(&[] as &[model_spec::Arg], |entry| entry.args);
    let options = options.iter().filter(|arg| arg.at_call).map(|arg| arg.name);
    let known: Vec<&str> = names.iter().copied().chain(options).collect();
    let help = match nearest(name, known.iter().copied()) {
        _ if name == "training" => "whether a step trains follows from fit and predict".to_owned(),
        _ if name == "mask" => "a mask travels with its value; leave it out".to_owned(),
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("a call of {example} takes nothing but values"),
        None => format!("a call of {example} takes {}", known.join(", ")),
    };
    format!("{example} has no `{name}`\n  help: {help}")
}
