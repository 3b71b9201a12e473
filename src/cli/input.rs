//! Where a scenario comes from: a file, a preset, standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::Failure;
use crate::scenario::presets::{self, PRESETS};
use crate::scenario::problem::{Problem, nearest};
use crate::scenario::text;

/// A scenario's text and what the user calls it.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) text: String,
}

/// Reads the text of a scenario. A file comes before a preset of the same name.
pub(super) fn read(source: &Path) -> Result<Input, Failure> {
    let name = source.display().to_string();
    if name == "-" {
        let name = "standard input".to_owned();
        return bytes(io::stdin().lock(), &name).and_then(|bytes| decoded(name, &bytes));
    }
    match File::open(source) {
        Ok(file) => bytes(file, &name).and_then(|bytes| decoded(name, &bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match presets::by_name(&name) {
            Some(preset) => Ok(Input {
                name,
                text: preset.text.to_owned(),
            }),
            None => {
                let problem = Problem::new("", format!("there is no file or preset {name:?}"))
                    .expected("a scenario file, a preset, or - for standard input");
                let near = nearest(&name, PRESETS.iter().map(|preset| preset.name));
                Err(Failure::said(match near {
                    Some(near) => problem.suggest(format!("did you mean the preset {near}?")),
                    None => problem.suggest("`stayfresh presets` lists the presets"),
                }))
            }
        },
        Err(error) => Err(cannot_read(&name, &error)),
    }
}

/// At most one byte more than a scenario may have: enough to tell that it is too long.
fn bytes(from: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    from.take(text::LONGEST_TEXT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(name, &error))?;
    Ok(bytes)
}

fn cannot_read(name: &str, error: &io::Error) -> Failure {
    Failure::said(Problem::new("", format!("cannot read {name:?}: {error}")))
}

fn decoded(name: String, bytes: &[u8]) -> Result<Input, Failure> {
    match text::decode(bytes) {
        Ok(text) => Ok(Input {
            name,
            text: text.to_owned(),
        }),
        Err(problems) => Err(Failure::Scenario {
            name,
            text: String::from_utf8_lossy(
                bytes.get(..bytes.len().min(1 << 16)).unwrap_or_default(),
            )
            .into_owned(),
            problems,
        }),
    }
}
