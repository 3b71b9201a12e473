//! All stays of a replicate walked together, in the order of time, because they meet: in a cache that has
//! room for so many, at a rate limit, in a line of observations, under a circuit breaker.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::clock::{NEVER, Time};
use super::commons::Commons;
use super::film::{Actor, Camera, Cast, Film, Seen};
use super::plan::{Event, Plan, Planned};
use super::random::Purpose;
use super::run::{GroupFeed, GroupKeys, note_group, searches_key};
use super::shared::line;
use super::truth::StayTruth;
use super::walk::{Around, Layers, Walk};
use super::whole;
use crate::design::cache::capacity::Eviction;
use crate::design::delivery::line::{Attempt, Commit, Ended, Line};
use crate::design::delivery::pull::{Bucket, RateLimit};
use crate::design::delivery::{Carrier, Delivery, Push};
use crate::design::operations::CircuitBreaker;
use crate::design::source::searches::AtLine;
use crate::design::{Design, Feed, Source};
use crate::measure::tally::Tally;
use crate::world::group::{Generate, Group};
use crate::world::searches::SearchScratch;

/// Whether a design's stays must be walked together.
#[must_use]
pub fn is_needed(design: &Design) -> bool {
    design.cache.capacity.is_some()
        || design.operations.circuit_breaker.is_some()
        || design.feeds.iter().any(|feed| rate_limit(feed).is_some())
        || whole::queues_observations(design)
}

/// The rate limit that a feed's polls share, or its asks after hints; that of crawls is in their pages.
fn rate_limit(feed: &Feed) -> Option<RateLimit> {
    match (&feed.source, &feed.delivery) {
        (Source::Hints(hints), _) => hints.rate_limit,
        (_, Delivery::Pull(pull)) if pull.paging.is_none() => pull.rate_limit,
        _ => None,
    }
}

/// Walks all stays of a replicate together.
#[must_use]
pub fn run(plan: &Plan<'_>, design: &Design, world: &dyn Generate) -> (Tally, Vec<Event>) {
    let groups = groups(plan, world, 0..world.groups());
    let (tally, events, _) = if design.cache.capacity.is_some() {
        Together::<true>::run(plan, design, world, &groups, None)
    } else {
        Together::<false>::run(plan, design, world, &groups, None)
    };
    (tally, events)
}

/// Walks the stays of a replicate together, and films those of some groups. Where stays share nothing, the others
/// are left out.
#[must_use]
pub fn film(plan: &Plan<'_>, design: &Design, world: &dyn Generate, cast: &Cast) -> Film {
    let walked: Vec<u64> = if is_needed(design) {
        (0..world.groups()).collect()
    } else {
        cast.groups.clone()
    };
    let groups = groups(plan, world, walked.iter().copied());
    let camera = Camera::new(&groups, cast);
    let stays = groups
        .iter()
        .flat_map(|group| (0..group.stays.len()).map(move |index| (group, index)));
    let stays: Vec<(&Group, usize)> = stays.collect();
    let filmed = camera.filmed().map(|number| stays[number as usize]);
    let actors = filmed
        .map(|(group, index)| actor(world, group, index))
        .collect();
    let (mut tally, events, camera) =
        Together::<true>::run(plan, design, world, &groups, Some(camera));
    if walked.len() < world.groups() as usize {
        film_lines(plan, design, world, &cast.groups, &mut tally);
    }
    let feeds = tally.feeds.into_iter();
    Film {
        actors,
        scenes: camera.map(Camera::into_scenes).unwrap_or_default(),
        messages: feeds
            .map(|feed| {
                let mut messages = feed.watch.filmed.unwrap_or_default();
                messages.sort_by_key(|message| message.sent);
                messages
            })
            .collect(),
        events,
    }
}

/// Messages about hotels that are not filmed wait in the same line.
fn film_lines(
    plan: &Plan<'_>,
    design: &Design,
    world: &dyn Generate,
    filmed: &[u64],
    tally: &mut Tally,
) {
    let feeds = design.feeds.iter().zip(&plan.feeds).zip(&mut tally.feeds);
    for ((_, planned), tally) in feeds.filter(|((feed, _), _)| feed.has_line()) {
        let mut of_group = GroupFeed::default();
        let mut group = Group::default();
        for ordinal in (0..world.groups()).filter(|ordinal| !filmed.contains(ordinal)) {
            world.fill(plan.replicate, ordinal, &mut group);
            of_group.prepare(planned, &group, world, plan.horizon, tally);
        }
    }
}

