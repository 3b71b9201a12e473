//! A hint has the stay asked when it arrives, so the answer is right then.
//!
//! With a latency L, and the last hint to arrive A ago, A exponential of rate c: nothing may have changed since, nor
//! in the last min(A, L) (if A exceeds L, what changed before that has arrived). Hence F = ∫₀ᴸ c e^(−2cA) dA +
//! e^(−cL) e^(−cL), and the same with an odd number of changes for a wrong answer. A lost hint is made good by the
//! next. A list of hints read every T finds what a poll would, and asks only what changed.

use super::aged::{self, Aged};
use super::law::{days, seconds};
use super::reader::{self, Reader};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::{Order, Pull, Push};
use crate::design::{Delivery, Source};
use crate::sim::math;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    if let Source::Hints(hints) = feed.source
        && hints.rate_limit.is_some()
    {
        return Some(Err("asks wait for a rate limit".to_owned()));
    }
    match (&feed.source, &feed.delivery) {
        (Source::Hints(_), Delivery::Push(push)) => Some(pushed(setting, push)),
        (Source::Hints(_), Delivery::Pull(pull)) => Some(pulled(setting, pull)),
        _ => None,
    }
}

/// Before its first hint a stay is held by chance alone.
fn demand_hinted(setting: &Setting<'_>, kept: f64) -> Result<(), String> {
    let truth = &setting.truth;
    setting.demand_settled(truth.mean(|a, b| {
        let rate = a.min(b) * kept;
        setting.left_of_start(rate) * (2.0 + rate * setting.warm)
    }))
}

fn pushed(setting: &Setting<'_>, push: &Push) -> Known {
    let truth = &setting.truth;
    let loss = push.loss.get();
    let late = push.latency.constant().map(days);
    let late = late.ok_or("hints may overtake each other")?;
    demand(push.window.is_none(), "hints are coalesced")?;
    demand(!push.has_line(), "hints wait for consumers")?;
    demand(push.duplicates.get() == 0.0, "hints come twice")?;
    demand(loss == 0.0 || late == 0.0, "hints are both late and lost")?;
    demand(truth.is_symmetric(), "changes are not Poisson")?;
    setting.demand_kept(None)?;
    setting.demand_warm(late)?;
    demand_hinted(setting, 1.0 - loss)?;
    let mut said = Said::new("Poisson changes: last hint and changes since are independent");
    let changes = truth.changes();
    let gone = |c: f64, k: f64| math::exp(-k * c * late);
    if loss == 0.0 {
        let fresh = truth.mean(|c, _| (1.0 + gone(c, 2.0)) / 2.0);
        let wrong = truth.mean(|c, _| {
            let short = (1.0 - gone(c, 1.0)) - (1.0 - gone(c, 3.0)) / 3.0;
            short / 2.0 + (gone(c, 1.0) - gone(c, 3.0)) / 2.0
        });
        said.say("freshness", fresh, "(1 + e^(−2cL))/2").say(
            "accuracy",
            1.0 - wrong,
            "1 − ∫ c e^(−cA) P(odd changes in A + min(A, L)) dA",
        );
    } else {
        said.say("freshness", 1.0 - loss, "1 − p");
    }
    if setting.is_some(setting.stays * setting.days * changes) {
        said.say("feed_lost", loss, "p")
            .say("feed_delay_s", seconds(late), "L");
    }
    said.say(
        "counts_per_day/asks_hint",
        setting.stays * changes * (1.0 - loss),
        "stays × c (1−p)",
    )
    .say(
        "counts_per_day/deltas",
        setting.stays * changes,
        "stays × c",
    );
    Ok(said.all)
}

fn pulled(setting: &Setting<'_>, pull: &Pull) -> Known {
    let reader = Reader::new(pull, days(pull.interval()), setting)?;
    let plain = pull.order == Order::Fixed && pull.jitter.get() == 0.0 && pull.loss.get() == 0.0;
    demand(
        plain && pull.latency.constant() == Some(0),
        "hints are not read at a constant interval",
    )?;
    setting.demand_kept(None)?;
    demand_hinted(setting, 1.0)?;
    let aged = Aged::of(&setting.truth, |_, _| reader.age());
    let mut said = Said::new(reader::SOURCE);
    aged::say(&mut said, setting, &aged, &aged);
    said.say(
        "counts_per_day/asks_hint",
        setting.stays * setting.truth.over_time(|r| -math::expm1(-r * reader.every)) / reader.every,
        "stays × (π (1 − e^(−aI)) + (1−π) (1 − e^(−bI)))/I",
    );
    Ok(said.all)
}
