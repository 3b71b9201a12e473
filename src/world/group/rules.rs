//! The domain's rules: how answers follow from rows.
//!
//! The truth and a design's replica go through the same function, each with its own rows and its own
//! [`RuleBook`]. Answers are followed change by change: only check-ins within reach of a night that opens or
//! closes are looked at again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AnswerChange, Answers, CALENDAR, RowChange, RowState};
use crate::sim::clock::{DAY, NEVER, Time};

/// A rule that a rate plan's row makes, or that there are rate plans at all.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The least nights of a stay, by its check-in night.
    MinNights,
    /// Check-in nights on which nobody may arrive.
    ClosedToArrival,
    /// The least days from booking to check-in.
    MinLead,
    /// All of them, and the closing of rate plans too: rooms alone count.
    RatePlans,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::MinNights,
        Self::ClosedToArrival,
        Self::MinLead,
        Self::RatePlans,
    ];
}

/// Rules that are left out: a small set, written as a list of their names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Rule>", into = "Vec<Rule>")]
pub struct Ignores(u8);

impl Ignores {
    /// All rules hold.
    pub const NONE: Self = Self(0);

    /// With one more rule left out.
    #[must_use]
    pub const fn with(self, rule: Rule) -> Self {
        Self(self.0 | 1 << rule as u8)
    }

    /// With the rules of another set left out, too.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a rule is left out.
    #[must_use]
    #[inline]
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 >> rule as u8 & 1 == 1
    }

    /// Whether all rules hold.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The rules that are left out.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL
            .into_iter()
            .filter(move |rule| self.contains(*rule))
    }
}

impl From<Vec<Rule>> for Ignores {
    fn from(rules: Vec<Rule>) -> Self {
        rules.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Ignores> for Vec<Rule> {
    fn from(ignores: Ignores) -> Self {
        ignores.iter().collect()
    }
}

impl JsonSchema for Ignores {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ignores".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Rule>::json_schema(generator)
    }
}

/// Which rules are left out, and from when on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBook {
    /// From each moment on, in time order; the first holds from the start, whatever its moment.
    pub from: Vec<(Time, Ignores)>,
}

impl Default for RuleBook {
    fn default() -> Self {
        Self::always(Ignores::NONE)
    }
}

impl RuleBook {
    /// One set of rules for all time.
    #[must_use]
    pub fn always(ignores: Ignores) -> Self {
        Self {
            from: vec![(Time::MIN, ignores)],
        }
    }

    /// What is left out at a moment.
    #[must_use]
    pub fn at(&self, at: Time) -> Ignores {
        let upto = self.from.partition_point(|(from, _)| *from <= at);
        let entry = self.from.get(upto.saturating_sub(1));
        entry.map_or(Ignores::NONE, |(_, ignores)| *ignores)
    }

    /// The switches after the start of the run.
    fn switches(&self) -> &[(Time, Ignores)] {
        let held = self.from.partition_point(|(from, _)| *from <= 0).max(1);
        self.from.get(held..).unwrap_or_default()
    }
}

/// The domain's rules: how answers follow from rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rules {
    /// A stay is available when its row is open.
    RowIsStay,
    /// A stay is available when some room type and some rate plan sell every night of it.
    Nights(Calendar),
}

/// How rows and stays of a hotel are numbered. Night 0 is the night of the first day of the run.
///
/// A stay (check-in c, n nights) is available at t when some room type and some rate plan p are open on each
/// of its nights, p's row of night c is not closed to arrival, asks for at most n nights, and for at most
/// c − day(t) days from booking to check-in. Where there is no rate plan, rooms alone count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// Room types; their rows are room type × nights + night.
    pub room_types: u32,
    /// Rate plans; their rows follow, in the same way. May be 0.
    pub rate_plans: u32,
    /// Days ahead that can be searched: the check-in leads 0 to this − 1.
    pub window: u32,
    /// Nights, from the first that can be searched.
    pub nights: u32,
    /// The longest stay, 1 to 30 nights; a stay is check-in × longest + (its nights − 1). The last check-in
    /// is the one whose longest stay ends on the last night.
    pub longest: u32,
}

