//! What a chart is drawn from, as a table for people and as CSV for programs.

use super::befalls;
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::report::charts::Bars;
use crate::report::charts::bars::Bar;
use crate::report::charts::lines::{Curve, Lines, Values};
use crate::report::{csv, human, readable};

/// A chart's data.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// What the rows are: hours, items of a bill, designs …
    pub corner: Column,
    /// What the columns are.
    pub columns: Vec<Column>,
    /// Whether the last column says what goes wrong.
    pub has_faults: bool,
    /// Whether the last row is the sum of the others.
    pub has_total: bool,
    /// What each row is, and its cells.
    pub rows: Vec<(Cell, Vec<Cell>)>,
    /// Of the chart's values, one in so many is here.
    pub one_in: usize,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is called.
    pub name: String,
    /// The unit of its numbers, if it holds any.
    pub unit: Option<Unit>,
    /// Whether they are differences, which have a sign.
    pub is_difference: bool,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number that has a name: `1 h`, a value of a parameter.
    Named(String, f64),
    /// A number in the column's unit, with its 95 % interval where there is one; `None` where undefined.
    Value(Option<f64>, Option<[f64; 2]>),
}

impl Cell {
    /// The number and the interval of an estimate.
    #[must_use]
    pub fn of(estimate: Option<&Estimate>) -> Self {
        let ci95 = estimate.and_then(|of| of.ci95);
        Self::Value(estimate.map(|of| of.mean), ci95)
    }
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn of_words(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            unit: None,
            is_difference: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn of_numbers(name: &str, unit: Unit) -> Self {
        Self {
            unit: Some(unit),
            ..Self::of_words(name)
        }
    }

    /// A cell of it, for people.
    #[must_use]
    pub fn shown(&self, cell: &Cell) -> String {
        let (mean, ci95) = match cell {
            Cell::Text(text) | Cell::Named(text, _) => return text.clone(),
            Cell::Value(None, _) => return human::NOTHING.to_owned(),
            Cell::Value(Some(mean), ci95) => (*mean, *ci95),
        };
        let Some(unit) = self.unit else {
            return mean.to_string();
        };
        if self.is_difference {
            return human::difference(unit, mean, ci95).both();
        }
        let estimate = Estimate {
            mean,
            sd: None,
            ci95,
        };
        readable::show(&estimate, unit).both()
    }

    /// Its name with its unit, for programs.
    fn headed(&self) -> String {
        match self.unit.map(unit) {
            Some(unit) if !unit.is_empty() => format!("{} ({unit})", self.name),
            _ => self.name.clone(),
        }
    }
}

/// A unit as files write it: shares are 0 to 1.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "share",
        Unit::Difference => "difference of shares",
        Unit::Seconds => "seconds",
        Unit::UsdPerDay => "USD a day",
        Unit::PerSecond => "a second",
        Unit::Count => "",
    }
}

impl Data {
    /// What columns are called, the one of what rows are first.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        let columns = std::iter::once(&self.corner).chain(&self.columns);
        columns.map(|column| column.name.as_str())
    }

    /// What each row is, and its cells, for people.
    pub fn shown(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        self.rows.iter().map(|(head, cells)| {
            let cells = cells.iter().zip(&self.columns);
            let cells = cells.map(|(cell, column)| column.shown(cell)).collect();
            // An exact size has a name.
            let head = match head {
                Cell::Value(Some(hour), _) => hour.to_string(),
                head => self.corner.shown(head),
            };
            (head, cells)
        })
    }

    /// As CSV: every number to its last digit, with its interval in columns of their own; what is undefined is
    /// empty.
    ///
    /// # Errors
    /// None for data that fits in memory.
    pub fn csv(&self) -> Result<String, ::csv::Error> {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        let has_interval = |index: usize| {
            let mut rows = self.rows.iter();
            rows.any(|(_, cells)| matches!(cells.get(index), Some(Cell::Value(_, Some(_)))))
        };
        let columns = self.columns.iter().enumerate();
        let columns: Vec<(&Column, bool)> = columns
            .map(|(index, column)| (column, has_interval(index)))
            .collect();
        let mut heads = vec![csv::text(&self.corner.headed())];
        for (column, has_interval) in &columns {
            let name = csv::text(&column.headed());
            let ends = ["95 % low", "95 % high"].map(|end| format!("{name}, {end}"));
            heads.push(name);
            if *has_interval {
                heads.extend(ends);
            }
        }
        writer.write_record(&heads)?;
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        for (head, cells) in &self.rows {
            let mut record = Vec::with_capacity(heads.len());
            let all = std::iter::once((head, false));
            let own = cells.iter().zip(columns.iter().map(|(_, has)| *has));
            for (cell, has_interval) in all.chain(own) {
                let (value, ci95) = match cell {
                    Cell::Text(text) => (csv::text(text), None),
                    Cell::Named(_, exact) => (exact.to_string(), None),
                    Cell::Value(mean, ci95) => (number(*mean), *ci95),
                };
                record.push(value);
                if has_interval {
                    record.push(number(ci95.map(|[low, _]| low)));
                    record.push(number(ci95.map(|[_, high]| high)));
                }
            }
            writer.write_record(&record)?;
        }
        csv::done(writer)
    }
}

