//! Designs compared by a few numbers, in type that is read from afar.

use std::rc::Rc;

use yew::prelude::*;

use super::icons;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::report::results::Results;
use crate::report::size::Sizes;
use crate::report::{human, readable};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) results: Rc<Results>,
    /// Metrics or paths; none for the usual ones.
    pub(super) metrics: Vec<String>,
    /// The design to look at.
    pub(super) design: Option<String>,
}

/// What is compared where a step does not say: the bill at the represented size, or else as simulated.
const USUAL: [&str; 4] = [
    "accuracy",
    "search_accuracy",
    "represented_costs/total",
    "total_usd_per_day",
];

#[component]
pub(super) fn Compared(props: &Props) -> Html {
    let designs = &props.results.designs;
    let has = |path: &MetricPath| designs.iter().any(|design| design.estimate(path).is_some());
    let mut paths: Vec<MetricPath> = if props.metrics.is_empty() {
        let usual = USUAL.iter().filter_map(|key| key.parse().ok());
        let usual = usual.filter(has);
        usual.take(3).collect()
    } else {
        let named = props.metrics.iter();
        named.filter_map(|key| key.parse().ok()).collect()
    };
    paths.dedup();
    let sizes = Sizes::of(&props.results.scenario);
    let heads = paths.iter().map(|path| {
        let title = match path.unit() {
            Unit::UsdPerDay => format!("{} a day", path.title()),
            _ => path.title(),
        };
        let size = sizes.as_ref().and_then(|sizes| sizes.said(path));
        html! { <th scope="col">{ title }{ for size.map(|size| html! { <small>{ size }</small> }) }</th> }
    });
    let rows = designs.iter().enumerate().map(|(index, design)| {
        let is_looked_at = props.design.as_ref() == Some(&design.name);
        let cells = paths.iter().map(|path| match design.estimate(path) {
            Some(estimate) => {
                let shown = readable::show(&estimate, path.unit());
                html! { <td><b>{ shown.mean }</b><small>{ shown.reach }</small></td> }
            }
            None => html! { <td><b>{ human::NOTHING }</b></td> },
        });
        html! {
            <tr class={classes!(icons::slot(index), is_looked_at.then_some("looked-at"))}>
                <th scope="row">{ icons::marker(index) }<span>{ &design.name }</span></th>
                { for cells }
            </tr>
        }
    });
    html! {
        <table class="compared-table">
            <thead><tr><th scope="col"><span class="hidden">{ "Design" }</span></th>{ for heads }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
