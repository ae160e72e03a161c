//! What the user wrote: items, statements, expressions. No meaning is given to any of it here.
#![allow(clippy::large_enum_variant, reason = "a small tree, easier to read without boxes")]

use proc_macro2::{Ident, Literal, Span, TokenStream};

use crate::errors::ends;

/// Everything between the braces of one `model! { … }`.
pub(crate) enum Program {
    /// `struct`, `fn`, `const` and `use` items.
    Items(Vec<Item>),
    /// Bare statements: an expression whose value is an instance of an anonymous model. `const`,
    /// `use` and `fn` items may stand among them.
    Body { items: Vec<Item>, body: Body },
}

/// One item.
pub(crate) enum Item {
    Const(Const),
    Use(syn::ItemUse),
    Template(Template),
    Model(ModelDef),
    /// What could not be parsed, and the names it would have made; the error has been reported.
    Broken {
        names: Vec<Ident>,
    },
}

/// `const NAME: usize = 10;`
pub(crate) struct Const {
    pub name: Ident,
    pub value: Expr,
    /// The whole item, to emit.
    pub tokens: TokenStream,
}

/// `fn block(x, filters) { … }`: inlined at every call.
#[derive(Clone)]
pub(crate) struct Template {
    pub name: Ident,
    pub params: Vec<Ident>,
    pub body: Body,
}

/// `pub struct Name<const N: usize> { … }`
pub(crate) struct ModelDef {
    pub attrs: Vec<syn::Attribute>,
    pub vis: syn::Visibility,
    pub name: Ident,
    pub generics: Vec<ConstParam>,
    pub body: Body,
}

/// `const N: usize = 28` between the angle brackets of a model.
#[derive(Clone)]
pub(crate) struct ConstParam {
    pub name: Ident,
    pub ty: syn::Type,
    pub default: Option<syn::Expr>,
}

/// Statements, and the expression without a `;` at the end, if there is one.
#[derive(Clone)]
pub(crate) struct Body {
    pub statements: Vec<Statement>,
    pub tail: Option<Expr>,
    /// Whether a mistake was found while it was read, so that names may be missing.
    pub damaged: bool,
    /// Where an error about the body as a whole points to: the model's name, or the macro call.
    pub span: Span,
}

/// One statement.
#[derive(Clone)]
pub(crate) enum Statement {
    Assign(Assign),
    For(For),
    If(If),
    /// An expression that ends in `;`, such as `add_loss("kl", x);`.
    Expr(Expr),
    /// What could not be parsed; the error has been reported.
    Broken {
        tokens: TokenStream,
        names: Vec<Ident>,
    },
}

/// `name = value;`, `let (a, b) = value;`
#[derive(Clone)]
pub(crate) struct Assign {
    /// Doc comments, for the field.
    pub docs: Vec<syn::Attribute>,
    pub targets: Vec<Ident>,
    /// Whether the targets stand in parentheses.
    pub tuple: bool,
    pub value: Expr,
}

/// `for i in 0..3 { … }`, `for (a, b) in [(1, 2), (3, 4)] { … }`
#[derive(Clone)]
pub(crate) struct For {
    pub span: Span,
    /// `_` leaves one out.
    pub targets: Vec<Ident>,
    /// Whether the targets stand in parentheses.
    pub tuple: bool,
    pub over: Expr,
    pub body: Body,
}

/// `if N > 3 { … } else { … }`
#[derive(Clone)]
pub(crate) struct If {
    pub span: Span,
    pub condition: Expr,
    pub then: Body,
    pub otherwise: Option<Body>,
}

/// An expression, and what was written.
#[derive(Clone)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub tokens: TokenStream,
}

/// The kinds of expressions that a model is made of.
#[derive(Clone)]
pub(crate) enum ExprKind {
    /// `x`
    Name(Ident),
    /// `crate::nets::Encoder`, `HEIGHT` with generic arguments, `Self::N`
    Path(syn::Path),
    /// `64`, `0.5`, without a sign
    Number(Literal),
    /// `true`
    Bool(bool),
    /// `"same"`
    Str(String),
    /// `_`
    Any,
    /// `callee(arguments)`
    Call(Box<Expr>, Vec<Argument>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `name = a` inside of a tuple: an output with a name
    Named(Ident, Box<Expr>),
    /// `(a, b)`, `()`, `(a,)`
    Tuple(Vec<Expr>),
    /// `(a)`
    Paren(Box<Expr>),
    /// `-a`
    Neg(Box<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `a + b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x[.., 3]`: the value, and one expression for each axis
    Index(Box<Expr>, Vec<Expr>),
    /// `1..`, `..-1`, `0..=3`: start, end, whether the end is included
    Range(Option<Box<Expr>>, Option<Box<Expr>>, bool),
    /// `|a, b| { … }` with plain names as parameters; the body as statements of a model if it can
    /// be read so
    Closure(Closure),
    /// `{ … }` and everything else: Rust, left as it is
    Rust,
}

/// `|a, b| body`
#[derive(Clone)]
pub(crate) struct Closure {
    /// The closure as Rust.
    pub rust: syn::ExprClosure,
    /// The parameters, where all are plain names.
    pub params: Option<Vec<Ident>>,
    /// The body read as an expression, where it is no block.
    pub value: Option<Box<Expr>>,
    /// The body read as that of a model, where it is a container's.
    pub body: Option<Box<Body>>,
}

/// An argument of a call: `64` or `use_bias = false`.
#[derive(Clone)]
pub(crate) struct Argument {
    pub name: Option<Ident>,
    pub value: Expr,
}

/// Operators between two expressions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
}

/// The first and the last token of an expression, where an error of the running model points.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub first: Span,
    pub last: Span,
}

impl Expr {
    /// The span of the first token.
    pub fn first(&self) -> Span {
        self.tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span())
    }

    /// Where it begins and ends.
    pub fn place(&self) -> Place {
        let (first, last) = ends(&self.tokens);
        Place { first, last }
    }
}
