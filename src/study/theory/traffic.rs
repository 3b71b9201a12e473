//! Fed by what travellers' searches see.
//!
//! A refresh by every search: the copy is as old as the last one that was observed, exponential. By what is shown
//! alone: searches come at rate s, a share β of them by other channels; of the others those shown available are
//! checked, and of those shown sold out a share e. So what is held is read anew at rate x = s while it says
//! available, and at y = βs + (1 − β)es while it says sold out. A Markov chain on (held, true), whose balance is
//! x·AS = y·SA (what turns from available to sold out is what turns back) and a·AA = (b + x)·AS, with AA + SA =
//! π. As y goes to 0 all that is available ends up hidden. Before the first search nothing is held.

use super::aged::{self, Age, Aged};
use super::chain::Chain;
use super::law::{days, seconds};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::Push;
use crate::design::serving::{LiveCheck, OnMiss};
use crate::design::source::Searches;
use crate::design::{Delivery, Source};

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    match (&feed.source, &feed.delivery) {
        (Source::Searches(searches), Delivery::Push(push)) => Some(known(setting, searches, push)),
        _ => None,
    }
}

fn known(setting: &Setting<'_>, source: &Searches, push: &Push) -> Known {
    let serving = setting.design.serving;
    demand(
        serving.on_miss == OnMiss::AskLive,
        "misses are not asked live",
    )?;
    demand(
        push.latency.constant().map(days) == Some(0.0),
        "observations are late",
    )?;
    demand(push.window.is_none(), "observations are coalesced")?;
    demand(!push.has_line(), "observations wait for consumers")?;
    setting.demand_kept(None)?;
    setting.demand_ranks()?;
    let observed = source.share.get() * (1.0 - push.loss.get());
    demand(setting.searches > 0.0, "nobody searches")?;
    let searches = setting.stays * setting.searches;
    let reads = setting.stays * setting.reads();
    let mut said = Said::new("Markov chain of what is held and what is true, solved over the run");
    said.say(
        "counts_per_day/searches",
        reads,
        "stays × searches of each a day, less bypass",
    )
    .say("counts_per_day/bypassed", searches - reads, "β × searches");
    match serving.live_check {
        LiveCheck::EverySearch => every_search(&mut said, setting, observed)?,
        LiveCheck::Shown => shown(&mut said, setting, observed)?,
        LiveCheck::Never => return Err("nothing is checked that could be observed".to_owned()),
    }
    Ok(said.all)
}

fn every_search(said: &mut Said, setting: &Setting<'_>, observed: f64) -> Result<(), String> {
    demand(observed > 0.0, "nothing is observed")?;
    said.source = "age of the last search: exponential (Poisson searches see time averages)";
    let rate = |weight: f64| observed * setting.searches * weight;
    let left = |w: f64| setting.left_of_start(rate(w)) * (2.0 + rate(w) * setting.warm);
    setting.demand_settled(setting.over_stays(left))?;
    let mut stays = Aged::default();
    let mut searched = Aged::default();
    let n = setting.weights.len() as f64;
    for weight in &setting.weights {
        let rate = rate(*weight);
        let aged = Aged::of(&setting.truth, |_, _| Age {
            mean: 1.0 / rate,
            laplace: Box::new(move |s| rate / (rate + s)),
        });
        stays.add(&aged, 1.0 / n);
        searched.add(&aged, weight / n);
    }
    demand(
        setting.are_many(setting.stays * setting.days * setting.reads()),
        "there are too few searches",
    )?;
    aged::say(said, setting, &stays, &searched);
    said.say("data_age_s", seconds(stays.age), "E Y");
    Ok(())
}

/// What is held: nothing, available, sold out.
const HELD: [Option<bool>; 3] = [None, Some(true), Some(false)];

