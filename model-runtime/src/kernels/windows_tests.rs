//! Convolutions that read images where they are, against the definition.

use super::engine::Engine;
use super::engine::tests::on_each;
use super::gemm::End;
use super::gemm_tests::numbers;
use super::threads::set_threads;
use super::unless_miri;
use super::windows::{Along, LEAST, Windows};
use crate::float::Scalar;
use crate::seed::Generator;

fn along(random: &mut Generator, least: usize) -> Along {
    let (places, stride) = (1 + random.below(4), [1, 1, 2, 3][random.below(4)]);
    let (windows, dilation) = (least + random.below(unless_miri(12, 3)), 1 + random.below(5) / 4);
    let reach = (windows - 1) * stride + (places - 1) * dilation + 1;
    // As much of it may lie before and behind the axis as a window is long.
    let before = random.below((places - 1) * dilation + 1);
    let behind = random.below((places - 1) * dilation + 1);
    let size = (reach + random.below(stride)).saturating_sub(before + behind).max(1);
    Along { size, windows, places, dilation, stride, before }
}

/// Calls `visit` with the places in images, kernel and output, but for the filter, of every product
/// that the definition adds up.
fn walk(w: &Windows, samples: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let (rows, cols) = (&w.rows, &w.cols);
    let inside = |along: &Along, window: usize, place: usize| {
        let at = (window * along.stride + place * along.dilation).checked_sub(along.before)?;
        (at < along.size).then_some(at)
    };
    for i in 0..samples {
        for (y, x) in (0..rows.windows * cols.windows).map(|i| (i / cols.windows, i % cols.windows))
        {
            for (py, px) in
                (0..rows.places * cols.places).map(|i| (i / cols.places, i % cols.places))
            {
                let (Some(at_y), Some(at_x)) = (inside(rows, y, py), inside(cols, x, px)) else {
                    continue;
                };
                for c in 0..w.channels {
                    visit(
                        ((i * rows.size + at_y) * cols.size + at_x) * w.channels + c,
                        (py * cols.places + px) * w.channels + c,
                        (i * rows.windows + y) * cols.windows + x,
                    );
                }
            }
        }
    }
}

/// What an engine makes of the case, if it can.
type Made<T> = [Option<Vec<T>>; 3];

fn check<T: Scalar>(random: &mut Generator) {
    // Now and then a row of a window is longer than what is multiplied at once.
    let channels = if random.below(unless_miri(10, 1000)) == 0 {
        60 + random.below(60)
    } else {
        1 + random.below(unless_miri(6, 3))
    };
    let w = Windows { rows: along(random, 1), cols: along(random, LEAST), channels };
    let most = [4, unless_miri(40, 10)][random.below(2)];
    let sizes = (1 + random.below(unless_miri(4, 2)), 1 + random.below(most));
    check_windows::<T>(&w, sizes, random);
}

