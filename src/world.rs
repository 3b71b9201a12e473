//! The truth: what is available, what changes it, and who searches for it. No design is in sight here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Period;
use crate::sim::clock::Horizon;

pub mod day_curve;
mod flips;
pub mod group;
pub mod hotels;
pub mod live_service;
pub mod searches;
pub mod shocks;
pub mod trace;
pub mod two_state;

pub use group::{Generate, Group};
pub use hotels::Hotels;
pub use live_service::LiveService;
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
    Hotels(Box<Hotels>),
    /// Hotels as they were: bookings, and searches if there are any, from CSV.
    Trace(Trace),
}

impl World {
    /// How much the domain service can take, if that is said.
    #[must_use]
    pub fn live_service(&self) -> Option<LiveService> {
        match self {
            Self::TwoState(world) => world.live_service,
            Self::Hotels(world) => world.live_service,
            Self::Trace(world) => world.live_service,
        }
    }

    /// How far ahead stays can be searched; not of the textbook's, which have no check-in.
    #[must_use]
    pub fn booking_window(&self) -> Option<Period> {
        match self {
            Self::TwoState(_) => None,
            Self::Hotels(world) => Some(world.booking_window),
            Self::Trace(world) => Some(world.booking_window),
        }
    }

    /// What is remembered of having made it ready once: whoever keeps it does so sooner.
    #[must_use]
    pub fn known(&self, horizon: Horizon) -> Option<hotels::Known> {
        match self {
            Self::Hotels(world) => hotels::Known::of(world, horizon),
            Self::TwoState(_) | Self::Trace(_) => None,
        }
    }

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
