//! The knobs of a scenario: what a form can change, where it stands in the text, and in which steps.

use serde_json::{Value, json};

use super::words::round;
use crate::design::cache::{Purge, Ttl};
use crate::design::delivery::Delay;
use crate::design::delivery::pull::paging::By;
use crate::design::delivery::pull::{Allocation, Order, Pull};
use crate::design::serving::{LiveCheck, OnMiss};
use crate::design::{Delivery, Design, Feed, Source};
use crate::scenario::Scenario;
use crate::scenario::quantity::{format_duration, parse_duration};
use crate::world::{Hotels, Trace, TwoState, World};

/// Knobs that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they set.
    pub title: String,
    /// The design they belong to, if to one.
    pub design: Option<usize>,
    /// The knobs.
    pub knobs: Vec<Knob>,
}

/// One knob.
#[derive(Debug, Clone, PartialEq)]
pub struct Knob {
    /// Where it stands in the scenario: a JSON pointer.
    pub pointer: String,
    /// What it is called.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// What it is set to, and how it can be set.
    pub input: Input,
}

/// How a knob is set.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A duration such as `6h`.
    Duration {
        /// As written.
        text: String,
        /// The slider's steps.
        stops: &'static [&'static str],
    },
    /// A number.
    Number {
        /// In the unit shown.
        value: f64,
        /// The unit shown.
        unit: &'static str,
        /// How many of the unit shown make one of the scenario's.
        scale: f64,
        /// Whether only whole numbers will do.
        whole: bool,
        /// The slider's steps, in the unit shown; none for no slider.
        stops: &'static [f64],
    },
    /// One of several.
    Choice {
        /// Index of the option that is set.
        chosen: usize,
        /// Their names and what they write.
        options: Vec<(&'static str, Value)>,
    },
}

const LATENCIES: &[&str] = &[
    "0s", "10ms", "20ms", "50ms", "100ms", "200ms", "500ms", "1s", "2s", "5s", "10s", "20s", "30s",
    "1m", "2m", "5m", "10m", "30m", "1h", "2h", "6h",
];
const INTERVALS: &[&str] = &[
    "1m", "2m", "5m", "10m", "15m", "20m", "30m", "45m", "1h", "90m", "2h", "3h", "4h", "6h", "8h",
    "12h", "18h", "1d", "2d", "3d", "4d", "7d", "14d",
];
const LENGTHS: &[&str] = &[
    "1d", "2d", "3d", "5d", "7d", "10d", "14d", "21d", "28d", "60d", "90d",
];
const WARMUPS: &[&str] = &["0s", "6h", "12h", "1d", "2d", "3d", "5d", "7d", "14d"];
const WINDOWS: &[&str] = &[
    "7d", "14d", "30d", "60d", "90d", "120d", "180d", "270d", "365d",
];
const PERCENTS: &[f64] = &[
    0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 40.0,
    50.0, 60.0, 70.0, 80.0, 90.0, 100.0,
];
const RATES: &[f64] = &[
    0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0,
    30.0, 50.0, 70.0, 100.0, 200.0, 500.0, 1_000.0,
];
const COUNTS: &[f64] = &[
    10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0,
    100_000.0,
];
const BUDGETS: &[f64] = &[
    100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0, 100_000.0,
    200_000.0, 500_000.0, 1e6, 2e6, 5e6, 1e7,
];
const REPLICATES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
const NIGHTS: &[f64] = &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0];

/// All knobs of a scenario.
#[must_use]
pub fn groups(scenario: &Scenario) -> Vec<Group> {
    let run = &scenario.run;
    let mut groups = vec![
        Group {
            title: "Run".to_owned(),
            design: None,
            knobs: vec![
                duration(
                    "/run/length",
                    "Length",
                    "Simulated time that is measured.",
                    run.length,
                    LENGTHS,
                ),
                duration(
                    "/run/warmup",
                    "Warm-up",
                    "Simulated before measuring starts, so that the start leaves no trace.",
                    run.warmup,
                    WARMUPS,
                ),
                whole(
                    "/run/replicates",
                    "Replicates",
                    "Independent repetitions; error bars need at least two.",
                    run.replicates.get(),
                    "",
                    REPLICATES,
                ),
            ],
        },
        Group {
            title: "World".to_owned(),
            design: None,
            knobs: match &scenario.world {
                World::TwoState(world) => two_state(world),
                World::Hotels(world) => hotels(world),
                World::Trace(world) => trace(world),
            },
        },
    ];
    for (index, design) in scenario.designs.iter().enumerate() {
        groups.push(Group {
            title: design.name.clone(),
            design: Some(index),
            knobs: of_design(index, design),
        });
    }
    groups
}

