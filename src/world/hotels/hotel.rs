//! One hotel: its rooms, and what requests, cancellations and suppliers do to them in the order of time.

use super::plans::{PlansScratch, Restriction, row};
use super::published::LONGEST_STAY;
use super::requests::Request;
use super::supplier::Span;
use crate::sim::clock::{DAY, NEVER, Time};
use crate::sim::math;
use crate::world::group::{
    Calendar, ChangeStream, Ignores, Record, RowState, Rule, RuleBook, RulesScratch,
};

/// Nights before the run are kept too, as long as a stay may reach into it.
pub(super) const BEFORE: i64 = LONGEST_STAY as i64;

/// More than all rooms of a hotel: a night that is closed shows less than no room.
const CLOSED: i64 = 1 << 40;

/// No room type.
const NONE: u32 = u32::MAX;

/// One hotel, walked from its first booking to the end of the run. Its memory is reused for the next.
#[derive(Debug, Default)]
pub(crate) struct Hotel {
    /// Requests, in the order they are made.
    pub(super) requests: Vec<Request>,
    /// The room type that each took; [`NONE`] if it did not become a booking.
    took: Vec<u32>,
    /// What suppliers change.
    pub(super) spans: Vec<Span>,
    /// What happens, in order of time; and how far the walk is.
    events: Vec<Event>,
    next: usize,
    /// Working memory of the sort: what happens, and where each day begins.
    unsorted: Vec<Event>,
    first: Vec<u32>,
    /// Room type by room type: the share of guests that would pick it first.
    pub(super) appeal: Vec<f64>,
    /// Room types × nights from [`BEFORE`] on: rooms left, less [`CLOSED`] for each close-out under way.
    left: Vec<i64>,
    /// Nights from [`BEFORE`] on.
    nights: usize,
    /// Rate plans.
    pub(super) plans: u32,
    /// What they restrict: in force at the start, and changes; not in the order of time.
    pub(super) restrictions: Vec<Restriction>,
    /// All plans together, then plan by plan, × nights from [`BEFORE`] on: what is asked for, by kind.
    asks: Vec<[u8; 4]>,
    /// Rate plan × nights from [`BEFORE`] on: the rows.
    plan_rows: Vec<RowState>,
    /// Working memory of their drawing.
    pub(super) plans_scratch: PlansScratch,
    /// What each room type would have if rooms could be split, for one room a night that is asked for; and
    /// where it is rounded up.
    pub(super) sizes: Vec<(f64, f64)>,
    /// Working memory of the rules.
    pub(super) rules: RulesScratch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    at: Time,
    what: What,
}

/// Ties are played in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Reopen(u32),
    Cancel(u32),
    Request(u32),
    Close(u32),
    Rate(u32),
    Restrict(u32),
}

impl Hotel {
    /// Puts what happens from `first_day` to `end` in the order of time.
    pub(super) fn schedule(&mut self, first_day: i64, end: Time) {
        self.unsorted.clear();
        let unsorted = &mut self.unsorted;
        let mut add = |at: Time, what: What| {
            if at < end {
                unsorted.push(Event { at, what });
            }
        };
        for (i, request) in (0..).zip(&self.requests) {
            if request.rooms > 0 {
                add(request.at, What::Request(i));
                add(request.cancelled_at, What::Cancel(i));
            }
        }
        for (i, restriction) in (0..).zip(&self.restrictions) {
            if restriction.at >= 0 {
                add(restriction.at, What::Restrict(i));
            }
        }
        for (i, span) in (0..).zip(&self.spans) {
            if span.reopens == NEVER {
                add(span.at, What::Rate(i));
            } else {
                add(span.at, What::Close(i));
                add(span.reopens, What::Reopen(i));
            }
        }
        // By day first, which leaves little to sort.
        let day = |event: &Event| (event.at.div_euclid(DAY) - first_day) as usize;
        self.first.clear();
        self.first.resize(
            day(&Event {
                at: end,
                what: What::Rate(0),
            }) + 2,
            0,
        );
        for event in &self.unsorted {
            self.first[day(event) + 1] += 1;
        }
        for day in 1..self.first.len() {
            self.first[day] += self.first[day - 1];
        }
        self.events.clear();
        let nothing = Event {
            at: 0,
            what: What::Rate(0),
        };
        self.events.resize(self.unsorted.len(), nothing);
        for event in &self.unsorted {
            let slot = &mut self.first[day(event)];
            self.events[*slot as usize] = *event;
            *slot += 1;
        }
        let mut from = 0;
        for to in &self.first {
            self.events[from as usize..*to as usize].sort_unstable();
            from = *to;
        }
    }

