//! Did you mean …?

/// The candidate that is nearest to `name`, if one is near enough to have been meant.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = match name.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    let name = name.to_lowercase();
    let near = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let distance = distance(&name, &candidate);
        // Most of a name: `causal_mask` for `use_causal_mask`.
        let part = name.len() * 2 >= candidate.len() && candidate.contains(&name);
        let meant = distance <= allowed && distance < candidate.chars().count();
        (meant || part && name.len() > 3).then_some(distance)
    };
    candidates
        .into_iter()
        .filter_map(|candidate| near(candidate).map(|distance| (distance, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The fewest insertions, deletions, replacements and exchanges of neighbours (Damerau, 1964) that
/// make `b` from `a`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let layers = ["Dense", "Dropout", "Flatten"];
        assert_eq!(nearest("Dens", layers), Some("Dense"));
        assert_eq!(nearest("dense", layers), Some("Dense"));
        assert_eq!(nearest("Dorpout", layers), Some("Dropout"));
        assert_eq!(nearest("Encoder", layers), None);
        assert_eq!(nearest("BatchNorm", ["BatchNormalization"]), Some("BatchNormalization"));
        assert_eq!(nearest("ab", ["x"]), None);
    }
}
