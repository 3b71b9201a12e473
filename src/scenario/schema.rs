//! The JSON schema of a scenario file, for editors: made from the types, never by hand.

use serde_json::{Map, Value as Json, json};

use super::Scenario;
use super::like::LIKE;
use super::tree::{ANNOTATIONS, SCHEMA};

/// Where the definitions are in the schema.
const DEFS: &str = "#/$defs/";

/// The schema: JSON Schema, draft 2020-12.
#[must_use]
pub fn schema() -> Json {
    let mut schema = Json::from(schemars::schema_for!(Scenario));
    let defs = schema["$defs"].as_object().cloned().unwrap_or_default();
    allow_names(&mut schema, &defs);
    allow_notes(&mut schema);
    allow_like(&mut schema);
    if let Some(properties) = schema["properties"].as_object_mut() {
        let about = "Where this file's schema is.";
        properties.insert(
            SCHEMA.to_owned(),
            json!({"type": "string", "description": about}),
        );
    }
    schema
}

/// A choice whose parameters all have defaults may be written as its name.
fn allow_names(schema: &mut Json, defs: &Map<String, Json>) {
    if let Some(Json::Array(variants)) = schema.get_mut("oneOf") {
        let written = std::mem::take(variants);
        for variant in written {
            let name = choice(&variant).filter(|(_, parameters)| {
                let parameters = deref(parameters, defs);
                parameters.get("properties").is_some() && parameters.get("required").is_none()
            });
            if let Some((name, _)) = name {
                let mut alone = json!({"type": "string", "const": name});
                if let Some(description) = variant.get("description") {
                    alone["description"] = description.clone();
                }
                variants.push(alone);
            }
            variants.push(variant);
        }
    }
    each_within(schema, &mut |part| allow_names(part, defs));
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

/// `note` and `basis` go on every object.
fn allow_notes(schema: &mut Json) {
    each_within(schema, &mut allow_notes);
    if schema.get("additionalProperties") == Some(&Json::Bool(false)) {
        for (key, about) in ANNOTATIONS.into_iter().zip([
            "A remark; it changes no number.",
            "Where the numbers come from: \"measured\", \"published: …\" or \"assumed\".",
        ]) {
            schema["properties"][key] = json!({"type": "string", "description": about});
        }
    }
}

/// A design with `like` is a patch (RFC 7396) of another.
fn allow_like(schema: &mut Json) {
    let mut patches = Map::new();
    let defs = schema["$defs"].as_object().cloned().unwrap_or_default();
    let mut patch = patch_of(&defs["Design"], &defs, &mut patches);
    patch["properties"]["name"] = defs["Design"]["properties"]["name"].clone();
    patch["properties"][LIKE] = json!({
        "type": "string",
        "description": "The name of the design that this one is like, except for what is given here."
    });
    patch["required"] = json!(["name", LIKE]);
    patches.insert("DesignLike".to_owned(), patch);
    if let Some(defs) = schema["$defs"].as_object_mut() {
        defs.append(&mut patches);
    }
    schema["properties"]["designs"]["items"] = json!({
        "if": {"required": [LIKE]},
        "then": {"$ref": format!("{DEFS}DesignLike")},
        "else": {"$ref": format!("{DEFS}Design")}
    });
}

/// The schema of a merge patch: nothing is required, `null` takes out, arrays replace.
fn patch_of(schema: &Json, defs: &Map<String, Json>, patches: &mut Map<String, Json>) -> Json {
    let mut patch = schema.clone();
    if let Some(name) = schema
        .get("$ref")
        .and_then(Json::as_str)
        .and_then(|r| r.strip_prefix(DEFS))
    {
        let patch_name = format!("{name}Patch");
        if !patches.contains_key(&patch_name) {
            // Holds the name while the definition is made, should it contain itself.
            patches.insert(patch_name.clone(), Json::Null);
            let made = patch_of(&defs[name], defs, patches);
            patches.insert(patch_name.clone(), made);
        }
        patch["$ref"] = Json::String(format!("{DEFS}{patch_name}"));
    } else if let Some(variants) = schema.get("oneOf").and_then(Json::as_array) {
        let (objects, names): (Vec<&Json>, Vec<&Json>) = variants
            .iter()
            .partition(|variant| choice(variant).is_some());
        if let [first, ..] = objects[..] {
            // One object with all the choices: the patch may take one out and put another in.
            let mut all = patch_of(first, defs, patches);
            for variant in &objects {
                for (name, parameters) in patch_of(variant, defs, patches)["properties"]
                    .as_object()
                    .into_iter()
                    .flatten()
                {
                    all["properties"][name] = parameters.clone();
                }
            }
            if let Some(all) = all.as_object_mut() {
                all.remove("description");
            }
            let mut any: Vec<Json> = names.into_iter().cloned().collect();
            any.push(all);
            if let Some(patch) = patch.as_object_mut() {
                patch.remove("oneOf");
                patch.insert("anyOf".to_owned(), Json::Array(any));
            }
        }
    } else if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        for (name, property) in properties {
            if !ANNOTATIONS.contains(&name.as_str()) {
                let property = patch_of(property, defs, patches);
                patch["properties"][name] = json!({"anyOf": [property, {"type": "null"}]});
            }
        }
        if let Some(patch) = patch.as_object_mut() {
            patch.remove("required");
        }
    }
    patch
}

/// The schemas directly within a schema.
fn each_within(schema: &mut Json, each: &mut dyn FnMut(&mut Json)) {
    for key in ["properties", "$defs"] {
        let parts = schema.get_mut(key).and_then(Json::as_object_mut);
        parts.into_iter().flatten().for_each(|(_, part)| each(part));
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        let parts = schema.get_mut(key).and_then(Json::as_array_mut);
        parts.into_iter().flatten().for_each(&mut *each);
    }
    if let Some(items) = schema.get_mut("items") {
        each(items);
    }
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

    /// `STAYFRESH_UPDATE=1` writes the file.
    #[test]
    fn the_file_is_up_to_date() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/scenarios/scenario.schema.json"
        );
        let made = format!("{:#}\n", schema());
        if std::env::var_os("STAYFRESH_UPDATE").is_some() {
            std::fs::write(file, made).expect(file);
        } else {
            let kept = std::fs::read_to_string(file).unwrap_or_default();
            assert!(kept == made, "run the tests once with STAYFRESH_UPDATE=1");
        }
    }

    #[test]
    fn choices_are_found() {
        let schema = schema();
        let at = |pointer: &str| {
            let steps = super::super::pointer::steps(pointer).unwrap_or_default();
            choices_at(&schema, &steps)
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
