//! A design: its feeds, how it keeps and serves entries, who looks after it.

use serde_json::json;

use super::make::{
    BUDGETS, INTERVALS, PERCENTS, SPANS, choice, duration, duration_or, optional, rate, share,
    variant, whole,
};
use super::{Knob, Section, care, feed};
use crate::design::cache::capacity::Evict;
use crate::design::cache::{Cache, Purge, Ttl};
use crate::design::serving::{LiveCheck, OnMiss, Serving};
use crate::design::{Design, Operations};
use crate::scenario::Scenario;

pub(super) fn sections(index: usize, design: &Design, scenario: &Scenario) -> Vec<Section> {
    let at = format!("/designs/{index}");
    let mut sections = Vec::new();
    for (place, of) in design.feeds.iter().enumerate() {
        let at = format!("{at}/feeds/{place}");
        sections.push(Section {
            title: format!("Feed {}", of.name),
            is_set: true,
            knobs: feed::knobs(&at, of, &scenario.world),
        });
        let (is_set, knobs) = feed::more(&at, of);
        sections.push(Section {
            title: format!("More of {}", of.name),
            is_set,
            knobs,
        });
    }
    sections.retain(|section| !section.knobs.is_empty());
    sections.push(Section {
        title: "Cache".to_owned(),
        is_set: design.cache != Cache::default(),
        knobs: cache(&format!("{at}/cache"), &design.cache),
    });
    sections.push(Section {
        title: "Search".to_owned(),
        is_set: design.serving != Serving::default(),
        knobs: serving(&format!("{at}/serving"), &design.serving),
    });
    if !design.feeds.is_empty() {
        sections.push(Section {
            title: "Operations".to_owned(),
            is_set: design.operations != Operations::default(),
            knobs: care::operations(&format!("{at}/operations"), design),
        });
    }
    for (place, audit) in design.audits.iter().enumerate() {
        sections.push(Section {
            title: format!("Audit {}", audit.name),
            is_set: true,
            knobs: care::audit(&format!("{at}/audits/{place}"), audit),
        });
    }
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
        Ttl::ByLeadTime(bands) => {
            let bands = bands.iter().enumerate().map(|(place, band)| {
                let label = match (band.within, place) {
                    (None, _) => "Lifetime, later",
                    (Some(_), 0) => "Lifetime, soonest",
                    (Some(_), _) => "Lifetime, soon",
                };
                lifetime(&format!("by_lead_time/{place}/ttl"), label, band.ttl)
            });
            (4, None, bands.collect())
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
