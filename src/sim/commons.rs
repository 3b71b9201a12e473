//! What stays of different hotels share: the room in a cache, a line of consumers, a rate limit, a breaker.
//!
//! Where nothing is shared ([`Nothing`]) each stay is walked by itself and none of this costs anything; so it is
//! where what is shared could be gone through beforehand ([`super::shared`]). Else all stays are walked together in
//! the order of time ([`super::lockstep`]).

use super::clock::Time;
use super::film::Seen;
use crate::design::source::searches::AtLine;

/// What a stay tells and asks those it shares something with. `stay` is its number in the replicate.
pub trait Commons {
    /// Each search must be met, in the order of time.
    const MEETS_SEARCHES: bool;
    /// Nothing that happens to other stays concerns this one.
    const ALONE: bool;

    /// A feed's messages are held back until this moment, if it is later than now.
    fn held_until(&self, feed: usize) -> Time;
    /// A feed's poll of a stay is due, or an ask after a hint: when the rate limit lets it pass.
    fn admit(&mut self, feed: usize, at: Time) -> Time;
    /// A search looked for the stay.
    fn looked(&mut self, stay: u32);
    /// The stay is held from now on.
    fn stored(&mut self, stay: u32);
    /// The stay is not held any longer.
    fn dropped(&mut self, stay: u32);
    /// A feed's write turned the answer of a stay round.
    fn flipped(&mut self, feed: usize, at: Time);
    /// Of a feed's publications up to this one, the newest: which is taken, if any.
    fn passed(&self, feed: usize, newest: usize) -> Option<usize>;
    /// An observation of a stay arrives at its feed's line; true if the line will tell when it is done.
    fn queue(&mut self, feed: usize, stay: u32, observation: AtLine) -> bool;
    /// The stay that is walked from now on, where each is walked by itself.
    #[inline]
    fn turn_to(&mut self, _stay: u32) {}
    /// When the stay that is walked by itself makes room, if it does before what happens to it next.
    #[inline]
    fn evicts(&mut self, _next: Time, _holds: bool) -> Option<Time> {
        None
    }
    /// Something happened to a stay: for a camera, if there is one.
    #[inline]
    fn saw(&mut self, _stay: u32, _at: Time, _seen: Seen) {}
}

/// Nothing is shared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Commons for Nothing {
    const MEETS_SEARCHES: bool = false;
    const ALONE: bool = true;

    #[inline]
    fn held_until(&self, _: usize) -> Time {
        Time::MIN
    }
    #[inline]
    fn admit(&mut self, _: usize, at: Time) -> Time {
        at
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
