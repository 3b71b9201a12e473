//! A group: stays that can only meet each other. A hotel, or a block of textbook items.
//!
//! The truth is kept as rows (what a supplier's tables hold) and as the answers that the domain's rules make
//! of them. A design with a replica applies the same [`Rules`] to the rows that reached it.

use super::hotels::Hotel;
use super::searches::{SearchCounts, SearchShape};
use crate::sim::clock::Time;
use crate::sim::random::Key;

/// What makes the truth, group by group. One replicate of a group depends on its key alone, so groups can
/// be made in any order, on any thread.
pub trait Generate: Send + Sync {
    /// How many groups there are.
    fn groups(&self) -> u64;
    /// Makes one group of one replicate in place; buffers are reused from group to group.
    fn fill(&self, replicate: Key, group: u64, into: &mut Group);
    /// How answers follow from rows.
    fn rules(&self) -> &Rules;
    /// The shapes that stays' searches follow over time, by [`Stay::shape`].
    fn shapes(&self) -> &[SearchShape];
    /// How many times the simulated size the board stands for.
    fn represents(&self) -> Option<f64>;
}

/// One group's truth over the whole run.
#[derive(Debug, Default)]
pub struct Group {
    /// The group's ordinal in its world.
    pub ordinal: u64,
    /// Multiplies every stay's [`Stay::weight`]: a hotel's popularity.
    pub search_scale: f64,
    /// The stays.
    pub stays: Vec<Stay>,
    /// The rows and all their changes during the run.
    pub rows: Rows,
    /// The true answers, made from the rows by the rules.
    pub truth: Answers,
    /// Searches of each stay.
    pub searches: Vec<SearchCounts>,
    /// Bookings during the run, sorted by stay, then time. A booking is made where the stay is available
    /// just before.
    pub bookings: Vec<Booking>,
    /// Working memory of `hotels`.
    pub(super) hotel: Hotel,
}

impl Group {
    /// Empties the buffers for another group.
    pub fn clear(&mut self, ordinal: u64) {
        self.ordinal = ordinal;
        self.search_scale = 1.0;
        self.stays.clear();
        self.rows.open_at_start.clear();
        self.rows.changes.clear();
        self.bookings.clear();
    }

    /// Makes the true answers from the rows.
    pub fn settle(&mut self, rules: &Rules, scratch: &mut RulesScratch) {
        rules.answers(
            &self.rows.open_at_start,
            &self.rows.changes,
            scratch,
            &mut self.truth,
        );
    }

    /// Draws how many searches each stay has. `key` is the group's own for searches.
    pub fn count_searches(&mut self, shapes: &[SearchShape], key: Key) {
        let scale = self.search_scale;
        self.searches.clear();
        self.searches
            .extend((0..).zip(&self.stays).map(|(index, stay)| {
                shapes[stay.shape as usize].counts(key.at(index), stay.weight * scale)
            }));
    }
}

/// What does not change about a stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// When it enters the booking window (the start of the run at the earliest).
    pub enters: Time,
    /// When it leaves (the end of the run at the latest).
    pub leaves: Time,
    /// Index of its [`SearchShape`].
    pub shape: u32,
    /// Mean searches are this times the group's scale times the shape's mass.
    pub weight: f64,
}

/// A booking of a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Booking {
    /// Which stay.
    pub stay: u32,
    /// When.
    pub at: Time,
}

/// The rows of a group: in `two_state` a row is a stay, in `hotels` a room type's night.
#[derive(Debug, Default)]
pub struct Rows {
    /// Whether each row can be sold at the start of the run.
    pub open_at_start: Vec<bool>,
    /// All changes after the start, in time order (where a row is a stay: within each row). Also changes
    /// that leave `open` as it was: a message is sent for each.
    pub changes: Vec<RowChange>,
}

/// One row takes a new state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowChange {
    /// When.
    pub at: Time,
    /// Which row.
    pub row: u32,
    /// Whether it can be sold from now on.
    pub open: bool,
    /// What kind of change it was: the stream that carries its message.
    pub stream: ChangeStream,
}

