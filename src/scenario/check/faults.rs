//! Faults that strike nothing, or what they cannot strike.

use super::super::Scenario;
use super::super::pointer::join;
use super::super::problem::Problem;
use super::super::quantity::format_duration;
use super::unknown;
use crate::design::fault::{DesignFault, Fault, Scope};
use crate::design::{Delivery, Design, Feed, Source};
use crate::sim::clock::Time;
use crate::world::World;
use crate::world::group::ChangeStream;

/// Checks each fault against the world and the designs.
pub(super) fn check(scenario: &Scenario, problems: &mut Vec<Problem>) {
    for (index, fault) in scenario.faults.iter().enumerate() {
        check_one(fault, scenario, &format!("/faults/{index}"), problems);
    }
}

/// Checks one fault, which need not be in the scenario.
pub(in super::super) fn check_one(
    fault: &Fault,
    scenario: &Scenario,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let length = scenario.run.length.micros();
    match (fault.of_design(), fault) {
        (Some(fault), _) => {
            let path = join(path, fault.name());
            starts(fault.scope().at.micros(), length, &path, problems);
            strikes(fault, scenario, &path, problems);
        }
        (None, Fault::TrafficDrop(shock)) => {
            let path = join(path, "traffic_drop");
            starts(shock.at.micros(), length, &path, problems);
        }
        (None, Fault::DemandShock(shock)) => {
            let path = join(path, "demand_shock");
            starts(shock.at.micros(), length, &path, problems);
            if let World::Trace(_) = scenario.world {
                problems.push(
                    Problem::new(
                        path,
                        "the bookings of a `trace` are facts: no demand moves them",
                    )
                    .expected("`demand_shock` only in `two_state` or `hotels`"),
                );
            }
        }
        (None, _) => {}
    }
}

fn starts(at: Time, length: Time, path: &str, problems: &mut Vec<Problem>) {
    if at >= length {
        problems.push(
            Problem::new(
                join(path, "at"),
                format!(
                    "the fault starts {} after the warm-up, when the run is over",
                    format_duration(at)
                ),
            )
            .expected(format!(
                "less than the run's `length`, which is {}",
                format_duration(length)
            ))
            .suggest("let it start earlier, or lengthen the run"),
        );
    }
}

/// Names that nothing has, and kinds of feeds that a fault cannot strike.
fn strikes(fault: DesignFault<'_>, scenario: &Scenario, path: &str, problems: &mut Vec<Problem>) {
    let Scope {
        design,
        feed,
        stream,
        ..
    } = fault.scope();
    let designs: Vec<&Design> = scenario
        .designs
        .iter()
        .filter(|of| design.is_none_or(|name| of.name == name))
        .collect();
    if designs.is_empty() {
        let names: Vec<&str> = scenario.designs.iter().map(|of| of.name.as_str()).collect();
        let name = design.unwrap_or_default();
        unknown("design", name, &names, join(path, "design"), problems);
        return;
    }
    let named = |of: &&Feed| feed.is_none_or(|name| of.name == name);
    let all: Vec<&Feed> = designs.iter().flat_map(|design| &design.feeds).collect();
    let feeds: Vec<&Feed> = all.iter().copied().filter(named).collect();
    if let Some(name) = feed
        && feeds.is_empty()
    {
        let names: Vec<&str> = all.iter().map(|feed| feed.name.as_str()).collect();
        unknown("feed", name, &names, join(path, "feed"), problems);
        return;
    }
    narrower(fault, path, problems);
    streams(stream, scenario, &feeds, path, problems);
    if let DesignFault::RebalanceStorm(storm) = fault {
        let pauses = storm.lasts.micros() / storm.every.micros().max(1);
        if pauses > MOST_PAUSES {
            problems.push(
                Problem::new(
                    join(path, "every"),
                    format!("the storm has {pauses} pauses"),
                )
                .expected(format!("at most {MOST_PAUSES}"))
                .suggest("raise `every`, or let it last less long"),
            );
        }
    }
    let (can, needs): (&dyn Fn(&&Feed) -> bool, &str) = match fault {
        DesignFault::RebalanceStorm(_) => (
            &|feed| feed.has_line(),
            "a pushed feed with `consumers`, `partitions` or `cross_region`",
        ),
        DesignFault::LessCapacity(less) => (
            &|feed| {
                let push = feed.delivery.push();
                push.is_some_and(|push| push.left(less.left.get()) < push.consumers())
            },
            "a pushed feed with `consumers` or `partitions`, of which fewer work: `left` is the share that does, rounded down, one at least",
        ),
        DesignFault::WrongAnswers(_) => (
            &|feed| match &feed.source {
                Source::Deltas(_) | Source::Searches(_) | Source::Inventory(_) => true,
                Source::Dataset(_) | Source::Hints(_) => false,
            },
            "a feed whose source is `deltas`, `searches` or `inventory` (for datasets there is `bad_dataset`)",
        ),
        DesignFault::Leak(_) => (
            &|feed| match &feed.delivery {
                Delivery::Push(_) => true,
                Delivery::Pull(pull) => pull.paging.is_none(),
            },
            "a feed without `paging`: a crawler asks for its page until it has it",
        ),
        DesignFault::Slow(_) if stream.is_some() => (
            &|feed| {
                let push = feed.delivery.push();
                push.is_some_and(|push| push.latency.takes_time())
            },
            "a pushed feed with a `latency` (a log that is pulled has all its streams in one read)",
        ),
        DesignFault::Slow(_) => (
            &|feed| match &feed.delivery {
                Delivery::Push(push) => {
                    let calls = push.cross_region.as_ref();
                    let calls = calls.is_some_and(|calls| calls.latency.takes_time());
                    push.latency.takes_time() || push.service.takes_time() || calls
                }
                Delivery::Pull(pull) => pull.latency.takes_time(),
            },
            "a feed that takes time: one with a `latency`, a `service` time or calls to another region",
        ),
        DesignFault::BadDataset(_) => (
            &|feed| matches!(feed.source, Source::Dataset(_)),
            "a feed whose source is `dataset`",
        ),
        DesignFault::CacheFlush(_) => return,
        DesignFault::RuleChange(_) => {
            let name = match scenario.world {
                World::TwoState(_) => "two_state",
                World::Trace(_) => "trace",
                World::Hotels(_) => return,
            };
            problems.push(
                Problem::new(
                    path,
                    format!("the world `{name}` has no rules that could change"),
                )
                .expected("`rule_change` only in the world `hotels`"),
            );
            return;
        }
        _ => (&|_| true, "a feed"),
    };
    if !feeds.iter().any(can) {
        problems.push(
            Problem::new(path, format!("`{}` strikes nothing here", fault.name()))
                .expected(needs.to_owned())
                .suggest("name a design and feed that have one, or take the fault out"),
        );
    }
}

