//! What the page knows and what can happen to it. A pure function: the same actions give the same state,
//! which is what undo, tests and replays stand on.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::report::results::Results;
use crate::scenario::Scenario;
use crate::scenario::presets::Preset;
use crate::scenario::problem::Problems;
use crate::scenario::text;

/// Everything the page knows.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The scenario as it is written: the one source of truth.
    pub text: Rc<str>,
    /// The preset it started from.
    pub preset: &'static Preset,
    /// The last scenario that could be read; what forms and cards show.
    pub scenario: Rc<Scenario>,
    /// What is wrong with the text, if anything.
    pub problems: Option<Rc<Problems>>,
    /// How the run is doing.
    pub run: Run,
    /// The number of the last job that was asked for.
    pub job: u32,
    /// The worker in use: a new number asks for a new worker.
    pub worker: u32,
    /// The last results, perhaps of a part of the run, perhaps of another text.
    pub shown: Option<Shown>,
    /// When the text runs by itself.
    pub due: Due,
    asked: VecDeque<(u32, Rc<str>)>,
    past: Vec<Rc<str>>,
    future: Vec<Rc<str>>,
    editing: Option<Editing>,
    breaks: u32,
}

/// How the run is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Nothing runs; what is shown may be older than the text.
    Idle,
    /// The last job runs.
    Running {
        /// Parts that are done.
        done: usize,
        /// All parts; 0 while not known.
        parts: usize,
    },
    /// The last job is done.
    Done,
    /// It failed, for this reason.
    Failed(Rc<str>),
}

/// Results on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The numbers.
    pub results: Rc<Results>,
    /// The text they come from.
    pub text: Rc<str>,
    /// The job they come from.
    pub job: u32,
    /// Parts of the run that are in them.
    pub done: usize,
    /// All parts of the run.
    pub parts: usize,
}

/// When a changed text runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Not before it is asked for.
    Never,
    /// At once: a form was changed.
    Now,
    /// When typing pauses.
    Soon,
}

/// An edit in progress: what belongs to it is one step to undo.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Editing {
    Typing,
    Knob(String),
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A preset is opened.
    Open(&'static Preset),
    /// The text is typed.
    Type(Rc<str>),
    /// A form sets the value at a pointer.
    Set(String, serde_json::Value),
    /// An edit is over: the next one is a step of its own.
    Settle,
    /// The last edit is taken back.
    Undo,
    /// It is made again.
    Redo,
    /// A run is asked for.
    Run,
    /// The run is stopped.
    Cancel,
    /// The worker has done a part.
    Progress {
        /// The job's number.
        job: u32,
        /// Parts that are done.
        done: usize,
        /// All parts.
        parts: usize,
        /// What they found out.
        results: Option<Rc<Results>>,
    },
    /// The worker could not run a job.
    Refused {
        /// The job's number.
        job: u32,
        /// Why.
        message: Rc<str>,
    },
    /// The worker is gone; another takes its place.
    Broken(Rc<str>),
    /// There can be no worker.
    Unable(Rc<str>),
}

/// How many steps can be undone.
const STEPS: usize = 200;
/// After so many broken workers in a row, the next is started only when a run is asked for.
const BREAKS: u32 = 3;

impl State {
    /// A page that opens with a preset.
    ///
    /// # Errors
    /// When the preset cannot be read, which a test rules out.
    pub fn new(preset: &'static Preset) -> Result<Self, Problems> {
        let scenario = text::parse(preset.text)?.scenario;
        Ok(Self {
            text: preset.text.into(),
            preset,
            scenario: Rc::new(scenario),
            problems: None,
            run: Run::Idle,
            job: 0,
            worker: 0,
            shown: None,
            due: Due::Now,
            asked: VecDeque::new(),
            past: Vec::new(),
            future: Vec::new(),
            editing: None,
            breaks: 0,
        })
    }

    /// The state after an action.
    #[must_use]
    pub fn after(&self, action: Action) -> Self {
        let mut next = self.clone();
        next.take(action);
        next
    }

    /// Whether the text differs from its preset.
    #[must_use]
    pub fn edited(&self) -> bool {
        *self.text != *self.preset.text
    }

