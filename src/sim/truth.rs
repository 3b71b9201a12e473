//! One stay's truth, and what a feed writes about it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::clock::{NEVER, Time};
use crate::world::group::{AnswerChange, Group};

/// The true answer of one stay over time. Versions count its changes since the start of the run.
#[derive(Debug, Clone, Copy)]
pub struct StayTruth<'a> {
    /// When the stay enters the booking window.
    pub enters: Time,
    /// When it leaves.
    pub leaves: Time,
    /// 00:00 UTC of the check-in day; [`NEVER`] where there is none.
    pub check_in: Time,
    at_start: bool,
    changes: &'a [AnswerChange],
}

impl<'a> StayTruth<'a> {
    /// The truth of a stay of a group.
    #[must_use]
    #[inline(always)]
    pub fn new(group: &'a Group, stay: usize) -> Self {
        let truth = &group.truth;
        let of_stay = &group.stays[stay];
        Self {
            enters: of_stay.enters,
            leaves: of_stay.leaves,
            check_in: of_stay.check_in,
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

    /// The truth as read at `read`, to be there at `visible`; `turned` round by a bug.
    #[must_use]
    #[inline]
    pub fn read(&self, read: Time, visible: Time, turned: bool) -> Write {
        let version = self.version_at(read);
        Write {
            visible,
            read,
            version,
            answer: self.answer(version) != turned,
            kind: Kind::Offer,
        }
    }

    /// How many changes after a version come before a moment.
    #[must_use]
    #[inline]
    pub fn changes_before(&self, version: u32, until: Time) -> u32 {
        let after = self.changes[version as usize..].iter();
        after.take_while(|change| change.at < until).count() as u32
    }

    /// When a version came about; `None` for the first.
    #[must_use]
    #[inline]
    pub fn since(&self, version: u32) -> Option<Time> {
        let before = (version as usize).checked_sub(1)?;
        self.changes.get(before).map(|change| change.at)
    }

    /// Since when an entry with this version is stale, if it is: the first change that it does not reflect.
    #[must_use]
    #[inline]
    pub fn stale_since(&self, held: u32, current: u32) -> Option<Time> {
        if held < current {
            self.changes_after(held)
        } else {
            None
        }
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
    /// What is done with it.
    pub kind: Kind,
}

/// What is done with what a feed brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Stored, if the feed's `apply` lets it.
    Offer,
    /// Stored, whatever was there.
    Set,
    /// The entry's version and age are put right, if there is one; nothing is written.
    Confirm,
    /// Entries read before are dropped, whoever wrote them.
    Invalidate,
    /// The feed's own entry is dropped.
    Drop,
}

/// An answer of a live ask on its way to the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    visible: Time,
    read: Time,
    turned: bool,
}

/// Answers of live asks on their way to the copy; they may overtake.
#[derive(Debug, Default)]
pub struct OnTheWay {
    /// Thousands, where answers take far longer than it is from one poll to the next.
    answers: BinaryHeap<Reverse<Answer>>,
}

impl OnTheWay {
    /// Sends the truth read at `read`, to be there at `visible`; `turned` round by a bug.
    #[inline]
    pub fn send(&mut self, visible: Time, read: Time, turned: bool) {
        let answer = Answer {
            visible,
            read,
            turned,
        };
        self.answers.push(Reverse(answer));
    }

    /// When the nearest one arrives; [`NEVER`] if there is none.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        let nearest = self.answers.peek();
        nearest.map_or(NEVER, |Reverse(answer)| answer.visible)
    }

    /// Takes the nearest one.
    #[inline]
    pub fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        let Reverse(answer) = self.answers.pop()?;
        Some(truth.read(answer.read, answer.visible, answer.turned))
    }

    /// Whether none is on the way.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// How many are on the way that were read at or after a moment.
    #[must_use]
    pub fn read_since(&self, since: Time) -> u64 {
        let read = self.answers.iter().map(|Reverse(answer)| answer.read);
        read.filter(|read| *read >= since).count() as u64
    }
}
