//! All numbers: every metric, every design, with what each counts by.

use std::rc::Rc;

use yew::prelude::*;

use super::board::{KEYS, title};
use super::late::use_calm;
use super::near::use_near;
use super::select::Options;
use super::{icons, tips};
use crate::measure::metrics::{METRICS, Metric};
use crate::measure::path::MetricPath;
use crate::report::results::Results;
use crate::report::size::Sizes;
use crate::report::{glossary, human, readable, table};

/// The table is drawn at once when it is this near to what is seen.
const NEAR: &str = "100px";

/// Groups begin at these metrics.
const GROUPS: [(&str, &str); 5] = [
    ("accuracy", "Accuracy"),
    ("freshness", "Freshness, staleness, age"),
    ("coverage", "Cache"),
    ("feed_delay_s", "Feeds and load"),
    ("cost_usd_per_day", "Money"),
];

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) results: Option<Rc<Results>>,
    pub(super) stale: bool,
    /// Whether the results will not be refined.
    pub(super) is_final: bool,
}

#[component]
pub(super) fn Numbers(props: &Props) -> Html {
    let node = use_node_ref();
    let is_near = use_near(&node, NEAR);
    // A few hundred numbers: while a knob moves, those alone who see them have them drawn.
    let results = use_calm(&props.results, is_near || props.is_final);
    let Some(results) = &results else {
        return html! { <section ref={node} hidden=true /> };
    };
    let sizes = Sizes::of(&results.scenario);
    let heads = results.designs.iter().enumerate().map(|(index, design)| {
        html! { <th scope="col">{ icons::marker(index) }<span>{ &design.name }</span></th> }
    });
    let groups = grouped().map(|(title, metrics)| {
        // A metric that no design has (a backlog without a line) is left out.
        let known = |metric: &&Metric| {
            let mut designs = results.designs.iter();
            designs.any(|design| design.metrics.contains_key(metric.key))
        };
        let rows = metrics.iter().filter(known).flat_map(|metric| {
            let own = row(metric, &MetricPath::Metric(metric), results, sizes.as_ref());
            let scaled = sizes.as_ref().and_then(|_| MetricPath::represented(metric));
            let scaled = scaled.map(|path| row(metric, &path, results, sizes.as_ref()));
            std::iter::once(own).chain(scaled)
        });
        html! {
            <tbody>
                <tr class="group"><th scope="rowgroup" colspan={(results.designs.len() + 2).to_string()}><span>{ title }</span></th></tr>
                { for rows }
            </tbody>
        }
    });
    let replicates = match results.replicates {
        1 => {
            html! { <>{ "One " }{ tips::term(glossary::REPLICATE, "replicate") }{ ": no intervals." }</> }
        }
        count => html! {
            <>{ format!("Means over {count} ") }{ tips::term(glossary::REPLICATE, "replicates") }{ ", with their " }{ tips::term(glossary::INTERVAL, "95 % intervals") }{ "." }</>
        },
    };
    html! {
        <section ref={node} class={classes!("numbers", props.stale.then_some("stale"))} aria-labelledby="numbers">
            <header><h2 id="numbers">{ "All numbers" }</h2><p>{ replicates }</p></header>
            // Another scenario's is another table: it begins at its left.
            <div key={results.scenario["title"].to_string()} class="scroll" tabindex="0" role="region" aria-label="All numbers, table">
                <table>
                    <thead><tr>
                        <th scope="col">{ "Metric" }</th><th scope="col">{ tips::term(glossary::COUNTED_BY, "Counted by") }</th>{ for heads }
                    </tr></thead>
                    { for groups }
                </table>
            </div>
        </section>
    }
}

/// All metrics, group by group.
fn grouped() -> impl Iterator<Item = (&'static str, &'static [Metric])> {
    let start = |key: &str| {
        METRICS
            .iter()
            .position(|metric| metric.key == key)
            .unwrap_or(0)
    };
    GROUPS.iter().enumerate().map(move |(index, (key, title))| {
        let next = GROUPS.get(index + 1);
        let end = next.map_or(METRICS.len(), |(key, _)| start(key));
        (*title, &METRICS[start(key)..end])
    })
}

/// All metrics to choose from.
pub(super) fn options() -> Vec<(AttrValue, Options)> {
    let option = |metric: &Metric| (metric.key.into(), metric.title.into());
    let groups = grouped();
    let groups =
        groups.map(|(title, metrics)| (title.into(), metrics.iter().map(option).collect()));
    groups.collect()
}

fn row(
    metric: &'static Metric,
    path: &MetricPath,
    results: &Results,
    sizes: Option<&Sizes>,
) -> Html {
    let cells = results.designs.iter().map(|design| {
        let Some(estimate) = design.estimate(path) else {
            return html! { <td class="nothing">{ human::NOTHING }</td> };
        };
        let shown = readable::show(&estimate, metric.unit);
        // What a card already shows is marked there: each number has one place for scripts.
        let own = !KEYS.contains(&metric.key) && matches!(path, MetricPath::Metric(_));
        html! {
            <td data-testid={own.then_some("metric")} data-design={own.then(|| design.name.clone())}
                data-metric={own.then_some(metric.key)}
                data-value={own.then(|| estimate.mean.to_string())}>
                { shown.mean }
                if !shown.reach.is_empty() { <small>{ shown.reach }</small> }
            </td>
        }
    });
    html! {
        <tr>
            <th scope="row">
                { title(metric) }
                { for sizes.and_then(|sizes| sizes.said(path)).map(|size| html! { <span class="size">{ ", " }{ size }</span> }) }
                if matches!(path, MetricPath::Metric(_)) { <small>{ metric.meaning }</small> }
            </th>
            <td class="weight">{ table::over(metric.weight) }</td>
            { for cells }
        </tr>
    }
}
