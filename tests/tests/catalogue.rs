//! `docs/CATALOGUE.md` is what the catalogue and the reference say.

use std::fs;
use std::path::Path;

use tests::{catalogue, parity};

/// The page without the errors, whose last digits are the machine's.
fn without_figures(page: &str) -> Vec<String> {
    let row = |line: &str| match line.starts_with("| `") {
        true => line.rsplitn(4, '|').last().unwrap_or(line).to_owned(),
        false => line.to_owned(),
    };
    page.lines().map(row).collect()
}

#[test]
fn the_page_is_up_to_date() {
    if cfg!(feature = "f64") {
        // The page has the errors of f32.
        return;
    }
    let families = parity::run().expect("the reference can be read");
    let page = catalogue::page(&families).expect("layers do what the catalogue says");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/CATALOGUE.md");
    if std::env::var_os("UPDATE_CATALOGUE").is_some() {
        fs::write(&path, &page).expect("docs/CATALOGUE.md can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        without_figures(&written) == without_figures(&page),
        "docs/CATALOGUE.md is out of date: UPDATE_CATALOGUE=1 cargo test -p tests --test catalogue"
    );
}
