//! One design over one group of the world.

use super::clock::Horizon;
use super::random::{Key, Purpose};
use super::truth::{StayTruth, Write};
use super::walk::{Policy, StayFeed, StayKeys, Walk, WalkScratch};
use crate::design::delivery::{Carrier, Delivery, Pull};
use crate::design::source::deltas::{Deltas, Replica};
use crate::design::source::inventory::Polls;
use crate::design::source::searches::{Observed, Searches as ObservedSearches};
use crate::design::{Design, Source};
use crate::measure::tally::Tally;
use crate::world::group::{Booking, Generate, Group};
use crate::world::searches::{SearchScratch, Searches};

/// One design in one part of a run: made ready, and what it did so far.
pub struct DesignRun<'a> {
    policy: Policy,
    feeds: Vec<Feed<'a>>,
    tally: Tally,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    walk: WalkScratch,
    searches: SearchScratch,
    writes: Vec<Vec<Write>>,
}

/// A feed made ready. Its keys carry its name, so that twins draw alike.
enum Feed<'a> {
    Polls {
        pull: &'a Pull,
        key: Key,
    },
    Deltas {
        source: &'a Deltas,
        carrier: Carrier,
        key: Key,
        replica: Box<Replica>,
    },
    Observed {
        source: &'a ObservedSearches,
        carrier: Carrier,
        key: Key,
    },
}

impl<'a> Feed<'a> {
    fn new(feed: &'a crate::design::Feed, replicate: Key, horizon: Horizon) -> Self {
        let key = replicate.name(&feed.name);
        match (&feed.source, &feed.delivery) {
            (Source::Inventory(_), Delivery::Pull(pull)) => Self::Polls { pull, key },
            (Source::Inventory(_), Delivery::Push(_)) => {
                unreachable!("refused when the scenario is checked")
            }
            (Source::Deltas(source), delivery) => {
                let carrier = Carrier::new(delivery, key, horizon.end);
                Self::Deltas {
                    source,
                    carrier,
                    key,
                    replica: Box::default(),
                }
            }
            (Source::Searches(source), delivery) => {
                let carrier = Carrier::new(delivery, key, horizon.end);
                Self::Observed {
                    source,
                    carrier,
                    key,
                }
            }
        }
    }
}

impl<'a> DesignRun<'a> {
    /// A design about to run in a replicate.
    #[must_use]
    pub fn new(design: &'a Design, replicate: Key, horizon: Horizon) -> Self {
        let observed = design
            .feeds
            .iter()
            .any(|feed| matches!(feed.source, Source::Searches(_)));
        Self {
            policy: Policy::new(&design.cache, &design.serving, observed),
            feeds: design
                .feeds
                .iter()
                .map(|feed| Feed::new(feed, replicate, horizon))
                .collect(),
            tally: Tally::new(horizon),
            scratch: Scratch {
                writes: vec![Vec::new(); design.feeds.len()],
                ..Scratch::default()
            },
        }
    }

    /// What it did.
    #[must_use]
    pub fn into_tally(self) -> Tally {
        self.tally
    }
}

/// Walks every stay of a group with a design.
pub fn simulate(
    world: &dyn Generate,
    group: &Group,
    replicate: Key,
    horizon: Horizon,
    run: &mut DesignRun<'_>,
) {
    let DesignRun {
        policy,
        feeds,
        tally,
        scratch,
    } = run;
    tally.counters.bookings += group
        .bookings
        .iter()
        .filter(|booking| booking.at >= horizon.warm)
        .count() as u64;
    for feed in feeds.iter_mut() {
        if let Feed::Deltas {
            carrier,
            key,
            replica,
            ..
        } = feed
        {
            replica.feed(
                carrier,
                key.at(group.ordinal),
                group,
                world.rules(),
                horizon,
                &mut tally.counters,
            );
        }
    }
    let own = |purpose: Purpose| replicate.purpose(purpose).at(group.ordinal);
    let (searches_key, purges_key, marks_key) = (
        own(Purpose::Searches),
        own(Purpose::Purges),
        own(Purpose::Explored),
    );
    let mut stay_feeds = Vec::with_capacity(feeds.len());
    for (index, stay) in group.stays.iter().enumerate() {
        let truth = StayTruth::new(group, index);
        let ordinal = index as u64;
        for feed in feeds.iter() {
            stay_feeds.push(match feed {
                Feed::Polls { pull, key } => {
                    let key = key.at(group.ordinal).at(ordinal);
                    StayFeed::Polls(Polls::new(pull, key, &truth, horizon.warm))
                }
                Feed::Deltas {
                    source, replica, ..
                } => {
                    let memory = scratch.writes.pop().unwrap_or_default();
                    StayFeed::Log(replica.log(source, group, index, &truth, memory))
                }
                Feed::Observed {
                    source,
                    carrier,
                    key,
                } => {
                    let key = key.at(group.ordinal).at(ordinal);
                    StayFeed::Observed(Observed::new(source, carrier, key))
                }
            });
        }
        let mut searches = Searches::new(
            &world.shapes()[stay.shape as usize],
            searches_key.at(ordinal),
            group.searches[index],
            std::mem::take(&mut scratch.searches),
        );
        // A hotel that joins later is not searched before.
        searches.take_until(stay.enters);
        let keys = StayKeys {
            purges: purges_key.at(ordinal),
            marks: marks_key.at(ordinal),
        };
        let bookings = bookings_of(group, index);
        let walk = Walk::new(
            policy,
            horizon,
            truth,
            bookings,
            keys,
            searches,
            &mut stay_feeds,
            &mut scratch.walk,
            tally,
        );
        scratch.searches = walk.run().into_scratch();
        for feed in stay_feeds.drain(..) {
            if let StayFeed::Log(log) = feed {
                scratch.writes.push(log.into_memory());
            }
        }
    }
}

/// The key of a group's searches: the world's own, the same for all designs.
#[must_use]
pub fn searches_key(replicate: Key, group: u64) -> Key {
    replicate.purpose(Purpose::Searches).at(group)
}

fn bookings_of(group: &Group, stay: usize) -> &[Booking] {
    let stay = stay as u32;
    let from = group
        .bookings
        .partition_point(|booking| booking.stay < stay);
    let upto = from + group.bookings[from..].partition_point(|booking| booking.stay == stay);
    &group.bookings[from..upto]
}
