//! What the page knows and what can happen to it. A pure function: the same actions give the same state,
//! which is what undo, tests and replays stand on.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::explore::{self, Explorations};
use super::knobs;
use super::runs::{self, Runs};
use super::share::Sharer;
use super::talk::{self, Talk};
use crate::report::results::Results;
use crate::scenario::Scenario;
use crate::scenario::designs::{self, Change};
use crate::scenario::parts;
use crate::scenario::presets::Preset;
use crate::scenario::problem::{Problem, Problems};
use crate::scenario::text::{self, Document};
use crate::world::trace::Report;

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
    /// A form's last edit, if the scenario would have made no sense with it: where, and why.
    pub refused: Option<(String, Rc<str>)>,
    /// The files that were chosen for the names that scenarios give them.
    pub files: Files,
    /// What became of the rows of files, when they were last read.
    pub reports: Rc<[Report]>,
    /// What was asked beside the run, and what was found.
    pub explored: Explorations,
    /// Runs of earlier, behind the charts.
    pub runs: Runs,
    /// The talk that is being given.
    pub talk: Option<Talk>,
    /// Where the text comes from, if from a link.
    pub shared: Option<Rc<Sharer>>,
    /// The design that was changed last by hand, until something else changes.
    pub placed: Option<usize>,
    /// The part that was added last by hand, or the list that one was taken from, until something else changes: a
    /// JSON pointer. It has the focus.
    pub part: Option<Rc<str>>,
    /// What is to be removed, and what would go with it.
    pub removing: Option<Removing>,
    asked: VecDeque<Asked>,
    past: Vec<Step>,
    future: Vec<Step>,
    /// Whether the last step brought a text from elsewhere.
    is_fetched: bool,
    editing: Option<Editing>,
    /// Whether all of the text was looked at when it was read.
    is_looked_through: bool,
    breaks: u32,
    /// Whether a run waits for the end of the talk.
    waits: bool,
}

/// A text to go back to, and where it came from.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    text: Rc<str>,
    preset: &'static Preset,
    shared: Option<Rc<Sharer>>,
}

/// What is to be removed or replaced, once it is said what goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Removing {
    /// What it is called.
    pub name: Rc<str>,
    /// What goes with it, in words.
    pub with: Rc<[String]>,
    /// What does it all the same.
    pub sure: Box<Action>,
}

/// A job that was asked for.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    job: u32,
    text: Rc<str>,
    scenario: Rc<Scenario>,
}

/// Files by the names that scenarios give them.
pub type Files = Rc<BTreeMap<String, Given>>;

/// A file that was chosen. It stays in memory.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its own name.
    pub name: Rc<str>,
    /// What is in it.
    pub bytes: Rc<[u8]>,
}

impl PartialEq for Given {
    /// The same choice: what is in files is not looked at.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Rc::ptr_eq(&self.bytes, &other.bytes)
    }
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
#[derive(Debug, Clone)]
pub struct Shown {
    /// The numbers.
    pub results: Rc<Results>,
    /// The text they come from.
    pub text: Rc<str>,
    /// The scenario in it.
    pub scenario: Rc<Scenario>,
    /// The job they come from.
    pub job: u32,
    /// Parts of the run that are in them.
    pub done: usize,
    /// All parts of the run.
    pub parts: usize,
}

