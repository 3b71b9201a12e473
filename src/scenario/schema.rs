//! The JSON schema of a scenario file, for editors: made from the types, never by hand, and kept in a file. The page
//! need not carry what makes it.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json};

use super::tree::ANNOTATIONS;

#[cfg(test)]
mod made;

/// The schema as text: JSON Schema, draft 2020-12.
pub const TEXT: &str = include_str!("../../scenarios/scenario.schema.json");

/// Where the definitions are in the schema.
const DEFS: &str = "#/$defs/";

static READ: LazyLock<Json> = LazyLock::new(|| serde_json::from_str(TEXT).unwrap_or_default());

/// The schema, read.
#[must_use]
pub fn schema() -> &'static Json {
    &READ
}

/// A choice written as an object: its name, and the schema of its parameters.
fn choice(variant: &Json) -> Option<(&String, &Json)> {
    let properties = variant.get("properties")?.as_object()?;
    let is_choice = variant.get("required")?.as_array()?.len() == 1;
    let mut choices = properties
        .iter()
        .filter(|(name, _)| !ANNOTATIONS.contains(&name.as_str()));
    match (choices.next(), choices.next()) {
        (Some(choice), None) if is_choice => Some(choice),
        _ => None,
    }
}

fn deref<'a>(schema: &'a Json, defs: &'a Map<String, Json>) -> &'a Json {
    let target = schema.get("$ref").and_then(Json::as_str);
    target
        .and_then(|target| defs.get(target.strip_prefix(DEFS)?))
        .unwrap_or(schema)
}

/// What a value that may be absent is where it is there.
fn present<'a>(schema: &'a Json, defs: &'a Map<String, Json>) -> &'a Json {
    let either = schema.get("anyOf").and_then(Json::as_array);
    let mut there = either.into_iter().flatten();
    let there = there.find(|one| one.get("type").and_then(Json::as_str) != Some("null"));
    deref(there.unwrap_or(schema), defs)
}

/// The names of the choice that stands at these steps, where one does.
pub(super) fn choices_at(schema: &Json, steps: &[String]) -> Option<Vec<String>> {
    let defs = schema.get("$defs")?.as_object()?;
    let mut here = schema;
    for step in steps {
        here = present(here, defs);
        here = if let Some(items) = here.get("items") {
            items.get("else").unwrap_or(items)
        } else if let Some(variants) = here.get("oneOf").and_then(Json::as_array) {
            let mut choices = variants.iter().filter_map(choice);
            choices.find(|(name, _)| *name == step)?.1
        } else {
            here.get("properties")?.get(step)?
        };
    }
    let variants = present(here, defs).get("oneOf")?.as_array()?;
    let objects = variants.iter().filter_map(choice);
    let names: Vec<String> = objects.map(|(name, _)| name.clone()).collect();
    (!names.is_empty()).then_some(names)
}

/// What the schema says of a key.
pub(super) struct Place<'a> {
    /// The types and keys on the way to it, outermost first.
    pub(super) owners: Vec<(&'a str, &'a str)>,
    /// What holds where it is not set.
    pub(super) default: Option<Json>,
    /// Whether it may be left out without a default.
    pub(super) optional: bool,
    /// Whether it may be left out by itself.
    pub(super) alone: bool,
    /// The schema of a value that is set.
    pub(super) bounds: &'a Json,
}

/// The key at these steps.
pub(super) fn place_at<'a>(schema: &'a Json, steps: &'a [String]) -> Option<Place<'a>> {
    let defs = schema.get("$defs")?.as_object()?;
    let mut owner = "Scenario";
    let mut owners = Vec::new();
    let mut default: Option<Json> = None;
    let (mut required, mut has_own) = (true, false);
    let mut here = schema;
    for step in steps {
        // As the type that it is, through all that stands for it.
        loop {
            let to = here.get("$ref").and_then(Json::as_str);
            let either = here.get("anyOf").and_then(Json::as_array);
            here = if let Some(name) = to.and_then(|to| to.strip_prefix(DEFS)) {
                owner = name;
                defs.get(name)?
            } else if let Some(either) = either {
                let is_null = |one: &Json| one.get("type").and_then(Json::as_str) == Some("null");
                either.iter().find(|one| !is_null(one))?
            } else {
                break;
            };
        }
        here = if let Some(items) = here.get("items") {
            default = None;
            (required, has_own) = (true, false);
            items.get("else").unwrap_or(items)
        } else {
            let of = if let Some(variants) = here.get("oneOf").and_then(Json::as_array) {
                required = true;
                let mut choices = variants.iter().filter_map(choice);
                choices.find(|(name, _)| *name == step)?.1
            } else {
                let asked = here.get("required").and_then(Json::as_array);
                required = asked.is_some_and(|asked| asked.iter().any(|key| key == step));
                here.get("properties")?.get(step)?
            };
            owners.push((owner, step.as_str()));
            let own = of.get("default").cloned();
            has_own = own.is_some();
            default = own.or_else(|| default.as_ref()?.get(step).cloned());
            of
        };
    }
    Some(Place {
        owners,
        default,
        optional: !required,
        alone: has_own || !required,
        bounds: present(here, defs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_found() {
        let at = |pointer: &str| {
            let steps = super::super::pointer::steps(pointer).unwrap_or_default();
            choices_at(schema(), &steps)
        };
        let names = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        assert_eq!(
            at("/designs/0/cache/ttl"),
            names(&["fixed", "sliding", "jittered", "by_lead_time", "adaptive"])
        );
        assert_eq!(at("/designs/1/feeds/2/delivery"), names(&["push", "pull"]));
        assert_eq!(
            at("/designs/1/feeds/2/delivery/push/latency"),
            names(&["fixed", "uniform", "exponential", "lognormal"])
        );
        assert_eq!(
            at("/designs/0/operations/replay"),
            names(&["delete_first", "over"])
        );
        assert_eq!(
            at("/designs/1/feeds/2/delivery/push/window"),
            names(&["after_first", "clock", "quiet"])
        );
        assert_eq!(at("/designs/0/cache"), None);
        assert_eq!(at("/designs/0/serving/on_miss"), None);
        assert_eq!(at("/nothing/here"), None);
    }
}
