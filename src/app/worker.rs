//! The engine in a web worker: runs a study part by part, says what it found, and looks for a newer job
//! between two parts. A question about a scenario is answered in one go, in a worker of its own; designs are
//! filmed in a third.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::protocol::{BUILD, FromWorker, Job, LONG, Task};
use crate::scenario::files::Uploads;
use crate::scenario::problem::Problems;
use crate::scenario::text::{self, Document};
use crate::study::{Errand, Study};
use crate::world::trace::Report;

mod exploring;
mod filming;
mod helping;
mod pool;

use pool::{Pool, Said};

/// The first results are sent after about this time, in milliseconds: sooner than one sees, and worth drawing.
const FIRST_AFTER: f64 = 12.0;
/// Further ones are sent no more often than this: the page draws them between two.
const SENT_EVERY: f64 = 200.0;
/// The longer a run goes on, the less of it a moment is: they wait for so large a part of the time so far. What the
/// page does not draw meanwhile, its processors have for the run itself.
const OF_SO_FAR: f64 = 1.0 / 2.0;
/// But no longer than this.
const SENT_AT_LEAST_EVERY: f64 = 2_000.0;
/// Nor sooner than after so many times what it took to make the last ones.
const RESTS: f64 = 4.0;

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
    pool: Pool,
}

struct Work {
    job: u32,
    study: Study,
    /// The parts that nobody has begun, the next one last.
    open: Vec<usize>,
    /// How many are done.
    done: usize,
    /// How many of them this worker did itself, and how long that took, in milliseconds.
    own: usize,
    took: f64,
    began: f64,
    /// When results are to be sent.
    due_at: f64,
}

impl Work {
    /// Takes the next part that nobody has begun, and at most so many in all that one answer can be for.
    fn take(&mut self, most: usize) -> Vec<(usize, Errand)> {
        let mut taken: Vec<(usize, Errand)> = Vec::new();
        let mut place = self.open.len();
        while place > 0 && taken.len() < most.max(1) {
            place -= 1;
            let errand = self.study.errand(self.open[place]);
            if taken.first().is_none_or(|(_, first)| errand.is_like(first)) {
                taken.push((self.open.remove(place), errand));
            }
        }
        taken
    }

    /// How long a part takes one worker, in milliseconds.
    fn part_takes(&self) -> f64 {
        self.took / self.own as f64
    }
}

