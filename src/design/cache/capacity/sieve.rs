//! SIEVE: first in, first out, but a hand passes over what was searched since it last came by.
//!
//! Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi, "SIEVE is simpler than LRU: an efficient turn-key
//! eviction algorithm for web caches", NSDI 2024, algorithm 1. A search only marks its entry. The hand goes
//! from the oldest to the newest and round again, takes marks off, and evicts the first that has none; it
//! stays there, so newcomers behind it are sifted at once and what is popular is passed over.

use super::Policy;
use super::list::List;
use crate::sim::random::Key;

/// Held keys, the last stored first, with marks and the hand.
#[derive(Debug, Clone)]
pub(super) struct Sieve {
    list: List,
    /// Searched since the hand last passed.
    marked: Vec<bool>,
    /// Where the next search for a victim begins; at the list's end, with the oldest.
    hand: u32,
}

impl Policy for Sieve {
    fn new(_entries: u32, keys: u32, _key: Key) -> Self {
        let list = List::new(keys);
        Self {
            hand: list.end(),
            marked: vec![false; keys as usize],
            list,
        }
    }

    #[inline]
    fn holds(&self, key: u32) -> bool {
        self.list.holds(key)
    }

    #[inline]
    fn hit(&mut self, key: u32) {
        self.marked[key as usize] = true;
    }

    #[inline]
    fn add(&mut self, key: u32) {
        self.marked[key as usize] = false;
        self.list.push(key);
    }

    #[inline]
    fn remove(&mut self, key: u32) {
        if self.hand == key {
            self.hand = self.list.newer(key);
        }
        self.list.unlink(key);
    }

    /// Each step takes off a mark that a hit has put on: constant time on average.
    #[inline]
    fn victim(&mut self, _newcomer: u32) -> u32 {
        loop {
            if self.hand == self.list.end() {
                self.hand = self.list.oldest();
            }
            let marked = &mut self.marked[self.hand as usize];
            if !*marked {
                return self.hand;
            }
            *marked = false;
            self.hand = self.list.newer(self.hand);
        }
    }
}
