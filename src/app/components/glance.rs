//! Designs at a glance: what decides, a line a design, and the cheapest of those that are right enough.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::board::title;
use super::icons;
use super::select::{Options, Select};
use crate::measure::metrics::{self, Metric};
use crate::report::cheapest::{COSTS, QUALITIES, Wanted};
use crate::report::results::{DesignResults, Judgement, Results};
use crate::report::size::Sizes;
use crate::report::{human, readable};

/// What is asked at first: what many reviews begin with.
const LEAST: f64 = 98.0;

/// The columns of the table.
const COLUMNS: [&str; 4] = [
    "accuracy",
    "search_accuracy",
    "cost_usd_per_day",
    "total_usd_per_day",
];

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) results: Rc<Results>,
}

#[component]
pub(super) fn Glance(props: &Props) -> Html {
    let quality = use_state(|| QUALITIES[0].to_owned());
    let cost = use_state(|| COSTS[0].to_owned());
    let least = use_state(|| LEAST);
    let results = &*props.results;
    let Some(wanted) = Wanted::new(&quality, *least / 100.0, &cost) else {
        return Html::default();
    };
    let reached = wanted.reached(results);
    let cheapest = wanted.cheapest(results);
    let set_least = {
        let least = least.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let typed = input.value_as_number();
            if (0.0..=100.0).contains(&typed) {
                least.set(typed);
            }
        })
    };
    let columns = COLUMNS.map(metrics::by_key).into_iter().flatten();
    let heads = columns.clone().map(|metric| {
        html! { <th scope="col">{ title(metric) }</th> }
    });
    let designs = results.designs.iter().take(results.choices());
    let rows = designs.enumerate().map(|(place, design)| {
        let judged = reached.get(place).copied().flatten();
        let (class, word) = match judged {
            _ if cheapest == Some(place) => ("held", "cheapest"),
            Some(Judgement::Held) => ("held", ""),
            Some(Judgement::Undecided) => ("undecided", "unclear"),
            Some(Judgement::Missed) | None => ("missed", "below"),
        };
        let cells = columns.clone().map(|metric| cell(design, metric));
        html! {
            <tr class={class} data-design={design.name.clone()}>
                <th scope="row">{ icons::marker(place) }<span>{ &design.name }</span>
                    if !word.is_empty() { <em>{ word }</em> }</th>
                { for cells }
            </tr>
        }
    });
    let size = Sizes::of(&results.scenario).and_then(|sizes| {
        let first = results.designs.first()?;
        sizes.said(&first.at_size(wanted.cost))
    });
    html! {
        <div class="chooser" data-testid="glance">
            <p class="sought">
                <span>{ "Cheapest by " }</span>
                <Select within=true label="What is to be low" testid="glance-cost" options={options(&COSTS)} value={(*cost).clone()}
                    set={let cost = cost.clone(); Callback::from(move |chosen| cost.set(chosen))} />
                <span>{ " with " }</span>
                <Select within=true label="What is needed" testid="glance-quality" options={options(&QUALITIES)} value={(*quality).clone()}
                    set={let quality = quality.clone(); Callback::from(move |chosen| quality.set(chosen))} />
                <span>{ " of at least " }</span>
                <span class="least"><input type="number" min="0" max="100" step="0.1" value={least.to_string()} oninput={set_least}
                    aria-label="At least, in per cent" data-testid="glance-least" />{ " %" }</span>
                <span>{ ": " }</span>
                <b role="status" data-testid="glance-answer">{ human::unbroken(&wanted.answer(results)) }</b>
                if let Some(otherwise) = wanted.otherwise(results) { <small>{ " " }{ otherwise }</small> }
            </p>
            <div class="scroll" tabindex="0" role="region" aria-label="Designs at a glance">
                <table>
                    <thead><tr><th scope="col">{ "Design" }</th>{ for heads }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            if let Some(size) = size { <small>{ format!("Costs are {size}.") }</small> }
        </div>
    }
}

fn cell(design: &DesignResults, metric: &'static Metric) -> Html {
    let shown = design
        .estimate(&design.at_size(metric))
        .map(|of| readable::show(&of, metric.unit));
    let Some(shown) = shown else {
        return html! { <td>{ human::NOTHING }</td> };
    };
    html! { <td>{ shown.mean }<small>{ shown.reach }</small></td> }
}

fn options(keys: &[&str]) -> Options {
    let metrics = keys.iter().filter_map(|key| metrics::by_key(key));
    metrics
        .map(|metric| (metric.key.into(), metric.title.to_lowercase().into()))
        .collect()
}
