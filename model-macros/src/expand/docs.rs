//! What rustdoc and editors show of the struct and its fields.

use std::collections::HashSet;

use syn::ext::IdentExt;

use super::Expansion;
use crate::graph::{Field, Static};

/// A shape as docs show it.
pub(super) fn shape(shape: Static) -> String {
    match shape {
        Static::Known(value) => value.shape.to_string(),
        Static::Deferred { .. } => "…".to_owned(),
        Static::Poison => "(?)".to_owned(),
    }
}

fn shapes(list: &[Static]) -> String {
    list.iter().map(|item| shape(*item)).collect::<Vec<_>>().join(", ")
}

/// `50240` as `50 240`.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

fn parameters(count: Option<usize>) -> String {
    match count {
        Some(0) => "no parameters".to_owned(),
        Some(1) => "1 parameter".to_owned(),
        Some(count) => format!("{} parameters", grouped(count)),
        None => "… parameters".to_owned(),
    }
}

fn is_deferred(shape: &Static) -> bool {
    matches!(shape, Static::Deferred { .. })
}

/// Source that can stand between backticks.
fn code(source: &str) -> String {
    source.replace('`', "'")
}

/// The rows as a table of Markdown that reads well as it is; the last column to the right.
fn table(rows: &[[String; 4]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let [a, b, c, d] = [0, 1, 2, 3].map(|column| width(column).unwrap_or_default());
    let line = |[value, layer, shape, count]: &[String; 4]| {
        format!(" | {value:a$} | {layer:b$} | {shape:c$} | {count:>d$} |")
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    let rule = format!(" |{:-<a$}--|{:-<b$}--|{:-<c$}--|{:->d$}-:|", "", "", "", "");
    lines.insert(1, rule);
    lines
}

impl Expansion<'_> {
    /// `` `Dense(64, relu)`: (784) → (64), 50 240 parameters ``
    pub fn field_doc(&self, field: &Field) -> String {
        let inputs = shapes(field.inputs.as_deref().unwrap_or_default());
        let outputs = shapes(&field.outputs);
        let mut doc = format!(" `{}`", code(&field.source));
        if !outputs.is_empty() {
            doc.push_str(&format!(": {inputs} → {outputs}, {}", parameters(field.parameters)));
        }
        if let [first @ .., last] = field.lines.as_slice()
            && !first.is_empty()
        {
            let mut lines: Vec<String> = first.iter().map(usize::to_string).collect();
            lines.dedup();
            if lines == [last.to_string()] {
                doc.push_str(&format!("; called {} times in line {last}", first.len() + 1));
            } else {
                lines.retain(|line| *line != last.to_string());
                doc.push_str(&format!("; called in lines {} and {last}", lines.join(", ")));
            }
        }
        doc
    }

    /// The doc comment of the struct: what the user wrote stands before it.
    pub fn summary(&self) -> Vec<String> {
        let has_docs = self.model.attrs.iter().any(|attr| attr.path().is_ident("doc"));
        let mut lines: Vec<String> = has_docs.then(String::new).into_iter().collect();
        lines.extend(table(&self.rows()));
        if self.model.calls.iter().any(|call| call.outputs.iter().any(is_deferred)) {
            let name = &self.model.name;
            lines.push(String::new());
            lines.push(format!(" rustc finds what is `…` here; `{name}::GRAPH` has it."));
        }
        lines
    }

    /// Inputs and calls as the rows of a table, with the total of the weights.
    fn rows(&self) -> Vec<[String; 4]> {
        let mut rows = vec![["value", "layer", "shape", "parameters"].map(str::to_owned)];
        for input in &self.model.inputs {
            let name = format!("`{}`", input.name);
            rows.push([name, "Input".to_owned(), shape(input.shape), String::new()]);
        }
        let mut seen = HashSet::new();
        for call in &self.model.calls {
            let Some(index) = call.callee.field() else { continue };
            let Some(field) = &self.model.fields[index] else { continue };
            let value = call.target.clone().unwrap_or_else(|| field.name.unraw().to_string());
            let (layer, count) = if seen.insert(index) {
                (code(&field.source), field.parameters.map_or_else(|| "…".to_owned(), grouped))
            } else {
                (field.name.to_string(), "shared".to_owned())
            };
            let layer = format!("`{}`", layer.replace('|', "\\|"));
            rows.push([format!("`{value}`"), layer, shapes(&call.outputs), count]);
        }
        let total: Option<usize> = self.fields().map(|field| field.parameters).sum();
        if let Some(total) = total {
            rows.push(["total".to_owned(), String::new(), String::new(), grouped(total)]);
        }
        rows
    }

    /// `(784) → (10)`
    pub fn signature_doc(&self) -> String {
        let port = |port: &crate::graph::Port| format!("`{}` {}", port.name, shape(port.shape));
        let inputs: Vec<String> = self.model.inputs.iter().map(port).collect();
        let outputs: Vec<String> = self.model.outputs.iter().map(port).collect();
        format!(
            " {} → {}; the sample axis stands before these.",
            inputs.join(", "),
            outputs.join(", ")
        )
    }
}
