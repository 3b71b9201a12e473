//! A scenario in words: what is compared, and what each design's pipeline is made of.

use crate::design::cache::{Purge, Ttl};
use crate::design::delivery::Delay;
use crate::design::delivery::pull::paging::By;
use crate::design::delivery::pull::{Allocation, Order, Pull};
use crate::design::serving::{LiveCheck, OnMiss};
use crate::design::{Delivery, Design, Feed, Source};
use crate::report::human;
use crate::scenario::Scenario;
use crate::scenario::quantity::format_duration;
use crate::sim::clock::Time;
use crate::world::World;

/// What is compared, in a sentence or two.
#[must_use]
pub fn compared(scenario: &Scenario) -> String {
    let designs = match scenario.designs.len() {
        1 => "One design watches".to_owned(),
        count => format!("{} designs watch the same", number(count)),
    };
    let world = match &scenario.world {
        World::TwoState(world) => {
            format!("{} stays", human::whole(u64::from(world.stays.get())))
        }
        World::Trace(world) => format!(
            "hotels of {}, searched up to {} ahead",
            world.bookings,
            human::span(world.booking_window.micros())
        ),
        World::Hotels(world) => {
            let hotels = human::whole(u64::from(world.count.get()));
            let represents = world.represents.map_or_else(String::new, |size| {
                format!(" (standing for {})", human::whole(u64::from(size.get())))
            });
            format!(
                "{hotels} hotels{represents}, searched up to {} ahead",
                human::span(world.booking_window.micros())
            )
        }
    };
    let run = &scenario.run;
    let length = human::span(run.length.micros());
    let warmup = match run.warmup.micros() {
        0 => String::new(),
        span => format!(" after {} of warm-up", human::span(span)),
    };
    let times = match run.replicates.get() {
        1 => "once: no error bars".to_owned(),
        2 => "twice over".to_owned(),
        count => format!("{} times over", human::whole(u64::from(count))),
    };
    format!("{designs} {world}. Measured for {length}{warmup}, {times}.")
}

fn number(count: usize) -> String {
    let words = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight",
    ];
    words
        .get(count)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A box of the drawing: what it is, and its knobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub title: &'static str,
    /// Its knobs as they are set.
    pub lines: Vec<String>,
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
}

impl Pipeline {
    /// The pipeline of a design.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        Self {
            feeds: design.feeds.iter().map(feed).collect(),
            cache: cache(design),
            serving: serving(design),
        }
    }

    /// The pipeline in a sentence, for those who cannot see the drawing.
    #[must_use]
    pub fn spoken(&self) -> String {
        let node = |node: &Node| format!("{} {}", node.title, node.lines.join(", "));
        let feeds: Vec<String> = self
            .feeds
            .iter()
            .map(|(source, delivery)| format!("{}, {}", node(source), node(delivery)))
            .collect();
        let feeds = if feeds.is_empty() {
            "no feed".to_owned()
        } else {
            feeds.join("; and ")
        };
        format!(
            "{feeds}; then {}; then {}",
            node(&self.cache),
            node(&self.serving)
        )
    }
}

fn feed(feed: &Feed) -> (Node, Node) {
    let (title, lines) = match &feed.source {
        Source::Deltas(deltas) if deltas.bootstrap => ("deltas", vec!["row changes".to_owned()]),
        Source::Deltas(_) => ("deltas", vec!["no first load".to_owned()]),
        Source::Inventory(_) => ("inventory", vec!["asked live".to_owned()]),
        Source::Searches(searches) if searches.share.get() < 1.0 => (
            "searches",
            vec![format!("{} seen", percent(searches.share.get()))],
        ),
        Source::Searches(_) => ("searches", vec!["live answers".to_owned()]),
        Source::Dataset(dataset) => {
            let every = format!("every {}", short(dataset.every.micros()));
            let how = if dataset.in_place {
                "in place".to_owned()
            } else {
                format!("built in {}", short(dataset.build_time.micros()))
            };
            ("dataset", vec![every, how])
        }
        Source::Hints(_) => ("hints", vec!["then asked live".to_owned()]),
    };
    let source = Node { title, lines };
    let mut lines = Vec::new();
    let (title, latency, loss) = match &feed.delivery {
        Delivery::Push(push) => ("push", push.latency, push.loss.get()),
        Delivery::Pull(pull) => {
            lines.extend(pulled(pull));
            ("pull", pull.latency, pull.loss.get())
        }
    };
    if title == "push" || !is_zero(latency) {
        lines.push(delay(latency));
    }
    if loss > 0.0 {
        lines.push(format!("loses {}", percent(loss)));
    }
    (source, Node { title, lines })
}

