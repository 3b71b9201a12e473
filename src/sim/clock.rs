//! Time is a whole number of microseconds since the start of the warm-up, which falls on 00:00 UTC.

/// An instant or a span, in microseconds.
pub type Time = i64;

/// Later than anything that happens.
pub const NEVER: Time = Time::MAX;
/// A millisecond.
pub const MILLISECOND: Time = 1_000;
/// A second.
pub const SECOND: Time = 1_000_000;
/// A minute.
pub const MINUTE: Time = 60 * SECOND;
/// An hour.
pub const HOUR: Time = 60 * MINUTE;
/// A day.
pub const DAY: Time = 24 * HOUR;

/// Seconds, for people and for results.
#[must_use]
pub fn seconds(span: Time) -> f64 {
    span as f64 / SECOND as f64
}

/// The part of a run that is simulated, and the part of it that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// End of the warm-up, start of the measurements.
    pub warm: Time,
    /// End of the run.
    pub end: Time,
}

impl Horizon {
    /// Measured time.
    #[must_use]
    pub fn measured(self) -> Time {
        self.end - self.warm
    }

    /// Measured days.
    #[must_use]
    pub fn days(self) -> f64 {
        self.measured() as f64 / DAY as f64
    }
}
