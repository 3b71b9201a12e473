//! A feed: what is read, and how it arrives.

use serde_json::{Value, json};

use super::Knob;
use super::make::{
    BUDGETS, COUNTS, FEW, FEW_OR_NONE, INTERVALS, LATENCIES, PERCENTS, RATES, REPLICATES, SPANS,
    choice, duration, merged, name, number, optional, several, share, switch, variant, whole,
};
use crate::design::delivery::line::Commit;
use crate::design::delivery::pull::paging::By;
use crate::design::delivery::pull::{Allocation, Order, Pull, RateLimit};
use crate::design::delivery::push::{CrossRegion, Push, StartAt};
use crate::design::delivery::{Delay, Window};
use crate::design::source::deltas::{Action, Payload};
use crate::design::source::{Dataset, Deltas};
use crate::design::{Apply, Delivery, Feed, Source};
use crate::report::words::rule_name;
use crate::scenario::quantity::{LONGEST, format_duration};
use crate::sim::clock::SECOND;
use crate::world::World;
use crate::world::group::Rule;

/// What matters most: what is read, how often, how long it takes, what is lost.
pub(super) fn knobs(at: &str, feed: &Feed, world: &World) -> Vec<Knob> {
    let called = "What the feed is called. Random draws are keyed by it.";
    let mut knobs = vec![
        name(at, called, &feed.name),
        which_source(at, feed),
        which_delivery(at, feed),
    ];
    match &feed.source {
        Source::Deltas(deltas) => {
            if let World::Hotels(_) = world {
                knobs.push(ignores(&format!("{at}/source/deltas/ignores"), deltas));
            }
        }
        Source::Searches(searches) => knobs.push(share(
            format!("{at}/source/searches/share"),
            "Observed",
            "Share of live answers that are observed.",
            searches.share.get(),
            PERCENTS,
        )),
        Source::Dataset(dataset) => {
            knobs.push(duration(
                format!("{at}/source/dataset/every"),
                "Built every",
                "Between the starts of builds.",
                dataset.every,
                INTERVALS,
            ));
            knobs.push(duration(
                format!("{at}/source/dataset/build_time"),
                "Build time",
                "How long a build takes; stays are read evenly over it.",
                dataset.build_time,
                SPANS,
            ));
        }
        Source::Hints(hints) => {
            of_limit(&format!("{at}/source/hints"), hints.rate_limit, &mut knobs)
        }
        Source::Inventory(_) => {}
    }
    match &feed.delivery {
        Delivery::Push(push) => of_push(&format!("{at}/delivery/push"), push, feed, &mut knobs),
        Delivery::Pull(pull) => of_pull(&format!("{at}/delivery/pull"), pull, feed, &mut knobs),
    }
    knobs
}

/// Whether its messages may stand in line and arrive twice.
fn queues(feed: &Feed) -> bool {
    matches!(feed.source, Source::Deltas(_) | Source::Searches(_))
}

/// The rest, and whether any of it is not as usual.
pub(super) fn more(at: &str, feed: &Feed) -> (bool, Vec<Knob>) {
    let mut knobs = Vec::new();
    let mut is_set = feed.apply != Apply::default();
    match &feed.source {
        Source::Deltas(deltas) => {
            let usual = Deltas {
                ignores: deltas.ignores,
                ..Deltas::default()
            };
            is_set |= *deltas != usual;
            more_of_deltas(&format!("{at}/source/deltas"), deltas, &mut knobs);
        }
        Source::Dataset(dataset) => {
            let usual = Dataset::default();
            is_set |= dataset.in_place || dataset.keep != usual.keep;
            more_of_dataset(&format!("{at}/source/dataset"), dataset, &mut knobs);
        }
        Source::Searches(_) | Source::Inventory(_) | Source::Hints(_) => {}
    }
    match &feed.delivery {
        Delivery::Push(push) => {
            let usual = Push {
                latency: push.latency,
                loss: push.loss,
                window: push.window,
                consumers: push.consumers,
                partitions: push.partitions,
                service: push.service,
                ..Push::default()
            };
            is_set |= **push != usual;
            more_of_push(&format!("{at}/delivery/push"), push, feed, &mut knobs);
        }
        Delivery::Pull(pull) if !matches!(feed.source, Source::Dataset(_)) => {
            is_set |= pull.order != Order::default() || pull.jitter.get() > 0.0;
            let is_log = feed.source.can_be_pushed();
            more_of_pull(&format!("{at}/delivery/pull"), pull, is_log, &mut knobs);
        }
        Delivery::Pull(_) => {}
    }
    knobs.push(choice(
        format!("{at}/apply"),
        "Of two answers",
        "Which of two answers for one stay counts.",
        match feed.apply {
            Apply::Newest => 0,
            Apply::LastArrival => 1,
        },
        &[("the newest", "newest"), ("last to come", "last_arrival")],
    ));
    (is_set, knobs)
}

