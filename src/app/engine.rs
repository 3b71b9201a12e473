//! The page's end of the worker.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};

use super::protocol::{BUILD, FromWorker, Job};
use super::state::Action;

/// Loads the worker of this build; relative, so that the page works in any folder.
const LOADER: &str = concat!("./engine.js?", env!("STAYFRESH_BUILD"));

/// A running worker. Dropping it ends the worker at once, whatever it is doing.
pub(super) struct Engine {
    worker: Worker,
    /// What waits for the worker to be ready: before, it would not hear it.
    waiting: Rc<RefCell<Waiting>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

/// The last message for a worker that is not ready yet.
#[derive(Default)]
struct Waiting {
    ready: bool,
    message: Option<String>,
}

impl Engine {
    /// Starts a worker that reports what happens.
    ///
    /// # Errors
    /// Why it could not be started, for the reader.
    pub(super) fn start(report: impl Fn(Action) + Clone + 'static) -> Result<Self, String> {
        let worker = Worker::new(LOADER)
            .map_err(|_| "This browser does not let the page start a worker.".to_owned())?;
        let waiting = Rc::new(RefCell::new(Waiting::default()));
        let (tell, queue, hearer) = (report.clone(), Rc::clone(&waiting), worker.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data().as_string();
            match said.as_deref().map(understand) {
                Some(Said::Ready) => {
                    let mut queue = queue.borrow_mut();
                    queue.ready = true;
                    if let Some(message) = queue.message.take() {
                        let _ = hearer.post_message(&JsValue::from_str(&message));
                    }
                }
                Some(Said::Done(action)) => tell(action),
                None => {}
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            report(Action::Broken(explain(&event).into()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            waiting,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Asks for a run. It replaces the one before.
    pub(super) fn run(&self, number: u32, text: &str) {
        let job = Job {
            number,
            text: text.to_owned(),
        };
        let Ok(message) = serde_json::to_string(&job) else {
            return;
        };
        let mut waiting = self.waiting.borrow_mut();
        if !waiting.ready {
            waiting.message = Some(message);
        } else {
            let _ = self.worker.post_message(&JsValue::from_str(&message));
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// What the worker said.
enum Said {
    Ready,
    Done(Action),
}

fn understand(text: &str) -> Said {
    match serde_json::from_str(text) {
        Ok(FromWorker::Ready { build }) if build == BUILD => Said::Ready,
        Ok(FromWorker::Refused { job, message }) => Said::Done(Action::Refused {
            job,
            message: message.into(),
        }),
        Ok(FromWorker::Progress {
            job,
            done,
            parts,
            results,
        }) => Said::Done(Action::Progress {
            job,
            done,
            parts,
            results: results.map(|results| Rc::new(*results)),
        }),
        Ok(FromWorker::Ready { .. }) | Err(_) => Said::Done(Action::Broken(
            "The page and its engine are of different builds. Reload the page.".into(),
        )),
    }
}

fn explain(event: &ErrorEvent) -> String {
    let message = event.message();
    let memory = ["memory", "allocation", "alloc"];
    if memory
        .iter()
        .any(|word| message.to_lowercase().contains(word))
    {
        "The engine ran out of memory. Make the world smaller or the run shorter.".to_owned()
    } else if message.is_empty() {
        "The engine could not be loaded.".to_owned()
    } else {
        format!("The engine stopped: {message}.")
    }
}
