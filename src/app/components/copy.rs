//! A button that copies a text.

use gloo::utils::window;
use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) text: AttrValue,
    pub(super) label: AttrValue,
    pub(super) class: AttrValue,
    pub(super) testid: &'static str,
    /// Hears whether it is in the clipboard.
    pub(super) done: Callback<bool>,
}

#[component]
pub(super) fn Copy(props: &Props) -> Html {
    let waiting = use_mut_ref(|| None::<[Closure<dyn FnMut(JsValue)>; 2]>);
    let copy = {
        let (text, done) = (props.text.clone(), props.done.clone());
        Callback::from(move |_: MouseEvent| {
            let outcomes = [true, false].map(|well| {
                let done = done.clone();
                Closure::<dyn FnMut(JsValue)>::new(move |_| done.emit(well))
            });
            match copied(&text) {
                Some(promise) => {
                    let _ = promise.then2(&outcomes[0], &outcomes[1]);
                    *waiting.borrow_mut() = Some(outcomes);
                }
                None => done.emit(false),
            }
        })
    };
    html! {
        <button type="button" class={props.class.clone()} data-testid={props.testid} onclick={copy}>{ &props.label }</button>
    }
}

/// Puts a text into the clipboard, if there is one that the page may use.
fn copied(text: &str) -> Option<js_sys::Promise> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    let clipboard = clipboard.dyn_into::<web_sys::Clipboard>().ok()?;
    Some(clipboard.write_text(text).unchecked_into())
}