impl Calendar {
    /// How many check-in nights there are.
    #[must_use]
    pub fn check_ins(&self) -> u32 {
        self.nights + 1 - self.longest
    }

    /// How many days the run has, the last perhaps in part: on the last one, the last check-in is searched.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.check_ins() + 1 - self.window
    }

    /// The stay with this check-in and this many nights.
    #[must_use]
    pub fn stay(&self, check_in: u32, nights: u32) -> u32 {
        check_in * self.longest + nights - 1
    }

    /// The row of a room type's night.
    #[must_use]
    #[inline]
    pub fn row(&self, room_type: u32, night: u32) -> u32 {
        room_type * self.nights + night
    }

    /// The row of a rate plan's night.
    #[must_use]
    #[inline]
    pub fn plan_row(&self, rate_plan: u32, night: u32) -> u32 {
        (self.room_types + rate_plan) * self.nights + night
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> u32 {
        (self.room_types + self.rate_plans) * self.nights
    }

    /// The night of a row.
    #[must_use]
    #[inline]
    pub fn night(&self, row: u32) -> u32 {
        row % self.nights
    }

    /// Whether a row is a rate plan's.
    #[must_use]
    #[inline]
    pub fn is_plan(&self, row: u32) -> bool {
        row >= self.room_types * self.nights
    }
}

/// Working memory of [`Rules::answers`], kept between calls.
#[derive(Debug, Default)]
pub struct RulesScratch {
    /// Whether each row is open (where a row is a stay).
    open: Vec<bool>,
    /// Row by row: how many nights in a row are open from this one on, at most the longest stay.
    runs: Vec<u8>,
    /// Rate plans' rows, for what they ask of stays that check in that night.
    plans: Vec<RowState>,
    /// Check-in by check-in: the numbers of nights that can be had, as a mask.
    masks: Vec<u32>,
}

impl RowState {
    /// The numbers of nights that a rate plan allows a stay that checks in this night, so many days ahead: a
    /// mask, 1 night first. Whether its nights are open is another matter.
    #[inline]
    pub(in crate::world) fn allows(self, lead_days: u32, ignores: Ignores) -> u32 {
        if (self.closed_to_arrival && !ignores.contains(Rule::ClosedToArrival))
            || (u32::from(self.min_lead_days) > lead_days && !ignores.contains(Rule::MinLead))
        {
            0
        } else if ignores.contains(Rule::MinNights) {
            u32::MAX
        } else {
            !lowest(self.min_nights.saturating_sub(1))
        }
    }
}

impl Rules {
    /// The answers that follow from rows that start so and change so, under these rules. `changes` are in the
    /// order in which they are applied, which is the order of time (where a row is a stay: within each row).
    ///
    /// A stay's answer toggles at most once at an instant: what several causes do there together counts. A
    /// check-in's answers are followed to the end of its day, when its stays have left.
    pub fn answers(
        &self,
        book: &RuleBook,
        at_start: &[RowState],
        changes: &[RowChange],
        scratch: &mut RulesScratch,
        into: &mut Answers,
    ) {
        into.clear();
        match self {
            Self::RowIsStay => {
                into.at_start.extend(at_start.iter().map(|row| row.open()));
                if changes.is_sorted_by_key(|change| change.row) {
                    into.take_by_stay(changes);
                    return;
                }
                scratch.open.clear();
                scratch.open.extend_from_slice(&into.at_start);
                for (cause, change) in (0..).zip(changes) {
                    let open = &mut scratch.open[change.row as usize];
                    if *open != change.state.open() {
                        *open = !*open;
                        let at = change.at;
                        into.pending.push((change.row, AnswerChange { at, cause }));
                    }
                }
            }
            Self::Nights(calendar) => {
                Follow::new(*calendar, book, at_start, scratch, into).all(book, changes);
            }
        }
        into.settle();
    }
}

