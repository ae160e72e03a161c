//! What `fit` prints.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Logs;

/// Prints how training goes, or an evaluation or prediction: on a terminal a bar for each epoch,
/// elsewhere a line for each, without escape codes.
pub(crate) struct Progress {
    style: Style,
    /// Of an epoch at most; `usize::MAX` where that is not known.
    steps: usize,
    /// What is under way: `Epoch 3/12`.
    title: String,
    started: Instant,
    /// Those done since the epoch began here.
    samples: usize,
    /// Of this epoch.
    batches: usize,
}

enum Style {
    Silent,
    /// A bar, and when its losses were shown.
    Bar(ProgressBar, Instant),
    Lines,
}

/// How long the losses beside a bar stay.
const REFRESH: Duration = Duration::from_millis(100);

impl Progress {
    /// 0 prints nothing, 1 bars, 2 lines.
    pub fn new(verbose: u8, steps: usize) -> Progress {
        let started = Instant::now();
        let style = match verbose {
            0 => Style::Silent,
            1 if std::io::stdout().is_terminal() => Style::Bar(ProgressBar::hidden(), started),
            _ => Style::Lines,
        };
        Progress { style, steps, title: String::new(), started, samples: 0, batches: 0 }
    }

    /// Something begins, or goes on after some of its batches.
    pub fn begin(&mut self, title: String, batches: usize) {
        (self.title, self.samples, self.batches) = (title, 0, batches);
        self.started = Instant::now();
        if let Style::Bar(bar, _) = &mut self.style {
            let target = ProgressDrawTarget::stdout();
            let known = (self.steps < usize::MAX).then_some(self.steps as u64);
            *bar = ProgressBar::with_draw_target(known, target);
            // Where a line is short, so is the bar.
            let size = (width() / 4).clamp(4, 20);
            let template = match known {
                Some(_) => {
                    &format!("{{prefix}} {{pos}}/{{len}} [{{bar:{size}}}] ETA {{eta}}{{msg}}")
                }
                None => "{prefix} {pos} steps {elapsed}{msg}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(self.title.clone());
            bar.set_position(batches as u64);
            bar.reset_eta();
        }
    }

    /// A batch of so many samples is done. The logs are made only if they are shown.
    pub fn batch(&mut self, samples: usize, logs: &dyn Fn() -> Logs) {
        self.samples += samples;
        self.batches += 1;
        let (speed, head) = (self.speed(), self.head());
        if let Style::Bar(bar, shown) = &mut self.style {
            if bar.message().is_empty() || shown.elapsed() >= REFRESH {
                bar.set_message(folded(head, &items(speed, &logs()), width()));
                *shown = Instant::now();
            }
            bar.inc(1);
        }
    }

    /// It has ended before its first batch.
    pub fn abandon(&mut self) {
        if let Style::Bar(bar, _) = &self.style {
            bar.finish_and_clear();
        }
    }

    pub fn end(&mut self, logs: &Logs) {
        let width = match &self.style {
            Style::Silent => return,
            Style::Bar(bar, _) => {
                bar.finish_and_clear();
                width()
            }
            Style::Lines => usize::MAX,
        };
        print(&self.line(logs, width));
    }

    /// Prints lines, above the bar if there is one.
    pub fn print(&self, lines: &[String]) {
        for line in lines {
            match &self.style {
                Style::Bar(bar, _) if !bar.is_finished() => bar.suspend(|| print(line)),
                _ => print(line),
            }
        }
    }

    /// How long what stands before the message of a bar is at most.
    fn head(&self) -> usize {
        let title = console::measure_text_width(&self.title);
        // "1h" and the like take four.
        match self.steps {
            usize::MAX => title + format!(" {} steps 00:00:00", self.batches).len(),
            steps => title + 2 * steps.to_string().len() + " / [] ETA 100d".len() + 20,
        }
    }

    fn line(&self, logs: &Logs, width: usize) -> String {
        let (title, batches) = (&self.title, self.batches);
        let (steps, speed) = (self.steps, self.speed());
        let time = shown(self.started.elapsed());
        // Fewer where training was stopped.
        let steps = match batches < steps && steps < usize::MAX {
            true => format!("{batches} of {steps}"),
            false => batches.to_string(),
        };
        let head = format!("{title} - {steps} steps - {time}");
        let rest = folded(console::measure_text_width(&head), &items(speed, logs), width);
        head + &rest
    }

    /// How many samples are trained on in a second.
    fn speed(&self) -> String {
        let seconds = self.started.elapsed().as_secs_f64().max(1e-9);
        let speed = self.samples as f64 / seconds;
        if speed < 10.0 { format!("{speed:.1} samples/s") } else { format!("{speed:.0} samples/s") }
    }
}

/// The columns of the terminal; without one, no fewer than anything needs.
pub(crate) fn width() -> usize {
    console::Term::stdout().size_checked().map_or(usize::MAX, |(_, columns)| usize::from(columns))
}

/// `27ms`, `4.2s`, `3m 05s`, `1h 02m 05s`.
fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        0 => format!("{}ms", time.as_millis()),
        1..60 => format!("{:.1}s", time.as_secs_f64()),
        60..3600 => format!("{minutes}m {:02}s", seconds % 60),
        _ => format!("{hours}h {:02}m {:02}s", minutes % 60, seconds % 60),
    }
}

