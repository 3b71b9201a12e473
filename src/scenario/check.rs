//! What types cannot say: names, sources that cannot be pushed, distributions that make no sense, and
//! scenarios that nobody wants to wait for.

use std::collections::BTreeMap;

use super::Scenario;
use super::limits::{
    MOST_NIGHTS, MOST_RATE_PLANS, MOST_REQUESTS, MOST_ROOM_TYPES, MOST_ROOMS_TIMES,
    MOST_SUPPLIER_CHANGES, MOST_TURNOVER,
};
use super::pointer::join;
use super::problem::{Problem, Span, nearest, one_of, shorten};
use super::quantity::{Period, format_duration};
use super::tree::{Node, Value};
use crate::design::cache::{Purge, Ttl};
use crate::design::delivery::Delay;
use crate::design::{Delivery, Design, Feed, Source};
use crate::sim::clock::{DAY, MILLISECOND, Time};
use crate::sim::lockstep;
use crate::study::slices;
use crate::world::two_state::Popularity;
use crate::world::{Hotels, Trace, TwoState, World};

mod audiences;
mod audits;
mod demand;
mod designs;
mod expect;
mod faults;
mod pull;
mod story;
mod variants;

pub(super) use expect::check_of as asked;
pub(super) use faults::check_one as befalls;
pub(super) use story::check as story;
pub(super) use variants::{axes, check as variants};

/// The longest run, warm-up included: 10 years of 365 days.
const LONGEST_RUN: Time = 3_650 * DAY;
/// The shortest interval between polls, and the shortest lifetime.
const SHORTEST: Time = MILLISECOND;
/// The longest booking window, in days.
const LONGEST_WINDOW_DAYS: i64 = 750;
/// The longest close-out, on average.
const LONGEST_CLOSE_OUT: Time = 365 * DAY;

/// Names that are missing, empty or taken, found in the tree: also when the rest cannot be read.
pub(super) fn names(text: &str, root: &Node, problems: &mut Vec<Problem>) {
    if let Some(Value::Array(items)) = root.child("audiences").map(|items| &items.value) {
        unique(text, items, "/audiences", "audience", problems);
    }
    let Some(designs) = root.child("designs") else {
        return;
    };
    if let Value::Array(items) = &designs.value {
        if items.is_empty() {
            problems.push(
                Problem::new("/designs", "there are no designs")
                    .at(text, &designs.span)
                    .expected("at least one design")
                    .suggest("add {\"name\": …, \"feeds\": […]}"),
            );
        }
        unique(text, items, "/designs", "design", problems);
        for (index, design) in items.iter().enumerate() {
            for (key, what) in [("feeds", "feed"), ("audits", "audit")] {
                if let Some(Value::Array(items)) = design.child(key).map(|items| &items.value) {
                    let path = format!("/designs/{index}/{key}");
                    unique(text, items, &path, what, problems);
                }
            }
        }
    }
}

fn unique(text: &str, items: &[Node], path: &str, what: &str, problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<&str, &Span> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let Some(node) = item.child("name") else {
            continue;
        };
        let Value::Text(name) = &node.value else {
            continue;
        };
        let path = format!("{path}/{index}/name");
        if name.trim().is_empty() {
            problems.push(
                Problem::new(path, format!("a {what}'s name is empty"))
                    .at(text, &node.span)
                    .expected(format!("a name that tells the {what} from the others")),
            );
        } else if let Some(first) = first.get(name.as_str()) {
            problems.push(
                Problem::new(
                    path,
                    format!("the {what} name {:?} is given twice", shorten(name)),
                )
                .at(text, &node.span)
                .expected(format!("a name of its own for each {what}"))
                .suggest("rename one of the two")
                .related(text, first, "first named here"),
            );
        } else {
            first.insert(name, &node.span);
        }
    }
}

/// What a scenario says that cannot be meant.
pub(super) fn meaning(scenario: &Scenario, problems: &mut Vec<Problem>) {
    let horizon = scenario.run.horizon();
    if horizon.end > LONGEST_RUN {
        problems.push(
            Problem::new(
                "/run/length",
                format!(
                    "warm-up and length are {} together",
                    format_duration(horizon.end)
                ),
            )
            .expected("at most 3650d, ten years")
            .suggest("shorten `length`"),
        );
    }
    match &scenario.world {
        World::TwoState(world) => two_state(world, problems),
        World::Hotels(world) => hotels(world, problems),
        World::Trace(world) => trace(world, problems),
    }
    for (index, design) in scenario.designs.iter().enumerate() {
        check_design(design, &format!("/designs/{index}"), problems);
    }
    designs::check(scenario, problems);
    faults::check(scenario, problems);
    audiences::check(scenario, problems);
    expect::check(scenario, problems);
    if problems.is_empty() {
        size(scenario, problems);
    }
}

