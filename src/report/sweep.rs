//! A sweep's file, and its tables: one a headline metric, values down, designs across.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::results::{About, DesignResults, Results};
use super::table::{self, Row, Table};
use super::{csv, markdown, readable};
use crate::measure::metrics::{self, HEADLINES, Metric, Unit};
use crate::scenario::vary::{Axis, written};

/// Everything a sweep found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepResults {
    /// Who made it.
    pub stayfresh: About,
    /// The scenario that is varied, with every default filled in.
    pub scenario: Json,
    /// What it is varied over; the last varies fastest.
    pub over: Vec<Axis>,
    /// One a combination of values, in order.
    pub points: Vec<Point>,
    /// Of the points' results, in order.
    pub sweep_hash: String,
}

/// One point of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its place in the sweep, from 0.
    pub index: u32,
    /// What is set, by JSON pointer.
    pub set: IndexMap<String, Json>,
    /// Of the scenario as set.
    pub scenario_hash: String,
    /// Of the numbers.
    pub results_hash: String,
    /// The results file of a run of this point alone, its scenario in full.
    pub results: Results,
}

/// Tidy CSV: a column a parameter, then `design,metric,mean,sd,lo,hi` as of a run.
///
/// # Errors
/// None for results that fit in memory.
pub fn csv(sweep: &SweepResults) -> Result<String, ::csv::Error> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let over = sweep.over.iter().map(|axis| csv::text(&axis.over));
    let columns = csv::COLUMNS.map(str::to_owned);
    writer.write_record(over.chain(columns))?;
    for point in &sweep.points {
        let cell = |value: &Json| match value {
            Json::String(text) => csv::text(text),
            Json::Array(_) | Json::Object(_) => csv::text(&written(value)),
            plain => written(plain),
        };
        let set: Vec<String> = point.set.values().map(cell).collect();
        csv::rows(&point.results, &set, &mut writer)?;
    }
    csv::done(writer)
}

/// What stands above the tables.
fn heading(sweep: &SweepResults) -> Vec<String> {
    let Some(first) = sweep.points.first() else {
        return Vec::new();
    };
    let mut base = first.results.clone();
    base.scenario = sweep.scenario.clone();
    let mut lines = table::heading(&base);
    let points = sweep.points.len();
    let over: Vec<String> = (sweep.over.iter())
        .map(|axis| {
            format!(
                "{} ({} values)",
                table::visible(&axis.over),
                axis.values.len()
            )
        })
        .collect();
    lines.push(format!("{points} points over {}", over.join(" and ")));
    lines
}

/// A table a headline metric.
#[must_use]
pub fn tables(sweep: &SweepResults) -> Vec<Table> {
    let Some(first) = sweep.points.first() else {
        return Vec::new();
    };
    // Where a sweep goes over names, those of the first point stand.
    let names = first.results.designs.iter();
    let columns: Vec<String> = names.map(|design| table::visible(&design.name)).collect();
    let headlines = HEADLINES.iter().filter_map(|key| metrics::by_key(key));
    let of = headlines.map(|metric| Table {
        caption: format!("{}{}", table::title(metric), scaled(metric, &first.results)),
        columns: columns.clone(),
        rows: (sweep.points.iter())
            .map(|point| Row {
                key: metric.key,
                title: label(point),
                over: table::over(metric.weight),
                cells: (point.results.designs.iter())
                    .map(|design| cell(design, metric))
                    .collect(),
            })
            .collect(),
    });
    of.filter(|table| table.rows.iter().any(Row::is_known))
        .collect()
}

/// The values of a point.
fn label(point: &Point) -> String {
    let values: Vec<String> = point.set.values().map(written).collect();
    table::visible(&values.join(", "))
}

fn scaled(metric: &Metric, results: &Results) -> String {
    if metric.unit != Unit::UsdPerDay {
        return String::new();
    }
    let size = table::represented_size(results);
    size.map_or(", a day".to_owned(), |hotels| {
        format!(", a day, for {hotels} hotels")
    })
}

/// A headline metric of a design; money at the represented size where there is one.
fn cell(design: &DesignResults, metric: &Metric) -> Option<readable::Shown> {
    let represented = (metric.key == "total_usd_per_day")
        .then(|| design.costs.get("total")?.represented_usd_per_day)
        .flatten();
    let estimate = represented.or_else(|| design.metrics.get(metric.key).copied())?;
    Some(readable::show(&estimate, metric.unit))
}

/// The whole sweep as text, in lines of at most `width` columns if that can be done.
#[must_use]
pub fn text(sweep: &SweepResults, width: Option<usize>) -> String {
    let mut out = heading(sweep).join("\n");
    out.push('\n');
    for table in tables(sweep) {
        out.push('\n');
        out.push_str(&table.text(width));
    }
    out.push_str(&format!("\nSweep hash {}\n", sweep.sweep_hash));
    out
}

/// The whole sweep as Markdown.
#[must_use]
pub fn markdown(sweep: &SweepResults) -> String {
    let mut out = markdown::of_heading(&heading(sweep));
    for table in tables(sweep) {
        out.push_str(&markdown::of_table(&table));
        out.push('\n');
    }
    out.push_str(&format!("Sweep hash `{}`\n", sweep.sweep_hash));
    out
}
