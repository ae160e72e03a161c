//! Layers around other ones: `Bidirectional(LSTM(64))`, `TimeDistributed(Dense(10))`.

use model_spec::{Config, Entry, Form, Weights, Wraps};

use super::expr::Meant;
use super::known;
use super::model::{
    Binding, Checker, FirstCall, Instance, InstanceId, Kind, Layer, NameWish, ValueId, ValueInfo,
};
use super::shapes::Follows;
use crate::ast::{Expr, ExprKind};
use crate::graph::{Parameters, Rule, Static};
use crate::suggest::nearest;

impl Checker<'_, '_> {
    /// The layer that is given to another one.
    pub fn inner_layer(&mut self, entry: &'static Entry, value: &Expr) -> Option<InstanceId> {
        let made = self.made;
        let id = match chain(value) {
            Some(items) if !self.are_made_here(entry, items) => return None,
            Some(items) if self.is_list_of_values(value, items) => return None,
            Some(_) => self.chain_as_container(value),
            None => self.instance(value)?,
        };
        let name = match &self.instances[id.0].kind {
            Kind::Layer(layer) => layer.entry.name,
            Kind::Model(_) | Kind::Foreign { .. } | Kind::Container(_) | Kind::Chain(_) => "",
        };
        if id.0 < made {
            let source = &self.instances[id.0].source;
            let help = format!("{}({source})", entry.name);
            self.stands_elsewhere(entry, value, id, &help);
            return None;
        }
        let takes = entry.wraps.map_or(&[] as &[&str], |wraps| wraps.layers);
        let refused = entry.wraps.and_then(|wraps| wraps.refused);
        let is_own = matches!(self.instances[id.0].kind, Kind::Foreign { .. });
        let fits = takes.is_empty() || takes.contains(&name) || is_own && refused.is_some();
        if !fits {
            if let Some(refused) = refused {
                let error = refused();
                self.error(value, format!("{}\n  help: {}", error.sentence(), error.help_text()));
                return None;
            }
            let help = match nearest(name, takes.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("for example {}({}(64))", entry.name, takes[0]),
            };
            self.error(value, format!("{} takes {}\n  help: {help}", entry.name, one_of(takes)));
            return None;
        }
        if let (Kind::Layer(layer), Some(check)) =
            (&self.instances[id.0].kind, entry.wraps.and_then(|wraps| wraps.check))
            && let Err(error) = check(layer.entry, &Config::new(&layer.config_or_unset()))
        {
            self.error(value, error.message(&[]));
            return None;
        }
        self.instances[id.0].name = NameWish::Auto;
        Some(id)
    }

    /// Whether none of the layers in a chain is one that was made before.
    fn are_made_here(&mut self, entry: &'static Entry, items: &[Expr]) -> bool {
        let mut fine = true;
        for item in items {
            if let Some(items) = chain(item) {
                fine &= self.are_made_here(entry, items);
            } else if let ExprKind::Name(name) = &item.kind
                && let Some(&Binding::Instance(id)) = self.find(&name.to_string())
            {
                let help = format!("write {} in its place", self.instances[id.0].source);
                self.stands_elsewhere(entry, item, id, &help);
                fine = false;
            }
        }
        fine
    }

    fn stands_elsewhere(&mut self, entry: &Entry, value: &Expr, id: InstanceId, help: &str) {
        let written = match &value.kind {
            ExprKind::Name(name) => name.to_string(),
            _ => self.instances[id.0].source.clone(),
        };
        self.error(
            value,
            format!(
                "{}: the layer inside is written there, but `{written}` is one that stands \
                 elsewhere\n  help: {help}",
                entry.name
            ),
        );
    }

