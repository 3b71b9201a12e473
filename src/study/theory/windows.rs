//! Changes that are gathered before they are sent.
//!
//! After the first of them a window of length W stays open: a cycle is a window and the wait for the next change.
//! At the ticks of a clock of period W the copy is as one that is polled then. Waiting for W of quiet, it is fresh
//! where nothing changed within W (W. Feller, "An introduction to probability theory and its applications" II,
//! XI.4), and stale for a busy period of an M/D/∞ queue: gaps below W, then one above.
//!
//! A change counts with the last of its window. Windows that are open when the measured part begins bring changes made
//! before it, and those that are open when it ends are not sent: where that is exact it is in the means.

use super::aged::{self, Age, Aged};
use super::law::{busy, days, decay, first_moment, of_step, seconds};
use super::push::pushed;
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::{Push, Window};
use crate::design::source::deltas::{Action, Deltas};
use crate::sim::math;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let (_, deltas, push) = pushed(setting)?;
    let window = push.window.as_ref().filter(|_| !push.has_line())?;
    Some(known(setting, deltas, push, window))
}

fn known(setting: &Setting<'_>, deltas: &Deltas, push: &Push, window: &Window) -> Known {
    demand(
        deltas.action == Action::Update,
        "entries are dropped where they change",
    )?;
    demand(deltas.bootstrap, "it starts empty")?;
    demand(
        push.latency.constant() == Some(0),
        "what is coalesced is late, too",
    )?;
    demand(push.loss.get() == 0.0, "what is coalesced is lost, too")?;
    demand(
        push.duplicates.get() == 0.0,
        "what is coalesced comes twice",
    )?;
    setting.demand_kept(None)?;
    let mut said =
        Said::new("Feller II, XI.4: renewal reward; clock: Cho, Garcia-Molina, SIGMOD 2000");
    match window {
        Window::AfterFirst(window) => after_first(&mut said, setting, days(window.micros()))?,
        Window::Clock(period) => clock(&mut said, setting, days(period.micros()))?,
        Window::Quiet(quiet) => {
            let quiet = days(quiet.micros());
            setting.demand_warm(quiet)?;
            let fresh = setting.truth.over_time(|r| math::exp(-r * quiet));
            fresh_alone(&mut said, setting, fresh, "π e^(−aW) + (1−π) e^(−bW)");
            once_quiet(&mut said, setting, quiet);
        }
    }
    aged::all_held(&mut said, setting);
    Ok(said.all)
}

fn fresh_alone(said: &mut Said, setting: &Setting<'_>, fresh: f64, formula: &'static str) {
    said.say("freshness", fresh, formula);
    if setting.is_some(setting.stays * setting.days * setting.reads()) {
        said.say("stale_hits", 1.0 - fresh, "1 − freshness, over searches");
    }
}

/// What becomes of the changes of a stay: how many messages are sent a day; how many there are in a run, and changes in
/// them.
struct Gathered {
    sent: f64,
    messages: f64,
    changes: f64,
}

/// Says how many messages there are, and how many changes have none of their own.
fn counted(
    said: &mut Said,
    setting: &Setting<'_>,
    of: impl Fn(f64) -> Gathered,
    formula: &'static str,
) {
    let mean = |f: fn(&Gathered) -> f64| setting.truth.mean(|c, _| f(&of(c)));
    said.say(
        "counts_per_day/deltas",
        setting.stays * mean(|of| of.sent),
        formula,
    );
    if !setting.truth.drawn && setting.are_many(setting.stays * mean(|of| of.changes)) {
        said.say(
            "feed_superseded",
            1.0 - mean(|of| of.messages) / mean(|of| of.changes),
            "1 − messages / changes",
        );
    }
}

/// Says how long changes wait that are sent: so long in all, so many in a run.
fn waited(
    said: &mut Said,
    setting: &Setting<'_>,
    of: impl Fn(f64) -> [f64; 2],
    formula: &'static str,
) {
    let mean = |k: usize| setting.truth.mean(|c, _| of(c)[k]);
    if !setting.truth.drawn && setting.are_many(setting.stays * mean(1)) {
        said.say("feed_delay_s", seconds(mean(0) / mean(1)), formula);
    }
}

