//! One design over the whole world of a replicate, where its stays meet or where it must be seen as a whole
//! before anything is known: lines of consumers, alerts and repairs, rooms in a cache.
//!
//! ```text
//!  mishaps ──▶ plan ──▶ lines: all messages of a feed, in the order of time ──▶ stays, one by one
//!     ▲                                                          └─ or together ([`lockstep`]) ─┐
//!     └────────────── what monitoring saw: alerts, repairs, another round ◀─────────────────────┘
//! ```

use super::checks::Invariant;
use super::clock::{DAY, Horizon, Time};
use super::commons::Nothing;
use super::film::{Cast, Film};
use super::lockstep;
use super::mishap::{self, Mishap, What, Window};
use super::plan::{Circumstances, Event, Intervals, Plan, Planned};
use super::random::{Key, Purpose};
use super::run::searches_key;
use super::shared::{
    self,
    line::{self, Arrivals, Served},
};
use super::truth::StayTruth;
use crate::design::audit;
use crate::design::delivery::pull::Clock;
use crate::design::delivery::pull::allocation::{self, StayRates};
use crate::design::delivery::pull::paging::{self, List, Paging, Schedule};
use crate::design::delivery::{Delivery, Pull, Push};
use crate::design::operations::Replay;
use crate::design::source::deltas::{Replica, Reread};
use crate::design::trouble::{Kind, Troubles};
use crate::design::{Design, Fault, Feed, Source};
use crate::measure::series::Minutes;
use crate::measure::tally::Tally;
use crate::world::group::{Generate, Group};

/// What a design did in a replicate.
#[derive(Debug)]
pub struct Ran {
    /// In numbers.
    pub tally: Tally,
    /// What happened to it as a whole.
    pub events: Vec<Event>,
    /// Its audits.
    pub audits: Vec<audit::Planned>,
    /// When something was wrong.
    pub faults: Vec<Window>,
}

/// Whether a design must be run over the whole world.
#[must_use]
pub fn is_needed(design: &Design, faults: &[Fault]) -> bool {
    let operations = &design.operations;
    let struck = !faults.is_empty() || operations.incidents_per_component_per_month.get() > 0.0;
    let audits = design.audits.iter().any(|audit| audit.alert().is_some());
    let watched = operations.alerts
        && (operations.lag_above.is_some() || operations.parity_check.is_some() || audits);
    let lines = design.feeds.iter().any(crate::design::Feed::has_line);
    let pulls = design.feeds.iter().any(is_pulled_as_a_whole);
    lines
        || pulls
        || struck && (watched || operations.replay.is_some())
        || lockstep::is_needed(design)
}

/// Whether a feed's polls depend on all stays: a budget to share out, a list to crawl.
fn is_pulled_as_a_whole(feed: &Feed) -> bool {
    match &feed.delivery {
        Delivery::Pull(pull) => pull.budget_per_day.is_some() || pull.paging.is_some(),
        Delivery::Push(_) => false,
    }
}

/// Runs a design over the whole world of a replicate.
#[must_use]
pub fn run(
    world: &dyn Generate,
    design: &Design,
    circumstances: Circumstances<'_>,
    replicate: Key,
    horizon: Horizon,
) -> Ran {
    settle(world, design, circumstances, replicate, horizon).0
}

/// Films some groups of a replicate.
#[must_use]
pub fn film(
    world: &dyn Generate,
    design: &Design,
    circumstances: Circumstances<'_>,
    (replicate, horizon): (Key, Horizon),
    cast: &Cast,
) -> Film {
    let is_whole = is_needed(design, circumstances.faults);
    let mishaps = if is_whole {
        // Alerts end faults: all must be seen before anything is known.
        settle(world, design, circumstances, replicate, horizon).1
    } else {
        mishap::of_design(circumstances.faults, design, replicate, horizon)
    };
    let mut plan = Plan::new(design, circumstances, &mishaps, world, replicate, horizon);
    if is_whole {
        prepare(&mut plan, design, &mishaps, world);
    }
    let mut film = lockstep::film(&plan, design, world, cast);
    film.events = happened(&plan, design, &mishaps, film.events);
    film
}

/// All that happened to a design as a whole, in the order of time.
fn happened(plan: &Plan<'_>, design: &Design, mishaps: &[Mishap], more: Vec<Event>) -> Vec<Event> {
    let mut log = plan.happened(design, mishaps);
    log.extend(more.into_iter().filter(|event| event.at < plan.horizon.end));
    log.sort_by_key(|event| event.at);
    log
}

