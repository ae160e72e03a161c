//! Where the boxes of a graph go, in layers from top to bottom (Sugiyama, Tagawa and Toda, 1981,
//! "Methods for visual understanding of hierarchical system structures").

/// The space between two boxes side by side.
const BESIDE: f64 = 24.0;
/// The space between two layers, in which labels stand.
const BETWEEN: f64 = 52.0;
/// The width of an edge that passes a layer.
const PASSING: f64 = 12.0;
/// How often the layers are ordered, and moved, from top to bottom and back.
const SWEEPS: usize = 12;

/// An edge from one box to a later one.
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    /// How far from the left of its box it leaves.
    pub port: f64,
}

/// A picture's measures.
#[derive(Debug, PartialEq)]
pub(super) struct Placed {
    /// The top left corner of each box.
    pub boxes: Vec<(f64, f64)>,
    /// The points that each edge goes through.
    pub edges: Vec<Vec<(f64, f64)>>,
    pub width: f64,
    pub height: f64,
}

/// A box, or a piece of an edge on its way through a layer.
struct Item {
    layer: usize,
    width: f64,
    /// The middle.
    x: f64,
    above: Vec<usize>,
    below: Vec<usize>,
    passing: bool,
}

/// Places boxes of these widths and heights. Every edge leads to a box further on in the list.
pub(super) fn place(sizes: &[(f64, f64)], edges: &[Edge]) -> Placed {
    let layers = layers(sizes.len(), edges);
    let item = |(&(width, _), &layer): (&(f64, f64), &usize)| Item {
        layer,
        width,
        x: 0.0,
        above: Vec::new(),
        below: Vec::new(),
        passing: false,
    };
    let mut items: Vec<Item> = sizes.iter().zip(&layers).map(item).collect();
    let routes: Vec<Vec<usize>> = edges.iter().map(|edge| route(&mut items, edge)).collect();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layers.iter().max().map_or(0, |l| l + 1)];
    for (index, item) in items.iter().enumerate() {
        rows[item.layer].push(index);
    }
    order(&items, &mut rows);
    spread(&mut items, &rows);
    measure(sizes, edges, &items, &rows, &routes)
}

/// The layer of each box: below all that lead to it; a box to which nothing leads stands close to
/// what it leads to.
fn layers(boxes: usize, edges: &[Edge]) -> Vec<usize> {
    let mut layers = vec![0; boxes];
    for edge in sorted((0..edges.len()).collect(), &|edge| edges[edge].from as f64) {
        let edge = &edges[edge];
        layers[edge.to] = layers[edge.to].max(layers[edge.from] + 1);
    }
    for first in 0..boxes {
        if edges.iter().any(|edge| edge.to == first) {
            continue;
        }
        let below = edges.iter().filter(|edge| edge.from == first).map(|edge| layers[edge.to]);
        layers[first] = below.min().map_or(0, |layer| layer - 1);
    }
    layers
}

/// The items that an edge goes through, from box to box; adds those in between.
fn route(items: &mut Vec<Item>, edge: &Edge) -> Vec<usize> {
    let mut route = vec![edge.from];
    for layer in items[edge.from].layer + 1..items[edge.to].layer {
        let (above, below) = (Vec::new(), Vec::new());
        items.push(Item { layer, width: PASSING, x: 0.0, above, below, passing: true });
        route.push(items.len() - 1);
    }
    route.push(edge.to);
    for pair in route.windows(2) {
        items[pair[0]].below.push(pair[1]);
        items[pair[1]].above.push(pair[0]);
    }
    route
}

/// Orders each row by where its neighbours stand, so that few edges cross.
fn order(items: &[Item], rows: &mut [Vec<usize>]) {
    let mut places = vec![0.0; items.len()];
    let number = |rows: &[Vec<usize>], places: &mut [f64]| {
        for row in rows {
            row.iter().enumerate().for_each(|(place, &item)| places[item] = place as f64);
        }
    };
    number(rows, &mut places);
    let mut best = (crossings(items, rows, &places), rows.to_vec());
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 0..rows.len() {
            let row = if down { step } else { rows.len() - 1 - step };
            let place = |item: usize| {
                let next = if down { &items[item].above } else { &items[item].below };
                mean(next.iter().map(|&other| places[other])).unwrap_or(places[item])
            };
            rows[row] = sorted(std::mem::take(&mut rows[row]), &place);
            rows[row].iter().enumerate().for_each(|(place, &item)| places[item] = place as f64);
        }
        let crossings = crossings(items, rows, &places);
        if crossings < best.0 {
            best = (crossings, rows.to_vec());
        }
    }
    rows.clone_from_slice(&best.1);
}

