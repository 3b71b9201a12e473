//! The form: knobs that edit the scenario's text.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icons;
use crate::app::knobs::{self, Group, Input, Knob};
use crate::app::state::Action;
use crate::scenario::Scenario;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    /// Whether the text cannot be read, so that no form can edit it.
    pub(super) broken: bool,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn Knobs(props: &Props) -> Html {
    let groups = knobs::groups(&props.scenario).into_iter().map(|group| {
        let Group {
            title,
            design,
            knobs,
        } = group;
        let rows = knobs.into_iter().map(|knob| {
            let key = knob.pointer.clone();
            html! { <Row {key} {knob} act={props.act.clone()} /> }
        });
        html! {
            <details class="group" key={title.clone()} open=true>
                <summary>{ for design.map(icons::marker) }<h3>{ title }</h3></summary>
                { for rows }
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
struct RowProps {
    knob: Knob,
    act: Callback<Action>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let knob = &props.knob;
    let problem = use_state(|| None::<String>);
    let id = format!("knob{}", knob.pointer.replace('/', "-"));
    let take = {
        let (knob, act, problem) = (knob.clone(), props.act.clone(), problem.clone());
        move |typed: String| match knob.input.read(&typed) {
            Ok(value) => {
                problem.set(None);
                act.emit(Action::Set(knob.pointer.clone(), value));
            }
            Err(message) => problem.set(Some(message)),
        }
    };
    let settle = props.act.reform(|_: Event| Action::Settle);
    let field = match &knob.input {
        Input::Choice { chosen, options } => {
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
            let unit = match input {
                Input::Number { unit, .. } if !unit.is_empty() => Some(*unit),
                _ => None,
            };
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
                            aria-invalid={problem.is_some().to_string()}
                            aria-describedby={problem.as_ref().map(|_| format!("{id}-problem"))} />
                        { for unit.map(|unit| html! { <span class="unit">{ unit }</span> }) }
                    </span>
                    { slider }
                </>
            }
        }
    };
    html! {
        <div class={classes!("knob", matches!(knob.input, Input::Choice { .. }).then_some("choice"))}>
            <label for={id.clone()} title={knob.help}>{ knob.label }</label>
            { field }
            if let Some(message) = &*problem {
                <p class="problem" id={format!("{id}-problem")} role="alert">{ message }</p>
            }
        </div>
    }
}

fn input_text(input: &Input) -> String {
    match input {
        Input::Number { unit, .. } => format!("{} {unit}", input.written()),
        _ => input.written(),
    }
}
