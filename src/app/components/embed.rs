//! The page within another: what is compared, the board, the charts, and a way to the whole.

use yew::prelude::*;

use super::board::Board;
use super::charts::Charts;
use super::{share, tips};
use crate::app::share::{Sharer, encode};
use crate::app::state::{Run, State};
use crate::report::words;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Embedded(props: &Props) -> Html {
    let state = &props.state;
    let scenario = &state.scenario;
    let headline = [&scenario.question, &scenario.title];
    let headline = headline.into_iter().find(|words| !words.is_empty());
    let link = {
        let sharer = Sharer::here(&state.text, state.preset, None);
        let fragment = encode(&state.text, &sharer).map(|fragment| format!("#{fragment}"));
        format!("{}{}", share::here(), fragment.unwrap_or_default())
    };
    let failed = match &state.run {
        Run::Failed(message) => {
            Some(html! { <p class="notice bad" role="alert">{ &**message }</p> })
        }
        _ => None,
    };
    let results = state.shown.as_ref().map(|shown| shown.results.clone());
    html! {
        <>
        <main id="results" class="embedded" tabindex="-1">
            <header>
                <h1>{ headline.cloned().unwrap_or_default() }</h1>
                <p>{ words::compared(scenario) }</p>
                <a href={link} target="_blank" rel="noopener" data-testid="open-full">{ "Open in stayfresh" }</a>
            </header>
            { failed }
            <Board scenario={state.scenario.clone()} {results} stale={state.stale()} />
            <Charts dark={props.dark} stale={state.stale()} shown={state.shown.clone()} />
        </main>
        <tips::Tips />
        </>
    }
}
