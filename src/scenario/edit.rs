//! Changes one value in a scenario's text and leaves everything else, comments too, as it is.

use std::sync::LazyLock;

use jsonc_parser::cst::{CstInputValue, CstNode, CstObject, CstRootNode};
use serde_json::Value as Json;

use super::problem::{Problem, Problems, nearest, shorten};
use super::tree::{self, Node, Object, Value};
use super::{like, pointer, schema};

/// Sets the value at a JSON pointer. Items of an array (designs, feeds) are named by their `name` or their
/// index; `-` appends. Missing parents are made. Setting one of a choice takes the others out. `null` takes out
/// what is written. In a design with `like`, what is inherited is overridden there.
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
    let mut problems = Vec::new();
    let own = tree::read(text, &mut problems)?;
    Problems::none(problems)?;
    let mut merged = own.clone();
    like::resolve(text, &mut merged, &mut Vec::new());
    let (json, mark) = tree::skip_mark(text);
    let root = CstRootNode::parse(json, &tree::grammar())
        .map_err(|error| Problem::new("", error.to_string()))?;
    let Some(object) = root.object_value() else {
        return Err(Problem::new("", "the scenario is not an object").into());
    };
    let editor = Editor {
        own: &own,
        merged: &merged,
        schema: &SCHEMA,
    };
    editor.set_in_object(&object, Vec::new(), &steps, value)?;
    Ok(format!("{}{root}", &text[..mark]))
}

/// Made once: a form that is moved edits many times a second.
static SCHEMA: LazyLock<Json> = LazyLock::new(schema::schema);

struct Editor<'a> {
    /// The scenario as written.
    own: &'a Node,
    /// The scenario as it is, `like` resolved.
    merged: &'a Node,
    schema: &'a Json,
}

impl Editor<'_> {
    /// The value that stands at these steps, whether written there or inherited.
    fn merged_at(&self, path: &[String]) -> Option<&Node> {
        path.iter()
            .try_fold(self.merged, |node, step| node.child(step))
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
        if schema::choices_at(self.schema, &path).is_some_and(|choices| choices.contains(step)) {
            self.take_out_others(object, &path, step);
        }
        path.push(step.clone());
        if rest.is_empty() && value.is_null() && self.inherited_at(&path).is_none() {
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
            property.set_value(input(&value));
            return Ok(());
        }
        // A choice written as its name is opened up; null makes room.
        let is_name = property
            .value()
            .is_some_and(|node| node.as_string_lit().is_some());
        let is_null = property
            .value()
            .is_some_and(|node| node.as_null_keyword().is_some());
        if is_null || (is_name && schema::choices_at(self.schema, &path).is_some()) {
            property.set_value(CstInputValue::Object(Vec::new()));
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

    /// What a missing parent starts as: an object, or the array that a design inherits, which `like` can only
    /// replace as a whole.
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
            ) => copied(node),
            _ => CstInputValue::Object(Vec::new()),
        }
    }

    /// Takes all but one of a choice out of an object, also what is inherited.
    fn take_out_others(&self, object: &CstObject, path: &[String], keep: &str) {
        let written = object.properties();
        let others = written.into_iter().filter(|property| {
            let name = property.decoded_name().unwrap_or_default();
            name != keep && !tree::ANNOTATIONS.contains(&name.as_str())
        });
        let mut taken = Vec::new();
        for property in others {
            taken.push(property.decoded_name().unwrap_or_default());
            property.remove();
        }
        let inherited = self.inherited_at(path).and_then(Node::object);
        let inherited = inherited.map(|object| object.members.keys());
        for name in inherited.into_iter().flatten() {
            if name != keep {
                object.append(name, CstInputValue::Null);
            }
        }
    }

    /// The value that a design would inherit at these steps.
    fn inherited_at(&self, path: &[String]) -> Option<&Node> {
        let [array, index, rest @ ..] = path else {
            return None;
        };
        let Value::Array(designs) = &self.own.child(array)?.value else {
            return None;
        };
        let name = designs
            .get(index.parse::<usize>().ok()?)?
            .object()?
            .text(like::LIKE)?;
        let named =
            |design: &Node| design.object().and_then(|object| object.text("name")) == Some(name);
        let base = designs.iter().position(named)?;
        let base = self.merged.child(array)?.child(&base.to_string())?;
        rest.iter().try_fold(base, |node, step| node.child(step))
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

fn input(value: &Json) -> CstInputValue {
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
fn copied(node: &Node) -> CstInputValue {
    match &node.value {
        Value::Gone | Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::Text(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(copied).collect()),
        Value::Object(Object { members, notes }) => {
            let members = members.iter();
            let members = members.map(|(key, member)| (key.clone(), copied(&member.node)));
            let notes = notes.iter();
            let notes = notes.map(|(key, text)| (key.clone(), CstInputValue::String(text.clone())));
            CstInputValue::Object(members.chain(notes).collect())
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
