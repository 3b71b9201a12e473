//! What happens to a few stays of one design in one replicate, moment by moment, for eyes to follow.
//!
//! It is the very run that is measured: the same stays, met by the same searches, changed and told of at the same
//! instants. Where stays share nothing those that are filmed are walked alone; where they meet, all are walked and
//! these are shown.

use serde::{Deserialize, Serialize};

use super::clock::Time;
use super::math;
use super::plan::Event;
use crate::world::group::Group;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// When it was sent.
    pub sent: Time,
    /// When it was processed, or lost; [`NEVER`](super::clock::NEVER) if it still waits at the end.
    pub ends: Time,
    /// Whether it was lost.
    pub is_lost: bool,
}

/// A stay that is filmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Its group in the world,
    pub group: u64,
    /// and its place in it.
    pub index: u32,
    /// The hotel that it is of.
    pub hotel: u64,
    /// 00:00 UTC of the check-in day; [`NEVER`](super::clock::NEVER) where there is none.
    pub check_in: Time,
    /// For so many nights; 1 where there is no check-in.
    pub nights: u32,
    /// When it can first be searched, and no longer.
    pub enters: Time,
    /// When it leaves.
    pub leaves: Time,
    /// Whether it is available as it enters.
    pub available: bool,
}

/// Who is filmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The groups: hotels, or blocks of textbook items.
    pub groups: Vec<u64>,
    /// Of their stays those for so many nights; all, if nothing is said.
    pub nights: Option<u32>,
}

impl Cast {
    /// At most so many of the groups that there are, from the most searched to the least: the first, the last, and
    /// others between them by equal factors, as popularity falls.
    #[must_use]
    pub fn of(groups: u64, most: u64, nights: Option<u32>) -> Self {
        let most = most.clamp(1, groups.max(1));
        let place = |i: u64| {
            let share = i as f64 / (most - 1).max(1) as f64;
            libm::round(math::pow(groups as f64, share)) as u64 - 1
        };
        let mut chosen: Vec<u64> = Vec::new();
        for i in 0..most {
            // Where factors would choose one twice, the next is taken, as far as those after it have room.
            let next = chosen.last().map_or(0, |last| last + 1);
            chosen.push(place(i).max(next).min(groups.saturating_sub(most - i)));
        }
        Self {
            groups: chosen,
            nights,
        }
    }

    fn holds(&self, group: u64, nights: u32) -> bool {
        self.groups.contains(&group) && self.nights.is_none_or(|of| of == nights)
    }
}

/// A film.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Film {
    /// Whom it shows.
    pub actors: Vec<Actor>,
    /// What they do, in the order of time; at an instant, in the order in which it happens.
    pub scenes: Vec<Scene>,
    /// The messages about their hotels; those of all hotels where they wait in one line; none of observations that
    /// do not. By feed, in the order of sending.
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
    /// A camera for the stays of these groups, which are numbered in order.
    #[must_use]
    pub fn new(groups: &[Group], cast: &Cast) -> Self {
        let mut actors = 0;
        let mut place = |group: &Group, nights: u32| {
            cast.holds(group.ordinal, nights).then(|| {
                actors += 1;
                actors - 1
            })
        };
        let stays = groups.iter().flat_map(|group| {
            let stays = group.stays.iter();
            stays.map(move |stay| (group, stay.nights))
        });
        let cast: Vec<Option<u32>> = stays.map(|(group, nights)| place(group, nights)).collect();
        Self {
            holds: vec![None; cast.iter().flatten().count()],
            cast,
            scenes: Vec::new(),
        }
    }

    /// The numbers of those that it films, in order.
    pub fn filmed(&self) -> impl Iterator<Item = u32> {
        let numbers = (0_u32..).zip(&self.cast);
        numbers.filter_map(|(number, place)| place.map(|_| number))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_spans_from_the_first_to_the_last() {
        for (groups, most, chosen) in [
            (1, 12, vec![0]),
            (3, 12, vec![0, 1, 2]),
            (200, 5, vec![0, 3, 13, 52, 199]),
            (12, 8, vec![0, 1, 2, 3, 4, 5, 7, 11]),
            (0, 4, vec![0]),
        ] {
            assert_eq!(
                Cast::of(groups, most, None).groups,
                chosen,
                "{most} of {groups}"
            );
        }
    }
}