fn two_state(world: &TwoState) -> Vec<Knob> {
    let at = |key: &str| format!("/world/two_state/{key}");
    vec![
        whole(
            at("stays"),
            "Stays",
            "Items that are searched.",
            world.stays.get(),
            "",
            COUNTS,
        ),
        rate(
            at("sells_out_per_day"),
            "Sells out",
            "Rate at which an available stay sells out.",
            world.sells_out_per_day.get(),
            "/day",
        ),
        rate(
            at("reopens_per_day"),
            "Reopens",
            "Rate at which a sold-out stay reopens.",
            world.reopens_per_day.get(),
            "/day",
        ),
        rate(
            at("searches_per_stay_per_day"),
            "Searches",
            "Searches of a stay, on average.",
            world.searches_per_stay_per_day.get(),
            "/day",
        ),
    ]
}

fn trace(world: &Trace) -> Vec<Knob> {
    let at = |key: &str| format!("/world/trace/{key}");
    vec![
        duration(
            at("booking_window"),
            "Booking window",
            "How far ahead a stay can be searched.",
            world.booking_window,
            WINDOWS,
        ),
        whole(
            at("max_nights"),
            "Longest stay, nights",
            "Nights of the longest stay that can be searched.",
            world.max_nights.get(),
            "",
            NIGHTS,
        ),
    ]
}

fn hotels(world: &Hotels) -> Vec<Knob> {
    let at = |key: &str| format!("/world/hotels/{key}");
    vec![
        whole(
            at("count"),
            "Hotels",
            "Hotels that are simulated.",
            world.count.get(),
            "",
            COUNTS,
        ),
        duration(
            at("booking_window"),
            "Booking window",
            "How far ahead a stay can be searched.",
            world.booking_window,
            WINDOWS,
        ),
        whole(
            at("max_nights"),
            "Longest stay, nights",
            "Nights of the longest stay that can be searched.",
            world.max_nights.get(),
            "",
            NIGHTS,
        ),
        rate(
            at("demand/requests_per_hotel_per_day"),
            "Requests",
            "Booking requests of a hotel.",
            world.demand.requests_per_hotel_per_day.get(),
            "/day",
        ),
        rate(
            at("searches_per_request"),
            "Searches per request",
            "Searches for each booking request: look-to-book.",
            world.searches_per_request.get(),
            "",
        ),
        rate(
            at("supplier_changes_per_hotel_per_day"),
            "Supplier changes",
            "Rate updates, close-outs and re-openings of a hotel.",
            world.supplier_changes_per_hotel_per_day.get(),
            "/day",
        ),
    ]
}

