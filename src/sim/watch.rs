//! What a feed's own monitoring sees: how long the oldest message has waited, and whether what goes in comes
//! out. Minima and sums, so that parts of the world can be watched apart and put together.

use serde::{Deserialize, Serialize};

use super::clock::{NEVER, Time};
use super::film::Message;
use crate::design::operations::Operations;

/// What is seen of one feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Alert when a message has waited longer than this.
    lag_above: Option<Time>,
    /// From when on alerts are of each fault; and when a message sent since then had first waited for too long.
    onsets: Vec<Time>,
    first_lag: Vec<Time>,
    /// Between checks of parity, and the messages of each interval: sent, and missing by the end of the next.
    parity_every: Option<Time>,
    missing_above: f64,
    sent: Vec<u64>,
    missing: Vec<u64>,
    /// All messages, where somebody films them.
    pub filmed: Option<Vec<Message>>,
}

impl Watch {
    /// Nothing seen yet. `onsets` say from when on alerts are of each fault.
    #[must_use]
    pub fn new(operations: &Operations, onsets: Vec<Time>, end: Time) -> Self {
        if !operations.alerts {
            return Self::default();
        }
        let parity = operations.parity_check;
        let intervals = parity.map_or(0, |check| (end / check.every.micros() + 1) as usize);
        Self {
            lag_above: operations.lag_above.map(|lag| lag.micros()),
            first_lag: vec![NEVER; onsets.len()],
            onsets,
            parity_every: parity.map(|check| check.every.micros()),
            missing_above: parity.map_or(1.0, |check| check.missing_above.get()),
            sent: vec![0; intervals],
            missing: vec![0; intervals],
            filmed: None,
        }
    }

    /// Whether it takes note also of a message that is processed as it is sent.
    #[must_use]
    pub fn looks_at_each(&self) -> bool {
        self.filmed.is_some() || self.parity_every.is_some()
    }

    /// A message was sent, processed ([`NEVER`] if not) or gone ([`NEVER`] if it still waits).
    #[inline]
    pub fn message(&mut self, sent: Time, processed: Time, gone: Time) {
        if let Some(filmed) = &mut self.filmed {
            let is_lost = processed == NEVER && gone < NEVER;
            filmed.push(Message {
                sent,
                ends: processed.min(gone),
                is_lost,
            });
        }
        if let Some(lag) = self.lag_above {
            let seen = sent.saturating_add(lag);
            if processed.min(gone) > seen {
                // One that already waited tells of something earlier.
                for (first, onset) in self.first_lag.iter_mut().zip(&self.onsets) {
                    if *onset <= sent {
                        *first = seen.min(*first);
                    }
                }
            }
        }
        if let Some(every) = self.parity_every {
            let interval = (sent / every) as usize;
            if let Some(count) = self.sent.get_mut(interval) {
                *count += 1;
                let checked = (sent / every + 2) * every;
                self.missing[interval] += u64::from(processed > checked);
            }
        }
    }

    /// Adds what was seen of another part of the world.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.first_lag.iter_mut().zip(&other.first_lag) {
            *mine = (*mine).min(*theirs);
        }
        for (mine, theirs) in self.sent.iter_mut().zip(&other.sent) {
            *mine += theirs;
        }
        for (mine, theirs) in self.missing.iter_mut().zip(&other.missing) {
            *mine += theirs;
        }
    }

    /// The first alert that is of a fault; [`NEVER`] if there is none.
    #[must_use]
    pub fn first_alert(&self, fault: usize) -> Time {
        let lag = self.first_lag.get(fault).copied().unwrap_or(NEVER);
        let onset = self.onsets.get(fault).copied().unwrap_or(NEVER);
        lag.min(self.first_missing(onset))
    }

    /// The first check of parity that finds too much missing of what was sent in an interval that ends after a
    /// moment.
    fn first_missing(&self, onset: Time) -> Time {
        let Some(every) = self.parity_every else {
            return NEVER;
        };
        let intervals = (0..).zip(self.sent.iter().zip(&self.missing));
        intervals
            .filter(|(_, (sent, missing))| **missing as f64 > self.missing_above * **sent as f64)
            .map(|(interval, _): (Time, _)| (interval + 1) * every)
            .find(|ended| *ended > onset)
            .map_or(NEVER, |ended| ended + every)
    }
}