fn two_state(world: &TwoState, problems: &mut Vec<Problem>) {
    if world.sells_out_per_day.get() + world.reopens_per_day.get() <= 0.0 {
        problems.push(
            Problem::new(
                "/world/two_state",
                "`sells_out_per_day` and `reopens_per_day` are both 0: there is no equilibrium to start in",
            )
            .expected("at least one of them above 0"),
        );
    }
    if world.rate_spread.is_some() && !world.rate_classes.is_empty() {
        problems.push(
            Problem::new(
                "/world/two_state/rate_classes",
                "`rate_classes` and `rate_spread` are both given",
            )
            .expected("one of them")
            .suggest("remove one of the two"),
        );
    }
    let shares: f64 = world
        .rate_classes
        .iter()
        .map(|class| class.share.get())
        .sum();
    if !world.rate_classes.is_empty() && (shares - 1.0).abs() > 1e-9 {
        problems.push(
            Problem::new(
                "/world/two_state/rate_classes",
                format!("the shares of `rate_classes` add up to {shares}"),
            )
            .expected("shares that add up to 1"),
        );
    }
}

fn booking_window(window: Period, world: &str, problems: &mut Vec<Problem>) {
    let days = window.micros() / DAY;
    if window.micros() % DAY != 0 || !(1..=LONGEST_WINDOW_DAYS).contains(&days) {
        problems.push(
            Problem::new(
                join(world, "booking_window"),
                format!("`booking_window` is {window}"),
            )
            .expected(format!("whole days, from 1d to {LONGEST_WINDOW_DAYS}d")),
        );
    }
}

fn at_most(
    value: f64,
    (most, what): (f64, &str),
    world: &str,
    key: &str,
    problems: &mut Vec<Problem>,
) {
    if value > most {
        let name = key.rsplit('/').next().unwrap_or(key);
        problems.push(
            Problem::new(format!("{world}/{key}"), format!("`{name}` is {value}"))
                .expected(format!("at most {most} {what}")),
        );
    }
}

fn trace(world: &Trace, problems: &mut Vec<Problem>) {
    let path = "/world/trace";
    booking_window(world.booking_window, path, problems);
    demand::hours(&world.hours, &join(path, "hours"), problems);
    let nights = f64::from(world.max_nights.get());
    at_most(
        nights,
        (MOST_NIGHTS, "nights"),
        path,
        "max_nights",
        problems,
    );
    if world.searches.is_some() {
        for (key, given) in [
            (
                "searches_per_request",
                world.searches_per_request != Trace::searches_per_request(),
            ),
            ("popularity", world.popularity != Popularity::default()),
        ] {
            if given {
                problems.push(
                    Problem::new(
                        join(path, key),
                        format!("`{key}` makes searches, and those of a file are given"),
                    )
                    .expected("either `searches`, or how to make them")
                    .suggest(format!("take `{key}` or `searches` out")),
                );
            }
        }
    }
    let times = world.rooms_times.get();
    if times <= 0.0 || times > MOST_ROOMS_TIMES {
        problems.push(
            Problem::new(
                join(path, "rooms_times"),
                format!("`rooms_times` is {times}"),
            )
            .expected(format!("above 0, and at most {MOST_ROOMS_TIMES}")),
        );
    }
}

