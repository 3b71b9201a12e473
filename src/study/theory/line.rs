//! Messages that wait in line for consumers.
//!
//! Where changes are Poisson those of all stays together are, whatever each message's latency before the line. One
//! consumer: the mean wait is λ E S²/2(1 − λ E S) (F. Pollaczek 1930, A. Y. Khinchine 1932). Several, exponential
//! service: the chance of waiting is A. K. Erlang's (1917). By partitions, stays that are spread evenly: a line
//! each. What is still on its way at the end is left out, which moves the mean by the variance of a delay over
//! the length of the run.

use super::law::{moments, seconds};
use super::push::pushed;
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::{Delay, Push};
use crate::design::{Apply, Feed};
use crate::sim::math;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let (feed, _, push) = pushed(setting)?;
    push.has_line().then(|| known(setting, feed, push))
}

fn known(setting: &Setting<'_>, feed: &Feed, push: &Push) -> Known {
    let truth = &setting.truth;
    demand(
        push.cross_region.is_none(),
        "calls to another region lengthen the service",
    )?;
    demand(push.window.is_none(), "changes are coalesced")?;
    demand(push.loss.get() == 0.0, "messages are lost")?;
    demand(push.duplicates.get() == 0.0, "messages come twice")?;
    demand(truth.is_symmetric(), "changes are not Poisson")?;
    demand(!truth.drawn, "the load is drawn anew in each replicate")?;
    demand(
        feed.apply == Apply::LastArrival,
        "what was overtaken is not in the mean delay",
    )?;
    let [service, square, cube] = moments(&push.service);
    let rate = setting.stays * truth.changes();
    let (rate, consumers) = match (push.partitions, push.consumers) {
        (Some(lines), _) => {
            let lines = lines.get();
            let even = (setting.stays as u64).is_multiple_of(u64::from(lines));
            let alike = truth.factors.len() == 1;
            demand(lines == 1 || (even && alike), "partitions are not alike")?;
            (rate / f64::from(lines), 1)
        }
        (None, consumers) => (
            rate,
            consumers.map_or(u32::MAX, crate::scenario::quantity::Count::get),
        ),
    };
    let load = rate * service;
    demand(load < f64::from(consumers), "the line grows without bound")?;
    // The mean wait, and the mean of its square (L. Takács 1962; given that there is one, it is exponential).
    let (wait, wait_square) = if consumers == 1 {
        let wait = khinchine(rate, [service, square]);
        (wait, 2.0 * wait * wait + rate * cube / 3.0 / (1.0 - load))
    } else {
        demand(
            matches!(push.service, Delay::Exponential(_)),
            "several consumers need exponential service",
        )?;
        demand(consumers <= 10_000, "so many consumers are not counted")?;
        let waits = erlang_c(consumers, load);
        let wait = waits * service / (f64::from(consumers) - load);
        (wait, 2.0 * wait * wait / waits.max(f64::MIN_POSITIVE))
    };
    let [latency, latency_square, _] = moments(&push.latency);
    let delay = latency + wait + service;
    // A busy period's relaxation: of M/M/c, (√μ' − √λ)² (P. M. Morse 1955).
    let capacity = f64::from(consumers) / service.max(1e-12);
    let spare = math::sqrt(capacity) - math::sqrt(rate);
    setting.demand_warm(2.0 * latency + 20.0 / (spare * spare))?;
    let variance = |mean: f64, square: f64| square - mean * mean;
    let varies =
        variance(latency, latency_square) + variance(wait, wait_square) + variance(service, square);
    setting.demand_settled(varies / (delay.max(1e-12) * setting.days))?;
    demand(setting.is_some(rate * setting.days), "there is no message")?;
    let mut said = Said::new("Pollaczek 1930, Khinchine 1932; several consumers: Erlang 1917");
    said.say(
        "feed_delay_s",
        seconds(delay),
        "E D + E S + λ E S²/2(1 − λ E S); of c consumers E D + E S + C(c, λS) S/(c − λS)",
    )
    .say("feed_load", load / f64::from(consumers), "λ E S/c")
    .say("feed_lost", 0.0, "none is lost")
    .say(
        "counts_per_day/deltas",
        setting.stays * truth.changes(),
        "stays × 2ab/(a+b)",
    );
    Ok(said.all)
}

/// The mean wait of M/G/1, by the rate of arrivals and the first two moments of its service.
#[must_use]
pub fn khinchine(rate: f64, [mean, square]: [f64; 2]) -> f64 {
    rate * square / 2.0 / (1.0 - rate * mean)
}

/// The chance of waiting in an M/M/c queue with an offered load of a: by the recursion of Erlang's loss formula.
#[must_use]
pub fn erlang_c(consumers: u32, load: f64) -> f64 {
    let c = f64::from(consumers);
    let lost = (1..=consumers).fold(1.0, |lost, k| load * lost / (f64::from(k) + load * lost));
    lost / (1.0 - load / c * (1.0 - lost))
}