/// What stands behind what is under way.
fn items(speed: String, logs: &Logs) -> Vec<String> {
    let logs = logs.iter().map(|(name, value)| Logs::from_iter([(name, value)]).to_string());
    std::iter::once(speed).chain(logs).collect()
}

/// What comes behind a head of this length: items with dashes between them, in as many lines as are
/// needed for none of them to be broken. If that is more than one, logs begin on the second, under
/// those of the epoch before, however many digits the speed has.
fn folded(head: usize, items: &[String], width: usize) -> String {
    let (mut text, mut used) = (String::new(), head);
    let sizes = items.iter().map(|item| 3 + console::measure_text_width(item));
    let is_one_line = sizes.fold(head, usize::saturating_add) <= width;
    for (i, item) in items.iter().enumerate() {
        let size = console::measure_text_width(item);
        let begins_logs = i == 1 && !is_one_line;
        if used.saturating_add(3 + size) <= width && !begins_logs {
            text += " - ";
            used += 3 + size;
        } else {
            text += "\n  ";
            used = 2 + size;
        }
        text += item;
    }
    text
}

/// Prints a line.
pub(crate) fn print(line: &str) {
    // Training goes on when nobody reads any more.
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_all_of_an_epoch_without_escape_codes() {
        let mut progress = Progress::new(0, 50);
        progress.begin("Epoch 3/12".to_owned(), 48);
        let mut logs = Logs::default();
        logs.push("loss".to_owned(), 0.25);
        progress.batch(32, &Logs::default);
        let line = progress.line(&logs, usize::MAX);
        assert!(line.starts_with("Epoch 3/12 - 49 of 50 steps - "), "{line}");
        assert!(line.ends_with(" samples/s - loss: 0.2500") && !line.contains('\u{1b}'), "{line}");
        progress.batch(32, &Logs::default);
        let line = progress.line(&logs, usize::MAX);
        assert!(line.starts_with("Epoch 3/12 - 50 steps - "), "{line}");
    }

    #[test]
    fn times_have_units() {
        let at = |milliseconds| shown(Duration::from_millis(milliseconds));
        assert_eq!([at(0), at(27), at(999)], ["0ms", "27ms", "999ms"]);
        assert_eq!([at(1000), at(4249), at(59_900)], ["1.0s", "4.2s", "59.9s"]);
        assert_eq!([at(60_000), at(185_999)], ["1m 00s", "3m 05s"]);
        assert_eq!([at(3_600_000), at(90_061_000)], ["1h 00m 00s", "25h 01m 01s"]);
    }

    #[test]
    fn lines_are_folded_between_values() {
        let logs = Logs::from_iter([("loss", 0.25), ("accuracy", 0.5), ("mean_absolute", 1.5)]);
        let items = items("9 samples/s".to_owned(), &logs);
        let at = |width| folded(10, &items, width);
        let whole = " - 9 samples/s - loss: 0.2500 - accuracy: 0.5000 - mean_absolute: 1.5000";
        assert_eq!(at(usize::MAX), whole);
        assert_eq!(at(10 + whole.len()), whole);
        for width in 24..10 + whole.len() {
            let text = format!("{}{}", "x".repeat(10), at(width));
            assert!(text.lines().all(|line| line.len() <= width), "{width}\n{text}");
            assert_eq!(text[10..].replace("\n  ", " - "), whole);
            // Where the logs begin does not depend on the digits of the speed.
            assert!(text.contains("\n  loss: 0.2500"), "{text}");
        }
        // What is longer than a line has one of its own.
        assert_eq!(at(1).lines().count(), 1 + items.len());
    }

    #[test]
    fn logs_are_not_made_where_nobody_sees_them() {
        let mut progress = Progress::new(0, 1);
        progress.begin("Epoch 1/1".to_owned(), 0);
        progress.batch(1, &|| panic!("nobody sees them"));
    }
}