    /// Leaves out what sells no room and closes none: for who asks for availability alone, and often.
    pub(super) fn without_rates(&mut self) {
        self.events
            .retain(|event| !matches!(event.what, What::Rate(_)));
    }

    /// Empties the hotel of guests and gives each room type its rooms, from the first night on: `rooms` times
    /// its size, rounded, one at least.
    pub(super) fn open(&mut self, rooms: f64, nights: u32) {
        self.nights = nights as usize + BEFORE as usize;
        self.next = 0;
        self.took.clear();
        self.took.resize(self.requests.len(), NONE);
        self.left.clear();
        for (size, round) in &self.sizes {
            let rooms = math::floor(rooms * size + round).max(1.0) as i64;
            self.left.resize(self.left.len() + self.nights, rooms);
        }
        let plans = self.plans as usize;
        self.asks.clear();
        self.asks.resize((plans + 1) * self.nights, [0; 4]);
        self.plan_rows.clear();
        self.plan_rows.resize(plans * self.nights, row([0; 4]));
        for i in 0..self.restrictions.len() {
            if self.restrictions[i].at < 0 {
                self.restrict(i, None);
            }
        }
    }

    /// Whether a room can be sold.
    #[inline]
    fn sells(&self, slot: usize) -> bool {
        self.left[slot] > 0
    }

    /// The state of a room type's night.
    #[inline]
    fn state(&self, slot: usize) -> RowState {
        let left = self.left[slot];
        RowState {
            closed: left < 0,
            // What is left of whole close-outs are the rooms.
            ..RowState::with_rooms((left & (CLOSED - 1)) as i32)
        }
    }

    /// The state of each row now.
    pub(super) fn rows(&self, into: &mut Vec<RowState>) {
        into.clear();
        let room_types = self.appeal.len();
        for room_type in 0..room_types {
            let from = room_type * self.nights;
            into.extend((from + BEFORE as usize..from + self.nights).map(|slot| self.state(slot)));
        }
        for plan in self.plan_rows.chunks_exact(self.nights) {
            into.extend_from_slice(&plan[BEFORE as usize..]);
        }
    }

    /// The rows of rate plans now, from the night of a day on.
    pub(super) fn plans_from(&self, day: i64) -> impl Iterator<Item = &[RowState]> {
        let plans = self.plan_rows.chunks_exact(self.nights);
        plans.map(move |plan| &plan[(day + BEFORE) as usize..])
    }

    /// The nights of a stay that are kept: from slot to slot, within a room type.
    fn slots(&self, first: i64, nights: u32) -> (usize, usize) {
        let slot = |night: i64| (night + BEFORE).clamp(0, self.nights as i64) as usize;
        (slot(first), slot(first + i64::from(nights)))
    }

    /// Plays what happens before `until` under these rules.
    pub(super) fn play(&mut self, until: Time, book: &RuleBook, mut record: Option<Record<'_>>) {
        while let Some(event) = self.events.get(self.next)
            && event.at < until
        {
            let Event { at, what } = *event;
            let record = &mut record;
            self.next += 1;
            match what {
                What::Request(i) => self.book(i as usize, at, book.at(at), record),
                What::Cancel(i) => self.cancel(i as usize, at, record),
                What::Close(i) => {
                    self.supply(at, i, ChangeStream::CloseOuts, record, |left| {
                        *left -= CLOSED;
                    });
                }
                What::Reopen(i) => {
                    self.supply(at, i, ChangeStream::Reopenings, record, |left| {
                        *left += CLOSED;
                    });
                }
                What::Rate(i) => self.rate(at, i, record),
                What::Restrict(i) => self.restrict(i as usize, record.as_mut()),
            }
        }
    }

    /// Whether some rate plan sells what is asked for at a moment.
    #[inline]
    fn plan_sells(&self, request: &Request, at: Time, ignores: Ignores) -> bool {
        if self.plans == 0 || ignores.contains(Rule::RatePlans) {
            return true;
        }
        let (from, to) = self.slots(request.arrival, request.nights);
        let lead = (request.arrival - at.div_euclid(DAY)) as u32;
        self.plan_rows.chunks_exact(self.nights).any(|plan| {
            // Who arrives on a day that is not kept is not asked.
            let allowed = request.arrival < -BEFORE
                || plan[from].allows(lead, ignores) >> (request.nights - 1) & 1 == 1;
            allowed && plan[from..to].iter().all(|row| row.open())
        })
    }

