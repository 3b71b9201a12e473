//! The line of a feed's consumers, as the messages of all stays meet it, in the order of time.

use super::moments::sort_by_time;
use crate::design::delivery::Push;
use crate::design::delivery::line::{Attempt, Commit, Ended, Line, Totals};
use crate::design::source::deltas::Replica;
use crate::design::trouble::{Kind, Troubles};
use crate::sim::clock::{Horizon, Time};
use crate::sim::plan::Replicated;
use crate::sim::random::{Key, Purpose};
use crate::sim::whole;
use crate::world::group::Generate;

/// A message at the line.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: Time,
    /// Its number: messages count by group.
    message: u32,
    partition: u32,
    key: Key,
}

/// All messages of a feed as they arrive at its line, in the order of time, those of one instant in that of groups.
#[derive(Debug)]
pub struct Arrivals {
    /// Those before the end of the run.
    all: Vec<Arrival>,
    /// By group: the number of its first message; and how many there are in all.
    first: Vec<usize>,
}

impl Arrivals {
    /// Makes them, and puts them in order.
    #[must_use]
    pub fn new(
        feed: &Replicated<'_>,
        push: &Push,
        world: &dyn Generate,
        replicate: Key,
        horizon: Horizon,
    ) -> Self {
        let partitions = push
            .partitions
            .map_or(1, |partitions| u64::from(partitions.get()));
        let mut all = Vec::new();
        let mut first = vec![0];
        let mut number = 0;
        let mut replica = Replica::default();
        whole::each_group(world, replicate, |group| {
            replica.send(&feed.carrier, feed.key.at(group.ordinal), group);
            for (at, row, key) in replica.arrivals(group) {
                if at < horizon.end {
                    all.push(Arrival {
                        at,
                        message: number as u32,
                        partition: (world.hotel(group.ordinal, row) % partitions) as u32,
                        key,
                    });
                }
                number += 1;
            }
            first.push(number);
        });
        sort_by_time(&mut all, &mut Vec::new(), 0..horizon.end, |arrival| {
            (arrival.at, arrival.message)
        });
        Self { all, first }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// When the line was done with each message.
#[derive(Debug)]
pub struct Done {
    all: Vec<Ended>,
    /// By group: where its first one is.
    first: Vec<usize>,
}

impl Done {
    /// With those of a group, in their order.
    #[must_use]
    pub fn of(&self, group: u64) -> &[Ended] {
        let group = group as usize;
        &self.all[self.first[group]..self.first[group + 1]]
    }
}

/// What a line did in the measured part of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Served {
    /// Its consumers and what waited for them.
    pub totals: Totals,
    /// Calls to another region.
    pub calls: u64,
}

/// Sends all messages of a feed through its line.
#[must_use]
pub fn serve(
    push: &Push,
    troubles: &Troubles,
    arrivals: &Arrivals,
    horizon: Horizon,
) -> (Done, Served) {
    let mut line = line(push, troubles);
    // One after the other here, and by message below: what is far apart in memory would hold the line up.
    let mut ends = Vec::with_capacity(arrivals.len());
    let mut calls = 0;
    let mut work = |(message, key): &(u32, Key), attempts: u32, start: Time| {
        let attempt = attempt(push, troubles, *key, attempts, start);
        calls += u64::from(attempt.calls && start >= horizon.warm);
        let end = match attempt.ends {
            Attempt::Done(after) => Ended::done_at(start.saturating_add(after)),
            Attempt::Dies(after) if push.commit == Commit::Before => {
                Ended::lost_at(start.saturating_add(after))
            }
            Attempt::Dies(_) => Ended::done_at(horizon.end),
        };
        ends.push((*message, end));
        attempt.ends
    };
    let (early, measured) = arrivals.all.split_at(
        arrivals
            .all
            .partition_point(|arrival| arrival.at < horizon.warm),
    );
    for arrival in early {
        let message = (arrival.message, arrival.key);
        line.arrive(arrival.at, arrival.partition, message, &mut work);
    }
    line.advance(horizon.warm, &mut work);
    line.take_totals();
    for arrival in measured {
        let message = (arrival.message, arrival.key);
        line.arrive(arrival.at, arrival.partition, message, &mut work);
    }
    line.advance(horizon.end, &mut work);
    let totals = line.take_totals();
    let first = arrivals.first.clone();
    // Not done by the end, unless the line says otherwise.
    let mut all = vec![Ended::done_at(horizon.end); first.last().copied().unwrap_or(0)];
    for (message, end) in ends {
        all[message as usize] = end;
    }
    (Done { all, first }, Served { totals, calls })
}

/// The line of a push feed, with the pauses and shortages that are known beforehand.
#[must_use]
pub fn line<M>(push: &Push, troubles: &Troubles) -> Line<M> {
    let consumers = push.consumers.map_or(u32::MAX, |consumers| consumers.get());
    let line = match push.partitions {
        Some(partitions) => Line::partitioned(partitions.get()),
        None => Line::shared(consumers),
    };
    let rebalance = push
        .cross_region
        .as_ref()
        .map_or(0, |calls| calls.rebalance.micros());
    let mut line = line.on_death(rebalance, push.commit);
    for window in troubles.windows() {
        match window.kind {
            Kind::Stopped if window.stream.is_none() => line.pause(window.from, window.to),
            Kind::Fewer(share) => {
                if let Some(left) = push.left(share) {
                    line.fewer(window.from, window.to, left);
                }
            }
            Kind::Storm(every, pause) => {
                let mut from = window.from;
                while from < window.to {
                    line.pause(from, from.saturating_add(pause).min(window.to));
                    from = from.saturating_add(every);
                }
            }
            _ => {}
        }
    }
    line
}

/// One attempt at a message.
#[derive(Debug, Clone, Copy)]
pub struct Tried {
    /// What becomes of it.
    pub ends: Attempt,
    /// Whether it calls another region.
    pub calls: bool,
}

/// An attempt at a message that starts now. `key` is the message's own.
#[must_use]
pub fn attempt(push: &Push, troubles: &Troubles, key: Key, attempts: u32, start: Time) -> Tried {
    let slowed = troubles.slowed(start, None);
    let takes = |span: Time| {
        if slowed == 1.0 {
            span
        } else {
            (span as f64 * slowed) as Time
        }
    };
    let service_key = key.purpose(Purpose::Service).at(u64::from(attempts));
    let service = takes(push.service.sample(service_key));
    let call_key = key.purpose(Purpose::Calls);
    match &push.cross_region {
        Some(calls) if call_key.happens(calls.share.get()) => {
            let call = calls.latency.sample(call_key.at(u64::from(attempts)));
            Tried {
                ends: Attempt::with_call(Some(takes(call)), service, calls.timeout.micros()),
                calls: true,
            }
        }
        _ => Tried {
            ends: Attempt::Done(service),
            calls: false,
        },
    }
}