fn check_windows<T: Scalar>(
    w: &Windows,
    (samples, filters): (usize, usize),
    random: &mut Generator,
) {
    let (windows, places) = (w.rows.windows * w.cols.windows, w.rows.places * w.cols.places);
    let images = numbers::<T>(samples * w.rows.size * w.cols.size * w.channels, random);
    let kernel = numbers::<T>(places * w.channels * filters, random);
    let (bias, dy) =
        (numbers::<T>(filters, random), numbers::<T>(samples * windows * filters, random));
    let (images_before, kernel_before) =
        (numbers::<T>(images.len(), random), numbers::<T>(kernel.len(), random));
    let mut y: Vec<f64> = (0..dy.len()).map(|i| bias[i % filters].as_f64()).collect();
    let mut dimages: Vec<f64> = images_before.iter().map(|x| x.as_f64()).collect();
    let mut dkernel: Vec<f64> = kernel_before.iter().map(|x| x.as_f64()).collect();
    walk(w, samples, |image, place, window| {
        for f in 0..filters {
            let (at_place, at_window) = (place * filters + f, window * filters + f);
            let dy = dy[at_window].as_f64();
            y[at_window] += images[image].as_f64() * kernel[at_place].as_f64();
            dimages[image] += kernel[at_place].as_f64() * dy;
            dkernel[at_place] += images[image].as_f64() * dy;
        }
    });
    y.iter_mut().for_each(|y| *y = y.max(0.0) + 1.0);
    let then = |numbers: &mut [T]| numbers.iter_mut().for_each(|y| *y += T::one());
    let end = End { bias: Some(&bias), relu: true, then: Some(&then) };
    let made = on_each(|| -> Made<T> {
        let (mut y, mut dx, mut dk) =
            (vec![T::zero(); y.len()], images_before.clone(), kernel_before.clone());
        [
            w.product(&images, &kernel, &mut y, false, &end).then_some(y),
            w.pull_images(&kernel, &dy, &mut dx, true).then_some(dx),
            w.pull_kernel(&images, &dy, &mut dk).then_some(dk),
        ]
    });
    for (engine, made) in made {
        let own = engine != Engine::Portable;
        let apart = w.cols.places > 1 && w.cols.dilation > 1;
        assert_eq!(made[0].is_some(), own && !apart, "{engine:?}: {w:?}");
        assert_eq!(made[2].is_some(), own && !apart, "{engine:?}: {w:?}");
        // The gradient by images is in phases of their columns, which need not be many.
        if w.cols.size >= LEAST * w.cols.stride {
            let apart = |along: &Along| along.stride > 1 && along.dilation > 1;
            let fits =
                !apart(&w.rows) && !apart(&w.cols) && (w.cols.places == 1 || w.cols.dilation == 1);
            assert_eq!(made[1].is_some(), own && fits, "{engine:?}: {w:?}");
        }
        for (i, (made, expected)) in made.iter().zip([&y, &dimages, &dkernel]).enumerate() {
            let Some(made) = made else { continue };
            let made: Vec<f64> = made.iter().map(|x| x.as_f64()).collect();
            assert!(&made == expected, "result {i} by {engine:?}, {filters} filters: {w:?}");
        }
    }
}

#[test]
fn convolutions_are_those_of_the_definition() {
    let mut random = Generator::new(11);
    for _ in 0..unless_miri(300, 6) {
        check::<f32>(&mut random);
        check::<f64>(&mut random);
    }
}

#[test]
fn bits_are_the_same_from_any_number_of_threads() {
    let cases = [(1, 24, 8, 36), (2, 12, 8, 36), (1, 24, 20, 3), (2, 12, 3, 36)];
    let few = [(1, 8, 2, 3), (2, 4, 2, 3), (1, 8, 2, 3), (2, 4, 2, 3)];
    for (stride, windows, channels, filters) in unless_miri(cases, few) {
        let size = stride * windows;
        let axis = Along { size, windows, places: 3, dilation: 1, stride, before: 1 };
        bits_are_the_same(&Windows { rows: axis, cols: axis, channels }, filters);
    }
}

fn bits_are_the_same(w: &Windows, filters: usize) {
    let (windows, pixels) = (w.rows.windows * w.cols.windows, w.rows.size * w.cols.size);
    let mut random = Generator::new(5);
    let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| random.normal() as f32).collect() };
    for samples in [1, 5, unless_miri(40, 3)] {
        let (images, kernel) =
            (draw(samples * pixels * w.channels), draw(9 * w.channels * filters));
        let dy = draw(samples * windows * filters);
        let all = on_each(|| {
            [1, 2, 4, 8].map(|threads| {
                set_threads(threads);
                let (mut y, mut dx, mut dk) =
                    (vec![0.0; dy.len()], vec![0.0; images.len()], vec![0.0; kernel.len()]);
                w.product(&images, &kernel, &mut y, false, &End::default());
                w.pull_images(&kernel, &dy, &mut dx, false);
                w.pull_kernel(&images, &dy, &mut dk);
                [y, dx, dk].map(|x| x.into_iter().map(f32::to_bits).collect::<Vec<_>>())
            })
        });
        for (engine, all) in all {
            assert!(all.iter().all(|one| one == &all[0]), "{engine:?}, {samples} samples: {w:?}");
        }
    }
}

/// Rows so far apart that they are copied, from images of several rows.
#[test]
fn what_windows_of_one_row_see_is_copied_by_rows_of_the_image() {
    let mut random = Generator::new(7);
    let axis = Along { size: 14, windows: 7, places: 1, dilation: 1, stride: 2, before: 0 };
    let narrow = Along { size: 9, windows: 7, places: 3, dilation: 1, stride: 1, before: 0 };
    let row = Along { places: 1, windows: 9, ..narrow };
    for (rows, cols, channels) in [(axis, axis, 256), (row, narrow, 512)] {
        let w = Windows { rows, cols, channels };
        check_windows::<f32>(&w, (2, 260), &mut random);
    }
}
