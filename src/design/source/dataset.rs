//! A dataset built from the domain service, again and again.
//!
//! ```text
//!  build:   |— stays are read evenly over build_time —|
//!  publish:                                           ▲ pointer moved: all entries replaced at once
//!  in place: ▲ ▲ ▲ each entry rewritten as it is read
//! ```
//!
//! An immutable dataset (a shadow copy) is as old as its build when it is published and grows older until
//! the next; rewriting in place is fresher on average, but never shows one moment (J. Cho, H. Garcia-Molina,
//! "The evolution of the web and implications for an incremental crawler", VLDB 2000, section 4, table 2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::trouble::Troubles;
use crate::scenario::quantity::{Duration, Period};
use crate::sim::clock::{DAY, NEVER, Time};
use crate::sim::random::{Key, Purpose};
use crate::sim::truth::{Kind, StayTruth, Write};

/// Immutable datasets with a pointer to the current one, or one table rewritten in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Dataset {
    /// Between the starts of builds; the first starts with the run.
    pub every: Period,
    /// How long a build takes; stays are read evenly over it. At most `every`.
    pub build_time: Duration,
    /// Rewrites the live table as it goes: nothing is published, nothing can be rolled back.
    pub in_place: bool,
    /// Earlier datasets that are kept, for a rollback.
    pub keep: u32,
}

impl Default for Dataset {
    fn default() -> Self {
        Self {
            every: Period::of(DAY),
            build_time: Duration::of(DAY / 24),
            in_place: false,
            keep: 1,
        }
    }
}

impl Dataset {
    /// When a build starts.
    #[must_use]
    pub fn starts(&self, build: u32) -> Time {
        Time::from(build) * self.every.micros()
    }

    /// When a build reads the stay at this place, 0 to 1, of its order.
    #[must_use]
    pub fn reads(&self, build: u32, place: f64) -> Time {
        self.starts(build) + (place * self.build_time.micros() as f64) as Time
    }

    /// When a build is done.
    #[must_use]
    pub fn done(&self, build: u32) -> Time {
        self.starts(build) + self.build_time.micros()
    }
}

/// What becomes current when a pointer moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The dataset of a build.
    Build(u32),
    /// The dataset of a build, which cannot be read.
    Unreadable(u32),
}

/// The pointer moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// When readers see it.
    pub at: Time,
    /// What is current from then on.
    pub content: Content,
}

/// All that a feed's datasets bring about in a run, for all stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Publications {
    /// The source.
    pub dataset: Dataset,
    /// In the order of time. In place: the starts of builds.
    pub moves: Vec<Publication>,
    /// By build: the share of its answers that is turned round.
    pub turned: Vec<f64>,
    /// What stops the rewriting of a table in place.
    pub troubles: Troubles,
}

impl Publications {
    /// When a build is in force for a stay that it reads at this place of its order.
    fn seen(&self, publication: &Publication, place: f64) -> Time {
        match publication.content {
            Content::Build(build) | Content::Unreadable(build) if self.dataset.in_place => {
                let late = publication.at - self.dataset.starts(build);
                let seen = self.dataset.reads(build, place) + late;
                self.troubles.resumes(seen, None)
            }
            _ => publication.at,
        }
    }
}

/// What datasets say of one stay.
#[derive(Debug)]
pub struct Published<'a> {
    all: &'a Publications,
    /// Where in its order a build reads the stay, 0 to 1.
    place: f64,
    /// The stay's own in its feed.
    key: Key,
    next: usize,
}

impl<'a> Published<'a> {
    /// From the moment the stay enters. `key` is the stay's own in its feed.
    #[must_use]
    pub fn new(all: &'a Publications, key: Key, truth: &StayTruth<'_>) -> Self {
        let place = key.purpose(Purpose::Place).unit();
        // The order of builds is the same for a stay, so what is seen stays in order.
        let next = all
            .moves
            .partition_point(|publication| all.seen(publication, place) < truth.enters);
        Self {
            all,
            place,
            key,
            next,
        }
    }

    /// When the next dataset is in force.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        let publication = self.all.moves.get(self.next);
        publication.map_or(NEVER, |publication| self.all.seen(publication, self.place))
    }

    /// When builds read the stay from a moment on, while it can be searched.
    pub fn reads(&self, truth: &StayTruth<'_>, from: Time) -> impl Iterator<Item = Time> {
        let first = self.all.dataset.reads(0, self.place);
        let every = self.all.dataset.every.micros();
        let before = |end: Time| (end - first + every - 1).div_euclid(every).max(0);
        let from = truth.enters.max(from).min(truth.leaves);
        (before(from)..before(truth.leaves)).map(move |build| first + build * every)
    }

    /// Takes what the next dataset says. A feed that was held until `now` finds the newest alone; `passed` says
    /// which of those up to the newest it takes, if any.
    pub fn take(
        &mut self,
        truth: &StayTruth<'_>,
        now: Time,
        passed: impl FnOnce(usize) -> Option<usize>,
    ) -> Option<Write> {
        let first = self.next;
        let moves = self.all.moves.get(first..)?;
        let seen = |publication| self.all.seen(publication, self.place) <= now;
        self.next += moves
            .iter()
            .take_while(|publication| seen(publication))
            .count()
            .max(1);
        let index = passed(self.next - 1)?;
        self.says(index, truth).filter(|_| index >= first)
    }

    /// What a publication that is still to come would write.
    pub fn would_write(&self, index: usize, truth: &StayTruth<'_>) -> Option<Write> {
        self.says(index, truth).filter(|_| index >= self.next)
    }

    /// What a publication says of the stay; one that it did not see is not in it.
    fn says(&self, index: usize, truth: &StayTruth<'_>) -> Option<Write> {
        let publication = self.all.moves.get(index)?;
        let at = self.all.seen(publication, self.place);
        let missing = Write {
            visible: at,
            read: at,
            version: 0,
            answer: false,
            kind: Kind::Drop,
        };
        let Content::Build(build) = publication.content else {
            return Some(missing);
        };
        let read = self.all.dataset.reads(build, self.place);
        if read < truth.enters {
            return Some(missing);
        }
        let share = self.all.turned.get(build as usize).copied().unwrap_or(0.0);
        let key = self.key.purpose(Purpose::Wrong).at(u64::from(build));
        let turned = share > 0.0 && key.happens(share);
        Some(Write {
            kind: Kind::Set,
            ..truth.read(read, at, turned)
        })
    }
}