fn hotels(world: &Hotels, problems: &mut Vec<Problem>) {
    booking_window(world.booking_window, "/world/hotels", problems);
    for (key, value, most, what) in [
        (
            "max_nights",
            f64::from(world.max_nights.get()),
            MOST_NIGHTS,
            "nights",
        ),
        (
            "demand/requests_per_hotel_per_day",
            world.demand.requests_per_hotel_per_day.get(),
            MOST_REQUESTS,
            "requests a day",
        ),
        (
            "supplier_changes_per_hotel_per_day",
            world.supplier_changes_per_hotel_per_day.get(),
            MOST_SUPPLIER_CHANGES,
            "changes a day",
        ),
        (
            "supply/room_types",
            f64::from(world.supply.room_types.get()),
            MOST_ROOM_TYPES,
            "room types",
        ),
        (
            "supply/rate_plans/count",
            f64::from(world.supply.rate_plans.count.get()),
            MOST_RATE_PLANS,
            "rate plans",
        ),
        (
            "joins_per_year",
            world.joins_per_year.get(),
            MOST_TURNOVER,
            "a year",
        ),
        (
            "leaves_per_year",
            world.leaves_per_year.get(),
            MOST_TURNOVER,
            "a year",
        ),
        (
            "supply/nights_per_change",
            f64::from(world.supply.nights_per_change.get()),
            MOST_NIGHTS,
            "nights",
        ),
    ] {
        at_most(value, (most, what), "/world/hotels", key, problems);
    }
    demand::check(world, problems);
    let supply = &world.supply;
    let (close_outs, restrictions) = (supply.close_out_share, supply.restriction_share);
    if close_outs.get() + restrictions.get() > 1.0 {
        problems.push(
            Problem::new(
                "/world/hotels/supply/restriction_share",
                format!(
                    "`close_out_share` and `restriction_share` are {} and {}: more than all changes",
                    close_outs.get(),
                    restrictions.get()
                ),
            )
            .expected("two shares that add up to at most 1")
            .suggest("lower one of them"),
        );
    }
    let lasts = world.supply.close_out_lasts;
    if lasts.micros() > LONGEST_CLOSE_OUT {
        problems.push(
            Problem::new(
                "/world/hotels/supply/close_out_lasts",
                format!("`close_out_lasts` is {lasts}"),
            )
            .expected("at most 365d"),
        );
    }
}

fn check_design(design: &Design, path: &str, problems: &mut Vec<Problem>) {
    for (index, feed) in design.feeds.iter().enumerate() {
        check_feed(feed, &format!("{path}/feeds/{index}"), problems);
    }
    check_ttl(&design.cache.ttl, &format!("{path}/cache/ttl"), problems);
    if let Some(ttl) = design.cache.sold_out_ttl {
        not_tiny(ttl, &format!("{path}/cache/sold_out_ttl"), problems);
    }
    match design.cache.purge {
        Purge::None | Purge::Random(_) => {}
    }
}

fn check_ttl(ttl: &Ttl, path: &str, problems: &mut Vec<Problem>) {
    match ttl {
        Ttl::None => {}
        Ttl::Fixed(ttl) => not_tiny(*ttl, &join(path, "fixed"), problems),
        Ttl::Sliding(ttl) => not_tiny(*ttl, &join(path, "sliding"), problems),
        Ttl::Jittered(jittered) => {
            not_tiny(jittered.mean, &format!("{path}/jittered/mean"), problems);
        }
        Ttl::ByLeadTime(bands) => {
            let path = join(path, "by_lead_time");
            for (index, band) in bands.iter().enumerate() {
                let path = format!("{path}/{index}");
                not_tiny(band.ttl, &join(&path, "ttl"), problems);
                let is_last = index + 1 == bands.len();
                let before = index.checked_sub(1).and_then(|i| bands[i].within);
                match band.within {
                    None if !is_last => problems.push(
                        Problem::new(
                            path,
                            "a band without `within` holds for all, and is not the last",
                        )
                        .expected("`within` in every band but the last"),
                    ),
                    Some(within) if before.is_some_and(|before| before >= within) => problems.push(
                        Problem::new(
                            join(&path, "within"),
                            format!("`within` is {within}, no more than that of the band before"),
                        )
                        .expected("bands from the nearest check-in to the farthest"),
                    ),
                    _ => {}
                }
            }
            if bands.last().is_none_or(|band| band.within.is_some()) {
                problems.push(
                    Problem::new(path, "no band holds for stays that are further ahead")
                        .expected("a last band without `within`")
                        .suggest("add {\"ttl\": …}"),
                );
            }
        }
        Ttl::Adaptive(adaptive) => {
            not_tiny(adaptive.min, &format!("{path}/adaptive/min"), problems);
            if adaptive.max < adaptive.min {
                problems.push(
                    Problem::new(
                        format!("{path}/adaptive/max"),
                        format!("`max` is {}, less than `min`", adaptive.max),
                    )
                    .expected(format!("at least `min`, which is {}", adaptive.min)),
                );
            }
        }
    }
}

