//! The tornado: what a difference rests on.

use std::rc::Rc;

use super::swept::plain;
use super::{Cell, Column, Data, Figure};
use crate::measure::metrics::Better;
use crate::report::charts::Picture;
use crate::report::charts::tornado::{End, Row, Tornado};
use crate::report::sensitivity::{EndResults, SensitivityResults};

/// A tornado of what was found; `name` gives people's name of a pointer.
#[must_use]
pub fn tornado(found: &SensitivityResults, name: &dyn Fn(&str) -> String) -> Figure {
    let (title, unit, better) = found.number();
    let end = |end: &EndResults| End {
        value: plain(&end.value),
        difference: end.difference,
    };
    // Below 0, the first of the two has less.
    let [below, above] = match better {
        Better::Higher => [&found.versus, &found.of],
        Better::Lower | Better::Neither => [&found.of, &found.versus],
    };
    let is = match better {
        Better::Neither => "has less",
        _ => "is better",
    };
    let rows = found.effects.iter().map(|effect| Row {
        name: name(&effect.over),
        ends: [end(&effect.low), end(&effect.high)],
        overturns: effect.sign_changes,
    });
    Figure {
        name: "tornado",
        of: None,
        title: format!("{title}: {} less {}", found.of, found.versus),
        note: "The difference at the low end (outlined) and the high end (filled) of each assumption, all else as it \
               stands. Whiskers are 95 % intervals."
            .to_owned(),
        picture: Rc::new(Picture::Tornado(Tornado {
            unit,
            now: found.difference,
            ahead: [below, above].map(|name| format!("{name} {is}")),
            rows: rows.collect(),
        })),
        wide: true,
    }
}

/// In words, for those who cannot see it.
pub(super) fn spoken(tornado: &Tornado) -> String {
    let now = SensitivityResults::shown(tornado.unit, tornado.now.as_ref());
    let rows = tornado.rows.iter().map(|row| {
        let [low, high] = &row.ends;
        let at = |end: &End| {
            let there = SensitivityResults::shown(tornado.unit, end.difference.as_ref());
            format!("{there} at {}", end.value)
        };
        format!("{}: {}, {}", row.name, at(low), at(high))
    });
    let rows: Vec<String> = rows.collect();
    format!("as things stand {now}; {}", rows.join("; "))
}

pub(super) fn data(tornado: &Tornado) -> Data {
    let rows = tornado.rows.iter().map(|row| {
        let ends = row.ends.iter();
        let cells = ends.flat_map(|end| {
            [
                Cell::Text(end.value.clone()),
                Cell::of(end.difference.as_ref()),
            ]
        });
        let turns = if row.overturns { "yes" } else { "no" };
        let turns = Cell::Text(turns.to_owned());
        (Cell::Text(row.name.clone()), cells.chain([turns]).collect())
    });
    let then = || Column {
        is_difference: true,
        ..Column::of_numbers("Difference then", tornado.unit)
    };
    Data {
        corner: Column::of_words("Assumption"),
        rows: rows.collect(),
        columns: vec![
            Column::of_words("Low"),
            then(),
            Column::of_words("High"),
            then(),
            Column::of_words("Overturns it"),
        ],
        has_faults: false,
        has_total: false,
        one_in: 1,
    }
}
