//! A link that holds the scenario, and a file for where links are too short.

use gloo::utils::window;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{FocusEvent, HtmlInputElement};
use yew::prelude::*;

use super::download;
use super::modal::Modal;
use crate::app::share::{self, BROWSERS_BEAR, CHATS_BEAR, Sharer};
use crate::app::state::State;
use crate::report::human;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) state: State,
    pub(super) close: Callback<()>,
}

#[component]
pub(super) fn Share(props: &Props) -> Html {
    let state = &props.state;
    let said = use_state(|| "");
    let waiting = use_mut_ref(|| None::<[Closure<dyn FnMut(JsValue)>; 2]>);
    // Whole results of this very text.
    let found = state.shown.as_ref();
    let found = found.filter(|found| found.text == state.text && found.done == found.parts);
    let results = found.map(|found| found.results.results_hash.clone());
    let sharer = Sharer::here(&state.text, state.preset, results.clone());
    let link = share::encode(&state.text, &sharer).map(|fragment| format!("{}#{fragment}", here()));
    let save = {
        let (text, name) = (state.text.clone(), file_name(&state.scenario.title));
        let said = said.setter();
        Callback::from(move |_: MouseEvent| {
            let saved = download::save(&name, "application/json", text.to_string());
            said.set(if saved.is_some() {
                "Saved as a file."
            } else {
                "The file could not be made."
            });
        })
    };
    let links = match &link {
        Ok(link) => {
            let copy = {
                let (link, said) = (link.clone(), said.setter());
                Callback::from(move |_: MouseEvent| {
                    let (well, badly) = (said.clone(), said.clone());
                    let outcomes = [
                        Closure::<dyn FnMut(JsValue)>::new(move |_| well.set("Copied.")),
                        Closure::<dyn FnMut(JsValue)>::new(move |_| badly.set(BY_HAND)),
                    ];
                    match copied(&link) {
                        Some(promise) => {
                            let _ = promise.then2(&outcomes[0], &outcomes[1]);
                            *waiting.borrow_mut() = Some(outcomes);
                        }
                        None => said.set(BY_HAND),
                    }
                })
            };
            let select = Callback::from(|event: FocusEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                input.select();
            });
            let (class, word) = bears(link.len());
            html! {
                <>
                    <label class="link-field" for="share-link"><span>{ "Link" }</span>
                        <input id="share-link" data-testid="share-link" readonly=true value={link.clone()} onfocus={select} />
                    </label>
                    <p class={classes!("length", class)} data-testid="share-length">
                        <b>{ format!("{} characters", human::whole(link.len() as u64)) }</b>{ word }
                    </p>
                    <div class="go">
                        <button class="primary" data-testid="share-copy" onclick={copy}>{ "Copy link" }</button>
                        <button class="secondary" data-testid="share-file" onclick={save}>{ "Save as file" }</button>
                        <span role="status" data-testid="share-said">{ *said }</span>
                    </div>
                </>
            }
        }
        Err(unreadable) => html! {
            <>
                <p class="length long" role="alert">{ unreadable.to_string() }</p>
                <div class="go">
                    <button class="primary" data-testid="share-file" onclick={save}>{ "Save as file" }</button>
                    <span role="status" data-testid="share-said">{ *said }</span>
                </div>
            </>
        },
    };
    let numbers = match &results {
        Some(hash) => html! {
            <>{ "With it goes the hash of your results, " }<code>{ hash }</code>{ ": whoever opens it is told whether their numbers are the same." }</>
        },
        None => html! {
            { "The run is not done, so no hash of results goes with it: whoever opens it is not told whether their numbers are the same." }
        },
    };
    html! {
        <Modal class="window" testid="share-dialog" label="Share this scenario" close={props.close.clone()}>
            <header>
                <h2>{ "Share this scenario" }</h2>
                <button class="icon-button" aria-label="Close" title="Close (Esc)" data-testid="share-close"
                    onclick={props.close.reform(|_: MouseEvent| ())}>{ super::icons::cross() }</button>
            </header>
            <p>{ "The link holds the whole scenario, comments included. Nothing is sent to any server: browsers keep to themselves what stands after #." }</p>
            { links }
            <p class="fine">{ numbers }</p>
        </Modal>
    }
}

const BY_HAND: &str = "This browser does not let the page copy: select the link and copy it.";

/// Who bears a link of this length.
fn bears(length: usize) -> (&'static str, &'static str) {
    if length <= CHATS_BEAR {
        ("short", ": short enough for chats and mail.")
    } else if length <= BROWSERS_BEAR {
        (
            "middling",
            ": some chat tools cut links above 2,000. Try it where you want to send it, or send the file.",
        )
    } else {
        (
            "long",
            ": longer than the 8,000 that all browsers and servers bear. Better send the file.",
        )
    }
}

/// The page's address, without what it asks for.
pub(super) fn here() -> String {
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    // A page from a disk has no origin.
    match origin.as_str() {
        "null" => format!("file://{path}"),
        _ => format!("{origin}{path}"),
    }
}

/// Puts a text into the clipboard, if there is one that the page may use.
fn copied(text: &str) -> Option<js_sys::Promise> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    let clipboard = clipboard.dyn_into::<web_sys::Clipboard>().ok()?;
    Some(clipboard.write_text(text).unchecked_into())
}

/// A title as the name of a file.
pub(super) fn file_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .take(8)
        .collect();
    match words[..] {
        [] => "scenario.json".to_owned(),
        _ => format!("{}.json", words.join("-")),
    }
}