/// The streams that row changes travel in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeStream {
    /// A textbook flip.
    Flips,
    /// Rooms taken by bookings.
    Bookings,
    /// Rooms given back by cancellations.
    Cancellations,
    /// A supplier closes or reopens a night.
    CloseOuts,
    /// A rate changes; no answer does.
    Rates,
}

/// Answers of all stays of a group over time.
#[derive(Debug, Default)]
pub struct Answers {
    /// Whether each stay is available at the start of the run.
    pub at_start: Vec<bool>,
    /// When answers toggle, by stay, then time.
    changes: Vec<AnswerChange>,
    /// Where each stay's changes begin.
    first: Vec<u32>,
    /// Scratch: changes in time order, with their stay.
    pending: Vec<(u32, AnswerChange)>,
}

/// A stay's answer toggles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerChange {
    /// When.
    pub at: Time,
    /// The row change that made it, as an index into the changes that were given.
    pub cause: u32,
}

impl Answers {
    /// The toggles of one stay, in time order.
    #[must_use]
    #[inline]
    pub fn of(&self, stay: usize) -> &[AnswerChange] {
        &self.changes[self.first[stay] as usize..self.first[stay + 1] as usize]
    }

    /// How many toggles there are in all.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes.len()
    }

    fn clear(&mut self) {
        self.at_start.clear();
        self.pending.clear();
    }

    /// Sorts what is pending by stay; within a stay it is in time order already.
    fn settle(&mut self) {
        let stays = self.at_start.len();
        self.first.clear();
        self.first.resize(stays + 2, 0);
        for (stay, _) in &self.pending {
            self.first[*stay as usize + 2] += 1;
        }
        for stay in 0..=stays {
            self.first[stay + 1] += self.first[stay];
        }
        let nothing = AnswerChange { at: 0, cause: 0 };
        self.changes.clear();
        self.changes.resize(self.pending.len(), nothing);
        for (stay, change) in &self.pending {
            let slot = &mut self.first[*stay as usize + 1];
            self.changes[*slot as usize] = *change;
            *slot += 1;
        }
    }
}

/// The domain's rules: how answers follow from rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rules {
    /// A stay is available when its row is open.
    RowIsStay,
    /// A stay is available when some room type is open on every night of it.
    Nights(Calendar),
}

/// How rows and stays of a hotel are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// Room types; a row is room type × nights + night.
    pub room_types: u32,
    /// Nights, from the first that can be searched.
    pub nights: u32,
    /// The longest stay; a stay is check-in × longest + (its nights − 1). The last check-in is the one
    /// whose longest stay ends on the last night.
    pub longest: u32,
}

impl Calendar {
    /// How many check-in nights there are.
    #[must_use]
    pub fn check_ins(&self) -> u32 {
        self.nights + 1 - self.longest
    }

    /// The stay with this check-in and this many nights.
    #[must_use]
    pub fn stay(&self, check_in: u32, nights: u32) -> u32 {
        check_in * self.longest + nights - 1
    }

    /// The row of a room type's night.
    #[must_use]
    pub fn row(&self, room_type: u32, night: u32) -> u32 {
        room_type * self.nights + night
    }
}

/// Working memory of [`Rules::answers`], kept between calls.
#[derive(Debug, Default)]
pub struct RulesScratch {
    open: Vec<bool>,
    best: Vec<u32>,
}

impl Rules {
    /// The answers that follow from rows that start so and change so, in the order given.
    pub fn answers(
        &self,
        open_at_start: &[bool],
        changes: &[RowChange],
        scratch: &mut RulesScratch,
        into: &mut Answers,
    ) {
        into.clear();
        scratch.open.clear();
        scratch.open.extend_from_slice(open_at_start);
        match self {
            Self::RowIsStay => {
                into.at_start.extend_from_slice(open_at_start);
                for (cause, change) in (0..).zip(changes) {
                    let open = &mut scratch.open[change.row as usize];
                    if *open != change.open {
                        *open = change.open;
                        into.pending.push((
                            change.row,
                            AnswerChange {
                                at: change.at,
                                cause,
                            },
                        ));
                    }
                }
            }
            Self::Nights(calendar) => calendar.answers(changes, scratch, into),
        }
        into.settle();
    }
}

