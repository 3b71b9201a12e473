//! What a design does, box by box.

use super::{compact, percent, round, short};
use crate::design::audit::{Audit, Frame};
use crate::design::cache::capacity::Evict;
use crate::design::cache::{Purge, Ttl};
use crate::design::delivery::line::Commit;
use crate::design::delivery::pull::paging::By;
use crate::design::delivery::pull::{Allocation, Order, Pull, RateLimit};
use crate::design::delivery::push::{CrossRegion, Push, StartAt};
use crate::design::delivery::{Delay, Window};
use crate::design::operations::{Operations, Replay};
use crate::design::serving::{LiveCheck, OnMiss};
use crate::design::source::deltas::{Action, Payload};
use crate::design::source::{Dataset, Deltas};
use crate::design::{Apply, Delivery, Design, Feed, Source};
use crate::world::group::Rule;

/// A box: what it is, and how it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub title: String,
    /// How it is set, each in a few words.
    pub lines: Vec<String>,
}

impl Node {
    pub(super) fn new(title: impl Into<String>, lines: Vec<String>) -> Self {
        Self {
            title: title.into(),
            lines,
        }
    }

    fn spoken(&self) -> String {
        format!("{} {}", self.title, self.lines.join(", "))
    }
}

/// A design's pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// The feeds: source, then delivery.
    pub feeds: Vec<(Node, Node)>,
    /// How entries are kept.
    pub cache: Node,
    /// How searches are answered.
    pub serving: Node,
    /// Whether a search that misses is answered live, which fills the cache.
    pub asks_on_miss: bool,
    /// Who looks after it: operations and audits, where there are any.
    pub care: Vec<Node>,
}

impl Pipeline {
    /// The pipeline of a design.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        let operations = Node::new("operations", operations(&design.operations));
        let care = Some(operations).filter(|node| !node.lines.is_empty());
        Self {
            feeds: design.feeds.iter().map(feed).collect(),
            cache: Node::new("cache", cache(design)),
            serving: Node::new("search", serving(design)),
            asks_on_miss: design.serving.on_miss == OnMiss::AskLive,
            care: care
                .into_iter()
                .chain(design.audits.iter().map(audit))
                .collect(),
        }
    }

    /// The pipeline in a sentence, for those who cannot see the drawing.
    #[must_use]
    pub fn spoken(&self) -> String {
        let feeds: Vec<String> = self
            .feeds
            .iter()
            .map(|(source, delivery)| format!("{}, {}", source.spoken(), delivery.spoken()))
            .collect();
        let feeds = if feeds.is_empty() {
            "no feed".to_owned()
        } else {
            feeds.join("; and ")
        };
        format!(
            "{feeds}; then {}; then {}",
            self.cache.spoken(),
            self.serving.spoken()
        )
    }
}

fn feed(feed: &Feed) -> (Node, Node) {
    let source = Node::new(feed.source.name(), source(&feed.source));
    let (title, mut lines) = match &feed.delivery {
        Delivery::Push(push) => ("push", pushed(push)),
        Delivery::Pull(pull) => ("pull", pulled(pull)),
    };
    if feed.apply == Apply::LastArrival {
        lines.push("last arrival wins".to_owned());
    }
    (source, Node::new(title, lines))
}

fn source(source: &Source) -> Vec<String> {
    match source {
        Source::Deltas(source) => deltas(source),
        Source::Inventory(_) => vec!["asked live".to_owned()],
        Source::Searches(searches) if searches.share.get() < 1.0 => {
            vec![format!("{} seen", percent(searches.share.get()))]
        }
        Source::Searches(_) => vec!["live answers".to_owned()],
        Source::Dataset(source) => dataset(source),
        Source::Hints(hints) => {
            let limit = hints.rate_limit.map(rate_limit);
            let asked = "then asked live".to_owned();
            [Some(asked), limit].into_iter().flatten().collect()
        }
    }
}

fn rate_limit(limit: RateLimit) -> String {
    let burst = match limit.burst.get() {
        1 => String::new(),
        burst => format!(", bursts of {}", compact(f64::from(burst))),
    };
    format!("at most {}/s{burst}", compact(limit.per_second.get()))
}

