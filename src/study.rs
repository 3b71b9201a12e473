//! Running a scenario: replicates and parts of the world, the estimates from them, the differences.

use indexmap::IndexMap;

use crate::design::audit::estimate::{self, Said};
use crate::design::{Audit, Design, audit};
use crate::measure::estimate::{Estimate, Scale};
use crate::measure::metrics::{self, METRICS, Unit};
use crate::measure::tally::{Counters, Tally};
use crate::measure::values::{AUDIT_METRICS, FEED_METRICS, ITEMS, Outcome};
use crate::report::hash;
use crate::report::results::{
    About, AuditResults, AuditWaves, Cost, DesignResults, Difference, Happened, Results, Series,
};
use crate::scenario::Scenario;
use crate::scenario::text::{self, Document};
use crate::sim::checks::Invariant;
use crate::sim::clock::{HOUR, Horizon, SECOND, Time};
use crate::sim::mishap;
use crate::sim::plan::{Event, Plan};
use crate::sim::random::Key;
use crate::sim::run::{DesignRun, searches_key};
use crate::sim::whole;
use crate::world::group::{Generate, Group};

/// Parts are cut so that each holds about this many stays, times the days they are watched.
pub(crate) const STAY_DAYS_PER_PART: u64 = 1_000_000;

/// A scenario being run, part by part. A part is a slice of the world in one replicate, for the designs whose
/// stays never meet; or one design in one replicate, where they do. Parts may run in any order, on any
/// thread, and the results so far can be read at any moment.
pub struct Study {
    scenario: Scenario,
    /// The scenario with every default and every note, for the results.
    resolved: serde_json::Value,
    horizon: Horizon,
    world: Box<dyn Generate>,
    /// Slices of the world; slice i holds the groups i, i + slices, …, so that each is like the whole.
    slices: u64,
    /// In the order in which they are best run.
    jobs: Vec<Job>,
    /// By replicate, then design.
    done: Vec<Vec<Done>>,
}

/// What is done in one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    /// A slice of the world, for all designs whose stays never meet.
    Slice { replicate: usize, slice: u64 },
    /// The whole world, for one design.
    Whole { replicate: usize, design: usize },
}

/// One design in one replicate, so far.
#[derive(Debug, Clone)]
struct Done {
    tally: Tally,
    /// Groups that are in the tally.
    groups: u64,
    events: Vec<Event>,
    audits: Vec<audit::Planned>,
    /// When something was wrong.
    faults: Vec<(Time, Time)>,
}

/// What one part found out.
#[derive(Debug)]
pub struct Part {
    replicate: usize,
    /// By design, as far as it is in the part.
    designs: Vec<(usize, Done)>,
}

impl Study {
    /// A study of a scenario that [`text::parse`] has read and checked.
    #[must_use]
    pub fn new(document: Document) -> Self {
        let resolved = text::resolved(&document);
        let mut scenario = document.scenario;
        scenario.designs = scenario.compared();
        let horizon = scenario.run.horizon();
        let world = scenario.world.generator(horizon, &scenario.shocks());
        let replicates = scenario.run.replicates.get() as usize;
        let stay_days = scenario
            .stays_per_replicate()
            .saturating_mul(horizon.days() as u64 + 1);
        let slices = stay_days
            .div_ceil(STAY_DAYS_PER_PART)
            .clamp(1, world.groups().max(1));
        // Odd, so that each slice has hotels of both kinds where they take turns.
        let slices = slices - u64::from(slices.is_multiple_of(2));
        let blank: Vec<Done> = scenario
            .designs
            .iter()
            .map(|design| Done {
                tally: Tally::new(horizon, design.feeds.len()),
                groups: 0,
                events: Vec::new(),
                audits: Vec::new(),
                faults: Vec::new(),
            })
            .collect();
        Self {
            jobs: jobs(&scenario, replicates, slices),
            scenario,
            resolved,
            horizon,
            world,
            slices,
            done: vec![blank; replicates],
        }
    }

