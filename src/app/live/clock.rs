//! The clock of the live view.

use crate::sim::clock::{DAY, HOUR, Horizon, MINUTE, Time};

/// How much simulated time passes in a second, and what that is called.
pub const SPEEDS: [(Time, &str); 6] = [
    (MINUTE, "1 min/s"),
    (10 * MINUTE, "10 min/s"),
    (HOUR, "1 h/s"),
    (3 * HOUR, "3 h/s"),
    (6 * HOUR, "6 h/s"),
    (DAY, "1 day/s"),
];

/// A clock over the measured part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The moment.
    pub at: Time,
    /// Whether it runs.
    pub playing: bool,
    /// Which of [`SPEEDS`].
    pub speed: usize,
    /// The start of the measured part.
    pub from: Time,
    /// Its end.
    pub to: Time,
}

impl Clock {
    /// At the start of a run.
    #[must_use]
    pub fn new(horizon: Horizon) -> Self {
        Self {
            at: horizon.warm,
            playing: false,
            speed: 2,
            from: horizon.warm,
            to: horizon.end,
        }
    }

    /// The same moment of another run, as far as it has it.
    #[must_use]
    pub fn over(self, horizon: Horizon) -> Self {
        let measured = Self {
            from: horizon.warm,
            to: horizon.end,
            ..self
        };
        measured.moved(self.at - self.from + horizon.warm)
    }

    /// At a moment, inside the run.
    #[must_use]
    pub fn moved(self, to: Time) -> Self {
        let last = (self.to - 1).max(self.from);
        Self {
            at: to.clamp(self.from, last),
            ..self
        }
    }

    /// After so many milliseconds of the reader's time; at the end it stops.
    #[must_use]
    pub fn after(self, milliseconds: f64) -> Self {
        let passed = (self.per_second() as f64 * milliseconds / 1_000.0) as Time;
        let next = self.moved(self.at.saturating_add(passed));
        Self {
            playing: next.playing && !next.is_over(),
            ..next
        }
    }

    /// Plays or pauses; at the end it begins anew.
    #[must_use]
    pub fn toggled(self) -> Self {
        let again = if self.is_over() { self.from } else { self.at };
        Self {
            at: if self.playing { self.at } else { again },
            playing: !self.playing,
            ..self
        }
    }

    /// At the next of some moments that is to come, or an hour on.
    #[must_use]
    pub fn at_next(self, moments: impl IntoIterator<Item = Time>) -> Self {
        let coming = moments.into_iter().filter(|moment| *moment > self.at);
        self.moved(coming.min().unwrap_or(self.at + HOUR))
    }

    /// Simulated time a second.
    #[must_use]
    pub fn per_second(&self) -> Time {
        SPEEDS.get(self.speed).map_or(HOUR, |(span, _)| *span)
    }

    /// Hours since the start of the measured part.
    #[must_use]
    pub fn hour(&self) -> f64 {
        (self.at - self.from) as f64 / HOUR as f64
    }

    /// How much of the run is over, 0 to 1.
    #[must_use]
    pub fn share(&self, at: Time) -> f64 {
        (at - self.from) as f64 / (self.to - self.from).max(1) as f64
    }

    /// The day it is in, from the start of the warm-up.
    #[must_use]
    pub fn day(&self) -> u32 {
        u32::try_from(self.at / DAY).unwrap_or(0)
    }

    fn is_over(&self) -> bool {
        self.at >= self.to - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        Clock::new(Horizon {
            warm: DAY,
            end: 3 * DAY,
        })
    }

    #[test]
    fn it_runs_to_the_end_and_begins_anew() {
        let playing = clock().toggled();
        let later = playing.after(500.0);
        assert_eq!((later.at, later.playing), (DAY + HOUR / 2, true));
        let over = later.after(1e9);
        assert_eq!((over.at, over.playing), (3 * DAY - 1, false));
        assert_eq!(over.toggled().at, DAY);
        assert_eq!(later.toggled().at, later.at);
    }

    #[test]
    fn it_stays_inside_the_run() {
        let clock = clock().moved(9 * DAY);
        assert_eq!((clock.at, clock.day()), (3 * DAY - 1, 2));
        assert_eq!(clock.moved(-5).at, DAY);
        let shorter = clock.over(Horizon { warm: 0, end: DAY });
        assert_eq!(shorter.at, DAY - 1);
        let later = clock.moved(DAY + 5).over(Horizon {
            warm: 2 * DAY,
            end: 9 * DAY,
        });
        assert_eq!((later.at, later.hour() < 0.01), (2 * DAY + 5, true));
    }

    #[test]
    fn a_step_goes_to_what_happens_next() {
        let clock = clock();
        assert_eq!(clock.at_next([DAY, DAY + 9, DAY + 7]).at, DAY + 7);
        assert_eq!(clock.at_next([]).at, DAY + HOUR);
    }
}