fn deltas(deltas: &Deltas) -> Vec<String> {
    let mut lines = vec![
        match deltas.payload {
            Payload::State => "row changes",
            Payload::Increment => "increments",
        }
        .to_owned(),
    ];
    if deltas.action == Action::Invalidate {
        lines.push("drop the entry".to_owned());
    }
    if !deltas.bootstrap {
        lines.push("no first load".to_owned());
    }
    lines.extend(
        deltas
            .ignores
            .iter()
            .map(|rule| format!("ignores {}", rule_name(rule))),
    );
    lines
}

/// A rule of the domain.
pub const fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::MinNights => "minimum nights",
        Rule::ClosedToArrival => "arrival days",
        Rule::MinLead => "minimum lead",
        Rule::RatePlans => "rate plans",
    }
}

fn dataset(dataset: &Dataset) -> Vec<String> {
    let mut lines = vec![format!("every {}", short(dataset.every.micros()))];
    if dataset.build_time.micros() > 0 {
        lines.push(format!("built in {}", short(dataset.build_time.micros())));
    }
    if dataset.in_place {
        lines.push("rewritten in place".to_owned());
    } else if dataset.keep != Dataset::default().keep {
        lines.push(match dataset.keep {
            0 => "keeps no earlier one".to_owned(),
            keep => format!("keeps {keep} earlier"),
        });
    }
    lines
}

fn pushed(push: &Push) -> Vec<String> {
    let usual = Push::default();
    let mut lines = Vec::new();
    if let Some(window) = push.window {
        lines.push(match window {
            Window::AfterFirst(span) => format!("window {} after first", short(span.micros())),
            Window::Clock(span) => format!("window each {}", short(span.micros())),
            Window::Quiet(span) => format!("window {} of quiet", short(span.micros())),
        });
    }
    lines.push(delay(push.latency));
    if push.loss.get() > 0.0 {
        lines.push(format!("loses {}", percent(push.loss.get())));
    }
    if push.duplicates.get() > 0.0 {
        lines.push(format!("{} arrive twice", percent(push.duplicates.get())));
    }
    let line = match (push.consumers, push.partitions) {
        (Some(count), _) => Some((count, "consumer")),
        (None, Some(count)) => Some((count, "partition")),
        (None, None) => None,
    };
    let service = (push.service != usual.service).then(|| format!("{} each", about(push.service)));
    match line {
        Some((count, what)) => {
            let plural = if count.get() == 1 { "" } else { "s" };
            let count = compact(f64::from(count.get()));
            let service = service.map_or_else(String::new, |service| format!(", {service}"));
            lines.push(format!("{count} {what}{plural}{service}"));
        }
        None => lines.extend(service),
    }
    if let Some(calls) = &push.cross_region {
        lines.extend(cross_region(calls));
    }
    if push.retention != usual.retention {
        lines.push(match push.retention.micros() {
            0 => "no log kept".to_owned(),
            kept => format!("log kept {}", short(kept)),
        });
    }
    if push.commit == Commit::Before {
        lines.push("at most once".to_owned());
    }
    if push.start_at == StartAt::Latest {
        lines.push("restarts at latest".to_owned());
    }
    lines
}

fn cross_region(calls: &CrossRegion) -> [String; 2] {
    [
        format!(
            "{} cross region, {}",
            percent(calls.share.get()),
            about(calls.latency)
        ),
        format!(
            "time-out {}, pause {}",
            short(calls.timeout.micros()),
            short(calls.rebalance.micros())
        ),
    ]
}

