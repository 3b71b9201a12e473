//! The record of a decision: what was asked, what came out, how sure it is, and all that it rests on, in the order
//! in which a reviewer reads. It is made from a results file alone; [`super::html`] and [`super::markdown`] write it.

use serde_json::Value as Json;

use super::figures::{self, Figure};
use super::happened::Log;
use super::results::{Results, Severity, Standing};
use super::sensitivity::SensitivityResults;
use super::table::{self, Table};
use super::theory::{self, Held};
use super::words::{self, Node, Pipeline};
use super::{caveats, command, expected, fitness, happened, human};
use crate::scenario::prices::Prices;
use crate::scenario::problem::Problems;
use crate::scenario::text::{self, Document};
use crate::scenario::{Scenario, pointer};
use crate::study::theory::CERTAIN;

/// A record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What the scenario is called.
    pub title: String,
    /// What was asked; may be empty.
    pub question: String,
    /// What was compared, in a sentence or two.
    pub compared: String,
    /// The program that made it.
    pub program: String,
    /// Names the numbers.
    pub results_hash: String,
    /// Its parts, in order; none is empty.
    pub sections: Vec<Section>,
}

/// A part of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name for links.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Say(String),
    /// Sentences, under a caption where there are several lists.
    List(Option<String>, Vec<String>),
    /// What to know, and how much it matters.
    Warnings(Vec<(Severity, String)>),
    /// What is compared.
    Designs(Vec<Design>),
    /// A chart.
    Figure(Figure),
    /// Numbers by design.
    Table(Table),
    /// What happened, by time.
    Log(Log),
    /// Words in rows and columns.
    Grid(Grid),
    /// Names and what they stand for.
    Facts(Vec<(&'static str, Cell)>),
    /// A text to be copied as it stands.
    Code(&'static str, String),
}

/// A design in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    /// Its place, which gives its mark.
    pub place: usize,
    /// Its name.
    pub name: String,
    /// Whether it is no option: a bound.
    pub is_bound: bool,
    /// What the scenario notes of it.
    pub note: Option<String>,
    /// What it does, part by part.
    pub parts: Vec<Part>,
    /// What goes wrong with it.
    pub faults: Vec<String>,
}

/// A part of a design: what it is, and how it is set.
pub type Part = (String, Vec<String>);

/// Words in rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// What it shows.
    pub caption: &'static str,
    /// What the columns are.
    pub columns: Vec<&'static str>,
    /// Cells, as many as columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A text in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// What is copied: a path, a value, a hash.
    Code(String),
}

/// The record of a run; with what a difference of it rests on, where that was asked.
///
/// # Errors
/// When the scenario in the results cannot be read, as one of another version of the program.
pub fn of(results: &Results, rests: Option<&SensitivityResults>) -> Result<Record, Problems> {
    let document = text::parse(&results.scenario.to_string())?;
    let scenario = &document.scenario;
    let sections = [
        ("verdict", "Verdict", verdict(results, rests)),
        ("warnings", "Before you believe it", warnings(results)),
        ("designs", "Designs", designs(&document)),
        ("charts", "Charts", charts(results, scenario)),
        ("rests", "What it rests on", rests_on(rests)),
        ("numbers", "Numbers", numbers(results)),
        ("happened", "What happened", logs(results)),
        ("audiences", "Audiences", audiences(results)),
        ("expectations", "Expectations", expectations(results)),
        (
            "assumptions",
            "Assumptions",
            assumptions(results, &document),
        ),
        ("caveats", "What the model leaves out", left_out(scenario)),
        (
            "computed",
            "How it was computed",
            computed(results, scenario),
        ),
        ("scenario", "The scenario", the_scenario(results)),
    ];
    let sections = sections.into_iter();
    let sections = sections.map(|(id, title, blocks)| Section { id, title, blocks });
    let title = table::visible(&scenario.title);
    Ok(Record {
        title: if title.trim().is_empty() {
            "Untitled scenario".to_owned()
        } else {
            title
        },
        question: table::visible(&scenario.question).trim().to_owned(),
        compared: words::compared(scenario),
        program: format!("stayfresh {}", results.stayfresh.version),
        results_hash: results.results_hash.clone(),
        sections: sections
            .filter(|section| !section.blocks.is_empty())
            .collect(),
    })
}

impl Record {
    /// What a file with the record is called, without its ending: `stayfresh-push-or-poll`.
    #[must_use]
    pub fn file_name(&self) -> String {
        file_name(&self.title)
    }
}