fn actor(world: &dyn Generate, group: &Group, index: usize) -> Actor {
    let stay = &group.stays[index];
    let truth = StayTruth::new(group, index);
    Actor {
        group: group.ordinal,
        index: index as u32,
        hotel: world.hotel(group.ordinal, index as u32),
        check_in: stay.check_in,
        nights: stay.nights,
        enters: stay.enters,
        leaves: stay.leaves,
        available: truth.answer(truth.version_at(stay.enters)),
    }
}

/// An observation at its feed's line, or on its way there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Queued {
    stay: u32,
    /// Its place among the feed's messages.
    number: u32,
    hotel: u64,
    observation: AtLine,
}

/// A feed's line of observations.
#[derive(Debug)]
struct Queue<'a> {
    push: &'a Push,
    carrier: &'a Carrier<'a>,
    line: Line<Queued>,
    /// On their way to the line, by arrival, then in the order in which they were sent.
    coming: BinaryHeap<Reverse<(Time, u32)>>,
    messages: Vec<Queued>,
    /// Those that the line was done with, or lost.
    done: Vec<bool>,
    calls: u64,
}

/// Flips of a feed within the breaker's window.
#[derive(Debug, Default)]
struct Flips {
    recent: VecDeque<Time>,
    held_until: Time,
    /// Where the feed's datasets are published: what the breaker lets pass.
    judged: Option<Judged>,
}

/// Publications under a breaker, each let pass as a whole or not at all.
#[derive(Debug)]
struct Judged {
    /// When each is made.
    moments: Vec<Time>,
    /// How many of them have been judged, or replaced by a newer one before they were.
    next: usize,
    /// The newest that passed.
    passed: Option<usize>,
}

impl Flips {
    /// When the next publications are judged.
    fn judges(&self) -> Time {
        let next = self.judged.as_ref();
        let next = next.and_then(|judged| judged.moments.get(judged.next));
        next.map_or(NEVER, |at| (*at).max(self.held_until))
    }
}

/// What the stays share. With `MEETS` every search is met.
#[derive(Debug)]
struct Together<'a, const MEETS: bool> {
    eviction: Option<Eviction>,
    /// Stays that have to make room.
    victims: Vec<u32>,
    breaker: Option<CircuitBreaker>,
    flips: Vec<Flips>,
    queues: Vec<Option<Queue<'a>>>,
    buckets: Vec<Option<Bucket>>,
    /// By stay.
    hotels: Vec<u64>,
    /// Stays that can be searched now.
    alive: u64,
    events: Vec<Event>,
    /// Who looks on.
    camera: Option<Camera>,
}

impl<const MEETS: bool> Commons for Together<'_, MEETS> {
    const MEETS_SEARCHES: bool = MEETS;
    const ALONE: bool = false;

    fn held_until(&self, feed: usize) -> Time {
        self.flips[feed].held_until
    }

    fn admit(&mut self, feed: usize, at: Time) -> Time {
        let bucket = self.buckets[feed].as_mut();
        bucket.map_or(at, |bucket| bucket.admit(at))
    }

    fn looked(&mut self, stay: u32) {
        if let Some(eviction) = &mut self.eviction {
            if eviction.holds(stay) {
                eviction.hit(stay);
            } else {
                eviction.miss(stay);
            }
        }
    }

    fn stored(&mut self, stay: u32) {
        if let Some(eviction) = &mut self.eviction {
            self.victims.extend(eviction.insert(stay));
        }
    }

    fn dropped(&mut self, stay: u32) {
        if let Some(eviction) = &mut self.eviction
            && eviction.holds(stay)
        {
            eviction.remove(stay);
        }
    }

    fn flipped(&mut self, feed: usize, at: Time) {
        let Some(breaker) = self.breaker else {
            return;
        };
        let flips = &mut self.flips[feed];
        if flips.judged.is_some() {
            return;
        }
        flips.recent.push_back(at);
        while let Some(first) = flips.recent.front()
            && at - first > breaker.per.micros()
        {
            flips.recent.pop_front();
        }
        let most = breaker.max_flip_share.get() * self.alive as f64;
        if flips.recent.len() as f64 > most {
            flips.recent.clear();
            self.trip(feed, at, breaker);
        }
    }

    fn passed(&self, feed: usize, newest: usize) -> Option<usize> {
        match &self.flips[feed].judged {
            Some(judged) => judged.passed,
            None => Some(newest),
        }
    }

    fn queue(&mut self, feed: usize, stay: u32, observation: AtLine) -> bool {
        let Some(queue) = &mut self.queues[feed] else {
            return false;
        };
        let number = queue.messages.len() as u32;
        queue.coming.push(Reverse((observation.arrives, number)));
        queue.messages.push(Queued {
            stay,
            number,
            hotel: self.hotels[stay as usize],
            observation,
        });
        queue.done.push(false);
        true
    }

    fn saw(&mut self, stay: u32, at: Time, seen: Seen) {
        if let Some(camera) = &mut self.camera {
            camera.saw(stay, at, seen);
        }
    }
}