/// When a pull asks, and how.
fn pulled(pull: &Pull) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(every) = pull.every {
        lines.push(format!("every {}", short(every.micros())));
    }
    if let Some(budget) = pull.budget_per_day {
        lines.push(format!("{} asks/d", round(budget.get())));
        lines.push(
            match pull.allocation {
                Allocation::Uniform => "all alike",
                Allocation::ByPopularity => "by popularity",
                Allocation::ByChangeRate => "by change rate",
                Allocation::Freshest => "freshest",
            }
            .to_owned(),
        );
    }
    match pull.order {
        Order::Fixed if pull.jitter.get() > 0.0 => {
            lines.push(format!("± {}", percent(pull.jitter.get())));
        }
        Order::Fixed => {}
        Order::Shuffled => lines.push("shuffled".to_owned()),
        Order::Poisson => lines.push("Poisson".to_owned()),
    }
    if let Some(adaptive) = pull.adaptive {
        let (min, max) = (short(adaptive.min.micros()), short(adaptive.max.micros()));
        lines.push(format!("adapts {min} – {max}"));
    }
    if let Some(paging) = pull.paging {
        let by = match paging.by {
            By::Offset => "offset",
            By::Cursor => "cursor",
        };
        lines.push(format!("pages of {}", paging.size.get()));
        lines.push(format!("by {by}"));
        if paging.crawlers.get() > 1 {
            lines.push(format!("{} crawlers", paging.crawlers.get()));
        }
    }
    if let Some(limit) = pull.rate_limit {
        lines.push(format!("at most {}/s", round(limit.per_second.get())));
    }
    lines
}

fn is_zero(delay: Delay) -> bool {
    matches!(delay, Delay::Fixed(span) if span.micros() == 0)
}

fn delay(delay: Delay) -> String {
    match delay {
        Delay::Fixed(span) if span.micros() == 0 => "at once".to_owned(),
        Delay::Fixed(span) => format!("takes {}", short(span.micros())),
        Delay::Uniform(range) => {
            format!(
                "{} – {}",
                short(range.min.micros()),
                short(range.max.micros())
            )
        }
        Delay::Exponential(law) => format!("mean {}", short(law.mean.micros())),
        Delay::Lognormal(law) => {
            format!(
                "{}, p99 {}",
                short(law.median.micros()),
                short(law.p99.micros())
            )
        }
    }
}

fn cache(design: &Design) -> Node {
    let mut lines = vec![match &design.cache.ttl {
        Ttl::None => "no expiry".to_owned(),
        Ttl::Fixed(span) => format!("TTL {}", short(span.micros())),
        Ttl::Sliding(span) => format!("TTL {} ↻", short(span.micros())),
        Ttl::Jittered(law) => format!(
            "TTL {} ± {}",
            short(law.mean.micros()),
            percent(law.spread.get())
        ),
        Ttl::ByLeadTime(_) => "TTL by lead time".to_owned(),
        Ttl::Adaptive(law) => format!(
            "TTL {} – {}",
            short(law.min.micros()),
            short(law.max.micros())
        ),
    }];
    if let Some(ttl) = design.cache.sold_out_ttl {
        lines.push(format!("sold out {}", short(ttl.micros())));
    }
    if design.cache.stale_while_revalidate.micros() > 0 {
        let grace = design.cache.stale_while_revalidate;
        lines.push(format!("then stale {}", short(grace.micros())));
    }
    if let Purge::Random(purge) = design.cache.purge {
        lines.push(format!("purge {}/d", purge.per_day.get()));
    }
    Node {
        title: "cache",
        lines,
    }
}

fn serving(design: &Design) -> Node {
    let serving = &design.serving;
    let on_miss = match serving.on_miss {
        OnMiss::AskLive => "miss: ask",
        OnMiss::SayAvailable => "miss: yes",
        OnMiss::SaySoldOut => "miss: no",
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
    Node {
        title: "search",
        lines,
    }
}

/// `6h` as `6 h`.
fn short(span: Time) -> String {
    let text = format_duration(span);
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = if unit == "m" { "min" } else { unit };
    format!("{number} {unit}")
}

/// A share without needless digits: `0.1 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", round(share * 100.0))
}

/// Drops what binary fractions leave behind: 0.7 % is 0.7, not 0.7000000000000001.
#[must_use]
pub fn round(number: f64) -> f64 {
    format!("{number:.9}").parse().unwrap_or(number)
}
