//! The parts of the page, to go to from its top: it is long, and what one can do lies far below what one sees.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

/// The ids of the parts' headings, and what they are called here, in the order of the page.
const PARTS: [(&str, &str); 6] = [
    ("verdict", "What it comes to"),
    ("charts", "Charts"),
    ("live", "Watch it, break it"),
    ("explore", "What would change it"),
    ("numbers", "All numbers"),
    ("text", "The scenario as text"),
];
/// Those that are there once there are results.
const OF_RESULTS: [&str; 3] = ["verdict", "charts", "numbers"];

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) has_results: bool,
}

#[component]
pub(super) fn Sections(props: &Props) -> Html {
    let there = PARTS
        .into_iter()
        .filter(|(id, _)| props.has_results || !OF_RESULTS.contains(id));
    let parts = there.map(|(id, name)| {
        // Not by the address: what follows # there is a scenario, or a step of a talk.
        let go = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            go_to(id);
        });
        html! { <li><a href={format!("#{id}")} onclick={go}>{ name }</a></li> }
    });
    html! {
        <nav class="sections" aria-label="On this page" data-testid="sections"><ul role="list">{ for parts }</ul></nav>
    }
}

/// Brings a part to the top of the window, opened where it opens, and moves the focus there.
fn go_to(id: &str) -> Option<()> {
    let heading: HtmlElement = document().get_element_by_id(id)?.dyn_into().ok()?;
    let section = heading.closest("section").ok().flatten();
    let find = |what: &str| section.as_ref()?.query_selector(what).ok().flatten();
    if let Some(opener) = find("header > [aria-expanded=false]") {
        opener.dyn_into::<HtmlElement>().ok()?.click();
    }
    let top: &Element = section.as_ref().unwrap_or(&heading);
    top.scroll_into_view();
    heading.set_tab_index(-1);
    let stay = FocusOptions::new();
    stay.set_prevent_scroll(true);
    heading.focus_with_options(&stay).ok()
}
