//! What is asked, what is compared, and how far the answer is.

use yew::prelude::*;

use super::editor;
use crate::app::state::{Action, Run, State};
use crate::report::words;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    /// What is said to who is here for the first time.
    pub(super) invite: Html,
}

#[component]
pub(super) fn Question(props: &Props) -> Html {
    let state = &props.state;
    let scenario = &state.scenario;
    let (kind, said) = status(state);
    let title = Some(&scenario.title).filter(|title| !title.is_empty());
    let question = Some(&scenario.question).filter(|question| !question.is_empty());
    let headline = question
        .or(title)
        .map_or("Untitled scenario", |text| text.as_str());
    let edited = state.edited().then(|| {
        let preset = state.preset;
        let back = props.act.reform(move |_: MouseEvent| Action::Open(preset));
        html! {
            <>
                <span class="chip">{ "edited" }</span>
                <button class="link" onclick={back}>{ "back to the preset" }</button>
            </>
        }
    });
    let help = state.problems.as_ref().map(|problems| {
        let count = problems.iter().count();
        let go = Callback::from(|_: MouseEvent| editor::go_there());
        let words = if count == 1 { "One problem".to_owned() } else { format!("{count} problems") };
        html! {
            <p class="notice bad" role="alert">
                { format!("{words} in the scenario's text: the numbers below are of the last text that could be read. ") }
                <button class="link" onclick={go}>{ "Go there" }</button>
            </p>
        }
    });
    let failed = match &state.run {
        Run::Failed(message) => Some(html! {
            <p class="notice bad" role="alert">
                { message }{ " Your scenario is kept." }
            </p>
        }),
        _ => None,
    };
    let shocks = words::of_the_world(scenario);
    html! {
        <section class="question" aria-labelledby="question">
            if question.is_some() {
                <p class="eyebrow">{ title.cloned().unwrap_or_default() }</p>
            }
            <h1 id="question">{ headline }</h1>
            <p class="compared">{ words::compared(scenario) }</p>
            if !shocks.is_empty() {
                <p class="shocks" data-testid="fault">{ "For all designs: " }{ shocks.join("; ") }</p>
            }
            <p class="status">
                <span class={classes!("state", kind)} role="status" aria-live="polite">{ said }</span>
                { edited }
                { props.invite.clone() }
            </p>
            { help }
            { failed }
        </section>
    }
}

/// The state of the run in a few words, and a class for it.
fn status(state: &State) -> (&'static str, String) {
    let shown = state.shown.as_ref();
    match &state.run {
        Run::Running { parts: 0, .. } => ("busy", "Starting".to_owned()),
        Run::Running { done, parts } => ("busy", format!("Running: {done} of {parts} parts")),
        Run::Failed(_) => ("bad", "The run failed".to_owned()),
        Run::Done if !state.stale() => {
            let replicates = shown.map_or(0, |shown| shown.results.replicates);
            let plural = if replicates == 1 { "" } else { "s" };
            ("good", format!("Done: {replicates} replicate{plural}"))
        }
        Run::Done | Run::Idle => match shown {
            _ if !state.missing().is_empty() => ("old", "Waits for its files".to_owned()),
            None => ("", "Not run yet".to_owned()),
            Some(_) if state.stale() => ("old", "Changed since the last run".to_owned()),
            Some(shown) if shown.done < shown.parts => (
                "old",
                format!("Stopped after {} of {} parts", shown.done, shown.parts),
            ),
            Some(_) => ("good", "Done".to_owned()),
        },
    }
}
