//! Every function, loss, metric, optimizer, callback and layer of model-runtime is shown in an
//! example: in its docs, the guide, the README or the examples.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Item, UseTree, Visibility};

/// Those whose public items users write down, and not only get.
const FOLDERS: [&str; 7] =
    ["callbacks", "functions", "loss", "metric", "optimizer", "optimizer/schedule", "utils"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The words of the programs between fences.
fn words_of_fences(lines: impl Iterator<Item = String>, words: &mut HashSet<String>) {
    let mut is_inside = false;
    for line in lines {
        if line.trim_start().starts_with("```") {
            is_inside = !is_inside;
        } else if is_inside {
            words_of(&line, words);
        }
    }
}

fn words_of(text: &str, words: &mut HashSet<String>) {
    let all = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.extend(all.map(str::to_owned));
}

/// All words of all examples.
fn examples() -> HashSet<String> {
    let (mut words, mut found) = (HashSet::new(), vec![root().join("README.md")]);
    files(&root().join("model-runtime/docs"), "md", &mut found);
    for path in found {
        words_of_fences(read(&path).lines().map(str::to_owned), &mut words);
    }
    let mut sources = Vec::new();
    files(&root().join("model-runtime/src"), "rs", &mut sources);
    for path in sources {
        let text = read(&path);
        let docs = text.lines().map(str::trim_start).filter_map(|line| {
            let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
            doc.map(str::to_owned)
        });
        words_of_fences(docs, &mut words);
    }
    let mut programs = Vec::new();
    files(&root().join("examples/examples"), "rs", &mut programs);
    programs.iter().for_each(|path| words_of(&read(path), &mut words));
    words
}

/// The names that a folder makes public; `None` for all of a file.
fn used(tree: &UseTree, names: &mut Vec<String>, all_of: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => match &*path.tree {
            UseTree::Glob(_) => all_of.push(path.ident.to_string()),
            tree => used(tree, names, all_of),
        },
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| used(tree, names, all_of));
        }
        _ => {}
    }
}

/// The public items of a folder that users write down.
fn items(folder: &Path) -> Vec<String> {
    let (mut names, mut all_of) = (Vec::new(), Vec::new());
    let module = syn::parse_file(&read(&folder.join("mod.rs"))).expect("Rust");
    for item in &module.items {
        if let Item::Use(item) = item
            && matches!(item.vis, Visibility::Public(_))
        {
            used(&item.tree, &mut names, &mut all_of);
        }
    }
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).expect("a folder of model-runtime");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_whole = all_of.contains(&stem);
        for item in syn::parse_file(&read(&path)).expect("Rust").items {
            let (vis, name) = match &item {
                Item::Fn(item) => (&item.vis, item.sig.ident.to_string()),
                Item::Struct(item) => (&item.vis, item.ident.to_string()),
                Item::Enum(item) => (&item.vis, item.ident.to_string()),
                Item::Trait(item) => (&item.vis, item.ident.to_string()),
                _ => continue,
            };
            if matches!(vis, Visibility::Public(_)) && (is_whole || names.contains(&name)) {
                found.push(name.trim_start_matches("r#").to_owned());
            }
        }
    }
    found
}

/// What users get from others, and read.
const GOTTEN: [&str; 4] = ["Named", "Reduced", "Target", "TrainTestSplit"];

#[test]
fn every_item_that_users_write_down_is_in_an_example() {
    let words = examples();
    let (mut missing, mut seen) = (Vec::new(), 0);
    for folder in FOLDERS {
        for name in items(&root().join("model-runtime/src").join(folder)) {
            seen += 1;
            if !words.contains(&name) && !GOTTEN.contains(&name.as_str()) {
                missing.push(format!("{folder}: {name}"));
            }
        }
    }
    assert!(seen > 100, "only {seen} items were found");
    assert!(missing.is_empty(), "without an example:\n{}", missing.join("\n"));
}
