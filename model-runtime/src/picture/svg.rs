//! Graphs as SVG. All text is of one width a letter, so that it is known what it needs.

use std::fmt::Write;

use super::layout::{self, Placed};
use super::scene::{Block, Edge, Kind, Scene};

/// The width of a letter, and the height of a line.
const LETTER: f64 = 7.3;
const LINE: f64 = 16.0;
const PADDING: f64 = 10.0;
/// Around the whole, and around what is inside of a box.
const MARGIN: f64 = 20.0;

const STYLE: &str = "\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2937}\
.t{font-weight:bold}.s,.l{fill:#6b7280;font-size:11px}\
.l{paint-order:stroke;stroke:#fff;stroke-width:3px}\
.b{stroke:#64748b}.input,.output{fill:#f1f5f9}.layer{fill:#dbeafe}.model{fill:#f8fafc}\
.function{fill:#ffffff}.term{fill:#ffedd5;stroke:#c2410c}.updated{stroke:#15803d;stroke-width:2}\
.shared{stroke-dasharray:5 3}.e{fill:none;stroke:#475569}";

/// A scene with its measures.
struct Drawn<'a> {
    scene: &'a Scene,
    placed: Placed,
    sizes: Vec<(f64, f64)>,
    inside: Vec<Option<Drawn<'a>>>,
}

pub(super) fn svg(scene: &Scene) -> String {
    let drawn = draw(scene);
    let (width, height) = (drawn.placed.width + 2.0 * MARGIN, drawn.placed.height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n\
         <defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#475569\"/></marker>\
         </defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        escape(&scene.title)
    );
    write(&mut out, &drawn, (MARGIN, MARGIN));
    out.push_str("</svg>\n");
    out
}

/// The edges; what goes twice to the same box is one.
fn edges(scene: &Scene) -> impl Iterator<Item = &Edge> {
    let same = |a: &Edge, b: &Edge| (a.from, a.output, a.to) == (b.from, b.output, b.to);
    let all = scene.edges.iter().enumerate();
    let first =
        move |(i, edge): &(usize, &Edge)| !scene.edges[..*i].iter().any(|other| same(other, edge));
    all.filter(first).map(|(_, edge)| edge)
}

/// Measures a scene, what is inside of its boxes first.
fn draw(scene: &Scene) -> Drawn<'_> {
    let inside: Vec<Option<Drawn<'_>>> = scene
        .blocks
        .iter()
        .map(|block| match &block.kind {
            Kind::Model(Some(inside)) => Some(draw(inside)),
            _ => None,
        })
        .collect();
    let sizes: Vec<(f64, f64)> = scene.blocks.iter().zip(&inside).map(size).collect();
    let edge = |edge: &Edge| {
        let ports = scene.blocks[edge.from].outputs.len().max(1) as f64;
        let port = sizes[edge.from].0 * (edge.output as f64 + 0.5) / ports;
        layout::Edge { from: edge.from, to: edge.to, port }
    };
    let edges: Vec<layout::Edge> = edges(scene).map(edge).collect();
    let placed = layout::place(&sizes, &edges);
    Drawn { scene, placed, sizes, inside }
}

fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER
}