impl PartialEq for Shown {
    /// The same results: numbers are not compared one by one.
    fn eq(&self, other: &Self) -> bool {
        (self.job, self.done, self.parts) == (other.job, other.done, other.parts)
            && Rc::ptr_eq(&self.results, &other.results)
    }
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
    /// A form sets values at pointers.
    Set {
        /// Which of its fields: a pointer.
        field: String,
        /// The edits.
        values: Vec<(String, serde_json::Value)>,
    },
    /// The list of designs is changed.
    Design {
        /// How.
        change: Change,
        /// Whether it was said what goes with it.
        sure: bool,
    },
    /// A list within the scenario is changed, or its world.
    Part {
        /// How.
        change: parts::Change,
        /// Whether it was said what goes with it.
        sure: bool,
    },
    /// One of a kind is added to a list, as it usually is here.
    Add {
        /// The list: a JSON pointer.
        list: String,
        /// The kind.
        kind: knobs::Kind,
    },
    /// What was to be removed stays.
    Keep,
    /// A file was chosen for a name.
    Give(String, Given),
    /// An edit is over: the next one is a step of its own.
    Settle,
    /// The text is laid out anew.
    Format,
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
    /// The worker has read the files of a job.
    Read {
        /// The job's number.
        job: u32,
        /// What became of each.
        reports: Rc<[Report]>,
    },
    /// A job broke an invariant: its numbers mean nothing.
    Defect {
        /// The job's number.
        job: u32,
        /// Which.
        message: Rc<str>,
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
    /// Something about what is asked beside the run.
    Explore(explore::Event),
    /// Something about runs of earlier.
    Runs(runs::Event),
    /// Something about a talk.
    Talk(talk::Event),
    /// A text comes from elsewhere: a link, an earlier visit. It can be undone.
    Load {
        /// The text.
        text: Rc<str>,
        /// The preset it started from, where that is known.
        preset: Option<&'static Preset>,
        /// Whose numbers came with it, if it comes from a link.
        shared: Option<Rc<Sharer>>,
    },
}

impl Action {
    /// A form sets one value.
    #[must_use]
    pub fn set(pointer: &str, value: serde_json::Value) -> Self {
        Self::Set {
            field: pointer.to_owned(),
            values: vec![(pointer.to_owned(), value)],
        }
    }

    /// A list within the scenario is changed, unless more would go with it.
    #[must_use]
    pub fn part(change: parts::Change) -> Self {
        Self::Part {
            change,
            sure: false,
        }
    }

