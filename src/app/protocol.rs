//! What the page and its worker say to each other, as JSON texts; a file that a scenario names goes to the
//! worker as its name and its bytes.

use serde::{Deserialize, Serialize};

use crate::report::results::Results;
use crate::world::trace::Report;

/// Names this build: page and worker of different builds must not work together. It is a hash of the sources.
pub const BUILD: &str = env!("STAYFRESH_BUILD");

/// A run asked for. A new one replaces the one before at the end of its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its number; later ones are larger.
    pub number: u32,
    /// The scenario.
    pub text: String,
}

/// What the worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// It is there.
    Ready {
        /// Its [`BUILD`].
        build: String,
    },
    /// The scenario could not be read.
    Refused {
        /// The job's number.
        job: u32,
        /// Why.
        message: String,
    },
    /// The files that the scenario names were read.
    Read {
        /// The job's number.
        job: u32,
        /// What became of each.
        reports: Vec<Report>,
    },
    /// The run broke an invariant: a defect of the program, whose numbers mean nothing.
    Defect {
        /// The job's number.
        job: u32,
        /// Which.
        message: String,
    },
    /// A part is done.
    Progress {
        /// The job's number.
        job: u32,
        /// Parts that are done.
        done: usize,
        /// All parts.
        parts: usize,
        /// What they found out; not with every part.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        results: Option<Box<Results>>,
    },
}