fn which_source(at: &str, feed: &Feed) -> Knob {
    const SOURCES: [&str; 5] = ["deltas", "searches", "inventory", "dataset", "hints"];
    let chosen = SOURCES
        .iter()
        .position(|name| *name == feed.source.name())
        .unwrap_or(0);
    let options = SOURCES.map(|name| {
        let mut parts = json!({ "source": name });
        if let Some(delivery) = suited(&feed.delivery, name) {
            parts["delivery"] = delivery;
        }
        (name, parts)
    });
    merged(
        at,
        "Source",
        "What is read: row changes, travellers' live answers, the service stay by stay, a dataset built again \
         and again, or notices that a hotel changed.",
        chosen,
        options.to_vec(),
    )
}

/// A delivery like this one that suits a source, unless it does already.
fn suited(delivery: &Delivery, source: &str) -> Option<Value> {
    let plain = |every: String| json!({ "pull": { "every": every } });
    match delivery {
        Delivery::Push(_) if source == "inventory" => Some(plain("1h".to_owned())),
        Delivery::Push(push) => {
            let bare = Push {
                latency: push.latency,
                loss: push.loss,
                ..Push::default()
            };
            let gathers = matches!(source, "deltas" | "searches");
            (!gathers && **push != bare)
                .then(|| json!({ "push": { "latency": push.latency, "loss": push.loss } }))
        }
        Delivery::Pull(pull) => {
            let every = pull
                .every
                .map_or_else(|| "1h".to_owned(), |every| every.to_string());
            let asks_each = pull.budget_per_day.is_some()
                || pull.adaptive.is_some()
                || pull.rate_limit.is_some()
                || pull.paging.is_some();
            let is_plain = *pull
                == Pull {
                    order: Order::Fixed,
                    jitter: crate::scenario::quantity::Share::of(0.0),
                    latency: Delay::default(),
                    loss: crate::scenario::quantity::Share::of(0.0),
                    ..pull.clone()
                };
            let fits = match source {
                "inventory" => true,
                "dataset" => !asks_each && is_plain,
                _ => !asks_each,
            };
            (!fits).then(|| plain(every))
        }
    }
}

fn which_delivery(at: &str, feed: &Feed) -> Knob {
    let is_pull = matches!(feed.delivery, Delivery::Pull(_));
    let pull = ("pull", json!({ "pull": { "every": "1h" } }));
    let (chosen, options) = if feed.source.can_be_pushed() {
        let push = (
            "push",
            json!({ "push": { "latency": { "lognormal": { "median": "2s", "p99": "30s" } } } }),
        );
        (usize::from(is_pull), vec![push, pull])
    } else {
        (0, vec![pull])
    };
    variant(
        format!("{at}/delivery"),
        "Delivery",
        "Whether each message is sent as it happens, or the reader asks again and again.",
        &feed.delivery,
        chosen,
        options,
    )
}

/// What rules are called, and their names in a scenario, in the order of [`Rule::ALL`].
pub(super) const RULES: [(&str, &str); Rule::ALL.len()] = [
    (rule_name(Rule::MinNights), "min_nights"),
    (rule_name(Rule::ClosedToArrival), "closed_to_arrival"),
    (rule_name(Rule::MinLead), "min_lead"),
    (rule_name(Rule::RatePlans), "rate_plans"),
];

fn ignores(at: &str, deltas: &Deltas) -> Knob {
    let rules = Rule::ALL.iter().zip(RULES);
    let rules =
        rules.map(|(rule, (label, name))| (label, json!(name), deltas.ignores.contains(*rule)));
    several(
        at,
        "Ignores rules on",
        "Rules that the design’s own copy of the domain’s rules leaves out.",
        rules.collect(),
    )
}