    /// The list of designs is changed, unless more would go with it.
    #[must_use]
    pub fn design(change: Change) -> Self {
        Self::Design {
            change,
            sure: false,
        }
    }
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
            refused: None,
            files: Files::default(),
            reports: Rc::new([]),
            explored: Explorations::default(),
            runs: Runs::default(),
            talk: None,
            shared: None,
            placed: None,
            part: None,
            removing: None,
            asked: VecDeque::new(),
            past: Vec::new(),
            future: Vec::new(),
            is_fetched: false,
            editing: None,
            is_looked_through: true,
            breaks: 0,
            waits: false,
        })
    }

    /// The state after an action.
    #[must_use]
    pub fn after(&self, action: Action) -> Self {
        let mut next = self.clone();
        next.take(action);
        next
    }

    /// The same with nothing before it to go back to.
    #[must_use]
    pub fn begun_here(mut self) -> Self {
        self.past.clear();
        self
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

    /// The text that undoing goes back to.
    #[must_use]
    pub fn before(&self) -> Option<&Rc<str>> {
        self.past.last().map(|step| &step.text)
    }

    /// Whether the text came from elsewhere in the place of one that had been edited, which one undo brings back.
    #[must_use]
    pub fn has_displaced(&self) -> bool {
        let last = self.past.last();
        self.is_fetched && last.is_some_and(|step| *step.text != *step.preset.text)
    }

    /// Whether there is something to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The files that the scenario names and nobody has chosen.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let mut missing = self.scenario.files();
        missing.retain(|name| !self.files.contains_key(*name));
        missing
    }

    /// The job to run, if one is to.
    #[must_use]
    pub fn wanted(&self) -> Option<(u32, Rc<str>)> {
        if let Some(talk) = &self.talk {
            return talk.wanted();
        }
        let asked = self.asked.back()?;
        (matches!(self.run, Run::Running { .. }) && asked.job == self.job)
            .then(|| (asked.job, Rc::clone(&asked.text)))
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Open(preset) => {
                self.fetch(preset.text.into(), preset, None);
                self.runs.before = None;
            }
            Action::Type(text) => self.write(text, Some(Editing::Typing), Due::Soon),
            Action::Set { field, values } => self.set(field, &values),
            Action::Design { change, sure } => self.design(&change, sure),
            Action::Part { change, sure } => self.part(&change, sure),
            Action::Add { list, kind } => {
                let item = kind.item(&self.scenario);
                self.part(&parts::Change::Add { list, item }, false);
            }
            Action::Keep => self.removing = None,
            Action::Give(name, given) => {
                Rc::make_mut(&mut self.files).insert(name, given);
                self.reports = Rc::new([]);
                if self.problems.is_none() && self.missing().is_empty() {
                    self.due = Due::Now;
                }
            }
            Action::Settle => {
                self.editing = None;
                if !std::mem::replace(&mut self.is_looked_through, true)
                    && let Err(problems) = text::parse(&self.text)
                {
                    self.problems = Some(Rc::new(problems));
                }
            }
            Action::Format => {
                // What cannot be read stays as it is: its problem shows.
                if let Ok(text) = text::format(&self.text) {
                    let due = self.due;
                    self.write(text.into(), None, due);
                }
            }
            Action::Undo => {
                if let Some(step) = self.past.pop() {
                    let left = self.go(step);
                    self.future.push(left);
                }
            }
            Action::Redo => {
                if let Some(step) = self.future.pop() {
                    let left = self.go(step);
                    self.past.push(left);
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
            Action::Read { job, reports } => {
                if job == self.job {
                    self.reports = reports;
                }
            }
            Action::Defect { job, message } => {
                self.talk_refused(job, &defect(&message));
                if job == self.job && matches!(self.run, Run::Running { .. }) {
                    self.shown = None;
                    self.run = Run::Failed(defect(&message));
                }
            }
            Action::Refused { job, message } => {
                self.talk_refused(job, &message);
                if job == self.job && matches!(self.run, Run::Running { .. }) {
                    self.run = Run::Failed(message);
                }
            }
            Action::Broken(message) => {
                self.breaks += 1;
                if self.breaks < BREAKS {
                    self.worker += 1;
                }
                self.lose(message);
            }
            Action::Unable(message) => self.lose(message),
            Action::Explore(event) => {
                self.explored.take(event, &self.text, &self.scenario);
            }
            Action::Runs(runs::Event::Return(id)) => {
                if let Some(kept) = self.runs.of(id) {
                    self.fetch(Rc::clone(&kept.shown.text), kept.preset, None);
                }
            }
            Action::Runs(event) => self.runs.take(event, self.shown.as_ref(), self.preset),
            Action::Talk(event) => self.talk(event),
            Action::Load {
                text,
                preset,
                shared,
            } => {
                self.fetch(text, preset.unwrap_or(self.preset), shared);
                self.runs.before = None;
            }
        }
    }

    /// The run, or the talk's, can no longer be done, for this reason.
    fn lose(&mut self, message: Rc<str>) {
        match &mut self.talk {
            Some(talk) => {
                talk.lose(&message);
                if self.breaks < BREAKS {
                    self.ask_for_talk();
                }
            }
            None => {
                self.run = Run::Failed(message);
                self.due = Due::Never;
            }
        }
    }

    /// A talk begins, goes on or ends. It has the worker for itself; a run that it is in the way of waits.
    fn talk(&mut self, event: talk::Event) {
        match (event, &mut self.talk) {
            (talk::Event::Start(at), None) => {
                self.talk = Talk::of(self, at);
                if self.talk.is_some() {
                    self.waits = self.due != Due::Never || matches!(self.run, Run::Running { .. });
                    self.due = Due::Never;
                    if self.waits {
                        self.run = Run::Idle;
                    }
                }
            }
            (talk::Event::End, Some(_)) => {
                self.talk = None;
                if std::mem::take(&mut self.waits) {
                    self.due = Due::Now;
                }
            }
            (event, Some(talk)) => talk.take(event),
            (_, None) => {}
        }
        self.ask_for_talk();
    }

    fn ask_for_talk(&mut self) {
        if let Some(talk) = &mut self.talk
            && talk.ask(self.job + 1)
        {
            self.job += 1;
        }
    }

    fn talk_refused(&mut self, job: u32, why: &Rc<str>) {
        if self.talk.as_mut().is_some_and(|talk| talk.refuse(job, why)) {
            self.ask_for_talk();
        }
    }

    /// A form's edit, unless the scenario would make no sense with it.
    fn set(&mut self, field: String, values: &[(String, serde_json::Value)]) {
        let mut text = self.text.to_string();
        for (pointer, value) in values {
            // A text that cannot be read cannot be edited by a form either: its problem shows.
            let Ok(edited) = text::set(&text, pointer, &value.to_string()) else {
                return;
            };
            text = edited;
        }
        let editing = Some(Editing::Knob(field.clone()));
        // To look at the story takes longer than all else: of a movement, at its first and at its last step.
        let goes_on = editing == self.editing;
        let read = if goes_on {
            text::alone(&text)
        } else {
            text::parse(&text)
        };
        match read {
            Ok(document) => {
                self.write_read(text.into(), Ok(document), editing, Due::Now);
                self.is_looked_through = !goes_on;
                // Not drawn twice: it runs as it moves.
                if self.due == Due::Now && self.talk.is_none() {
                    self.ask();
                }
            }
            Err(problems) => {
                let said = problems.iter().next().map(Problem::said);
                let said = knobs::by_label(&self.scenario, &field, &said.unwrap_or_default());
                self.refused = Some((field, said.into()));
            }
        }
    }

    /// A change of the list of designs, as a step of its own.
    fn design(&mut self, change: &Change, sure: bool) {
        self.removing = None;
        if self.problems.is_some() {
            return;
        }
        match designs::change(&self.text, change) {
            Ok(changed) => {
                if let Change::Remove(design) = *change
                    && !sure
                    && !changed.with.is_empty()
                {
                    let of = self.scenario.designs.get(design);
                    self.removing = Some(Removing {
                        name: of.map_or("", |of| &of.name).into(),
                        with: changed.with.into(),
                        sure: Box::new(Action::Design {
                            change: change.clone(),
                            sure: true,
                        }),
                    });
                    return;
                }
                self.write(changed.text.into(), None, Due::Now);
                self.placed = Some(changed.at);
            }
            Err(problems) => {
                let at = match change {
                    Change::Blank | Change::Take { .. } => "/designs".to_owned(),
                    Change::Rename(design, _) => format!("/designs/{design}/name"),
                    Change::Duplicate(design)
                    | Change::Move { design, .. }
                    | Change::Remove(design) => format!("/designs/{design}"),
                };
                let said = problems.iter().next().map(Problem::said);
                self.refused = Some((at, said.unwrap_or_default().into()));
            }
        }
    }

    /// A change of a list within the scenario or of its world, as a step of its own.
    fn part(&mut self, change: &parts::Change, sure: bool) {
        self.removing = None;
        if self.problems.is_some() {
            return;
        }
        match parts::change(&self.text, change) {
            Ok(changed) if sure || changed.with.is_empty() => {
                self.write(changed.text.into(), None, Due::Now);
                // Who names a part, or chooses another world, is where they want to be.
                let moves = matches!(
                    change,
                    parts::Change::Add { .. } | parts::Change::Remove { .. }
                );
                self.part = moves.then(|| changed.at.into());
            }
            Ok(changed) => {
                self.removing = Some(Removing {
                    name: knobs::part_name(&self.scenario, change).into(),
                    with: changed.with.into(),
                    sure: Box::new(Action::Part {
                        change: change.clone(),
                        sure: true,
                    }),
                });
            }
            Err(problems) => {
                let at = change.place();
                let problem = problems.iter().next();
                let said = problem.map(Problem::said).unwrap_or_default();
                let said = knobs::by_label(&self.scenario, &at, &said);
                self.refused = Some((at, said.into()));
            }
        }
    }

    /// A text from elsewhere, as a step that can be undone.
    fn fetch(&mut self, text: Rc<str>, preset: &'static Preset, shared: Option<Rc<Sharer>>) {
        self.is_fetched = false;
        if text != self.text {
            self.write(text, None, Due::Now);
            self.is_fetched = true;
        }
        self.preset = preset;
        self.shared = shared;
    }

    /// Goes to a text of earlier or later; what was left for it.
    fn go(&mut self, to: Step) -> Step {
        let left = self.here();
        self.runs.leave(self.shown.as_ref(), &self.text);
        if to.preset != self.preset {
            self.runs.before = None;
        }
        self.replace(to.text, Due::Now);
        self.preset = to.preset;
        self.shared = to.shared;
        left
    }

    fn here(&self) -> Step {
        Step {
            text: Rc::clone(&self.text),
            preset: self.preset,
            shared: self.shared.clone(),
        }
    }

    /// A new text, as a step that can be undone.
    fn write(&mut self, text: Rc<str>, editing: Option<Editing>, due: Due) {
        if text != self.text {
            let read = text::parse(&text);
            self.write_read(text, read, editing, due);
        }
    }

    /// The same, of a text that was read already: reading it is most of what an edit takes.
    fn write_read(
        &mut self,
        text: Rc<str>,
        read: Result<Document, Problems>,
        editing: Option<Editing>,
        due: Due,
    ) {
        if text == self.text {
            return;
        }
        if editing.is_none() || editing != self.editing {
            self.runs.leave(self.shown.as_ref(), &self.text);
            self.past.push(self.here());
            if self.past.len() > STEPS {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.replace_read(text, read, due);
        self.editing = editing;
    }

    fn replace(&mut self, text: Rc<str>, due: Due) {
        let read = text::parse(&text);
        self.replace_read(text, read, due);
    }

    fn replace_read(&mut self, text: Rc<str>, read: Result<Document, Problems>, due: Due) {
        match read {
            Ok(document) => {
                self.scenario = Rc::new(document.scenario);
                self.problems = None;
                // Without its files it cannot run.
                self.due = if self.missing().is_empty() {
                    due
                } else {
                    Due::Never
                };
            }
            Err(problems) => {
                self.problems = Some(Rc::new(problems));
                self.due = Due::Never;
            }
        }
        self.text = text;
        self.editing = None;
        self.is_fetched = false;
        self.is_looked_through = true;
        self.refused = None;
        self.placed = None;
        self.part = None;
        self.removing = None;
        if !matches!(self.run, Run::Running { .. }) {
            self.run = Run::Idle;
        }
    }

    fn ask(&mut self) {
        self.due = Due::Never;
        if self.problems.is_some() {
            return;
        }
        if let [first, ..] = self.missing()[..] {
            let message = format!("The scenario reads the file {first:?}: choose it first.");
            self.run = Run::Failed(message.into());
            return;
        }
        if self.breaks >= BREAKS {
            // None was started after the last one broke.
            self.worker += 1;
            self.breaks = 0;
        }
        self.job += 1;
        self.run = Run::Running { done: 0, parts: 0 };
        self.asked.push_back(Asked {
            job: self.job,
            text: Rc::clone(&self.text),
            scenario: Rc::clone(&self.scenario),
        });
    }

    fn progress(&mut self, job: u32, done: usize, parts: usize, results: Option<Rc<Results>>) {
        let talk = self.talk.as_mut();
        if talk.is_some_and(|talk| talk.progress(job, (done, parts), results.as_ref())) {
            self.breaks = 0;
            self.ask_for_talk();
            return;
        }
        let asked = self.asked.iter().find(|asked| asked.job == job);
        let Some(Asked { text, scenario, .. }) = asked.cloned() else {
            return;
        };
        let running = matches!(self.run, Run::Running { .. });
        if job == self.job && !running {
            // It was cancelled; what was on its way comes too late.
            return;
        }
        // Of a text that has changed since, first results do: to draw finer ones takes the time that those of the
        // new text need.
        let shows = |shown: &Shown| shown.job == job;
        let is_late = text != self.text && self.shown.as_ref().is_some_and(shows);
        if let Some(results) = results.filter(|_| !is_late) {
            self.shown = Some(Shown {
                results,
                text,
                scenario,
                job,
                done,
                parts,
            });
            self.asked.retain(|asked| asked.job >= job);
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

/// What a defect of the program is called.
#[must_use]
pub fn defect(which: &str) -> Rc<str> {
    format!("A defect of stayfresh: {which}. Its numbers are not shown. Please report it, with the scenario.").into()
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
        Action::set("/seed", json!(seed))
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
        // It runs at once.
        assert_eq!(state.wanted().map(|(_, text)| text), Some(state.text));
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
    fn going_back_goes_back_to_where_a_text_came_from() {
        let (first, second) = (&PRESETS[0], &PRESETS[1]);
        let edited = run([seed(3)]);
        let there = edited.after(Action::Open(second));
        assert!(there.has_displaced() && !there.edited());
        // Once more is edited there, it is no longer one step back.
        assert!(!there.after(seed(4)).has_displaced());
        let back = there.after(Action::Undo);
        assert_eq!((back.preset, &back.text), (first, &edited.text));
        assert!(back.edited() && !back.has_displaced());
        let again = back.after(Action::Redo);
        assert_eq!((again.preset, &*again.text), (second, second.text));
        // A preset as it is need not be kept.
        let untouched = run([Action::Open(second)]);
        assert!(untouched.can_undo() && !untouched.has_displaced());
        assert_eq!(untouched.after(Action::Undo).preset, first);
    }

    #[test]
    fn the_story_is_looked_at_where_a_movement_begins_and_ends() {
        let text = r#"{ "version": 1, "world": { "two_state": { "stays": 10, "sells_out_per_day": 1,
            "reopens_per_day": 1, "searches_per_stay_per_day": 1 } },
            "designs": [{ "name": "none", "feeds": [
                { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1d" } } }] }],
            "run": { "warmup": "0s", "length": "9d", "replicates": 2 },
            "story": [{ "title": "struck", "set": { "/faults": [
                { "outage": { "design": "none", "at": "3d", "lasts": "1d" } }] } }] }"#;
        let length = |days: u32| Action::set("/run/length", json!(format!("{days}d")));
        let typed = run([Action::Type(text.into())]);
        assert_eq!(typed.problems, None);
        // With two days of run its step makes no sense.
        assert!(typed.after(length(2)).refused.is_some());
        let moved = typed.after(length(5)).after(length(2));
        assert!(moved.refused.is_none() && moved.problems.is_none());
        let settled = moved.after(Action::Settle);
        assert!(settled.problems.is_some() && settled.text == moved.text);
        assert_eq!(settled.after(Action::Undo).text, typed.text);
        let fine = typed
            .after(length(5))
            .after(length(6))
            .after(Action::Settle);
        assert_eq!(fine.problems, None);
    }

    #[test]
    fn laying_out_is_a_step_of_its_own() {
        let untidy = opened().text.replace("\"seed\": ", "\"seed\"  :");
        let state = run([Action::Type(untidy.into()), Action::Format]);
        assert!(state.text.contains("\"seed\": ") && state.problems.is_none());
        assert!(state.after(Action::Undo).text.contains("\"seed\"  :"));
        // What cannot be read is left alone.
        let half = state.after(Action::Type("{ // half".into()));
        assert_eq!(half.after(Action::Format), half);
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
        assert_eq!(edited.run, Run::Running { done: 0, parts: 0 });
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
    fn finer_results_of_a_text_that_has_changed_are_not_drawn() {
        let state = run([Action::Run, progress(1, 1), seed(5), progress(1, 2)]);
        assert_eq!(state.shown.as_ref().map(|shown| shown.done), Some(1));
        assert!(state.stale());
        // What was not seen at all yet is.
        let moved = state
            .after(Action::Run)
            .after(seed(6))
            .after(progress(2, 1));
        assert_eq!(
            moved.shown.map(|shown| (shown.job, shown.done)),
            Some((2, 1))
        );
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

    #[test]
    fn an_edit_that_makes_no_sense_is_refused_where_it_was_made() {
        let pointer = "/designs/0/feeds/0/source";
        let set = |value| Action::set(pointer, json!(value));
        let state = run([set("inventory")]);
        assert_eq!(state.text, opened().text);
        let (at, why) = state.refused.clone().expect("it is said");
        assert!(at == pointer && why.contains("cannot be pushed"), "{why}");
        // What is good again is said no more.
        assert!(state.after(set("searches")).refused.is_none());
    }

    #[test]
    fn designs_are_changed_by_hand_one_step_each() {
        let presets = PRESETS.iter().chain([&crate::scenario::presets::BLANK]);
        for preset in presets {
            let opened = State::new(preset).expect("reads");
            let last = opened.scenario.designs.len() - 1;
            for change in [
                Change::Blank,
                Change::Duplicate(last),
                Change::Rename(last, "another name".to_owned()),
                Change::Move {
                    design: last,
                    to: 0,
                },
                Change::Remove(last),
            ] {
                let sure = Action::Design {
                    change: change.clone(),
                    sure: true,
                };
                let state = opened.after(sure);
                if state.text == opened.text {
                    let same = matches!(change, Change::Move { .. }) && last == 0;
                    assert!(same || state.refused.is_some(), "{}", preset.name);
                    continue;
                }
                assert!(state.problems.is_none() && state.due == Due::Now);
                assert!(state.placed.is_some(), "{change:?}");
                let back = state.after(Action::Undo);
                assert_eq!(back.text, opened.text);
                assert_eq!(back.after(Action::Redo).text, state.text);
            }
        }
    }

    #[test]
    fn what_goes_with_a_design_is_said_before_it_goes() {
        let remove = |sure| Action::Design {
            change: Change::Remove(0),
            sure,
        };
        let asked = run([remove(false)]);
        assert_eq!(asked.text, opened().text);
        let removing = asked.removing.clone().expect("it is asked");
        assert_eq!(&*removing.name, &*opened().scenario.designs[0].name);
        assert!(!removing.with.is_empty());
        let kept = asked.after(Action::Keep);
        assert_eq!(kept, opened());
        let gone = asked.after(remove(true));
        assert!(gone.removing.is_none());
        assert_eq!(
            gone.scenario.designs.len() + 1,
            opened().scenario.designs.len()
        );
        assert_eq!(gone.after(Action::Undo).text, opened().text);
    }

    #[test]
    fn parts_are_changed_by_hand_one_step_each() {
        let list = "/designs/0/feeds".to_owned();
        let item = json!({ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } });
        let feeds = opened().scenario.designs[0].feeds.len();
        let added = run([Action::part(parts::Change::Add {
            list: list.clone(),
            item,
        })]);
        assert_eq!(added.scenario.designs[0].feeds.len(), feeds + 1);
        // It has the focus, and runs at once.
        assert_eq!(added.part.as_deref(), Some(&*format!("{list}/{feeds}")));
        assert_eq!(added.due, Due::Now);
        assert_eq!(added.after(Action::Undo).text, opened().text);
        let rename = |name: &str| {
            Action::part(parts::Change::Rename {
                list: list.clone(),
                at: feeds,
                name: name.to_owned(),
            })
        };
        let named = added.after(rename("safety net"));
        assert_eq!(named.scenario.designs[0].feeds[feeds].name, "safety net");
        assert_eq!(named.part, None);
        let refused = named.after(rename("7"));
        let (at, why) = refused.refused.clone().expect("it is said");
        assert!(
            at == format!("{list}/{feeds}/name") && why.contains("place"),
            "{at}: {why}"
        );
        assert_eq!(refused.text, named.text);
        let gone = named.after(Action::part(parts::Change::Remove {
            list: list.clone(),
            at: feeds,
        }));
        assert_eq!(gone.scenario, opened().scenario);
        assert_eq!(gone.part.as_deref(), Some(&*list));
    }

    #[test]
    fn what_goes_with_a_part_is_said_before_it_goes() {
        let remove = parts::Change::Remove {
            list: "/designs/0/feeds".to_owned(),
            at: 0,
        };
        let asked = run([Action::part(remove)]);
        assert_eq!(asked.text, opened().text);
        let removing = asked.removing.clone().expect("it is asked");
        assert_eq!(
            &*removing.name,
            &*opened().scenario.designs[0].feeds[0].name
        );
        assert!(!removing.with.is_empty());
        assert_eq!(asked.after(Action::Keep), opened());
        let gone = asked.after((*removing.sure).clone());
        assert!(gone.removing.is_none() && gone.scenario.designs[0].feeds.is_empty());
        assert_eq!(gone.after(Action::Undo).text, opened().text);
    }

    #[test]
    fn a_name_that_is_taken_is_refused_where_it_is_typed() {
        let names = &opened().scenario.designs;
        let taken = Change::Rename(0, names[1].name.clone());
        let state = run([Action::design(taken)]);
        assert_eq!(state.text, opened().text);
        let (at, why) = state.refused.expect("it is said");
        assert!(
            at == "/designs/0/name" && why.contains("another design"),
            "{why}"
        );
    }

    #[test]
    fn numbers_of_a_broken_invariant_are_not_shown() {
        let defect = |job| Action::Defect {
            job,
            message: "no entry is newer".into(),
        };
        let state = run([Action::Run, progress(1, 1), defect(1)]);
        assert!(state.shown.is_none());
        assert!(
            matches!(&state.run, Run::Failed(why) if why.contains("no entry is newer")),
            "{:?}",
            state.run
        );
        // One of an older job is no news.
        let newer = run([Action::Run, Action::Run, progress(2, 1), defect(1)]);
        assert!(newer.shown.is_some() && matches!(newer.run, Run::Running { .. }));
    }

    #[test]
    fn a_trace_waits_for_its_files() {
        let text = r#"{ "version": 1, "world": { "trace": {
            "bookings": "bookings.csv", "booking_window": "30d", "max_nights": 3 } },
            "designs": [{ "name": "none" }] }"#;
        let state = run([Action::Type(text.into())]);
        assert_eq!(state.missing(), ["bookings.csv"]);
        assert_eq!(state.due, Due::Never);
        let asked = state.after(Action::Run);
        assert!(matches!(&asked.run, Run::Failed(why) if why.contains("bookings.csv")));
        let given = Given {
            name: "mine.csv".into(),
            bytes: Rc::new([]),
        };
        let given = state.after(Action::Give("bookings.csv".to_owned(), given));
        assert!(given.missing().is_empty());
        assert_eq!(given.due, Due::Now);
        assert!(given.after(Action::Run).wanted().is_some());
        // What is chosen stays chosen.
        let again = given.after(Action::Undo).after(Action::Redo);
        assert_eq!((again.missing().len(), again.due), (0, Due::Now));
    }
}
