//! Who looks after a design, what it is measured by, and what goes wrong.

use serde_json::{Value, json};

use super::make::{
    COUNTS, FEW, FEW_OR_NONE, GRADES, INTERVALS, LATENCIES, PERCENTS, RATES, SPANS, duration,
    duration_or, merged, number, optional, rate, share, switch, variant, whole,
};
use super::{Knob, Section};
use crate::design::audit::{Audit, Frame};
use crate::design::fault::{Bad, DesignFault, Fault};
use crate::design::operations::Replay;
use crate::design::{Delivery, Design, Source};
use crate::scenario::Scenario;

pub(super) fn operations(at: &str, design: &Design) -> Vec<Knob> {
    let operations = &design.operations;
    let at = |key: &str| format!("{at}/{key}");
    let mut knobs = vec![
        switch(
            at("alerts"),
            "Alerts",
            "Whether alerts reach anybody. Off, a fault lasts as long as it lasts.",
            operations.alerts,
        ),
        duration_or(
            at("lag_above"),
            "Alert at lag",
            "Alert when the oldest message that is not applied is older than this. It sees an outage; it cannot \
             see a message that is gone.",
            operations.lag_above,
            "none",
            INTERVALS,
        ),
        optional(
            at("parity_check"),
            "Parity check",
            "Alert when messages go in that do not come out: it sees a leak where lag cannot.",
            &operations.parity_check,
            "none",
            ("messages", json!({})),
        ),
    ];
    if let Some(parity) = operations.parity_check {
        knobs.push(duration(
            at("parity_check/every"),
            "Checked every",
            "Between two parity checks.",
            parity.every,
            INTERVALS,
        ));
        knobs.push(share(
            at("parity_check/missing_above"),
            "Missing above",
            "Alert when more than this share of messages is missing.",
            parity.missing_above.get(),
            PERCENTS,
        ));
    }
    knobs.push(duration(
        at("repair_after"),
        "Repair after",
        "From an alert to the end of the fault.",
        operations.repair_after,
        SPANS,
    ));
    knobs.push(duration_or(
        at("metrics_retention"),
        "Metrics kept",
        "How far back metrics are kept: is the beginning of a fault still there when it is noticed?",
        operations.metrics_retention,
        "for ever",
        INTERVALS,
    ));
    let has_dataset = design
        .feeds
        .iter()
        .any(|feed| matches!(feed.source, Source::Dataset(_)));
    if has_dataset || operations.publish_gate.is_some() {
        knobs.push(optional(
            at("publish_gate"),
            "Publish gate",
            "Checks of a dataset before it is published.",
            &operations.publish_gate,
            "none",
            ("checks", json!({ "catches": 0.9 })),
        ));
    }
    if let Some(gate) = operations.publish_gate {
        knobs.push(share(
            at("publish_gate/catches"),
            "Gate catches",
            "Share of bad datasets that the gate catches.",
            gate.catches.get(),
            GRADES,
        ));
    }
    if has_dataset || operations.rollback_after.is_some() {
        knobs.push(duration_or(
            at("rollback_after"),
            "Rollback after",
            "From the publication of a bad dataset to the return to the one before, if that is kept.",
            operations.rollback_after,
            "never",
            SPANS,
        ));
    }
    knobs.push(optional(
        at("circuit_breaker"),
        "Circuit breaker",
        "Holds a feed that flips too many answers.",
        &operations.circuit_breaker,
        "none",
        ("on", json!({})),
    ));
    if let Some(breaker) = operations.circuit_breaker {
        knobs.push(share(
            at("circuit_breaker/max_flip_share"),
            "Trips above",
            "Trips when more than this share of all stays flips within the window.",
            breaker.max_flip_share.get(),
            PERCENTS,
        ));
        for (key, label, help, span) in [
            (
                "per",
                "Trips within",
                "The window that slides over the flips.",
                breaker.per,
            ),
            (
                "reset_after",
                "Holds for",
                "How long the feed is held.",
                breaker.reset_after,
            ),
        ] {
            knobs.push(duration(
                at(&format!("circuit_breaker/{key}")),
                label,
                help,
                span,
                INTERVALS,
            ));
        }
    }
    knobs.extend(replay(&at("replay"), design));
    knobs.push(whole(
        at("components"),
        "Components",
        "Moving parts: each costs money and fails by itself.",
        operations.components,
        FEW_OR_NONE,
    ));
    knobs.push(rate(
        at("incidents_per_component_per_month"),
        "Incidents of each",
        "Outages of one component in 30 days.",
        operations.incidents_per_component_per_month.get(),
        "/month",
    ));
    knobs
}

fn replay(at: &str, design: &Design) -> Vec<Knob> {
    let replay = &design.operations.replay;
    let has_log = design.feeds.iter().any(|feed| {
        matches!(feed.source, Source::Deltas(_)) && matches!(feed.delivery, Delivery::Push(_))
    });
    if !has_log && replay.is_none() {
        return Vec::new();
    }
    let (chosen, key) = match replay {
        None => (0, ""),
        Some(Replay::DeleteFirst(_)) => (1, "delete_first"),
        Some(Replay::Over(_)) => (2, "over"),
    };
    let mut knobs = vec![variant(
        at,
        "Replay",
        "Reads the log again after a fault: the entries are deleted first, or written over.",
        replay,
        chosen,
        vec![
            ("none", Value::Null),
            ("deletes first", json!("delete_first")),
            ("writes over", json!("over")),
        ],
    )];
    if let Some(replay) = replay {
        knobs.push(whole(
            format!("{at}/{key}/messages_per_second"),
            "Replayed a second",
            "Messages read again, per second.",
            replay.messages_per_second(),
            COUNTS,
        ));
    }
    knobs
}

