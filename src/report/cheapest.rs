//! The cheapest design that is right enough: the question that most reviews end with.

use super::results::{Judgement, Results};
use super::{human, readable};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::{self, Metric};
use crate::measure::path::MetricPath;

/// What can be asked of a design, by the keys of metrics: shares of which more is better.
pub const QUALITIES: [&str; 4] = ["accuracy", "search_accuracy", "freshness", "hit_ratio"];

/// What it may cost, by the keys of metrics.
pub const COSTS: [&str; 2] = ["total_usd_per_day", "cost_usd_per_day"];

/// A question: the least of a quality that will do, and the cost that is to be low.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// One of [`QUALITIES`].
    pub quality: &'static Metric,
    /// At least so much of it, from 0 to 1.
    pub least: f64,
    /// One of [`COSTS`].
    pub cost: &'static Metric,
}

impl Wanted {
    /// By keys; `None` for others.
    #[must_use]
    pub fn new(quality: &str, least: f64, cost: &str) -> Option<Self> {
        let known = QUALITIES.contains(&quality) && COSTS.contains(&cost);
        Some(Self {
            quality: metrics::by_key(quality).filter(|_| known)?,
            least,
            cost: metrics::by_key(cost)?,
        })
    }

    /// Whether each design that can be chosen, by its place, reaches it; `None` where it has no such number. Where
    /// replicates leave it open, it is undecided.
    #[must_use]
    pub fn reached(&self, results: &Results) -> Vec<Option<Judgement>> {
        // Chance has a part in every quality of a design that can be chosen.
        let judge = |of: Estimate| Judgement::of(&of, (Some(self.least), None), false);
        let path = MetricPath::Metric(self.quality);
        let designs = results.designs.iter().take(results.choices());
        designs
            .map(|design| design.estimate(&path).map(judge))
            .collect()
    }

    /// The place of the cheapest design that reaches it for sure.
    #[must_use]
    pub fn cheapest(&self, results: &Results) -> Option<usize> {
        self.cheapest_of(results, &[Judgement::Held])
    }

    fn cheapest_of(&self, results: &Results, judged: &[Judgement]) -> Option<usize> {
        let reached = self.reached(results).into_iter().enumerate();
        let reached = reached.filter(|(_, of)| of.is_some_and(|of| judged.contains(&of)));
        let priced = reached.filter_map(|(place, _)| Some((place, self.cost_of(results, place)?)));
        let least = priced.min_by(|(_, one), (_, other)| one.mean.total_cmp(&other.mean));
        least.map(|(place, _)| place)
    }

    fn cost_of(&self, results: &Results, place: usize) -> Option<Estimate> {
        let design = &results.designs[place];
        design.estimate(&design.at_size(self.cost))
    }

    /// What the other cost would have answered, where that is another design.
    #[must_use]
    pub fn otherwise(&self, results: &Results) -> Option<String> {
        let other = COSTS.iter().find(|key| **key != self.cost.key)?;
        let other = Self {
            cost: metrics::by_key(other)?,
            ..self.clone()
        };
        let place = other.cheapest(results)?;
        let is_other = self.cheapest(results).is_some_and(|own| own != place);
        is_other.then(|| {
            let name = human::quoted(&results.designs[place].name);
            format!("By {} it would be {name}.", other.cost.title.to_lowercase())
        })
    }

    /// The answer in a sentence.
    #[must_use]
    pub fn answer(&self, results: &Results) -> String {
        let told = |place: usize| {
            let design = &results.designs[place];
            let quality = design.estimate(&MetricPath::Metric(self.quality));
            let quality = quality.map(|of| readable::show(&of, self.quality.unit).mean);
            let cost = self.cost_of(results, place);
            let cost = cost.map(|of| readable::show(&of, self.cost.unit).mean);
            format!(
                "{}, {} a day, with {}",
                human::quoted(&design.name),
                cost.unwrap_or_default(),
                quality.unwrap_or_default()
            )
        };
        let sure = self.cheapest(results);
        let any = self.cheapest_of(results, &[Judgement::Held, Judgement::Undecided]);
        match (sure, any) {
            (Some(sure), Some(any)) if sure == any => format!("{}.", told(sure)),
            (Some(sure), Some(any)) => format!(
                "{}. {} may do: more replicates would tell.",
                told(sure),
                told(any)
            ),
            (None, Some(any)) => format!(
                "none for sure. {} may do: more replicates would tell.",
                told(any)
            ),
            _ => "no design here reaches it.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn results(of: &[(&str, f64, [f64; 2], f64)]) -> Results {
        let designs: Vec<Value> = of
            .iter()
            .map(|(name, mean, ci95, cost)| {
                json!({ "name": name, "costs": {}, "counts_per_day": {}, "feeds": {}, "audits": {},
                    "series": { "hour": [] }, "events": [],
                    "metrics": { "accuracy": { "mean": mean, "sd": 0.001, "ci95": ci95 },
                                 "cost_usd_per_day": { "mean": cost }, "total_usd_per_day": { "mean": cost } } })
            })
            .collect();
        let results = json!({
            "stayfresh": { "version": "0", "results": 1 }, "scenario": {}, "scenario_hash": "s",
            "results_hash": "r", "replicates": 8, "designs": designs, "differences": []
        });
        serde_json::from_value(results).expect("results")
    }

    #[test]
    fn the_cheapest_that_is_surely_good_enough_is_found() {
        let all = results(&[
            ("dear", 0.999, [0.998, 0.9995], 900.0),
            ("fair", 0.985, [0.982, 0.988], 20.0),
            ("open", 0.981, [0.978, 0.984], 10.0),
            ("poor", 0.9, [0.89, 0.91], 1.0),
        ]);
        let asked = |least| Wanted::new("accuracy", least, "cost_usd_per_day").expect("known");
        assert_eq!(asked(0.98).cheapest(&all), Some(1));
        assert_eq!(
            asked(0.98).reached(&all),
            [
                Judgement::Held,
                Judgement::Held,
                Judgement::Undecided,
                Judgement::Missed
            ]
            .map(Some)
        );
        let said = asked(0.98).answer(&all);
        assert!(said.starts_with("“fair”, $20.00 a day"), "{said}");
        assert!(said.contains("“open”") && said.contains("may do"), "{said}");
        assert_eq!(asked(0.5).cheapest(&all), Some(3));
        assert!(!asked(0.5).answer(&all).contains("may do"));
        assert_eq!(asked(0.9999).cheapest(&all), None);
        assert_eq!(asked(0.9999).answer(&all), "no design here reaches it.");
        assert_eq!(
            asked(0.98).otherwise(&all),
            None,
            "both costs are the same here"
        );
        let mut errors = all.clone();
        let total = errors.designs[0].metrics.get_mut("total_usd_per_day");
        total.expect("a total").mean = 0.5;
        assert_eq!(
            asked(0.98).otherwise(&errors).as_deref(),
            Some("By total cost it would be “dear”.")
        );
        assert!(Wanted::new("staleness_s", 0.5, "cost_usd_per_day").is_none());
        let none = results(&[]);
        assert_eq!(asked(0.5).answer(&none), "no design here reaches it.");
    }
}
