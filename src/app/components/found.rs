//! What a card tells besides its metrics: what its audits said, and what happened.

use yew::prelude::*;

use crate::app::words;
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::report::results::{AuditResults, DesignResults};
use crate::report::{human, readable};

/// What audits said against the truth: an audit a column.
pub(super) fn audits(design: &DesignResults) -> Html {
    if design.audits.is_empty() {
        return Html::default();
    }
    let heads = design
        .audits
        .keys()
        .map(|name| html! { <th scope="col">{ name }</th> });
    let rows: [(&str, &str, &str); 5] = [
        (
            "estimate",
            "Estimate",
            "The mean over waves of the accuracy that it estimates.",
        ),
        (
            "bias",
            "Bias",
            "What it says less the true accuracy at the same moments.",
        ),
        (
            "interval_covers",
            "Interval holds",
            "Share of waves whose 95 % interval held the truth.",
        ),
        (
            "detect_after_h",
            "Notices after",
            "From a fault to its first alert, over those that it noticed.",
        ),
        (
            "false_alarms",
            "False alarms",
            "Alerts that began while nothing was wrong, in a run.",
        ),
    ];
    let rows = rows.into_iter().filter_map(|(key, title, meaning)| {
        let found = |audit: &AuditResults| audit.metrics.get(key).copied();
        design.audits.values().any(|audit| found(audit).is_some()).then(|| {
            let cells = design.audits.iter().map(|(name, audit)| {
                let estimate = found(audit);
                let text = estimate.map_or_else(|| human::NOTHING.to_owned(), |found| shown(key, found));
                html! {
                    <td data-testid="audit" data-design={design.name.clone()} data-audit={name.clone()} data-metric={key}
                        data-value={estimate.map(|estimate| estimate.mean.to_string())}>{ text }</td>
                }
            });
            html! { <tr><th scope="row" title={meaning}>{ title }</th>{ for cells }</tr> }
        })
    });
    html! {
        <table class="audits">
            <thead><tr><th scope="col">{ "Audits" }</th>{ for heads }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

fn shown(key: &str, estimate: Estimate) -> String {
    match key {
        "estimate" => readable::show(&estimate, Unit::Share).mean,
        "bias" => human::difference(Unit::Difference, estimate.mean, estimate.ci95).mean,
        "interval_covers" => readable::show(&estimate, Unit::Difference).mean,
        "detect_after_h" => human::value(Unit::Seconds, estimate.mean * 3_600.0),
        _ => readable::show(&estimate, Unit::Count).mean,
    }
}

/// What happened to a design, in the order of time.
pub(super) fn events(design: &DesignResults) -> Html {
    let entries = words::happened(&design.events);
    if entries.is_empty() {
        return Html::default();
    }
    let label = format!("What happened to {}", design.name);
    let rows = entries.into_iter().map(|entry| {
        html! {
            <li class={classes!(entry.is_fault.then_some("fault"))} data-testid="event">
                <time>{ entry.when }</time><span>{ entry.what }</span>
            </li>
        }
    });
    html! {
        <section class="events">
            <h4>{ "What happened" }<small>{ "first replicate" }</small></h4>
            <ol tabindex="0" role="list" aria-label={label}>{ for rows }</ol>
        </section>
    }
}
