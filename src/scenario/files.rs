//! The files that a scenario names: where they come from, and reading them.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::Scenario;
use super::check;
use super::problem::Problems;
use super::text::{self, Document};
use crate::world::World;
use crate::world::trace::Report;

/// Where a scenario's files are found by the names it gives them: a folder for the command line, uploads for
/// the page.
pub trait Files {
    /// Opens a file for reading.
    ///
    /// # Errors
    /// When there is none of this name, or it cannot be read.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// Files held in memory, by name.
#[derive(Debug, Clone, Default)]
pub struct Uploads(pub BTreeMap<String, Vec<u8>>);

impl Files for Uploads {
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.0.get(name) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "no file of this name was given",
            )),
        }
    }
}

impl Scenario {
    /// The names of the files that the scenario needs.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        match &self.world {
            World::Trace(trace) => trace.files(),
            World::TwoState(_) | World::Hotels(_) => Vec::new(),
        }
    }
}

impl Document {
    /// The names of the files that the scenario needs.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        self.scenario.files()
    }

    /// Reads the files that the scenario names, which must be done before it is studied; says what became of
    /// each. Does nothing where there are none. `text` is what the document was read from.
    ///
    /// # Errors
    /// For a file that cannot be read or has nothing to use, and for what only then turns out to make no sense.
    pub fn read_files(&mut self, text: &str, files: &dyn Files) -> Result<Vec<Report>, Problems> {
        let horizon = self.scenario.run.horizon();
        let World::Trace(trace) = &mut self.scenario.world else {
            return Ok(Vec::new());
        };
        let mut problems = Vec::new();
        let reports = match trace.read(files, horizon) {
            Ok(reports) => {
                check::meaning(&self.scenario, &mut problems);
                reports
            }
            Err(problem) => {
                problems.push(*problem);
                Vec::new()
            }
        };
        Problems::none(text::placed(text, problems))?;
        Ok(reports)
    }
}