impl Queue<'_> {
    /// When something happens at the line.
    fn next(&self) -> Time {
        let coming = self.coming.peek().map_or(NEVER, |Reverse((at, _))| *at);
        coming.min(self.line.next_change().unwrap_or(NEVER))
    }

    /// Lets happen what happens at the line until `now`; gives what it was done with, or lost.
    fn advance(&mut self, now: Time, warm: Time) -> Vec<(Queued, Ended)> {
        let mut out = Vec::new();
        let Self {
            push,
            carrier,
            line,
            coming,
            messages,
            done,
            calls,
        } = self;
        let mut work = |message: &Queued, attempts: u32, start: Time| {
            let tried = line::attempt(
                push,
                carrier.troubles(),
                message.observation.key,
                attempts,
                start,
            );
            *calls += u64::from(tried.calls && start >= warm);
            match tried.ends {
                Attempt::Done(after) => {
                    out.push((*message, Ended::done_at(start.saturating_add(after))));
                }
                Attempt::Dies(after) if push.commit == Commit::Before => {
                    out.push((*message, Ended::lost_at(start.saturating_add(after))));
                }
                Attempt::Dies(_) => {}
            }
            tried.ends
        };
        let partitions = push
            .partitions
            .map_or(1, |partitions| u64::from(partitions.get()));
        while let Some(Reverse((at, number))) = coming.peek().copied()
            && at <= now
        {
            coming.pop();
            let message = messages[number as usize];
            line.arrive(at, (message.hotel % partitions) as u32, message, &mut work);
        }
        line.advance(now, &mut work);
        for (message, _) in &out {
            done[message.number as usize] = true;
        }
        out
    }
}

impl<'a, const MEETS: bool> Together<'a, MEETS> {
    fn run(
        plan: &'a Plan<'a>,
        design: &'a Design,
        world: &dyn Generate,
        groups: &[Group],
        camera: Option<Camera>,
    ) -> (Tally, Vec<Event>, Option<Camera>) {
        let stays: usize = groups.iter().map(|group| group.stays.len()).sum();
        let queues = plan.feeds.iter().zip(&design.feeds);
        let mut together = Self {
            eviction: design.cache.capacity.map(|capacity| {
                let key = plan.replicate.purpose(Purpose::Evictions);
                Eviction::new(capacity, stays as u32, key)
            }),
            victims: Vec::new(),
            breaker: design.operations.circuit_breaker,
            flips: plan
                .feeds
                .iter()
                .map(|planned| Flips {
                    judged: judged(planned, design),
                    ..Flips::default()
                })
                .collect(),
            queues: queues
                .map(|(planned, feed)| match (planned, feed.delivery.push()) {
                    (Planned::Observed { carrier, .. }, Some(push)) if push.has_line() => {
                        Some(Queue {
                            push,
                            carrier,
                            line: line::line(push, carrier.troubles()),
                            coming: BinaryHeap::new(),
                            messages: Vec::new(),
                            done: Vec::new(),
                            calls: 0,
                        })
                    }
                    _ => None,
                })
                .collect(),
            buckets: design
                .feeds
                .iter()
                .map(|feed| rate_limit(feed).map(|limit| limit.bucket()))
                .collect(),
            hotels: groups
                .iter()
                .flat_map(|group| {
                    let stays = 0..group.stays.len() as u32;
                    stays.map(|stay| world.hotel(group.ordinal, stay))
                })
                .collect(),
            alive: 0,
            events: Vec::new(),
            camera,
        };
        let mut tally = plan.tally();
        if together.camera.is_some() {
            let feeds = design.feeds.iter().zip(&mut tally.feeds);
            for (feed, of_feed) in feeds {
                // Observations are as many as searches: those that are written are seen anyway.
                let is_seen = feed.has_line() || !matches!(feed.source, Source::Searches(_));
                of_feed.watch.filmed = is_seen.then(Vec::new);
            }
        }
        let mut walks = walks(plan, world, groups, &mut tally);
        together.drive(plan, &mut walks, &mut tally);
        for (queue, feed) in together.queues.iter_mut().zip(&mut tally.feeds) {
            if let Some(queue) = queue {
                let totals = queue.line.take_totals();
                feed.backlog_max = totals.most_waiting;
                feed.busy = totals.busy;
                tally.counters.calls += queue.calls;
                for (message, done) in queue.messages.iter().zip(&queue.done) {
                    if !done {
                        feed.watch.message(message.observation.sent, NEVER, NEVER);
                    }
                }
            }
        }
        for walk in walks.into_iter().flatten() {
            let mut around = Around {
                tally: &mut tally,
                commons: &mut together,
            };
            walk.finish(&mut around);
        }
        plan.count_messages(&mut tally);
        tally.check();
        (tally, together.events, together.camera)
    }

