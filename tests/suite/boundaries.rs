//! Who may use whom: the layout that `docs/architecture.md` tells, held to what the files of `src` name.
//!
//! The tables come first. What is compiled for tests alone may name anything: files called `tests.rs`, what stands
//! behind `#[cfg(test)]`, and the modules in files of their own that are begun there.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// What each part of the program may use of the others: all of one, or what is named of it. Nothing is in here that
/// is not used.
const PARTS: &[(&str, &[&str])] = &[
    (
        "scenario",
        &[
            "world",
            "design",
            "sim::clock",
            "sim::lockstep",
            "measure::path",
            "study::slices",
        ],
    ),
    (
        "world",
        &[
            "scenario::files",
            "scenario::limits",
            "scenario::problem",
            "scenario::quantity",
            "design::delivery::delay",
            "sim::clock",
            "sim::distribution",
            "sim::math",
            "sim::random",
        ],
    ),
    (
        "design",
        &[
            "scenario::quantity",
            "world::group",
            "sim::clock",
            "sim::distribution",
            "sim::math",
            "sim::mishap",
            "sim::random",
            "sim::truth",
            "measure::audit",
            "measure::estimate",
            "measure::feed",
            "measure::tally",
            "measure::values",
        ],
    ),
    (
        "sim",
        &[
            "scenario::audience",
            "scenario::quantity",
            "world::group",
            "world::searches",
            "design",
            "measure::audience",
            "measure::feed",
            "measure::series",
            "measure::tally",
        ],
    ),
    (
        "measure",
        &[
            "scenario::Prices",
            "scenario::audience",
            "scenario::prices",
            "scenario::problem",
            "design::Design",
            "design::Feed",
            "design::serving",
            "sim::checks",
            "sim::clock",
            "sim::math",
            "sim::watch",
        ],
    ),
    (
        "study",
        &[
            "scenario",
            "world",
            "design",
            "sim",
            "measure",
            "report::breakeven",
            "report::expected",
            "report::hash",
            "report::human",
            "report::readable",
            "report::reel",
            "report::results",
            "report::sensitivity",
            "report::size",
            "report::sweep",
        ],
    ),
    (
        "report",
        &[
            "scenario",
            "world",
            "design",
            "sim::clock",
            "sim::film",
            "measure",
            "study::Sample",
            "study::asked",
            "study::breakeven",
            "study::sensitivity",
            "study::theory",
        ],
    ),
    (
        "app",
        &[
            "scenario",
            "world",
            "design",
            "sim::clock",
            "sim::film",
            "measure",
            "study",
            "report",
        ],
    ),
    ("cli", &["scenario", "study", "report"]),
    ("bin", &["app", "cli"]),
    ("lib", &[]),
];

/// What needs a browser, and only that. `app/worker` is the file and the folder of that name.
const BROWSER: &[&str] = &[
    "app.rs",
    "app/canvas.rs",
    "app/components",
    "app/crew.rs",
    "app/engine.rs",
    "app/storage.rs",
    "app/theme.rs",
    "app/worker",
];

/// Where crates, and parts of the standard library, may be named. Those that are not here may be anywhere.
const CRATES: &[(&str, &[&str])] = &[
    ("gloo", BROWSER),
    ("js_sys", BROWSER),
    ("wasm_bindgen", BROWSER),
    ("web_sys", BROWSER),
    ("yew", BROWSER),
    (
        "plotters",
        &["app/components/chart.rs", "app/theme.rs", "report/charts"],
    ),
    (
        "plotters_backend",
        &["app/canvas.rs", "report/charts/svg.rs"],
    ),
    ("plotters_canvas", &["app/canvas.rs"]),
    ("base64", &["app/runs.rs", "app/share.rs"]),
    ("miniz_oxide", &["app/runs.rs", "app/share.rs"]),
    ("annotate_snippets", &["cli/diagnostics.rs"]),
    ("anstream", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli.rs"]),
    ("clap_mangen", &["cli.rs"]),
    ("indicatif", &["cli/progress.rs"]),
    ("terminal_size", &["cli/run.rs"]),
    ("std::env", &["cli/shard.rs"]),
    ("std::fs", &["cli"]),
    ("std::net", &[]),
    ("std::process", &["bin/stayfresh.rs", "cli.rs"]),
    ("std::thread", &["cli/given.rs", "study.rs"]),
    ("std::time", &["cli/progress.rs"]),
    ("jsonc_parser", &["scenario"]),
    ("postcard", &["study/part.rs"]),
    ("strsim", &["scenario/problem.rs"]),
    ("schemars", &["design", "scenario", "world"]),
    (
        "rand",
        &[
            "sim/distribution.rs",
            "sim/random.rs",
            "world/hotels/requests.rs",
        ],
    ),
    ("rand_distr", &["design", "sim", "world"]),
    ("sha2", &["report/hash.rs"]),
    ("unicode_width", &["report"]),
];

/// Something that is used where it may not be.
#[derive(Debug, PartialEq, Eq)]
struct Crossing {
    file: String,
    line: usize,
    used: String,
    allowed: String,
}

impl fmt::Display for Crossing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            used,
            allowed,
        } = self;
        write!(f, "src/{file}:{line} uses `{used}`; {allowed}")
    }
}

