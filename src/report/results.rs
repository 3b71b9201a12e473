//! The results file: the same on the page and on the command line.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};

use crate::measure::estimate::Estimate;
use crate::measure::metrics::Metric;
use crate::measure::path::MetricPath;
use crate::scenario::Expectation;
use crate::scenario::audience::Need;

/// Everything one run found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Who made it.
    pub stayfresh: About,
    /// The scenario with every default filled in.
    pub scenario: serde_json::Value,
    /// Of the resolved scenario's text.
    pub scenario_hash: String,
    /// Of the bits of every number below, in order.
    pub results_hash: String,
    /// Replicates that are in the numbers.
    pub replicates: u32,
    /// One a design, in the scenario's order.
    pub designs: Vec<DesignResults>,
    /// Each design against each before it, paired by replicate; [`Results::difference`] finds one.
    pub differences: Vec<Difference>,
    /// Which designs none of the others beats in everything.
    #[serde(default)]
    pub frontier: Vec<Standing>,
    /// Whether each design is fit for each audience.
    #[serde(default)]
    pub audiences: Vec<AudienceResults>,
    /// What it comes to, in words.
    #[serde(default)]
    pub verdict: Verdict,
    /// What was expected, and whether it holds.
    #[serde(default)]
    pub expect: Vec<Expected>,
    /// What theory says of a design, where it has a closed form as it stands.
    #[serde(default)]
    pub theory: Vec<Theory>,
    /// Of which designs it says nothing, and why.
    #[serde(default)]
    pub untold: Vec<Untold>,
}

impl Results {
    /// How many of the designs can be chosen: bounds, which come last, cannot.
    #[must_use]
    pub fn choices(&self) -> usize {
        let written = self.scenario["designs"].as_array().map(Vec::len);
        written.map_or(self.designs.len(), |written| {
            written.min(self.designs.len())
        })
    }

    /// The design of this name.
    #[must_use]
    pub fn design(&self, name: &str) -> Option<&DesignResults> {
        self.designs.iter().find(|design| design.name == name)
    }

    /// A metric of a design less that of another, whichever of the two comes first in the file.
    #[must_use]
    pub fn difference(&self, of: &str, versus: &str, metric: &str) -> Option<Difference> {
        self.differences.iter().find_map(|difference| {
            let is = |a: &str, b: &str| difference.of == a && difference.versus == b;
            if difference.metric != metric {
                None
            } else if is(of, versus) {
                Some(difference.clone())
            } else if is(versus, of) {
                Some(Difference {
                    of: of.to_owned(),
                    versus: versus.to_owned(),
                    metric: metric.to_owned(),
                    mean: -difference.mean,
                    ci95: difference.ci95.map(|[low, high]| [-high, -low]),
                })
            } else {
                None
            }
        })
    }
}

/// A number of a design by a formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Theory {
    /// The design.
    pub design: String,
    /// Which number, by its path.
    pub metric: String,
    /// What it is expected to be.
    pub expected: f64,
    /// In symbols.
    pub formula: String,
    /// Where the formula is from.
    pub source: String,
}

/// A design of which theory says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untold {
    /// The design.
    pub design: String,
    /// What forbids a closed form, in a few words.
    pub why: String,
}

/// Who made a results file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The program's version.
    pub version: String,
    /// The version of the results format.
    #[serde(deserialize_with = "readable")]
    pub results: u32,
}

/// The version of the results format that this program writes, and the latest that it reads.
const FORMAT: u32 = 1;

/// A version of the format; of a later one nobody knows what it means.
fn readable<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(from)?;
    if version > FORMAT {
        let found = format!(
            "results of format {version}, and this program reads up to {FORMAT}: take a newer one"
        );
        return Err(serde::de::Error::custom(found));
    }
    Ok(version)
}

impl About {
    /// This program, and the results format that it writes.
    #[must_use]
    pub fn this() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            results: FORMAT,
        }
    }
}

/// One design's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DesignResults {
    /// The design's name.
    pub name: String,
    /// By metric key, in the order of [`crate::measure::metrics::METRICS`]; absent where undefined.
    pub metrics: IndexMap<String, Estimate>,
    /// US dollars a day by item; at the represented size where there is one.
    pub costs: IndexMap<String, Cost>,
    /// Things that happened, per measured day.
    pub counts_per_day: IndexMap<String, Estimate>,
    /// By feed, then metric key; absent where undefined.
    pub feeds: IndexMap<String, IndexMap<String, Estimate>>,
    /// By audit.
    pub audits: IndexMap<String, AuditResults>,
    /// Means over replicates, hour by hour after the warm-up.
    pub series: Series,
    /// How numbers are spread, by key: `served_staleness_s`, over hits. Absent where undefined.
    #[serde(default)]
    pub distributions: IndexMap<String, Distribution>,
    /// What became of each of the scenario's faults that befell it and lasted, in the order in which they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Struck>,
    /// What happened to the design as a whole, in the first replicate.
    pub events: Vec<Happened>,
}