/// When a pull asks, and how.
fn pulled(pull: &Pull) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(every) = pull.every {
        lines.push(format!("every {}", short(every.micros())));
    }
    if let Some(budget) = pull.budget_per_day {
        let budget = compact(budget.get());
        let allocation = match pull.allocation {
            Allocation::Uniform => "all alike",
            Allocation::ByPopularity => "by popularity",
            Allocation::ByChangeRate => "by change rate",
            Allocation::Freshest => "freshest",
        };
        lines.push(format!("budget {budget}/d, {allocation}"));
    }
    if let Some(adaptive) = pull.adaptive {
        let (min, max) = (short(adaptive.min.micros()), short(adaptive.max.micros()));
        lines.push(format!("adapts {min} – {max}"));
    }
    match pull.order {
        Order::Fixed if pull.jitter.get() > 0.0 => {
            lines.push(format!("± {}", percent(pull.jitter.get())));
        }
        Order::Fixed => {}
        Order::Shuffled => lines.push("shuffled".to_owned()),
        Order::Poisson => lines.push("Poisson".to_owned()),
    }
    if let Some(paging) = pull.paging {
        let by = match paging.by {
            By::Offset => "offset",
            By::Cursor => "cursor",
        };
        let size = compact(f64::from(paging.size.get()));
        let crawlers = match paging.crawlers.get() {
            1 => String::new(),
            crawlers => format!(", {crawlers} crawlers"),
        };
        lines.push(format!("pages of {size} by {by}{crawlers}"));
    }
    lines.extend(pull.rate_limit.map(rate_limit));
    if !is_zero(pull.latency) {
        lines.push(delay(pull.latency));
    }
    if pull.loss.get() > 0.0 {
        lines.push(format!("loses {}", percent(pull.loss.get())));
    }
    lines
}

fn is_zero(delay: Delay) -> bool {
    delay.constant() == Some(0)
}

fn delay(delay: Delay) -> String {
    match delay {
        Delay::Fixed(span) if span.micros() == 0 => "at once".to_owned(),
        Delay::Fixed(_) => format!("takes {}", about(delay)),
        Delay::Exponential(_) => format!("mean {}", about(delay)),
        Delay::Uniform(_) => about(delay),
        Delay::Lognormal(law) => format!("{}, p99 {}", about(delay), short(law.p99.micros())),
    }
}

/// A delay by the one span that tells most of it, or two.
fn about(delay: Delay) -> String {
    match delay {
        Delay::Fixed(span) => short(span.micros()),
        Delay::Uniform(range) => {
            format!(
                "{} – {}",
                short(range.min.micros()),
                short(range.max.micros())
            )
        }
        Delay::Exponential(law) => short(law.mean.micros()),
        Delay::Lognormal(law) => short(law.median.micros()),
    }
}

fn cache(design: &Design) -> Vec<String> {
    let cache = &design.cache;
    let mut lines = vec![match &cache.ttl {
        Ttl::None => "no expiry".to_owned(),
        Ttl::Fixed(span) => format!("TTL {}", short(span.micros())),
        Ttl::Sliding(span) => format!("TTL {} ↻", short(span.micros())),
        Ttl::Jittered(law) => format!(
            "TTL {} ± {}",
            short(law.mean.micros()),
            percent(law.spread.get())
        ),
        Ttl::ByLeadTime(bands) => {
            let spans = || bands.iter().map(|band| band.ttl.micros());
            match (spans().min(), spans().max()) {
                (Some(min), Some(max)) if min < max => {
                    format!("TTL {} – {} by lead", short(min), short(max))
                }
                _ => "TTL by lead time".to_owned(),
            }
        }
        Ttl::Adaptive(law) => format!(
            "TTL {} of age, {} – {}",
            percent(law.share.get()),
            short(law.min.micros()),
            short(law.max.micros())
        ),
    }];
    if let Some(ttl) = cache.sold_out_ttl {
        lines.push(format!("sold out: {}", short(ttl.micros())));
    }
    if cache.stale_while_revalidate.micros() > 0 {
        let grace = cache.stale_while_revalidate;
        lines.push(format!("keeps stale {}", short(grace.micros())));
    }
    if let Purge::Random(purge) = cache.purge {
        lines.push(format!("purge {}/d", round(purge.per_day.get())));
    }
    if let Some(capacity) = cache.capacity {
        let entries = compact(f64::from(capacity.entries.get()));
        lines.push(format!("{}, {entries} entries", evict_name(capacity.evict)));
    }
    lines
}

/// Who goes when a cache is full.
fn evict_name(evict: Evict) -> &'static str {
    match evict {
        Evict::Lru => "LRU",
        Evict::Fifo => "FIFO",
        Evict::Random => "random",
        Evict::Lfu => "LFU",
        Evict::Sieve => "SIEVE",
    }
}

