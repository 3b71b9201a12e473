//! What those who use a copy in their own way find of it.

use serde::{Deserialize, Serialize};

use super::metrics::Unit;
use super::tally::Tally;
use crate::scenario::audience::{Audience, Reads, Weigh};
use crate::sim::clock::Time;

/// A metric of an audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudienceMetric {
    /// The key in files.
    pub key: &'static str,
    /// The title on tables and charts.
    pub title: &'static str,
    /// How it is printed.
    pub unit: Unit,
}

macro_rules! audience_metrics {
    ($($(#[$doc:meta])* $key:ident $title:literal;)*) => {
        /// The metrics of an audience, in the order of every file and hash.
        pub const AUDIENCE_METRICS: &[AudienceMetric] = &[$(AudienceMetric {
            key: stringify!($key),
            title: $title,
            unit: Unit::Share,
        }),*];

        /// What an audience found in one replicate.
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct AudienceOutcome {
            $($(#[$doc])* pub $key: Option<f64>,)*
        }

        impl AudienceOutcome {
            /// The value of the metric with this key.
            #[must_use]
            pub fn get(&self, key: &str) -> Option<f64> {
                match key {
                    $(stringify!($key) => self.$key,)*
                    _ => None,
                }
            }
        }
    };
}

audience_metrics! {
    /// Of what it has an answer for, the share that is right.
    accuracy "Accuracy";
    /// The share called available that is sold out.
    false_available "False available";
    /// The share called sold out that is available.
    false_sold_out "False sold out";
    /// The share of all that it has an answer for: from an entry, where it reads searches.
    coverage "Coverage";
}

/// A reader of the whole copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Between two reads.
    pub every: Time,
    /// What counts.
    pub weigh: Weigh,
}

impl Bulk {
    /// The reader that an audience is, if it reads in bulk.
    #[must_use]
    pub fn of(audience: &Audience) -> Option<Self> {
        (audience.reads == Reads::Bulk).then(|| Self {
            every: audience.every.map_or(Time::MAX, |every| every.micros()),
            weigh: audience.weigh(),
        })
    }

    /// The first read at `from` or later, of those that start at `first`.
    #[must_use]
    #[inline]
    pub fn next(&self, first: Time, from: Time) -> Time {
        let past = from - first;
        let reads = past.div_euclid(self.every) + i64::from(past.rem_euclid(self.every) > 0);
        first.saturating_add(reads.saturating_mul(self.every))
    }
}

/// What a reader of the whole copy worked with, by weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkTally {
    /// Of all stays.
    pub all: i128,
    /// Of those that it had an answer for.
    pub held: i128,
    /// Of these, called available though sold out.
    pub false_available: i128,
    /// Of these, called sold out though available.
    pub false_sold_out: i128,
}

impl BulkTally {
    /// Adds a stretch in which it works with one answer, or has none.
    #[inline]
    pub fn add(&mut self, weight: i128, held: Option<bool>, available: bool) {
        self.all += weight;
        let Some(says_available) = held else { return };
        self.held += weight;
        if says_available && !available {
            self.false_available += weight;
        }
        if !says_available && available {
            self.false_sold_out += weight;
        }
    }

    /// Adds another part of the same replicate.
    pub fn merge(&mut self, other: &Self) {
        self.all += other.all;
        self.held += other.held;
        self.false_available += other.false_available;
        self.false_sold_out += other.false_sold_out;
    }
}

/// What each audience found, in the scenario's order.
#[must_use]
pub fn outcomes(audiences: &[Audience], tally: &Tally) -> Vec<(String, AudienceOutcome)> {
    let mut bulk = tally.bulk.iter();
    audiences
        .iter()
        .map(|audience| {
            let outcome = match (audience.reads, audience.weigh()) {
                (Reads::Bulk, _) => bulk.next().map(of_bulk).unwrap_or_default(),
                (Reads::Searches, Weigh::Searches) => of_searches(tally),
                (Reads::Searches, Weigh::Stays) => of_stays(tally),
                (Reads::Searches, Weigh::Bookings) => of_bookings(tally),
            };
            (audience.name.clone(), outcome)
        })
        .collect()
}

fn of_bulk(tally: &BulkTally) -> AudienceOutcome {
    let wrong = tally.false_available + tally.false_sold_out;
    AudienceOutcome {
        accuracy: ratio(tally.held - wrong, tally.held),
        false_available: ratio(tally.false_available, tally.held),
        false_sold_out: ratio(tally.false_sold_out, tally.held),
        coverage: ratio(tally.held, tally.all),
    }
}

fn of_searches(tally: &Tally) -> AudienceOutcome {
    let c = &tally.counters;
    let share = |count: u64| ratio(i128::from(count), i128::from(c.searches));
    AudienceOutcome {
        accuracy: share(c.searches - c.told_available_wrongly - c.told_sold_out_wrongly),
        false_available: share(c.told_available_wrongly),
        false_sold_out: share(c.told_sold_out_wrongly),
        coverage: share(c.hits),
    }
}

fn of_stays(tally: &Tally) -> AudienceOutcome {
    let share = |time: i128| ratio(time, tally.stay_time);
    AudienceOutcome {
        accuracy: share(tally.stay_time - tally.false_available_time - tally.false_sold_out_time),
        false_available: share(tally.false_available_time),
        false_sold_out: share(tally.false_sold_out_time),
        coverage: share(tally.entry_time),
    }
}

/// What is booked is available, so that it can only be called sold out wrongly.
fn of_bookings(tally: &Tally) -> AudienceOutcome {
    let c = &tally.counters;
    let share = |count: u64| ratio(i128::from(count), i128::from(c.bookings));
    AudienceOutcome {
        accuracy: share(c.bookings - c.bookings_called_sold_out),
        false_available: share(0),
        false_sold_out: share(c.bookings_called_sold_out),
        coverage: None,
    }
}

/// A ratio; absent where the denominator is zero.
pub(super) fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_start_with_the_first_and_go_on() {
        let reader = Bulk {
            every: 10,
            weigh: Weigh::Stays,
        };
        for (from, next) in [(100, 100), (101, 110), (110, 110), (95, 100), (90, 90)] {
            assert_eq!(reader.next(100, from), next, "{from}");
        }
    }

    #[test]
    fn what_is_not_held_is_neither_right_nor_wrong() {
        let mut tally = BulkTally::default();
        tally.add(5, None, true);
        tally.add(4, Some(true), true);
        tally.add(3, Some(true), false);
        tally.add(2, Some(false), true);
        tally.add(1, Some(false), false);
        let found = of_bulk(&tally);
        assert_eq!(found.coverage, Some(10.0 / 15.0));
        assert_eq!(found.accuracy, Some(0.5));
        assert_eq!(found.false_available, Some(0.3));
        assert_eq!(found.false_sold_out, Some(0.2));
    }
}
