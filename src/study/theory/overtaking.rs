//! Messages that take their own time, and so overtake.
//!
//! Polls at memoryless moments of rate ν: those that arrive are a Poisson process of rate ν, too, and each was on
//! its way for a D of its own, whatever the others (N. M. Mirasol, "The output of an M/G/∞ queuing system is
//! Poisson", Operations Research 11, 1963). So the last to arrive was read Exp(ν) + D ago. The newest to have
//! arrived is older than y where none sent within y has, e^(−ν∫₀ʸ P(D ≤ u) du): for D exponential of rate μ,
//! ∫₀^∞ e^(−sy) of it is Σ Π ν/(ν + s + jμ) / (ν + s), j = 1 to n, over all n (partial integration).
//!
//! Changes at rate c, and what arrives last wins. The copy is fresh where the last message to arrive is that of the last
//! change, x ago: it was on its way for l < x, and of the older ones none arrived in the x − l since, which are
//! Poisson of mean (c/μ)(e^(−μl) − e^(−μx)) (thinning). Over l and x that comes to E 1/(1 + c/μ + N), with N
//! those on their way at a random moment, Poisson of mean c/μ; of those that are not lost.

use super::aged::{self, Age, Aged};
use super::law::{days, laplace, longer, moments, seconds};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::{Delay, Order, Pull, Push};
use crate::design::{Apply, Delivery, Feed, Source};
use crate::sim::math;

/// Where the formulas are from.
pub(super) const SOURCE: &str = "Mirasol, Operations Research 11, 1963 (M/G/∞); thinning";

/// More messages of a stay on their way at a time are not counted.
const MOST: f64 = 500.0;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    match (&feed.source, &feed.delivery) {
        (Source::Inventory(_), Delivery::Pull(pull))
            if pull.order == Order::Poisson && pull.latency.constant().is_none() =>
        {
            Some(known(setting, feed, pull))
        }
        _ => None,
    }
}

fn known(setting: &Setting<'_>, feed: &Feed, pull: &Pull) -> Known {
    demand(
        pull.budget_per_day.is_none(),
        "each stay has its own interval",
    )?;
    demand(pull.rate_limit.is_none(), "polls wait for a rate limit")?;
    demand(pull.paging.is_none(), "it crawls a list page by page")?;
    setting.demand_kept(None)?;
    let loss = pull.loss.get();
    demand(loss < 1.0, "all polls fail")?;
    let (delay, every) = (pull.latency, days(pull.interval()));
    let drawn = setting.truth.drawn && matches!(delay, Delay::Lognormal(_));
    demand(!drawn, "rates are drawn, and latencies are lognormal")?;
    let [late, ..] = moments(&delay);
    // Polls that succeed, a day.
    let rate = (1.0 - loss) / every;
    // What is so old that it was there at the start: waited for, or on its way, for half of the warm-up.
    let half = setting.warm / 2.0;
    let old = longer(&delay, half) + math::exp(-rate * half);
    setting.demand_settled(old * (2.0 + rate * setting.warm))?;
    let mut said = Said::new(SOURCE);
    let (aged, formula) = match feed.apply {
        Apply::LastArrival => {
            let law = || Age {
                mean: 1.0 / rate + late,
                laplace: Box::new(move |s| rate / (rate + s) * laplace(&delay, s)),
            };
            (Aged::of(&setting.truth, |_, _| law()), "1/ν + E D")
        }
        Apply::Newest => {
            let Delay::Exponential(_) = delay else {
                return Err("answers of polls may overtake each other".to_owned());
            };
            demand(
                rate * late <= MOST,
                "so many polls on their way are not counted",
            )?;
            let older = move |s: f64| {
                let mut term = 1.0 / (rate + s);
                let mut sum = term;
                let mut j = 1.0;
                while term > 1e-17 * sum {
                    term *= rate / (rate + s + j / late);
                    sum += term;
                    j += 1.0;
                }
                sum
            };
            let law = || Age {
                mean: older(0.0),
                laplace: Box::new(move |s| 1.0 - s * older(s)),
            };
            (
                Aged::of(&setting.truth, |_, _| law()),
                "Σ Π ν/(ν + j/E D) / ν, j = 1 to n, over n",
            )
        }
    };
    aged::say(&mut said, setting, &aged, &aged);
    said.say("data_age_s", seconds(aged.age), formula).say(
        "counts_per_day/asks_poll",
        setting.stays / every,
        "stays / interval",
    );
    Ok(said.all)
}

/// Freshness where the last message to arrive wins.
pub(super) fn of_changes(setting: &Setting<'_>, push: &Push) -> Result<f64, String> {
    let Delay::Exponential(delay) = push.latency else {
        return Err("the last to arrive may be older".to_owned());
    };
    let (late, kept) = (days(delay.mean.micros()), 1.0 - push.loss.get());
    let truth = &setting.truth;
    demand(truth.is_symmetric(), "changes are not Poisson")?;
    // What has not changed yet.
    setting.demand_settled(truth.mean(|c, _| setting.left_of_start(c)))?;
    let on_way = |c: f64| c * late;
    let most = truth
        .factors
        .iter()
        .map(|(_, times)| times * on_way(truth.a));
    demand(
        most.fold(0.0, f64::max) <= MOST,
        "so many changes on their way are not counted",
    )?;
    Ok(truth.mean(|c, _| {
        let (k, mean) = (on_way(c), kept * on_way(c));
        let far = mean + 12.0 * math::sqrt(mean) + 40.0;
        let mut chance = math::exp(-mean);
        let mut sum = 0.0;
        let mut n = 0.0;
        while n < far {
            sum += chance / (1.0 + k + n);
            n += 1.0;
            chance *= mean / n;
        }
        kept * sum
    }))
}
