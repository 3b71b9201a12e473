//! The form: knobs that edit the scenario's text.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icons;
use crate::app::knobs::{self, Group, Input, Knob, Section};
use crate::app::state::Action;
use crate::app::theme;
use crate::scenario::Scenario;

/// Screens on which the form stands beside the results, as the style sheet has it.
const BESIDE: &str = "(width >= 1100px)";

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    /// The last edit that made no sense, and why.
    pub(super) refused: Option<(String, Rc<str>)>,
    /// Whether the text cannot be read, so that no form can edit it.
    pub(super) broken: bool,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn Knobs(props: &Props) -> Html {
    // Below the results, all of it open would be longer than they are.
    let beside = *use_state(|| theme::matches(BESIDE));
    let groups = knobs::groups(&props.scenario).into_iter().map(|group| {
        let Group {
            title,
            design,
            sections,
        } = group;
        let is_short = design.is_none() && sections.len() == 1;
        let parts = sections.into_iter().map(|section| {
            let key = section.title.clone();
            html! { <Part {key} {section} refused={props.refused.clone()} act={props.act.clone()} /> }
        });
        html! {
            <details class="group" key={format!("{}{title}", if design.is_some() { "design " } else { "" })} open={beside || is_short}>
                <summary>{ for design.map(icons::marker) }<h3>{ title }</h3></summary>
                { for parts }
            </details>
        }
    });
    html! {
        <aside class="rail" aria-labelledby="assumptions" tabindex={props.broken.then_some("0")}>
            <h2 id="assumptions">{ "Assumptions" }</h2>
            <p class="hint">
                { if props.broken { "Mend the scenario's text first: the form cannot edit it now." }
                  else { "Every change runs at once." } }
            </p>
            <fieldset disabled={props.broken} aria-label="Assumptions">{ for groups }</fieldset>
        </aside>
    }
}

#[derive(PartialEq, Properties)]
struct PartProps {
    section: Section,
    refused: Option<(String, Rc<str>)>,
    act: Callback<Action>,
}

