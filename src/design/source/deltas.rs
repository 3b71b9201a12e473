//! Change-data-capture: one message a changed row.
//!
//! In `two_state` a row is a stay and a message is a flip. In `hotels` a row is a room type's or rate plan's night; the
//! design keeps a replica of the rows, recomputes the stays that a row touches and writes the answers that
//! changed. A message carries the row's state, so the next one of that row heals an earlier loss.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::delivery::Carrier;
use crate::measure::tally::Counters;
use crate::sim::clock::{Horizon, NEVER, Time};
use crate::sim::random::Key;
use crate::sim::truth::{StayTruth, Write};
use crate::world::group::{
    AnswerChange, Answers, CALENDAR, Group, RowChange, RuleBook, Rules, RulesScratch,
};

/// Database deltas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deltas {
    /// Whether the copy is loaded in full at the start.
    pub bootstrap: bool,
}

impl Default for Deltas {
    fn default() -> Self {
        Self { bootstrap: true }
    }
}

/// A design's replica of one group's rows, over the whole run.
#[derive(Debug, Default)]
pub struct Replica {
    /// For each row change, when its message arrives; [`NEVER`] if it does not before the end.
    arrival: Vec<Time>,
    /// For each row change, when the replica's row is first at least as new, and by which change.
    reflected: Vec<(Time, u32)>,
    /// What was applied: the row changes as the replica saw them, and which they were.
    applied: Vec<RowChange>,
    applied_from: Vec<u32>,
    /// The answers that the replica's rows give.
    answers: Answers,
    rules: RulesScratch,
    order: Vec<u32>,
    /// Messages of each row so far.
    versions: Vec<u64>,
    by_row: Vec<(Time, u32)>,
}

impl Replica {
    /// Sends a group's row changes to the replica. `key` is the group's own in its feed.
    pub fn feed(
        &mut self,
        carrier: &Carrier,
        key: Key,
        group: &Group,
        rules: &Rules,
        horizon: Horizon,
        counters: &mut Counters,
    ) {
        let changes = &group.rows.changes;
        self.arrival.clear();
        self.order.clear();
        self.versions.clear();
        self.versions.resize(group.rows.at_start.len(), 0);
        for (index, change) in (0_u32..).zip(changes) {
            let version = &mut self.versions[change.row as usize];
            *version += 1;
            let message = key.at(u64::from(change.row)).at(*version);
            let arrives = carrier.arrives(message, change.at);
            let measured = u64::from(change.at >= horizon.warm);
            counters.deltas += measured;
            // A log loses nothing: what nobody has read by the end is still in it.
            let lost = arrives.is_none() && matches!(carrier, Carrier::Push(_));
            counters.deltas_lost += measured * u64::from(lost);
            let arrives = arrives.filter(|at| *at < horizon.end).unwrap_or(NEVER);
            self.arrival.push(arrives);
            if arrives != NEVER {
                self.order.push(index);
            }
        }
        let arrival = &self.arrival;
        self.order
            .sort_unstable_by_key(|index| (arrival[*index as usize], *index));

        // A message carries its row's state: one that comes after a later one of its row says nothing.
        let rows = group.rows.at_start.len();
        self.by_row.clear();
        self.by_row.resize(rows, (NEVER, 0));
        self.applied.clear();
        self.applied_from.clear();
        for index in &self.order {
            let change = changes[*index as usize];
            let (_, newest) = &mut self.by_row[change.row as usize];
            if *index < *newest {
                counters.deltas_overtaken += u64::from(change.at >= horizon.warm);
                continue;
            }
            *newest = *index;
            self.applied.push(RowChange {
                at: arrival[*index as usize],
                ..change
            });
            self.applied_from.push(*index);
        }
        rules.answers(
            &RuleBook::default(),
            &group.rows.at_start,
            &self.applied,
            &mut self.rules,
            &mut self.answers,
        );

        self.by_row.clear();
        self.by_row.resize(rows, (NEVER, 0));
        self.reflected.clear();
        self.reflected.resize(changes.len(), (NEVER, 0));
        for (index, change) in changes.iter().enumerate().rev() {
            let first = &mut self.by_row[change.row as usize];
            *first = (*first).min((self.arrival[index], index as u32));
            self.reflected[index] = *first;
        }
    }

