//! Help: the keys, the words, the model and its limits, where the defaults come from.

use std::rc::Rc;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::board::title;
use super::header::focus;
use super::icons;
use super::modal::Modal;
use crate::app::keys::{Keys, PLACES, TALK};
use crate::app::manual::{self, Part, Piece};
use crate::app::storage;
use crate::measure::metrics::METRICS;
use crate::measure::values::AUDIT_METRICS;
use crate::report::glossary::{self, TERMS};
use crate::scenario::Scenario;

/// Whether `?` opens the help is kept here: who dictates or types by accident may turn it off.
const KEY: &str = "stayfresh.question-mark";

/// Whether a `?` asks for help: it is not typed into something, and nothing lies over the page.
pub(super) fn is_wanted(event: &web_sys::Event) -> bool {
    const TYPED: &str = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]";
    let target = event.target();
    let target = target.and_then(|target| target.dyn_into::<Element>().ok());
    let is_typed = target.is_some_and(|target| target.closest(TYPED).ok().flatten().is_some());
    let is_covered = document().query_selector("dialog[open]").ok().flatten();
    !is_typed && is_covered.is_none() && storage::get(KEY).unwrap_or(true)
}

/// What the help is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Keys,
    Words,
    Model,
    Defaults,
}

impl Page {
    const ALL: [Self; 4] = [Self::Keys, Self::Words, Self::Model, Self::Defaults];

    fn name(self) -> &'static str {
        match self {
            Self::Keys => "Keys",
            Self::Words => "Words",
            Self::Model => "Model and limits",
            Self::Defaults => "Defaults",
        }
    }

    /// Its tab's id.
    fn id(self) -> &'static str {
        match self {
            Self::Keys => "help-keys",
            Self::Words => "help-words",
            Self::Model => "help-model",
            Self::Defaults => "help-defaults",
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) scenario: Rc<Scenario>,
    pub(super) close: Callback<()>,
    /// The reader wants the tour.
    pub(super) tour: Callback<()>,
}

#[component]
pub(super) fn Help(props: &Props) -> Html {
    let page = use_state(|| Page::Keys);
    let tour = {
        let (close, tour) = (props.close.clone(), props.tour.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            tour.emit(());
        })
    };
    let turn = {
        let page = page.clone();
        Callback::from(move |event: KeyboardEvent| {
            let all = Page::ALL;
            let at = all.iter().position(|other| *other == *page).unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => (at + 1) % all.len(),
                "ArrowLeft" | "ArrowUp" => (at + all.len() - 1) % all.len(),
                "Home" => 0,
                "End" => all.len() - 1,
                _ => return,
            };
            event.prevent_default();
            page.set(all[next]);
            focus(all[next].id());
        })
    };
    let tabs = Page::ALL.into_iter().map(|of| {
        let is_on = of == *page;
        let open = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.set(of))
        };
        html! {
            <button type="button" role="tab" id={of.id()} aria-selected={is_on.to_string()} aria-controls="help-page"
                tabindex={if is_on { "0" } else { "-1" }} onclick={open} autofocus={is_on}>{ of.name() }</button>
        }
    });
    let shown = match *page {
        Page::Keys => html! { <KeyList /> },
        Page::Words => html! { <Words /> },
        Page::Model => model(),
        Page::Defaults => defaults(),
    };
    html! {
        <Modal class="window help" testid="help-dialog" label="Help" close={props.close.clone()}>
            <header>
                <h2>{ "Help" }</h2>
                <button type="button" class="secondary small" data-testid="help-tour" onclick={tour}>{ "Take the tour" }</button>
                <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" data-testid="help-close"
                    onclick={props.close.reform(|_: MouseEvent| ())}>{ icons::cross() }</button>
            </header>
            <div class="help-tabs" role="tablist" aria-label="Help" onkeydown={turn}>{ for tabs }</div>
            <div class="help-page" id="help-page" key={page.id()} role="tabpanel" aria-labelledby={page.id()} tabindex="0"
                data-testid="help-page" data-page={page.id()}>{ shown }</div>
        </Modal>
    }
}

/// Keys, place by place.
#[component]
fn KeyList() -> Html {
    let on = use_state(|| storage::get(KEY).unwrap_or(true));
    let flip = {
        let on = on.clone();
        Callback::from(move |event: Event| {
            let switch: HtmlInputElement = event.target_unchecked_into();
            storage::set(KEY, &switch.checked());
            on.set(switch.checked());
        })
    };
    let row = |keys: &Keys| {
        let caps = keys.keys.iter().map(|key| html! { <kbd>{ *key }</kbd> });
        html! { <div><dt>{ for caps }</dt><dd>{ keys.does }</dd></div> }
    };
    let places = PLACES.iter().map(|place| {
        let rows = place.keys.iter().map(row);
        html! { <section><h3>{ place.name }</h3><dl class="help-keys">{ for rows }</dl></section> }
    });
    let of_talk = TALK.iter().map(|told| row(&told.listed));
    html! {
        <>
            <div class="help-places">
                { for places }
                <section>
                    <h3>{ "In a talk" }</h3>
                    <dl class="help-keys">{ for of_talk }</dl>
                    <p class="fine">{ "Presenters' remotes send Page Up and Page Down." }</p>
                </section>
            </div>
            <label class="help-switch"><input type="checkbox" role="switch" checked={*on} onchange={flip} data-testid="help-switch" />
                { "The ? key opens this help" }</label>
        </>
    }
}

