//! Faults as one feed of one design meets them: windows on the run's clock, once alerts and repairs are
//! known.

use crate::sim::clock::{NEVER, Time};
use crate::sim::random::{Key, Purpose};
use crate::world::group::ChangeStream;

/// A window of trouble.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trouble {
    /// When it starts.
    pub from: Time,
    /// When it ends.
    pub to: Time,
    /// The stream that it strikes; all without one.
    pub stream: Option<ChangeStream>,
    /// What goes wrong.
    pub kind: Kind,
    /// How many of its kind start at the same moment before it.
    pub twins: u64,
}

impl Trouble {
    /// A message's key for this trouble.
    fn key(&self, message: Key) -> Key {
        message.at(self.from as u64).at(self.twins)
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Nothing is delivered.
    Stopped,
    /// Everything takes so many times as long on the way.
    Slow(f64),
    /// This share of messages disappears.
    Leak(f64),
    /// This share of answers is turned round.
    Wrong(f64),
    /// Consumers pause: (between the starts of pauses, how long each is).
    Storm(Time, Time),
    /// This share of the consumers works.
    Fewer(f64),
    /// Datasets built now cannot be read.
    BadSchema,
    /// This share of the answers of datasets built now is turned round.
    BadAnswers(f64),
}

/// All troubles of one feed, in the order of their starts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Troubles(Vec<Trouble>);

impl Troubles {
    /// From windows in any order; those of no length are left out.
    #[must_use]
    pub fn new(mut windows: Vec<Trouble>) -> Self {
        windows.retain(|window| window.from < window.to);
        windows.sort_by_key(|window| (window.from, window.to));
        Self(windows)
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The windows.
    #[must_use]
    pub fn windows(&self) -> &[Trouble] {
        &self.0
    }

    #[inline]
    fn at(&self, at: Time, stream: Option<ChangeStream>) -> impl Iterator<Item = &Trouble> {
        self.0
            .iter()
            .take_while(move |window| window.from <= at)
            .filter(move |window| {
                at < window.to && (window.stream.is_none() || window.stream == stream)
            })
    }

    /// When what would be delivered at `at` can be: the end of the stops that cover it.
    #[must_use]
    #[inline]
    pub fn resumes(&self, at: Time, stream: Option<ChangeStream>) -> Time {
        self.after_stops(at, stream, |_| true)
    }

    /// The same before a line of consumers, which stands still itself while all streams are stopped.
    #[must_use]
    pub fn reaches_line(&self, at: Time, stream: Option<ChangeStream>) -> Time {
        self.after_stops(at, stream, |stop| stop.stream.is_some())
    }

    #[inline]
    fn after_stops(
        &self,
        at: Time,
        stream: Option<ChangeStream>,
        counts: impl Fn(&Trouble) -> bool,
    ) -> Time {
        let mut at = at;
        // One stop may follow on another.
        while let Some(stop) = self
            .at(at, stream)
            .find(|window| window.kind == Kind::Stopped && counts(window))
        {
            at = stop.to;
        }
        at
    }

    /// How many times as long the way is at `at`.
    #[must_use]
    pub fn slowed(&self, at: Time, stream: Option<ChangeStream>) -> f64 {
        self.at(at, stream)
            .map(|window| match window.kind {
                Kind::Slow(times) => times,
                _ => 1.0,
            })
            .product()
    }

    /// Whether a message sent at `at` disappears. `key` is the message's own.
    #[must_use]
    pub fn leaks(&self, key: Key, at: Time, stream: Option<ChangeStream>) -> bool {
        self.at(at, stream).any(|window| {
            matches!(window.kind, Kind::Leak(share)
                if window.key(key.purpose(Purpose::Leak)).happens(share))
        })
    }

    /// Whether an answer processed (or read) at `at` is turned round. `key` is the message's own.
    #[must_use]
    pub fn turns_round(&self, key: Key, at: Time, stream: Option<ChangeStream>) -> bool {
        let turns = self.at(at, stream).filter(|window| {
            matches!(window.kind, Kind::Wrong(share)
                if window.key(key.purpose(Purpose::Wrong)).happens(share))
        });
        turns.count() % 2 == 1
    }

    /// The end of the trouble at `at` or the start of the next: until then nothing changes.
    #[must_use]
    pub fn steady_until(&self, at: Time) -> Time {
        let ends = self.0.iter().flat_map(|window| [window.from, window.to]);
        ends.filter(|end| *end > at).min().unwrap_or(NEVER)
    }

    /// Whether there is any in a stretch of time.
    #[must_use]
    #[inline]
    pub fn meet(&self, stretch: std::ops::Range<Time>) -> bool {
        let mut windows = self.0.iter();
        windows.any(|window| window.from < stretch.end && stretch.start < window.to)
    }

    /// Whether any trouble is at hand.
    #[must_use]
    pub fn any(&self, at: Time) -> bool {
        self.0
            .iter()
            .any(|window| window.from <= at && at < window.to)
    }
}
