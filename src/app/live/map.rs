//! Where stays stand on the map: hotels by nights, or a block where there are no hotels.

use super::timeline::{Counts, Timeline};
use crate::report::reel::Reel;
use crate::sim::clock::{DAY, NEVER, Time};

/// The map of a film.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// How many rows.
    pub rows: usize,
    /// How many columns.
    pub columns: usize,
    /// What a row is called; none where stays lie in a block.
    pub hotels: Vec<u64>,
    /// The first check-in day that is filmed.
    first: i64,
    /// By row, then check-in day (or column): the stay.
    stays: Vec<Option<u32>>,
    /// Days, or columns, in a row of `stays`.
    days: usize,
    /// By stay: its row.
    row_of: Vec<usize>,
}

/// A block is about so many times as wide as it is high.
const WIDE: f64 = 6.0;

impl Map {
    /// The map of a film, of at most so many nights ahead.
    #[must_use]
    pub fn new(reel: &Reel, ahead: Option<usize>) -> Self {
        let dated = reel.actors.iter().all(|actor| actor.check_in < NEVER);
        if dated {
            Self::by_night(reel, ahead)
        } else {
            Self::block(reel.actors.len())
        }
    }

    fn by_night(reel: &Reel, ahead: Option<usize>) -> Self {
        let mut hotels: Vec<u64> = reel.actors.iter().map(|actor| actor.hotel).collect();
        hotels.sort_unstable();
        hotels.dedup();
        let day = |at: Time| at.div_euclid(DAY);
        let (first, last) = reel
            .actors
            .iter()
            .fold((i64::MAX, i64::MIN), |(first, last), of| {
                (first.min(day(of.check_in)), last.max(day(of.check_in)))
            });
        let days = usize::try_from(last.saturating_sub(first) + 1).unwrap_or(0);
        let mut stays = vec![None; days * hotels.len()];
        let mut row_of = Vec::with_capacity(reel.actors.len());
        let mut most = 0;
        for (stay, actor) in (0_u32..).zip(&reel.actors) {
            let row = hotels.binary_search(&actor.hotel).unwrap_or(0);
            row_of.push(row);
            stays[row * days + (day(actor.check_in) - first) as usize] = Some(stay);
            most = most.max(day(actor.check_in) - day(actor.enters.max(0)));
        }
        let columns = usize::try_from(most + 1).unwrap_or(1);
        Self {
            rows: hotels.len(),
            columns: ahead.map_or(columns, |ahead| ahead.min(columns)),
            hotels,
            first,
            stays,
            days,
            row_of,
        }
    }

    fn block(stays: usize) -> Self {
        let columns = (libm::ceil(libm::sqrt(stays as f64 * WIDE)) as usize).max(1);
        let rows = stays.div_ceil(columns);
        Self {
            rows,
            columns,
            hotels: Vec::new(),
            first: 0,
            stays: (0..rows * columns)
                .map(|place| (place < stays).then_some(place as u32))
                .collect(),
            days: columns,
            row_of: (0..stays).map(|stay| stay / columns).collect(),
        }
    }

    /// Whether columns are nights.
    #[must_use]
    pub fn is_by_night(&self) -> bool {
        !self.hotels.is_empty()
    }

    /// The stay that stands in a cell at a moment.
    #[must_use]
    pub fn stay(&self, row: usize, column: usize, at: Time) -> Option<usize> {
        if row >= self.rows || column >= self.columns {
            return None;
        }
        let day = usize::try_from(column as i64 + self.shift(at)).ok();
        let day = day.filter(|day| *day < self.days)?;
        self.stays[row * self.days + day].map(|stay| stay as usize)
    }

    /// The cell in which a stay stands at a moment.
    #[must_use]
    pub fn cell(&self, reel: &Reel, stay: usize, at: Time) -> Option<(usize, usize)> {
        let row = *self.row_of.get(stay)?;
        let column = if self.is_by_night() {
            let check_in = reel.actors.get(stay)?.check_in;
            check_in.div_euclid(DAY) - at.div_euclid(DAY)
        } else {
            (stay % self.columns) as i64
        };
        let column = usize::try_from(column).ok();
        column
            .filter(|column| *column < self.columns)
            .map(|column| (row, column))
    }

    /// By how many days today is behind the first that is filmed.
    fn shift(&self, at: Time) -> i64 {
        if self.is_by_night() {
            at.div_euclid(DAY) - self.first
        } else {
            0
        }
    }

    /// All cells with a stay on sale.
    pub fn cells(&self, at: Time) -> impl Iterator<Item = (usize, usize, usize)> {
        let cells =
            (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (row, column)));
        cells.filter_map(move |(row, column)| {
            self.stay(row, column, at).map(|stay| (row, column, stay))
        })
    }

    /// How many of the stays of a row are how; of all, without one.
    #[must_use]
    pub fn counts(&self, film: &Timeline, row: Option<usize>, at: Time) -> Counts {
        let mut counts = Counts::default();
        for (_, _, stay) in self
            .cells(at)
            .filter(|(of, ..)| row.is_none_or(|row| row == *of))
        {
            if let Some(state) = film.state(stay, at) {
                counts.add(state, film.on_miss);
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::super::timeline::tests::timeline;
    use super::*;

    #[test]
    fn the_window_rolls_at_midnight() {
        let film = timeline();
        let map = Map::new(&film.reel, None);
        assert_eq!((map.rows, map.columns), (1, 2));
        assert_eq!((map.stay(0, 0, 5), map.stay(0, 1, 5)), (Some(0), Some(1)));
        assert_eq!((map.stay(0, 0, DAY), map.stay(0, 1, DAY)), (Some(1), None));
        assert_eq!(map.cell(&film.reel, 1, 5), Some((0, 1)));
        assert_eq!(map.cell(&film.reel, 0, DAY), None);
        assert_eq!(map.counts(&film, None, 9).of, [1, 0, 1, 0, 0]);
        assert_eq!(map.counts(&film, Some(3), 9).stays(), 0);
        let near = Map::new(&film.reel, Some(1));
        assert_eq!(near.counts(&film, None, 9).stays(), 1);
    }

    #[test]
    fn stays_without_nights_lie_in_a_block() {
        let mut film = timeline();
        let one = film.reel.actors[0];
        film.reel.actors = vec![
            crate::sim::film::Actor {
                check_in: NEVER,
                ..one
            };
            50
        ];
        let map = Map::new(&film.reel, Some(3));
        assert_eq!((map.rows, map.columns), (3, 18));
        assert_eq!(map.cells(0).count(), 50);
        for (row, column, stay) in map.cells(7) {
            assert_eq!(map.cell(&film.reel, stay, 7), Some((row, column)));
        }
    }
}
