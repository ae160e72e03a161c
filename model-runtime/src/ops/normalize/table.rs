//! Where groups are the rows of a table, as in layer normalisation, or made of columns of tables,
//! as in batch and group normalisation: the same in loops that are compiled for each engine.

use std::ops::Range;

use model_spec::MAX_RANK;

use super::{Measure, Moments, Normalize};
use crate::float::Scalar;
use crate::kernels::normalize as kernels;
use crate::kernels::parts::All;
use crate::kernels::sums::add_rows_wide;
use crate::ops::strided::walk;
use crate::pool::{self, Buffer};
use crate::tape::Step;
use crate::tensor::Tensor;

/// How the numbers are tables.
pub(super) enum Table {
    /// One, whose rows are groups, and whose columns have weights.
    Rows,
    Columns(Columns),
}

/// Tables one after the other, each with groups of its own, which are made of columns.
pub(super) struct Columns {
    rows: usize,
    /// How many groups a table has.
    groups: usize,
    /// The group of each column.
    group: Buffer<usize>,
    /// Its place among the weights.
    weight: Buffer<usize>,
}

impl Columns {
    /// How many numbers a table has.
    fn size(&self) -> usize {
        (self.rows * self.group.len()).max(1)
    }

    /// For each column what its group has, among those from `table` on.
    fn each(&self, table: usize, of_groups: &[f64]) -> Buffer<f64> {
        let of_groups = &of_groups[table * self.groups..];
        self.group.iter().map(|&group| of_groups[group]).collect()
    }

    /// The sum over each group, given one of each column.
    fn sums(&self, of_columns: impl Iterator<Item = f64>) -> Buffer<f64> {
        let mut sums = pool::zeros::<f64>(self.groups);
        self.group.iter().zip(of_columns).for_each(|(&group, sum)| sums[group] += sum);
        sums
    }

    /// For each column the mean over its group, given a sum of each column and how many numbers
    /// count in each group of this table.
    fn mean(&self, of_columns: impl Iterator<Item = f64>, count: &[f64]) -> Buffer<f64> {
        let mut sums = self.sums(of_columns);
        sums.iter_mut().zip(count).for_each(|(sum, n)| *sum /= n.max(1.0));
        self.each(0, &sums)
    }

    /// What belongs to the groups of a table.
    fn of_table(&self, table: usize) -> Range<usize> {
        table * self.groups..(table + 1) * self.groups
    }

    /// Puts what the columns have of their groups where it belongs.
    fn put(&self, table: usize, of_columns: &[f64], of_groups: &mut [f64]) {
        let of_groups = &mut of_groups[table * self.groups..];
        self.group.iter().zip(of_columns).for_each(|(&group, of)| of_groups[group] = *of);
    }
}

impl Normalize {
    /// The tables that the numbers are.
    pub(super) fn table(&self) -> Table {
        let [_, groups, weights] = &self.layout.steps;
        let dims = &self.layout.dims;
        // Weights that nobody has are the same everywhere.
        let none = [0; MAX_RANK + 2];
        let weighted = self.gamma || self.beta;
        let weights = if weighted { &weights[..] } else { &none[..dims.len()] };
        let in_rows = groups[..] == [1, 0] && (!weighted || weights[..] == [0, 1]);
        if in_rows && self.counted.is_none() {
            return Table::Rows;
        }
        // Tables along what is apart and has no weights, rows along what is neither.
        let first = usize::from(groups.len() > 1 && groups[0] > 0 && weights[0] == 0);
        let along = (groups.get(first), weights.get(first));
        let last = first + usize::from(along == (Some(&0), Some(&0)));
        let places = |steps: &[isize]| {
            let mut places = pool::empty(dims[last..].iter().product());
            walk(&dims[last..], [0], [&steps[last..]], |at| places.extend_from_slice(&at));
            places
        };
        let tables: usize = dims[..first].iter().product();
        let in_each = self.layout.groups.checked_div(tables).unwrap_or(0);
        let (rows, group, weight) =
            (dims[first..last].iter().product(), places(groups), places(weights));
        Table::Columns(Columns { rows, groups: in_each, group, weight })
    }

