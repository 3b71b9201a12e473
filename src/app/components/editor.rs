//! The scenario as text. A plain field, until the editor proper is there: that is fetched when it is wanted, so
//! that nobody waits for it who came for a chart. The field stays under it, for scripts.

mod code;

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use web_sys::{File, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use self::code::{Code, Fetched, Units};
use super::header::focus;
use super::near::use_near;
use super::share;
use crate::app::keys::EDITOR;
use crate::app::state::Action;
use crate::app::{storage, theme};
use crate::scenario::problem::{Place, Problems, Related};

/// The element that has the focus when the text is edited.
pub(super) const ID: &str = "scenario-text";
/// The editor is fetched when it is this near to what is seen.
const NEAR: &str = "600px";
/// And has been for so long, in milliseconds: a page that is still growing moves it away.
const CALM: u32 = 400;
/// Where the reader's choices are kept.
const KEY: &str = "stayfresh.editor";
/// Sizes of type on offer, in pixels where the page is not enlarged.
const SIZES: [u32; 5] = [12, 13, 15, 18, 22];

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) text: Rc<str>,
    pub(super) title: String,
    pub(super) problems: Option<Rc<Problems>>,
    /// Whether the reader has seen results, or has to mend the text before there are any.
    pub(super) is_calm: bool,
    pub(super) act: Callback<Action>,
    /// A file was chosen.
    pub(super) open: Callback<Vec<File>>,
}

/// What is done in the editor.
pub(super) enum Said {
    Typed(Rc<str>),
    Left,
    Undo,
    Redo,
    Format,
    Save,
}

/// What the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Look {
    wraps: bool,
    size: usize,
}

