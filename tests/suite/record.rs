//! The record of a decision: what it holds, and that a reviewer's text never becomes markup.
//!
//! `record/hostile.json` has markup and formulas wherever a text can stand. Beside it is what becomes of it;
//! `STAYFRESH_UPDATE=1` writes that anew; read it before you commit it.

use stayfresh::report::results::Results;
use stayfresh::report::{csv, figures, html, human, markdown, markup, record};
use stayfresh::scenario::text;
use stayfresh::study::Study;

use crate::cli::stayfresh;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/record");
const HOSTILE: &str = include_str!("record/hostile.json");

fn results() -> Results {
    results_of(HOSTILE)
}

fn results_of(scenario: &str) -> Results {
    let document = text::parse(scenario).unwrap_or_else(|problems| panic!("{problems}"));
    let mut study = Study::new(document);
    stayfresh::study::run(&mut study, 2, &mut |_| {});
    study.results().expect("results")
}

fn page() -> String {
    html::of(&record::of(&results(), None).expect("a record"))
}

/// Holds a text against the file of that name, or writes it there when asked to.
fn hold(name: &str, found: &str) {
    let path = format!("{FOLDER}/{name}");
    if std::env::var_os("STAYFRESH_UPDATE").is_some() {
        return std::fs::write(&path, found).expect(&path);
    }
    let expected = std::fs::read_to_string(&path).expect(&path);
    let differs = expected.lines().zip(found.lines());
    let differs = differs.enumerate().find(|(_, (a, b))| a != b);
    assert_eq!(
        differs, None,
        "{name}: the first line that differs (left: the file, right: found)"
    );
    assert_eq!(expected.len(), found.len(), "{name}");
}

#[test]
fn records_are_what_they_were() {
    let record = record::of(&results(), None).expect("a record");
    hold("hostile.html", &html::of(&record));
    hold("hostile.md", &markdown::of(&record));
}

/// The tags of a page as (name, attributes, whether it is empty), closing ones with a `/`. Panics where one is
/// not closed in its turn, an attribute has no quotes, or a text holds what it may not.
fn elements(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut all = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = page
        .strip_prefix("<!doctype html>")
        .expect("a document type");
    while let Some(at) = rest.find('<') {
        let before = &rest[..at];
        assert!(
            open.last().is_some_and(|tag| tag == "style") || !before.contains('>'),
            "{before}"
        );
        rest = &rest[at + 1..];
        // No attribute holds a bare `>`: it would be escaped.
        let (tag, after) = rest.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in turn");
            continue;
        }
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, mut written) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !written.trim().is_empty() {
            let (key, after) = written.split_once("=\"").expect("a value in quotes");
            let (value, after) = after.split_once('"').expect("the other quote");
            attributes.push((key.trim().to_owned(), value.to_owned()));
            written = after;
        }
        if !is_empty {
            open.push(name.to_owned());
        }
        all.push((name.to_owned(), attributes));
    }
    assert_eq!(open, Vec::<String>::new(), "all is closed");
    all
}

/// Nothing in a page is what only somebody else can have put there; its elements.
fn is_ours(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let known = "html head meta title style body main header nav ul ol li a p h1 h2 h3 section article div span b \
                 small code pre dl dt dd figure figcaption svg desc path rect circle text details summary table \
                 thead tbody tr th td time footer";
    let known: Vec<&str> = known.split_whitespace().collect();
    let elements = elements(page);
    let mut ids = std::collections::BTreeSet::new();
    for (name, attributes) in &elements {
        assert!(known.contains(&name.as_str()), "<{name}>");
        for (key, value) in attributes {
            assert!(
                !key.starts_with("on") && key != "src" && key != "style",
                "{key}"
            );
            assert!(key != "href" || value.starts_with('#'), "{value}");
            assert!(key != "id" || ids.insert(value.clone()), "{value} twice");
        }
    }
    for (_, attributes) in &elements {
        for (key, value) in attributes {
            let named = match key.as_str() {
                "href" => value[1..].split(' ').collect::<Vec<_>>(),
                "aria-labelledby" => value.split(' ').collect(),
                _ => Vec::new(),
            };
            named
                .iter()
                .for_each(|id| assert!(ids.contains(*id), "nothing is called {id}"));
        }
    }
    assert!(!page.contains("<script"), "a script");
    elements
}

#[test]
fn a_page_is_well_formed_and_holds_nothing_that_acts() {
    let page = page();
    let elements = is_ours(&page);
    let charts = elements.iter().filter(|(name, _)| name == "figure").count();
    let described = elements.iter().filter(|(name, _)| name == "desc").count();
    // Accuracy, staleness, how stale answers are, cost, the frontier, audits; each for a desk and for a phone.
    assert_eq!((charts, described), (6, 12));
    assert!(page.contains("&lt;/title&gt;&lt;script&gt;"));
    assert!(page.contains("default-src &#39;none&#39;"));
    // Nothing is fetched: addresses stand in texts alone.
    assert!(!page.contains("url(") && !page.contains("@import"));
}

/// Known ways to have words run, also those that the page is tried with.
const PAYLOADS: &str = include_str!("../payloads.json");

