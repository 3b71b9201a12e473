//! `stayfresh presets`.

use serde_json::json;

use super::{Failure, output};
use crate::scenario::presets::{self, PRESETS};
use crate::scenario::problem::{Problem, nearest};

/// Lists the presets, or prints one.
pub(super) fn presets(name: Option<&str>, json: bool) -> Result<(), Failure> {
    if let Some(name) = name {
        return match presets::by_name(name) {
            Some(preset) => output::text(preset.text),
            None => {
                let problem = Problem::new("", format!("there is no preset {name:?}"));
                let near = nearest(name, PRESETS.iter().map(|preset| preset.name));
                Err(Failure::said(match near {
                    Some(near) => problem.suggest(format!("did you mean {near}?")),
                    None => problem.suggest("`stayfresh presets` lists them"),
                }))
            }
        };
    }
    let described = PRESETS.iter().map(|preset| match preset.read() {
        Ok(document) => (
            preset.name,
            document.scenario.title,
            document.scenario.question,
        ),
        Err(_) => (preset.name, String::new(), String::new()),
    });
    if json {
        let list: Vec<_> = described
            .map(|(name, title, question)| json!({"name": name, "title": title, "question": question}))
            .collect();
        return output::line(&format!("{:#}", serde_json::Value::from(list)));
    }
    let width = PRESETS
        .iter()
        .map(|preset| preset.name.len())
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = described
        .map(|(name, title, question)| {
            format!("{name:width$}  {title}\n{:width$}  {question}\n", "")
        })
        .collect();
    output::text(&lines.concat())
}