    /// The breaker trips. What comes at this very moment is held, too.
    fn trip(&mut self, feed: usize, at: Time, breaker: CircuitBreaker) {
        let reset = at.saturating_add(breaker.reset_after.micros());
        self.flips[feed].held_until = reset;
        for (at, what) in [(at, "breaker tripped, feed held"), (reset, "breaker reset")] {
            self.events.push(Event {
                at,
                feed: Some(feed),
                what: what.into(),
                fault: None,
            });
        }
    }

    /// Judges the newest publication of each feed that is due: it is taken as a whole, or held. One that takes
    /// the place of others may flip as much as all of them, or a feed once held would be held for good.
    fn judge(&mut self, at: Time, walks: &[Option<Walk<'a>>]) {
        let Some(breaker) = self.breaker else {
            return;
        };
        for feed in 0..self.flips.len() {
            let flips = &mut self.flips[feed];
            if flips.judges() > at {
                continue;
            }
            let Some(judged) = &mut flips.judged else {
                continue;
            };
            let due = judged.moments.partition_point(|moment| *moment <= at);
            let first = judged.passed.map_or(0, |passed| passed + 1);
            let newest = due - 1;
            let most =
                breaker.max_flip_share.get() * self.alive as f64 * (newest + 1 - first) as f64;
            judged.next = due;
            let walks = walks.iter().flatten();
            let flipped = walks.filter(|walk| walk.would_flip(feed, newest, at));
            if flipped.count() as f64 <= most {
                judged.passed = Some(newest);
            } else {
                self.trip(feed, at, breaker);
            }
        }
    }

    /// Lets happen what happens, in the order of time, to the end of the run.
    fn drive(&mut self, plan: &Plan<'_>, walks: &mut [Option<Walk<'a>>], tally: &mut Tally) {
        let warm = plan.horizon.warm;
        // When each stay is looked at next; what is in the heap for another moment is out of date.
        let mut due: Vec<Time> = Vec::with_capacity(walks.len());
        let mut heap = BinaryHeap::with_capacity(walks.len());
        for (number, walk) in (0_u32..).zip(walks.iter()) {
            let enters = walk.as_ref().map_or(NEVER, Walk::now);
            due.push(enters);
            heap.push(Reverse((enters, number)));
        }
        let mut warmed = false;
        let mut entered = vec![false; walks.len()];
        loop {
            let next = heap.peek().map_or(NEVER, |Reverse((at, _))| *at);
            let line = self.queues.iter().flatten().map(Queue::next).min();
            let judge = self.flips.iter().map(Flips::judges).min();
            let at = next.min(line.unwrap_or(NEVER));
            let at = at.min(judge.unwrap_or(NEVER));
            if at >= plan.horizon.end {
                // Whoever is at work then works until the end.
                for queue in self.queues.iter_mut().flatten() {
                    queue.line.pass(plan.horizon.end);
                }
                return;
            }
            // A dataset is judged before anybody takes it.
            if judge.is_some_and(|judge| judge <= at) {
                self.judge(at, walks);
                continue;
            }
            if at >= warm && !warmed {
                warmed = true;
                for queue in self.queues.iter_mut().flatten() {
                    // What happens at that very moment is still to come.
                    if queue.line.next_change().is_none_or(|at| at > warm) {
                        queue.line.pass(warm);
                    }
                    queue.line.take_totals();
                }
            }
            // Messages before searches: the line first.
            if line.is_some_and(|line| line <= next) {
                for feed in 0..self.queues.len() {
                    let Some(queue) = &mut self.queues[feed] else {
                        continue;
                    };
                    for (message, ended) in queue.advance(at, warm) {
                        let AtLine {
                            sent, read, key, ..
                        } = message.observation;
                        let watch = &mut tally.feeds[feed].watch;
                        watch.message(sent, ended.done(), ended.lost());
                        let done = Some(ended.done()).filter(|at| *at < NEVER);
                        let Some(walk) = &mut walks[message.stay as usize] else {
                            continue;
                        };
                        walk.served(feed, done, read, key, tally);
                        let number = message.stay;
                        let when = walk.next(self).max(at);
                        if when < due[number as usize] {
                            due[number as usize] = when;
                            heap.push(Reverse((when, number)));
                        }
                    }
                }
                continue;
            }
            let Some(Reverse((at, number))) = heap.pop() else {
                return;
            };
            let index = number as usize;
            if due[index] != at {
                continue;
            }
            let Some(walk) = &mut walks[index] else {
                continue;
            };
            if !entered[index] {
                entered[index] = true;
                self.alive += 1;
            }
            let next = walk.next(self);
            let mut ended = false;
            if next <= at {
                let mut around = Around {
                    tally: &mut *tally,
                    commons: &mut *self,
                };
                ended = walk.step(next, &mut around);
            }
            if ended {
                self.alive -= 1;
                due[index] = NEVER;
                if let Some(walk) = walks[index].take() {
                    let mut around = Around {
                        tally: &mut *tally,
                        commons: &mut *self,
                    };
                    walk.finish(&mut around);
                }
            } else {
                due[index] = walk.next(self);
                heap.push(Reverse((due[index], number)));
            }
            while let Some(victim) = self.victims.pop() {
                let Some(walk) = &mut walks[victim as usize] else {
                    continue;
                };
                walk.catch_up::<Self>(at, tally);
                walk.evict(tally);
                self.saw(victim, at, Seen::Holds(None));
                let when = walk.next(self);
                if when != due[victim as usize] {
                    due[victim as usize] = when;
                    heap.push(Reverse((when, victim)));
                }
            }
        }
    }
}