/// How many pairs of edges cross.
fn crossings(items: &[Item], rows: &[Vec<usize>], places: &[f64]) -> usize {
    let of_row = |row: &Vec<usize>| {
        let pieces: Vec<(f64, f64)> = row
            .iter()
            .flat_map(|&from| items[from].below.iter().map(move |&to| (from, to)))
            .map(|(from, to)| (places[from], places[to]))
            .collect();
        let crossed = |(i, a): (usize, &(f64, f64))| {
            pieces[i + 1..].iter().filter(|b| (a.0 - b.0) * (a.1 - b.1) < 0.0).count()
        };
        pieces.iter().enumerate().map(crossed).sum::<usize>()
    };
    rows.iter().map(of_row).sum()
}

/// Moves all items in their rows close to their neighbours.
fn spread(items: &mut [Item], rows: &[Vec<usize>]) {
    for row in rows {
        settle(items, row, &vec![0.0; row.len()]);
    }
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 0..rows.len() {
            let row = &rows[if down { step } else { rows.len() - 1 - step }];
            let wish = |&item: &usize| {
                let next = if down { &items[item].above } else { &items[item].below };
                mean(next.iter().map(|&other| items[other].x)).unwrap_or(items[item].x)
            };
            let wishes: Vec<f64> = row.iter().map(wish).collect();
            settle(items, row, &wishes);
        }
    }
}

/// Puts a row as close to its wishes as its order and widths allow: a weighted isotonic regression
/// by pooling neighbours that are in each other's way.
fn settle(items: &mut [Item], row: &[usize], wishes: &[f64]) {
    /// Items that stand side by side, with the mean of what they wish for the first of them.
    struct Pool {
        sum: f64,
        weight: f64,
        items: usize,
    }
    let mut offsets = Vec::with_capacity(row.len());
    let mut offset = 0.0;
    for (i, &item) in row.iter().enumerate() {
        if i > 0 {
            offset += (items[row[i - 1]].width + items[item].width) / 2.0 + BESIDE;
        }
        offsets.push(offset);
    }
    let mut pools: Vec<Pool> = Vec::new();
    for ((&item, wish), offset) in row.iter().zip(wishes).zip(&offsets) {
        // Long edges are rather straight than short.
        let weight = if items[item].passing { 4.0 } else { 1.0 };
        pools.push(Pool { sum: weight * (wish - offset), weight, items: 1 });
        while let [.., before, last] = pools.as_mut_slice()
            && before.sum / before.weight > last.sum / last.weight
        {
            before.sum += last.sum;
            before.weight += last.weight;
            before.items += last.items;
            pools.pop();
        }
    }
    let starts = pools.iter().flat_map(|p| std::iter::repeat_n(p.sum / p.weight, p.items));
    for ((&item, start), offset) in row.iter().zip(starts).zip(&offsets) {
        items[item].x = start + offset;
    }
}

/// Coordinates from 0 on.
fn measure(
    sizes: &[(f64, f64)],
    edges: &[Edge],
    items: &[Item],
    rows: &[Vec<usize>],
    routes: &[Vec<usize>],
) -> Placed {
    let left = items.iter().map(|item| item.x - item.width / 2.0).fold(f64::INFINITY, f64::min);
    let right = items.iter().map(|item| item.x + item.width / 2.0).fold(left, f64::max);
    let mut tops = Vec::with_capacity(rows.len());
    let mut y = 0.0;
    for row in rows {
        let heights = row.iter().filter_map(|&item| sizes.get(item)).map(|size| size.1);
        let height = heights.fold(0.0, f64::max);
        tops.push((y, height));
        y += height + BETWEEN;
    }
    let top = |item: usize| tops[items[item].layer];
    let corner = |(i, size): (usize, &(f64, f64))| (items[i].x - size.0 / 2.0 - left, top(i).0);
    let boxes: Vec<(f64, f64)> = sizes.iter().enumerate().map(corner).collect();
    let ends = ends(edges, &boxes, sizes, items, routes);
    let points = |((edge, route), end): ((&Edge, &Vec<usize>), &f64)| {
        let (x, y) = boxes[edge.from];
        let (bottom, end_of_layer) = (y + sizes[edge.from].1, y + top(edge.from).1);
        let mut points = vec![(x + edge.port, bottom)];
        // Past what is higher in the same layer.
        if bottom < end_of_layer {
            points.push((x + edge.port, end_of_layer));
        }
        for &item in &route[1..route.len() - 1] {
            let (top, height) = top(item);
            points.extend([(items[item].x - left, top), (items[item].x - left, top + height)]);
        }
        points.push((*end, boxes[edge.to].1));
        points
    };
    let edges = edges.iter().zip(routes).zip(&ends).map(points).collect();
    Placed { boxes, edges, width: (right - left).max(0.0), height: (y - BETWEEN).max(0.0) }
}

