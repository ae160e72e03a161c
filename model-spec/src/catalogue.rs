use crate::words::Words;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// What comes out when a layer with these arguments is given these inputs.
///
/// A rule is a `const fn`, so that the macro, const evaluation and a running model use the same
/// one. It must answer without a panic whatever it is given: a poison input gives
/// [`Values::POISON`].
pub type Rule = fn(&Config<'_>, &[Value]) -> Result<Values, ShapeError>;

/// How many weights a layer with these arguments has for these inputs, which its rule has accepted.
pub type Parameters = fn(&Config<'_>, &[Value]) -> usize;

/// A layer, or a function of values, as the macro and everything else that walks the catalogue see
/// it.
#[derive(Debug)]
pub struct Entry {
    /// Keras's name: `Dense`.
    pub name: &'static str,
    /// The name in lower case, from which fields without a name of their own are called: `dense`.
    pub snake: &'static str,
    /// Where the rule stands below this crate: `layers::dense`. It holds `rule` and `parameters`;
    /// several entries may share it.
    pub module: &'static str,
    /// How it is written in a model.
    pub form: Form,
    /// How many values it takes.
    pub inputs: Inputs,
    /// Its arguments in Keras's order.
    pub args: &'static [Arg],
    /// Its shape rule.
    pub rule: Rule,
    /// Its number of weights.
    pub parameters: Parameters,
}

/// How an entry of the catalogue is written in a model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `Dense(64)(x)`: an instance made from arguments, then called.
    Layer,
    /// `relu(x)`: a function called with values first and arguments after them.
    Function,
    /// `Input(784)`: a value that is given from outside.
    Input,
    /// `Lambda(|x| …)(x)`: an instance made from a closure.
    Lambda,
    /// `Sequential([…])`: an instance made from others, called one after the other.
    Sequential,
}

/// How many values a layer or a function takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inputs {
    /// This many, each a parameter of its own.
    Exactly(usize),
    /// This many or more, as one list.
    AtLeast(usize),
}

/// An argument of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// Keras's name.
    pub name: &'static str,
    /// What may be written for it.
    pub kind: ArgKind,
    /// What it is where nothing is written; `None` if something must be.
    pub default: Option<ArgValue>,
    /// A check that needs no input, such as that a rate lies below 1.
    pub check: Option<fn(ArgValue) -> Result<(), ShapeError>>,
}

/// What may be written for an argument.
#[derive(Clone, Copy, Debug)]
pub enum ArgKind {
    /// A size: a positive whole number that is constant.
    Size,
    /// A whole number that is constant, such as an axis.
    Int,
    /// Whole numbers that are constant: `1` or `(1, 2)`.
    Ints,
    /// A shape: `(7, 7, 64)` or the sizes one after the other. A size that may be anything, `_`, is
    /// the number -1.
    Shape,
    /// A number; may be Rust.
    Float,
    /// `true` or `false`.
    Bool,
    /// A word of a list, as a lone identifier or a string, or Rust where the list allows it.
    Word(&'static Words),
    /// A closure or the path of a function, over values.
    Closure,
    /// A shape without the sample axis, or a function of the input's shape with it.
    OutputShape,
    /// A number that generators start from.
    Seed,
}

impl Arg {
    /// An argument that must be given.
    pub const fn required(name: &'static str, kind: ArgKind) -> Arg {
        Arg { name, kind, default: None, check: None }
    }

    /// An argument with a default.
    pub const fn new(name: &'static str, kind: ArgKind, default: ArgValue) -> Arg {
        Arg { name, kind, default: Some(default), check: None }
    }

    /// The same argument with a check of its value.
    pub const fn check(mut self, check: fn(ArgValue) -> Result<(), ShapeError>) -> Arg {
        self.check = Some(check);
        self
    }
}

/// Every layer, in the order of the documentation.
pub const LAYERS: &[&Entry] = crate::layers::ALL;

/// Every function of values.
pub const FUNCTIONS: &[&Entry] = crate::functions::ALL;

/// The layer or function of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    LAYERS.iter().chain(FUNCTIONS).find(|entry| entry.name == name).copied()
}
