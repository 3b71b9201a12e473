//! The engine in a web worker: runs a study part by part, says what it found, and looks for a newer job
//! between two parts. A question about a scenario is answered in one go, in a worker of its own; designs are
//! filmed in a third.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::protocol::{BUILD, FromWorker, Job, Task};
use crate::scenario::files::Uploads;
use crate::scenario::problem::Problems;
use crate::scenario::text::{self, Document};
use crate::study::Study;
use crate::world::trace::Report;

mod exploring;
mod filming;

/// The first results are sent after about this time, in milliseconds: sooner than one sees, and worth drawing.
const FIRST_AFTER: f64 = 12.0;
/// Further ones are sent no more often than this: the page draws them between two.
const SENT_EVERY: f64 = 200.0;

struct Engine {
    scope: DedicatedWorkerGlobalScope,
    /// Posting to it calls [`Engine::step`] after the messages that came in meanwhile.
    next: MessagePort,
    /// Whether it was posted to since the last step: two posts in line would keep what comes in waiting twice.
    is_called: Cell<bool>,
    /// Files that scenarios name, as far as the page has them.
    files: Uploads,
    work: Option<Work>,
    /// Runs from before, the last finished one first: what a change leaves as it was is taken from there.
    earlier: Vec<Study>,
    /// The text that ran last.
    text: String,
    films: Option<filming::Films>,
}

struct Work {
    job: u32,
    study: Study,
    done: usize,
    /// When results are to be sent.
    due_at: f64,
}

/// Starts the worker.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let engine = Rc::new(RefCell::new(Engine {
        scope: scope.clone(),
        next: channel.port2(),
        is_called: Cell::new(false),
        files: Uploads::default(),
        work: None,
        earlier: Vec::new(),
        text: String::new(),
        films: None,
    }));
    let stepping = Rc::clone(&engine);
    listen(
        move |_| stepping.borrow_mut().step(),
        |handler| channel.port1().set_onmessage(Some(handler)),
    );
    let taking = Rc::clone(&engine);
    listen(
        move |event: MessageEvent| {
            let message = event.data();
            match message.as_string() {
                Some(text) => taking.borrow_mut().take(&text),
                None => taking.borrow_mut().keep(&message),
            }
        },
        |handler| scope.set_onmessage(Some(handler)),
    );
    engine.borrow().say(&FromWorker::Ready {
        build: BUILD.to_owned(),
    });
}

/// Hands a handler over for as long as the worker lives.
fn listen(handler: impl FnMut(MessageEvent) + 'static, attach: impl FnOnce(&js_sys::Function)) {
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(handler);
    attach(closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Milliseconds.
fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

impl Engine {
    fn say(&self, what: &FromWorker) {
        if let Ok(text) = serde_json::to_string(what) {
            // Fails only when the page is gone.
            let _ = self.scope.post_message(&JsValue::from_str(&text));
        }
    }

    /// Keeps a file: its name and its bytes.
    fn keep(&mut self, message: &JsValue) {
        let Some(file) = message.dyn_ref::<js_sys::Array>() else {
            return;
        };
        if let Some(name) = file.get(0).as_string() {
            let bytes = js_sys::Uint8Array::new(&file.get(1)).to_vec();
            self.files.0.insert(name, bytes);
        }
    }

    /// A study of a scenario's text, with the files that it names.
    fn study(&self, text: &str) -> Result<(Study, Vec<Report>), Problems> {
        let (document, reports) = self.read(text)?;
        Ok((Study::new(document), reports))
    }

    fn read(&self, text: &str) -> Result<(Document, Vec<Report>), Problems> {
        // The page has looked at its variants and its story.
        let mut document = text::alone(text)?;
        let reports = document.read_files(text, &self.files)?;
        Ok((document, reports))
    }

    /// The same, with what runs from before have done of it already: designs do not depend on each other.
    fn study_on(&mut self, text: &str) -> Result<(Study, Vec<Report>), Problems> {
        let (document, reports) = self.read(text)?;
        if let Some(work) = self.work.take() {
            self.earlier.truncate(1);
            self.earlier.push(work.study);
        }
        // Who asks for the same once more wants to see it run.
        if self.text == text {
            self.earlier.clear();
        }
        text.clone_into(&mut self.text);
        let earlier: Vec<&Study> = self.earlier.iter().rev().collect();
        Ok((Study::after_all(document, &earlier), reports))
    }

    fn take(&mut self, message: &str) {
        let Ok(job) = serde_json::from_str::<Job>(message) else {
            return;
        };
        match job.task {
            Task::Run => {}
            Task::Explore(question) => {
                return exploring::explore(self, job.number, &job.text, &question);
            }
            Task::Film { hotels, nights } => {
                return self.film(job.number, &job.text, hotels, nights);
            }
            Task::Day(day) => return self.hand_out(job.number, day),
        }
        let studied = self.study_on(&job.text);
        self.work = match studied {
            Ok((study, reports)) => {
                if !reports.is_empty() {
                    let job = job.number;
                    self.say(&FromWorker::Read { job, reports });
                }
                Some(Work {
                    job: job.number,
                    study,
                    done: 0,
                    due_at: now(&self.scope) + FIRST_AFTER,
                })
            }
            Err(problems) => {
                self.say(&FromWorker::Refused {
                    job: job.number,
                    message: problems.to_string(),
                });
                None
            }
        };
        self.call();
    }

    fn call(&self) {
        if !self.is_called.replace(true) {
            let _ = self.next.post_message(&JsValue::NULL);
        }
    }

    fn step(&mut self) {
        self.is_called.set(false);
        self.film_next();
        let Some(work) = &mut self.work else {
            return;
        };
        let began = now(&self.scope);
        let parts = work.study.parts();
        // Without parts, all of it was known.
        if work.done < parts {
            let part = work.study.run_part(work.done);
            work.study.absorb(part);
            work.done += 1;
        }
        if let Some(broken) = work.study.broken().first() {
            let (job, message) = (work.job, broken.to_string());
            self.say(&FromWorker::Defect { job, message });
            self.work = None;
            return;
        }
        let (job, done) = (work.job, work.done);
        // Each word of it has the page at work: between results there is none. Another part would take as long again.
        let ended = now(&self.scope);
        if done == parts || ended + (ended - began) >= work.due_at {
            let results = work.study.results().map(Box::new);
            work.due_at = ended + SENT_EVERY;
            self.say(&FromWorker::Progress {
                job,
                done,
                parts,
                results,
            });
        }
        if done < parts {
            self.call();
        } else {
            self.earlier.clear();
            self.earlier.extend(self.work.take().map(|work| work.study));
        }
    }
}