fn more_of_deltas(at: &str, deltas: &Deltas, knobs: &mut Vec<Knob>) {
    let at = |key: &str| format!("{at}/{key}");
    knobs.push(choice(
        at("action"),
        "A change",
        "What is done with an answer that changed.",
        match deltas.action {
            Action::Update => 0,
            Action::Invalidate => 1,
        },
        &[("writes it", "update"), ("drops the entry", "invalidate")],
    ));
    knobs.push(choice(
        at("payload"),
        "A message has",
        "The row’s new state, whose next message heals an earlier loss; or what was taken and given back, whose \
         loss stays.",
        match deltas.payload {
            Payload::State => 0,
            Payload::Increment => 1,
        },
        &[("the state", "state"), ("an increment", "increment")],
    ));
    knobs.push(switch(
        at("bootstrap"),
        "Loaded at the start",
        "Whether the copy is loaded in full at the start.",
        deltas.bootstrap,
    ));
}

fn more_of_dataset(at: &str, dataset: &Dataset, knobs: &mut Vec<Knob>) {
    let at = |key: &str| format!("{at}/{key}");
    knobs.push(switch(
        at("in_place"),
        "In place",
        "Rewrites the live table as it goes: nothing is published, nothing can be rolled back.",
        dataset.in_place,
    ));
    if !dataset.in_place {
        knobs.push(whole(
            at("keep"),
            "Kept",
            "Earlier datasets that are kept, for a rollback.",
            dataset.keep,
            FEW_OR_NONE,
        ));
    }
}

fn of_push(at: &str, push: &Push, feed: &Feed, knobs: &mut Vec<Knob>) {
    let under = |key: &str| format!("{at}/{key}");
    of_delay(
        &under("latency"),
        &LATENCY,
        push.latency,
        "From reading the truth to the copy.",
        knobs,
    );
    knobs.push(share(
        under("loss"),
        "Loss",
        "Share of messages that never arrive.",
        push.loss.get(),
        PERCENTS,
    ));
    if queues(feed) || matches!(feed.source, Source::Hints(_)) {
        of_window(at, push, knobs);
    }
    if queues(feed) {
        of_line(at, push, knobs);
    }
}

/// What matters when something goes wrong.
fn more_of_push(at: &str, push: &Push, feed: &Feed, knobs: &mut Vec<Knob>) {
    let queues = queues(feed);
    // An observation that arrives twice says the same twice.
    let repeats = queues && !matches!(feed.source, Source::Searches(_));
    let under = |key: &str| format!("{at}/{key}");
    if repeats || push.duplicates.get() > 0.0 {
        knobs.push(share(
            under("duplicates"),
            "Duplicates",
            "Share of messages that arrive twice.",
            push.duplicates.get(),
            PERCENTS,
        ));
    }
    if queues {
        let calls = json!({ "share": 0.1, "latency": { "fixed": "80ms" }, "timeout": "1s", "rebalance": "30s" });
        knobs.push(optional(
            under("cross_region"),
            "Cross-region calls",
            "Some messages need a call to another region; one that takes too long kills the consumer, and its group \
             pauses.",
            &push.cross_region,
            "none",
            ("some", calls),
        ));
    }
    if let Some(calls) = &push.cross_region {
        cross_region(&under("cross_region"), calls, knobs);
    }
    knobs.push(duration(
        under("retention"),
        "Log kept",
        "How long the log keeps messages: what an outage or a replay can still get at.",
        push.retention,
        SPANS,
    ));
    knobs.push(choice(
        under("start_at"),
        "Restarts at",
        "Where consumers go on after an outage.",
        match push.start_at {
            StartAt::Earliest => 0,
            StartAt::Latest => 1,
        },
        &[("earliest", "earliest"), ("latest", "latest")],
    ));
    knobs.push(choice(
        under("commit"),
        "Commits",
        "When a message is marked as done: what becomes of it when its consumer dies.",
        match push.commit {
            Commit::After => 0,
            Commit::Before => 1,
        },
        &[("after work", "after"), ("before work", "before")],
    ));
}

