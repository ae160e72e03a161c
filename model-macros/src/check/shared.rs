//! Instances that are called again, and what is noted of each call.

use model_spec::{ArgKind, Config};
use proc_macro2::Ident;

use super::expr::Meant;
use super::known;
use super::model::{Checker, InstanceId, Kind, ValueId};
use super::shapes::config_tokens;
use crate::ast::Expr;
use crate::graph::{self, Callee, Parameters, Rule, Static};
use crate::source;

impl Checker<'_, '_> {
    /// Whether an instance that was called before can take these inputs as well.
    pub fn shares(&mut self, expr: &Expr, id: InstanceId, kind: &Kind, ids: &[ValueId]) -> bool {
        let Kind::Layer(layer) = kind else { return true };
        if layer.inner.is_some() {
            // The weights are those of the layer inside, which is asked itself.
            return true;
        }
        let Some(first) = &self.instances[id.0].first else { return true };
        let (inputs, operands, line) = (first.inputs.clone(), first.operands.clone(), first.line);
        let source = self.instances[id.0].source.clone();
        let shapes: Vec<Static> = ids.iter().map(|id| self.values[id.0].shape).collect();
        if inputs.contains(&Static::Poison) || shapes.contains(&Static::Poison) {
            return true;
        }
        let mut all = operands;
        all.iter_mut().for_each(|(_, origin)| *origin = format!("first call, line {line}"));
        all.extend(self.operands(ids).into_iter().map(|(name, _)| (name, "this call".to_owned())));
        let both = known(inputs.iter().copied()).zip(known(shapes.iter().copied()));
        match layer.known_config().zip(both) {
            Some((config, (before, now))) => {
                let config = Config::new(&config);
                let has = (layer.entry.weights)(&config, &before);
                // What the rule refuses has its own message.
                if (layer.entry.rule)(&config, &now).is_err() {
                    return true;
                }
                let Err(error) =
                    (layer.entry.weights)(&config, &now).accept(&source, has.as_slice())
                else {
                    return true;
                };
                let shapes: Vec<Static> = inputs.into_iter().chain(shapes).collect();
                self.report(&expr.tokens, &error, &all, &shapes);
                false
            }
            None => {
                let rule =
                    Rule::Shared { entry: layer.entry, config: config_tokens(layer), source };
                let index = self.push_deferred(&expr.tokens, rule, ids);
                let guard = &mut self.deferred[index];
                guard.inputs.splice(0..0, inputs);
                guard.operands = all;
                true
            }
        }
    }

    /// Warns of an instance that is called again on the very same values: it has the same weights
    /// and so gives the same, where two sets of weights were meant or one call. Not of what has no
    /// weights, draws random numbers or takes other options.
    pub fn warn_of_same(
        &mut self,
        expr: &Expr,
        id: InstanceId,
        kind: &Kind,
        ids: &[ValueId],
        line: usize,
    ) {
        let Kind::Layer(layer) = kind else { return };
        let is_random = layer.entry.args.iter().any(|arg| matches!(arg.kind, ArgKind::Seed));
        if is_random || layer.inner.is_some() || !layer.call.is_empty() {
            return;
        }
        let instance = &mut self.instances[id.0];
        let before = instance.called_on.iter().find(|(values, _)| values == ids).map(|(_, l)| *l);
        instance.called_on.push((ids.to_vec(), line));
        let source = instance.source.clone();
        let Some(before) = before else { return };
        let shapes = known(ids.iter().map(|id| self.values[id.0].shape));
        let has_weights = layer.known_config().zip(shapes).is_some_and(|(config, shapes)| {
            (layer.entry.weights)(&Config::new(&config), &shapes).size() > 0
        });
        if has_weights {
            let names: Vec<&str> = ids.iter().map(|id| self.values[id.0].name.as_str()).collect();
            let message = format!(
                "`{}` was computed in line {before} already: a layer that is called again has the \
                 same weights\n  help: use that value; for weights of its own, write {source}({})",
                source::short(&expr.tokens),
                names.join(", ")
            );
            self.context.errors.warn(&expr.tokens, message);
        }
    }

    /// Notes the call for the graph as data.
    pub fn note_call(
        &mut self,
        id: InstanceId,
        kind: &Kind,
        ids: &[ValueId],
        outputs: &[Static],
        meant: Meant<'_>,
    ) {
        let (layer, parameters) = match kind {
            Kind::Layer(layer) if layer.inner.is_some() => {
                let inner = layer.inner.unwrap_or(id);
                let parameters = self.wrapped_parameters(layer, inner, outputs);
                (layer.entry.name.to_owned(), parameters)
            }
            Kind::Layer(layer) => {
                let inputs: Vec<Static> = ids.iter().map(|id| self.values[id.0].shape).collect();
                let parameters = match (layer.known_config(), known(inputs), outputs.first()) {
                    (Some(config), Some(inputs), _) if !outputs.contains(&Static::Poison) => {
                        Parameters::Known(
                            (layer.entry.weights)(&Config::new(&config), &inputs).size(),
                        )
                    }
                    (_, _, Some(&Static::Deferred { index, .. })) => {
                        Parameters::Deferred { index, copies: 1 }
                    }
                    _ => Parameters::Unknown,
                };
                (layer.entry.name.to_owned(), parameters)
            }
            Kind::Model(name) => (name.clone(), Parameters::Inside),
            Kind::Container(_) => ("Container".to_owned(), Parameters::Inside),
            Kind::Foreign { path, .. } => (source::text(path), Parameters::Unknown),
            Kind::Chain(_) => return,
        };
        let updates = matches!(kind, Kind::Layer(layer) if layer.entry.updates);
        self.calls.push(graph::Call {
            callee: Callee::Field { index: id.0, layer, updates },
            inputs: self.sources(ids),
            outputs: outputs.to_vec(),
            parameters,
            target: meant.name.map(Ident::to_string),
        });
    }
}