/// Something that a file names.
#[derive(Debug)]
struct Named {
    line: usize,
    /// As it is written, lists written out.
    path: String,
    /// The same from the top of the program, where it goes through there.
    from_top: Option<String>,
}

/// A word or a sign, and the line that it is in.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    line: usize,
}

/// The words and signs of a source text, without what is said in comments and in quotes.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, counts) = piece(rest, first);
        let (text, after) = rest.split_at(length);
        if counts {
            all.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    all
}

/// How long the next piece of a source text is, and whether it is a word or a sign.
fn piece(rest: &str, first: char) -> (usize, bool) {
    if rest.starts_with("//") {
        (rest.find('\n').unwrap_or(rest.len()), false)
    } else if rest.starts_with("/*") {
        (comment(rest), false)
    } else if let Some(length) = in_quotes(rest) {
        (length, false)
    } else if first == '\'' {
        (letter_or_lifetime(rest), false)
    } else if rest.starts_with("::") {
        (2, true)
    } else if is_of_word(first) {
        let end = rest.find(|letter: char| !is_of_word(letter));
        (end.unwrap_or(rest.len()), true)
    } else {
        (first.len_utf8(), !first.is_whitespace())
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The length of a comment that may hold others.
fn comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match rest.as_bytes().get(at..at + 2) {
            Some(b"/*") => {
                depth += 1;
                at += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a text in quotes, with what stands before them: `"…"`, `b"…"`, `r#"…"#`.
fn in_quotes(rest: &str) -> Option<usize> {
    for prefix in ["", "b", "c", "r", "br", "cr"] {
        let Some(after) = rest.strip_prefix(prefix) else {
            continue;
        };
        let opened = after.trim_start_matches('#');
        let hashes = after.len() - opened.len();
        let is_raw = prefix.ends_with('r');
        let text = opened.strip_prefix('"');
        let Some(text) = text.filter(|_| is_raw || hashes == 0) else {
            continue;
        };
        let length = if is_raw {
            let end = format!("\"{}", "#".repeat(hashes));
            text.find(&end).map_or(text.len(), |at| at + end.len())
        } else {
            up_to(text, '"')
        };
        return Some(rest.len() - text.len() + length);
    }
    None
}

/// The length up to a quote that no backslash stands before, and with it.
fn up_to(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if letter == '\\' {
            is_escaped = true;
        } else if letter == quote {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// The length of a letter in quotes; of the quote alone, where a lifetime's name follows it.
fn letter_or_lifetime(rest: &str) -> usize {
    let mut letters = rest.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some('\\'), _) => 1 + up_to(&rest[1..], '\''),
        (Some(letter), Some('\'')) => 2 + letter.len_utf8(),
        _ => 1,
    }
}

/// What is left without what is compiled for tests alone, and the modules in files of their own among that.
fn without_tests<'a>(tokens: &[Token<'a>]) -> (Vec<Token<'a>>, Vec<&'a str>) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let is_marked = |at: usize| {
        let here = tokens.get(at..at + MARK.len()).unwrap_or_default();
        here.iter().map(|token| token.text).eq(MARK)
    };
    let mut kept = Vec::new();
    let mut modules = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_marked(at) {
            let end = end_of_item(tokens, at + MARK.len());
            if let [.., of, name, last] = &tokens[at..end]
                && of.text == "mod"
                && last.text == ";"
            {
                modules.push(name.text);
            }
            at = end;
        } else {
            kept.push(*token);
            at += 1;
        }
    }
    (kept, modules)
}

