//! What can be drawn at a moment: the stays on the board, alike or by their searches.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Frame;
use crate::sim::clock::Time;
use crate::sim::random::Key;
use crate::world::group::Generate;

/// A unit that was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Its group: a hotel.
    pub group: u32,
    /// Which of the group's stays that can be searched at one moment: days ahead and nights.
    pub slot: u32,
    /// The chance with which each draw takes it; 0 where all are alike.
    pub chance: f64,
}

/// The board of a replicate: which groups are on it, and when.
pub struct Board<'w> {
    world: &'w dyn Generate,
    on_board: Vec<(Time, Time)>,
}

impl<'w> Board<'w> {
    /// The board of a world in a replicate.
    #[must_use]
    pub fn new(world: &'w dyn Generate, replicate: Key) -> Self {
        let groups = 0..world.groups();
        Self {
            world,
            on_board: groups
                .map(|group| world.on_board(replicate, group))
                .collect(),
        }
    }

    /// What can be drawn at a moment.
    #[must_use]
    pub fn at(&self, at: Time, frame: Frame) -> Moment {
        let world = self.world;
        let present: Vec<u32> = (0_u32..)
            .zip(&self.on_board)
            .filter(|(_, (joins, leaves))| (*joins..*leaves).contains(&at))
            .map(|(group, _)| group)
            .collect();
        let mut before = Vec::with_capacity(present.len() + 1);
        let mut stays = 0;
        for group in &present {
            before.push(stays);
            stays += u64::from(world.slots(u64::from(*group)));
        }
        before.push(stays);
        let searches = (frame == Frame::Searches).then(|| Searches::new(world, &present, at));
        Moment {
            present,
            before,
            searches,
        }
    }
}

/// Searches of all that can be drawn at a moment.
#[derive(Debug)]
struct Searches {
    /// By kind of group: the kind, and searches a day before each slot and in all.
    kinds: Vec<(u64, Vec<f64>)>,
    /// By group on the board: which of the kinds, and its scale.
    of_group: Vec<(usize, f64)>,
    /// Searches a day before each group, and in all.
    before: Vec<f64>,
}

impl Searches {
    fn new(world: &dyn Generate, present: &[u32], at: Time) -> Self {
        let mut kinds: Vec<(u64, Vec<f64>)> = Vec::new();
        let mut of_group = Vec::with_capacity(present.len());
        let mut before = vec![0.0];
        let mut all = 0.0;
        for group in present {
            let group = u64::from(*group);
            let kind = world.kind(group);
            let place = kinds.iter().rposition(|(of, _)| *of == kind);
            let place = place.unwrap_or_else(|| {
                let mut slots = Vec::new();
                world.slot_searches(kind, at, &mut slots);
                let mut sum = 0.0;
                let mut upto = vec![0.0];
                upto.extend(slots.iter().map(|searches| {
                    sum += searches;
                    sum
                }));
                kinds.push((kind, upto));
                kinds.len() - 1
            });
            let scale = world.scale(group);
            all += scale * kinds[place].1.last().copied().unwrap_or(0.0);
            of_group.push((place, scale));
            before.push(all);
        }
        Self {
            kinds,
            of_group,
            before,
        }
    }
}

/// What can be drawn at a moment.
pub struct Moment {
    /// Groups on the board, the most searched first.
    present: Vec<u32>,
    /// Stays before each of them, and in all.
    before: Vec<u64>,
    searches: Option<Searches>,
}

impl Moment {
    /// How many stays can be searched.
    #[must_use]
    pub fn stays(&self) -> u64 {
        self.before.last().copied().unwrap_or(0)
    }

    /// Whether a group is on the board.
    #[must_use]
    pub fn holds(&self, group: u32) -> bool {
        self.present.binary_search(&group).is_ok()
    }

    /// The stay of this number.
    #[must_use]
    pub fn nth(&self, number: u64) -> Drawn {
        let place = self.before.partition_point(|before| *before <= number) - 1;
        Drawn {
            group: self.present[place],
            slot: (number - self.before[place]) as u32,
            chance: 0.0,
        }
    }

    /// The number of a stay.
    #[must_use]
    pub fn number(&self, drawn: &Drawn) -> Option<u64> {
        let place = self.present.binary_search(&drawn.group).ok()?;
        Some(self.before[place] + u64::from(drawn.slot))
    }

    /// Draws so many, other than those `taken`: all alike without replacement, or by searches with.
    #[must_use]
    pub fn draw(&self, size: u32, taken: &[Drawn], key: Key) -> Vec<Drawn> {
        match &self.searches {
            Some(searches) => (0..u64::from(size))
                .filter_map(|ordinal| self.by_searches(searches, key.at(ordinal)))
                .collect(),
            None => {
                let taken = taken.iter().filter_map(|drawn| self.number(drawn));
                self.alike(0, self.stays(), size, taken.collect(), key)
            }
        }
    }

    /// Draws without replacement from the stays numbered `from..to`, other than those `taken` (R. W. Floyd, in
    /// J. Bentley, "Programming pearls: a sample of brilliance", CACM 30(9), 1987, where nothing is taken;
    /// otherwise by drawing again).
    #[must_use]
    pub fn alike(
        &self,
        from: u64,
        to: u64,
        size: u32,
        taken: BTreeSet<u64>,
        key: Key,
    ) -> Vec<Drawn> {
        let count = to - from;
        let free = count.saturating_sub(taken.range(from..to).count() as u64);
        let size = u64::from(size).min(free);
        let mut drawn = BTreeSet::new();
        let mut ordinal = 0;
        let mut below = |bound: u64| {
            let word = key.at(ordinal).word();
            ordinal += 1;
            ((u128::from(word) * u128::from(bound)) >> 64) as u64
        };
        if taken.is_empty() {
            for last in count - size..count {
                let pick = from + below(last + 1);
                if !drawn.insert(pick) {
                    drawn.insert(from + last);
                }
            }
        } else {
            while (drawn.len() as u64) < size {
                let pick = from + below(count);
                if !taken.contains(&pick) {
                    drawn.insert(pick);
                }
            }
        }
        drawn.into_iter().map(|number| self.nth(number)).collect()
    }

    fn by_searches(&self, searches: &Searches, key: Key) -> Option<Drawn> {
        let all = searches.before.last().copied().filter(|all| *all > 0.0)?;
        let mass = key.at(0).unit() * all;
        let upto = searches.before[1..].partition_point(|upto| *upto <= mass);
        let place = upto.min(self.present.len() - 1);
        let (kind, scale) = searches.of_group[place];
        let slots = &searches.kinds[kind].1;
        let of_kind = slots.last().copied().filter(|all| *all > 0.0)?;
        let mass = key.at(1).unit() * of_kind;
        let slot = slots[1..].partition_point(|upto| *upto <= mass);
        let slot = slot.min(slots.len() - 2);
        Some(Drawn {
            group: self.present[place],
            slot: slot as u32,
            chance: scale * (slots[slot + 1] - slots[slot]) / all,
        })
    }
}
