//! Least recently used: a search moves its entry to the front, the last goes.
//!
//! R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, "Evaluation techniques for storage hierarchies", IBM
//! Systems Journal 9(2), 1970. Exactly analysed by King (1971) for independent searches; for large caches an
//! entry lives as with a sliding lifetime of one common length (H. Che, Y. Tung, Z. Wang, "Hierarchical web
//! caching systems: modeling, design and experimental results", IEEE JSAC 20(7), 2002).

use super::Policy;
use super::list::List;
use crate::sim::random::Key;

/// Held keys, the most recently used first.
#[derive(Debug, Clone)]
pub(super) struct Lru(List);

impl Policy for Lru {
    fn new(_entries: u32, keys: u32, _key: Key) -> Self {
        Self(List::new(keys))
    }

    #[inline]
    fn holds(&self, key: u32) -> bool {
        self.0.holds(key)
    }

    #[inline]
    fn hit(&mut self, key: u32) {
        self.0.unlink(key);
        self.0.push(key);
    }

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
