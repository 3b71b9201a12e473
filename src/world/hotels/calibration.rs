//! What is found by walking a sample of hotels before any is drawn. It takes longer than a small run, so what was
//! found of the last worlds is kept: who moves another knob of theirs does not wait for it again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Hotels, HotelsWorld, none, sold_out};
use crate::scenario::quantity::Count;
use crate::sim::clock::{Horizon, Time};
use crate::sim::random::Key;
use crate::world::flips::Flips;
use crate::world::group::Group;

/// So many worlds are remembered.
const KEPT: usize = 8;

static FOUND: Mutex<Vec<Known>> = Mutex::new(Vec::new());

fn found() -> MutexGuard<'static, Vec<Known>> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was found of a world: another program that is to run it need not find it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    asked: Asked,
    found: Calibration,
}

impl Known {
    /// What was found of a world, if that is remembered.
    #[must_use]
    pub(in crate::world) fn of(world: &Hotels, horizon: Horizon) -> Option<Self> {
        let asked = Asked::of(world, horizon);
        found().iter().find(|known| known.asked == asked).cloned()
    }

    /// Remembers it.
    pub fn keep(self) {
        let mut found = found();
        found.retain(|known| known.asked != self.asked);
        if found.len() == KEPT {
            found.remove(0);
        }
        found.push(self);
    }
}

/// All that it depends on, as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    world: String,
    from: Time,
    to: Time,
}

impl Asked {
    fn of(world: &Hotels, Horizon { warm, end }: Horizon) -> Self {
        // The sample knows nothing of how many hotels there are, who searches for them, and what else is asked
        // of them.
        let world = Hotels {
            count: Count::of(1),
            represents: None,
            popularity: Default::default(),
            searches_per_request: none(),
            joins_per_year: none(),
            leaves_per_year: none(),
            live_service: None,
            ..world.clone()
        };
        Self {
            // Nothing in it cannot be written.
            world: serde_json::to_string(&world).unwrap_or_default(),
            from: warm,
            to: end,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Calibration {
    /// Rooms for each room a night that is asked for.
    rooms: f64,
    /// By kind of hotel, then stay: flips a day from sold out, and from available.
    flips_per_day: Vec<Vec<[f32; 2]>>,
}

impl Calibration {
    /// Gives a world of hotels its rooms, and its stays how often they flip. Hotels neither join nor leave yet,
    /// and no shock befalls them.
    pub(super) fn give(ready: &mut HotelsWorld, world: &Hotels) {
        if let Some(known) = Known::of(world, ready.horizon) {
            return known.found.set(ready);
        }
        let asked = Asked::of(world, ready.horizon);
        let found = Self::find(ready, world);
        Known { asked, found }.keep();
    }

    /// Finds it, over samples of hotels that depend on no seed.
    fn find(ready: &mut HotelsWorld, world: &Hotels) -> Self {
        ready.rooms = sold_out::rooms(ready, world.supply.sold_out_share.get());
        let sample = Key::replicate(0, 0).name("flips");
        let mut group = Group::default();
        let kinds = ready.stays.len() as u64;
        for kind in 0..kinds {
            let mut flips = Flips::new(ready.calendar);
            for hotel in 0..flips.hotels() {
                super::Generate::fill(ready, sample, hotel * kinds + kind, &mut group);
                flips.look(&group);
            }
            flips.tell(&mut ready.stays[kind as usize]);
        }
        let of_kind = ready.stays.iter();
        let of_kind = of_kind.map(|stays| stays.iter().map(|stay| stay.flips_per_day).collect());
        Self {
            rooms: ready.rooms,
            flips_per_day: of_kind.collect(),
        }
    }

    fn set(self, ready: &mut HotelsWorld) {
        ready.rooms = self.rooms;
        for (stays, flips) in ready.stays.iter_mut().zip(self.flips_per_day) {
            for (stay, flips) in stays.iter_mut().zip(flips) {
                stay.flips_per_day = flips;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::world::shocks::Shocks;

    /// What is left out of the question must not matter to the answer.
    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        let hotels = |edit: &dyn Fn(&mut serde_json::Value)| -> Hotels {
            let mut json = json!({
                "count": 12, "booking_window": "20d", "max_nights": 3,
                "demand": { "requests_per_hotel_per_day": 8, "profile": "mixed" },
                "searches_per_request": 50, "supplier_changes_per_hotel_per_day": 6
            });
            edit(&mut json);
            serde_json::from_value(json).expect("hotels")
        };
        let end = 4 * crate::sim::clock::DAY;
        let horizon = Horizon { warm: 0, end };
        let shocks = Shocks::default();
        let told_again = |known: &Known| {
            let told = serde_json::to_string(known).expect("text");
            serde_json::from_str::<Known>(&told).expect("what was told")
        };
        let find = |world: &Hotels| {
            let mut ready = HotelsWorld::new(world, horizon, &shocks);
            (ready.joins_per_year, ready.leaves_per_year) = (0.0, 0.0);
            Calibration::find(&mut ready, world)
        };
        let base = hotels(&|_| {});
        let found = find(&base);
        let known = Known::of(&base, horizon).expect("it was found just now");
        assert_eq!(known.found, found);
        assert_eq!(told_again(&known), known);
        for (name, value) in [
            ("count", json!(30)),
            ("represents", json!(1000)),
            ("popularity", json!({ "zipf": 1.2 })),
            ("searches_per_request", json!(7)),
            ("joins_per_year", json!(3)),
            ("leaves_per_year", json!(4)),
            ("live_service", json!({ "capacity_per_second": 5 })),
        ] {
            let other = hotels(&|json| json[name] = value.clone());
            assert_ne!(other, base, "{name}");
            assert_eq!(
                Asked::of(&other, horizon),
                Asked::of(&base, horizon),
                "{name}"
            );
            assert_eq!(find(&other), found, "{name}");
        }
        let busier = hotels(&|json| json["demand"]["requests_per_hotel_per_day"] = json!(11));
        assert_ne!(Asked::of(&busier, horizon), Asked::of(&base, horizon));
        assert_ne!(find(&busier), found);
    }
}
