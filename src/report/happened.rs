//! What happened to designs as a whole, in words.

use super::human;
use super::results::{AuditResults, DesignResults, Happened, Results};

/// What happened to a design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Whose it is.
    pub caption: String,
    /// In the order of time.
    pub lines: Vec<Line>,
}

/// Something that happened, once or several times in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When, on the clock of the measured part of the run.
    pub when: String,
    /// What.
    pub what: String,
    /// Whether it belongs to a fault.
    pub is_fault: bool,
}

/// More lines than this say less, not more.
const MOST: usize = 40;

/// What happened to each design to which something did, in the first replicate.
#[must_use]
pub fn all(results: &Results) -> Vec<Log> {
    results.designs.iter().filter_map(of_design).collect()
}

/// What happened to a design, the alerts of its audits among it; what is repeated is told once. Nothing where nothing
/// did.
#[must_use]
pub fn of_design(design: &DesignResults) -> Option<Log> {
    let mut events = design.events.clone();
    events.extend(design.audits.iter().flat_map(alerts));
    // Stable: of what comes at one moment, what happened comes before who saw it.
    events.sort_by(|a, b| a.hour.total_cmp(&b.hour));
    let alike =
        |a: &Happened, b: &Happened| (&a.feed, &a.fault, &a.what) == (&b.feed, &b.fault, &b.what);
    let runs: Vec<&[Happened]> = events.chunk_by(alike).collect();
    // Of one feed, its name says nothing.
    let is_only = design.feeds.len() == 1;
    let lines = runs.iter().take(MOST).map(|run| line(run, is_only));
    let mut lines: Vec<Line> = lines.collect();
    if let Some(more) = runs.len().checked_sub(MOST).filter(|more| *more > 0) {
        lines.push(Line {
            when: "…".to_owned(),
            what: format!("and {more} more"),
            is_fault: false,
        });
    }
    (!lines.is_empty()).then(|| Log {
        caption: format!(
            "What happened to {} (first replicate)",
            human::quoted(&design.name)
        ),
        lines,
    })
}

/// When the alert of an audit came up.
fn alerts<'a>(
    (name, audit): (&'a String, &'a AuditResults),
) -> impl Iterator<Item = Happened> + 'a {
    let waves = &audit.waves;
    let before = std::iter::once(&false).chain(&waves.alert);
    let rises = waves.hour.iter().zip(&waves.alert).zip(before);
    rises
        .filter(|((_, is_up), was_up)| **is_up && !**was_up)
        .map(move |((hour, _), _)| Happened {
            hour: *hour,
            feed: None,
            fault: None,
            what: format!("alert by {}", human::quoted(name)),
        })
}

fn line(run: &[Happened], is_only: bool) -> Line {
    let first = &run[0];
    let mut what = what(first, is_only);
    match run {
        [_, last] => what = format!("{what}, and again {}", moment(last.hour)),
        [_, .., last] => {
            what = format!("{what}, {} times, last {}", run.len(), moment(last.hour));
        }
        _ => {}
    }
    Line {
        when: when(first.hour),
        what,
        is_fault: first.fault.is_some(),
    }
}

/// What happened, in a few words. `is_only`: the design has one feed, whose name says nothing.
#[must_use]
pub fn what(happened: &Happened, is_only: bool) -> String {
    let what = match happened.fault.as_deref() {
        // What happened says it already.
        None | Some("rule_change") => happened.what.clone(),
        Some("cache_flush") => format!("cache {}", happened.what),
        Some(fault) => format!("{} {}", fault.replace('_', " "), happened.what),
    };
    match &happened.feed {
        Some(feed) if !is_only => format!("{feed}: {what}"),
        _ => what,
    }
}

/// Hours since the end of the warm-up as whole days since then, as in a fault's `at`, and a time of day.
#[must_use]
pub fn when(hour: f64) -> String {
    match day(hour) {
        (Some(day), time) => format!("day {day}, {time}"),
        (None, time) => format!("warm-up, {time}"),
    }
}

/// The same within a sentence.
fn moment(hour: f64) -> String {
    match day(hour) {
        (Some(day), time) => format!("on day {day} at {time}"),
        (None, time) => format!("in the warm-up at {time}"),
    }
}

/// The day, unless it is of the warm-up, and the time of day.
fn day(hour: f64) -> (Option<i64>, String) {
    // A hair, for hours that are no binary fraction.
    let minutes = libm::floor(hour * 60.0 + 1e-6) as i64;
    let (day, minutes) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    (Some(day).filter(|day| *day >= 0), time)
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::report::results::AuditWaves;

    #[test]
    fn what_is_repeated_is_told_once() {
        let event = |hour: f64, feed: Option<&str>, fault: Option<&str>, what: &str| Happened {
            hour,
            feed: feed.map(str::to_owned),
            fault: fault.map(str::to_owned),
            what: what.to_owned(),
        };
        let panel = AuditResults {
            metrics: IndexMap::new(),
            faults: Vec::new(),
            waves: AuditWaves {
                hour: vec![0.0, 24.0, 48.0, 72.0, 96.0],
                alert: vec![false, true, true, false, true],
                ..AuditWaves::default()
            },
        };
        let design = DesignResults {
            name: "nightly".to_owned(),
            metrics: IndexMap::new(),
            costs: IndexMap::new(),
            counts_per_day: IndexMap::new(),
            feeds: IndexMap::new(),
            audits: [("panel".to_owned(), panel)].into_iter().collect(),
            series: super::super::results::Series::default(),
            distributions: indexmap::IndexMap::new(),
            faults: Vec::new(),
            events: vec![
                event(-1.5, Some("feed"), None, "published"),
                event(22.5, Some("feed"), None, "published"),
                event(26.0, None, Some("bad_dataset"), "began"),
                event(46.5, Some("feed"), None, "published"),
                event(47.0, None, Some("outage"), "began"),
                event(49.5, None, Some("outage"), "began"),
                event(72.0, None, Some("outage"), "began"),
                event(73.0, None, Some("rule_change"), "rule changed"),
                event(74.0, None, Some("cache_flush"), "flushed"),
            ],
        };
        let log = of_design(&design).unwrap_or_else(|| panic!("nothing happened"));
        let lines = log.lines.into_iter();
        let lines: Vec<String> = lines
            .map(|line| format!("{} | {}", line.when, line.what))
            .collect();
        assert_eq!(
            lines,
            [
                "warm-up, 22:30 | feed: published, and again on day 0 at 22:30",
                "day 1, 00:00 | alert by “panel”",
                "day 1, 02:00 | bad dataset began",
                "day 1, 22:30 | feed: published",
                "day 1, 23:00 | outage began, 3 times, last on day 3 at 00:00",
                "day 3, 01:00 | rule changed",
                "day 3, 02:00 | cache flushed",
                "day 4, 00:00 | alert by “panel”",
            ]
        );
    }
}
