//! Lifetimes.
//!
//! A fixed lifetime renews on every write: with Poisson hits at rate λ and misses that ask live, the hit
//! ratio is λT/(1+λT) (Jung, Berger, Balakrishnan, "Modeling TTL-based Internet caches", INFOCOM 2003,
//! section III). A sliding lifetime renews on every hit: the hit ratio is 1 − e^(−λT) (Fofack et al.,
//! "Performance evaluation of hierarchical TTL-based cache networks", Computer Networks 65, 2014). An
//! adaptive one is a share of the time since the stay last changed (V. Cate, "Alex: a global file system",
//! USENIX File Systems Workshop 1992): what has long been quiet is kept for long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::list::List;
use crate::scenario::quantity::{Period, Share};
use crate::sim::clock::{NEVER, Time};
use crate::sim::random::Key;

/// The registered lifetimes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ttl {
    /// Entries live until something newer replaces them.
    #[default]
    None,
    /// An entry dies this long after it was stored.
    Fixed(Period),
    /// An entry dies this long after it was stored or last hit.
    Sliding(Period),
    /// Each lifetime is drawn anew, so that entries stored together do not die together.
    Jittered(Jittered),
    /// The nearer the check-in when it is stored, the shorter. The first band that holds counts; the last
    /// has no `within`.
    ByLeadTime(Vec<Band>),
    /// A share of the time since the stay last changed, as far as the answer's source knows.
    Adaptive(Adaptive),
}

/// Uniform on mean·(1 ± spread).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jittered {
    /// The mean lifetime.
    pub mean: Period,
    /// How far from the mean, as a share of it.
    pub spread: Share,
}

/// The lifetime of entries stored with so much lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The longest time to the start of the check-in day; the last band holds for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Period>,
    /// The lifetime.
    pub ttl: Period,
}

/// A share of the time since the last change, within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adaptive {
    /// Lifetime as a share of the time since the last change.
    #[serde(default = "fifth")]
    pub share: Share,
    /// The shortest lifetime.
    pub min: Period,
    /// The longest lifetime.
    pub max: Period,
}

fn fifth() -> Share {
    Share::of(0.2)
}

/// When the entries of a cache end whose lifetimes are all the same: the one first that was renewed first.
#[derive(Debug, Clone)]
pub struct Lifetimes {
    renewed: List,
    /// By key.
    ends: Vec<Time>,
    lifetime: Time,
    /// Each hit restarts it.
    slides: bool,
}

impl Lifetimes {
    /// Of no entries yet, of the keys 0 to `keys` − 1; nothing where none ends, or not all live alike.
    #[must_use]
    pub fn new(ttl: &Ttl, keys: u32) -> Option<Self> {
        let (Ttl::Fixed(lifetime) | Ttl::Sliding(lifetime)) = ttl else {
            return None;
        };
        Some(Self {
            renewed: List::new(keys),
            ends: vec![NEVER; keys as usize],
            lifetime: lifetime.micros(),
            slides: ttl.sliding().is_some(),
        })
    }

    /// An entry that is not held is stored.
    #[inline]
    pub fn store(&mut self, key: u32, at: Time) {
        self.renewed.push(key);
        self.ends[key as usize] = at.saturating_add(self.lifetime);
    }

    /// An entry that is held was searched.
    #[inline]
    pub fn hit(&mut self, key: u32, at: Time) {
        if self.slides {
            self.renewed.unlink(key);
            self.store(key, at);
        }
    }

    /// An entry is gone for another reason. Nothing happens if it is not held.
    #[inline]
    pub fn remove(&mut self, key: u32) {
        if self.renewed.holds(key) {
            self.renewed.unlink(key);
        }
    }

    /// Takes out the entry that ended first, if it did before `at`, or then and its key is no later than `key`.
    #[inline]
    pub fn over(&mut self, at: Time, key: u32) -> Option<u32> {
        let first = self.renewed.oldest();
        let is_over =
            first != self.renewed.end() && (self.ends[first as usize], first) <= (at, key);
        is_over.then(|| {
            self.renewed.unlink(first);
            first
        })
    }
}

/// What is known when an entry is stored.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    /// The start of the check-in day.
    pub check_in: Time,
    /// How long the answer had been as it is when it was read.
    pub quiet_for: Time,
    /// The entry's own key: of the stay, at this moment.
    pub key: Key,
}

impl Ttl {
    /// When an entry stored now expires; [`NEVER`] without a lifetime.
    #[must_use]
    #[inline]
    pub fn expires(&self, stored: impl FnOnce() -> Stored, at: Time) -> Time {
        let lifetime = match self {
            Self::None => return NEVER,
            Self::Fixed(lifetime) | Self::Sliding(lifetime) => lifetime.micros(),
            Self::Jittered(jittered) => {
                let spread = jittered.spread.get() * (2.0 * stored().key.unit() - 1.0);
                ((jittered.mean.micros() as f64 * (1.0 + spread)) as Time).max(1)
            }
            Self::ByLeadTime(bands) => {
                let lead = stored().check_in.saturating_sub(at);
                let holds = |band: &&Band| band.within.is_none_or(|within| lead <= within.micros());
                bands
                    .iter()
                    .find(holds)
                    .map_or(NEVER, |band| band.ttl.micros())
            }
            Self::Adaptive(adaptive) => {
                let quiet = stored().quiet_for as f64 * adaptive.share.get();
                (quiet as Time).clamp(adaptive.min.micros(), adaptive.max.micros())
            }
        };
        at.saturating_add(lifetime)
    }

    /// The lifetime that every hit restarts.
    #[must_use]
    #[inline]
    pub fn sliding(&self) -> Option<Time> {
        match self {
            Self::Sliding(lifetime) => Some(lifetime.micros()),
            _ => None,
        }
    }
}
