use std::fmt;

use crate::graph::Call;
use crate::model::path;
use crate::{Callee, Float, Graph, Model, Source, progress};

/// The table of a model's layers; see [`Model::summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    name: &'static str,
    rows: Vec<[String; 4]>,
    /// Whether each layer is called on the one before, so that this need not be said.
    chain: bool,
    trainable: usize,
    frozen: usize,
    /// How wide the table may be, if that is said.
    line_length: Option<usize>,
}

/// How wide a table may be where nothing else is said.
const WIDTH: usize = 80;

/// How narrow a column may become.
const NARROW: usize = 4;

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
        let (trainable, frozen, line_length) = (of_kind(true), of_kind(false), None);
        Summary { name: graph.name, rows, chain, trainable, frozen, line_length }
    }

    /// How wide the table may be, as in Keras; by default 80 columns, or those of the terminal if
    /// they are fewer. What does not fit is broken into lines.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { image = Input(28, 28); Dense(10, softmax)(Flatten()(image)) };
    /// let narrow: Summary = net.summary().line_length(40);
    /// let text = narrow.to_string();
    /// assert!(text.lines().all(|line| line.chars().count() <= 40));
    /// ```
    pub fn line_length(mut self, columns: usize) -> Summary {
        self.line_length = Some(columns);
        self
    }

    /// The widths of the columns, so that the table fits.
    fn widths(&self, header: &[String]) -> Vec<usize> {
        let columns = header.len();
        let widest = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([header[column].chars().count()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(widest).collect();
        let most = self.line_length.unwrap_or_else(|| progress::width().min(WIDTH));
        let room = most.saturating_sub(3 * columns + 1);
        while widths.iter().sum::<usize>() > room {
            // Numbers are never broken.
            let column = (0..columns).filter(|c| *c != 2).max_by_key(|c| widths[*c]).unwrap_or(0);
            if widths[column] <= NARROW {
                break;
            }
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

/// A text in lines of at most this width, broken at spaces, and inside of a longer word. Lines
/// begin with the spaces that are in front, as far as there is room for them.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let words = text.trim_start_matches(' ');
    let indent = (text.len() - words.len()).min(width / 4);
    let room = width - indent;
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let letters: Vec<char> = word.chars().collect();
        let last = lines.last_mut();
        match last.filter(|line| line.chars().count() + 1 + letters.len() <= room) {
            Some(line) => line.extend([' '].iter().chain(&letters)),
            None => lines.extend(letters.chunks(room).map(|piece| piece.iter().collect())),
        }
    }
    lines.into_iter().map(|line| " ".repeat(indent) + &line).collect()
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
        let summary = Summary {
            name: "Net",
            rows,
            chain: true,
            trainable: 50_240,
            frozen: 0,
            line_length: None,
        };
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
        let (trainable, frozen, line_length) = (1, 2, None);
        let summary = Summary { name: "Net", rows, chain: false, trainable, frozen, line_length };
        /// What stands in a column, without spaces.
        fn column(text: &str, column: usize) -> String {
            let (_, rows) = text.split_once('├').expect("what is between header and rows");
            let rows = rows.lines().filter_map(|line| line.split('│').nth(column + 1));
            rows.collect::<String>().replace(' ', "")
        }
        for width in [40, 60, WIDTH, 200] {
            let text = summary.clone().line_length(width).to_string();
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            // Nothing is lost.
            assert_eq!(column(&text, 0), long.replace(' ', ""), "{text}");
            assert_eq!(column(&text, 2), "12,345,678", "{text}");
            assert_eq!(column(&text, 3), inputs.replace(' ', ""), "{text}");
        }
        // One that is narrower than any table is a table still.
        assert!(summary.line_length(0).to_string().contains("12,345,678"));
    }

    #[test]
    fn what_is_inside_stays_inside_where_it_is_broken() {
        assert_eq!(wrap("  dense (Dense)", 20), ["  dense (Dense)"]);
        assert_eq!(wrap("  dense (Dense, 2 calls)", 12), ["  dense", "  (Dense, 2", "  calls)"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("    deep", 8), ["  deep"]);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