fn serving(design: &Design) -> Vec<String> {
    let serving = &design.serving;
    let on_miss = match serving.on_miss {
        OnMiss::AskLive => "miss: ask live",
        OnMiss::SayAvailable => "miss: available",
        OnMiss::SaySoldOut => "miss: sold out",
    };
    let mut lines = vec![on_miss.to_owned()];
    match serving.live_check {
        LiveCheck::Never => {}
        LiveCheck::Shown => lines.push("check shown".to_owned()),
        LiveCheck::EverySearch => lines.push("check all".to_owned()),
    }
    for (word, share) in [("explore", serving.explore), ("bypass", serving.bypass)] {
        if share.get() > 0.0 {
            lines.push(format!("{word} {}", percent(share.get())));
        }
    }
    lines
}

fn operations(operations: &Operations) -> Vec<String> {
    let usual = Operations::default();
    let mut lines = Vec::new();
    if !operations.alerts {
        lines.push("alerts reach nobody".to_owned());
    }
    if let Some(lag) = operations.lag_above {
        lines.push(format!("alert at lag above {}", short(lag.micros())));
    }
    if let Some(parity) = operations.parity_check {
        let (missing, every) = (
            percent(parity.missing_above.get()),
            short(parity.every.micros()),
        );
        lines.push(format!("alert at {missing} missing in {every}"));
    }
    if operations.repair_after != usual.repair_after {
        lines.push(match operations.repair_after.micros() {
            0 => "repaired at once".to_owned(),
            after => format!("repaired {} later", short(after)),
        });
    }
    if let Some(kept) = operations.metrics_retention {
        lines.push(format!("metrics kept {}", short(kept.micros())));
    }
    if let Some(gate) = operations.publish_gate {
        lines.push(format!("gate catches {}", percent(gate.catches.get())));
    }
    if let Some(after) = operations.rollback_after {
        lines.push(format!("rolled back after {}", short(after.micros())));
    }
    if let Some(breaker) = operations.circuit_breaker {
        lines.push(format!(
            "breaker at {} flips in {}, holds {}",
            percent(breaker.max_flip_share.get()),
            short(breaker.per.micros()),
            short(breaker.reset_after.micros())
        ));
    }
    if let Some(replay) = operations.replay {
        let speed = compact(f64::from(replay.messages_per_second()));
        lines.push(match replay {
            Replay::DeleteFirst(_) => format!("deletes, then replays {speed}/s"),
            Replay::Over(_) => format!("replays over, {speed}/s"),
        });
    }
    if operations.components > 0 {
        let plural = if operations.components == 1 { "" } else { "s" };
        lines.push(format!("{} component{plural}", operations.components));
    }
    let incidents = operations.incidents_per_component_per_month.get();
    if incidents > 0.0 {
        lines.push(format!(
            "{} incidents a month each, {}",
            round(incidents),
            about(operations.incident_lasts)
        ));
    }
    lines
}

