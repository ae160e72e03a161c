//! Style as a test: lines, files, leftovers.

use std::fs;
use std::path::{Path, PathBuf};

const LONGEST_LINE: usize = 100;
const LONGEST_FILE: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below the workspace's own folders with one of these endings.
fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> =
        ["model-spec", "model-macros", "model-runtime", "examples", "tests"]
            .iter()
            .map(|folder| root().join(folder))
            .collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "target") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|end| endings.iter().any(|e| end == *e)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no files were found");
    found
}

/// Files that are compared with, not written.
fn is_reference(path: &Path) -> bool {
    let text = path.to_string_lossy();
    ["/ui/", "/golden/", "/data/"].iter().any(|part| text.contains(part))
}

#[test]
fn lines_and_files_are_short() {
    let mut wrong = Vec::new();
    for path in files(&["rs"]).iter().filter(|path| !is_reference(path)) {
        let text = fs::read_to_string(path).expect("a source file");
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
        for (number, line) in text.lines().enumerate() {
            // An address cannot be broken.
            if line.chars().count() > LONGEST_LINE && !line.contains("https://") {
                wrong.push(format!("{}:{}: too long", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_expected_message_has_its_source() {
    for path in files(&["stderr"]) {
        assert!(path.with_extension("rs").exists(), "{} has no source", path.display());
    }
}

#[test]
fn nothing_is_left_to_be_done() {
    // Put together, so that this file is not found.
    let words =
        [["to", "do!("].concat(), ["unimple", "mented!("].concat(), ["#[ig", "nore"].concat()];
    for path in files(&["rs"]).iter().filter(|path| !is_reference(path)) {
        let text = fs::read_to_string(path).expect("a source file");
        for word in &words {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}
