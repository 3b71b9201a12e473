//! The metrics, declared once. Every table, chart, column and schema walks this list.

/// What a number means and how it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// The key in files.
    pub key: &'static str,
    /// The title on tables and charts.
    pub title: &'static str,
    /// How it is printed.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// What each part counts by.
    pub weight: Weight,
    /// One sentence of definition.
    pub meaning: &'static str,
}

/// The unit of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 1, printed in percent.
    Share,
    /// Seconds, printed in a readable unit.
    Seconds,
    /// A difference of shares; printed in percentage points.
    Difference,
    /// A number of things.
    Count,
    /// Things a second.
    PerSecond,
    /// US dollars a day.
    UsdPerDay,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither by itself.
    Neither,
}

/// What each part of a ratio counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Time summed over all stays.
    Stays,
    /// Time summed over live entries.
    Entries,
    /// Searches.
    Searches,
    /// Searches that found a live entry.
    Hits,
    /// Bookings of the world.
    Bookings,
    /// Changes that a feed is to bring.
    Changes,
    /// Live asks.
    Asks,
    /// Money.
    Money,
}

macro_rules! metrics {
    ($($key:ident $title:literal $unit:ident $better:ident $weight:ident $meaning:literal;)*) => {
        /// All metrics, in the order of every file and hash.
        pub const METRICS: &[Metric] = &[$(Metric {
            key: stringify!($key),
            title: $title,
            unit: Unit::$unit,
            better: Better::$better,
            weight: Weight::$weight,
            meaning: $meaning,
        }),*];

        /// The value of each metric in one replicate; absent where its denominator is zero.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Values {
            $(#[doc = $meaning] pub $key: Option<f64>,)*
        }

        impl Values {
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

metrics! {
    accuracy "Accuracy" Share Higher Stays "Share of all stays for which a search would get the right answer.";
    false_available "False available" Share Lower Stays "Share of all stays called available that are sold out.";
    false_sold_out "False sold out" Share Lower Stays "Share of all stays called sold out that are available.";
    entry_accuracy "Entry accuracy" Share Higher Entries "Share of live entries that are right.";
    search_accuracy "Search accuracy" Share Higher Searches "Share of searches that read the right answer.";
    search_false_available "Search false available" Share Lower Searches "Share of searches told available where it was sold out.";
    search_false_sold_out "Search false sold out" Share Lower Searches "Share of searches told sold out where it was available.";
    lost_bookings "Lost bookings" Share Lower Bookings "Share of the world's bookings whose stay was called sold out just before.";
    shown_precision "Shown precision" Share Higher Stays "Of the stays called available, the share that truly is.";
    available_recall "Available recall" Share Higher Stays "Of the stays truly available, the share called available.";
    freshness "Freshness" Share Higher Entries "Share of live entries that have the current version.";
    staleness_s "Staleness" Seconds Lower Entries "Mean time since the first change an entry does not reflect; 0 when fresh.";
    data_age_s "Data age" Seconds Lower Entries "Mean time since the truth behind an entry was read.";
    served_staleness_s_p50 "Served staleness, median" Seconds Lower Hits "Half the hits met an entry no staler than this.";
    served_staleness_s_p95 "Served staleness, 95th percentile" Seconds Lower Hits "95 of 100 hits met an entry no staler than this.";
    served_staleness_s_p99 "Served staleness, 99th percentile" Seconds Lower Hits "99 of 100 hits met an entry no staler than this.";
    served_data_age_s_p50 "Served data age, median" Seconds Lower Hits "Half the hits met data no older than this.";
    served_data_age_s_p95 "Served data age, 95th percentile" Seconds Lower Hits "95 of 100 hits met data no older than this.";
    served_data_age_s_p99 "Served data age, 99th percentile" Seconds Lower Hits "99 of 100 hits met data no older than this.";
    coverage "Coverage" Share Neither Stays "Share of stays that have a live entry.";
    hit_ratio "Hit ratio" Share Higher Searches "Share of searches that found a live entry.";
    stale_hits "Stale hits" Share Lower Hits "Share of hits on an entry that was not fresh.";
    blocking_misses "Blocking misses" Share Lower Searches "Share of searches that missed and waited for a live ask.";
    feed_delay_s "Feed delay" Seconds Lower Changes "Mean time from a change (a poll, an observation) to the end of its processing.";
    feed_delay_s_p99 "Feed delay, 99th percentile" Seconds Lower Changes "99 of 100 changes were processed within this.";
    feed_backlog_max "Longest backlog" Count Lower Changes "The most messages that waited in a feed's line at any moment.";
    feed_load "Load of the line" Share Neither Changes "Share of the time of a feed's consumers at which they work; near 1 the line grows without end.";
    feed_lost "Lost changes" Share Lower Changes "Share of changes whose message never arrived.";
    feed_superseded "Superseded changes" Share Neither Changes "Share of changes overtaken by a later one or coalesced with it.";
    live_asks_peak_per_s "Live asks, busiest minute" PerSecond Lower Asks "Live asks a second in the busiest minute, whatever their cause.";
    cost_usd_per_day "Running cost" UsdPerDay Lower Money "What the design costs to run, a day.";
    error_usd_per_day "Cost of errors" UsdPerDay Lower Money "What its wrong answers cost, a day.";
    total_usd_per_day "Total cost" UsdPerDay Lower Money "Running cost and cost of errors, a day.";
}

/// What is shown first of a design, in this order.
pub const HEADLINES: [&str; 6] = [
    "accuracy",
    "search_accuracy",
    "staleness_s",
    "data_age_s",
    "hit_ratio",
    "total_usd_per_day",
];

/// The metric with this key.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.key == key)
}