fn audit(audit: &Audit) -> Node {
    let title = format!("audit {}", audit.name);
    let Some((way, policy)) = audit.way() else {
        return Node::new(title, Vec::new());
    };
    let sample = policy.sample();
    let size = compact(f64::from(sample.size.get()));
    let what = match way {
        "panel" => format!("the same {size} stays"),
        "random" => format!("{size} fresh stays"),
        "rotating" => format!("{size} stays in rotation"),
        _ => format!("{size} stays by strata"),
    };
    let mut lines = vec![format!("{what} every {}", short(sample.every.micros()))];
    if let Some(keep) = sample.keep {
        lines.push(format!("keeps {}", percent(keep.get())));
    }
    if let Some(strata) = sample.strata {
        lines.push(format!("{} strata", strata.get()));
    }
    match (sample.frame, sample.weigh) {
        (Frame::Stays, _) => {}
        (Frame::Searches, true) => lines.push("drawn by searches, weighed back".to_owned()),
        (Frame::Searches, false) => lines.push("drawn by searches".to_owned()),
    }
    if sample.confidence.get() != 0.95 {
        lines.push(format!("{} interval", percent(sample.confidence.get())));
    }
    if let Some(alert) = sample.alert {
        let times = match alert.in_a_row.get() {
            1 => String::new(),
            times => format!(", {times} in a row"),
        };
        lines.push(format!("alert below {}{times}", percent(alert.below.get())));
    }
    Node::new(title, lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::text;

    /// Spaces that keep a number and its unit together are spaces here.
    fn plain(lines: &[String]) -> Vec<String> {
        lines
            .iter()
            .map(|line| line.replace('\u{a0}', " "))
            .collect()
    }

    fn design(json: &str) -> Pipeline {
        let text = format!(
            r#"{{ "version": 1,
                "world": {{ "hotels": {{ "count": 9, "booking_window": "30d", "max_nights": 2,
                    "demand": {{ "requests_per_hotel_per_day": 1 }}, "searches_per_request": 9,
                    "supplier_changes_per_hotel_per_day": 1 }} }},
                "designs": [{{ "name": "d", {json} }}] }}"#
        );
        let document = text::parse(&text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        Pipeline::of(&document.scenario.designs[0])
    }

    #[test]
    fn defaults_are_not_worth_a_word() {
        let bare =
            design(r#""feeds": [{ "name": "f", "source": "deltas", "delivery": { "push": {} } }]"#);
        let (source, delivery) = &bare.feeds[0];
        assert_eq!(
            (&source.lines[..], &delivery.lines[..]),
            (&["row changes".to_owned()][..], &["at once".to_owned()][..])
        );
        assert_eq!(bare.cache.lines, ["no expiry"]);
        assert_eq!(bare.serving.lines, ["miss: ask live"]);
        assert!(bare.care.is_empty());
    }

    #[test]
    fn what_is_set_is_said() {
        let rich = design(
            r#""feeds": [
                { "name": "f", "source": { "deltas": { "ignores": ["min_nights"], "payload": "increment" } },
                  "apply": "last_arrival", "delivery": { "push": {
                    "latency": { "fixed": "2s" }, "window": { "after_first": "5m" }, "consumers": 3,
                    "service": { "fixed": "20ms" }, "retention": "1d", "start_at": "latest" } } },
                { "name": "g", "source": "inventory", "delivery": { "pull": {
                    "budget_per_day": 10000, "allocation": "freshest" } } },
                { "name": "h", "source": "inventory", "delivery": { "pull": {
                    "every": "1d", "paging": { "size": 100, "by": "offset", "crawlers": 4 } } } }],
            "cache": { "ttl": { "fixed": "6h" }, "sold_out_ttl": "30m", "stale_while_revalidate": "1h",
                "capacity": { "entries": 50000 } },
            "operations": { "lag_above": "10m", "replay": "over" },
            "audits": [{ "name": "panel", "panel": { "size": 400, "every": "6h",
                "alert": { "below": 0.95, "in_a_row": 2 } } }]"#,
        );
        let lines = |feed: usize| {
            (
                plain(&rich.feeds[feed].0.lines),
                plain(&rich.feeds[feed].1.lines),
            )
        };
        assert_eq!(lines(0).0, ["increments", "ignores minimum nights"]);
        assert_eq!(
            lines(0).1,
            [
                "window 5 min after first",
                "takes 2 s",
                "3 consumers, 20 ms each",
                "log kept 1 d",
                "restarts at latest",
                "last arrival wins"
            ]
        );
        assert_eq!(lines(1).1, ["budget 10 k/d, freshest"]);
        assert_eq!(
            lines(2).1,
            ["every 1 d", "pages of 100 by offset, 4 crawlers"]
        );
        assert_eq!(
            plain(&rich.cache.lines),
            [
                "TTL 6 h",
                "sold out: 30 min",
                "keeps stale 1 h",
                "LRU, 50 k entries"
            ]
        );
        let care: Vec<String> = rich.care.iter().map(Node::spoken).collect();
        assert_eq!(
            plain(&care),
            [
                "operations alert at lag above 10 min, replays over, 1,000/s",
                "audit panel the same 400 stays every 6 h, alert below 95 %, 2 in a row"
            ]
        );
    }
}
