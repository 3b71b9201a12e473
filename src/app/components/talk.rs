//! A talk in the whole window: one step at a time, in type that is read from the back of a room.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::header::focus;
use super::modal::Modal;
use super::stage::Scene;
use crate::app::keys;
use crate::app::state::{Action, State};
use crate::app::talk::{Change, Event, Talk};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) talk: Talk,
    /// The page that it is given on.
    pub(super) state: State,
    pub(super) act: Callback<Action>,
    pub(super) dark: bool,
}

/// Where the keys go, unless the speaker moves to a button.
const STEP: &str = "talk-step";

#[component]
pub(super) fn Talking(props: &Props) -> Html {
    let talk = &props.talk;
    use_keys(props.act.clone());
    use_effect_with((), |()| focus(STEP));
    let Some((step, changes)) = talk.now() else {
        return Html::default();
    };
    let on = |event: Event| {
        props.act.reform(move |click: MouseEvent| {
            // After a click the keys are the talk's again; whoever came by keyboard stays.
            if click.detail() > 0 {
                focus(STEP);
            }
            Action::Talk(event)
        })
    };
    let (number, count) = (talk.at + 1, talk.len());
    let paragraphs = step.words.split("\n\n").map(str::trim);
    let paragraphs = paragraphs.filter(|words| !words.is_empty());
    let paragraphs = paragraphs.map(|words| html! { <p>{ words }</p> });
    let stage = talk.stage();
    let shown = stage.and_then(|stage| stage.shown.as_ref());
    let hash = shown.filter(|shown| shown.done == shown.parts);
    let hash = hash.map(|shown| shown.results.results_hash.clone());
    let alone = step.view.is_none();
    let edits = talk.edits.as_ref().map(|edits| {
        let (act, preset, at) = (props.act.clone(), props.state.preset, talk.at);
        let anew = Callback::from(move |_: MouseEvent| {
            act.emit(Action::Talk(Event::End));
            act.emit(Action::Open(preset));
            act.emit(Action::Talk(Event::Start(at)));
            focus(STEP);
        });
        html! {
            <span class="edits" data-testid="talk-edits">
                <span title={format!("The words were written for the preset. Edited: {edits}")}>
                    <b>{ "Edited: " }</b>{ &**edits }</span>
                <button class="quiet" data-testid="talk-preset" onclick={anew}
                    title="Gives this talk as it was written; one undo brings your edits back">{ "As written" }</button>
            </span>
        }
    });
    html! {
        <Modal class="talk" testid="talk-window" label={format!("Talk: {}", step.title)}
            close={props.act.reform(|()| Action::Talk(Event::End))}>
            <div id={STEP} class={classes!("step", alone.then_some("alone"))} tabindex="-1" data-testid="talk-step"
                data-step={number.to_string()} data-steps={count.to_string()} data-ready={talk.ready().to_string()}
                data-hash={hash}>
                <section class="say" aria-live="polite" key={number}>
                    <h1>{ &step.title }</h1>
                    { for paragraphs }
                    if !changes.is_empty() { <dl class="changes" data-testid="talk-changes">{ for changes.iter().map(change) }</dl> }
                    if !talk.restored().is_empty() {
                        <p class="restored" data-testid="talk-restored">{ format!("Set back: {}", talk.restored().join("; ")) }</p>
                    }
                </section>
                if let (Some(view), Some(stage)) = (step.view, stage) {
                    <Scene {view} stage={stage.clone()} state={props.state.clone()} act={props.act.clone()} design={step.design.clone()} metrics={step.metrics.clone()}
                        dark={props.dark} />
                }
            </div>
            <footer>
                <progress value={number.to_string()} max={count.to_string()} aria-hidden="true" />
                <button class="quiet" data-testid="talk-exit" onclick={on(Event::End)} title="Leave the talk (Esc)">{ "Leave" }</button>
                { for edits }
                <span class="hint">{ if number == count { "← back · b blank screen · Esc end" } else { "→ next · ← back · b blank screen · Esc leave" } }</span>
                <span class="at" role="status">{ format!("{number} / {count}") }</span>
                <button class="secondary" data-testid="talk-back" disabled={number == 1} onclick={on(Event::Back)}
                    title="Back (←, Page Up)">{ "Back" }</button>
                if number == count {
                    // Nothing follows: the place of Next is that of the way out.
                    <button class="primary" data-testid="talk-end" onclick={on(Event::End)}
                        title="End the talk (Esc)">{ "End" }</button>
                } else {
                    <button class="primary" data-testid="talk-next" onclick={on(Event::Next)}
                        title="Next (→, Page Down, Space)">{ "Next" }</button>
                }
            </footer>
            if talk.is_blank {
                <div class="blank" data-testid="talk-blank" onclick={on(Event::Blank)}>
                    <span class="hidden" role="status">{ "The screen is dark. Press b to go on." }</span>
                </div>
            }
        </Modal>
    }
}

/// What was, and what is.
fn change(change: &Change) -> Html {
    let was = change.from.as_ref();
    let is = change.to.as_ref();
    html! {
        <div>
            <dt>{ &change.what }</dt>
            <dd>
                if let Some(was) = was { <del><span class="hidden">{ "was " }</span>{ was }</del> }
                if was.is_some() && is.is_some() { <span aria-hidden="true">{ " → " }</span> }
                if let Some(is) = is { <ins><span class="hidden">{ "now " }</span>{ is }</ins> }
            </dd>
        </div>
    }
}

/// The keys of a talk, before anything in it can take them. With Shift they are those of what has the focus.
#[hook]
fn use_keys(act: Callback<Action>) {
    use_effect_with((), move |()| {
        let options = EventListenerOptions {
            phase: gloo::events::EventListenerPhase::Capture,
            passive: false,
        };
        let hear = EventListener::new_with_options(&window(), "keydown", options, move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            if key.ctrl_key() || key.meta_key() || key.alt_key() || key.shift_key() {
                return;
            }
            let name = key.key();
            if matches!(name.as_str(), " " | "Enter") && is_on_control() {
                return;
            }
            if let Some(meaning) = keys::of_talk(&name) {
                event.prevent_default();
                event.stop_propagation();
                act.emit(Action::Talk(meaning));
            }
        });
        move || drop(hear)
    });
}

/// Whether the focus is on what Space and Enter press.
fn is_on_control() -> bool {
    let focused = document().active_element();
    let focused = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    focused.is_some_and(|element| {
        matches!(
            element.tag_name().as_str(),
            "BUTTON" | "SUMMARY" | "A" | "SELECT" | "INPUT"
        )
    })
}
