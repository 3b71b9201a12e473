//! What goes wrong with one design in one replicate: the scenario's faults and the incidents of its
//! components, and how alerts and repairs cut them short.
//!
//! Nothing before an alert depends on the repair that follows. So each round judges all faults anew by what the
//! run before it showed; once a round changes nothing, each fault ends where its own first alert has it end. A run that
//! is right until a moment shows all alerts until then, so the next one is right for a repair's time longer: what rounds
//! change comes later and later. Mostly two are enough.

use rand_distr::Distribution;
use serde::{Deserialize, Serialize};

use super::clock::{DAY, Horizon, NEVER, Time};
use super::distribution::Exponential;
use super::random::{Key, Purpose};
use crate::design::audit::estimate::Raised;
use crate::design::fault::{Bad, DesignFault};
use crate::design::trouble::{Kind, Trouble, Troubles};
use crate::design::{Design, Fault};
use crate::measure::tally::Tally;
use crate::world::group::{ChangeStream, Rule};

/// One thing that goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Mishap {
    /// Its name in the log.
    pub name: &'static str,
    /// Which of the scenario's faults it is; none of them, if it is an incident.
    pub fault: Option<usize>,
    /// The design's feed that it strikes; all without one.
    pub feed: Option<usize>,
    /// The stream that it strikes; all without one.
    pub stream: Option<ChangeStream>,
    /// When it starts.
    pub from: Time,
    /// When it ends, as far as is known.
    pub to: Time,
    /// When it ends if nobody repairs it.
    ends: Time,
    /// When it was noticed.
    pub noticed: Option<Time>,
    /// Whether and when its feeds' own monitoring did.
    monitored: Option<Time>,
    /// From here on alerts are of it: it has begun, and what was noticed before it began is mended. Until then
    /// they are of that.
    pub onset: Time,
    /// Whether an alert leads to a repair.
    mendable: bool,
    /// What it is.
    pub what: What,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// Trouble of feeds.
    Trouble(Kind),
    /// A rule that the domain has from then on, and the design's copy from the end on.
    Rule(Rule),
    /// All entries are dropped.
    Flush,
}

/// Components fail in months of 30 days.
const MONTH: f64 = 30.0 * DAY as f64;

/// All that goes wrong with a design, in the order of starts. `replicate` is the replicate's key: designs
/// with as many components have the same incidents, and one more component adds its own.
#[must_use]
pub fn of_design(
    faults: &[Fault],
    design: &Design,
    replicate: Key,
    horizon: Horizon,
) -> Vec<Mishap> {
    let faults = faults.iter().enumerate();
    let mut mishaps: Vec<Mishap> = faults
        .filter_map(|(index, fault)| Some((index, fault.of_design()?)))
        .filter(|(_, fault)| {
            let of = fault.scope().design;
            of.is_none_or(|name| name == design.name)
        })
        .filter_map(|(index, fault)| of_fault(index, fault, design, horizon))
        .collect();
    incidents(design, replicate, horizon, &mut mishaps);
    mishaps.sort_by_key(|mishap| (mishap.from, mishap.to));
    mishaps
}

fn of_fault(
    index: usize,
    fault: DesignFault<'_>,
    design: &Design,
    horizon: Horizon,
) -> Option<Mishap> {
    let scope = fault.scope();
    let what = match fault {
        DesignFault::Outage(_) | DesignFault::Pause(_) => What::Trouble(Kind::Stopped),
        DesignFault::Slow(slow) => What::Trouble(Kind::Slow(slow.times.get())),
        DesignFault::Leak(leak) => What::Trouble(Kind::Leak(leak.share.get())),
        DesignFault::RebalanceStorm(storm) => {
            What::Trouble(Kind::Storm(storm.every.micros(), storm.pause.micros()))
        }
        DesignFault::LessCapacity(less) => What::Trouble(Kind::Fewer(less.left.get())),
        DesignFault::WrongAnswers(wrong) => What::Trouble(Kind::Wrong(wrong.share.get())),
        DesignFault::BadDataset(bad) => What::Trouble(match bad.kind {
            Bad::Schema => Kind::BadSchema,
            Bad::Answers => Kind::BadAnswers(bad.share.get()),
        }),
        DesignFault::RuleChange(change) => What::Rule(change.rule),
        DesignFault::CacheFlush(_) => What::Flush,
    };
    let from = horizon.warm + scope.at.micros();
    let to = from.saturating_add(scope.lasts.micros());
    let lasting = matches!(what, What::Flush | What::Rule(_)) || from < to;
    let feed = scope
        .feed
        .map(|name| design.feeds.iter().position(|feed| feed.name == name));
    // A feed that this design does not have.
    let feed = match feed {
        Some(None) => return None,
        Some(feed) => feed,
        None => None,
    };
    (lasting && from < horizon.end).then_some(Mishap {
        name: fault.name(),
        fault: Some(index),
        feed,
        stream: scope.stream,
        from,
        to,
        ends: to,
        noticed: None,
        monitored: None,
        onset: from,
        mendable: !matches!(fault, DesignFault::Pause(_)) && matches!(what, What::Trouble(_)),
        what,
    })
}

