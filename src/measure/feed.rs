//! What came of the messages of one feed in one replicate, in whole numbers.

use serde::{Deserialize, Serialize};

use super::histogram::Histogram;
use crate::sim::clock::{SECOND, Time};
use crate::sim::watch::Watch;

/// One feed's numbers. `changes` = applied + superseded + lost + in flight.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedTally {
    /// Changes made (polls made, observations, stays read by a dataset) in the measured part of the run.
    pub changes: u64,
    /// Messages sent for them: coalesced ones are one, duplicates are two.
    pub sent: u64,
    /// Processed, and applied.
    pub applied: u64,
    /// Overtaken by a later one, or coalesced with it.
    pub superseded: u64,
    /// Never arrived.
    pub lost: u64,
    /// Not processed by the end of the run.
    pub in_flight: u64,
    /// Microseconds from change to end of processing, summed over those applied.
    pub delay: i128,
    /// The same, one by one.
    pub delays: Histogram,
    /// The most messages that waited at any moment, where there is a line.
    pub backlog_max: u64,
    /// Microseconds that its consumers worked, summed over them, where there is a line.
    pub busy: i128,
    /// What its monitoring sees.
    pub watch: Watch,
}

impl FeedTally {
    /// A change was applied so long after it was made.
    #[inline]
    pub fn applied(&mut self, delay: Time) {
        self.applied += 1;
        self.delay += i128::from(delay);
        self.delays.add(delay, 1);
    }

    /// So many changes were applied, each so long after it was made.
    #[inline]
    pub fn applied_alike(&mut self, count: u64, delay: Time) {
        self.applied += count;
        self.delay += i128::from(delay) * i128::from(count);
        self.delays.add(delay, count);
    }

    /// Adds another part of the same replicate.
    pub fn merge(&mut self, other: &Self) {
        self.changes += other.changes;
        self.sent += other.sent;
        self.applied += other.applied;
        self.superseded += other.superseded;
        self.lost += other.lost;
        self.in_flight += other.in_flight;
        self.delay += other.delay;
        self.delays.merge(&other.delays);
        self.backlog_max = self.backlog_max.max(other.backlog_max);
        self.busy += other.busy;
        self.watch.merge(&other.watch);
    }

    /// Whether each change has one fate.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.changes == self.applied + self.superseded + self.lost + self.in_flight
    }

    /// Mean seconds from change to end of processing.
    #[must_use]
    pub fn delay_s(&self) -> Option<f64> {
        let applied = self.applied as f64;
        (self.applied > 0).then(|| self.delay as f64 / applied / SECOND as f64)
    }

    /// 99 of 100 changes were processed within so many seconds.
    #[must_use]
    pub fn delay_s_p99(&self) -> Option<f64> {
        let delays = self.delays.settled();
        delays.quantile(0.99).map(|us| us / SECOND as f64)
    }

    /// Share of changes that never arrived.
    #[must_use]
    pub fn lost_share(&self) -> Option<f64> {
        self.share(self.lost)
    }

    /// Share of changes overtaken or coalesced.
    #[must_use]
    pub fn superseded_share(&self) -> Option<f64> {
        self.share(self.superseded)
    }

    fn share(&self, part: u64) -> Option<f64> {
        (self.changes > 0).then(|| part as f64 / self.changes as f64)
    }
}
