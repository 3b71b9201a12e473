//! A talk: the steps of a scenario's story, one at a time, each with the results of the scenario as it stands at
//! that step. The scenario of the page is left alone.
//!
//! Steps share results where nothing changes between them. They are found ahead of the speaker: first those of
//! the step that is shown, then those that follow, then the others.

use std::rc::Rc;

use super::runs;
use super::state::{Shown, State};
use crate::report::results::Results;
use crate::scenario::story::{self, Step};
use crate::scenario::{Scenario, text};

mod changes;

pub use changes::Change;
pub(super) use changes::{DESIGN, FAULT, between};

/// A talk that is being given.
#[derive(Debug, Clone, PartialEq)]
pub struct Talk {
    /// The step that is shown.
    pub at: usize,
    /// Whether the screen is dark, so that all eyes are on the speaker.
    pub is_blank: bool,
    /// How the scenario differs from the preset that its words were written for, where it does.
    pub edits: Option<Rc<str>>,
    steps: Rc<[Told]>,
    stages: Vec<Stage>,
    running: Option<(u32, usize)>,
}

/// A step, and what it changes in words.
#[derive(Debug, PartialEq)]
struct Told {
    step: Step,
    changes: Vec<Change>,
    /// What it only sets back to what it was before the talk.
    restored: Vec<String>,
    stage: usize,
}

/// The scenario as it stands at one step or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its text, without the story.
    pub text: Rc<str>,
    /// What it says.
    pub scenario: Rc<Scenario>,
    /// What was found so far.
    pub shown: Option<Shown>,
    /// Why there is nothing, if there can be nothing.
    pub failed: Option<Rc<str>>,
}

impl Stage {
    /// Whether all of it was found.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.shown
            .as_ref()
            .is_some_and(|shown| shown.done == shown.parts)
    }
}

/// How a page's scenario differs from its preset, if it still has the preset's words.
fn edits(state: &State) -> Option<Rc<str>> {
    if !state.edited() {
        return None;
    }
    let has_its_words = |preset: &Scenario| preset.story == state.scenario.story;
    runs::edits(state.preset, &state.scenario, has_its_words).map(Rc::from)
}

/// What a speaker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Begins, at a step.
    Start(usize),
    /// Goes on.
    Next,
    /// Goes back.
    Back,
    /// Goes to the first step.
    First,
    /// Goes to the last step.
    Last,
    /// Makes the screen dark, or light again.
    Blank,
    /// Ends it.
    End,
}

