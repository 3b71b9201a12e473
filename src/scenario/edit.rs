//! Changes one value in a scenario's text and leaves everything else, comments too, as it is.

use jsonc_parser::cst::{CstInputValue, CstNode, CstObject, CstRootNode};
use serde_json::Value as Json;

use super::problem::{Problem, Problems, nearest, shorten};
use super::tree::{self, Node, Object, Value};
use super::{like, pointer, schema};

/// No value of a scenario is deeper. Each parent that is missing is made, and indented.
const MOST_STEPS: usize = 16;

/// Sets the value at a JSON pointer. Items of an array (designs, feeds) are named by their `name` or their
/// index; `-` appends. Missing parents are made. Setting one of a choice takes the others out. `null` takes out
/// what is written. In a design with `like`, what is inherited is overridden there: what must not be inherited
/// is written as `null`, also in designs that are like the one that changes and have chosen for themselves.
///
/// # Errors
/// When the text cannot be read, the pointer leads nowhere, or the value is not JSON.
pub fn set(text: &str, pointer: &str, json_value: &str) -> Result<String, Problems> {
    let value: Json = serde_json::from_str(json_value).map_err(|error| {
        let found = shorten(json_value);
        Problem::new(pointer, format!("{found:?} is not JSON: {error}"))
            .expected("a JSON value such as 8, 0.5, \"6h\" or {\"fixed\": \"6h\"}")
    })?;
    let steps = pointer::steps(pointer).filter(|steps| !steps.is_empty());
    let steps = steps.ok_or_else(|| {
        let found = shorten(pointer);
        Problem::new(pointer, format!("{found:?} is not a JSON pointer"))
            .expected("a pointer such as /run/replicates or /designs/0/cache/ttl/fixed")
    })?;
    if steps.len() > MOST_STEPS {
        let (found, deep) = (shorten(pointer), steps.len());
        let said = format!("{found:?} leads {deep} steps down, where no scenario has anything");
        return Err(Problem::new(pointer, said)
            .expected(format!("a pointer of at most {MOST_STEPS} steps"))
            .into());
    }
    let before = Editor::new(text)?;
    let mut edited = before.set(text, &steps, value)?;
    for choice in before.choices_of_heirs() {
        let now = Editor::new(&edited)?;
        for (path, value) in now.to_keep(&choice, &before) {
            edited = now.set(&edited, &path, value)?;
        }
    }
    Ok(edited)
}

/// Writes what a design inherits where it inherits it, and takes its `like` out.
///
/// # Errors
/// When the text cannot be read.
pub(super) fn on_its_own(text: &str, design: usize) -> Result<String, Problems> {
    let before = Editor::new(text)?;
    let path = [DESIGNS.to_owned(), design.to_string()];
    let mut inherited = Vec::new();
    before.to_write(path.to_vec(), &mut inherited);
    let mut edited = changed(text, |root| {
        let array = root.object_value()?.array_value(DESIGNS)?;
        let object = array.elements().get(design)?.as_object()?;
        object.get(like::LIKE)?.remove();
        without_nulls(&object);
        Some(())
    })?;
    for (path, value) in inherited {
        edited = Editor::new(&edited)?.set(&edited, &path, value)?;
    }
    Ok(edited)
}

/// What took out something inherited has nothing to take out any more.
fn without_nulls(object: &CstObject) {
    for property in object.properties() {
        match property.value() {
            Some(value) if value.as_null_keyword().is_some() => property.remove(),
            Some(value) => value.as_object().iter().for_each(without_nulls),
            None => {}
        }
    }
}

/// The text after something was done to its syntax tree; unchanged where that cannot be done.
///
/// # Errors
/// When the text cannot be read.
pub(super) fn changed(
    text: &str,
    change: impl FnOnce(&CstRootNode) -> Option<()>,
) -> Result<String, Problems> {
    let (json, mark) = tree::skip_mark(text);
    let root = CstRootNode::parse(json, &tree::grammar())
        .map_err(|error| Problem::new("", error.to_string()))?;
    Ok(match change(&root) {
        Some(()) => format!("{}{root}", &text[..mark]),
        None => text.to_owned(),
    })
}

