//! One model: what is known while its body is walked, and what stays of it.

use std::collections::{HashMap, HashSet};
use std::mem::take;

use model_spec::{ArgValue, Config, Entry};
use proc_macro2::{Ident, Span, TokenStream};

use super::container::{Container, Outside};
use super::{Context, Signature, known};
use crate::ast;
use crate::eval::Constant;
use crate::graph::{self, Deferred, Node, Port, Static};

/// A value of the graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ValueId(pub usize);

/// An instance of a layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct InstanceId(pub usize);

/// What is known of a value.
pub(super) struct ValueInfo {
    /// How the user calls it.
    pub name: String,
    pub shape: Static,
    /// What made it: `from Dense(64), line 4`.
    pub origin: String,
    /// Whether an input leads to it.
    pub reached: bool,
    pub source: graph::Source,
    /// The input it is, if it is one.
    pub input: Option<usize>,
}

/// What a name is bound to.
#[derive(Clone)]
pub(super) enum Binding {
    Value(ValueId),
    Instance(InstanceId),
    /// A loop's variable, or a template's parameter.
    Constant(Constant),
    /// A template's parameter that stands for a word, as it was written at the call.
    Written(Box<ast::Expr>),
    Poison,
}

/// An instance, while the model is walked.
pub(super) struct Instance {
    pub kind: Kind,
    pub source: String,
    pub span: Span,
    pub docs: Vec<syn::Attribute>,
    pub name: NameWish,
    /// What comes before the names of what stands inside a template or a `Sequential`.
    pub prefix: String,
    /// The layer that it stands inside of, `Bidirectional(LSTM(8))`; then it is no field.
    pub inside: Option<InstanceId>,
    pub first: Option<FirstCall>,
    /// Whether its use as a value has been reported.
    pub complained: bool,
    pub lines: Vec<usize>,
    /// The values of each call, and its line.
    pub called_on: Vec<(Vec<ValueId>, usize)>,
}

/// The instance that is the field which this one is, or stands inside of.
pub(super) fn field_of(instances: &[Instance], id: InstanceId) -> InstanceId {
    instances[id.0].inside.map_or(id, |around| field_of(instances, around))
}

/// What an instance is made of.
#[derive(Clone)]
pub(super) enum Kind {
    Layer(Box<Layer>),
    /// A model of the same macro.
    Model(String),
    /// A type of Rust.
    Foreign {
        path: TokenStream,
        args: Vec<TokenStream>,
    },
    /// One of [`Checker::containers`].
    Container(usize),
    /// Layers that are called one after the other, and how each is written.
    Chain(Vec<(InstanceId, ast::Expr)>),
}

/// A layer of the catalogue with its arguments.
#[derive(Clone)]
pub(super) struct Layer {
    pub entry: &'static Entry,
    pub config: Vec<ConfigValue>,
    /// What is given to `new`, and then to the methods of these names.
    pub new: Vec<TokenStream>,
    pub methods: Vec<(&'static str, TokenStream)>,
    /// What is given to `call` after the values.
    pub call: Vec<TokenStream>,
    /// The layer inside, for one around another: the first argument of `new`.
    pub inner: Option<InstanceId>,
    /// `output_shape = |input_shape| …`, which needs the input's shape to be computed.
    pub output_shape: Option<ast::Closure>,
}

/// An argument, as far as the macro knows it.
#[derive(Clone)]
pub(super) enum ConfigValue {
    Known(ArgValue),
    /// Rust for an `ArgValue`.
    Deferred(TokenStream),
}

impl Layer {
    /// The arguments, if the macro knows all of them.
    pub fn known_config(&self) -> Option<Vec<ArgValue>> {
        let known = |value: &ConfigValue| {
            if let ConfigValue::Known(value) = value { Some(*value) } else { None }
        };
        self.config.iter().map(known).collect()
    }
}

impl Layer {
    /// The arguments as far as the macro knows them.
    pub fn config_or_unset(&self) -> Vec<ArgValue> {
        let value = |value: &ConfigValue| match value {
            ConfigValue::Known(value) => *value,
            ConfigValue::Deferred(_) => ArgValue::Unset,
        };
        self.config.iter().map(value).collect()
    }
}

/// The first call of an instance, which its weights are made for.
pub(super) struct FirstCall {
    pub inputs: Vec<Static>,
    pub outputs: Vec<Static>,
    pub operands: Vec<(String, String)>,
    pub line: usize,
}

/// Where an instance's name comes from.
pub(super) enum NameWish {
    /// `name = "…"`
    Explicit(Ident),
    /// The name it is bound to.
    Instance(Ident),
    /// The name that its value is bound to; taken if that is bound only once.
    Value(Ident),
    /// Kind and ordinal.
    Auto,
}

/// Walks one model.
pub(super) struct Checker<'a, 'c> {
    pub context: &'a mut Context<'c>,
    pub values: Vec<ValueInfo>,
    pub instances: Vec<Instance>,
    /// How many instances have been made. Fewer than there are while a container is walked again,
    /// whose instances are those that it has.
    pub made: usize,
    pub containers: Vec<Container>,
    /// In a container, what stands around it.
    pub outside: Option<Outside>,
    /// The scopes, innermost last.
    pub scopes: Vec<HashMap<String, Binding>>,
    pub inputs: Vec<(Ident, ValueId, Vec<syn::Attribute>)>,
    pub used: HashSet<usize>,
    pub deferred: Vec<Deferred>,
    pub calls: Vec<graph::Call>,
    /// The names of what is added to the loss or measured.
    pub terms: HashSet<String>,
    /// Whether a part adds to the loss or measures something.
    pub has_terms: bool,
    /// How often each name is bound, to know which may name a field.
    pub bound: HashMap<String, usize>,
    /// Locals that a raw expression takes into a field.
    pub captured: Vec<TokenStream>,
    /// What was written, for an editor's completion, where the code cannot be emitted.
    pub written: Vec<TokenStream>,
    /// What comes before names inside the current template.
    pub prefix: String,
    /// How often each template has been called, for prefixes.
    pub template_calls: HashMap<String, usize>,
    pub templates: Vec<String>,
    pub generics: HashSet<String>,
    /// How many errors there were before this model.
    pub errors_before: usize,
    /// The turns of all loops so far.
    pub turns: usize,
    /// Whether a line could not be read, so that what it would have bound is missing.
    pub damaged: bool,
    /// Whether it needs what has an error that was reported elsewhere.
    pub poisoned: bool,
}

impl Context<'_> {
    /// Checks one model, and notes its signature for others.
    pub(super) fn check_model(&mut self, def: ast::ModelDef) -> graph::Model {
        let errors_before = self.errors.len();
        let cyclic = self.signatures.contains_key(&def.name.to_string());
        let generics = def.generics.iter().map(|param| param.name.to_string()).collect();
        let mut checker = Checker::new(self, generics);
        (checker.damaged, checker.poisoned) = (def.body.damaged, def.body.damaged);
        let (statements, outputs) = checker.check_body(&def.body);
        checker.poisoned |= cyclic;
        if checker.is_clean() {
            checker.check_use(def.body.span, &outputs);
        }
        let mut model = checker.finish(def, statements, outputs);
        let Checker { containers, instances, .. } = checker;
        self.put_in(&mut model, containers, &instances);
        model.broken |= self.errors.len() != errors_before;
        self.signatures.insert(model.name.to_string(), signature(&model));
        model
    }
}

