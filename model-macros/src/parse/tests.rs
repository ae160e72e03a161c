//! Tables: what parses and as what, what each mistake says, and that nothing panics.

mod accepted;
mod recovery;
mod robust;

use proc_macro2::TokenStream;

use super::parse;
use crate::ast::*;
use crate::errors::Errors;

/// The program in a compact form, and the messages.
fn read(source: &str) -> (String, Vec<String>) {
    read_tokens(source.parse().expect("the test's source is made of tokens"))
}

fn read_tokens(tokens: TokenStream) -> (String, Vec<String>) {
    let mut errors = Errors::default();
    let program = parse(tokens, &mut errors);
    (program_text(&program), errors.messages())
}

fn program_text(program: &Program) -> String {
    match program {
        Program::Items(items) => join(items, " ", item),
        Program::Body { items, body: statements } if items.is_empty() => body(statements),
        Program::Body { items, body: statements } => {
            format!("{} | {}", join(items, " ", item), body(statements))
        }
    }
}

fn join<T>(list: &[T], between: &str, text: impl Fn(&T) -> String) -> String {
    list.iter().map(text).collect::<Vec<_>>().join(between)
}

fn item(item: &Item) -> String {
    match item {
        Item::Const(item) => format!("const {} {}", item.name, expr(&item.value)),
        Item::Use(item) => format!("use {}", plain(item)),
        Item::Template(item) => {
            let params = join(&item.params, " ", ToString::to_string);
            format!("fn {}({params}) {{{}}}", item.name, body(&item.body))
        }
        Item::Model(model) => {
            let attrs = "#".repeat(model.attrs.len());
            let vis = if plain(&model.vis).is_empty() { "" } else { "pub " };
            let param = |param: &ConstParam| match &param.default {
                Some(default) => format!("<{} {}>", param.name, plain(default)),
                None => format!("<{}>", param.name),
            };
            let generics = join(&model.generics, "", param);
            format!("{attrs}{vis}struct {}{generics} {{{}}}", model.name, body(&model.body))
        }
        Item::Broken { names, .. } => format!("!({})", join(names, " ", ToString::to_string)),
    }
}

fn body(body: &Body) -> String {
    let mut parts: Vec<String> = body.statements.iter().map(statement).collect();
    parts.extend(body.tail.as_ref().map(|tail| format!("-> {}", expr(tail))));
    parts.join(" ")
}

fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Assign(assign) => {
            let docs = "#".repeat(assign.docs.len());
            let names = join(&assign.targets, " ", ToString::to_string);
            let names = if assign.tuple { format!("({names})") } else { names };
            format!("{docs}{names} = {};", expr(&assign.value))
        }
        Statement::For(statement) => {
            let names = join(&statement.targets, " ", ToString::to_string);
            let names = if statement.tuple { format!("({names})") } else { names };
            format!("for {names} {} {{{}}}", expr(&statement.over), body(&statement.body))
        }
        Statement::If(statement) => {
            let otherwise = statement.otherwise.as_ref();
            let otherwise = otherwise.map_or(String::new(), |b| format!(" else {{{}}}", body(b)));
            format!("if {} {{{}}}{otherwise}", expr(&statement.condition), body(&statement.then))
        }
        Statement::Expr(value) => format!("{};", expr(value)),
        Statement::Broken { names, .. } => format!("!({})", join(names, " ", ToString::to_string)),
    }
}

fn expr(value: &Expr) -> String {
    let optional = |value: &Option<Box<Expr>>| value.as_ref().map_or(String::new(), |v| expr(v));
    match &value.kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Path(path) => format!("path:{}", plain(path)),
        ExprKind::Number(number) => number.to_string(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Str(text) => format!("{text:?}"),
        ExprKind::Any => "_".into(),
        ExprKind::Call(callee, arguments) => {
            let argument = |argument: &Argument| match &argument.name {
                Some(name) => format!("{name}={}", expr(&argument.value)),
                None => expr(&argument.value),
            };
            format!("{}({})", expr(callee), join(arguments, " ", argument))
        }
        ExprKind::List(items) => format!("[{}]", join(items, " ", expr)),
        ExprKind::Tuple(items) => format!("({},)", join(items, " ", expr)),
        ExprKind::Paren(inner) => format!("({})", expr(inner)),
        ExprKind::Neg(inner) => format!("(-{})", expr(inner)),
        ExprKind::Not(inner) => format!("(!{})", expr(inner)),
        ExprKind::Binary(op, left, right) => format!("({op:?} {} {})", expr(left), expr(right)),
        ExprKind::Index(value, axes) => format!("{}[{}]", expr(value), join(axes, " ", expr)),
        ExprKind::Range(start, end, inclusive) => {
            let dots = if *inclusive { "..=" } else { ".." };
            format!("{}{dots}{}", optional(start), optional(end))
        }
        ExprKind::Closure(closure) => {
            let params = closure.params.as_ref();
            let params = params.map_or("?".into(), |p| join(p, " ", ToString::to_string));
            let inside = closure.value.as_ref().map(|value| expr(value));
            format!("|{params}| {}", inside.unwrap_or("rust".into()))
        }
        ExprKind::Named(name, value) => format!("{name}={}", expr(value)),
        ExprKind::Rust => format!("rust:{}", value.tokens.to_string().replace(' ', "")),
    }
}

fn plain(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}