/// Sent once nothing has changed for so long.
fn once_quiet(said: &mut Said, setting: &Setting<'_>, quiet: f64) {
    let (truth, length) = (&setting.truth, setting.days);
    if setting
        .is_some(setting.stays * (length - quiet) * truth.over_time(|r| r * math::exp(-r * quiet)))
    {
        said.say("feed_delay_s", seconds(quiet), "W");
    }
    if !truth.is_symmetric() || quiet > length {
        return;
    }
    let of = |c: f64| {
        let alone = math::exp(-c * quiet);
        Gathered {
            sent: c * alone,
            // Near the end all are the last; from before the beginning come those of its busy period.
            messages: c * (length - quiet) * alone + 1.0 - alone,
            changes: c * length + (1.0 - (1.0 + c * quiet) * alone) / alone,
        }
    };
    let formula = "stays × c e^(−cW)";
    let cycle = |c: f64| busy(c, quiet)[0] + 1.0 / c;
    // A busy period that goes back to the start.
    let left = truth.mean(|c, _| {
        let cycles = setting.warm / cycle(c);
        math::exp(-cycles) * (2.0 + cycles)
    });
    if setting.demand_settled(left).is_err() {
        let sent = truth.mean(|c, _| of(c).sent);
        said.say("counts_per_day/deltas", setting.stays * sent, formula);
        return;
    }
    counted(said, setting, of, formula);
    let stale = truth.mean(|c, _| busy(c, quiet)[1] / 2.0 / cycle(c));
    said.say(
        "staleness_s",
        seconds(stale),
        "E B²/2 in a cycle of B + 1/c, B a busy period",
    );
}

fn after_first(said: &mut Said, setting: &Setting<'_>, window: f64) -> Result<(), String> {
    let truth = &setting.truth;
    demand(truth.is_symmetric(), "changes are not Poisson")?;
    let left = truth.mean(|c, _| of_step(window + 1.0 / c, 1.0 / c, setting.warm, setting.days));
    setting.demand_settled(left)?;
    let open = |c: f64| c * window / (1.0 + c * window);
    fresh_alone(
        said,
        setting,
        truth.mean(|c, _| 1.0 - open(c)),
        "1/(1 + cW)",
    );
    said.say(
        "staleness_s",
        seconds(truth.mean(|c, _| open(c) * window / 2.0)),
        "W²/2 in a cycle of W + 1/c",
    );
    // Within a window one change and an even number since.
    let aged = Aged {
        wrong: truth.mean(|c, _| open(c) * (1.0 + decay(2.0 * c * window)) / 4.0),
        ..Aged::default()
    };
    aged::of_answers(said, setting, &aged, &aged);
    let length = setting.days;
    if window > length {
        return Ok(());
    }
    let of = |c: f64| {
        let x = c * window;
        let (sent, late) = (1.0 / (window + 1.0 / c), 1.0 - decay(x));
        Gathered {
            sent,
            // A window that is open when it begins counts where there is a change in the rest of it.
            messages: sent * length + open(c) * late,
            changes: c * length + open(c) * ((1.0 + x) * late - x * (0.5 - first_moment(x))),
        }
    };
    counted(said, setting, of, "stays / (W + 1/c)");
    let of = |c: f64| {
        let x = c * window;
        let sent = length / (window + 1.0 / c);
        // One that is open when it begins, without a change in the rest of it, does not count.
        let before = window * first_moment(x) + (decay(x) - math::exp(-x)) / c;
        [
            sent * window * decay(x) - open(c) * before,
            sent - open(c) * decay(x),
        ]
    };
    waited(said, setting, of, "(1 − e^(−cW))/c, since the last change");
    Ok(())
}

fn clock(said: &mut Said, setting: &Setting<'_>, period: f64) -> Result<(), String> {
    demand(
        setting.is_whole(period),
        "what is measured is no whole number of periods",
    )?;
    setting.demand_warm(period)?;
    let aged = Aged::of(&setting.truth, |_, _| Age {
        mean: period / 2.0,
        laplace: Box::new(move |s| decay(s * period)),
    });
    aged::say(said, setting, &aged, &aged);
    if !setting.truth.is_symmetric() {
        return Ok(());
    }
    let ticks = setting.days / period;
    let gathered = |c: f64| {
        let sent = -math::expm1(-c * period);
        Gathered {
            sent: sent / period,
            messages: sent * ticks,
            changes: c * setting.days,
        }
    };
    let formula = "stays × (1 − e^(−cW))/W";
    let warm = setting.warm / period;
    if (warm - math::floor(warm + 0.5)).abs() > 1e-9 {
        let sent = setting.truth.mean(|c, _| gathered(c).sent);
        said.say("counts_per_day/deltas", setting.stays * sent, formula);
        return Ok(());
    }
    counted(said, setting, gathered, formula);
    // The last tick is the end.
    let of = |c: f64| {
        let x = c * period;
        let since = period * period * c * first_moment(x);
        [since * (ticks - 1.0), -math::expm1(-x) * (ticks - 1.0)]
    };
    waited(
        said,
        setting,
        of,
        "(1 − e^(−cW) (1 + cW))/(c (1 − e^(−cW)))",
    );
    Ok(())
}
