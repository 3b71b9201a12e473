//! A bar on a terminal's stderr, for runs that take longer than about a second.
// How long people have waited is no result.
#![allow(clippy::disallowed_types)]

use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::{Progress, pace};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// So often a long sweep is heard of where stderr is no terminal.
const SILENCE: Duration = Duration::from_secs(10);

/// The progress of a sweep, and how long it will take yet.
pub(super) struct Points {
    since: Instant,
    /// When the first point that was run was done; what comes after it takes over much of it.
    first: Option<Instant>,
    said: Instant,
    points: usize,
    done: usize,
    ran: usize,
    bar: Option<ProgressBar>,
}

impl Points {
    pub(super) fn new(points: usize) -> Self {
        let now = Instant::now();
        Self {
            since: now,
            first: None,
            said: now,
            points,
            done: 0,
            ran: 0,
            bar: None,
        }
    }

    /// A part of the point that is run.
    pub(super) fn part(&mut self, progress: Progress) {
        self.show(progress.done as f64 / progress.parts.max(1) as f64);
    }

    /// A point is done: run, or known from before.
    pub(super) fn done(&mut self, was_known: bool) {
        self.done += 1;
        if !was_known {
            self.ran += 1;
            self.first.get_or_insert_with(Instant::now);
            self.show(0.0);
        }
    }

    fn show(&mut self, share: f64) {
        if self.bar.is_none() && self.since.elapsed() < PATIENCE {
            return;
        }
        let points = self.points;
        let bar = self.bar.get_or_insert_with(|| {
            let target = ProgressDrawTarget::stderr_with_hz(10);
            let bar = ProgressBar::with_draw_target(Some(points as u64 * 1000), target);
            let style = ProgressStyle::with_template("{bar:40} {msg}");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        let since_first = self.first.map(|first| first.elapsed().as_secs_f64());
        let left = pace::left(
            self.since.elapsed().as_secs_f64(),
            since_first,
            self.ran as f64 + share,
            (points - self.done) as f64 - share,
        );
        let message = match left {
            Some(left) => format!(
                "{} of {points} points, {} to go",
                self.done,
                HumanDuration(Duration::from_secs_f64(left))
            ),
            None => format!("{} of {points} points", self.done),
        };
        if bar.is_hidden() && self.said.elapsed() >= SILENCE {
            self.said = Instant::now();
            anstream::eprintln!("{message}");
        }
        bar.set_message(message);
        bar.set_position(((self.done as f64 + share) * 1000.0) as u64);
    }

    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The progress of a search, of which nobody knows how long it takes.
pub(super) struct Tries {
    since: Instant,
    tried: u64,
    bar: Option<ProgressBar>,
}

impl Tries {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            tried: 0,
            bar: None,
        }
    }

    /// One more value was tried.
    pub(super) fn tried(&mut self) {
        self.tried += 1;
        if self.bar.is_none() && self.since.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10))
        });
        bar.set_message(format!("{} values tried", self.tried));
        bar.tick();
    }

    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The bar of one run.
pub(super) struct Bar {
    since: Instant,
    bar: Option<ProgressBar>,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            bar: None,
        }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        if self.bar.is_none() && self.since.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            // Draws nothing where stderr is no terminal.
            let target = ProgressDrawTarget::stderr_with_hz(10);
            let bar = ProgressBar::with_draw_target(Some(progress.parts as u64), target);
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} %, {msg} to go");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        let left = (progress.parts - progress.done) as f64 / progress.done.max(1) as f64;
        let left = self.since.elapsed().mul_f64(left);
        bar.set_message(HumanDuration(left).to_string());
        bar.set_position(progress.done as u64);
    }

    pub(super) fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
