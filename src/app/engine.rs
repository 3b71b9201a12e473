//! The page's end of the worker.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageChannel, MessageEvent, MessagePort, Worker};

use super::explore::{Event, Found};
use super::live::films;
use super::protocol::{BUILD, FromWorker, Job, Task};
use super::state::{Action, Files};

/// Loads the worker of this build; relative, so that the page works in any folder.
const LOADER: &str = concat!("./engine.js?", env!("STAYFRESH_BUILD"));

/// Where the engine is loaded from: a page that is a single file says so.
fn loader() -> String {
    let own = gloo::utils::document_element().get_attribute("data-engine");
    own.unwrap_or_else(|| LOADER.to_owned())
}

/// A running worker. Dropping it ends the worker at once, whatever it is doing.
pub(super) struct Engine {
    worker: Worker,
    line: Rc<RefCell<Line>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

/// The line to a worker.
struct Line {
    worker: Worker,
    /// Before it is ready, it would not hear.
    ready: bool,
    /// The last job for a worker that is not ready yet, with the files that it needs.
    waiting: Option<(String, Files)>,
    /// The files that it has.
    sent: BTreeMap<String, Rc<[u8]>>,
    /// Whom it is to help once it is ready, as which of the helpers.
    helps: Option<(Worker, u32)>,
    /// Its last words, if it has any to say.
    stopping: Option<String>,
}

impl Line {
    fn say(&mut self, job: String, files: Files) {
        if !self.ready {
            self.waiting = Some((job, files));
            return;
        }
        for (name, given) in files.iter() {
            let has = self.sent.get(name);
            if has.is_some_and(|bytes| Rc::ptr_eq(bytes, &given.bytes)) {
                continue;
            }
            let bytes = js_sys::Uint8Array::from(&*given.bytes);
            let file = js_sys::Array::of2(&JsValue::from_str(name), &bytes);
            if self.worker.post_message(&file).is_ok() {
                self.sent.insert(name.clone(), Rc::clone(&given.bytes));
            }
        }
        let _ = self.worker.post_message(&JsValue::from_str(&job));
    }

