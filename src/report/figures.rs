//! Charts made from results: what they show, how it is said without seeing them, and their data as a table.
//! The page and the record draw the same ones.

use std::rc::Rc;

use super::charts::bars::{Bar, Item};
use super::charts::lines::{Across, Curve, Level, Span};
use super::charts::palette::Owner;
use super::charts::{Bars, Lines, Picture};
use super::human;
use super::results::{DesignResults, Results, Theory};
use super::words::{self, Mark};
use crate::measure::metrics::Unit;
use crate::measure::values::ITEMS;
use crate::scenario::Scenario;
use crate::world::World;

mod data;
mod frontier;
mod reading;
mod rests;
mod spread;
mod swept;
mod tried;

pub use data::{Cell, Column, Data};
pub use frontier::{COSTS, QUALITIES, frontier};
pub use reading::{Reading, Row};
pub use rests::tornado;
pub use swept::{View, swept};
pub use tried::tried;

/// The name of the charts of what audits say: one for each design that has any.
pub const AUDITS: &str = "audits";

/// A chart, and what is said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its name for scripts.
    pub name: &'static str,
    /// The design that it is of, if of one.
    pub of: Option<String>,
    /// What it shows.
    pub title: String,
    /// What is counted, and how it is weighted.
    pub note: String,
    /// What is drawn.
    pub picture: Rc<Picture>,
    /// Whether it needs the whole width.
    pub wide: bool,
}

/// The charts of a run.
#[must_use]
pub fn all(results: &Results, scenario: &Scenario) -> Vec<Figure> {
    let marks = words::marks(scenario, results);
    let designs = scenario.designs.len();
    let over_time = |name, title: &str, note: &str, lines: Lines, wide| Figure {
        name,
        of: None,
        title: title.to_owned(),
        note: if lines.levels.is_empty() {
            note.to_owned()
        } else {
            format!("{note} Thin and straight: what theory expects on average.")
        },
        picture: Rc::new(Picture::Lines(lines)),
        wide,
    };
    let spans = spans(&marks, None);
    let accuracy = over_time(
        "accuracy",
        "Accuracy over time",
        "Share of all stays for which a search would get the right answer, hour by hour.",
        lines(results, designs, "accuracy", Unit::Share, &spans),
        true,
    );
    let staleness = over_time(
        "staleness",
        "Staleness over time",
        "Mean over live entries of the time since the first change they miss; fresh counts as 0.",
        lines(results, designs, "staleness_s", Unit::Seconds, &spans),
        false,
    );
    let spread = spread::staleness(results, designs);
    // Where two others stand side by side, the third has a row of its own.
    let costs = Figure {
        wide: spread.is_some(),
        ..costs(results, scenario)
    };
    [accuracy, staleness]
        .into_iter()
        .chain(spread)
        .chain([costs])
        .chain(frontier(results, scenario, (COSTS[0], QUALITIES[0])))
        .chain(audits(results, scenario, &marks))
        .collect()
}

/// What befell the designs, or one of them, on a time axis.
fn spans(marks: &[Mark], design: Option<usize>) -> Vec<Span> {
    let mine = |mark: &&Mark| design.is_none_or(|design| mark.strikes.contains(&design));
    let span = |mark: &Mark| Span {
        name: mark.name.clone(),
        from: mark.from,
        to: mark.to,
        of: match mark.strikes[..] {
            [only] if design.is_none() => Some(Owner::Design(only)),
            _ => None,
        },
    };
    marks.iter().filter(mine).map(span).collect()
}

fn lines(results: &Results, designs: usize, key: &str, unit: Unit, spans: &[Span]) -> Lines {
    let hours = results
        .designs
        .first()
        .map_or_else(Vec::new, |first| first.series.hour.clone());
    let curves = results
        .designs
        .iter()
        .enumerate()
        .map(|(design, found)| Curve {
            name: found.name.clone(),
            owner: Owner::Design(design),
            values: found.series.curves.get(key).cloned().unwrap_or_default(),
            reach: Vec::new(),
            is_bound: design >= designs,
            sparse: false,
        });
    let of_theory = results.theory.iter().filter(|theory| theory.metric == key);
    let level = |theory: &Theory| {
        let mut all = results.designs.iter();
        let design = all.position(|design| design.name == theory.design)?;
        // Those of bounds would be in the way, as their curves would.
        (design < designs).then_some(Level {
            of: Owner::Design(design),
            value: theory.expected,
        })
    };
    Lines {
        unit,
        is_difference: false,
        across: Across::Hours,
        at: hours,
        curves: curves.collect(),
        spans: spans.to_vec(),
        levels: of_theory.filter_map(level).collect(),
        earlier: Vec::new(),
    }
}

