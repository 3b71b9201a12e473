//! A link that holds the scenario, and a file for where links are too short.

use gloo::utils::window;
use web_sys::{FocusEvent, HtmlInputElement};
use yew::prelude::*;

use super::copy::Copy;
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
            said.set(if save_scenario(&name, &text) {
                "Saved as a file."
            } else {
                "The file could not be made."
            });
        })
    };
    let links = match &link {
        Ok(link) => {
            let copied = {
                let said = said.setter();
                Callback::from(move |well: bool| said.set(if well { "Copied." } else { BY_HAND }))
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
                        <Copy class="primary" testid="share-copy" text={link.clone()} label="Copy link" done={copied} />
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
            <p>{ "The link holds the whole scenario, comments included. Nothing is sent to any server: the part after # never leaves the browser." }</p>
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

/// Saves a scenario's text as a file of this name; whether it could be made.
pub(super) fn save_scenario(name: &str, text: &str) -> bool {
    download::save(name, "application/json", text.to_owned()).is_some()
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
