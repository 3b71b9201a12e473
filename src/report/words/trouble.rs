//! What goes wrong.

use super::pipeline::rule_name;
use super::{percent, round, short, spelled, when};
use crate::design::fault::{Bad, DesignFault, Fault, Shock};
use crate::report::human;
use crate::report::results::{Happened, Results};
use crate::scenario::Scenario;
use crate::sim::clock::{HOUR, Time};

/// A fault on a time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is, short enough for a chart.
    pub name: String,
    /// Hours since the end of the warm-up,
    pub from: f64,
    /// to its end: when it was repaired, by the design that took longest, or else as the scenario says. The
    /// same as the start for what happens in one moment.
    pub to: f64,
    /// The designs that it strikes, by their places.
    pub strikes: Vec<usize>,
}

/// The faults that strike a design, each in a line.
#[must_use]
pub fn faults_of(scenario: &Scenario, design: &str) -> Vec<String> {
    let faults = placed_faults_of(scenario, design).into_iter();
    faults.map(|(_, says)| says).collect()
}

/// The same, with their places in the scenario.
#[must_use]
pub fn placed_faults_of(scenario: &Scenario, design: &str) -> Vec<(usize, String)> {
    let faults = scenario.faults.iter().enumerate();
    let faults = faults.filter_map(|(place, fault)| Some((place, fault.of_design()?)));
    let designs = scenario.compared();
    let has = |feed: &str| {
        let mut designs = designs.iter().filter(|of| of.name == design);
        designs.any(|of| of.feeds.iter().any(|of| of.name == feed))
    };
    let mine = faults.filter(|(_, fault)| {
        let scope = fault.scope();
        // A feed that the design does not have cannot fail.
        scope.design.is_none_or(|name| name == design) && scope.feed.is_none_or(has)
    });
    let mut mine: Vec<_> = mine.collect();
    mine.sort_by_key(|(_, fault)| fault.scope().at.micros());
    let says = mine.into_iter().map(|(place, fault)| {
        let scope = fault.scope();
        let stream = scope.stream.map(stream_name);
        let of = match (scope.feed, stream) {
            (None, None) => String::new(),
            (Some(feed), None) => format!(" of {feed}"),
            (None, Some(stream)) => format!(" of {stream}"),
            (Some(feed), Some(stream)) => format!(" of {stream} in {feed}"),
        };
        let says = line(
            &format!("{}{of}", what(fault)),
            scope.at.micros(),
            scope.lasts.micros(),
        );
        (place, says)
    });
    says.collect()
}

/// A fault in parts of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is: `outage`, `leak of 50 %`.
    pub what: String,
    /// When it begins, since the end of the warm-up.
    pub at: Time,
    /// How long it lasts, if nobody repairs it; nothing of what takes no time.
    pub lasts: Option<String>,
    /// Where: `deltas of “push”`, `all designs`.
    pub place: String,
    /// When: `day 3, 08:00`.
    pub when: String,
}

/// What a fault is, where and when.
#[must_use]
pub fn told(fault: &Fault) -> Option<Told> {
    let all = || "all designs".to_owned();
    let (what, place, at, lasts) = match fault.of_design() {
        Some(fault) => {
            let scope = fault.scope();
            let design = scope.design.map(human::quoted);
            let stream = scope.stream.map(stream_name);
            let feed = scope.feed.map(str::to_owned);
            let feed = [stream, feed].into_iter().flatten().collect::<Vec<_>>();
            let of = [(!feed.is_empty()).then(|| feed.join(" in ")), design];
            let of = of.into_iter().flatten().collect::<Vec<_>>();
            let place = if of.is_empty() {
                all()
            } else {
                of.join(" of ")
            };
            (what(fault), place, scope.at, scope.lasts)
        }
        None => {
            let (what, shock) = shock(fault)?;
            (what, all(), shock.at, shock.lasts)
        }
    };
    Some(Told {
        what,
        at: at.micros(),
        lasts: Some(lasts.micros()).filter(|lasts| *lasts > 0).map(spelled),
        place,
        when: when(at.micros() as f64 / HOUR as f64).replace(' ', "\u{a0}"),
    })
}

impl Told {
    /// What it is and how long it lasts: `outage for 2 h`.
    #[must_use]
    pub fn itself(&self) -> String {
        match &self.lasts {
            Some(lasts) => format!("{} for {lasts}", self.what),
            None => self.what.clone(),
        }
    }

    /// All of it, after a "the" or a "without": `outage for 2 h in deltas of “push”, day 3, 08:00`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} in {}, {}", self.itself(), self.place, self.when)
    }
}

