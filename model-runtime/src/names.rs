//! Names that are written as strings, such as those of losses.

use crate::Error;

/// The error for a name that is not among those known.
pub(crate) fn unknown(
    noun: &'static str,
    name: &str,
    known: impl IntoIterator<Item = impl Into<String>>,
) -> Error {
    let known: Vec<String> = known.into_iter().map(Into::into).collect();
    let suggestion = closest(name, &known);
    Error::UnknownName { noun, name: name.to_owned(), suggestion, known }
}

/// The error for a path that none of these weights has or stands under.
pub(crate) fn unknown_path<'a>(path: &str, weights: impl IntoIterator<Item = &'a str>) -> Error {
    let mut known: Vec<&str> = Vec::new();
    for weight in weights {
        let ends = weight.match_indices('.').map(|(end, _)| end).chain([weight.len()]);
        for end in ends {
            if !known.contains(&&weight[..end]) {
                known.push(&weight[..end]);
            }
        }
    }
    unknown("weight or layer", path, known)
}

/// The known name that is closest to `name`, if it is close enough to be what was meant.
fn closest(name: &str, known: &[String]) -> Option<String> {
    let folded = name.to_lowercase().replace(['-', ' '], "_");
    let close = known.iter().map(|known| (distance(&folded, known), known));
    let (edits, best) = close.min_by_key(|(edits, _)| *edits)?;
    (edits <= 1 + folded.chars().count() / 4).then(|| best.clone())
}

/// The number of letters to insert, delete, replace or swap with their neighbour.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        let known: Vec<String> =
            ["adam", "adamw", "sgd", "mean_squared_error"].map(String::from).to_vec();
        assert_eq!(closest("adma", &known).as_deref(), Some("adam"));
        assert_eq!(closest("AdamW", &known).as_deref(), Some("adamw"));
        assert_eq!(closest("mean_square_error", &known).as_deref(), Some("mean_squared_error"));
        assert_eq!(closest("lion", &known), None);
    }
}
