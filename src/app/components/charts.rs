//! The charts of a run.

use std::rc::Rc;

use yew::prelude::*;

use super::figure::Drawn;
use super::frontier::Frontier;
use crate::app::state::Shown;
use crate::report::figures;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Option<Shown>,
    pub(super) stale: bool,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Charts(props: &Props) -> Html {
    let figures = use_memo(props.shown.clone(), |shown| {
        let figures = shown
            .as_ref()
            .map(|shown| figures::all(&shown.results, &shown.scenario));
        figures.map(|figures| figures.into_iter().map(Rc::new).collect::<Vec<_>>())
    });
    let stale = props.stale.then_some("stale");
    let Some(figures) = &*figures else {
        let waiting = ["wide", "", ""]
            .map(|class| html! { <div class={classes!("chart", "waiting", class)} /> });
        return html! { <section aria-label="Charts"><div class="charts">{ for waiting }</div></section> };
    };
    let dark = props.dark;
    let drawn = figures
        .iter()
        .map(|figure| match (figure.name, &props.shown) {
            ("frontier", Some(shown)) => {
                html! { <Frontier key={figure.name} shown={shown.clone()} {dark} /> }
            }
            _ => html! { <Drawn key={figure.title.clone()} figure={Rc::clone(figure)} {dark} /> },
        });
    html! {
        <section class={classes!(stale)} aria-labelledby="charts">
            <h2 id="charts" class="hidden">{ "Charts" }</h2>
            <div class="charts">{ for drawn }</div>
        </section>
    }
}
