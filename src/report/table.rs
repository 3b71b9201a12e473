//! Results as tables: what is measured down, designs across. Text, Markdown and the page show the same ones.

use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

use super::readable::{self, Shown};
use super::results::{AuditResults, Cost, DesignResults, Noticed, Results, Severity, Warning};
use super::{expected, fitness, happened, human};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::{self, Better, HEADLINES, METRICS, Metric, Unit, Weight};
use crate::measure::values::{AUDIT_METRICS, AuditMetric, Line};

/// A table of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The designs.
    pub columns: Vec<String>,
    /// What is measured.
    pub rows: Vec<Row>,
}

/// A row of a table: one number for each design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The key in the results file.
    pub key: &'static str,
    /// What it is.
    pub title: String,
    /// What it is taken over: stays, searches, hits. Empty for money.
    pub over: &'static str,
    /// By design; absent where it is not defined.
    pub cells: Vec<Option<Shown>>,
}

/// All that a comparison shows, in order.
#[must_use]
pub fn all(results: &Results) -> Vec<Table> {
    let audited = results.designs.iter().filter(|d| !d.audits.is_empty());
    [metrics(results), costs(results), differences(results)]
        .into_iter()
        .chain(audited.map(|design| audits(design, results.replicates)))
        .collect()
}

/// Hours after which something was noticed, and how often it was: `of` stands behind where it was not always.
fn hours_noticed(after: Option<&Estimate>, of: Option<String>) -> Shown {
    let Some(after) = after else {
        return Shown {
            mean: "not noticed".to_owned(),
            reach: String::new(),
        };
    };
    let Shown { mean, reach } = readable::show(after, Unit::Count);
    let unit = if reach.is_empty() { "h" } else { " h" };
    let of = of.map_or_else(String::new, |of| format!(", {of}"));
    Shown {
        mean,
        reach: format!("{reach}{unit}{of}"),
    }
}

/// Of how many faults the hours are that an audit took, where it did not notice all.
fn for_so_many(audit: &AuditResults) -> Option<String> {
    let detected = audit.metrics.get("detected")?.mean;
    (detected < 1.0).then(|| {
        format!(
            "for {} % of faults",
            human::whole(libm::round(detected * 100.0) as u64)
        )
    })
}

/// What a cell says of a metric of an audit. Hours are of the faults that were noticed, so how many these are stands
/// beside them; where none was, that is said.
#[must_use]
pub fn of_audit(audit: &AuditResults, metric: &AuditMetric) -> Option<Shown> {
    let estimate = audit.metrics.get(metric.key);
    if metric.key == HOURS_TO_NOTICE && audit.metrics.contains_key("detected") {
        Some(hours_noticed(estimate, for_so_many(audit)))
    } else {
        Some(readable::show(estimate?, metric.unit))
    }
}

/// The same where there is no room for intervals, with differences signed.
#[must_use]
pub fn of_audit_in_short(audit: &AuditResults, metric: &AuditMetric) -> Option<String> {
    let shown = of_audit(audit, metric)?;
    Some(match audit.metrics.get(metric.key) {
        Some(_) if metric.key == HOURS_TO_NOTICE => {
            let of = for_so_many(audit).map_or_else(String::new, |of| format!(", {of}"));
            format!("{} h{of}", shown.mean)
        }
        Some(found) if metric.unit == Unit::Difference => {
            human::difference(metric.unit, found.mean, found.ci95).mean
        }
        _ => shown.mean,
    })
}

/// The key of the hours that an audit took to notice faults.
const HOURS_TO_NOTICE: &str = "detect_after_h";

