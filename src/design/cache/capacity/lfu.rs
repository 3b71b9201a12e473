//! Least frequently used, with perfect memory: every search of every stay counts for ever, also while the
//! stay is not held. Of those held and the newcomer, the one with the fewest searches goes; of equals the one
//! whose last search (or storing) is longest ago, so that a newcomer wins a tie.
//!
//! "Perfect-LFU" of L. Breslau, P. Cao, L. Fan, G. Phillips, S. Shenker, "Web caching and Zipf-like
//! distributions: evidence and implications", IEEE INFOCOM 1999. When popularity never changes, the most
//! popular end up held, the best that any cache without foresight can do; what was popular once keeps its
//! place long after.

use super::Policy;
use crate::sim::random::Key;

/// Beside a key that is not held.
const OUT: u32 = u32::MAX;

/// Children of a place in the heap: flat, because searches mostly raise what is near the leaves.
const CHILDREN: usize = 4;

/// What is known of a key, held or not.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Searches so far; stays at the largest number if it ever gets there.
    searches: u32,
    /// Where in the heap it is.
    place: u32,
}

/// A held key in the heap.
#[derive(Debug, Clone, Copy)]
struct Entry {
    searches: u32,
    key: u32,
    /// The number of the last search or storing.
    used: u64,
}

impl Entry {
    #[inline]
    fn goes_before(&self, other: &Self) -> bool {
        (self.searches, self.used) < (other.searches, other.used)
    }
}

/// Counts of all keys, and a heap of those held with the next to go on top.
#[derive(Debug, Clone)]
pub(super) struct Lfu {
    known: Vec<Known>,
    heap: Vec<Entry>,
    /// Searches and storings so far.
    uses: u64,
}

impl Lfu {
    #[inline]
    fn next_use(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }

    #[inline]
    fn put(&mut self, place: usize, entry: Entry) {
        self.heap[place] = entry;
        self.known[entry.key as usize].place = place as u32;
    }

    /// Places `entry` at `place` or above, moving down those that go after it.
    #[inline]
    fn rise(&mut self, mut place: usize, entry: Entry) {
        while place > 0 {
            let parent = (place - 1) / CHILDREN;
            if !entry.goes_before(&self.heap[parent]) {
                break;
            }
            self.put(place, self.heap[parent]);
            place = parent;
        }
        self.put(place, entry);
    }

    /// Places `entry` at `place` or below, moving up those that go before it.
    #[inline]
    fn sink(&mut self, mut place: usize, entry: Entry) {
        loop {
            let first = place * CHILDREN + 1;
            let end = (first + CHILDREN).min(self.heap.len());
            let mut least = first;
            for child in first + 1..end {
                if self.heap[child].goes_before(&self.heap[least]) {
                    least = child;
                }
            }
            if first >= end || !self.heap[least].goes_before(&entry) {
                break;
            }
            self.put(place, self.heap[least]);
            place = least;
        }
        self.put(place, entry);
    }
}

impl Policy for Lfu {
    fn new(entries: u32, keys: u32, _key: Key) -> Self {
        let unknown = Known {
            searches: 0,
            place: OUT,
        };
        Self {
            known: vec![unknown; keys as usize],
            heap: Vec::with_capacity(entries as usize),
            uses: 0,
        }
    }

    #[inline]
    fn holds(&self, key: u32) -> bool {
        self.known[key as usize].place != OUT
    }

    #[inline]
    fn hit(&mut self, key: u32) {
        self.miss(key);
        let Known { searches, place } = self.known[key as usize];
        let used = self.next_use();
        let entry = Entry {
            searches,
            key,
            used,
        };
        self.sink(place as usize, entry);
    }

    #[inline]
    fn miss(&mut self, key: u32) {
        let searches = &mut self.known[key as usize].searches;
        *searches = searches.saturating_add(1);
    }

    #[inline]
    fn add(&mut self, key: u32) {
        let entry = Entry {
            searches: self.known[key as usize].searches,
            key,
            used: self.next_use(),
        };
        self.heap.push(entry);
        self.rise(self.heap.len() - 1, entry);
    }

    #[inline]
    fn remove(&mut self, key: u32) {
        let place = self.known[key as usize].place as usize;
        self.known[key as usize].place = OUT;
        let Some(last) = self.heap.pop() else { return };
        if last.key == key {
            return;
        }
        let parent = place.saturating_sub(1) / CHILDREN;
        if last.goes_before(&self.heap[parent]) {
            self.rise(place, last);
        } else {
            self.sink(place, last);
        }
    }

    #[inline]
    fn victim(&mut self, newcomer: u32) -> u32 {
        let next = self.heap[0];
        if next.searches <= self.known[newcomer as usize].searches {
            next.key
        } else {
            newcomer
        }
    }
}
