//! The truth: what is available, what changes it, and who searches for it. No design is in sight here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sim::clock::Horizon;

pub mod day_curve;
mod flips;
pub mod group;
pub mod hotels;
pub mod searches;
pub mod shocks;
pub mod trace;
pub mod two_state;

pub use group::{Generate, Group};
pub use hotels::Hotels;
pub use shocks::Shocks;
pub use trace::Trace;
pub use two_state::TwoState;

/// The registered worlds: one line each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum World {
    /// The textbook: items that flip at exponential moments. It exists to be held against closed forms.
    TwoState(TwoState),
    /// Hotels with room types, bookings, cancellations, close-outs and a booking window that rolls.
    Hotels(Hotels),
    /// Hotels as they were: bookings, and searches if there are any, from CSV.
    Trace(Trace),
}

impl World {
    /// The world made ready to be drawn, group by group, with what befalls it.
    #[must_use]
    pub fn generator(&self, horizon: Horizon, shocks: &Shocks) -> Box<dyn Generate> {
        match self {
            Self::TwoState(world) => Box::new(two_state::Items::new(world, horizon, shocks)),
            Self::Hotels(world) => Box::new(hotels::HotelsWorld::new(world, horizon, shocks)),
            Self::Trace(world) => Box::new(trace::TraceWorld::new(world, horizon, shocks)),
        }
    }
}