/// The publications that a breaker judges; a table that is rewritten in place has none.
fn judged(planned: &Planned<'_>, design: &Design) -> Option<Judged> {
    design.operations.circuit_breaker?;
    match planned {
        Planned::Dataset { publications, .. } if !publications.dataset.in_place => Some(Judged {
            moments: publications.moves.iter().map(|moved| moved.at).collect(),
            next: 0,
            passed: None,
        }),
        _ => None,
    }
}

/// These groups of a replicate.
fn groups(plan: &Plan<'_>, world: &dyn Generate, which: impl Iterator<Item = u64>) -> Vec<Group> {
    let mut group = Group::default();
    let mut groups = Vec::new();
    for ordinal in which {
        world.fill(plan.replicate, ordinal, &mut group);
        group.count_searches(world.shapes(), searches_key(plan.replicate, ordinal));
        let next = group.succeed();
        groups.push(std::mem::replace(&mut group, next));
    }
    groups
}

/// A walk for each stay, about to start.
fn walks<'a>(
    plan: &'a Plan<'a>,
    world: &'a dyn Generate,
    groups: &'a [Group],
    tally: &mut Tally,
) -> Vec<Option<Walk<'a>>> {
    let mut feeds: Vec<GroupFeed> = plan.feeds.iter().map(|_| GroupFeed::default()).collect();
    let mut walks = Vec::new();
    for group in groups {
        note_group(group, plan.horizon, tally);
        for ((feed, planned), tally) in feeds.iter_mut().zip(&plan.feeds).zip(&mut tally.feeds) {
            feed.prepare(planned, group, world, plan.horizon, tally);
        }
        let keys = GroupKeys::new(plan, world, group.ordinal);
        for index in 0..group.stays.len() {
            let truth = StayTruth::new(group, index);
            let of_stay = feeds.iter_mut().zip(&plan.feeds).map(|(feed, planned)| {
                feed.of_stay(planned, group, index, &truth, plan.horizon, Vec::new())
            });
            let of_stay = of_stay.collect();
            let number = walks.len() as u32;
            let stay = keys.stay(world, group, index, number, SearchScratch::default(), plan);
            let layers = Layers::default();
            walks.push(Some(Walk::new(
                &plan.policy,
                plan.horizon,
                stay,
                of_stay,
                layers,
            )));
        }
    }
    walks
}
