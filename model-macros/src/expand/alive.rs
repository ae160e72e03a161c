//! Which values are still used after a statement, so that the memory of all others can be given
//! back.

use std::collections::BTreeMap;

use proc_macro2::Ident;

use crate::graph::{Node, Statement};

/// Values by their names.
type Names<'a> = BTreeMap<String, &'a Ident>;

/// For each statement, the names that are used after it.
pub(super) fn after<'a>(statements: &'a [Statement], results: &'a [Node]) -> Vec<Names<'a>> {
    let mut names = Names::new();
    results.iter().for_each(|node| add(node, &mut names));
    let mut all: Vec<Names> = statements.iter().rev().map(|s| before(s, &mut names)).collect();
    all.reverse();
    all
}

/// Turns what is used after a statement into what is used before it; returns the former.
fn before<'a>(statement: &'a Statement, names: &mut Names<'a>) -> Names<'a> {
    let after = names.clone();
    statement.targets.iter().for_each(|target| {
        names.remove(&target.to_string());
    });
    add(&statement.value, names);
    after
}

/// Adds what an expression uses.
fn add<'a>(node: &'a Node, names: &mut Names<'a>) {
    match node {
        Node::Name(name) => {
            names.insert(name.to_string(), name);
        }
        Node::Number(_) | Node::Rust(_) | Node::Captured(_) => {}
        Node::Scalar(inner)
        | Node::Term(_, _, inner, _)
        | Node::Neg(inner, _)
        | Node::Paren(inner)
        | Node::Slice(inner, ..) => add(inner, names),
        Node::Call { inputs, .. } | Node::Function { inputs, .. } => {
            inputs.iter().for_each(|input| add(input, names));
        }
        Node::Binary(left, _, right, _) => {
            add(left, names);
            add(right, names);
        }
        Node::Block(statements, results) => {
            let mut inside = Names::new();
            results.iter().for_each(|node| add(node, &mut inside));
            for statement in statements.iter().rev() {
                before(statement, &mut inside);
            }
            names.extend(inside);
        }
    }
}
