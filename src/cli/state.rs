//! The state of a sweep, or of a part of one, a file of lines: a header that says which sweep it is of, then a point
//! a line.
//!
//! Each line is written at once and whole, so that what is killed loses at most the line it was at.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Failure;
use crate::report::hash;
use crate::report::results::About;
use crate::report::sweep::Point;
use crate::scenario::problem::Problem;
use crate::scenario::vary::Axis;
use crate::study::sweep::{points, set_at};

/// Points by their place in the sweep.
type Points = BTreeMap<usize, Point>;

/// Which sweep a state is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    stayfresh: About,
    /// The scenario with every default filled in.
    pub(super) scenario: Json,
    /// Of each file that it names.
    files: IndexMap<String, String>,
    pub(super) over: Vec<Axis>,
    points: usize,
}

impl Header {
    pub(super) fn new(scenario: Json, files: IndexMap<String, String>, over: &[Axis]) -> Self {
        Self {
            stayfresh: About::this(),
            scenario,
            files,
            over: over.to_vec(),
            points: points(over),
        }
    }

    /// In what another differs, if it does.
    fn differs(&self, other: &Self) -> Option<&'static str> {
        [
            (self.stayfresh != other.stayfresh, "version of stayfresh"),
            (self.scenario != other.scenario, "scenario"),
            (self.files != other.files, "version of the scenario's files"),
            (self.over != other.over, "sweep"),
            (self.points != other.points, "sweep"),
        ]
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
    }

    /// Whether a file's header is of the same sweep.
    fn is_of(&self, path: &Path, theirs: &Self) -> Result<(), Failure> {
        match self.differs(theirs) {
            None => Ok(()),
            Some(what) => Err(Failure::said(
                problem(path, &format!("is of another {what}"))
                    .expected(format!("the state of a sweep with this {what}"))
                    .suggest("give another file, or delete this one to begin anew"),
            )),
        }
    }
}

/// The states of parts of one sweep, put together.
pub(super) fn merge(paths: &[PathBuf]) -> Result<(Header, Vec<Point>), Failure> {
    let mut merged = None::<(Header, Points)>;
    for path in paths {
        let bytes = std::fs::read(path).map_err(|error| {
            let path = path.display().to_string();
            Failure::said(Problem::new("", format!("cannot read {path:?}: {error}")))
        })?;
        let Some((header, points)) = read(path, whole(&bytes))? else {
            return Err(Failure::said(no_state(path)));
        };
        let Some((first, known)) = &mut merged else {
            merged = Some((header, points));
            continue;
        };
        first.is_of(path, &header)?;
        for (index, point) in points {
            // Two that ran the same point found the same, or one of them is damaged.
            if let Some(other) = known.get(&index)
                && other.results_hash != point.results_hash
            {
                let what =
                    format!("has other numbers for point {index} than another of these files");
                let problem = problem(path, &what).expected("the same numbers for the same point");
                return Err(Failure::said(
                    problem.suggest("run the point again on a sound machine"),
                ));
            }
            known.insert(index, point);
        }
    }
    let Some((header, known)) = merged else {
        return Err(Failure::said(Problem::new("", "there is nothing to merge")));
    };
    let missing: Vec<usize> = (0..header.points)
        .filter(|index| !known.contains_key(index))
        .collect();
    if !missing.is_empty() {
        let (count, all) = (missing.len(), header.points);
        let message = format!("{count} of {all} points are missing: {}", ranges(&missing));
        let problem =
            Problem::new("", message).expected("the states of all shards, each run to its end");
        let again =
            "run the shards that have them once more, each with its file: it goes on where it was";
        return Err(Failure::said(problem.suggest(again)));
    }
    Ok((header, known.into_values().collect()))
}

/// Numbers in a row, shortened: `0 to 3, 7, 9 to 11`.
fn ranges(numbers: &[usize]) -> String {
    let rows = numbers.chunk_by(|one, next| one + 1 == *next);
    let rows = rows.filter_map(|row| match row {
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first} to {last}")),
        [] => None,
    });
    rows.collect::<Vec<_>>().join(", ")
}

/// The lines that are whole: one that was being written when the process ended is none.
fn whole(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    bytes
        .get(..end.map_or(0, |end| end + 1))
        .unwrap_or_default()
}

