//! The list of scenarios: each with its question and whether it has a talk. What is typed narrows it down.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use super::select::use_chosen;
use crate::app::about::{self, About};
use crate::app::state::Action;
use crate::scenario::presets::{self, Preset};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// The preset that the page's scenario started from.
    pub(super) preset: &'static Preset,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn Scenarios(props: &Props) -> Html {
    let list = use_chosen(props.preset.name.into());
    let field = use_node_ref();
    let typed = use_state_eq(String::new);
    // Keys may come faster than the page is drawn for them.
    let latest = use_mut_ref(String::new);
    let search = {
        let (field, typed, latest) = (field.clone(), typed.setter(), latest.clone());
        move |next: String| {
            if let Some(field) = field
                .cast::<HtmlInputElement>()
                .filter(|field| field.value() != next)
            {
                field.set_value(&next);
            }
            latest.replace(next.clone());
            typed.set(next);
        }
    };
    let open = {
        let (act, search) = (props.act.clone(), search.clone());
        move |name: &str| {
            search(String::new());
            if let Some(preset) = presets::by_name(name) {
                // What is asked there stands on top.
                gloo::utils::window().scroll_to_with_x_and_y(0.0, 0.0);
                act.emit(Action::Open(preset));
            }
        }
    };
    let chosen = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            // The field says by the same event that it was typed into.
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                open(&select.value());
            }
        })
    };
    let write = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                search(field.value());
            }
        })
    };
    let press = {
        let (list, field, latest, search) =
            (list.clone(), field.clone(), latest.clone(), search.clone());
        let own = props.preset.name;
        Callback::from(move |event: KeyboardEvent| {
            let has_control = event.ctrl_key() || event.meta_key() || event.alt_key();
            // Where lists cannot be styled, they find by a title's first letters, by themselves.
            let Some(is_open) = is_open(&list).filter(|_| !has_control) else {
                return;
            };
            let at = event.target_dyn_into::<HtmlOptionElement>();
            let is_typing = event.target_dyn_into::<HtmlInputElement>().is_some();
            let sought = latest.borrow().clone();
            match event.key().as_str() {
                "Escape" if is_open && !sought.is_empty() => {
                    search(String::new());
                    focus(field.cast());
                }
                "Enter" if is_typing => {
                    let marked = marked(&list, &sought, own).filter(|marked| marked.value() != own);
                    shut(&list);
                    search(String::new());
                    if let Some(marked) = marked {
                        open(&marked.value());
                    }
                }
                "ArrowDown" if is_typing => {
                    let marked = marked(&list, &sought, own);
                    let next = marked.as_ref().and_then(|marked| beside(&list, marked, 1));
                    focus(next.or(marked).map(Into::into));
                }
                "ArrowUp" if is_typing => {
                    let marked = marked(&list, &sought, own);
                    focus(
                        marked
                            .as_ref()
                            .and_then(|marked| beside(&list, marked, -1))
                            .map(Into::into),
                    );
                }
                "ArrowUp"
                    if at
                        .as_ref()
                        .is_some_and(|at| beside(&list, at, -1).is_none()) =>
                {
                    focus(field.cast())
                }
                "Backspace" if !is_typing && is_open && !sought.is_empty() => {
                    let mut shorter = sought;
                    shorter.pop();
                    search(shorter);
                    focus(field.cast());
                }
                // By itself it opens the list, or chooses.
                " " => return,
                key if !is_typing && key.chars().count() == 1 => {
                    if !is_open {
                        show(&list);
                    }
                    search(sought + key);
                    focus(field.cast());
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    // Once the list is closed, the next search is a new one.
    let back = {
        let (list, search) = (list.clone(), search.clone());
        Callback::from(move |_: FocusEvent| {
            if !latest.borrow().is_empty() && is_open(&list) == Some(false) {
                search(String::new());
            }
        })
    };
    let clear = {
        let field = field.clone();
        Callback::from(move |_: MouseEvent| {
            search(String::new());
            focus(field.cast());
        })
    };
    // What the Enter key chooses is marked.
    let first = if typed.is_empty() {
        None
    } else {
        all().find(|about| about.is_found(&typed))
    };
    let option_of = |about: &About, says: &str| {
        html! {
            <option value={about.preset.name} class={classes!(first.is_some_and(|first| first.preset == about.preset).then_some("marked"))}
                selected={about.preset.name == props.preset.name} hidden={!about.is_found(&typed)}>
                <span class="name">{ &about.title }</span>
                if about.tells { <span class="tells"><span class="dash">{ " · " }</span>{ "talk" }</span> }
                <span class="dash">{ " – " }</span><span class="about">{ says }</span>
                <span class="dash">{ " – " }</span><span class="file">{ about.preset.name }</span>
            </option>
        }
    };
    let option = |about: &About| option_of(about, &about.question);
    let blank = about::blank().map(|about| {
        option_of(
            about,
            "Hotels, and one design that polls them: add your own",
        )
    });
    let groups = about::presets().chunk_by(|a, b| is_textbook(a.preset) == is_textbook(b.preset));
    let groups = groups.map(|group| {
        let label = if is_textbook(group[0].preset) {
            "Textbook: held against theory"
        } else {
            "Questions"
        };
        html! { <optgroup {label}>{ for group.iter().map(option) }</optgroup> }
    });
    let said = said(&typed);
    html! {
        <>
            <label class="field preset">
                <span>{ "Scenario" }</span>
                // Where lists can be styled, the button shows the title alone.
                <select ref={list} data-testid="preset" onchange={chosen} onkeydown={press} onfocusin={back.clone()} onfocusout={back}
                    title="Type to search: titles, questions, names">
                    <button><selectedcontent /></button>
                    <div class="seek">
                        <input ref={field} type="search" data-testid="preset-search" aria-label="Search the scenarios"
                            placeholder="Search titles, questions, names" autocomplete="off" spellcheck="false" oninput={write} />
                        if first.is_none() && !typed.is_empty() {
                            <p class="none">
                                { &said }
                                <button type="button" class="quiet" data-testid="preset-clear" onclick={clear}>{ "Clear" }</button>
                            </p>
                        }
                    </div>
                    { for groups }
                    <optgroup label="From nothing">{ for blank }</optgroup>
                </select>
            </label>
            <span class="hidden" role="status" data-testid="preset-found">{ said }</span>
        </>
    }
}

/// All that there is to find.
fn all() -> impl Iterator<Item = &'static About> {
    about::presets().iter().chain(about::blank())
}

/// What is sought and how much of it there is, if anything is.
fn said(typed: &str) -> String {
    match all().filter(|about| about.is_found(typed)).count() {
        _ if typed.is_empty() => String::new(),
        0 => format!("No scenario has “{typed}”"),
        1 => format!("“{typed}”: 1 scenario"),
        many => format!("“{typed}”: {many} scenarios"),
    }
}

/// Whether a preset is there to be held against a closed form.
fn is_textbook(preset: &Preset) -> bool {
    preset.name.starts_with("textbook")
}

/// Whether the list is open, where that can be told.
fn is_open(list: &NodeRef) -> Option<bool> {
    list.cast::<HtmlElement>()?.matches(":open").ok()
}

/// Opens the list.
fn show(list: &NodeRef) {
    if let Some(list) = list.cast::<HtmlElement>() {
        let show = js_sys::Reflect::get(&list, &JsValue::from_str("showPicker"));
        let show = show
            .ok()
            .and_then(|show| show.dyn_into::<js_sys::Function>().ok());
        if let Some(show) = show {
            let _ = show.call0(&list);
        }
    }
}

/// Closes the list, for which there is no method: one that has another look has no list of ours.
fn shut(list: &NodeRef) {
    if let Some(list) = list.cast::<HtmlElement>() {
        let _ = list.style().set_property("appearance", "auto");
        // Laid out once as that.
        let _ = list.offset_width();
        let _ = list.style().remove_property("appearance");
        let _ = list.focus();
    }
}

/// The scenarios that are left, in their order.
fn left(list: &NodeRef) -> Vec<HtmlOptionElement> {
    let options = list.cast::<HtmlSelectElement>().map(|list| list.options());
    let options = options
        .iter()
        .flat_map(|of| (0..of.length()).filter_map(|at| of.item(at)));
    let options = options.filter_map(|option| option.dyn_into::<HtmlOptionElement>().ok());
    options.filter(|option| !option.hidden()).collect()
}

/// What the Enter key chooses: the first that is found, or else the one that is there.
fn marked(list: &NodeRef, sought: &str, own: &str) -> Option<HtmlOptionElement> {
    let mut left = left(list).into_iter();
    if sought.is_empty() {
        left.find(|option| option.value() == own)
    } else {
        // It may have been typed after the page was last drawn.
        let found = all().find(|about| about.is_found(sought))?;
        left.find(|option| option.value() == found.preset.name)
    }
}

/// The scenario that is left so many places away.
fn beside(list: &NodeRef, option: &HtmlOptionElement, by: isize) -> Option<HtmlOptionElement> {
    let left = left(list);
    let at = left.iter().position(|other| other == option)?;
    left.get(at.checked_add_signed(by)?).cloned()
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}