fn incidents(design: &Design, replicate: Key, horizon: Horizon, into: &mut Vec<Mishap>) {
    let operations = &design.operations;
    let per_month = operations.incidents_per_component_per_month.get();
    if per_month <= 0.0 || design.feeds.is_empty() {
        return;
    }
    for component in 0..operations.components {
        let key = replicate
            .purpose(Purpose::Incidents)
            .at(u64::from(component));
        let mut stream = key.stream();
        let mut at: f64 = 0.0;
        for ordinal in 0.. {
            let gap: f64 = Exponential.sample(&mut stream);
            at += gap * MONTH / per_month;
            if at >= horizon.end as f64 {
                break;
            }
            let from = at as Time;
            let key = key.at(ordinal);
            let lasts = operations
                .incident_lasts
                .sample(key.purpose(Purpose::Latency));
            let feed = (key.at(0).unit() * design.feeds.len() as f64) as usize;
            if lasts > 0 {
                into.push(Mishap {
                    name: "incident",
                    fault: None,
                    feed: Some(feed),
                    stream: None,
                    from,
                    to: from.saturating_add(lasts),
                    ends: from.saturating_add(lasts),
                    noticed: None,
                    monitored: None,
                    onset: from,
                    mendable: true,
                    what: What::Trouble(Kind::Stopped),
                });
            }
        }
    }
}

/// The troubles of one feed. Each is known by its kind and start, whatever else goes wrong.
#[must_use]
pub fn troubles(mishaps: &[Mishap], feed: usize) -> Troubles {
    let of_feed = mishaps
        .iter()
        .filter(|mishap| mishap.feed.is_none_or(|of| of == feed));
    let mut windows: Vec<Trouble> = Vec::new();
    for mishap in of_feed {
        let What::Trouble(kind) = mishap.what else {
            continue;
        };
        let alike = |other: &&Trouble| {
            other.from == mishap.from
                && std::mem::discriminant(&other.kind) == std::mem::discriminant(&kind)
        };
        windows.push(Trouble {
            from: mishap.from,
            to: mishap.to,
            stream: mishap.stream,
            kind,
            twins: windows.iter().filter(alike).count() as u64,
        });
    }
    Troubles::new(windows)
}

/// A stretch in which something was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Which of the scenario's faults it is; none of them, if it is an incident.
    pub fault: Option<usize>,
    /// When it began.
    pub from: Time,
    /// When it ended, repaired or by itself.
    pub to: Time,
    /// From when on alerts are of it.
    pub onset: Time,
    /// When its feeds' own monitoring noticed it, if it did.
    pub monitored: Option<Time>,
}

impl Window {
    /// The first of an audit's alerts, which are in the order of time, that is of this fault and came while it
    /// lasted. One that was up before the fault began is none, unless it was of what has been mended since.
    #[must_use]
    pub fn noticed(&self, alerts: impl Iterator<Item = Raised>) -> Option<Time> {
        first_of(alerts, self.from, self.onset).filter(|at| *at < self.to)
    }
}

/// The first alert that is of a fault with this beginning and onset.
fn first_of(mut alerts: impl Iterator<Item = Raised>, from: Time, onset: Time) -> Option<Time> {
    let of_it = |raised: &Raised| raised.at >= onset && (raised.since >= from || onset > from);
    alerts.find(of_it).map(|raised| raised.at)
}

/// When something is wrong, for those who want to know whether it was noticed.
#[must_use]
pub fn windows(mishaps: &[Mishap]) -> Vec<Window> {
    let lasting = mishaps.iter().filter(|mishap| mishap.from < mishap.to);
    let window = |mishap: &Mishap| Window {
        fault: mishap.fault,
        from: mishap.from,
        to: mishap.to,
        onset: mishap.onset,
        monitored: mishap.monitored.filter(|at| *at < mishap.to),
    };
    lasting.map(window).collect()
}

/// Lets each fault end by what monitoring and audits (`alerts`, in the order of time) saw of it; from when on that
/// changes anything, if it does. The tally is of a run with the mishaps as they are.
pub fn respond(
    mishaps: &mut [Mishap],
    design: &Design,
    tally: &Tally,
    alerts: &[Raised],
) -> Option<Time> {
    if !design.operations.alerts {
        return None;
    }
    // Audits come last at an instant: what ends at once would not be seen by the audit that ends it.
    let repair = design.operations.repair_after.micros().max(1);
    let mut changed = None;
    for (index, mishap) in mishaps.iter_mut().enumerate() {
        if !mishap.mendable {
            continue;
        }
        let feeds = tally.feeds.iter().enumerate();
        let alert = feeds
            .filter(|(feed, _)| mishap.feed.is_none_or(|of| of == *feed))
            .map(|(_, of_feed)| of_feed.watch.first_alert(index))
            .min()
            .unwrap_or(NEVER);
        mishap.monitored = Some(alert).filter(|alert| *alert < mishap.ends);
        let of_audits = first_of(alerts.iter().copied(), mishap.from, mishap.onset);
        let alert = of_audits.map_or(alert, |at| alert.min(at));
        let noticed = Some(alert).filter(|alert| *alert < mishap.ends);
        let to = noticed.map_or(mishap.ends, |alert| {
            alert.saturating_add(repair).min(mishap.ends)
        });
        let from = if to != mishap.to {
            Some(to.min(mishap.to))
        } else if noticed != mishap.noticed {
            // Whose alerts come after it may change.
            noticed.into_iter().chain(mishap.noticed).min()
        } else {
            None
        };
        changed = changed.into_iter().chain(from).min();
        (mishap.noticed, mishap.to) = (noticed, to);
    }
    for index in 0..mishaps.len() {
        mishaps[index].onset = onset(&mishaps[index], mishaps);
    }
    changed
}

/// From when on alerts are of a fault: until what was noticed before it began is mended, they are of that.
fn onset(fault: &Mishap, mishaps: &[Mishap]) -> Time {
    let shares_a_feed = |other: &&Mishap| {
        let both = other.feed.zip(fault.feed);
        both.is_none_or(|(theirs, its)| theirs == its)
    };
    let before = mishaps
        .iter()
        .filter(|other| other.noticed.is_some_and(|at| at < fault.from))
        .filter(shares_a_feed);
    before
        .map(|other| other.to)
        .fold(fault.from, std::cmp::Ord::max)
}
