//! The numbers of a design by their paths in the results file: `accuracy`, `costs/polls`,
//! `audits/panel/bias`.

use std::fmt;
use std::str::FromStr;

use super::audience::{AUDIENCE_METRICS, AudienceMetric};
use super::estimate::Scale;
use super::metrics::{self, Better, METRICS, Metric, Unit};
use super::tally::Counters;
use super::values::{AUDIT_METRICS, AuditMetric, FEED_METRICS, Line, Outcome};
use crate::design::Design;

/// Which number of a design.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricPath {
    /// A metric.
    Metric(&'static Metric),
    /// A line of the bill, in US dollars a day for what was simulated.
    Cost(Line),
    /// The same at the represented size; absent in a world that stands for nothing but itself.
    RepresentedCost(Line),
    /// How often something happened, a day.
    Count(&'static str),
    /// A metric of one feed.
    Feed(String, &'static Metric),
    /// A metric of one audit.
    Audit(String, &'static AuditMetric),
    /// What an audience finds.
    Audience(String, &'static AudienceMetric),
}

/// A path that names no number, and the nearest that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What was asked for.
    pub path: String,
    /// What may be meant, if something is near.
    pub near: Option<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no metric {:?}", self.path)?;
        match &self.near {
            Some(near) => write!(f, "; did you mean {near:?}?"),
            None => write!(
                f,
                "; expected a metric such as \"accuracy\", or \"costs/polls\""
            ),
        }
    }
}

impl std::error::Error for Unknown {}

impl MetricPath {
    /// The metric with this key, which must be one of [`METRICS`].
    ///
    /// # Panics
    /// When it is not: keys are written by us.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self::Metric(metrics::by_key(key).expect("a metric's key"))
    }

    /// The metric of an audit with this key, which must be one of [`AUDIT_METRICS`].
    ///
    /// # Panics
    /// When it is not: keys are written by us.
    #[must_use]
    pub fn of_audit(audit: &str, key: &str) -> Self {
        let metric = AUDIT_METRICS.iter().find(|metric| metric.key == key);
        Self::Audit(audit.to_owned(), metric.expect("an audit metric's key"))
    }

    /// A metric as an audience reads it, where it reads it in its own way; else the design's.
    ///
    /// # Errors
    /// When there is no such metric.
    pub fn read_by(audience: &str, metric: &str) -> Result<Self, Unknown> {
        match AUDIENCE_METRICS.iter().find(|of| of.key == metric) {
            Some(metric) => Ok(Self::Audience(audience.to_owned(), metric)),
            None => metric.parse(),
        }
    }

    /// The same, where an audience is named; else the design's.
    ///
    /// # Errors
    /// When there is no such metric.
    pub fn read_for(audience: Option<&str>, metric: &str) -> Result<Self, Unknown> {
        match audience {
            Some(audience) => Self::read_by(audience, metric),
            None => metric.parse(),
        }
    }

    /// The same sum of money at the size that the board stands for; nothing of what is not money.
    #[must_use]
    pub fn represented(metric: &Metric) -> Option<Self> {
        let sum = match metric.key {
            "cost_usd_per_day" => "running",
            "error_usd_per_day" => "errors",
            "total_usd_per_day" => "total",
            _ => return None,
        };
        Line::by_key(sum).map(Self::RepresentedCost)
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Metric(metric) => metric.title.to_owned(),
            Self::Cost(line) | Self::RepresentedCost(line) => line.title().to_owned(),
            Self::Count(name) => format!("{} a day", name.replace('_', " ")),
            Self::Feed(feed, metric) => format!("{} of {feed}", metric.title),
            Self::Audit(audit, metric) => format!("{}, by {audit}", metric.title),
            Self::Audience(audience, metric) => format!("{} for {audience}", metric.title),
        }
    }

    /// How it is printed.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Metric(metric) | Self::Feed(_, metric) => metric.unit,
            Self::Cost(_) | Self::RepresentedCost(_) => Unit::UsdPerDay,
            Self::Count(_) => Unit::Count,
            Self::Audit(_, metric) => metric.unit,
            Self::Audience(_, metric) => metric.unit,
        }
    }

    /// Which way is better.
    #[must_use]
    pub fn better(&self) -> Better {
        match self {
            Self::Metric(metric) | Self::Feed(_, metric) => metric.better,
            Self::Cost(_) | Self::RepresentedCost(_) => Better::Lower,
            Self::Count(_) | Self::Audit(..) | Self::Audience(..) => Better::Neither,
        }
    }

    /// The scale on which its interval is symmetric.
    #[must_use]
    pub fn scale(&self) -> Scale {
        match (self, self.unit()) {
            (_, Unit::Share) => Scale::Logit,
            (_, Unit::UsdPerDay) => Scale::Log,
            _ => Scale::Plain,
        }
    }

    /// Whether replicates in which it is not defined are left out of its mean. A fault that was never noticed
    /// says nothing of how long the others took; of all else, the rest would not be like what is missing.
    #[must_use]
    pub fn leaves_out_undefined(&self) -> bool {
        matches!(self, Self::Audit(..))
    }

    /// Its value in one replicate of a design. `represents`: so many times the simulated world is stood for.
    #[must_use]
    pub fn value(
        &self,
        outcome: &Outcome,
        design: &Design,
        represents: Option<f64>,
    ) -> Option<f64> {
        match self {
            Self::Metric(metric) => outcome.metrics.get(metric.key),
            Self::Cost(line) => Some(line.usd(&outcome.costs, 1.0)),
            Self::RepresentedCost(line) => Some(line.usd(&outcome.costs, represents?)),
            Self::Count(name) => {
                let index = Counters::NAMES.iter().position(|of| of == name)?;
                outcome.counts_per_day.get(index).copied()
            }
            Self::Feed(feed, metric) => {
                let index = design.feeds.iter().position(|of| of.name == *feed)?;
                let slot = FEED_METRICS.iter().position(|key| *key == metric.key)?;
                *outcome.feeds.get(index)?.get(slot)?
            }
            Self::Audit(audit, metric) => {
                let index = design.audits.iter().position(|of| of.name == *audit)?;
                outcome.audits.get(index)?.get(metric.key)
            }
            Self::Audience(audience, metric) => {
                let mut found = outcome.audiences.iter();
                let (_, found) = found.find(|(name, _)| name == audience)?;
                found.get(metric.key)
            }
        }
    }

    /// All numbers of a design, in the order of every file and hash: metrics, costs, counts, feeds, audits.
    #[must_use]
    pub fn all_of(design: &Design) -> Vec<Self> {
        let feeds = design.feeds.iter().flat_map(|feed| {
            let metrics = FEED_METRICS.iter().filter_map(|key| metrics::by_key(key));
            metrics.map(|metric| Self::Feed(feed.name.clone(), metric))
        });
        let audits = design.audits.iter().flat_map(|audit| {
            let metrics = AUDIT_METRICS.iter();
            metrics.map(|metric| Self::Audit(audit.name.clone(), metric))
        });
        let costs = Line::all().flat_map(|line| [Self::Cost(line), Self::RepresentedCost(line)]);
        METRICS
            .iter()
            .map(Self::Metric)
            .chain(costs)
            .chain(Counters::NAMES.iter().map(|name| Self::Count(name)))
            .chain(feeds)
            .chain(audits)
            .collect()
    }
}

