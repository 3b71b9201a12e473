//! What all formulas need of a scenario: how the truth changes, who searches, how long the run is.

use super::law::{days, decay, nodes};
use super::{Prediction, demand};
use crate::design::cache::{Cache, Purge, Ttl};
use crate::design::{Design, Fault};
use crate::measure::path::MetricPath;
use crate::measure::values::{ITEMS, Line, prices_of};
use crate::scenario::Prices;
use crate::scenario::Scenario;
use crate::sim::math;
use crate::world::World;
use crate::world::two_state::{RateSpread, TwoState, class_sizes};

/// More stays than this are not looked at one by one.
const MANY: u32 = 100_000;

/// A design in the textbook's world, undisturbed.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    pub(super) design: &'a Design,
    prices: &'a Prices,
    pub(super) truth: Truth,
    pub(super) stays: f64,
    /// Searches a day of a stay that read the copy or bypass it, mean over stays.
    pub(super) searches: f64,
    /// How much more than the mean each stay is searched: 1 alone where all are alike; empty where they are too
    /// many to look at.
    pub(super) weights: Vec<f64>,
    /// Days of warm-up, and days measured.
    pub(super) warm: f64,
    pub(super) days: f64,
    replicates: f64,
}

/// How stays change.
#[derive(Debug, Clone)]
pub(super) struct Truth {
    /// Rates a day at which a stay sells out and reopens, before its own factor.
    pub(super) a: f64,
    pub(super) b: f64,
    /// Shares of stays and the factor of their rates; of a gamma distribution, points and weights of an
    /// integral.
    pub(super) factors: Vec<(f64, f64)>,
    /// Factors are drawn: what depends on all of them together varies.
    pub(super) drawn: bool,
}

impl Truth {
    /// The share of time in which a stay is available.
    pub(super) fn available(&self) -> f64 {
        self.b / (self.a + self.b)
    }

    /// Whether changes are Poisson: a stay sells out as fast as it reopens.
    pub(super) fn is_symmetric(&self) -> bool {
        self.a == self.b
    }

    /// The mean over stays of what depends on the rates of each.
    pub(super) fn mean(&self, f: impl Fn(f64, f64) -> f64) -> f64 {
        let each = self.factors.iter();
        each.map(|(share, times)| share * f(self.a * times, self.b * times))
            .sum()
    }

    /// The mean over stays, and over time, of what depends on the rate at which a stay changes next.
    pub(super) fn over_time(&self, f: impl Fn(f64) -> f64) -> f64 {
        let available = self.available();
        self.mean(|a, b| available * f(a) + (1.0 - available) * f(b))
    }

    /// Changes of a stay a day, mean over stays.
    pub(super) fn changes(&self) -> f64 {
        self.mean(|a, b| {
            if a + b > 0.0 {
                2.0 * a * b / (a + b)
            } else {
                0.0
            }
        })
    }

    /// The same rates, without differences between stays.
    pub(super) fn times(&self, times: f64) -> Self {
        Self {
            a: self.a,
            b: self.b,
            factors: vec![(1.0, times)],
            drawn: false,
        }
    }
}

impl<'a> Setting<'a> {
    /// What is the same for all families; else what forbids any closed form.
    pub(super) fn new(scenario: &'a Scenario, design: &'a Design) -> Result<Self, String> {
        let World::TwoState(world) = &scenario.world else {
            return Err("closed forms are of the world two_state".to_owned());
        };
        let (a, b) = (world.sells_out_per_day.get(), world.reopens_per_day.get());
        demand(a > 0.0 && b > 0.0, "stays do not change both ways")?;
        let strikes = |fault: &Fault| match fault.of_design() {
            Some(of) => of.scope().design.is_none_or(|name| name == design.name),
            None => true,
        };
        demand(!scenario.faults.iter().any(strikes), "a fault strikes")?;
        let operations = &design.operations;
        demand(
            operations.incidents_per_component_per_month.get() == 0.0,
            "its components have incidents",
        )?;
        demand(
            operations.circuit_breaker.is_none(),
            "a circuit breaker holds its feeds",
        )?;
        let horizon = scenario.run.horizon();
        let weights = match world.popularity {
            crate::world::two_state::Popularity::Uniform => vec![1.0],
            _ if world.stays.get() > MANY => Vec::new(),
            zipf => zipf.weights(u64::from(world.stays.get())),
        };
        Ok(Self {
            design,
            prices: &scenario.prices,
            truth: Truth {
                a,
                b,
                factors: factors(world),
                drawn: world.rate_spread.is_some(),
            },
            stays: f64::from(world.stays.get()),
            searches: world.searches_per_stay_per_day.get(),
            weights,
            warm: days(horizon.warm),
            days: horizon.days(),
            replicates: f64::from(scenario.run.replicates.get()),
        })
    }

