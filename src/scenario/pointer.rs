//! JSON pointers (RFC 6901): `/designs/0/feeds/0/delivery`.

use serde_json::Value as Json;

/// Adds a step to a pointer.
#[must_use]
pub fn join(pointer: &str, step: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + step.len() + 1);
    joined.push_str(pointer);
    joined.push('/');
    joined.push_str(&step.replace('~', "~0").replace('/', "~1"));
    joined
}

/// The steps of a pointer; `None` for a text that is neither empty nor starts with `/`.
#[must_use]
pub fn steps(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let steps = pointer.strip_prefix('/')?.split('/');
    Some(
        steps
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

/// The value at these steps, where items of an array may be named by their `name`.
#[must_use]
pub fn find<'a>(json: &'a Json, steps: &[String]) -> Option<&'a Json> {
    steps.iter().try_fold(json, |here, step| match here {
        Json::Array(items) => {
            let named = |item: &&Json| item.get("name").and_then(Json::as_str) == Some(step);
            let index = || items.get(step.parse::<usize>().ok()?);
            items.iter().find(named).or_else(index)
        }
        here => here.get(step),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_undo_join() {
        let mut pointer = String::new();
        let names = ["designs", "push/pull ~1", "", "0", "~"];
        for name in names {
            pointer = join(&pointer, name);
        }
        assert_eq!(
            steps(&pointer).as_deref(),
            Some(names.map(str::to_owned).as_slice())
        );
        assert_eq!(steps(""), Some(vec![]));
        assert_eq!(steps("designs"), None);
    }

    #[test]
    fn items_are_found_by_name_or_index() {
        let json =
            serde_json::json!({ "designs": [{ "name": "a" }, { "name": "b", "feeds": [7] }] });
        for (pointer, found) in [
            ("/designs/b/feeds/0", Some(7)),
            ("/designs/1/feeds/0", Some(7)),
            ("/designs/a/feeds/0", None),
            ("/designs/c", None),
        ] {
            let steps = steps(pointer).unwrap_or_default();
            assert_eq!(
                find(&json, &steps).and_then(Json::as_u64),
                found,
                "{pointer}"
            );
        }
    }
}
