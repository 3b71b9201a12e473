//! Words that explain themselves: a button with dots under it, and one bubble for all of them, which opens on
//! pointing and on pressing, can be pointed at, stays until it is closed, and goes with Escape.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use gloo::utils::{document, document_element, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::report::glossary::Term;

/// The bubble's id.
const BUBBLE: &str = "tip";
/// Whoever rests on a word so long, in milliseconds, wants to know; whoever passes does not.
const REST: u32 = 350;
/// The bubble stays so long after the pointer has left, so that it can be reached.
const LEAVE: u32 = 250;
/// Between a word and its bubble, in CSS pixels.
const GAP: f64 = 6.0;
/// Between the bubble and the window's edges.
const EDGE: f64 = 8.0;

/// A word of the glossary that explains itself.
pub(super) fn term(term: Term, shown: &str) -> Html {
    word(term.word, term.meaning, shown)
}

/// Anything that explains itself: a name, what it means, and what is shown.
pub(super) fn word(name: &str, meaning: &str, shown: &str) -> Html {
    html! {
        <button type="button" class="tip-word" data-word={name.to_owned()} data-meaning={meaning.to_owned()}
            aria-expanded="false">{ shown }</button>
    }
}

/// What is open: a word, where, and whether it was pressed.
#[derive(Clone, PartialEq)]
struct Open {
    of: HtmlElement,
    is_pinned: bool,
}

/// The bubble.
#[component]
pub(super) fn Tips() -> Html {
    let open = use_state(|| None::<Open>);
    let bubble = use_node_ref();
    use_pointing(open.setter());
    let said = |name| open.as_ref().and_then(|open| open.of.get_attribute(name));
    let explained = said("data-word").zip(said("data-meaning"));
    {
        let (bubble, close) = (bubble.clone(), open.setter());
        use_effect_with((*open).clone(), move |open| {
            if let (Some(open), Some(bubble)) = (open, bubble.cast::<HtmlElement>()) {
                let _ = open
                    .of
                    .set_attribute("aria-expanded", &open.is_pinned.to_string());
                let _ = open.of.set_attribute("aria-describedby", BUBBLE);
                place(&bubble, &open.of);
            }
            let listeners = open.clone().map(|open| leave(open, close));
            let of = open.as_ref().map(|open| open.of.clone());
            move || {
                drop(listeners);
                if let Some(of) = of {
                    let _ = of.set_attribute("aria-expanded", "false");
                    let _ = of.remove_attribute("aria-describedby");
                }
            }
        });
    }
    html! {
        <div ref={bubble} id={BUBBLE} class={classes!("tip", explained.is_some().then_some("open"))} role="status" data-testid="tip">
            if let Some((name, meaning)) = explained {
                <b>{ name }</b><span>{ meaning }</span>
            }
        </div>
    }
}

/// Puts the bubble below its word, or above where there is no room, and inside the window.
fn place(bubble: &HtmlElement, word: &HtmlElement) {
    let root = document_element();
    let (across, down) = (
        f64::from(root.client_width()),
        f64::from(root.client_height()),
    );
    let (word, own) = (
        word.get_bounding_client_rect(),
        bubble.get_bounding_client_rect(),
    );
    let left = word.left().min(across - own.width() - EDGE).max(EDGE);
    let below = word.bottom() + GAP;
    let is_room = below + own.height() <= down - EDGE || word.top() < own.height() + GAP + EDGE;
    let top = if is_room {
        below
    } else {
        word.top() - own.height() - GAP
    };
    let style = bubble.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

/// The word that an event is about.
fn word_of(event: &web_sys::Event) -> Option<HtmlElement> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let word = element.closest("[data-word]").ok().flatten()?;
    word.dyn_into().ok()
}

/// Whether a word is open because it was pressed.
fn is_pinned_at(word: &HtmlElement) -> bool {
    word.get_attribute("aria-expanded").as_deref() == Some("true")
}

/// Opens the bubble: at once when a word is pressed, after a rest when it is pointed at.
#[hook]
fn use_pointing(set: UseStateSetter<Option<Open>>) {
    use_effect_with((), move |()| {
        let page = document();
        let pressed = {
            let set = set.clone();
            EventListener::new(&page, "click", move |event| {
                if let Some(of) = word_of(event) {
                    let is_pinned = true;
                    set.set((!is_pinned_at(&of)).then_some(Open { of, is_pinned }));
                }
            })
        };
        let resting = Rc::new(RefCell::new(None::<Timeout>));
        let pointed = {
            let resting = resting.clone();
            EventListener::new(&page, "pointerover", move |event| {
                let is_mouse = event
                    .dyn_ref::<PointerEvent>()
                    .is_some_and(|event| event.pointer_type() == "mouse");
                let of = word_of(event).filter(|_| is_mouse);
                *resting.borrow_mut() = of.map(|of| {
                    let set = set.clone();
                    Timeout::new(REST, move || {
                        if !is_pinned_at(&of) {
                            let is_pinned = false;
                            set.set(Some(Open { of, is_pinned }));
                        }
                    })
                });
            })
        };
        move || drop((pressed, pointed, resting))
    });
}

/// What closes the bubble: Escape, pressing elsewhere, scrolling; and leaving, unless the word was pressed.
fn leave(open: Open, set: UseStateSetter<Option<Open>>) -> Vec<EventListener> {
    let Open { of, is_pinned } = open;
    let early = EventListenerOptions {
        phase: EventListenerPhase::Capture,
        passive: false,
    };
    let is_of = |event: &web_sys::Event, of: &HtmlElement| {
        let target = event.target();
        let target = target.and_then(|target| target.dyn_into::<Element>().ok());
        target.is_some_and(|target| {
            of.contains(Some(&target)) || target.closest(".tip").ok().flatten().is_some()
        })
    };
    let close = {
        let set = set.clone();
        move |_: &web_sys::Event| set.set(None)
    };
    let escape = {
        let set = set.clone();
        EventListener::new_with_options(&window(), "keydown", early, move |event| {
            let key = event.dyn_ref::<KeyboardEvent>();
            if key.is_some_and(|key| key.key() == "Escape") {
                event.stop_propagation();
                event.prevent_default();
                set.set(None);
            }
        })
    };
    let press = {
        let (set, of) = (set.clone(), of.clone());
        EventListener::new_with_options(&window(), "pointerdown", early, move |event| {
            if !is_of(event, &of) {
                set.set(None);
            }
        })
    };
    let blur = EventListener::new(&of, "blur", close.clone());
    let scroll = EventListener::new_with_options(&window(), "scroll", early, close);
    let leaving = Rc::new(RefCell::new(None::<Timeout>));
    let left = EventListener::new(&document(), "pointerover", move |event| {
        let is_out = !is_pinned && !is_of(event, &of);
        *leaving.borrow_mut() = is_out.then(|| {
            let set = set.clone();
            Timeout::new(LEAVE, move || set.set(None))
        });
    });
    vec![escape, press, blur, scroll, left]
}
