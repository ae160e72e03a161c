//! What `fit` prints.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Logs;

/// Prints how training goes: on a terminal a bar for each epoch, elsewhere a line for each, without
/// escape codes.
pub(crate) struct Progress {
    style: Style,
    epochs: usize,
    steps: usize,
    epoch: usize,
    started: Instant,
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
    pub fn new(verbose: u8, epochs: usize, steps: usize) -> Progress {
        let started = Instant::now();
        let style = match verbose {
            0 => Style::Silent,
            1 if std::io::stdout().is_terminal() => Style::Bar(ProgressBar::hidden(), started),
            _ => Style::Lines,
        };
        Progress { style, epochs, steps, epoch: 0, started }
    }

    pub fn epoch(&mut self, epoch: usize) {
        self.epoch = epoch;
        self.started = Instant::now();
        if let Style::Bar(bar, _) = &mut self.style {
            let target = ProgressDrawTarget::stdout();
            *bar = ProgressBar::with_draw_target(Some(self.steps as u64), target);
            let template = "{prefix} {pos}/{len} [{bar:20}] {eta} {wide_msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(format!("Epoch {}/{}", epoch + 1, self.epochs));
        }
    }

    /// A batch is done. The logs are made only if they are shown.
    pub fn batch(&mut self, logs: impl FnOnce() -> Logs) {
        if let Style::Bar(bar, shown) = &mut self.style {
            if bar.position() == 0 || shown.elapsed() >= REFRESH {
                bar.set_message(format!("- {}", logs()));
                *shown = Instant::now();
            }
            bar.inc(1);
        }
    }

    pub fn end_epoch(&mut self, logs: &Logs) {
        match &self.style {
            Style::Silent => return,
            Style::Bar(bar, _) => bar.finish_and_clear(),
            Style::Lines => {}
        }
        // Training goes on when nobody reads any more.
        let _ = writeln!(std::io::stdout(), "{}", self.line(logs));
    }

    fn line(&self, logs: &Logs) -> String {
        let (epoch, epochs, steps) = (self.epoch + 1, self.epochs, self.steps);
        let seconds = self.started.elapsed().as_secs_f64();
        format!("Epoch {epoch}/{epochs} - {steps} steps - {seconds:.1}s - {logs}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_all_of_an_epoch_without_escape_codes() {
        let mut progress = Progress::new(0, 12, 50);
        progress.epoch(2);
        let mut logs = Logs::default();
        logs.push("loss".to_owned(), 0.25);
        let line = progress.line(&logs);
        assert!(line.starts_with("Epoch 3/12 - 50 steps - 0."), "{line}");
        assert!(line.ends_with("s - loss: 0.2500") && !line.contains('\u{1b}'), "{line}");
    }

    #[test]
    fn logs_are_not_made_where_nobody_sees_them() {
        let mut progress = Progress::new(0, 1, 1);
        progress.epoch(0);
        progress.batch(|| panic!("nobody sees them"));
    }
}
