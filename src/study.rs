//! Running a scenario: replicates and parts of the world, the estimates from them, the differences.

use std::sync::{Arc, Mutex};

use part::{Done, Job, Planned};

use crate::design::audit::estimate;
use crate::design::{Audit, Design};
use crate::measure::audience::{self, Bulk};
use crate::measure::tally::Tally;
use crate::measure::values::{Outcome, Share};
use crate::report::reel::Reel;
use crate::report::results::Results;
use crate::scenario::text::{self, Document};
use crate::scenario::{Prices, Scenario};
use crate::sim::checks::Invariant;
use crate::sim::clock::Horizon;
use crate::sim::commons::Nothing;
use crate::sim::film::Cast;
use crate::sim::mishap;
use crate::sim::plan::{Circumstances, Plan, Slice};
use crate::sim::random::Key;
use crate::sim::run::{DesignRun, searches_key};
use crate::sim::whole;
use crate::world::group::{Generate, Group};
use crate::world::hotels::Known;

pub mod asked;
pub mod breakeven;
mod expect;
mod fitness;
pub mod frontier;
pub mod pace;
mod part;
pub mod question;
pub mod sample;
pub mod sensitivity;
mod summary;
pub mod sweep;
pub mod theory;
pub mod varied;
mod verdict;
mod warnings;

pub use part::{Errand, Part};
pub use sample::Sample;
pub use warnings::REPLICATES_FOR_MONEY;

/// Parts are cut so that each holds at most about this many stays, times the days they are watched.
const STAY_DAYS_PER_PART: u64 = 250_000;

/// Large worlds are cut into so many parts of a size that grows, up to this: the numbers of a part are made, added up
/// and forgotten, which took a tenth of a part of five hotels.
const LARGE_SLICES: u64 = 200;
const MOST_STAY_DAYS: u64 = 1_250_000;

/// Small worlds are cut into more parts than that, down to parts of this size: whoever moves a knob waits for the
/// part that runs, then for the first of the new run.
const MOST_SLICES: u64 = 40;
const LEAST_STAY_DAYS: u64 = 12_000;

/// Into how many slices so many stays, times the days they are watched, are best cut.
pub(crate) fn slices(stay_days: u64) -> u64 {
    stay_days
        .div_ceil(STAY_DAYS_PER_PART)
        .min(LARGE_SLICES.max(stay_days.div_ceil(MOST_STAY_DAYS)))
        .max(MOST_SLICES.min(stay_days / LEAST_STAY_DAYS))
}

/// A scenario being run, part by part. A part is a slice of the world in one replicate, for the designs whose
/// stays never meet; or one design in one replicate, where they do. Parts may run in any order, on any
/// thread, and the results so far can be read at any moment.
pub struct Study {
    scenario: Scenario,
    /// What theory says of its designs.
    theory: Vec<theory::OfDesign>,
    /// The scenario with every default and every note, for the results.
    resolved: serde_json::Value,
    horizon: Horizon,
    /// Who reads the whole copy.
    readers: Vec<Bulk>,
    meets_each: bool,
    world: Arc<dyn Generate>,
    /// The sum of its groups' [`Generate::scale`]s.
    scale: f64,
    /// Slices of the world; slice i holds the groups i, i + slices, …, so that each is like the whole.
    slices: u64,
    /// In the order in which they are best run.
    jobs: Vec<Job>,
    /// By replicate, then design.
    done: Vec<Vec<Done>>,
    /// By replicate, then design: whether another study had done it.
    taken: Vec<Vec<bool>>,
    /// Working memory of parts, one for each that runs at a time: to ask for it anew took a fifth of a short part.
    memory: Mutex<Vec<Group>>,
}

impl Study {
    /// A study of a scenario that [`text::parse`] has read and checked.
    #[must_use]
    pub fn new(document: Document) -> Self {
        Self::begin(document, &[])
    }

    /// The same, but what another study has done already is taken from there, not run again: designs never
    /// depend on each other, and prices change no run. The numbers are those of [`Self::new`].
    #[must_use]
    pub fn after(document: Document, earlier: &Self) -> Self {
        Self::begin(document, &[earlier])
    }

