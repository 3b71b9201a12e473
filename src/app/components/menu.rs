//! A button that opens a short list of things to do, by keyboard too: arrows, Home, End, Escape.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, FocusEvent, HtmlElement, KeyboardEvent, Node, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};
use yew::prelude::*;

/// One thing to do.
#[derive(Clone, PartialEq)]
pub(super) struct Item {
    pub(super) label: &'static str,
    /// What it does, in a line below; empty for none.
    pub(super) says: &'static str,
    /// Whether it can be done now.
    pub(super) can: bool,
    pub(super) act: Callback<()>,
}

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) label: AttrValue,
    pub(super) testid: &'static str,
    pub(super) items: Vec<Item>,
    /// What stands on the button, where that is more than three dots; then it is as wide as it is given room.
    #[prop_or_default]
    pub(super) face: Option<Html>,
    /// Whether the button has the focus: a new number asks for it anew.
    #[prop_or_default]
    pub(super) called: Option<usize>,
}

#[component]
pub(super) fn Menu(props: &Props) -> Html {
    let open = use_state(|| false);
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(*open, move |open| {
            if *open {
                step(&node, |_, _| 0);
                reveal(&node);
            }
        });
    }
    {
        let node = node.clone();
        use_effect_with(props.called, move |called| {
            if called.is_some() {
                let button = node.cast::<Element>();
                focus(button.and_then(|node| node.query_selector("button").ok().flatten()));
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, node) = (open.setter(), node.clone());
        move || {
            open.set(false);
            let button = node.cast::<Element>();
            let button = button.and_then(|node| node.query_selector("button").ok().flatten());
            focus(button);
        }
    };
    let key = {
        let (is_open, node, close) = (*open, node.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if !is_open {
                return;
            }
            match event.key().as_str() {
                "Escape" => close(),
                "ArrowDown" => step(&node, |at, count| at.map_or(0, |at| (at + 1) % count)),
                "ArrowUp" => step(&node, |at, count| {
                    at.map_or(0, |at| (at + count - 1) % count)
                }),
                "Home" => step(&node, |_, _| 0),
                "End" => step(&node, |_, count| count - 1),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let leave = {
        let (open, node) = (open.setter(), node.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target();
            let to = to.and_then(|to| to.dyn_into::<Node>().ok());
            let stays = node.get().is_some_and(|node| node.contains(to.as_ref()));
            if !stays {
                open.set(false);
            }
        })
    };
    let items = props.items.iter().map(|item| {
        let (act, close) = (item.act.clone(), close.clone());
        let choose = Callback::from(move |_: MouseEvent| {
            close();
            act.emit(());
        });
        html! {
            <button type="button" role="menuitem" tabindex="-1" disabled={!item.can} onclick={choose}>
                { item.label }
                if !item.says.is_empty() { <span class="says">{ item.says }</span> }
            </button>
        }
    });
    html! {
        <span class={classes!("menu", props.face.is_some().then_some("wide"))} ref={node} onkeydown={key} onfocusout={leave}>
            if let Some(face) = &props.face {
                <button type="button" class="quiet" data-testid={props.testid} aria-haspopup="menu"
                    aria-expanded={open.to_string()} aria-label={props.label.clone()} onclick={toggle}>{ face.clone() }</button>
            } else {
                <button type="button" class="icon-button" data-testid={props.testid} aria-haspopup="menu"
                    aria-expanded={open.to_string()} aria-label={props.label.clone()} title={props.label.clone()} onclick={toggle}>
                    { super::icons::more() }
                </button>
            }
            if *open { <span class="menu-items" role="menu" aria-label={props.label.clone()}>{ for items }</span> }
        </span>
    }
}

/// Moves the focus to another of the things that can be done: from the place of the one that has it, and how
/// many there are.
fn step(node: &NodeRef, to: impl Fn(Option<usize>, usize) -> usize) {
    let all = node.cast::<Element>();
    let all = all.and_then(|node| {
        node.query_selector_all("[role=menuitem]:not(:disabled)")
            .ok()
    });
    let Some(all) = all.filter(|all| all.length() > 0) else {
        return;
    };
    let items: Vec<Element> = (0..all.length())
        .filter_map(|index| all.item(index)?.dyn_into().ok())
        .collect();
    let active = gloo::utils::document().active_element();
    let at = items.iter().position(|item| Some(item) == active.as_ref());
    focus(items.get(to(at, items.len())).cloned());
}

/// Scrolls until the list is seen, as far as it can be.
fn reveal(node: &NodeRef) {
    let list = node.cast::<Element>();
    let list = list.and_then(|node| node.query_selector("[role=menu]").ok().flatten());
    if let Some(list) = list {
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Nearest);
        list.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
