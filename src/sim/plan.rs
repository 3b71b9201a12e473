//! One design in one replicate, made ready before any stay is walked: its keys, its troubles, the moments
//! that concern all its stays.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::clock::{Horizon, Time};
use super::mishap::{self, Mishap, What};
use super::random::{Key, Purpose};
use super::shared::line::Done;
use super::walk::Policy;
use crate::design::audit::estimate::{self, Raised};
use crate::design::audit::{self, Audit, Probe};
use crate::design::delivery::pull::paging::Crawls;
use crate::design::delivery::{Carrier, Delivery, Pull};
use crate::design::fault::{DesignFault, Fault};
use crate::design::operations::Operations;
use crate::design::source::dataset::{Content, Publication, Publications};
use crate::design::source::deltas::Habits;
use crate::design::source::{Dataset, Hints, Searches};
use crate::design::trouble::{Kind, Troubles};
use crate::design::{Design, Feed, Source};
use crate::measure::audience::{Bulk, BulkTally};
use crate::measure::tally::Tally;
use crate::sim::watch::Watch;
use crate::world::group::{Generate, Ignores, RuleBook};

/// A design about to run in a replicate.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The run.
    pub horizon: Horizon,
    /// The replicate's key.
    pub replicate: Key,
    /// What is done to every stay alike.
    pub policy: Policy,
    /// By feed.
    pub feeds: Vec<Planned<'a>>,
    /// By audit.
    pub audits: Vec<audit::Planned>,
    /// Who is asked by audits, by group and stay, then time.
    probes: Vec<Probe>,
    /// By feed: what its monitoring is to look at.
    watches: Vec<Watch>,
    /// What the plan itself brings about, for the log.
    pub events: Vec<Event>,
}

/// A feed made ready. Its keys carry its name, so that twins draw alike.
#[derive(Debug)]
pub enum Planned<'a> {
    /// The inventory, polled stay by stay.
    Polls {
        /// How.
        pull: &'a Pull,
        /// What goes wrong.
        troubles: Troubles,
        /// The feed's own.
        key: Key,
        /// Between polls, where a budget says.
        intervals: Option<Intervals>,
    },
    /// The list of available stays, crawled page by page.
    Crawled {
        /// All crawls.
        crawls: Crawls,
        /// By group: the place of its first stay in the list.
        first_places: Vec<u32>,
        /// What goes wrong.
        troubles: Troubles,
        /// The feed's own.
        key: Key,
    },
    /// A replica fed by row changes.
    Deltas(Box<Replicated<'a>>),
    /// Observed live answers.
    Observed {
        /// Which.
        source: &'a Searches,
        /// How they arrive.
        carrier: Carrier<'a>,
        /// The feed's own.
        key: Key,
    },
    /// Datasets.
    Dataset {
        /// All of them.
        publications: Publications,
        /// The feed's own.
        key: Key,
    },
    /// Hints.
    Hints {
        /// What is done with them.
        source: Hints,
        /// How they arrive.
        carrier: Carrier<'a>,
        /// The feed's own.
        key: Key,
    },
}

/// How long it is between polls, by group, then stay; none where the budget leaves none.
pub type Intervals = Vec<Vec<Option<Time>>>;

/// A feed with a replica.
#[derive(Debug)]
pub struct Replicated<'a> {
    /// How the replica treats what arrives.
    pub habits: Habits<'a>,
    /// How messages arrive.
    pub carrier: Carrier<'a>,
    /// The feed's own.
    pub key: Key,
    /// When the line of consumers was done with each arrival, where there is one.
    pub line: Option<Done>,
}

/// Who is asked in one stay, of those asked in its group.
#[must_use]
pub fn probes_of_stay(probes: &[Probe], stay: usize) -> &[Probe] {
    of(probes, |probe| u64::from(probe.stay), stay as u64)
}

/// The probes with this number, in whose order they are.
fn of(probes: &[Probe], number: impl Fn(&Probe) -> u64, wanted: u64) -> &[Probe] {
    let from = probes.partition_point(|probe| number(probe) < wanted);
    let upto = from + probes[from..].partition_point(|probe| number(probe) == wanted);
    &probes[from..upto]
}

/// Something that happened to a design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Time,
    /// The feed, if it is about one.
    pub feed: Option<usize>,
    /// What.
    pub what: Cow<'static, str>,
    /// Of which fault.
    pub fault: Option<Cow<'static, str>>,
}

