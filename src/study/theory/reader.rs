//! When a reader last read, of a stay or of a log.
//!
//! The time since the last reading at a random moment has the transform (1 − E e^(−sG))/(s E G) and the mean
//! E G²/2E G, with G the gap between readings (the inversion formula of stationary point processes; for gaps
//! that are independent, renewal theory). What each order's gaps are: J. Cho, H. Garcia-Molina, "Synchronizing
//! a database to improve freshness", SIGMOD 2000, section 4, there for readings that never fail.

use super::aged::Age;
use super::demand;
use super::law::{days, decay};
use super::setting::Setting;
use crate::design::delivery::pull::{Order, Pull};
use crate::sim::math;

/// Where the formulas of readers are from.
pub(super) const SOURCE: &str = "Cho, Garcia-Molina, SIGMOD 2000, sections 3 and 4; L(s) = (1 − E e^(−sG))/(s E G), G from reading to reading";

/// A reader `every` so many days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    order: Order,
    jitter: f64,
    loss: f64,
    pub(super) late: f64,
    pub(super) every: f64,
}

impl Reader {
    /// The reader of a pull, where its age has a closed form in this run.
    pub(super) fn new(pull: &Pull, every: f64, setting: &Setting<'_>) -> Result<Self, String> {
        let late = pull.latency.constant();
        let reader = Self {
            order: pull.order,
            jitter: pull.jitter.get(),
            loss: pull.loss.get(),
            late: days(late.ok_or("answers of polls may overtake each other")?),
            every,
        };
        demand(reader.loss < 1.0, "all polls fail")?;
        demand(
            reader.order != Order::Shuffled || setting.is_whole(every),
            "what is measured is no whole number of cycles",
        )?;
        // The polls are in step with nothing from the start, but for jitter; before the first that succeeds,
        // there is nothing to be old. With a poll a gap that comes to one more than a full gap.
        setting.demand_warm(2.0 * every * (1.0 + reader.jitter) + 2.0 * reader.late)?;
        setting.demand_settled(reader.left_of_start(setting))?;
        Ok(reader)
    }

    /// Within how many days the next reading comes, where that is certain.
    pub(super) fn longest_gap(&self) -> Option<f64> {
        let is_certain = self.loss == 0.0 && self.order != Order::Poisson;
        let times = match self.order {
            Order::Shuffled => 2.0,
            _ => 1.0 + self.jitter,
        };
        is_certain.then_some(self.every * times)
    }

    fn left_of_start(&self, setting: &Setting<'_>) -> f64 {
        let (warm, length) = (setting.warm, setting.days);
        // Ages beyond the warm-up: their chance falls at this rate.
        let falls = match self.order {
            Order::Poisson => Some((1.0 - self.loss) / self.every),
            _ => (self.loss > 0.0).then(|| -math::log(self.loss) / self.every),
        };
        let old = falls.map_or(0.0, |rate| {
            let since = match self.order {
                Order::Poisson => warm - self.late,
                _ => warm - self.late - 2.0 * self.every,
            };
            math::exp(-rate * since) * (2.0 + rate * warm) / (rate * length)
        });
        // Jittered polls start at a uniform moment of a constant interval. Against a stationary start that leaves
        // an oscillation of (2πj)²/6 of the rate, which fades as e^(−(2πj)²/6) an interval.
        let x = 2.0 * core::f64::consts::PI * self.jitter;
        let x = (x * x / 6.0).min(1.0);
        let oscillates = x * math::exp(-x * warm / self.every) * self.every / length;
        old + oscillates
    }

    /// The law of what is held.
    pub(super) fn age(&self) -> Age {
        let Self {
            order,
            jitter,
            loss: p,
            late,
            every: i,
        } = *self;
        let q = 1.0 - p;
        // Of the number of gaps to the next reading that succeeds: its variance is p/q².
        let number_variance = p / (q * q);
        let spread = match order {
            Order::Fixed => i * i * (jitter * jitter / 3.0 / q + number_variance),
            // Two uniform moments, each of its own cycle.
            Order::Shuffled => i * i * (1.0 / 6.0 + number_variance),
            Order::Poisson => (i / q) * (i / q),
        };
        let gap = i / q;
        let mean = (gap * gap + spread) / (2.0 * gap) + late;
        let of_gap = move |s: f64| {
            let one = math::exp(-s * i);
            match order {
                Order::Fixed => {
                    let x = s * i * jitter;
                    // e^(−si) sinh(x)/x.
                    let one = math::exp(x - s * i) * decay(2.0 * x);
                    q * one / (1.0 - p * one)
                }
                Order::Shuffled => q * decay(s * i) * decay(s * i) / (1.0 - p * one),
                Order::Poisson => 1.0 / (1.0 + s * gap),
            }
        };
        Age {
            mean,
            laplace: Box::new(move |s| {
                let x = s * gap;
                let since = if x > 1e-9 { (1.0 - of_gap(s)) / x } else { 1.0 };
                since * math::exp(-s * late)
            }),
        }
    }
}
