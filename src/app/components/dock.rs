//! Where there is no room beside the results, the form is a sheet that comes up over them. Here is what brings it
//! there and back, always within reach of a thumb, beside the numbers that one watches meanwhile.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::header::focus;
use super::icons;
use super::knobs::{self, BESIDE, FORM};
use crate::app::theme;
use crate::measure::metrics::{self, HEADLINES};
use crate::report::results::Results;
use crate::report::{human, readable};
use crate::scenario::Scenario;

/// The button's id.
const BUTTON: &str = "assumptions-button";

/// Moves the focus to the form, or to what brings it.
pub(super) fn go_to_form() {
    focus(if theme::matches(BESIDE) { FORM } else { BUTTON });
}

/// Moves the focus to a design's knobs, where the form is up or can be.
pub(super) fn go_to_design(design: usize) {
    let form = document().get_element_by_id(FORM);
    let is_up =
        theme::matches(BESIDE) || form.is_some_and(|form| form.matches(".open").unwrap_or(false));
    if !is_up && let Some(button) = document().get_element_by_id(BUTTON) {
        button.unchecked_into::<HtmlElement>().click();
    }
    // Once the sheet is up.
    Timeout::new(0, move || {
        if let Some(knobs) = knobs::show(design) {
            let _ = knobs.focus();
        }
    })
    .forget();
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// Whether the sheet is up.
    pub(super) open: bool,
    pub(super) set: Callback<bool>,
    pub(super) scenario: Rc<Scenario>,
    pub(super) results: Option<Rc<Results>>,
    pub(super) stale: bool,
    /// Whether the tour has Escape.
    pub(super) toured: bool,
}

#[component]
pub(super) fn Dock(props: &Props) -> Html {
    let open = props.open;
    // By the reader's own hand the focus goes along.
    let goes = use_mut_ref(|| false);
    {
        let goes = goes.clone();
        use_effect_with(open, move |open| {
            let is_within = document().active_element();
            let is_within =
                is_within.is_some_and(|at| at.closest(".rail").ok().flatten().is_some());
            if std::mem::take(&mut *goes.borrow_mut()) && *open {
                focus(FORM);
            } else if !*open && is_within {
                focus(BUTTON);
            }
        });
    }
    use_escape(open && !props.toured, props.set.clone());
    let press = {
        let set = props.set.clone();
        Callback::from(move |event: MouseEvent| {
            *goes.borrow_mut() = event.is_trusted();
            set.emit(!open);
        })
    };
    html! {
        <section class="dock" aria-label="Assumptions and accuracy">
            <Glance scenario={props.scenario.clone()} results={props.results.clone()} stale={props.stale} />
            <button type="button" id={BUTTON} class={if open { "primary" } else { "secondary" }} data-testid="assumptions"
                aria-expanded={open.to_string()} aria-controls={FORM} onclick={press}>
                { icons::knobs() }{ "Assumptions" }
            </button>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct GlanceProps {
    scenario: Rc<Scenario>,
    results: Option<Rc<Results>>,
    stale: bool,
}

/// The first number of every card.
#[component]
fn Glance(props: &GlanceProps) -> Html {
    let Some(metric) = HEADLINES.first().and_then(|key| metrics::by_key(key)) else {
        return Html::default();
    };
    let designs = props.scenario.designs.iter().enumerate();
    let numbers = designs.map(|(index, design)| {
        let results = props.results.as_deref();
        let found = results.and_then(|results| {
            results.design(&design.name)
        });
        let found = found.and_then(|found| found.metrics.get(metric.key));
        // As on the card.
        let shown = found.map_or_else(
            || human::NOTHING.to_owned(),
            |found| readable::show(found, metric.unit).mean,
        );
        html! { <li key={index}>{ icons::marker(index) }<span class="hidden">{ &design.name }</span><b>{ shown }</b></li> }
    });
    html! {
        <div class={classes!("glance", props.stale.then_some("stale"))}>
            <p id="glance">{ metric.title }</p>
            <ul aria-labelledby="glance">{ for numbers }</ul>
        </div>
    }
}

/// Escape takes the sheet away, unless it closes something over it.
#[hook]
fn use_escape(is_on: bool, set: Callback<bool>) {
    use_effect_with(is_on, move |is_on| {
        let listener = is_on.then(|| {
            EventListener::new(&window(), "keydown", move |event| {
                let key = event.dyn_ref::<KeyboardEvent>();
                let is_escape = key.is_some_and(|key| key.key() == "Escape");
                let over = document().query_selector("dialog[open]").ok().flatten();
                if is_escape && !event.default_prevented() && over.is_none() {
                    set.emit(false);
                }
            })
        });
        move || drop(listener)
    });
}