/// More bands than these cover each other.
const MOST_BANDS: usize = 2;

/// What the audits of each design said, against the truth at the same moments, and below what they alert.
fn audits(results: &Results, scenario: &Scenario, marks: &[Mark]) -> Vec<Figure> {
    let designs = scenario.compared();
    let audited = results.designs.iter().enumerate();
    let audited = audited.filter(|(_, found)| !found.audits.is_empty());
    audited
        .map(|(design, found)| {
            let banded = found.audits.len() <= MOST_BANDS;
            let waves = || found.audits.values().map(|audit| &audit.waves);
            let mut hours: Vec<f64> = waves().flat_map(|waves| &waves.hour).copied().collect();
            hours.sort_by(f64::total_cmp);
            hours.dedup();
            // A value at its own hours, none at those of others.
            let at = |own: &[f64], hour: f64| own.iter().position(|other| *other == hour);
            let audits = found.audits.iter().enumerate().map(|(audit, (name, said))| {
                let waves = &said.waves;
                let reach = |wave: usize| Some([waves.low[wave]?, waves.high[wave]?]);
                let wave = |hour: &f64| at(&waves.hour, *hour);
                Curve {
                    name: name.clone(),
                    owner: Owner::Audit { design, audit },
                    values: hours.iter().map(|hour| waves.estimate[wave(hour)?]).collect(),
                    reach: if banded {
                        hours.iter().map(|hour| reach(wave(hour)?)).collect()
                    } else {
                        Vec::new()
                    },
                    is_bound: false,
                    sparse: true,
                }
            });
            let truth = hours.iter().map(|hour| {
                waves().find_map(|waves| waves.truth[at(&waves.hour, *hour)?])
            });
            let truth = Curve {
                name: "truth".to_owned(),
                owner: Owner::Truth,
                values: truth.collect(),
                reach: Vec::new(),
                is_bound: false,
                sparse: true,
            };
            let described = designs.iter().find(|design| design.name == found.name);
            let alert = |name: &str| described?.audit(name)?.alert();
            let levels = found.audits.keys().enumerate().filter_map(|(audit, name)| {
                Some(Level {
                    of: Owner::Audit { design, audit },
                    value: alert(name)?.below.get(),
                })
            });
            let levels: Vec<Level> = levels.collect();
            let alerts = if levels.is_empty() {
                ""
            } else {
                " Thin and straight: where an alert begins."
            };
            let bands = if banded {
                "bands are the audits’ intervals."
            } else {
                "without their intervals, which would cover each other."
            };
            Figure {
                name: AUDITS,
                of: Some(found.name.clone()),
                title: format!("What the audits of {} say", human::quoted(&found.name)),
                note: format!(
                    "Audit estimate against truth: the accuracy of all stays, wave by wave, in the first replicate; {bands}{alerts}"
                ),
                picture: Rc::new(Picture::Lines(Lines {
                    unit: Unit::Share,
                    is_difference: false,
                    across: Across::Hours,
                    curves: std::iter::once(truth).chain(audits).collect(),
                    at: hours,
                    spans: spans(marks, Some(design)),
                    levels,
                    earlier: Vec::new(),
                })),
                wide: true,
            }
        })
        .collect()
}

fn costs(results: &Results, scenario: &Scenario) -> Figure {
    let represents = match &scenario.world {
        World::Hotels(world) => world.represents,
        World::Trace(world) => world.represents,
        World::TwoState(_) => None,
    };
    Figure {
        name: "cost",
        of: None,
        title: "Cost by item".to_owned(),
        note: represents.map_or_else(
            || "US dollars a day: running the design, and its wrong answers.".to_owned(),
            |hotels| {
                let hotels = human::whole(u64::from(hotels.get()));
                format!("US dollars a day for the {hotels} hotels that the board stands for.")
            },
        ),
        picture: Rc::new(Picture::Bars(bars(results, scenario.designs.len()))),
        wide: false,
    }
}

