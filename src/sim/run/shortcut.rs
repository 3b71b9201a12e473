//! Ways past the walk: where one feed leaves few things to happen to stays that share nothing, their lives are written
//! down without going from event to event. What the walk would find is the same.

use super::{DesignRun, GroupKeys, bookings_of};
use crate::design::delivery::Pull;
use crate::design::source::deltas::Habits;
use crate::design::source::searches::Observed;
use crate::design::trouble::Troubles;
use crate::measure::tally::Tally;
use crate::sim::plan::{Intervals, Plan, Planned};
use crate::sim::random::Key;
use crate::sim::truth::StayTruth;
use crate::sim::walk::{Quiet, Steadily, Traffic, called};
use crate::world::group::{Generate, Group};

/// What leads past the walk.
pub(super) enum Shortcut<'a> {
    /// Polls that are all alike.
    Polls {
        /// Where all stays have the same interval;
        alike: Option<Steadily<'a>>,
        /// else each has its own.
        intervals: Option<&'a Intervals>,
        pull: &'a Pull,
        troubles: &'a Troubles,
        key: Key,
    },
    /// What is loaded at the start may be all that is ever said.
    Replica(&'a Habits<'a>),
    /// Nobody may ever search.
    Unseen,
    /// What searches see is there at once.
    Traffic,
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
                let alike = pull
                    .regular(pull.interval())
                    .filter(|_| intervals.is_none());
                Some(Self::Polls {
                    alike: alike.and_then(|alike| policy.steadily(alike, warm)),
                    intervals: intervals.as_ref(),
                    pull,
                    troubles,
                    key: *key,
                })
            }
            Planned::Deltas(feed) => Some(Self::Replica(&feed.habits)),
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

impl DesignRun<'_> {
    /// Writes down the life of a stay by a shortcut; whether there is one for it.
    pub(super) fn pass(
        &mut self,
        shortcut: &Shortcut<'_>,
        keys: &GroupKeys<'_>,
        world: &dyn Generate,
        group: &Group,
        index: usize,
        truth: StayTruth<'_>,
    ) -> bool {
        let Self {
            plan,
            tally,
            groups,
            searches: memory,
            ..
        } = self;
        let (policy, warm) = (&plan.policy, plan.horizon.warm);
        let searches = group.searches[index];
        let shape = &world.shapes()[group.stays[index].shape as usize];
        // All its searches are while it is on the board.
        let quiet = || {
            let may_be = policy.lets_be() && shape.ends() <= truth.leaves;
            let quiet = Quiet::new(truth, searches.measured(), warm);
            quiet.filter(|_| may_be)
        };
        let mut take = || keys.searches(shape, group, index, std::mem::take(memory));
        match shortcut {
            Shortcut::Polls {
                alike,
                intervals,
                pull,
                troubles,
                key,
            } => {
                let own = || {
                    let every = (*intervals)?[group.ordinal as usize][index]?;
                    policy.steadily(pull.regular(every)?, warm)
                };
                let Some(steadily) = alike.or_else(own) else {
                    return false;
                };
                let first = steadily.first(key.at(group.ordinal).at(index as u64), &truth);
                if !steadily.settle(first, &truth) || troubles.meet(truth.enters..truth.leaves) {
                    return false;
                }
                if let Some(quiet) = quiet() {
                    steadily.pass_quiet(&quiet, first, tally);
                    return true;
                }
                let searches = take();
                let called = |from, to| called(bookings_of(group, index), from, to);
                let bookings = (!group.bookings.is_empty()).then_some(&called);
                *memory = steadily.pass(truth, first, searches, bookings, tally);
                true
            }
            Shortcut::Replica(habits) => {
                let loaded = groups[0].replica.loaded(habits, index).zip(quiet());
                loaded.is_some_and(|(answer, quiet)| policy.pass_loaded(&quiet, answer, tally))
            }
            Shortcut::Unseen => {
                let quiet = quiet().filter(|_| searches.all() == 0);
                quiet.is_some_and(|quiet| policy.pass_unseen(&quiet, tally))
            }
            Shortcut::Traffic => {
                if policy.is_flushed(&truth) {
                    return false;
                }
                let searches = take();
                let bookings = || bookings_of(group, index);
                *memory = Traffic::new(truth, searches, bookings, warm).pass(tally);
                true
            }
        }
    }
}
