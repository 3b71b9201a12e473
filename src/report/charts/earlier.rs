//! Earlier runs behind a chart: thinner, dotted or hollow, so that nobody takes them for what is now.

use super::lines::{Across, Lines};
use super::palette::Owner;
use super::{Bars, Picture, Scatter};

/// An earlier run's chart of the same kind, behind the one that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier<T> {
    /// What the run is called, in a word or two.
    pub name: String,
    /// What was different then.
    pub about: String,
    /// Its place among earlier runs, which gives its dots.
    pub slot: usize,
    /// What of it is drawn: that of designs which are there now too, by the same names.
    pub chart: T,
}

/// Dash and gap of earlier runs by their place, in the reader's pixels. Curves of now are wider.
const DASHES: [(f64, f64); 4] = [(2.0, 2.5), (7.0, 3.0), (1.0, 4.5), (12.0, 5.0)];

/// How wide an earlier run's lines are, in the reader's pixels.
pub(super) const WIDE: f64 = 1.25;
/// How much of their colour they have.
pub(super) const STRENGTH: f64 = 0.75;

/// Dash and gap of the earlier run at this place.
#[must_use]
pub fn dash(slot: usize) -> (f64, f64) {
    DASHES[slot % DASHES.len()]
}

impl Picture {
    /// The same chart with an earlier run's behind it; nothing where the two cannot be compared: no design of
    /// that name, other units, other axes.
    #[must_use]
    pub fn before(&self, earlier: &Self, (name, about): (&str, &str), slot: usize) -> Option<Self> {
        fn of<T>((name, about): (&str, &str), slot: usize, chart: T) -> Earlier<T> {
            Earlier {
                name: name.to_owned(),
                about: about.to_owned(),
                slot,
                chart,
            }
        }
        let words = (name, about);
        match (self, earlier) {
            (Self::Lines(now), Self::Lines(then)) => {
                let mut next = now.clone();
                next.earlier.push(of(words, slot, lines(now, then)?));
                Some(Self::Lines(next))
            }
            (Self::Bars(now), Self::Bars(then)) => {
                let mut next = now.clone();
                next.earlier.push(of(words, slot, bars(now, then)?));
                Some(Self::Bars(next))
            }
            (Self::Scatter(now), Self::Scatter(then)) => {
                let mut next = now.clone();
                next.earlier.push(of(words, slot, scatter(now, then)?));
                Some(Self::Scatter(next))
            }
            _ => None,
        }
    }

    /// The earlier runs behind it: what each is called, what was different then, and its place.
    #[must_use]
    pub fn earlier(&self) -> Vec<(&str, &str, usize)> {
        fn all<T>(of: &[Earlier<T>]) -> Vec<(&str, &str, usize)> {
            of.iter()
                .map(|of| (of.name.as_str(), of.about.as_str(), of.slot))
                .collect()
        }
        match self {
            Self::Lines(lines) => all(&lines.earlier),
            Self::Bars(bars) => all(&bars.earlier),
            Self::Scatter(scatter) => all(&scatter.earlier),
            Self::Tornado(_) => Vec::new(),
        }
    }
}

fn lines(now: &Lines, then: &Lines) -> Option<Lines> {
    let is_alike = now.unit == then.unit
        && now.is_difference == then.is_difference
        && match (&now.across, &then.across) {
            (Across::Hours, Across::Hours) => true,
            (Across::Values(now), Across::Values(then)) => now.title == then.title,
            _ => false,
        };
    // Bounds say how far one can get, not what was changed.
    let owner = |name: &str| -> Option<Owner> {
        let mut curves = now.curves.iter().filter(|curve| !curve.is_bound);
        Some(curves.find(|curve| curve.name == name)?.owner)
    };
    let mut chart = then.clone();
    chart.curves.retain(|curve| owner(&curve.name).is_some());
    for curve in &mut chart.curves {
        curve.owner = owner(&curve.name).unwrap_or(curve.owner);
        curve.reach.clear();
    }
    chart.levels.clear();
    chart.spans.clear();
    (is_alike && !chart.curves.is_empty()).then_some(chart)
}

fn bars(now: &Bars, then: &Bars) -> Option<Bars> {
    let mut chart = then.clone();
    let place = |name: &str| {
        now.bars
            .iter()
            .find(|bar| bar.name == name && !bar.is_bound)
    };
    chart.bars.retain(|bar| place(&bar.name).is_some());
    let is_alike = now.unit == then.unit && now.is_represented == then.is_represented;
    (is_alike && !chart.bars.is_empty()).then_some(chart)
}

fn scatter(now: &Scatter, then: &Scatter) -> Option<Scatter> {
    let mut chart = then.clone();
    chart
        .dots
        .retain(|dot| now.dots.iter().any(|own| own.name == dot.name));
    let is_alike = now.x == then.x && now.y == then.y;
    (is_alike && !chart.dots.is_empty()).then_some(chart)
}