fn of_design(index: usize, design: &Design) -> Vec<Knob> {
    let mut knobs = Vec::new();
    for (feed_index, feed) in design.feeds.iter().enumerate() {
        of_feed(
            &format!("/designs/{index}/feeds/{feed_index}"),
            feed,
            &mut knobs,
        );
    }
    let at = |key: &str| format!("/designs/{index}/{key}");

    let (chosen, spans) = match &design.cache.ttl {
        Ttl::None => (0, vec![]),
        Ttl::Fixed(span) => (1, vec![("fixed", "Lifetime", *span)]),
        Ttl::Sliding(span) => (2, vec![("sliding", "Lifetime", *span)]),
        Ttl::Jittered(law) => (3, vec![("jittered/mean", "Mean lifetime", law.mean)]),
        Ttl::ByLeadTime(_) => (4, vec![]),
        Ttl::Adaptive(law) => (
            5,
            vec![
                ("adaptive/min", "Shortest lifetime", law.min),
                ("adaptive/max", "Longest lifetime", law.max),
            ],
        ),
    };
    let written = spans
        .first()
        .map_or_else(|| "6h".to_owned(), |(_, _, span)| span.to_string());
    let mut options = vec![
        ("none", json!("none")),
        ("fixed", json!({ "fixed": written })),
        ("sliding", json!({ "sliding": written })),
        (
            "jittered",
            json!({ "jittered": { "mean": written, "spread": 0.5 } }),
        ),
        (
            "by lead time",
            json!({ "by_lead_time": [
                { "within": "7d", "ttl": "4h" }, { "within": "30d", "ttl": "24h" }, { "ttl": "36h" }
            ] }),
        ),
        (
            "adaptive",
            json!({ "adaptive": { "min": "1h", "max": "36h" } }),
        ),
    ];
    // What is chosen stays as it is written.
    options[chosen].1 = json!(design.cache.ttl);
    knobs.push(Knob {
        pointer: at("cache/ttl"),
        label: "Expiry",
        help: "When an entry dies: some time after it was stored (fixed, jittered, by days to check-in, by how \
               long the stay has been quiet) or last hit (sliding).",
        input: Input::Choice { chosen, options },
    });
    for (key, label, span) in spans {
        knobs.push(duration(
            at(&format!("cache/ttl/{key}")),
            label,
            "How long an entry lives.",
            span,
            INTERVALS,
        ));
    }

    let per_day = match design.cache.purge {
        Purge::None => 0.0,
        Purge::Random(purge) => purge.per_day.get(),
    };
    knobs.push(match design.cache.purge {
        Purge::None => Knob {
            pointer: at("cache/purge"),
            label: "Purge",
            help: "Whether entries are dropped at memoryless moments.",
            input: Input::Choice {
                chosen: 0,
                options: vec![
                    ("none", json!("none")),
                    ("random", json!({ "random": { "per_day": 0.5 } })),
                ],
            },
        },
        Purge::Random(_) => rate(
            at("cache/purge/random/per_day"),
            "Random purge",
            "Purges of one entry a day, on average.",
            per_day,
            "/day",
        ),
    });

    let serving = &design.serving;
    knobs.push(choice(
        at("serving/on_miss"),
        "On a miss",
        "What a search gets that finds no live entry.",
        match serving.on_miss {
            OnMiss::AskLive => 0,
            OnMiss::SayAvailable => 1,
            OnMiss::SaySoldOut => 2,
        },
        &[
            ("ask live", "ask_live"),
            ("say available", "say_available"),
            ("say sold out", "say_sold_out"),
        ],
    ));
    knobs.push(choice(
        at("serving/live_check"),
        "Live check",
        "Which answers are computed live after they were read.",
        match serving.live_check {
            LiveCheck::Never => 0,
            LiveCheck::Shown => 1,
            LiveCheck::EverySearch => 2,
        },
        &[
            ("never", "never"),
            ("shown stays", "shown"),
            ("every search", "every_search"),
        ],
    ));
    if serving.live_check == LiveCheck::Shown {
        knobs.push(share(
            at("serving/explore"),
            "Explore",
            "Share of sold-out answers that are checked all the same.",
            serving.explore.get(),
        ));
    }
    knobs.push(share(
        at("serving/bypass"),
        "Bypass",
        "Share of searches answered live without reading this copy.",
        serving.bypass.get(),
    ));
    knobs
}

fn of_feed(at: &str, feed: &Feed, knobs: &mut Vec<Knob>) {
    if let Source::Searches(searches) = &feed.source {
        knobs.push(share(
            format!("{at}/source/searches/share"),
            "Observed",
            "Share of live answers that are observed.",
            searches.share.get(),
        ));
    }
    match &feed.delivery {
        Delivery::Push(push) => {
            let at = format!("{at}/delivery/push");
            of_delay(&at, push.latency, knobs);
            knobs.push(share(
                format!("{at}/loss"),
                "Loss",
                "Share of messages that never arrive.",
                push.loss.get(),
            ));
        }
        Delivery::Pull(pull) => {
            let is_log = feed.source.can_be_pushed();
            of_pull(&format!("{at}/delivery/pull"), pull, is_log, knobs);
        }
    }
}