/// What became of a fault: whether it was noticed while it lasted, when, and by what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Struck {
    /// Its place in the scenario's list, from 0.
    pub place: u32,
    /// The fault: `outage`, `leak` …
    pub fault: String,
    /// When it began, in hours since the end of the warm-up.
    pub hour: f64,
    /// So many replicates there were.
    pub replicates: u32,
    /// In so many of them something noticed it.
    pub noticed: u32,
    /// Hours from its beginning to the first alert of it, over those replicates; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after_h: Option<Estimate>,
    /// What noticed it first.
    pub by: Vec<Watcher>,
}

/// What noticed a fault first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watcher {
    /// An audit; without one, the monitoring of the design's feeds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audit: Option<String>,
    /// In so many replicates.
    pub replicates: u32,
}

/// One audit's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditResults {
    /// By metric key; absent where undefined.
    #[serde(flatten)]
    pub metrics: IndexMap<String, Estimate>,
    /// When it noticed each of the scenario's faults that befell the design; none where it has no alert.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub faults: Vec<Noticed>,
    /// What it said in the first replicate.
    pub waves: AuditWaves,
}

/// When an audit noticed a fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Noticed {
    /// The fault: `outage`, `leak` …
    pub fault: String,
    /// When it began, in hours since the end of the warm-up.
    pub hour: f64,
    /// Share of replicates in which an alert came while it lasted.
    pub detected: f64,
    /// Hours from its beginning to that alert, over those replicates; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after_h: Option<Estimate>,
}

/// What an audit said, wave by wave, against the truth.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AuditWaves {
    /// Hours since the end of the warm-up.
    pub hour: Vec<f64>,
    /// The estimate of the accuracy.
    pub estimate: Vec<Option<f64>>,
    /// The interval's lower end.
    pub low: Vec<Option<f64>>,
    /// The interval's upper end.
    pub high: Vec<Option<f64>>,
    /// The accuracy over all stays.
    pub truth: Vec<Option<f64>>,
    /// Whether its alert was up; empty where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub alert: Vec<bool>,
}

/// Something that happened to a design as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Happened {
    /// Hours since the end of the warm-up.
    pub hour: f64,
    /// The feed, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub feed: Option<String>,
    /// The fault, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<String>,
    /// What happened.
    pub what: String,
}

impl DesignResults {
    /// The number with this path; nothing where it is not defined. What audiences found is in
    /// [`Results::audiences`].
    #[must_use]
    pub fn estimate(&self, path: &MetricPath) -> Option<Estimate> {
        let found = match path {
            MetricPath::Metric(metric) => self.metrics.get(metric.key),
            MetricPath::Cost(line) => self.costs.get(line.key()).map(|cost| &cost.usd_per_day),
            MetricPath::RepresentedCost(line) => {
                let cost = self.costs.get(line.key())?;
                cost.represented_usd_per_day.as_ref()
            }
            MetricPath::Count(name) => self.counts_per_day.get(*name),
            MetricPath::Feed(feed, metric) => self.feeds.get(feed)?.get(metric.key),
            MetricPath::Audit(audit, metric) => self.audits.get(audit)?.metrics.get(metric.key),
            MetricPath::Audience(..) => None,
        };
        found.copied()
    }

    /// Where a metric stands: money at the size that the board stands for, if it stands for one, as in the verdict and
    /// in the charts.
    #[must_use]
    pub fn at_size(&self, metric: &'static Metric) -> MetricPath {
        let represented = MetricPath::represented(metric);
        represented
            .filter(|path| self.estimate(path).is_some())
            .unwrap_or(MetricPath::Metric(metric))
    }
}

/// One item of the bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// US dollars a day for what was simulated.
    pub usd_per_day: Estimate,
    /// US dollars a day at the represented size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub represented_usd_per_day: Option<Estimate>,
}

/// Curves over time: a point an hour, at the hour's start; the last hour may be shorter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Hours since the end of the warm-up.
    pub hour: Vec<f64>,
    /// By key (accuracy, freshness, staleness_s, coverage …); null where undefined.
    #[serde(flatten)]
    pub curves: IndexMap<String, Vec<Option<f64>>>,
}

