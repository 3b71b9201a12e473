//! What is true of each stay and what is held for it, at any moment of a film.

use crate::design::serving::OnMiss;
use crate::report::happened;
use crate::report::reel::{Reel, SLICES};
use crate::sim::clock::{HOUR, Time};
use crate::sim::film::Seen;

/// How a stay is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether it is truly available.
    pub available: bool,
    /// The answer that is held for it.
    pub held: Option<bool>,
}

/// How right what is held is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Held available, and it is.
    RightAvailable,
    /// Held sold out, and it is.
    RightSoldOut,
    /// Held available, and it is sold out.
    FalseAvailable,
    /// Held sold out, and it is available.
    FalseSoldOut,
    /// Nothing is held.
    Nothing,
}

impl Class {
    /// All of them, in the order of legends.
    pub const ALL: [Self; 5] = [
        Self::RightAvailable,
        Self::RightSoldOut,
        Self::FalseAvailable,
        Self::FalseSoldOut,
        Self::Nothing,
    ];

    /// Its name for scripts and style sheets.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::RightAvailable => "right-available",
            Self::RightSoldOut => "right-sold-out",
            Self::FalseAvailable => "false-available",
            Self::FalseSoldOut => "false-sold-out",
            Self::Nothing => "nothing",
        }
    }

    /// Its name for people; that of nothing says what a search is told.
    #[must_use]
    pub fn name(self, on_miss: OnMiss) -> &'static str {
        match (self, on_miss) {
            (Self::RightAvailable, _) => "right: available",
            (Self::RightSoldOut, _) => "right: sold out",
            (Self::FalseAvailable, _) => "false available",
            (Self::FalseSoldOut, _) => "false sold out",
            (Self::Nothing, OnMiss::AskLive) => "nothing held: asked live",
            (Self::Nothing, OnMiss::SayAvailable) => "nothing held: said available",
            (Self::Nothing, OnMiss::SaySoldOut) => "nothing held: said sold out",
        }
    }
}

impl State {
    /// How right what is held is.
    #[must_use]
    pub fn class(self) -> Class {
        match (self.held, self.available) {
            (None, _) => Class::Nothing,
            (Some(true), true) => Class::RightAvailable,
            (Some(false), false) => Class::RightSoldOut,
            (Some(true), false) => Class::FalseAvailable,
            (Some(false), true) => Class::FalseSoldOut,
        }
    }

    /// Whether a search would be told the truth.
    #[must_use]
    pub fn is_right(self, on_miss: OnMiss) -> bool {
        self.held.unwrap_or(match on_miss {
            OnMiss::AskLive => self.available,
            OnMiss::SayAvailable => true,
            OnMiss::SaySoldOut => false,
        }) == self.available
    }
}

/// How many stays are how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// By [`Class`].
    pub of: [u32; Class::ALL.len()],
    /// Those of which a search would be told the truth.
    pub told_right: u32,
}

impl Counts {
    /// Counts a stay.
    pub fn add(&mut self, state: State, on_miss: OnMiss) {
        self.of[state.class() as usize] += 1;
        self.told_right += u32::from(state.is_right(on_miss));
    }

    /// All stays.
    #[must_use]
    pub fn stays(&self) -> u32 {
        self.of.iter().sum()
    }

    /// Those for which something is held.
    #[must_use]
    pub fn held(&self) -> u32 {
        self.stays() - self.of[Class::Nothing as usize]
    }
}

/// A reel that can be looked at at any moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The film.
    pub reel: Reel,
    /// What a search gets for which nothing is held.
    pub on_miss: OnMiss,
    /// By stay, and one more: where its states begin.
    starts: Vec<usize>,
    /// The states of each stay, and since when.
    states: Vec<(Time, State)>,
}

impl Timeline {
    /// Makes a reel ready.
    #[must_use]
    pub fn new(reel: Reel, on_miss: OnMiss) -> Self {
        // By counting: where each stay's states begin, then each into its place.
        let mut starts = vec![1; reel.actors.len() + 1];
        starts[0] = 0;
        for scene in &reel.scenes {
            if let Some(count) = starts.get_mut(scene.stay as usize + 1) {
                *count += 1;
            }
        }
        for stay in 1..starts.len() {
            starts[stay] += starts[stay - 1];
        }
        let mut states = vec![(Time::MIN, NOT_HELD); starts.last().copied().unwrap_or_default()];
        let mut next = starts.clone();
        for (stay, actor) in reel.actors.iter().enumerate() {
            let available = actor.available;
            states[next[stay]] = (
                Time::MIN,
                State {
                    available,
                    held: None,
                },
            );
            next[stay] += 1;
        }
        for scene in &reel.scenes {
            let stay = scene.stay as usize;
            if stay >= reel.actors.len() {
                continue;
            }
            let mut state = states[next[stay] - 1].1;
            match scene.seen {
                Seen::Truth(available) => state.available = available,
                Seen::Holds(held) => state.held = held,
                Seen::Wrote { .. } | Seen::Searched(_) | Seen::Asked => {}
            }
            states[next[stay]] = (scene.at, state);
            next[stay] += 1;
        }
        Self {
            reel,
            on_miss,
            starts,
            states,
        }
    }

    /// The states of a stay up to a moment, latest last.
    fn until(&self, stay: usize, at: Time) -> &[(Time, State)] {
        let (Some(from), Some(to)) = (self.starts.get(stay), self.starts.get(stay + 1)) else {
            return &[];
        };
        let all = &self.states[*from..*to];
        &all[..all.partition_point(|(since, _)| *since <= at)]
    }

