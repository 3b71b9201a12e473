//! A metric over the values of a parameter.

use std::rc::Rc;

use serde_json::Value as Json;

use super::{Figure, frontier};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::report::charts::Picture;
use crate::report::charts::lines::{Across, Curve, Lines, Values};
use crate::report::charts::palette::Owner;
use crate::report::results::Results;
use crate::report::sweep::{Point, SweepResults};
use crate::scenario::vary::{Axis, Kind, written};

/// Values further apart than this stand at their logarithm.
const LOG_FROM: f64 = 30.0;

/// What of a sweep is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// The number; the total cost if nothing is said, at the represented size where there is one.
    pub metric: Option<MetricPath>,
    /// The design from which the others' difference is shown, if it is that.
    pub versus: Option<String>,
    /// The design that is shown, where two parameters are swept; the first if nothing is said.
    pub design: Option<String>,
}

/// The points of a sweep that are there; nothing before the first. `name` gives people's name of a pointer.
#[must_use]
pub fn swept(sweep: &SweepResults, view: &View, name: &dyn Fn(&str) -> String) -> Option<Figure> {
    let first = &sweep.points.first()?.results;
    let metric = match &view.metric {
        Some(metric) => metric.clone(),
        None => frontier::cost(first, "total")?,
    };
    let (across, second) = (sweep.over.first()?, sweep.over.get(1));
    let places = Places::of(across);
    // The place of a point along the first parameter, and its line.
    let columns = second.map_or(1, |axis| axis.values.len().max(1));
    let at = |point: &Point| {
        (
            point.index as usize / columns,
            point.index as usize % columns,
        )
    };
    let point = |value: usize, line: usize| {
        let mut points = sweep.points.iter();
        points.find(|point| at(point) == (value, line))
    };
    let design = |index: usize| first.designs.get(index).map(|design| design.name.as_str());
    let shown = view.design.as_deref().or(design(0))?;
    let estimate = |results: &Results, place: usize, name: &str| -> Option<Estimate> {
        match &view.versus {
            Some(versus) => {
                let found = results.difference(name, versus, &metric.to_string())?;
                Some(Estimate {
                    mean: found.mean,
                    sd: None,
                    ci95: found.ci95,
                })
            }
            // Where a sweep goes over names, the design at that place is meant.
            None => {
                let named = results.design(name);
                named.or(results.designs.get(place))?.estimate(&metric)
            }
        }
    };
    let lines: Vec<(String, usize, usize, &str)> = match second {
        None => first
            .designs
            .iter()
            .enumerate()
            .map(|(place, of)| (of.name.clone(), place, 0, of.name.as_str()))
            .collect(),
        Some(axis) => axis
            .values
            .iter()
            .enumerate()
            .map(|(line, value)| (plain(value), line, line, shown))
            .collect(),
    };
    let place_of = |name: &str| first.designs.iter().position(|design| design.name == name);
    let curves = lines
        .into_iter()
        .filter(|(_, _, _, of)| view.versus.as_deref() != Some(of));
    let curves = curves.map(|(title, owner, line, of)| {
        let found: Vec<Option<Estimate>> = places
            .order
            .iter()
            .map(|value| estimate(&point(*value, line)?.results, place_of(of)?, of))
            .collect();
        Curve {
            name: title,
            owner: Owner::Design(owner),
            values: found.iter().map(|of| Some(of.as_ref()?.mean)).collect(),
            reach: found.iter().map(|of| of.as_ref()?.ci95).collect(),
            is_bound: false,
            sparse: true,
        }
    });
    let curves: Vec<Curve> = curves.collect();
    let over = name(&across.over);
    let money = matches!(metric.unit(), Unit::UsdPerDay);
    let what = format!("{}{}", metric.title(), if money { ", a day" } else { "" });
    let mut note = match &view.versus {
        Some(versus) => {
            format!("Each design less {versus}, replicate by replicate; bands are 95 % intervals.")
        }
        None => "Bands are 95 % intervals.".to_owned(),
    };
    if let Some(axis) = second {
        note = format!("{shown}; a line a value of {}. {note}", name(&axis.over));
    }
    Some(Figure {
        name: "sweep",
        of: None,
        title: format!("{what}, by {over}"),
        note,
        picture: Rc::new(Picture::Lines(Lines {
            unit: metric.unit(),
            is_difference: view.versus.is_some(),
            across: Across::Values(Values {
                title: over,
                unit: None,
                exact: Vec::new(),
                is_marked: true,
                ticks: places.ticks(),
                names: places.names,
            }),
            at: places.at,
            curves,
            spans: Vec::new(),
            levels: Vec::new(),
            earlier: Vec::new(),
        })),
        wide: true,
    })
}