/// The lowest `count` bits.
#[inline]
fn lowest(count: u8) -> u32 {
    // 31 bits are enough for 30 nights.
    (1_u32 << count.min(31)) - 1
}

/// A hotel's answers being followed through time.
struct Follow<'a> {
    calendar: Calendar,
    runs: &'a mut Vec<u8>,
    plans: &'a mut Vec<RowState>,
    masks: &'a mut Vec<u32>,
    into: &'a mut Answers,
    ignores: Ignores,
    /// The day of the run it is.
    today: u32,
    /// The longest lead that any rate plan ever asked for, in days.
    longest_lead: u32,
}

impl<'a> Follow<'a> {
    fn new(
        calendar: Calendar,
        book: &RuleBook,
        at_start: &[RowState],
        scratch: &'a mut RulesScratch,
        into: &'a mut Answers,
    ) -> Self {
        let RulesScratch {
            runs, plans, masks, ..
        } = scratch;
        let longest = calendar.longest as u8;
        runs.clear();
        runs.resize(at_start.len(), 0);
        let nights = calendar.nights as usize;
        for (runs, states) in runs
            .chunks_exact_mut(nights)
            .zip(at_start.chunks_exact(nights))
        {
            let mut run = 0;
            for (slot, state) in runs.iter_mut().zip(states).rev() {
                run = if state.open() {
                    longest.min(run + 1)
                } else {
                    0
                };
                *slot = run;
            }
        }
        let first = calendar.room_types as usize * nights;
        plans.clear();
        plans.extend_from_slice(at_start.get(first..).unwrap_or_default());
        let leads = plans.iter().map(|state| u32::from(state.min_lead_days));
        let longest_lead = leads.max().unwrap_or(0);
        masks.clear();
        let follow = Self {
            calendar,
            runs,
            plans,
            masks,
            into,
            ignores: book.at(0),
            today: 0,
            longest_lead,
        };
        for check_in in 0..calendar.check_ins() {
            let mask = follow.mask(check_in);
            follow.masks.push(mask);
            let answers = (0..calendar.longest).map(|bit| mask >> bit & 1 == 1);
            follow.into.at_start.extend(answers);
        }
        follow
    }

    /// Follows all changes, switches of rules and midnights in the order of time.
    fn all(mut self, book: &RuleBook, changes: &[RowChange]) {
        let mut switches = book.switches().iter().peekable();
        let mut next_switch = switches.peek().map_or(NEVER, |(at, _)| *at);
        let mut next_midnight = DAY;
        let mut until = |follow: &mut Self, at: Time| {
            loop {
                let next = next_switch.min(next_midnight);
                if next > at || follow.today >= follow.calendar.days() {
                    return;
                }
                if next == next_midnight {
                    next_midnight += DAY;
                    follow.midnight(next);
                }
                if next == next_switch {
                    if let Some((_, ignores)) = switches.next() {
                        follow.switch(next, *ignores);
                    }
                    next_switch = switches.peek().map_or(NEVER, |(at, _)| *at);
                }
            }
        };
        for (cause, change) in (0..).zip(changes) {
            until(&mut self, change.at);
            self.apply(change, cause);
        }
        until(&mut self, NEVER);
    }

    /// The numbers of nights that a stay from this check-in can have today.
    #[inline]
    fn mask(&self, check_in: u32) -> u32 {
        let Calendar {
            room_types,
            rate_plans,
            nights,
            ..
        } = self.calendar;
        let slot = |row: u32| (row * nights + check_in) as usize;
        let rooms = (0..room_types).map(|room_type| self.runs[slot(room_type)]);
        let rooms = lowest(rooms.max().unwrap_or(0));
        if rate_plans == 0 || rooms == 0 || self.ignores.contains(Rule::RatePlans) {
            return rooms;
        }
        let lead = check_in.saturating_sub(self.today);
        let sold = (0..rate_plans).fold(0, |sold, plan| {
            let nights = lowest(self.runs[slot(room_types + plan)]);
            sold | nights & self.plans[slot(plan)].allows(lead, self.ignores)
        });
        rooms & sold
    }

