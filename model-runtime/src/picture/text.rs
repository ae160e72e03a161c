//! Graphs in the languages of Graphviz and Mermaid.

use std::collections::HashMap;
use std::fmt::Write;

use super::scene::{Block, Edge, Kind, Scene};

/// Numbers for all boxes, those inside of others included.
type Numbers = HashMap<*const Block, usize>;

fn numbers(scene: &Scene) -> Numbers {
    let mut numbers = HashMap::new();
    scene.number(&mut 0, &mut numbers);
    numbers
}

/// The boxes where an edge begins and ends: an open box is not one, its ports are.
fn ends(scene: &Scene, edge: &Edge, numbers: &Numbers) -> (usize, usize) {
    let port = |block: usize, is_port: fn(&Kind) -> bool, port: usize| {
        let block = &scene.blocks[block];
        let inside = match &block.kind {
            Kind::Model(Some(inside)) => inside.blocks.as_slice(),
            _ => &[],
        };
        let found = inside.iter().filter(|item| is_port(&item.kind)).nth(port);
        numbers[&std::ptr::from_ref(found.unwrap_or(block))]
    };
    let from = port(edge.from, |kind| matches!(kind, Kind::Output), edge.output);
    (from, port(edge.to, |kind| matches!(kind, Kind::Input), edge.input))
}

pub(super) fn dot(scene: &Scene) -> String {
    let numbers = numbers(scene);
    let mut out = String::from("digraph {\n  node [shape=box, fontname=monospace];\n");
    out.push_str("  edge [fontname=monospace, fontsize=10];\n");
    dot_scene(&mut out, scene, &numbers, 1);
    out.push_str("}\n");
    out
}

fn dot_scene(out: &mut String, scene: &Scene, numbers: &Numbers, depth: usize) {
    let indent = "  ".repeat(depth);
    for item in &scene.blocks {
        let number = numbers[&std::ptr::from_ref(item)];
        let text = label(item, "\\n", &[('\\', "\\\\"), ('"', "\\\"")]);
        // Writing to a `String` cannot fail.
        let _ = match &item.kind {
            Kind::Model(Some(inside)) => {
                let _ = writeln!(out, "{indent}subgraph cluster_{number} {{");
                let _ = writeln!(out, "{indent}  label=\"{text}\";");
                dot_scene(out, inside, numbers, depth + 1);
                writeln!(out, "{indent}}}")
            }
            _ => {
                let style = match (&item.kind, item.shared) {
                    (_, true) => ", style=dashed",
                    (Kind::Input | Kind::Output | Kind::Function, _) => ", style=rounded",
                    (Kind::Term, _) => ", color=orangered",
                    _ => "",
                };
                writeln!(out, "{indent}n{number} [label=\"{text}\"{style}];")
            }
        };
    }
    for edge in &scene.edges {
        let shape = &scene.blocks[edge.from].outputs[edge.output];
        let (from, to) = ends(scene, edge, numbers);
        let _ = writeln!(out, "{indent}n{from} -> n{to} [label=\"{shape}\"];");
    }
}

pub(super) fn mermaid(scene: &Scene) -> String {
    let mut out = String::from("flowchart TD\n");
    mermaid_scene(&mut out, scene, &numbers(scene), 1);
    out
}

fn mermaid_scene(out: &mut String, scene: &Scene, numbers: &Numbers, depth: usize) {
    let indent = "  ".repeat(depth);
    for item in &scene.blocks {
        let number = numbers[&std::ptr::from_ref(item)];
        let text = label(item, "<br>", MARKUP);
        let _ = match &item.kind {
            Kind::Model(Some(inside)) => {
                let _ = writeln!(out, "{indent}subgraph n{number}[\"{text}\"]");
                mermaid_scene(out, inside, numbers, depth + 1);
                writeln!(out, "{indent}end")
            }
            Kind::Input | Kind::Output => writeln!(out, "{indent}n{number}([\"{text}\"])"),
            Kind::Function => writeln!(out, "{indent}n{number}(\"{text}\")"),
            Kind::Term => writeln!(out, "{indent}n{number}{{{{\"{text}\"}}}}"),
            Kind::Layer | Kind::Model(None) => writeln!(out, "{indent}n{number}[\"{text}\"]"),
        };
    }
    for edge in &scene.edges {
        let shape = &scene.blocks[edge.from].outputs[edge.output];
        let (from, to) = ends(scene, edge, numbers);
        let _ = writeln!(out, "{indent}n{from} -- \"{shape}\" --> n{to}");
    }
}

/// What a label of Mermaid cannot have as it is: its own escapes, and those of HTML.
const MARKUP: &[(char, &str)] =
    &[('#', "#35;"), ('&', "#amp;"), ('"', "#quot;"), ('<', "#lt;"), ('>', "#gt;")];

/// The lines of a box, with these characters written in another way.
fn label(item: &Block, line: &str, escapes: &[(char, &str)]) -> String {
    let mut label = String::new();
    for (i, text) in [&item.title, &item.detail].into_iter().enumerate() {
        if i > 0 && !text.is_empty() {
            label.push_str(line);
        }
        for c in text.chars() {
            match escapes.iter().find(|(special, _)| *special == c) {
                Some((_, escaped)) => label.push_str(escaped),
                None => label.push(c),
            }
        }
    }
    label
}
