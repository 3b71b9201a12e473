//! A lossy push at once, put right by polls.
//!
//! What is served is the later of the last poll, of an age Y, and the last change that arrived. The last change
//! before a random moment is exponential of rate r ago, with r the rate at which the stay changes next. The copy
//! is stale where there was one since the poll and it was lost: p (1 − E e^(−rY)).
//!
//! Where changes are Poisson of rate c, those that arrive and those that are lost are independent, at rates λ =
//! c(1 − p) and cp. So what is held was right Z = min(Y, Exp(λ)) ago, E e^(−sZ) = 1 − s/(λ + s)·(1 − E e^(−(λ+s)Y)), and
//! since then nothing but lost changes was made.

use super::aged::{self, Age, Aged};
use super::law::{days, seconds};
use super::push::demand_plain;
use super::reader::{self, Reader};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::{Pull, Push};
use crate::design::source::deltas::{Deltas, Payload};
use crate::design::{Delivery, Feed, Source};

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let [one, other] = &setting.design.feeds[..] else {
        return None;
    };
    let both = |push: &'_ Feed, poll: &'_ Feed| match (
        (&push.source, &push.delivery),
        (&poll.source, &poll.delivery),
    ) {
        (
            (Source::Deltas(deltas), Delivery::Push(by)),
            (Source::Inventory(_), Delivery::Pull(pull)),
        ) => Some(known(setting, (&push.name, deltas, by), pull)),
        _ => None,
    };
    both(one, other).or_else(|| both(other, one))
}

fn known(
    setting: &Setting<'_>,
    (name, deltas, push): (&str, &Deltas, &Push),
    pull: &Pull,
) -> Known {
    demand(
        pull.budget_per_day.is_none(),
        "each stay has its own interval",
    )?;
    demand(pull.rate_limit.is_none(), "polls wait for a rate limit")?;
    demand(pull.paging.is_none(), "it crawls a list page by page")?;
    demand(pull.adaptive.is_none(), "intervals follow what is found")?;
    demand_plain(deltas, push)?;
    demand(push.latency.constant() == Some(0), "changes are late, too")?;
    let (loss, twice) = (push.loss.get(), push.duplicates.get());
    demand(
        deltas.payload == Payload::State || (loss == 0.0 && twice == 0.0),
        "increments drift",
    )?;
    let reader = Reader::new(pull, days(pull.interval()), setting)?;
    setting.demand_kept(reader.longest_gap().map(|gap| gap + reader.late))?;
    let truth = &setting.truth;
    let mut said = Said::new(reader::SOURCE);
    if truth.is_symmetric() {
        let aged = Aged::of_unseen(truth, loss, |c, _| {
            let (arrive, read) = (c * (1.0 - loss), reader.age());
            Age {
                mean: if arrive > 0.0 {
                    (1.0 - (read.laplace)(arrive)) / arrive
                } else {
                    read.mean
                },
                laplace: Box::new(move |s| {
                    let both = arrive + s;
                    if both > 0.0 {
                        1.0 - s / both * (1.0 - (read.laplace)(both))
                    } else {
                        1.0
                    }
                }),
            }
        });
        aged::say(&mut said, setting, &aged, &aged);
        said.say(
            "data_age_s",
            seconds(aged.age),
            "(1 − E e^(−λY))/λ, λ = c (1−p)",
        );
    } else {
        let read = reader.age().laplace;
        let fresh = 1.0 - loss * (1.0 - truth.over_time(read));
        said.say(
            "freshness",
            fresh,
            "1 − p (1 − π L(a) − (1−π) L(b)), L(s) = E e^(−sY)",
        );
        if setting.is_some(setting.stays * setting.days * setting.reads()) {
            said.say("stale_hits", 1.0 - fresh, "1 − freshness, over searches");
        }
    }
    aged::all_held(&mut said, setting);
    let changes = setting.stays * truth.changes();
    if setting.is_some(setting.days * changes) {
        said.say(&format!("feeds/{name}/feed_lost"), loss, "p");
    }
    said.say(
        "counts_per_day/deltas",
        changes * (1.0 + twice * (1.0 - loss)),
        "stays × 2ab/(a+b), and duplicates",
    )
    .say(
        "counts_per_day/asks_poll",
        setting.stays / reader.every,
        "stays / interval",
    );
    Ok(said.all)
}