    /// Why no family speaks of the design.
    pub(super) fn is_of_no_kind(&self) -> String {
        match &self.design.feeds[..] {
            [] => "its cache has no closed form".to_owned(),
            [feed] => format!(
                "{} delivered like this have no closed form",
                feed.source.name()
            ),
            _ => "several feeds have no closed form".to_owned(),
        }
    }

    /// The only feed.
    pub(super) fn feed(&self) -> Option<&'a crate::design::Feed> {
        match &self.design.feeds[..] {
            [feed] => Some(feed),
            _ => None,
        }
    }

    /// Searches a day of a stay that read the copy, mean over stays.
    pub(super) fn reads(&self) -> f64 {
        self.searches * (1.0 - self.design.serving.bypass.get())
    }

    /// Stays are looked at one by one where searches decide what is held.
    pub(super) fn demand_ranks(&self) -> Result<(), String> {
        let work = self.weights.len() * self.truth.factors.len();
        demand(
            (1..=4_000_000).contains(&work),
            "there are too many different stays",
        )
    }

    /// The mean over stays of what depends on how much more each is searched.
    pub(super) fn over_stays(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.weights.iter().map(|w| f(*w)).sum::<f64>() / self.weights.len() as f64
    }

    /// The mean of e^(−rate·t) over the measured time t.
    pub(super) fn left_of_start(&self, rate: f64) -> f64 {
        math::exp(-rate * self.warm) * decay(rate * self.days)
    }

    /// Whether so many things in a run are enough for a ratio of them.
    pub(super) fn are_many(&self, things: f64) -> bool {
        things >= 25.0 * self.replicates
    }

    /// Whether there surely is one of so many things in a run.
    pub(super) fn is_some(&self, things: f64) -> bool {
        things >= 30.0
    }

    /// What is measured is a whole number of such spans.
    pub(super) fn is_whole(&self, span: f64) -> bool {
        let number = self.days / span;
        (number - math::floor(number + 0.5)).abs() < 1e-9
    }

    /// Entries that something renews within so many days (never: none) neither expire nor are dropped.
    pub(super) fn demand_kept(&self, renewed_within: Option<f64>) -> Result<(), String> {
        let Cache {
            ttl,
            sold_out_ttl,
            capacity,
            ..
        } = &self.design.cache;
        let least = match ttl {
            Ttl::None => f64::INFINITY,
            Ttl::Fixed(life) | Ttl::Sliding(life) => days(life.micros()),
            Ttl::Jittered(life) => days(life.mean.micros()) * (1.0 - life.spread.get()),
            Ttl::ByLeadTime(_) | Ttl::Adaptive(_) => 0.0,
        };
        let least = sold_out_ttl.map_or(least, |life| least.min(days(life.micros())));
        let renewed = renewed_within.unwrap_or(f64::INFINITY);
        demand(
            least.is_infinite() || least > renewed,
            "entries expire before they are renewed",
        )?;
        demand(self.purges() == 0.0, "entries are purged")?;
        demand(capacity.is_none(), "the cache is bounded")
    }

    /// Purges of an entry a day.
    pub(super) fn purges(&self) -> f64 {
        match self.design.cache.purge {
            Purge::None => 0.0,
            Purge::Random(random) => random.per_day.get(),
        }
    }

    /// The warm-up is at least so long, in days.
    pub(super) fn demand_warm(&self, least: f64) -> Result<(), String> {
        demand(self.warm >= least, SHORT)
    }

    /// What is left of the start is nothing to speak of.
    pub(super) fn demand_settled(&self, left: f64) -> Result<(), String> {
        demand(left <= super::NEGLIGIBLE, SHORT)
    }

    /// Adds what follows from the counts that are expected, and what is certain.
    pub(super) fn price(&self, said: &mut Vec<Prediction>) {
        // Counts that are paid for alone.
        let counted = [
            ("deltas", "deltas"),
            ("asks_poll", "polls"),
            ("asks_shown", "shown"),
            ("observations", "observations"),
            ("searches", "cache_reads"),
        ];
        for (count, item) in counted {
            let expected = said.iter().find_map(|of| match of.metric {
                MetricPath::Count(name) if name == count => Some((of.expected, of.source)),
                _ => None,
            });
            if let Some((expected, source)) = expected {
                let formula = "how many a day, times the price of each";
                said.extend(self.bill(item, expected, formula, source));
            }
        }
        let components = f64::from(self.design.operations.components);
        let formula = "components, times the price of each";
        said.extend(self.bill("components", components, formula, super::CERTAIN));
    }

    /// What so much of an item costs; nothing is said of what costs nothing.
    fn bill(
        &self,
        key: &str,
        used: f64,
        formula: &'static str,
        source: &'static str,
    ) -> Option<Prediction> {
        let index = ITEMS.iter().position(|item| item.key == key)?;
        let price = self.prices.by_name(prices_of(self.design)[index])?;
        let usd = used * price.usd_each();
        (usd > 0.0).then_some(Prediction {
            metric: MetricPath::Cost(Line::by_key(key)?),
            expected: usd,
            formula,
            source,
        })
    }
}

