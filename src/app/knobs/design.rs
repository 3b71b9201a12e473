//! A design: its feeds, how it keeps and serves entries, who looks after it.

use serde_json::json;

use super::make::{
    BUDGETS, INTERVALS, PERCENTS, SPANS, choice, duration, duration_or, list, optional, rate,
    share, variant, whole,
};
use super::{Cell, Column, Knob, Section, care, feed, parts};
use crate::design::cache::capacity::Evict;
use crate::design::cache::{Cache, Purge, Ttl};
use crate::design::serving::{LiveCheck, OnMiss, Serving};
use crate::design::{Design, Operations};
use crate::scenario::Scenario;

pub(super) fn sections(index: usize, design: &Design, scenario: &Scenario) -> Vec<Section> {
    let at = format!("/designs/{index}");
    let mut sections = Vec::new();
    let feeds = format!("{at}/feeds");
    for (place, of) in design.feeds.iter().enumerate() {
        let at = format!("{feeds}/{place}");
        let title = format!("Feed {}", of.name);
        let knobs = feed::knobs(&at, of, &scenario.world);
        sections.push(Section::new(title, true, knobs).of_part(&feeds, place, "feed", &of.name));
        let (is_set, knobs) = feed::more(&at, of);
        let section = Section::new(format!("More of {}", of.name), is_set, knobs);
        sections.push(section.of_rest(&feeds, place, "feed", &of.name));
    }
    sections.retain(|section| !section.knobs.is_empty());
    sections.push(Section::adding(feeds, "a feed", parts::feeds()));
    let of_cache = cache(&format!("{at}/cache"), &design.cache);
    sections.push(Section::new(
        "Cache",
        design.cache != Cache::default(),
        of_cache,
    ));
    let of_search = serving(&format!("{at}/serving"), &design.serving);
    let is_set = design.serving != Serving::default();
    sections.push(Section::new("Search", is_set, of_search));
    let is_set = design.operations != Operations::default();
    if !design.feeds.is_empty() || is_set {
        let knobs = care::operations(&format!("{at}/operations"), design);
        sections.push(Section::new("Operations", is_set, knobs));
    }
    let audits = format!("{at}/audits");
    for (place, audit) in design.audits.iter().enumerate() {
        let knobs = care::audit(&format!("{audits}/{place}"), audit);
        let section = Section::new(format!("Audit {}", audit.name), true, knobs);
        sections.push(section.of_part(&audits, place, "audit", &audit.name));
    }
    sections.push(Section::adding(audits, "an audit", parts::audits()));
    sections
}

fn cache(at: &str, cache: &Cache) -> Vec<Knob> {
    let at = |key: &str| format!("{at}/{key}");
    let mut knobs = ttl(&at("ttl"), &cache.ttl);
    knobs.push(duration_or(
        at("sold_out_ttl"),
        "Sold-out lifetime",
        "The lifetime of an entry that says sold out, where it differs: what nobody is shown, nobody puts right.",
        cache.sold_out_ttl,
        "the same",
        INTERVALS,
    ));
    if cache.ttl != Ttl::None || cache.sold_out_ttl.is_some() {
        knobs.push(duration(
            at("stale_while_revalidate"),
            "Stale while asked",
            "How long after its lifetime an entry is still served, while it is asked live again.",
            cache.stale_while_revalidate,
            SPANS,
        ));
    }
    let purged = usize::from(cache.purge != Purge::None);
    knobs.push(variant(
        at("purge"),
        "Purge",
        "Whether entries are dropped at memoryless moments.",
        &cache.purge,
        purged,
        vec![
            ("none", json!("none")),
            ("random", json!({ "random": { "per_day": 0.5 } })),
        ],
    ));
    if let Purge::Random(purge) = cache.purge {
        knobs.push(rate(
            at("purge/random/per_day"),
            "Random purge",
            "Purges of one entry a day, on average.",
            purge.per_day.get(),
            "/day",
        ));
    }
    knobs.push(optional(
        at("capacity"),
        "Room",
        "Whether there is room for all entries, or only for some.",
        &cache.capacity,
        "for all",
        ("bounded", json!({ "entries": 10_000 })),
    ));
    if let Some(capacity) = cache.capacity {
        knobs.push(whole(
            at("capacity/entries"),
            "Entries",
            "The most entries held at any moment.",
            capacity.entries.get(),
            BUDGETS,
        ));
        knobs.push(choice(
            at("capacity/evict"),
            "Evicts",
            "Who goes when one more is to be stored.",
            match capacity.evict {
                Evict::Lru => 0,
                Evict::Fifo => 1,
                Evict::Random => 2,
                Evict::Lfu => 3,
                Evict::Sieve => 4,
            },
            &[
                ("least recent", "lru"),
                ("first in", "fifo"),
                ("at random", "random"),
                ("least frequent", "lfu"),
                ("SIEVE", "sieve"),
            ],
        ));
    }
    knobs
}

