//! The interval of each stay follows its changes: halved where the poll found one, doubled where it found
//! none, between two bounds.
//!
//! ```text
//!        answer as before: × 2
//!   min ─▶ 2·min ─▶ 4·min ─▶ … ─▶ max
//!   min ◀─ 2·min ◀─ 4·min ◀─ … ◀─ max
//!        another answer: ÷ 2
//! ```
//!
//! As Apache Nutch's `AdaptiveFetchSchedule`, with factors of 2. A poll sees that the answer differs, never how
//! often it changed in between (J. Cho, H. Garcia-Molina, "Estimating frequency of change", ACM TOIT 3, 2003).
//! Of a two-state item in equilibrium less than half of all polls see a change, however long the interval:
//! the rule always drifts towards `max`, faster where changes are rare.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Period;
use crate::sim::clock::Time;

/// Intervals that follow each stay's changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adaptive {
    /// The shortest interval; at most `every`.
    pub min: Period,
    /// The longest interval; at least `every`.
    pub max: Period,
}

impl Adaptive {
    /// The interval after one of `every`, in microseconds.
    #[must_use]
    #[inline]
    pub fn after(&self, every: Time, changed: bool) -> Time {
        if changed {
            (every / 2).max(self.min.micros())
        } else {
            (every * 2).min(self.max.micros())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::clock::MINUTE;

    #[test]
    fn intervals_stay_between_their_bounds() {
        let adaptive = Adaptive {
            min: Period::of(10 * MINUTE),
            max: Period::of(65 * MINUTE),
        };
        let walk = |every: Time, found: &[bool]| {
            found
                .iter()
                .fold(every, |every, changed| adaptive.after(every, *changed))
        };
        assert_eq!(walk(20 * MINUTE, &[true]), 10 * MINUTE);
        assert_eq!(walk(20 * MINUTE, &[true, true]), 10 * MINUTE);
        assert_eq!(walk(20 * MINUTE, &[false]), 40 * MINUTE);
        assert_eq!(walk(20 * MINUTE, &[false, false]), 65 * MINUTE);
        assert_eq!(walk(65 * MINUTE, &[true, false]), 65 * MINUTE);
    }
}
