//! The form: knobs that edit the scenario's text.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use super::icons;
use super::menu::{Item, Menu};
use super::select::use_chosen;
use crate::app::knobs::{self, Adds, Group, Input, Knob, Part, Section};
use crate::app::state::Action;
use crate::app::theme;
use crate::scenario::Scenario;

/// The form's id.
pub(super) const FORM: &str = "assumptions-form";
/// Screens on which the form stands beside the results, as the style sheet has it.
pub(super) const BESIDE: &str = "(width >= 1100px)";
/// Between the form's edge and what was brought to its top, in CSS pixels.
const GAP: f64 = 8.0;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    /// The last edit that made no sense, and why.
    pub(super) refused: Option<(String, Rc<str>)>,
    /// Whether the text cannot be read, so that no form can edit it.
    pub(super) broken: bool,
    /// The part that was added last, or the list that one was taken from; and of which text.
    pub(super) called: Option<(Rc<str>, usize)>,
    /// Which scenario this is, however it is edited: another begins at its first knob.
    pub(super) of: (&'static str, AttrValue),
    /// Whether the form is up, where it is a sheet.
    pub(super) open: bool,
    /// The reader goes back to the results.
    pub(super) close: Callback<()>,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn Knobs(props: &Props) -> Html {
    // On a sheet, all of it open would be many sheets long.
    let beside = *use_state(|| theme::matches(BESIDE));
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with(props.of.clone(), move |_| {
            // Who changes its title in the form stays there.
            let active = gloo::utils::document().active_element();
            let is_at = |form: &Element| form.contains(active.as_deref());
            if let Some(form) = form.cast::<Element>().filter(|form| !is_at(form)) {
                form.set_scroll_top(0);
            }
        });
    }
    let groups = knobs::groups(&props.scenario).into_iter().map(|group| {
        let of = if group.design.is_some() { "design " } else { "" };
        let key = format!("{of}{}", group.title);
        html! {
            <Grouped {key} {group} {beside} preset={props.of.0} refused={props.refused.clone()} called={props.called.clone()} act={props.act.clone()} />
        }
    });
    html! {
        <aside ref={form} id={FORM} class={classes!("rail", props.open.then_some("open"))} aria-labelledby="assumptions"
            tabindex={if props.broken { "0" } else { "-1" }}>
            <header>
                <h2 id="assumptions">{ "Assumptions" }</h2>
                <p class="hint">
                    { if props.broken { "Mend the scenario’s text first: the form cannot edit it now." }
                      else { "Every change runs at once." } }
                </p>
                <button type="button" class="icon-button" data-testid="assumptions-close" aria-label="Back to the results"
                    title="Back to the results (Esc)" onclick={props.close.reform(|_: MouseEvent| ())}>{ icons::cross() }</button>
            </header>
            <fieldset disabled={props.broken} aria-label="Assumptions">{ for groups }</fieldset>
        </aside>
    }
}

#[derive(PartialEq, Properties)]
struct GroupedProps {
    group: Group,
    preset: &'static str,
    /// Whether there is room for all of it.
    beside: bool,
    refused: Option<(String, Rc<str>)>,
    called: Option<(Rc<str>, usize)>,
    act: Callback<Action>,
}

/// Knobs that belong together. What was short when it came stays open when more comes into it.
#[component]
fn Grouped(props: &GroupedProps) -> Html {
    let Group {
        title,
        design,
        sections,
    } = &props.group;
    let open = *use_state(|| props.beside || (design.is_none() && sections.len() == 1));
    let parts = sections.iter().map(|section| {
        // What a part is called may change while it is at hand.
        let key = match (&section.part, &section.adds) {
            (Some(part), _) => format!("{} {}", part.pointer(), part.is_rest),
            (None, Some(adds)) => adds.list.clone(),
            (None, None) => section.title.clone(),
        };
        html! {
            <Shown {key} section={section.clone()} preset={props.preset} refused={props.refused.clone()} called={props.called.clone()}
                act={props.act.clone()} />
        }
    });
    html! {
        <details class="group" data-group={design.map(|design| design.to_string())} {open}>
            <summary>{ for design.map(icons::marker) }<h3>{ title }</h3></summary>
            { for parts }
        </details>
    }
}

