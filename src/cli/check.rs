//! `stayfresh check`.

use std::path::PathBuf;

use super::{Failure, diagnostics, files, input, output};
use crate::scenario::text;

/// Says of each scenario whether it is one. All are looked at, whatever is wrong with the first.
pub(super) fn check(scenarios: &[PathBuf]) -> Result<(), Failure> {
    let mut last = None;
    for source in scenarios {
        if let Some(failure) = last.take() {
            diagnostics::report(&failure);
            last = Some(failure);
        }
        let checked = input::read(source).and_then(|read| match text::parse(&read.text) {
            Ok(mut document) => {
                files::read(&mut document, source, &read.name, &read.text)?;
                let designs = document.scenario.designs.len();
                let plural = if designs == 1 { "" } else { "s" };
                output::line(&format!("{}: fine, {designs} design{plural}", read.name))
            }
            Err(problems) => Err(Failure::Scenario {
                name: read.name,
                text: read.text,
                problems,
            }),
        });
        if let Err(failure) = checked {
            last = Some(failure);
        }
    }
    last.map_or(Ok(()), Err)
}
