//! One stay's truth, and what a feed writes about it.

use super::clock::Time;
use crate::world::group::{AnswerChange, Group};

/// The true answer of one stay over time. Versions count its changes since the start of the run.
#[derive(Debug, Clone, Copy)]
pub struct StayTruth<'a> {
    /// When the stay enters the booking window.
    pub enters: Time,
    /// When it leaves.
    pub leaves: Time,
    at_start: bool,
    changes: &'a [AnswerChange],
}

impl<'a> StayTruth<'a> {
    /// The truth of a stay of a group.
    #[must_use]
    #[inline]
    pub fn new(group: &'a Group, stay: usize) -> Self {
        let Group { stays, truth, .. } = group;
        Self {
            enters: stays[stay].enters,
            leaves: stays[stay].leaves,
            at_start: truth.at_start[stay],
            changes: truth.of(stay),
        }
    }

    /// The changes, in time order.
    #[must_use]
    #[inline]
    pub fn changes(&self) -> &'a [AnswerChange] {
        self.changes
    }

    /// The version at an instant: a change counts from its own instant on.
    #[must_use]
    #[inline]
    pub fn version_at(&self, at: Time) -> u32 {
        self.changes.partition_point(|change| change.at <= at) as u32
    }

    /// Whether the stay is available in a version.
    #[must_use]
    #[inline]
    pub fn answer(&self, version: u32) -> bool {
        self.at_start ^ (version % 2 == 1)
    }

    /// When the change after a version happens, if it does.
    #[must_use]
    #[inline]
    pub fn changes_after(&self, version: u32) -> Option<Time> {
        self.changes.get(version as usize).map(|change| change.at)
    }
}

/// What a feed brings about a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Write {
    /// When the copy has it.
    pub visible: Time,
    /// When the truth behind it was read (for a delta, when the change was made).
    pub read: Time,
    /// All changes before this version are in it.
    pub version: u32,
    /// What it says: available or not.
    pub answer: bool,
}
