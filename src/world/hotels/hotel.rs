//! One hotel: its rooms, and what requests, cancellations and suppliers do to them in the order of time.

use super::published::LONGEST_STAY;
use super::requests::Request;
use super::supplier::Span;
use crate::sim::clock::{DAY, NEVER, Time};
use crate::sim::math;
use crate::world::group::{
    Booking, Calendar, ChangeStream, RowChange, RowState, Rows, RulesScratch,
};

/// Nights before the run are kept too, as long as a stay may reach into it.
const BEFORE: i64 = LONGEST_STAY as i64;

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
}

/// What is written down while walking.
#[derive(Debug)]
pub(super) struct Record<'a> {
    /// How rows and stays are numbered.
    pub(super) calendar: Calendar,
    /// Days ahead that can be searched.
    pub(super) window: i64,
    /// Row changes.
    pub(super) rows: &'a mut Rows,
    /// Bookings of stays that can be searched.
    pub(super) bookings: &'a mut Vec<Booking>,
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
            add(request.at, What::Request(i));
            add(request.cancelled_at, What::Cancel(i));
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
    }

    /// The nights of a stay that are kept: from slot to slot, within a room type.
    fn slots(&self, first: i64, nights: u32) -> (usize, usize) {
        let slot = |night: i64| (night + BEFORE).clamp(0, self.nights as i64) as usize;
        (slot(first), slot(first + i64::from(nights)))
    }

    /// Plays what happens before `until`.
    pub(super) fn play(&mut self, until: Time, mut record: Option<Record<'_>>) {
        while let Some(event) = self.events.get(self.next)
            && event.at < until
        {
            let Event { at, what } = *event;
            self.next += 1;
            match what {
                What::Request(i) => self.book(i as usize, at, &mut record),
                What::Cancel(i) => {
                    let Request {
                        arrival, nights, ..
                    } = self.requests[i as usize];
                    let took = self.took[i as usize];
                    if took != NONE {
                        let stream = ChangeStream::Cancellations;
                        self.change(
                            at,
                            (took, arrival, nights),
                            stream,
                            &mut record,
                            |h, slot| {
                                h.left[slot] += 1;
                            },
                        );
                    }
                }
                What::Close(i) => {
                    self.supply(at, i, ChangeStream::CloseOuts, &mut record, |h, slot| {
                        h.left[slot] -= CLOSED;
                    });
                }
                What::Reopen(i) => {
                    self.supply(at, i, ChangeStream::Reopenings, &mut record, |h, slot| {
                        h.left[slot] += CLOSED;
                    });
                }
                What::Rate(i) => self.supply(at, i, ChangeStream::Rates, &mut record, |_, _| {}),
            }
        }
    }

    /// A request becomes a booking if some room type can sell every night of it.
    fn book(&mut self, i: usize, at: Time, record: &mut Option<Record<'_>>) {
        let Request {
            arrival,
            nights,
            pick,
            ..
        } = self.requests[i];
        let (from, to) = self.slots(arrival, nights);
        if from >= to {
            return;
        }
        let can = |room_type: usize| {
            let base = room_type * self.nights;
            self.left[base + from..base + to]
                .iter()
                .all(|left| *left > 0)
        };
        let mut able = 0_u64;
        let mut appeal = 0.0;
        for (room_type, share) in self.appeal.iter().enumerate() {
            if can(room_type) {
                able |= 1 << room_type;
                appeal += share;
            }
        }
        if able == 0 {
            return;
        }
        let mut left = pick * appeal;
        let mut took = NONE;
        for (room_type, share) in (0..).zip(&self.appeal) {
            if able >> room_type & 1 == 1 {
                took = room_type;
                left -= share;
                if left < 0.0 {
                    break;
                }
            }
        }
        self.took[i] = took;
        if let Some(record) = record {
            let lead = arrival - at.div_euclid(DAY);
            let calendar = record.calendar;
            if lead < record.window
                && arrival < i64::from(calendar.check_ins())
                && nights <= calendar.longest
            {
                let stay = calendar.stay(arrival as u32, nights);
                record.bookings.push(Booking { stay, at });
            }
        }
        let stream = ChangeStream::Bookings;
        self.change(at, (took, arrival, nights), stream, record, |h, slot| {
            h.left[slot] -= 1;
        });
    }

    fn supply(
        &mut self,
        at: Time,
        i: u32,
        stream: ChangeStream,
        record: &mut Option<Record<'_>>,
        act: impl Fn(&mut Self, usize),
    ) {
        let Span {
            room_type,
            first,
            nights,
            ..
        } = self.spans[i as usize];
        self.change(at, (room_type, first, nights), stream, record, act);
    }

    /// Changes some nights of a room type and writes each down.
    #[inline]
    fn change(
        &mut self,
        at: Time,
        (room_type, first, nights): (u32, i64, u32),
        stream: ChangeStream,
        record: &mut Option<Record<'_>>,
        act: impl Fn(&mut Self, usize),
    ) {
        let base = room_type as usize * self.nights;
        let (from, to) = self.slots(first, nights);
        for night in from..to {
            act(self, base + night);
            if let Some(record) = record
                && night >= BEFORE as usize
            {
                record.rows.changes.push(RowChange {
                    at,
                    row: record.calendar.row(room_type, night as u32 - BEFORE as u32),
                    state: self.state(base + night),
                    stream,
                });
            }
        }
    }

    /// Of the stays that can be searched on a day of the run, how many can be booked now.
    pub(super) fn available(&self, day: i64, window: i64, longest: u32) -> u64 {
        let (from, to) = self.slots(day, (window + i64::from(longest) - 1) as u32);
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
            if (night - from) < window as usize {
                stays += u64::from(best.min(longest));
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
                hotel.play(until, None);
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
                        take(span.room_type, span.first, span.nights, CLOSED);
                    }
                }
                assert_eq!(left, hotel.left, "hotel {group} at {until}");
            }
            assert!(booked > 100);
        }
    }
}