/// The scenario as written, and as it is with `like` resolved.
///
/// # Errors
/// When the text cannot be read.
pub(super) fn trees(text: &str) -> Result<(Node, Node), Problems> {
    Editor::new(text).map(|editor| (editor.own, editor.merged))
}

struct Editor {
    /// The scenario as written.
    own: Node,
    /// The scenario as it is, `like` resolved.
    merged: Node,
    schema: &'static Json,
}

impl Editor {
    fn new(text: &str) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let own = tree::read(text, &mut problems)?;
        Problems::none(problems)?;
        let mut merged = own.clone();
        like::resolve(text, &mut merged, &mut Vec::new());
        Ok(Self {
            own,
            merged,
            schema: schema::schema(),
        })
    }

    /// The text with the value at these steps.
    fn set(&self, text: &str, steps: &[String], value: Json) -> Result<String, Problems> {
        let (json, mark) = tree::skip_mark(text);
        let root = CstRootNode::parse(json, &tree::grammar())
            .map_err(|error| Problem::new("", error.to_string()))?;
        let Some(object) = root.object_value() else {
            return Err(Problem::new("", "the scenario is not an object").into());
        };
        self.set_in_object(&object, Vec::new(), steps, value)?;
        Ok(format!("{}{root}", &text[..mark]))
    }

    /// The value that is written at these steps.
    fn own_at(&self, path: &[String]) -> Option<&Node> {
        path.iter()
            .try_fold(&self.own, |node, step| node.child(step))
    }

    /// The value that stands at these steps, whether written there or inherited.
    fn merged_at(&self, path: &[String]) -> Option<&Node> {
        path.iter()
            .try_fold(&self.merged, |node, step| node.child(step))
    }

    fn set_in_object(
        &self,
        object: &CstObject,
        mut path: Vec<String>,
        steps: &[String],
        value: Json,
    ) -> Result<(), Problems> {
        let Some((step, rest)) = steps.split_first() else {
            return Ok(());
        };
        let takes_out = rest.is_empty() && value.is_null();
        if !takes_out && self.choices_at(&path).contains(step) {
            self.take_out_others(object, &path, step);
        }
        path.push(step.clone());
        if takes_out && self.inherited_at(&path).is_none() {
            if let Some(property) = object.get(step) {
                property.remove();
            }
            return Ok(());
        }
        let property = match object.get(step) {
            Some(property) => property,
            None => object.append(step, self.start_of(&path, rest)),
        };
        if rest.is_empty() {
            property.set_value(input(&patch(self.inherited_at(&path), value)));
            return Ok(());
        }
        // A choice written as its name is opened up; null makes room.
        let is_name = property
            .value()
            .is_some_and(|node| node.as_string_lit().is_some());
        let is_null = property
            .value()
            .is_some_and(|node| node.as_null_keyword().is_some());
        if is_null || (is_name && !self.choices_at(&path).is_empty()) {
            let nothing = Json::Object(serde_json::Map::new());
            property.set_value(input(&patch(self.inherited_at(&path), nothing)));
        }
        match property.value() {
            Some(node) => self.set_within(&node, path, rest, value),
            None => Err(nothing_in(&path, "nothing").into()),
        }
    }

    fn set_within(
        &self,
        node: &CstNode,
        mut path: Vec<String>,
        steps: &[String],
        value: Json,
    ) -> Result<(), Problems> {
        if let Some(object) = node.as_object() {
            return self.set_in_object(&object, path, steps, value);
        }
        let Some(array) = node.as_array() else {
            return Err(nothing_in(&path, &node.to_string()).into());
        };
        let Some((step, rest)) = steps.split_first() else {
            return Ok(());
        };
        let elements = array.elements();
        let name_of = |node: &CstNode| {
            let name = node.as_object()?.get("name")?.value()?;
            name.as_string_lit()?.decoded_value().ok()
        };
        let names: Vec<Option<String>> = elements.iter().map(name_of).collect();
        let by_name = names.iter().position(|name| name.as_ref() == Some(step));
        let index = by_name.or_else(|| step.parse().ok());
        let element = index.and_then(|index| Some((index, elements.get(index)?.clone())));
        match element {
            Some((index, element)) => {
                path.push(index.to_string());
                if rest.is_empty() {
                    replace(element, input(&value));
                    Ok(())
                } else {
                    self.set_within(&element, path, rest, value)
                }
            }
            None if step == "-" && rest.is_empty() => {
                array.append(input(&value));
                Ok(())
            }
            None => {
                let known: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
                let problem = Problem::new(
                    pointer_of(&path),
                    format!("there is no item {:?}", shorten(step)),
                )
                .expected(match known[..] {
                    [] => format!("an index below {}", elements.len()),
                    _ => format!("an index, or one of {known:?}"),
                });
                Err(match nearest(step, known.iter().copied()) {
                    Some(near) => problem.suggest(format!("did you mean {near:?}?")).into(),
                    None => problem.into(),
                })
            }
        }
    }

    /// What a missing parent starts as: an object, an array where something is appended, or the array that a
    /// design inherits, which `like` can only replace as a whole.
    fn start_of(&self, path: &[String], rest: &[String]) -> CstInputValue {
        if rest.is_empty() {
            return CstInputValue::Null;
        }
        match self.merged_at(path) {
            Some(
                node @ Node {
                    value: Value::Array(_),
                    ..
                },
            ) => input(&json(node)),
            _ if rest == ["-"] => CstInputValue::Array(Vec::new()),
            _ => CstInputValue::Object(Vec::new()),
        }
    }

    /// Takes all but one of a choice out of an object, also what is inherited.
    fn take_out_others(&self, object: &CstObject, path: &[String], keep: &str) {
        let inherited = self.inherited_at(path).and_then(Node::object);
        let is_inherited =
            |name: &str| inherited.is_some_and(|object| object.members.contains_key(name));
        for property in object.properties() {
            let name = property.decoded_name().unwrap_or_default();
            if name == keep || tree::ANNOTATIONS.contains(&name.as_str()) {
                continue;
            }
            if is_inherited(&name) {
                property.set_value(CstInputValue::Null);
            } else {
                property.remove();
            }
        }
        for name in inherited.iter().flat_map(|object| object.members.keys()) {
            if name != keep && object.get(name).is_none() {
                object.append(name, CstInputValue::Null);
            }
        }
    }

    /// The names of the choice at these steps; none where there is no choice.
    fn choices_at(&self, path: &[String]) -> Vec<String> {
        schema::choices_at(self.schema, path).unwrap_or_default()
    }

    /// What a value chooses of the choice at these steps.
    fn variants(&self, value: Option<&Node>, path: &[String]) -> Vec<String> {
        let mut names = self.choices_at(path);
        let chosen = |name: &String| {
            let value = value.and_then(|node| node.child(name));
            value.is_some_and(|node| !matches!(node.value, Value::Null))
        };
        names.retain(chosen);
        names
    }

    /// The edits that keep a design's own choice as it was `before`, if what it would inherit now is another.
    fn to_keep(&self, choice: &[String], before: &Self) -> Vec<(Vec<String>, Json)> {
        let mut edits = Vec::new();
        let inherited = self.variants(self.inherited_at(choice), choice);
        if inherited != before.variants(before.inherited_at(choice), choice) {
            let written = before.variants(before.own_at(choice), choice);
            let others = inherited.iter().filter(|name| !written.contains(name));
            edits.extend(others.map(|name| (below(choice, name), Json::Null)));
            for name in written {
                let path = below(choice, &name);
                before.to_write(path, &mut edits);
            }
        }
        edits
    }

    /// The edits that write what is inherited at these steps beside what is written.
    fn to_write(&self, path: Vec<String>, edits: &mut Vec<(Vec<String>, Json)>) {
        match (self.own_at(&path), self.merged_at(&path)) {
            (None, Some(inherited)) => edits.push((path, json(inherited))),
            (Some(own), Some(merged)) if own.object().is_some() => {
                for name in merged
                    .object()
                    .iter()
                    .flat_map(|object| object.members.keys())
                {
                    self.to_write(below(&path, name), edits);
                }
            }
            _ => {}
        }
    }

    /// Where designs that are like others have chosen for themselves: those that are nearest to the end of
    /// their chain first.
    fn choices_of_heirs(&self) -> Vec<Vec<String>> {
        let Some(Value::Array(designs)) = self.own.child(DESIGNS).map(|node| &node.value) else {
            return Vec::new();
        };
        // A chain that is a circle is as long as all designs.
        let depth = |index: usize| {
            let chain = std::iter::successors(Some(index), |&index| base_of(designs, index));
            chain.take(designs.len() + 1).count()
        };
        let mut heirs: Vec<usize> = (0..designs.len())
            .filter(|&index| base_of(designs, index).is_some())
            .collect();
        heirs.sort_by_key(|&index| depth(index));
        let mut found = Vec::new();
        for index in heirs {
            let path = vec![DESIGNS.to_owned(), index.to_string()];
            self.choices_within(&designs[index], path, &mut found);
        }
        found
    }

    fn choices_within(&self, node: &Node, path: Vec<String>, found: &mut Vec<Vec<String>>) {
        // Arrays are not merged.
        let Some(object) = node.object() else { return };
        if !self.variants(Some(node), &path).is_empty() {
            found.push(path.clone());
        }
        for (name, member) in &object.members {
            self.choices_within(&member.node, below(&path, name), found);
        }
    }

    /// The value that a design would inherit at these steps. What is in an array is replaced with it, not
    /// inherited.
    fn inherited_at(&self, path: &[String]) -> Option<&Node> {
        let [array, index, rest @ ..] = path else {
            return None;
        };
        if array != DESIGNS {
            return None;
        }
        let Value::Array(designs) = &self.own.child(array)?.value else {
            return None;
        };
        let base = base_of(designs, index.parse().ok()?)?;
        let base = self.merged.child(array)?.child(&base.to_string())?;
        rest.iter().try_fold(base, |node, step| {
            node.object()?.members.get(step).map(|member| &member.node)
        })
    }
}

