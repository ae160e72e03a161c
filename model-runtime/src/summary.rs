use std::fmt;

use crate::graph::Call;
use crate::model::path;
use crate::{Callee, Float, Graph, Model, Source};

/// The table of a model's layers; see [`Model::summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    name: &'static str,
    rows: Vec<[String; 4]>,
    /// Whether each layer is called on the one before, so that this need not be said.
    chain: bool,
    trainable: usize,
    frozen: usize,
}

/// How wide a table may be.
const WIDTH: usize = 80;

/// A weight or variable: its path, its size, and whether gradients change it.
struct Size {
    path: String,
    numbers: usize,
    trainable: bool,
}

struct Weights {
    sizes: Vec<Size>,
    /// The paths of weights that stand under another one as well, with that one.
    ties: Vec<(String, String)>,
}

impl Summary {
    pub(crate) fn new(model: &(impl Model + ?Sized)) -> Summary {
        let graph = model.graph();
        let parameters = model.parameters().into_iter().map(|(path, parameter)| {
            let (numbers, trainable) = (parameter.tensor().len(), parameter.is_trainable());
            Size { path, numbers, trainable }
        });
        let variables = model.variables().into_iter().map(|(path, variable)| {
            let numbers = variable.tensor().len();
            Size { path, numbers, trainable: false }
        });
        let weights = Weights {
            sizes: parameters.chain(variables).collect(),
            ties: path::ties(&|visitor| model.visit(visitor)),
        };
        let sizes = &weights.sizes;
        let mut rows: Vec<[String; 4]> = Vec::new();
        for port in graph.inputs {
            let shape = port.value.shape.to_string();
            let name = format!("{} (Input)", port.name);
            rows.push([name, shape, "0".to_owned(), "-".to_owned()]);
        }
        add_rows(graph, "", &weights, &mut rows);
        let follows = |(i, call): (usize, &Call)| match i.checked_sub(1) {
            None => call.inputs == [Source::Input(0)],
            Some(before) => call.inputs == [Source::Call(before, 0)],
        };
        let chain = graph.inputs.len() == 1 && graph.calls.iter().enumerate().all(follows);
        let of_kind = |trainable: bool| {
            let kind = sizes.iter().filter(|size| size.trainable == trainable);
            kind.map(|size| size.numbers).sum()
        };
        Summary { name: graph.name, rows, chain, trainable: of_kind(true), frozen: of_kind(false) }
    }

    /// The widths of the columns, so that the table fits.
    fn widths(&self, header: &[String]) -> Vec<usize> {
        let columns = header.len();
        let widest = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([header[column].chars().count()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(widest).collect();
        let room = WIDTH - 3 * columns - 1;
        while widths.iter().sum::<usize>() > room {
            // Numbers are never cut.
            let column = (0..columns).filter(|c| *c != 2).max_by_key(|c| widths[*c]).unwrap_or(0);
            widths[column] -= 1;
        }
        widths
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = if self.chain { 3 } else { 4 };
        let header = ["Layer (type)", "Output Shape", "Param #", "Connected to"].map(str::to_owned)
            [..columns]
            .to_vec();
        let widths = self.widths(&header);
        let rule = |left: &str, cross: &str, right: &str| {
            let bars: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
            format!("{left}{}{right}", bars.join(cross))
        };
        writeln!(f, "Model: \"{}\"", self.name)?;
        writeln!(f, "{}", rule("┌", "┬", "┐"))?;
        line(f, &header, &widths)?;
        for row in &self.rows {
            writeln!(f, "{}", rule("├", "┼", "┤"))?;
            line(f, &row[..columns], &widths)?;
        }
        writeln!(f, "{}", rule("└", "┴", "┘"))?;
        writeln!(f, " Total params: {}", size(self.trainable + self.frozen))?;
        writeln!(f, " Trainable params: {}", size(self.trainable))?;
        write!(f, " Non-trainable params: {}", size(self.frozen))
    }
}

/// A row for each layer and function, what is inside of a layer below it; `path` is that of the
/// model, a dot after each field.
fn add_rows(graph: &Graph, path: &str, weights: &Weights, rows: &mut Vec<[String; 4]>) {
    let names = graph.call_names();
    let source = |source: &Source| match *source {
        Source::Input(i) => Some(graph.inputs[i].name.to_owned()),
        Source::Call(i, _) => Some(names[i].clone()),
        Source::Nothing => None,
    };
    let indent = "  ".repeat(path.matches('.').count());
    for (i, call) in graph.calls.iter().enumerate() {
        if graph.is_shared(i) || matches!(call.callee, Callee::Term { .. }) {
            continue;
        }
        let field = call.callee.field();
        let same = |other: &&Call| field.is_some() && other.callee.field() == field;
        let others = graph.calls[i + 1..].iter().filter(same);
        let calls: Vec<&Call> = [call].into_iter().chain(others).collect();
        let inputs: Vec<String> =
            calls.iter().flat_map(|call| call.inputs).filter_map(source).collect();
        let shapes: Vec<String> =
            call.outputs.iter().map(|value| value.shape.to_string()).collect();
        let inside = format!("{path}{}.", names[i]);
        let of_field: Vec<&Size> = match field {
            Some(_) => weights.sizes.iter().filter(|size| size.path.starts_with(&inside)).collect(),
            None => Vec::new(),
        };
        let mut name = format!("{indent}{} ({}", names[i], call.callee.name());
        if calls.len() > 1 {
            name.push_str(&format!(", {} calls", calls.len()));
        }
        if !of_field.is_empty() && of_field.iter().all(|size| !size.trainable) {
            name.push_str(", frozen");
        }
        let is_other = |(path, first): &&(String, String)| {
            path.starts_with(&inside) && !first.starts_with(&inside)
        };
        if !matches!(call.callee, Callee::Model { .. }) {
            let ties = weights.ties.iter().filter(is_other);
            ties.for_each(|(_, first)| name.push_str(&format!(", shares {first}")));
        }
        name.push(')');
        let count: usize = of_field.iter().map(|size| size.numbers).sum();
        rows.push([name, shapes.join(", "), thousands(count), inputs.join(", ")]);
        if let Callee::Model { graph, .. } = call.callee {
            add_rows(graph, &inside, weights, rows);
        }
    }
}

/// A row of the table: as many lines as its longest cell needs.
fn line(f: &mut fmt::Formatter<'_>, cells: &[String], widths: &[usize]) -> fmt::Result {
    let cells: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
    for i in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
            let text = cell.get(i).map_or("", String::as_str);
            if column == 2 {
                write!(f, "│ {text:>width$} ")?;
            } else {
                write!(f, "│ {text:<width$} ")?;
            }
        }
        writeln!(f, "│")?;
    }
    Ok(())
}