/// A part of a group. What is as usual is closed, until it is set.
#[component]
fn Part(props: &PartProps) -> Html {
    let Section {
        title,
        is_set,
        knobs,
    } = &props.section;
    let opened = use_state(|| *is_set);
    if *is_set && !*opened {
        opened.set(true);
    }
    let open = *opened;
    let rows = knobs.iter().map(|knob| {
        let refused = props.refused.as_ref().filter(|(field, _)| *field == knob.pointer);
        let refused = refused.map(|(_, why)| Rc::clone(why));
        html! { <Row key={knob.pointer.clone()} knob={knob.clone()} {refused} act={props.act.clone()} /> }
    });
    if title.is_empty() {
        return html! { { for rows } };
    }
    html! {
        <details class="part" {open}>
            <summary><h4>{ title }</h4></summary>
            { for rows }
        </details>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    knob: Knob,
    /// Why the scenario would make no sense with what was set.
    refused: Option<Rc<str>>,
    act: Callback<Action>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let knob = &props.knob;
    let problem = use_state(|| None::<String>);
    let id = format!("knob{}", knob.pointer.replace('/', "-"));
    let take = {
        let (knob, act, problem) = (knob.clone(), props.act.clone(), problem.clone());
        move |typed: String| match knob.edits(&typed) {
            Ok(values) => {
                problem.set(None);
                let field = knob.pointer.clone();
                act.emit(Action::Set { field, values });
            }
            Err(message) => problem.set(Some(message)),
        }
    };
    let settle = props.act.reform(|_: Event| Action::Settle);
    let told = use_state(|| false);
    let tell = {
        let told = told.clone();
        Callback::from(move |_: MouseEvent| told.set(!*told))
    };
    let refused = props.refused.as_deref().map(str::to_owned);
    let said = (*problem).clone().or(refused);
    let field = match &knob.input {
        Input::Switch { on } => {
            let flip = Callback::from(move |event: Event| {
                let switch: HtmlInputElement = event.target_unchecked_into();
                take(switch.checked().to_string());
            });
            html! { <input type="checkbox" role="switch" id={id.clone()} checked={*on} onchange={flip} /> }
        }
        Input::Choice {
            chosen, options, ..
        } => {
            let choose = Callback::from(move |event: Event| {
                let select: HtmlSelectElement = event.target_unchecked_into();
                take(select.value());
            });
            let options = options.iter().enumerate().map(|(index, (label, _))| {
                html! { <option value={index.to_string()} selected={index == *chosen}>{ *label }</option> }
            });
            html! { <select id={id.clone()} onchange={choose}>{ for options }</select> }
        }
        input => {
            let typing = take.clone();
            let typed = Callback::from(move |event: Event| {
                let field: HtmlInputElement = event.target_unchecked_into();
                typing(field.value());
            });
            let unit = input.unit();
            let slider = input.slider().map(|(at, last)| {
                let input = input.clone();
                let slide = Callback::from(move |event: InputEvent| {
                    let slider: HtmlInputElement = event.target_unchecked_into();
                    let stop = slider.value().parse().ok().and_then(|at| input.stop(at));
                    if let Some(stop) = stop {
                        take(stop);
                    }
                });
                html! {
                    <input type="range" min="0" max={last.to_string()} value={at.to_string()} step="1"
                        oninput={slide} onchange={settle.clone()}
                        aria-label={knob.label} aria-valuetext={input_text(&knob.input)} />
                }
            });
            html! {
                <>
                    <span class="typed">
                        <input id={id.clone()} value={input.written()} onchange={typed}
                            autocomplete="off" spellcheck="false"
                            aria-invalid={said.is_some().to_string()}
                            aria-describedby={said.as_ref().map(|_| format!("{id}-problem"))} />
                        { for unit.map(|unit| html! { <span class={classes!("unit", (unit.chars().count() > 4).then_some("long"))}>{ unit }</span> }) }
                    </span>
                    { slider }
                </>
            }
        }
    };
    let kind = match &knob.input {
        Input::Choice { .. } => Some("choice"),
        Input::Switch { .. } => Some("switch"),
        _ => None,
    };
    html! {
        <div class={classes!("knob", kind)}>
            <span class="knob-name">
                <label for={id.clone()} title={knob.help}>{ knob.label }</label>
                <button type="button" class="knob-ask" aria-label={format!("About {}", knob.label)}
                    aria-expanded={told.to_string()} onclick={tell}>{ "?" }</button>
            </span>
            { field }
            if let Some(message) = &said {
                <p class="problem" id={format!("{id}-problem")} role="alert">{ message }</p>
            }
            if *told { <Told knob={knob.clone()} act={props.act.clone()} /> }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ToldProps {
    knob: Knob,
    act: Callback<Action>,
}

/// What a knob is, takes and is by default, and the way back to that.
#[component]
fn Told(props: &ToldProps) -> Html {
    let knob = &props.knob;
    let Some(about) = knob.about() else {
        return html! { <p class="told">{ knob.help }</p> };
    };
    let back = about.back.map(|(pointer, value)| {
        let field = knob.pointer.clone();
        let values = vec![(pointer, value)];
        let back = props.act.reform(move |_: MouseEvent| Action::Set {
            field: field.clone(),
            values: values.clone(),
        });
        html! { <button type="button" class="quiet" data-testid="knob-back" onclick={back}>{ "Back to the default" }</button> }
    });
    let basis = about.basis.said();
    html! {
        <div class="told" data-testid="knob-told">
            <p>{ knob.help }</p>
            <dl>
                { for about.range.map(|range| html! { <div><dt>{ "Takes" }</dt><dd>{ range }</dd></div> }) }
                <div><dt>{ "Default" }</dt><dd>
                    if let Some(default) = about.default { <b>{ default }</b>{ " – " } }
                    { basis }
                </dd></div>
                <div><dt>{ "In the text" }</dt><dd><code>{ &knob.pointer }</code></dd></div>
            </dl>
            { back }
        </div>
    }
}

fn input_text(input: &Input) -> String {
    match input.unit() {
        Some(unit) => format!("{} {unit}", input.written()),
        None => input.written(),
    }
}
