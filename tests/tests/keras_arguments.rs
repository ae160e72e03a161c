//! docs/TRAINING.md names every argument of Keras's training.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Whether a text has a name, and not a longer one in which it is a part.
fn names(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
}

/// The first cells of the rows of a table.
fn first_cells(table: &str) -> String {
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    cells.collect::<Vec<_>>().join("\n")
}

/// All that is Rust in a folder.
fn sources(folder: &Path, text: &mut String) {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    for path in entries.map(|entry| entry.expect("a name").path()) {
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *text += &fs::read_to_string(&path).expect("text");
        }
    }
}

#[test]
fn what_the_tables_say_to_call_is_there() {
    let mut source = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../model-runtime/src"), &mut source);
    let page = read("../docs/TRAINING.md");
    // Code is every other piece between backticks.
    let code = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let (mut seen, mut missing) = (0, Vec::new());
    for code in code {
        let words = code.split(|c: char| !(c.is_alphanumeric() || "_:.".contains(c)));
        for word in words {
            let of_type = word.split_once("::");
            let of_value = ["trainer.", "model.", "history."].map(|it| word.strip_prefix(it));
            let name = of_type.map(|it| it.1).into_iter().chain(of_value.into_iter().flatten());
            for name in name.filter(|name| !name.is_empty()) {
                seen += 1;
                // Functions, generic or not, fields, and words of an enum.
                let forms = [("fn ", "("), ("fn ", "<"), ("pub ", ":"), ("    ", ",")];
                if !forms.iter().any(|(a, b)| source.contains(&format!("{a}{name}{b}"))) {
                    missing.push(word.to_owned());
                }
            }
        }
    }
    assert!(seen > 50 && missing.is_empty(), "{seen} {missing:#?}");
}

#[test]
fn every_argument_of_keras_is_in_the_tables() {
    let page = read("../docs/TRAINING.md");
    let sections: Vec<(&str, &str)> =
        page.split("\n## ").skip(1).filter_map(|section| section.split_once('\n')).collect();
    let section = |title: &str| {
        let found = sections.iter().find(|(known, _)| names(known, title));
        found.map(|(_, text)| first_cells(text)).unwrap_or_default()
    };
    let known: Json = serde_json::from_str(&read("reference/arguments.json")).expect("JSON");
    let (mut missing, mut seen) = (Vec::new(), 0);
    for (function, arguments) in known.as_object().expect("an object") {
        let text = match section(function) {
            text if !text.is_empty() => text,
            // A callback has rows of its own.
            _ => {
                let callbacks = section("Callbacks");
                let rows = callbacks.lines().filter(|row| names(row, function));
                rows.collect::<Vec<_>>().join("\n")
            }
        };
        if text.is_empty() {
            missing.push(function.clone());
        }
        for argument in arguments.as_array().expect("a list").iter().filter_map(Json::as_str) {
            seen += 1;
            if !names(&text, argument) {
                missing.push(format!("{function}: {argument}"));
            }
        }
    }
    assert!(seen > 100 && missing.is_empty(), "{missing:#?}");
}