/// What other models of the macro see.
fn signature(model: &graph::Model) -> Signature {
    let port = |port: &Port| (port.name.to_string(), port.shape);
    let parameters = model.fields.iter().flatten().map(|field| field.parameters).sum();
    Signature {
        inputs: model.inputs.iter().map(port).collect(),
        outputs: model.outputs.iter().map(|port| port.shape).collect(),
        parameters,
        has_terms: model.has_terms,
        broken: model.broken,
    }
}

/// An output, as the body's end names it.
pub(super) struct Output {
    pub name: Ident,
    pub value: Option<ValueId>,
    pub node: Node,
}

impl<'a, 'c> Checker<'a, 'c> {
    /// With nothing in it.
    pub fn new(context: &'a mut Context<'c>, generics: HashSet<String>) -> Self {
        let errors_before = context.errors.len();
        Checker {
            context,
            values: Vec::new(),
            instances: Vec::new(),
            made: 0,
            containers: Vec::new(),
            outside: None,
            scopes: vec![HashMap::new()],
            inputs: Vec::new(),
            used: HashSet::new(),
            deferred: Vec::new(),
            calls: Vec::new(),
            terms: HashSet::new(),
            has_terms: false,
            bound: HashMap::new(),
            captured: Vec::new(),
            written: Vec::new(),
            prefix: String::new(),
            template_calls: HashMap::new(),
            templates: Vec::new(),
            generics,
            errors_before,
            turns: 0,
            damaged: false,
            poisoned: false,
        }
    }
}

impl Checker<'_, '_> {
    /// What the name is bound to, innermost scope first.
    pub fn find(&self, name: &str) -> Option<&Binding> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    /// Looks at what a template's parameter stands for, in which the parameter itself is no name:
    /// `block(x)` with an unknown `x` would stand for itself for ever.
    pub fn hiding<T>(&mut self, name: &str, look: impl FnOnce(&mut Self) -> T) -> T {
        let at = self.scopes.iter().rposition(|scope| scope.contains_key(name));
        let hidden = at.and_then(|at| Some((at, self.scopes[at].remove(name)?)));
        let result = look(self);
        if let Some((at, binding)) = hidden {
            self.scopes[at].insert(name.to_owned(), binding);
        }
        result
    }

    /// Every name that is bound, for suggestions.
    pub fn names(&self) -> Vec<String> {
        let bound = self.scopes.iter().flatten();
        let fine = bound.filter(|(_, binding)| !matches!(binding, Binding::Poison));
        fine.map(|(name, _)| name.clone()).collect()
    }

