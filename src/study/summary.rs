//! The results file, from what a study found out.

use indexmap::IndexMap;

use super::part::Done;
use super::{Sample, Study, expect, fitness, frontier, theory, verdict};
use crate::design::Design;
use crate::design::audit::estimate::{self, Raised, Said};
use crate::design::audit::{Alert, Audit};
use crate::measure::estimate::{Estimate, Scale};
use crate::measure::metrics::{self, METRICS};
use crate::measure::path::MetricPath;
use crate::measure::tally::{Counters, Tally};
use crate::measure::values::{AUDIT_METRICS, FEED_METRICS, Line};
use crate::report::hash;
use crate::report::reel::{self, Reel};
use crate::report::results::{
    About, AuditResults, AuditWaves, Cost, DesignResults, Difference, Distribution, Happened,
    Noticed, Results, Series, Struck, Watcher,
};
use crate::sim::clock::{HOUR, Horizon, SECOND, Time};
use crate::sim::film::Film;
use crate::sim::mishap::Window;
use crate::sim::plan::Event;

/// The results so far; `None` before the first part.
pub(super) fn results(study: &Study) -> Option<Results> {
    let sample = study.sample(&study.scenario.prices);
    if sample.outcomes.is_empty() {
        return None;
    }
    let designs: Vec<DesignResults> = (0..sample.designs.len())
        .map(|design| of_design(study, &sample, design))
        .collect();
    let differences = differences(&sample);
    let frontier = frontier::standings(&sample);
    let expect = expect::judge(&sample, &study.scenario.expect);
    let audiences = fitness::verdicts(&sample, &study.scenario.audiences);
    let (theory, untold) = theory::table(&study.theory);
    // Notes and stories change no number, so they change no hash.
    let mut bare = serde_json::to_value(&study.scenario).unwrap_or_default();
    if let Some(scenario) = bare.as_object_mut() {
        scenario.shift_remove("story");
    }
    let mut results = Results {
        stayfresh: About::this(),
        scenario_hash: hash::of_text(&bare.to_string()),
        scenario: study.resolved.clone(),
        results_hash: String::new(),
        replicates: sample.outcomes.len() as u32,
        designs,
        differences,
        verdict: verdict::of(
            &sample,
            &study.scenario,
            &study.resolved,
            &frontier,
            &audiences,
            &expect,
        ),
        frontier,
        audiences,
        expect,
        theory,
        untold,
    };
    results.results_hash = hash::of_results(&results);
    Some(results)
}

fn of_design(study: &Study, sample: &Sample, design: usize) -> DesignResults {
    let of = |path: &MetricPath| sample.estimate(design, path);
    // What is not defined is absent.
    let keyed = |keys: &mut dyn Iterator<Item = (&str, MetricPath)>| -> IndexMap<String, Estimate> {
        keys.filter_map(|(key, path)| Some((key.to_owned(), of(&path)?)))
            .collect()
    };
    let described = &sample.designs[design];
    let done: Vec<&Done> = study
        .done
        .iter()
        .map(|designs| &designs[design])
        .filter(|done| done.groups > 0)
        .collect();
    let costs = Line::all().filter_map(|line| {
        let cost = Cost {
            usd_per_day: of(&MetricPath::Cost(line))?,
            represented_usd_per_day: sample
                .represents
                .and_then(|_| of(&MetricPath::RepresentedCost(line))),
        };
        Some((line.key().to_owned(), cost))
    });
    let feeds = described.feeds.iter().map(|feed| {
        let metrics = FEED_METRICS.iter().filter_map(|key| metrics::by_key(key));
        let path = |metric| MetricPath::Feed(feed.name.clone(), metric);
        let of_feed = keyed(&mut metrics.map(|metric| (metric.key, path(metric))));
        (feed.name.clone(), of_feed)
    });
    let first = &study.done[0][design];
    let first_waves = first.waves(described);
    let raised: Vec<Vec<Vec<Raised>>> = done.iter().map(|done| raised(described, done)).collect();
    let audits = described.audits.iter().enumerate().map(|(index, audit)| {
        let path = |metric| MetricPath::Audit(audit.name.clone(), metric);
        let mut metrics = AUDIT_METRICS
            .iter()
            .map(|metric| (metric.key, path(metric)));
        let of_audit = AuditResults {
            metrics: keyed(&mut metrics),
            faults: noticed(study, described, (&done, &raised), index),
            waves: said(
                first_waves.get(index).map_or(&[][..], Vec::as_slice),
                audit.alert(),
                study.horizon,
            ),
        };
        (audit.name.clone(), of_audit)
    });
    let happened = first.events().iter();
    let happened = happened.map(|event| happened_to(described, event, study.horizon));
    let tallies: Vec<&Tally> = done.iter().map(|done| &done.tally).collect();
    DesignResults {
        name: described.name.clone(),
        metrics: keyed(
            &mut METRICS
                .iter()
                .map(|metric| (metric.key, MetricPath::Metric(metric))),
        ),
        costs: costs.collect(),
        counts_per_day: keyed(
            &mut Counters::NAMES
                .iter()
                .map(|name| (*name, MetricPath::Count(name))),
        ),
        feeds: feeds.collect(),
        audits: audits.collect(),
        series: series(study.horizon, &tallies),
        distributions: distributions(&tallies),
        faults: struck(study, described, (&done, &raised)),
        events: happened.collect(),
    }
}