    /// A request becomes a booking if some room type and some rate plan can sell every night of it; for a
    /// group, as many rooms as there are.
    fn book(&mut self, first: usize, at: Time, ignores: Ignores, record: &mut Option<Record<'_>>) {
        let Request {
            arrival,
            nights,
            rooms,
            group,
            ..
        } = self.requests[first];
        let (from, to) = self.slots(arrival, nights);
        if from >= to || !self.plan_sells(&self.requests[first], at, ignores) {
            return;
        }
        let mut touched = 0_u64;
        for i in first..first + rooms as usize {
            let Some(took) = self.room_type((from, to), self.requests[i].pick) else {
                break;
            };
            self.took[i] = took;
            touched |= 1 << took;
            let base = took as usize * self.nights;
            for left in &mut self.left[base + from..base + to] {
                *left -= 1;
            }
            if let Some(record) = record {
                record.booked(at, arrival, nights);
            }
        }
        let stream = if group {
            ChangeStream::GroupBlocks
        } else {
            ChangeStream::Bookings
        };
        self.note(at, touched, (from, to), stream, record);
    }

    /// The room type that a guest takes: of those with a room on every night, by their appeal.
    fn room_type(&self, (from, to): (usize, usize), pick: f64) -> Option<u32> {
        let mut able = 0_u64;
        let mut appeal = 0.0;
        for (room_type, share) in self.appeal.iter().enumerate() {
            let base = room_type * self.nights;
            if self.left[base + from..base + to]
                .iter()
                .all(|left| *left > 0)
            {
                able |= 1 << room_type;
                appeal += share;
            }
        }
        let mut left = pick * appeal;
        let mut took = None;
        for (room_type, share) in (0..).zip(&self.appeal) {
            if able >> room_type & 1 == 1 {
                took = Some(room_type);
                left -= share;
                if left < 0.0 {
                    break;
                }
            }
        }
        took
    }

    /// A booking is cancelled; of a group, all of its rooms.
    fn cancel(&mut self, first: usize, at: Time, record: &mut Option<Record<'_>>) {
        let Request {
            arrival,
            nights,
            rooms,
            ..
        } = self.requests[first];
        let (from, to) = self.slots(arrival, nights);
        let mut touched = 0_u64;
        for took in &self.took[first..first + rooms as usize] {
            if *took != NONE {
                touched |= 1 << took;
                let base = *took as usize * self.nights;
                for left in &mut self.left[base + from..base + to] {
                    *left += 1;
                }
            }
        }
        let stream = ChangeStream::Cancellations;
        self.note(at, touched, (from, to), stream, record);
    }

    /// A supplier changes some nights of a room type.
    fn supply(
        &mut self,
        at: Time,
        i: u32,
        stream: ChangeStream,
        record: &mut Option<Record<'_>>,
        act: impl Fn(&mut i64),
    ) {
        let Span {
            of, first, nights, ..
        } = self.spans[i as usize];
        let (from, to) = self.slots(first, nights);
        let base = of as usize * self.nights;
        self.left[base + from..base + to].iter_mut().for_each(act);
        self.note(at, 1 << of, (from, to), stream, record);
    }

    /// A rate is updated: a message, and nothing else.
    fn rate(&mut self, at: Time, i: u32, record: &mut Option<Record<'_>>) {
        let Span {
            of, first, nights, ..
        } = self.spans[i as usize];
        let slots = self.slots(first, nights);
        if let Some(record) = record {
            self.note_plan(at, of, slots, ChangeStream::Rates, record);
        }
    }

    /// A restriction is made, changed or lifted.
    fn restrict(&mut self, i: usize, mut record: Option<&mut Record<'_>>) {
        let Restriction {
            at,
            plan,
            kind,
            first,
            nights,
            asks,
        } = self.restrictions[i];
        let (from, to) = self.slots(first, nights);
        let level = plan.map_or(0, |plan| plan as usize + 1) * self.nights;
        for of_night in &mut self.asks[level + from..level + to] {
            of_night[kind as usize] = asks;
        }
        let plans = plan.map_or(0..self.plans, |plan| plan..plan + 1);
        for plan in plans {
            let base = plan as usize * self.nights;
            for night in from..to {
                let for_all = self.asks[night];
                let own = self.asks[base + self.nights + night];
                self.plan_rows[base + night] =
                    row(std::array::from_fn(|kind| for_all[kind].max(own[kind])));
            }
            if let Some(record) = &mut record {
                self.note_plan(at, plan, (from, to), kind.stream(), record);
            }
        }
    }

