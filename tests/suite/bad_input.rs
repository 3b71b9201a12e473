//! A scenario that is none: exit 2, and stderr says where, what was found, what was expected, what to do.
//!
//! Each `bad_input/*.json` has beside it what `stayfresh check` says of it. `STAYFRESH_UPDATE=1` writes that
//! anew; read it before you commit it.

use std::path::Path;

use crate::cli::{Said, stayfresh};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/bad_input");

/// What `check` says of a text on standard input, which must not be a scenario.
fn refused(text: &[u8]) -> String {
    let Said { code, out, err } = stayfresh(&["check", "-"], text);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    err
}

#[test]
fn each_problem_is_said_as_it_should_be() {
    let mut files: Vec<_> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    assert!(files.len() > 20, "only {} files", files.len());
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let said = refused(&std::fs::read(&file).unwrap());
        let golden = Path::new(FOLDER).join(format!("{name}.txt"));
        if std::env::var_os("STAYFRESH_UPDATE").is_some() {
            std::fs::write(&golden, &said).unwrap();
        } else {
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            assert_eq!(said, expected, "{name}");
        }
    }
}

#[test]
fn what_each_mistake_names_is_placed() {
    for (name, at, parts) in [
        ("wrong_key", "7:82", vec!["`evry`", "did you mean `every`?"]),
        (
            "wrong_type",
            "3:26",
            vec!["the text \"eight\"", "a whole number"],
        ),
        (
            "negative_rate",
            "3:63",
            vec!["-3 is out of range", "a number from 0"],
        ),
        (
            "impossible_duration",
            "3:39",
            vec!["1 fortnight", "a duration such as"],
        ),
        (
            "name_twice",
            "4:65",
            vec!["is given twice", "first named here"],
        ),
        (
            "cannot_be_pushed",
            "4:90",
            vec!["`inventory` cannot be pushed", "pull"],
        ),
        (
            "nan",
            "3:63",
            vec!["`NaN` is not a number", "a finite number"],
        ),
        ("empty", "1:1", vec!["is empty", "an object"]),
    ] {
        let text = std::fs::read(format!("{FOLDER}/{name}.json")).unwrap();
        let said = refused(&text);
        assert!(
            said.contains(&format!("--> standard input:{at}\n")),
            "{said}"
        );
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[test]
fn nesting_is_refused_before_it_can_hurt() {
    for (levels, open, close) in [
        (100, "[", "]"),
        (100_000, "[", "]"),
        (100_000, "{\"a\":", "}"),
    ] {
        let text = format!(
            "{{\"world\": {}1{}}}",
            open.repeat(levels),
            close.repeat(levels)
        );
        let said = refused(text.as_bytes());
        assert!(said.contains("nested deeper than 64 levels"), "{said}");
        assert!(said.contains("--> standard input:1:"), "{said}");
        assert!(said.len() < 2_000, "{said}");
        // Unclosed, too.
        assert!(refused(open.repeat(levels).as_bytes()).contains("nested deeper"));
    }
    // As deep as it may be.
    let text = format!("{{\"world\": {}{}}}", "[".repeat(63), "]".repeat(63));
    assert!(!refused(text.as_bytes()).contains("nested deeper"));
}

#[test]
fn a_file_of_50_mb_is_refused_unread() {
    let text = format!("{{ \"title\": \"{}\" }}", "x".repeat(50 << 20));
    let said = refused(text.as_bytes());
    assert!(said.contains("longer than 8 MB"), "{said}");
    assert!(said.len() < 2_000);
}

/// Each value of a sweep is tried by reading the text with it: of a long text, only so many.
#[test]
fn values_are_not_tried_without_end() {
    let values: Vec<String> = (1..=1_200).map(|hours| format!("\"{hours}h\"")).collect();
    let text = format!(
        r#"{{ "version": 1, "title": "{}", "run": {{ "length": "5d" }},
        "world": {{ "two_state": {{ "stays": 10, "sells_out_per_day": 1, "reopens_per_day": 1 }} }},
        "designs": [{{ "name": "a", "cache": {{ "ttl": {{ "fixed": "1h" }} }} }}],
        "sweep": {{ "over": "/designs/0/cache/ttl/fixed", "values": [{}] }} }}"#,
        "long ".repeat(12_000),
        values.join(", ")
    );
    let said = refused(text.as_bytes());
    assert!(
        said.contains("1200 values are too many for so long a text"),
        "{}",
        said.chars().take(400).collect::<String>()
    );
}

#[test]
fn long_lines_are_shown_in_part() {
    let text = format!("{{ \"title\": \"{}\", \"sede\": 1 }}", "x".repeat(5 << 20));
    let said = refused(text.as_bytes());
    assert!(said.contains("did you mean `seed`?"), "{said}");
    assert!(said.contains("--> standard input:1:5242896"), "{said}");
    assert!(said.len() < 3_000);
}

#[test]
fn other_encodings_are_named() {
    let utf16: Vec<u8> = "\u{feff}{}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(refused(&utf16).contains("UTF-16"));
    let said = refused(b"{\n \"title\": \"caf\xe9\" }");
    assert!(said.contains("not UTF-8"), "{said}");
    assert!(said.contains("standard input:2:15"), "{said}");
    // A byte order mark alone is no mistake.
    let marked = "\u{feff}{ \"version\": 1, \"seed\": -1 }";
    let said = refused(marked.as_bytes());
    assert!(said.contains("standard input:1:25"), "{said}");
}

#[test]
fn what_is_no_file_is_said() {
    for (arguments, part) in [
        (
            vec!["run", "push-vs-pul"],
            "did you mean the preset push-vs-pull?",
        ),
        (
            vec!["run", "nothing/here.json"],
            "there is no file or preset",
        ),
        (vec!["run", env!("CARGO_MANIFEST_DIR")], "cannot read"),
        (
            vec![
                "run",
                "push-vs-pull",
                "--set",
                "/designs/poll weekly/name=x",
            ],
            "there is no item \"poll weekly\"",
        ),
        (
            vec!["run", "push-vs-pull", "--set", "/sed=1"],
            "did you mean `seed`?",
        ),
        (
            vec!["run", "push-vs-pull", "--set", "sed"],
            "/pointer=value",
        ),
        (vec!["run", "push-vs-pull", "--seed", "-1"], "--seed"),
        (
            vec!["run", "push-vs-pull", "--seed", "9007199254740992"],
            "9007199254740991",
        ),
        (
            vec!["run", "push-vs-pull", "--replicates", "0"],
            "--replicates",
        ),
        (
            vec!["run", "push-vs-pull", "--json", "--csv"],
            "cannot be used with",
        ),
        (vec!["run"], "required"),
        (vec!["rnu"], "unrecognized"),
        (vec!["presets", "push"], "there is no preset"),
        (vec![], "Usage"),
    ] {
        let Said { code, out, err } = stayfresh(&arguments, b"");
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(part), "{arguments:?}: {err}");
    }
}
