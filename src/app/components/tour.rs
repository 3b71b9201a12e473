//! The first tour: an invitation in a line that covers nothing, and a card beside what it is about. Neither stands
//! in the way of anything.

use gloo::events::EventListener;
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, ScrollBehavior, ScrollIntoViewOptions};
use web_sys::{HtmlDetailsElement, ScrollLogicalPosition};
use yew::prelude::*;

use super::header::focus;
use super::icons;
use crate::app::kept::{self, Kept};
use crate::app::state::State;
use crate::app::tour::{self, Answer, KEY, STEPS, Step, Try};
use crate::app::{storage, theme};

/// Where the keys go.
const CARD: &str = "tour";
/// Where they go after the tour.
const AFTER: &str = "help-button";

/// How the tour stands.
#[derive(Clone, PartialEq)]
pub(super) struct Tour {
    at: UseStateHandle<Option<usize>>,
    invites: UseStateHandle<bool>,
    /// Whether the page is as it was found.
    untouched: bool,
}

/// The tour of a page; who is within another page is not asked.
#[hook]
pub(super) fn use_tour(state: &State, may_ask: bool) -> Tour {
    let invites = use_state(|| {
        let answer = storage::get::<Answer>(KEY);
        let kept = storage::get_own::<Kept>(kept::KEY);
        may_ask && tour::invites(answer, kept.is_some(), state)
    });
    Tour {
        at: use_state(|| None),
        invites,
        untouched: tour::invites(None, false, state),
    }
}

impl Tour {
    pub(super) fn is_on(&self) -> bool {
        self.at.is_some()
    }

    fn answer(&self, answer: Answer) {
        storage::set(KEY, &answer);
        self.invites.set(false);
    }

    /// Begins it.
    pub(super) fn begin(&self) -> Callback<()> {
        let tour = self.clone();
        Callback::from(move |()| {
            tour.answer(Answer::Taken);
            tour.at.set(Some(0));
        })
    }

    /// What is said to who is here for the first time, as long as nothing was touched.
    pub(super) fn invitation(&self) -> Html {
        if !*self.invites || !self.untouched || self.is_on() {
            return Html::default();
        }
        let begin = self.begin().reform(|_: MouseEvent| ());
        let decline = {
            let tour = self.clone();
            Callback::from(move |_: MouseEvent| {
                tour.answer(Answer::Declined);
                focus("results");
            })
        };
        html! {
            <span class="tour-invite" data-fleeting="" data-testid="tour-invite" role="group" aria-label="Tour">
                <span>{ "New here? Five steps, one minute." }</span>
                <button type="button" class="link" data-testid="tour-start" onclick={begin}>{ "Start" }</button>
                <button type="button" class="link" data-testid="tour-decline" onclick={decline}>{ "No thanks" }</button>
            </span>
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) tour: Tour,
}

/// The card of the step that is shown.
#[component]
pub(super) fn Guide(props: &Props) -> Html {
    let at = props.tour.at.unwrap_or_default();
    // What was there when the step began: against it is seen what the reader did.
    let before = use_mut_ref(|| None::<(usize, State)>);
    let is_same = before.borrow().as_ref().is_some_and(|(of, _)| *of == at);
    if !is_same {
        *before.borrow_mut() = Some((at, props.state.clone()));
    }
    let end = {
        let at = props.tour.at.setter();
        use_callback((), move |(), ()| {
            at.set(None);
            focus(AFTER);
        })
    };
    let go = {
        let (set, end) = (props.tour.at.setter(), end.clone());
        use_callback(at, move |by: isize, at| match at.checked_add_signed(by) {
            Some(next) if next < STEPS.len() => set.set(Some(next)),
            Some(_) => end.emit(()),
            None => {}
        })
    };
    use_effect_with(at, |at| {
        let shown = STEPS.get(*at).and_then(|step| found(step.shows));
        let is_pulled = shown.as_ref().is_some_and(|shown| pull(shown, true));
        if let Some(shown) = &shown {
            open(shown);
            let _ = shown.set_attribute("data-toured", "");
            show(shown);
        }
        focus_quietly(CARD);
        move || {
            if let Some(shown) = shown {
                let _ = shown.remove_attribute("data-toured");
                if is_pulled {
                    pull(&shown, false);
                }
            }
        }
    });
    use_keys(end.clone());
    let Some(step) = STEPS.get(at) else {
        return Html::default();
    };
    let done = step.try_it.and_then(|(_, what)| {
        let before = before.borrow();
        tour::done(what, &before.as_ref()?.1, &props.state)
    });
    let keys = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => -1,
                _ => return,
            };
            event.prevent_default();
            go.emit(by);
        })
    };
    let step_by = |by: isize| go.reform(move |_: MouseEvent| by);
    let is_last = at + 1 == STEPS.len();
    html! {
        <section id={CARD} class="tour-card" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-says" tabindex="-1"
            data-testid="tour" data-step={(at + 1).to_string()} onkeydown={keys}>
            <header>
                <span class="eyebrow">{ format!("{} of {}", at + 1, STEPS.len()) }</span>
                <button type="button" class="icon-button" aria-label="End the tour" title="End the tour (Esc)" data-testid="tour-end"
                    onclick={end.reform(|_: MouseEvent| ())}>{ icons::cross() }</button>
            </header>
            <h2 id="tour-title">{ step.title }</h2>
            <p id="tour-says">{ step.says }</p>
            if let Some((asked, _)) = step.try_it {
                <p class={classes!("tour-try", done.is_some().then_some("done"))} role="status" data-testid="tour-try">
                    { done.clone().unwrap_or_else(|| asked.to_owned()) }
                </p>
            }
            <footer>
                if let Some(control) = step.control {
                    <button type="button" class="quiet" data-testid="tour-there" onclick={there(step, control)}
                        title="Moves the focus there; Esc brings it back">{ "Go there" }</button>
                }
                <span class="pair">
                    <button type="button" class="secondary" disabled={at == 0} onclick={step_by(-1)} data-testid="tour-back">{ "Back" }</button>
                    <button type="button" class="primary" onclick={step_by(1)} data-testid="tour-next">
                        { if is_last { "Done" } else { "Next" } }
                    </button>
                </span>
            </footer>
        </section>
    }
}

