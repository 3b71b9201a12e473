//! Random: each entry goes with the same chance.
//!
//! L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2),
//! 1966; hit ratio equal to FIFO's for independent searches (Gelenbe 1973).

use super::Policy;
use crate::sim::random::Key;

/// Beside a key that is not held.
const OUT: u32 = u32::MAX;

/// Held keys, in no order that matters.
#[derive(Debug, Clone)]
pub(super) struct Random {
    held: Vec<u32>,
    /// Where in `held` a key is.
    place: Vec<u32>,
    key: Key,
    /// Victims drawn so far: the ordinal of the next draw.
    draws: u64,
}

impl Policy for Random {
    fn new(entries: u32, keys: u32, key: Key) -> Self {
        Self {
            held: Vec::with_capacity(entries as usize),
            place: vec![OUT; keys as usize],
            key,
            draws: 0,
        }
    }

    #[inline]
    fn holds(&self, key: u32) -> bool {
        self.place[key as usize] != OUT
    }

    #[inline]
    fn hit(&mut self, _key: u32) {}

    #[inline]
    fn add(&mut self, key: u32) {
        self.place[key as usize] = self.held.len() as u32;
        self.held.push(key);
    }

    #[inline]
    fn remove(&mut self, key: u32) {
        let place = self.place[key as usize];
        self.held.swap_remove(place as usize);
        if let Some(moved) = self.held.get(place as usize) {
            self.place[*moved as usize] = place;
        }
        self.place[key as usize] = OUT;
    }

    #[inline]
    fn victim(&mut self, _newcomer: u32) -> u32 {
        let word = self.key.at(self.draws).word();
        self.draws += 1;
        // The top of word times length: uniform to within length / 2^64.
        let place = (u128::from(word) * self.held.len() as u128) >> 64;
        self.held[place as usize]
    }
}
