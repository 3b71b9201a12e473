//! `docs/dependencies.md` lists every direct dependency, and nothing else.
//!
//! Each heading there that is a file's path has a table under it, whose rows begin with a name in code.

use std::collections::BTreeSet;

use serde_json::Value;

const DOCUMENT: &str = "docs/dependencies.md";

fn read(file: &str) -> String {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(&path)
}

/// The dependencies of a package of Rust, of whatever kind and target.
fn of_cargo(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_in = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            // `[dependencies]`, `[target.'cfg(…)'.dev-dependencies]`; lists that go on begin further in.
            is_in = section.ends_with("dependencies]");
        } else if is_in
            && line.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && let Some((name, _)) = line.split_once('=')
        {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

/// The dependencies of a package of npm, of whatever kind.
fn of_npm(manifest: &str) -> BTreeSet<String> {
    let manifest: Value = serde_json::from_str(manifest).expect("JSON");
    let kinds = ["dependencies", "devDependencies", "optionalDependencies"];
    let lists = kinds.iter().filter_map(|kind| manifest[kind].as_object());
    lists.flat_map(|list| list.keys().cloned()).collect()
}

/// The packages of a list for pip, without those of lists that it names.
fn of_pip(list: &str) -> BTreeSet<String> {
    let pinned = list.lines().filter_map(|line| line.split_once("=="));
    pinned.map(|(name, _)| name.trim().to_owned()).collect()
}

/// What is listed under a heading: the names that rows of its table begin with.
fn listed(document: &str, heading: &str) -> BTreeSet<String> {
    let marked = format!("## `{heading}`");
    let after = document.lines().skip_while(|line| *line != marked).skip(1);
    let under = after.take_while(|line| !line.starts_with("## "));
    let names = under.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Finds the names in a file.
type Names = fn(&str) -> BTreeSet<String>;

#[test]
fn each_is_listed_and_none_is_gone() {
    let document = read(DOCUMENT);
    let lists: [(&str, Names); 7] = [
        ("Cargo.toml", of_cargo),
        ("package.json", of_npm),
        ("examples/dask/requirements.txt", of_pip),
        ("tests/beyond/requirements.txt", of_pip),
        ("examples/bench-peers/Cargo.toml", of_cargo),
        ("fuzz/Cargo.toml", of_cargo),
        ("examples/bench-peers/requirements.txt", of_pip),
    ];
    for (file, names_of) in lists {
        let there = names_of(&read(file));
        let listed = listed(&document, file);
        assert!(!there.is_empty(), "nothing was found in {file}");
        let missing: Vec<&String> = there.difference(&listed).collect();
        let gone: Vec<&String> = listed.difference(&there).collect();
        assert!(
            missing.is_empty() && gone.is_empty(),
            "{file}: {DOCUMENT} does not list {missing:?}, and lists {gone:?}, which are gone"
        );
    }
}

#[test]
fn names_are_found_in_any_section_and_nowhere_else() {
    let manifest = "\
[package]
name = \"a\"
[dependencies]
# Not this = 1
one = \"1\"
two = { version = \"1\", features = [
    \"three\",
] }
[target.'cfg(not(target_arch = \"wasm32\"))'.dev-dependencies]
four-five = \"1\"
[lints.rust]
six = \"warn\"
";
    let found: Vec<String> = of_cargo(manifest).into_iter().collect();
    assert_eq!(found, ["four-five", "one", "two"]);
}
