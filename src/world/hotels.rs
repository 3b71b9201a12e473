//! Hotels with room types, bookings, cancellations, close-outs and a booking window that rolls.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::two_state::Popularity;
use crate::scenario::choice;
use crate::scenario::quantity::{Count, Period, Rate};

/// Synthetic hotels, calibrated on published figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hotels {
    /// How many hotels are simulated.
    pub count: Count,
    /// How many hotels the board stands for; money is shown for both. Default: as many as are simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represents: Option<Count>,
    /// How far ahead a stay can be searched: check-in lead 0 to this, in whole days.
    pub booking_window: Period,
    /// The longest stay that can be searched, in nights.
    pub max_nights: Count,
    /// How searches spread over hotels, in order.
    #[serde(default, deserialize_with = "choice::deserialize")]
    pub popularity: Popularity,
    /// Who wants to book, and how.
    pub demand: Demand,
    /// Searches for each booking request.
    pub searches_per_request: Rate,
    /// Changes by suppliers, per hotel and day: rate updates that change no answer, close-outs, re-openings.
    pub supplier_changes_per_hotel_per_day: Rate,
}

/// Who wants to book, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Booking requests, per hotel and day.
    pub requests_per_hotel_per_day: Rate,
    /// The published figures that lead times, nights, cancellations and seasons follow.
    #[serde(default)]
    pub profile: Profile,
}

/// The published figures that a hotel follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// A city hotel: short stays, many cancellations.
    #[default]
    City,
    /// A resort: stays peak at a week.
    Resort,
    /// Hotels of both kinds, half and half.
    Mixed,
}
