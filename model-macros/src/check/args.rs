//! The arguments of a layer or function: which is which, what may be written, what is missing.

use model_spec::{Arg, ArgKind, ArgValue, Entry, Form};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::expr::constant_tokens;
use super::model::{Binding, Checker, ConfigValue, Layer};
use super::words::variant;
use crate::ast::{Argument, Expr, ExprKind};
use crate::eval::{Constant, NotConstant, eval};
use crate::source;
use crate::suggest::nearest;

/// One argument: what shapes need to know, and Rust to make the layer with.
pub(super) struct Given {
    pub config: ConfigValue,
    pub rust: TokenStream,
}

impl Checker<'_, '_> {
    /// Sorts the arguments of a layer or function. Gives the layer, and the name that was written
    /// for it.
    pub fn arguments(
        &mut self,
        expr: &Expr,
        entry: &'static Entry,
        args: &[Argument],
    ) -> Option<(Layer, Option<Ident>)> {
        let mut slots: Vec<Option<Expr>> = entry.args.iter().map(|_| None).collect();
        let mut name = None;
        let mut fine = self.sort(entry, args, &mut slots, &mut name);
        let missing =
            entry.args.iter().zip(&slots).any(|(a, s)| a.default.is_none() && s.is_none());
        let help = if missing { missing_help(entry, &slots) } else { String::new() };
        let mut layer = Layer {
            entry,
            config: Vec::new(),
            new: Vec::new(),
            methods: Vec::new(),
            call: Vec::new(),
            inner: None,
            output_shape: None,
        };
        let is_named =
            |arg: &Arg| args.iter().any(|given| given.name.as_ref().is_some_and(|n| n == arg.name));
        for (arg, slot) in entry.args.iter().zip(slots) {
            if matches!(arg.kind, ArgKind::Layer)
                && let Some(value) = &slot
            {
                layer.inner = self.inner_layer(entry, value);
                layer.config.push(ConfigValue::Known(ArgValue::Rust));
                fine &= layer.inner.is_some();
                continue;
            }
            let is_new = arg.default.is_none() || entry.form == Form::Function;
            match (slot, arg.default) {
                (Some(value), _) => match self.argument(entry, arg, &value, is_named(arg)) {
                    Some(given) => {
                        if matches!(arg.kind, ArgKind::OutputShape)
                            && let ExprKind::Closure(closure) = &value.kind
                        {
                            layer.output_shape = Some(closure.clone());
                        } else if is_new {
                            layer.new.push(given.rust);
                        } else {
                            layer.methods.push((arg.name, given.rust));
                        }
                        layer.config.push(given.config);
                    }
                    None => fine = false,
                },
                (None, Some(default)) => {
                    if arg.at_call {
                        layer.call.push(default_tokens(arg, default));
                    } else if is_new {
                        layer.new.push(default_tokens(arg, default));
                    }
                    layer.config.push(ConfigValue::Known(default));
                }
                (None, None) => {
                    if fine {
                        let message =
                            format!("{} needs `{}`\n  help: {help}", entry.name, arg.name);
                        self.error(expr, message);
                    }
                    fine = false;
                }
            }
        }
        fine.then_some((layer, name))
    }

