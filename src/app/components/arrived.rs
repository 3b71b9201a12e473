//! What is said of a scenario that came in a link: whether the numbers are those of whoever shared it.

use yew::prelude::*;

use crate::app::state::State;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
}

#[component]
pub(super) fn Arrived(props: &Props) -> Html {
    let state = &props.state;
    let Some(sharer) = state
        .shared
        .as_ref()
        .filter(|sharer| sharer.is_of(&state.text))
    else {
        return Html::default();
    };
    let here = env!("CARGO_PKG_VERSION");
    let found = state.shown.as_ref();
    let found = found.filter(|found| found.text == state.text && found.done == found.parts);
    let (class, outcome, said) = match (&sharer.results, found) {
        (None, _) => (
            "",
            "unknown",
            "It was shared without its results.".to_owned(),
        ),
        (Some(_), None) => (
            "",
            "waits",
            "Whether the numbers are the same shows when the run is done.".to_owned(),
        ),
        (Some(theirs), Some(found)) if *theirs == found.results.results_hash => (
            "good",
            "same",
            "Same numbers as when it was shared.".to_owned(),
        ),
        (Some(theirs), Some(found)) => {
            let why = if sharer.version == here {
                format!("both by version {here}, from other sources: compare the builds")
            } else {
                format!(
                    "by version {} there and {here} here: the changelog says what changed",
                    sharer.version
                )
            };
            let ours = &found.results.results_hash;
            (
                "bad",
                "other",
                format!(
                    "Not the same numbers as when it was shared: {theirs} there, {ours} here, {why}."
                ),
            )
        }
    };
    html! {
        <p class={classes!("notice", "arrived", class)} role="status" data-testid="arrived" data-outcome={outcome}>
            <b>{ "Opened from a link. " }</b>{ said }
        </p>
    }
}