/// What a file about something of this title is called, without its ending.
#[must_use]
pub fn file_name(title: &str) -> String {
    let mut name = "stayfresh".to_owned();
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()).take(8) {
        name.push('-');
        name.extend(word.chars().take(24).map(|c| c.to_ascii_lowercase()));
    }
    name
}

/// A list, unless it is empty.
fn list(caption: Option<String>, lines: Vec<String>) -> Vec<Block> {
    if lines.is_empty() {
        Vec::new()
    } else {
        vec![Block::List(caption, lines)]
    }
}

fn verdict(results: &Results, rests: Option<&SensitivityResults>) -> Vec<Block> {
    let sentences = results.verdict.sentences.iter();
    let most = rests.and_then(SensitivityResults::most);
    list(
        None,
        sentences
            .map(|said| said.text.clone())
            .chain(most)
            .collect(),
    )
}

/// What moves a difference, and what would overturn it.
fn rests_on(rests: Option<&SensitivityResults>) -> Vec<Block> {
    let Some(found) = rests else {
        return Vec::new();
    };
    let said = Block::Say(format!("{}. {}", found.heading(), found.ranges.says()));
    let tornado =
        (!found.effects.is_empty()).then(|| Block::Figure(figures::tornado(found, &str::to_owned)));
    std::iter::once(said)
        .chain(tornado)
        .chain(list(None, found.says()))
        .collect()
}

fn warnings(results: &Results) -> Vec<Block> {
    let warnings: Vec<(Severity, String)> = (results.verdict.warnings.iter())
        .map(|warning| (warning.severity, table::warned(warning)))
        .collect();
    if warnings.is_empty() {
        Vec::new()
    } else {
        vec![Block::Warnings(warnings)]
    }
}

fn designs(document: &Document) -> Vec<Block> {
    let scenario = &document.scenario;
    let own = scenario.designs.iter();
    let faults: Vec<Vec<String>> = own
        .map(|design| words::faults_of(scenario, &design.name))
        .collect();
    // What strikes all of them is said once.
    let is_common =
        |fault: &String| faults.len() > 1 && faults.iter().all(|all| all.contains(fault));
    let common = faults.first().into_iter().flatten();
    let common = common.filter(|fault| is_common(fault)).cloned();
    let all: Vec<String> = words::of_the_world(scenario)
        .into_iter()
        .chain(common)
        .collect();
    let compared = scenario.compared();
    let designs = compared.iter().enumerate().map(|(place, design)| {
        let Pipeline {
            feeds,
            cache,
            serving,
            care,
            ..
        } = Pipeline::of(design);
        let feeds = feeds.into_iter().map(|(source, delivery)| {
            let lines = source.lines.into_iter().chain(delivery.lines);
            (
                format!("{}, {}", source.title, delivery.title),
                lines.collect(),
            )
        });
        let rest = [cache, serving].into_iter().chain(care);
        let rest = rest.map(|Node { title, lines }| (title, lines));
        let notes = document.annotations.get(&format!("/designs/{place}"));
        Design {
            place,
            name: design.name.clone(),
            is_bound: place >= scenario.designs.len(),
            note: notes.and_then(|notes| notes.get("note")).cloned(),
            parts: feeds.chain(rest).collect(),
            faults: faults
                .get(place)
                .into_iter()
                .flatten()
                .filter(|fault| !is_common(fault))
                .cloned()
                .collect(),
        }
    });
    let caption = Some("What goes wrong, for all designs".to_owned());
    std::iter::once(Block::Designs(designs.collect()))
        .chain(list(caption, all))
        .collect()
}

fn charts(results: &Results, scenario: &Scenario) -> Vec<Block> {
    let figures = figures::all(results, scenario);
    figures.into_iter().map(Block::Figure).collect()
}

fn numbers(results: &Results) -> Vec<Block> {
    let tables = table::all(results).into_iter();
    let tables = tables.filter(|table| !table.rows.is_empty());
    tables
        .map(Block::Table)
        .chain(frontier(results))
        .chain(by_theory(results))
        .collect()
}

fn frontier(results: &Results) -> Option<Block> {
    let row = |standing: &Standing| {
        let beaten: Vec<String> = standing
            .dominated_by
            .iter()
            .map(|name| human::quoted(name))
            .collect();
        let stands = if standing.undominated {
            "not beaten".to_owned()
        } else {
            format!("beaten by {}", human::list(&beaten))
        };
        vec![
            Cell::Text(standing.design.clone()),
            Cell::Text(stands),
            Cell::Text(words::percent(words::round(standing.probability))),
        ]
    };
    (results.frontier.len() > 1).then(|| {
        Block::Grid(Grid {
            caption: "Accuracy, staleness and running cost together",
            columns: vec!["Design", "On average", "Not beaten in, of replicates"],
            rows: results.frontier.iter().map(row).collect(),
        })
    })
}

