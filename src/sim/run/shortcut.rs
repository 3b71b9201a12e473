//! Ways past the walk: where one feed leaves few things to happen to stays that share nothing, their lives are written
//! down without going from event to event. What the walk would find is the same.

use super::{DesignRun, OfGroup, bookings_of};
use crate::design::delivery::Pull;
use crate::design::source::deltas::Habits;
use crate::design::source::searches::Observed;
use crate::design::trouble::Troubles;
use crate::measure::tally::Tally;
use crate::sim::plan::{Intervals, Plan, Planned};
use crate::sim::random::Key;
use crate::sim::truth::StayTruth;
use crate::sim::walk::{Policy, Quiet, Steadily, Traffic, Written, called};
use crate::world::searches::{SearchScratch, SearchShape, Searches};

/// What leads past the walk.
pub(super) enum Shortcut<'a> {
    /// Polls that are all alike.
    Polls(AlikePolls<'a>),
    /// What is loaded at the start may be all that is ever said.
    Replica {
        habits: &'a Habits<'a>,
        /// Nothing but what is written and the truth decides what a search gets.
        only_writes_matter: bool,
    },
    /// Nobody may ever search.
    Unseen,
    /// What searches see is there at once.
    Traffic,
}

/// Polls of stays, all alike.
pub(super) struct AlikePolls<'a> {
    /// Where all stays have the same interval;
    same: Option<Steadily<'a>>,
    /// else each has its own.
    intervals: Option<&'a Intervals>,
    pull: &'a Pull,
    troubles: &'a Troubles,
    pub(super) key: Key,
}

impl<'a> Shortcut<'a> {
    /// Of a design, if there is one.
    pub(super) fn of(plan: &'a Plan<'_>, tally: &Tally) -> Option<Self> {
        let [feed] = &plan.feeds[..] else {
            return None;
        };
        if !plan.audits.is_empty() {
            return None;
        }
        let (policy, warm) = (&plan.policy, plan.horizon.warm);
        match feed {
            Planned::Polls {
                pull,
                troubles,
                key,
                intervals,
            } if pull.rate_limit.is_none() => {
                let same = pull
                    .regular(pull.interval())
                    .filter(|_| intervals.is_none());
                Some(Self::Polls(AlikePolls {
                    same: same.and_then(|same| policy.steadily(same, warm)),
                    intervals: intervals.as_ref(),
                    pull,
                    troubles,
                    key: *key,
                }))
            }
            Planned::Deltas(feed) => Some(Self::Replica {
                habits: &feed.habits,
                only_writes_matter: policy.only_writes_matter() && feed.habits.always_say(),
            }),
            Planned::Observed {
                source, carrier, ..
            } => {
                let is_plain = policy.only_traffic_matters()
                    && !tally.feeds[0].watch.looks_at_each()
                    && Observed::new(source, carrier, plan.replicate, warm).is_immediate();
                Some(if is_plain {
                    Self::Traffic
                } else {
                    Self::Unseen
                })
            }
            Planned::Polls { .. }
            | Planned::Crawled { .. }
            | Planned::Dataset { .. }
            | Planned::Hints { .. } => None,
        }
    }
}

impl OfGroup<'_> {
    fn shape(&self, index: usize) -> &SearchShape {
        &self.shapes[self.group.stays[index].shape as usize]
    }

    /// A stay, if it is quiet and nobody looks at it.
    #[inline]
    fn quiet<'t>(&self, policy: &Policy, index: usize, truth: StayTruth<'t>) -> Option<Quiet<'t>> {
        let searches = self.group.searches[index].measured();
        let quiet = Quiet::new(truth, searches, self.warm)?;
        // All its searches are while it is on the board.
        let may_be = policy.lets_be() && self.shape(index).ends() <= truth.leaves;
        may_be.then_some(quiet)
    }

    #[inline]
    fn searches(&self, index: usize, memory: SearchScratch) -> Searches<'_> {
        let shape = self.shape(index);
        self.keys.searches(shape, self.group, index, memory)
    }
}

/// Each writes down the life of a stay, and says whether it could.
impl DesignRun<'_> {
    /// `key` is the polls' own in the group.
    #[inline]
    pub(super) fn pass_by_polls(
        &mut self,
        polls: &AlikePolls<'_>,
        key: Key,
        of: &OfGroup<'_>,
        index: usize,
        truth: StayTruth<'_>,
    ) -> bool {
        let (policy, group) = (&self.plan.policy, of.group);
        let own = || {
            let every = polls.intervals?[group.ordinal as usize][index]?;
            policy.steadily(polls.pull.regular(every)?, of.warm)
        };
        let Some(steadily) = polls.same.or_else(own) else {
            return false;
        };
        let first = steadily.first(key.at(index as u64), &truth);
        let troubles = polls.troubles;
        if !steadily.settle(first, &truth) || troubles.meet(truth.enters..truth.leaves) {
            return false;
        }
        if let Some(quiet) = of.quiet(policy, index, truth) {
            steadily.pass_quiet(&quiet, first, &mut self.alike, &mut self.tally);
            return true;
        }
        let searches = of.searches(index, std::mem::take(&mut self.searches));
        let called = |from, to| called(bookings_of(group, index), from, to);
        let bookings = (!group.bookings.is_empty()).then_some(&called);
        self.searches = steadily.pass(truth, first, searches, bookings, &mut self.tally);
        true
    }

    #[inline]
    pub(super) fn pass_loaded(
        &mut self,
        habits: &Habits<'_>,
        of: &OfGroup<'_>,
        index: usize,
        truth: StayTruth<'_>,
    ) -> bool {
        let policy = &self.plan.policy;
        let loaded = self.groups[0].replica.loaded(habits, index);
        let quiet = loaded.zip(of.quiet(policy, index, truth));
        quiet.is_some_and(|(answer, quiet)| {
            policy.pass_loaded(&quiet, answer, &mut self.alike, &mut self.tally)
        })
    }

    pub(super) fn pass_written(
        &mut self,
        habits: &Habits<'_>,
        of: &OfGroup<'_>,
        index: usize,
        truth: StayTruth<'_>,
    ) -> bool {
        let group = of.group;
        let memory = self.writes.pop().unwrap_or_default();
        let replica = &mut self.groups[0].replica;
        let writes = replica
            .log(habits, group, index, &truth, memory)
            .into_memory();
        let searches = of.searches(index, std::mem::take(&mut self.searches));
        let bookings = || bookings_of(group, index);
        let written = Written::new(truth, &writes, searches, bookings, of.warm);
        self.searches = written.pass(&mut self.tally);
        self.writes.push(writes);
        true
    }

    #[inline]
    pub(super) fn pass_unseen(
        &mut self,
        of: &OfGroup<'_>,
        index: usize,
        truth: StayTruth<'_>,
    ) -> bool {
        let policy = &self.plan.policy;
        let is_unseen = of.group.searches[index].all() == 0;
        let quiet = of.quiet(policy, index, truth).filter(|_| is_unseen);
        quiet.is_some_and(|quiet| policy.pass_unseen(&quiet, &mut self.alike, &mut self.tally))
    }

    #[inline]
    pub(super) fn pass_traffic(
        &mut self,
        of: &OfGroup<'_>,
        index: usize,
        truth: StayTruth<'_>,
    ) -> bool {
        if self.plan.policy.is_flushed(&truth) {
            return false;
        }
        let searches = of.searches(index, std::mem::take(&mut self.searches));
        let bookings = || bookings_of(of.group, index);
        self.searches = Traffic::new(truth, searches, bookings, of.warm).pass(&mut self.tally);
        true
    }
}
