//! Whether somebody noticed a fault, in words.

use super::{capital, short};
use crate::design::Design;
use crate::design::fault::DesignFault;
use crate::report::human;
use crate::report::results::{DesignResults, Results, Struck, Watcher};
use crate::scenario::Scenario;
use crate::sim::clock::{HOUR, Time};

/// What is said of a design that a fault befell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The design.
    pub design: String,
    /// Whether the fault was noticed in every replicate.
    pub is_noticed: bool,
    /// A sentence.
    pub says: String,
    /// A few words.
    pub in_short: String,
}

/// Whether and when a fault, by its place in the scenario, was noticed, of each design that it befell.
#[must_use]
pub fn noticed(scenario: &Scenario, results: &Results, place: usize) -> Vec<Notice> {
    let Some(fault) = scenario.faults.get(place) else {
        return Vec::new();
    };
    let Some(scope) = fault.of_design().map(DesignFault::scope) else {
        return Vec::new();
    };
    let (begins, lasts) = (scope.at.micros(), scope.lasts.micros());
    let designs = scenario.compared();
    let of_design = |found: &DesignResults| {
        let design = designs.iter().find(|design| design.name == found.name)?;
        let struck = found.faults.iter().find(|of| of.place as usize == place)?;
        let began = libm::round(struck.hour * HOUR as f64) as Time;
        // Results of before an edit may be of another fault at this place.
        if began != begins {
            return None;
        }
        let ends = began + lasts;
        let outlasts = ends >= scenario.run.length.micros();
        Some(Notice {
            design: design.name.clone(),
            is_noticed: struck.noticed == struck.replicates,
            says: of_struck(design, struck, outlasts),
            in_short: in_short(design, struck),
        })
    };
    results.designs.iter().filter_map(of_design).collect()
}

/// Whether what noticed a fault, so many hours after it began, must have been up before: an audit whose alert takes
/// several waves cannot be sooner than from the first of them to the last.
fn was_on(design: &Design, struck: &Struck, after_h: f64) -> bool {
    let soonest_h = |name: &String| {
        let audit = design.audit(name)?;
        let (alert, (_, way)) = (audit.alert()?, audit.way()?);
        let every = way.sample().every.micros() as f64 / HOUR as f64;
        Some(every * (alert.in_a_row.get() - 1) as f64)
    };
    let mut soonest = struck
        .by
        .iter()
        .map(|by| by.audit.as_ref().and_then(soonest_h));
    let soonest = soonest.try_fold(f64::INFINITY, |least, of| Some(least.min(of?)));
    soonest.is_some_and(|soonest| soonest.is_finite() && after_h < soonest)
}

fn in_short(design: &Design, struck: &Struck) -> String {
    let Some(after) = struck.after_h.filter(|_| struck.noticed > 0) else {
        let watched = watchers(design).is_some();
        return if watched {
            "not noticed"
        } else {
            "nothing watches"
        }
        .to_owned();
    };
    let how = if was_on(design, struck, after.mean) {
        "an alarm was on already".to_owned()
    } else {
        let by = by_count(struck).into_iter().map(|by| match &by.audit {
            Some(audit) => human::quoted(audit),
            None => "its alerts".to_owned(),
        });
        let by: Vec<String> = by.collect();
        format!(
            "noticed by {} after {}",
            by.join(" or "),
            roughly(after.mean)
        )
    };
    match (struck.noticed, struck.replicates) {
        (noticed, all) if noticed == all => how,
        (noticed, all) => format!("{how} in {noticed} of {all} replicates, in the others not"),
    }
}

fn of_struck(design: &Design, struck: &Struck, outlasts: bool) -> String {
    let missed = if outlasts {
        "not noticed by the end of the run"
    } else {
        "not noticed before it was over"
    };
    let Some(after) = struck.after_h.filter(|_| struck.noticed > 0) else {
        return match watchers(design) {
            Some(watchers) => {
                let of = match struck.replicates {
                    1 => String::new(),
                    all => format!(", in any of {all} replicates"),
                };
                format!("{}: {watchers} saw nothing of it{of}.", capital(missed))
            }
            None => unwatched(design),
        };
    };
    let on_average = if after.sd.unwrap_or(0.0) > 0.0 {
        " on average"
    } else {
        ""
    };
    let by = by_count(struck);
    let by: Vec<String> = (by.iter())
        .map(|one| {
            let name = match &one.audit {
                Some(audit) => format!("the audit {}", human::quoted(audit)),
                None => format!("the alert {}", alert(design).unwrap_or_default()),
            };
            match one.replicates {
                _ if by.len() == 1 => name,
                1 => format!("{name} (once)"),
                times => format!("{name} ({times} times)"),
            }
        })
        .collect();
    let of = match (struck.noticed, struck.replicates) {
        (_, 1) => String::new(),
        (noticed, all) if noticed == all => format!(", in all {all} replicates"),
        (noticed, all) => format!(", in {noticed} of {all} replicates; in the others {missed}"),
    };
    let before = if was_on(design, struck, after.mean) {
        " An alarm was on already, of something earlier."
    } else {
        ""
    };
    let told = if design.operations.alerts {
        ""
    } else {
        " Its alerts are off: nobody was told, and nobody mends it."
    };
    format!(
        "Noticed after {}{on_average} by {}{of}.{before}{told}",
        roughly(after.mean),
        by.join(" or ")
    )
}

