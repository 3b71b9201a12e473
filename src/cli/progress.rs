//! A bar on a terminal's stderr, for runs that take longer than about a second.
// How long people have waited is no result.
#![allow(clippy::disallowed_types)]

use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::Progress;

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

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