/// Where values stand: by size where they have one, else side by side.
pub(super) struct Places {
    /// Which value stands first, second, …
    pub(super) order: Vec<usize>,
    /// Where.
    pub(super) at: Vec<f64>,
    /// What each is called.
    pub(super) names: Vec<String>,
}

impl Places {
    /// A tick a value.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        self.at
            .iter()
            .copied()
            .zip(self.names.iter().cloned())
            .collect()
    }

    pub(super) fn of(axis: &Axis) -> Self {
        let kinds: Vec<Option<(Kind, f64)>> = axis.values.iter().map(Kind::of).collect();
        let is_duration = |of: &Option<(Kind, f64)>| of.map(|(kind, _)| kind == Kind::Duration);
        let first = kinds.first().and_then(is_duration);
        let alike = first.is_some() && kinds.iter().all(|of| is_duration(of) == first);
        let mut order: Vec<usize> = (0..axis.values.len()).collect();
        let size = |index: &usize| kinds[*index].map_or(0.0, |(_, size)| size);
        let at = if alike {
            order.sort_by(|one, other| size(one).total_cmp(&size(other)));
            let least = order.first().map_or(0.0, size);
            let most = order.last().map_or(0.0, size);
            let middle = order.get(order.len() / 2).filter(|_| order.len() > 2);
            // As they are spread: by factors, if the middle one is where factors put it.
            let by_factors = middle.map(size).is_some_and(|middle| {
                let off = |mean: f64| (middle - mean).abs();
                order.len() % 2 == 1
                    && off(libm::sqrt(least * most)) < off(f64::midpoint(least, most))
            });
            let far = least > 0.0 && (by_factors || most / least > LOG_FROM);
            let place = |index: &usize| {
                if far {
                    libm::log(size(index))
                } else {
                    size(index)
                }
            };
            order.iter().map(place).collect()
        } else {
            (0..order.len()).map(|index| index as f64).collect()
        };
        let name = |index: &usize| axis.values.get(*index).map_or_else(String::new, plain);
        Self {
            names: order.iter().map(name).collect(),
            at,
            order,
        }
    }
}

/// A value on an axis: a number without an idle fraction, all else as it is written, if that is not too long.
pub(super) fn plain(value: &Json) -> String {
    const MOST: usize = 24;
    if let Some(number) = value.as_f64() {
        return number.to_string();
    }
    let text = written(value);
    if text.chars().count() <= MOST {
        return text;
    }
    let kept: String = text.chars().take(MOST - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(values: Json) -> (Vec<usize>, Vec<f64>, Vec<String>) {
        let axis = Axis {
            over: "/a".to_owned(),
            values: serde_json::from_value(values).expect("an array"),
        };
        let Places { order, at, names } = Places::of(&axis);
        (order, at, names)
    }

    #[test]
    fn values_stand_by_their_size_where_they_have_one() {
        let (order, at, names) = places(json!(["6h", "1h", "2h"]));
        assert_eq!(order, [1, 2, 0]);
        assert_eq!(names, ["1h", "2h", "6h"]);
        assert!(at[1] - at[0] < at[2] - at[1], "{at:?}");
        let (_, at, _) = places(json!([1, 2, 3]));
        assert_eq!(at, [1.0, 2.0, 3.0]);
        let (_, at, _) = places(json!([1, 2, 4]));
        assert!((at[1] - at[0] - (at[2] - at[1])).abs() < 1e-12, "{at:?}");
        // Over more than a factor of 30, at their logarithm.
        let (_, at, _) = places(json!([1, 10, 100]));
        assert!((at[1] - at[0] - (at[2] - at[1])).abs() < 1e-12, "{at:?}");
        // Others side by side, in the order in which they are given.
        let (order, at, names) = places(json!(["lru", 3, { "a": 1 }]));
        assert_eq!((order, at), (vec![0, 1, 2], vec![0.0, 1.0, 2.0]));
        assert_eq!(names, ["lru", "3", "{\"a\":1}"]);
    }
}
