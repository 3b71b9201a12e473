//! Hashes that are the same on every machine: over bits, never over text that a formatter made.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::results::{Results, Series};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::METRICS;

/// A short hash of a text: the first 16 hexadecimal digits of its SHA-256.
#[must_use]
pub fn of_text(text: &str) -> String {
    short(Sha256::new_with_prefix(text.as_bytes()))
}

/// The same of a file's bytes.
///
/// # Errors
/// When it cannot be read.
pub fn of_reader(mut from: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(short(hash)),
            Ok(read) => hash.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The hash of results: the bits of every number that was found, in the order of the file, absent ones marked. What
/// theory expects was not found, but follows from the scenario.
#[must_use]
pub fn of_results(results: &Results) -> String {
    let mut bits = Bits(Sha256::new());
    bits.whole(results.replicates);
    for design in &results.designs {
        for metric in METRICS {
            bits.estimated(design.metrics.get(metric.key));
        }
        for cost in design.costs.values() {
            bits.estimate(&cost.usd_per_day);
            cost.represented_usd_per_day
                .iter()
                .for_each(|estimate| bits.estimate(estimate));
        }
        design
            .counts_per_day
            .values()
            .for_each(|estimate| bits.estimate(estimate));
        for feed in design.feeds.values() {
            feed.values().for_each(|estimate| bits.estimate(estimate));
        }
        for audit in design.audits.values() {
            let estimates = audit.metrics.values();
            estimates.for_each(|estimate| bits.estimate(estimate));
            for noticed in &audit.faults {
                bits.number(Some(noticed.hour));
                bits.number(Some(noticed.detected));
                bits.estimated(noticed.after_h.as_ref());
            }
            let waves = &audit.waves;
            waves.hour.iter().for_each(|hour| bits.number(Some(*hour)));
            for curve in [&waves.estimate, &waves.low, &waves.high, &waves.truth] {
                curve.iter().for_each(|value| bits.number(*value));
            }
        }
        bits.series(&design.series);
        for distribution in design.distributions.values() {
            let than = distribution.than.iter();
            than.for_each(|than| bits.number(Some(*than)));
            let above = distribution.above.iter();
            above.for_each(|above| bits.estimate(above));
        }
        for struck in &design.faults {
            bits.number(Some(struck.hour));
            let counts = [struck.place, struck.replicates, struck.noticed].into_iter();
            let by = struck.by.iter().map(|by| by.replicates);
            counts.chain(by).for_each(|count| bits.whole(count));
            bits.estimated(struck.after_h.as_ref());
        }
        for event in &design.events {
            bits.number(Some(event.hour));
        }
    }
    for difference in &results.differences {
        bits.number(Some(difference.mean));
        bits.interval(difference.ci95);
    }
    for standing in &results.frontier {
        bits.number(Some(standing.probability));
    }
    let audiences = results.audiences.iter();
    for fitness in audiences.flat_map(|audience| &audience.designs) {
        let estimates = fitness.metrics.values();
        estimates.for_each(|estimate| bits.estimate(estimate));
        for needed in &fitness.needs {
            bits.number(needed.mean);
            bits.interval(needed.ci95);
        }
        for misleading in &fitness.misled_by {
            bits.number(Some(misleading.mean));
        }
    }
    for expected in &results.expect {
        bits.number(expected.mean);
        bits.interval(expected.ci95);
        expected
            .needs_replicates
            .iter()
            .for_each(|count| bits.whole(*count));
    }
    short(bits.0)
}

struct Bits(Sha256);

impl Bits {
    fn number(&mut self, number: Option<f64>) {
        match number {
            // Adding zero turns −0 into 0.
            Some(number) => self.0.update((number + 0.0).to_bits().to_le_bytes()),
            None => self.0.update(b"absent"),
        }
    }

    fn whole(&mut self, number: u32) {
        self.number(Some(f64::from(number)));
    }

    fn estimated(&mut self, estimate: Option<&Estimate>) {
        match estimate {
            Some(estimate) => self.estimate(estimate),
            None => self.number(None),
        }
    }

    fn interval(&mut self, interval: Option<[f64; 2]>) {
        self.number(interval.map(|[low, _]| low));
        self.number(interval.map(|[_, high]| high));
    }

    fn estimate(&mut self, estimate: &Estimate) {
        self.number(Some(estimate.mean));
        self.number(estimate.sd);
        self.interval(estimate.ci95);
    }

    fn series(&mut self, series: &Series) {
        series.hour.iter().for_each(|hour| self.number(Some(*hour)));
        series
            .curves
            .values()
            .flatten()
            .for_each(|value| self.number(*value));
    }
}

fn short(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