    /// What comes out of a layer around another one. The one inside is called on what the rule of
    /// the one around it gives; it has its own mistakes.
    pub fn wrapped(
        &mut self,
        expr: &Expr,
        layer: &Layer,
        inner: InstanceId,
        wraps: &'static Wraps,
        ids: &[ValueId],
        meant: Meant<'_>,
    ) -> Vec<Static> {
        let config = layer.config_or_unset();
        let count = |inner: usize| (wraps.outputs)(&Config::new(&config), inner);
        let given = Follows::Entry(layer, (wraps.inner_inputs)(ids.len()));
        let given = self.shapes(&expr.tokens, &given, ids);
        let inner_ids: Vec<ValueId> = given
            .iter()
            .enumerate()
            .map(|(i, &shape)| self.handed_in(expr, layer, shape, ids, i))
            .collect();
        let kind = self.instances[inner.0].kind.clone();
        if self.instances[inner.0].first.is_some() && !self.shares(expr, inner, &kind, &inner_ids) {
            return vec![Static::Poison; count(1)];
        }
        let outputs = self.outputs_of(expr, &kind, &inner_ids, Meant { outputs: None, ..meant });
        if self.instances[inner.0].first.is_none() {
            let (operands, line) = (self.operands(&inner_ids), expr.first().start().line);
            let (inputs, outputs) = (given, outputs.clone());
            self.instances[inner.0].first = Some(FirstCall { inputs, outputs, operands, line });
        }
        let outputs_inside = outputs.len();
        let out_ids: Vec<ValueId> =
            outputs.iter().map(|&shape| self.handed_in(expr, layer, shape, ids, 0)).collect();
        let all: Vec<ValueId> = ids.iter().copied().chain(out_ids).collect();
        let (own, outputs) = (ids.len(), count(outputs_inside));
        self.shapes(&expr.tokens, &Follows::Outer { layer, own, outputs }, &all)
    }

    /// A value that the layer around hands to the one inside.
    fn handed_in(
        &mut self,
        expr: &Expr,
        layer: &Layer,
        shape: Static,
        ids: &[ValueId],
        input: usize,
    ) -> ValueId {
        let id = self.derived(expr, shape, ids);
        let name = ids.get(input).map(|id| self.values[id.0].name.clone());
        let info: &mut ValueInfo = &mut self.values[id.0];
        info.name = name.unwrap_or_else(|| info.name.clone());
        info.origin = format!("as {} hands it in", layer.entry.name);
        id
    }

    /// The number of weights of a layer around another one.
    pub fn wrapped_parameters(
        &self,
        layer: &Layer,
        inner: InstanceId,
        outputs: &[Static],
    ) -> Parameters {
        let copies = layer.entry.wraps.map_or(1, |wraps| wraps.copies);
        let instance = &self.instances[inner.0];
        let beside = layer.entry.wraps.and_then(|wraps| wraps.weights);
        match self.parameters(instance) {
            Some(count) if !outputs.contains(&Static::Poison) => {
                let beside = beside.map_or(0, |beside| self.beside(instance, beside));
                Parameters::Known(count.saturating_mul(copies).saturating_add(beside))
            }
            _ if beside.is_some() => Parameters::Unknown,
            _ => match instance.first.as_ref().and_then(|first| first.outputs.first()) {
                Some(&Static::Deferred { index, .. })
                    if matches!(self.deferred[index].rule, Rule::Entry { .. }) =>
                {
                    Parameters::Deferred { index, copies }
                }
                _ => Parameters::Unknown,
            },
        }
    }

    /// The number of weights of a layer around another one beside those of the one inside.
    pub fn beside(&self, inner: &Instance, beside: fn(&Weights) -> Weights) -> usize {
        let (Kind::Layer(layer), Some(first)) = (&inner.kind, &inner.first) else { return 0 };
        let (config, inputs) = (layer.known_config(), known(first.inputs.iter().copied()));
        let (Some(config), Some(inputs)) = (config, inputs) else { return 0 };
        beside(&(layer.entry.weights)(&Config::new(&config), &inputs)).size()
    }
}

/// The layers of a chain, `[a, b]` or `Sequential([a, b])`.
fn chain(expr: &Expr) -> Option<&[Expr]> {
    match &expr.kind {
        ExprKind::List(items) => Some(items),
        ExprKind::Paren(inner) => chain(inner),
        ExprKind::Call(callee, args) => match (&callee.kind, args.as_slice()) {
            (ExprKind::Name(name), [list, ..]) if list.name.is_none() => {
                let entry = model_spec::find(&name.to_string())?;
                if entry.form == Form::Sequential { chain(&list.value) } else { None }
            }
            _ => None,
        },
        _ => None,
    }
}

/// `a, b or c`
fn one_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
