//! What a reviewer should know of a design before believing its numbers: made from the scenario and from what
//! was found.

use super::Sample;
use crate::design::cache::{Purge, Ttl};
use crate::design::serving::LiveCheck;
use crate::design::{Design, Source};
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::report::human;
use crate::report::results::{Expected, Judgement, Severity, Warning};
use crate::scenario::Scenario;
use crate::sim::clock::Time;

/// A line is warned about above this load: the wait grows as 1 / (1 − load).
const HIGH_LOAD: f64 = 0.8;
/// A verdict about money asks for so many replicates.
pub const REPLICATES_FOR_MONEY: usize = 32;

/// All warnings, those of designs first; what is said of several is said once.
pub(super) fn all(sample: &Sample, scenario: &Scenario, expect: &[Expected]) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for index in sample.options() {
        let design = &sample.designs[index];
        let mut warn = |severity: Severity, says: String| match warnings
            .iter_mut()
            .find(|warning| warning.says == says)
        {
            Some(warning) => warning.designs.push(design.name.clone()),
            None => warnings.push(Warning {
                designs: vec![design.name.clone()],
                severity,
                says,
            }),
        };
        hiding(design, &mut warn);
        lifetime(design, scenario, &mut warn);
        load(sample, index, &mut warn);
        live_service(sample, index, scenario, &mut warn);
        audits(sample, index, scenario, &mut warn);
    }
    let mut warn = |severity: Severity, says: String| {
        warnings.push(Warning {
            designs: Vec::new(),
            severity,
            says,
        });
    };
    match sample.outcomes.len() {
        1 => warn(
            Severity::Hard,
            "One replicate: nothing is known of how sure these numbers are.".to_owned(),
        ),
        replicates if replicates < REPLICATES_FOR_MONEY => warn(
            Severity::Soft,
            format!(
                "A verdict about money asks for {REPLICATES_FOR_MONEY} replicates; there are {replicates}."
            ),
        ),
        _ => {}
    }
    for expected in expect {
        if expected.verdict == Judgement::Undecided {
            warn(
                Severity::Soft,
                format!(
                    "An expectation is open: {}.",
                    crate::report::expected::line(expected)
                ),
            );
        }
    }
    warnings
}

type Warn<'w> = dyn FnMut(Severity, String) + 'w;

/// With answers checked only where they are shown, what is wrongly held sold out is asked again by nobody.
fn hiding(design: &Design, warn: &mut Warn<'_>) {
    let hides = design.serving.live_check == LiveCheck::Shown
        && design.serving.explore.get() == 0.0
        && design.serving.bypass.get() == 0.0;
    let mut sources = design.feeds.iter().map(|feed| &feed.source);
    if !hides || !sources.all(|source| matches!(source, Source::Searches(_))) {
        return;
    }
    let lives_for_ever = design.cache.sold_out_ttl.is_none()
        && matches!(design.cache.ttl, Ttl::None)
        && matches!(design.cache.purge, Purge::None);
    if lives_for_ever {
        warn(
            Severity::Hard,
            "What it wrongly holds sold out is never asked again: nobody is shown it, nothing explores, and no \
             lifetime ends it."
                .to_owned(),
        );
    } else {
        warn(
            Severity::Soft,
            "What it wrongly holds sold out is asked again only when its entry ends: nothing explores.".to_owned(),
        );
    }
}

/// An entry that lives longer than its stay can be searched is never renewed by its lifetime.
fn lifetime(design: &Design, scenario: &Scenario, warn: &mut Warn<'_>) {
    let Some(window) = scenario.world.booking_window() else {
        return;
    };
    let longest: Option<Time> = match &design.cache.ttl {
        Ttl::Fixed(ttl) | Ttl::Sliding(ttl) => Some(ttl.micros()),
        Ttl::Jittered(jittered) => Some(jittered.mean.micros()),
        _ => None,
    };
    if longest.is_some_and(|ttl| ttl > window.micros()) {
        warn(
            Severity::Soft,
            format!(
                "Its lifetime is longer than the booking window of {window}: it never ends an entry that is searched."
            ),
        );
    }
}

fn load(sample: &Sample, design: usize, warn: &mut Warn<'_>) {
    for feed in &sample.designs[design].feeds {
        let Some(metric) = crate::measure::metrics::by_key("feed_load") else {
            return;
        };
        let path = MetricPath::Feed(feed.name.clone(), metric);
        let Some(load) = sample.estimate(design, &path) else {
            continue;
        };
        let shown = human::value(Unit::Share, load.mean);
        if load.mean >= 0.99 {
            warn(
                Severity::Hard,
                format!(
                    "The consumers of {} are at work {shown} of the time: the line is as long as the run lets it grow.",
                    feed.name
                ),
            );
        } else if load.mean > HIGH_LOAD {
            warn(
                Severity::Soft,
                format!(
                    "The consumers of {} are at work {shown} of the time: a little more and the line grows long.",
                    feed.name
                ),
            );
        }
    }
}

fn live_service(sample: &Sample, design: usize, scenario: &Scenario, warn: &mut Warn<'_>) {
    let Some(service) = scenario.world.live_service() else {
        return;
    };
    let capacity = service.capacity_per_second.get();
    let Some(peak) = sample.estimate(design, &MetricPath::of("live_asks_peak_per_s")) else {
        return;
    };
    let peak = peak.mean * sample.represents.unwrap_or(1.0);
    if peak > capacity {
        let shown = |rate: f64| human::value(Unit::PerSecond, rate);
        warn(
            Severity::Hard,
            format!(
                "In its busiest minute it asks live {} where the service can take {}.",
                shown(peak),
                shown(capacity)
            ),
        );
    }
}

fn audits(sample: &Sample, design: usize, scenario: &Scenario, warn: &mut Warn<'_>) {
    let name = &sample.designs[design].name;
    let is_struck = scenario.faults.iter().any(|fault| {
        let scope = fault.of_design().map(|fault| fault.scope());
        scope.is_some_and(|scope| scope.design.as_ref().is_none_or(|of| of == name))
    });
    for audit in &sample.designs[design].audits {
        let mean = |key: &str| sample.estimate(design, &MetricPath::of_audit(&audit.name, key));
        let has_alert = audit.alert().is_some();
        let is_blind = match mean("detected") {
            Some(detected) => detected.mean == 0.0,
            None => !has_alert && is_struck,
        };
        if is_blind {
            let why = if has_alert {
                "its alert never came while one lasted"
            } else {
                "it has no alert"
            };
            warn(
                Severity::Soft,
                format!("The audit {} noticed no fault: {why}.", audit.name),
            );
        }
        if let Some(bias) = mean("bias")
            && let Some([low, high]) = bias.ci95
            && (low > 0.0 || high < 0.0)
            && bias.mean.abs() >= 0.005
        {
            let bias = human::difference(Unit::Difference, bias.mean, bias.ci95).both();
            warn(
                Severity::Soft,
                format!(
                    "The audit {} is off by {bias}: it does not say how right the copy is over all stays.",
                    audit.name
                ),
            );
        }
    }
}