/// Starts the worker.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    std::panic::set_hook(Box::new(|panicked| {
        let why = panicked.to_string();
        say(
            &js_sys::global().unchecked_into(),
            &FromWorker::Stopping { why },
        );
    }));
    let engine = Rc::new(RefCell::new(Engine {
        scope: scope.clone(),
        next: channel.port2(),
        is_called: Cell::new(false),
        files: Uploads::default(),
        work: None,
        earlier: Vec::new(),
        text: String::new(),
        films: None,
        pool: Pool::default(),
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
            if let Ok(port) = event.ports().get(0).dyn_into::<MessagePort>() {
                return meet(&taking, message.as_f64(), port);
            }
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

/// Somebody is at the other end of a port: the helper of this number, or whoever is to be helped.
fn meet(engine: &Rc<RefCell<Engine>>, number: Option<f64>, port: MessagePort) {
    let Some(number) = number.map(|number| number as u32) else {
        return helping::serve(port);
    };
    let hearing = Rc::clone(engine);
    listen(
        move |event| hearing.borrow_mut().helped(number, &event.data()),
        |handler| port.set_onmessage(Some(handler)),
    );
    engine.borrow_mut().pool.join(number, port);
}

/// A file as it is sent: its name and its bytes.
fn file_of(message: &JsValue) -> Option<(String, Vec<u8>)> {
    let file = message.dyn_ref::<js_sys::Array>()?;
    let name = file.get(0).as_string()?;
    Some((name, js_sys::Uint8Array::new(&file.get(1)).to_vec()))
}

/// Hands a handler over for as long as the worker lives.
fn listen(handler: impl FnMut(MessageEvent) + 'static, attach: impl FnOnce(&js_sys::Function)) {
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(handler);
    attach(closure.as_ref().unchecked_ref());
    closure.forget();
}

fn say(scope: &DedicatedWorkerGlobalScope, what: &FromWorker) {
    if let Ok(text) = serde_json::to_string(what) {
        // Fails only when the page is gone.
        let _ = scope.post_message(&JsValue::from_str(&text));
    }
}

/// Milliseconds.
fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

impl Engine {
    fn say(&self, what: &FromWorker) {
        say(&self.scope, what);
    }

    /// Keeps a file.
    fn keep(&mut self, message: &JsValue) {
        if let Some((name, bytes)) = file_of(message) {
            self.pool.forget_file(&name);
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
            Task::Without(number) => return self.without(number),
        }
        let studied = self.study_on(&job.text);
        self.work = match studied {
            Ok((study, reports)) => {
                if !reports.is_empty() {
                    let job = job.number;
                    self.say(&FromWorker::Read { job, reports });
                }
                let began = now(&self.scope);
                Some(Work {
                    job: job.number,
                    open: (0..study.parts()).rev().collect(),
                    study,
                    done: 0,
                    own: 0,
                    took: 0.0,
                    began,
                    due_at: began + FIRST_AFTER,
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
        // In the end, those that others have not come to: whether they ever answer does not matter.
        if work.open.is_empty() {
            work.open = self.pool.take_back(work.job);
            work.open.reverse();
        }
        if let Some(index) = work.open.pop() {
            let part = work.study.run_part(index);
            work.study.absorb(part);
            work.done += 1;
            work.own += 1;
            work.took += now(&self.scope) - began;
        }
        self.report(now(&self.scope) - began);
    }

    /// A helper says what it found out.
    fn helped(&mut self, number: u32, message: &JsValue) {
        match self.pool.hear(number, message) {
            Said::Found(job, parts, found) => {
                if let Some(work) = self.work.as_mut().filter(|work| work.job == job) {
                    work.study.absorb(found);
                    work.done += parts;
                    self.report(0.0);
                }
            }
            Said::Unable => self.without(number),
            Said::Late => {}
        }
    }

    /// Goes on without a helper.
    fn without(&mut self, number: u32) {
        self.pool.leave(number, self.work.as_mut());
        self.call();
    }

    /// Says how far the run is, with results where it is time, and goes on with it. Another part would take as long
    /// as the last one `took`.
    fn report(&mut self, took: f64) {
        let Some(work) = &mut self.work else {
            return;
        };
        if let Some(broken) = work.study.broken().first() {
            let (job, message) = (work.job, broken.to_string());
            self.say(&FromWorker::Defect { job, message });
            self.work = None;
            return;
        }
        let (job, done, parts) = (work.job, work.done, work.study.parts());
        // Each word of it has the page at work: between results there is none.
        let at = now(&self.scope);
        if done == parts || at + took >= work.due_at {
            let results = work.study.results().map(Box::new);
            // Of many replicates they take long: most of the time is the run's.
            let told = now(&self.scope);
            let waits = OF_SO_FAR * (told - work.began);
            let waits = waits.clamp(SENT_EVERY, SENT_AT_LEAST_EVERY);
            work.due_at = told + waits.max(RESTS * (told - at));
            self.say(&FromWorker::Progress {
                job,
                done,
                parts,
                results,
            });
        }
        if done < parts {
            // Not while a knob moves on, whose next result would wait for the processors that others take.
            if let Some(work) = self.work.as_mut().filter(|work| work.began + LONG < at) {
                self.pool.hand_out(work, &self.text, &self.files);
            }
            self.call();
        } else {
            self.earlier.clear();
            self.earlier.extend(self.work.take().map(|work| work.study));
        }
    }
}
