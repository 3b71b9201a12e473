//! What is read at one place of a chart: the values now, and what they were in earlier runs.

use super::data::{self, Cell, Column};
use super::{befalls, words};
use crate::measure::metrics::Unit;
use crate::report::charts::lines::{Across, Curve, Lines};
use crate::report::charts::scatter::Dot;
use crate::report::charts::{Bars, Picture, Scatter, Sign, Tornado};
use crate::report::sensitivity::SensitivityResults;

/// What is read at one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The place: an hour, a design, an assumption.
    pub place: String,
    /// What befalls the designs there; empty for nothing.
    pub befalls: String,
    /// What the earlier runs are called that have values here.
    pub runs: Vec<String>,
    /// The values.
    pub rows: Vec<Row>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How what it is of is told apart, if the chart does.
    pub sign: Option<Sign>,
    /// What it is of.
    pub name: String,
    /// The value now.
    pub now: String,
    /// What it was in each of the runs.
    pub then: Vec<String>,
}

impl Reading {
    /// What is read at an index of a picture; nothing beyond its end.
    #[must_use]
    pub fn of(picture: &Picture, index: usize) -> Option<Self> {
        match picture {
            Picture::Lines(lines) => of_lines(lines, index),
            Picture::Bars(bars) => of_bars(bars, index),
            Picture::Scatter(scatter) => of_scatter(scatter, index),
            Picture::Tornado(tornado) => of_tornado(tornado, index),
        }
    }

    /// In a sentence, for those who cannot see it.
    #[must_use]
    pub fn spoken(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            let then = self.runs.iter().zip(&row.then);
            let then: Vec<String> = then.map(|(run, was)| format!(", {run} {was}")).collect();
            format!("{} {}{}", row.name, row.now, then.concat())
        });
        let rows: Vec<String> = rows.collect();
        let befalls = if self.befalls.is_empty() {
            String::new()
        } else {
            format!(", {}", self.befalls)
        };
        format!("{}{befalls}: {}.", self.place, rows.join("; "))
    }
}

fn of_lines(lines: &Lines, index: usize) -> Option<Reading> {
    let at = *lines.at.get(index)?;
    let (place, befalls) = match &lines.across {
        Across::Hours => (words::when(at), befalls(lines, at)),
        Across::Values(values) => {
            let name = values.names.get(index)?;
            (format!("{} {name}", values.title), String::new())
        }
    };
    let shown = |curve: &Curve, index: Option<usize>| {
        let cell = index.map_or(Cell::Value(None, None), |index| data::cell(curve, index));
        data::column_of(lines, curve).shown(&cell)
    };
    let rows = lines.curves.iter().map(|curve| {
        let then = lines.earlier.iter().map(|run| {
            let chart = &run.chart;
            let mut curves = chart.curves.iter();
            let was = curves.find(|was| was.name == curve.name);
            let index = chart.at.iter().position(|other| *other == at);
            was.map_or_else(String::new, |was| shown(was, index))
        });
        Row {
            sign: Some(Sign::Curve(curve.owner)),
            name: curve.name.clone(),
            now: shown(curve, Some(index)),
            then: then.collect(),
        }
    });
    Some(Reading {
        place,
        befalls,
        runs: lines.earlier.iter().map(|run| run.name.clone()).collect(),
        rows: rows.collect(),
    })
}

fn of_bars(bars: &Bars, index: usize) -> Option<Reading> {
    let bar = bars.bars.get(index)?;
    let column = Column::of_numbers("", bars.unit);
    let usd = |size: Option<f64>| column.shown(&Cell::Value(size, None));
    let mut was = bars.earlier.iter();
    // Only runs that have this design, each with its bar.
    let was: Vec<_> = was
        .by_ref()
        .filter_map(|run| {
            let mut own = run.chart.bars.iter();
            let then = own.find(|then| then.name == bar.name && !bar.is_bound)?;
            Some((run, then))
        })
        .collect();
    let items = bars.items.iter().enumerate().map(|(place, item)| Row {
        sign: Some(Sign::Item(item.place)),
        name: item.name.clone(),
        now: usd(bar.pieces.get(place).copied()),
        then: was
            .iter()
            .map(|(run, then)| {
                let mut items = run.chart.items.iter();
                let place = items.position(|other| other.place == item.place);
                let size = place.and_then(|place| then.pieces.get(place).copied());
                usd(Some(size.unwrap_or(0.0)))
            })
            .collect(),
    });
    let zero = usd(Some(0.0));
    let is_there = |row: &Row| row.now != zero || row.then.iter().any(|then| *then != zero);
    let total = Row {
        sign: None,
        name: "Total".to_owned(),
        now: column.shown(&Cell::Value(Some(bar.total()), bar.ci95)),
        then: was
            .iter()
            .map(|(_, then)| usd(Some(then.total())))
            .collect(),
    };
    Some(Reading {
        place: bar.name.clone(),
        befalls: String::new(),
        runs: was.iter().map(|(run, _)| run.name.clone()).collect(),
        rows: items.filter(is_there).chain([total]).collect(),
    })
}

fn of_scatter(scatter: &Scatter, index: usize) -> Option<Reading> {
    let dot = scatter.dots.get(index)?;
    let was: Vec<(&str, &Dot)> = scatter
        .earlier
        .iter()
        .filter_map(|run| {
            let mut dots = run.chart.dots.iter();
            Some((run.name.as_str(), dots.find(|was| was.name == dot.name)?))
        })
        .collect();
    let row = |title: &str, unit: Unit, of: &dyn Fn(&Dot) -> Cell| {
        let column = Column::of_numbers(title, unit);
        Row {
            sign: None,
            name: title.to_owned(),
            now: column.shown(&of(dot)),
            then: was.iter().map(|(_, was)| column.shown(&of(was))).collect(),
        }
    };
    Some(Reading {
        place: dot.name.clone(),
        befalls: String::new(),
        runs: was.iter().map(|(name, _)| (*name).to_owned()).collect(),
        rows: vec![
            row(&scatter.x.title, scatter.x.unit, &|dot| {
                Cell::of(Some(&dot.x))
            }),
            row(&scatter.y.title, scatter.y.unit, &|dot| {
                Cell::of(Some(&dot.y))
            }),
        ],
    })
}

fn of_tornado(tornado: &Tornado, index: usize) -> Option<Reading> {
    let row = tornado.rows.get(index)?;
    let shown = |difference| SensitivityResults::shown(tornado.unit, difference);
    let ends = row.ends.iter().zip([false, true]);
    // An end that is hidden has no value.
    let ends = ends.filter(|(end, _)| !end.value.is_empty());
    let ends = ends.map(|(end, is_high)| Row {
        sign: Some(Sign::End { is_high }),
        name: format!("at {}", end.value),
        now: shown(end.difference.as_ref()),
        then: Vec::new(),
    });
    let now = Row {
        sign: None,
        name: "as things stand".to_owned(),
        now: shown(tornado.now.as_ref()),
        then: Vec::new(),
    };
    Some(Reading {
        place: row.name.clone(),
        befalls: String::new(),
        runs: Vec::new(),
        rows: ends.chain([now]).collect(),
    })
}