const BANDS: &[Column] = &[
    Column {
        key: "within",
        cell: Cell::DurationOrLast,
    },
    Column {
        key: "ttl",
        cell: Cell::Duration,
    },
];

fn ttl(at: &str, ttl: &Ttl) -> Vec<Knob> {
    const HELP: &str = "How long an entry lives.";
    let under = |key: &str| format!("{at}/{key}");
    let lifetime = |key: &str, label, span| duration(under(key), label, HELP, span, INTERVALS);
    let (chosen, written, knobs) = match ttl {
        Ttl::None => (0, None, vec![]),
        Ttl::Fixed(span) => (1, Some(*span), vec![lifetime("fixed", "Lifetime", *span)]),
        Ttl::Sliding(span) => (2, Some(*span), vec![lifetime("sliding", "Lifetime", *span)]),
        Ttl::Jittered(law) => (
            3,
            Some(law.mean),
            vec![
                lifetime("jittered/mean", "Mean lifetime", law.mean),
                share(
                    under("jittered/spread"),
                    "Spread",
                    "How far lifetimes are from their mean, as a share of it.",
                    law.spread.get(),
                    PERCENTS,
                ),
            ],
        ),
        Ttl::ByLeadTime(of_bands) => {
            let bands = of_bands.iter().enumerate().map(|(place, band)| {
                let label = match (band.within, place) {
                    (None, _) => "Lifetime, later",
                    (Some(_), 0) => "Lifetime, soonest",
                    (Some(_), _) => "Lifetime, soon",
                };
                lifetime(&format!("by_lead_time/{place}/ttl"), label, band.ttl)
            });
            let each: Vec<Knob> = bands.collect();
            let written = of_bands.iter().map(|band| match band.within {
                Some(within) => format!("{within} {}", band.ttl),
                None => band.ttl.to_string(),
            });
            let written: Vec<String> = written.collect();
            let all = list(
                under("by_lead_time"),
                "Bands",
                "Days to check-in up to which it holds, and the lifetime; the last without days, such as 7d 4h, 30d \
                 24h, 36h.",
                Some(written.join(", ")),
                String::new(),
                BANDS,
            );
            (4, None, std::iter::once(all).chain(each).collect())
        }
        Ttl::Adaptive(law) => (
            5,
            Some(law.max),
            vec![
                lifetime("adaptive/min", "Shortest lifetime", law.min),
                lifetime("adaptive/max", "Longest lifetime", law.max),
                share(
                    under("adaptive/share"),
                    "Share of age",
                    "The lifetime as a share of the time since the stay last changed.",
                    law.share.get(),
                    PERCENTS,
                ),
            ],
        ),
    };
    let written = written.map_or_else(|| "6h".to_owned(), |span| span.to_string());
    let choice = variant(
        at,
        "Expiry",
        "When an entry dies: some time after it was stored (fixed, jittered, by days to check-in, by how \
         long the stay has been quiet) or last hit (sliding).",
        ttl,
        chosen,
        vec![
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
        ],
    );
    let mut all = vec![choice];
    all.extend(knobs);
    all
}

fn serving(at: &str, serving: &Serving) -> Vec<Knob> {
    let at = |key: &str| format!("{at}/{key}");
    let mut knobs = vec![
        choice(
            at("on_miss"),
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
        ),
        choice(
            at("live_check"),
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
        ),
    ];
    if serving.live_check == LiveCheck::Shown || serving.explore.get() > 0.0 {
        knobs.push(share(
            at("explore"),
            "Explore",
            "Share of sold-out answers that are checked all the same.",
            serving.explore.get(),
            PERCENTS,
        ));
    }
    knobs.push(share(
        at("bypass"),
        "Bypass",
        "Share of searches answered live without reading this copy.",
        serving.bypass.get(),
        PERCENTS,
    ));
    knobs
}
