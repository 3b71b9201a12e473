//! One scenario with some of its values changed, studied again and again: what sweeps, break-evens and
//! sensitivities are made of.

use std::fmt;

use serde_json::Value as Json;

use super::asked::Asked;
use super::{Broken, Sample, Study};
use crate::scenario::BOUNDS;
use crate::scenario::files::Files;
use crate::scenario::problem::{Problem, Problems};
use crate::scenario::text::{self, Document};
use crate::scenario::vary::{self, Axis};

/// A value that is set: its JSON pointer, and the value.
pub type Change = (String, Json);

/// A scenario whose values are changed, and how its studies are run.
pub struct Varied<'a> {
    text: &'a str,
    files: &'a dyn Files,
    run: &'a mut dyn FnMut(&mut Study),
}

/// Why a variant has no numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// It is no scenario.
    Scenario(Problems),
    /// The program broke one of its own invariants.
    Defect(Broken),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenario(problems) => problems.fmt(f),
            Self::Defect(broken) => broken.fmt(f),
        }
    }
}

impl std::error::Error for Failed {}

impl Failed {
    /// One thing that is wrong.
    #[must_use]
    pub fn said(problem: Problem) -> Self {
        Self::Scenario(problem.into())
    }
}

/// What went wrong with a variant, without places in a text that nobody wrote.
#[must_use]
pub fn at_pointer(failed: Failed, over: &str) -> Failed {
    let Failed::Scenario(problems) = &failed else {
        return failed;
    };
    let Some(mut problem) = problems.iter().next().cloned() else {
        return failed;
    };
    problem.place = None;
    problem.related = None;
    if problem.path.is_empty() {
        problem.path = over.to_owned();
    }
    Failed::said(problem)
}

impl From<Problems> for Failed {
    fn from(problems: Problems) -> Self {
        Self::Scenario(problems)
    }
}

impl<'a> Varied<'a> {
    /// The scenario in `text`, which names `files`. `run` runs a study to its end, on as many threads as it
    /// likes: the numbers do not depend on it.
    pub fn new(text: &'a str, files: &'a dyn Files, run: &'a mut dyn FnMut(&mut Study)) -> Self {
        Self { text, files, run }
    }

    /// The scenario with these changes; its files are not read yet.
    ///
    /// # Errors
    /// When a pointer leads nowhere, or what comes out is no scenario.
    pub fn check(&self, changes: &[Change]) -> Result<Document, Problems> {
        text::alone(&self.edited(changes)?)
    }

    /// Whether it can be varied so.
    ///
    /// # Errors
    /// For pointers that lead nowhere and values that make no scenario.
    pub fn can_take(&self, axes: &[Axis]) -> Result<(), Problems> {
        vary::check(self.text, axes)
    }

    /// The scenario with these changes, ready to be studied.
    ///
    /// # Errors
    /// As [`Self::check`], and for what turns out once its files are read.
    pub fn document(&self, changes: &[Change]) -> Result<Document, Problems> {
        let text = self.edited(changes)?;
        let mut document = text::alone(&text)?;
        document.read_files(&text, self.files)?;
        Ok(document)
    }

    fn edited(&self, changes: &[Change]) -> Result<String, Problems> {
        let mut text = self.text.to_owned();
        for (pointer, value) in changes {
            text = text::set(&text, pointer, &value.to_string())?;
        }
        Ok(text)
    }

    /// A study of the document, run to its end but for what earlier studies have done.
    ///
    /// # Errors
    /// When an invariant is broken.
    pub fn study(&mut self, document: Document, earlier: &[&Study]) -> Result<Study, Failed> {
        let mut study = Study::after_all(document, earlier);
        (self.run)(&mut study);
        match study.broken().into_iter().next() {
            Some(broken) => Err(Failed::Defect(broken)),
            None => Ok(study),
        }
    }

    /// What the two designs of a question did with these changes, at the prices that stand then. The others
    /// are left out: no number of the two depends on them.
    ///
    /// # Errors
    /// As [`Self::document`] and [`Self::study`].
    pub fn pair(
        &mut self,
        asked: &Asked,
        changes: &[Change],
        earlier: &[&Study],
    ) -> Result<(Study, Sample), Failed> {
        let mut document = self.document(changes)?;
        let names = asked.names();
        let scenario = &mut document.scenario;
        scenario
            .designs
            .retain(|design| names.contains(&design.name.as_str()));
        scenario.bounds &= names.iter().any(|name| BOUNDS.contains(name));
        let prices = scenario.prices;
        let study = self.study(document, earlier)?;
        let sample = study.sample(&prices);
        Ok((study, sample))
    }
}
