//! Changes pushed as they happen: late, lost, or both.
//!
//! The last change before a random moment is exponential of rate r ago, with r the rate at which the stay changes
//! next, for the process looks alike both ways. The copy is fresh when that message has arrived: with a delay D
//! and a loss p, (1 − p) E e^(−rD). A lost message is healed by the next one that arrives: after k losses in a
//! row, which are as likely as p^k (1 − p), the copy is k changes behind, and wrong where k is odd, p/(1 + p). It
//! was right at the start: no change at all since leaves e^(−rt) of those that loss would have made stale.

use super::law::{days, decay, laplace, longer, seconds};
use super::setting::Setting;
use super::{Known, Said, aged, demand, overtaking};
use crate::design::delivery::Push;
use crate::design::source::deltas::{Action, Deltas};
use crate::design::{Apply, Delivery, Feed, Source};
use crate::sim::math;

/// The deltas and the push of a feed that has them.
pub(super) fn pushed<'a>(setting: &Setting<'a>) -> Option<(&'a Feed, &'a Deltas, &'a Push)> {
    let feed = setting.feed()?;
    match (&feed.source, &feed.delivery) {
        (Source::Deltas(deltas), Delivery::Push(push)) => Some((feed, deltas, push)),
        _ => None,
    }
}

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let (feed, deltas, push) = pushed(setting)?;
    Some(known(setting, feed, deltas, push))
}

/// Messages go one by one, and update what was loaded.
pub(super) fn demand_plain(deltas: &Deltas, push: &Push) -> Result<(), String> {
    demand(
        deltas.action == Action::Update,
        "entries are dropped where they change",
    )?;
    demand(deltas.bootstrap, "it starts empty")?;
    demand(!push.has_line(), "messages wait for consumers")?;
    demand(push.window.is_none(), "changes are coalesced")
}

fn known(setting: &Setting<'_>, feed: &Feed, deltas: &Deltas, push: &Push) -> Known {
    let (loss, twice) = (push.loss.get(), push.duplicates.get());
    demand_plain(deltas, push)?;
    demand(loss < 1.0, "all messages are lost")?;
    setting.demand_kept(None)?;
    let fixed = push.latency.constant().map(days);
    demand(
        fixed.is_some() || twice == 0.0,
        "what is late may come twice",
    )?;
    let truth = &setting.truth;
    let delay = &push.latency;
    // What has been on its way since the start.
    setting.demand_settled(longer(delay, setting.warm))?;
    let mut said = Said::new("renewal argument; loss healed by the next message: geometric runs");
    let fresh = if fixed.is_none() && feed.apply == Apply::LastArrival {
        said.source = overtaking::SOURCE;
        let fresh = overtaking::of_changes(setting, push)?;
        said.say(
            "freshness",
            fresh,
            "(1−p) E 1/(1 + cD + N), N Poisson of mean (1−p) cD: older ones on their way",
        );
        fresh
    } else {
        let fresh =
            truth.over_time(|r| (1.0 - loss) * laplace(delay, r) + loss * setting.left_of_start(r));
        said.say(
            "freshness",
            fresh,
            "(1−p) (π E e^(−aD) + (1−π) E e^(−bD)), and p for what has not changed yet",
        );
        fresh
    };
    aged::all_held(&mut said, setting);
    if setting.is_some(setting.stays * setting.days * setting.reads()) {
        said.say("stale_hits", 1.0 - fresh, "1 − freshness, over searches");
    }
    let changes = setting.stays * truth.changes();
    if setting.is_some(setting.days * changes) {
        said.say("feed_lost", loss, "p");
    }
    said.say(
        "counts_per_day/deltas",
        changes * (1.0 + twice * (1.0 - loss)),
        "stays × 2ab/(a+b), and duplicates",
    );
    if let Some(late) = fixed {
        constant(&mut said, setting, late, loss);
    }
    Ok(said.all)
}

/// What is known, too, where messages cannot overtake each other.
fn constant(said: &mut Said, setting: &Setting<'_>, late: f64, loss: f64) {
    let truth = &setting.truth;
    let available = truth.available();
    let odd = loss / (1.0 + loss);
    // Losses in a row that go back to the start.
    let back = loss
        * truth.mean(|a, b| {
            let rate = a.min(b) * (1.0 - loss);
            setting.left_of_start(rate) * (2.0 + rate * setting.warm)
        });
    if setting.demand_settled(back).is_ok() {
        let unlike =
            available * (1.0 - available) * truth.mean(|a, b| 1.0 - math::exp(-(a + b) * late));
        let wrong = |state: f64| (state - unlike) * odd + unlike * (1.0 - odd);
        let (false_available, false_sold_out) = (wrong(1.0 - available), wrong(available));
        let right = 1.0 - false_available - false_sold_out;
        let formula =
            "odd runs of losses, p/(1+p), against a change within D, π (1−π) (1 − e^(−(a+b)D))";
        said.say("accuracy", right, formula)
            .say("entry_accuracy", right, formula)
            .say("false_available", false_available, formula)
            .say("false_sold_out", false_sold_out, formula);
        if setting.is_some(setting.stays * setting.days * setting.reads()) {
            said.say("search_accuracy", right, formula)
                .say("search_false_available", false_available, formula)
                .say("search_false_sold_out", false_sold_out, formula);
        }
        if setting.are_many(setting.stays * setting.days * truth.changes()) {
            let called = available - false_sold_out + false_available;
            said.say(
                "shown_precision",
                1.0 - false_available / called,
                "1 − false_available / called available",
            )
            .say(
                "available_recall",
                1.0 - false_sold_out / available,
                "1 − false_sold_out/π",
            );
        }
        let staleness = truth.mean(|a, b| {
            let run = |now: f64, other: f64| {
                if loss > 0.0 {
                    (loss / now + loss * loss / other) / (1.0 - loss * loss)
                } else {
                    0.0
                }
            };
            let within = |r: f64| late - late * decay(r * late);
            let of =
                |now: f64, other: f64| loss * late + run(now, other) + (1.0 - loss) * within(now);
            available * of(a, b) + (1.0 - available) * of(b, a)
        });
        said.say(
            "staleness_s",
            seconds(staleness),
            "the run of losses, p/(r (1−p)) where a = b = r, and D − (1 − e^(−rD))/r",
        );
    }
    if setting.is_some(setting.days * setting.stays * truth.changes()) {
        said.say("feed_delay_s", seconds(late), "D");
    }
    if loss == 0.0 {
        // Since the last change before D ago, or the load.
        let since = |r: f64| {
            if r > 0.0 {
                let changed = math::exp(-r * (setting.warm - late)) * decay(r * setting.days);
                (1.0 - changed) / r
            } else {
                setting.warm - late + setting.days / 2.0
            }
        };
        said.say(
            "data_age_s",
            seconds(late + truth.over_time(since)),
            "D + π/a + (1−π)/b, less what goes back to the load",
        );
    }
}