fn size((item, inside): (&Block, &Option<Drawn<'_>>)) -> (f64, f64) {
    let text = text_width(&item.title).max(text_width(&item.detail)) + 2.0 * PADDING;
    // A label stands to the right of its edge, which leaves in the middle of its part.
    let widest = item.outputs.iter().map(|shape| text_width(shape)).fold(0.0, f64::max);
    let labels = item.outputs.len() as f64 * 2.0 * (widest + PADDING);
    let lines = if item.detail.is_empty() { 1.0 } else { 2.0 };
    let (width, height) = (text.max(labels), lines * LINE + PADDING);
    match inside {
        Some(inside) => (
            width.max(inside.placed.width + 2.0 * MARGIN),
            height + inside.placed.height + 2.0 * MARGIN,
        ),
        None => (width, height),
    }
}

fn write(out: &mut String, drawn: &Drawn<'_>, (left, top): (f64, f64)) {
    for points in &drawn.placed.edges {
        let path = path(points, (left, top));
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "<path class=\"e\" marker-end=\"url(#a)\" d=\"{path}\"/>");
    }
    let places = drawn.placed.boxes.iter().zip(&drawn.sizes).zip(&drawn.inside);
    for (i, (item, ((&(x, y), size), inside))) in drawn.scene.blocks.iter().zip(places).enumerate()
    {
        let (x, y) = (x + left, y + top);
        write_box(out, item, (x, y), *size, inside.is_some());
        if let Some(inside) = inside {
            let room = size.0 - inside.placed.width;
            write(out, inside, (x + room / 2.0, y + 2.0 * LINE + PADDING + MARGIN));
        }
        write_labels(out, drawn, i, (x, y + size.1));
    }
}

fn write_box(out: &mut String, item: &Block, (x, y): (f64, f64), size: (f64, f64), open: bool) {
    let class = match item.kind {
        Kind::Input => "input",
        Kind::Output => "output",
        Kind::Layer => "layer",
        Kind::Model(_) => "model",
        Kind::Function => "function",
        Kind::Term => "term",
    };
    let rounded = if matches!(item.kind, Kind::Layer | Kind::Model(_)) { 4.0 } else { 12.0 };
    let shared = if item.shared { " shared" } else { "" };
    let updated = if item.detail.ends_with("updated") { " updated" } else { "" };
    let (width, height) = size;
    let _ = writeln!(
        out,
        "<rect class=\"b {class}{shared}{updated}\" x=\"{x:.1}\" y=\"{y:.1}\" \
         width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{rounded}\"/>"
    );
    // The text of an open box stands in its corner, that of others in the middle.
    let (text_x, anchor) = if open { (x + PADDING, "start") } else { (x + width / 2.0, "middle") };
    let lines = [("t", &item.title), ("s", &item.detail)];
    for (i, (class, text)) in lines.into_iter().filter(|(_, text)| !text.is_empty()).enumerate() {
        let text_y = y + PADDING / 2.0 + LINE * (i as f64 + 0.75);
        let text = escape(text);
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{text_x:.1}\" y=\"{text_y:.1}\" \
             text-anchor=\"{anchor}\">{text}</text>"
        );
    }
}

/// The shapes of what leaves a box, beside the beginnings of the edges.
fn write_labels(out: &mut String, drawn: &Drawn<'_>, item: usize, (x, bottom): (f64, f64)) {
    let shapes = &drawn.scene.blocks[item].outputs;
    for (output, shape) in shapes.iter().enumerate() {
        let leaves = |edge: &Edge| edge.from == item && edge.output == output;
        if !drawn.scene.edges.iter().any(leaves) {
            continue;
        }
        let part = drawn.sizes[item].0 / shapes.len() as f64;
        let (x, y) = (x + part * (output as f64 + 0.5) + 5.0, bottom + LINE - 3.0);
        let shape = escape(shape);
        let _ = writeln!(out, "<text class=\"l\" x=\"{x:.1}\" y=\"{y:.1}\">{shape}</text>");
    }
}

/// A smooth curve through the points, which leaves and arrives upright.
fn path(points: &[(f64, f64)], (left, top): (f64, f64)) -> String {
    let mut path = String::new();
    for (i, &(x, y)) in points.iter().enumerate() {
        let (x, y) = (x + left, y + top);
        let _ = match i.checked_sub(1).map(|before| points[before]) {
            None => write!(path, "M{x:.1} {y:.1}"),
            Some((before, above)) => {
                let (before, above) = (before + left, above + top);
                let middle = (above + y) / 2.0;
                write!(path, "C{before:.1} {middle:.1} {x:.1} {middle:.1} {x:.1} {y:.1}")
            }
        };
    }
    path
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
