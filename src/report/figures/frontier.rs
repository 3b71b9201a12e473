//! The frontier: what designs cost against how right they are.

use std::rc::Rc;

use super::{Cell, Column, Data, Figure};
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::report::charts::Picture;
use crate::report::charts::scatter::{Dimension, Dot, Scatter};
use crate::report::human;
use crate::report::results::Results;
use crate::scenario::Scenario;

/// What designs may be compared by: what goes to the right, all of them money at the represented size where
/// there is one; the first is shown where nothing is chosen.
pub const COSTS: [&str; 2] = ["running", "total"];
/// What goes up; the first is shown where nothing is chosen.
pub const QUALITIES: [&str; 6] = [
    "search_accuracy",
    "accuracy",
    "lost_bookings",
    "staleness_s",
    "data_age_s",
    "blocking_misses",
];

/// The path of a sum of the bill: at the represented size where there is one.
#[must_use]
pub(super) fn cost(results: &Results, sum: &str) -> Option<MetricPath> {
    let mut designs = results.designs.iter();
    let is_represented = designs.all(|design| {
        let cost = design.costs.get(sum);
        cost.is_some_and(|cost| cost.represented_usd_per_day.is_some())
    });
    let size = if is_represented {
        "represented_costs"
    } else {
        "costs"
    };
    format!("{size}/{sum}").parse().ok()
}

/// The designs by one of [`COSTS`] and one of [`QUALITIES`]; nothing where there are none to choose from. Bounds
/// are no options, so they are left out.
#[must_use]
pub fn frontier(
    results: &Results,
    scenario: &Scenario,
    (sum, quality): (&str, &str),
) -> Option<Figure> {
    let x = cost(results, sum)?;
    let y: MetricPath = quality.parse().ok()?;
    let designs = results.designs.iter().take(scenario.designs.len());
    let dots: Vec<Dot> = designs
        .enumerate()
        .filter_map(|(design, found)| {
            let mut standings = results.frontier.iter();
            Some(Dot {
                name: found.name.clone(),
                design,
                x: found.estimate(&x)?,
                y: found.estimate(&y)?,
                standing: standings
                    .find(|standing| standing.design == found.name)
                    .map(|standing| standing.probability),
            })
        })
        .collect();
    if dots.len() < 2 {
        return None;
    }
    let dimension = |path: &MetricPath| Dimension {
        title: match path.unit() {
            Unit::UsdPerDay => format!("{} a day", path.title()),
            _ => path.title(),
        },
        unit: path.unit(),
        better: path.better(),
    };
    let scatter = Scatter {
        x: dimension(&x),
        y: dimension(&y),
        dots,
        hidden: Vec::new(),
        earlier: Vec::new(),
    };
    let size = match x {
        MetricPath::RepresentedCost(_) => " Money at the size that the board stands for.",
        _ => "",
    };
    Some(Figure {
        name: "frontier",
        of: None,
        title: format!("{} against {}", x.title(), y.title().to_lowercase()),
        note: format!(
            "Filled and joined: no other design is, on average, as good in both. Whiskers are 95 % intervals.{size}"
        ),
        picture: Rc::new(Picture::Scatter(scatter)),
        wide: true,
    })
}

/// In words, for those who cannot see it.
pub(super) fn spoken(scatter: &Scatter) -> String {
    let dots = scatter.dots.iter().enumerate().map(|(index, dot)| {
        let beaten = if scatter.is_undominated(index) {
            ""
        } else {
            ", beaten in both"
        };
        let x = human::value(scatter.x.unit, dot.x.mean);
        let y = human::value(scatter.y.unit, dot.y.mean);
        format!("{} {x} and {y}{beaten}", dot.name)
    });
    dots.collect::<Vec<_>>().join("; ")
}

pub(super) fn data(scatter: &Scatter) -> Data {
    let numbers = |dot: &Dot| [Cell::of(Some(&dot.x)), Cell::of(Some(&dot.y))];
    let nowhere = || Cell::Value(None, None);
    let own = scatter.dots.iter().enumerate().map(|(index, dot)| {
        let is_on = if scatter.is_undominated(index) {
            "yes"
        } else {
            "no"
        };
        let standing = Cell::Value(dot.standing, None);
        let cells = numbers(dot).into_iter();
        let cells = cells.chain([Cell::Text(is_on.to_owned()), standing]);
        (Cell::Text(dot.name.clone()), cells.collect())
    });
    let earlier = scatter.earlier.iter().flat_map(|run| {
        run.chart.dots.iter().map(|dot| {
            let name = format!("{}, {}", dot.name, run.name);
            let cells = numbers(dot).into_iter();
            let cells = cells.chain([Cell::Text(human::NOTHING.to_owned()), nowhere()]);
            (Cell::Text(name), cells.collect())
        })
    });
    let standing = "Replicates in which none beats it in accuracy, staleness and running cost";
    Data {
        corner: Column::of_words("Design"),
        rows: own.chain(earlier).collect(),
        columns: vec![
            Column::of_numbers(&scatter.x.title, scatter.x.unit),
            Column::of_numbers(&scatter.y.title, scatter.y.unit),
            Column::of_words("On the line"),
            Column::of_numbers(standing, Unit::Share),
        ],
        has_faults: false,
        has_total: false,
        one_in: 1,
    }
}