    /// Which numbers of a table count; nothing where all of them do.
    fn counted_of(&self, columns: &Columns, table: usize) -> &[bool] {
        let size = columns.size();
        self.counted.as_ref().map_or(&[], |counted| &counted[table * size..][..size])
    }

    pub(super) fn table_moments<T: Scalar>(&self, table: &Table, x: &[T]) -> Moments {
        let groups = self.layout.groups;
        let [mut mean, mut variance] = [groups; 2].map(pool::zeros::<f64>);
        let around_mean = self.measure == Measure::Deviation;
        let all = match self.measure {
            Measure::Length => 1.0,
            _ => x.len() as f64 / groups.max(1) as f64,
        };
        let mut count = pool::full(groups, all);
        match table {
            Table::Rows => kernels::row_moments(x, &mut mean, &mut variance, around_mean, all),
            Table::Columns(columns) => {
                let width = columns.group.len();
                for (table, x) in x.chunks_exact(columns.size()).enumerate() {
                    let counted = self.counted_of(columns, table);
                    let count = &mut count[columns.of_table(table)];
                    let mut sums = pool::zeros::<f64>(2 * width);
                    if !counted.is_empty() {
                        kernels::counted_sums(x, counted, &mut sums);
                        // A group of which nothing counts has the mean and the variance 0, as in
                        // Keras.
                        count.copy_from_slice(&columns.sums(sums[width..].iter().copied()));
                    } else if around_mean {
                        add_rows_wide(x, &mut sums[..width]);
                    }
                    let sums = &mut sums[..width];
                    if !around_mean {
                        sums.fill(0.0);
                    }
                    let means = columns.mean(sums.iter().copied(), count);
                    sums.fill(0.0);
                    kernels::column_squares(x, counted, &means, sums);
                    let variances = columns.mean(sums.iter().copied(), count);
                    columns.put(table, &means, &mut mean);
                    columns.put(table, &variances, &mut variance);
                }
            }
        }
        Moments { mean, variance, count }
    }

    /// A weight of each column in `f64`, if there is one; else `none`.
    fn wide<T: Scalar>(&self, table: &Table, weight: Option<&[T]>, none: f64) -> Buffer<f64> {
        match (table, weight) {
            (Table::Rows, Some(weight)) => weight.iter().map(|weight| weight.as_f64()).collect(),
            (Table::Rows, None) => pool::full(self.layout.dims[1], none),
            (Table::Columns(columns), Some(weight)) => {
                columns.weight.iter().map(|&at| weight[at].as_f64()).collect()
            }
            (Table::Columns(columns), None) => pool::full(columns.weight.len(), none),
        }
    }

    pub(super) fn table_forward<T: Scalar>(
        &self,
        table: &Table,
        inputs: &[&Tensor<T>],
        moments: [&[f64]; 2],
        y: &mut [T],
    ) {
        let gamma = self.wide(table, self.gamma.then(|| inputs[1].data()), 1.0);
        let beta = self.beta.then(|| inputs[inputs.len() - 1].data());
        let beta = self.wide(table, beta, 0.0);
        let (x, weights) = (inputs[0].data(), [All(&gamma), All(&beta)]);
        match table {
            Table::Rows => kernels::normalize_rows(x, y, moments, weights),
            Table::Columns(columns) => {
                let tables = x.chunks_exact(columns.size()).zip(y.chunks_exact_mut(columns.size()));
                for (table, (x, y)) in tables.enumerate() {
                    let moments = moments.map(|of| columns.each(table, of));
                    let moments = [All(&moments[0][..]), All(&moments[1][..])];
                    kernels::normalize_columns(x, y, moments, weights);
                }
            }
        }
    }

