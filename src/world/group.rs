//! A group: stays that can only meet each other. A hotel, or a block of textbook items.
//!
//! The truth is kept as rows (what a supplier's tables hold) and as the answers that the domain's rules make
//! of them. A design with a replica applies the same [`Rules`] to the rows that reached it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hotels::Hotel;
use super::searches::{ReadyCounts, SearchCounts, SearchShape};
use crate::sim::clock::Time;
use crate::sim::random::Key;

mod record;
mod rules;

pub(super) use record::Record;
pub use rules::{Calendar, Ignores, Rule, RuleBook, Rules, RulesScratch};

/// What makes the truth, group by group. One replicate of a group depends on its key alone, so groups can
/// be made in any order, on any thread.
pub trait Generate: Send + Sync {
    /// How many groups there are.
    fn groups(&self) -> u64;
    /// Makes one group of one replicate in place; buffers are reused from group to group.
    fn fill(&self, replicate: Key, group: u64, into: &mut Group);
    /// How answers follow from rows.
    fn rules(&self) -> &Rules;
    /// Which rules the domain itself leaves out, and until when.
    fn rule_book(&self) -> &RuleBook;
    /// The shapes that stays' searches follow over time, by [`Stay::shape`].
    fn shapes(&self) -> &[SearchShape];
    /// How many stays of a group can be searched at one moment, while it is on the board.
    fn slots(&self, group: u64) -> u32;
    /// The stay that is in a slot at a moment.
    fn stay_at(&self, slot: u32, at: Time) -> u32;
    /// When a group comes onto the board, and when it leaves.
    fn on_board(&self, replicate: Key, group: u64) -> (Time, Time);
    /// Groups of one kind are searched alike, but for their scale.
    fn kind(&self, group: u64) -> u64;
    /// A group's [`Group::search_scale`].
    fn scale(&self, group: u64) -> f64;
    /// Mean searches a day of each slot of a kind of scale 1 at a moment.
    fn slot_searches(&self, kind: u64, at: Time, into: &mut Vec<f64>);
    /// The hotel of a group's row or stay of this index: what a design treats as one. A group is a hotel,
    /// unless the world says otherwise.
    fn hotel(&self, group: u64, _index: u32) -> u64 {
        group
    }
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
    /// Counts of searches that are about to be drawn.
    ready: Vec<ReadyCounts>,
}

/// Counts of so many stays are made ready at a time: few enough to be near the processor when they are drawn.
const READY: usize = 64;

impl Group {
    /// Empties the buffers for another group.
    pub fn clear(&mut self, ordinal: u64) {
        self.ordinal = ordinal;
        self.search_scale = 1.0;
        self.stays.clear();
        self.rows.at_start.clear();
        self.rows.changes.clear();
        self.bookings.clear();
    }

    /// An empty group with this one's working memory, which a group that is kept has no more use for.
    #[must_use]
    pub fn succeed(&mut self) -> Self {
        Self {
            hotel: std::mem::take(&mut self.hotel),
            ready: std::mem::take(&mut self.ready),
            ..Self::default()
        }
    }

    /// Makes the true answers from the rows.
    pub fn settle(&mut self, rules: &Rules, book: &RuleBook, scratch: &mut RulesScratch) {
        rules.answers(
            book,
            &self.rows.at_start,
            &self.rows.changes,
            scratch,
            &mut self.truth,
        );
    }

    /// Draws how many searches each stay has. `key` is the group's own for searches.
    pub fn count_searches(&mut self, shapes: &[SearchShape], key: Key) {
        let scale = self.search_scale;
        self.searches.clear();
        let mut keys = (0..).map(|index| key.at(index));
        for some in self.stays.chunks(READY) {
            self.ready.clear();
            let ready = some.iter().zip(&mut keys).map(|(stay, key)| {
                let shape = &shapes[stay.shape as usize];
                shape.counts(key, stay.weight * scale)
            });
            self.ready.extend(ready);
            self.searches
                .extend(self.ready.iter().map(ReadyCounts::draw));
        }
    }
}

/// What does not change about a stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// When it can first be searched: it enters the booking window, or its hotel joins the board (the start
    /// of the run at the earliest).
    pub enters: Time,
    /// When it can no longer be (the end of the run at the latest). As it enters, where its hotel joins after
    /// it would have left, or leaves before it would have entered.
    pub leaves: Time,
    /// Index of its [`SearchShape`].
    pub shape: u32,
    /// For so many nights; 1 where there is no check-in.
    pub nights: u32,
    /// Mean searches are this times the group's scale times the shape's mass.
    pub weight: f64,
    /// 00:00 UTC of the check-in day, also where that is before or after the run; [`NEVER`] where there is
    /// no check-in.
    ///
    /// [`NEVER`]: crate::sim::clock::NEVER
    pub check_in: Time,
    /// How often it sells out per day of being available, and reopens per day of being sold out: true means,
    /// for whoever is to know them.
    pub flips_per_day: [f32; 2],
}

/// A booking of a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Booking {
    /// Which stay.
    pub stay: u32,
    /// When.
    pub at: Time,
}

