//! Notices that a hotel changed: the design then asks live for that hotel's stays.
//!
//! ```text
//!  change ──window──▶ hint ──delivery──▶ all stays of the hotel ──rate_limit──▶ asked live, stored
//! ```
//!
//! A notice is sent for every changed row and says nothing but the hotel; pushed with a `window`, one for all
//! that changes in a hotel until the flush. Pulled, it is the list of hotels that changed since the last look
//! (as in Google's hint requests, polled every 5 minutes).
//!
//! With a rate limit r and a burst b, a hint for a hotel of n stays takes (n − b) / r at an idle bucket; hints of
//! single stays wait as in M/D/1. A stay waits in line once: a hint that comes meanwhile is answered by the same ask.

use std::collections::VecDeque;
use std::rc::Rc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::delivery::pull::RateLimit;
use crate::sim::clock::{NEVER, Time};
use crate::sim::truth::{StayTruth, Write};

/// Hints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Hints {
    /// At most so many live asks a second after hints; what exceeds it waits in line. The feed's delay is that of
    /// hints; what waits here shows in staleness. Default: all stays of a hotel are asked at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
}

/// The hints of one hotel as they arrive, and when one of its stays is asked.
#[derive(Debug)]
pub struct Hinted {
    /// In the order of time, each once.
    arrivals: Rc<Vec<Time>>,
    next: usize,
    /// Asks wait for a rate limit, each in its turn.
    limited: bool,
    /// When the stay is asked, as the limit lets it pass, of what was not taken yet.
    asks: VecDeque<Time>,
    /// When it is asked last, so far.
    last_ask: Time,
}

impl Hinted {
    /// From the moment the stay enters.
    #[must_use]
    pub fn new(source: Hints, arrivals: Rc<Vec<Time>>, truth: &StayTruth<'_>) -> Self {
        let next = arrivals.partition_point(|at| *at < truth.enters);
        Self {
            arrivals,
            next,
            limited: source.rate_limit.is_some(),
            asks: VecDeque::new(),
            last_ask: Time::MIN,
        }
    }

    /// When the next hint arrives.
    #[inline]
    fn hint(&self) -> Time {
        self.arrivals.get(self.next).copied().unwrap_or(NEVER)
    }

    /// When the next answer is taken, which is there at once or has been held until a moment; or the next hint asks
    /// the rate limit, which nothing holds.
    #[must_use]
    #[inline]
    pub fn due(&self, held_until: Time) -> Time {
        if self.limited {
            let ask = self.asks.front().copied().unwrap_or(NEVER);
            self.hint().min(ask.max(held_until))
        } else {
            self.hint().max(held_until)
        }
    }

    /// When the stay is asked from a moment on, of what was not taken yet: the answers were held back.
    pub fn pending(&self, truth: &StayTruth<'_>, from: Time) -> impl Iterator<Item = Time> {
        let within = from..truth.leaves;
        let hints = self.arrivals.get(self.next..).unwrap_or_default();
        let unlimited = if self.limited { &[] } else { hints };
        let pending = unlimited.iter().chain(&self.asks).copied();
        pending.filter(move |at| within.contains(at))
    }

    /// Takes the next answer; nothing where a hint came, which `admit` lets pass when it is its turn.
    pub fn take(
        &mut self,
        now: Time,
        held_until: Time,
        truth: &StayTruth<'_>,
        admit: impl FnOnce(Time) -> Time,
    ) -> Option<Write> {
        let ask = if !self.limited {
            let hint = self.hint();
            self.next += 1;
            hint
        } else if self
            .asks
            .front()
            .is_some_and(|ask| (*ask).max(held_until) <= now)
        {
            self.asks.pop_front()?
        } else {
            let hint = self.hint();
            self.next += 1;
            // A stay waits in line once.
            if hint > self.last_ask {
                self.last_ask = admit(hint);
                self.asks.push_back(self.last_ask);
            }
            return None;
        };
        (ask < NEVER).then(|| truth.read(ask, ask, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::quantity::{Count, Rate};
    use crate::sim::clock::{DAY, SECOND};
    use crate::world::group::{Group, RowState, RuleBook, Rules, RulesScratch, Stay};

    /// A hint for a hotel of n stays at an idle bucket is answered in (n − burst) / rate; one that comes meanwhile
    /// has those asked again that were asked before it, and no others.
    #[test]
    fn a_hotel_takes_as_long_as_its_stays() {
        let limit = RateLimit {
            per_second: Rate::of(4.0),
            burst: Count::of(3),
        };
        let source = Hints {
            rate_limit: Some(limit),
        };
        let (first, second) = (10 * SECOND, 12 * SECOND);
        let mut group = Group::default();
        group.stays.push(Stay {
            enters: 0,
            nights: 0,
            leaves: DAY,
            shape: 0,
            weight: 0.0,
            check_in: NEVER,
            flips_per_day: [0.0; 2],
        });
        group.rows.at_start.push(RowState::with_rooms(1));
        let book = RuleBook::default();
        group.settle(&Rules::RowIsStay, &book, &mut RulesScratch::default());
        let truth = StayTruth::new(&group, 0);
        let arrivals = Rc::new(vec![first, second]);
        let mut stays: Vec<Hinted> = (0..23)
            .map(|_| Hinted::new(source, Rc::clone(&arrivals), &truth))
            .collect();
        let mut bucket = limit.bucket();
        let mut asked = Vec::new();
        loop {
            let due = stays.iter().map(|stay| stay.due(Time::MIN));
            let Some((at, stay)) = due.zip(0..).min().filter(|(at, _)| *at < NEVER) else {
                break;
            };
            let write = stays[stay].take(at, Time::MIN, &truth, |at| bucket.admit(at));
            asked.extend(write.map(|write| (stay, write.read)));
        }
        let gap = SECOND / 4;
        let in_turn = |stay: usize| first + gap * stay.saturating_sub(2) as Time;
        let expected: Vec<(usize, Time)> = (0..23).map(|stay| (stay, in_turn(stay))).collect();
        assert_eq!(asked[..23], expected);
        assert_eq!(asked[22].1 - first, (23 - 3) * gap);
        // Two seconds later eleven had been asked, the last of them at that very moment.
        let again: Vec<usize> = asked[23..].iter().map(|(stay, _)| *stay).collect();
        assert_eq!(again, (0..10).collect::<Vec<_>>());
    }
}