    /// Looks at a check-in again.
    #[inline]
    fn look(&mut self, at: Time, check_in: u32, cause: u32) {
        let now = self.mask(check_in);
        let was = std::mem::replace(&mut self.masks[check_in as usize], now);
        let mut toggled = was ^ now;
        while toggled != 0 {
            let stay = self.calendar.stay(check_in, toggled.trailing_zeros() + 1);
            self.into.pending.push((stay, AnswerChange { at, cause }));
            toggled &= toggled - 1;
        }
    }

    /// A row takes a new state.
    #[inline]
    fn apply(&mut self, change: &RowChange, cause: u32) {
        let Calendar {
            room_types,
            nights,
            longest,
            ..
        } = self.calendar;
        let row = change.row as usize;
        let night = change.row % nights;
        let check_ins = self.calendar.check_ins();
        let is_open = change.state.open();
        let was_open = self.runs[row] > 0;
        let mut asks = false;
        if let Some(plan_row) = row.checked_sub((room_types * nights) as usize) {
            let was = std::mem::replace(&mut self.plans[plan_row], change.state);
            asks = was != change.state;
            let lead = u32::from(change.state.min_lead_days);
            self.longest_lead = self.longest_lead.max(lead);
        }
        if is_open != was_open {
            // From each check-in whose nights before this one are open, the run now ends here, or goes on.
            let longest = longest as u8;
            let beyond = match self.runs.get(row + 1) {
                Some(run) if night + 1 < nights => *run,
                _ => 0,
            };
            let on = if is_open { 1 + beyond } else { 0 };
            // What has left needs no answer.
            let earliest = (night + 1).saturating_sub(u32::from(longest));
            for before in 0..=(night - earliest) {
                let slot = row - before as usize;
                let before = before as u8;
                if self.runs[slot] < before {
                    break;
                }
                self.runs[slot] = longest.min(before + on);
                let check_in = night - u32::from(before);
                if (self.today..check_ins).contains(&check_in) {
                    self.look(change.at, check_in, cause);
                }
            }
        } else if asks && (self.today..check_ins).contains(&night) {
            self.look(change.at, night, cause);
        }
    }

    /// A day ends: its stays leave, and leads are a day shorter.
    fn midnight(&mut self, at: Time) {
        self.today += 1;
        if self.ignores.contains(Rule::MinLead) || self.ignores.contains(Rule::RatePlans) {
            return;
        }
        let (today, nights) = (self.today, self.calendar.nights);
        // Only where the lead a plan asks for is a day more than the one that is left.
        let upto = (today + self.longest_lead).min(self.calendar.check_ins());
        for check_in in today..upto {
            let asked = (check_in - today) as u16 + 1;
            let plans = 0..self.calendar.rate_plans;
            let asks = |plan| self.plans[(plan * nights + check_in) as usize].min_lead_days;
            if plans.map(asks).any(|lead| lead == asked) {
                self.look(at, check_in, CALENDAR);
            }
        }
    }

