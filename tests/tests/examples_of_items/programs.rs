//! The programs of examples, as their tokens.

use std::collections::HashSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::public::{Method, MethodKind};
use crate::{files, read};

/// What a program names.
#[derive(Default)]
pub struct Program {
    words: HashSet<String>,
    /// `name(`, `name!`
    functions_called: HashSet<String>,
    /// `.name(`, `.name::<`
    calls: HashSet<String>,
    /// `::name`
    paths: HashSet<String>,
    /// `(name = `, `, name = `
    arguments: HashSet<String>,
    /// `fn name`
    functions: HashSet<String>,
}

impl Program {
    fn new(text: &str) -> Program {
        let mut tokens = Vec::new();
        let stream: TokenStream = text.parse().unwrap_or_else(|why| panic!("{why} in:\n{text}"));
        flat(stream, &mut tokens);
        let at = |i: usize| tokens.get(i).map_or("", String::as_str);
        let mut program = Program::default();
        for (i, word) in tokens.iter().enumerate() {
            let (before, next) = (if i > 0 { at(i - 1) } else { "" }, at(i + 1));
            let is_path = before == ":" && i > 1 && at(i - 2) == ":";
            let named = [
                (true, &mut program.words),
                (
                    !matches!(before, "." | "fn") && matches!(next, "(" | "!"),
                    &mut program.functions_called,
                ),
                (before == "." && matches!(next, "(" | ":"), &mut program.calls),
                (is_path, &mut program.paths),
                (matches!(before, "(" | ",") && next == "=", &mut program.arguments),
                (before == "fn", &mut program.functions),
            ];
            for (_, names) in named.into_iter().filter(|(is_named, _)| *is_named) {
                names.insert(word.trim_start_matches("r#").to_owned());
            }
        }
        program
    }

    /// Whether it names a type, or calls a function or macro.
    pub fn names(&self, item: &str) -> bool {
        let is_type = item.starts_with(char::is_uppercase);
        if is_type { self.words.contains(item) } else { self.functions_called.contains(item) }
    }

    pub fn shows(&self, method: &Method) -> bool {
        let name = &method.name;
        let is_called = self.calls.contains(name) || self.paths.contains(name);
        let owner = || self.words.contains(&method.owner);
        match method.kind {
            MethodKind::Trait => is_called || self.functions.contains(name),
            MethodKind::Method => is_called,
            MethodKind::Associated => owner() && (self.paths.contains(name) || name == "new"),
            MethodKind::Builder => owner() && (is_called || self.arguments.contains(name)),
        }
    }
}

/// The tokens in a row, groups opened.
fn flat(stream: TokenStream, tokens: &mut Vec<String>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                tokens.push("(".to_owned());
                flat(group.stream(), tokens);
                tokens.push(")".to_owned());
            }
            TokenTree::Literal(_) => tokens.push("0".to_owned()),
            tree => tokens.push(tree.to_string()),
        }
    }
}

/// The programs between fences that are run.
fn fences<'a>(lines: impl Iterator<Item = &'a str>, programs: &mut Vec<Program>) {
    let mut text: Option<(bool, String)> = None;
    for line in lines {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, text.take()) {
            (Some(_), Some((is_run, program))) => {
                if is_run {
                    programs.push(Program::new(&program));
                }
            }
            (Some(words), None) => text = Some((matches!(words, "" | "rust"), String::new())),
            (None, Some((is_run, mut program))) => {
                let line = line.trim_start();
                program += line.strip_prefix("# ").unwrap_or(if line == "#" { "" } else { line });
                program += "\n";
                text = Some((is_run, program));
            }
            (None, None) => {}
        }
    }
}

/// All programs: of the README, the guide, the docs of runtime and rules, and the examples.
pub fn programs(root: &Path) -> Vec<Program> {
    let mut programs = Vec::new();
    let mut texts = vec![root.join("README.md")];
    files(&root.join("model-runtime/docs"), "md", &mut texts);
    for path in texts {
        fences(read(&path).lines(), &mut programs);
    }
    let mut sources = Vec::new();
    files(&root.join("model-runtime/src"), "rs", &mut sources);
    files(&root.join("model-spec/src"), "rs", &mut sources);
    for path in sources {
        let text = read(&path);
        let docs = text.lines().map(str::trim_start);
        let docs = docs.filter_map(|line| line.strip_prefix("///").or(line.strip_prefix("//!")));
        fences(docs, &mut programs);
    }
    let mut examples = Vec::new();
    files(&root.join("examples/examples"), "rs", &mut examples);
    programs.extend(examples.iter().map(|path| Program::new(&read(path))));
    programs
}
