//! All numbers: every metric, every design, with what each counts by.

use std::rc::Rc;

use yew::prelude::*;

use super::board::title;
use super::select::Options;
use super::{icons, tips};
use crate::measure::metrics::{HEADLINES, METRICS, Metric};
use crate::report::results::Results;
use crate::report::{glossary, human, readable, table};

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
}

#[component]
pub(super) fn Numbers(props: &Props) -> Html {
    let Some(results) = &props.results else {
        return Html::default();
    };
    let heads = results.designs.iter().enumerate().map(|(index, design)| {
        html! { <th scope="col">{ icons::marker(index) }<span>{ &design.name }</span></th> }
    });
    let groups = grouped().map(|(title, metrics)| {
        // A metric that no design has (a backlog without a line) is left out.
        let known = |metric: &&Metric| {
            let mut designs = results.designs.iter();
            designs.any(|design| design.metrics.contains_key(metric.key))
        };
        let rows = metrics.iter().filter(known).map(|metric| row(metric, results));
        html! {
            <tbody>
                <tr class="group"><th scope="rowgroup" colspan={(results.designs.len() + 2).to_string()}>{ title }</th></tr>
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
        <section class={classes!("numbers", props.stale.then_some("stale"))} aria-labelledby="numbers">
            <header><h2 id="numbers">{ "All numbers" }</h2><p>{ replicates }</p></header>
            <div class="scroll" tabindex="0" role="region" aria-label="All numbers, table">
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

fn row(metric: &'static Metric, results: &Results) -> Html {
    let cells = results.designs.iter().map(|design| {
        let Some(estimate) = design.metrics.get(metric.key) else {
            return html! { <td class="nothing">{ human::NOTHING }</td> };
        };
        let shown = readable::show(estimate, metric.unit);
        // What a card already shows is marked there: each number has one place for scripts.
        let own = !HEADLINES.contains(&metric.key);
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
            <th scope="row">{ title(metric) }<small>{ metric.meaning }</small></th>
            <td class="weight">{ table::over(metric.weight) }</td>
            { for cells }
        </tr>
    }
}