    /// Whether what is shown comes from another text than the one on the page.
    #[must_use]
    pub fn stale(&self) -> bool {
        self.shown
            .as_ref()
            .is_some_and(|shown| shown.text != self.text)
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is something to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The job to run, if one is to.
    #[must_use]
    pub fn wanted(&self) -> Option<(u32, Rc<str>)> {
        let (job, text) = self.asked.back()?;
        (matches!(self.run, Run::Running { .. }) && *job == self.job)
            .then(|| (*job, Rc::clone(text)))
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Open(preset) => {
                self.preset = preset;
                self.write(preset.text.into(), None, Due::Now);
            }
            Action::Type(text) => self.write(text, Some(Editing::Typing), Due::Soon),
            Action::Set(pointer, value) => {
                // A text that cannot be read cannot be edited by a form either: its problem shows.
                if let Ok(text) = text::set(&self.text, &pointer, &value.to_string()) {
                    self.write(text.into(), Some(Editing::Knob(pointer)), Due::Now);
                }
            }
            Action::Settle => self.editing = None,
            Action::Undo => {
                if let Some(text) = self.past.pop() {
                    self.future.push(Rc::clone(&self.text));
                    self.replace(text, Due::Now);
                }
            }
            Action::Redo => {
                if let Some(text) = self.future.pop() {
                    self.past.push(Rc::clone(&self.text));
                    self.replace(text, Due::Now);
                }
            }
            Action::Run => self.ask(),
            Action::Cancel => {
                if matches!(self.run, Run::Running { .. }) {
                    self.run = Run::Idle;
                    self.worker += 1;
                }
                self.due = Due::Never;
            }
            Action::Progress {
                job,
                done,
                parts,
                results,
            } => self.progress(job, done, parts, results),
            Action::Refused { job, message } => {
                if job == self.job && matches!(self.run, Run::Running { .. }) {
                    self.run = Run::Failed(message);
                }
            }
            Action::Broken(message) => {
                self.run = Run::Failed(message);
                self.due = Due::Never;
                self.breaks += 1;
                if self.breaks < BREAKS {
                    self.worker += 1;
                }
            }
            Action::Unable(message) => {
                self.run = Run::Failed(message);
                self.due = Due::Never;
            }
        }
    }