/// What happened to a design as a whole.
fn happened_to(design: &Design, event: &Event, horizon: Horizon) -> Happened {
    Happened {
        hour: (event.at - horizon.warm) as f64 / HOUR as f64,
        feed: event.feed.map(|feed| design.feeds[feed].name.clone()),
        fault: event.fault.as_deref().map(str::to_owned),
        what: event.what.clone().into_owned(),
    }
}

/// A film as a file.
pub(super) fn reel_of(study: &Study, design: &Design, replicate: u32, film: Film) -> Reel {
    let happened = film.events.iter();
    let happened = happened.map(|event| happened_to(design, event, study.horizon));
    Reel {
        design: design.name.clone(),
        replicate,
        warm: study.horizon.warm,
        end: study.horizon.end,
        feeds: design.feeds.iter().map(|feed| feed.name.clone()).collect(),
        actors: film.actors,
        scenes: film.scenes,
        waiting: (film.messages.iter())
            .map(|messages| reel::waiting(messages, study.horizon.end))
            .collect(),
        messages: film.messages,
        events: happened.collect(),
    }
}

/// The alerts that each audit of a design raised in a replicate.
fn raised(design: &Design, done: &Done) -> Vec<Vec<Raised>> {
    let ways = design.audits.iter().filter_map(Audit::way);
    ways.zip(done.waves(design))
        .map(|((_, way), waves)| estimate::alerts(way.sample().alert.as_ref(), &waves).collect())
        .collect()
}

/// The scenario's faults that befell a design, by their places, with their beginnings: the same in all replicates.
fn befell(done: &[&Done]) -> impl Iterator<Item = (usize, Time)> {
    let first = done.first().map_or(&[][..], |done| done.faults());
    first
        .iter()
        .filter_map(|window| Some((window.fault?, window.from)))
}

fn window_of(done: &Done, fault: usize) -> Option<&Window> {
    let mut windows = done.faults().iter();
    windows.find(|window| window.fault == Some(fault))
}

/// What became of each of the scenario's faults that befell a design: whether, when and by what it was noticed first.
fn struck(
    study: &Study,
    design: &Design,
    (done, raised): (&[&Done], &[Vec<Vec<Raised>>]),
) -> Vec<Struck> {
    // Monitoring, which comes first at an instant, then the audits.
    let first = |window: &Window, raised: &[Vec<Raised>]| {
        let monitored = window.monitored.map(|at| (at, 0));
        let audits = (1..).zip(raised).filter_map(|(place, raised)| {
            let at = window.noticed(raised.iter().copied())?;
            Some((at, place))
        });
        monitored.into_iter().chain(audits).min()
    };
    befell(done)
        .filter_map(|(fault, from)| {
            let name = study.scenario.faults[fault].of_design()?.name();
            let noticed = done
                .iter()
                .zip(raised)
                .filter_map(|(done, raised)| first(window_of(done, fault)?, raised));
            let noticed: Vec<(Time, usize)> = noticed.collect();
            let after: Vec<f64> = (noticed.iter())
                .map(|(at, _)| (at - from) as f64 / HOUR as f64)
                .collect();
            let watchers = std::iter::once(None)
                .chain(design.audits.iter().map(|audit| Some(audit.name.clone())));
            let by = watchers.enumerate().map(|(place, audit)| Watcher {
                audit,
                replicates: noticed.iter().filter(|(_, by)| *by == place).count() as u32,
            });
            Some(Struck {
                place: fault as u32,
                fault: name.to_owned(),
                hour: (from - study.horizon.warm) as f64 / HOUR as f64,
                replicates: done.len() as u32,
                noticed: noticed.len() as u32,
                after_h: Estimate::of(&after, Scale::Plain),
                by: by.filter(|by| by.replicates > 0).collect(),
            })
        })
        .collect()
}

