//! What charts and maps share: a place that is being read, and a table that is made when it is opened.

use web_sys::HtmlDetailsElement;
use yew::prelude::*;

/// The place that is being read, and what ends it: the pointer leaves, or the focus does.
pub(super) struct Cursor<T: 'static> {
    pub(super) at: UseStateHandle<Option<T>>,
    pub(super) leave: Callback<PointerEvent>,
    pub(super) blur: Callback<FocusEvent>,
}

#[hook]
pub(super) fn use_cursor<T: 'static>() -> Cursor<T> {
    let at = use_state(|| None);
    let end = at.setter();
    let (left, blurred) = (end.clone(), end);
    Cursor {
        at,
        leave: Callback::from(move |_| left.set(None)),
        blur: Callback::from(move |_| blurred.set(None)),
    }
}

/// Whether a part that can be opened is open, and what hears of it.
#[hook]
pub(super) fn use_opened() -> (bool, Callback<Event>) {
    let is_open = use_state(|| false);
    let set = is_open.setter();
    let toggle = Callback::from(move |event: Event| {
        let details: HtmlDetailsElement = event.target_unchecked_into();
        set.set(details.open());
    });
    (*is_open, toggle)
}