/// The audits of a design, side by side.
#[must_use]
pub fn audits(design: &DesignResults, replicates: u32) -> Table {
    let rows = AUDIT_METRICS.iter().map(|metric| Row {
        key: metric.key,
        title: metric.title.to_owned(),
        over: "",
        cells: design
            .audits
            .values()
            .map(|audit| of_audit(audit, metric))
            .collect(),
    });
    let mut noticed: Vec<(&str, f64)> = Vec::new();
    for fault in design.audits.values().flat_map(|audit| &audit.faults) {
        if !noticed.contains(&(&fault.fault, fault.hour)) {
            noticed.push((&fault.fault, fault.hour));
        }
    }
    let of_fault = |noticed: &Noticed| {
        let times = libm::round(noticed.detected * f64::from(replicates));
        let in_so_many =
            (noticed.detected < 1.0).then(|| format!("in {times} of {replicates} replicates"));
        hours_noticed(noticed.after_h.as_ref(), in_so_many)
    };
    let rows = rows.chain(noticed.into_iter().map(|(fault, hour)| {
        Row {
            key: HOURS_TO_NOTICE,
            title: format!(
                "Hours to notice: {}, {}",
                fault.replace('_', " "),
                happened::when(hour)
            ),
            over: "",
            cells: (design.audits.values())
                .map(|audit| {
                    let is_it = |of: &&Noticed| of.fault == fault && of.hour == hour;
                    audit.faults.iter().find(is_it).map(of_fault)
                })
                .collect(),
        }
    }));
    Table {
        caption: format!("Audits of {}", human::quoted(&visible(&design.name))),
        columns: design.audits.keys().map(|name| visible(name)).collect(),
        rows: rows.filter(Row::is_known).collect(),
    }
}

/// The metrics. Money has a table of its own.
#[must_use]
pub fn metrics(results: &Results) -> Table {
    let row = |metric: &'static Metric| Row {
        key: metric.key,
        title: title(metric),
        over: over(metric.weight),
        cells: cells(results, |design| {
            design
                .metrics
                .get(metric.key)
                .map(|estimate| readable::show(estimate, metric.unit))
        }),
    };
    Table {
        caption: "Metrics (↑ more is better, ↓ less is better; ± 95 % interval)".to_owned(),
        columns: columns(results),
        rows: METRICS
            .iter()
            .filter(|metric| metric.weight != Weight::Money)
            .map(row)
            .filter(Row::is_known)
            .collect(),
    }
}

/// What a metric is called, and which way is better.
pub(super) fn title(metric: &Metric) -> String {
    match metric.better {
        Better::Higher => format!("{} ↑", metric.title),
        Better::Lower => format!("{} ↓", metric.title),
        Better::Neither => metric.title.to_owned(),
    }
}

/// The bill, item by item: at the represented size where there is one.
#[must_use]
pub fn costs(results: &Results) -> Table {
    let represented = |cost: &Cost| cost.represented_usd_per_day;
    let costs = || {
        results
            .designs
            .iter()
            .flat_map(|design| design.costs.values())
    };
    let is_scaled = costs().any(|cost| represented(cost).is_some());
    let shown = |cost: &Cost| {
        let estimate: Option<Estimate> = if is_scaled {
            represented(cost)
        } else {
            Some(cost.usd_per_day)
        };
        estimate.filter(|estimate| estimate.mean != 0.0)
    };
    let rows = Line::all().map(|line| Row {
        key: line.key(),
        title: line.title().to_owned(),
        over: match line {
            Line::Item(item) if item.runs => "running",
            Line::Item(_) => "errors",
            Line::Sum(_) => "",
        },
        cells: cells(results, |design| {
            let estimate = design.costs.get(line.key()).and_then(shown)?;
            Some(readable::show(&estimate, Unit::UsdPerDay))
        }),
    });
    let size = if is_scaled {
        represented_size(results)
            .map_or_else(String::new, |hotels| format!(", for {hotels} hotels"))
    } else {
        String::new()
    };
    Table {
        caption: format!("Costs a day{size}"),
        columns: columns(results),
        rows: rows.filter(Row::is_known).collect(),
    }
}