#[component]
pub(super) fn Editor(props: &Props) -> Html {
    let Props {
        text,
        problems,
        act,
        ..
    } = props;
    let (section, area, host) = (use_node_ref(), use_node_ref(), use_node_ref());
    let look = use_state(|| {
        // Where there is no room beside, it is below.
        let wraps = theme::matches("(width < 640px)");
        storage::get(KEY).unwrap_or(Look { wraps, size: 1 })
    });
    // Whether this very text was saved as a file; `false` where that failed.
    let saved = use_state_eq(|| None::<bool>);
    {
        let saved = saved.setter();
        use_effect_with(text.clone(), move |_| saved.set(None));
    }
    let asked = use_state(|| false);
    let is_near = use_near(&section, NEAR);
    let fetched = code::use_fetched(*asked);
    let code = use_mut_ref(|| None::<Code>);
    let is_open = use_state(|| false);

    {
        let asked = asked.setter();
        use_effect_with(is_near && props.is_calm, move |is_wanted| {
            let timer = is_wanted.then(|| Timeout::new(CALM, move || asked.set(true)));
            move || drop(timer)
        });
    }
    let save = {
        let (text, name, saved) = (text.clone(), share::file_name(&props.title), saved.setter());
        Callback::from(move |()| {
            saved.set(Some(share::save_scenario(&name, &text)));
        })
    };
    let said = {
        let (act, save) = (act.clone(), save.clone());
        Callback::from(move |said: Said| match said {
            Said::Typed(text) => act.emit(Action::Type(text)),
            Said::Left => act.emit(Action::Settle),
            Said::Undo => act.emit(Action::Undo),
            Said::Redo => act.emit(Action::Redo),
            Said::Format => act.emit(Action::Format),
            Said::Save => save.emit(()),
        })
    };
    {
        // The callback of today, for an editor that was opened yesterday.
        let latest = use_mut_ref(|| said.clone());
        *latest.borrow_mut() = said.clone();
        let (code, is_open, host, area) =
            (code.clone(), is_open.setter(), host.clone(), area.clone());
        use_effect_with(fetched, move |fetched| {
            if *fetched == Fetched::Yes
                && let (Some(host), Some(area)) = (host.cast(), area.cast())
            {
                let said = Callback::from(move |said| {
                    let now = latest.borrow().clone();
                    now.emit(said);
                });
                let opened = Code::open(&host, &area, said);
                is_open.set(opened.is_some());
                *code.borrow_mut() = opened;
            }
        });
    }
    {
        let code = code.clone();
        use_effect_with(
            (text.clone(), problems.clone(), *is_open),
            move |(text, problems, _)| {
                if let Some(code) = &*code.borrow() {
                    code.show(text);
                    code.mark(text, problems.as_deref());
                }
            },
        );
    }
    {
        let code = code.clone();
        use_effect_with((*look, *is_open), move |(look, _)| {
            if let Some(code) = &*code.borrow() {
                code.wrap(look.wraps);
            }
            storage::set(KEY, look);
        });
    }

    let typed = act.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        Action::Type(area.value().into())
    });
    let keys = Callback::from(move |event: KeyboardEvent| {
        if let Some(meant) = meant(&event) {
            event.prevent_default();
            said.emit(meant);
        }
    });
    let wanted = {
        let asked = asked.setter();
        Callback::from(move |_: FocusEvent| asked.set(true))
    };
    let on = |action: Action| act.reform(move |_: MouseEvent| action.clone());
    let choose = |choice: Look| {
        let look = look.setter();
        Callback::from(move |_: MouseEvent| look.set(choice))
    };
    let open = props.open.reform(|event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let files = input.files();
        let files = files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect());
        // The same file can be chosen again.
        input.set_value("");
        files.unwrap_or_default()
    });
    let size = look.size.min(SIZES.len() - 1);
    let [smaller, larger] = [size.saturating_sub(1), (size + 1).min(SIZES.len() - 1)];
    let open_now = *is_open;
    let go_to = |place: Place| {
        let (area, code, text) = (area.clone(), code.clone(), text.clone());
        Callback::from(move |_: MouseEvent| match &*code.borrow() {
            Some(code) => code.go(&text, &place),
            None => select(&area, &text, &place),
        })
    };
    html! {
        <section class="editor" aria-labelledby="text" ref={section}>
            <header>
                <h2 id="text">{ "Scenario" }</h2>
                <p>{ "The very file that the command line runs. The form edits it; so can you." }</p>
            </header>
            <div class="ed-tools" role="group" aria-label="The scenario’s text">
                <label class="pick" for="scenario-open" title="A scenario from this machine; or drop it anywhere on the page">
                    { "Open…" }
                    <input id="scenario-open" type="file" accept=".json,.jsonc,application/json,text/plain"
                        data-testid="scenario-open" onchange={open} />
                </label>
                <button class="secondary" data-testid="scenario-save" title="The text as a file, for the command line (Ctrl + S in the text)"
                    onclick={save.reform(|_: MouseEvent| ())}>{ "Save" }</button>
                <span class="ed-saved" role="status">{ if *saved == Some(true) { "Saved" } else { "" } }</span>
                <button class="secondary" data-testid="scenario-format" disabled={!can_format(text, problems.as_deref())}
                    title="Lays the text out anew; comments stay (Shift + Alt + F in the text)" onclick={on(Action::Format)}>{ "Format" }</button>
                <span class="ed-look">
                    <button class="quiet" aria-pressed={look.wraps.to_string()} data-testid="scenario-wrap"
                        title="Long lines go on below" disabled={!open_now}
                        onclick={choose(Look { wraps: !look.wraps, size })}>{ "Wrap lines" }</button>
                    <button class="quiet ed-small" aria-label="Smaller type" title="Smaller type" disabled={smaller == size}
                        onclick={choose(Look { size: smaller, ..*look })}>{ "A" }</button>
                    <button class="quiet ed-large" aria-label="Larger type" title="Larger type" disabled={larger == size}
                        onclick={choose(Look { size: larger, ..*look })}>{ "A" }</button>
                </span>
            </div>
            if *saved == Some(false) { <p class="bad" role="alert">{ "The file could not be made." }</p> }
            <div class={classes!("ed-paper", format!("ed-size-{}", SIZES[size]))} data-editor={if open_now { "code" } else { "plain" }}>
                <textarea id={if open_now { "scenario-plain" } else { ID }} ref={area.clone()} data-testid="scenario-json" value={text.to_string()}
                    oninput={typed} onblur={act.reform(|_: FocusEvent| Action::Settle)} onkeydown={keys} onfocus={wanted}
                    spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
                    aria-hidden={open_now.then_some("true")} tabindex={open_now.then_some("-1")}
                    aria-label="Scenario as JSON" aria-invalid={problems.is_some().to_string()}
                    aria-describedby="scenario-keys" />
                <div class="ed-code" ref={host} />
            </div>
            <p id="scenario-keys" class="ed-keys">
                if open_now {
                    { for EDITOR.iter().map(|keys| html! {
                        <span>{ for keys.keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }{ " " }{ keys.does }</span>
                    }) }
                } else if fetched == Fetched::Failed {
                    <span>{ "The editor with completion could not be loaded. Plain text does all the same." }</span>
                }
            </p>
            if let Some(problems) = problems {
                <div id="json-error" class="problems" data-testid="json-error" role="alert"><ul>
                    { for problems.iter().map(|problem| html! {
                        <li>
                            if let Some(place) = &problem.place {
                                <button class="link" onclick={go_to(place.clone())}>
                                    { format!("line {}, column {}", place.line, place.column) }
                                </button>
                            }
                            <span>
                                if !problem.path.is_empty() { <code>{ &problem.path }</code>{ ": " } }
                                { problem.said() }
                                { for problem.suggestion.as_ref().map(|suggestion| format!("; {suggestion}")) }
                            </span>
                            if let Some(Related { place, message }) = &problem.related {
                                <span>
                                    { format!("{message}: ") }
                                    <button class="link" onclick={go_to(place.clone())}>{ format!("line {}", place.line) }</button>
                                </span>
                            }
                        </li>
                    }) }
                </ul></div>
            }
        </section>
    }
}

/// Moves the focus to where the text is edited.
pub(super) fn go_there() {
    focus(ID);
}

/// Whether a text can be laid out anew: its values may be wrong, its commas may not.
fn can_format(text: &str, problems: Option<&Problems>) -> bool {
    problems.is_none() || crate::scenario::text::format(text).is_ok()
}

/// What a key means in the plain field.
fn meant(event: &KeyboardEvent) -> Option<Said> {
    let has_control = event.ctrl_key() || event.meta_key();
    Some(
        match (&*event.key().to_lowercase(), has_control, event.shift_key()) {
            ("z", true, false) => Said::Undo,
            ("z", true, true) | ("y", true, false) => Said::Redo,
            ("s", true, false) => Said::Save,
            (_, false, true) if event.alt_key() && event.code() == "KeyF" => Said::Format,
            _ => return None,
        },
    )
}

/// Selects a place of the text in the plain field.
fn select(area: &NodeRef, text: &str, place: &Place) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    let (start, end) = Units::of(text).span(place);
    go_there();
    let _ = area.set_selection_range(start, end);
    let line_height = area.scroll_height() / text.lines().count().max(1) as i32;
    area.set_scroll_top(line_height * (place.line as i32 - 4).max(0));
}