/// The rules that a design's copy has, and when: those that the domain gets by a fault hold from then on, or
/// later where the fault strikes the design. `own` are left out at all times.
#[must_use]
pub fn book(faults: &[Fault], own: Ignores, design: &str, horizon: Horizon) -> RuleBook {
    let changes: Vec<(Time, crate::world::group::Rule)> = faults
        .iter()
        .filter_map(|fault| match fault.of_design() {
            Some(DesignFault::RuleChange(change)) => {
                let of = change.design.as_deref();
                let strikes = of.is_none_or(|of| of == design);
                let follows = if strikes {
                    change.copy_follows.micros()
                } else {
                    0
                };
                Some((horizon.warm + change.at.micros() + follows, change.rule))
            }
            _ => None,
        })
        .collect();
    if changes.is_empty() {
        return RuleBook::always(own);
    }
    let left_out = |at: Time| {
        let later = changes.iter().filter(|(from, _)| *from > at);
        later.fold(own, |ignores, (_, rule)| ignores.with(*rule))
    };
    let mut moments: Vec<Time> = changes.iter().map(|(at, _)| *at).collect();
    moments.sort_unstable();
    moments.dedup();
    let mut from = vec![(Time::MIN, left_out(Time::MIN))];
    from.extend(moments.into_iter().map(|at| (at, left_out(at))));
    RuleBook { from }
}

/// What is the same for all designs of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'s> {
    /// What goes wrong.
    pub faults: &'s [Fault],
    /// Who reads the whole copy.
    pub readers: &'s [Bulk],
    /// Searches are walked one by one, also where they could be counted.
    pub meets_each: bool,
}

/// Some of a world's groups: one in so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The first.
    pub first: u64,
    /// From one to the next.
    pub step: u64,
}

impl Slice {
    /// All groups.
    const ALL: Self = Self { first: 0, step: 1 };

    /// Those of a world with so many groups.
    pub fn of(self, groups: u64) -> impl Iterator<Item = u64> {
        (self.first..groups).step_by(self.step as usize)
    }

    fn holds(self, group: u64) -> bool {
        group % self.step == self.first % self.step
    }
}

impl<'a> Plan<'a> {
    /// The plan of a design with these mishaps, for all groups.
    #[must_use]
    pub fn new(
        design: &'a Design,
        circumstances: Circumstances<'_>,
        mishaps: &[Mishap],
        world: &'a dyn Generate,
        replicate: Key,
        horizon: Horizon,
    ) -> Self {
        let all = (world, Slice::ALL);
        Self::of_slice(design, circumstances, mishaps, all, replicate, horizon)
    }