pub(super) const DESIGNS: &str = "designs";

/// The steps to what is one step further down.
fn below(path: &[String], step: &str) -> Vec<String> {
    [path, &[step.to_owned()]].concat()
}

/// The design that another is like.
fn base_of(designs: &[Node], index: usize) -> Option<usize> {
    let name = designs.get(index)?.object()?.text(like::LIKE)?;
    let named =
        |design: &Node| design.object().and_then(|object| object.text("name")) == Some(name);
    designs.iter().position(named)
}

/// What makes this value of what is inherited (RFC 7396): `null` for what must go.
fn patch(inherited: Option<&Node>, value: Json) -> Json {
    match (inherited.and_then(Node::object), value) {
        (Some(Object { members, .. }), Json::Object(value)) => {
            let gone = members.keys().filter(|name| !value.contains_key(*name));
            let gone: Vec<_> = gone.map(|name| (name.clone(), Json::Null)).collect();
            let set = value.into_iter().map(|(name, value)| {
                let inherited = members.get(&name).map(|member| &member.node);
                let value = patch(inherited, value);
                (name, value)
            });
            Json::Object(gone.into_iter().chain(set).collect())
        }
        (_, value) => value,
    }
}

fn pointer_of(path: &[String]) -> String {
    path.iter()
        .fold(String::new(), |pointer, step| pointer::join(&pointer, step))
}