    /// Writes down some nights of the room types in a mask.
    #[inline]
    fn note(
        &self,
        at: Time,
        mut room_types: u64,
        (from, to): (usize, usize),
        stream: ChangeStream,
        record: &mut Option<Record<'_>>,
    ) {
        let Some(record) = record else { return };
        while room_types != 0 {
            let room_type = room_types.trailing_zeros();
            room_types &= room_types - 1;
            for night in from.max(BEFORE as usize)..to {
                let row = record
                    .calendar
                    .row(room_type, (night - BEFORE as usize) as u32);
                let state = self.state(room_type as usize * self.nights + night);
                record.note(at, row, state, stream);
            }
        }
    }

    /// Writes down some nights of a rate plan.
    fn note_plan(
        &self,
        at: Time,
        plan: u32,
        (from, to): (usize, usize),
        stream: ChangeStream,
        record: &mut Record<'_>,
    ) {
        for night in from.max(BEFORE as usize)..to {
            let row = record
                .calendar
                .plan_row(plan, (night - BEFORE as usize) as u32);
            let state = self.plan_rows[plan as usize * self.nights + night];
            record.note(at, row, state, stream);
        }
    }

    /// Of the stays that can be searched on a day of the run, how many can be booked now; `sold` is what some
    /// rate plan sells, by check-in and nights.
    pub(super) fn available(&self, day: i64, calendar: Calendar, sold: &[bool]) -> u64 {
        let Calendar {
            window, longest, ..
        } = calendar;
        let (from, to) = self.slots(day, window + longest - 1);
        let mut open = vec![0_u32; self.appeal.len()];
        let mut stays = 0;
        for night in (from..to).rev() {
            let mut best = 0;
            for (room_type, open) in open.iter_mut().enumerate() {
                *open = if self.sells(room_type * self.nights + night) {
                    *open + 1
                } else {
                    0
                };
                best = best.max(*open);
            }
            if night - from < window as usize {
                let check_in = (night - from) * longest as usize;
                let sold = &sold[check_in..check_in + best.min(longest) as usize];
                stays += sold.iter().filter(|sold| **sold).count() as u64;
            }
        }
        stays
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::random::Key;
    use crate::world::Shocks;
    use crate::world::hotels::HotelsWorld;

    /// Rooms left, counted anew from who is in the house: none is sold twice, none is lost.
    #[test]
    fn rooms_add_up() {
        let world = serde_json::json!({
            "count": 1, "booking_window": "60d", "max_nights": 5,
            "demand": { "requests_per_hotel_per_day": 9, "profile": "mixed" },
            "searches_per_request": 1, "supplier_changes_per_hotel_per_day": 6
        });
        let horizon = crate::sim::clock::Horizon {
            warm: 0,
            end: 9 * DAY,
        };
        let world = HotelsWorld::new(
            &serde_json::from_value(world).unwrap(),
            horizon,
            &Shocks::default(),
        );
        let mut hotel = Hotel::default();
        for group in 0..40 {
            world.draw(Key::replicate(3, 0), group, &mut hotel);
            hotel.open(world.rooms, world.calendar.nights);
            let empty = hotel.left.clone();
            let mut booked = 0;
            for until in [0, 4 * DAY + 1, horizon.end] {
                hotel.play(until, &RuleBook::default(), None);
                let mut left = empty.clone();
                let mut take = |room_type: u32, first: i64, nights: u32, rooms: i64| {
                    let base = room_type as usize * hotel.nights;
                    let (from, to) = hotel.slots(first, nights);
                    for left in &mut left[base + from..base + to] {
                        *left -= rooms;
                        assert!(rooms == CLOSED || *left >= 0, "hotel {group} at {until}");
                    }
                };
                for (request, took) in hotel.requests.iter().zip(&hotel.took) {
                    if *took != NONE && request.cancelled_at >= until {
                        booked += 1;
                        take(*took, request.arrival, request.nights, 1);
                    }
                }
                for span in hotel.spans.iter().filter(|span| span.reopens != NEVER) {
                    if span.at < until && until <= span.reopens {
                        take(span.of, span.first, span.nights, CLOSED);
                    }
                }
                assert_eq!(left, hotel.left, "hotel {group} at {until}");
            }
            assert!(booked > 100);
        }
    }
}
