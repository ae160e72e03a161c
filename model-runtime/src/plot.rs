//! Curves of a training as a picture, without any outside tool.

use std::error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::float::Scalar;
use crate::weights::file;
use crate::{Error, History};

/// The pixels of the part of a picture that shows one loss or metric.
const PANEL: (u32, u32) = (480, 320);
/// Blue and orange, which all eyes tell apart (Okabe and Ito, 2008).
const COLORS: [RGBColor; 2] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0)];
/// With more values than this, they are not marked one by one.
const MARKED: usize = 40;
/// What is larger cannot be drawn: a margin beyond it would be infinite.
const LIMIT: f64 = 1e300;

impl History {
    /// Draws all losses and metrics into an SVG file: a panel for each, with axes and a grid, in
    /// which training and validation have a curve each. The epochs are counted from 1, as `fit`
    /// prints them; values that are not finite are left out. The file is there as a whole or as it
    /// was before.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// # let x = ndarray::Array2::<f32>::ones((20, 2));
    /// # let y = ndarray::Array2::<f32>::ones((20, 1));
    /// # let folder = std::env::temp_dir();
    ///
    /// let mut trainer = model! { x = Input(2); Dense(1)(x) }.compile("adam", "mse")?;
    /// let history = trainer.fit(&x, &y, Fit::epochs(5).validation_split(0.2).verbose(0))?;
    /// history.plot(folder.join("run.svg"))?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// It takes the [feature](crate#features) `plot`.
    ///
    /// # Errors
    /// [`Error::File`], also for a history without a value.
    pub fn plot(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let svg = draw(self).map_err(|why| file::error(path, "write", why))?;
        file::write(path, svg.as_bytes())
    }
}

type Failure = Box<dyn error::Error>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn draw(history: &History) -> Result<String, Failure> {
    let panels = panels(history);
    if panels.is_empty() {
        return Err("there is no epoch to be drawn".into());
    }
    let columns = panels.len().min(2);
    let rows = panels.len().div_ceil(columns);
    let mut svg = String::new();
    let size = (PANEL.0 * columns as u32, PANEL.1 * rows as u32);
    let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    root.fill(&WHITE)?;
    for (area, panel) in root.split_evenly((rows, columns)).iter().zip(&panels) {
        panel.draw(area)?;
    }
    root.present()?;
    drop(root);
    Ok(svg)
}

/// A loss or metric of training, and the same of validation.
struct Panel<'a> {
    name: &'a str,
    curves: Vec<(&'a str, Vec<(usize, f64)>)>,
}

/// What is to be drawn, in the order of the history.
fn panels(history: &History) -> Vec<Panel<'_>> {
    let mut panels: Vec<Panel<'_>> = Vec::new();
    for name in history.names() {
        let values = history.epochs_of(name).iter().zip(history.get(name));
        let points = values.map(|(&epoch, &value)| (epoch + 1, value.as_f64()));
        let points: Vec<_> = points.filter(|(_, value)| value.abs() < LIMIT).collect();
        if points.is_empty() {
            continue;
        }
        let base = name.strip_prefix("val_").unwrap_or(name);
        match panels.iter_mut().find(|panel| panel.name == base) {
            Some(panel) => panel.curves.push((name, points)),
            None => panels.push(Panel { name: base, curves: vec![(name, points)] }),
        }
    }
    panels
}

