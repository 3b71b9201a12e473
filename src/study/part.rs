//! A part of a run: what is asked of whoever runs it, and what comes back, also as bytes: whoever runs it need not
//! share memory with whoever adds it up.

use serde::{Deserialize, Serialize};

use crate::design::audit::estimate::{self, Said};
use crate::design::{Audit, Design, audit};
use crate::measure::tally::Tally;
use crate::sim::mishap::Window;
use crate::sim::plan::Event;

/// Which part of the world, in which replicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Job {
    /// A slice of the world, for all designs whose stays never meet.
    Slice { replicate: usize, slice: u64 },
    /// The whole world, for one design.
    Whole { replicate: usize, design: usize },
}

/// A part to be run, by any study of the same scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    pub(super) job: Job,
    /// The designs that it is about, where they are more than one: others are done already.
    pub(super) designs: Vec<usize>,
    /// Whether what is the same in each part of a replicate is known: it need not be said again.
    pub(super) is_planned: bool,
}

/// What one part found out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Part {
    pub(super) replicate: usize,
    /// By design, as far as it is in the part.
    pub(super) designs: Vec<(usize, Done)>,
}

impl Errand {
    /// Whether what is found out on both is of the same: [`Part::plus`] adds it up.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let replicate = |errand: &Self| match errand.job {
            Job::Slice { replicate, .. } => Some(replicate),
            Job::Whole { .. } => None,
        };
        replicate(self).is_some()
            && replicate(self) == replicate(other)
            && self.designs == other.designs
    }
}

impl Part {
    /// This and another part of the same replicate and designs, as one.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        debug_assert_eq!(self.replicate, other.replicate);
        debug_assert_eq!(self.designs.len(), other.designs.len());
        for ((_, mine), (_, theirs)) in self.designs.iter_mut().zip(other.designs) {
            mine.add(theirs);
        }
        self
    }

    /// As bytes, for another program of the same build.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Fails only where a type cannot be written at all, which a test would show.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// From [`Self::to_bytes`]; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// One design in one replicate, so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) tally: Tally,
    /// Groups that are in the tally.
    pub(super) groups: u64,
    /// Their [`crate::world::group::Generate::scale`]s.
    pub(super) scale: f64,
    /// What is the same in each part, from the first that said it.
    pub(super) planned: Option<Planned>,
}

/// What is known of a design in a replicate before its stays are walked, or once all of them are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Planned {
    pub(super) events: Vec<Event>,
    pub(super) audits: Vec<audit::Planned>,
    /// When something was wrong.
    pub(super) faults: Vec<Window>,
}

impl Done {
    /// Nothing yet.
    pub(super) fn new(tally: Tally) -> Self {
        Self {
            tally,
            groups: 0,
            scale: 0.0,
            planned: None,
        }
    }

    /// Adds another part of the same.
    pub(super) fn add(&mut self, other: Self) {
        self.tally.merge(&other.tally);
        self.groups += other.groups;
        self.scale += other.scale;
        self.planned = other.planned.or_else(|| self.planned.take());
    }

    /// What happened to it as a whole.
    pub(super) fn events(&self) -> &[Event] {
        self.planned.as_ref().map_or(&[], |planned| &planned.events)
    }

    /// When something was wrong.
    pub(super) fn faults(&self) -> &[Window] {
        self.planned.as_ref().map_or(&[], |planned| &planned.faults)
    }

    /// Its audits, as they were planned.
    pub(super) fn audits(&self) -> &[audit::Planned] {
        self.planned.as_ref().map_or(&[], |planned| &planned.audits)
    }

    /// What each audit says, wave by wave.
    pub(super) fn waves(&self, design: &Design) -> Vec<Vec<Said>> {
        let ways = design.audits.iter().filter_map(Audit::way);
        let audits = ways.zip(self.audits()).zip(&self.tally.audits);
        audits
            .map(|(((_, way), planned), tally)| estimate::waves(way.sample(), planned, tally))
            .collect()
    }
}