/// The column of a curve.
pub(super) fn column_of(lines: &Lines, curve: &Curve) -> Column {
    Column {
        is_difference: lines.is_difference,
        ..Column::of_numbers(&curve.name, lines.unit)
    }
}

/// The value of a curve at an index.
pub(super) fn cell(curve: &Curve, index: usize) -> Cell {
    let ci95 = curve.reach.get(index).copied().flatten();
    Cell::Value(curve.values.get(index).copied().flatten(), ci95)
}

/// Curves, and behind each what it was in earlier runs, by their names.
fn curves(lines: &Lines) -> Vec<(Column, &Lines, &Curve)> {
    let own = lines.curves.iter();
    let own = own.map(|curve| (column_of(lines, curve), lines, curve));
    let earlier = lines.earlier.iter().flat_map(|run| {
        let curves = run.chart.curves.iter();
        curves.map(|curve| {
            let column = column_of(lines, curve);
            let name = format!("{}, {}", column.name, run.name);
            (Column { name, ..column }, &run.chart, curve)
        })
    });
    own.chain(earlier).collect()
}

/// The cells of a row: of each curve what it is at this place.
fn row(lines: &Lines, curves: &[(Column, &Lines, &Curve)], index: usize) -> Vec<Cell> {
    let at = lines.at.get(index);
    let of = |(_, own, curve): &(Column, &Lines, &Curve)| {
        let index = if std::ptr::eq(*own, lines) {
            Some(index)
        } else {
            own.at.iter().position(|other| Some(other) == at)
        };
        index.map_or(Cell::Value(None, None), |index| cell(curve, index))
    };
    curves.iter().map(of).collect()
}

pub(super) fn over_hours(lines: &Lines, most: usize) -> Data {
    let has_faults = !lines.spans.is_empty();
    let one_in = lines.at.len().div_ceil(most.max(1)).max(1);
    let curves = curves(lines);
    let fault = has_faults.then(|| Column::of_words("Fault"));
    let hours = lines.at.iter().enumerate().step_by(one_in);
    let rows = hours.map(|(index, hour)| {
        let fault = has_faults.then(|| Cell::Text(befalls(lines, *hour)));
        let cells = row(lines, &curves, index);
        let hour = Cell::Value(Some(*hour), None);
        (hour, cells.into_iter().chain(fault).collect())
    });
    Data {
        rows: rows.collect(),
        corner: Column::of_words("Hour"),
        columns: curves
            .into_iter()
            .map(|(column, ..)| column)
            .chain(fault)
            .collect(),
        has_faults,
        has_total: false,
        one_in,
    }
}

pub(super) fn over_values(lines: &Lines, values: &Values) -> Data {
    let curves = curves(lines);
    let rows = values.names.iter().enumerate().map(|(index, name)| {
        let head = match values.exact.get(index) {
            Some(exact) => Cell::Named(name.clone(), *exact),
            None => Cell::Text(name.clone()),
        };
        (head, row(lines, &curves, index))
    });
    Data {
        corner: Column {
            unit: values.unit,
            ..Column::of_words(&values.title)
        },
        has_faults: false,
        has_total: false,
        rows: rows.collect(),
        columns: curves.into_iter().map(|(column, ..)| column).collect(),
        one_in: 1,
    }
}

pub(super) fn by_item(bars: &Bars) -> Data {
    let earlier = bars.earlier.iter().flat_map(|run| {
        let then = run.chart.bars.iter();
        then.map(|bar| (format!("{}, {}", bar.name, run.name), &run.chart, bar))
    });
    let own = bars.bars.iter().map(|bar| (bar.name.clone(), bars, bar));
    let all: Vec<(String, &Bars, &Bar)> = own.chain(earlier).collect();
    let items = bars.items.iter().map(|item| {
        let size = |(_, of, bar): &(String, &Bars, &Bar)| {
            let place = of.items.iter().position(|other| other.place == item.place);
            let size = place.and_then(|place| bar.pieces.get(place).copied());
            Cell::Value(Some(size.unwrap_or(0.0)), None)
        };
        (
            Cell::Text(item.name.clone()),
            all.iter().map(size).collect(),
        )
    });
    let total = |(_, _, bar): &(String, &Bars, &Bar)| Cell::Value(Some(bar.total()), None);
    let totals = all.iter().map(total).collect();
    let total = (Cell::Text("Total".to_owned()), totals);
    Data {
        corner: Column::of_words("USD a day"),
        rows: items.chain([total]).collect(),
        columns: all
            .iter()
            .map(|(name, ..)| Column::of_numbers(name, bars.unit))
            .collect(),
        has_faults: false,
        has_total: true,
        one_in: 1,
    }
}