impl Panel<'_> {
    fn points(&self) -> impl Iterator<Item = (usize, f64)> {
        self.curves.iter().flat_map(|(_, points)| points.iter().copied())
    }

    /// The first and last epoch, and the smallest and largest value with a margin.
    fn bounds(&self) -> (usize, usize, f64, f64) {
        let start = (usize::MAX, 0, f64::INFINITY, f64::NEG_INFINITY);
        let (first, last, low, high) = self
            .points()
            .fold(start, |(a, b, low, high), (x, y)| (a.min(x), b.max(x), low.min(y), high.max(y)));
        // A range of nothing cannot be drawn.
        let margin = match high - low {
            span if span > 1e-9 * high.abs() => span * 0.05,
            _ => high.abs().max(1e-6) * 0.5,
        };
        let last = if first == last { last + 1 } else { last };
        (first, last, low - margin, high + margin)
    }

    fn draw(&self, area: &Area<'_>) -> Result<(), Failure> {
        let (first, last, low, high) = self.bounds();
        let mut chart = ChartBuilder::on(area)
            .caption(short(self.name), ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(62)
            .build_cartesian_2d(first..last, low..high)?;
        chart
            .configure_mesh()
            .x_desc("epoch")
            .x_labels(10)
            .y_labels(6)
            .y_label_formatter(&|y| label(*y, high - low))
            .label_style(("sans-serif", 13))
            .light_line_style(TRANSPARENT)
            .bold_line_style(RGBColor(220, 220, 220))
            .draw()?;
        for ((name, points), color) in self.curves.iter().zip(COLORS) {
            chart
                .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?
                .label(short(name))
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2))
                });
            if points.len() <= MARKED {
                let mark = |&point: &(usize, f64)| Circle::new(point, 3, color.filled());
                chart.draw_series(points.iter().map(mark))?;
            }
        }
        chart
            .configure_series_labels()
            .position(self.corner(first, last, low, high))
            .label_font(("sans-serif", 13))
            .background_style(WHITE.mix(0.85))
            .border_style(RGBColor(160, 160, 160))
            .draw()?;
        Ok(())
    }

    /// Where the names of the curves hide the least of them.
    fn corner(&self, first: usize, last: usize, low: f64, high: f64) -> SeriesLabelPosition {
        let hidden = |right: bool, upper: bool| {
            let inside = |&(x, y): &(usize, f64)| {
                let x = (x - first) as f64 / (last - first) as f64;
                let y = (y - low) / (high - low);
                (if right { x > 0.6 } else { x < 0.4 }) && (if upper { y > 0.7 } else { y < 0.3 })
            };
            self.points().filter(inside).count()
        };
        let corners = [
            (hidden(true, true), SeriesLabelPosition::UpperRight),
            (hidden(true, false), SeriesLabelPosition::LowerRight),
            (hidden(false, true), SeriesLabelPosition::UpperLeft),
            (hidden(false, false), SeriesLabelPosition::LowerLeft),
        ];
        let best = corners.into_iter().min_by_key(|(hidden, _)| *hidden);
        best.map_or(SeriesLabelPosition::UpperRight, |(_, corner)| corner)
    }
}

/// A name that fits into a panel: its beginning and its end.
fn short(name: &str) -> String {
    const MOST: usize = 40;
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= MOST {
        return name.to_owned();
    }
    let (begin, end) = (&characters[..MOST / 2], &characters[characters.len() - MOST / 2 + 1..]);
    begin.iter().chain(&['…']).chain(end).collect()
}

