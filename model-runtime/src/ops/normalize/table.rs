//! Where groups are the rows or the columns of a table, as in layer and in batch normalisation:
//! the same in loops that are compiled for each engine.

use super::{Measure, Moments, Normalize};
use crate::float::Scalar;
use crate::kernels::normalize as kernels;
use crate::kernels::parts::All;
use crate::pool::{self, Buffer};
use crate::tape::Step;
use crate::tensor::Tensor;

/// How a table is grouped. Weights belong to its columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Table {
    Rows,
    Columns,
}

impl Normalize {
    /// The table, if it is one of which all numbers count.
    pub(super) fn table(&self) -> Option<Table> {
        let [numbers, groups, weights] = &self.layout.steps;
        let weighted = self.gamma || self.beta;
        if numbers.len() != 2
            || weighted && weights != &[0, 1]
            || self.counted.is_some()
            || self.measure == Measure::Length
        {
            return None;
        }
        match groups[..] {
            [1, 0] => Some(Table::Rows),
            [0, 1] => Some(Table::Columns),
            _ => None,
        }
    }

    pub(super) fn table_moments<T: Scalar>(&self, table: Table, x: &[T]) -> Moments {
        let groups = self.layout.groups;
        let (mut mean, mut variance) = (vec![0.0; groups], vec![0.0; groups]);
        let measure = match table {
            Table::Rows => kernels::row_moments,
            Table::Columns => kernels::column_moments,
        };
        measure(x, &mut mean, &mut variance, self.measure == Measure::Deviation);
        let count = vec![x.len() as f64 / groups.max(1) as f64; groups];
        Moments { mean, variance, count }
    }

    /// γ in `f64`; 1 if there is none.
    fn wide_gamma<T: Scalar>(&self, inputs: &[&Tensor<T>]) -> Buffer<f64> {
        match self.gamma {
            true => inputs[1].data().iter().map(|gamma| gamma.as_f64()).collect(),
            false => pool::full(self.layout.dims[1], 1.0),
        }
    }

    pub(super) fn table_forward<T: Scalar>(
        &self,
        table: Table,
        inputs: &[&Tensor<T>],
        moments: [&[f64]; 2],
        y: &mut [T],
    ) {
        let gamma = self.wide_gamma(inputs);
        let beta = match self.beta {
            true => inputs[inputs.len() - 1].data().iter().map(|beta| beta.as_f64()).collect(),
            false => pool::zeros::<f64>(gamma.len()),
        };
        let (x, weights) = (inputs[0].data(), [All(&gamma), All(&beta)]);
        match table {
            Table::Rows => kernels::normalize_rows(x, y, moments, weights),
            Table::Columns => kernels::normalize_columns(x, y, moments.map(All), weights),
        }
    }

    pub(super) fn table_backward<T: Scalar>(
        &self,
        table: Table,
        moments: [&[f64]; 2],
        step: &mut Step<'_, T>,
    ) {
        let (x, dy) = (step.inputs[0].data(), step.gradient);
        let gamma = self.wide_gamma(step.inputs);
        let (shifts, scales) = (!self.known && self.measure == Measure::Deviation, !self.known);
        let mut both = pool::zeros::<f64>(2 * gamma.len());
        if self.gamma || self.beta || table == Table::Columns {
            let by_row = table == Table::Rows;
            kernels::weight_sums(x, dy, moments, by_row, &mut both);
        }
        let (scaled, sums) = both.split_at(gamma.len());
        step.write(0, |dx, add| match table {
            Table::Rows => {
                kernels::pull_rows(x, dy, dx, moments, All(&gamma), [shifts, scales], add);
            }
            Table::Columns => {
                // What a number does to all of its column by way of the moments.
                let count = self.layout.dims[0] as f64;
                let mean = |sums: &[f64], counts: bool| -> Buffer<f64> {
                    let mean = |(sum, gamma): (&f64, &f64)| sum * gamma / count;
                    let sums = sums.iter().zip(gamma.iter());
                    sums.map(|pair| if counts { mean(pair) } else { 0.0 }).collect()
                };
                let (shift, scale) = (mean(sums, shifts), mean(scaled, scales));
                let (moments, moves) = (moments.map(All), [All(&shift), All(&scale)]);
                kernels::pull_columns(x, dy, dx, moments, All(&gamma), moves, add);
            }
        });
        if self.gamma {
            step.add(1, |w| T::of(scaled[w]));
        }
        if self.beta {
            step.add(step.inputs.len() - 1, |w| T::of(sums[w]));
        }
    }
}