/// A text in lines of at most this width, broken at spaces; a longer word is cut, and spaces in
/// front stay.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let words = text.trim_start_matches(' ');
    let (indent, words) = text.split_at(text.len() - words.len());
    for word in words.split(' ') {
        let word = if lines.is_empty() { format!("{indent}{word}") } else { word.to_owned() };
        let letters = word.chars().count();
        let word = if letters > width {
            word.chars().take(width - 1).chain(['…']).collect()
        } else {
            word
        };
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + letters <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// `50,240`.
pub(crate) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `50,240 (196.25 KB)`.
fn size(count: usize) -> String {
    let mut bytes = (count * size_of::<Float>()) as f64;
    let mut units = ["B", "KB", "MB", "GB"].iter();
    let mut unit = units.next().unwrap_or(&"");
    while bytes >= 1024.0 {
        let Some(next) = units.next() else { break };
        bytes /= 1024.0;
        unit = next;
    }
    format!("{} ({bytes:.2} {unit})", thousands(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 4]) -> [String; 4] {
        cells.map(str::to_owned)
    }

    #[test]
    fn a_chain_has_three_columns() {
        let rows = vec![
            row(["image (Input)", "(784)", "0", "-"]),
            row(["dense (Dense)", "(64)", "50,240", "image"]),
        ];
        let summary = Summary { name: "Net", rows, chain: true, trainable: 50_240, frozen: 0 };
        let bytes = if size_of::<Float>() == 4 { "196.25 KB" } else { "392.50 KB" };
        let expected = format!(
            "\
Model: \"Net\"
┌───────────────┬──────────────┬─────────┐
│ Layer (type)  │ Output Shape │ Param # │
├───────────────┼──────────────┼─────────┤
│ image (Input) │ (784)        │       0 │
├───────────────┼──────────────┼─────────┤
│ dense (Dense) │ (64)         │  50,240 │
└───────────────┴──────────────┴─────────┘
 Total params: 50,240 ({bytes})
 Trainable params: 50,240 ({bytes})
 Non-trainable params: 0 (0.00 B)"
        );
        assert_eq!(summary.to_string(), expected);
    }

    #[test]
    fn long_names_and_lists_are_broken_to_fit() {
        let long = "a_layer_with_a_name_that_is_longer_than_any_column_may_be (Concatenate)";
        let inputs = ["first_of_the_inputs"; 6].join(", ");
        let rows = vec![row([long, "(128, 128, 64), (128, 128, 64)", "12,345,678", &inputs])];
        let summary = Summary { name: "Net", rows, chain: false, trainable: 1, frozen: 2 };
        let text = summary.to_string();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("…") && text.contains("12,345,678"), "{text}");
        assert_eq!(text.matches("first_of_the_input").count(), 6, "{text}");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