    /// How many parts there are. The first ones give every replicate its first slice, so that early
    /// results have error bars.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.jobs.len()
    }

    /// Simulates one part.
    #[must_use]
    pub fn run_part(&self, index: usize) -> Part {
        match self.jobs[index] {
            Job::Slice { replicate, slice } => self.run_slice(replicate, slice),
            Job::Whole { replicate, design } => {
                let ran = whole::run(
                    &*self.world,
                    &self.scenario.designs[design],
                    &self.scenario.faults,
                    self.key(replicate),
                    self.horizon,
                );
                let done = Done {
                    tally: ran.tally,
                    groups: self.world.groups(),
                    events: ran.events,
                    audits: ran.audits,
                    faults: ran.faults,
                };
                Part {
                    replicate,
                    designs: vec![(design, done)],
                }
            }
        }
    }

    fn key(&self, replicate: usize) -> Key {
        Key::replicate(self.scenario.seed.get(), replicate as u32)
    }

    fn run_slice(&self, replicate: usize, slice: u64) -> Part {
        let key = self.key(replicate);
        let faults = &self.scenario.faults;
        let plans: Vec<_> = self
            .scenario
            .designs
            .iter()
            .enumerate()
            .filter(|(_, design)| !whole::is_needed(design, faults))
            .map(|(index, design)| {
                let mishaps = mishap::of_design(faults, design, key, self.horizon);
                let plan = Plan::new(design, faults, &mishaps, &*self.world, key, self.horizon);
                (index, plan, mishaps)
            })
            .collect();
        let mut runs: Vec<DesignRun<'_>> = plans
            .iter()
            .map(|(_, plan, _)| DesignRun::new(plan))
            .collect();
        let mut group = Group::default();
        let mut groups = 0;
        for ordinal in (slice..self.world.groups()).step_by(self.slices as usize) {
            self.world.fill(key, ordinal, &mut group);
            group.count_searches(self.world.shapes(), searches_key(key, ordinal));
            for run in &mut runs {
                run.simulate(&*self.world, &group);
            }
            groups += 1;
        }
        let tallies: Vec<Tally> = runs.into_iter().map(DesignRun::into_tally).collect();
        let designs = plans.into_iter().zip(tallies);
        Part {
            replicate,
            designs: designs
                .map(|((design, plan, mishaps), tally)| {
                    let done = Done {
                        tally,
                        groups,
                        events: plan.happened(&self.scenario.designs[design], &mishaps),
                        audits: plan.audits,
                        faults: mishap::windows(&mishaps),
                    };
                    (design, done)
                })
                .collect(),
        }
    }

    /// Adds a part's numbers. The order of parts changes no bit of the results.
    pub fn absorb(&mut self, part: Part) {
        add(&mut self.done, part);
    }

    /// The invariants that some part of the run broke: a defect of the program, whose results mean nothing.
    #[must_use]
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = Vec::new();
        for (replicate, designs) in self.done.iter().enumerate() {
            for (done, design) in designs.iter().zip(&self.scenario.designs) {
                for (invariant, times) in done.tally.checks.all_broken() {
                    broken.push(Broken {
                        invariant,
                        design: design.name.clone(),
                        replicate,
                        times,
                    });
                }
            }
        }
        broken
    }

    /// The results of the parts absorbed so far; `None` before the first. Until all are in, they are
    /// estimates from a part of the world, in replicates that may differ in size.
    #[must_use]
    pub fn results(&self) -> Option<Results> {
        let groups = self.world.groups() as f64;
        // By replicate, then design; absent where nothing is known yet.
        let outcomes: Vec<Vec<Option<Outcome>>> = self
            .done
            .iter()
            .map(|designs| {
                let designs = designs.iter().zip(&self.scenario.designs);
                designs
                    .map(|(done, design)| {
                        let share = done.groups as f64 / groups;
                        let mut outcome = Outcome::new(
                            &done.tally,
                            design,
                            &self.scenario.prices,
                            self.horizon,
                            share,
                        );
                        let audits = design
                            .audits
                            .iter()
                            .filter_map(Audit::way)
                            .zip(done.waves(design));
                        let days = self.horizon.days();
                        outcome.audits = audits
                            .map(|((_, way), waves)| {
                                estimate::outcome(way.sample(), &waves, &done.faults, days)
                            })
                            .collect();
                        (done.groups > 0).then_some(outcome)
                    })
                    .collect()
            })
            .collect();
        let begun = |all: &[Option<Outcome>]| all.iter().any(Option::is_some);
        let replicates = outcomes.iter().filter(|all| begun(all)).count();
        if replicates == 0 {
            return None;
        }
        let designs: Vec<DesignResults> = (0..self.scenario.designs.len())
            .map(|design| {
                let of_design: Vec<&Outcome> = outcomes
                    .iter()
                    .filter_map(|all| all[design].as_ref())
                    .collect();
                let done: Vec<&Done> = self
                    .done
                    .iter()
                    .map(|all| &all[design])
                    .filter(|done| done.groups > 0)
                    .collect();
                self.design_results(design, &of_design, &done)
            })
            .collect();
        let differences = self.differences(&outcomes);
        // Notes change no number, so they change no hash.
        let bare = serde_json::to_value(&self.scenario).unwrap_or_default();
        Some(Results {
            stayfresh: About {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                results: 1,
            },
            scenario_hash: hash::of_text(&bare.to_string()),
            scenario: self.resolved.clone(),
            results_hash: hash::of_results(&designs, &differences),
            replicates: replicates as u32,
            designs,
            differences,
        })
    }

    fn design_results(
        &self,
        design: usize,
        outcomes: &[&Outcome],
        done: &[&Done],
    ) -> DesignResults {
        let tallies: Vec<&Tally> = done.iter().map(|done| &done.tally).collect();
        let mut of_metrics = IndexMap::new();
        for (index, metric) in METRICS.iter().enumerate() {
            // A metric is absent where it is undefined in some replicate: the rest would not be like it.
            let values: Option<Vec<f64>> = outcomes
                .iter()
                .map(|outcome| outcome.metrics.in_order()[index])
                .collect();
            if let Some(estimate) =
                values.and_then(|values| Estimate::of(&values, scale(metric.unit)))
            {
                of_metrics.insert(metric.key.to_owned(), estimate);
            }
        }
        let represents = self.world.represents();
        let mut costs = IndexMap::new();
        for (index, item) in ITEMS.iter().enumerate() {
            let usd: Vec<f64> = outcomes
                .iter()
                .map(|outcome| outcome.costs[index])
                .collect();
            let Some(usd_per_day) = Estimate::of(&usd, Scale::Log) else {
                continue;
            };
            let represented_usd_per_day = represents.and_then(|times| {
                let times = if item.scales { times } else { 1.0 };
                let usd: Vec<f64> = usd.iter().map(|usd| usd * times).collect();
                Estimate::of(&usd, Scale::Log)
            });
            costs.insert(
                item.key.to_owned(),
                Cost {
                    usd_per_day,
                    represented_usd_per_day,
                },
            );
        }
        let mut counts_per_day = IndexMap::new();
        for (index, name) in Counters::NAMES.iter().enumerate() {
            let counts: Vec<f64> = outcomes
                .iter()
                .map(|outcome| outcome.counts_per_day[index])
                .collect();
            if let Some(estimate) = Estimate::of(&counts, Scale::Plain) {
                counts_per_day.insert((*name).to_owned(), estimate);
            }
        }
        let described = &self.scenario.designs[design];
        let mut feeds = IndexMap::new();
        for (index, feed) in described.feeds.iter().enumerate() {
            let mut of_feed = IndexMap::new();
            for (slot, key) in FEED_METRICS.into_iter().enumerate() {
                let values: Option<Vec<f64>> = outcomes
                    .iter()
                    .map(|outcome| outcome.feeds[index][slot])
                    .collect();
                let unit = metrics::by_key(key).map_or(Unit::Count, |metric| metric.unit);
                if let Some(estimate) = values.and_then(|v| Estimate::of(&v, scale(unit))) {
                    of_feed.insert(key.to_owned(), estimate);
                }
            }
            feeds.insert(feed.name.clone(), of_feed);
        }
        let first = &self.done[0][design];
        let mut audits = IndexMap::new();
        let waves = first.waves(described);
        for (index, audit) in described.audits.iter().enumerate() {
            let mut of_audit = IndexMap::new();
            for (slot, metric) in AUDIT_METRICS.iter().enumerate() {
                // What is not defined in a replicate (no fault was noticed there) says nothing of the others.
                let values: Vec<f64> = outcomes
                    .iter()
                    .filter_map(|outcome| outcome.audits.get(index)?.in_order()[slot])
                    .collect();
                if let Some(estimate) = Estimate::of(&values, scale(metric.unit)) {
                    of_audit.insert(metric.key.to_owned(), estimate);
                }
            }
            let waves = waves.get(index).map_or(&[][..], Vec::as_slice);
            let hour = |said: &Said| (said.at - self.horizon.warm) as f64 / HOUR as f64;
            let end = |said: &Said, end: usize| said.interval.map(|interval| interval[end]);
            audits.insert(
                audit.name.clone(),
                AuditResults {
                    metrics: of_audit,
                    waves: AuditWaves {
                        hour: waves.iter().map(hour).collect(),
                        estimate: waves.iter().map(|said| said.estimate).collect(),
                        low: waves.iter().map(|said| end(said, 0)).collect(),
                        high: waves.iter().map(|said| end(said, 1)).collect(),
                        truth: waves.iter().map(|said| said.truth).collect(),
                    },
                },
            );
        }
        let events = first.events.iter();
        DesignResults {
            name: described.name.clone(),
            metrics: of_metrics,
            costs,
            counts_per_day,
            feeds,
            audits,
            series: series(self.horizon, &tallies),
            events: events
                .map(|event| Happened {
                    hour: (event.at - self.horizon.warm) as f64 / HOUR as f64,
                    feed: event.feed.map(|feed| described.feeds[feed].name.clone()),
                    fault: event.fault.map(str::to_owned),
                    what: event.what.to_owned(),
                })
                .collect(),
        }
    }

    /// Each design against the first.
    fn differences(&self, outcomes: &[Vec<Option<Outcome>>]) -> Vec<Difference> {
        let names: Vec<&String> = self
            .scenario
            .designs
            .iter()
            .map(|design| &design.name)
            .collect();
        let mut differences = Vec::new();
        for (design, name) in names.iter().enumerate().skip(1) {
            for (index, metric) in METRICS.iter().enumerate() {
                let paired: Option<Vec<f64>> = outcomes
                    .iter()
                    .filter_map(|all| Some((all[design].as_ref()?, all[0].as_ref()?)))
                    .map(|(mine, first)| {
                        let value = |outcome: &Outcome| outcome.metrics.in_order()[index];
                        Some(value(mine)? - value(first)?)
                    })
                    .collect();
                let Some(estimate) = paired.and_then(|paired| Estimate::of(&paired, Scale::Plain))
                else {
                    continue;
                };
                differences.push(Difference {
                    of: (*name).clone(),
                    versus: names[0].clone(),
                    metric: metric.key.to_owned(),
                    mean: estimate.mean,
                    ci95: estimate.ci95,
                });
            }
        }
        differences
    }
}