/// The most pauses of a storm.
const MOST_PAUSES: i64 = 100_000;

/// Faults of a whole design, or of a whole line, that name a part of it.
fn narrower(fault: DesignFault<'_>, path: &str, problems: &mut Vec<Problem>) {
    let scope = fault.scope();
    let (of_design, of_feed) = match fault {
        DesignFault::CacheFlush(_) | DesignFault::RuleChange(_) => (true, true),
        DesignFault::RebalanceStorm(_)
        | DesignFault::LessCapacity(_)
        | DesignFault::BadDataset(_) => (false, true),
        _ => (false, false),
    };
    for (key, given, whole) in [
        ("feed", scope.feed.is_some() && of_design, "design"),
        (
            "stream",
            scope.stream.is_some() && of_feed,
            if of_design { "design" } else { "feed" },
        ),
    ] {
        if given {
            problems.push(
                Problem::new(
                    join(path, key),
                    format!("`{}` strikes the whole {whole}", fault.name()),
                )
                .expected(format!("no `{key}`")),
            );
        }
    }
}

fn streams(
    stream: Option<ChangeStream>,
    scenario: &Scenario,
    feeds: &[&Feed],
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let Some(stream) = stream else {
        return;
    };
    let path = join(path, "stream");
    let textbook = matches!(scenario.world, World::TwoState(_));
    let of_trace = matches!(scenario.world, World::Trace(_));
    let in_trace = matches!(stream, ChangeStream::Bookings | ChangeStream::Cancellations);
    if textbook != (stream == ChangeStream::Flips) || (of_trace && !in_trace) {
        let name = serde_json::to_value(stream).unwrap_or_default();
        let expected = if textbook {
            "`flips`, the one stream of `two_state`".to_owned()
        } else if of_trace {
            "`bookings` or `cancellations`, the streams of `trace`".to_owned()
        } else {
            "one of the ten streams of hotels: bookings, cancellations, group_blocks, close_outs, \
             reopenings, rates, rate_plans, min_nights, arrival_rules or lead_rules"
                .to_owned()
        };
        problems.push(
            Problem::new(path, format!("this world has no stream {name}")).expected(expected),
        );
    } else if !feeds
        .iter()
        .any(|feed| matches!(feed.source, Source::Deltas(_) | Source::Hints(_)))
    {
        problems.push(
            Problem::new(path, "no feed that it strikes reads streams of changes")
                .expected("a feed whose source is `deltas` or `hints`"),
        );
    }
}