impl fmt::Display for MetricPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metric(metric) => f.write_str(metric.key),
            Self::Cost(line) => write!(f, "costs/{}", line.key()),
            Self::RepresentedCost(line) => write!(f, "represented_costs/{}", line.key()),
            Self::Count(name) => write!(f, "counts_per_day/{name}"),
            Self::Feed(feed, metric) => write!(f, "feeds/{feed}/{}", metric.key),
            Self::Audit(audit, metric) => write!(f, "audits/{audit}/{}", metric.key),
            Self::Audience(audience, metric) => write!(f, "audiences/{audience}/{}", metric.key),
        }
    }
}

impl FromStr for MetricPath {
    type Err = Unknown;

    /// Reads a path. Names of feeds and audits are taken as they stand: whether a design has them is for the
    /// caller to see.
    fn from_str(path: &str) -> Result<Self, Unknown> {
        // A name may hold a slash, a key does not.
        let of_named = |rest: &str| {
            rest.rsplit_once('/')
                .map(|(n, key)| (n.to_owned(), key.to_owned()))
        };
        let found = match path.split_once('/') {
            None => metrics::by_key(path).map(Self::Metric),
            Some(("costs", key)) => Line::by_key(key).map(Self::Cost),
            Some(("represented_costs", key)) => Line::by_key(key).map(Self::RepresentedCost),
            Some(("counts_per_day", key)) => {
                let mut names = Counters::NAMES.iter();
                names
                    .find(|name| **name == key)
                    .map(|name| Self::Count(name))
            }
            Some(("feeds", rest)) => of_named(rest).and_then(|(name, key)| {
                let key = FEED_METRICS.iter().find(|of| **of == key)?;
                Some(Self::Feed(name, metrics::by_key(key)?))
            }),
            Some(("audits", rest)) => of_named(rest).and_then(|(name, key)| {
                let metric = AUDIT_METRICS.iter().find(|of| of.key == key)?;
                Some(Self::Audit(name, metric))
            }),
            Some(("audiences", rest)) => of_named(rest).and_then(|(name, key)| {
                let metric = AUDIENCE_METRICS.iter().find(|of| of.key == key)?;
                Some(Self::Audience(name, metric))
            }),
            Some(_) => None,
        };
        found.ok_or_else(|| Unknown {
            path: path.to_owned(),
            near: nearest(path),
        })
    }
}