/// What theory expects beside what was simulated, where it says something; and where its formulas are from.
fn by_theory(results: &Results) -> Vec<Block> {
    let compared = theory::compared(results);
    if compared.theory.is_empty() {
        return Vec::new();
    }
    let row = |of: &Held<'_>| {
        let own = [of.theory.design.clone()].into_iter();
        own.chain(theory::row(of)).map(Cell::Text).collect()
    };
    let mut sources: Vec<String> = Vec::new();
    for of in &compared.theory {
        let said = format!("{}: {}", of.theory.design, of.theory.source);
        if of.theory.source != CERTAIN && !sources.contains(&said) {
            sources.push(said);
        }
    }
    let grid = Block::Grid(Grid {
        caption: theory::HELD,
        columns: vec!["Design", "Metric", "Expected", "Simulated", "z", "Formula"],
        rows: compared.theory.iter().map(row).collect(),
    });
    let caption = Some("Where the formulas are from".to_owned());
    std::iter::once(grid)
        .chain(list(caption, sources))
        .collect()
}

fn logs(results: &Results) -> Vec<Block> {
    happened::all(results).into_iter().map(Block::Log).collect()
}

fn audiences(results: &Results) -> Vec<Block> {
    let said = fitness::all(results).into_iter();
    said.flat_map(|said| list(Some(said.caption), said.lines))
        .collect()
}

fn expectations(results: &Results) -> Vec<Block> {
    list(None, results.expect.iter().map(expected::line).collect())
}

/// Where the numbers of the scenario come from, as far as it says; and what things cost.
fn assumptions(results: &Results, document: &Document) -> Vec<Block> {
    let mut stated: Vec<Assumption> = Vec::new();
    for (path, notes) in &document.annotations {
        let steps = pointer::steps(path).unwrap_or_default();
        let basis = notes.get("basis").cloned().unwrap_or_default();
        let mut note = notes.get("note").cloned().unwrap_or_default();
        let (mut names, value) = named(&results.scenario, &steps);
        let design = names
            .first()
            .is_some_and(|first| first == "designs")
            .then_some(1);
        if design.is_some() && names.len() == 2 {
            // A design's note stands beside its description.
            note.clear();
        }
        if basis.is_empty() && note.is_empty() {
            continue;
        }
        let of = design.map(|at| std::mem::take(&mut names[at]));
        let same = stated.iter_mut().find(|other| {
            other.names == names
                && other.value == value
                && other.basis == basis
                && other.note == note
        });
        match same {
            Some(same) => same.designs.extend(of),
            None => stated.push(Assumption {
                names,
                designs: of.into_iter().collect(),
                value,
                basis,
                note,
            }),
        }
    }
    let rows: Vec<Vec<Cell>> = stated.into_iter().map(Assumption::row).collect();
    let stated = if rows.is_empty() {
        Block::Say("The scenario does not say where its numbers come from.".to_owned())
    } else {
        Block::Grid(Grid {
            caption: "What the scenario says of its numbers",
            columns: vec!["Where", "Value", "Basis", "Note"],
            rows,
        })
    };
    vec![stated, prices(document)]
}

/// What a scenario says of one of its parts, or of the same part of several designs.
struct Assumption {
    /// The steps to it; that to a design is empty.
    names: Vec<String>,
    designs: Vec<String>,
    value: String,
    basis: String,
    note: String,
}

impl Assumption {
    fn row(mut self) -> Vec<Cell> {
        if let [first, others @ ..] = &self.designs[..] {
            let others = match others {
                [] => String::new(),
                [other] => format!(" and {other}"),
                others => format!(" and {} more", others.len()),
            };
            self.names[1] = format!("{first}{others}");
        }
        let join = |path: String, step: &String| pointer::join(&path, step);
        let path = self.names.iter().fold(String::new(), join);
        let path = if path.is_empty() {
            "/".to_owned()
        } else {
            path
        };
        vec![
            Cell::Code(path),
            Cell::Code(self.value),
            Cell::Text(self.basis),
            Cell::Text(self.note),
        ]
    }
}