/// Where the item that begins at a place ends: after its braces, or its semicolon.
fn end_of_item(tokens: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn is_name(token: &Token<'_>) -> bool {
    let first = token.text.chars().next();
    first.is_some_and(|letter| letter.is_alphabetic() || letter == '_')
}

/// A path by its steps, and the place of the token that it begins at.
type Found<'a> = (Vec<&'a str>, usize);

/// All paths, lists written out.
fn paths<'a>(tokens: &[Token<'a>]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_name(token) {
            at = path(tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path that begins at a place, after these steps; where it ends.
fn path<'a>(
    tokens: &[Token<'a>],
    from: usize,
    before: &[&'a str],
    found: &mut Vec<Found<'a>>,
) -> usize {
    let mut steps = before.to_vec();
    let mut at = from;
    loop {
        steps.push(tokens[at].text);
        at += 1;
        if tokens.get(at).is_none_or(|token| token.text != "::") {
            break;
        }
        match tokens.get(at + 1) {
            Some(next) if is_name(next) => at += 1,
            Some(next) if next.text == "{" => return list(tokens, at + 2, &steps, found),
            Some(next) if next.text == "*" => {
                steps.push(next.text);
                at += 2;
                break;
            }
            _ => break,
        }
    }
    // The module itself, in a list of what is in it.
    if steps.len() > 1 && steps.last() == Some(&"self") {
        steps.pop();
    }
    found.push((steps, from));
    at
}

/// Reads a list of paths that all go on after these steps; where it ends.
fn list<'a>(
    tokens: &[Token<'a>],
    from: usize,
    before: &[&'a str],
    found: &mut Vec<Found<'a>>,
) -> usize {
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "}" => return at + 1,
            "as" => at += 2,
            "*" => {
                found.push(([before, &["*"]].concat(), at));
                at += 1;
            }
            _ if is_name(token) => at = path(tokens, at, before, found),
            _ => at += 1,
        }
    }
    at
}

/// In how many modules of the file itself each token stands.
fn modules_around(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut open = Vec::new();
    let mut around = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => open.push(at >= 2 && tokens[at - 2].text == "mod"),
            "}" => {
                open.pop();
            }
            _ => {}
        }
        around.push(open.iter().filter(|is_module| **is_module).count());
    }
    around
}

/// What a file names outside its tests.
fn named(file: &str, text: &str) -> Vec<Named> {
    let all = tokens(text);
    let (tokens, _) = without_tests(&all);
    let around = modules_around(&tokens);
    // As many steps up as this lead to the top.
    let depth = if file == "lib.rs" {
        0
    } else {
        file.split('/').count()
    };
    let mut all = Vec::new();
    for (steps, at) in paths(&tokens) {
        let ups = steps.iter().take_while(|step| **step == "super").count();
        let from_top = match steps[0] {
            // The binaries call the library by its name.
            "crate" | "stayfresh" => &steps[1..],
            "super" if ups == depth + around[at] => &steps[ups..],
            _ => &[],
        };
        all.push(Named {
            line: tokens[at].line,
            path: steps.join("::"),
            from_top: (!from_top.is_empty()).then(|| from_top.join("::")),
        });
    }
    all
}

/// The part of the program that a file is of.
fn part_of(file: &str) -> &str {
    let part = file.split('/').next().unwrap_or(file);
    part.strip_suffix(".rs").unwrap_or(part)
}

/// Whether a path is this one, or goes on from it.
fn begins(path: &str, with: &str) -> bool {
    let rest = path.strip_prefix(with);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether a file is this one, or of the module of this name.
fn is_in(file: &str, place: &str) -> bool {
    let within = file.strip_prefix(place);
    file == place
        || file.strip_suffix(".rs") == Some(place)
        || within.is_some_and(|within| within.starts_with('/'))
}

/// What a part of the program may use of the others.
fn allowed_to(part: &str) -> &'static [&'static str] {
    match PARTS.iter().find(|(name, _)| *name == part) {
        Some((_, allowed)) => allowed,
        None => &[],
    }
}

/// What a file uses that it may not.
fn crossings(file: &str, text: &str) -> Vec<Crossing> {
    let part = part_of(file);
    let allowed = allowed_to(part);
    let mut all = Vec::new();
    for of in named(file, text) {
        let mut cross = |allowed: String| {
            all.push(Crossing {
                file: file.to_owned(),
                line: of.line,
                used: of.path.clone(),
                allowed,
            });
        };
        if let Some(path) = &of.from_top
            && !begins(path, part)
            && !allowed.iter().any(|with| begins(path, with))
        {
            cross(format!("`{part}` may use {}", listed(allowed)));
        }
        for (name, places) in CRATES {
            // A word alone may be anything's name.
            let is_it = of.path.contains("::") && begins(&of.path, name);
            if is_it && !places.iter().any(|place| is_in(file, place)) {
                cross(format!("`{name}` may be used in {}", listed(places)));
            }
        }
    }
    all
}