/// What befalls the world, each in a line.
#[must_use]
pub fn of_the_world(scenario: &Scenario) -> Vec<String> {
    let shocks = scenario.faults.iter().filter_map(shock);
    shocks
        .map(|(what, shock)| line(&what, shock.at.micros(), shock.lasts.micros()))
        .collect()
}

fn shock(fault: &Fault) -> Option<(String, &Shock)> {
    let (what, shock) = match fault {
        Fault::TrafficDrop(shock) => ("searches", shock),
        Fault::DemandShock(shock) => ("booking requests", shock),
        _ => return None,
    };
    Some((format!("{what} × {}", round(shock.times.get())), shock))
}

fn line(what: &str, at: Time, lasts: Time) -> String {
    let when = when(at as f64 / HOUR as f64).replace(' ', "\u{a0}");
    if lasts > 0 {
        format!("{what}: {when}, for {}", short(lasts))
    } else {
        format!("{what}: {when}")
    }
}

/// What a stream of changes is called.
#[must_use]
pub fn stream_name(stream: crate::world::group::ChangeStream) -> String {
    let name = serde_json::to_value(stream).unwrap_or_default();
    name.as_str().unwrap_or_default().replace('_', " ")
}

/// What a fault does, in a few words.
fn what(fault: DesignFault<'_>) -> String {
    match fault {
        DesignFault::Outage(_) => "outage".to_owned(),
        DesignFault::Pause(_) => "pause".to_owned(),
        DesignFault::Slow(slow) => format!("{} × slower", round(slow.times.get())),
        DesignFault::Leak(leak) => format!("leak of {}", percent(leak.share.get())),
        DesignFault::RebalanceStorm(storm) => format!(
            "rebalances every {} for {}",
            short(storm.every.micros()),
            short(storm.pause.micros())
        ),
        DesignFault::LessCapacity(less) => format!("{} of consumers", percent(less.left.get())),
        DesignFault::WrongAnswers(wrong) => {
            format!("{} of answers wrong", percent(wrong.share.get()))
        }
        DesignFault::BadDataset(bad) => match bad.kind {
            Bad::Schema => "unreadable datasets".to_owned(),
            Bad::Answers => format!("bad datasets ({} wrong)", percent(bad.share.get())),
        },
        DesignFault::RuleChange(change) => {
            format!("rule on {} changes", rule_name(change.rule))
        }
        DesignFault::CacheFlush(_) => "cache flush".to_owned(),
    }
}

