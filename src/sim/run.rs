//! One design over one group of the world, where no stay meets those of another group.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::commons::Commons;
use super::plan::{Plan, Planned, probes_of_stay};
use super::random::{Key, Purpose};
use super::truth::{StayTruth, Write};
use super::walk::{Alike, Around, Audited, Layers, StayFeed, StayKeys, Walk, Walked};
use crate::design::audit::Probe;
use crate::design::delivery::{Carrier, Fate};
use crate::design::source::dataset::Published;
use crate::design::source::deltas::Replica;
use crate::design::source::hints::Hinted;
use crate::design::source::inventory::{Crawled, Polls};
use crate::design::source::searches::Observed;
use crate::measure::feed::FeedTally;
use crate::measure::tally::Tally;
use crate::sim::clock::{Horizon, NEVER, Time};
use crate::world::group::{Booking, Generate, Group, Stay};
use crate::world::searches::{SearchScratch, SearchShape, Searches};

mod shortcut;

use shortcut::Shortcut;

/// One design in one part of a run: its plan, and what it did so far.
pub struct DesignRun<'a> {
    plan: &'a Plan<'a>,
    tally: Tally,
    /// By feed.
    groups: Vec<GroupFeed>,
    searches: SearchScratch,
    layers: Layers,
    writes: Vec<Vec<Write>>,
    /// Stays to which nothing happens, as long as they are alike.
    alike: Alike,
}

/// What a feed does with one group as a whole, before its stays are walked.
#[derive(Debug, Default)]
pub struct GroupFeed {
    /// The replica.
    replica: Replica,
    /// When hints of its hotel arrive, by stay.
    hints: Vec<Rc<Vec<Time>>>,
}

impl GroupFeed {
    /// Feeds it with what happens in a group.
    pub fn prepare(
        &mut self,
        planned: &Planned<'_>,
        group: &Group,
        world: &dyn Generate,
        horizon: Horizon,
        tally: &mut FeedTally,
    ) {
        match planned {
            Planned::Deltas(feed) => {
                self.replica
                    .send(&feed.carrier, feed.key.at(group.ordinal), group);
                if let Some(line) = &feed.line {
                    self.replica.served(line.of(group.ordinal));
                }
                let rules = world.rules();
                self.replica
                    .apply(&feed.habits, &feed.carrier, group, rules, tally);
            }
            Planned::Hints { carrier, key, .. } => {
                let key = key.at(group.ordinal);
                let hotel = |index| world.hotel(group.ordinal, index);
                let mut hotels = hints(carrier, key, group, horizon, tally, &hotel);
                self.hints.clear();
                for stay in 0..group.stays.len() as u32 {
                    let arrivals = hotels.entry(hotel(stay)).or_default();
                    self.hints.push(Rc::clone(arrivals));
                }
            }
            Planned::Polls { .. }
            | Planned::Crawled { .. }
            | Planned::Observed { .. }
            | Planned::Dataset { .. } => {}
        }
    }

    /// What the feed brings about one stay; `writes` is working memory.
    pub fn of_stay<'a>(
        &mut self,
        planned: &'a Planned<'a>,
        group: &'a Group,
        stay: usize,
        truth: &StayTruth<'a>,
        horizon: Horizon,
        writes: Vec<Write>,
    ) -> StayFeed<'a> {
        let own = |key: &Key| key.at(group.ordinal).at(stay as u64);
        match planned {
            Planned::Polls {
                pull,
                troubles,
                key,
                intervals,
            } => {
                let interval = match intervals {
                    Some(intervals) => intervals[group.ordinal as usize][stay],
                    None => Some(pull.interval()),
                };
                let (key, warm) = (own(key), horizon.warm);
                StayFeed::Polls(Polls::new(pull, troubles, key, truth, warm, interval))
            }
            Planned::Crawled {
                crawls,
                first_places,
                troubles,
                key,
            } => {
                let place = first_places[group.ordinal as usize] + stay as u32;
                StayFeed::Crawled(Crawled::new(crawls, place, truth, troubles, own(key)))
            }
            Planned::Deltas(feed) => {
                let log = self.replica.log(&feed.habits, group, stay, truth, writes);
                StayFeed::Log(log)
            }
            Planned::Observed {
                source,
                carrier,
                key,
            } => StayFeed::Observed(Observed::new(source, carrier, own(key), horizon.warm)),
            Planned::Dataset { publications, key } => {
                StayFeed::Published(Published::new(publications, own(key), truth))
            }
            Planned::Hints { source, .. } => {
                let arrivals = Rc::clone(&self.hints[stay]);
                StayFeed::Hinted(Hinted::new(*source, arrivals, truth))
            }
        }
    }
}