/// When an audit with an alert noticed each of the scenario's faults, in the order in which they befell the
/// design.
fn noticed(
    study: &Study,
    design: &Design,
    (done, raised): (&[&Done], &[Vec<Vec<Raised>>]),
    audit: usize,
) -> Vec<Noticed> {
    if design.audits.get(audit).and_then(Audit::alert).is_none() {
        return Vec::new();
    }
    befell(done)
        .filter_map(|(fault, from)| {
            let name = study.scenario.faults[fault].of_design()?.name();
            let after = done.iter().zip(raised).filter_map(|(done, raised)| {
                let window = window_of(done, fault)?;
                estimate::noticed_after_h(window, raised.get(audit)?.iter().copied())
            });
            let after: Vec<f64> = after.collect();
            Some(Noticed {
                fault: name.to_owned(),
                hour: (from - study.horizon.warm) as f64 / HOUR as f64,
                detected: after.len() as f64 / done.len() as f64,
                after_h: Estimate::of(&after, Scale::Plain),
            })
        })
        .collect()
}

/// What an audit said, wave by wave.
fn said(waves: &[Said], alert: Option<Alert>, horizon: Horizon) -> AuditWaves {
    let raised: Vec<Time> = estimate::alerts(alert.as_ref(), waves)
        .map(|raised| raised.at)
        .collect();
    let is_up = |said: &Said| raised.binary_search(&said.at).is_ok();
    let hour = |said: &Said| (said.at - horizon.warm) as f64 / HOUR as f64;
    let end = |said: &Said, end: usize| said.interval.map(|interval| interval[end]);
    AuditWaves {
        hour: waves.iter().map(hour).collect(),
        estimate: waves.iter().map(|said| said.estimate).collect(),
        low: waves.iter().map(|said| end(said, 0)).collect(),
        high: waves.iter().map(|said| end(said, 1)).collect(),
        truth: waves.iter().map(|said| said.truth).collect(),
        alert: (waves.iter().filter(|_| alert.is_some()))
            .map(is_up)
            .collect(),
    }
}

/// Each design against each before it.
fn differences(sample: &Sample) -> Vec<Difference> {
    let designs = sample.designs.len();
    let pairs = (0..designs).flat_map(|versus| (versus + 1..designs).map(move |of| (of, versus)));
    let represented = Line::all().filter(|line| {
        let is_sum = matches!(line, Line::Sum(_));
        is_sum && sample.represents.is_some()
    });
    let paths: Vec<MetricPath> = METRICS
        .iter()
        .map(MetricPath::Metric)
        .chain(represented.map(MetricPath::RepresentedCost))
        .collect();
    pairs
        .flat_map(|(of, versus)| paths.iter().map(move |path| (of, versus, path)))
        .filter_map(|(of, versus, path)| {
            let estimate = sample.difference(of, versus, path)?;
            Some(Difference {
                of: sample.designs[of].name.clone(),
                versus: sample.designs[versus].name.clone(),
                metric: path.to_string(),
                mean: estimate.mean,
                ci95: estimate.ci95,
            })
        })
        .collect()
}

/// How stale answers are is told at these, in seconds: about as far apart as they are large, and easy to say.
const STALER_THAN: [f64; 56] = [
    0.0,
    0.1,
    0.2,
    0.5,
    1.0,
    2.0,
    3.0,
    5.0,
    7.0,
    10.0,
    15.0,
    20.0,
    30.0,
    45.0,
    60.0,
    90.0,
    120.0,
    180.0,
    240.0,
    300.0,
    420.0,
    600.0,
    900.0,
    1_200.0,
    1_800.0,
    2_700.0,
    3_600.0,
    5_400.0,
    7_200.0,
    9_000.0,
    10_800.0,
    14_400.0,
    18_000.0,
    21_600.0,
    28_800.0,
    36_000.0,
    43_200.0,
    57_600.0,
    64_800.0,
    86_400.0,
    108_000.0,
    129_600.0,
    172_800.0,
    216_000.0,
    259_200.0,
    345_600.0,
    432_000.0,
    604_800.0,
    864_000.0,
    1_209_600.0,
    1_814_400.0,
    2_592_000.0,
    3_888_000.0,
    5_184_000.0,
    7_776_000.0,
    15_552_000.0,
];

