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
    let (places, stride) = (1 + random.below(4), 1 + random.below(4) / 3);
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
    let (samples, filters) =
        (1 + random.below(unless_miri(4, 2)), 1 + random.below(unless_miri(40, 10)));
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
    walk(&w, samples, |image, place, window| {
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
        if w.rows.stride.max(w.cols.stride) == 1 && w.cols.size >= LEAST {
            assert_eq!(made[1].is_some(), own && !apart, "{engine:?}: {w:?}");
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
    let (size, channels, filters) = unless_miri((24, 8, 36), (8, 2, 3));
    let axis = Along { size, windows: size, places: 3, dilation: 1, stride: 1, before: 1 };
    let w = Windows { rows: axis, cols: axis, channels };
    let mut random = Generator::new(5);
    let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| random.normal() as f32).collect() };
    for samples in [1, 5, unless_miri(40, 3)] {
        let (pixels, places) = (samples * size * size, 9);
        let (images, kernel) = (draw(pixels * channels), draw(places * channels * filters));
        let dy = draw(pixels * filters);
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
            assert!(all.iter().all(|one| one == &all[0]), "{engine:?}, {samples} samples");
        }
    }
}