fn nothing_in(path: &[String], found: &str) -> Problem {
    Problem::new(
        pointer_of(path),
        format!("{} has nothing inside that could be set", shorten(found)),
    )
    .expected("an object or an array")
}

fn replace(node: CstNode, value: CstInputValue) {
    if let Some(object) = node.as_object() {
        object.replace_with(value);
    } else if let Some(array) = node.as_array() {
        array.replace_with(value);
    } else if let Some(text) = node.as_string_lit() {
        text.replace_with(value);
    } else if let Some(number) = node.as_number_lit() {
        number.replace_with(value);
    } else if let Some(boolean) = node.as_boolean_lit() {
        boolean.replace_with(value);
    } else if let Some(null) = node.as_null_keyword() {
        null.replace_with(value);
    }
}

pub(super) fn input(value: &Json) -> CstInputValue {
    match value {
        Json::Null => CstInputValue::Null,
        Json::Bool(value) => CstInputValue::Bool(*value),
        Json::Number(number) => CstInputValue::Number(number.to_string()),
        Json::String(text) => CstInputValue::String(text.clone()),
        Json::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Json::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), input(value)));
            CstInputValue::Object(members.collect())
        }
    }
}

/// A value as it was written, with its notes.
pub(super) fn json(node: &Node) -> Json {
    match &node.value {
        Value::Gone | Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => Json::Number(number.clone()),
        Value::Text(text) => Json::String(text.clone()),
        Value::Array(items) => Json::Array(items.iter().map(json).collect()),
        Value::Object(Object { members, notes }) => {
            let members = members.iter();
            let members = members.map(|(key, member)| (key.clone(), json(&member.node)));
            let notes = notes.iter();
            let notes = notes.map(|(key, text)| (key.clone(), Json::String(text.clone())));
            Json::Object(members.chain(notes).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::text::parse;

    const TEXT: &str = r#"{
  // What we ask.
  "version": 1,
  "run": { "replicates": 8 }, // eight
  "world": { "two_state": { "stays": 10, "sells_out_per_day": 1, "reopens_per_day": 1 } },
  "designs": [
    {
      "name": "push",
      "feeds": [{ "name": "deltas", "source": "deltas", "delivery": "push" }], /* all */
    },
    {
      "name": "poll",
      "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }],
      "cache": { "ttl": { "fixed": "6h" } }
    },
    { "name": "poll less", "like": "poll" }
  ]
}
"#;

    fn edited(pointer: &str, value: &str) -> String {
        let text = set(TEXT, pointer, value).expect(pointer);
        assert!(parse(&text).is_ok(), "{pointer}: {text}");
        for comment in ["// What we ask.", "// eight", "/* all */"] {
            assert!(
                text.contains(comment),
                "{pointer}: {comment} is gone from {text}"
            );
        }
        text
    }

    #[test]
    fn what_is_appended_to_no_list_begins_one() {
        let flush = r#"{ "cache_flush": { "at": "1h" } }"#;
        let text = edited("/faults/-", flush);
        let twice = set(&text, "/faults/-", flush).expect("appends");
        assert_eq!(parse(&twice).expect("reads").scenario.faults.len(), 2);
    }

    #[test]
    fn a_value_changes_and_nothing_else() {
        assert_eq!(
            edited("/run/replicates", "32"),
            TEXT.replace(r#""replicates": 8"#, r#""replicates": 32"#)
        );
        assert_eq!(
            edited("/designs/poll/feeds/0/delivery/pull/every", r#""2h""#),
            TEXT.replace(r#""every": "1h""#, r#""every": "2h""#)
        );
        assert_eq!(
            edited("/designs/0/name", r#""stream""#),
            TEXT.replace(r#""name": "push""#, r#""name": "stream""#)
        );
    }

    #[test]
    fn missing_parents_are_made() {
        use crate::design::{Delivery, cache::Ttl};
        let ttl = edited("/designs/push/cache/ttl/fixed", r#""2h""#);
        let scenario = parse(&ttl).expect("read").scenario;
        assert!(matches!(scenario.designs[0].cache.ttl, Ttl::Fixed(_)));
        let loss = edited("/designs/push/feeds/deltas/delivery/push/loss", "0.25");
        let scenario = parse(&loss).expect("read").scenario;
        let Delivery::Push(push) = &scenario.designs[0].feeds[0].delivery else {
            panic!("no push: {loss}")
        };
        assert_eq!(push.loss.get(), 0.25);
    }

    #[test]
    fn one_choice_takes_the_place_of_another() {
        use crate::design::cache::Ttl;
        for design in [1, 2] {
            let text = edited(&format!("/designs/{design}/cache/ttl/sliding"), r#""2h""#);
            let scenario = parse(&text).expect("read").scenario;
            let ttl = &scenario.designs[design].cache.ttl;
            assert!(matches!(ttl, Ttl::Sliding(_)), "{text}");
        }
    }

    /// A base with choices; a design that inherits them, one like it, and one that has chosen for itself.
    const FAMILY: &str = r#"{
  "version": 1,
  "world": { "two_state": { "stays": 10, "sells_out_per_day": 1, "reopens_per_day": 1 } },
  "designs": [
    { "name": "far", "like": "heir", "serving": { "bypass": 0.5 } },
    { "name": "heir", "like": "base" },
    {
      "name": "base",
      "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }],
      "cache": { "ttl": { "jittered": { "mean": "6h", "spread": 0.5 } }, "purge": { "random": { "per_day": 1 } } }
    },
    { "name": "own", "like": "base", "cache": { "ttl": { "jittered": { "mean": "2h" /* ours */ } } } },
    { "name": "far own", "like": "own", "cache": { "ttl": { "jittered": { "spread": 0.1 } } } }
  ]
}
"#;

    fn caches(text: &str) -> Vec<crate::design::cache::Cache> {
        let scenario = parse(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        let designs = scenario.scenario.designs.into_iter();
        designs.map(|design| design.cache).collect()
    }

    /// Index of a design of [`FAMILY`].
    const FAR: usize = 0;
    const HEIR: usize = 1;
    const BASE: usize = 2;
    const OWN: usize = 3;
    const FAR_OWN: usize = 4;

    #[test]
    fn another_variant_of_an_inherited_choice_is_that_variant_alone() {
        use crate::design::cache::Ttl;
        let variants = [
            r#""none""#,
            r#"{"fixed":"2h"}"#,
            r#"{"sliding":"2h"}"#,
            r#"{"jittered":{"mean":"3h","spread":0.25}}"#,
            r#"{"adaptive":{"min":"1h","max":"1d"}}"#,
        ];
        let before = caches(FAMILY);
        let mut text = FAMILY.to_owned();
        // One after the other, so that each takes the place of each.
        for first in variants {
            for variant in [first].iter().chain(&variants) {
                text = set(&text, "/designs/heir/cache/ttl", variant).expect(variant);
                let ttl: Ttl = serde_json::from_str(variant).expect(variant);
                let after = caches(&text);
                assert_eq!(after[HEIR].ttl, ttl, "{text}");
                assert_eq!(after[FAR], after[HEIR], "{text}");
                assert_eq!(after[HEIR].purge, before[HEIR].purge, "{text}");
                assert_eq!(after[BASE..], before[BASE..], "{text}");
            }
        }
    }

    #[test]
    fn the_null_of_what_is_not_inherited_stays() {
        let fixed = set(FAMILY, "/designs/heir/cache/ttl", r#"{"fixed":"2h"}"#).expect("a choice");
        assert!(fixed.contains(r#""jittered": null"#), "{fixed}");
        for pointer in [
            "/designs/heir/cache/ttl/fixed",
            "/designs/1/cache/ttl/fixed",
        ] {
            let moved = set(&fixed, pointer, r#""3h""#).expect(pointer);
            assert_eq!(
                moved,
                fixed
                    .replace(r#""2h""#, r#""3h""#)
                    .replace(r#""mean": "3h""#, r#""mean": "2h""#)
            );
        }
        // Nothing is inherited where the base has none.
        let none = set(FAMILY, "/designs/base/cache/ttl", "null").expect("taken out");
        let none = set(&none, "/designs/heir/cache/ttl", r#"{"fixed":"2h"}"#).expect("a choice");
        assert!(!none.contains("null"), "{none}");
    }

    #[test]
    fn who_has_chosen_keeps_it_when_the_base_chooses_anew() {
        let before = caches(FAMILY);
        let mut text = FAMILY.to_owned();
        for (pointer, value) in [
            ("/designs/base/cache/ttl", r#"{"fixed":"1h"}"#),
            ("/designs/base/cache/ttl/sliding", r#""1h""#),
            ("/designs/base/cache/ttl", r#""none""#),
            (
                "/designs/base/cache",
                r#"{"ttl":{"fixed":"1h"},"purge":{"random":{"per_day":1}}}"#,
            ),
        ] {
            text = set(&text, pointer, value).expect(pointer);
            let after = caches(&text);
            assert_ne!(after[BASE].ttl, before[BASE].ttl, "{text}");
            assert_eq!(after[HEIR], after[BASE], "{text}");
            assert_eq!(after[OWN..], before[OWN..], "{text}");
            assert!(text.contains("/* ours */"), "{text}");
        }
        // Who has not, follows the nearest who has.
        let text = set(&text, "/designs/own/cache/ttl", r#"{"fixed":"5h"}"#).expect("a choice");
        assert_eq!(caches(&text)[FAR_OWN], before[FAR_OWN], "{text}");
    }

    #[test]
    fn nothing_in_an_array_is_inherited() {
        let push = r#"{"push":{"loss":0.1}}"#;
        let text = FAMILY.replace("inventory", "deltas");
        let text = set(&text, "/designs/heir/feeds/poll/delivery", push).expect("a choice");
        let text =
            set(&text, "/designs/heir/feeds/poll/delivery/push/loss", "0.2").expect("a knob");
        assert!(!text.contains("null"), "{text}");
        caches(&text);
    }

    #[test]
    fn what_was_taken_out_is_opened_without_what_it_would_inherit() {
        let text = FAMILY.replace(r#""like": "base" }"#, r#""like": "base", "cache": null }"#);
        let text = set(&text, "/designs/heir/cache/sold_out_ttl", r#""1h""#).expect("a knob");
        let cache = &caches(&text)[HEIR];
        assert_eq!(cache.ttl, crate::design::cache::Ttl::None, "{text}");
        assert!(cache.sold_out_ttl.is_some(), "{text}");
    }

    #[test]
    fn a_design_overrides_the_feed_that_it_inherits() {
        let text = edited(
            "/designs/poll less/feeds/poll/delivery/pull/every",
            r#""1d""#,
        );
        let scenario = parse(&text).expect("read").scenario;
        assert_ne!(scenario.designs[1].feeds, scenario.designs[2].feeds);
        assert_eq!(scenario.designs[1].cache, scenario.designs[2].cache);
    }

    #[test]
    fn a_pointer_that_leads_nowhere_says_so() {
        for (pointer, value, part) in [
            ("run", "1", "is not a JSON pointer"),
            ("", "1", "is not a JSON pointer"),
            ("/run/replicates", "NaN", "is not JSON"),
            ("/run/replicates", "", "is not JSON"),
            ("/designs/pol/name", "1", "did you mean \"poll\"?"),
            ("/designs/9/name", "1", "there is no item \"9\""),
            ("/run/replicates/x", "1", "8 has nothing inside"),
        ] {
            let problem = set(TEXT, pointer, value).expect_err(pointer).to_string();
            assert!(problem.contains(part), "{pointer}: {problem}");
        }
    }
}
