//! The difference of two designs at the values that a break-even was looked for.

use std::rc::Rc;

use super::Figure;
use super::swept::Places;
use crate::measure::path::MetricPath;
use crate::report::breakeven::BreakEvenResults;
use crate::report::charts::Picture;
use crate::report::charts::lines::{Across, Curve, Lines, Values};
use crate::report::charts::palette::Owner;
use crate::scenario::vary::Axis;

/// The values that were tried; nothing where none had to be. `name` gives people's name of a pointer.
#[must_use]
pub fn tried(found: &BreakEvenResults, name: &dyn Fn(&str) -> String) -> Option<Figure> {
    if found.tried.is_empty() {
        return None;
    }
    let metric: MetricPath = found.metric.parse().ok()?;
    let places = Places::of(&Axis {
        over: found.over.clone(),
        values: found.tried.iter().map(|tried| tried.at.clone()).collect(),
    });
    let at = |value: &usize| found.tried.get(*value)?.difference;
    let over = name(&found.over);
    Some(Figure {
        name: "break-even",
        of: None,
        title: format!(
            "{}: {} less {}, by {over}",
            metric.title(),
            found.of,
            found.versus
        ),
        note: "They change places where it is 0; the band is the 95 % interval.".to_owned(),
        picture: Rc::new(Picture::Lines(Lines {
            unit: metric.unit(),
            is_difference: true,
            curves: vec![Curve {
                name: format!("{} less {}", found.of, found.versus),
                owner: Owner::Truth,
                values: places
                    .order
                    .iter()
                    .map(|value| Some(at(value)?.mean))
                    .collect(),
                reach: places.order.iter().map(|value| at(value)?.ci95).collect(),
                is_bound: false,
                sparse: true,
            }],
            across: Across::Values(Values {
                title: over,
                unit: None,
                exact: Vec::new(),
                is_marked: true,
                ticks: places.ticks(),
                names: places.names,
            }),
            at: places.at,
            spans: Vec::new(),
            levels: Vec::new(),
            earlier: Vec::new(),
        })),
        wide: true,
    })
}
