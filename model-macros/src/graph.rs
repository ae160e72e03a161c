//! The checked graph: what expansion takes. Nodes stand in the order of the source, which is an
//! order they can run in.

use model_spec::{Entry, Value};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

use crate::ast::{ConstParam, Place};

/// Everything that one `model!` makes.
pub(crate) struct Program {
    pub models: Vec<Model>,
    /// The macro's own `const` and `use` lines.
    pub items: Vec<Local>,
    /// Whether the macro stands where an expression is meant.
    pub expression: bool,
}

/// A `const` or `use` of the macro: emitted where it is mentioned, not into the user's module.
pub(crate) struct Local {
    pub name: String,
    pub tokens: TokenStream,
}

/// A model whose mistakes have been reported; `broken` if there were any.
pub(crate) struct Model {
    pub attrs: Vec<syn::Attribute>,
    pub vis: syn::Visibility,
    pub name: Ident,
    pub generics: Vec<ConstParam>,
    pub inputs: Vec<Port>,
    pub outputs: Vec<Port>,
    /// By instance; none for a chain, whose layers are fields of their own, and for a layer inside
    /// of another.
    pub fields: Vec<Option<Field>>,
    pub statements: Vec<Statement>,
    pub results: Vec<Node>,
    /// Rust for the numbers that raw expressions take from around an expression form.
    pub captured: Vec<TokenStream>,
    /// The statements as they were written, for an editor, where the model is broken.
    pub written: Vec<TokenStream>,
    pub deferred: Vec<Deferred>,
    pub calls: Vec<Call>,
    /// Whether it, or a part of it, adds to the loss or measures something.
    pub has_terms: bool,
    pub broken: bool,
}

/// An input or an output.
pub(crate) struct Port {
    pub name: Ident,
    pub shape: Static,
    pub source: Source,
}

/// What is known of a value while the macro runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Static {
    Known(Value),
    /// Output `output` of [`Model::deferred`]`[index]`, which const evaluation finds.
    Deferred {
        index: usize,
        output: usize,
    },
    /// An error has been reported.
    Poison,
}

/// An instance of a layer: a field of the struct.
pub(crate) struct Field {
    pub name: Ident,
    pub docs: Vec<syn::Attribute>,
    /// As it was written: `Dense(64, relu)`.
    pub source: String,
    /// The type, such as `::model_runtime::Dense`.
    pub ty: TokenStream,
    /// The layer's entry in the catalogue, if it has one.
    pub entry: Option<&'static Entry>,
    /// What makes it, without weights; [`Unnamed`] where a container stands in it.
    pub make: TokenStream,
    /// The inputs of its first call; `None` for a number that was taken from a local.
    pub inputs: Option<Vec<Static>>,
    pub outputs: Vec<Static>,
    pub parameters: Option<usize>,
    /// The lines of all its calls.
    pub lines: Vec<usize>,
    /// The model that a container has become, which is the field or stands inside of it.
    pub container: Option<Box<Model>>,
}

/// What stands for a container among tokens as long as it has no name.
pub(crate) struct Unnamed;

impl Unnamed {
    /// It, among tokens.
    pub fn here() -> Ident {
        Ident::new("__unnamed", Span::call_site())
    }

    /// The tokens, with these in its place.
    pub fn replaced(tokens: TokenStream, by: &TokenStream) -> TokenStream {
        let replace = |token| match token {
            TokenTree::Ident(ident) if ident == Unnamed::here() => by.clone(),
            TokenTree::Group(group) => {
                let inside = Unnamed::replaced(group.stream(), by);
                let mut replaced = Group::new(group.delimiter(), inside);
                replaced.set_span(group.span());
                TokenTree::from(replaced).into()
            }
            other => other.into(),
        };
        tokens.into_iter().map(replace).collect()
    }
}

/// `let (a, b) = value;`, or what is done without a target.
pub(crate) struct Statement {
    pub targets: Vec<Ident>,
    pub value: Node,
}