/// What is gathered before messages are sent.
fn of_window(at: &str, push: &Push, knobs: &mut Vec<Knob>) {
    let under = |key: &str| format!("{at}/{key}");
    let (chosen, key, span) = match push.window {
        None => (0, "", None),
        Some(Window::AfterFirst(span)) => (1, "after_first", Some(span)),
        Some(Window::Clock(span)) => (2, "clock", Some(span)),
        Some(Window::Quiet(span)) => (3, "quiet", Some(span)),
    };
    let written = span.map_or_else(|| "5m".to_owned(), |span| span.to_string());
    knobs.push(variant(
        under("window"),
        "Window",
        "Several changes of one stay (row, or hotel for hints) become one message: some time after the first, at a \
         clock’s tick, or once it is quiet.",
        &push.window,
        chosen,
        vec![
            ("none", Value::Null),
            ("after first", json!({ "after_first": written })),
            ("by the clock", json!({ "clock": written })),
            ("once quiet", json!({ "quiet": written })),
        ],
    ));
    if let Some(span) = span {
        knobs.push(duration(
            under(&format!("window/{key}")),
            "Window length",
            "How long changes are gathered.",
            span,
            &LATENCIES[7..],
        ));
    }
}

/// Who works on messages.
fn of_line(at: &str, push: &Push, knobs: &mut Vec<Knob>) {
    let under = |key: &str| format!("{at}/{key}");
    let count = push.consumers.or(push.partitions);
    let written = count.map_or(4, |count| count.get());
    let chosen = match (push.consumers, push.partitions) {
        (None, None) => 0,
        (Some(_), _) => 1,
        (None, Some(_)) => 2,
    };
    let mut alone = json!({ "consumers": null, "partitions": null });
    if push.cross_region.is_none() {
        // Without a line nobody works on messages.
        alone["service"] = Value::Null;
    }
    knobs.push(merged(
        at,
        "Consumers",
        "Who works on messages: as many as it takes, a few who share one line, or one for each partition.",
        chosen,
        vec![
            ("enough", alone),
            (
                "one line",
                json!({ "consumers": written, "partitions": null }),
            ),
            (
                "partitions",
                json!({ "consumers": null, "partitions": written }),
            ),
        ],
    ));
    if let Some(count) = count {
        let key = ["", "consumers", "partitions"][chosen];
        knobs.push(whole(
            under(key),
            "How many",
            "Consumers that share the line, or partitions with one each.",
            count.get(),
            FEW,
        ));
    }
    if push.has_line() {
        of_delay(
            &under("service"),
            &SERVICE,
            push.service,
            "How long a consumer works on a message.",
            knobs,
        );
    }
}

fn cross_region(at: &str, calls: &CrossRegion, knobs: &mut Vec<Knob>) {
    let under = |key: &str| format!("{at}/{key}");
    knobs.push(share(
        under("share"),
        "Cross region",
        "Share of messages that need a call to another region.",
        calls.share.get(),
        PERCENTS,
    ));
    of_delay(
        &under("latency"),
        &CALL,
        calls.latency,
        "How long the call to another region takes.",
        knobs,
    );
    knobs.push(duration(
        under("timeout"),
        "Call times out",
        "A call longer than this kills the consumer.",
        calls.timeout,
        &LATENCIES[1..],
    ));
    knobs.push(duration(
        under("rebalance"),
        "Rebalance",
        "How long the group pauses when a consumer dies.",
        calls.rebalance,
        LATENCIES,
    ));
}

fn of_pull(at: &str, pull: &Pull, feed: &Feed, knobs: &mut Vec<Knob>) {
    let is_log = feed.source.can_be_pushed();
    let is_pointer = matches!(feed.source, Source::Dataset(_));
    if !is_log {
        let every = pull.every.map(|every| every.to_string());
        let every = every.unwrap_or_else(|| "6h".to_owned());
        knobs.push(merged(
            at,
            "Asks",
            "Whether each stay is asked at one interval, or a budget of asks is shared out over all.",
            usize::from(pull.budget_per_day.is_some()),
            vec![
                (
                    "at an interval",
                    json!({ "budget_per_day": null, "allocation": null, "every": every }),
                ),
                (
                    "by a budget",
                    json!({ "every": null, "adaptive": null, "paging": null, "budget_per_day": 10_000 }),
                ),
            ],
        ));
    }
    if let Some(every) = pull.every {
        knobs.push(duration(
            format!("{at}/every"),
            "Interval",
            "Between two polls of one stay, two reads of a log or the starts of two crawls.",
            every,
            INTERVALS,
        ));
    }
    if is_pointer {
        return;
    }
    if let Some(budget) = pull.budget_per_day {
        knobs.push(number(
            format!("{at}/budget_per_day"),
            "Budget",
            "Asks a day over all stays.",
            budget.get(),
            "/day",
            BUDGETS,
        ));
        knobs.push(choice(
            format!("{at}/allocation"),
            "Allocation",
            "How the budget is shared out over stays.",
            match pull.allocation {
                Allocation::Uniform => 0,
                Allocation::ByPopularity => 1,
                Allocation::ByChangeRate => 2,
                Allocation::Freshest => 3,
            },
            &[
                ("uniform", "uniform"),
                ("by popularity", "by_popularity"),
                ("by change rate", "by_change_rate"),
                ("freshest", "freshest"),
            ],
        ));
    }
    if !is_log {
        of_asks(at, pull, knobs);
    }
    of_delay(
        &format!("{at}/latency"),
        &LATENCY,
        pull.latency,
        "From reading the truth to the copy.",
        knobs,
    );
    if pull.paging.is_none() {
        knobs.push(share(
            format!("{at}/loss"),
            "Loss",
            "Share of polls that fail; nothing is asked again before the next.",
            pull.loss.get(),
            PERCENTS,
        ));
    }
}