/// A hint on its way: the newest change it tells of, how many older ones, and when it is sent.
struct Hint {
    newest: usize,
    coalesced: u64,
    sent: Time,
}

/// The hints of a group, in the order of their newest changes: one a change, or one a hotel and window.
fn coalesced(carrier: &Carrier<'_>, group: &Group, hotel: &dyn Fn(u32) -> u64) -> Vec<Hint> {
    let changes = group.rows.changes.iter().enumerate();
    let Some(window) = carrier.window() else {
        let each = changes.map(|(newest, change)| Hint {
            newest,
            coalesced: 0,
            sent: change.at,
        });
        return each.collect();
    };
    let mut open: BTreeMap<u64, Hint> = BTreeMap::new();
    let mut hints = Vec::new();
    for (newest, change) in changes {
        let hotel = hotel(change.row);
        // A change at the very flush still goes with it.
        let held = match open.remove(&hotel) {
            Some(hint) if hint.sent < change.at => {
                hints.push(hint);
                None
            }
            held => held,
        };
        let hint = Hint {
            newest,
            coalesced: held.as_ref().map_or(0, |hint| hint.coalesced + 1),
            sent: window.flush(change.at, held.map(|hint| hint.sent)),
        };
        open.insert(hotel, hint);
    }
    hints.extend(open.into_values());
    hints.sort_unstable_by_key(|hint| hint.newest);
    hints
}

/// Sends the hints of a group; when they arrive, by hotel.
fn hints(
    carrier: &Carrier<'_>,
    key: Key,
    group: &Group,
    horizon: Horizon,
    tally: &mut FeedTally,
    hotel: &dyn Fn(u32) -> u64,
) -> BTreeMap<u64, Rc<Vec<Time>>> {
    let mut arrivals: BTreeMap<u64, Vec<Time>> = BTreeMap::new();
    for hint in coalesced(carrier, group, hotel) {
        let change = &group.rows.changes[hint.newest];
        let key = key.at(hint.newest as u64);
        let fate = carrier.send(key, hint.sent, Some(change.stream));
        let (processed, gone) = match fate {
            Fate::Arrives(at) => (at, NEVER),
            Fate::Lost(gone) => (NEVER, gone),
            Fate::Waits => (NEVER, NEVER),
        };
        tally.watch.message(hint.sent, processed, gone);
        if (horizon.warm..horizon.end).contains(&hint.sent) {
            tally.sent += 1;
        }
        if processed < horizon.end {
            let of_hotel = arrivals.entry(hotel(change.row)).or_default();
            of_hotel.push(processed);
        }
        if change.at < horizon.warm {
            continue;
        }
        tally.changes += 1 + hint.coalesced;
        tally.superseded += hint.coalesced;
        if processed < horizon.end {
            tally.applied(processed - change.at);
        } else if gone == NEVER {
            tally.in_flight += 1;
        } else {
            tally.lost += 1;
        }
    }
    let each_once = |mut arrivals: Vec<Time>| {
        arrivals.sort_unstable();
        arrivals.dedup();
        Rc::new(arrivals)
    };
    let by_hotel = arrivals.into_iter();
    by_hotel
        .map(|(hotel, arrivals)| (hotel, each_once(arrivals)))
        .collect()
}