/// A number beside an axis: as many digits as tell it from its neighbours.
fn label(value: f64, span: f64) -> String {
    let large = value.abs().max(span);
    if large >= 1e5 || span < 1e-4 {
        return format!("{value:.1e}");
    }
    let digits = (1.0 - span.log10().floor()).clamp(0.0, 5.0) as usize;
    let text = format!("{value:.digits$}");
    // What is left of 0.0 by rounding.
    if text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.')) {
        return text.trim_start_matches('-').to_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Float, Logs};

    fn history(rows: &[&[(&str, Float)]]) -> History {
        let mut history = History::default();
        for (epoch, row) in rows.iter().enumerate() {
            history.push(epoch, &Logs::from_iter(row.iter().copied()));
        }
        history
    }

    /// The points of each curve of this colour; the lines in the legend are level.
    fn lines(svg: &str, color: &str) -> Vec<Vec<(Float, Float)>> {
        let lines = svg.split("<polyline ").skip(1).filter(|line| {
            line.split("/>").next().is_some_and(|attributes| attributes.contains(color))
        });
        let points = |line: &str| -> Vec<(Float, Float)> {
            let points = line.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
            let point = |point: &str| {
                let (x, y) = point.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            };
            points.split_whitespace().map(point).collect()
        };
        let level = |points: &Vec<(Float, Float)>| points.iter().all(|&(_, y)| y == points[0].1);
        lines.map(points).filter(|points| !level(points)).collect()
    }

    #[test]
    fn each_metric_has_a_panel_and_each_curve_its_points() {
        let history = history(&[
            &[("loss", 4.0), ("accuracy", 0.25), ("val_loss", 4.5)],
            &[("loss", 2.0), ("accuracy", 0.5)],
            &[("loss", 1.0), ("accuracy", 1.0), ("val_loss", 2.5)],
        ]);
        let svg = draw(&history).unwrap();
        for text in ["loss", "val_loss", "accuracy", "epoch"] {
            assert!(svg.contains(&format!(">\n{text}\n<")), "{text} is not in {svg}");
        }
        let [loss, accuracy] = &lines(&svg, "#0072B2")[..] else { panic!("{svg}") };
        let [validation] = &lines(&svg, "#D55E00")[..] else { panic!("{svg}") };
        // Epochs are equally far from each other, and half the change is half the way.
        let [(x0, y0), (x1, y1), (x2, y2)] = loss[..] else { panic!("{loss:?}") };
        assert!((x1 - x0 - (x2 - x1)).abs() <= 1.0 && x1 > x0);
        assert!((y1 - y0 - 2.0 * (y2 - y1)).abs() <= 2.0 && y1 > y0, "{loss:?}");
        // Validation was not there in the second epoch; its panel is that of the loss.
        assert_eq!([validation[0].0, validation[1].0], [x0, x2]);
        assert!(validation[0].1 < y0 && accuracy.iter().all(|&(x, _)| x > 480.0));
        assert!(accuracy.windows(2).all(|w| w[1].1 < w[0].1));
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out_or_refused() {
        let one = history(&[&[("loss", 1.0), ("nan", Float::NAN), ("zero", 0.0)]]);
        let svg = draw(&one).unwrap();
        assert!(!svg.contains("nan") && svg.contains("zero"));
        for extreme in [1e30, Float::MAX, Float::MIN_POSITIVE] {
            draw(&history(&[&[("a", extreme)], &[("a", -extreme)], &[("a", 0.0), ("b", 1.0)]]))
                .unwrap();
            draw(&history(&[&[("a", extreme), ("b", 1.0)]])).unwrap();
        }
        let path = std::env::temp_dir().join("never-written.svg");
        let error = History::default().plot(&path).unwrap_err().to_string();
        assert!(error.contains("no epoch") && !path.exists(), "{error}");
    }

    #[test]
    fn a_name_stays_in_its_panel() {
        let name = "ä".repeat(30) + &"z".repeat(30);
        let svg = draw(&history(&[&[(&name, 1.0), (&format!("val_{name}"), 2.0)]])).unwrap();
        let texts = svg.split("<text ").skip(1).filter_map(|text| text.split(">\n").nth(1));
        let names: Vec<&str> = texts.filter_map(|text| text.split('\n').next()).collect();
        let names: Vec<&&str> = names.iter().filter(|text| text.contains('…')).collect();
        assert_eq!(names.len(), 3, "{svg}");
        for name in names {
            assert_eq!(name.chars().count(), 40);
            assert!(name.contains("ää…zz"));
        }
        assert_eq!(short("val_loss"), "val_loss");
    }

    #[test]
    fn a_label_has_the_digits_that_matter() {
        assert_eq!(label(0.5, 1.0), "0.5");
        assert_eq!(label(0.123, 0.05), "0.123");
        assert_eq!(label(-1e-9, 2.0), "0.0");
        assert_eq!(label(250.0, 300.0), "250");
        assert_eq!(label(1e-5, 2e-5), "1.0e-5");
    }
}
