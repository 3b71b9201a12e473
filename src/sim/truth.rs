//! One stay's truth, and what a feed writes about it.

use super::clock::{NEVER, Time};
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

/// Answers of live asks on their way to the copy; they may overtake.
#[derive(Debug, Default)]
pub struct OnTheWay {
    /// As (visible, read), the nearest last.
    answers: Vec<(Time, Time)>,
}

impl OnTheWay {
    /// Sends the truth read at `read`, to be there at `visible`.
    #[inline]
    pub fn send(&mut self, visible: Time, read: Time) {
        let answer = (visible, read);
        let slot = self.answers.partition_point(|other| *other > answer);
        self.answers.insert(slot, answer);
    }

    /// When the nearest one arrives; [`NEVER`] if there is none.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        self.answers.last().map_or(NEVER, |(visible, _)| *visible)
    }

    /// Takes the nearest one.
    #[inline]
    pub fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        let (visible, read) = self.answers.pop()?;
        let version = truth.version_at(read);
        Some(Write {
            visible,
            read,
            version,
            answer: truth.answer(version),
        })
    }

    /// Whether none is on the way.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}