/// How numbers are spread: the share in each replicate, then over replicates.
fn distributions(tallies: &[&Tally]) -> IndexMap<String, Distribution> {
    let mut found = Distribution::default();
    let than = STALER_THAN.map(|than| (than * SECOND as f64) as Time);
    let shares = tallies.iter();
    let shares = shares.map(|tally| tally.served_staleness.settled().shares_above(&than));
    // Undefined in one replicate is undefined.
    let Some(shares) = shares.collect::<Option<Vec<Vec<f64>>>>() else {
        return IndexMap::new();
    };
    for (index, than) in STALER_THAN.into_iter().enumerate() {
        let above: Vec<f64> = shares.iter().map(|of| of[index]).collect();
        let is_last = above.iter().all(|share| *share == 0.0);
        let Some(above) = Estimate::of(&above, Scale::Logit) else {
            return IndexMap::new();
        };
        found.than.push(than);
        found.above.push(above);
        if is_last {
            break;
        }
    }
    IndexMap::from([("served_staleness_s".to_owned(), found)])
}

/// Curves over time: in each hour the ratio in each replicate, then the mean over replicates.
fn series(horizon: Horizon, tallies: &[&Tally]) -> Series {
    let hours = (horizon.measured() as u64).div_ceil(HOUR as u64) as usize;
    let mean = |part: &dyn Fn(&Tally) -> Vec<f64>, whole: &dyn Fn(&Tally) -> Vec<f64>| {
        let mut sums = vec![(0.0, 0_u32); hours];
        for tally in tallies {
            for ((sum, count), (part, whole)) in sums
                .iter_mut()
                .zip(part(tally).into_iter().zip(whole(tally)))
            {
                if whole > 0.0 {
                    *sum += part / whole;
                    *count += 1;
                }
            }
        }
        let all = tallies.len() as u32;
        sums.into_iter()
            .map(|(sum, count)| (count == all).then(|| sum / f64::from(count)))
            .collect::<Vec<_>>()
    };
    let floats =
        |time: &mut dyn Iterator<Item = i64>| -> Vec<f64> { time.map(|us| us as f64).collect() };
    let stays = |tally: &Tally| floats(&mut tally.hourly.stays.hours());
    let entries = |tally: &Tally| floats(&mut tally.hourly.entries.hours());
    let false_available = |tally: &Tally| floats(&mut tally.hourly.false_available().hours());
    let false_sold_out = |tally: &Tally| floats(&mut tally.hourly.false_sold_out().hours());
    let right = |tally: &Tally| {
        let wrong = false_available(tally)
            .into_iter()
            .zip(false_sold_out(tally));
        stays(tally)
            .into_iter()
            .zip(wrong)
            .map(|(all, (a, b))| all - a - b)
            .collect()
    };
    let fresh = |tally: &Tally| {
        let stale = tally.hourly.stale.hours();
        entries(tally)
            .into_iter()
            .zip(stale)
            .map(|(all, stale)| all - stale as f64)
            .collect()
    };
    let staleness = |tally: &Tally| -> Vec<f64> {
        tally
            .hourly
            .stale
            .doubled()
            .map(|doubled| doubled as f64 / 2.0 / SECOND as f64)
            .collect()
    };
    let mut curves = IndexMap::new();
    curves.insert("accuracy".to_owned(), mean(&right, &stays));
    curves.insert("false_available".to_owned(), mean(&false_available, &stays));
    curves.insert("false_sold_out".to_owned(), mean(&false_sold_out, &stays));
    curves.insert("freshness".to_owned(), mean(&fresh, &entries));
    curves.insert("staleness_s".to_owned(), mean(&staleness, &entries));
    curves.insert("coverage".to_owned(), mean(&entries, &stays));
    Series {
        hour: (0..hours).map(|hour| hour as f64).collect(),
        curves,
    }
}