const SHORT: &str = "the warm-up is too short for what it holds at the start to be forgotten";

/// Shares of stays and their factors.
fn factors(world: &TwoState) -> Vec<(f64, f64)> {
    if let Some(RateSpread::Gamma(gamma)) = world.rate_spread {
        return of_gamma(gamma.shape.get());
    }
    if world.rate_classes.is_empty() {
        return vec![(1.0, 1.0)];
    }
    let stays = u64::from(world.stays.get());
    let sizes = class_sizes(&world.rate_classes, stays).into_iter();
    sizes
        .zip(&world.rate_classes)
        .map(|(size, class)| (size as f64 / stays as f64, class.times.get()))
        .collect()
}

/// Points and weights for the mean over a gamma variate of mean 1: with x = v^m and m·k of 4 or more the
/// density in v is smooth, k^k/Γ(k)·m·v^(mk − 1)·e^(−k v^m), however small the shape k.
fn of_gamma(k: f64) -> Vec<(f64, f64)> {
    let m = math::floor(4.0 / k + 1.0);
    let root = |x: f64| math::pow(x, 1.0 / m);
    let reach = 12.0 / math::sqrt(k);
    let (from, to) = (root((1.0 - reach).max(0.0)), root(1.0 + reach + 40.0 / k));
    let scale = k * math::log(k) - libm::lgamma(k) + math::log(m);
    let density = |v: f64| {
        if v > 0.0 {
            math::exp(scale + (m * k - 1.0) * math::log(v) - k * math::pow(v, m))
        } else {
            0.0
        }
    };
    let points: Vec<(f64, f64)> = nodes(from, to, 4_000)
        .map(|(v, weight)| (weight * density(v), math::pow(v, m)))
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    let sum: f64 = points.iter().map(|(weight, _)| weight).sum();
    let of_one = |(weight, times): (f64, f64)| (weight / sum, times);
    points.into_iter().map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of e^(−sX) is (1 + s/k)^(−k).
    #[test]
    fn gamma_variates_have_their_transform() {
        for k in [0.01, 0.05, 0.3, 0.5, 1.0, 1.5, 3.0, 30.0, 1e4, 1e6] {
            let points = of_gamma(k);
            for s in [0.0, 0.01, 1.0, 20.0, 1e4] {
                let mean: f64 = points.iter().map(|(w, x)| w * math::exp(-s * x)).sum();
                let exact = math::exp(-k * math::log1p(s / k));
                assert!((mean - exact).abs() < 1e-7, "{k}, {s}: {mean}, not {exact}");
            }
            let mean: f64 = points.iter().map(|(w, x)| w * x).sum();
            assert!((mean - 1.0).abs() < 1e-7, "{k}: {mean}");
        }
    }
}