/// The faults of a run on its time axis, in the order of their starts.
#[must_use]
pub fn marks(scenario: &Scenario, results: &Results) -> Vec<Mark> {
    let length = scenario.run.length.micros() as f64 / HOUR as f64;
    let hours = |at: Time| at as f64 / HOUR as f64;
    let mut marks: Vec<Mark> = scenario
        .faults
        .iter()
        .filter_map(|fault| {
            if let Some((name, shock)) = shock(fault) {
                let from = hours(shock.at.micros());
                return Some(Mark {
                    name,
                    from,
                    to: from + hours(shock.lasts.micros()),
                    strikes: (0..results.designs.len()).collect(),
                });
            }
            let fault = fault.of_design()?;
            let scope = fault.scope();
            let from = hours(scope.at.micros());
            let to = from + hours(scope.lasts.micros());
            let mut strikes = Vec::new();
            let mut last = from;
            for (index, design) in results.designs.iter().enumerate() {
                let mine = |event: &&Happened| {
                    event.fault.as_deref() == Some(fault.name())
                        && (scope.feed.is_none() || event.feed.as_deref() == scope.feed)
                };
                let mut events = design.events.iter().filter(mine);
                // Hours are of whole microseconds.
                if !events.any(|event| (event.hour - from).abs() < 1e-6) {
                    continue;
                }
                strikes.push(index);
                let mut later = design.events.iter().filter(mine);
                let repaired = later
                    .find(|event| event.what == "repaired" && (from..=to).contains(&event.hour));
                last = last.max(repaired.map_or(to, |event| event.hour));
            }
            Some(Mark {
                name: what(fault),
                from,
                to: last,
                strikes,
            })
        })
        .collect();
    for mark in &mut marks {
        mark.to = mark.to.min(length);
    }
    marks.sort_by(|a, b| a.from.total_cmp(&b.from));
    // The same for several designs is one mark.
    let mut all: Vec<Mark> = Vec::with_capacity(marks.len());
    for mark in marks {
        let same = |other: &&mut Mark| other.name == mark.name && other.from == mark.from;
        if let Some(other) = all.iter_mut().find(same) {
            other.to = other.to.max(mark.to);
            other.strikes.extend(mark.strikes);
            other.strikes.sort_unstable();
            other.strikes.dedup();
        } else {
            all.push(mark);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::text;

    /// Spaces that keep a number and its unit together are spaces here.
    fn plain(lines: Vec<String>) -> Vec<String> {
        let lines = lines.into_iter();
        lines.map(|line| line.replace('\u{a0}', " ")).collect()
    }

    fn event(hour: f64, fault: Option<&str>, what: &str) -> Happened {
        Happened {
            hour,
            feed: Some("f".to_owned()),
            fault: fault.map(str::to_owned),
            what: what.to_owned(),
        }
    }

    #[test]
    fn faults_last_until_they_are_repaired() {
        let text = r#"{ "version": 1, "run": { "length": "4d" },
            "world": { "two_state": { "stays": 9, "sells_out_per_day": 1, "reopens_per_day": 1 } },
            "designs": [{ "name": "a" }, { "name": "b", "feeds": [
                { "name": "f", "source": "deltas", "delivery": { "push": {} } }] }, { "name": "c", "like": "b" }],
            "faults": [
                { "outage": { "design": "b", "at": "3d", "lasts": "2d" } },
                { "outage": { "design": "c", "at": "1d", "lasts": "8h" } },
                { "outage": { "design": "b", "at": "1d", "lasts": "8h" } }] }"#;
        let scenario = text::parse(text).unwrap_or_else(|p| panic!("{p}")).scenario;
        let design = |name: &str, events: &[Happened]| {
            serde_json::json!({ "name": name, "metrics": {}, "costs": {}, "counts_per_day": {}, "feeds": {},
                "audits": {}, "series": { "hour": [] }, "events": events })
        };
        let events = [
            event(24.0, Some("outage"), "began"),
            event(26.5, Some("outage"), "repaired"),
            event(72.0, Some("outage"), "began"),
        ];
        let unrepaired = [event(24.0, Some("outage"), "began")];
        let results = serde_json::from_value(serde_json::json!({
            "stayfresh": { "version": "0", "results": 1 }, "scenario": {}, "scenario_hash": "", "results_hash": "",
            "replicates": 1, "designs": [design("a", &[]), design("b", &events), design("c", &unrepaired)], "differences": [] }));
        let marks = marks(&scenario, &results.expect("results"));
        let found: Vec<(f64, f64, &[usize])> = marks
            .iter()
            .map(|mark| (mark.from, mark.to, &mark.strikes[..]))
            .collect();
        // The same for two designs is one mark, which lasts as long as the longer.
        assert_eq!(found, [(24.0, 32.0, &[1, 2][..]), (72.0, 96.0, &[1][..])]);
    }

    #[test]
    fn faults_are_told_to_whom_they_strike() {
        let text = r#"{ "version": 1,
            "world": { "two_state": { "stays": 9, "sells_out_per_day": 1, "reopens_per_day": 1 } },
            "designs": [
                { "name": "a", "feeds": [{ "name": "f", "source": "deltas", "delivery": { "push": {} } }] },
                { "name": "b", "feeds": [{ "name": "f", "source": "deltas", "delivery": { "push": {} } }] }],
            "faults": [
                { "outage": { "design": "a", "feed": "f", "at": "3d", "lasts": "8h" } },
                { "leak": { "at": "90m", "lasts": "1d", "share": 0.1 } },
                { "traffic_drop": { "at": "2d", "lasts": "6h", "times": 0.2 } },
                { "cache_flush": { "design": "b", "at": "1d" } }] }"#;
        let scenario = text::parse(text).unwrap_or_else(|p| panic!("{p}")).scenario;
        assert_eq!(
            plain(faults_of(&scenario, "a")),
            [
                "leak of 10 %: day 0, 01:30, for 1 d",
                "outage of f: day 3, 00:00, for 8 h"
            ]
        );
        assert_eq!(
            plain(faults_of(&scenario, "b")),
            [
                "leak of 10 %: day 0, 01:30, for 1 d",
                "cache flush: day 1, 00:00"
            ]
        );
        assert_eq!(
            plain(of_the_world(&scenario)),
            ["searches × 0.2: day 2, 00:00, for 6 h"]
        );
        let told = scenario.faults.iter().filter_map(told);
        let told = told.map(|told| told.line());
        assert_eq!(
            plain(told.collect()),
            [
                "outage for 8 h in f of “a”, day 3, 00:00",
                "leak of 10 % for 1 d in all designs, day 0, 01:30",
                "searches × 0.2 for 6 h in all designs, day 2, 00:00",
                "cache flush in “b”, day 1, 00:00"
            ]
        );
    }
}
