//! Increments that are lost, count twice, or overtake: nothing but a load puts them right.
//!
//! That the copy is right is surely known while nothing was lost since the load and all that was sent has arrived: lost
//! changes and others are independent, and those on their way are Poisson of mean c (1 − p) E D (an M/G/∞ queue; L.
//! Takács, "Introduction to the theory of queues", 1962, 3.2).
//!
//! What is off is the copy's count of rooms. A sale that is lost leaves one too many, a return one too few; one that
//! counts twice the other way round. Sales and returns take turns, either first, so that after k changes what is
//! off is a sum of k independent steps, and the copy says available where the count is above 0. Changes at rate c
//! are Poisson since the load.

use super::law::{integral, longer, moments};
use super::push::{demand_plain, pushed};
use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::delivery::Push;
use crate::design::source::deltas::{Action, Deltas, Payload};
use crate::sim::math;

/// More changes of a stay in a run are not counted.
const MOST: usize = 500;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let (_, deltas, push) = pushed(setting)?;
    let adds = deltas.payload == Payload::Increment && deltas.action == Action::Update;
    let goes_wrong =
        push.loss.get() > 0.0 || push.duplicates.get() > 0.0 || push.latency.constant().is_none();
    (adds && goes_wrong).then(|| known(setting, deltas, push))
}

fn known(setting: &Setting<'_>, deltas: &Deltas, push: &Push) -> Known {
    let (loss, truth) = (push.loss.get(), &setting.truth);
    let twice = push.duplicates.get() * (1.0 - loss);
    demand_plain(deltas, push)?;
    demand(truth.is_symmetric(), "changes are not Poisson")?;
    setting.demand_kept(None)?;
    let mut said =
        Said::new("Poisson changes since the load; those on their way: M/G/∞ (Takács 1962)");
    if push.latency.constant() == Some(0) {
        drifts(&mut said, setting, &Steps { loss, twice })?;
    } else {
        demand(twice == 0.0, "what is late may come twice")?;
    }
    let (delay, warm) = (&push.latency, setting.warm);
    let [late, ..] = moments(delay);
    let old = integral(warm, warm + 40.0 * late, |x| longer(delay, x));
    setting.demand_settled(truth.changes() * old)?;
    let of = |c: f64, _: f64| {
        let on_way = c * (1.0 - loss) * late;
        math::exp(-on_way) * setting.left_of_start(c * loss)
    };
    said.say(
        "freshness",
        truth.mean(of),
        "∫ e^(−cpt) dt · e^(−c (1−p) E D): no loss since the load, none on its way",
    );
    let changes = setting.stays * truth.changes();
    if setting.is_some(setting.days * changes) {
        said.say("feed_lost", loss, "p");
    }
    said.say(
        "counts_per_day/deltas",
        changes * (1.0 + twice),
        "stays × c, and duplicates",
    );
    Ok(said.all)
}

/// Says how far the count is off where all that arrives arrives at once.
fn drifts(said: &mut Said, setting: &Setting<'_>, steps: &Steps) -> Result<(), String> {
    let truth = &setting.truth;
    demand(!truth.drawn, "rates are drawn")?;
    let end = setting.warm + setting.days;
    let most = truth.factors.iter().map(|(_, times)| times * truth.a * end);
    let most = most.fold(0.0, f64::max);
    // So many that more are next to impossible.
    let most = (most + 8.0 * math::sqrt(most) + 20.0) as usize;
    demand(most <= MOST, "so many changes are not counted")?;
    let wrong = steps.wrong(most);
    let [false_available, false_sold_out] = [0, 1].map(|way: usize| {
        let of = |c: f64, _: f64| {
            let each = wrong.iter().enumerate();
            each.map(|(k, wrong)| wrong[way] * made(setting, k, c))
                .sum()
        };
        truth.mean(of)
    });
    let formula = "Σ P(k changes) P(the count is off so that the answer is)";
    said.say("accuracy", 1.0 - false_available - false_sold_out, formula)
        .say("false_available", false_available, formula)
        .say("false_sold_out", false_sold_out, formula);
    Ok(())
}

/// The share of the measured time at which k changes have been made: ∫ P(N(t) = k) dt = P(N > k)/c.
fn made(setting: &Setting<'_>, k: usize, c: f64) -> f64 {
    if c * setting.days < 1e-9 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    let at_most = |t: f64| {
        let mut term = math::exp(-c * t);
        let mut sum = term;
        for i in 1..=k {
            term *= c * t / i as f64;
            sum += term;
        }
        sum
    };
    let (warm, end) = (setting.warm, setting.warm + setting.days);
    (at_most(warm) - at_most(end)) / (c * setting.days)
}

/// What becomes of a message.
struct Steps {
    loss: f64,
    twice: f64,
}

impl Steps {
    /// By number of changes up to so many: the chances that the copy wrongly says available, and sold out.
    fn wrong(&self, most: usize) -> Vec<[f64; 2]> {
        // The law of what k sales leave too many, from −k (all count twice) to k (all are lost).
        let mut laws = vec![vec![1.0]];
        for k in 0..most.div_ceil(2) {
            let mut next = vec![0.0; laws[k].len() + 2];
            for (off, chance) in laws[k].iter().enumerate() {
                next[off] += chance * self.twice;
                next[off + 1] += chance * (1.0 - self.loss - self.twice);
                next[off + 2] += chance * self.loss;
            }
            laws.push(next);
        }
        // The chance that sales leave at least so many more too many than returns too few.
        let at_least = |sales: usize, returns: usize, least: i64| -> f64 {
            let (sold, back) = (&laws[sales], &laws[returns]);
            let (low, other) = (sales as i64, returns as i64);
            // The chance that what returns leave too few is at most `x`.
            let mut upto = Vec::with_capacity(back.len());
            let mut sum = 0.0;
            for chance in back {
                sum += chance;
                upto.push(sum);
            }
            let below = |x: i64| match usize::try_from(x + other) {
                Ok(index) => upto[index.min(upto.len() - 1)],
                Err(_) => 0.0,
            };
            (-low..)
                .zip(sold)
                .map(|(off, chance)| chance * below(off - least))
                .sum()
        };
        (0..=most)
            .map(|k| {
                let (first, second) = (k.div_ceil(2), k / 2);
                // Begun available, or sold out: which is sold, which comes back, and what it is now.
                let begun = [(first, second, k % 2 == 0), (second, first, k % 2 == 1)];
                let mut wrong = [0.0; 2];
                for (sales, returns, open) in begun {
                    if open {
                        wrong[1] += (1.0 - at_least(sales, returns, 0)) / 2.0;
                    } else {
                        wrong[0] += at_least(sales, returns, 1) / 2.0;
                    }
                }
                wrong
            })
            .collect()
    }
}
