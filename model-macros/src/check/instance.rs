//! Instances of layers: `Dense(64)`, a model, a type of Rust, a chain.

use model_spec::Form;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::model::{Binding, Checker, Instance, InstanceId, Kind, NameWish};
use super::python::last_line;
use crate::ast::{Argument, Expr, ExprKind};
use crate::source;
use crate::suggest::nearest;

impl Checker<'_, '_> {
    /// Adds an instance that is written as `expr`.
    pub fn add_instance(&mut self, expr: &Expr, kind: Kind, name: Option<Ident>) -> InstanceId {
        self.made += 1;
        if self.made <= self.instances.len() {
            return InstanceId(self.made - 1);
        }
        let id = InstanceId(self.instances.len());
        if let Kind::Layer(layer) = &kind
            && let Some(inner) = layer.inner
        {
            self.instances[inner.0].inside = Some(id);
        }
        self.instances.push(Instance {
            kind,
            source: source::short(&expr.tokens),
            span: expr.first(),
            docs: Vec::new(),
            name: name.map_or(NameWish::Auto, NameWish::Explicit),
            prefix: self.prefix.clone(),
            inside: None,
            first: None,
            complained: false,
            lines: Vec::new(),
            called_on: Vec::new(),
        });
        id
    }

    /// What `expr` is if it is a layer: `Dense(64)`, the name of an instance, a list of layers.
    pub fn instance(&mut self, expr: &Expr) -> Option<InstanceId> {
        match &expr.kind {
            ExprKind::Name(name) => self.named_instance(expr, name),
            ExprKind::Call(callee, args) => match &callee.kind {
                ExprKind::Name(name) => self.made_instance(expr, name, args),
                ExprKind::Path(path) => self.foreign(expr, quote!(#path), args),
                _ => self.not_a_layer(expr),
            },
            ExprKind::List(items) if self.is_list_of_values(expr, items) => None,
            ExprKind::List(items) => {
                let mut layers = Vec::new();
                let mut fine = true;
                for item in items {
                    match self.instance(item) {
                        Some(id) => layers.push((id, item.clone())),
                        None => fine = false,
                    }
                }
                if items.is_empty() {
                    self.error(
                        expr,
                        "this chain of layers is empty\n  help: for example [Flatten(), \
                         Dense(10)](x)",
                    );
                    return None;
                }
                fine.then(|| self.add_instance(expr, Kind::Chain(layers), None))
            }
            ExprKind::Paren(inner) => self.instance(inner),
            ExprKind::Path(path) => {
                let written = source::short(&quote!(#path));
                self.error(
                    expr,
                    format!("`{written}` is a type, not a layer\n  help: make one: `{written}()`"),
                );
                None
            }
            _ => self.not_a_layer(expr),
        }
    }

    fn not_a_layer(&mut self, expr: &Expr) -> Option<InstanceId> {
        let help = match self.undotted(expr) {
            Some(written) => format!("write `{written}`"),
            None => "a layer is made from its name, for example Dense(64)".to_owned(),
        };
        let written = source::short(&expr.tokens);
        self.error(expr, format!("`{written}` is no layer\n  help: {help}"));
        None
    }

    fn named_instance(&mut self, expr: &Expr, name: &Ident) -> Option<InstanceId> {
        let text = name.to_string();
        match self.find(&text).cloned() {
            Some(Binding::Instance(id)) => Some(id),
            Some(Binding::Poison) => None,
            Some(Binding::Written(written)) => self.hiding(&text, |this| this.instance(&written)),
            Some(_) => {
                self.error(
                    expr,
                    format!(
                        "`{text}` is a value, not a layer\n  help: a layer stands before the \
                         parentheses: Dense(64)({text})"
                    ),
                );
                None
            }
            None if self.is_layer_name(&text) => {
                self.error(
                    expr,
                    format!(
                        "`{text}` is the name of a layer, not a layer\n  help: make one: \
                         `{text}(…)`"
                    ),
                );
                None
            }
            None => {
                if !self.may_be_lost(&text) {
                    let message = self.unknown_layer(&text);
                    self.error(expr, message);
                }
                self.bind(&text, Binding::Poison);
                None
            }
        }
    }

    fn is_layer_name(&self, name: &str) -> bool {
        model_spec::find(name).is_some_and(|entry| entry.form != Form::Function)
            || self.context.signatures.contains_key(name)
            || self.context.imports.contains_key(name)
    }

    /// `Name(args)`, which is a layer of the catalogue, a model, or an imported type.
    fn made_instance(
        &mut self,
        expr: &Expr,
        name: &Ident,
        args: &[Argument],
    ) -> Option<InstanceId> {
        let text = name.to_string();
        if self.find(&text).is_some() {
            let id = self.named_instance(expr, name)?;
            let message = format!(
                "`{text}` is called here and its value called again\n  help: `{text}` is the \
                 layer {}; call it once",
                self.instances[id.0].source
            );
            self.error(expr, message);
            return None;
        }
        if let Some(entry) = model_spec::find(&text) {
            return match entry.form {
                Form::Layer | Form::Lambda => {
                    let (layer, explicit) = self.arguments(expr, entry, args)?;
                    Some(self.add_instance(expr, Kind::Layer(Box::new(layer)), explicit))
                }
                Form::Sequential => self.sequential(expr, args),
                Form::Container => self.container(expr, args),
                Form::Input => {
                    self.error(
                        expr,
                        "an Input is no layer\n  help: write it on a line of its own: inputs = \
                         Input(784);",
                    );
                    None
                }
                Form::Function => {
                    self.error(
                        expr,
                        format!(
                            "`{text}` is a function of values, not a layer\n  help: call it on a \
                             value: `{text}(x)`"
                        ),
                    );
                    None
                }
            };
        }
        if let Some(signature) = self.context.signatures.get(&text).cloned() {
            let explicit = match self.only_name(expr, &text, args) {
                Ok(explicit) => explicit,
                Err(()) => return None,
            };
            self.poisoned |= signature.broken;
            return (!signature.broken)
                .then(|| self.add_instance(expr, Kind::Model(text), explicit));
        }
        if let Some(path) = self.context.imports.get(&text).cloned() {
            return self.foreign(expr, path, args);
        }
        if !self.may_be_lost(&text) {
            let message = match last_line(&text, args) {
                Some(line) => format!(
                    "there is no layer `{text}`\n  help: the last line says what a model returns, \
                     without a `;`: {line}"
                ),
                None => self.unknown_layer(&text),
            };
            self.context.errors.at(name.span(), message);
        }
        None
    }

    /// A model takes no arguments but its name.
    fn only_name(
        &mut self,
        expr: &Expr,
        model: &str,
        args: &[Argument],
    ) -> Result<Option<Ident>, ()> {
        let mut name = None;
        for arg in args {
            match (&arg.name, &arg.value.kind) {
                (Some(ident), ExprKind::Str(text)) if ident == "name" => {
                    name = syn::parse_str::<Ident>(text).ok();
                }
                (_, ExprKind::Name(value))
                    if matches!(self.find(&value.to_string()), Some(Binding::Value(_))) =>
                {
                    self.error(
                        expr,
                        format!(
                            "the model `{model}` is called as if it were a value\n  help: make an \
                             instance first: `{model}()({value})`"
                        ),
                    );
                    return Err(());
                }
                _ => {
                    self.error(
                        &arg.value,
                        format!(
                            "the model `{model}` takes no arguments\n  help: write `{model}()`; \
                             sizes can be const generics of the model"
                        ),
                    );
                    return Err(());
                }
            }
        }
        Ok(name)
    }

    fn sequential(&mut self, expr: &Expr, args: &[Argument]) -> Option<InstanceId> {
        let mut name = None;
        let mut list = None;
        for arg in args {
            match (&arg.name, &arg.value.kind) {
                (Some(ident), ExprKind::Str(text)) if ident == "name" => {
                    name = syn::parse_str::<Ident>(text).ok();
                }
                (None, ExprKind::List(_)) if list.is_none() => list = Some(&arg.value),
                _ => {
                    self.error(
                        &arg.value,
                        "Sequential takes one list of layers\n  help: Sequential([Dense(64, \
                         relu), Dense(10)])",
                    );
                    return None;
                }
            }
        }
        let Some(list) = list else {
            self.error(
                expr,
                "Sequential needs a list of layers\n  help: Sequential([Dense(64, relu), \
                 Dense(10)])",
            );
            return None;
        };
        let id = self.instance(list)?;
        if let Some(name) = name {
            self.instances[id.0].name = NameWish::Explicit(name);
        }
        Some(id)
    }

    /// A type of Rust, made by its `new`, or its `Default` where there are no arguments.
    fn foreign(&mut self, expr: &Expr, path: TokenStream, args: &[Argument]) -> Option<InstanceId> {
        let mut given = Vec::new();
        let mut name = None;
        for arg in args {
            match (&arg.name, &arg.value.kind) {
                (Some(ident), ExprKind::Str(text)) if ident == "name" => {
                    name = syn::parse_str::<Ident>(text).ok();
                }
                (Some(ident), _) => {
                    self.context.errors.at(
                        ident.span(),
                        format!(
                            "`{}` is a type of Rust, whose arguments have no names\n  help: write \
                             the value alone, in the order of its `new`",
                            source::short(&path)
                        ),
                    );
                    return None;
                }
                (None, _) => given.push(self.written(&arg.value.tokens)),
            }
        }
        Some(self.add_instance(expr, Kind::Foreign { path, args: given }, name))
    }

    /// The message for a name that is no layer.
    pub fn unknown_layer(&self, name: &str) -> String {
        if let Some(message) = self.outside(name).or_else(|| super::term::no_value(name)) {
            return message;
        }
        let layers = model_spec::LAYERS.iter().map(|entry| entry.name);
        let models = self.context.signatures.keys().map(String::as_str);
        let imports = self.context.imports.keys().map(String::as_str);
        let known: Vec<String> = self.names();
        let templates = self.context.templates.keys().map(String::as_str);
        let functions = model_spec::FUNCTIONS.iter().map(|entry| entry.name);
        let candidates = layers
            .chain(models)
            .chain(imports)
            .chain(templates)
            .chain(known.iter().map(String::as_str))
            .chain(functions);
        let help = match nearest(name, candidates) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "a layer of your own is written with its path, `self::{name}(…)`, or imported by \
                 `use self::{name};` inside the macro"
            ),
        };
        format!("there is no layer `{name}`\n  help: {help}")
    }
}