    /// Binds a name: again where it is bound in an outer scope, else in the innermost.
    pub fn bind(&mut self, name: &str, binding: Binding) {
        let at = self.scopes.iter().rposition(|scope| scope.contains_key(name));
        let at = at.unwrap_or(self.scopes.len() - 1);
        self.scopes[at].insert(name.to_owned(), binding);
    }

    /// Whether this model has no error so far, of its own or of what it needs.
    pub fn is_clean(&self) -> bool {
        self.context.errors.len() == self.errors_before && !self.poisoned
    }

    /// Adds a value.
    pub fn value(&mut self, info: ValueInfo) -> ValueId {
        self.values.push(info);
        ValueId(self.values.len() - 1)
    }

    /// Records a mistake about an expression.
    pub fn error(&mut self, expr: &ast::Expr, message: impl Into<String>) {
        self.context.errors.push(&expr.tokens, message);
    }

    /// What is left to look at where nothing else is wrong: layers never called, inputs never used,
    /// outputs that no input reaches.
    pub fn check_use(&mut self, span: Span, outputs: &[Output]) {
        let is_container = self.outside.is_some();
        if self.inputs.is_empty() {
            let message =
                "this model has no input\n  help: begin with a line such as `inputs = Input(784);`";
            self.context.errors.at(span, message);
            return;
        }
        if self.instances.is_empty() && !is_container {
            let message =
                "this model has no layer\n  help: call one on a value, for example Dense(10)(x)";
            self.context.errors.at(span, message);
            return;
        }
        for instance in &self.instances {
            if instance.first.is_none()
                && instance.inside.is_none()
                && !matches!(instance.name, NameWish::Auto)
            {
                let message = format!(
                    "the layer {} is made and never called\n  help: call it on a value, `…(x)`, \
                     or take the line out",
                    instance.source
                );
                self.context.errors.at(instance.span, message);
            }
        }
        for (index, (name, _, _)) in self.inputs.iter().enumerate() {
            if !self.used.contains(&index) && !name.to_string().starts_with('_') {
                let (what, of) =
                    if is_container { ("parameter", " of this container") } else { ("input", "") };
                let message = format!(
                    "the {what} `{name}`{of} is never used\n  help: use it, take it out, or call \
                     it `_{name}`"
                );
                self.context.errors.at(name.span(), message);
            }
        }
        for output in outputs {
            if output.value.is_some_and(|id| !self.values[id.0].reached) {
                let message = format!(
                    "no input reaches the output `{}`\n  help: let it depend on {}",
                    output.name,
                    if is_container { "a parameter" } else { "an Input" }
                );
                self.context.errors.at(output.name.span(), message);
            }
        }
    }

    /// What expansion needs.
    pub fn finish(
        &mut self,
        def: ast::ModelDef,
        statements: Vec<graph::Statement>,
        outputs: Vec<Output>,
    ) -> graph::Model {
        let broken = !self.is_clean();
        let names = self.field_names();
        let input_ports = self.inputs.iter();
        let inputs = input_ports
            .enumerate()
            .map(|(index, (name, id, _))| {
                let shape = self.values[id.0].shape;
                Port { name: name.clone(), shape, source: graph::Source::Input(index) }
            })
            .collect();
        let ports = outputs.iter();
        let output_ports = ports
            .map(|output| {
                let (shape, source) = match output.value {
                    Some(id) => (self.values[id.0].shape, self.values[id.0].source),
                    None => (Static::Poison, graph::Source::Nothing),
                };
                Port { name: output.name.clone(), shape, source }
            })
            .collect();
        let fields = self.fields(names);
        let mut model = graph::Model {
            attrs: def.attrs,
            vis: def.vis,
            name: def.name,
            generics: def.generics,
            inputs,
            outputs: output_ports,
            fields,
            statements,
            results: outputs.into_iter().map(|output| output.node).collect(),
            captured: take(&mut self.captured),
            written: take(&mut self.written),
            deferred: take(&mut self.deferred),
            calls: take(&mut self.calls),
            has_terms: self.has_terms,
            broken,
        };
        super::pooling::mark(&mut model);
        model
    }

    /// The number of weights of an instance, where the macro knows it.
    pub fn parameters(&self, instance: &Instance) -> Option<usize> {
        let first = instance.first.as_ref()?;
        match &instance.kind {
            Kind::Layer(layer) => {
                let config = layer.known_config()?;
                let inputs = known(first.inputs.iter().copied())?;
                let own = (layer.entry.weights)(&Config::new(&config), &inputs).size();
                let (Some(inner), Some(wraps)) = (layer.inner, layer.entry.wraps) else {
                    return Some(own);
                };
                let inner = &self.instances[inner.0];
                let count = self.parameters(inner)?.saturating_mul(wraps.copies);
                let beside = wraps.weights.map_or(0, |beside| self.beside(inner, beside));
                Some(count.saturating_add(own).saturating_add(beside))
            }
            Kind::Model(name) => self.context.signatures.get(name)?.parameters,
            Kind::Container(index) => self.containers[*index].parameters(),
            Kind::Foreign { .. } => None,
            Kind::Chain(_) => Some(0),
        }
    }
}