fn of_pull(at: &str, pull: &Pull, is_log: bool, knobs: &mut Vec<Knob>) {
    if let Some(every) = pull.every {
        knobs.push(duration(
            format!("{at}/every"),
            "Interval",
            "Between two polls of one stay, two reads of a log or the starts of two crawls.",
            every,
            INTERVALS,
        ));
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
    // The others only work at constant intervals.
    let is_free = pull.adaptive.is_none() && pull.allocation != Allocation::Freshest;
    if !is_log && is_free {
        knobs.push(choice(
            format!("{at}/order"),
            "Order",
            "When in its interval a stay is polled.",
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
    if let Some(paging) = pull.paging {
        knobs.push(whole(
            format!("{at}/paging/size"),
            "Page size",
            "Stays on a page.",
            paging.size.get(),
            "",
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
            "",
            REPLICATES,
        ));
    }
    if let Some(limit) = pull.rate_limit {
        knobs.push(number(
            format!("{at}/rate_limit/per_second"),
            "Rate limit",
            "At most so many asks a second; the others wait in line.",
            limit.per_second.get(),
            "/s",
            &RATES[1..],
        ));
    }
    of_delay(at, pull.latency, knobs);
    if pull.paging.is_none() {
        knobs.push(share(
            format!("{at}/loss"),
            "Loss",
            "Share of polls that fail; nothing is asked again before the next.",
            pull.loss.get(),
        ));
    }
}

fn of_delay(at: &str, delay: Delay, knobs: &mut Vec<Knob>) {
    let at = |key: &str| format!("{at}/latency/{key}");
    match delay {
        Delay::Fixed(span) => knobs.push(duration(
            at("fixed"),
            "Latency",
            "From reading the truth to the copy.",
            span,
            LATENCIES,
        )),
        Delay::Uniform(range) => {
            for (key, label, span) in [
                ("min", "Latency, least", range.min),
                ("max", "Latency, most", range.max),
            ] {
                let help = "Latency is uniform between the least and the most.";
                knobs.push(duration(
                    at(&format!("uniform/{key}")),
                    label,
                    help,
                    span,
                    LATENCIES,
                ));
            }
        }
        Delay::Exponential(law) => knobs.push(duration(
            at("exponential/mean"),
            "Latency, mean",
            "Latency is exponential with this mean.",
            law.mean,
            LATENCIES,
        )),
        Delay::Lognormal(law) => {
            for (key, label, span) in [
                ("median", "Latency, median", law.median),
                ("p99", "Latency, p99", law.p99),
            ] {
                let help = "Half the messages are faster than the median, 99 of 100 than the p99.";
                knobs.push(duration(
                    at(&format!("lognormal/{key}")),
                    label,
                    help,
                    span,
                    &LATENCIES[1..],
                ));
            }
        }
    }
}

fn duration(
    pointer: impl Into<String>,
    label: &'static str,
    help: &'static str,
    span: impl ToString,
    stops: &'static [&'static str],
) -> Knob {
    Knob {
        pointer: pointer.into(),
        label,
        help,
        input: Input::Duration {
            text: span.to_string(),
            stops,
        },
    }
}

fn whole(
    pointer: impl Into<String>,
    label: &'static str,
    help: &'static str,
    value: u32,
    unit: &'static str,
    stops: &'static [f64],
) -> Knob {
    Knob {
        pointer: pointer.into(),
        label,
        help,
        input: Input::Number {
            value: f64::from(value),
            unit,
            scale: 1.0,
            whole: true,
            stops,
        },
    }
}

fn rate(
    pointer: impl Into<String>,
    label: &'static str,
    help: &'static str,
    value: f64,
    unit: &'static str,
) -> Knob {
    number(pointer, label, help, value, unit, RATES)
}

fn number(
    pointer: impl Into<String>,
    label: &'static str,
    help: &'static str,
    value: f64,
    unit: &'static str,
    stops: &'static [f64],
) -> Knob {
    Knob {
        pointer: pointer.into(),
        label,
        help,
        input: Input::Number {
            value,
            unit,
            scale: 1.0,
            whole: false,
            stops,
        },
    }
}

fn share(pointer: impl Into<String>, label: &'static str, help: &'static str, value: f64) -> Knob {
    Knob {
        pointer: pointer.into(),
        label,
        help,
        input: Input::Number {
            value: round(value * 100.0),
            unit: "%",
            scale: 100.0,
            whole: false,
            stops: PERCENTS,
        },
    }
}

fn choice(
    pointer: impl Into<String>,
    label: &'static str,
    help: &'static str,
    chosen: usize,
    options: &[(&'static str, &str)],
) -> Knob {
    Knob {
        pointer: pointer.into(),
        label,
        help,
        input: Input::Choice {
            chosen,
            options: options
                .iter()
                .map(|(label, name)| (*label, json!(name)))
                .collect(),
        },
    }
}

impl Input {
    /// What is typed, as the scenario's value.
    ///
    /// # Errors
    /// What was expected.
    pub fn read(&self, typed: &str) -> Result<Value, String> {
        match self {
            Self::Duration { .. } => {
                // People type spaces and "min"; the file does not.
                let text = typed.replace(' ', "").replace("min", "m");
                parse_duration(&text).map(|span| json!(format_duration(span)))
            }
            Self::Number { scale, whole, .. } => {
                let number: f64 = typed
                    .trim()
                    .replace(',', "")
                    .parse()
                    .map_err(|_| "expected a number".to_owned())?;
                if !number.is_finite() || number < 0.0 {
                    return Err("expected a number of at least 0".to_owned());
                }
                if *whole {
                    if number.fract() != 0.0 || number >= 1e9 {
                        return Err("expected a whole number".to_owned());
                    }
                    return Ok(json!(number as u64));
                }
                if *scale == 100.0 && number > 100.0 {
                    return Err("expected at most 100 %".to_owned());
                }
                let value = round(number / scale);
                if value.fract() == 0.0 {
                    Ok(json!(value as u64))
                } else {
                    Ok(json!(value))
                }
            }
            Self::Choice { options, .. } => typed
                .parse::<usize>()
                .ok()
                .and_then(|index| options.get(index))
                .map(|(_, value)| value.clone())
                .ok_or_else(|| "expected one of the choices".to_owned()),
        }
    }

    /// What stands in the field.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Duration { text, .. } => text.clone(),
            Self::Number { value, .. } => value.to_string(),
            Self::Choice { chosen, .. } => chosen.to_string(),
        }
    }

    /// The slider: its position and its last one; the first is 0.
    #[must_use]
    pub fn slider(&self) -> Option<(usize, usize)> {
        let nearest = |stops: Vec<f64>, value: f64| {
            let last = stops.len().checked_sub(1)?;
            let mut best = (0, f64::INFINITY);
            for (index, stop) in stops.iter().enumerate() {
                // By ratio, as the steps are; a hair keeps 0 finite.
                let far = libm::log((stop + 1e-6) / (value + 1e-6)).abs();
                if far < best.1 {
                    best = (index, far);
                }
            }
            Some((best.0, last))
        };
        match self {
            Self::Duration { text, stops } => {
                let seconds =
                    |text: &str| parse_duration(text).map_or(0.0, crate::sim::clock::seconds);
                nearest(
                    stops.iter().map(|stop| seconds(stop)).collect(),
                    seconds(text),
                )
            }
            Self::Number { value, stops, .. } => nearest(stops.to_vec(), *value),
            Self::Choice { .. } => None,
        }
    }

    /// What a position of the slider writes into the field.
    #[must_use]
    pub fn stop(&self, position: usize) -> Option<String> {
        match self {
            Self::Duration { stops, .. } => stops.get(position).map(|stop| (*stop).to_owned()),
            Self::Number { stops, .. } => stops.get(position).map(f64::to_string),
            Self::Choice { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;
    use crate::scenario::text;

    fn scenario(text: &str) -> Scenario {
        text::parse(text)
            .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
            .scenario
    }

    fn set(text: &str, knob: &Knob, typed: &str) -> Scenario {
        let value = knob
            .input
            .read(typed)
            .unwrap_or_else(|e| panic!("{}: {e}", knob.pointer));
        let edited = text::set(text, &knob.pointer, &value.to_string());
        scenario(&edited.unwrap_or_else(|problem| panic!("{}: {problem}", knob.pointer)))
    }

    #[test]
    fn every_knob_of_every_preset_writes_what_it_shows() {
        for preset in PRESETS {
            let before = scenario(preset.text);
            for knob in groups(&before).iter().flat_map(|group| &group.knobs) {
                let after = set(preset.text, knob, &knob.input.written());
                assert_eq!(after, before, "{}: {}", preset.name, knob.pointer);
            }
        }
    }

    #[test]
    fn knobs_of_pulls_write_what_they_show() {
        let text = r#"{ "version": 1,
            "world": { "two_state": { "stays": 9, "sells_out_per_day": 1, "reopens_per_day": 1 } },
            "designs": [{ "name": "d", "feeds": [
                { "name": "a", "source": "inventory", "delivery": { "pull": {
                    "every": "2h", "adaptive": { "min": "1h", "max": "1d" } } } },
                { "name": "b", "source": "inventory", "delivery": { "pull": {
                    "budget_per_day": 40, "allocation": "freshest", "rate_limit": { "per_second": 2.5 } } } },
                { "name": "c", "source": "inventory", "delivery": { "pull": {
                    "every": "1d", "order": "shuffled", "paging": { "size": 3, "by": "cursor", "crawlers": 2 } } } },
                { "name": "d", "source": "deltas", "delivery": { "pull": { "every": "5m", "loss": 0.1 } } }] }] }"#;
        let before = scenario(text);
        let all = groups(&before);
        let mut pulls = 0;
        for knob in all.iter().flat_map(|group| &group.knobs) {
            assert_eq!(
                set(text, knob, &knob.input.written()),
                before,
                "{}",
                knob.pointer
            );
            pulls += usize::from(knob.pointer.contains("/pull/"));
        }
        // Five, five, six and four.
        assert_eq!(pulls, 20);
    }

    #[test]
    fn every_choice_and_stop_can_be_read_and_comes_back() {
        for preset in PRESETS {
            let before = scenario(preset.text);
            for knob in groups(&before).iter().flat_map(|group| &group.knobs) {
                let typed: Vec<String> = match &knob.input {
                    Input::Choice { options, .. } => {
                        (0..options.len()).map(|i| i.to_string()).collect()
                    }
                    input => {
                        let last = input.slider().map_or(0, |(_, last)| last);
                        [0, last / 2, last]
                            .iter()
                            .filter_map(|at| input.stop(*at))
                            .collect()
                    }
                };
                for typed in typed {
                    let value = knob.input.read(&typed).expect("a stop can be read");
                    let edited = text::set(preset.text, &knob.pointer, &value.to_string())
                        .unwrap_or_else(|problem| panic!("{}: {problem}", knob.pointer));
                    // Some stops go too far for this scenario (a p99 below the median): that is said, not lost.
                    if let Ok(document) = text::parse(&edited) {
                        let after = groups(&document.scenario);
                        let same = after.iter().flat_map(|group| &group.knobs);
                        let found = same.clone().find(|other| other.pointer == knob.pointer);
                        let shown = found.map(|found| found.input.read(&found.input.written()));
                        // Choosing an expiry or a purge shows another knob in its place.
                        if !matches!(knob.input, Input::Choice { .. }) {
                            assert_eq!(shown, Some(Ok(value)), "{}", knob.pointer);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_where_it_is_typed() {
        let all = groups(&scenario(PRESETS[0].text));
        let knob = |pointer: &str| {
            let mut knobs = all.iter().flat_map(|group| &group.knobs);
            knobs
                .find(|knob| knob.pointer == pointer)
                .expect(pointer)
                .clone()
        };
        for typed in ["", "six", "-2", "1e400"] {
            assert!(
                knob("/run/replicates").input.read(typed).is_err(),
                "{typed}"
            );
            assert!(knob("/run/length").input.read(typed).is_err(), "{typed}");
        }
        assert!(knob("/run/replicates").input.read("2.5").is_err());
        let share = knob("/designs/0/serving/bypass");
        assert!(share.input.read("120").is_err());
        assert_eq!(share.input.read("0.7"), Ok(json!(0.007)));
        assert_eq!(knob("/run/length").input.read("90 min"), Ok(json!("90m")));
    }
}