    /// Gives every argument its place.
    fn sort(
        &mut self,
        entry: &'static Entry,
        args: &[Argument],
        slots: &mut [Option<Expr>],
        name: &mut Option<Ident>,
    ) -> bool {
        let mut fine = true;
        let mut position = 0;
        let mut named = false;
        let mut rest = args.iter().peekable();
        while let Some(arg) = rest.next() {
            let Some(ident) = &arg.name else {
                if named {
                    self.error(
                        &arg.value,
                        format!(
                            "{}: an argument without a name stands after one with a name\n  help: \
                             write it before, or give it its name",
                            entry.name
                        ),
                    );
                    return false;
                }
                if let Some(called) = self.called_on(entry, args, position) {
                    let written = source::short(&arg.value.tokens);
                    let message = format!(
                        "{}: `{written}` is part of the graph, and no argument\n  help: the values \
                         stand behind the arguments: {called}",
                        entry.name
                    );
                    self.error(&arg.value, message);
                    return false;
                }
                let Some(spec) = entry.args.get(position).filter(|spec| !spec.at_call) else {
                    let message = format!(
                        "{} has too many arguments\n  help: {}",
                        entry.name,
                        list_args(entry)
                    );
                    self.error(&arg.value, message);
                    return false;
                };
                let mut value = arg.value.clone();
                // Numbers one after the other, `Input(28, 28, 1)`, are a list.
                let after = &entry.args[position + 1..];
                let is_list = match spec.kind {
                    // But for `full((28, 28), 0.5)`, where another one must follow.
                    ArgKind::Shape => after.iter().all(|next| next.default.is_some()),
                    ArgKind::Ints => after.first().is_none_or(|next| next.at_call),
                    _ => false,
                };
                if is_list && !matches!(value.kind, ExprKind::Tuple(_)) {
                    let mut items = vec![value];
                    while let Some(next) = rest.next_if(|next| next.name.is_none()) {
                        items.push(next.value.clone());
                    }
                    value = tuple_of(items);
                }
                slots[position] = Some(value);
                position += 1;
                continue;
            };
            named = true;
            let text = ident.to_string();
            if text == "name" && entry.form != Form::Function {
                match self.field_name(&arg.value) {
                    Some(ident) => *name = Some(ident),
                    None => fine = false,
                }
                continue;
            }
            match entry.args.iter().position(|arg| arg.name == text) {
                Some(index) if entry.args[index].at_call => {
                    self.context.errors.at(
                        ident.span(),
                        format!(
                            "`{text}` is given where {0} is made\n  help: it belongs to the call: \
                             {0}(…)(x, {text} = …)",
                            entry.name
                        ),
                    );
                    fine = false;
                }
                Some(index) if slots[index].is_some() => {
                    self.context.errors.at(
                        ident.span(),
                        format!(
                            "{}: the argument `{text}` is given twice\n  help: take one of them \
                             out",
                            entry.name
                        ),
                    );
                    fine = false;
                }
                Some(index) => slots[index] = Some(arg.value.clone()),
                None => {
                    let made = entry.args.iter().filter(|arg| !arg.at_call);
                    let near = nearest(&text, made.map(|arg| arg.name));
                    let help = match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => list_args(entry),
                    };
                    self.context.errors.at(
                        ident.span(),
                        format!("{} has no argument `{text}`\n  help: {help}", entry.name),
                    );
                    fine = false;
                }
            }
        }
        fine
    }

    /// `Flatten()(x)` for `Flatten(x)`, where all arguments from this one on are values, and those
    /// before are enough.
    fn called_on(&self, entry: &Entry, args: &[Argument], from: usize) -> Option<String> {
        let is_value = |expr: &Expr| match &expr.kind {
            ExprKind::Name(name) => {
                matches!(self.find(&name.to_string()), Some(Binding::Value(_) | Binding::Poison))
            }
            // A layer that is called: `Dense(8)(x)`.
            ExprKind::Call(layer, _) => matches!(layer.kind, ExprKind::Call(..)),
            _ => false,
        };
        let (made, values) = args.split_at(from);
        let mut listed = values.iter().flat_map(|arg| super::call::listed(&arg.value));
        let called = matches!(entry.form, Form::Layer | Form::Lambda)
            && entry.args.iter().skip(from).all(|arg| arg.default.is_some())
            && values.iter().all(|arg| arg.name.is_none())
            && listed.all(is_value);
        let written = |args: &[Argument]| {
            let args = args.iter().map(|arg| &arg.value.tokens);
            source::text(&quote!(#(#args),*))
        };
        called.then(|| format!("{}({})({})", entry.name, written(made), written(values)))
    }

    /// The name of a field, from `name = "encoder"`.
    fn field_name(&mut self, value: &Expr) -> Option<Ident> {
        let span = value.first();
        if let ExprKind::Str(text) = &value.kind
            && let Ok(mut ident) = syn::parse_str::<Ident>(text)
        {
            ident.set_span(span);
            return Some(ident);
        }
        self.error(
            value,
            "a name is a string that can be the name of a field\n  help: for example name = \
             \"encoder\"",
        );
        None
    }

    /// One argument, by what may be written for it.
    pub fn argument(
        &mut self,
        entry: &'static Entry,
        arg: &'static Arg,
        value: &Expr,
        named: bool,
    ) -> Option<Given> {
        // A template's parameter stands for what the call wrote.
        if let ExprKind::Name(name) = &value.kind
            && let Some(Binding::Written(written)) = self.find(&name.to_string()).cloned()
        {
            return self
                .hiding(&name.to_string(), |this| this.argument(entry, arg, &written, named));
        }
        if self.is_misplaced(entry, arg, value, named) || self.is_none_of_python(entry, arg, value)
        {
            return None;
        }
        let given = match arg.kind {
            ArgKind::Size => self.whole(entry, arg, value, "a size"),
            ArgKind::Int | ArgKind::Seed => self.whole(entry, arg, value, "a whole number"),
            ArgKind::Ints | ArgKind::Cuts => self.ints(entry, arg, value),
            ArgKind::Shape => self.shape(entry, arg, value),
            ArgKind::Float => self.float(entry, arg, value),
            ArgKind::Floats => self.floats(entry, arg, value),
            ArgKind::Bool => self.bool(entry, arg, value),
            ArgKind::Word(words) => self.word(entry, arg, words, value),
            ArgKind::Closure => self.closure(entry, arg, value),
            ArgKind::Text => self.text(entry, arg, value),
            // Looked at where the layer around it is made.
            ArgKind::Layer => return None,
            ArgKind::OutputShape => match &value.kind {
                ExprKind::Closure(_) => Some(Given {
                    config: ConfigValue::Known(ArgValue::Rust),
                    rust: TokenStream::new(),
                }),
                _ => self.shape(entry, arg, value),
            },
        }?;
        if let (Some(check), ConfigValue::Known(known)) = (arg.check, &given.config)
            && let Err(error) = check(*known)
        {
            let message = error.message(&[]);
            self.error(value, message);
            return None;
        }
        Some(given)
    }

    /// A constant, or the error that it is none.
    pub fn constant_arg(
        &mut self,
        entry: &Entry,
        arg: &Arg,
        value: &Expr,
        wanted: &str,
    ) -> Option<Constant> {
        if let ExprKind::Name(name) = &value.kind
            && let Some(binding) = self.find(&name.to_string())
            && matches!(binding, Binding::Value(_) | Binding::Instance(_) | Binding::Poison)
        {
            if !matches!(binding, Binding::Poison) {
                self.error(
                    value,
                    format!(
                        "{}: `{}` takes {wanted}, but `{name}` is part of the graph\n  help: \
                         sizes and options are constants; the graph is called with values: \
                         {}(…)({name})",
                        entry.name, arg.name, entry.name
                    ),
                );
            }
            return None;
        }
        match eval(value, self) {
            Ok(constant) => Some(constant),
            Err(NotConstant::Impossible(sentence)) => {
                self.error(
                    value,
                    format!("{}: `{}` has no value: {sentence}", entry.name, arg.name),
                );
                None
            }
            Err(NotConstant::Other) => {
                self.wrong_kind(entry, arg, value, wanted);
                None
            }
            Err(NotConstant::Poison) => {
                self.poisoned = true;
                None
            }
        }
    }

    pub fn wrong_kind(&mut self, entry: &Entry, arg: &Arg, value: &Expr, wanted: &str) {
        let message = format!(
            "{}: `{}` takes {wanted}, but got `{}`\n  help: {}",
            entry.name,
            arg.name,
            source::short(&value.tokens),
            example(arg)
        );
        self.error(value, message);
    }

    /// The tokens as they were written, with what loop variables and parameters stand for in their
    /// place.
    pub fn written(&self, tokens: &TokenStream) -> TokenStream {
        tokens
            .clone()
            .into_iter()
            .flat_map(|token| match token {
                TokenTree::Ident(ident) => match self.find(&ident.to_string()) {
                    Some(Binding::Constant(value)) => {
                        constant_tokens(value, ident.span()).unwrap_or_else(|| quote!(#ident))
                    }
                    Some(Binding::Written(written)) => match (&written.kind, &written.tokens) {
                        (ExprKind::Name(_) | ExprKind::Path(_), name) => name.clone(),
                        (ExprKind::Rust, arithmetic) => quote!((#arithmetic)),
                        _ => quote!(#ident),
                    },
                    _ => quote!(#ident),
                },
                TokenTree::Group(group) => {
                    let mut inner =
                        proc_macro2::Group::new(group.delimiter(), self.written(&group.stream()));
                    inner.set_span(group.span());
                    TokenTree::Group(inner).into()
                }
                other => other.into(),
            })
            .collect()
    }
}

/// `Arg` values as Rust where nothing was written, for functions, which take all of their
/// arguments.
fn default_tokens(arg: &Arg, default: ArgValue) -> TokenStream {
    match (arg.kind, default) {
        (ArgKind::Ints | ArgKind::Shape, ArgValue::Int(number)) => quote!(&[#number]),
        (ArgKind::Ints | ArgKind::Shape, _) => quote!(&[]),
        (_, ArgValue::Int(number)) => {
            let literal = proc_macro2::Literal::i64_unsuffixed(number);
            quote!(#literal)
        }
        (_, ArgValue::Float(number)) => {
            let literal = proc_macro2::Literal::f64_unsuffixed(number);
            quote!(#literal)
        }
        (_, ArgValue::Bool(value)) => quote!(#value),
        (ArgKind::Word(words), ArgValue::Word(word)) => variant(words, word, Span::call_site()),
        _ => quote!(::core::option::Option::None),
    }
}

/// A tuple of these expressions, as if it had been written.
fn tuple_of(items: Vec<Expr>) -> Expr {
    let tokens = items.iter().map(|item| &item.tokens);
    let tokens = quote!(#(#tokens),*);
    Expr { kind: ExprKind::Tuple(items), tokens }
}

/// The shortest that can be written: of each argument that must be given, what was given or an
/// example.
fn missing_help(entry: &Entry, given: &[Option<Expr>]) -> String {
    if entry.form == Form::Function {
        return list_args(entry);
    }
    let example = |kind: &ArgKind| match kind {
        ArgKind::Shape => "28, 28, 1".to_owned(),
        ArgKind::Size => "64".to_owned(),
        ArgKind::Closure => "|x| x * 2".to_owned(),
        ArgKind::Float => "0.5".to_owned(),
        ArgKind::Word(_) => "relu".to_owned(),
        ArgKind::Layer => match entry.wraps.and_then(|wraps| wraps.layers.first()) {
            Some(layer) => format!("{layer}(64)"),
            None => "Dense(64)".to_owned(),
        },
        _ => "1".to_owned(),
    };
    let required = entry.args.iter().zip(given).filter(|(arg, _)| arg.default.is_none());
    let examples: Vec<String> = required
        .map(|(arg, given)| match given {
            Some(given) => source::short(&given.tokens),
            None => example(&arg.kind),
        })
        .collect();
    format!("for example {}({})", entry.name, examples.join(", "))
}

/// What a layer takes, for a help line.
fn list_args(entry: &Entry) -> String {
    let made = entry.args.iter().filter(|arg| !arg.at_call);
    let names: Vec<&str> = made.map(|arg| arg.name).collect();
    match names.as_slice() {
        [] => format!("{} takes none", entry.name),
        [one] => format!("{} takes `{one}`", entry.name),
        many => format!("{} takes {}", entry.name, many.join(", ")),
    }
}

/// What could be written for an argument.
pub(super) fn example(arg: &Arg) -> String {
    let value = match arg.kind {
        ArgKind::Size => "64",
        ArgKind::Int => "-1",
        ArgKind::Ints | ArgKind::Cuts => "(1, 2)",
        ArgKind::Shape | ArgKind::OutputShape => "(28, 28, 1)",
        ArgKind::Float | ArgKind::Floats => "0.5",
        ArgKind::Bool => "true",
        ArgKind::Word(words) => words.words[0].name,
        ArgKind::Closure => "|x| x * 2",
        ArgKind::Seed => "7",
        ArgKind::Text => "\"ij,jk->ik\"",
        ArgKind::Layer => "Dense(64)",
    };
    format!("for example {} = {value}", arg.name)
}
