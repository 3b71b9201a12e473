//! First in, first out: searches change nothing, the entry stored longest ago goes.
//!
//! L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal 5(2),
//! 1966. For independent searches the set held has a chance proportional to the product of its keys'
//! popularities, as with RANDOM (King 1971, Gelenbe 1973).

use super::Policy;
use super::list::List;
use crate::sim::random::Key;

/// Held keys, the last stored first.
#[derive(Debug, Clone)]
pub(super) struct Fifo(List);

impl Policy for Fifo {
    fn new(_entries: u32, keys: u32, _key: Key) -> Self {
        Self(List::new(keys))
    }

    #[inline]
    fn holds(&self, key: u32) -> bool {
        self.0.holds(key)
    }

    #[inline]
    fn hit(&mut self, _key: u32) {}

    #[inline]
    fn add(&mut self, key: u32) {
        self.0.push(key);
    }

    #[inline]
    fn remove(&mut self, key: u32) {
        self.0.unlink(key);
    }

    #[inline]
    fn victim(&mut self, _newcomer: u32) -> u32 {
        self.0.oldest()
    }
}
