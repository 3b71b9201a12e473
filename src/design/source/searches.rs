//! Natural traffic: the live answers that travellers' searches caused (shown checks, exploration and
//! bypass) are observed and fed back. What nobody is shown, nobody checks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::delivery::{Carrier, Fate};
use crate::measure::feed::FeedTally;
use crate::scenario::quantity::Share;
use crate::sim::clock::{NEVER, Time};
use crate::sim::random::{Key, Purpose};
use crate::sim::truth::{OnTheWay, StayTruth, Write};

/// Observed live answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Searches {
    /// Share of live answers that are observed.
    pub share: Share,
}

impl Default for Searches {
    fn default() -> Self {
        Self {
            share: Share::of(1.0),
        }
    }
}

/// An observation that is gathered until its window is flushed.
#[derive(Debug, Clone, Copy)]
struct Gathered {
    flush: Time,
    read: Time,
    ordinal: u64,
}

/// The observations of one stay on their way to the copy.
#[derive(Debug)]
pub struct Observed<'a> {
    carrier: &'a Carrier<'a>,
    share: f64,
    /// The stay's own in its feed.
    key: Key,
    /// Observations from here on count.
    warm: Time,
    gathered: Option<Gathered>,
    on_the_way: OnTheWay,
    /// Measured observations that wait in a line which others share.
    queued: u64,
}

/// An observation that arrives at a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtLine {
    /// When it arrives there.
    pub arrives: Time,
    /// When it was sent.
    pub sent: Time,
    /// When the live answer was given.
    pub read: Time,
    /// Its own key.
    pub key: Key,
}

/// Where an observation goes that has arrived: to a line that others share, if there is one.
pub type Queue<'q> = &'q mut dyn FnMut(AtLine) -> bool;

impl<'a> Observed<'a> {
    /// No observation yet.
    #[must_use]
    #[inline]
    pub fn new(source: &Searches, carrier: &'a Carrier<'a>, key: Key, warm: Time) -> Self {
        Self {
            carrier,
            share: source.share.get(),
            key,
            warm,
            gathered: None,
            on_the_way: OnTheWay::default(),
            queued: 0,
        }
    }

    /// A live answer was given at `at` to the stay's search of this ordinal; whether it was observed.
    pub fn observe(
        &mut self,
        at: Time,
        ordinal: u64,
        tally: &mut FeedTally,
        queue: Queue<'_>,
    ) -> bool {
        let key = self.key.at(ordinal);
        if !key.purpose(Purpose::Observed).happens(self.share) {
            return false;
        }
        let measured = u64::from(at >= self.warm);
        tally.changes += measured;
        let gathered = Gathered {
            flush: at,
            read: at,
            ordinal,
        };
        match self.carrier.window() {
            None => self.send(gathered, tally, queue),
            Some(window) => {
                let open = self.gathered.map(|gathered| gathered.flush);
                if let Some(before) = self.gathered {
                    tally.superseded += u64::from(before.read >= self.warm);
                }
                self.gathered = Some(Gathered {
                    flush: window.flush(at, open),
                    ..gathered
                });
            }
        }
        true
    }

    /// Whether each live answer is observed and there as it is given, and none is on the way.
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        self.share >= 1.0
            && self.carrier.is_immediate()
            && self.gathered.is_none()
            && self.on_the_way.is_empty()
    }

    fn send(&mut self, gathered: Gathered, tally: &mut FeedTally, queue: Queue<'_>) {
        let Gathered {
            flush,
            read,
            ordinal,
        } = gathered;
        let measured = u64::from(read >= self.warm);
        let key = self.key.at(ordinal);
        tally.sent += measured;
        match self.carrier.send(key, flush, None) {
            Fate::Arrives(at) => {
                let at_line = AtLine {
                    arrives: at,
                    sent: flush,
                    read,
                    key,
                };
                if queue(at_line) {
                    self.queued += measured;
                } else {
                    tally.watch.message(flush, at, NEVER);
                    self.arrives(at, read, key);
                }
            }
            Fate::Lost(gone) => {
                tally.watch.message(flush, NEVER, gone);
                tally.lost += measured;
            }
            Fate::Waits => {
                tally.watch.message(flush, NEVER, NEVER);
                tally.in_flight += measured;
            }
        }
    }

    fn arrives(&mut self, at: Time, read: Time, key: Key) {
        let turned = self.carrier.troubles().turns_round(key, at, None);
        self.on_the_way.send(at, read, turned);
    }

    /// The line was done at `at` with what was observed at `read`; or lost it, where there is no moment.
    pub fn served(&mut self, at: Option<Time>, read: Time, key: Key, tally: &mut FeedTally) {
        let measured = u64::from(read >= self.warm);
        self.queued -= measured;
        match at {
            Some(at) => self.arrives(at, read, key),
            None => tally.lost += measured,
        }
    }

    /// When the next observation is taken, which arrives or has been held until a moment; or what was gathered
    /// is sent, which nothing holds.
    #[must_use]
    #[inline]
    pub fn due(&self, held_until: Time) -> Time {
        let flush = self.gathered.map_or(NEVER, |gathered| gathered.flush);
        self.on_the_way.peek().max(held_until).min(flush)
    }

    /// Takes the nearest observation; nothing where what was gathered is sent `now`.
    pub fn take(
        &mut self,
        now: Time,
        truth: &StayTruth<'_>,
        tally: &mut FeedTally,
        queue: Queue<'_>,
    ) -> Option<Write> {
        if let Some(gathered) = self.gathered.take_if(|gathered| gathered.flush <= now) {
            self.send(gathered, tally, queue);
            return None;
        }
        self.on_the_way.take(truth)
    }

    /// The stay has left.
    pub fn finish(&mut self, tally: &mut FeedTally) {
        let gathered = self
            .gathered
            .is_some_and(|gathered| gathered.read >= self.warm);
        tally.in_flight +=
            self.on_the_way.read_since(self.warm) + self.queued + u64::from(gathered);
    }
}
