//! What happens to a few stays of one design in one replicate, moment by moment, for eyes to follow.
//!
//! It is the very run that is measured: the same stays, met by the same searches, changed and told of at the same
//! instants. Where stays share nothing those that are filmed are walked alone; where they meet, all are walked and
//! these are shown.

use super::clock::Time;
use super::plan::Event;

/// Something that happens to a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It sold out, or reopened: whether it is available now.
    Truth(bool),
    /// An answer was written: by a feed, or after a live ask of the cache's own.
    Wrote {
        /// The feed.
        from: Option<u8>,
        /// Available, or sold out.
        answer: bool,
        /// When the truth behind it was read.
        read: Time,
    },
    /// What is held for it and served from now on: an answer, or nothing.
    Holds(Option<bool>),
    /// A search looked for it, and found this answer, or nothing.
    Searched(Option<bool>),
    /// The domain service was asked for it: for a miss, a shown answer, an exploration, another channel.
    Asked,
}

/// A moment in a stay's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// When.
    pub at: Time,
    /// Which of the film's stays.
    pub stay: u32,
    /// What happened.
    pub seen: Seen,
}

/// A message of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// When it was sent.
    pub sent: Time,
    /// When it was processed, or lost; [`NEVER`](super::clock::NEVER) if it still waits at the end.
    pub ends: Time,
    /// Whether it was lost.
    pub is_lost: bool,
}

/// A stay that is filmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Its group in the world,
    pub group: u64,
    /// and its place in it.
    pub index: u32,
    /// The hotel that it is of.
    pub hotel: u64,
    /// 00:00 UTC of the check-in day; [`NEVER`](super::clock::NEVER) where there is none.
    pub check_in: Time,
    /// When it can first be searched, and no longer.
    pub enters: Time,
    /// When it leaves.
    pub leaves: Time,
    /// Whether it is available as it enters.
    pub available: bool,
}

/// A film.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Film {
    /// Whom it shows.
    pub actors: Vec<Actor>,
    /// What they do, in the order of time; at an instant, in the order in which it happens.
    pub scenes: Vec<Scene>,
    /// The messages about their hotels; those of all hotels where they wait in one line. By feed.
    pub messages: Vec<Vec<Message>>,
    /// What happens to the design as a whole.
    pub events: Vec<Event>,
}

/// What looks on while a design runs.
#[derive(Debug, Default)]
pub struct Camera {
    /// By the number of a stay in the run: which of the film's it is.
    cast: Vec<Option<u32>>,
    /// By the film's stays: what is held, as far as it has been seen.
    holds: Vec<Option<bool>>,
    scenes: Vec<Scene>,
}

impl Camera {
    /// A camera for the stays of a run, by number: which of the film's each is, if it is in it.
    #[must_use]
    pub fn new(cast: Vec<Option<u32>>) -> Self {
        let actors = cast.iter().flatten().count();
        Self {
            cast,
            holds: vec![None; actors],
            scenes: Vec::new(),
        }
    }

    /// Something happened to a stay of the run.
    pub fn saw(&mut self, stay: u32, at: Time, seen: Seen) {
        let Some(stay) = self.cast.get(stay as usize).copied().flatten() else {
            return;
        };
        if let Seen::Holds(held) = seen {
            let before = &mut self.holds[stay as usize];
            if *before == held {
                return;
            }
            *before = held;
        }
        self.scenes.push(Scene { at, stay, seen });
    }

    /// All that it saw, in the order of time.
    #[must_use]
    pub fn into_scenes(mut self) -> Vec<Scene> {
        // Walks of different stays are not quite in step with each other.
        self.scenes.sort_by_key(|scene| scene.at);
        self.scenes
    }
}
