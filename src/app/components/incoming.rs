//! Files that are chosen or dropped: where they may be dropped, how they are read, what becomes of them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, File, FileReader};
use yew::prelude::*;

use super::icons;
use crate::app::incoming;
use crate::app::state::{Action, State};

/// What became of the last files: whether it was good, and in words.
type Became = Option<(bool, Rc<str>)>;

/// What a file is read with, and what waits after it.
type Reading = Rc<RefCell<Option<(FileReader, [EventListener; 2])>>>;

/// How files are taken, and what is seen of it.
#[hook]
pub(super) fn use_incoming(state: &State, act: Callback<Action>) -> (Callback<Vec<File>>, Html) {
    let became = use_state(|| None::<(bool, Rc<str>)>);
    let over = use_state(|| false);
    let reading = use_mut_ref(|| None);
    let latest = use_mut_ref(|| state.clone());
    *latest.borrow_mut() = state.clone();
    let take = {
        let became = became.setter();
        use_callback((), move |files: Vec<File>, ()| {
            let Some((files, refused)) = sorted(files) else {
                return;
            };
            became.set(refused.map(|why| (false, why.into())));
            let taker = Taker {
                latest: latest.clone(),
                act: act.clone(),
                became: became.clone(),
                reading: reading.clone(),
            };
            taker.read(files);
        })
    };
    use_drops(take.clone(), over.setter());
    let close = {
        let became = became.setter();
        Callback::from(move |_: MouseEvent| became.set(None))
    };
    let seen = html! {
        <>
            if *over {
                <div class="drop-zone" data-testid="drop-zone" aria-hidden="true"><p>
                    <b>{ "Drop it here" }</b>
                    { "A scenario (.json) takes the place of this one, and undo brings it back. A table (.csv) goes to the scenario that reads one. Nothing leaves this machine." }
                </p></div>
            }
            <div class="drop-said" role="status" aria-live="polite">
                if let Some((is_good, said)) = &*became {
                    <p class={classes!("notice", if *is_good { "good" } else { "bad" })} data-testid="incoming" data-outcome={if *is_good { "taken" } else { "refused" }}>
                        <span>{ &**said }</span>
                        <button class="icon-button" aria-label="Close" title="Close" onclick={close}>{ icons::cross() }</button>
                    </p>
                }
            </div>
        </>
    };
    (take, seen)
}

/// Scenarios first, so that tables find the one that wants them; and what is refused from the start.
fn sorted(files: Vec<File>) -> Option<(VecDeque<File>, Option<String>)> {
    let (tables, scenarios): (Vec<File>, Vec<File>) = files
        .into_iter()
        .partition(|file| incoming::is_table(&file.name()));
    if scenarios.len() > 1 {
        let said = "One scenario at a time: none of these was taken.".to_owned();
        return Some((VecDeque::new(), Some(said)));
    }
    let large = scenarios.first();
    let large = large.and_then(|file| incoming::too_large(&file.name(), file.size()));
    if large.is_some() {
        return Some((VecDeque::new(), large));
    }
    let files: VecDeque<File> = scenarios.into_iter().chain(tables).collect();
    (!files.is_empty()).then_some((files, None))
}

/// Reads files, one after the other.
#[derive(Clone)]
struct Taker {
    latest: Rc<RefCell<State>>,
    act: Callback<Action>,
    became: UseStateSetter<Became>,
    reading: Reading,
}

impl Taker {
    fn read(self, mut files: VecDeque<File>) {
        let Some(file) = files.pop_front() else {
            return;
        };
        let name = file.name();
        let unread = format!("{name} could not be read. Nothing was changed.");
        let Ok(reader) = FileReader::new() else {
            return self.became.set(Some((false, unread.into())));
        };
        let failed = {
            let (became, unread) = (self.became.clone(), unread.clone());
            EventListener::once(&reader, "error", move |_| {
                became.set(Some((false, unread.into())));
            })
        };
        let (read, next) = (reader.clone(), self.clone());
        let loaded = EventListener::once(&reader, "load", move |_| {
            let Ok(buffer) = read.result() else { return };
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            if next.take(&name, &bytes) {
                next.read(files);
            }
        });
        if reader.read_as_array_buffer(&file).is_err() {
            self.became.set(Some((false, unread.into())));
        }
        *self.reading.borrow_mut() = Some((reader, [loaded, failed]));
    }

    /// Whether the file was taken.
    fn take(&self, name: &str, bytes: &[u8]) -> bool {
        let found = incoming::take(name, bytes, &self.latest.borrow());
        let (is_good, said) = match found {
            Ok(action) => {
                let said = match &action {
                    Action::Give(target, _) => format!("{name} is read as {target}."),
                    _ => format!("{name} is open. Undo brings back what was here before."),
                };
                self.act.emit(action);
                (true, said)
            }
            Err(why) => (false, format!("{why} Nothing was changed.")),
        };
        self.became.set(Some((is_good, said.into())));
        is_good
    }
}

/// Takes files that are dropped anywhere. Before anything on the page hears of them: an editor would paste them.
#[hook]
fn use_drops(take: Callback<Vec<File>>, over: UseStateSetter<bool>) {
    use_effect_with((), move |()| {
        // Entering a child comes before leaving its parent.
        let depth = Rc::new(RefCell::new(0_i32));
        let listeners = ["dragenter", "dragover", "dragleave", "drop"].map(|kind| {
            let (take, over, depth) = (take.clone(), over.clone(), depth.clone());
            let options = EventListenerOptions {
                phase: EventListenerPhase::Capture,
                passive: false,
            };
            EventListener::new_with_options(&window(), kind, options, move |event| {
                let Some(event) = event.dyn_ref::<DragEvent>() else {
                    return;
                };
                let Some(held) = event.data_transfer().filter(has_files) else {
                    return;
                };
                event.prevent_default();
                event.stop_propagation();
                let mut depth = depth.borrow_mut();
                match kind {
                    "dragenter" => *depth += 1,
                    "dragover" => held.set_drop_effect("copy"),
                    "dragleave" => *depth -= 1,
                    _ => {
                        *depth = 0;
                        let files = held.files();
                        let files = files.map(|files| {
                            (0..files.length()).filter_map(|at| files.get(at)).collect()
                        });
                        take.emit(files.unwrap_or_default());
                    }
                }
                over.set(*depth > 0);
            })
        });
        move || drop(listeners)
    });
}

fn has_files(held: &DataTransfer) -> bool {
    held.types().includes(&"Files".into(), 0)
}
