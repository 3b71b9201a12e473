//! What things cost, in US dollars. `docs` in the README say where each starting value comes from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quantity::Usd;

macro_rules! prices {
    ($($(#[$doc:meta])* $name:ident: $kind:ident = $default:expr;)*) => {
        /// The price of each thing that is counted. All can be set; the defaults are assumptions.
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Prices {
            $($(#[$doc])* pub $name: $kind,)*
        }

        impl Default for Prices {
            fn default() -> Self {
                Self { $($name: $kind::of($default),)* }
            }
        }

        impl Prices {
            /// The names of all prices.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// The price with this name.
            #[must_use]
            pub fn by_name(&self, name: &str) -> Option<Price> {
                match name {
                    $(stringify!($name) => Some(Price {
                        name: stringify!($name),
                        field: $kind::FIELD,
                        usd: self.$name.usd(),
                        buys: $kind::BUYS,
                    }),)*
                    _ => None,
                }
            }
        }
    };
}

prices! {
    /// A message of the change stream.
    delta: PerMillion = 1.0;
    /// A live answer observed and sent to the copy.
    observation: PerMillion = 0.3;
    /// A live ask for a miss, an exploration or a refresh.
    live_ask: PerMillion = 20.0;
    /// A live ask of a poll.
    poll: PerMillion = 20.0;
    /// A live ask for a stay that was shown: the product's own, so free by default.
    shown: PerMillion = 0.0;
    /// A read of the copy.
    cache_read: PerMillion = 0.125;
    /// A write to the copy.
    cache_write: PerMillion = 0.625;
    /// An entry kept for a month (30 days).
    stored: PerMillionMonths = 5.0;
    /// A probe of an audit: a live ask, and what compares it.
    probe: PerMillion = 25.0;
    /// A call to another region: bytes that cross, at 5 kB a call.
    cross_region: PerMillion = 0.05;
    /// A moving part, kept running and looked after.
    component: PerMonth = 2500.0;
    /// A false available served and then checked live before booking.
    false_available_checked: Each = 0.002;
    /// A false available served and not checked.
    false_available: Each = 0.05;
    /// A false sold out served: a sale that may be lost.
    false_sold_out: Each = 0.011;
}

/// A price, whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Its name.
    pub name: &'static str,
    /// The key of its amount, which says for how much: `usd_per_million`.
    pub field: &'static str,
    /// The amount, in US dollars.
    pub usd: f64,
    /// What the amount buys: so many of what is counted.
    pub buys: f64,
}

impl Price {
    /// US dollars for one.
    #[must_use]
    pub fn usd_each(self) -> f64 {
        self.usd / self.buys
    }

    /// Where it stands in a scenario.
    #[must_use]
    pub fn pointer(self) -> String {
        format!("/prices/{}/{}", self.name, self.field)
    }
}

macro_rules! price_kind {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident } / $unit:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(#[$field_doc])*
            pub $field: Usd,
        }

        impl $name {
            /// A price, for defaults.
            #[must_use]
            pub const fn of(value: f64) -> Self {
                Self { $field: Usd::of(value) }
            }

            const FIELD: &str = stringify!($field);
            const BUYS: f64 = $unit;

            fn usd(self) -> f64 {
                self.$field.get()
            }
        }
    };
}

price_kind!(
    /// A price by the million.
    PerMillion {
        /// US dollars for a million.
        usd_per_million
    } / 1e6
);
price_kind!(
    /// A price by the million entries and month of 30 days.
    PerMillionMonths {
        /// US dollars for a million entries kept for 30 days.
        usd_per_million_months
    } / 1e6
);
price_kind!(
    /// A price by the month of 30 days.
    PerMonth {
        /// US dollars for 30 days, each of which is counted.
        usd_per_month
    } / 30.0
);

price_kind!(
    /// A price for each.
    Each {
        /// US dollars each.
        usd_each
    } / 1.0
);
