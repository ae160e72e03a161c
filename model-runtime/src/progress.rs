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
            let template = match known {
                Some(_) => "{prefix} {pos}/{len} [{bar:20}] ETA {eta} {msg}",
                None => "{prefix} {pos} steps {elapsed} {msg}",
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
    pub fn batch(&mut self, samples: usize, logs: impl FnOnce() -> Logs) {
        self.samples += samples;
        self.batches += 1;
        let speed = self.speed();
        if let Style::Bar(bar, shown) = &mut self.style {
            if bar.message().is_empty() || shown.elapsed() >= REFRESH {
                bar.set_message(format!("- {speed} - {}", logs()));
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
        match &self.style {
            Style::Silent => return,
            Style::Bar(bar, _) => bar.finish_and_clear(),
            Style::Lines => {}
        }
        print(&self.line(logs));
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

    fn line(&self, logs: &Logs) -> String {
        let (title, batches) = (&self.title, self.batches);
        let (steps, speed) = (self.steps, self.speed());
        let seconds = self.started.elapsed().as_secs_f64();
        // Fewer where training was stopped.
        let steps = match batches < steps && steps < usize::MAX {
            true => format!("{batches} of {steps}"),
            false => batches.to_string(),
        };
        let line = format!("{title} - {steps} steps - {seconds:.1}s - {speed} - {logs}");
        line.trim_end_matches(" - ").to_owned()
    }

    /// How many samples are trained on in a second.
    fn speed(&self) -> String {
        let seconds = self.started.elapsed().as_secs_f64().max(1e-9);
        let speed = self.samples as f64 / seconds;
        if speed < 10.0 { format!("{speed:.1} samples/s") } else { format!("{speed:.0} samples/s") }
    }
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
        progress.batch(32, Logs::default);
        let line = progress.line(&logs);
        assert!(line.starts_with("Epoch 3/12 - 49 of 50 steps - 0."), "{line}");
        assert!(line.ends_with(" samples/s - loss: 0.2500") && !line.contains('\u{1b}'), "{line}");
        progress.batch(32, Logs::default);
        let line = progress.line(&logs);
        assert!(line.starts_with("Epoch 3/12 - 50 steps - 0."), "{line}");
    }

    #[test]
    fn logs_are_not_made_where_nobody_sees_them() {
        let mut progress = Progress::new(0, 1);
        progress.begin("Epoch 1/1".to_owned(), 0);
        progress.batch(1, || panic!("nobody sees them"));
    }
}