    /// What the replica writes about one stay; `writes` is working memory, see [`Log::into_memory`].
    pub fn log(
        &self,
        source: &Deltas,
        group: &Group,
        stay: usize,
        truth: &StayTruth<'_>,
        mut writes: Vec<Write>,
    ) -> Log {
        writes.clear();
        let changes = &group.rows.changes;
        let toggles = self.answers.of(stay);
        // Loaded at the start; a stay that enters later is known to the replica by then.
        let mut now = Write {
            visible: truth.enters,
            read: 0,
            version: 0,
            answer: self.answers.at_start[stay],
        };
        let mut loaded = false;
        let mut load = |now: &Write, writes: &mut Vec<Write>| {
            if source.bootstrap && !loaded {
                writes.push(Write {
                    visible: truth.enters,
                    ..*now
                });
            }
            loaded = true;
        };
        let mut known = 0;
        let mut known_since = 0;
        let mut toggled = 0;
        loop {
            // All changes up to a version are in the copy once each of them is.
            let next_known = truth.changes().get(known).map_or((NEVER, 0), |change| {
                // The replica has the same calendar.
                let (at, read) = match change.cause {
                    CALENDAR => (change.at, change.at),
                    cause => {
                        let (at, by) = self.reflected[cause as usize];
                        (at, changes[by as usize].at)
                    }
                };
                (at.max(known_since), read)
            });
            let next_toggle = toggles.get(toggled).map_or(NEVER, |toggle| toggle.at);
            let at = next_known.0.min(next_toggle);
            if at == NEVER || at >= truth.leaves {
                break;
            }
            if at > truth.enters {
                load(&now, &mut writes);
            }
            if next_known.0 <= next_toggle {
                known += 1;
                known_since = at;
                now.read = now.read.max(next_known.1);
            }
            if next_toggle <= next_known.0 {
                let AnswerChange { at, cause } = toggles[toggled];
                let read = match cause {
                    CALENDAR => at,
                    cause => changes[self.applied_from[cause as usize] as usize].at,
                };
                toggled += 1;
                now.answer = !now.answer;
                now.read = now.read.max(read);
            }
            // The row that made the last known change is there, but an answer that is not that version's
            // shows that another row, which the change rests on, is not.
            let rests_on_more = known > 0 && truth.answer(known as u32) != now.answer;
            now.version = now.version.max((known - usize::from(rests_on_more)) as u32);
            if at > truth.enters {
                now.visible = at;
                match writes.last_mut() {
                    Some(last) if last.visible == at && last.visible > truth.enters => *last = now,
                    _ => writes.push(now),
                }
            }
        }
        load(&now, &mut writes);
        Log { writes, next: 0 }
    }
}

/// What a replica writes about one stay, in time order.
#[derive(Debug)]
pub struct Log {
    writes: Vec<Write>,
    next: usize,
}

impl Log {
    /// Gives the working memory back.
    #[must_use]
    pub fn into_memory(self) -> Vec<Write> {
        self.writes
    }

    /// When the next write is made.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        self.writes
            .get(self.next)
            .map_or(NEVER, |write| write.visible)
    }

    /// Takes the next write.
    #[inline]
    pub fn take(&mut self) -> Option<Write> {
        let write = self.writes.get(self.next).copied()?;
        self.next += 1;
        Some(write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::delivery::Push;
    use crate::scenario::quantity::Share;
    use crate::world::group::{Calendar, ChangeStream, RowState, Stay};

    /// One night, two room types that close one after the other. Where only the second message arrives, the
    /// copy still says available: it must not pass for the version in which the night is sold out.
    #[test]
    fn a_change_that_rests_on_a_lost_one_is_not_known() {
        let rules = Rules::Nights(Calendar {
            room_types: 2,
            rate_plans: 0,
            window: 1,
            nights: 1,
            longest: 1,
        });
        let close = |at, row| RowChange {
            at,
            row,
            state: RowState::with_rooms(0),
            stream: ChangeStream::Bookings,
        };
        let mut group = Group::default();
        group.rows.at_start = vec![RowState::with_rooms(1); 2];
        group.rows.changes = vec![close(10, 0), close(20, 1)];
        group.stays.push(Stay {
            enters: 0,
            leaves: 100,
            shape: 0,
            weight: 1.0,
            check_in: 0,
            flips_per_day: [0.0; 2],
        });
        group.settle(&rules, &RuleBook::default(), &mut RulesScratch::default());
        let truth = StayTruth::new(&group, 0);
        let carrier = Carrier::Push(Push {
            loss: Share::of(0.5),
            ..Push::default()
        });
        let horizon = Horizon { warm: 0, end: 100 };
        let mut seen = [false; 2];
        for seed in 0..100 {
            let (mut replica, mut counters) = (Replica::default(), Counters::default());
            let key = Key::replicate(seed, 0);
            replica.feed(&carrier, key, &group, &rules, horizon, &mut counters);
            let mut log = replica.log(&Deltas::default(), &group, 0, &truth, Vec::new());
            let mut last = log.take().expect("the load");
            while let Some(write) = log.take() {
                last = write;
            }
            let known = replica.arrival.iter().all(|at| *at != NEVER);
            assert_eq!(
                (last.version, last.answer),
                if known { (1, false) } else { (0, true) }
            );
            seen[usize::from(known)] = true;
        }
        assert_eq!(seen, [true, true], "both must be tried");
    }
}