/// Where each edge meets the top of its box: side by side, in the order in which they come.
fn ends(
    edges: &[Edge],
    boxes: &[(f64, f64)],
    sizes: &[(f64, f64)],
    items: &[Item],
    routes: &[Vec<usize>],
) -> Vec<f64> {
    let from = |edge: usize| items[routes[edge][routes[edge].len() - 2]].x;
    let end = |(i, edge): (usize, &Edge)| {
        let all = (0..edges.len()).filter(|&other| edges[other].to == edge.to).collect();
        let all = sorted(all, &from);
        let place = all.iter().position(|&other| other == i).unwrap_or(0);
        let share = (place as f64 + 1.0) / (all.len() as f64 + 1.0);
        boxes[edge.to].0 + sizes[edge.to].0 * share
    };
    edges.iter().enumerate().map(end).collect()
}

/// The same by their keys; those with equal ones keep their order.
fn sorted(items: Vec<usize>, key: &dyn Fn(usize) -> f64) -> Vec<usize> {
    let mut keyed: Vec<(f64, usize)> = items.into_iter().map(|item| (key(item), item)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    keyed.into_iter().map(|(_, item)| item).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    values.for_each(|value| {
        sum += value;
        count += 1;
    });
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: usize, to: usize) -> Edge {
        Edge { from, to, port: 10.0 }
    }

    #[test]
    fn a_chain_stands_in_one_column() {
        let placed = place(&[(40.0, 10.0), (80.0, 20.0), (20.0, 10.0)], &[edge(0, 1), edge(1, 2)]);
        assert_eq!(placed.boxes, [(20.0, 0.0), (0.0, 62.0), (30.0, 134.0)]);
        assert_eq!((placed.width, placed.height), (80.0, 144.0));
        assert_eq!(placed.edges[0], [(30.0, 10.0), (40.0, 62.0)]);
    }

    #[test]
    fn nothing_overlaps_whatever_the_graph() {
        for seed in 0..200_usize {
            // Sizes and edges that look random, from a linear congruence.
            let mut state = seed;
            let mut draw = |below: usize| {
                state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
                (state >> 8) % below
            };
            let count = 1 + draw(12);
            let sizes: Vec<(f64, f64)> =
                (0..count).map(|_| (20.0 + draw(100) as f64, 10.0 + draw(50) as f64)).collect();
            let mut edges = Vec::new();
            for to in 1..count {
                for _ in 0..draw(3) {
                    edges.push(edge(draw(to), to));
                }
            }
            let placed = place(&sizes, &edges);
            let rects: Vec<_> = placed.boxes.iter().zip(&sizes).collect();
            for (i, (a, size_a)) in rects.iter().enumerate() {
                assert!(a.0 >= -1e-6 && a.0 + size_a.0 <= placed.width + 1e-6, "seed {seed}");
                assert!(a.1 >= 0.0 && a.1 + size_a.1 <= placed.height + 1e-6, "seed {seed}");
                for (b, size_b) in &rects[i + 1..] {
                    let beside = a.0 + size_a.0 <= b.0 + 1e-6 || b.0 + size_b.0 <= a.0 + 1e-6;
                    let below = a.1 + size_a.1 <= b.1 + 1e-6 || b.1 + size_b.1 <= a.1 + 1e-6;
                    assert!(beside || below, "seed {seed}: {a:?} {size_a:?} {b:?} {size_b:?}");
                }
            }
            for (path, edge) in placed.edges.iter().zip(&edges) {
                assert!(path.windows(2).all(|pair| pair[0].1 <= pair[1].1), "seed {seed}");
                assert_eq!(path[path.len() - 1].1, placed.boxes[edge.to].1);
            }
        }
    }

    #[test]
    fn edges_cross_no_more_than_they_must() {
        // Two chains that are named crosswise.
        let sizes = vec![(20.0, 10.0); 4];
        let placed = place(&sizes, &[edge(0, 3), edge(1, 2)]);
        let straight = |path: &Vec<(f64, f64)>, edge: usize| {
            (placed.boxes[[0, 1][edge]].0 - placed.boxes[[3, 2][edge]].0).abs() < 1e-6
                && path.len() == 2
        };
        assert!(placed.edges.iter().enumerate().all(|(i, path)| straight(path, i)));
    }

    #[test]
    fn nothing_needs_no_room() {
        assert_eq!(place(&[], &[]).width, 0.0);
    }
}
