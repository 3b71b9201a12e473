//! What stays share, gone through first, in the order of time, where it does not depend on what the copy says: when a
//! line is done with messages, when polls pass a rate limit, and who makes room in a cache that misses alone fill.
//! Each stay is told its part of it and walked by itself. All else that is shared is [`lockstep`](super::lockstep)'s.
//!
//! ```text
//!  stays ──▶ moments, in the order of time ──▶ line, rate limit, or room ──▶ by stay again ──▶ walks, one by one
//! ```
//!
//! Moments are made and sorted window by window, so that no more of them are kept than fit.

use super::clock::Time;
use super::commons::Commons;
use super::plan::{Plan, Planned};
use super::random::Purpose;
use super::run::{DesignRun, GroupFeed, GroupKeys};
use super::truth::StayTruth;
use super::walk::StayFeed;
use super::whole;
use crate::design::Design;
use crate::design::cache::capacity::{Eviction, Looked};
use crate::design::cache::ttl::Lifetimes;
use crate::design::delivery::pull::Bucket;
use crate::measure::tally::Tally;
use crate::world::group::Generate;
use crate::world::searches::SearchScratch;

pub mod line;
mod moments;
#[cfg(test)]
mod tests;
mod told;

pub use moments::{Moment, Moments};
use told::Told;
pub use told::{ByStay, Evicted, Foretold};

/// So many moments fit, at 16 bytes each.
pub const MOMENTS: usize = 1 << 22;

/// Whether all that the stays of a design share can be gone through before they are walked.
#[must_use]
pub fn is_foretold(plan: &Plan<'_>, design: &Design) -> bool {
    let room = design.cache.capacity.is_none() || plan.policy.is_filled_by_misses_alone();
    let limits = plan.feeds.iter().all(|planned| match planned {
        Planned::Polls { pull, .. } => pull.rate_limit.is_none() || pull.adaptive.is_none(),
        Planned::Hints { source, .. } => source.rate_limit.is_none(),
        _ => true,
    });
    let breaker = design.operations.circuit_breaker.is_some();
    room && limits && !breaker && !whole::queues_observations(design)
}

/// A rate limit, as the polls of all stays meet it.
#[derive(Debug)]
pub struct Limit {
    bucket: Bucket,
    /// By stay: its polls up to this moment are left out, as one waits until then.
    left_out: Vec<Time>,
    /// When each poll passes, of which stay.
    passes: Vec<(u32, Time)>,
}

impl Limit {
    /// Nothing asked yet, of so many stays.
    #[must_use]
    pub fn new(bucket: Bucket, stays: u32) -> Self {
        Self {
            bucket,
            left_out: vec![Time::MIN; stays as usize],
            passes: Vec::new(),
        }
    }

    /// Polls are due, in the order of time.
    pub fn meet(&mut self, dues: &[Moment]) {
        for due in dues {
            let left_out = &mut self.left_out[due.stay() as usize];
            if due.at > *left_out {
                *left_out = self.bucket.admit(due.at);
                self.passes.push((due.stay(), *left_out));
            }
        }
    }

    /// When polls pass, by stay, in the order in which they are due.
    #[must_use]
    pub fn told(self) -> ByStay<Time> {
        ByStay::new(self.left_out.len() as u32, &self.passes)
    }
}

/// The room in a cache that misses alone fill, as the searches of all stays meet it.
#[derive(Debug)]
pub struct Room {
    eviction: Eviction,
    /// Of the entries, where they end.
    lifetimes: Option<Lifetimes>,
    stays: u32,
    /// Who makes room when.
    evicted: Vec<(u32, Evicted)>,
}

impl Room {
    /// An empty cache for a design's entries of so many stays, if room is bound there.
    #[must_use]
    pub fn new(plan: &Plan<'_>, design: &Design, stays: u32) -> Option<Self> {
        let key = plan.replicate.purpose(Purpose::Evictions);
        Some(Self {
            eviction: Eviction::new(design.cache.capacity?, stays, key),
            lifetimes: Lifetimes::new(&design.cache.ttl, stays),
            stays,
            evicted: Vec::new(),
        })
    }

    /// Stays are searched, or leave, in the order of time.
    pub fn meet(&mut self, moments: &[Moment]) {
        let Self {
            eviction,
            lifetimes,
            evicted,
            ..
        } = self;
        for moment in moments {
            let (at, stay) = (moment.at, moment.stay());
            if let Some(lifetimes) = lifetimes {
                // At one instant in the order of stays; an entry's end comes before a search for it.
                while let Some(over) = lifetimes.over(at, stay) {
                    eviction.remove(over);
                }
            }
            if moment.leaves() {
                eviction.remove(stay);
                if let Some(lifetimes) = lifetimes {
                    lifetimes.remove(stay);
                }
                continue;
            }
            let looked = eviction.search(stay);
            if let Looked::Missed(Some(victim)) = looked {
                evicted.push((victim, Evicted::new(at, victim, stay)));
            }
            if let Some(lifetimes) = lifetimes {
                match looked {
                    Looked::Hit => lifetimes.hit(stay, at),
                    Looked::Missed(None) => lifetimes.store(stay, at),
                    // Turned away.
                    Looked::Missed(Some(victim)) if victim == stay => {}
                    Looked::Missed(Some(victim)) => {
                        lifetimes.remove(victim);
                        lifetimes.store(stay, at);
                    }
                }
            }
        }
    }