/// What each design has more of than the first, paired by replicate: both met the same world, so a difference
/// may be sure where the intervals of the two overlap.
#[must_use]
pub fn differences(results: &Results) -> Table {
    let Some((first, others)) = results.designs.split_first() else {
        return Table {
            caption: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
        };
    };
    let is_scaled = represented_size(results).is_some();
    let headlines = HEADLINES.iter().filter_map(|key| metrics::by_key(key));
    let rows = headlines.map(|metric| {
        let path = if metric.key == "total_usd_per_day" && is_scaled {
            "represented_costs/total"
        } else {
            metric.key
        };
        Row {
            key: metric.key,
            title: metric.title.to_owned(),
            over: over(metric.weight),
            cells: others
                .iter()
                .map(|design| {
                    let found = results.difference(&design.name, &first.name, path)?;
                    Some(human::difference(metric.unit, found.mean, found.ci95))
                })
                .collect(),
        }
    });
    Table {
        caption: format!(
            "Differences from {}, paired by replicate",
            human::quoted(&visible(&first.name))
        ),
        columns: columns(results).split_off(1),
        rows: rows.filter(Row::is_known).collect(),
    }
}

fn columns(results: &Results) -> Vec<String> {
    let names = results.designs.iter().map(|design| &design.name);
    names.map(|name| visible(name)).collect()
}

fn cells(results: &Results, cell: impl Fn(&DesignResults) -> Option<Shown>) -> Vec<Option<Shown>> {
    results.designs.iter().map(cell).collect()
}

/// A warning, and of what.
#[must_use]
pub fn warned(warning: &Warning) -> String {
    let designs: Vec<String> = warning
        .designs
        .iter()
        .map(|name| human::quoted(name))
        .collect();
    if designs.is_empty() {
        warning.says.clone()
    } else {
        format!("{}: {}", human::list(&designs), warning.says)
    }
}

/// What a metric is taken over, in a word; nothing for money.
#[must_use]
pub fn over(weight: Weight) -> &'static str {
    match weight {
        Weight::Stays => "stays",
        Weight::Entries => "entries",
        Weight::Searches => "searches",
        Weight::Hits => "hits",
        Weight::Bookings => "bookings",
        Weight::Changes => "changes",
        Weight::Asks => "asks",
        Weight::Money => "",
    }
}

/// What stands above the tables: title, question, and how they came about.
#[must_use]
pub fn heading(results: &Results) -> Vec<String> {
    let scenario = &results.scenario;
    let text = |pointer: &str| {
        scenario
            .pointer(pointer)
            .and_then(Json::as_str)
            .map(visible)
    };
    let mut facts = Vec::new();
    let size = |pointer: &str| {
        scenario
            .pointer(pointer)
            .and_then(Json::as_f64)
            .map(readable::count)
    };
    if let Some(stays) = size("/world/two_state/stays") {
        facts.push(format!("{stays} stays"));
    }
    if let Some(hotels) = size("/world/hotels/count") {
        facts.push(match represented_size(results) {
            Some(all) => format!("{hotels} hotels that stand for {all}"),
            None => format!("{hotels} hotels"),
        });
    }
    if let (Some(length), Some(warmup)) = (text("/run/length"), text("/run/warmup")) {
        facts.push(format!("{length} after {warmup} of warm-up"));
    }
    facts.push(match results.replicates {
        1 => "1 replicate, so no intervals".to_owned(),
        replicates => format!("{replicates} replicates"),
    });
    if let Some(seed) = scenario.pointer("/seed").and_then(Json::as_u64) {
        facts.push(format!("seed {seed}"));
    }
    let said = [text("/title"), text("/question")].into_iter().flatten();
    said.filter(|line| !line.is_empty())
        .chain([facts.join(", ")])
        .collect()
}