/// Reads the lines of a state; nothing where there are none.
fn read(path: &Path, lines: &[u8]) -> Result<Option<(Header, Points)>, Failure> {
    let mut lines = lines.split_inclusive(|byte| *byte == b'\n');
    let Some(first) = lines.next() else {
        return Ok(None);
    };
    let header: Header =
        serde_json::from_slice(first).map_err(|_| Failure::said(no_state(path)))?;
    let mut known = BTreeMap::new();
    for (index, line) in lines.enumerate() {
        let point = point(line, &header.over).map_err(|why| {
            Failure::said(
                problem(path, &format!("is damaged at line {}: {why}", index + 2))
                    .expected("a point as it was written")
                    .suggest("delete the line; the point is then run again"),
            )
        })?;
        known.insert(point.index as usize, point);
    }
    Ok(Some((header, known)))
}

/// The state of one sweep.
pub(super) struct State {
    path: PathBuf,
    file: File,
    known: Points,
}

impl State {
    /// Opens the state of a sweep, or begins it.
    pub(super) fn open(path: &Path, header: &Header) -> Result<Self, Failure> {
        let cannot = |doing: &str, error: &dyn std::fmt::Display| {
            let path = path.display().to_string();
            Failure::said(Problem::new(
                "",
                format!("cannot {doing} {path:?}: {error}"),
            ))
        };
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false);
        let mut file = file.open(path).map_err(|error| cannot("open", &error))?;
        // Where files cannot be locked, nobody is kept out.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let problem = problem(path, "is in use by another sweep");
            return Err(Failure::said(
                problem.suggest("wait for it, or give a file of its own"),
            ));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| cannot("read", &error))?;
        let first = line(header).map_err(|error| cannot("write", &error))?;
        let whole = whole(&bytes);
        if whole.is_empty() && !first.as_bytes().starts_with(&bytes) {
            return Err(Failure::said(no_state(path)));
        }
        let keep = whole.len();
        let known = match read(path, whole)? {
            Some((theirs, points)) => {
                header.is_of(path, &theirs)?;
                points
            }
            None => BTreeMap::new(),
        };
        let mut state = Self {
            path: path.to_owned(),
            file,
            known,
        };
        (state.file.set_len(keep as u64))
            .and_then(|()| state.file.seek(SeekFrom::End(0)))
            .map_err(|error| cannot("write", &error))?;
        if keep == 0 {
            state.write(&first)?;
        }
        Ok(state)
    }

    /// A point that is known.
    pub(super) fn take(&mut self, index: usize) -> Option<Point> {
        self.known.remove(&index)
    }

    /// Adds a point.
    pub(super) fn append(&mut self, point: &Point) -> Result<(), Failure> {
        let line = line(point).map_err(std::io::Error::other)?;
        self.write(&line)
    }

    fn write(&mut self, line: &str) -> Result<(), Failure> {
        self.file.write_all(line.as_bytes()).map_err(|error| {
            let path = self.path.display().to_string();
            Failure::said(Problem::new("", format!("cannot write {path:?}: {error}")))
        })?;
        // As far as the file system can: what the process wrote outlives it either way.
        self.file.sync_data().ok();
        Ok(())
    }
}

fn line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(|line| line + "\n")
}

/// Reads a point; says why it is none of this sweep's.
fn point(line: &[u8], axes: &[Axis]) -> Result<Point, String> {
    let point: Point = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let index = point.index as usize;
    let is_of_sweep = index < points(axes)
        && point.set.len() == axes.len()
        && (set_at(axes, index).iter()).all(|(over, value)| point.set.get(over) == Some(value));
    if !is_of_sweep {
        return Err(format!("point {index} of this sweep has other values"));
    }
    let of = &point.results;
    let hash = hash::of_results(of);
    if hash != point.results_hash {
        return Err("its numbers do not have the hash that it states".to_owned());
    }
    Ok(point)
}

fn problem(path: &Path, what: &str) -> Problem {
    let path = path.display().to_string();
    Problem::new("", format!("the state file {path:?} {what}"))
}

fn no_state(path: &Path) -> Problem {
    let path = path.display().to_string();
    Problem::new("", format!("{path:?} is not the state of a sweep"))
        .expected("a file that `sweep --resume` wrote, or none")
        .suggest("give the name of a file that does not exist yet")
}