/// An expression over values.
pub(crate) enum Node {
    /// A value by its name.
    Name(Ident),
    /// A number.
    Number(TokenStream),
    /// Rust in braces, where no local can be captured.
    Rust(TokenStream),
    /// A number that a field of this index holds, because it came from a local.
    Captured(usize),
    /// A number where a value is meant.
    Scalar(Box<Node>),
    /// A call of a field.
    Call {
        field: usize,
        style: CallStyle,
        inputs: Vec<Node>,
        /// The options of the call, after the values.
        args: Vec<TokenStream>,
        /// How many values are taken out of the list that it returns, if it returns one.
        take: Option<usize>,
        /// Whether what it adds to the loss, or measures, is told from that of others by the name
        /// of the field.
        within: bool,
        place: Place,
    },
    /// `add_loss("kl", x)`: the function, the name, the value.
    Term(&'static str, String, Box<Node>, Place),
    /// A function of values.
    Function {
        entry: &'static Entry,
        name: Ident,
        inputs: Vec<Node>,
        args: Vec<TokenStream>,
        /// How many values are taken out of what it returns; `None` if it returns one.
        take: Option<usize>,
        place: Place,
    },
    /// With a place if both are values, whose shapes may not fit.
    Binary(Box<Node>, char, Box<Node>, Option<Place>),
    Neg(Box<Node>, Span),
    Paren(Box<Node>),
    /// What to take on each axis but the samples'.
    Slice(Box<Node>, Vec<TokenStream>, Place),
    /// An inlined template.
    Block(Vec<Statement>, Vec<Node>),
}

/// How a field is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CallStyle {
    /// `field.call(a, b)`
    Values,
    /// `field.call(&[a, b])`
    List,
    /// `field.before_pooling(a)`, where nothing but a pooling is given what comes out
    BeforePooling,
    /// `Layer::call(&field, &[a, b])`
    Trait,
}

/// A call of a layer or function, for the graph as data.
pub(crate) struct Call {
    pub callee: Callee,
    /// What made the values it was called on.
    pub inputs: Vec<Source>,
    pub outputs: Vec<Static>,
    pub parameters: Parameters,
    /// The first target of its statement.
    pub target: Option<String>,
}

/// What is called.
pub(crate) enum Callee {
    /// The instance of this index.
    Field { index: usize, layer: String, updates: bool },
    /// A function or an operator by its name.
    Function(&'static str),
    /// `add_loss` or `add_metric`, with the name that is given to it.
    Term(&'static str, String),
}

impl Callee {
    /// The instance, if it is one.
    pub fn field(&self) -> Option<usize> {
        if let Callee::Field { index, .. } = self { Some(*index) } else { None }
    }
}

/// What made a value.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Source {
    /// This input.
    Input(usize),
    /// The call of this index, and which of its outputs it is.
    Call(usize, usize),
    /// No call: a number.
    Nothing,
}

/// A number of weights.
pub(crate) enum Parameters {
    Known(usize),
    /// Found by const evaluation for this deferred shape, times a number of copies.
    Deferred {
        index: usize,
        copies: usize,
    },
    /// Found by const evaluation for what is inside of the container.
    Inside,
    Unknown,
}

/// A shape that the macro cannot find, because of a constant it cannot see: left to const
/// evaluation.
pub(crate) struct Deferred {
    pub rule: Rule,
    /// Who is to blame if a mask is lost here; empty where it may end.
    pub blamed: String,
    pub inputs: Vec<Static>,
    /// The user's names and the origins of the inputs, for the message.
    pub operands: Vec<(String, String)>,
    /// The calls of templates that it happens in, for the message.
    pub within: Vec<String>,
    pub first: Span,
    pub last: Span,
}

/// What finds a deferred shape.
pub(crate) enum Rule {
    /// The rule of a layer or function of the catalogue: an `ArgValue` for each argument, and how
    /// many values must come out where that number can vary.
    Entry { entry: &'static Entry, config: Vec<TokenStream>, outputs: Option<usize> },
    /// What comes out of a layer around another one: the first `own` inputs are its own, the others
    /// what comes out of the one inside.
    Outer { entry: &'static Entry, config: Vec<TokenStream>, own: usize },
    /// Arithmetic.
    Operator,
    /// That a value can be added to the loss, or measured, by this function.
    Term(&'static str),
    /// A slice: a `SliceItem` for each axis.
    Slice(Vec<TokenStream>),
    /// `output_shape` of a layer of the user's or a model, with these arguments, which must return
    /// this many values.
    Foreign { path: TokenStream, args: Vec<TokenStream>, outputs: usize },
    /// Output `output` of shape `index` of the model around: a parameter of a container.
    Given { index: usize, output: usize },
    /// What comes out of a container, by its field; the shapes are those of its model.
    Container { field: usize, outputs: Vec<Static> },
    /// That a layer, first called on the first half of `inputs`, can take the second half.
    Shared { entry: &'static Entry, config: Vec<TokenStream>, source: String },
}