/// The size that the world stands for, where it stands for more.
pub(super) fn represented_size(results: &Results) -> Option<String> {
    let mut worlds = ["/world/hotels/represents", "/world/trace/represents"].into_iter();
    let hotels = worlds.find_map(|world| results.scenario.pointer(world)?.as_f64())?;
    Some(readable::count(hotels))
}

/// A reviewer's text without what would move a terminal's cursor.
pub(super) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

impl Row {
    pub(super) fn is_known(&self) -> bool {
        self.cells.iter().any(Option::is_some)
    }
}

/// What a hash of results is called, wherever people read it.
pub const RESULTS_HASH: &str = "Results hash";

/// What a hash of a scenario is called.
pub const SCENARIO_HASH: &str = "Scenario hash";

/// What tells whether numbers are the same: what it is called, and what it is.
#[must_use]
pub fn again(results: &Results) -> [(&'static str, String); 3] {
    [
        (
            "Program",
            format!("stayfresh {}", results.stayfresh.version),
        ),
        (SCENARIO_HASH, results.scenario_hash.clone()),
        (RESULTS_HASH, results.results_hash.clone()),
    ]
}

/// The whole comparison as text, in lines of at most `width` columns if that can be done.
#[must_use]
pub fn text(results: &Results, width: Option<usize>) -> String {
    let mut out = String::new();
    for line in heading(results) {
        out.push_str(&line);
        out.push('\n');
    }
    for table in all(results) {
        if !table.rows.is_empty() {
            out.push('\n');
            out.push_str(&table.text(width));
        }
    }
    for happened in happened::all(results) {
        out.push_str(&format!("\n{}\n", visible(&happened.caption)));
        for line in &happened.lines {
            out.push_str(&format!("  {}  {}\n", line.when, visible(&line.what)));
        }
    }
    if !results.verdict.sentences.is_empty() {
        out.push_str("\nVerdict\n");
        for sentence in &results.verdict.sentences {
            out.push_str(&format!("  {}\n", visible(&sentence.text)));
        }
    }
    if !results.verdict.warnings.is_empty() {
        out.push_str("\nBefore you believe it\n");
        for warning in &results.verdict.warnings {
            let mark = match warning.severity {
                Severity::Hard => "!!",
                Severity::Soft => "! ",
            };
            out.push_str(&format!("  {mark} {}\n", visible(&warned(warning))));
        }
    }
    for said in fitness::all(results) {
        out.push_str(&format!("\n{}\n", visible(&said.caption)));
        for line in &said.lines {
            out.push_str(&format!("  {}\n", visible(line)));
        }
    }
    if !results.expect.is_empty() {
        out.push_str("\nExpectations\n");
        for expected in &results.expect {
            out.push_str(&format!("  {}\n", visible(&expected::line(expected))));
        }
    }
    out.push('\n');
    for (name, value) in again(results) {
        out.push_str(&format!("{name} {value}\n"));
    }
    out
}

impl Table {
    /// The table as aligned text. Designs that do not fit beside the others go below them.
    #[must_use]
    pub fn text(&self, width: Option<usize>) -> String {
        const GAP: usize = 2;
        let widest = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(UnicodeWidthStr::width).max().unwrap_or(0)
        };
        let titles = widest(&mut self.rows.iter().map(|row| row.title.as_str()));
        let overs: usize = widest(&mut self.rows.iter().map(|row| row.over));
        let cells = |column: usize| {
            self.rows
                .iter()
                .filter_map(move |row| row.cells.get(column)?.as_ref())
        };
        // A column is the numbers, flush right, and their intervals, flush left.
        let columns: Vec<Column<'_>> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, name)| Column {
                index,
                name,
                mean: widest(&mut cells(index).map(|cell| cell.mean.as_str())).max(1),
                reach: widest(&mut cells(index).map(|cell| cell.reach.as_str())),
            })
            .collect();
        let all: usize = columns.iter().map(|column| GAP + column.width()).sum();
        // Where it gets narrow, what a number is taken over is the first to go.
        let is_narrow = width.is_some_and(|width| titles + GAP + overs + all > width);
        let overs = if is_narrow { 0 } else { GAP + overs };
        let label = titles + overs;
        let mut out = format!("{}\n", self.caption);
        let mut rest = columns.as_slice();
        while !rest.is_empty() {
            let mut used = label;
            let fits = rest.iter().take_while(|column| {
                used += GAP + column.width();
                width.is_none_or(|width| used <= width)
            });
            let (block, later) = rest.split_at(fits.count().max(1));
            rest = later;
            let mut line = padded("", label);
            for column in block {
                line.push_str(&" ".repeat(GAP));
                line.push_str(&padded(column.name, column.width()));
            }
            out.push_str(line.trim_end());
            out.push('\n');
            for row in &self.rows {
                let mut line = padded(&row.title, titles);
                if !is_narrow {
                    line.push_str(&" ".repeat(GAP));
                    line.push_str(&padded(row.over, overs - GAP));
                }
                for column in block {
                    line.push_str(&" ".repeat(GAP));
                    let cell = row.cells.get(column.index).and_then(Option::as_ref);
                    let (mean, reach) = cell.map_or(("–", ""), |cell| (&cell.mean, &cell.reach));
                    line.push_str(&" ".repeat(column.mean.saturating_sub(mean.width())));
                    line.push_str(mean);
                    line.push(' ');
                    line.push_str(&padded(
                        reach,
                        column.width().saturating_sub(column.mean + 1),
                    ));
                }
                out.push_str(line.trim_end());
                out.push('\n');
            }
            if !rest.is_empty() {
                out.push('\n');
            }
        }
        out
    }
}