    /// Who makes room when.
    #[must_use]
    pub fn told(self) -> ByStay<Evicted> {
        ByStay::new(self.stays, &self.evicted)
    }
}

/// Makes the searches of all stays, and when they leave; says how many stays there are.
pub fn searches(plan: &Plan<'_>, world: &dyn Generate, moments: &mut Moments) -> u32 {
    let mut number = 0;
    let mut scratch = SearchScratch::default();
    whole::each_group(world, plan.replicate, |group| {
        let keys = GroupKeys::new(plan, world, group.ordinal);
        for (index, stay) in group.stays.iter().enumerate() {
            let memory = std::mem::take(&mut scratch);
            let mut searches = keys
                .stay(world, group, index, number, memory, plan)
                .searches;
            searches.take_until(moments.from());
            searches.each_until(stay.leaves.min(moments.to()), |at| {
                moments.push(Moment::met(at, number));
            });
            moments.push(Moment::left(stay.leaves, number));
            scratch = searches.into_scratch();
            number += 1;
        }
    });
    number
}

/// Makes the polls of all stays by a feed, as they are due; says how many stays there are.
pub fn dues(
    plan: &Plan<'_>,
    planned: &Planned<'_>,
    world: &dyn Generate,
    moments: &mut Moments,
) -> u32 {
    let mut number = 0;
    let mut feed = GroupFeed::default();
    whole::each_group(world, plan.replicate, |group| {
        for index in 0..group.stays.len() {
            let truth = StayTruth::new(group, index);
            let of_stay = feed.of_stay(planned, group, index, &truth, plan.horizon, Vec::new());
            if let StayFeed::Polls(polls) = of_stay {
                let (from, to) = (moments.from(), moments.to());
                let dues = polls.dues().skip_while(|at| *at < from);
                dues.take_while(|at| *at < to)
                    .for_each(|at| moments.push(Moment::met(at, number)));
            }
            number += 1;
        }
    });
    number
}

/// Goes through the moments of a run in the order of time, at most so many at once. `make` makes those of a stretch
/// of time and says how many stays there are, `meet` what is known of the stays so far.
fn go_through<T>(
    plan: &Plan<'_>,
    most: usize,
    make: impl Fn(&mut Moments) -> u32,
    begin: impl FnOnce(u32) -> Option<T>,
    meet: impl Fn(&mut T, &[Moment]),
) -> Option<T> {
    let end = plan.horizon.end;
    let mut moments = Moments::new(end, most);
    let mut shared = begin(make(&mut moments))?;
    loop {
        meet(&mut shared, moments.in_order());
        if !moments.go_on(end) {
            return Some(shared);
        }
        make(&mut moments);
    }
}

/// Goes through what stays share, at most so many moments at once: what each is told.
#[must_use]
pub fn foretell(plan: &Plan<'_>, design: &Design, world: &dyn Generate, most: usize) -> Foretold {
    let passes = plan.feeds.iter().map(|planned| {
        let Planned::Polls { pull, .. } = planned else {
            return None;
        };
        let bucket = pull.rate_limit?.bucket();
        let limit = go_through(
            plan,
            most,
            |moments| dues(plan, planned, world, moments),
            |stays| Some(Limit::new(bucket, stays)),
            |limit, dues| limit.meet(dues),
        );
        limit.map(Limit::told)
    });
    let passes = passes.collect();
    let room = design.cache.capacity.and_then(|_| {
        go_through(
            plan,
            most,
            |moments| searches(plan, world, moments),
            |stays| Room::new(plan, design, stays),
            |room, searches| room.meet(searches),
        )
    });
    Foretold {
        passes,
        evicted: room.map(Room::told),
    }
}

/// Walks all stays of a replicate one by one, after what they share; at most so many moments are kept at once.
#[must_use]
pub fn run(plan: &Plan<'_>, design: &Design, world: &dyn Generate, most: usize) -> Tally {
    let foretold = foretell(plan, design, world, most);
    if design.cache.capacity.is_some() {
        walk(plan, world, &mut Told::<true>::new(&foretold))
    } else {
        walk(plan, world, &mut Told::<false>::new(&foretold))
    }
}

/// Walks all stays of a replicate one by one.
#[must_use]
pub fn walk<C: Commons>(plan: &Plan<'_>, world: &dyn Generate, commons: &mut C) -> Tally {
    let mut run = DesignRun::new(plan);
    let mut first = 0;
    whole::each_group(world, plan.replicate, |group| {
        run.simulate(world, group, first, commons);
        first += group.stays.len() as u32;
    });
    run.into_tally()
}
