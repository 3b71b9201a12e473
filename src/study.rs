//! Running a scenario: replicates and parts of the world, the estimates from them, the differences.

use indexmap::IndexMap;

use crate::measure::estimate::{Estimate, Scale};
use crate::measure::metrics::{METRICS, Unit};
use crate::measure::tally::{Counters, Tally};
use crate::measure::values::{ITEMS, Outcome};
use crate::report::hash;
use crate::report::results::{About, Cost, DesignResults, Difference, Results, Series};
use crate::scenario::Scenario;
use crate::scenario::text::{self, Document};
use crate::sim::clock::{HOUR, Horizon, SECOND};
use crate::sim::random::Key;
use crate::sim::run::{DesignRun, searches_key, simulate};
use crate::world::Shocks;
use crate::world::group::{Generate, Group};

/// Parts are cut so that each holds about this many stays, times the days they are watched.
pub(crate) const STAY_DAYS_PER_PART: u64 = 1_000_000;

/// A scenario being run, part by part. A part is a slice of the world in one replicate; parts may run in
/// any order, on any thread, and the results so far can be read at any moment.
pub struct Study {
    scenario: Scenario,
    /// The scenario with every default and every note, for the results.
    resolved: serde_json::Value,
    horizon: Horizon,
    world: Box<dyn Generate>,
    /// Slices of the world; slice i holds the groups i, i + slices, …, so that each is like the whole.
    slices: u64,
    /// By replicate, then design.
    tallies: Vec<Vec<Tally>>,
    /// By replicate: groups that are in the tallies.
    groups_done: Vec<u64>,
}

/// What one part found out.
#[derive(Debug)]
pub struct Part {
    replicate: usize,
    groups: u64,
    /// By design.
    tallies: Vec<Tally>,
}

impl Study {
    /// A study of a scenario that [`text::parse`] has read and checked.
    #[must_use]
    pub fn new(document: Document) -> Self {
        let resolved = text::resolved(&document);
        let scenario = document.scenario;
        let horizon = scenario.run.horizon();
        let world = scenario.world.generator(horizon, &Shocks::default());
        let replicates = scenario.run.replicates.get() as usize;
        let stay_days = scenario
            .stays_per_replicate()
            .saturating_mul(horizon.days() as u64 + 1);
        let slices = stay_days
            .div_ceil(STAY_DAYS_PER_PART)
            .clamp(1, world.groups());
        // Odd, so that each slice has hotels of both kinds where they take turns.
        let slices = slices - u64::from(slices.is_multiple_of(2));
        let blank = vec![Tally::new(horizon); scenario.designs.len()];
        Self {
            scenario,
            resolved,
            horizon,
            world,
            slices,
            tallies: vec![blank; replicates],
            groups_done: vec![0; replicates],
        }
    }

    /// How many parts there are. The first ones give every replicate its first slice, so that early
    /// results have error bars.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.tallies.len() * self.slices as usize
    }

    /// Simulates one part for all designs.
    #[must_use]
    pub fn run_part(&self, index: usize) -> Part {
        let replicates = self.tallies.len();
        let replicate = index % replicates;
        let slice = (index / replicates) as u64;
        let key = Key::replicate(self.scenario.seed.get(), replicate as u32);
        let mut designs: Vec<DesignRun<'_>> = self
            .scenario
            .designs
            .iter()
            .map(|design| DesignRun::new(design, key, self.horizon))
            .collect();
        let mut group = Group::default();
        let mut groups = 0;
        for ordinal in (slice..self.world.groups()).step_by(self.slices as usize) {
            self.world.fill(key, ordinal, &mut group);
            group.count_searches(self.world.shapes(), searches_key(key, ordinal));
            for design in &mut designs {
                simulate(&*self.world, &group, key, self.horizon, design);
            }
            groups += 1;
        }
        Part {
            replicate,
            groups,
            tallies: designs.into_iter().map(DesignRun::into_tally).collect(),
        }
    }

    /// Adds a part's numbers. The order of parts changes no bit of the results.
    pub fn absorb(&mut self, part: Part) {
        for (mine, theirs) in self.tallies[part.replicate].iter_mut().zip(&part.tallies) {
            mine.merge(theirs);
        }
        self.groups_done[part.replicate] += part.groups;
    }

    /// The results of the parts absorbed so far; `None` before the first. Until all are in, they are
    /// estimates from a part of the world, in replicates that may differ in size.
    #[must_use]
    pub fn results(&self) -> Option<Results> {
        let groups = self.world.groups() as f64;
        let begun: Vec<usize> = (0..self.tallies.len())
            .filter(|replicate| self.groups_done[*replicate] > 0)
            .collect();
        if begun.is_empty() {
            return None;
        }
        let outcomes: Vec<Vec<Outcome>> = begun
            .iter()
            .map(|replicate| {
                let share = self.groups_done[*replicate] as f64 / groups;
                let tallies = self.tallies[*replicate].iter().zip(&self.scenario.designs);
                tallies
                    .map(|(tally, design)| {
                        Outcome::new(tally, design, &self.scenario.prices, self.horizon, share)
                    })
                    .collect()
            })
            .collect();
        let designs: Vec<DesignResults> = (0..self.scenario.designs.len())
            .map(|design| {
                let of_design: Vec<&Outcome> = outcomes.iter().map(|all| &all[design]).collect();
                let tallies: Vec<&Tally> =
                    begun.iter().map(|r| &self.tallies[*r][design]).collect();
                self.design_results(design, &of_design, &tallies)
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
            replicates: begun.len() as u32,
            designs,
            differences,
        })
    }

    fn design_results(
        &self,
        design: usize,
        outcomes: &[&Outcome],
        tallies: &[&Tally],
    ) -> DesignResults {
        let mut metrics = IndexMap::new();
        for (index, metric) in METRICS.iter().enumerate() {
            // A metric is absent where it is undefined in some replicate: the rest would not be like it.
            let values: Option<Vec<f64>> = outcomes
                .iter()
                .map(|outcome| outcome.metrics.in_order()[index])
                .collect();
            if let Some(estimate) =
                values.and_then(|values| Estimate::of(&values, scale(metric.unit)))
            {
                metrics.insert(metric.key.to_owned(), estimate);
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
        let name = self.scenario.designs[design].name.clone();
        DesignResults {
            name,
            metrics,
            costs,
            counts_per_day,
            series: series(self.horizon, tallies),
        }
    }

    /// Each design against the first.
    fn differences(&self, outcomes: &[Vec<Outcome>]) -> Vec<Difference> {
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
                    .map(|all| {
                        let value = |design: usize| all[design].metrics.in_order()[index];
                        Some(value(design)? - value(0)?)
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

fn scale(unit: Unit) -> Scale {
    match unit {
        Unit::Share => Scale::Logit,
        Unit::Seconds => Scale::Plain,
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
    // The threads read the study while its tallies grow elsewhere; they are handed back at the end.
    let mut finished = Vec::with_capacity(parts);
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
            finished.push(part);
            progress(Progress {
                done: finished.len(),
                parts,
            });
        }
    });
    finished.into_iter().for_each(|part| study.absorb(part));
}