#[derive(PartialEq, Properties)]
struct ShownProps {
    section: Section,
    preset: &'static str,
    refused: Option<(String, Rc<str>)>,
    called: Option<(Rc<str>, usize)>,
    act: Callback<Action>,
}

/// Brings a design's knobs to the top of the form; the line that opens and closes them.
pub(super) fn show(design: usize) -> Option<HtmlElement> {
    let form = gloo::utils::document().get_element_by_id(FORM)?;
    let find = |what: &str| form.query_selector(what).ok().flatten();
    let group = find(&format!("[data-group='{design}']"))?;
    let summary = group.first_element_child()?;
    let _ = group.set_attribute("open", "");
    // The page itself stays where it is. On a sheet the head of the form stays over what is scrolled.
    let top = |of: &Element| of.get_bounding_client_rect().top();
    let head = find("header").filter(|_| !theme::matches(BESIDE));
    let head = head.map_or(0.0, |head| head.get_bounding_client_rect().height());
    let by = top(&summary) - top(&form) - head - GAP;
    form.set_scroll_top(form.scroll_top() + by as i32);
    summary.dyn_into().ok()
}

/// A part of a group. What is as usual is closed, until it is set.
#[component]
fn Shown(props: &ShownProps) -> Html {
    let Section {
        title,
        is_set,
        knobs,
        part,
        adds,
    } = &props.section;
    let part = part.as_ref().filter(|part| !part.is_rest);
    let called = |at: &str| {
        let called = props.called.as_ref();
        called.filter(|(of, _)| **of == *at).map(|(_, text)| *text)
    };
    let summary = use_node_ref();
    {
        let summary = summary.clone();
        let called = part.and_then(|part| called(&part.pointer()));
        use_effect_with(called, move |called| {
            if let Some(summary) = summary.cast::<HtmlElement>().filter(|_| called.is_some()) {
                let _ = summary.focus();
            }
        });
    }
    let opened = use_state(|| *is_set);
    if *is_set && !*opened {
        opened.set(true);
    }
    let open = *opened;
    let rows = knobs.iter().map(|knob| {
        let refused = props.refused.as_ref().filter(|(field, _)| *field == knob.pointer);
        let refused = refused.map(|(_, why)| Rc::clone(why));
        html! { <Row key={knob.pointer.clone()} knob={knob.clone()} preset={props.preset} {refused} act={props.act.clone()} /> }
    });
    let why = |at: &str| {
        let refused = props.refused.as_ref();
        refused
            .filter(|(field, _)| field == at)
            .map(|(_, why)| Rc::clone(why))
    };
    let adder = adds.as_ref().map(|adds| {
        html! {
            <Adder adds={adds.clone()} refused={why(&adds.list)} called={called(&adds.list)} act={props.act.clone()} />
        }
    });
    if title.is_empty() {
        return html! { <>{ for rows }{ adder }</> };
    }
    let remover = part.map(|part| remover(part, why(&part.pointer()), &props.act));
    html! {
        <details class="part" {open}>
            <summary ref={summary}><h4>{ title }</h4></summary>
            { for rows }
            { adder }
            { remover }
        </details>
    }
}