/// Moves the focus to what the step is about.
fn there(step: &'static Step, control: &'static str) -> Callback<MouseEvent> {
    Callback::from(move |_: MouseEvent| {
        let element = found(control).and_then(|found| found.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            // The live view is first opened.
            if step.try_it.is_some_and(|(_, what)| what == Try::Strike)
                && element.get_attribute("aria-expanded").as_deref() == Some("false")
            {
                element.click();
            }
            let _ = element.focus();
        }
    })
}

/// The first part of the page that a selector finds.
fn found(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Brings up the form where it is a sheet, or takes it away; whether there was need to.
fn pull(part: &Element, up: bool) -> bool {
    let button =
        found("[data-testid=assumptions]").filter(|_| part.matches(".rail").unwrap_or(false));
    let is_up = |button: &Element| button.get_attribute("aria-expanded").as_deref() == Some("true");
    // Beside the results it is there anyway, and what brings it is not.
    let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let Some(button) = button.filter(|button| button.offset_height() > 0 && is_up(button) != up)
    else {
        return false;
    };
    button.click();
    true
}

/// Opens the first group of a form that is closed, as it is on small screens.
fn open(part: &Element) {
    let details = part.query_selector("details").ok().flatten();
    if let Some(details) = details.and_then(|found| found.dyn_into::<HtmlDetailsElement>().ok()) {
        details.set_open(true);
    }
}

fn show(part: &Element) {
    let options = ScrollIntoViewOptions::new();
    let still = theme::matches("(prefers-reduced-motion: reduce)");
    options.set_behavior(if still {
        ScrollBehavior::Auto
    } else {
        ScrollBehavior::Smooth
    });
    options.set_block(ScrollLogicalPosition::Start);
    // What stands still beside the page is seen anyway: then what it moves is shown.
    let style = window().get_computed_style(part).ok().flatten();
    let position = style.and_then(|style| style.get_property_value("position").ok());
    let cards = found(STEPS[0].shows);
    let part = match (position.as_deref(), &cards) {
        (Some("sticky" | "fixed"), Some(cards)) => cards,
        _ => part,
    };
    part.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Moves the focus without scrolling.
fn focus_quietly(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Escape ends the tour; from elsewhere on the page it first leads back to the card.
#[hook]
fn use_keys(end: Callback<()>) {
    use_effect_with((), move |()| {
        let listener = EventListener::new(&window(), "keydown", move |event| {
            let key = event.dyn_ref::<KeyboardEvent>();
            let is_escape = key.is_some_and(|key| key.key() == "Escape");
            if !is_escape || event.default_prevented() || found("dialog[open]").is_some() {
                return;
            }
            let focused = document().active_element();
            let inside = focused
                .is_some_and(|element| element.closest(".tour-card").ok().flatten().is_some());
            if inside {
                end.emit(());
            } else {
                focus_quietly(CARD);
            }
        });
        move || drop(listener)
    });
}