fn bars(results: &Results, designs: usize) -> Bars {
    // At the size that the board stands for, where it stands for one.
    let represented = results.designs.iter().all(|design| {
        design
            .costs
            .values()
            .all(|cost| cost.represented_usd_per_day.is_some())
    });
    let size = |design: &DesignResults, item: &str| {
        design.costs.get(item).map_or(0.0, |cost| {
            let estimate = cost.represented_usd_per_day.filter(|_| represented);
            estimate.unwrap_or(cost.usd_per_day).mean
        })
    };
    let paid = |key: &str| results.designs.iter().any(|design| size(design, key) > 0.0);
    let items = ITEMS.iter().enumerate();
    let items: Vec<(usize, &'static str)> = items
        .filter(|(_, item)| paid(item.key))
        .map(|(place, item)| (place, item.key))
        .collect();
    let bars = results
        .designs
        .iter()
        .enumerate()
        .map(|(index, design)| Bar {
            name: design.name.clone(),
            design: index,
            pieces: items.iter().map(|(_, key)| size(design, key)).collect(),
            is_bound: index >= designs,
            ci95: design.costs.get("total").and_then(|total| {
                let estimate = total.represented_usd_per_day.filter(|_| represented);
                estimate.unwrap_or(total.usd_per_day).ci95
            }),
        });
    Bars {
        unit: Unit::UsdPerDay,
        bars: bars.collect(),
        items: items
            .iter()
            .map(|&(place, _)| Item {
                name: ITEMS[place].title.to_lowercase(),
                place,
            })
            .collect(),
        is_represented: represented,
        earlier: Vec::new(),
    }
}

impl Figure {
    /// The chart in a sentence or two, for those who cannot see it.
    #[must_use]
    pub fn spoken(&self) -> String {
        match &*self.picture {
            Picture::Lines(lines) => {
                let curves: Vec<String> = lines
                    .curves
                    .iter()
                    .filter_map(|c| range(lines, c))
                    .collect();
                let faults: Vec<String> = lines.spans.iter().map(spoken_span).collect();
                let faults = if faults.is_empty() {
                    String::new()
                } else {
                    format!(" Faults: {}.", faults.join("; "))
                };
                let levels = lines.levels.iter().filter_map(|level| {
                    let curve = lines.curves.iter().find(|curve| curve.owner == level.of)?;
                    let value = human::value(lines.unit, level.value);
                    Some(format!("{} {value}", curve.name))
                });
                let levels: Vec<String> = levels.collect();
                let means = match lines.levels.first().map(|level| level.of) {
                    Some(Owner::Audit { .. }) => "Alerts begin below",
                    _ => "Theory expects on average",
                };
                let levels = if levels.is_empty() {
                    String::new()
                } else {
                    format!(" {means}: {}.", levels.join("; "))
                };
                format!("{}: {}.{levels}{faults}", self.title, curves.join("; "))
            }
            Picture::Bars(bars) => {
                let total =
                    |bar: &Bar| format!("{} {}", bar.name, human::value(bars.unit, bar.total()));
                let totals: Vec<String> = bars.bars.iter().map(total).collect();
                format!("Cost a day: {}.", totals.join("; "))
            }
            Picture::Scatter(scatter) => format!("{}: {}.", self.title, frontier::spoken(scatter)),
            Picture::Tornado(tornado) => format!("{}: {}.", self.title, rests::spoken(tornado)),
        }
    }

    /// Its data, in at most about so many rows: of more values, one in so many.
    #[must_use]
    pub fn data(&self, most: usize) -> Data {
        match &*self.picture {
            Picture::Lines(lines) => match &lines.across {
                Across::Hours => data::over_hours(lines, most),
                Across::Values(values) => data::over_values(lines, values),
            },
            Picture::Bars(bars) => data::by_item(bars),
            Picture::Scatter(scatter) => frontier::data(scatter),
            Picture::Tornado(tornado) => rests::data(tornado),
        }
    }
}

/// Between what a curve is.
fn range(lines: &Lines, curve: &Curve) -> Option<String> {
    let values = || curve.values.iter().flatten().copied();
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    (low <= high).then(|| {
        format!(
            "{} between {} and {}",
            curve.name,
            human::value(lines.unit, low),
            human::value(lines.unit, high)
        )
    })
}

fn spoken_span(span: &Span) -> String {
    let from = words::when(span.from);
    if span.to > span.from {
        format!("{}, {from} to {}", span.name, words::when(span.to))
    } else {
        format!("{}, {from}", span.name)
    }
}

/// What befalls the designs in an hour; empty for nothing.
#[must_use]
fn befalls(lines: &Lines, hour: f64) -> String {
    let spans = lines.spans.iter().filter(|span| span.covers(hour));
    let names: Vec<&str> = spans.map(|span| span.name.as_str()).collect();
    names.join(", ")
}

impl Figure {
    /// The same chart with an earlier run's behind it, where the two can be compared: `words` are what that run is
    /// called and what was different then.
    #[must_use]
    pub fn before(&self, earlier: &[Self], words: (&str, &str), slot: usize) -> Option<Self> {
        let mut same = earlier.iter();
        let same = same.find(|other| other.name == self.name && other.of == self.of)?;
        let picture = self.picture.before(&same.picture, words, slot)?;
        Some(Self {
            picture: Rc::new(picture),
            ..self.clone()
        })
    }
}