/// The words and the metrics, as far as they are looked for.
#[component]
fn Words() -> Html {
    let query = use_state(String::new);
    let search = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            query.set(input.value());
        })
    };
    let is_found = |name: &str, meaning: &str| glossary::is_found(&query, name, meaning);
    let row = |name: Html, meaning: &'static str| html! { <div><dt>{ name }</dt><dd>{ meaning }</dd></div> };
    let terms = TERMS
        .iter()
        .filter(|term| is_found(term.word, term.meaning));
    let terms: Vec<Html> = terms
        .map(|term| row(html! { term.word }, term.meaning))
        .collect();
    let metrics = METRICS.iter();
    let metrics = metrics.map(|metric| (title(metric), metric.key, metric.meaning));
    let of_audits = AUDIT_METRICS.iter();
    let of_audits = of_audits.map(|metric| {
        (
            format!("{}, of an audit", metric.title),
            metric.key,
            metric.meaning,
        )
    });
    let metrics = metrics.chain(of_audits);
    let metrics = metrics.filter(|(name, _, meaning)| is_found(name, meaning));
    let metrics: Vec<Html> = metrics
        .map(|(name, key, meaning)| row(html! { <>{ name }<code>{ key }</code></> }, meaning))
        .collect();
    let said = match terms.len() + metrics.len() {
        0 => "Nothing is called that here, and no meaning has it.".to_owned(),
        1 => "1 found".to_owned(),
        count => format!("{count} found"),
    };
    html! {
        <>
            <label class="help-search"><span>{ "Find a word" }</span>
                <input type="search" value={(*query).clone()} oninput={search} autocomplete="off" spellcheck="false" data-testid="help-search" />
                <small role="status" data-testid="help-found">{ (!query.trim().is_empty()).then_some(said) }</small>
            </label>
            if !terms.is_empty() { <h3>{ "Words" }</h3><dl class="help-words">{ for terms }</dl> }
            if !metrics.is_empty() { <h3>{ "Metrics" }</h3><dl class="help-words">{ for metrics }</dl> }
        </>
    }
}

/// The model and its limits.
fn model() -> Html {
    let pieces = |line: &'static str| {
        let pieces = manual::pieces(line).into_iter().map(|piece| match piece {
            Piece::Plain(text) => html! { text },
            Piece::Strong(text) => html! { <b>{ text }</b> },
            Piece::Code(text) => html! { <code>{ text }</code> },
        });
        html! { <>{ for pieces }</> }
    };
    let parts: Vec<Part<'static>> = manual::model().collect();
    let runs = parts.chunk_by(|a, b| matches!((a, b), (Part::Item(_), Part::Item(_))));
    let shown = runs.map(|run| match run[0] {
        Part::Heading(line) => html! { <h3>{ pieces(line) }</h3> },
        Part::Paragraph(line) => html! { <p>{ pieces(line) }</p> },
        Part::Item(_) => {
            let items = run.iter().map(|part| {
                let (Part::Heading(line) | Part::Paragraph(line) | Part::Item(line)) = part;
                html! { <li>{ pieces(line) }</li> }
            });
            html! { <ul>{ for items }</ul> }
        }
    });
    html! { <div class="help-model">{ for shown }</div> }
}

/// Where the defaults come from.
fn defaults() -> Html {
    let all = manual::defaults();
    let parts = all.chunk_by(|a, b| a.of == b.of).map(|part| {
        let rows = part.iter().map(|default| {
            html! { <tr><th scope="row"><code>{ &default.key }</code><small>{ &default.what }</small></th><td>{ &default.value }</td><td class="help-from">{ &default.from }</td></tr> }
        });
        let title = part.first().map(|default| default.of.clone());
        html! { <tbody><tr class="group"><th scope="rowgroup" colspan="3">{ title }</th></tr>{ for rows }</tbody> }
    });
    html! {
        <>
            <p>{ "What holds unless a scenario says otherwise. Every value of a scenario may say where it comes from: measured, published or assumed." }</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Defaults, table">
                <table class="help-defaults">
                    <thead><tr><th scope="col">{ "Default" }</th><th scope="col">{ "Value" }</th><th scope="col">{ "Where it comes from" }</th></tr></thead>
                    { for parts }
                </table>
            </div>
        </>
    }
}