    /// The same, from several: each design of each replicate from the first that has done it.
    #[must_use]
    pub fn after_all(document: Document, earlier: &[&Self]) -> Self {
        Self::begin(document, earlier)
    }

    /// What is known of its world, for another program that is to run parts of it.
    #[must_use]
    pub fn known_world(&self) -> Option<Known> {
        self.scenario.world.known(self.horizon)
    }

    /// The same searches, each met at its own moment, also where they could be counted: the same
    /// results, later. Only percentiles of what was served differ, within their tolerance: what is counted is
    /// spread over its stretch.
    #[must_use]
    pub fn walking_each_search(mut self) -> Self {
        self.meets_each = true;
        self
    }

    fn begin(document: Document, earlier: &[&Self]) -> Self {
        let resolved = text::resolved(&document);
        let mut scenario = document.scenario;
        scenario.designs = scenario.compared();
        let horizon = scenario.run.horizon();
        let shocks = scenario.shocks();
        let readers: Vec<Bulk> = scenario.audiences.iter().filter_map(Bulk::of).collect();
        let mut alike = earlier.to_vec();
        alike.retain(|earlier| {
            let theirs = &earlier.scenario;
            theirs.world == scenario.world
                && earlier.horizon == horizon
                && theirs.shocks() == shocks
        });
        let world = match alike.first() {
            Some(earlier) => Arc::clone(&earlier.world),
            None => Arc::from(scenario.world.generator(horizon, &shocks)),
        };
        let replicates = scenario.run.replicates.get() as usize;
        let stay_days = scenario
            .stays_per_replicate()
            .saturating_mul(horizon.days() as u64 + 1);
        let slices = slices(stay_days).clamp(1, world.groups().max(1));
        // Odd, so that each slice has hotels of both kinds where they take turns.
        let slices = slices - u64::from(slices.is_multiple_of(2));
        alike.retain(|earlier| {
            let theirs = &earlier.scenario;
            theirs.seed == scenario.seed
                && theirs.faults == scenario.faults
                && earlier.readers == readers
        });
        let mut done: Vec<Vec<Done>> = Vec::with_capacity(replicates);
        let blank: Vec<Done> = scenario
            .designs
            .iter()
            .map(|design| Done::new(Tally::new(horizon, design.feeds.len())))
            .collect();
        for replicate in 0..replicates {
            let of_design = |(design, blank): (&Design, &Done)| {
                let mut alike = alike.iter();
                let taken = alike.find_map(|earlier| earlier.complete(replicate, design));
                taken.unwrap_or(blank).clone()
            };
            done.push(scenario.designs.iter().zip(&blank).map(of_design).collect());
        }
        let open = |replicate: usize, design: usize| done[replicate][design].groups == 0;
        Self {
            readers,
            meets_each: false,
            jobs: jobs(
                &scenario,
                replicates,
                (slices, most_ordinary(&*world, slices)),
                &open,
            ),
            taken: done
                .iter()
                .map(|designs| designs.iter().map(|done| done.groups > 0).collect())
                .collect(),
            theory: theory::of(&scenario),
            scale: (0..world.groups()).map(|group| world.scale(group)).sum(),
            scenario,
            resolved,
            horizon,
            world,
            slices,
            done,
            memory: Mutex::default(),
        }
    }

    /// What the same design did in a replicate, if it is all done.
    fn complete(&self, replicate: usize, design: &Design) -> Option<&Done> {
        let index = self.scenario.designs.iter().position(|of| of == design)?;
        let done = self.done.get(replicate)?.get(index)?;
        (done.groups == self.world.groups()).then_some(done)
    }

