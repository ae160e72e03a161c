//! What rustdoc and editors show of the struct and its fields.

use super::Expansion;
use crate::graph::{Field, Static};

/// A shape as docs show it.
pub(super) fn shape(shape: Static) -> String {
    match shape {
        Static::Known(value) => value.shape.to_string(),
        Static::Deferred { .. } => "found by rustc".to_owned(),
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
        None => "parameters found by rustc".to_owned(),
    }
}

impl Expansion<'_> {
    /// `` `Dense(64, relu)`: (784) → (64), 50 240 parameters ``
    pub fn field_doc(&self, field: &Field) -> String {
        let inputs = shapes(field.inputs.as_deref().unwrap_or_default());
        let outputs = shapes(&field.outputs);
        let count = parameters(field.parameters);
        let mut doc = format!(" `{}`: {inputs} → {outputs}, {count}", field.source);
        if field.lines.len() > 1 {
            let lines: Vec<String> = field.lines.iter().map(usize::to_string).collect();
            doc.push_str(&format!("; called {} times, in lines {}", lines.len(), lines.join(", ")));
        }
        doc
    }

    /// The calls as a table, with the total of the weights.
    pub fn table(&self) -> Vec<String> {
        let mut lines = vec![
            String::new(),
            " | value | layer | shape | parameters |".to_owned(),
            " |---|---|---|--:|".to_owned(),
        ];
        for input in &self.model.inputs {
            lines.push(format!(" | `{}` | Input | {} | |", input.name, shape(input.shape)));
        }
        for call in &self.model.calls {
            let Some(field) = &self.model.fields[call.field] else { continue };
            let value = call.target.clone().unwrap_or_else(|| field.name.to_string());
            let source = field.source.replace('|', "\\|");
            let count = field.parameters.map_or_else(|| "?".to_owned(), grouped);
            let outputs = shapes(&call.outputs);
            lines.push(format!(" | `{value}` | `{source}` | {outputs} | {count} |"));
        }
        let total: Option<usize> = self.fields().map(|field| field.parameters).sum();
        if let Some(total) = total {
            lines.push(String::new());
            lines.push(format!(" {} in all.", parameters(Some(total))));
        }
        lines
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
