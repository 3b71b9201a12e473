//! Room for so many entries, and who goes when it is full.
//!
//! What is kept here is the order of eviction alone: which keys are held, and which of them is next. A key
//! is a stay's number in its replicate, dense from 0. Nothing is allocated after construction; each
//! operation takes constant time, for SIEVE on average over a sequence and for LFU log(entries) at worst.
//!
//! Where searches are independent of each other, hit ratios have closed forms (W. F. King III, "Analysis of
//! demand paging algorithms", IFIP Congress 1971; E. Gelenbe, "A unified approach to the evaluation of a
//! class of replacement algorithms", IEEE Transactions on Computers 22(6), 1973): the tests hold to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Count;
use crate::sim::random::Key;

pub mod fifo;
pub mod lfu;
pub(super) mod list;
pub mod lru;
pub mod random;
pub mod sieve;

/// A bound on the number of entries.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// The most entries held at any moment.
    pub entries: Count,
    /// Who goes when one more is to be stored.
    #[serde(default)]
    pub evict: Evict,
}

/// One way to choose who goes. The bound, and that a key is added once, is [`Eviction`]'s care.
trait Policy {
    /// An empty cache for at most `entries` of the keys 0 to `keys` − 1; draws, if any, are keyed by `key`.
    fn new(entries: u32, keys: u32, key: Key) -> Self;

    fn holds(&self, key: u32) -> bool;

    /// A held key was searched.
    fn hit(&mut self, key: u32);

    /// A key that is not held was searched.
    fn miss(&mut self, _key: u32) {}

    /// Takes in a key that is not held. There is room.
    fn add(&mut self, key: u32);

    /// Lets go a key that is held.
    fn remove(&mut self, key: u32);

    /// Who goes for `newcomer`: one that is held, or the newcomer itself. The cache is full.
    fn victim(&mut self, newcomer: u32) -> u32;
}

macro_rules! policies {
    ($($(#[$meta:meta])* $name:ident: $policy:ty,)+) => {
        /// The registered policies.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Evict {
            $($(#[$meta])* $name,)+
        }

        /// The policy in use, with what it remembers.
        #[derive(Debug, Clone)]
        enum Held {
            $($name($policy),)+
        }

        impl Held {
            fn new(evict: Evict, entries: u32, keys: u32, key: Key) -> Self {
                match evict {
                    $(Evict::$name => Self::$name(Policy::new(entries, keys, key)),)+
                }
            }
        }

        macro_rules! policy {
            ($held:expr, $each:ident => $call:expr) => {
                match $held {
                    $(Held::$name($each) => $call,)+
                }
            };
        }
    };
}

// One line each.
policies! {
    /// The least recently used goes.
    #[default]
    Lru: lru::Lru,
    /// The first in goes.
    Fifo: fifo::Fifo,
    /// Any goes, each with the same chance.
    Random: random::Random,
    /// The least often searched goes, all searches counted for ever.
    Lfu: lfu::Lfu,
    /// The first in that was not searched since the hand last passed goes.
    Sieve: sieve::Sieve,
}

/// What a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// The key is held.
    Hit,
    /// It was not, and is now; or who had to go for it is the key itself.
    Missed(Option<u32>),
}

/// Which keys are held, and who goes next.
#[derive(Debug, Clone)]
pub struct Eviction {
    held: Held,
    len: u32,
    entries: u32,
}

impl Eviction {
    /// An empty cache over the keys 0 to `keys` − 1 (`keys` below `u32::MAX`). Draws are keyed by `key` and
    /// their number: the same calls with the same key evict the same keys.
    #[must_use]
    pub fn new(capacity: Capacity, keys: u32, key: Key) -> Self {
        // Room beyond one entry a key is never used.
        let entries = capacity.entries.get().min(keys);
        Self {
            held: Held::new(capacity.evict, entries, keys, key),
            len: 0,
            entries,
        }
    }

    /// Entries held.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether this key is held.
    #[must_use]
    #[inline]
    pub fn holds(&self, key: u32) -> bool {
        policy!(&self.held, policy => policy.holds(key))
    }

    /// A search was answered from the entry of this key, which is held.
    #[inline]
    pub fn hit(&mut self, key: u32) {
        debug_assert!(self.holds(key), "a hit on key {key}, which is not held");
        policy!(&mut self.held, policy => policy.hit(key));
    }

    /// A search found no entry of this key, which is not held; whatever becomes of it.
    #[inline]
    pub fn miss(&mut self, key: u32) {
        debug_assert!(!self.holds(key), "a miss of key {key}, which is held");
        policy!(&mut self.held, policy => policy.miss(key));
    }

    /// A search that stores what it misses: [`hit`](Self::hit), or [`miss`](Self::miss) and
    /// [`insert`](Self::insert).
    #[inline]
    pub fn search(&mut self, key: u32) -> Looked {
        if self.holds(key) {
            self.hit(key);
            return Looked::Hit;
        }
        self.miss(key);
        Looked::Missed(self.insert(key))
    }

    /// Stores an entry; says who had to go for it. That may be the newcomer itself, which is then not held:
    /// [`Lfu`](Evict::Lfu) turns away what was searched less often than all it holds.
    ///
    /// A key already held stays where it is: an overwrite is no use. Where it is to count as one, say
    /// [`hit`](Self::hit) too.
    #[inline]
    pub fn insert(&mut self, key: u32) -> Option<u32> {
        policy!(&mut self.held, policy => {
            if policy.holds(key) {
                return None;
            }
            if self.len < self.entries {
                policy.add(key);
                self.len += 1;
                return None;
            }
            let victim = policy.victim(key);
            if victim != key {
                policy.remove(victim);
                policy.add(key);
            }
            Some(victim)
        })
    }

    /// An entry is gone for another reason: expired, purged, invalidated. Nothing happens if it is not held.
    #[inline]
    pub fn remove(&mut self, key: u32) {
        policy!(&mut self.held, policy => {
            if policy.holds(key) {
                policy.remove(key);
                self.len -= 1;
            }
        });
    }
}