/// The parts of a run, in the order in which they are best run: the first slice of each replicate, what needs
/// the whole world, then the other slices.
fn jobs(scenario: &Scenario, replicates: usize, slices: u64) -> Vec<Job> {
    let (wholes, sliced): (Vec<usize>, Vec<usize>) = (0..scenario.designs.len())
        .partition(|design| whole::is_needed(&scenario.designs[*design], &scenario.faults));
    let slices = if sliced.is_empty() { 0 } else { slices };
    let of_slice =
        |slice: u64| (0..replicates).map(move |replicate| Job::Slice { replicate, slice });
    let of_wholes = (0..replicates).flat_map(|replicate| {
        let wholes = wholes.iter();
        wholes.map(move |design| Job::Whole {
            replicate,
            design: *design,
        })
    });
    (0..slices.min(1))
        .flat_map(of_slice)
        .chain(of_wholes)
        .chain((1..slices).flat_map(of_slice))
        .collect()
}

impl Done {
    /// What each audit says, wave by wave.
    fn waves(&self, design: &Design) -> Vec<Vec<Said>> {
        let ways = design.audits.iter().filter_map(Audit::way);
        let audits = ways.zip(&self.audits).zip(&self.tally.audits);
        audits
            .map(|(((_, way), planned), tally)| estimate::waves(way.sample(), planned, tally))
            .collect()
    }
}