    /// How a stay is at a moment; nothing while it is not on sale.
    #[must_use]
    pub fn state(&self, stay: usize, at: Time) -> Option<State> {
        let actor = self.reel.actors.get(stay)?;
        if at < actor.enters || at >= actor.leaves {
            return None;
        }
        self.until(stay, at).last().map(|(_, state)| *state)
    }

    /// Since when a stay is held as it is at a moment; nothing if it always was.
    #[must_use]
    pub fn held_since(&self, stay: usize, at: Time) -> Option<Time> {
        let states = self.until(stay, at);
        let now = states.last()?.1.held;
        let same = states.iter().rev().take_while(|(_, of)| of.held == now);
        same.last()
            .map(|(since, _)| *since)
            .filter(|since| *since > Time::MIN)
    }

    /// The stays to which something happens after one moment, until another.
    pub fn changed(&self, after: Time, until: Time) -> impl Iterator<Item = usize> {
        let scenes = &self.reel.scenes;
        let from = scenes.partition_point(|scene| scene.at <= after);
        let to = scenes.partition_point(|scene| scene.at <= until).max(from);
        scenes[from..to].iter().map(|scene| scene.stay as usize)
    }

    /// The most messages of a feed that were on their way or waited around a moment.
    #[must_use]
    pub fn waiting(&self, feed: usize, at: Time) -> u32 {
        let slice = i128::from(at) * SLICES as i128 / i128::from(self.reel.end.max(1));
        let slices = self.reel.waiting.get(feed);
        slices
            .and_then(|of| of.get(slice as usize))
            .copied()
            .unwrap_or(0)
    }

    /// The most that ever were.
    #[must_use]
    pub fn most_waiting(&self, feed: usize) -> u32 {
        let slices = self.reel.waiting.get(feed).into_iter().flatten();
        slices.copied().max().unwrap_or(0)
    }

    /// When something happened to the design as a whole, in the measured part: when, what, and whether it
    /// belongs to a fault.
    pub fn marks(&self) -> impl Iterator<Item = (Time, String, bool)> {
        let measured = self.reel.events.iter().filter(|event| event.hour >= 0.0);
        measured.map(|event| {
            let at = self.reel.warm + (event.hour * HOUR as f64) as Time;
            let what = happened::what(event, self.reel.feeds.len() == 1);
            (at, what, event.fault.is_some())
        })
    }
}

const NOT_HELD: State = State {
    available: false,
    held: None,
};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sim::clock::DAY;
    use crate::sim::film::{Actor, Scene};

    /// Two nights of a hotel: the first leaves after a day.
    pub(crate) fn timeline() -> Timeline {
        let actor = |index: u32, leaves| Actor {
            group: 0,
            index,
            hotel: 7,
            check_in: i64::from(index) * DAY,
            nights: 1,
            enters: 0,
            leaves,
            available: true,
        };
        let scene = |at, stay, seen| Scene { at, stay, seen };
        let reel = Reel {
            design: "a".to_owned(),
            replicate: 0,
            warm: 0,
            end: 2 * DAY,
            feeds: vec!["f".to_owned()],
            actors: vec![actor(0, DAY), actor(1, 2 * DAY)],
            scenes: vec![
                scene(5, 0, Seen::Holds(Some(true))),
                scene(5, 1, Seen::Holds(Some(true))),
                scene(9, 1, Seen::Truth(false)),
                scene(20, 1, Seen::Holds(Some(false))),
                scene(30, 1, Seen::Truth(true)),
                scene(40, 1, Seen::Holds(None)),
            ],
            messages: Vec::new(),
            waiting: vec![(0..SLICES as u32).collect()],
            events: Vec::new(),
        };
        Timeline::new(reel, OnMiss::SaySoldOut)
    }

    #[test]
    fn a_stay_is_as_it_last_became() {
        let film = timeline();
        let classes: Vec<Option<Class>> = [0, 5, 8, 9, 20, 30, 40, 2 * DAY]
            .map(|at| film.state(1, at).map(State::class))
            .to_vec();
        assert_eq!(
            classes,
            [
                Some(Class::Nothing),
                Some(Class::RightAvailable),
                Some(Class::RightAvailable),
                Some(Class::FalseAvailable),
                Some(Class::RightSoldOut),
                Some(Class::FalseSoldOut),
                Some(Class::Nothing),
                None,
            ]
        );
        assert_eq!(film.state(0, DAY), None, "it is gone");
        assert_eq!(film.state(9, 0), None, "there is none");
        assert_eq!(film.held_since(1, 35), Some(20), "the truth does not count");
        assert_eq!(film.held_since(1, 4), None);
        assert_eq!(film.changed(5, 20).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(film.changed(20, 5).count(), 0);
    }

    #[test]
    fn a_miss_is_what_a_search_is_told() {
        let (miss, sold_out) = (
            State {
                available: true,
                held: None,
            },
            State {
                available: false,
                held: None,
            },
        );
        assert!(miss.is_right(OnMiss::AskLive) && miss.is_right(OnMiss::SayAvailable));
        assert!(!miss.is_right(OnMiss::SaySoldOut) && sold_out.is_right(OnMiss::SaySoldOut));
        let mut counts = Counts::default();
        counts.add(miss, OnMiss::SaySoldOut);
        counts.add(
            State {
                available: true,
                held: Some(true),
            },
            OnMiss::SaySoldOut,
        );
        assert_eq!(
            (counts.stays(), counts.held(), counts.told_right),
            (2, 1, 1)
        );
    }

    #[test]
    fn what_waits_is_of_the_slice() {
        let film = timeline();
        assert_eq!(film.waiting(0, DAY), SLICES as u32 / 2);
        assert_eq!(film.waiting(1, DAY), 0);
        assert_eq!(film.most_waiting(0), SLICES as u32 - 1);
    }
}
