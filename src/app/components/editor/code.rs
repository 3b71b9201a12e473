//! The editor's other half, written in JavaScript: fetched when it is asked for, spoken to in a few words.

use gloo::events::EventListener;
use gloo::utils::{document, window};
use js_sys::{Array, Function, Reflect};
use serde_json::json;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlScriptElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::Said;
use crate::app::protocol::BUILD;
use crate::measure::metrics::METRICS;
use crate::scenario::problem::{Place, Problems};
use crate::scenario::schema;

/// What it is called where scripts find each other.
const GLOBAL: &str = "stayfreshEditor";
/// Where it is; relative, so that the page works in any folder.
const SCRIPT: &str = "./editor.js";

/// How the fetching is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetched {
    /// Not asked for.
    No,
    Yes,
    /// It cannot be had.
    Failed,
}

/// Fetches it once it is wanted.
#[hook]
pub(super) fn use_fetched(is_wanted: bool) -> Fetched {
    let fetched = use_state(|| Fetched::No);
    let set = fetched.setter();
    let there = || {
        if is_of_this_build() {
            Fetched::Yes
        } else {
            Fetched::Failed
        }
    };
    use_effect_with(is_wanted, move |is_wanted| {
        let listeners = is_wanted.then(|| {
            if Reflect::has(&window(), &GLOBAL.into()).unwrap_or(false) {
                set.set(there());
                return None;
            }
            let found = fetch(&set, there);
            if found.is_none() {
                set.set(Fetched::Failed);
            }
            found
        });
        move || drop(listeners)
    });
    *fetched
}

/// Whether it is of the build that the page is of, where that is said: a server may have a newer one by now.
fn is_of_this_build() -> bool {
    let global = Reflect::get(&window(), &GLOBAL.into());
    let build = global.and_then(|global| Reflect::get(&global, &"build".into()));
    build.is_ok_and(|build| build.as_string().is_none_or(|build| build == BUILD))
}

fn fetch(
    set: &UseStateSetter<Fetched>,
    there: impl Fn() -> Fetched + 'static,
) -> Option<[EventListener; 2]> {
    let script = document().create_element("script").ok()?;
    let script: HtmlScriptElement = script.dyn_into().ok()?;
    let (loaded, failed) = (set.clone(), set.clone());
    let listeners = [
        EventListener::once(&script, "load", move |_| loaded.set(there())),
        EventListener::once(&script, "error", move |_| failed.set(Fetched::Failed)),
    ];
    // A page that is a single file has it in itself.
    let root = document().document_element()?;
    let own = root.get_attribute("data-editor");
    script.set_src(&own.unwrap_or_else(|| format!("{SCRIPT}?{BUILD}")));
    document().head()?.append_child(&script).ok()?;
    Some(listeners)
}

/// An editor in the page. Dropping it takes it out.
pub(super) struct Code {
    handle: JsValue,
    _say: Closure<dyn FnMut(String, String)>,
    _know: Closure<dyn FnMut() -> String>,
}

impl Code {
    /// Opens one within `host`, in the place of `area`, whose focus and selection it takes over.
    pub(super) fn open(
        host: &HtmlElement,
        area: &HtmlTextAreaElement,
        said: Callback<Said>,
    ) -> Option<Self> {
        let say = Closure::<dyn FnMut(String, String)>::new(move |what: String, text: String| {
            said.emit(match &*what {
                "typed" => Said::Typed(text.into()),
                "left" => Said::Left,
                "undo" => Said::Undo,
                "redo" => Said::Redo,
                "format" => Said::Format,
                "save" => Said::Save,
                _ => return,
            });
        });
        let know = Closure::<dyn FnMut() -> String>::new(known);
        let global = Reflect::get(&window(), &GLOBAL.into()).ok()?;
        let open: Function = Reflect::get(&global, &"open".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let arguments = Array::of4(host, area, say.as_ref(), know.as_ref());
        let handle = open.apply(&global, &arguments).ok()?;
        Some(Self {
            handle,
            _say: say,
            _know: know,
        })
    }

    /// Shows this text; what has not changed stays where it is, and so does the cursor.
    pub(super) fn show(&self, text: &str) {
        self.call("show", &Array::of1(&text.into()));
    }

    /// Marks what is wrong with the text.
    pub(super) fn mark(&self, text: &str, problems: Option<&Problems>) {
        let units = Units::of(text);
        let marks = problems.into_iter().flatten().map(|problem| {
            let place = problem.place.as_ref().map_or((0, 0), |place| units.span(place));
            json!({
                "from": place.0, "to": place.1, "path": problem.path, "said": problem.said(),
                "suggestion": problem.suggestion,
                "related": problem.related.as_ref().map(|related| {
                    let (from, to) = units.span(&related.place);
                    json!({"from": from, "to": to, "says": related.message, "said": format!("line {}: {}", related.place.line, related.message)})
                }),
            })
        });
        let marks = serde_json::Value::from_iter(marks);
        self.call("mark", &Array::of1(&marks.to_string().into()));
    }

    /// Goes to a place of the text.
    pub(super) fn go(&self, text: &str, place: &Place) {
        let (from, to) = Units::of(text).span(place);
        self.call("go", &Array::of2(&from.into(), &to.into()));
    }

    /// Whether lines go on below where they do not fit.
    pub(super) fn wrap(&self, is_wrapped: bool) {
        self.call("wrap", &Array::of1(&is_wrapped.into()));
    }

    fn call(&self, method: &str, arguments: &Array) {
        let method = Reflect::get(&self.handle, &method.into());
        if let Some(method) = method
            .ok()
            .and_then(|method| method.dyn_into::<Function>().ok())
        {
            let _ = method.apply(&self.handle, arguments);
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.call("close", &Array::new());
    }
}

/// What completion and help are made from: the program's own schema and metrics.
fn known() -> String {
    let metrics = METRICS
        .iter()
        .map(|metric| json!([metric.key, metric.title]));
    json!({"schema": schema::schema(), "metrics": metrics.collect::<Vec<_>>()}).to_string()
}

/// From bytes to the units that the page counts in, those of UTF-16.
pub(super) struct Units<'a>(&'a str);

impl<'a> Units<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self(text)
    }

    fn at(&self, byte: usize) -> u32 {
        let part = self.0.get(..byte);
        part.map_or(0, |part| part.encode_utf16().count() as u32)
    }

    pub(super) fn span(&self, place: &Place) -> (u32, u32) {
        let start = self.at(place.start);
        (start, self.at(place.end).max(start))
    }
}