    pub(super) fn table_backward<T: Scalar>(
        &self,
        table: &Table,
        moments: &Moments,
        inv: &[f64],
        step: &mut Step<'_, T>,
    ) {
        let gamma = self.wide(table, self.gamma.then(|| step.inputs[1].data()), 1.0);
        let mut sums = pool::zeros::<f64>(2 * gamma.len());
        match table {
            Table::Rows => self.pull_rows(moments, inv, &gamma, step, &mut sums),
            Table::Columns(columns) => {
                self.pull_columns(columns, moments, inv, &gamma, step, &mut sums);
            }
        }
        let (scaled, sums) = sums.split_at(gamma.len());
        let of_weights = |of_columns: &[f64]| {
            let Table::Columns(columns) = table else { return pool::copy(of_columns) };
            let mut sums = pool::zeros::<f64>(self.layout.weights);
            columns.weight.iter().zip(of_columns).for_each(|(&at, sum)| sums[at] += sum);
            sums
        };
        let [scaled, sums] = [scaled, sums].map(of_weights);
        if self.gamma {
            step.add(1, |w| T::of(scaled[w]));
        }
        if self.beta {
            step.add(step.inputs.len() - 1, |w| T::of(sums[w]));
        }
    }

    /// The gradient by the numbers, and to `sums` what is added up for γ and for β.
    fn pull_rows<T: Scalar>(
        &self,
        moments: &Moments,
        inv: &[f64],
        gamma: &[f64],
        step: &mut Step<'_, T>,
        sums: &mut [f64],
    ) {
        let (x, dy) = (step.inputs[0].data(), step.gradient);
        let count = moments.count.first().map_or(1.0, |n| n.max(1.0));
        let moments = [&moments.mean[..], inv];
        if self.gamma || self.beta {
            kernels::weight_sums(x, dy, moments, true, sums);
        }
        let (moves, most) = (self.moves(), self.most());
        step.write(0, |dx, add| {
            kernels::pull_rows([x, dy], dx, moments, All(gamma), moves, [count, most], add);
        });
    }

    /// The same for columns.
    fn pull_columns<T: Scalar>(
        &self,
        columns: &Columns,
        moments: &Moments,
        inv: &[f64],
        gamma: &[f64],
        step: &mut Step<'_, T>,
        all: &mut [f64],
    ) {
        let (x, dy, size) = (step.inputs[0].data(), step.gradient, columns.size());
        let count = |table| &moments.count[columns.of_table(table)];
        let moments = |table| [&moments.mean, inv].map(|of| columns.each(table, of));
        let mut of_tables = pool::zeros::<f64>(x.len() / size * all.len());
        let tables = x.chunks_exact(size).zip(dy.chunks_exact(size));
        let sums = of_tables.chunks_exact_mut(all.len().max(1));
        for (table, ((x, dy), sums)) in tables.clone().zip(sums).enumerate() {
            let [mean, inv] = moments(table);
            kernels::weight_sums(x, dy, [&mean, &inv], false, sums);
            all.iter_mut().zip(&*sums).for_each(|(all, sum)| *all += *sum);
        }
        // What a number does to all of its group by way of the moments.
        let (moves, most) = (self.moves(), self.most());
        step.write(0, |dx, add| {
            let sums = of_tables.chunks_exact(all.len().max(1));
            let tables = tables.zip(dx.chunks_exact_mut(size)).zip(sums);
            for (table, (((x, dy), dx), sums)) in tables.enumerate() {
                let (scaled, sums) = sums.split_at(gamma.len());
                let [mean, inv] = moments(table);
                let shift = sums.iter().zip(gamma).map(|(sum, gamma)| sum * gamma);
                let scale = scaled.iter().zip(gamma).map(|(sum, gamma)| sum * gamma);
                let scale =
                    scale.zip(&inv[..]).map(|(sum, inv)| if *inv < most { sum } else { 0.0 });
                let shift = shift.map(|sum| if moves[0] { sum } else { 0.0 });
                let scale = scale.map(|sum| if moves[1] { sum } else { 0.0 });
                let (shift, scale) =
                    (columns.mean(shift, count(table)), columns.mean(scale, count(table)));
                let (moments, moves) =
                    ([All(&mean[..]), All(&inv)], [All(&shift[..]), All(&scale)]);
                let counted = self.counted_of(columns, table);
                kernels::pull_columns([x, dy], dx, counted, moments, All(gamma), moves, add);
            }
        });
    }

    /// Whether a number changes its group's mean, and its deviation.
    fn moves(&self) -> [bool; 2] {
        [!self.known && self.measure == Measure::Deviation, !self.known]
    }
}
