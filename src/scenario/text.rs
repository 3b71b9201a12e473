//! From a scenario's text to a scenario, and back.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::problem::{Problem, Problems};
use super::tree::{self, Node, Value};
use super::{Scenario, check, like, pointer, reader};

pub use super::edit::set;
pub use super::format::format;
pub use super::tree::{DEEPEST, LONGEST_TEXT};

/// A scenario as read from a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it says.
    pub scenario: Scenario,
    /// What is noted about it.
    pub annotations: Annotations,
}

/// `note`, `basis` and `$schema`, by the JSON pointer of the object that they are about. They change no
/// number, and say where the numbers come from.
pub type Annotations = IndexMap<String, IndexMap<String, String>>;

/// Reads a scenario: JSON with comments and trailing commas.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be told in one go, in the order of the text.
pub fn parse(text: &str) -> Result<Document, Problems> {
    let document = alone(text)?;
    let mut problems = check::variants(text, &document.scenario);
    problems.extend(check::story(text, &document.scenario));
    if !problems.is_empty() {
        Problems::none(placed(text, problems))?;
    }
    Ok(document)
}

/// The same, without a look at the variants that the scenario names.
pub(crate) fn alone(text: &str) -> Result<Document, Problems> {
    let mut problems = Vec::new();
    let mut root = tree::read(text, &mut problems)?;
    like::resolve(text, &mut root, &mut problems);
    check::names(text, &root, &mut problems);
    let scenario: Option<Scenario> = reader::read(text, &mut root, &mut problems);
    if let Some(scenario) = &scenario
        && problems.is_empty()
    {
        check::meaning(scenario, &mut problems);
        place(text, &root, &mut problems);
    }
    Problems::none(problems)?;
    let mut annotations = Annotations::new();
    collect(&root, "", &mut annotations);
    match scenario {
        Some(scenario) => Ok(Document {
            scenario,
            annotations,
        }),
        None => Err(Problem::new("", "the scenario cannot be read").into()),
    }
}

/// Gives problems that know their path their places in the text.
fn place(text: &str, root: &Node, problems: &mut [Problem]) {
    for problem in problems {
        let placed = problem.clone().at(text, &root.span_at(&problem.path));
        *problem = placed;
    }
}

/// The same for what is found after a text was read.
pub(super) fn placed(text: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut known = Vec::new();
    if let Ok(mut root) = tree::read(text, &mut known) {
        like::resolve(text, &mut root, &mut known);
        place(text, &root, &mut problems);
    }
    problems
}

/// Reads a scenario from a file's bytes.
///
/// # Errors
/// As [`parse`], and for what is not UTF-8 or far too long.
pub fn parse_bytes(bytes: &[u8]) -> Result<Document, Problems> {
    parse(decode(bytes)?)
}

/// The text in a file's bytes.
///
/// # Errors
/// For what is not UTF-8 or longer than [`LONGEST_TEXT`].
pub fn decode(bytes: &[u8]) -> Result<&str, Problems> {
    if bytes.len() > LONGEST_TEXT {
        return Err(tree::too_long().into());
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let good = std::str::from_utf8(good).unwrap_or_default();
        let at = good.len();
        let problem = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            Problem::new("", "the text is UTF-16").suggest("save it as UTF-8")
        } else {
            Problem::new("", format!("byte {} is not UTF-8", at + 1))
                .suggest("save the file as UTF-8")
        };
        problem.at(good, &(at..at)).expected("text in UTF-8").into()
    })
}

/// The scenario with every default filled in and its annotations where they were. Reading it gives the same
/// document again.
#[must_use]
pub fn resolved(document: &Document) -> Json {
    let mut json = serde_json::to_value(&document.scenario).unwrap_or_default();
    for (path, notes) in &document.annotations {
        let steps = pointer::steps(path).unwrap_or_default();
        if let Some(object) = object_at(&mut json, &steps) {
            for (key, note) in notes {
                object.insert(key.clone(), Json::String(note.clone()));
            }
        }
    }
    json
}

/// The object that the steps lead to. A choice without parameters, written as its name, is opened up.
fn object_at<'a>(
    json: &'a mut Json,
    steps: &[String],
) -> Option<&'a mut serde_json::Map<String, Json>> {
    if let Json::String(name) = json {
        let choice = [(std::mem::take(name), Json::Object(serde_json::Map::new()))];
        *json = Json::Object(choice.into_iter().collect());
    }
    match steps.split_first() {
        None => json.as_object_mut(),
        Some((step, rest)) => {
            let child = match json {
                Json::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
                Json::Object(members) => members.get_mut(step),
                _ => None,
            };
            object_at(child?, rest)
        }
    }
}

fn collect(node: &Node, path: &str, into: &mut Annotations) {
    match &node.value {
        Value::Object(object) => {
            if !object.notes.is_empty() {
                into.insert(path.to_owned(), object.notes.clone());
            }
            for (key, member) in &object.members {
                collect(&member.node, &pointer::join(path, key), into);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &pointer::join(path, &index.to_string()), into);
            }
        }
        _ => {}
    }
}