/// Runs a design until its alerts change nothing more: what it did, and what went wrong.
fn settle(
    world: &dyn Generate,
    design: &Design,
    circumstances: Circumstances<'_>,
    replicate: Key,
    horizon: Horizon,
) -> (Ran, Vec<Mishap>) {
    let mut mishaps = mishap::of_design(circumstances.faults, design, replicate, horizon);
    // From when on rounds have changed anything at the latest, and how many did so no later than that.
    let (mut latest, mut stuck) = (Time::MIN, 0);
    loop {
        let mut plan = Plan::new(design, circumstances, &mishaps, world, replicate, horizon);
        let did = prepare(&mut plan, design, &mishaps, world);
        let (mut tally, events) = if !lockstep::is_needed(design) {
            (shared::walk(&plan, world, &mut Nothing), Vec::new())
        } else if shared::is_foretold(&plan, design) {
            let tally = shared::run(&plan, design, world, shared::MOMENTS);
            (tally, Vec::new())
        } else {
            lockstep::run(&plan, design, world)
        };
        for (feed, did) in did {
            tally.feeds[feed].backlog_max = did.line.totals.most_waiting;
            tally.feeds[feed].busy = did.line.totals.busy;
            tally.counters.calls += did.line.calls;
            tally.counters.asks_poll += did.crawled.items;
            tally.counters.pages += did.crawled.pages;
            tally.counters.repeated_on_pages += did.crawled.repeated;
            tally.counters.missed_by_pages += did.crawled.missed;
            tally.asks += did.crawled.items;
            tally.asks_by_minute.merge(&did.asks_by_minute);
        }
        tally.check();
        let alerts = plan.alerts(design, &tally);
        if let Some(from) = mishap::respond(&mut mishaps, design, &tally, &alerts) {
            stuck = if from > latest { 0 } else { stuck + 1 };
            latest = latest.max(from);
            // As one fault is mended, an alert of that very moment may become another's, and so on.
            if stuck <= mishaps.len() {
                continue;
            }
            tally.checks.broken(Invariant::RepairsSettle);
        }
        let ran = Ran {
            tally,
            events: happened(&plan, design, &mishaps, events),
            audits: plan.audits,
            faults: mishap::windows(&mishaps),
        };
        return (ran, mishaps);
    }
}

/// Makes the world's groups one after the other.
pub(super) fn each_group(world: &dyn Generate, replicate: Key, mut act: impl FnMut(&Group)) {
    let mut group = Group::default();
    for ordinal in 0..world.groups() {
        world.fill(replicate, ordinal, &mut group);
        group.count_searches(world.shapes(), searches_key(replicate, ordinal));
        act(&group);
    }
}

/// What a feed did as a whole: its line of consumers, or its crawlers.
#[derive(Debug, Clone, Default)]
pub(super) struct Did {
    line: Served,
    crawled: paging::Counts,
    asks_by_minute: Minutes,
}

/// Finds out what concerns all messages of a feed: when the log is read again, when the line is done.
pub(super) fn prepare(
    plan: &mut Plan<'_>,
    design: &Design,
    mishaps: &[Mishap],
    world: &dyn Generate,
) -> Vec<(usize, Did)> {
    let (horizon, replicate) = (plan.horizon, plan.replicate);
    let mut did = Vec::new();
    for (index, planned) in plan.feeds.iter_mut().enumerate() {
        if let Planned::Polls {
            pull,
            key,
            troubles,
            intervals,
        } = planned
        {
            if let Some(budget) = pull.budget_per_day {
                *intervals = Some(share_out(pull, budget.get(), world, replicate, horizon));
            } else if let Some(paging) = &pull.paging {
                let (crawled, crawls) =
                    crawl(pull, paging, *key, troubles, world, replicate, horizon);
                *planned = crawled;
                did.push((index, crawls));
            }
            continue;
        }
        let (Planned::Deltas(feed), Some(push)) = (planned, design.feeds[index].delivery.push())
        else {
            continue;
        };
        let mut rereads = rereads(design, push, mishaps, index);
        if rereads.is_empty() && !push.has_line() {
            continue;
        }
        if !rereads.is_empty() {
            let mut replica = Replica::default();
            each_group(world, replicate, |group| {
                replica.send(&feed.carrier, feed.key.at(group.ordinal), group);
                for reread in &mut rereads {
                    let within = replica
                        .sent()
                        .filter(|sent| (reread.from..reread.at).contains(sent));
                    reread.sent.extend(within);
                }
            });
        }
        for reread in &mut rereads {
            reread.sent.sort_unstable();
            for (at, what) in [(reread.at, "replay began"), (reread.ends(), "replay ended")] {
                if at < horizon.end {
                    plan.events.push(Event {
                        at,
                        feed: Some(index),
                        what: what.into(),
                        fault: None,
                    });
                }
            }
        }
        feed.habits.rereads = rereads;
        if push.has_line() {
            let arrivals = Arrivals::new(feed, push, world, replicate, horizon);
            let troubles = feed.carrier.troubles();
            let (done, served) = line::serve(push, troubles, &arrivals, horizon);
            feed.line = Some(done);
            let did_line = Did {
                line: served,
                ..Did::default()
            };
            did.push((index, did_line));
        }
    }
    did
}

