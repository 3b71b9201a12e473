//! Which keys of a pull go together.

use super::{delay, not_tiny};
use crate::design::delivery::pull::{Adaptive, Allocation, Order, Pull, RateLimit};
use crate::scenario::pointer::join;
use crate::scenario::problem::Problem;
use crate::scenario::quantity::{Period, Rate};

/// What is wrong with a pull. `is_log`: its source is read as a whole, by one reader.
pub(super) fn check(pull: &Pull, is_log: bool, path: &str, problems: &mut Vec<Problem>) {
    how_often(pull, is_log, path, problems);
    delay(pull.latency, &join(path, "latency"), problems);
    if let Some(adaptive) = pull.adaptive {
        check_adaptive(adaptive, pull.every, &join(path, "adaptive"), problems);
    }
    rate_limit(pull.rate_limit, path, problems);
    let is_wrong = |clash: &Clash| (clash.is_there)(pull);
    let at_odds = |clash: Clash| {
        Problem::new(join(path, clash.key), clash.why)
            .expected(clash.expected)
            .suggest(clash.suggestion)
    };
    if is_log {
        problems.extend(of_no_use_to_a_log(pull, path));
        problems.extend(ORDERS.into_iter().filter(is_wrong).map(at_odds));
    } else {
        let clashes = ORDERS.into_iter().chain(CLASHES);
        problems.extend(clashes.filter(is_wrong).map(at_odds));
    }
}

/// What is wrong with the rate limit of what stands at this path.
pub(super) fn rate_limit(limit: Option<RateLimit>, path: &str, problems: &mut Vec<Problem>) {
    if let Some(limit) = limit {
        let path = format!("{path}/rate_limit/per_second");
        above_zero(limit.per_second, "per_second", &path, problems);
    }
}

fn how_often(pull: &Pull, is_log: bool, path: &str, problems: &mut Vec<Problem>) {
    const EITHER: &str = "one of them: the interval of each stay, or asks a day over all stays";
    let at = |key: &str| join(path, key);
    match (pull.every, pull.budget_per_day) {
        (Some(_), Some(_)) => problems.push(
            Problem::new(
                at("budget_per_day"),
                "`every` and `budget_per_day` are both given",
            )
            .expected(EITHER)
            .suggest("remove one; to take out what is inherited with `like`, set it to null"),
        ),
        (None, None) if is_log => problems.push(
            Problem::new(path, "`pull` has no `every`")
                .expected("the time between two reads of the log")
                .suggest("add \"every\": \"5m\", or another interval"),
        ),
        (None, None) => problems.push(
            Problem::new(path, "`pull` has neither `every` nor `budget_per_day`")
                .expected(EITHER)
                .suggest("add \"every\": \"1h\", or \"budget_per_day\": 10000"),
        ),
        (Some(every), None) => not_tiny(every, &at("every"), problems),
        (None, Some(budget)) => {
            above_zero(budget, "budget_per_day", &at("budget_per_day"), problems);
        }
    }
}

fn check_adaptive(
    adaptive: Adaptive,
    every: Option<Period>,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let Adaptive { min, max } = adaptive;
    not_tiny(min, &join(path, "min"), problems);
    if max < min {
        problems.push(
            Problem::new(
                join(path, "max"),
                format!("`max` is {max}, less than `min`"),
            )
            .expected(format!("at least `min`, which is {min}")),
        );
    } else if let Some(every) = every.filter(|every| *every < min || *every > max) {
        problems.push(
            Problem::new(
                path,
                format!("polls start {every} apart, which is not between `min` and `max`"),
            )
            .expected(format!("bounds with `every`, {every}, between them"))
            .suggest("change `every`, or the bounds"),
        );
    }
}

fn above_zero(rate: Rate, name: &str, path: &str, problems: &mut Vec<Problem>) {
    if rate.get() <= 0.0 {
        problems.push(
            Problem::new(path, format!("`{name}` is 0: nothing is ever asked"))
                .expected("a number above 0"),
        );
    }
}

