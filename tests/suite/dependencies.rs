//! `docs/dependencies.md` lists every direct dependency, and nothing else.
//!
//! Each heading there that is a file's path has a table under it, whose rows begin with a name in code. Where the
//! last column is of features, it says which are turned on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const DOCUMENT: &str = "docs/dependencies.md";

fn read(file: &str) -> String {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(&path)
}

/// The dependencies of a package of Rust, of whatever kind and target, as they are written.
fn written(manifest: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::<String, String>::new();
    let mut section = "";
    let mut last = None;
    for line in manifest.lines() {
        if let Some(opened) = line.strip_prefix('[') {
            let is_one = opened.contains("dependencies.");
            assert!(!is_one, "[{opened} is not read: write it as one line");
            (section, last) = (opened, None);
        } else if !section.ends_with("dependencies]") {
        } else if line.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && let Some((name, how)) = line.split_once('=')
        {
            let name = name.trim().to_owned();
            *found.entry(name.clone()).or_default() += how;
            last = Some(name);
        } else if let Some(last) = &last
            && !line.starts_with('#')
        {
            // A list that goes on, further in.
            *found.get_mut(last).expect("it is begun") += line;
        }
    }
    found
}

fn of_cargo(manifest: &str) -> BTreeSet<String> {
    written(manifest).into_keys().collect()
}

/// The features that are turned on by a dependency as it is written.
fn features(written: &str) -> Vec<&str> {
    let lists = written.split("features = [").skip(1);
    let names = lists.flat_map(|list| list.split(']').next().unwrap_or_default().split(','));
    let names = names.map(|name| name.trim().trim_matches('"'));
    names.filter(|name| !name.is_empty()).collect()
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
    let lines = list
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let named = lines.filter(|line| !line.is_empty() && !line.starts_with("-r "));
    let name = |line: &str| {
        let (name, _) = line
            .split_once("==")
            .unwrap_or_else(|| panic!("{line} is not pinned"));
        name.trim().to_owned()
    };
    named.map(name).collect()
}

/// What is listed under a heading: the names that rows of its table begin with.
fn listed(document: &str, heading: &str) -> BTreeSet<String> {
    let marked = format!("## `{heading}`");
    let after = document.lines().skip_while(|line| *line != marked).skip(1);
    let under = after.take_while(|line| !line.starts_with("## "));
    let names = under.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The last cell of the row of a name under a heading.
fn said<'a>(document: &'a str, heading: &str, name: &str) -> &'a str {
    let marked = format!("## `{heading}`");
    let mut after = document.lines().skip_while(|line| *line != marked);
    let row = after.find(|line| line.starts_with(&format!("| `{name}` |")));
    let cells = row.expect(name).trim_end_matches(" |");
    cells.rsplit(" | ").next().expect("a cell")
}

/// More than these need not be told one by one.
const TOLD: usize = 8;

#[test]
fn what_is_turned_on_is_said() {
    let document = read(DOCUMENT);
    let mut compared = 0;
    for file in ["Cargo.toml", "fuzz/Cargo.toml"] {
        for (name, how) in written(&read(file)) {
            let said = said(&document, file, &name);
            let no_defaults = how.contains("default-features = false");
            assert_eq!(
                said.contains("no defaults"),
                no_defaults,
                "{name} in {file}: {said}"
            );
            let on = features(&how);
            let is_plain = !no_defaults && on.is_empty();
            assert!(
                !said.starts_with("defaults") || is_plain,
                "{name} in {file}: {said}"
            );
            for feature in on.iter().filter(|_| on.len() <= TOLD) {
                assert!(
                    said.contains(&format!("`{feature}`")),
                    "{name} in {file} does not say {feature}: {said}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 10, "only {compared}");
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
    assert_eq!(features(&written(manifest)["two"]), ["three"]);
    assert!(features(&written(manifest)["one"]).is_empty());
}