#[test]
fn no_word_of_a_scenario_acts_in_a_report() {
    let payloads: Vec<String> = serde_json::from_str(PAYLOADS).expect("JSON");
    assert!(payloads.len() > 20);
    for (index, payload) in payloads.iter().enumerate() {
        let word = |more: usize| payloads[(index + more) % payloads.len()].clone();
        let mut scenario: serde_json::Value = serde_json::from_str(HOSTILE).expect("JSON");
        for (more, at) in [
            "/title",
            "/question",
            "/run/note",
            "/world/two_state/note",
            "/designs/0/name",
            "/designs/0/note",
            "/designs/0/feeds/0/name",
            "/designs/0/audits/0/name",
            "/audiences/0/name",
        ]
        .into_iter()
        .enumerate()
        {
            *scenario.pointer_mut(at).expect(at) = word(more).into();
        }
        scenario["faults"][0]["outage"]["design"] = word(4).into();
        scenario["faults"][0]["outage"]["feed"] = word(6).into();
        let record = record::of(&results_of(&scenario.to_string()), None).expect("a record");
        let page = html::of(&record);
        is_ours(&page);
        assert!(
            page.contains(&markup::escaped(&human::unbroken(payload))),
            "{payload}"
        );
    }
}

#[test]
fn a_record_holds_all_that_the_numbers_rest_on() {
    let results = results();
    let record = record::of(&results, None).expect("a record");
    let text = markdown::of(&record);
    for part in [
        "## Verdict",
        "## Before you believe it",
        "## Designs",
        "## Charts",
        "## Numbers",
        "## What happened",
        "## Audiences",
        "## Expectations",
        "## Assumptions",
        "## What the model leaves out",
        "## How it was computed",
        "## The scenario",
        "stayfresh run scenario.json",
        "false available checked | \\$0.002 each | default",
        results.scenario_hash.as_str(),
        results.results_hash.as_str(),
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let page = page();
    for sentence in &results.verdict.sentences {
        let said = markup::escaped(&human::unbroken(&sentence.text));
        assert!(page.contains(&said), "{said}");
    }
    // The scenario in it is one, and the same.
    let (_, scenario) = text.rsplit_once("```json\n").expect("the scenario");
    let scenario = &scenario[..scenario.rfind("\n```").expect("its end")];
    let scenario = scenario.trim_end_matches('`');
    let again = stayfresh(&["run", "-", "--json"], scenario.as_bytes());
    let again: Results = serde_json::from_str(&again.out).expect("results");
    assert_eq!(again.results_hash, results.results_hash);
    assert_eq!(again.scenario_hash, results.scenario_hash);
}

/// What a spreadsheet makes of a CSV: cells, also where it takes semicolons and tabs to part them.
fn run_nothing(csv: &str) -> usize {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        let record = record.expect("a record");
        for cell in record
            .iter()
            .flat_map(|cell| cell.split([';', '\t', '\r', '\n']))
        {
            let is_number = cell.parse::<f64>().is_ok();
            let begins = cell.trim_start_matches(' ').chars().next();
            let runs = "=+-@＝＋－＠".contains(begins.unwrap_or('x'));
            assert!(is_number || !runs, "{cell:?}");
            cells += 1;
        }
    }
    cells
}

/// Names that begin a formula, at once or behind what parts cells elsewhere, in each CSV that there is.
#[test]
fn no_csv_holds_a_formula() {
    for name in [
        "=1+1", "+1", "-1+1", "@SUM(A1)", " =1", "＝1", "a;=1+1", "a; -1", "a\n=1;", "a\t@b",
    ] {
        let mut scenario: serde_json::Value = serde_json::from_str(HOSTILE).expect("JSON");
        scenario["designs"][1]["name"] = name.into();
        scenario["expect"][0]["design"] = name.into();
        scenario["audiences"][0]["name"] = name.into();
        scenario["designs"][0]["feeds"][0]["name"] = name.into();
        scenario["faults"][0]["outage"]["feed"] = name.into();
        scenario["designs"][0]["audits"][0]["name"] = name.into();
        let written = scenario.to_string();
        let results = results_of(&written);
        let parsed = text::parse(&written).expect("it was read before").scenario;
        let mut cells = run_nothing(&csv::of(&results).expect("CSV"));
        cells += run_nothing(&csv::series(&results).expect("CSV"));
        for figure in figures::all(&results, &parsed) {
            cells += run_nothing(&figure.data(1_000).csv().expect("CSV"));
        }
        scenario["sweep"] =
            serde_json::json!([{ "over": "/title", "values": ["x", format!("{name}|<b>;=2")] }]);
        let swept = stayfresh(&["sweep", "-", "--csv"], scenario.to_string().as_bytes());
        assert_eq!(swept.code, 0, "{}", swept.err);
        cells += run_nothing(&swept.out);
        assert!(cells > 1_000, "{cells}");
    }
}

#[test]
fn spreadsheets_run_nothing_and_curves_are_whole() {
    let results = results();
    let read = |text: &str| -> Vec<Vec<String>> {
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let records = reader.records().map(|record| record.expect("a record"));
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    };
    let numbers = read(&csv::of(&results).expect("CSV"));
    let series = read(&csv::series(&results).expect("CSV"));
    for row in numbers.iter().chain(&series) {
        for text in &row[..2] {
            assert!(!text.starts_with(['=', '+', '-', '@']), "{text}");
        }
        for number in &row[2..] {
            assert!(
                number.is_empty() || number.parse::<f64>().is_ok(),
                "{number}"
            );
        }
    }
    assert!(numbers.iter().any(|row| row[0] == "'-1+1"));
    let mut expected = 0;
    for design in &results.designs {
        expected += design.series.curves.len() * design.series.hour.len();
        let waves = design.audits.values().map(|audit| audit.waves.hour.len());
        expected += 4 * waves.sum::<usize>();
    }
    assert_eq!(series.len(), expected);
    let first = &results.designs[0];
    let accuracy: Vec<f64> = series
        .iter()
        .filter(|row| row[0].starts_with("'=HYPERLINK") && row[1] == "accuracy")
        .map(|row| row[3].parse().expect("a number"))
        .collect();
    let curve: Vec<f64> = first.series.curves["accuracy"]
        .iter()
        .flatten()
        .copied()
        .collect();
    assert_eq!(accuracy, curve, "to the last bit");
}