    /// It can hear now.
    fn is_ready(&mut self) {
        self.ready = true;
        if let Some((chief, number)) = self.helps.take()
            && let Ok(channel) = MessageChannel::new()
        {
            let post = |to: &Worker, what: &JsValue, port: MessagePort| {
                let _ = to.post_message_with_transfer(what, &js_sys::Array::of1(&port));
            };
            post(&self.worker, &JsValue::NULL, channel.port1());
            post(&chief, &JsValue::from(number), channel.port2());
        }
        if let Some((job, files)) = self.waiting.take() {
            self.say(job, files);
        }
    }
}

impl Engine {
    /// Starts a worker whose words are heard.
    ///
    /// # Errors
    /// Why it could not be started, for the reader.
    pub(super) fn start(hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, String> {
        let worker = Worker::new(&loader())
            .map_err(|_| "This browser does not let the page start a worker.".to_owned())?;
        let line = Rc::new(RefCell::new(Line {
            worker: worker.clone(),
            ready: false,
            waiting: None,
            sent: BTreeMap::new(),
            helps: None,
            stopping: None,
        }));
        let (tell, hearer) = (hear.clone(), Rc::clone(&line));
        let last_heard = Rc::clone(&line);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data().as_string();
            let Some(said) = said else {
                return;
            };
            match serde_json::from_str(&said) {
                Ok(FromWorker::Ready { build }) if build == BUILD => {
                    hearer.borrow_mut().is_ready();
                }
                Ok(FromWorker::Stopping { why }) => hearer.borrow_mut().stopping = Some(why),
                Ok(FromWorker::Ready { .. }) | Err(_) => tell(Heard::Broken(
                    "The page and its engine are of different builds. Reload the page.".to_owned(),
                )),
                Ok(said) => tell(Heard::Said(said)),
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            let why = last_heard.borrow_mut().stopping.take();
            hear(Heard::Broken(match why {
                // It asks for more than there can be.
                Some(why) if why.contains("capacity overflow") => OUT_OF_MEMORY.to_owned(),
                Some(why) => super::state::defect(&why).to_string(),
                None => explain(&event),
            }));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            line,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Starts a worker that helps another, as this one of its helpers.
    ///
    /// # Errors
    /// As for [`Self::start`].
    pub(super) fn start_helping(
        &self,
        number: u32,
        hear: impl Fn(Heard) + Clone + 'static,
    ) -> Result<Self, String> {
        let helper = Self::start(hear)?;
        helper.line.borrow_mut().helps = Some((self.worker.clone(), number));
        Ok(helper)
    }

    /// Hands it a job. A run replaces the one before.
    pub(super) fn ask(&self, number: u32, text: &str, task: Task, files: Files) {
        let job = Job {
            number,
            text: text.to_owned(),
            task,
        };
        if let Ok(message) = serde_json::to_string(&job) {
            self.line.borrow_mut().say(message, files);
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

/// What is heard of a worker.
pub(super) enum Heard {
    Said(FromWorker),
    /// It is gone, for this reason.
    Broken(String),
}

impl Heard {
    /// What it means for the run.
    pub(super) fn of_run(self) -> Option<Action> {
        Some(match self {
            Self::Broken(message) => Action::Broken(message.into()),
            Self::Said(FromWorker::Refused { job, message }) => Action::Refused {
                job,
                message: message.into(),
            },
            Self::Said(FromWorker::Read { job, reports }) => Action::Read {
                job,
                reports: reports.into(),
            },
            Self::Said(FromWorker::Defect { job, message }) => Action::Defect {
                job,
                message: message.into(),
            },
            Self::Said(FromWorker::Progress {
                job,
                done,
                parts,
                results,
            }) => Action::Progress {
                job,
                done,
                parts,
                results: results.map(|results| Rc::new(*results)),
            },
            Self::Said(_) => return None,
        })
    }

    /// What it means for the question that was asked.
    pub(super) fn of_question(self) -> Option<Action> {
        let event = match self {
            Self::Broken(message) => Event::Broken(message.into()),
            Self::Said(FromWorker::Refused { job, message }) => Event::Failed(job, message.into()),
            Self::Said(FromWorker::Defect { job, message }) => {
                Event::Failed(job, super::state::defect(&message))
            }
            Self::Said(FromWorker::Pace { job, pace }) => Event::Pace(job, pace),
            Self::Said(FromWorker::Point { job, point }) => Event::Point(job, Rc::new(*point)),
            Self::Said(FromWorker::BreakEven { job, found }) => {
                Event::Found(job, Found::BreakEven(Rc::new(*found)))
            }
            Self::Said(FromWorker::Sensitivity { job, found }) => {
                Event::Found(job, Found::Sensitivity(Rc::new(*found)))
            }
            Self::Said(_) => return None,
        };
        Some(Action::Explore(event))
    }

    /// What it means for the films that were asked for.
    pub(super) fn of_films(self) -> Option<films::Event> {
        Some(match self {
            Self::Broken(message) => films::Event::Broken(message.into()),
            Self::Said(FromWorker::Refused { job, message }) => {
                films::Event::Failed(job, message.into())
            }
            Self::Said(FromWorker::Filmed { job, reel }) => {
                films::Event::Filmed(job, Rc::new(*reel))
            }
            Self::Said(FromWorker::Day { job, design, take }) => {
                films::Event::Day(job, design, Rc::new(*take))
            }
            Self::Said(_) => return None,
        })
    }
}

const OUT_OF_MEMORY: &str = "The engine ran out of memory. Make the world smaller or the run shorter; the command line \
    has as much as the machine.";

fn explain(event: &ErrorEvent) -> String {
    let message = event.message();
    // A program that gets no memory ends at what cannot be reached; a mistake of its own has been told before.
    let memory = ["memory", "alloc", "unreachable"];
    if memory
        .iter()
        .any(|word| message.to_lowercase().contains(word))
    {
        OUT_OF_MEMORY.to_owned()
    } else if message.is_empty() {
        "The engine could not be loaded.".to_owned()
    } else {
        format!("The engine stopped: {message}.")
    }
}
