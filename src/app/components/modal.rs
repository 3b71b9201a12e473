//! A window over the page, which nothing behind it can be reached from.

use gloo::events::{EventListener, EventListenerOptions};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) class: &'static str,
    pub(super) testid: &'static str,
    pub(super) label: AttrValue,
    /// The reader wants it closed: Escape.
    pub(super) close: Callback<()>,
    pub(super) children: Html,
}

/// Whether there is one over a part of the page: one that this is not in itself.
pub(super) fn is_over(part: &NodeRef) -> bool {
    let Ok(open) = gloo::utils::document().query_selector_all("dialog[open]") else {
        return false;
    };
    let part = part.get();
    let mut windows = (0..open.length()).filter_map(|at| open.get(at));
    windows.any(|window| !window.contains(part.as_ref()))
}

#[component]
pub(super) fn Modal(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.close.clone(), move |close| {
            let dialog = node.cast::<HtmlDialogElement>();
            let listener = dialog.as_ref().map(|dialog| {
                if !dialog.open() {
                    let _ = dialog.show_modal();
                }
                let close = close.clone();
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(dialog, "cancel", options, move |event| {
                    // Whether it is there is the state's to say.
                    event.prevent_default();
                    close.emit(());
                })
            });
            move || drop(listener)
        });
    }
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            // Closing gives the focus back to where it was; taking the window away alone would lose it.
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    html! {
        <dialog ref={node} class={props.class} data-testid={props.testid} aria-label={props.label.clone()}>
            { props.children.clone() }
        </dialog>
    }
}
