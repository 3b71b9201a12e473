//! What outlives a visit: the scenario in the browser's storage, the talk's step in the address.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::app::address::{self, Address};
use crate::app::kept::{KEY, Kept};
use crate::app::share;
use crate::app::state::State;
use crate::app::storage;

/// What was typed or moved is kept this soon, in milliseconds.
const SOON: u32 = 400;

/// The address of the page as it is now.
pub(super) fn address() -> Address {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    Address::of(&query, &location.hash().unwrap_or_default())
}

/// Keeps the scenario; whether the browser does keep it.
#[hook]
pub(super) fn use_autosave(state: &State, is_on: bool) -> bool {
    let keeps = use_state(|| true);
    let latest = use_mut_ref(|| None::<Kept>);
    let is_due = use_mut_ref(|| false);
    // The hash of the text is as good as the text.
    let now = (state.text.clone(), state.preset.name, is_on);
    let kept = is_on.then(|| Kept::of(state)).flatten();
    let set = keeps.setter();
    // What the tab began with is its own, and not yet for tabs to come: another may have worked on meanwhile.
    let began = use_mut_ref(|| None);
    let is_changed = use_mut_ref(|| false);
    use_effect_with(now, move |(text, preset, is_on)| {
        let now = (text.clone(), *preset);
        let is_as_it_began = *began.borrow_mut().get_or_insert_with(|| now.clone()) == now;
        *is_changed.borrow_mut() |= !is_as_it_began;
        if !is_on {
            return;
        }
        *latest.borrow_mut() = kept;
        if std::mem::replace(&mut *is_due.borrow_mut(), true) {
            return;
        }
        Timeout::new(SOON, move || {
            *is_due.borrow_mut() = false;
            let kept = latest.borrow();
            storage::set_own(KEY, kept.as_ref());
            let can_keep = storage::set(TRIED, &true);
            set.set(match &*kept {
                _ if !*is_changed.borrow() => can_keep,
                Some(kept) => storage::set(KEY, kept),
                None => {
                    storage::forget(KEY);
                    can_keep
                }
            });
        })
        .forget();
    });
    *keeps
}

/// Where it is tried whether anything can be kept.
const TRIED: &str = "stayfresh.tried";

/// Writes the talk's step into the address, and takes out a link that is no longer what the page shows. Another
/// link or step in the address opens the page anew.
#[hook]
pub(super) fn use_address(state: &State) {
    let is_as_shared = state
        .shared
        .as_ref()
        .is_some_and(|sharer| sharer.is_of(&state.text));
    let at = state.talk.as_ref().map(|talk| talk.at);
    let preset = (!state.edited()).then_some(state.preset);
    use_effect_with((at, preset, is_as_shared), |(at, preset, is_as_shared)| {
        let fragment = window().location().hash().unwrap_or_default();
        let fragment = fragment.trim_start_matches('#');
        let wanted = match at {
            Some(at) => address::of_step(*at, *preset),
            None if share::is_meant(fragment) && *is_as_shared => return,
            None if share::is_meant(fragment) || fragment.starts_with("talk.") => String::new(),
            None => return,
        };
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let query = location.search().unwrap_or_default();
        if let Ok(history) = window().history() {
            let address = format!("{path}{query}{wanted}");
            // On a page from a disk some browsers forbid it; then a reload begins at the first step.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    });
    use_effect_with((), |()| {
        let listener = EventListener::new(&window(), "hashchange", |_| {
            let asked = address();
            if asked.shared.is_some() || asked.talk.is_some() {
                let _ = window().location().reload();
            }
        });
        move || drop(listener)
    });
}
