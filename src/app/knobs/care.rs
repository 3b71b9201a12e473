//! Who looks after a design, and what it is measured by.

use serde_json::{Value, json};

use super::make::{
    COUNTS, FEW, FEW_OR_NONE, GRADES, INTERVALS, PERCENTS, SPANS, duration, duration_or, merged,
    name, number_or, optional, rate, share, share_or, switch, variant, whole,
};
use super::{Knob, feed};
use crate::design::audit::{Audit, Frame};
use crate::design::operations::Replay;
use crate::design::{Delivery, Design, Feed, Source};
use crate::scenario::quantity::Share;

pub(super) fn operations(at: &str, design: &Design) -> Vec<Knob> {
    let operations = &design.operations;
    let at = |key: &str| format!("{at}/{key}");
    let mut knobs = vec![switch(
        at("alerts"),
        "Alerts",
        "Whether alerts reach anybody. Off, a fault lasts as long as it lasts.",
        operations.alerts,
    )];
    let has_messages = design.feeds.iter().any(Feed::has_messages);
    if has_messages || operations.lag_above.is_some() {
        knobs.push(duration_or(
            at("lag_above"),
            "Alert at lag",
            "Alert when the oldest message that is not applied is older than this. It sees an outage; it cannot see a \
             message that is gone.",
            operations.lag_above,
            "none",
            INTERVALS,
        ));
    }
    if has_messages || operations.parity_check.is_some() {
        knobs.push(optional(
            at("parity_check"),
            "Parity check",
            "Alert when messages go in that do not come out: it sees a leak where lag cannot.",
            &operations.parity_check,
            "none",
            ("messages", json!({})),
        ));
    }
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
    let publishes = design.feeds.iter().any(Feed::publishes);
    if publishes || operations.publish_gate.is_some() {
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
    if publishes || operations.rollback_after.is_some() {
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
    feed::of_delay(
        &at("incident_lasts"),
        &feed::INCIDENT,
        operations.incident_lasts,
        "How long an incident lasts that nobody repairs.",
        &mut knobs,
    );
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
    let called = "What the audit is called. Random draws are keyed by it.";
    let mut knobs = vec![name(at, called, &audit.name)];
    let at = |key: &str| format!("{sampling}/{key}");
    knobs.extend([
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
    ]);
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
    if way == "rotating" {
        knobs.push(share_or(
            at("keep"),
            "Kept",
            "The share of the sample that is kept from wave to wave.",
            sample.keep.map(Share::get),
            "75 %",
            PERCENTS,
        ));
    }
    if way == "stratified" {
        knobs.push(number_or(
            at("strata"),
            "Strata",
            "How many groups of popularity the sample is spread evenly over.",
            sample.strata.map(|strata| f64::from(strata.get())),
            "five",
            FEW,
        ));
    }
    knobs.push(share(
        at("confidence"),
        "Confidence",
        "How sure the interval around an estimate is.",
        sample.confidence.get(),
        GRADES,
    ));
    knobs.push(optional(
        at("alert"),
        "Alert",
        "When the estimate raises an alert. Without one the audit notices no fault.",
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