/// The rows of a group: in `two_state` a row is a stay, in `hotels` and `trace` a room type's night or a
/// rate plan's night.
#[derive(Debug, Default)]
pub struct Rows {
    /// Each row at the start of the run; or, of a night beyond reach then, as it comes within reach.
    pub at_start: Vec<RowState>,
    /// All changes after that, in time order (where a row is a stay: within each row). Also changes that
    /// change no answer: a message is sent for each.
    pub changes: Vec<RowChange>,
}

/// The state of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowState {
    /// Rooms left. In `two_state` 1 or 0, of a rate plan 1.
    pub left: i32,
    /// Closed, by the supplier; of a rate plan: not sold.
    pub closed: bool,
    /// The least nights of a stay that checks in this night. Of a room type 1.
    pub min_nights: u8,
    /// No stay may check in this night.
    pub closed_to_arrival: bool,
    /// The least days from booking to check-in of a stay that checks in this night.
    pub min_lead_days: u16,
}

impl RowState {
    /// So many rooms left, and no restriction.
    #[must_use]
    pub const fn with_rooms(left: i32) -> Self {
        Self {
            left,
            closed: false,
            min_nights: 1,
            closed_to_arrival: false,
            min_lead_days: 0,
        }
    }

    /// Whether the night can be sold.
    #[must_use]
    #[inline]
    pub const fn open(self) -> bool {
        self.left > 0 && !self.closed
    }
}

/// One row takes a new state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowChange {
    /// When.
    pub at: Time,
    /// Which row.
    pub row: u32,
    /// Its state from now on.
    pub state: RowState,
    /// What kind of change it was: the stream that carries its message.
    pub stream: ChangeStream,
}

/// The streams that row changes travel in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ChangeStream {
    /// A textbook flip.
    Flips,
    /// Rooms taken by single bookings.
    Bookings,
    /// Rooms given back by cancellations.
    Cancellations,
    /// Rooms taken by the contracts of groups.
    GroupBlocks,
    /// A supplier closes a room type's nights.
    CloseOuts,
    /// A supplier reopens them.
    Reopenings,
    /// A rate changes; no answer does.
    Rates,
    /// A rate plan's nights are closed or opened.
    RatePlans,
    /// A rate plan asks for more or fewer nights.
    MinNights,
    /// A rate plan's nights are closed to arrival, or opened to it.
    ArrivalRules,
    /// A rate plan asks to be booked earlier, or no longer.
    LeadRules,
}

impl ChangeStream {
    /// All of them: the textbook's own, then the ten of hotels.
    pub const ALL: [Self; 11] = [
        Self::Flips,
        Self::Bookings,
        Self::Cancellations,
        Self::GroupBlocks,
        Self::CloseOuts,
        Self::Reopenings,
        Self::Rates,
        Self::RatePlans,
        Self::MinNights,
        Self::ArrivalRules,
        Self::LeadRules,
    ];
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
    /// The row change that made it, as an index into the changes that were given; or [`CALENDAR`].
    pub cause: u32,
}

/// The cause of a toggle that no row change made: a day ended and a lead became too short, or other rules
/// came into force.
pub const CALENDAR: u32 = u32::MAX;

impl Answers {
    /// The toggles of one stay, in time order.
    #[must_use]
    #[inline]
    pub fn of(&self, stay: usize) -> &[AnswerChange] {
        let of_stay = &self.first[stay..stay + 2];
        &self.changes[of_stay[0] as usize..of_stay[1] as usize]
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

    /// The toggles that the changes of rows make, where a row is a stay and changes come by row, then time: what
    /// [`Self::settle`] makes of them.
    fn take_by_stay(&mut self, changes: &[RowChange]) {
        self.changes.clear();
        self.changes.reserve(changes.len());
        self.first.clear();
        let mut cause = 0;
        for (row, at_start) in (0..).zip(&self.at_start) {
            let first = self.changes.len();
            self.first.push(first as u32);
            let mut open = *at_start;
            while let Some(change) = changes.get(cause)
                && change.row == row
            {
                if change.state.open() != open {
                    open = !open;
                    let (at, cause) = (change.at, cause as u32);
                    match self.changes[first..].last() {
                        Some(last) if last.at == at => _ = self.changes.pop(),
                        _ => self.changes.push(AnswerChange { at, cause }),
                    }
                }
                cause += 1;
            }
        }
        self.first.push(self.changes.len() as u32);
    }

    /// Sorts what is pending by stay; within a stay it is in time order already. Toggles of one stay at one
    /// instant cancel out by pairs: what is left of them has the last one's cause.
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
        let mut kept = 0;
        let mut from = 0;
        for end in &mut self.first[1..=stays] {
            let first = kept;
            for index in from..*end as usize {
                let change = self.changes[index];
                if kept > first && self.changes[kept - 1].at == change.at {
                    kept -= 1;
                    // A third at that instant stands alone again.
                } else {
                    self.changes[kept] = change;
                    kept += 1;
                }
            }
            from = std::mem::replace(end, kept as u32) as usize;
        }
        self.changes.truncate(kept);
    }
}
