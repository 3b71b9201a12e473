//! What is seen, or nearly.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::prelude::*;

/// Whether an element is within this margin (as in CSS) of what is seen.
#[hook]
pub(super) fn use_near(node: &NodeRef, margin: &'static str) -> bool {
    let near = use_state_eq(|| false);
    let (set, node) = (near.setter(), node.clone());
    use_effect_with((), move |()| {
        let changed = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.pop().dyn_into::<IntersectionObserverEntry>();
            set.set(last.is_ok_and(|entry| entry.is_intersecting()));
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(margin);
        let changed_by = changed.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(changed_by, &options).ok();
        if let (Some(observer), Some(element)) = (&observer, node.cast::<Element>()) {
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(changed);
        }
    });
    *near
}