impl<'a> DesignRun<'a> {
    /// A design about to run.
    #[must_use]
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Self {
            plan,
            tally: plan.tally(),
            groups: plan.feeds.iter().map(|_| GroupFeed::default()).collect(),
            searches: SearchScratch::default(),
            layers: Layers::default(),
            writes: Vec::new(),
            alike: Alike::default(),
        }
    }

    /// What it did.
    #[must_use]
    pub fn into_tally(mut self) -> Tally {
        self.plan.count_messages(&mut self.tally);
        let warm = self.plan.horizon.warm;
        self.alike.note(warm, &mut self.tally);
        self.tally.check();
        self.tally
    }

    /// Walks every stay of a group by itself. `first` is the number of its first one in the replicate, for what they
    /// share.
    pub fn simulate<C: Commons>(
        &mut self,
        world: &dyn Generate,
        group: &Group,
        first: u32,
        commons: &mut C,
    ) {
        let Plan {
            horizon,
            feeds: planned,
            ..
        } = self.plan;
        let horizon = *horizon;
        note_group(group, horizon, &mut self.tally);
        for ((feed, planned), tally) in self
            .groups
            .iter_mut()
            .zip(planned)
            .zip(&mut self.tally.feeds)
        {
            feed.prepare(planned, group, world, horizon, tally);
        }
        let shortcut = if C::ALONE {
            Shortcut::of(self.plan, &self.tally)
        } else {
            None
        };
        let of = &OfGroup {
            world,
            shapes: world.shapes(),
            group,
            keys: GroupKeys::new(self.plan, world, group.ordinal),
            first,
            warm: horizon.warm,
        };
        // Which way past the walk there is, is found once for all stays.
        match shortcut {
            None => self.each(of, commons, |_, _, _| false),
            Some(Shortcut::Polls(polls)) => {
                let key = polls.key.at(group.ordinal);
                self.each(of, commons, |run, index, truth| {
                    run.pass_by_polls(&polls, key, of, index, truth)
                });
            }
            Some(Shortcut::Replica {
                habits,
                only_writes_matter,
            }) => self.each(of, commons, |run, index, truth| {
                run.pass_loaded(habits, of, index, truth)
                    || only_writes_matter && run.pass_written(habits, of, index, truth)
            }),
            Some(Shortcut::Unseen) => self.each(of, commons, |run, index, truth| {
                run.pass_unseen(of, index, truth)
            }),
            Some(Shortcut::Traffic) => self.each(of, commons, |run, index, truth| {
                run.pass_traffic(of, index, truth)
            }),
        }
    }

    /// Comes by each stay of a group, and walks those that `pass` does not write down.
    fn each<'g, C: Commons>(
        &mut self,
        of: &'g OfGroup<'g>,
        commons: &mut C,
        pass: impl Fn(&mut Self, usize, StayTruth<'g>) -> bool,
    ) where
        'a: 'g,
    {
        let mut feeds = Vec::with_capacity(self.plan.feeds.len());
        for index in 0..of.group.stays.len() {
            let truth = StayTruth::new(of.group, index);
            if !pass(self, index, truth) {
                feeds = self.walk(of, index, truth, feeds, commons);
            }
        }
    }

    /// Walks a stay from event to event; gives the feeds' memory back.
    #[inline(never)]
    fn walk<'g, C: Commons>(
        &mut self,
        of: &'g OfGroup<'g>,
        index: usize,
        truth: StayTruth<'g>,
        mut feeds: Vec<StayFeed<'g>>,
        commons: &mut C,
    ) -> Vec<StayFeed<'g>>
    where
        'a: 'g,
    {
        let plan = self.plan;
        let (group, horizon) = (of.group, plan.horizon);
        for (feed, planned) in self.groups.iter_mut().zip(&plan.feeds) {
            let memory = self.writes.pop().unwrap_or_default();
            feeds.push(feed.of_stay(planned, group, index, &truth, horizon, memory));
        }
        let searches = std::mem::take(&mut self.searches);
        let number = of.first + index as u32;
        commons.turn_to(number);
        let stay = of.keys.stay(of.world, group, index, number, searches, plan);
        let layers = std::mem::take(&mut self.layers);
        let walk = Walk::new(&plan.policy, horizon, stay, feeds, layers);
        let mut around = Around {
            tally: &mut self.tally,
            commons,
        };
        let remains = walk.run(&mut around);
        self.searches = remains.searches;
        self.layers = remains.layers;
        let mut feeds = remains.feeds;
        for feed in feeds.drain(..) {
            if let StayFeed::Log(log) = feed {
                self.writes.push(log.into_memory());
            }
        }
        feeds
    }
}

