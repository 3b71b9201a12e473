//! What is asked, what is compared, and how far the answer is.

use gloo::utils::window;
use yew::prelude::*;

use super::editor;
use super::late::use_rested;
use super::sections::Sections;
use crate::app::runs::{self, Moved};
use crate::app::state::{Action, Run, State};
use crate::report::human;
use crate::report::words::{self, capital};
use crate::sim::clock::{SECOND, Time};
use crate::study::pace;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    /// What came of the last change.
    pub(super) moved: Option<Moved>,
    /// What is said to who is here for the first time.
    pub(super) invite: Html,
}

#[component]
pub(super) fn Question(props: &Props) -> Html {
    let state = &props.state;
    let scenario = &state.scenario;
    let left = use_left(&state.run);
    let (kind, said) = status(state, left);
    // What changed last is said below.
    let edits = use_edits(state).filter(|_| props.moved.is_none());
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
                if let Some(edits) = &edits { <span class="edits" data-testid="edits">{ edits }</span> }
                <button class="link" onclick={back}>{ "back to the preset" }</button>
            </>
        }
    });
    let displaced = state.has_displaced().then(|| {
        let undo = props.act.reform(|_: MouseEvent| Action::Undo);
        html! {
            <span class="displaced" role="status" data-testid="displaced">
                { "The scenario that you had edited is one step back: " }
                <button class="link" onclick={undo}>{ "undo" }</button>
            </span>
        }
    });
    let help = state.problems.as_ref().map(|problems| {
        let count = problems.iter().count();
        let go = Callback::from(|_: MouseEvent| editor::go_there());
        let words = if count == 1 { "One problem".to_owned() } else { format!("{count} problems") };
        html! {
            <p class="notice bad" role="alert">
                { format!("{words} in the scenario’s text: the numbers below are of the last text that could be read. ") }
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
    let moved = props.moved.as_ref().map(|moved| {
        html! {
            <p class="moved" data-testid="moved">
                if let Some(what) = &moved.what { <b>{ capital(what) }</b>{ ": " } }
                { human::unbroken(&moved.comes_to) }{ "." }
            </p>
        }
    });
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
                { displaced }
                { props.invite.clone() }
            </p>
            <Sections has_results={state.shown.is_some()} />
            { moved }
            { help }
            { failed }
        </section>
    }
}

/// How the scenario differs from its preset, in a few words, once it rests.
#[hook]
fn use_edits(state: &State) -> Option<String> {
    let rested = use_rested(&(state.preset, state.scenario.clone()));
    let edits = use_memo(rested, |(preset, scenario)| {
        // Another scenario under the preset's name is not the preset with some edits.
        let edits = runs::edits(preset, scenario, |preset| preset.title == scenario.title);
        edits.map(|edits| capital(&edits))
    });
    (*edits).clone().filter(|_| state.edited())
}

/// A run that takes this long, in milliseconds, says how long it will take yet.
const LONG: f64 = 2000.0;

/// Seconds until the run is done, of one that takes long.
#[hook]
fn use_left(run: &Run) -> Option<f64> {
    let since = use_mut_ref(|| (0, 0.0));
    let (done, parts) = match *run {
        Run::Running { done, parts } => (done, parts),
        _ => (0, 0),
    };
    let now = window().performance().map_or(0.0, |clock| clock.now());
    let mut since = since.borrow_mut();
    // A run begins where less is done than was.
    if done == 0 || done < since.0 {
        since.1 = now;
    }
    since.0 = done;
    let took = now - since.1;
    (done > 0 && took > LONG)
        .then(|| pace::left(took / 1e3, None, done as f64, (parts - done) as f64))
        .flatten()
}

/// The state of the run in a few words, and a class for it.
fn status(state: &State, left: Option<f64>) -> (&'static str, String) {
    let shown = state.shown.as_ref();
    match &state.run {
        Run::Running { parts: 0, .. } => ("busy", "Starting".to_owned()),
        Run::Running { done, parts } => {
            let left = left.map(|left| {
                format!(
                    ", about {} to go",
                    words::spelled(left.ceil() as Time * SECOND)
                )
            });
            let left = left.unwrap_or_default();
            ("busy", format!("Running: {done} of {parts} parts{left}"))
        }
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