/// The known path most like this one, if any is like it.
fn nearest(path: &str) -> Option<String> {
    let (parent, key) = path
        .rsplit_once('/')
        .map_or(("", path), |(p, key)| (p, key));
    let keys: Vec<&str> = match parent.split('/').next() {
        Some("") => METRICS.iter().map(|metric| metric.key).collect(),
        Some("costs" | "represented_costs") => Line::all().map(Line::key).collect(),
        Some("counts_per_day") => Counters::NAMES.to_vec(),
        Some("feeds") => FEED_METRICS.to_vec(),
        Some("audiences") => AUDIENCE_METRICS.iter().map(|metric| metric.key).collect(),
        Some("audits") => AUDIT_METRICS.iter().map(|metric| metric.key).collect(),
        _ => return None,
    };
    let near = crate::scenario::problem::nearest(key, keys)?;
    Some(if parent.is_empty() {
        near.to_owned()
    } else {
        format!("{parent}/{near}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        let design: Design = serde_json::from_value(serde_json::json!({
            "name": "d",
            "feeds": [{"name": "a/b", "source": {"inventory": {}}, "delivery": {"pull": {"every": "1h"}}}],
            "audits": [{"name": "panel", "panel": {"size": 10, "every": "6h"}}],
        }))
        .expect("a design");
        let all = MetricPath::all_of(&design);
        for path in &all {
            assert_eq!(path.to_string().parse().as_ref(), Ok(path));
        }
        let text: Vec<String> = all.iter().map(ToString::to_string).collect();
        for path in [
            "accuracy",
            "costs/polls",
            "feeds/a/b/feed_lost",
            "audits/panel/bias",
        ] {
            assert!(text.iter().any(|of| of == path), "{path}");
        }
    }

    #[test]
    fn what_is_misspelt_is_guessed() {
        for (path, near) in [
            ("acuracy", Some("accuracy")),
            ("costs/pols", Some("costs/polls")),
            ("audits/panel/bais", Some("audits/panel/bias")),
            ("nothing/like/it", None),
        ] {
            let unknown = path.parse::<MetricPath>().expect_err(path);
            assert_eq!(unknown.near.as_deref(), near, "{path}");
        }
    }
}
