//! From what was written to a checked graph: names, arguments, shapes. Every mistake is recorded
//! once; what depends on it is poison, and silent.

mod args;
mod body;
mod call;
mod constants;
mod container;
mod expr;
mod function;
mod input;
mod instance;
mod misplaced;
mod model;
mod names;
mod numbers;
mod output_shape;
mod outputs;
mod pooling;
mod python;
mod scopes;
mod shapes;
mod shared;
mod slice;
mod template;
mod term;
mod words;
mod wrapper;

use std::collections::{HashMap, HashSet};

use model_spec::Value;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::ast;
use crate::errors::Errors;
use crate::eval::{Constant, NotConstant, eval};
use crate::graph::{Local, Model, Program, Static};

/// What all models of one macro call share.
struct Context<'a> {
    errors: &'a mut Errors,
    constants: HashMap<String, Constant>,
    templates: HashMap<String, ast::Template>,
    /// Types that a `use` of the macro brings in, by their full path.
    imports: HashMap<String, TokenStream>,
    signatures: HashMap<String, Signature>,
    locals: Vec<Local>,
    /// The names of the types that the macro makes.
    types: HashSet<String>,
    expression: bool,
}

/// What other models of the same macro see of a model.
#[derive(Clone)]
struct Signature {
    inputs: Vec<(String, Static)>,
    outputs: Vec<Static>,
    parameters: Option<usize>,
    has_terms: bool,
    broken: bool,
}

impl Signature {
    /// The shapes of the inputs, if the macro knows all of them.
    fn known_inputs(&self) -> Option<Vec<Value>> {
        known(self.inputs.iter().map(|(_, shape)| *shape))
    }
}

/// The values, if all of them are known.
fn known(shapes: impl IntoIterator<Item = Static>) -> Option<Vec<Value>> {
    let known = |shape| if let Static::Known(value) = shape { Some(value) } else { None };
    shapes.into_iter().map(known).collect()
}

/// Checks a whole macro call.
pub(crate) fn check(program: ast::Program, errors: &mut Errors) -> Program {
    let (items, expression) = match program {
        ast::Program::Items(items) => (items, false),
        ast::Program::Body { mut items, body } => {
            items.push(ast::Item::Model(anonymous(body)));
            (items, true)
        }
    };
    let mut context = Context {
        errors,
        constants: HashMap::new(),
        templates: HashMap::new(),
        imports: HashMap::new(),
        signatures: HashMap::new(),
        locals: Vec::new(),
        types: HashSet::new(),
        expression,
    };
    let models = context.collect(items);
    let models = context.in_order(models);
    let models: Vec<Model> = models.into_iter().map(|model| context.check_model(model)).collect();
    Program { models, items: context.locals, expression }
}

/// The model that bare statements make.
fn anonymous(body: ast::Body) -> ast::ModelDef {
    ast::ModelDef {
        attrs: Vec::new(),
        vis: syn::Visibility::Inherited,
        name: Ident::new("AnonymousModel", Span::call_site()),
        generics: Vec::new(),
        body,
    }
}

