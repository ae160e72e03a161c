//! Expressions over values: names, numbers, operators; slices, functions and calls have files of
//! their own.

use model_spec::Form;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::model::{Binding, Checker, InstanceId, ValueId};
use super::shapes::Follows;
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::eval::Constant;
use crate::graph::Node;
use crate::source;
use crate::suggest::nearest;

/// What an expression is.
pub(super) enum Out {
    Values(Vec<ValueId>, Node),
    Number(Node),
    Instance(InstanceId),
    /// An error has been reported.
    Poison,
}

/// What is meant to happen with an expression's value.
#[derive(Clone, Copy, Default)]
pub(super) struct Meant<'a> {
    /// The name it is bound to.
    pub name: Option<&'a Ident>,
    /// How many values are taken out of it.
    pub outputs: Option<usize>,
    /// The line of the call, where the layer is written elsewhere.
    pub line: Option<usize>,
}

impl Checker<'_, '_> {
    /// Checks an expression.
    pub fn expr(&mut self, expr: &Expr, meant: Meant<'_>) -> Out {
        match &expr.kind {
            ExprKind::Name(name) => self.name(expr, name),
            ExprKind::Number(literal) => Out::Number(Node::Number(number_tokens(literal))),
            ExprKind::Paren(inner) => match self.expr(inner, Meant::default()) {
                Out::Values(ids, node) => Out::Values(ids, Node::Paren(Box::new(node))),
                Out::Number(node) => Out::Number(Node::Paren(Box::new(node))),
                other => other,
            },
            ExprKind::Neg(inner) => self.neg(expr, inner),
            ExprKind::Binary(op, left, right) => self.binary(expr, *op, left, right),
            ExprKind::Index(base, items) => self.slice(expr, base, items),
            ExprKind::Call(callee, args) => self.call(expr, callee, args, meant),
            ExprKind::List(items) if self.has_numbers(items) => self.array(expr, items, meant),
            ExprKind::Tuple(items)
                if self.has_numbers(items) && items.iter().all(|item| self.is_number(item)) =>
            {
                let list = source::short(&expr.tokens);
                let list = list.trim_start_matches('(').trim_end_matches([')', ',']);
                self.error(
                    expr,
                    format!(
                        "numbers in parentheses are no value\n  help: in brackets they are one: \
                         [{list}]"
                    ),
                );
                Out::Poison
            }
            ExprKind::List(items) if items.iter().any(|item| self.is_list_of_numbers(item)) => {
                self.error(
                    expr,
                    "a list of numbers has one axis, but here are lists in a list\n  help: write \
                     all numbers in one, and give it axes: reshape([0, 1, 1, 0], (2, 2))",
                );
                Out::Poison
            }
            ExprKind::List(_) => match self.instance(expr) {
                Some(id) => Out::Instance(id),
                None => Out::Poison,
            },
            ExprKind::Rust => self.rust(expr),
            ExprKind::Path(_) => {
                self.error(
                    expr,
                    format!(
                        "`{0}` is no value of this model\n  help: a number of Rust is written in \
                         braces, `{{{0}}}`; a layer is called, `{0}()(x)`",
                        source::short(&expr.tokens)
                    ),
                );
                Out::Poison
            }
            _ => {
                self.error(
                    expr,
                    format!(
                        "`{}` is no value\n  help: a value is an input, the call of a layer, or \
                         arithmetic and functions of values",
                        source::short(&expr.tokens)
                    ),
                );
                Out::Poison
            }
        }
    }

    /// Checks an expression that must be one value; `None` after an error.
    pub fn one(&mut self, expr: &Expr) -> Option<(ValueId, Node)> {
        match self.expr(expr, Meant::default()) {
            Out::Values(ids, node) => self.single(expr, &ids).map(|id| (id, node)),
            Out::Number(_) => {
                self.error(
                    expr,
                    "this is a number, but a value of the graph is meant\n  help: a value begins \
                     at an Input",
                );
                None
            }
            Out::Instance(id) => {
                self.not_called(expr, id);
                None
            }
            Out::Poison => None,
        }
    }

    /// An instance where a value is meant.
    pub fn not_called(&mut self, expr: &Expr, id: InstanceId) {
        // Said once, it need not be said again, nor that the layer is never called.
        self.instances[id.0].name = super::model::NameWish::Auto;
        if std::mem::replace(&mut self.instances[id.0].complained, true) {
            self.poisoned = true;
            return;
        }
        let written = source::short(&expr.tokens);
        self.error(
            expr,
            format!(
                "`{written}` is a layer, not a value\n  help: call it on a value: `{written}(x)`"
            ),
        );
    }

