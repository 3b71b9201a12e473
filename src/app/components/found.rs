//! What a card tells besides its metrics: what its audits said, and what happened.

use yew::prelude::*;

use super::tips;
use crate::measure::values::{AUDIT_METRICS, AuditMetric};
use crate::report::happened::{self, Log};
use crate::report::results::DesignResults;
use crate::report::{glossary, human, table};

/// What a card shows of its audits; the results have all.
const SHOWN: [&str; 5] = [
    "estimate",
    "bias",
    "interval_covers",
    "detect_after_h",
    "false_alarms",
];

/// What audits said against the truth: an audit a column.
pub(super) fn audits(design: &DesignResults) -> Html {
    if design.audits.is_empty() {
        return Html::default();
    }
    let heads = design
        .audits
        .keys()
        .map(|name| html! { <th scope="col">{ name }</th> });
    let known = |metric: &&AuditMetric| {
        let mut audits = design.audits.values();
        SHOWN.contains(&metric.key) && audits.any(|audit| table::of_audit(audit, metric).is_some())
    };
    let rows = AUDIT_METRICS.iter().filter(known).map(|metric| {
        let cells = design.audits.iter().map(|(name, audit)| {
            let estimate = audit.metrics.get(metric.key);
            let shown = table::of_audit_in_short(audit, metric);
            let shown = shown.unwrap_or_else(|| human::NOTHING.to_owned());
            html! {
                <td data-testid="audit" data-design={design.name.clone()} data-audit={name.clone()}
                    data-metric={metric.key} data-value={estimate.map(|estimate| estimate.mean.to_string())}>
                    { shown }
                </td>
            }
        });
        html! { <tr><th scope="row">{ tips::word(metric.title, metric.meaning, metric.title) }</th>{ for cells }</tr> }
    });
    html! {
        <div class="audits" role="region" tabindex="0" aria-label={format!("Audits of {}", human::quoted(&design.name))}>
            <table>
                <thead><tr><th scope="col">{ tips::term(glossary::AUDIT, "Audits") }</th>{ for heads }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// What happened to a design, in the order of time.
pub(super) fn events(design: &DesignResults) -> Html {
    let log = happened::of_design(design);
    log.map_or_else(Html::default, |log| html! { <Events {log} /> })
}

/// So many are shown before more are asked for.
const FIRST: usize = 6;

#[derive(PartialEq, Properties)]
struct EventsProps {
    log: Log,
}

#[component]
fn Events(props: &EventsProps) -> Html {
    let all = use_state(|| false);
    let Log { caption, lines } = &props.log;
    let count = lines.len();
    // One more is no longer than the button.
    let has_more = count > FIRST + 1;
    let rows = lines.iter().enumerate().map(|(at, line)| {
        html! {
            <li class={classes!(line.is_fault.then_some("fault"))} data-testid="event" hidden={has_more && !*all && at >= FIRST}>
                <time>{ &line.when }</time><span>{ line.what.replace("day ", "day\u{a0}") }</span>
            </li>
        }
    });
    let turn = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(!*all))
    };
    let label = if *all {
        "Show fewer".to_owned()
    } else {
        format!("Show all {count}")
    };
    html! {
        <section class="events">
            <h4>{ "What happened" }<small>{ format!("{count} in the first replicate") }</small></h4>
            <ol role="list" aria-label={caption.clone()}>{ for rows }</ol>
            if has_more {
                <button type="button" class="quiet" data-testid="all-events" aria-expanded={all.to_string()} onclick={turn}>{ label }</button>
            }
        </section>
    }
}
