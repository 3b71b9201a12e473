//! Designs whose parts do not fit together.

use super::super::pointer::join;
use super::super::problem::Problem;
use super::super::{BOUNDS, Scenario};
use super::not_tiny;
use crate::design::cache::{Cache, Ttl};
use crate::design::delivery::line::Commit;
use crate::design::delivery::{Delay, Delivery, Order, Pull, Push, Window};
use crate::design::source::Dataset;
use crate::design::{Design, Feed, Source};
use crate::sim::clock::{DAY, Horizon, Time};
use crate::world::World;

/// The most consumers or partitions of a line.
const MOST_CONSUMERS: u32 = 100_000;
/// The most checks of parity in a run.
const MOST_CHECKS: Time = 1_000_000;
/// The most incidents in a run.
const MOST_INCIDENTS: f64 = 10_000.0;

/// Checks what [`super::check_design`] cannot say of its parts alone.
pub(super) fn check(scenario: &Scenario, problems: &mut Vec<Problem>) {
    let textbook = matches!(scenario.world, World::TwoState(_));
    for (index, design) in scenario.designs.iter().enumerate() {
        let path = format!("/designs/{index}");
        if scenario.bounds && BOUNDS.contains(&design.name.as_str()) {
            problems.push(
                Problem::new(
                    join(&path, "name"),
                    format!("{:?} is the name of one of the bounds", design.name),
                )
                .expected("another name, or no `bounds`"),
            );
        }
        for (index, feed) in design.feeds.iter().enumerate() {
            check_feed(feed, textbook, &format!("{path}/feeds/{index}"), problems);
        }
        if textbook && matches!(design.cache.ttl, Ttl::ByLeadTime(_)) {
            problems.push(
                Problem::new(
                    format!("{path}/cache/ttl"),
                    "stays of the world `two_state` have no check-in, so no lead time",
                )
                .expected("another lifetime, or a world of hotels"),
            );
        }
        cache(&design.cache, &join(&path, "cache"), problems);
        let horizon = scenario.run.horizon();
        operations(design, horizon, &join(&path, "operations"), problems);
        super::audits::check(design, scenario.run.horizon(), &path, problems);
    }
}

/// Keys that need another.
fn cache(cache: &Cache, path: &str, problems: &mut Vec<Problem>) {
    let lives_for_ever = cache.ttl == Ttl::None && cache.sold_out_ttl.is_none();
    if lives_for_ever && cache.stale_while_revalidate.micros() > 0 {
        problems.push(
            Problem::new(
                join(path, "stale_while_revalidate"),
                "`stale_while_revalidate` is served after a lifetime, and there is none",
            )
            .expected("`ttl` or `sold_out_ttl` beside it")
            .suggest("add \"ttl\": {\"fixed\": …}, or take it out"),
        );
    }
}

fn check_feed(feed: &Feed, textbook: bool, path: &str, problems: &mut Vec<Problem>) {
    match &feed.source {
        Source::Deltas(deltas) if textbook && !deltas.ignores.is_empty() => problems.push(
            Problem::new(
                format!("{path}/source/deltas/ignores"),
                "the world `two_state` has no rules that could be left out",
            )
            .expected("`ignores` only in a world of hotels"),
        ),
        Source::Dataset(dataset) => {
            check_dataset(*dataset, &format!("{path}/source/dataset"), problems);
        }
        _ => {}
    }
    let path = join(path, "delivery");
    match &feed.delivery {
        Delivery::Push(push) => check_push(feed, push, &join(&path, "push"), problems),
        Delivery::Pull(pull) => check_pull(feed, pull, &join(&path, "pull"), problems),
    }
}

fn check_dataset(dataset: Dataset, path: &str, problems: &mut Vec<Problem>) {
    not_tiny(dataset.every, &join(path, "every"), problems);
    if dataset.build_time.micros() > dataset.every.micros() {
        problems.push(
            Problem::new(
                join(path, "build_time"),
                format!("a build takes {}, longer than `every`", dataset.build_time),
            )
            .expected(format!("at most `every`, which is {}", dataset.every)),
        );
    }
}