fn listed(all: &[&str]) -> String {
    if all.is_empty() {
        return "nothing".to_owned();
    }
    let quoted: Vec<String> = all.iter().map(|one| format!("`{one}`")).collect();
    quoted.join(", ")
}

/// The files of a folder by their paths from `src`, with their texts.
fn read(folder: &Path, within: &str, files: &mut Vec<(String, String)>) {
    let entries = std::fs::read_dir(folder).expect(within);
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = if within.is_empty() {
            name.to_owned()
        } else {
            format!("{within}/{name}")
        };
        if path.is_dir() {
            read(&path, &file, files);
        } else if file.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).expect(&file);
            files.push((file, text));
        }
    }
}

/// The files of the program, without those of tests.
fn program() -> Vec<(String, String)> {
    let src = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut files = Vec::new();
    read(Path::new(src), "", &mut files);
    let mut tests = BTreeSet::new();
    for (file, text) in &files {
        let folder = file.strip_suffix(".rs").unwrap_or(file);
        for module in without_tests(&tokens(text)).1 {
            tests.insert(format!("{folder}/{module}"));
        }
    }
    files.retain(|(file, _)| {
        !file.ends_with("/tests.rs") && !tests.iter().any(|module| is_in(file, module))
    });
    files
}

#[test]
fn nothing_is_used_where_it_may_not_be() {
    let program = program();
    assert!(program.len() > 300, "{} files", program.len());
    let files = program.iter();
    let all = files.flat_map(|(file, text)| crossings(file, text));
    let all: Vec<String> = all.map(|crossing| crossing.to_string()).collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn the_table_has_every_part_and_nothing_that_is_not_used() {
    let mut used = BTreeSet::new();
    for (file, text) in program() {
        let part = part_of(&file);
        assert!(
            PARTS.iter().any(|(name, _)| *name == part),
            "{part} is not in the table"
        );
        for of in named(&file, &text) {
            used.extend(of.from_top.map(|path| (part.to_owned(), path)));
        }
    }
    for (part, allowed) in PARTS {
        for with in *allowed {
            let mut used = used.iter();
            assert!(
                used.any(|(by, path)| by == part && begins(path, with)),
                "`{part}` does not use `{with}` any more: take it out of the table"
            );
        }
    }
}

#[test]
fn what_is_planted_is_found() {
    let planted = r##"//! use crate::app::state;
use crate::scenario::{quantity::Share, text::{self as reader, parse}};
/* crate::cli::run /* crate::cli::run */ crate::cli::run */
fn say<'a>(words: &'a str) -> [char; 3] {
    let _ = ("crate::app::state \" crate::app", r#"crate::app" crate::app"#, b"crate::app");
    crate::report::human::whole(1);
    std::fs::read(words); yew::html!();
    ['\'', '"', 'x']
}
use std::{fmt, thread::*};
mod inner {
    use super::super::super::cli::main;
    use super::super::flips;
}
#[cfg(test)]
mod made;
#[cfg(test)]
mod tests {
    use crate::app::state;
    const BYTES: [u8; 2] = [1, 2];
}
use crate::app;
"##;
    let crossings_of_world = crossings("world/planted.rs", planted);
    let found = crossings_of_world.iter();
    let found: Vec<(usize, &str)> = found.map(|of| (of.line, of.used.as_str())).collect();
    let expected: [(usize, &str); 8] = [
        (2, "crate::scenario::text"),
        (2, "crate::scenario::text::parse"),
        (6, "crate::report::human::whole"),
        (7, "std::fs::read"),
        (7, "yew::html"),
        (10, "std::thread::*"),
        (12, "super::super::super::cli::main"),
        (22, "crate::app"),
    ];
    assert_eq!(found, expected);
    assert_eq!(without_tests(&tokens(planted)).1, ["made"]);
    let said = crossings("cli/planted.rs", "\n\nuse crate::app::state;\n");
    assert_eq!(
        said[0].to_string(),
        "src/cli/planted.rs:3 uses `crate::app::state`; `cli` may use `scenario`, `study`, `report`"
    );
}