pub(super) fn audit(at: &str, audit: &Audit) -> Vec<Knob> {
    let Some((way, policy)) = audit.way() else {
        return Vec::new();
    };
    let sample = policy.sample();
    let sampling = format!("{at}/{way}");
    let at = |key: &str| format!("{sampling}/{key}");
    let mut knobs = vec![
        whole(
            at("size"),
            "Sample",
            "Probes a wave.",
            sample.size.get(),
            COUNTS,
        ),
        duration(
            at("every"),
            "Every",
            "Between waves.",
            sample.every,
            INTERVALS,
        ),
    ];
    if way != "stratified" {
        let chosen = match (sample.frame, sample.weigh) {
            (Frame::Stays, _) => 0,
            (Frame::Searches, false) => 1,
            (Frame::Searches, true) => 2,
        };
        knobs.push(merged(
            sampling.clone(),
            "Drawn from",
            "All stays alike; or by searches, which are weighed back or taken for what they are not.",
            chosen,
            vec![
                ("all stays", json!({ "frame": "stays", "weigh": false })),
                ("searches", json!({ "frame": "searches", "weigh": false })),
                ("weighed back", json!({ "frame": "searches", "weigh": true })),
            ],
        ));
    }
    if let Some(keep) = sample.keep {
        knobs.push(share(
            at("keep"),
            "Kept",
            "The share of the sample that is kept from wave to wave.",
            keep.get(),
            PERCENTS,
        ));
    }
    knobs.push(optional(
        at("alert"),
        "Alert",
        "When the estimate raises an alert.",
        &sample.alert,
        "none",
        ("below a line", json!({ "below": 0.95 })),
    ));
    if let Some(alert) = sample.alert {
        knobs.push(share(
            at("alert/below"),
            "Alert below",
            "The accuracy below which the estimate raises an alert.",
            alert.below.get(),
            GRADES,
        ));
        knobs.push(whole(
            at("alert/in_a_row"),
            "Waves in a row",
            "So many waves in a row must be below the line.",
            alert.in_a_row.get(),
            FEW,
        ));
    }
    knobs
}

pub(super) fn faults(scenario: &Scenario) -> Vec<Section> {
    let faults = scenario.faults.iter().enumerate();
    faults
        .map(|(index, fault)| {
            let (name, knobs) = of_fault(&format!("/faults/{index}"), fault);
            Section {
                title: name,
                is_set: true,
                knobs,
            }
        })
        .collect()
}

fn of_fault(at: &str, fault: &Fault) -> (String, Vec<Knob>) {
    let (name, of, start, lasts) = match (fault.of_design(), fault) {
        (Some(of), _) => {
            let scope = of.scope();
            (of.name(), scope.design, scope.at, scope.lasts)
        }
        (None, Fault::TrafficDrop(shock)) => ("traffic_drop", None, shock.at, shock.lasts),
        (None, Fault::DemandShock(shock)) => ("demand_shock", None, shock.at, shock.lasts),
        (None, _) => return (String::new(), Vec::new()),
    };
    let under = |key: &str| format!("{at}/{name}/{key}");
    let mut knobs = vec![duration(
        under("at"),
        "Starts",
        "From the end of the warm-up to its start.",
        start,
        SPANS,
    )];
    let until = match fault {
        Fault::CacheFlush(_) => None,
        Fault::RuleChange(_) => Some(("copy_follows", "Copy follows")),
        _ => Some(("lasts", "Lasts")),
    };
    if let Some((key, label)) = until {
        knobs.push(duration(
            under(key),
            label,
            "How long it lasts if nobody repairs it.",
            lasts,
            SPANS,
        ));
    }
    let part = |label, help, value: f64| share(under("share"), label, help, value, PERCENTS);
    let times = |value: f64| {
        let help = "How many times as much as usual.";
        number(under("times"), "Times", help, value, "×", RATES)
    };
    match (fault.of_design(), fault) {
        (Some(DesignFault::Slow(slow)), _) => knobs.push(times(slow.times.get())),
        (Some(DesignFault::Leak(leak)), _) => knobs.push(part(
            "Share lost",
            "Share of messages that disappear.",
            leak.share.get(),
        )),
        (Some(DesignFault::LessCapacity(less)), _) => knobs.push(share(
            under("left"),
            "Share that is left",
            "Share of the consumers that still work.",
            less.left.get(),
            PERCENTS,
        )),
        (Some(DesignFault::WrongAnswers(wrong)), _) => knobs.push(part(
            "Share wrong",
            "Share of messages or polls that are turned round.",
            wrong.share.get(),
        )),
        (Some(DesignFault::BadDataset(bad)), _) if bad.kind == Bad::Answers => knobs.push(part(
            "Share wrong",
            "Share of answers that are turned round.",
            bad.share.get(),
        )),
        (Some(DesignFault::RebalanceStorm(storm)), _) => {
            for (key, label, help, span) in [
                (
                    "every",
                    "A pause every",
                    "Between the starts of pauses.",
                    storm.every,
                ),
                (
                    "pause",
                    "Each takes",
                    "How long each pause is.",
                    storm.pause,
                ),
            ] {
                knobs.push(duration(under(key), label, help, span, &LATENCIES[1..]));
            }
        }
        (None, Fault::TrafficDrop(shock) | Fault::DemandShock(shock)) => {
            knobs.push(times(shock.times.get()));
        }
        _ => {}
    }
    let name = name.replace('_', " ");
    let title = of.map_or_else(|| name.clone(), |design| format!("{name} of {design}"));
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    (first.into_iter().chain(letters).collect(), knobs)
}