    fn name(&mut self, expr: &Expr, name: &Ident) -> Out {
        let text = name.to_string();
        match self.find(&text).cloned() {
            Some(Binding::Value(id)) => {
                self.note_use(id);
                Out::Values(vec![id], Node::Name(name.clone()))
            }
            Some(Binding::Instance(id)) => Out::Instance(id),
            Some(Binding::Constant(value)) => match constant_tokens(&value, name.span()) {
                Some(tokens) => Out::Number(Node::Number(tokens)),
                None => {
                    self.error(
                        expr,
                        format!(
                            "`{text}` is no number\n  help: only values and numbers can be \
                             computed with"
                        ),
                    );
                    Out::Poison
                }
            },
            Some(Binding::Written(written)) => {
                self.hiding(&text, |this| this.expr(&written, Meant::default()))
            }
            Some(Binding::Poison) => Out::Poison,
            None if self.context.constants.get(&text) == Some(&Constant::Poison) => {
                self.poisoned = true;
                Out::Poison
            }
            None if self.context.constants.contains_key(&text) || self.generics.contains(&text) => {
                Out::Number(Node::Number(quote!((#name as ::model_runtime::Float))))
            }
            None => {
                if !self.may_be_lost(&text) {
                    let message = self.unknown_value(&text);
                    self.error(expr, message);
                }
                self.bind(&text, Binding::Poison);
                Out::Poison
            }
        }
    }

    /// Notes that a value is used, so that an input that never is can be reported.
    fn note_use(&mut self, id: ValueId) {
        if let Some(input) = self.values[id.0].input {
            self.used.insert(input);
        }
    }

    /// Whether a line that could not be read may have bound this name: what is wrong with the line
    /// has been said.
    pub fn may_be_lost(&mut self, name: &str) -> bool {
        let lost = self.damaged && name.starts_with(char::is_lowercase);
        self.poisoned |= lost;
        lost
    }

    fn unknown_value(&self, name: &str) -> String {
        if let Some(message) = self.outside(name) {
            return message;
        }
        let names = self.names();
        if let Some(entry) = model_spec::find(name) {
            return match entry.form {
                Form::Function => {
                    format!("`{name}` is a function\n  help: call it on a value: `{name}(x)`")
                }
                _ => format!(
                    "`{name}` is a layer, not a value\n  help: make one and call it: \
                     `{name}(…)(x)`"
                ),
            };
        }
        let help = match nearest(name, names.iter().map(String::as_str)) {
            _ if self.bound.contains_key(&format!("{}{name}", self.prefix)) => format!(
                "it ends with the block that binds it; bind it before that block as well, `{name} \
                 = …;`"
            ),
            Some(near) => format!("did you mean `{near}`?"),
            None if !self.templates.is_empty() => format!(
                "a template sees its parameters and the constants; make `{name}` a parameter"
            ),
            None if self.inputs.is_empty() => {
                format!("begin with an input: `{name} = Input(784);`")
            }
            None => format!(
                "bind it first, `{name} = …;`, or write a number of Rust in braces, `{{{name}}}`"
            ),
        };
        format!("there is no value `{name}` here\n  help: {help}")
    }

    fn neg(&mut self, expr: &Expr, inner: &Expr) -> Out {
        let span = expr.first();
        match self.expr(inner, Meant::default()) {
            Out::Number(node) => Out::Number(Node::Neg(Box::new(node), span)),
            Out::Values(ids, node) => match self.single(inner, &ids) {
                Some(id) => {
                    let node = Node::Neg(Box::new(node), span);
                    self.computed(expr, "negative", &Follows::Operator, &[id], node)
                }
                None => Out::Poison,
            },
            Out::Instance(id) => {
                self.not_called(inner, id);
                Out::Poison
            }
            Out::Poison => Out::Poison,
        }
    }

    /// The one value that is meant; `None` after an error.
    pub fn single(&mut self, expr: &Expr, ids: &[ValueId]) -> Option<ValueId> {
        if let [id] = ids {
            return Some(*id);
        }
        self.error(
            expr,
            format!(
                "this returns {} values, but one is meant\n  help: take them apart first: (a, b) \
                 = …;",
                ids.len()
            ),
        );
        None
    }

    fn binary(&mut self, expr: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Out {
        if let Some(power) = power(op, left, right) {
            self.error(expr, format!("`**` is not an operator\n  help: write `{power}`"));
            return Out::Poison;
        }
        let (operator, name) = match op {
            BinaryOp::Add => ('+', "add"),
            BinaryOp::Sub => ('-', "subtract"),
            BinaryOp::Mul => ('*', "multiply"),
            BinaryOp::Div => ('/', "divide"),
            _ => {
                self.error(
                    expr,
                    "values can be added, subtracted, multiplied and divided, and nothing else\n  \
                     help: anything else can be computed inside of a closure: Lambda(|x| …)(x)",
                );
                return Out::Poison;
            }
        };
        let (left, right) = (self.operand(left), self.operand(right));
        let (Some((left_ids, left)), Some((right_ids, right))) = (left, right) else {
            return Out::Poison;
        };
        let ids: Vec<ValueId> = left_ids.into_iter().chain(right_ids).collect();
        let place = (ids.len() == 2).then(|| expr.place());
        let node = Node::Binary(Box::new(left), operator, Box::new(right), place);
        if ids.is_empty() {
            return Out::Number(node);
        }
        self.computed(expr, name, &Follows::Operator, &ids, node)
    }

    /// One side of an operator: a value, or a number.
    fn operand(&mut self, expr: &Expr) -> Option<(Option<ValueId>, Node)> {
        match self.expr(expr, Meant::default()) {
            Out::Number(node) => Some((None, node)),
            Out::Values(ids, node) => self.single(expr, &ids).map(|id| (Some(id), node)),
            Out::Instance(id) => {
                self.not_called(expr, id);
                None
            }
            Out::Poison => None,
        }
    }

    fn rust(&mut self, expr: &Expr) -> Out {
        let tokens = &expr.tokens;
        let is_block = tokens.clone().into_iter().count() == 1;
        if !is_block {
            let help = match self.undotted(expr) {
                Some(written) => format!("write `{written}`"),
                None => "write functions of values, `abs(x)`, numbers of Rust in braces, \
                         `{rate}`, or a Lambda"
                    .to_owned(),
            };
            let written = source::short(tokens);
            let message = format!("`{written}` cannot be read as part of a model\n  help: {help}");
            self.error(expr, message);
            return Out::Poison;
        }
        let number = quote!((#tokens as ::model_runtime::Float));
        if self.context.expression {
            self.captured.push(number);
            return Out::Number(Node::Captured(self.captured.len() - 1));
        }
        Out::Number(Node::Rust(number))
    }
}

/// `power(q, 2)` for Python's `q ** 2`, which Rust reads as a product with `*2`.
fn power(op: BinaryOp, left: &Expr, right: &Expr) -> Option<String> {
    let mut tokens = right.tokens.clone().into_iter();
    let star = tokens.next()?.to_string() == "*";
    let exponent = source::short(&tokens.collect());
    (op == BinaryOp::Mul && star)
        .then(|| format!("power({}, {exponent})", source::short(&left.tokens)))
}

/// A number for arithmetic with values: whole ones that fit stay, others become floats.
fn number_tokens(literal: &Literal) -> TokenStream {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Int(int) if int.base10_parse::<i32>().is_ok() && int.suffix().is_empty() => {
            quote!(#literal)
        }
        syn::Lit::Float(float) if float.suffix().is_empty() => quote!(#literal),
        _ => quote!((#literal as ::model_runtime::Float)),
    }
}

/// A number that the macro knows, at the place of a name.
pub(super) fn constant_tokens(value: &Constant, span: Span) -> Option<TokenStream> {
    let mut literal = match value {
        Constant::Int(value) if i32::try_from(*value).is_ok() => {
            Literal::i64_unsuffixed(value.abs())
        }
        Constant::Int(value) => Literal::f64_unsuffixed((*value as f64).abs()),
        Constant::Float(value) => Literal::f64_unsuffixed(value.abs()),
        _ => return None,
    };
    literal.set_span(span);
    let negative = match value {
        Constant::Int(value) => *value < 0,
        Constant::Float(value) => *value < 0.0,
        _ => false,
    };
    Some(if negative { quote!((-#literal)) } else { quote!(#literal) })
}
