//! The scenario as text. What it shows and says is all the page knows of it: another editor can take its
//! place.

use std::rc::Rc;

use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::header::focus;
use crate::app::state::Action;
use crate::scenario::problem::{Place, Problems};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) text: Rc<str>,
    pub(super) problems: Option<Rc<Problems>>,
    pub(super) act: Callback<Action>,
}

#[component]
pub(super) fn Editor(props: &Props) -> Html {
    let area = use_node_ref();
    let under = use_node_ref();
    let typed = props.act.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        Action::Type(area.value().into())
    });
    let settle = props.act.reform(|_: FocusEvent| Action::Settle);
    // The coloured text lies under the one that is typed and moves with it.
    let follow = {
        let (area, under) = (area.clone(), under.clone());
        Callback::from(move |_: Event| {
            if let (Some(area), Some(under)) = (
                area.cast::<HtmlTextAreaElement>(),
                under.cast::<HtmlElement>(),
            ) {
                under.set_scroll_top(area.scroll_top());
                under.set_scroll_left(area.scroll_left());
            }
        })
    };
    let bad: Vec<Place> = props
        .problems
        .iter()
        .flat_map(|problems| problems.iter())
        .filter_map(|problem| problem.place.clone())
        .collect();
    let lines = props.text.lines().count().max(1) + usize::from(props.text.ends_with('\n'));
    let numbers = (1..=lines).map(|line| {
        let wrong = bad.iter().any(|place| place.line == line);
        html! { <span class={classes!(wrong.then_some("wrong"))}>{ line }</span> }
    });
    html! {
        <section class="editor" aria-labelledby="text">
            <header>
                <h2 id="text">{ "Scenario" }</h2>
                <p>{ "The very file that the command line runs. The form edits it; so can you." }</p>
            </header>
            <div class="paper">
                <pre class="under" ref={under} aria-hidden="true"><span class="count">{ for numbers }</span><code>{ for colour(&props.text, &bad) }</code></pre>
                <textarea id="scenario-json" ref={area.clone()} data-testid="scenario-json" value={props.text.to_string()}
                    oninput={typed} onblur={settle} onscroll={follow}
                    spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
                    aria-label="Scenario as JSON" aria-invalid={props.problems.is_some().to_string()}
                    aria-describedby={props.problems.as_ref().map(|_| "json-error")} />
            </div>
            if let Some(problems) = &props.problems {
                <div id="json-error" class="problems" data-testid="json-error" role="alert"><ul>
                    { for problems.iter().map(|problem| {
                        let place = problem.place.clone();
                        let go = place.clone().map(|place| {
                            let (area, text) = (area.clone(), Rc::clone(&props.text));
                            Callback::from(move |_: MouseEvent| select(&area, &text, &place))
                        });
                        html! {
                            <li>
                                if let (Some(place), Some(go)) = (place, go) {
                                    <button class="link" onclick={go}>
                                        { format!("line {}, column {}", place.line, place.column) }
                                    </button>
                                }
                                <span>
                                    if !problem.path.is_empty() { <code>{ &problem.path }</code>{ ": " } }
                                    { &problem.message }
                                    { for problem.expected.as_ref().map(|expected| format!("; expected {expected}")) }
                                    { for problem.suggestion.as_ref().map(|suggestion| format!("; {suggestion}")) }
                                </span>
                            </li>
                        }
                    }) }
                </ul></div>
            }
        </section>
    }
}

/// Selects a place of the text in the editor.
fn select(area: &NodeRef, text: &str, place: &Place) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    // The page counts in UTF-16.
    let units = |byte: usize| {
        text.get(..byte)
            .map_or(0, |part| part.encode_utf16().count() as u32)
    };
    let (start, end) = (units(place.start), units(place.end));
    focus("scenario-json");
    let _ = area.set_selection_range(start, end.max(start));
    let line_height = area.scroll_height() / text.lines().count().max(1) as i32;
    area.set_scroll_top(line_height * (place.line as i32 - 4).max(0));
}

/// The text in coloured pieces, with wrong places underlined.
fn colour(text: &str, bad: &[Place]) -> Vec<Html> {
    let mut pieces = Vec::new();
    for (start, end, kind) in tokens(text) {
        let wrong = bad
            .iter()
            .any(|place| place.start < end && start < place.end.max(place.start + 1));
        let piece = &text[start..end];
        if kind.is_empty() && !wrong {
            pieces.push(html! { { piece } });
        } else {
            pieces.push(
                html! { <span class={classes!(kind, wrong.then_some("wrong"))}>{ piece }</span> },
            );
        }
    }
    // A last empty line has a height too.
    pieces.push(html! { { "\n" } });
    pieces
}

/// Pieces of a JSON text with comments, good or bad: start, end, class.
fn tokens(text: &str) -> Vec<(usize, usize, &'static str)> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let until = |stop: &dyn Fn(char) -> bool| rest.find(stop).unwrap_or(rest.len());
        let (length, kind) = match bytes[at] {
            b'"' => {
                let length = string_length(rest);
                let after = rest[length..].trim_start();
                (
                    length,
                    if after.starts_with(':') {
                        "key"
                    } else {
                        "text"
                    },
                )
            }
            b'/' if rest.starts_with("//") => (until(&|c| c == '\n'), "comment"),
            b'/' if rest.starts_with("/*") => {
                (rest.find("*/").map_or(rest.len(), |end| end + 2), "comment")
            }
            b'-' | b'0'..=b'9' => (
                until(&|c| !(c.is_ascii_alphanumeric() || "+-.".contains(c))),
                "number",
            ),
            b'a'..=b'z' | b'A'..=b'Z' => (until(&|c| !c.is_ascii_alphanumeric()), "word"),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => (1, "mark"),
            _ => {
                let plain = |c: char| {
                    !(c == '"'
                        || c == '/'
                        || c == '-'
                        || c.is_ascii_alphanumeric()
                        || "{}[],:".contains(c))
                };
                (until(&|c| !plain(c)), "")
            }
        };
        let length = length.max(1);
        let mut end = at + length;
        while !text.is_char_boundary(end) {
            end += 1;
        }
        tokens.push((at, end, kind));
        at = end;
    }
    tokens
}

/// The length of a string that starts here; it ends with its line at the latest.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
