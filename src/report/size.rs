//! The sizes that numbers are for: what is simulated, and what it stands for. What grows with hotels says which.

use serde_json::Value as Json;

use super::human;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;

/// How large a board is simulated, and how large one it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// What is simulated: `40 hotels`.
    pub simulated: String,
    /// What it stands for: `100,000 hotels`.
    pub represented: String,
}

impl Sizes {
    /// Of a scenario as results have it; nothing where the simulated size is the only one.
    #[must_use]
    pub fn of(scenario: &Json) -> Option<Self> {
        let worlds = [
            ("hotels", "count", "hotels"),
            ("two_state", "stays", "stays"),
            ("trace", "", "hotels"),
        ];
        worlds.into_iter().find_map(|(world, count, what)| {
            let world = scenario.get("world")?.get(world)?;
            let number = |key: &str| {
                let number = world.get(key)?.as_u64()?;
                Some(format!("{} {what}", human::whole(number)))
            };
            Some(Self {
                simulated: number(count).unwrap_or_else(|| format!("the trace’s {what}")),
                represented: number("represents")?,
            })
        })
    }

    /// The size that a number is for, in a few words; nothing where it is for any.
    #[must_use]
    pub fn said(&self, path: &MetricPath) -> Option<String> {
        match path {
            MetricPath::RepresentedCost(_) => Some(format!("for {}", self.represented)),
            MetricPath::Cost(_) | MetricPath::Count(_) => Some(self.as_simulated()),
            MetricPath::Metric(metric) | MetricPath::Feed(_, metric) => {
                let grows = matches!(metric.unit, Unit::UsdPerDay | Unit::PerSecond | Unit::Count);
                grows.then(|| self.as_simulated())
            }
            MetricPath::Audit(..) | MetricPath::Audience(..) => None,
        }
    }

    fn as_simulated(&self) -> String {
        format!("as simulated: {}", self.simulated)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_grows_with_hotels_says_for_how_many() {
        let scenario = json!({ "world": { "hotels": { "count": 40, "represents": 100_000 } } });
        let sizes = Sizes::of(&scenario).expect("has two sizes");
        let said = |path: &str| sizes.said(&path.parse().expect("a path"));
        assert_eq!(
            said("represented_costs/running").as_deref(),
            Some("for 100,000 hotels")
        );
        for simulated in ["cost_usd_per_day", "live_asks_peak_per_s", "costs/total"] {
            assert_eq!(said(simulated).as_deref(), Some("as simulated: 40 hotels"));
        }
        for any in ["accuracy", "staleness_s", "audits/panel/bias"] {
            assert_eq!(said(any), None);
        }
        let trace = json!({ "world": { "trace": { "represents": 9 } } });
        let sizes = Sizes::of(&trace).expect("has two sizes");
        assert_eq!(sizes.simulated, "the trace’s hotels");
        let one = json!({ "world": { "hotels": { "count": 40 } } });
        assert_eq!(Sizes::of(&one), None);
    }
}