    /// Other rules come into force.
    fn switch(&mut self, at: Time, ignores: Ignores) {
        self.ignores = ignores;
        for check_in in self.today..self.calendar.check_ins() {
            self.look(at, check_in, CALENDAR);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::random::Key;
    use crate::world::group::ChangeStream;

    fn random_state(key: Key, plan: bool) -> RowState {
        RowState {
            left: i32::from(plan || key.at(0).happens(0.8)),
            closed: key.at(1).happens(0.15),
            min_nights: if plan && key.at(2).happens(0.3) {
                (key.at(3).word() % 5) as u8
            } else {
                1
            },
            closed_to_arrival: plan && key.at(4).happens(0.15),
            min_lead_days: if plan && key.at(5).happens(0.4) {
                (key.at(6).word() % 7) as u16
            } else {
                0
            },
        }
    }

    /// The definition, word for word.
    fn available(
        calendar: Calendar,
        rows: &[RowState],
        ignores: Ignores,
        at: Time,
        (check_in, nights): (u32, u32),
    ) -> bool {
        let open = |row: u32| rows[row as usize].open();
        let mut stay = check_in..check_in + nights;
        let rooms = (0..calendar.room_types)
            .any(|room_type| stay.clone().all(|k| open(calendar.row(room_type, k))));
        let lead = i64::from(check_in) - at.div_euclid(DAY);
        let sells = |plan: u32| {
            let arrival = rows[calendar.plan_row(plan, check_in) as usize];
            stay.clone().all(|k| open(calendar.plan_row(plan, k)))
                && (ignores.contains(Rule::ClosedToArrival) || !arrival.closed_to_arrival)
                && (ignores.contains(Rule::MinNights) || u32::from(arrival.min_nights) <= nights)
                && (ignores.contains(Rule::MinLead) || lead >= i64::from(arrival.min_lead_days))
        };
        let plans = calendar.rate_plans == 0
            || ignores.contains(Rule::RatePlans)
            || (0..calendar.rate_plans).any(sells);
        stay.next().is_some() && rooms && plans
    }

    /// Where a row is a stay, it makes no difference whether changes come by row or in the order of time, but for
    /// where their causes are; several may come at one instant.
    #[test]
    fn rows_that_are_stays_may_come_one_by_one() {
        let (mut scratch, mut toggles) = (RulesScratch::default(), 0);
        for case in 0..50 {
            let key = Key::replicate(case, 1);
            let start: Vec<RowState> = (0..9).map(|row| random_state(key.at(row), false)).collect();
            let change = |index: u64| RowChange {
                at: (key.at(100 + index).word() % 20) as Time,
                row: (key.at(200 + index).word() % 8) as u32,
                state: random_state(key.at(300 + index), false),
                stream: ChangeStream::Flips,
            };
            let mut by_time: Vec<RowChange> = (0..60).map(change).collect();
            by_time.sort_by_key(|change| change.at);
            let mut places: Vec<u32> = (0..60).collect();
            places.sort_by_key(|place| by_time[*place as usize].row);
            let by_row: Vec<_> = places
                .iter()
                .map(|place| by_time[*place as usize])
                .collect();
            let [one, other] = [&by_time, &by_row].map(|changes| {
                let mut answers = Answers::default();
                let book = RuleBook::default();
                Rules::RowIsStay.answers(&book, &start, changes, &mut scratch, &mut answers);
                answers
            });
            assert_eq!(one.at_start, other.at_start);
            for stay in 0..start.len() {
                let moved = other.of(stay).iter().map(|toggle| AnswerChange {
                    cause: places[toggle.cause as usize],
                    ..*toggle
                });
                assert_eq!(one.of(stay), moved.collect::<Vec<_>>());
                toggles += one.of(stay).len();
            }
        }
        assert!(toggles > 300);
    }

    /// Against the definition itself, on random calendars: every stay that has not left, at every instant,
    /// through changes of rooms and plans, midnights and switches of rules, often several at once.
    #[test]
    fn answers_follow_the_definition() {
        let mut scratch = RulesScratch::default();
        let mut answers = Answers::default();
        let mut seen = [0_u32; 2];
        for case in 0..120_u64 {
            let key = Key::replicate(case, 0);
            let calendar = Calendar {
                room_types: 1 + (case % 3) as u32,
                rate_plans: (case / 3 % 4) as u32,
                window: 3,
                nights: 9,
                longest: 1 + (case % 4) as u32,
            };
            let is_plan = |row: u64| calendar.is_plan(row as u32);
            let rows = u64::from(calendar.rows());
            let start: Vec<RowState> = (0..rows)
                .map(|row| random_state(key.at(row), is_plan(row)))
                .collect();
            // A coarse clock: a sixth of what happens falls on midnights, and much of it together.
            let tick = DAY / 6;
            let mut changes: Vec<RowChange> = (0..120_u64)
                .map(|i| {
                    let row = key.at(1000 + i).word() % rows;
                    RowChange {
                        at: (key.at(2000 + i).word() % 54) as Time * tick,
                        row: row as u32,
                        state: random_state(key.at(3000 + i), is_plan(row)),
                        stream: ChangeStream::Bookings,
                    }
                })
                .collect();
            changes.sort_by_key(|change| change.at);
            let mut book = RuleBook::default();
            for i in 0..case % 3 {
                let at = (key.at(4000 + i).word() % 54) as Time * tick;
                let ignores = Ignores((key.at(5000 + i).word() % 16) as u8);
                book.from.push((at, ignores));
            }
            book.from.sort_by_key(|(at, _)| *at);

            let rules = Rules::Nights(calendar);
            rules.answers(&book, &start, &changes, &mut scratch, &mut answers);
            for stay in 0..answers.at_start.len() {
                let toggles = answers.of(stay);
                assert!(toggles.is_sorted_by(|a, b| a.at < b.at), "case {case}");
            }
            let mut state = start;
            let mut applied = 0;
            for step in 0..i64::from(calendar.days()) * 6 {
                let at = step * tick;
                while let Some(change) = changes.get(applied)
                    && change.at <= at
                {
                    state[change.row as usize] = change.state;
                    applied += 1;
                }
                for check_in in (at / DAY) as u32..calendar.check_ins() {
                    for nights in 1..=calendar.longest {
                        let stay = calendar.stay(check_in, nights) as usize;
                        let toggles = answers.of(stay).iter().filter(|c| c.at <= at).count();
                        let said = answers.at_start[stay] ^ (toggles % 2 == 1);
                        let is = available(calendar, &state, book.at(at), at, (check_in, nights));
                        seen[usize::from(is)] += 1;
                        assert_eq!(
                            said, is,
                            "case {case}, {calendar:?}, step {step}, stay {check_in}+{nights}"
                        );
                    }
                }
            }
        }
        assert!(seen.iter().all(|seen| *seen > 5_000), "{seen:?}");
    }

    /// A cause is the row change that made the toggle, or the calendar.
    #[test]
    fn causes_are_named() {
        let calendar = Calendar {
            room_types: 1,
            rate_plans: 1,
            window: 1,
            nights: 3,
            longest: 1,
        };
        let open = RowState::with_rooms(1);
        let late = RowState {
            min_lead_days: 1,
            ..open
        };
        let start = [open, open, open, open, open, late];
        let close = RowChange {
            at: DAY / 2,
            row: 1,
            state: RowState { left: 0, ..open },
            stream: ChangeStream::Bookings,
        };
        let mut book = RuleBook::default();
        book.from
            .push((2 * DAY + 5, Ignores::NONE.with(Rule::MinLead)));
        let mut answers = Answers::default();
        let mut scratch = RulesScratch::default();
        Rules::Nights(calendar).answers(&book, &start, &[close], &mut scratch, &mut answers);
        let change = |at, cause| AnswerChange { at, cause };
        assert_eq!(answers.of(0), []);
        assert_eq!(answers.of(1), [change(DAY / 2, 0)]);
        assert_eq!(
            answers.of(2),
            [change(2 * DAY, CALENDAR), change(2 * DAY + 5, CALENDAR)]
        );
    }

    #[test]
    fn ignores_are_a_list_of_names() {
        let ignores: Ignores = serde_json::from_str(r#"["rate_plans", "min_lead"]"#).unwrap();
        assert_eq!(
            ignores,
            Ignores::NONE.with(Rule::MinLead).with(Rule::RatePlans)
        );
        assert_eq!(
            serde_json::to_string(&ignores).unwrap(),
            r#"["min_lead","rate_plans"]"#
        );
        assert!(serde_json::from_str::<Ignores>(r#"["rates"]"#).is_err());
    }
}
