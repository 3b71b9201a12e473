//! From whole numbers to metrics, counts and money: one replicate of one design.

use super::audience::{AudienceOutcome, ratio};
use super::feed::FeedTally;
use super::metrics::{Unit, Values};
use super::tally::{Counters, Tally};
use crate::design::serving::LiveCheck;
use crate::design::{Design, Feed};
use crate::scenario::Prices;
use crate::scenario::prices::Price;
use crate::sim::clock::{Horizon, SECOND};

/// One replicate of one design, ready to be averaged.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// By metric.
    pub metrics: Values,
    /// US dollars a day, by [`ITEMS`].
    pub costs: Vec<f64>,
    /// How much is paid for, a day, by [`ITEMS`].
    pub used_per_day: Vec<f64>,
    /// A day, by [`Counters::NAMES`].
    pub counts_per_day: Vec<f64>,
    /// By feed, then [`FEED_METRICS`].
    pub feeds: Vec<Vec<Option<f64>>>,
    /// By audit.
    pub audits: Vec<AuditOutcome>,
    /// By audience: its name, and what it found.
    pub audiences: Vec<(String, AudienceOutcome)>,
}

/// A metric of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditMetric {
    /// The key in files.
    pub key: &'static str,
    /// The title on tables and charts.
    pub title: &'static str,
    /// How it is printed.
    pub unit: Unit,
    /// One sentence of definition.
    pub meaning: &'static str,
}

