//! Changes that are gathered before they are sent.
//!
//! After the first of them a window of length W stays open: a cycle is a window and the wait for the next change.
//! At the ticks of a clock of period W the copy is as one that is polled then. Waiting for W of quiet, it is fresh
//! where nothing changed within W (W. Feller, "An introduction to probability theory and its applications" II,
//! XI.4).

use super::aged::{self, Age, Aged};
use super::law::{days, decay, of_step, seconds};
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
    Ok(())
}