struct Column<'a> {
    index: usize,
    name: &'a str,
    mean: usize,
    reach: usize,
}

impl Column<'_> {
    fn width(&self) -> usize {
        (self.mean + 1 + self.reach).max(self.name.width())
    }
}

pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Rows with their cells below each other, those of some columns to the right.
pub(super) fn aligned<const N: usize>(
    rows: &[[String; N]],
    indent: &str,
    to_the_right: &[usize],
) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let mut out = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            if to_the_right.contains(&column) {
                line.push_str(&" ".repeat(width.saturating_sub(cell.width())));
                line.push_str(cell);
            } else {
                line.push_str(&padded(cell, width));
            }
            line.push_str("  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let cell = |mean: &str, reach: &str| {
            Some(Shown {
                mean: mean.to_owned(),
                reach: reach.to_owned(),
            })
        };
        let row = |title: &str, over, cells| Row {
            key: "key",
            title: title.to_owned(),
            over,
            cells,
        };
        Table {
            caption: "Metrics".to_owned(),
            columns: vec!["push".to_owned(), "ポーリング".to_owned()],
            rows: vec![
                row(
                    "Accuracy",
                    "stays",
                    vec![cell("99.9 %", "± 0.1"), cell("9 %", "−1/+2")],
                ),
                row("Cost", "", vec![cell("$1,000", ""), None]),
            ],
        }
    }

    #[test]
    fn numbers_stand_under_each_other() {
        let expected = "Metrics
                 push          ポーリング
Accuracy  stays  99.9 % ± 0.1  9 % −1/+2
Cost             $1,000          –
";
        assert_eq!(table().text(None), expected);
        assert_eq!(table().text(Some(41)), expected);
    }

    #[test]
    fn designs_that_do_not_fit_go_below() {
        let beside = "Metrics
          push          ポーリング
Accuracy  99.9 % ± 0.1  9 % −1/+2
Cost      $1,000          –
";
        let below = "Metrics
          push
Accuracy  99.9 % ± 0.1
Cost      $1,000

          ポーリング
Accuracy  9 % −1/+2
Cost        –
";
        assert_eq!(table().text(Some(40)), beside);
        assert_eq!(table().text(Some(30)), below);
        assert_eq!(table().text(Some(1)), below);
    }
}
