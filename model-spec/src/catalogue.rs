use crate::words::Words;
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// What comes out when a layer with these arguments is given these inputs.
///
/// A rule is a `const fn`, so that the macro, const evaluation and a running model use the same
/// one. It must answer without a panic whatever it is given: a poison input gives
/// [`Values::POISON`].
pub type Rule = fn(&Config<'_>, &[Value]) -> Result<Values, ShapeError>;

/// The weights of a layer with these arguments for these inputs. A `const fn` as well, which
/// answers whatever it is given.
pub type WeightsRule = fn(&Config<'_>, &[Value]) -> Weights;

/// A layer, or a function of values, as the macro and everything else that walks the catalogue see
/// it.
#[derive(Debug)]
pub struct Entry {
    /// Keras's name: `Dense`.
    pub name: &'static str,
    /// The name in lower case, from which fields without a name of their own are called: `dense`.
    pub snake: &'static str,
    /// Where the rule stands below this crate: `layers::dense`. It holds `rule` and `weights`;
    /// several entries may share it.
    pub module: &'static str,
    /// How it is written in a model.
    pub form: Form,
    /// How many values it takes.
    pub inputs: Inputs,
    /// How many values it returns.
    pub outputs: Outputs,
    /// Which input stands in for one that is left out, where a later one is given by its name.
    pub stands_in: &'static [StandIn],
    /// Whether a mask may end here: because the layer itself leaves out what is masked, or because
    /// it is there to take a mask off. Elsewhere a mask that is not passed on is an error.
    pub uses_mask: bool,
    /// Its arguments in Keras's order; those of the call last.
    pub args: &'static [Arg],
    /// Its shape rule. For a layer around another one: what the other one is called on.
    pub rule: Rule,
    /// Whether a training step updates its state, such as moving means: `Variable`s.
    pub updates: bool,
    /// Its weights, without those of a layer inside.
    pub weights: WeightsRule,
    /// For a layer around another one, such as `Bidirectional(LSTM(64))`: what comes out.
    pub wraps: Option<&'static Wraps>,
    /// Whether it pools the value that it is called on.
    pub pools: bool,
    /// Whether it has a method `before_pooling`, which makes a value that only a pooling sees.
    pub before_pooling: bool,
}

impl Entry {
    /// What most layers are: called on one value, of which one comes out, without arguments and
    /// weights, and without a use for masks.
    pub const LAYER: Entry = Entry {
        name: "",
        snake: "",
        module: "",
        form: Form::Layer,
        inputs: Inputs::Exactly(1),
        outputs: Outputs::One,
        stands_in: &[],
        uses_mask: false,
        args: &[],
        rule: crate::layers::identity::rule,
        updates: false,
        weights: crate::no_weights,
        wraps: None,
        pools: false,
        before_pooling: false,
    };

    /// How many values come out of a call on this many, for what is known of the arguments.
    pub fn output_count(&self, config: &Config<'_>) -> usize {
        match self.outputs {
            Outputs::One => 1,
            Outputs::Several(count) => count(config),
        }
    }
}

/// What a layer that is given another one makes of it.
#[derive(Debug)]
pub struct Wraps {
    /// The layers that it can be given; any, if none is named.
    pub layers: &'static [&'static str],
    /// What is said of another one, if not which layers it can be given. Layers of one's own, of
    /// which nothing is known, are then told so where they are called.
    pub refused: Option<fn() -> ShapeError>,
    /// Refuses arguments of the layer inside.
    pub check: Option<InnerCheck>,
    /// How many copies of the layer, each with weights of its own, there are.
    pub copies: usize,
    /// On how many values the layer inside is called, for the number that the one around it is.
    pub inner_inputs: fn(usize) -> usize,
    /// How many values come out, for the number that comes out of the layer inside.
    pub outputs: fn(&Config<'_>, usize) -> usize,
    /// Its weights beside those of the layer inside, for which it is asked; none by default.
    pub weights: Option<fn(&Weights) -> Weights>,
    /// What comes out, for the inputs and what comes out of the layer inside.
    pub rule: OuterRule,
}

/// Refuses the arguments of a layer inside of another one.
pub type InnerCheck = fn(&Entry, &Config<'_>) -> Result<(), ShapeError>;

/// What comes out of a layer around another one: the function `outer` of its module.
pub type OuterRule = fn(&Config<'_>, &[Value], &[Value]) -> Result<Values, ShapeError>;

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
    /// `Container(|a, b| { … })`: an instance made from statements, which are those of a model.
    Container,
}

/// How many values a layer or a function takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inputs {
    /// This many, each a parameter of its own.
    Exactly(usize),
    /// This many or more, as one list.
    AtLeast(usize),
    /// From `least` to `most`, as one list. Each has a name, under which it can be given; the last
    /// may be several: `LSTM(8)(x, initial_state = [h, c])`.
    Between {
        /// How many there are at least.
        least: usize,
        /// How many there are at most.
        most: usize,
        /// Their names.
        names: &'static [&'static str],
    },
}

impl Inputs {
    /// The smallest number.
    pub const fn least(&self) -> usize {
        match *self {
            Inputs::Exactly(count) | Inputs::AtLeast(count) => count,
            Inputs::Between { least, .. } => least,
        }
    }
}

/// An input that stands in for another.
#[derive(Clone, Copy, Debug)]
pub struct StandIn {
    /// The place of the input that may be left out.
    pub missing: usize,
    /// The place, before it, of the one that is taken then.
    pub by: usize,
}

/// How many values a layer returns.
#[derive(Clone, Copy, Debug)]
pub enum Outputs {
    /// One.
    One,
    /// A number that follows from the arguments, such as `return_state`; `call` returns a list.
    Several(fn(&Config<'_>) -> usize),
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
    /// Whether it is written where the layer is called: `attention(q, v, use_causal_mask = true)`.
    pub at_call: bool,
    /// Whether a division that leaves something over is a mistake: `64 / 5` for the size of a head.
    pub exact: bool,
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
    /// How many equal parts, or, in parentheses or brackets, where parts begin: `2` or `(1, 3)`. A
    /// list of one place is told from a number by a 0 in front, where the first part begins.
    Cuts,
    /// A shape: `(7, 7, 64)` or the sizes one after the other. A size that may be anything, `_`, is
    /// the number -1.
    Shape,
    /// A number; may be Rust.
    Float,
    /// A number or several: `0.5` or `(0.5, 2.0)`; may be Rust.
    Floats,
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
    /// A text in quotes. In front of the values of a function it may stand as well.
    Text,
    /// A layer: `LSTM(64)`. Only the first argument can be one.
    Layer,
}

impl Arg {
    /// An argument that must be given.
    pub const fn required(name: &'static str, kind: ArgKind) -> Arg {
        Arg { name, kind, default: None, check: None, at_call: false, exact: false }
    }

    /// An argument with a default.
    pub const fn new(name: &'static str, kind: ArgKind, default: ArgValue) -> Arg {
        Arg { name, kind, default: Some(default), check: None, at_call: false, exact: false }
    }

    /// The same argument with a check of its value.
    pub const fn check(mut self, check: fn(ArgValue) -> Result<(), ShapeError>) -> Arg {
        self.check = Some(check);
        self
    }

    /// The same argument, for which a division must leave nothing over.
    pub const fn exact(mut self) -> Arg {
        self.exact = true;
        self
    }

    /// The same argument, written where the layer is called.
    pub const fn at_call(mut self) -> Arg {
        self.at_call = true;
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

#[cfg(test)]
mod tests;
