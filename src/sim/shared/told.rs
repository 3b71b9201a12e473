//! What each stay is told of what it shares with others, to be walked by itself.

use crate::design::source::searches::AtLine;
use crate::sim::clock::Time;
use crate::sim::commons::Commons;

/// What concerns all stays: by stay, then in the order in which it came.
#[derive(Debug, Default)]
pub struct ByStay<T> {
    all: Vec<T>,
    /// Where each stay's begins.
    first: Vec<usize>,
}

impl<T: Copy + Default> ByStay<T> {
    /// Of so many stays, from what came, each with its stay.
    pub(super) fn new(stays: u32, came: &[(u32, T)]) -> Self {
        let stays = stays as usize;
        let mut first = vec![0; stays + 2];
        for (stay, _) in came {
            first[*stay as usize + 2] += 1;
        }
        for stay in 2..first.len() {
            first[stay] += first[stay - 1];
        }
        let mut all = vec![T::default(); came.len()];
        for (stay, what) in came {
            let place = &mut first[*stay as usize + 1];
            all[*place] = *what;
            *place += 1;
        }
        Self { all, first }
    }

    pub(super) fn of(&self, stay: u32) -> &[T] {
        let stay = stay as usize;
        &self.all[self.first[stay]..self.first[stay + 1]]
    }
}

/// A stay has to make room for another: when, and whether it does before or after its own at that instant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evicted(Time);

impl Evicted {
    #[inline]
    pub(super) fn new(at: Time, stay: u32, newcomer: u32) -> Self {
        // What happens at one instant happens in the order of stays.
        Self(at * 2 + Time::from(stay < newcomer))
    }

    /// When, if it is before a stay's next event. One that goes for itself is stored first.
    #[inline]
    fn before(self, next: Time) -> Option<Time> {
        (self.0 <= next.saturating_mul(2)).then_some(self.0 / 2)
    }
}

/// All that is told to stays.
#[derive(Debug)]
pub struct Foretold {
    /// By feed: when polls pass its rate limit, in the order in which they are due.
    pub(super) passes: Vec<Option<ByStay<Time>>>,
    /// When each makes room, where room is bound.
    pub(super) evicted: Option<ByStay<Evicted>>,
}

/// What a stay is told. With `MEETS` every search is met.
#[derive(Debug)]
pub(super) struct Told<'a, const MEETS: bool> {
    foretold: &'a Foretold,
    stay: u32,
    /// By feed: the polls so far.
    polls: Vec<usize>,
    /// What is ahead.
    evicted: &'a [Evicted],
}

impl<'a, const MEETS: bool> Told<'a, MEETS> {
    pub(super) fn new(foretold: &'a Foretold) -> Self {
        Self {
            foretold,
            stay: 0,
            polls: vec![0; foretold.passes.len()],
            evicted: &[],
        }
    }
}

impl<const MEETS: bool> Commons for Told<'_, MEETS> {
    const MEETS_SEARCHES: bool = MEETS;
    const ALONE: bool = false;

    fn turn_to(&mut self, stay: u32) {
        self.stay = stay;
        self.polls.fill(0);
        let evicted = self.foretold.evicted.as_ref();
        self.evicted = evicted.map_or(&[], |evicted| evicted.of(stay));
    }

    #[inline]
    fn evicts(&mut self, next: Time, holds: bool) -> Option<Time> {
        let (first, later) = self.evicted.split_first()?;
        let at = first.before(next).filter(|_| holds)?;
        self.evicted = later;
        Some(at)
    }

    #[inline]
    fn admit(&mut self, feed: usize, at: Time) -> Time {
        let Some(passes) = &self.foretold.passes[feed] else {
            return at;
        };
        let poll = self.polls[feed];
        self.polls[feed] += 1;
        passes.of(self.stay)[poll]
    }

    #[inline]
    fn held_until(&self, _: usize) -> Time {
        Time::MIN
    }
    #[inline]
    fn looked(&mut self, _: u32) {}
    #[inline]
    fn stored(&mut self, _: u32) {}
    #[inline]
    fn dropped(&mut self, _: u32) {}
    #[inline]
    fn flipped(&mut self, _: usize, _: Time) {}
    #[inline]
    fn passed(&self, _: usize, newest: usize) -> Option<usize> {
        Some(newest)
    }
    #[inline]
    fn queue(&mut self, _: usize, _: u32, _: AtLine) -> bool {
        false
    }
}