fn more_of_pull(at: &str, pull: &Pull, is_log: bool, knobs: &mut Vec<Knob>) {
    // The others only work at constant intervals.
    let is_free = pull.adaptive.is_none() && pull.allocation != Allocation::Freshest;
    if is_free {
        knobs.push(choice(
            format!("{at}/order"),
            "Order",
            if is_log {
                "When in its interval the log is read."
            } else {
                "When in its interval a stay is polled."
            },
            match pull.order {
                Order::Fixed => 0,
                Order::Shuffled => 1,
                Order::Poisson => 2,
            },
            &[
                ("fixed phase", "fixed"),
                ("shuffled", "shuffled"),
                ("Poisson", "poisson"),
            ],
        ));
    }
    if pull.order == Order::Fixed && is_free {
        knobs.push(share(
            format!("{at}/jitter"),
            "Jitter",
            "Each gap is drawn from the interval plus or minus this share of it.",
            pull.jitter.get(),
            PERCENTS,
        ));
    }
}

/// What only polls of single stays have.
fn of_asks(at: &str, pull: &Pull, knobs: &mut Vec<Knob>) {
    let is_steady = pull.order == Order::Fixed && pull.jitter.get() == 0.0;
    if let Some(every) = pull.every
        && (pull.adaptive.is_some() || (is_steady && pull.paging.is_none()))
    {
        let hour = crate::sim::clock::HOUR;
        let usual = json!({
            "min": if every.micros() < hour { every.to_string() } else { "1h".to_owned() },
            "max": if every.micros() > 24 * hour { every.to_string() } else { "1d".to_owned() },
        });
        knobs.push(optional(
            format!("{at}/adaptive"),
            "Adaptive interval",
            "Each stay’s interval halves after a change and doubles after none, between two bounds.",
            &pull.adaptive,
            "no",
            ("between bounds", usual),
        ));
    }
    if let Some(adaptive) = pull.adaptive {
        for (key, label, bound) in [
            ("min", "Shortest interval", adaptive.min),
            ("max", "Longest interval", adaptive.max),
        ] {
            knobs.push(duration(
                format!("{at}/adaptive/{key}"),
                label,
                "The interval halves after a change and doubles after none, between the bounds.",
                bound,
                INTERVALS,
            ));
        }
    }
    if pull.paging.is_some()
        || (pull.every.is_some() && pull.adaptive.is_none() && pull.loss.get() == 0.0)
    {
        knobs.push(optional(
            format!("{at}/paging"),
            "Pages",
            "Whether the list of available stays is crawled page by page, instead of each stay by itself.",
            &pull.paging,
            "none",
            ("of a list", json!({ "size": 100, "by": "cursor" })),
        ));
    }
    if let Some(paging) = pull.paging {
        knobs.push(whole(
            format!("{at}/paging/size"),
            "Page size",
            "Stays on a page.",
            paging.size.get(),
            COUNTS,
        ));
        knobs.push(choice(
            format!("{at}/paging/by"),
            "Pages by",
            "Where the next page begins.",
            match paging.by {
                By::Offset => 0,
                By::Cursor => 1,
            },
            &[("offset", "offset"), ("cursor", "cursor")],
        ));
        knobs.push(whole(
            format!("{at}/paging/crawlers"),
            "Crawlers",
            "The stays are cut into so many parts, crawled at the same time.",
            paging.crawlers.get(),
            REPLICATES,
        ));
    }
    of_limit(at, pull.rate_limit, knobs);
}

