//! A budget of polls, shared out: each stay at a constant interval of its own.
//!
//! J. Cho, H. Garcia-Molina, "Effective page refresh policies for web crawlers", ACM TODS 28, 2003, section 4, with
//! rates of selling out and reopening that differ.

use super::aged::{self, Age, Aged};
use super::law::{days, decay, seconds};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::pull::allocation::{self, Allocation, StayRates};
use crate::design::delivery::{Order, Pull};
use crate::design::serving::OnMiss;
use crate::design::{Delivery, Source};
use crate::sim::math;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    match (&feed.source, &feed.delivery) {
        (Source::Inventory(_), Delivery::Pull(pull)) => {
            Some(known(setting, pull, pull.budget_per_day?.get()))
        }
        _ => None,
    }
}

/// Stays that are polled alike: which share of stays and of searches they are, and how often each is polled.
struct Alike {
    share: f64,
    searched: f64,
    /// The factor of their rates; none where they are like all.
    times: Option<f64>,
    interval: Option<f64>,
}

fn known(setting: &Setting<'_>, pull: &Pull, budget: f64) -> Known {
    demand(pull.rate_limit.is_none(), "polls wait for a rate limit")?;
    demand(pull.paging.is_none(), "it crawls a list page by page")?;
    demand(pull.adaptive.is_none(), "intervals follow what is found")?;
    let plain = pull.order == Order::Fixed && pull.jitter.get() == 0.0 && pull.loss.get() == 0.0;
    demand(plain, "stays are not polled at constant intervals")?;
    let late = pull.latency.constant().map(days);
    let late = late.ok_or("answers of polls may overtake each other")?;
    let alike = alike(setting, pull.allocation, budget)?;
    let longest = alike
        .iter()
        .filter_map(|of| of.interval)
        .fold(0.0, f64::max);
    setting.demand_warm(2.0 * (longest + late))?;
    setting.demand_kept(Some(longest))?;
    let polled: f64 = alike
        .iter()
        .filter(|of| of.interval.is_some())
        .map(|of| of.share)
        .sum();
    let are_all = alike.iter().all(|of| of.interval.is_some());
    // What is never polled would be held from its first miss on, and grow old.
    demand(
        are_all || setting.reads() == 0.0 || setting.design.serving.on_miss != OnMiss::AskLive,
        "stays that are not polled are held from a miss on",
    )?;
    let mut stays = Aged::default();
    let mut searches = Aged::default();
    let mut asks = 0.0;
    for of in &alike {
        let Some(interval) = of.interval else {
            continue;
        };
        let truth = match of.times {
            Some(times) => setting.truth.times(times),
            None => setting.truth.clone(),
        };
        let aged = Aged::of(&truth, |_, _| Age {
            mean: interval / 2.0 + late,
            laplace: Box::new(move |s| decay(s * interval) * math::exp(-s * late)),
        });
        stays.add(&aged, of.share / polled);
        searches.add(&aged, of.searched);
        asks += of.share / interval;
    }
    let mut said = Said::new("Cho, Garcia-Molina, TODS 2003, section 4");
    if are_all {
        aged::say(&mut said, setting, &stays, &searches);
        aged::all_held(&mut said, setting);
    } else {
        said.say(
            "freshness",
            stays.fresh,
            "π L(a) + (1−π) L(b), over stays that are polled",
        )
        .say("coverage", polled, "stays that are polled");
    }
    said.say("data_age_s", seconds(stays.age), "I/2 + D").say(
        "counts_per_day/asks_poll",
        setting.stays * asks,
        "the budget",
    );
    Ok(said.all)
}

fn alike(setting: &Setting<'_>, allocation: Allocation, budget: f64) -> Result<Vec<Alike>, String> {
    let truth = &setting.truth;
    let interval = |polls: f64| allocation::interval(polls).map(days);
    let stays = setting.stays as usize;
    match allocation {
        Allocation::Uniform => Ok(vec![Alike {
            share: 1.0,
            searched: 1.0,
            times: None,
            interval: interval(budget / setting.stays),
        }]),
        Allocation::ByPopularity => {
            setting.demand_ranks()?;
            let n = setting.weights.len() as f64;
            let of = |weight: &f64| Alike {
                share: 1.0 / n,
                searched: weight / n,
                times: None,
                interval: interval(budget / setting.stays * weight),
            };
            Ok(setting.weights.iter().map(of).collect())
        }
        Allocation::ByChangeRate | Allocation::Freshest => {
            demand(
                !truth.drawn,
                "what each stay gets depends on all that are drawn",
            )?;
            demand(stays <= 100_000, "there are too many stays")?;
            let sizes = truth.factors.iter();
            let sizes = sizes.map(|(share, _)| math::floor(share * setting.stays + 0.5) as usize);
            let classes: Vec<(usize, f64)> = sizes
                .zip(&truth.factors)
                .map(|(size, (_, times))| (size, *times))
                .collect();
            let rates = |times: f64| StayRates {
                presence: 1.0,
                popularity: 1.0,
                sells_out_per_day: truth.a * times,
                reopens_per_day: truth.b * times,
            };
            let all: Vec<StayRates> = classes
                .iter()
                .flat_map(|(size, times)| std::iter::repeat_n(rates(*times), *size))
                .collect();
            let polls = allocation::frequencies(allocation, budget, &all);
            let mut next = 0;
            let of = |(size, times): (usize, f64)| {
                let first = polls.get(next).copied().unwrap_or_default();
                next += size;
                let share = size as f64 / setting.stays;
                Alike {
                    share,
                    searched: share,
                    times: Some(times),
                    interval: interval(first),
                }
            };
            let alike = classes.into_iter().map(of);
            Ok(alike.filter(|of| of.share > 0.0).collect())
        }
    }
}