    /// The same for some groups.
    #[must_use]
    pub fn of_slice(
        design: &'a Design,
        circumstances: Circumstances<'_>,
        mishaps: &[Mishap],
        (world, slice): (&'a dyn Generate, Slice),
        replicate: Key,
        horizon: Horizon,
    ) -> Self {
        let Circumstances {
            faults,
            readers,
            meets_each,
        } = circumstances;
        let mut events = Vec::new();
        let flushes = mishaps
            .iter()
            .filter(|mishap| mishap.what == What::Flush)
            .map(|mishap| mishap.from)
            .collect();
        let onsets: Vec<Time> = mishaps.iter().map(|mishap| mishap.onset).collect();
        let planner = Planner {
            design,
            faults,
            mishaps,
            truth: world.rule_book(),
            replicate,
            horizon,
        };
        let feeds = (0..)
            .zip(&design.feeds)
            .map(|(index, feed)| planner.feed(index, feed, &mut events))
            .collect();
        let audits: Vec<audit::Planned> = design
            .audits
            .iter()
            .filter_map(|audit| Some((audit, audit.way()?)))
            .map(|(audit, (_, way))| {
                let key = replicate.name(&audit.name);
                audit::Planned::new(way, world, replicate, key, horizon)
            })
            .collect();
        let of_audits = (0..).zip(&audits);
        let mut probes: Vec<Probe> = of_audits
            .flat_map(|(index, audit)| {
                audit.probes(world, index, |group| slice.holds(u64::from(group)))
            })
            .collect();
        probes.sort_unstable();
        Self {
            horizon,
            replicate,
            policy: Policy::new(design, flushes, readers.to_vec(), meets_each),
            feeds,
            audits,
            probes,
            watches: vec![Watch::new(&design.operations, onsets, horizon.end); design.feeds.len()],
            events,
        }
    }

    /// When audits raise alerts, in the order of time; from the tally of the whole replicate.
    #[must_use]
    pub fn alerts(&self, design: &Design, tally: &Tally) -> Vec<Raised> {
        let audits = design.audits.iter().filter_map(Audit::way);
        let audits = audits.zip(&self.audits).zip(&tally.audits);
        let mut alerts: Vec<Raised> = audits
            .flat_map(|(((_, way), planned), tally)| {
                let sample = way.sample();
                let waves = estimate::waves(sample, planned, tally);
                estimate::alerts(sample.alert.as_ref(), &waves).collect::<Vec<_>>()
            })
            .collect();
        alerts.sort_by_key(|raised| raised.at);
        alerts
    }

    /// What happened, in the order of time: what the plan brings about, and the mishaps as they are known in
    /// the end.
    #[must_use]
    pub fn happened(&self, design: &Design, mishaps: &[Mishap]) -> Vec<Event> {
        let mut events = log(mishaps, design, self.horizon);
        events.extend_from_slice(&self.events);
        events.sort_by_key(|event| event.at);
        events
    }

    /// Who is asked in a group.
    #[must_use]
    pub fn probes_of_group(&self, group: u64) -> &[Probe] {
        of(&self.probes, |probe| u64::from(probe.group), group)
    }

    /// Counts the messages that are paid for.
    pub fn count_messages(&self, tally: &mut Tally) {
        for (planned, feed) in self.feeds.iter().zip(&tally.feeds) {
            if let Planned::Deltas(_) | Planned::Hints { .. } = planned {
                tally.counters.deltas += feed.sent;
            }
        }
    }

    /// An empty tally of this plan.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::new(self.horizon, self.feeds.len());
        for (feed, watch) in tally.feeds.iter_mut().zip(&self.watches) {
            feed.watch = watch.clone();
        }
        tally.bulk = vec![BulkTally::default(); self.policy.readers()];
        let audits = self.audits.iter();
        tally.audits = audits.map(audit::Planned::tally).collect();
        tally
    }
}

struct Planner<'a, 'p> {
    design: &'a Design,
    faults: &'p [Fault],
    mishaps: &'p [Mishap],
    truth: &'a RuleBook,
    replicate: Key,
    horizon: Horizon,
}

impl<'a> Planner<'a, '_> {
    fn feed(&self, index: usize, feed: &'a Feed, events: &mut Vec<Event>) -> Planned<'a> {
        let key = self.replicate.name(&feed.name);
        let troubles = mishap::troubles(self.mishaps, index);
        let carrier =
            |troubles: Troubles| Carrier::new(&feed.delivery, key, self.horizon.end, troubles);
        match (&feed.source, &feed.delivery) {
            (Source::Inventory(_), Delivery::Pull(pull)) => Planned::Polls {
                pull,
                troubles,
                key,
                intervals: None,
            },
            (Source::Inventory(_), Delivery::Push(_)) => {
                unreachable!("refused when the scenario is checked")
            }
            (Source::Deltas(source), _) => Planned::Deltas(Box::new(Replicated {
                habits: Habits {
                    source: *source,
                    apply: feed.apply,
                    book: book(self.faults, source.ignores, &self.design.name, self.horizon),
                    truth: self.truth,
                    rereads: Vec::new(),
                    horizon: self.horizon,
                },
                carrier: carrier(troubles),
                key,
                line: None,
            })),
            (Source::Searches(source), _) => Planned::Observed {
                source,
                carrier: carrier(troubles),
                key,
            },
            (Source::Dataset(dataset), _) => Planned::Dataset {
                publications: publications(
                    dataset,
                    &self.design.operations,
                    &carrier(troubles),
                    (index, key),
                    self.horizon,
                    events,
                ),
                key,
            },
            (Source::Hints(source), _) => Planned::Hints {
                source: *source,
                carrier: carrier(troubles),
                key,
            },
        }
    }
}