/// Adds a part's numbers to those of each replicate and design.
fn add(done: &mut [Vec<Done>], part: Part) {
    for (design, theirs) in part.designs {
        let mine = &mut done[part.replicate][design];
        mine.tally.merge(&theirs.tally);
        mine.groups += theirs.groups;
        // Each slice has them all.
        mine.events = theirs.events;
        mine.audits = theirs.audits;
        mine.faults = theirs.faults;
    }
}

/// An invariant that a run broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub invariant: Invariant,
    /// By this design,
    pub design: String,
    /// in this replicate,
    pub replicate: usize,
    /// so many times.
    pub times: u64,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            invariant,
            design,
            replicate,
            times,
        } = self;
        write!(
            f,
            "broken {times} times by {design:?} in replicate {replicate}: {}",
            invariant.says()
        )
    }
}

fn scale(unit: Unit) -> Scale {
    match unit {
        Unit::Share => Scale::Logit,
        Unit::Seconds | Unit::Difference | Unit::Count | Unit::PerSecond => Scale::Plain,
        Unit::UsdPerDay => Scale::Log,
    }
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
    let false_available = |tally: &Tally| floats(&mut tally.hourly.false_available.hours());
    let false_sold_out = |tally: &Tally| floats(&mut tally.hourly.false_sold_out.hours());
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
            .staleness
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

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Parts done.
    pub done: usize,
    /// Parts in all.
    pub parts: usize,
}

/// Runs a study to its end on this many threads (at least one).
#[cfg(not(target_arch = "wasm32"))]
pub fn run(study: &mut Study, threads: usize, progress: &mut dyn FnMut(Progress)) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    let parts = study.parts();
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    // The threads read the study while its numbers grow elsewhere; they are handed back at the end.
    let mut done = std::mem::take(&mut study.done);
    let mut finished = 0;
    std::thread::scope(|scope| {
        let study = &*study;
        for _ in 0..threads.clamp(1, parts.max(1)) {
            let send = send.clone();
            let next = &next;
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= parts || send.send(study.run_part(index)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        for part in receive {
            add(&mut done, part);
            finished += 1;
            progress(Progress {
                done: finished,
                parts,
            });
        }
    });
    study.done = done;
}