    /// A new text, as a step that can be undone.
    fn write(&mut self, text: Rc<str>, editing: Option<Editing>, due: Due) {
        if text == self.text {
            return;
        }
        if editing.is_none() || editing != self.editing {
            self.past.push(Rc::clone(&self.text));
            if self.past.len() > STEPS {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.replace(text, due);
        self.editing = editing;
    }

    fn replace(&mut self, text: Rc<str>, due: Due) {
        match text::parse(&text) {
            Ok(document) => {
                self.scenario = Rc::new(document.scenario);
                self.problems = None;
                self.due = due;
            }
            Err(problems) => {
                self.problems = Some(Rc::new(problems));
                self.due = Due::Never;
            }
        }
        self.text = text;
        self.editing = None;
        if !matches!(self.run, Run::Running { .. }) {
            self.run = Run::Idle;
        }
    }

    fn ask(&mut self) {
        self.due = Due::Never;
        if self.problems.is_some() {
            return;
        }
        if self.breaks >= BREAKS {
            // None was started after the last one broke.
            self.worker += 1;
            self.breaks = 0;
        }
        self.job += 1;
        self.run = Run::Running { done: 0, parts: 0 };
        self.asked.push_back((self.job, Rc::clone(&self.text)));
    }

    fn progress(&mut self, job: u32, done: usize, parts: usize, results: Option<Rc<Results>>) {
        let asked = self.asked.iter().find(|(number, _)| *number == job);
        let Some((_, text)) = asked.cloned() else {
            return;
        };
        let running = matches!(self.run, Run::Running { .. });
        if job == self.job && !running {
            // It was cancelled; what was on its way comes too late.
            return;
        }
        if let Some(results) = results {
            self.shown = Some(Shown {
                results,
                text,
                job,
                done,
                parts,
            });
            self.asked.retain(|(number, _)| *number >= job);
        }
        self.breaks = 0;
        if job == self.job {
            self.run = if done < parts {
                Run::Running { done, parts }
            } else {
                Run::Done
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scenario::presets::PRESETS;

    fn opened() -> State {
        State::new(&PRESETS[0]).expect("the first preset reads")
    }

    fn run(actions: impl IntoIterator<Item = Action>) -> State {
        actions
            .into_iter()
            .fold(opened(), |state, action| state.after(action))
    }

    fn seed(seed: u64) -> Action {
        Action::Set("/seed".to_owned(), json!(seed))
    }

    fn results() -> Rc<Results> {
        let document = PRESETS[0].read().expect("reads");
        let blank = serde_json::to_value(document.scenario).expect("is JSON");
        Rc::new(
            serde_json::from_value(json!({
                "stayfresh": { "version": "0", "results": 1 },
                "scenario": blank, "scenario_hash": "s", "results_hash": "r",
                "replicates": 1, "designs": [], "differences": []
            }))
            .expect("is a results file"),
        )
    }

    fn progress(job: u32, done: usize) -> Action {
        let results = Some(results());
        Action::Progress {
            job,
            done,
            parts: 4,
            results,
        }
    }

    #[test]
    fn a_form_edits_the_text_and_keeps_its_comments() {
        let state = run([seed(7)]);
        assert_eq!(state.scenario.seed.get(), 7);
        assert!(
            state.text.contains("\"seed\": 7") && state.text.contains("//"),
            "{}",
            state.text
        );
        assert!(state.edited());
        assert_eq!(state.due, Due::Now);
    }

    #[test]
    fn one_movement_is_one_step_back() {
        let state = run([seed(1), seed(2), seed(3), Action::Settle, seed(4)]);
        let once = state.after(Action::Undo);
        assert_eq!(once.scenario.seed.get(), 3);
        let twice = once.after(Action::Undo);
        assert_eq!(twice.text, opened().text);
        assert!(!twice.can_undo() && !twice.edited());
        assert_eq!(
            twice.after(Action::Redo).after(Action::Redo).text,
            state.text
        );
        // A new edit makes the old future void.
        assert!(!twice.after(seed(9)).can_redo());
    }

    #[test]
    fn a_bad_text_is_kept_with_the_last_good_scenario() {
        let state = run([
            Action::Type("{ \"version\": 2".into()),
            Action::Run,
            seed(3),
        ]);
        assert_eq!(&*state.text, "{ \"version\": 2");
        assert!(state.problems.is_some());
        assert_eq!(state.scenario, opened().scenario);
        assert_eq!((state.run.clone(), state.wanted()), (Run::Idle, None));
        let back = state.after(Action::Undo);
        assert!(back.problems.is_none() && back.due == Due::Now);
    }

    #[test]
    fn results_come_in_and_grow_old() {
        let state = run([Action::Run, progress(1, 1)]);
        assert_eq!(state.run, Run::Running { done: 1, parts: 4 });
        assert!(state.shown.is_some() && !state.stale());
        let done = state.after(progress(1, 4));
        assert_eq!(done.run, Run::Done);
        let edited = done.after(seed(5));
        assert!(edited.stale());
        assert_eq!(edited.run, Run::Idle);
        // What is undone is no longer old.
        assert!(!edited.after(Action::Undo).stale());
    }

    #[test]
    fn an_older_job_may_show_but_not_end_a_newer_one() {
        let state = run([Action::Run, seed(5), Action::Run, progress(1, 4)]);
        assert!(matches!(state.run, Run::Running { .. }));
        assert!(state.stale());
        let newer = state.after(progress(2, 1));
        assert!(!newer.stale());
        // What the older one still says comes too late.
        assert_eq!(newer.after(progress(1, 4)), newer);
    }

    #[test]
    fn a_cancelled_run_stops_at_once_and_says_no_more() {
        let state = run([Action::Run, progress(1, 1), Action::Cancel]);
        assert_eq!((state.run.clone(), state.worker), (Run::Idle, 1));
        assert_eq!(state.after(progress(1, 2)), state);
        assert_eq!(state.after(Action::Cancel), state);
    }

    #[test]
    fn a_broken_worker_is_replaced_but_not_for_ever() {
        let broken = || Action::Broken("gone".into());
        let once = run([Action::Run, broken()]);
        assert_eq!(
            (once.run.clone(), once.worker),
            (Run::Failed("gone".into()), 1)
        );
        assert_eq!(once.text, opened().text);
        let often = once.after(broken()).after(broken()).after(broken());
        assert_eq!(often.worker, 2);
        let again = often.after(Action::Run);
        assert_eq!(again.worker, 3);
        assert!(again.wanted().is_some());
    }
}