impl Context<'_> {
    /// Files the items away by kind; returns the models.
    fn collect(&mut self, items: Vec<ast::Item>) -> Vec<ast::ModelDef> {
        let mut names: HashMap<String, &'static str> = HashMap::new();
        let mut models = Vec::new();
        let mut consts = Vec::new();
        for item in items {
            match item {
                ast::Item::Broken { names, .. } => {
                    names.iter().for_each(|name| {
                        self.constants.insert(name.to_string(), Constant::Poison);
                    });
                }
                ast::Item::Use(item) => self.import(&item),
                ast::Item::Const(item) => {
                    if self.is_new(&mut names, &item.name, "constant") {
                        consts.push(item);
                    }
                }
                ast::Item::Template(item) => {
                    if self.is_new(&mut names, &item.name, "template") {
                        self.templates.insert(item.name.to_string(), item);
                    }
                }
                ast::Item::Model(item) => {
                    if self.is_new(&mut names, &item.name, "model") {
                        self.types.insert(item.name.to_string());
                        models.push(item);
                    }
                }
            }
        }
        self.evaluate(consts);
        models
    }

    /// Records an error if an item of this name is there already, or a layer of the catalogue.
    fn is_new(
        &mut self,
        names: &mut HashMap<String, &'static str>,
        name: &Ident,
        kind: &'static str,
    ) -> bool {
        let text = name.to_string();
        if let Some(other) = names.get(&text) {
            self.errors.at(
                name.span(),
                format!(
                    "the name `{text}` is used twice: a {other} has it\n  help: give one of them \
                     another name"
                ),
            );
            return false;
        }
        if let Some(entry) = model_spec::find(&text) {
            self.errors.at(
                name.span(),
                format!(
                    "`{}` is the name of a layer or function of the catalogue\n  help: give the \
                     {kind} another name",
                    entry.name
                ),
            );
            return false;
        }
        names.insert(text, kind);
        true
    }

    /// Computes the constants of the macro, which may use each other in any order.
    fn evaluate(&mut self, consts: Vec<ast::Const>) {
        let mut open = consts;
        let mut progress = true;
        while progress {
            progress = false;
            let names: HashSet<String> = open.iter().map(|item| item.name.to_string()).collect();
            let mut later = Vec::new();
            for item in open {
                if mentions(&item.value.tokens, &names) {
                    later.push(item);
                    continue;
                }
                progress = true;
                self.evaluate_one(item);
            }
            open = later;
        }
        let damaged = self.errors.len() > 0;
        for item in open {
            self.constants.insert(item.name.to_string(), Constant::Poison);
            if damaged {
                continue;
            }
            let message = format!(
                "the constant `{}` is defined by itself\n  help: write its value",
                item.name
            );
            self.errors.at(item.name.span(), message);
        }
    }

    fn evaluate_one(&mut self, item: ast::Const) {
        let value = match eval(&item.value, &constants::Global(&self.constants)) {
            Ok(value) => value,
            Err(NotConstant::Impossible(sentence)) => {
                self.errors.push(
                    &item.value.tokens,
                    format!("the constant `{}` has no value: {sentence}", item.name),
                );
                Constant::Poison
            }
            Err(NotConstant::Poison) => Constant::Poison,
            // Anything that rustc accepts as a constant.
            Err(NotConstant::Other) => Constant::Opaque,
        };
        self.constants.insert(item.name.to_string(), value);
        self.locals.push(Local { name: item.name.to_string(), tokens: item.tokens });
    }

    /// Notes what a `use` brings in.
    fn import(&mut self, item: &syn::ItemUse) {
        let mut leaves = Vec::new();
        let leading = item.leading_colon;
        collect_use(&item.tree, quote!(#leading), &mut leaves);
        for (name, path) in leaves {
            self.locals
                .push(Local { name: name.clone(), tokens: quote!(#[allow(unused_imports)] #item) });
            self.imports.insert(name, path);
        }
    }

    /// Models before those that use them. A model that contains itself is an error.
    fn in_order(&mut self, models: Vec<ast::ModelDef>) -> Vec<ast::ModelDef> {
        let names: HashSet<String> = models.iter().map(|model| model.name.to_string()).collect();
        let mut done: HashSet<String> = HashSet::new();
        let mut open = models;
        let mut sorted = Vec::new();
        while !open.is_empty() {
            let before = open.len();
            let mut later = Vec::new();
            for model in open {
                let missing: HashSet<String> = names.difference(&done).cloned().collect();
                if body_mentions(&model.body, &missing) {
                    later.push(model);
                } else {
                    done.insert(model.name.to_string());
                    sorted.push(model);
                }
            }
            open = later;
            if open.len() == before {
                let circle = self.circle(&open);
                let (cyclic, others): (Vec<_>, Vec<_>) =
                    open.into_iter().partition(|model| circle.contains(&model.name.to_string()));
                sorted.extend(cyclic);
                done.extend(circle);
                open = others;
            }
        }
        sorted
    }

    /// Records an error for models of which each waits for another; returns those of one circle.
    fn circle(&mut self, open: &[ast::ModelDef]) -> Vec<String> {
        let mut path: Vec<&ast::ModelDef> = vec![&open[0]];
        loop {
            let last = path[path.len() - 1];
            let uses = |model: &&ast::ModelDef| {
                body_mentions(&last.body, &HashSet::from([model.name.to_string()]))
            };
            let Some(next) = open.iter().find(uses) else { break };
            let start = path.iter().position(|model| model.name == next.name);
            path.push(next);
            if let Some(start) = start {
                path.drain(..start);
                break;
            }
        }
        path.pop();
        let mut names: Vec<String> = path.iter().map(|model| model.name.to_string()).collect();
        let through = if names.len() < 2 {
            String::new()
        } else {
            format!(", through `{}`", names[1..].join("` and `"))
        };
        let message = format!(
            "the model `{}` contains itself{through}\n  help: a model can only be made of others \
             that are whole without it",
            path[0].name
        );
        self.errors.at(path[0].name.span(), message);
        names.sort();
        for name in &names {
            let broken = Signature {
                inputs: Vec::new(),
                outputs: Vec::new(),
                parameters: None,
                has_terms: false,
                broken: true,
            };
            self.signatures.insert(name.clone(), broken);
        }
        names
    }
}

/// The names that a `use` brings in, with their paths.
fn collect_use(tree: &syn::UseTree, prefix: TokenStream, leaves: &mut Vec<(String, TokenStream)>) {
    match tree {
        syn::UseTree::Path(path) => {
            let ident = &path.ident;
            collect_use(&path.tree, quote!(#prefix #ident ::), leaves);
        }
        syn::UseTree::Name(name) => {
            let ident = &name.ident;
            leaves.push((ident.to_string(), quote!(#prefix #ident)));
        }
        syn::UseTree::Rename(rename) => {
            let ident = &rename.ident;
            leaves.push((rename.rename.to_string(), quote!(#prefix #ident)));
        }
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| collect_use(tree, prefix.clone(), leaves));
        }
        syn::UseTree::Glob(_) => {}
    }
}

/// Whether one of the names stands somewhere in the tokens.
fn mentions(tokens: &TokenStream, names: &HashSet<String>) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&ident.to_string()),
        TokenTree::Group(group) => mentions(&group.stream(), names),
        _ => false,
    })
}

fn body_mentions(body: &ast::Body, names: &HashSet<String>) -> bool {
    let expr = |expr: &ast::Expr| mentions(&expr.tokens, names);
    body.tail.as_ref().is_some_and(expr)
        || body.statements.iter().any(|statement| match statement {
            ast::Statement::Assign(assign) => expr(&assign.value),
            ast::Statement::Expr(value) => expr(value),
            ast::Statement::For(item) => expr(&item.over) || body_mentions(&item.body, names),
            ast::Statement::If(item) => {
                body_mentions(&item.then, names)
                    || item.otherwise.as_ref().is_some_and(|body| body_mentions(body, names))
            }
            ast::Statement::Broken { .. } => false,
        })
}
