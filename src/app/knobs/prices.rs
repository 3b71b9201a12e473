//! What things cost.

use super::make::{RATES, number};
use super::{Knob, Section};
use crate::scenario::Prices;
use crate::scenario::prices::Price;

const MONEY: &[f64] = &[
    0.0, 0.01, 0.02, 0.05, 0.1, 0.125, 0.2, 0.3, 0.5, 0.625, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0,
    20.0, 25.0, 30.0, 50.0, 75.0, 100.0, 200.0, 500.0,
];
const MONTHLY: &[f64] = &[
    0.0, 100.0, 200.0, 500.0, 1_000.0, 1_500.0, 2_000.0, 2_500.0, 3_000.0, 5_000.0, 7_500.0,
    10_000.0, 20_000.0,
];
const ERRORS: &[f64] = &[
    0.0, 0.001, 0.002, 0.005, 0.01, 0.011, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0,
];

/// What each is called and is the price of; the last three are those of wrong answers.
const WORDS: [(&str, &str, &str); 14] = [
    ("delta", "Delta", "A message of the change stream."),
    (
        "observation",
        "Observation",
        "A live answer that was observed and sent to the copy.",
    ),
    (
        "live_ask",
        "Live ask",
        "The domain service asked for a miss, an exploration or a refresh.",
    ),
    ("poll", "Poll", "The domain service asked by a poll."),
    (
        "shown",
        "Shown check",
        "The domain service asked for a stay that was shown.",
    ),
    ("cache_read", "Read", "A read of the copy."),
    ("cache_write", "Write", "A write to the copy."),
    (
        "stored",
        "Stored",
        "A million entries, kept for a month of 30 days.",
    ),
    (
        "probe",
        "Probe",
        "A probe of an audit: a live ask, and what compares it.",
    ),
    (
        "cross_region",
        "Cross-region call",
        "A call to another region.",
    ),
    (
        "component",
        "Component",
        "A moving part, kept running and looked after for a month.",
    ),
    (
        "false_available_checked",
        "False available, checked",
        "A false available that was served, and found out before booking.",
    ),
    (
        "false_available",
        "False available",
        "A false available that was served, and not found out.",
    ),
    (
        "false_sold_out",
        "False sold out",
        "A false sold out that was served: a sale that may be lost.",
    ),
];
const OF_ERRORS: usize = 3;

pub(super) fn sections(prices: &Prices) -> Vec<Section> {
    let usual = Prices::default();
    let (running, errors) = WORDS.split_at(WORDS.len() - OF_ERRORS);
    let section = |title: &str, words: &[(&str, &'static str, &'static str)]| {
        let all: Vec<Price> = words
            .iter()
            .filter_map(|(name, ..)| prices.by_name(name))
            .collect();
        let is_set = all
            .iter()
            .any(|price| usual.by_name(price.name) != Some(*price));
        let knobs = all
            .into_iter()
            .zip(words)
            .map(|(price, (_, label, help))| knob(price, label, help));
        Section::new(title, is_set, knobs.collect())
    };
    vec![
        section("Running", running),
        section("Wrong answers", errors),
    ]
}

fn knob(price: Price, label: &'static str, help: &'static str) -> Knob {
    let (unit, stops) = match price.field {
        "usd_per_million" => ("$/M", MONEY),
        "usd_per_million_months" => ("$/M·mo", MONEY),
        "usd_per_month" => ("$/month", MONTHLY),
        "usd_each" => ("$", ERRORS),
        _ => ("$", RATES),
    };
    number(price.pointer(), label, help, price.usd, unit, stops)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_price_has_words() {
        let words: Vec<&str> = WORDS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(words.len(), Prices::NAMES.len());
        assert!(Prices::NAMES.iter().all(|name| words.contains(name)));
    }
}
