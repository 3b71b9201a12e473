//! The inventory polled, each stay on its own clock.
//!
//! Adaptive intervals halve after a change and double after none, so they move on a ladder. A poll sees a change
//! where the number of flips since the last is odd: with chance (1 − e^(−2ci))/2 after an interval i, where flips
//! are Poisson at the rate c in either state. Flips in one interval do not depend on those in another, so the
//! next step depends on the rung alone: though the answers that are compared are correlated, the rungs are a
//! Markov chain, exactly. It is one of birth and death, so that each pair of neighbours balances by itself:
//! π(k)·(1 − p(k)) = π(k + 1)·p(k + 1). Nor do flips after a poll depend on the rung it leads to. Where polls
//! fail, the rung stays, and the chain is that of polls that succeed, a geometric number of intervals apart.

use super::aged::{self, Age, Aged};
use super::law::{days, seconds};
use super::reader::{self, Reader};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::pull::{Adaptive, Pull};
use crate::design::{Delivery, Source};
use crate::sim::math;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let feed = setting.feed()?;
    match (&feed.source, &feed.delivery) {
        (Source::Inventory(_), Delivery::Pull(pull)) if pull.budget_per_day.is_none() => {
            Some(known(setting, pull))
        }
        _ => None,
    }
}

fn known(setting: &Setting<'_>, pull: &Pull) -> Known {
    demand(pull.rate_limit.is_none(), "polls wait for a rate limit")?;
    demand(pull.paging.is_none(), "it crawls a list page by page")?;
    if let Some(adaptive) = &pull.adaptive {
        return ladder(setting, pull, adaptive);
    }
    let reader = Reader::new(pull, days(pull.interval()), setting)?;
    setting.demand_kept(reader.longest_gap())?;
    let mut said = Said::new(reader::SOURCE);
    let aged = Aged::of(&setting.truth, |_, _| reader.age());
    aged::say(&mut said, setting, &aged, &aged);
    said.say("data_age_s", seconds(aged.age), "E Y");
    if reader.longest_gap().is_some() {
        aged::all_held(&mut said, setting);
    }
    said.say(
        "counts_per_day/asks_poll",
        setting.stays / reader.every,
        "stays / interval",
    );
    Ok(said.all)
}

/// The intervals of a ladder, and how often each is waited for at given rates.
struct Ladder {
    intervals: Vec<f64>,
    loss: f64,
    late: f64,
}

impl Ladder {
    /// E e^(−sG), with G the gap to the next poll that succeeds, after an interval i.
    fn none(&self, s: f64, i: f64) -> f64 {
        let decay = math::exp(-s * i);
        (1.0 - self.loss) * decay / (1.0 - self.loss * decay)
    }

    fn changed(&self, c: f64, i: f64) -> f64 {
        (1.0 - self.none(2.0 * c, i)) / 2.0
    }

    /// How often each rung is waited for, of polls.
    fn law(&self, c: f64) -> Vec<f64> {
        let mut rungs = vec![1.0];
        for pair in self.intervals.windows(2) {
            let up = rungs[rungs.len() - 1] * (1.0 - self.changed(c, pair[0]));
            rungs.push(up / self.changed(c, pair[1]));
        }
        let sum: f64 = rungs.iter().sum();
        rungs.iter().map(|rung| rung / sum).collect()
    }

    /// How far from its law the chain is, from one rung on, after so many polls.
    fn left_of_start(&self, c: f64, from: usize, polls: u32) -> f64 {
        let last = self.intervals.len() - 1;
        let mut now = vec![0.0; last + 1];
        now[from] = 1.0;
        for _ in 0..polls {
            let mut next = vec![0.0; last + 1];
            for (rung, chance) in now.iter().enumerate() {
                let down = self.changed(c, self.intervals[rung]);
                next[rung.saturating_sub(1)] += chance * down;
                next[(rung + 1).min(last)] += chance * (1.0 - down);
            }
            now = next;
        }
        let far = now
            .iter()
            .zip(self.law(c))
            .map(|(is, law)| (is - law).abs());
        far.sum()
    }

    fn mean(&self, c: f64, f: impl Fn(f64) -> f64) -> f64 {
        let law = self.law(c);
        law.iter()
            .zip(&self.intervals)
            .map(|(share, i)| share * f(*i))
            .sum()
    }
}

fn ladder(setting: &Setting<'_>, pull: &Pull, adaptive: &Adaptive) -> Known {
    let late = pull
        .latency
        .constant()
        .ok_or("answers of polls may overtake each other")?;
    let loss = pull.loss.get();
    demand(setting.truth.is_symmetric(), "changes are not Poisson")?;
    demand(!setting.truth.drawn, "rates are drawn")?;
    let moves = setting.truth.factors.iter().all(|(_, times)| *times > 0.0);
    demand(moves, "some stays never change")?;
    demand(loss < 1.0, "all polls fail")?;
    demand(loss == 0.0 || late == 0, "polls are both late and lost")?;
    let (min, max, start) = (
        adaptive.min.micros(),
        adaptive.max.micros(),
        pull.interval(),
    );
    let mut rungs = vec![min];
    while let Some(last) = rungs.last().filter(|last| **last < max && rungs.len() < 40) {
        rungs.push(last * 2);
    }
    demand(
        rungs.last() == Some(&max) && rungs.contains(&start),
        "intervals do not double from `min` to `every` and to `max`",
    )?;
    let from = rungs
        .iter()
        .position(|rung| *rung == start)
        .unwrap_or_default();
    let intervals: Vec<f64> = rungs.iter().map(|rung| days((*rung).max(late))).collect();
    let longest = intervals[intervals.len() - 1];
    let ladder = |loss: f64| Ladder {
        intervals: intervals.clone(),
        loss,
        late: days(late),
    };
    setting.demand_warm(2.0 * longest + 2.0 * days(late))?;
    setting.demand_kept((loss == 0.0).then_some(longest))?;
    let chain = ladder(loss);
    // What is left after the fewest polls that a warm-up can have, falling on as it has fallen so far.
    let polls = (setting.warm / longest * (1.0 - loss)) as u32;
    let truth = &setting.truth;
    setting.demand_settled(truth.mean(|c, _| {
        let left = chain.left_of_start(c, from, polls).min(1.0);
        left * (setting.warm / -math::log(left.max(1e-300)) / setting.days).min(1.0)
    }))?;
    let aged = Aged::of(truth, |c, _| {
        let chain = ladder(loss);
        let kept = 1.0 - loss;
        let gap = chain.mean(c, |i| i) / kept;
        let mean = chain.mean(c, |i| i * i * (1.0 + loss) / (kept * kept) / 2.0) / gap;
        Age {
            mean: mean + chain.late,
            laplace: Box::new(move |s| {
                let since = chain.mean(c, |i| 1.0 - chain.none(s, i)) / (s * gap);
                since * math::exp(-s * chain.late)
            }),
        }
    });
    let mut said = Said::new(
        "stationary birth and death chain of the intervals; age: inversion formula of point processes",
    );
    aged::say(&mut said, setting, &aged, &aged);
    said.say("data_age_s", seconds(aged.age), "E Y").say(
        "counts_per_day/asks_poll",
        setting.stays * truth.mean(|c, _| 1.0 / chain.mean(c, |i| i)),
        "stays / mean interval",
    );
    Ok(said.all)
}
