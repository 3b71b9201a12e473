//! JSON pointers (RFC 6901): `/designs/0/feeds/0/delivery`.

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
}
