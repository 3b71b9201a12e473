//! What is seen beside the words of a talk's step.

use std::rc::Rc;

use yew::prelude::*;

use super::board::Board;
use super::compared::Compared;
use super::figure::Drawn;
use super::live::theatre::Theatre;
use super::numbers::Numbers;
use super::verdict::Verdict;
use crate::app::state::{Action, Shown, State};
use crate::app::talk::Stage;
use crate::report::figures::{self, Figure};
use crate::scenario::story::View;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) view: View,
    pub(super) stage: Stage,
    /// The page, which the talk leaves alone.
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) design: Option<String>,
    pub(super) metrics: Vec<String>,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Scene(props: &Props) -> Html {
    let stage = &props.stage;
    let name = name(props.view);
    let class = classes!("see", format!("view-{name}"));
    if props.view == View::Designs {
        // Drawings need no results.
        return html! { <section {class}><Board scenario={stage.scenario.clone()} results={None::<Rc<_>>} stale={false} is_told=true /></section> };
    }
    if matches!(props.view, View::Live | View::StayMap) {
        // Films are made of the step's scenario, whatever its results.
        let mut state = props.state.clone();
        state.text = Rc::clone(&stage.text);
        state.scenario = Rc::clone(&stage.scenario);
        state.problems = None;
        return html! { <section {class}><Theatre {state} act={props.act.clone()} dark={props.dark} is_told={true} /></section> };
    }
    let Some(shown) = &stage.shown else {
        let waits = match &stage.failed {
            Some(why) => html! { <p class="notice bad" role="alert">{ &**why }</p> },
            None => {
                html! { <div class="chart waiting"><p class="hidden" role="status">{ "Running" }</p></div> }
            }
        };
        return html! { <section {class}>{ waits }</section> };
    };
    let results = Some(Rc::clone(&shown.results));
    let seen = match props.view {
        View::Designs | View::Live | View::StayMap => Html::default(),
        View::Board => html! {
            <Compared results={shown.results.clone()} metrics={props.metrics.clone()} design={props.design.clone()} />
        },
        View::Verdict => html! { <Verdict {results} stale={false} /> },
        View::Numbers => html! { <Numbers {results} stale={false} is_final={true} /> },
        View::Accuracy | View::Staleness | View::Cost | View::Frontier | View::Audits => {
            html! { <Chart shown={shown.clone()} {name} design={props.design.clone()} dark={props.dark} /> }
        }
    };
    let partly = (shown.done < shown.parts).then(|| {
        html! { <p class="partly">{ format!("First results: {} of {} parts", shown.done, shown.parts) }</p> }
    });
    html! { <section {class}>{ seen }{ partly }</section> }
}

#[derive(PartialEq, Properties)]
struct ChartProps {
    shown: Shown,
    name: &'static str,
    design: Option<String>,
    dark: bool,
}

/// The chart of that name; that of the design, where each has one.
#[component]
fn Chart(props: &ChartProps) -> Html {
    let of = (props.shown.clone(), props.name, props.design.clone());
    let figure = use_memo(of, |(shown, name, design)| {
        let results = &shown.results;
        let mut figures = figures::all(results, &shown.scenario);
        figures.retain(|figure| figure.name == *name);
        let audited = || results.designs.iter().filter(|of| !of.audits.is_empty());
        let place = design.as_ref().filter(|_| *name == figures::AUDITS);
        let place = place.and_then(|design| audited().position(|of| of.name == *design));
        let place = place.unwrap_or_default();
        (place < figures.len()).then(|| Rc::new(figures.swap_remove(place)))
    });
    let figure: Option<Rc<Figure>> = (*figure).clone();
    match figure {
        Some(figure) => {
            html! { <Drawn {figure} dark={props.dark} about={props.shown.scenario.title.clone()} is_bare=true /> }
        }
        None => {
            html! { <p class="notice">{ "There is nothing to draw: fewer than two designs have both numbers." }</p> }
        }
    }
}

/// The name of a view: that of its chart, where it is one.
fn name(view: View) -> &'static str {
    match view {
        View::Designs => "designs",
        View::Board => "compared",
        View::Verdict => "said",
        View::Numbers => "all",
        View::Accuracy => "accuracy",
        View::Staleness => "staleness",
        View::Cost => "cost",
        View::Frontier => "frontier",
        View::Audits => figures::AUDITS,
        View::Live => "live",
        View::StayMap => "stay-map",
    }
}