fn check_feed(feed: &Feed, path: &str, problems: &mut Vec<Problem>) {
    if let Source::Hints(hints) = feed.source {
        let path = format!("{path}/source/hints");
        pull::rate_limit(hints.rate_limit, &path, problems);
    }
    match &feed.delivery {
        Delivery::Push(push) => {
            if !feed.source.can_be_pushed() {
                problems.push(
                    Problem::new(
                        format!("{path}/delivery"),
                        format!("the source `{}` cannot be pushed", feed.source.name()),
                    )
                    .expected("pull delivery, or a source that sends messages")
                    .suggest(
                        "write \"delivery\": {\"pull\": {\"every\": …}}, or \"source\": \"deltas\"",
                    ),
                );
            }
            delay(
                push.latency,
                &format!("{path}/delivery/push/latency"),
                problems,
            );
        }
        Delivery::Pull(pull) => {
            let is_log = feed.source.can_be_pushed();
            pull::check(pull, is_log, &format!("{path}/delivery/pull"), problems);
        }
    }
}

fn not_tiny(period: Period, path: &str, problems: &mut Vec<Problem>) {
    if period.micros() < SHORTEST {
        problems.push(
            Problem::new(path, format!("{period} is too short to mean anything"))
                .expected(format!("at least {}", format_duration(SHORTEST))),
        );
    }
}

fn delay(delay: Delay, path: &str, problems: &mut Vec<Problem>) {
    match delay {
        Delay::Fixed(_) | Delay::Exponential(_) => {}
        Delay::Uniform(uniform) => {
            if uniform.max < uniform.min {
                problems.push(
                    Problem::new(
                        format!("{path}/uniform/max"),
                        format!("`max` is {}, less than `min`", uniform.max),
                    )
                    .expected(format!("at least `min`, which is {}", uniform.min)),
                );
            }
        }
        Delay::Lognormal(lognormal) => {
            if lognormal.p99 < lognormal.median {
                problems.push(
                    Problem::new(
                        format!("{path}/lognormal/p99"),
                        format!("`p99` is {}, less than `median`", lognormal.p99),
                    )
                    .expected(format!("at least `median`, which is {}", lognormal.median)),
                );
            }
        }
    }
}

/// A part of what a scenario asks for, with the most that is worth waiting for.
struct Load {
    path: &'static str,
    what: &'static str,
    amount: f64,
    most: f64,
    reduce: &'static str,
}

/// Bytes of one design's numbers in one part of a replicate: histograms, and curves by the hour.
const TALLY_BYTES: f64 = 32e3;
const TALLY_BYTES_PER_HOUR: f64 = 120.0;

/// Bytes of a change while its group is walked.
const CHANGE_BYTES: f64 = 50.0;

/// Bytes of a search of a file, while all are put in order.
const TOLD_BYTES: f64 = 32.0;

/// Bytes of one kind at once. A page's engine has addresses for 4 GB, and more than one kind.
const MOST_BYTES: f64 = 2e9;

/// Whether a design has to meet each search: what it does depends on the one before, or is observed.
fn meets_searches(design: &Design) -> bool {
    let observed = |feed: &Feed| matches!(feed.source, Source::Searches(_));
    design.cache.capacity.is_some()
        || design.serving.explore.get() > 0.0
        || design.serving.bypass.get() > 0.0
        || matches!(design.cache.ttl, Ttl::Sliding(_))
        || design.feeds.iter().any(observed)
}

/// Searches in a replicate. Sums of them in parts of 2^16 have 64 bits, of spread ones 33 times as many.
const MOST_SEARCHES: f64 = 1e12;