macro_rules! audit_metrics {
    ($($(#[doc = $meaning:literal])+ $key:ident $title:literal $unit:ident;)*) => {
        /// The metrics of an audit, in the order of every file and hash.
        pub const AUDIT_METRICS: &[AuditMetric] = &[$(AuditMetric {
            key: stringify!($key),
            title: $title,
            meaning: concat!($($meaning),+).trim_ascii(),
            unit: Unit::$unit,
        }),*];

        /// What an audit was worth in one replicate.
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct AuditOutcome {
            $($(#[doc = $meaning])+ pub $key: Option<f64>,)*
        }

        impl AuditOutcome {
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

audit_metrics! {
    /// Mean estimate over waves.
    estimate "Estimate of the accuracy" Share;
    /// Mean estimate less the true accuracy at the same moments.
    bias "Bias" Difference;
    /// Accuracy of what is drawn from less that of all stays, at the same moments.
    frame_gap "Gap of its frame" Difference;
    /// Standard deviation between waves.
    sd "Spread between waves" Difference;
    /// Standard deviation of the change from wave to wave.
    change_sd "Spread of change" Difference;
    /// Share of waves whose interval held the truth.
    interval_covers "Intervals that held the truth" Share;
    /// Mean hours from a fault to the first alert after it, over those that were noticed while they lasted.
    detect_after_h "Hours to the alert" Count;
    /// Share of faults that were noticed while they lasted. The first alert of the design, of whichever audit,
    /// has a fault repaired, and the others may then come too late: to compare audits, turn its `alerts` off.
    detected "Faults noticed" Share;
    /// Alerts that began while nothing was wrong.
    false_alarms "False alarms" Count;
    /// Probes a day.
    probes_per_day "Probes a day" Count;
}

/// The metrics that each feed has of its own, as keys of [`METRICS`](super::metrics::METRICS).
pub const FEED_METRICS: [&str; 6] = [
    "feed_delay_s",
    "feed_delay_s_p99",
    "feed_backlog_max",
    "feed_load",
    "feed_lost",
    "feed_superseded",
];

/// The share of their consumers' time that feeds worked; of those whose consumers are numbered.
fn load<'t>(
    feeds: impl IntoIterator<Item = (&'t FeedTally, &'t Feed)>,
    horizon: Horizon,
) -> Option<f64> {
    let (mut busy, mut time) = (0, 0);
    for (tally, feed) in feeds {
        if let Some(workers) = feed.workers() {
            busy += tally.busy;
            time += i128::from(workers) * i128::from(horizon.measured());
        }
    }
    ratio(busy, time)
}

fn of_feed(tally: &FeedTally, feed: &Feed, horizon: Horizon) -> Vec<Option<f64>> {
    vec![
        tally.delay_s(),
        tally.delay_s_p99(),
        feed.has_line().then_some(tally.backlog_max as f64),
        load([(tally, feed)], horizon),
        tally.lost_share(),
        tally.superseded_share(),
    ]
}

/// One item of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The key in files.
    pub key: &'static str,
    /// The title on tables and charts.
    pub title: &'static str,
    /// Whether it is paid to run the design, or for its wrong answers.
    pub runs: bool,
    /// Whether more hotels cost more.
    pub scales: bool,
    /// Whether it is more searches that cost more, however many hotels they are for.
    by_searches: bool,
}

macro_rules! items {
    ($($key:ident $title:literal $runs:literal $scales:literal $by_searches:literal;)*) => {
        /// The items of the bill, in the order of every file and hash.
        pub const ITEMS: &[Item] =
            &[$(Item {
                key: stringify!($key),
                title: $title,
                runs: $runs,
                scales: $scales,
                by_searches: $by_searches,
            }),*];
    };
}

items! {
    deltas "Change messages" true true false;
    observations "Observations" true true true;
    live_asks "Live asks" true true true;
    polls "Polls" true true false;
    shown "Shown checks" true true true;
    cache_reads "Cache reads" true true true;
    cache_writes "Cache writes" true true false;
    stored "Entries stored" true true false;
    cross_region "Cross-region calls" true true false;
    components "Components" true false false;
    probes "Audits" true false false;
    false_available "False available" false true true;
    false_sold_out "False sold out" false true true;
}

/// A sum of items of the bill.
#[derive(Debug, PartialEq, Eq)]
pub struct Sum {
    /// The key in files.
    pub key: &'static str,
    /// The title on tables and charts.
    pub title: &'static str,
    /// Whether it holds what is paid to run the design.
    runs: bool,
    /// Whether it holds what wrong answers cost.
    errs: bool,
}

/// The sums of the bill.
pub const SUMS: &[Sum] = &[
    Sum {
        key: "running",
        title: "Running cost",
        runs: true,
        errs: false,
    },
    Sum {
        key: "errors",
        title: "Cost of errors",
        runs: false,
        errs: true,
    },
    Sum {
        key: "total",
        title: "Total cost",
        runs: true,
        errs: true,
    },
];

/// A line of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// An item.
    Item(&'static Item),
    /// A sum of items.
    Sum(&'static Sum),
}

impl Line {
    /// All lines: items, then sums.
    pub fn all() -> impl Iterator<Item = Self> {
        let items = ITEMS.iter().map(Self::Item);
        items.chain(SUMS.iter().map(Self::Sum))
    }

    /// The line with this key.
    #[must_use]
    pub fn by_key(key: &str) -> Option<Self> {
        Self::all().find(|line| line.key() == key)
    }

    /// The key in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Item(item) => item.key,
            Self::Sum(sum) => sum.key,
        }
    }

    /// The title on tables and charts.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Item(item) => item.title,
            Self::Sum(sum) => sum.title,
        }
    }

    /// US dollars a day, of those by [`ITEMS`], where `times` as many stays are paid for.
    #[must_use]
    pub fn usd(self, costs: &[f64], times: f64) -> f64 {
        let holds = |item: &Item| match self {
            Self::Item(of) => of.key == item.key,
            Self::Sum(sum) => (item.runs && sum.runs) || (!item.runs && sum.errs),
        };
        let scaled = |(item, usd): (&Item, &f64)| if item.scales { usd * times } else { *usd };
        let held = ITEMS.iter().zip(costs).filter(|(item, _)| holds(item));
        held.map(scaled).sum()
    }
}

/// How much of the world is in a tally: 1 of each, or less while it runs. Hotels are not searched alike, so a few of
/// them may have more or less than their share of the searches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Of the hotels, or items.
    pub hotels: f64,
    /// Of what is searched.
    pub searches: f64,
}

impl Share {
    fn by(self, searches: bool) -> f64 {
        if searches { self.searches } else { self.hotels }
    }
}

/// Microseconds of 30 days, the month of prices.
const MONTH: f64 = 30.0 * 86_400e6;

impl Outcome {
    /// The outcome of a tally over the measured part of a run, with this much of the world in it.
    #[must_use]
    pub fn new(
        tally: &Tally,
        design: &Design,
        prices: &Prices,
        horizon: Horizon,
        share: Share,
    ) -> Self {
        let days = |by_searches: bool| horizon.days() * share.by(by_searches);
        let c = &tally.counters;
        let used = used(tally, design, days(false));
        let costs: Vec<f64> = prices_of(design)
            .into_iter()
            .zip(ITEMS.iter().zip(&used))
            .map(|(price, (item, used))| {
                let usd_each = prices.by_name(price).map_or(0.0, Price::usd_each);
                used * usd_each / days(item.by_searches)
            })
            .collect();
        let sum = |key: &str| Line::by_key(key).map(|line| line.usd(&costs, 1.0));
        let (running, errors, total) = (sum("running"), sum("errors"), sum("total"));
        let wrong = tally.false_available_time + tally.false_sold_out_time;
        let stays = tally.stay_time;
        let called_available =
            tally.available_time - tally.false_sold_out_time + tally.false_available_time;
        let rightly_available = tally.available_time - tally.false_sold_out_time;
        let entries = tally.entry_time;
        let told_wrong = c.told_available_wrongly + c.told_sold_out_wrongly;
        let of_searches = |count: u64| ratio(i128::from(count), i128::from(c.searches));
        // Doubled square microseconds over microseconds, as seconds.
        let mean_s = |doubled: i128| ratio(doubled, entries).map(|us| us / 2.0 / SECOND as f64);
        let [staleness, data_age] =
            [&tally.served_staleness, &tally.served_data_age].map(|served| {
                let served = served.settled();
                move |share: f64| served.quantile(share).map(|us| us / SECOND as f64)
            });
        let mut feeds = FeedTally::default();
        tally.feeds.iter().for_each(|feed| feeds.merge(feed));
        let has_line = design.feeds.iter().any(Feed::has_line);
        let metrics = Values {
            accuracy: ratio(stays - wrong, stays),
            false_available: ratio(tally.false_available_time, stays),
            false_sold_out: ratio(tally.false_sold_out_time, stays),
            entry_accuracy: ratio(entries - tally.wrong_entry_time, entries),
            search_accuracy: of_searches(c.searches - told_wrong),
            search_false_available: of_searches(c.told_available_wrongly),
            search_false_sold_out: of_searches(c.told_sold_out_wrongly),
            lost_bookings: ratio(
                i128::from(c.bookings_called_sold_out),
                i128::from(c.bookings),
            )
            .map(|lost| lost * (1.0 - design.serving.explore.get())),
            shown_precision: ratio(rightly_available, called_available),
            available_recall: ratio(rightly_available, tally.available_time),
            freshness: ratio(tally.fresh_time, entries),
            staleness_s: mean_s(tally.hourly.stale.doubled().sum()),
            data_age_s: mean_s(tally.doubled_data_age),
            served_staleness_s_p50: staleness(0.50),
            served_staleness_s_p95: staleness(0.95),
            served_staleness_s_p99: staleness(0.99),
            served_data_age_s_p50: data_age(0.50),
            served_data_age_s_p95: data_age(0.95),
            served_data_age_s_p99: data_age(0.99),
            coverage: ratio(entries, stays),
            hit_ratio: of_searches(c.hits),
            stale_hits: ratio(i128::from(c.stale_hits), i128::from(c.hits)),
            blocking_misses: of_searches(c.asks_miss),
            feed_delay_s: feeds.delay_s(),
            feed_delay_s_p99: feeds.delay_s_p99(),
            feed_backlog_max: has_line.then_some(feeds.backlog_max as f64),
            feed_load: load(tally.feeds.iter().zip(&design.feeds), horizon),
            feed_lost: feeds.lost_share(),
            feed_superseded: feeds.superseded_share(),
            live_asks_peak_per_s: Some(tally.asks_by_minute.peak_per_s() / share.hotels),
            cost_usd_per_day: running,
            error_usd_per_day: errors,
            total_usd_per_day: total,
        };
        let counts_per_day = c
            .in_order()
            .into_iter()
            .zip(Counters::BY_SEARCHES)
            .map(|(count, by_searches)| count as f64 / days(*by_searches))
            .collect();
        debug_assert_eq!(Counters::NAMES.len(), c.in_order().len());
        Self {
            metrics,
            used_per_day: ITEMS
                .iter()
                .zip(&used)
                .map(|(item, used)| used / days(item.by_searches))
                .collect(),
            costs,
            counts_per_day,
            feeds: tally
                .feeds
                .iter()
                .zip(&design.feeds)
                .map(|(tally, feed)| of_feed(tally, feed, horizon))
                .collect(),
            audits: Vec::new(),
            audiences: Vec::new(),
        }
    }
}

/// How much of each item was used, by [`ITEMS`].
fn used(tally: &Tally, design: &Design, days: f64) -> Vec<f64> {
    let c = &tally.counters;
    let asks = c.asks_miss + c.asks_explore + c.asks_revalidate + c.asks_hint;
    vec![
        c.deltas as f64,
        c.observations as f64,
        asks as f64,
        c.asks_poll as f64,
        c.asks_shown as f64,
        c.searches as f64,
        c.cache_writes as f64,
        tally.entry_time as f64 / MONTH,
        c.calls as f64,
        f64::from(design.operations.components) * days,
        c.asks_audit as f64,
        c.told_available_wrongly as f64,
        c.told_sold_out_wrongly as f64,
    ]
}

/// The names of the prices of [`ITEMS`], for a design.
#[must_use]
pub fn prices_of(design: &Design) -> [&'static str; 13] {
    let false_available = match design.serving.live_check {
        LiveCheck::Never => "false_available",
        LiveCheck::Shown | LiveCheck::EverySearch => "false_available_checked",
    };
    [
        "delta",
        "observation",
        "live_ask",
        "poll",
        "shown",
        "cache_read",
        "cache_write",
        "stored",
        "cross_region",
        "component",
        "probe",
        false_available,
        "false_sold_out",
    ]
}