/// Shares a budget of polls out over all stays: by group, then stay, the interval.
fn share_out(
    pull: &Pull,
    budget: f64,
    world: &dyn Generate,
    replicate: Key,
    horizon: Horizon,
) -> Intervals {
    let mut rates = Vec::new();
    let mut sizes = Vec::new();
    each_group(world, replicate, |group| {
        sizes.push(group.stays.len());
        for stay in &group.stays {
            let measured = (stay.leaves - stay.enters.max(horizon.warm)).max(0);
            // The budget is of measured days; what comes before is polled by the same rule.
            let presence = measured as f64 / horizon.measured() as f64;
            let mass = world.shapes()[stay.shape as usize].mass();
            let searches = mass * stay.weight * group.search_scale;
            let present_days = (stay.leaves - stay.enters).max(0) as f64 / DAY as f64;
            let [sells_out_per_day, reopens_per_day] = stay.flips_per_day.map(f64::from);
            rates.push(StayRates {
                presence,
                popularity: if present_days > 0.0 {
                    searches / present_days
                } else {
                    0.0
                },
                sells_out_per_day,
                reopens_per_day,
            });
        }
    });
    let mut polls = allocation::frequencies(pull.allocation, budget, &rates).into_iter();
    let of_group = |size: usize| {
        polls
            .by_ref()
            .take(size)
            .map(allocation::interval)
            .collect()
    };
    sizes.into_iter().map(of_group).collect()
}

/// Crawls the list of available stays.
fn crawl<'a>(
    pull: &Pull,
    paging: &Paging,
    key: Key,
    troubles: &Troubles,
    world: &dyn Generate,
    replicate: Key,
    horizon: Horizon,
) -> (Planned<'a>, Did) {
    let mut list = List::default();
    let mut first_places = Vec::new();
    each_group(world, replicate, |group| {
        first_places.push(list.at_start.len() as u32);
        (0..group.stays.len()).for_each(|index| list.push(&StayTruth::new(group, index)));
    });
    list.settle();
    let polls = Clock::new(pull, pull.interval(), key, 0).until(horizon.end);
    let starts: Vec<Time> = polls.map(|poll| poll.read).collect();
    let schedule = Schedule {
        starts: &starts,
        warm: horizon.warm,
        until: horizon.end,
    };
    let mut bucket = pull.rate_limit.map(|limit| limit.bucket());
    let resumes = |at| troubles.resumes(at, None);
    let crawls = paging::crawl(
        paging,
        &list,
        schedule,
        bucket.as_mut(),
        resumes,
        |name, at| {
            let key = key
                .purpose(Purpose::Latency)
                .at(u64::from(name.crawl))
                .at(u64::from(name.crawler))
                .at(u64::from(name.page));
            (pull.latency.sample(key) as f64 * troubles.slowed(at, None)) as Time
        },
    );
    let mut did = Did {
        crawled: crawls.counts,
        ..Did::default()
    };
    for page in crawls.pages().filter(|page| page.read >= horizon.warm) {
        did.asks_by_minute
            .add(page.read - horizon.warm, u64::from(page.items));
    }
    let crawled = Planned::Crawled {
        crawls,
        first_places,
        troubles: troubles.clone(),
        key,
    };
    (crawled, did)
}

/// When the log of a feed is read again: after a bug or a leak, as far back as the log is kept.
fn rereads(design: &Design, push: &Push, mishaps: &[Mishap], feed: usize) -> Vec<Reread> {
    let Some(replay) = design.operations.replay else {
        return Vec::new();
    };
    let spoils = |mishap: &&Mishap| {
        mishap.feed.is_none_or(|of| of == feed)
            && matches!(mishap.what, What::Trouble(Kind::Wrong(_) | Kind::Leak(_)))
    };
    mishaps
        .iter()
        .filter(spoils)
        .map(|mishap| Reread {
            from: mishap.from.max(mishap.to - push.retention.micros()),
            at: mishap.to,
            deletes: matches!(replay, Replay::DeleteFirst(_)),
            sent: Vec::new(),
            per_second: replay.messages_per_second(),
        })
        .filter(|reread| reread.from < reread.at)
        .collect()
}

/// Whether a design's observed answers stand in line.
#[must_use]
pub fn queues_observations(design: &Design) -> bool {
    design
        .feeds
        .iter()
        .any(|feed| matches!(feed.source, Source::Searches(_)) && feed.has_line())
}