impl Calendar {
    /// Nights in a row, from a check-in, that some one room type is open; at most the longest stay.
    fn open_nights(&self, open: &[bool], check_in: u32) -> u32 {
        (0..self.room_types)
            .map(|room_type| {
                let from = self.row(room_type, check_in) as usize;
                let nights = &open[from..from + self.longest as usize];
                nights.iter().take_while(|open| **open).count() as u32
            })
            .max()
            .unwrap_or(0)
    }

    fn answers(&self, changes: &[RowChange], scratch: &mut RulesScratch, into: &mut Answers) {
        let RulesScratch { open, best } = scratch;
        best.clear();
        best.resize(self.check_ins() as usize, 0);
        for room_type in open.chunks_exact(self.nights as usize) {
            let mut run = 0;
            for (night, open) in room_type.iter().enumerate().rev() {
                run = if *open { self.longest.min(run + 1) } else { 0 };
                if let Some(best) = best.get_mut(night) {
                    *best = run.max(*best);
                }
            }
        }
        for nights in best.iter() {
            into.at_start
                .extend((1..=self.longest).map(|n| n <= *nights));
        }
        for (cause, change) in (0..).zip(changes) {
            let row = change.row as usize;
            if open[row] == change.open {
                continue;
            }
            open[row] = change.open;
            let night = change.row % self.nights;
            let earliest = (night + 1).saturating_sub(self.longest);
            for check_in in earliest..=night.min(self.check_ins() - 1) {
                let was = best[check_in as usize];
                // A night beyond the first closed one cannot matter; this skips most of the work.
                if !change.open && night - check_in >= was {
                    continue;
                }
                let now = self.open_nights(open, check_in);
                best[check_in as usize] = now;
                for nights in was.min(now) + 1..=was.max(now) {
                    let toggle = AnswerChange {
                        at: change.at,
                        cause,
                    };
                    into.pending.push((self.stay(check_in, nights), toggle));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::random::Key;

    /// Against the definition itself, on random calendars: every stay, after every change.
    #[test]
    fn answers_follow_the_definition() {
        let calendar = Calendar {
            room_types: 2,
            nights: 9,
            longest: 3,
        };
        let rules = Rules::Nights(calendar);
        let mut scratch = RulesScratch::default();
        let mut answers = Answers::default();
        for case in 0..50 {
            let key = Key::replicate(case, 0);
            let rows = 18;
            let start: Vec<bool> = (0..rows).map(|row| key.at(row).happens(0.7)).collect();
            let changes: Vec<RowChange> = (0..60_u32)
                .map(|i| RowChange {
                    at: i64::from(i),
                    row: (key.at(100 + u64::from(i)).word() % rows) as u32,
                    open: key.at(200 + u64::from(i)).happens(0.6),
                    stream: ChangeStream::Bookings,
                })
                .collect();
            rules.answers(&start, &changes, &mut scratch, &mut answers);
            let mut open = start.clone();
            for step in 0..=changes.len() {
                if step > 0 {
                    open[changes[step - 1].row as usize] = changes[step - 1].open;
                }
                for check_in in 0..calendar.check_ins() {
                    for nights in 1..=calendar.longest {
                        let sells = |room_type: u32| {
                            (check_in..check_in + nights)
                                .all(|night| open[calendar.row(room_type, night) as usize])
                        };
                        let stay = calendar.stay(check_in, nights) as usize;
                        let toggles = answers
                            .of(stay)
                            .iter()
                            .filter(|c| c.at < step as i64)
                            .count();
                        let said = answers.at_start[stay] ^ (toggles % 2 == 1);
                        assert_eq!(
                            said,
                            sells(0) || sells(1),
                            "case {case}, step {step}, stay {check_in}+{nights}"
                        );
                    }
                }
            }
        }
    }
}
