//! The charts of a run.

use std::rc::Rc;

use yew::prelude::*;

use super::figure::{Drawn, before};
use super::frontier::Frontier;
use crate::app::runs::Behind;
use crate::app::state::Shown;
use crate::report::figures;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Option<Shown>,
    pub(super) stale: bool,
    pub(super) dark: bool,
    /// The runs that lie behind them.
    #[prop_or_else(|| Rc::new([]))]
    pub(super) behind: Rc<[Behind]>,
}

#[component]
pub(super) fn Charts(props: &Props) -> Html {
    let behind = use_memo(props.behind.clone(), |behind| {
        let of = |run: &Behind| {
            (
                run.clone(),
                figures::all(&run.shown.results, &run.shown.scenario),
            )
        };
        behind.iter().map(of).collect::<Vec<_>>()
    });
    let figures = use_memo((props.shown.clone(), behind), |(shown, behind)| {
        let figures = shown
            .as_ref()
            .map(|shown| figures::all(&shown.results, &shown.scenario));
        let over = |figure| {
            let behind = behind.iter();
            before(figure, behind.map(|(run, figures)| (run, figures.clone())))
        };
        figures.map(|figures| {
            let all = figures.into_iter().map(over).map(Rc::new);
            all.collect::<Vec<_>>()
        })
    });
    let stale = props.stale.then_some("stale");
    let (Some(figures), Some(shown)) = (&*figures, &props.shown) else {
        let waiting = ["wide", "", ""]
            .map(|class| html! { <div class={classes!("chart", "waiting", class)} /> });
        return html! { <section aria-label="Charts"><div class="charts">{ for waiting }</div></section> };
    };
    let dark = props.dark;
    let about = &shown.scenario.title;
    let drawn = figures.iter().map(|figure| {
        // By what it is of, so that what is hidden in it stays hidden.
        let key = format!(
            "{} {}",
            figure.name,
            figure.of.as_deref().unwrap_or_default()
        );
        if figure.name == "frontier" {
            html! { <Frontier {key} shown={shown.clone()} behind={props.behind.clone()} {dark} /> }
        } else {
            html! { <Drawn {key} figure={Rc::clone(figure)} {dark} about={about.clone()} /> }
        }
    });
    html! {
        <section class={classes!(stale)} aria-labelledby="charts">
            <h2 id="charts" class="hidden">{ "Charts" }</h2>
            <div class="charts">{ for drawn }</div>
        </section>
    }
}