fn prices(document: &Document) -> Block {
    let (set, usual) = (&document.scenario.prices, Prices::default());
    let rows = Prices::NAMES.iter().filter_map(|name| {
        let price = set.by_name(name)?;
        let per = match price.field {
            "usd_per_million" => "a million",
            "usd_per_million_months" => "a million and month",
            "usd_per_month" => "a month",
            _ => "each",
        };
        let notes = document.annotations.get(&format!("/prices/{name}"));
        let basis = match notes.and_then(|notes| notes.get("basis")) {
            Some(basis) => basis.clone(),
            None if usual.by_name(name) == Some(price) => "default".to_owned(),
            None => "set, basis not stated".to_owned(),
        };
        Some(vec![
            Cell::Text(name.replace('_', " ")),
            Cell::Text(format!("${} {per}", price.usd)),
            Cell::Text(basis),
        ])
    });
    Block::Grid(Grid {
        caption: "Prices",
        columns: vec!["Price", "US dollars", "Basis"],
        rows: rows.collect(),
    })
}

/// A value longer than this is cut: the scenario has it.
const LONGEST_VALUE: usize = 240;
/// A nested value up to this length is shown.
const SHORT_VALUE: usize = 90;

/// The steps of a path, by names where the scenario has them, and what stands there.
fn named(scenario: &Json, steps: &[String]) -> (Vec<String>, String) {
    let mut names = Vec::with_capacity(steps.len());
    let mut at = scenario;
    for step in steps {
        let next = match at {
            Json::Array(items) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index)),
            Json::Object(members) => members.get(step),
            _ => None,
        };
        let name = next.and_then(|next| next.get("name")?.as_str());
        let is_item = matches!(at, Json::Array(_));
        names.push(name.filter(|_| is_item).unwrap_or(step).to_owned());
        at = next.unwrap_or(&Json::Null);
    }
    let mut value = match at {
        Json::Object(members) => {
            let own = members.iter();
            let own = own
                .filter(|(key, _)| !matches!(key.as_str(), "note" | "basis" | "name" | "$schema"));
            let own = own.map(|(key, value)| format!("{key}: {}", short(value)));
            own.collect::<Vec<_>>().join(", ")
        }
        other => short(other),
    };
    if value.chars().count() > LONGEST_VALUE {
        value = value.chars().take(LONGEST_VALUE).chain(['…']).collect();
    }
    (names, value)
}

/// A value without its notes; a long one by its kind alone.
fn short(value: &Json) -> String {
    let text = bare(value).to_string();
    match value {
        Json::Object(_) if text.len() > SHORT_VALUE => "{…}".to_owned(),
        Json::Array(_) if text.len() > SHORT_VALUE => "[…]".to_owned(),
        _ => text,
    }
}

fn bare(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let own = members
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "note" | "basis"));
            own.map(|(key, value)| (key.clone(), bare(value))).collect()
        }
        Json::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn left_out(scenario: &Scenario) -> Vec<Block> {
    let said = caveats::of(scenario).into_iter();
    list(None, said.map(str::to_owned).collect())
}

fn computed(results: &Results, scenario: &Scenario) -> Vec<Block> {
    let again = command::of(scenario, &results.scenario);
    let run = &scenario.run;
    let text = |text: String| Cell::Text(text);
    let asked = run.replicates.get();
    let replicates = if asked == results.replicates {
        human::whole(u64::from(asked))
    } else {
        format!("{} of {asked}", results.replicates)
    };
    let facts = vec![
        ("Measured", text(human::span(run.length.micros()))),
        ("Warm-up before", text(human::span(run.warmup.micros()))),
        ("Replicates", text(replicates)),
        ("Seed", Cell::Code(scenario.seed.get().to_string())),
        (
            "Program",
            text(format!("stayfresh {}", results.stayfresh.version)),
        ),
        (
            "Results format",
            text(results.stayfresh.results.to_string()),
        ),
        (
            table::SCENARIO_HASH,
            Cell::Code(results.scenario_hash.clone()),
        ),
        (
            table::RESULTS_HASH,
            Cell::Code(results.results_hash.clone()),
        ),
    ];
    let same = "The same truth and the same searches for all designs, replicate by replicate; so differences are paired. \
                Intervals are of 95 %.";
    let caption = if again.reads_file {
        "The same numbers again, from the scenario below, saved as scenario.json"
    } else {
        "The same numbers again"
    };
    vec![
        Block::Facts(facts),
        Block::Say(same.to_owned()),
        Block::Code(caption, again.line),
    ]
}

fn the_scenario(results: &Results) -> Vec<Block> {
    let caption = "With every default filled in";
    vec![Block::Code(caption, format!("{:#}", results.scenario))]
}