fn check_push(feed: &Feed, push: &Push, path: &str, problems: &mut Vec<Problem>) {
    let refuse = |key: &str, message: String, expected: &str| {
        Problem::new(join(path, key), message).expected(expected.to_owned())
    };
    if push.consumers.is_some() && push.partitions.is_some() {
        problems.push(
            refuse(
                "partitions",
                "a line has either `consumers` or `partitions`".to_owned(),
                "one of them: `consumers` share one line, each of `partitions` has a line and a consumer",
            )
            .suggest("take one of the two out"),
        );
    }
    for (key, count) in [
        ("consumers", push.consumers),
        ("partitions", push.partitions),
    ] {
        if let Some(count) = count.filter(|count| count.get() > MOST_CONSUMERS) {
            problems.push(refuse(
                key,
                format!("`{key}` is {}", count.get()),
                "at most 100000",
            ));
        }
    }
    if !push.has_line() && push.service.constant() != Some(0) {
        problems.push(
            refuse(
                "service",
                "`service` is how long a consumer works, and there is no line of consumers"
                    .to_owned(),
                "`consumers` or `partitions` beside it",
            )
            .suggest("add \"consumers\": …, or use `latency`"),
        );
    }
    super::delay(push.service, &join(path, "service"), problems);
    if let Some(calls) = &push.cross_region {
        super::delay(
            calls.latency,
            &format!("{path}/cross_region/latency"),
            problems,
        );
        let least = match calls.latency {
            Delay::Fixed(span) => span.micros(),
            Delay::Uniform(range) => range.min.micros(),
            Delay::Exponential(_) | Delay::Lognormal(_) => 0,
        };
        if least > calls.timeout.micros() && push.commit == Commit::After {
            problems.push(
                Problem::new(
                    format!("{path}/cross_region/timeout"),
                    format!(
                        "every call takes longer than the time-out, {}",
                        calls.timeout
                    ),
                )
                .expected("a time-out that some calls keep, or \"commit\": \"before\"")
                .suggest("with \"after\" such a message is tried again for ever"),
            );
        }
        not_tiny(
            calls.timeout,
            &format!("{path}/cross_region/timeout"),
            problems,
        );
    }
    let window = push.window.map(|window| match window {
        Window::AfterFirst(span) => ("after_first", span),
        Window::Clock(span) => ("clock", span),
        Window::Quiet(span) => ("quiet", span),
    });
    if let Some((key, span)) = window {
        not_tiny(span, &format!("{path}/window/{key}"), problems);
    }
    if matches!(feed.source, Source::Searches(_)) && push.duplicates.get() > 0.0 {
        problems.push(refuse(
            "duplicates",
            "an observation that arrives twice says the same twice".to_owned(),
            "`duplicates` with the source `deltas`",
        ));
    }
    if matches!(feed.source, Source::Dataset(_) | Source::Hints(_)) {
        let name = feed.source.name();
        let gathers = matches!(feed.source, Source::Hints(_));
        for (key, given) in [
            ("window", push.window.is_some() && !gathers),
            ("consumers", push.consumers.is_some()),
            ("partitions", push.partitions.is_some()),
            ("cross_region", push.cross_region.is_some()),
            ("duplicates", push.duplicates.get() > 0.0),
        ] {
            if given {
                problems.push(refuse(
                    key,
                    format!(
                        "the source `{name}` sends announcements, too few for `{key}` to matter"
                    ),
                    "it with the source `deltas` or `searches`",
                ));
            }
        }
    }
}

fn check_pull(feed: &Feed, pull: &Pull, path: &str, problems: &mut Vec<Problem>) {
    let Source::Dataset(_) = feed.source else {
        return;
    };
    let plain = pull.order == Order::Fixed
        && pull.jitter.get() == 0.0
        && pull.latency.constant() == Some(0)
        && pull.loss.get() == 0.0;
    if !plain {
        problems.push(
            Problem::new(path, "the pointer of a dataset is polled, and nothing else")
                .expected("only `every`"),
        );
    }
}

fn operations(design: &Design, horizon: Horizon, path: &str, problems: &mut Vec<Problem>) {
    let operations = &design.operations;
    let has = |wanted: &dyn Fn(&Feed) -> bool| design.feeds.iter().any(wanted);
    let dataset = has(&Feed::publishes);
    let monitored = has(&Feed::has_messages);
    let log = has(&|feed| {
        let push = feed.delivery.push();
        let kept = push.is_some_and(|push| push.retention.micros() > 0);
        matches!(feed.source, Source::Deltas(_)) && kept
    });
    for (key, given, can, needs) in [
        (
            "publish_gate",
            operations.publish_gate.is_some(),
            dataset,
            "a feed whose source is `dataset`, not `in_place`: it has something to publish",
        ),
        (
            "rollback_after",
            operations.rollback_after.is_some(),
            dataset,
            "a feed whose source is `dataset`, not `in_place`: it has something to return to",
        ),
        (
            "lag_above",
            operations.lag_above.is_some(),
            monitored,
            "a feed of messages (`deltas`, `searches`, `hints`): polls and datasets have no lag of messages",
        ),
        (
            "parity_check",
            operations.parity_check.is_some(),
            monitored,
            "a feed of messages (`deltas`, `searches`, `hints`): nothing else goes in and comes out",
        ),
        (
            "replay",
            operations.replay.is_some(),
            log,
            "a feed whose source is `deltas`, pushed, with a `retention` above 0s: its log can be read again",
        ),
        (
            "circuit_breaker",
            operations.circuit_breaker.is_some(),
            !design.feeds.is_empty(),
            "a feed",
        ),
    ] {
        if given && !can {
            problems.push(
                Problem::new(join(path, key), format!("`{key}` has nothing to work on"))
                    .expected(needs.to_owned())
                    .suggest(format!("take `{key}` out, or add such a feed")),
            );
        }
    }
    super::delay(
        operations.incident_lasts,
        &join(path, "incident_lasts"),
        problems,
    );
    if let Some(check) = operations.parity_check
        && horizon.end / check.every.micros() > MOST_CHECKS
    {
        problems.push(
            Problem::new(
                format!("{path}/parity_check/every"),
                format!("parity is checked every {}", check.every),
            )
            .expected(format!("at most {MOST_CHECKS} checks in a run"))
            .suggest("raise `every`"),
        );
    }
    let months = horizon.end as f64 / (30.0 * DAY as f64);
    let incidents = f64::from(operations.components)
        * operations.incidents_per_component_per_month.get()
        * months;
    if incidents > MOST_INCIDENTS {
        problems.push(
            Problem::new(
                join(path, "incidents_per_component_per_month"),
                format!("some {incidents:.0} incidents happen in a run"),
            )
            .expected(format!("at most {MOST_INCIDENTS:.0}"))
            .suggest("reduce it, `components` or `length`"),
        );
    }
    if operations.components > MOST_CONSUMERS {
        problems.push(
            Problem::new(
                join(path, "components"),
                format!("`components` is {}", operations.components),
            )
            .expected("at most 100000".to_owned()),
        );
    }
}
