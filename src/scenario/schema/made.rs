//! The schema, made from the types. Only the test needs this that holds the file to it, and writes the file.

use serde_json::{Map, Value as Json, json};

use super::{DEFS, choice, deref};
use crate::scenario::Scenario;
use crate::scenario::like::LIKE;
use crate::scenario::tree::{ANNOTATIONS, SCHEMA};

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
        assert!(
            made == super::TEXT,
            "run the tests once with STAYFRESH_UPDATE=1"
        );
    }
}

fn schema() -> Json {
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
