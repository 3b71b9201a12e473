//! How stale answers are: which share of them is staler than so long.

use std::rc::Rc;

use super::Figure;
use crate::measure::metrics::Unit;
use crate::report::charts::Picture;
use crate::report::charts::lines::{Across, Curve, Lines, Values};
use crate::report::charts::palette::Owner;
use crate::report::charts::ticks::short_seconds;
use crate::report::results::{Distribution, Results};

/// Ticks that people know, in seconds.
const TICKS: [f64; 11] = [
    0.1,
    1.0,
    10.0,
    60.0,
    600.0,
    3_600.0,
    21_600.0,
    86_400.0,
    604_800.0,
    2_592_000.0,
    15_552_000.0,
];

/// As long as no more than this part of what is stale is left of it, a chart has nothing to show there.
const FLAT: f64 = 0.005;

/// The staleness that hits met; nothing where no answer was stale.
pub(super) fn staleness(results: &Results, designs: usize) -> Option<Figure> {
    let found = |place: usize| -> Option<&Distribution> {
        results.designs[place]
            .distributions
            .get("served_staleness_s")
    };
    let all = || (0..results.designs.len()).filter_map(found);
    // All begin alike; the longest has them all. 0 has no place on this axis.
    let longest = all().max_by_key(|of| of.than.len())?;
    let above = |of: &Distribution, index: usize| of.above.get(index).map_or(0.0, |of| of.mean);
    let is_flat = |index: &usize| {
        let mut own = all().filter(|of| above(of, 0) > 0.0);
        own.all(|of| above(of, *index) >= above(of, 0) * (1.0 - FLAT))
    };
    let flat = (1..longest.than.len()).take_while(is_flat).count();
    let first = flat.max(1);
    let than = longest.than.get(first..).filter(|than| than.len() > 1)?;
    let curves = results.designs.iter().enumerate().map(|(place, design)| {
        let of = found(place);
        let at = |index: usize| {
            let of = of?;
            let end = (index >= of.above.len()).then_some((0.0, None));
            end.or_else(|| of.above.get(index).map(|of| (of.mean, of.ci95)))
        };
        let indices = || first..longest.than.len();
        Curve {
            name: design.name.clone(),
            owner: Owner::Design(place),
            values: indices().map(|index| Some(at(index)?.0)).collect(),
            reach: indices().map(|index| at(index)?.1).collect(),
            is_bound: place >= designs,
            sparse: false,
        }
    });
    let [low, high] = [than.first()?, than.last()?].map(|end| *end);
    let ticks = TICKS.iter().filter(|tick| (low..=high).contains(tick));
    Some(Figure {
        name: "staleness-spread",
        of: None,
        title: "How stale answers are".to_owned(),
        note: "Share of the answers served from the copy that are staler than this; the rest are fresher, or fresh. \
               Bands are 95 % intervals."
            .to_owned(),
        picture: Rc::new(Picture::Lines(Lines {
            unit: Unit::Share,
            is_difference: false,
            across: Across::Values(Values {
                title: "Staler than".to_owned(),
                unit: Some(Unit::Seconds),
                names: than.iter().map(|than| short_seconds(*than)).collect(),
                exact: than.to_vec(),
                ticks: ticks
                    .map(|tick| (libm::log(*tick), short_seconds(*tick)))
                    .collect(),
                is_marked: false,
            }),
            at: than.iter().map(|than| libm::log(*than)).collect(),
            curves: curves.collect(),
            spans: Vec::new(),
            levels: Vec::new(),
            earlier: Vec::new(),
        })),
        wide: false,
    })
}
