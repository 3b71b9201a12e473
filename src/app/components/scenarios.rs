//! The list of scenarios: each with its question and whether it has a talk. What is typed narrows it down.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlSelectElement, KeyboardEvent};
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

/// What is sought: as far as it is found, and what was typed beyond that.
#[derive(Debug, Clone, PartialEq, Default)]
struct Sought {
    found: String,
    beyond: String,
}

#[component]
pub(super) fn Scenarios(props: &Props) -> Html {
    let list = use_chosen(props.preset.name.into());
    let sought = use_state_eq(Sought::default);
    // Keys may come faster than the page is drawn for them.
    let latest = use_mut_ref(Sought::default);
    let seek_for = {
        let (sought, latest) = (sought.setter(), latest.clone());
        move |next: Sought| {
            latest.replace(next.clone());
            sought.set(next);
        }
    };
    {
        let list = list.clone();
        // What had the focus may be hidden now.
        use_effect_with(sought.found.clone(), move |found| {
            if !found.is_empty() {
                show_first(&list);
            }
        });
    }
    let open = {
        let (act, seek_for) = (props.act.clone(), seek_for.clone());
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            seek_for(Sought::default());
            if let Some(preset) = presets::by_name(&select.value()) {
                // What is asked there stands on top.
                gloo::utils::window().scroll_to_with_x_and_y(0.0, 0.0);
                act.emit(Action::Open(preset));
            }
        })
    };
    let seek = {
        let (list, latest, seek_for) = (list.clone(), latest.clone(), seek_for.clone());
        Callback::from(move |event: KeyboardEvent| {
            let has_control = event.ctrl_key() || event.meta_key() || event.alt_key();
            // Where lists cannot be styled, they find by a title's first letters, by themselves.
            let Some(is_open) = is_open(&list).filter(|_| !has_control) else {
                return;
            };
            let key = event.key();
            let mut next = latest.borrow().clone();
            match key.as_str() {
                "Escape" | "Enter" | "Tab" => {
                    seek_for(Sought::default());
                    return;
                }
                "Backspace" if next.is_any() => next.shorten(),
                // By itself it opens the list, or chooses.
                " " if !next.is_any() => return,
                _ if key.chars().count() == 1 => next.lengthen(&key),
                _ => return,
            }
            event.prevent_default();
            if !is_open {
                show(&list);
            }
            seek_for(next);
        })
    };
    // Once the list is closed, the next search is a new one.
    let back = {
        let list = list.clone();
        Callback::from(move |_: FocusEvent| {
            if latest.borrow().is_any() && is_open(&list) == Some(false) {
                seek_for(Sought::default());
            }
        })
    };
    // Where nothing has it, all are there to choose from.
    let found = about::found(if sought.beyond.is_empty() {
        &sought.found
    } else {
        ""
    });
    let option_of = |about: &About, says: &str| {
        html! {
            <option value={about.preset.name} selected={about.preset.name == props.preset.name} hidden={!found.contains(&about.preset.name)}>
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
    let said = sought.said();
    html! {
        <>
            <label class="field preset">
                <span>{ "Scenario" }</span>
                // Where lists can be styled, the button shows the title alone.
                <select ref={list} data-testid="preset" onchange={open} onkeydown={seek} onfocusin={back}
                    title="Type to search: titles, questions, names">
                    <button><selectedcontent /></button>
                    <div class="seek" aria-hidden="true">{ said.clone().unwrap_or_else(|| "Type to search".to_owned()) }</div>
                    { for groups }
                    <optgroup label="From nothing">{ for blank }</optgroup>
                </select>
            </label>
            <span class="hidden" role="status" data-testid="preset-found">{ said.unwrap_or_default() }</span>
        </>
    }
}

impl Sought {
    fn is_any(&self) -> bool {
        !self.found.is_empty() || !self.beyond.is_empty()
    }

    fn typed(&self) -> String {
        format!("{}{}", self.found, self.beyond)
    }

    fn lengthen(&mut self, key: &str) {
        self.beyond.push_str(key);
        let typed = self.typed();
        // A list of nothing would leave nothing to go back from.
        if count(&typed) > 0 {
            *self = Self {
                found: typed,
                beyond: String::new(),
            };
        }
    }

    fn shorten(&mut self) {
        if self.beyond.pop().is_none() {
            self.found.pop();
        }
    }

    /// What is sought and how much of it there is, if anything is.
    fn said(&self) -> Option<String> {
        let typed = self.typed();
        Some(match count(&typed) {
            _ if typed.is_empty() => return None,
            0 => format!("No scenario with “{typed}”"),
            1 => format!("“{typed}”: 1 scenario"),
            many => format!("“{typed}”: {many} scenarios"),
        })
    }
}

/// How many scenarios have what is sought.
fn count(sought: &str) -> usize {
    about::found(sought).len()
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

/// Moves the focus to the first scenario that is left.
fn show_first(list: &NodeRef) {
    let first = list.cast::<HtmlElement>();
    let first = first.and_then(|list| list.query_selector("option:not([hidden])").ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        let _ = first.focus();
    }
}
