//! The page's end of the worker.

use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};

use super::protocol::{BUILD, FromWorker, Job};
use super::state::Action;

/// Trunk's loader for the worker; relative, so that the page works in any folder.
const LOADER: &str = "./worker_loader.js";

/// A running worker. Dropping it ends the worker at once, whatever it is doing.
pub(super) struct Engine {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Engine {
    /// Starts a worker that reports what happens.
    ///
    /// # Errors
    /// Why it could not be started, for the reader.
    pub(super) fn start(report: impl Fn(Action) + Clone + 'static) -> Result<Self, String> {
        let worker = Worker::new(LOADER)
            .map_err(|_| "This browser does not let the page start a worker.".to_owned())?;
        let tell = report.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data().as_string();
            if let Some(action) = said.and_then(|text| understand(&text)) {
                tell(action);
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
        if let Ok(message) = serde_json::to_string(&job) {
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

fn understand(text: &str) -> Option<Action> {
    match serde_json::from_str(text) {
        Ok(FromWorker::Ready { build }) if build == BUILD => None,
        Ok(FromWorker::Refused { job, message }) => Some(Action::Refused {
            job,
            message: message.into(),
        }),
        Ok(FromWorker::Progress {
            job,
            done,
            parts,
            results,
        }) => Some(Action::Progress {
            job,
            done,
            parts,
            results: results.map(|results| Rc::new(*results)),
        }),
        Ok(FromWorker::Ready { .. }) | Err(_) => Some(Action::Broken(
            "The page and its engine are of different builds. Reload the page.".into(),
        )),
    }
}

fn explain(event: &ErrorEvent) -> String {
    let message = event.message();
    let memory = ["memory", "allocation", "alloc"];
    if memory.iter().any(|word| message.to_lowercase().contains(word)) {
        "The engine ran out of memory. Make the world smaller or the run shorter.".to_owned()
    } else if message.is_empty() {
        "The engine could not be loaded.".to_owned()
    } else {
        format!("The engine stopped: {message}.")
    }
}
