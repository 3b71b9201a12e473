//! Audits that sample in no way, or in two, or nobody.

use super::super::pointer::join;
use super::super::problem::{Problem, one_of};
use super::not_tiny;
use crate::design::Design;
use crate::design::audit::{Audit, Frame, Sample};
use crate::sim::clock::{DAY, Horizon};

/// The most probes of one audit in a run.
const MOST_PROBES: f64 = 1e7;

/// Checks the audits of a design.
pub(super) fn check(design: &Design, horizon: Horizon, path: &str, problems: &mut Vec<Problem>) {
    for (index, audit) in design.audits.iter().enumerate() {
        let path = format!("{path}/audits/{index}");
        match audit.way() {
            Some((name, way)) if audit.ways() == 1 => {
                sample(name, way.sample(), horizon, &join(&path, name), problems);
            }
            found => problems.push(
                Problem::new(
                    path,
                    if found.is_some() {
                        "an audit samples in one way, and this one has more"
                    } else {
                        "the audit does not say how it samples"
                    },
                )
                .expected(one_of(Audit::WAYS))
                .suggest("write {\"name\": …, \"random\": {\"size\": 400, \"every\": \"6h\"}}"),
            ),
        }
    }
}

fn sample(name: &str, sample: &Sample, horizon: Horizon, path: &str, problems: &mut Vec<Problem>) {
    not_tiny(sample.every, &join(path, "every"), problems);
    let mut refuse = |key: &str, message: &str, expected: &str| {
        problems.push(Problem::new(join(path, key), message).expected(expected));
    };
    if sample.keep.is_some() && name != "rotating" {
        refuse(
            "keep",
            "only a rotating audit keeps a share of its sample",
            "`keep` only with `rotating`",
        );
    }
    if sample.strata.is_some() && name != "stratified" {
        refuse(
            "strata",
            "only a stratified audit has strata",
            "`strata` only with `stratified`",
        );
    }
    if sample.strata.is_some_and(|strata| strata > sample.size) {
        refuse(
            "strata",
            "there are more strata than probes",
            "at most as many strata as `size`",
        );
    }
    if name == "stratified" && sample.frame == Frame::Searches {
        refuse(
            "frame",
            "the strata are of popularity already, and each stay of them counts alike",
            "\"frame\": \"stays\" with `stratified`",
        );
    }
    if sample.weigh && sample.frame == Frame::Stays {
        refuse(
            "weigh",
            "stays are drawn alike: there is nothing to weigh back",
            "`weigh` only with \"frame\": \"searches\"",
        );
    }
    if sample.confidence.get() <= 0.0 || sample.confidence.get() >= 1.0 {
        refuse(
            "confidence",
            "an interval is neither empty nor everything",
            "more than 0 and less than 1",
        );
    }
    let waves = horizon.days() * DAY as f64 / sample.every.micros() as f64;
    if waves * f64::from(sample.size.get()) > MOST_PROBES {
        refuse(
            "size",
            "the audit asks for more than 10 million probes in a run",
            "a smaller `size`, or a longer `every`",
        );
    }
}