/// A group, as a design comes by its stays.
struct OfGroup<'g> {
    world: &'g dyn Generate,
    shapes: &'g [SearchShape],
    group: &'g Group,
    keys: GroupKeys<'g>,
    /// The number of its first stay in the replicate.
    first: u32,
    /// The end of the warm-up.
    warm: Time,
}

/// The keys of a group's stays.
#[derive(Debug, Clone, Copy)]
pub struct GroupKeys<'a> {
    searches: Key,
    purges: Key,
    marks: Key,
    lifetimes: Key,
    probes: &'a [Probe],
    joins: Time,
}

impl<'a> GroupKeys<'a> {
    /// Of a group.
    #[must_use]
    pub fn new(plan: &'a Plan<'_>, world: &dyn Generate, group: u64) -> Self {
        let replicate = plan.replicate;
        let own = |purpose: Purpose| replicate.purpose(purpose).at(group);
        let probes = plan.probes_of_group(group);
        Self {
            probes,
            joins: if plan.audits.is_empty() {
                0
            } else {
                world.on_board(replicate, group).0
            },
            searches: searches_key(replicate, group),
            purges: own(Purpose::Purges),
            marks: own(Purpose::Explored),
            lifetimes: own(Purpose::Lifetimes),
        }
    }

    /// The searches of a stay of the group.
    #[must_use]
    #[inline]
    pub fn searches<'s>(
        &self,
        shape: &'s SearchShape,
        group: &Group,
        index: usize,
        memory: SearchScratch,
    ) -> Searches<'s> {
        let stay = &group.stays[index];
        let key = self.searches.at(index as u64);
        let mut searches = Searches::new(shape, key, group.searches[index], memory);
        // A hotel that joins later is not searched before.
        if stay.enters > 0 {
            searches.take_until(stay.enters);
        }
        searches
    }

    /// A stay of the group, which has this number in the replicate, ready to be walked.
    #[must_use]
    pub fn stay(
        &self,
        world: &'a dyn Generate,
        group: &'a Group,
        index: usize,
        number: u32,
        searches: SearchScratch,
        plan: &'a Plan<'_>,
    ) -> Walked<'a> {
        let ordinal = index as u64;
        let shape = &world.shapes()[group.stays[index].shape as usize];
        let searches = self.searches(shape, group, index, searches);
        Walked {
            number,
            truth: StayTruth::new(group, index),
            bookings: bookings_of(group, index),
            keys: StayKeys {
                purges: self.purges.at(ordinal),
                marks: self.marks.at(ordinal),
                lifetimes: self.lifetimes.at(ordinal),
            },
            searches,
            audited: Audited {
                audits: &plan.audits,
                probes: probes_of_stay(self.probes, index),
                searches: (shape, group.stays[index].weight * group.search_scale),
                joins: self.joins,
            },
        }
    }
}

/// The key of a group's searches: the world's own, the same for all designs.
#[must_use]
pub fn searches_key(replicate: Key, group: u64) -> Key {
    replicate.purpose(Purpose::Searches).at(group)
}

/// Writes down what is measured of a group whatever a design does: its bookings, and the time in which its stays can be
/// searched.
pub fn note_group(group: &Group, horizon: Horizon, tally: &mut Tally) {
    let warm = horizon.warm;
    let bookings = group.bookings.iter();
    let measured = bookings.filter(|booking| booking.at >= warm);
    tally.counters.bookings += measured.count() as u64;
    // Those of one check-in come and go together.
    let moments = |stay: &Stay| (stay.enters, stay.leaves);
    for alike in group.stays.chunk_by(|a, b| moments(a) == moments(b)) {
        let (enters, leaves) = moments(&alike[0]);
        let from = enters.max(warm);
        if from < leaves {
            let stays = alike.len() as u64;
            tally.stay_time += i128::from(leaves - from) * i128::from(stays);
            let hours = &mut tally.hourly.stays;
            hours.add_times(from - warm, leaves - warm, stays);
        }
    }
}

fn bookings_of(group: &Group, stay: usize) -> &[Booking] {
    let stay = stay as u32;
    let from = group
        .bookings
        .partition_point(|booking| booking.stay < stay);
    let upto = from + group.bookings[from..].partition_point(|booking| booking.stay == stay);
    &group.bookings[from..upto]
}
