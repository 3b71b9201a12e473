//! What the page and its worker say to each other, as JSON texts; a file that a scenario names goes to the
//! worker as its name and its bytes. A worker that gets a port serves on it whoever is at its other end; with a
//! number, it is the port of the helper of this number.

use serde::{Deserialize, Serialize};

use crate::report::breakeven::BreakEvenResults;
use crate::report::reel::{Reel, Take};
use crate::report::results::Results;
use crate::report::sensitivity::SensitivityResults;
use crate::report::sweep::Point;
use crate::study::Errand;
use crate::study::question::Question;
use crate::world::hotels::Known;
use crate::world::trace::Report;

/// Names this build: page and worker of different builds must not work together. It is a hash of the sources.
pub const BUILD: &str = env!("STAYFRESH_BUILD");

/// A run that takes longer than this, in milliseconds, is helped by other workers.
pub const LONG: f64 = 200.0;

/// What a worker is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its number; later ones are larger.
    pub number: u32,
    /// The scenario.
    pub text: String,
    /// What to do with it.
    pub task: Task,
}

/// What to do with a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// To run it, part by part. A new run replaces the one before at the end of its part.
    Run,
    /// To answer a question about it, in one go: only the worker's end ends it earlier.
    Explore(Box<Question>),
    /// To film its designs one by one. New films replace those before.
    Film {
        /// At most so many hotels, or blocks of items.
        hotels: u64,
        /// Stays for so many nights.
        nights: u32,
    },
    /// To hand out a day of the films of the same number, of each design; the text is not looked at.
    Day(u32),
    /// To go on without a helper that is gone; the text is not looked at.
    Without(u32),
}

/// What a worker asks of one that helps it to run a scenario, over a port of their own. The answer to parts is an
/// array of the job, the errand's number and the bytes of all of them, added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToHelper {
    /// To read a scenario.
    Begin {
        /// The job's number.
        job: u32,
        /// The scenario.
        text: String,
        /// What is known of its world.
        known: Option<Known>,
    },
    /// To run parts of it, all of one replicate.
    Run {
        /// The job's number.
        job: u32,
        /// The errand's number, which no other has.
        errand: u32,
        /// The parts.
        parts: Vec<Errand>,
    },
}

/// What the worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// It is about to end, for this reason: a mistake of the program's.
    Stopping {
        /// What the program says of it.
        why: String,
    },
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
    /// A design is filmed, in the first replicate.
    Filmed {
        /// The job's number.
        job: u32,
        /// What is for the whole run.
        reel: Box<Reel>,
    },
    /// A day of a film.
    Day {
        /// The number of the films' job.
        job: u32,
        /// The design.
        design: String,
        /// The day.
        take: Box<Take>,
    },
    /// How far a question has come.
    Pace {
        /// The job's number.
        job: u32,
        /// How far.
        pace: Pace,
    },
    /// A point of a sweep.
    Point {
        /// The job's number.
        job: u32,
        /// The point.
        point: Box<Point>,
    },
    /// The answer to a question about a break-even.
    BreakEven {
        /// The job's number.
        job: u32,
        /// The answer.
        found: Box<BreakEvenResults>,
    },
    /// The answer to a question about what a difference rests on.
    Sensitivity {
        /// The job's number.
        job: u32,
        /// The answer.
        found: Box<SensitivityResults>,
    },
}

/// How far a question has come.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Pace {
    /// Studies that are done, with the part of the one that runs.
    pub done: f64,
    /// All of them, where that is known.
    pub of: Option<usize>,
    /// Seconds that the rest will take, by those that are done.
    pub left_s: Option<f64>,
}