/// The log of the mishaps: when they struck, were noticed, and ended.
fn log(mishaps: &[Mishap], design: &Design, horizon: Horizon) -> Vec<Event> {
    let mut events = Vec::new();
    for mishap in mishaps {
        let mut add = |at: Time, what: &'static str| {
            if at < horizon.end {
                events.push(Event {
                    at,
                    feed: mishap.feed,
                    what: what.into(),
                    fault: Some(mishap.name.into()),
                });
            }
        };
        match mishap.what {
            What::Flush => add(mishap.from, "flushed"),
            What::Rule(_) => {
                add(mishap.from, "rule changed");
                add(mishap.to, "copy of the rules followed");
            }
            What::Trouble(_) => {
                add(mishap.from, "began");
                if let Some(at) = mishap.noticed {
                    add(at, "alerted");
                    let kept = design.operations.metrics_retention;
                    if kept.is_some_and(|kept| at - mishap.from > kept.micros()) {
                        add(
                            at,
                            "alerted, but its beginning was no longer in the metrics",
                        );
                    }
                }
                let mended = mishap.noticed.is_some_and(|at| {
                    at.saturating_add(design.operations.repair_after.micros()) == mishap.to
                });
                add(mishap.to, if mended { "repaired" } else { "ended" });
            }
        }
    }
    events
}

/// What a feed's datasets bring about: each is built, checked, announced (or found by polling the pointer),
/// and taken back if it was bad and an older one is kept.
fn publications(
    dataset: &Dataset,
    operations: &Operations,
    carrier: &Carrier<'_>,
    (feed, key): (usize, Key),
    horizon: Horizon,
    events: &mut Vec<Event>,
) -> Publications {
    let mut moves: Vec<Publication> = Vec::new();
    let mut turned = Vec::new();
    let mut rollbacks: Vec<(Time, Publication)> = Vec::new();
    // Good datasets that were published, the newest last: what a rollback can return to.
    let mut good: Vec<u32> = Vec::new();
    let mut log = |at: Time, what: &'static str| {
        if at < horizon.end {
            events.push(Event {
                at,
                feed: Some(feed),
                what: what.into(),
                fault: None,
            });
        }
    };
    for build in 0.. {
        let starts = dataset.starts(build);
        if starts >= horizon.end {
            break;
        }
        let troubles = carrier.troubles().windows().iter();
        let bad = troubles
            .filter(|trouble| trouble.from <= starts && starts < trouble.to)
            .find(|trouble| matches!(trouble.kind, Kind::BadSchema | Kind::BadAnswers(_)))
            .map(|trouble| trouble.kind);
        turned.push(match bad {
            Some(Kind::BadAnswers(share)) => share,
            _ => 0.0,
        });
        let content = match bad {
            Some(Kind::BadSchema) => Content::Unreadable(build),
            _ => Content::Build(build),
        };
        let key = key.purpose(Purpose::Gate).at(u64::from(build));
        let gate = operations.publish_gate;
        if dataset.in_place {
            if let Some(at) = carrier.transit(key, starts) {
                moves.push(Publication { at, content });
            }
            continue;
        }
        let done = dataset.done(build);
        if bad.is_some() && gate.is_some_and(|gate| key.happens(gate.catches.get())) {
            log(done, "caught by the publish gate");
            continue;
        }
        let Some(at) = carrier.send(key, done, None).arrives() else {
            log(done, "not announced");
            continue;
        };
        moves.push(Publication { at, content });
        log(
            at,
            if bad.is_some() {
                "published a bad dataset"
            } else {
                "published"
            },
        );
        match (bad, operations.rollback_after) {
            (None, _) => good.push(build),
            (Some(_), Some(after)) => {
                // Kept are the datasets before the current one, bad ones included.
                let oldest = build.saturating_sub(dataset.keep);
                if let Some(last) = good.last().copied().filter(|last| *last >= oldest) {
                    let back = at.saturating_add(after.micros());
                    let to = Publication {
                        at: back,
                        content: Content::Build(last),
                    };
                    rollbacks.push((at, to));
                } else {
                    log(at, "nothing kept to roll back to");
                }
            }
            (Some(_), None) => {}
        }
    }
    // A rollback that a newer publication has overtaken is not made.
    rollbacks.retain(|(bad, back)| {
        let meanwhile = |publication: &Publication| (bad + 1..=back.at).contains(&publication.at);
        !moves.iter().any(meanwhile)
    });
    for (_, back) in rollbacks {
        log(back.at, "rolled back");
        moves.push(back);
    }
    moves.sort_by_key(|publication| publication.at);
    Publications {
        dataset: *dataset,
        moves,
        turned,
        troubles: carrier.troubles().clone(),
    }
}