/// A limit on all asks of a feed together.
fn of_limit(at: &str, limit: Option<RateLimit>, knobs: &mut Vec<Knob>) {
    knobs.push(optional(
        format!("{at}/rate_limit"),
        "Rate limit",
        "At most so many asks a second; the others wait in line.",
        &limit,
        "none",
        ("on", json!({ "per_second": 10 })),
    ));
    if let Some(limit) = limit {
        knobs.push(number(
            format!("{at}/rate_limit/per_second"),
            "Most asks",
            "At most so many asks a second; the others wait in line.",
            limit.per_second.get(),
            "/s",
            &RATES[1..],
        ));
        knobs.push(whole(
            format!("{at}/rate_limit/burst"),
            "Burst",
            "Asks that may go at once after a quiet time.",
            limit.burst.get(),
            FEW,
        ));
    }
}

/// What the knobs of a delay are called: its law; always the same, least, most, mean, median, p99.
pub(super) type Labels = [&'static str; 7];

const LATENCY: Labels = [
    "Latency law",
    "Latency",
    "Latency, least",
    "Latency, most",
    "Latency, mean",
    "Latency, median",
    "Latency, p99",
];
pub(super) const INCIDENT: Labels = [
    "Incident law",
    "Incident",
    "Incident, least",
    "Incident, most",
    "Incident, mean",
    "Incident, median",
    "Incident, p99",
];
const SERVICE: Labels = [
    "Service law",
    "Service",
    "Service, least",
    "Service, most",
    "Service, mean",
    "Service, median",
    "Service, p99",
];
const CALL: Labels = [
    "Call law",
    "Call",
    "Call, least",
    "Call, most",
    "Call, mean",
    "Call, median",
    "Call, p99",
];

/// The law of a delay; another one is about as long.
fn which_law(at: &str, label: &'static str, delay: Delay) -> Knob {
    let (chosen, typical) = match delay {
        Delay::Fixed(span) => (0, span.micros()),
        Delay::Uniform(range) => (1, (range.min.micros() + range.max.micros()) / 2),
        Delay::Exponential(law) => (2, law.mean.micros()),
        Delay::Lognormal(law) => (3, law.median.micros()),
    };
    let typical = if typical > 0 { typical } else { 2 * SECOND };
    let span = |times: i64| format_duration((typical * times).min(LONGEST));
    let options = vec![
        ("fixed", json!({ "fixed": span(1) })),
        (
            "uniform",
            json!({ "uniform": { "min": "0s", "max": span(2) } }),
        ),
        ("exponential", json!({ "exponential": { "mean": span(1) } })),
        (
            "log-normal",
            json!({ "lognormal": { "median": span(1), "p99": span(10) } }),
        ),
    ];
    variant(
        at,
        label,
        "How it spreads: always the same, uniform between two, exponential, or log-normal with a long tail.",
        &delay,
        chosen,
        options,
    )
}

pub(super) fn of_delay(
    at: &str,
    labels: &Labels,
    delay: Delay,
    help: &'static str,
    knobs: &mut Vec<Knob>,
) {
    let [law, fixed, least, most, mean, median, p99] = *labels;
    knobs.push(which_law(at, law, delay));
    let mut add = |key: &str, label, help, span: String, stops| {
        knobs.push(duration(format!("{at}/{key}"), label, help, span, stops));
    };
    match delay {
        Delay::Fixed(span) => add("fixed", fixed, help, span.to_string(), LATENCIES),
        Delay::Uniform(range) => {
            let help = "It is uniform between the least and the most.";
            add("uniform/min", least, help, range.min.to_string(), LATENCIES);
            add("uniform/max", most, help, range.max.to_string(), LATENCIES);
        }
        Delay::Exponential(law) => {
            let help = "It is exponential with this mean.";
            add(
                "exponential/mean",
                mean,
                help,
                law.mean.to_string(),
                LATENCIES,
            );
        }
        Delay::Lognormal(law) => {
            let help = "Half are faster than the median, 99 of 100 than the p99.";
            let stops = &LATENCIES[1..];
            add(
                "lognormal/median",
                median,
                help,
                law.median.to_string(),
                stops,
            );
            add("lognormal/p99", p99, help, law.p99.to_string(), stops);
        }
    }
}
