//! The files that a scenario names: in its folder, or where it says.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::Failure;
use crate::report::{hash, human};
use crate::scenario::files::Files;
use crate::scenario::problem::Problem;
use crate::scenario::text::Document;

/// The folder of a scenario's file; of standard input, and of presets, the folder one is in.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder of this one.
    pub(super) fn of(source: &Path) -> Self {
        Self(source.parent().map(Path::to_path_buf).unwrap_or_default())
    }

    /// A hash of what is in each of these files.
    pub(super) fn hashes(&self, names: &[&str]) -> Result<IndexMap<String, String>, Failure> {
        let hash = |name: &&str| {
            let hash = self.open(name).and_then(hash::of_reader);
            let hash = hash.map_err(|error| {
                Failure::said(Problem::new("", format!("cannot read {name:?}: {error}")))
            })?;
            Ok(((*name).to_owned(), hash))
        };
        names.iter().map(hash).collect()
    }
}

impl Files for Folder {
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let file = File::open(self.0.join(name))?;
        Ok(Box::new(BufReader::new(file)))
    }
}

/// Reads the files that a scenario names. What is left out of them is said on stderr.
pub(super) fn read(
    document: &mut Document,
    source: &Path,
    name: &str,
    text: &str,
) -> Result<(), Failure> {
    let reports = document
        .read_files(text, &Folder::of(source))
        .map_err(|problems| Failure::Scenario {
            name: name.to_owned(),
            text: text.to_owned(),
            problems,
        })?;
    for report in reports {
        let file = &report.file;
        if !report.unknown_columns.is_empty() {
            let columns = report.unknown_columns.join(", ");
            anstream::eprintln!("note: {file}: columns that are not used: {columns}");
        }
        let left_out = report.rows - report.used;
        if left_out > 0 {
            let (left_out, rows) = (human::whole(left_out), human::whole(report.rows));
            anstream::eprintln!("warning: {file}: {left_out} of {rows} rows are left out:");
            for row in &report.left_out {
                anstream::eprintln!("  line {}: {}", row.line, row.why);
            }
            if report.rows - report.used > report.left_out.len() as u64 {
                anstream::eprintln!("  and more");
            }
        }
    }
    Ok(())
}