/// What noticed a fault first, most often first.
fn by_count(struck: &Struck) -> Vec<&Watcher> {
    let mut by: Vec<&Watcher> = struck.by.iter().collect();
    by.sort_by_key(|by| std::cmp::Reverse(by.replicates));
    by
}

/// What would raise an alert about a design's feeds.
fn alert(design: &Design) -> Option<String> {
    let operations = &design.operations;
    let lag = operations.lag_above.filter(|_| operations.alerts);
    let lag = lag.map(|lag| format!("at a lag above {}", short(lag.micros())));
    let parity = operations.parity_check.filter(|_| operations.alerts);
    let parity = parity.map(|_| "at missing messages".to_owned());
    let both: Vec<String> = lag.into_iter().chain(parity).collect();
    (!both.is_empty()).then(|| both.join(" or "))
}

/// What could have noticed something; nothing, if nothing could.
fn watchers(design: &Design) -> Option<String> {
    let alert = alert(design).map(|alert| format!("the alert {alert}"));
    let audits = design.audits.iter().filter(|audit| audit.alert().is_some());
    let audits = audits.map(|audit| format!("the audit {}", human::quoted(&audit.name)));
    let all: Vec<String> = alert.into_iter().chain(audits).collect();
    (!all.is_empty()).then(|| human::list(&all))
}

/// Why nothing could have noticed anything.
fn unwatched(design: &Design) -> String {
    let operations = &design.operations;
    let has_alert = operations.lag_above.is_some() || operations.parity_check.is_some();
    let alerts = if has_alert {
        "its alerts are off"
    } else {
        "no alert"
    };
    let audits = if design.audits.is_empty() {
        "no audit"
    } else {
        "no audit that raises one"
    };
    format!("Nothing watches this design: {alerts}, {audits}.")
}

/// A span in hours as people say it: `20 min`, `3.5 h`, `2.1 days`.
fn roughly(hours: f64) -> String {
    let minutes = libm::round(hours * 60.0);
    match hours {
        _ if minutes < 1.0 => "less than a minute".to_owned(),
        _ if minutes < 100.0 => format!("{minutes}\u{a0}min"),
        _ if hours < 47.95 => format!("{}\u{a0}h", tenths(hours)),
        _ => format!("{}\u{a0}days", tenths(hours / 24.0)),
    }
}

fn tenths(number: f64) -> f64 {
    libm::round(number * 10.0) / 10.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::measure::estimate::{Estimate, Scale};
    use crate::report::results::Watcher;
    use crate::scenario::text;

    #[test]
    fn it_is_said_whether_when_and_by_what() {
        let feed = json!({ "name": "f", "source": "deltas", "delivery": { "push": {} } });
        let panel = json!({ "name": "panel", "panel": { "size": 9, "every": "6h", "alert": { "below": 0.9 } } });
        let quiet = json!({ "name": "panel", "panel": { "size": 9, "every": "6h" } });
        let scenario = json!({ "version": 1,
            "world": { "two_state": { "stays": 9, "sells_out_per_day": 1, "reopens_per_day": 1 } },
            "designs": [
                { "name": "watched", "feeds": [feed], "operations": { "lag_above": "15m" }, "audits": [panel] },
                { "name": "blind", "feeds": [feed], "audits": [quiet] },
                { "name": "off", "feeds": [feed], "operations": { "lag_above": "15m", "alerts": false } }] });
        let scenario = text::parse(&scenario.to_string()).unwrap_or_else(|p| panic!("{p}"));
        let designs = scenario.scenario.designs;
        let by = |audit: Option<&str>, replicates| Watcher {
            audit: audit.map(str::to_owned),
            replicates,
        };
        let said = |design: usize, after: &[f64], by: Vec<Watcher>| {
            let struck = Struck {
                place: 0,
                fault: "outage".to_owned(),
                hour: 5.0,
                replicates: 8,
                noticed: after.len() as u32,
                after_h: Estimate::of(after, Scale::Plain),
                by,
            };
            of_struck(&designs[design], &struck, true).replace('\u{a0}', " ")
        };
        assert_eq!(
            said(0, &[0.25; 8], vec![by(None, 8)]),
            "Noticed after 15 min by the alert at a lag above 15 min, in all 8 replicates."
        );
        assert_eq!(
            said(0, &[50.0, 52.0], vec![by(None, 1), by(Some("panel"), 1)]),
            "Noticed after 2.1 days on average by the alert at a lag above 15 min (once) or the audit “panel” \
             (once), in 2 of 8 replicates; in the others not noticed by the end of the run."
        );
        assert_eq!(
            said(0, &[], vec![]),
            "Not noticed by the end of the run: the alert at a lag above 15 min and the audit “panel” saw nothing of \
             it, in any of 8 replicates."
        );
        assert_eq!(
            said(1, &[], vec![]),
            "Nothing watches this design: no alert, no audit that raises one."
        );
        assert_eq!(
            said(2, &[], vec![]),
            "Nothing watches this design: its alerts are off, no audit."
        );
        assert_eq!(roughly(0.001), "less than a minute");
        assert_eq!(roughly(3.55), "3.6\u{a0}h");
    }
}