impl Talk {
    /// The talk of a page's scenario, from a step on; nothing where there is no story, or the text cannot be read.
    #[must_use]
    pub fn of(state: &State, at: usize) -> Option<Self> {
        let told = &state.scenario.story;
        let last = told.len().checked_sub(1)?;
        if state.problems.is_some() {
            return None;
        }
        let texts = story::texts(&state.text, told).ok()?;
        let mut before = Rc::clone(&state.scenario);
        let mut stages: Vec<Stage> = Vec::new();
        let mut steps = Vec::with_capacity(told.len());
        for (step, text) in told.iter().zip(texts) {
            let known = stages.iter().position(|stage| *stage.text == *text);
            let stage = match known {
                Some(stage) => stage,
                None => {
                    stages.push(Stage {
                        scenario: Rc::new(text::parse(&text).ok()?.scenario),
                        text: text.into(),
                        shown: None,
                        failed: None,
                    });
                    stages.len() - 1
                }
            };
            let now = Rc::clone(&stages.get(stage)?.scenario);
            let changes = changes::of_step(&before, &now, &step.set);
            let earlier = changes::between(&state.scenario, &before);
            let (restored, changes) = changes::set_back(changes, &earlier);
            steps.push(Told {
                step: step.clone(),
                changes,
                restored,
                stage,
            });
            before = now;
        }
        // What the page has found already need not be found again.
        let found = state.shown.as_ref();
        let found = found.filter(|found| found.text == state.text && found.done == found.parts);
        let unchanged = told.first().is_some_and(|step| step.set.is_empty());
        if let (Some(found), true, Some(first)) = (found, unchanged, stages.first_mut()) {
            first.shown = Some(Shown {
                text: Rc::clone(&first.text),
                scenario: Rc::clone(&first.scenario),
                ..found.clone()
            });
        }
        Some(Self {
            at: at.min(last),
            is_blank: false,
            edits: edits(state),
            steps: steps.into(),
            stages,
            running: None,
        })
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none, which is never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The step that is shown, and what it changes in words.
    #[must_use]
    pub fn now(&self) -> Option<(&Step, &[Change])> {
        let told = self.steps.get(self.at)?;
        Some((&told.step, &told.changes))
    }

    /// What the step that is shown only sets back, after earlier steps changed it.
    #[must_use]
    pub fn restored(&self) -> &[String] {
        let told = self.steps.get(self.at);
        told.map_or(&[], |told| &told.restored)
    }

    /// The scenario at the step that is shown.
    #[must_use]
    pub fn stage(&self) -> Option<&Stage> {
        self.stages.get(self.steps.get(self.at)?.stage)
    }

    /// How many of the steps have all their results.
    #[must_use]
    pub fn ready(&self) -> usize {
        let whole = |told: &&Told| self.stages.get(told.stage).is_some_and(Stage::is_whole);
        self.steps.iter().filter(whole).count()
    }

    /// What the speaker does, but for beginning and ending.
    pub(super) fn take(&mut self, event: Event) {
        let last = self.steps.len().saturating_sub(1);
        let is_blank = self.is_blank;
        // Whoever goes on wants to see it.
        self.is_blank = false;
        match event {
            Event::Next => self.at = (self.at + 1).min(last),
            Event::Back => self.at = self.at.saturating_sub(1),
            Event::First => self.at = 0,
            Event::Last => self.at = last,
            Event::Blank => self.is_blank = !is_blank,
            Event::Start(_) | Event::End => {}
        }
    }

    /// The stage that is to be run next, if it is another than the one that runs.
    fn next(&self) -> Option<usize> {
        let ahead = self.steps.get(self.at..).unwrap_or_default();
        let behind = self.steps.get(..self.at).unwrap_or_default();
        let mut stages = ahead.iter().chain(behind).map(|told| told.stage);
        let open = |stage: &usize| {
            let stage = self.stages.get(*stage);
            stage.is_some_and(|stage| !stage.is_whole() && stage.failed.is_none())
        };
        let next = stages.find(open)?;
        match self.running {
            Some((_, running)) if running == next => None,
            // It ends soon, and nobody waits for another.
            Some(_) if self.steps.get(self.at)?.stage != next => None,
            _ => Some(next),
        }
    }

    /// Asks for the stage that is to be run next, as a job of this number; whether there is one.
    pub(super) fn ask(&mut self, job: u32) -> bool {
        let next = self.next();
        if let Some(stage) = next {
            self.running = Some((job, stage));
        }
        next.is_some()
    }

    /// The job to run.
    pub(super) fn wanted(&self) -> Option<(u32, Rc<str>)> {
        let (job, stage) = self.running?;
        Some((job, Rc::clone(&self.stages.get(stage)?.text)))
    }

    fn running(&mut self, job: u32) -> Option<&mut Stage> {
        let (running, stage) = self.running?;
        let stage = self.stages.get_mut(stage);
        stage.filter(|_| running == job)
    }

    /// A job has come so far; whether it is one of this talk.
    pub(super) fn progress(
        &mut self,
        job: u32,
        (done, parts): (usize, usize),
        results: Option<&Rc<Results>>,
    ) -> bool {
        let Some(stage) = self.running(job) else {
            return false;
        };
        if let Some(results) = results {
            stage.shown = Some(Shown {
                results: Rc::clone(results),
                text: Rc::clone(&stage.text),
                scenario: Rc::clone(&stage.scenario),
                job,
                done,
                parts,
            });
        }
        if done >= parts {
            self.running = None;
        }
        true
    }

    /// The job cannot be done, for this reason; whether it is one of this talk.
    pub(super) fn refuse(&mut self, job: u32, why: &Rc<str>) -> bool {
        let Some(stage) = self.running(job) else {
            return false;
        };
        stage.shown = None;
        stage.failed = Some(Rc::clone(why));
        self.running = None;
        true
    }

    /// The worker is gone, with what it was doing.
    pub(super) fn lose(&mut self, why: &Rc<str>) {
        if let Some((job, _)) = self.running {
            self.refuse(job, why);
        }
    }
}

#[cfg(test)]
mod tests;
