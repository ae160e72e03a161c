//! Graphs as JSON.

use std::fmt::Write;

use model_spec::{Kind, Shape, Value};

use crate::graph::{Call, Port};
use crate::{Callee, Graph, Source};

pub(super) fn json(graph: &Graph) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(","));
    let ports = |ports: &[Port]| list(ports.iter().map(port).collect());
    let calls = list(graph.calls.iter().map(call).collect());
    let (inputs, outputs) = (ports(graph.inputs), ports(graph.outputs));
    let name = text(graph.name);
    format!("{{\"name\":{name},\"inputs\":{inputs},\"outputs\":{outputs},\"calls\":{calls}}}")
}

fn port(port: &Port) -> String {
    let (name, value, source) = (text(port.name), value(&port.value), source(&port.source));
    format!("{{\"name\":{name},\"value\":{value},\"source\":{source}}}")
}

fn call(call: &Call) -> String {
    let callee = match call.callee {
        Callee::Layer { field, layer } => {
            format!("\"kind\":\"layer\",\"field\":{},\"layer\":{}", text(field), text(layer))
        }
        Callee::Model { field, layer, graph } => format!(
            "\"kind\":\"model\",\"field\":{},\"layer\":{},\"graph\":{}",
            text(field),
            text(layer),
            json(graph)
        ),
        Callee::Function(name) => format!("\"kind\":\"function\",\"function\":{}", text(name)),
        Callee::Term { function, name } => {
            format!("\"kind\":\"term\",\"function\":{},\"name\":{}", text(function), text(name))
        }
    };
    let inputs: Vec<String> = call.inputs.iter().map(source).collect();
    let outputs: Vec<String> = call.outputs.iter().map(value).collect();
    let parameters = call.parameters.map_or_else(|| "null".to_owned(), |count| count.to_string());
    format!(
        "{{{callee},\"inputs\":[{}],\"outputs\":[{}],\"parameters\":{parameters},\"updates\":{}}}",
        inputs.join(","),
        outputs.join(","),
        call.updates
    )
}

fn source(source: &Source) -> String {
    match source {
        Source::Input(input) => format!("{{\"input\":{input}}}"),
        Source::Call(call, output) => format!("{{\"call\":{call},\"output\":{output}}}"),
        Source::Nothing => "null".to_owned(),
    }
}

fn value(value: &Value) -> String {
    let kind = match value.kind {
        Kind::Float => "float",
        Kind::Index => "index",
    };
    let dim = |&dim: &usize| if dim == Shape::ANY { "null".to_owned() } else { dim.to_string() };
    let dims: Vec<String> = value.shape.dims().iter().map(dim).collect();
    format!("{{\"shape\":[{}],\"kind\":\"{kind}\",\"mask\":{}}}", dims.join(","), value.mask)
}

/// A text between quotes.
fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