    /// How many parts there are. The first ones give every replicate a slice, so that early results have
    /// error bars.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.jobs.len()
    }

    /// Simulates one part.
    #[must_use]
    pub fn run_part(&self, index: usize) -> Part {
        self.run_errand(&self.errand(index))
    }

    /// What one part takes, for another study of the same scenario to run.
    #[must_use]
    pub fn errand(&self, index: usize) -> Errand {
        let job = self.jobs[index];
        let (replicate, designs) = match job {
            Job::Slice { replicate, .. } => {
                let all = 0..self.scenario.designs.len();
                let open =
                    |design: &usize| !self.taken[replicate][*design] && !self.is_whole(*design);
                (replicate, all.filter(open).collect())
            }
            Job::Whole { replicate, design } => (replicate, vec![design]),
        };
        // The numbers may be with somebody else while the parts are run.
        let done = self.done.get(replicate);
        let is_planned = |design: &usize| done.is_some_and(|of| of[*design].planned.is_some());
        Errand {
            job,
            is_planned: designs.iter().all(is_planned),
            designs,
        }
    }

    fn is_whole(&self, design: usize) -> bool {
        whole::is_needed(&self.scenario.designs[design], &self.scenario.faults)
    }

    /// Simulates a part that a study of the same scenario asks for.
    #[must_use]
    pub fn run_errand(&self, errand: &Errand) -> Part {
        match errand.job {
            Job::Slice { replicate, slice } => self.run_slice(replicate, slice, errand),
            Job::Whole { replicate, design } => {
                let ran = whole::run(
                    &*self.world,
                    &self.scenario.designs[design],
                    self.circumstances(),
                    self.key(replicate),
                    self.horizon,
                );
                let done = Done {
                    tally: ran.tally,
                    groups: self.world.groups(),
                    scale: self.scale,
                    planned: Some(Planned {
                        events: ran.events,
                        audits: ran.audits,
                        faults: ran.faults,
                    }),
                };
                Part {
                    replicate,
                    designs: vec![(design, done)],
                }
            }
        }
    }

    /// What happens to some stays with a design in a replicate. Nothing for a design that is not compared; groups
    /// that are not in the world are left out.
    #[must_use]
    pub fn film(&self, design: &str, replicate: u32, mut cast: Cast) -> Option<Reel> {
        let design = self.scenario.designs.iter().find(|of| of.name == design)?;
        cast.groups.retain(|group| *group < self.world.groups());
        let run = (self.key(replicate as usize), self.horizon);
        let film = whole::film(&*self.world, design, self.circumstances(), run, &cast);
        Some(summary::reel_of(self, design, replicate, film))
    }

    /// How many groups there are: hotels, or blocks of textbook items.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.world.groups()
    }

    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            faults: &self.scenario.faults,
            readers: &self.readers,
            meets_each: self.meets_each,
        }
    }

    fn key(&self, replicate: usize) -> Key {
        Key::replicate(self.scenario.seed.get(), replicate as u32)
    }

    fn run_slice(&self, replicate: usize, slice: u64, errand: &Errand) -> Part {
        let key = self.key(replicate);
        let faults = &self.scenario.faults;
        let slice = Slice {
            first: slice,
            step: self.slices,
        };
        let plans: Vec<_> = errand
            .designs
            .iter()
            .map(|&index| {
                let design = &self.scenario.designs[index];
                let mishaps = mishap::of_design(faults, design, key, self.horizon);
                let plan = Plan::of_slice(
                    design,
                    self.circumstances(),
                    &mishaps,
                    (&*self.world, slice),
                    key,
                    self.horizon,
                );
                (index, plan, mishaps)
            })
            .collect();
        let mut runs: Vec<DesignRun<'_>> = plans
            .iter()
            .map(|(_, plan, _)| DesignRun::new(plan))
            .collect();
        let memory = self.memory.lock().ok();
        let mut group = memory
            .and_then(|mut memory| memory.pop())
            .unwrap_or_default();
        let (mut groups, mut scale) = (0, 0.0);
        for ordinal in slice.of(self.world.groups()) {
            self.world.fill(key, ordinal, &mut group);
            group.count_searches(self.world.shapes(), searches_key(key, ordinal));
            for run in &mut runs {
                run.simulate(&*self.world, &group, 0, &mut Nothing);
            }
            groups += 1;
            scale += self.world.scale(ordinal);
        }
        if let Ok(mut memory) = self.memory.lock() {
            memory.push(group);
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
                        scale,
                        planned: (!errand.is_planned).then(|| Planned {
                            events: plan.happened(&self.scenario.designs[design], &mishaps),
                            audits: plan.audits,
                            faults: mishap::windows(&mishaps),
                        }),
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

    /// What each design did so far, with the scenario's prices or others: prices change no run, only its bill.
    /// Until all parts are in, it is known from a part of the world, in replicates that may differ in size.
    #[must_use]
    pub fn sample(&self, prices: &Prices) -> Sample {
        let groups = self.world.groups();
        let days = self.horizon.days();
        let outcome = |(done, design): (&Done, &Design)| {
            let is_whole = done.groups == groups;
            let share = Share {
                hotels: done.groups as f64 / groups as f64,
                // To the last bit.
                searches: if is_whole {
                    1.0
                } else {
                    done.scale / self.scale
                },
            };
            (done.groups > 0).then(|| {
                let mut outcome = Outcome::new(&done.tally, design, prices, self.horizon, share);
                let ways = design.audits.iter().filter_map(Audit::way);
                outcome.audits = ways
                    .zip(done.waves(design))
                    .map(|((_, way), waves)| {
                        estimate::outcome(way.sample(), &waves, done.faults(), days)
                    })
                    .collect();
                outcome.audiences = audience::outcomes(&self.scenario.audiences, &done.tally);
                outcome
            })
        };
        let outcomes = self
            .done
            .iter()
            .map(|designs| {
                designs
                    .iter()
                    .zip(&self.scenario.designs)
                    .map(outcome)
                    .collect()
            })
            .filter(|designs: &Vec<Option<Outcome>>| designs.iter().any(Option::is_some));
        Sample {
            represents: self.world.represents(),
            outcomes: outcomes.collect(),
            designs: self.scenario.designs.clone(),
        }
    }

    /// The results of the parts absorbed so far; `None` before the first.
    #[must_use]
    pub fn results(&self) -> Option<Results> {
        summary::results(self)
    }
}

/// The parts of a run, in the order in which they are best run: a slice of each replicate, what needs the whole
/// world, then the other slices. Replicates begin with different slices: the most searched hotel is in the first,
/// and a bill of early slices would be too high for all of them alike, with an interval that knows nothing of it.
/// The very first part is of the slice `first`.
fn jobs(
    scenario: &Scenario,
    replicates: usize,
    (slices, first): (u64, u64),
    open: &dyn Fn(usize, usize) -> bool,
) -> Vec<Job> {
    let (wholes, sliced): (Vec<usize>, Vec<usize>) = (0..scenario.designs.len())
        .partition(|design| whole::is_needed(&scenario.designs[*design], &scenario.faults));
    let of_slice = |slice: u64| {
        let sliced = &sliced;
        (0..replicates)
            .filter(move |replicate| sliced.iter().any(|design| open(*replicate, *design)))
            .map(move |replicate| Job::Slice {
                replicate,
                slice: (first + slice + replicate as u64) % slices,
            })
    };
    let of_wholes = (0..replicates).flat_map(|replicate| {
        let wholes = wholes.iter().copied();
        wholes
            .filter(move |design| open(replicate, *design))
            .map(move |design| Job::Whole { replicate, design })
    });
    of_slice(0)
        .chain(of_wholes)
        .chain((1..slices).flat_map(of_slice))
        .collect()
}

/// The slice with what comes closest to its share of the searches: the first numbers are there as soon as of any other,
/// and stand for the whole.
fn most_ordinary(world: &dyn Generate, slices: u64) -> u64 {
    let mut searched = vec![0.0; slices as usize];
    for group in 0..world.groups() {
        searched[(group % slices) as usize] += world.scale(group);
    }
    let share = searched.iter().sum::<f64>() / slices as f64;
    let off = searched.iter().map(|searched| (searched - share).abs());
    let slices = off.zip(0..slices);
    let ordinary = slices.min_by(|(one, _), (other, _)| one.total_cmp(other));
    ordinary.map_or(0, |(_, slice)| slice)
}

/// Adds a part's numbers to those of each replicate and design.
fn add(done: &mut [Vec<Done>], part: Part) {
    for (design, theirs) in part.designs {
        done[part.replicate][design].add(theirs);
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