/// Refuses what would take hours, or more memory than there is. Rough on purpose.
fn size(scenario: &Scenario, problems: &mut Vec<Problem>) {
    let measured = scenario.run.horizon().days();
    let end = scenario.run.horizon().end;
    let days = end as f64 / DAY as f64;
    let shocks = scenario.shocks();
    let (traffic, demand) = (shocks.mean_traffic(end), shocks.mean_demand(end));
    let stays = scenario.stays_per_replicate() as f64;
    let replicates = f64::from(scenario.run.replicates.get());
    // What is done for each design in each replicate.
    let times = scenario.designs.len() as f64 * replicates;
    // The last: what is kept in memory at once, of a block of items or a hotel.
    let (path, changes, searches, of_group) = match &scenario.world {
        World::TwoState(world) => {
            let (down, up) = (world.sells_out_per_day.get(), world.reopens_per_day.get());
            let down = down * demand;
            // Nothing ever changes where neither has a rate.
            let flips = if down > 0.0 {
                2.0 * down * up / (down + up)
            } else {
                0.0
            };
            let changes = stays * days * world.mean_factor() * flips;
            let items = f64::from(world.stays.get());
            (
                "/world/two_state/stays",
                changes,
                stays * days * world.searches_per_stay_per_day.get(),
                changes / items * items.min(256.0),
            )
        }
        World::Hotels(world) => {
            let requests = world.demand.requests_per_hotel_per_day.get();
            let rows = requests * demand + world.supplier_changes_per_hotel_per_day.get();
            let hotel_days = f64::from(world.count.get()) * days;
            let nights = f64::from(world.max_nights.get());
            // A row's night is part of so many stays.
            let changes = hotel_days * rows * nights * (nights + 1.0) / 2.0;
            (
                "/world/hotels/count",
                changes,
                hotel_days * requests * world.searches_per_request.get(),
                changes / f64::from(world.count.get()),
            )
        }
        World::Trace(world) => {
            let (most, rows) = world.night_changes(scenario.run.horizon());
            let nights = f64::from(world.max_nights.get());
            let drawn = world.rooms_booked() as f64 * world.searches_per_request.get();
            (
                "/world/trace/bookings",
                rows as f64 * nights * (nights + 1.0) / 2.0,
                world.searches().map_or(drawn, |told| told as f64),
                most as f64,
            )
        }
    };
    let searches = searches * traffic;
    // Those of a file are kept one by one, as often as a fault has them made.
    let told = match &scenario.world {
        World::Trace(world) => world.searches().unwrap_or(0) as f64 * shocks.most_traffic(end),
        World::TwoState(_) | World::Hotels(_) => 0.0,
    };
    let pulls = scenario.designs.iter().flat_map(|design| {
        design.feeds.iter().filter_map(|feed| match &feed.delivery {
            Delivery::Pull(pull) => Some((feed.source.can_be_pushed(), pull)),
            Delivery::Push(_) => None,
        })
    });
    let (mut polls, mut reads) = (0.0, 0.0);
    for (is_log, pull) in pulls {
        let shortest = pull.adaptive.map_or(pull.interval(), |a| a.min.micros());
        let times = days * DAY as f64 / shortest as f64;
        // A log is read as a whole, the inventory stay by stay.
        if is_log {
            reads += times;
        } else {
            polls += pull
                .budget_per_day
                .map_or(times * stays, |budget| budget.get() * days);
        }
    }
    let (mut together, mut met, mut pages, mut asked) = (0.0_f64, 0.0, 0.0, 0.0);
    let (mut purges, mut datasets) = (0.0, 0.0);
    for design in &scenario.designs {
        if lockstep::is_needed(design) {
            together = together.max(stays);
        }
        if meets_searches(design) {
            met += searches * replicates;
        }
        if let Purge::Random(purge) = design.cache.purge {
            purges += purge.per_day.get() * stays * days * replicates;
        }
        for feed in &design.feeds {
            if let Source::Dataset(dataset) = feed.source {
                datasets += days * DAY as f64 / dataset.every.micros() as f64;
            }
            if let (Source::Hints(_), World::Hotels(world)) = (&feed.source, &scenario.world) {
                let window = world.booking_window.micros() as f64 / DAY as f64;
                let of_hotel = window * f64::from(world.max_nights.get());
                // Each changed row is a hint, and has all stays of its hotel asked.
                let nights = f64::from(world.max_nights.get());
                let hints = changes / (nights * (nights + 1.0) / 2.0) * nights;
                asked += hints * of_hotel * replicates;
            }
            if let Delivery::Pull(pull) = &feed.delivery
                && let Some(paging) = pull.paging
            {
                let crawls = days * DAY as f64 / pull.interval() as f64;
                let crawled = (stays / f64::from(paging.size.get())).max(1.0);
                pages += crawls * crawled;
            }
        }
    }
    let parts = slices((stays * measured) as u64).max(1) as f64;
    let tally = TALLY_BYTES + TALLY_BYTES_PER_HOUR * 24.0 * measured;
    let loads = [
        Load {
            path,
            what: "stays to follow (stays × designs × replicates)",
            amount: stays * times,
            most: 2e9,
            reduce: "the size of the world, `replicates` or the number of designs",
        },
        Load {
            path,
            what: "changes to follow (changes × designs × replicates)",
            amount: changes * times,
            most: 2e10,
            reduce: "the size of the world, its rates of change, `length` or `replicates`",
        },
        Load {
            path,
            what: "searches in a replicate",
            amount: searches,
            most: MOST_SEARCHES,
            reduce: "the size of the world, its searches or what a fault multiplies them by",
        },
        Load {
            path: "/designs",
            what: "polls of stays",
            amount: polls * replicates,
            most: 1e12,
            reduce: "them: raise `every`, or shorten `length`",
        },
        Load {
            path,
            what: "stays to walk together, as a design needs whose stays meet",
            amount: together,
            most: 1e7,
            reduce: "the size of the world, or take out what stays share (capacity, rate limit, breaker)",
        },
        Load {
            path,
            what: "searches to meet one by one (searches × designs × replicates)",
            amount: met,
            most: 1e11,
            reduce: "the size of the world or its searches, `length` or `replicates`",
        },
        Load {
            path: "/designs",
            what: "purges",
            amount: purges,
            most: 1e11,
            reduce: "them: lower `per_day`, or shorten `length`",
        },
        Load {
            path: "/designs",
            what: "datasets in a replicate",
            amount: datasets,
            most: 1e6,
            reduce: "them: raise `every`, or shorten `length`",
        },
        Load {
            path,
            what: "changes of one group of stays",
            amount: of_group,
            most: MOST_BYTES / CHANGE_BYTES,
            reduce: "the rates of change, or `length`",
        },
        Load {
            path: "/world/trace/searches",
            what: "searches to keep, of those of the file",
            amount: told,
            most: MOST_BYTES / TOLD_BYTES,
            reduce: "the file, or what a fault multiplies its searches by",
        },
        Load {
            path: "/designs",
            what: "asks after hints",
            amount: asked,
            most: 1e11,
            reduce: "the size of the world, `length` or `replicates`",
        },
        Load {
            path: "/designs",
            what: "pages to keep in a replicate",
            amount: pages,
            most: 5e7,
            reduce: "them: raise `size` or `every`, or shorten `length`",
        },
        Load {
            path: "/designs",
            what: "reads of a log in a replicate",
            amount: reads,
            most: 2e7,
            reduce: "them: raise `every`, or shorten `length`",
        },
        Load {
            path: "/run",
            what: "bytes of numbers to keep",
            amount: times * parts * tally,
            most: MOST_BYTES,
            reduce: "`replicates`, `length` or the number of designs",
        },
    ];
    // One is enough to say: it is the one to reduce.
    let excess = |load: &Load| load.amount / load.most;
    let worst = loads
        .into_iter()
        .max_by(|a, b| excess(a).total_cmp(&excess(b)));
    if let Some(load) = worst.filter(|load| excess(load) > 1.0) {
        problems.push(
            Problem::new(
                load.path,
                format!("the scenario asks for {} {}", about(load.amount), load.what),
            )
            .expected(format!("at most {}", about(load.most)))
            .suggest(format!("reduce {}", load.reduce)),
        );
    }
}

/// A large number in words.
fn about(amount: f64) -> String {
    if amount >= 1e18 {
        return "more than a billion billion".to_owned();
    }
    let (unit, name) = [
        (1e15, "million billion"),
        (1e12, "thousand billion"),
        (1e9, "billion"),
    ]
    .into_iter()
    .find(|(unit, _)| amount >= *unit)
    .unwrap_or((1e6, "million"));
    let count = amount / unit;
    if count < 10.0 && count.fract() >= 0.05 {
        format!("{count:.1} {name}")
    } else {
        format!("{count:.0} {name}")
    }
}

/// A name that nothing has.
fn unknown(what: &str, name: &str, names: &[&str], path: String, problems: &mut Vec<Problem>) {
    let problem = Problem::new(path, format!("there is no {what} {:?}", shorten(name))).expected(
        if names.is_empty() {
            format!("a {what}, of which there are none")
        } else {
            one_of(names)
        },
    );
    problems.push(match nearest(name, names.iter().copied()) {
        Some(near) => problem.suggest(format!("did you mean {near:?}?")),
        None => problem,
    });
}
