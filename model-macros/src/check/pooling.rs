//! Which calls of convolutions are followed by a pooling and by nothing else, so that the two can
//! be done at once.

use model_spec::Entry;

use crate::graph::{CallStyle, Field, Model, Node, Statement};

/// Marks these calls.
pub(super) fn mark(model: &mut Model) {
    let Model { fields, statements, results, .. } = model;
    Marker { fields }.body(statements, results);
}

struct Marker<'a> {
    fields: &'a [Option<Field>],
}

/// How often a value is used, and how often by a pooling.
#[derive(Default)]
struct Uses {
    all: usize,
    pooled: usize,
}

impl Marker<'_> {
    fn body(&self, statements: &mut [Statement], results: &mut [Node]) {
        for index in 0..statements.len() {
            let (before, after) = statements.split_at_mut(index + 1);
            let Statement { targets, value } = &mut before[index];
            self.inside(value);
            let Some(style) = self.convolution(value) else { continue };
            if let [target] = targets.as_slice() {
                let uses = self.uses(&target.to_string(), after, results);
                if uses.all == 1 && uses.pooled == 1 {
                    *style = CallStyle::BeforePooling;
                }
            }
        }
        results.iter_mut().for_each(|node| self.inside(node));
    }

    /// Marks what stands inside of an expression.
    fn inside(&self, node: &mut Node) {
        if let Some(input) = self.pooled(node).then(|| input(node)).flatten()
            && let Some(style) = self.convolution(input)
        {
            *style = CallStyle::BeforePooling;
        }
        match node {
            Node::Name(_) | Node::Number(_) | Node::Rust(_) | Node::Captured(_) => {}
            Node::Scalar(inner)
            | Node::Term(_, _, inner, _)
            | Node::Neg(inner, _)
            | Node::Paren(inner)
            | Node::Slice(inner, ..) => self.inside(inner),
            Node::Call { inputs, .. } | Node::Function { inputs, .. } => {
                inputs.iter_mut().for_each(|input| self.inside(input));
            }
            Node::Binary(left, _, right, _) => {
                self.inside(left);
                self.inside(right);
            }
            Node::Block(statements, results) => self.body(statements, results),
        }
    }

    fn entry(&self, field: usize) -> Option<&'static Entry> {
        self.fields[field].as_ref()?.entry
    }

    /// How a convolution is called, if the expression is such a call.
    fn convolution<'a>(&self, node: &'a mut Node) -> Option<&'a mut CallStyle> {
        match node {
            Node::Paren(inner) => self.convolution(inner),
            Node::Call { field, style, .. } => {
                self.entry(*field).is_some_and(|entry| entry.before_pooling).then_some(style)
            }
            _ => None,
        }
    }

    /// Whether an expression pools its input.
    fn pooled(&self, node: &Node) -> bool {
        match node {
            Node::Call { field, .. } => self.entry(*field).is_some_and(|entry| entry.pools),
            Node::Function { entry, .. } => entry.pools,
            _ => false,
        }
    }

    /// How the value of this name is used by statements, until another one takes the name, and by
    /// the results. A value of the same name inside of a template counts too.
    fn uses(&self, name: &str, statements: &[Statement], results: &[Node]) -> Uses {
        let mut uses = Uses::default();
        for statement in statements {
            self.count(name, &statement.value, &mut uses);
            if statement.targets.iter().any(|target| target == name) {
                return uses;
            }
        }
        results.iter().for_each(|node| self.count(name, node, &mut uses));
        uses
    }

    fn count(&self, name: &str, node: &Node, uses: &mut Uses) {
        match node {
            Node::Name(other) => uses.all += usize::from(other == name),
            Node::Number(_) | Node::Rust(_) | Node::Captured(_) => {}
            Node::Scalar(inner)
            | Node::Term(_, _, inner, _)
            | Node::Neg(inner, _)
            | Node::Paren(inner)
            | Node::Slice(inner, ..) => self.count(name, inner, uses),
            Node::Call { inputs, .. } | Node::Function { inputs, .. } => {
                let given = matches!(inputs.as_slice(), [Node::Name(other)] if other == name);
                uses.pooled += usize::from(given && self.pooled(node));
                inputs.iter().for_each(|input| self.count(name, input, uses));
            }
            Node::Binary(left, _, right, _) => {
                self.count(name, left, uses);
                self.count(name, right, uses);
            }
            Node::Block(statements, results) => {
                for statement in statements {
                    self.count(name, &statement.value, uses);
                }
                results.iter().for_each(|node| self.count(name, node, uses));
            }
        }
    }
}

/// The first input of a call.
fn input(node: &mut Node) -> Option<&mut Node> {
    match node {
        Node::Call { inputs, .. } | Node::Function { inputs, .. } => inputs.first_mut(),
        _ => None,
    }
}