/// Takes a part out, or says why that cannot be.
fn remover(part: &Part, refused: Option<Rc<str>>, act: &Callback<Action>) -> Html {
    let Part { noun, name, .. } = part;
    let removal = part.removal();
    let remove = act.reform(move |_: MouseEvent| Action::part(removal.clone()));
    html! {
        <div class="remover">
            <button type="button" class="quiet" data-testid="remove-part" data-part={part.pointer()}
                aria-label={format!("Remove this {noun}: {name}")} onclick={remove}>
                { icons::cross() }{ format!("Remove this {noun}") }
            </button>
            if let Some(why) = refused { <p class="problem" role="alert">{ &*why }</p> }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct AdderProps {
    adds: Adds,
    refused: Option<Rc<str>>,
    called: Option<usize>,
    act: Callback<Action>,
}

/// Adds to a list: what, is chosen from a menu.
#[component]
fn Adder(props: &AdderProps) -> Html {
    let Adds { list, noun, kinds } = &props.adds;
    let items = kinds.iter().map(|kind| {
        let (label, says) = (kind.label, kind.says);
        let (list, kind) = (list.clone(), kind.clone());
        let act = props.act.reform(move |()| Action::Add {
            list: list.clone(),
            kind: kind.clone(),
        });
        Item {
            label,
            says,
            can: true,
            act,
        }
    });
    let label = format!("Add {noun}");
    let face = html! { <>{ icons::plus() }{ &label }</> };
    html! {
        <div class="adder" data-testid="add-part" data-list={list.clone()}>
            <Menu {label} testid="add-part-menu" items={items.collect::<Vec<_>>()} {face} called={props.called} />
            if let Some(why) = &props.refused { <p class="problem" role="alert">{ &**why }</p> }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    knob: Knob,
    /// The preset that the scenario came of.
    preset: &'static str,
    /// Why the scenario would make no sense with what was set.
    refused: Option<Rc<str>>,
    act: Callback<Action>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let knob = &props.knob;
    // What was typed that is none, and why.
    let problem = use_state_eq(|| None::<(String, String)>);
    // What it was last set to here; it stands in its field as long as the scenario refuses it.
    let asked = use_state_eq(|| None::<String>);
    let written = knob.input.written();
    {
        // Set elsewhere, it is what it is set to.
        let (problem, asked) = (problem.setter(), asked.setter());
        use_effect_with((written.clone(), props.preset), move |_| {
            problem.set(None);
            asked.set(None);
        });
    }
    let list = use_chosen(match &knob.input {
        Input::Choice { chosen, .. } => chosen.to_string().into(),
        _ => AttrValue::default(),
    });
    let id = format!("knob{}", knob.pointer.replace('/', "-"));
    let take = {
        let (knob, act) = (knob.clone(), props.act.clone());
        let (problem, asked) = (problem.clone(), asked.setter());
        move |typed: String| match knob.action(&typed) {
            Ok(action) => {
                problem.set(None);
                asked.set(Some(typed));
                act.emit(action);
            }
            Err(message) => problem.set(Some((typed, message))),
        }
    };
    let settle = props.act.reform(|_: Event| Action::Settle);
    let told = use_state(|| false);
    let tell = {
        let told = told.clone();
        Callback::from(move |_: MouseEvent| told.set(!*told))
    };
    let refused = props.refused.as_deref().map(str::to_owned);
    let untell = {
        let told = told.clone();
        Callback::from(move |event: KeyboardEvent| {
            if *told && event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                told.set(false);
            }
        })
    };
    let (typed, said) = (*problem).clone().unzip();
    let asked = (*asked).clone().filter(|_| refused.is_some());
    let typed = typed.or(asked);
    let said = said.or(refused);
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
                html! { <option value={index.to_string()} selected={index == *chosen}>{ &**label }</option> }
            });
            html! { <select ref={list} id={id.clone()} onchange={choose}>{ for options }</select> }
        }
        Input::Several { options } => {
            let boxes = options.iter().enumerate().map(|(at, (name, _, on))| {
                let (take, input) = (take.clone(), knob.input.clone());
                let flip = Callback::from(move |event: Event| {
                    let flipped: HtmlInputElement = event.target_unchecked_into();
                    take(input.flipped(at, flipped.checked()));
                });
                html! { <label><input type="checkbox" checked={*on} onchange={flip} />{ *name }</label> }
            });
            html! { <div class="several" id={id.clone()} role="group" aria-label={knob.label}>{ for boxes }</div> }
        }
        input => {
            let shown = typed.unwrap_or(written);
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
                        <input id={id.clone()} value={shown} onchange={typed}
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
        Input::Text { is_name: true, .. } => Some("name"),
        Input::Text { .. } | Input::Several { .. } => Some("words"),
        _ => None,
    };
    html! {
        <div class={classes!("knob", kind)} onkeydown={untell}>
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