/// How a number is spread: which share of all is above each of some values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// The values, going up, from 0 to the first that nothing is above, if there is one.
    pub than: Vec<f64>,
    /// The share that is above each, in each replicate; then over replicates.
    pub above: Vec<Estimate>,
}

/// A paired difference between two designs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The design.
    pub of: String,
    /// The design it is compared with.
    pub versus: String,
    /// The metric's key.
    pub metric: String,
    /// Mean over replicates of the difference.
    pub mean: f64,
    /// 95 % interval, from two replicates on.
    pub ci95: Option<[f64; 2]>,
}

/// How a design stands among the others in accuracy, staleness and running cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The design.
    pub design: String,
    /// Whether no other design is, on average, as good in all three and better in one.
    pub undominated: bool,
    /// Share of replicates in which it is so.
    pub probability: f64,
    /// Those that are, on average, as good in all three and better in one.
    pub dominated_by: Vec<String>,
}

/// What was expected, and whether it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// What was expected.
    #[serde(flatten)]
    pub expectation: Expectation,
    /// What was found, mean over replicates; absent where it is not defined.
    pub mean: Option<f64>,
    /// Its 95 % interval, from two replicates on.
    pub ci95: Option<[f64; 2]>,
    /// About how many replicates would decide it, where they have not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub needs_replicates: Option<u32>,
    /// Whether it holds.
    pub verdict: Judgement,
}

/// Whether something expected holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The whole interval satisfies it.
    Held,
    /// None of the interval does.
    Missed,
    /// The interval holds the limit, or there is none.
    Undecided,
}

impl Judgement {
    /// Whether an estimate is within its limit, `(at_least, at_most)`: held if the whole 95 % interval is, missed if
    /// none of it is. `certain`: chance has no part in it, so that replicates that all agree prove it.
    #[must_use]
    pub fn of(estimate: &Estimate, limits: (Option<f64>, Option<f64>), certain: bool) -> Self {
        let Some([low, high]) = estimate.ci95 else {
            return Self::Undecided;
        };
        let (whole, none) = match limits {
            (Some(least), _) => (low >= least, high < least),
            (_, Some(most)) => (high <= most, low > most),
            (None, None) => (false, false),
        };
        // Replicates that all agree may have agreed by chance.
        let agreed = low == high && !certain;
        match (whole, none) {
            (true, _) if !agreed => Self::Held,
            (_, true) => Self::Missed,
            _ => Self::Undecided,
        }
    }
}

/// What an audience finds of each design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudienceResults {
    /// The audience.
    pub name: String,
    /// By design, in the scenario's order.
    pub designs: Vec<Fitness>,
}

/// Whether a design is fit for an audience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitness {
    /// The design.
    pub design: String,
    /// What the audience finds, as it reads and weighs: by key; absent where undefined.
    pub metrics: IndexMap<String, Estimate>,
    /// What it needs, and whether that holds.
    pub needs: Vec<Needed>,
    /// Whether all needs hold: `held`, fit; `missed`, unfit. Absent where nothing is needed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verdict: Option<Judgement>,
    /// The numbers that say otherwise.
    pub misled_by: Vec<Misleading>,
}

/// What an audience needs, and whether it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Needed {
    /// The need.
    #[serde(flatten)]
    pub need: Need,
    /// What was found, mean over replicates; absent where it is not defined.
    pub mean: Option<f64>,
    /// Its 95 % interval.
    pub ci95: Option<[f64; 2]>,
    /// Whether it holds.
    pub verdict: Judgement,
}

/// A number that says of a need the opposite of what holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Misleading {
    /// The need's metric.
    pub need: String,
    /// The number's path.
    pub metric: String,
    /// Its mean.
    pub mean: f64,
    /// What it says.
    pub says: Judgement,
}

/// What a comparison comes to, in words made from its numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What wins on what, by how much, how sure, and what it rests on.
    pub sentences: Vec<Sentence>,
    /// What a reviewer should know before believing it.
    pub warnings: Vec<Warning>,
}

/// One sentence of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// What it is about: `accuracy`, `total_cost`, `break_even`, `audits` …
    pub about: String,
    /// The sentence.
    pub text: String,
}

/// What a reviewer should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Of which designs; of the whole comparison, if of none.
    pub designs: Vec<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What it says.
    pub says: String,
}

/// How much a warning matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The design does not work as it stands, or nothing can be concluded.
    Hard,
    /// The numbers need care.
    Soft,
}

impl Severity {
    /// How it is called, in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hard => "Serious",
            Self::Soft => "Note",
        }
    }
}