fn shown(said: &mut Said, setting: &Setting<'_>, observed: f64) -> Result<(), String> {
    demand(
        setting.weights.len() * setting.truth.factors.len() <= 5_000,
        "there are too many different stays",
    )?;
    let serving = setting.design.serving;
    let (bypass, explore) = (serving.bypass.get(), serving.explore.get());
    let state = |held: usize, available: bool| held * 2 + usize::from(!available);
    let truth = &setting.truth;
    // Shares of time: held available and wrong, held sold out and wrong, both right.
    let of_stay = |weight: f64, a: f64, b: f64| {
        let s = setting.searches * weight;
        let other = observed * bypass * s;
        let mut chain = Chain::new(6);
        chain.begins(state(0, true), truth.available());
        chain.begins(state(0, false), 1.0 - truth.available());
        for (held, says) in HELD.iter().enumerate() {
            chain.moves(state(held, true), state(held, false), a);
            chain.moves(state(held, false), state(held, true), b);
            let read = match says {
                None => other + (1.0 - bypass) * s,
                Some(true) => other + observed * (1.0 - bypass) * s,
                Some(false) => other + observed * (1.0 - bypass) * explore * s,
            };
            chain.moves(state(held, true), state(1, true), read);
            chain.moves(state(held, false), state(2, false), read);
        }
        let shares = chain.shares(setting);
        [
            shares[state(1, false)],
            shares[state(2, true)],
            shares[state(1, true)],
            shares[state(2, false)],
        ]
    };
    let each: Vec<[f64; 4]> = setting
        .weights
        .iter()
        .map(|w| {
            let mut mean = [0.0; 4];
            for (share, times) in &truth.factors {
                let of = of_stay(*w, truth.a * times, truth.b * times);
                mean.iter_mut()
                    .zip(of)
                    .for_each(|(mean, of)| *mean += share * of);
            }
            mean
        })
        .collect();
    let n = each.len() as f64;
    let over_stays = |k: usize| each.iter().map(|of| of[k]).sum::<f64>() / n;
    let over_searches = |k: usize| {
        let weighed = each.iter().zip(&setting.weights);
        weighed.map(|(of, w)| w * of[k]).sum::<f64>() / n
    };
    let right = 1.0 - over_stays(0) - over_stays(1);
    let balance = "x·AS = y·SA, a·AA = (b+x)·AS, AA + SA = π in the long run";
    said.say("accuracy", right, balance)
        .say("false_available", over_stays(0), balance)
        .say("false_sold_out", over_stays(1), balance)
        .say(
            "coverage",
            (0..4).map(over_stays).sum(),
            "what has been searched",
        )
        .say(
            "counts_per_day/asks_explore",
            setting.stays * setting.reads() * explore * (over_searches(1) + over_searches(3)),
            "e × searches told sold out",
        );
    if setting.are_many(setting.stays * setting.days * truth.changes()) {
        let available = truth.available();
        let recall = 1.0 - over_stays(1) / available;
        said.say("available_recall", recall, "1 − false_sold_out/π");
        let called = available - over_stays(1) + over_stays(0);
        // Where next to nothing is shown, next to nothing is known of it.
        let moves = truth.mean(|a, b| (a + b) / 2.0);
        if setting.are_many(setting.stays * setting.days * called * moves) {
            said.say(
                "shown_precision",
                1.0 - over_stays(0) / called,
                "1 − false_available / called available",
            );
        }
    }
    if setting.are_many(setting.stays * setting.days * setting.reads()) {
        let (available, sold_out) = (over_searches(0), over_searches(1));
        said.say(
            "search_accuracy",
            1.0 - available - sold_out,
            "accuracy, over searches",
        )
        .say(
            "search_false_available",
            available,
            "false_available, over searches",
        )
        .say(
            "search_false_sold_out",
            sold_out,
            "false_sold_out, over searches",
        )
        .say(
            "hit_ratio",
            (0..4).map(over_searches).sum(),
            "coverage, over searches",
        );
    }
    Ok(())
}