fn of_no_use_to_a_log(pull: &Pull, path: &str) -> impl Iterator<Item = Problem> {
    let given = [
        (
            "budget_per_day",
            pull.budget_per_day.is_some() && pull.every.is_none(),
        ),
        ("allocation", pull.allocation != Allocation::Uniform),
        ("adaptive", pull.adaptive.is_some()),
        ("rate_limit", pull.rate_limit.is_some()),
        ("paging", pull.paging.is_some()),
    ];
    let refused = given.into_iter().filter(|(_, is_given)| *is_given);
    refused.map(move |(key, _)| {
        Problem::new(
            join(path, key),
            format!("a log has no use for `{key}`: one reader takes all that is new"),
        )
        .expected("`every`, `order`, `jitter`, `latency` or `loss`")
        .suggest(match key {
            "rate_limit" => "remove `rate_limit`; asks after hints have theirs in the source: \"source\": {\"hints\": \
                             {\"rate_limit\": …}}"
                .to_owned(),
            _ => format!("remove `{key}`, or poll \"source\": \"inventory\""),
        })
    })
}

/// Keys that make no sense together.
struct Clash {
    is_there: fn(&Pull) -> bool,
    /// The key that is told about it.
    key: &'static str,
    why: &'static str,
    expected: &'static str,
    suggestion: &'static str,
}

fn is_at_constant_intervals(pull: &Pull) -> bool {
    pull.order == Order::Fixed && pull.jitter.get() == 0.0
}

/// Of all pulls.
const ORDERS: [Clash; 1] = [Clash {
    is_there: |pull| pull.jitter.get() > 0.0 && pull.order != Order::Fixed,
    key: "jitter",
    why: "`jitter` needs polls at a constant phase",
    expected: "jitter only with \"order\": \"fixed\"",
    suggestion: "remove `jitter` or `order`",
}];

/// Of pulls that ask stay by stay.
const CLASHES: [Clash; 5] = [
    Clash {
        is_there: |pull| pull.allocation != Allocation::Uniform && pull.budget_per_day.is_none(),
        key: "allocation",
        why: "`allocation` shares out a budget, and there is none",
        expected: "allocation only with `budget_per_day`",
        suggestion: "remove `allocation`, or give `budget_per_day` instead of `every`",
    },
    Clash {
        is_there: |pull| {
            pull.allocation == Allocation::Freshest
                && pull.budget_per_day.is_some()
                && !is_at_constant_intervals(pull)
        },
        key: "allocation",
        why: "`freshest` is the optimum of polls at constant intervals",
        expected: "\"freshest\" only with \"order\": \"fixed\", without jitter",
        suggestion: "remove `order` and `jitter`, or choose another allocation",
    },
    Clash {
        is_there: |pull| {
            pull.adaptive.is_some()
                && (!is_at_constant_intervals(pull) || pull.budget_per_day.is_some())
        },
        key: "adaptive",
        why: "`adaptive` sets each interval by what the last poll found",
        expected: "adaptive only with `every` and \"order\": \"fixed\", without jitter",
        suggestion: "remove `adaptive`, or `order`, `jitter` and `budget_per_day`",
    },
    Clash {
        is_there: |pull| {
            pull.paging.is_some() && (pull.budget_per_day.is_some() || pull.adaptive.is_some())
        },
        key: "paging",
        why: "a page holds many stays: none has an interval of its own",
        expected: "paging only with `every`, the time between the starts of crawls",
        suggestion: "remove `paging`, or `budget_per_day` and `adaptive`",
    },
    Clash {
        is_there: |pull| pull.paging.is_some() && pull.loss.get() > 0.0,
        key: "loss",
        why: "a crawler cannot go on without its page: it asks again until it has it",
        expected: "no loss with `paging`",
        suggestion: "remove `loss`; let `latency` be long at times instead",
    },
];
