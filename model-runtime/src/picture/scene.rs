//! What is to be seen of a graph, before any format.

use std::collections::HashMap;

use model_spec::Value;

use crate::summary::thousands;
use crate::{Callee, Graph, Source};

/// A graph as boxes and edges.
pub(super) struct Scene {
    pub title: String,
    pub blocks: Vec<Block>,
    pub edges: Vec<Edge>,
}

/// What a box stands for.
pub(super) enum Kind {
    Input,
    Output,
    Layer,
    /// A container or model, with what is inside where it is called first.
    Model(Option<Scene>),
    Function,
    Term,
}

pub(super) struct Block {
    pub kind: Kind,
    pub title: String,
    /// What is written below the title; may be empty.
    pub detail: String,
    /// Whether it was called before.
    pub shared: bool,
    /// The shapes of what comes out.
    pub outputs: Vec<String>,
}

/// An edge to a box further on in the list.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Edge {
    pub from: usize,
    pub output: usize,
    pub to: usize,
    /// Which of the values that the box takes.
    pub input: usize,
}

impl Scene {
    pub fn of(graph: &Graph) -> Scene {
        let port = |kind, port: &crate::graph::Port| Block {
            kind,
            title: port.name.to_owned(),
            detail: String::new(),
            shared: false,
            outputs: vec![shape(&port.value)],
        };
        let inputs = graph.inputs.iter().map(|input| port(Kind::Input, input));
        let names = graph.call_names();
        let calls = (0..graph.calls.len()).map(|call| of_call(graph, call, &names[call]));
        let outputs = graph.outputs.iter().map(|output| port(Kind::Output, output));
        let blocks: Vec<Block> = inputs.chain(calls).chain(outputs).collect();
        let (before, after) = (graph.inputs.len(), graph.inputs.len() + graph.calls.len());
        let from = |source: &Source| match *source {
            Source::Input(input) => Some((input, 0)),
            Source::Call(call, output) => Some((before + call, output)),
            Source::Nothing => None,
        };
        let mut edges = Vec::new();
        let mut add = |source: &Source, to: usize, input: usize| {
            let edge = from(source).map(|(from, output)| Edge { from, output, to, input });
            edges.extend(edge);
        };
        for (call, to) in graph.calls.iter().zip(before..) {
            call.inputs.iter().enumerate().for_each(|(input, source)| add(source, to, input));
        }
        for (output, to) in graph.outputs.iter().zip(after..) {
            add(&output.source, to, 0);
        }
        Scene { title: graph.name.to_owned(), blocks, edges }
    }

    /// A number for each box, those inside of others included, in the order of the list.
    pub fn number(&self, next: &mut usize, numbers: &mut HashMap<*const Block, usize>) {
        for item in &self.blocks {
            numbers.insert(item, *next);
            *next += 1;
            if let Kind::Model(Some(inside)) = &item.kind {
                inside.number(next, numbers);
            }
        }
    }
}

fn of_call(graph: &Graph, index: usize, name: &str) -> Block {
    let call = &graph.calls[index];
    let shared = graph.is_shared(index);
    let kind = match call.callee {
        Callee::Layer { .. } => Kind::Layer,
        Callee::Model { graph, .. } => Kind::Model((!shared).then(|| Scene::of(graph))),
        Callee::Function(_) => Kind::Function,
        Callee::Term { .. } => Kind::Term,
    };
    let (title, mut detail) = match call.callee {
        Callee::Function(function) => (function.to_owned(), String::new()),
        Callee::Term { function, name } => (name.to_owned(), function.to_owned()),
        Callee::Layer { layer, .. } | Callee::Model { layer, .. } => {
            (name.to_owned(), layer.to_owned())
        }
    };
    match call.parameters {
        _ if shared => detail.push_str(", shared"),
        Some(count) if count > 0 => detail.push_str(&format!(", {}", thousands(count))),
        _ => {}
    }
    if call.updates {
        detail.push_str(", updated");
    }
    Block { kind, title, detail, shared, outputs: call.outputs.iter().map(shape).collect() }
}

fn shape(value: &Value) -> String {
    value.shape.to_string()
}
