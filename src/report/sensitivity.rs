//! What a difference rests on, as a file and as a tornado of text.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::human;
use super::results::About;
use super::table::{aligned, visible};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::{Better, Unit};
use crate::measure::path::MetricPath;
use crate::scenario::vary::written;
use crate::study::asked::Asked;
use crate::study::sensitivity::{End, Found};

/// What a difference rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensitivityResults {
    /// Who made it.
    pub stayfresh: About,
    /// The scenario, with every default filled in.
    pub scenario: Json,
    /// Replicates that are in the numbers.
    pub replicates: u32,
    /// The design.
    pub of: String,
    /// The design that it is compared with.
    pub versus: String,
    /// What of them is compared.
    pub metric: String,
    /// Where the ranges come from.
    pub ranges: Ranges,
    /// The paired difference as things stand; absent where it is not defined.
    pub difference: Option<Estimate>,
    /// One an assumption, the largest swing first.
    pub effects: Vec<EffectResults>,
    /// Usual assumptions that were left out, since twice as much makes no scenario.
    pub left_out: Vec<String>,
}

/// Where the ranges of assumptions come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ranges {
    /// The scenario's `assumptions`.
    Scenario,
    /// The command line.
    Given,
    /// Nobody said any: half to double.
    HalfToDouble,
}

/// What one assumption does to the difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectResults {
    /// The assumption, a JSON pointer.
    pub over: String,
    /// What the scenario says; absent where it does not.
    pub now: Option<Json>,
    /// At the low end of its range.
    pub low: EndResults,
    /// At the high end.
    pub high: EndResults,
    /// From the least to the most that the difference is, at both ends and as things stand.
    pub swing: f64,
    /// Whether the difference has the other sign at an end.
    pub sign_changes: bool,
}

/// The difference at one end of an assumption's range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndResults {
    /// What is assumed.
    pub value: Json,
    /// The paired difference; absent where it is not defined.
    pub difference: Option<Estimate>,
    /// What it changed by, paired by replicate.
    pub change: Option<Estimate>,
}

impl From<&End> for EndResults {
    fn from(end: &End) -> Self {
        Self {
            value: end.value.clone(),
            difference: end.difference,
            change: end.change,
        }
    }
}

/// The file.
#[must_use]
pub fn results(
    found: &Found,
    asked: &Asked,
    (scenario, replicates): (Json, u32),
    (ranges, left_out): (Ranges, Vec<String>),
) -> SensitivityResults {
    let now = found.difference.as_ref();
    let effect = |effect: &crate::study::sensitivity::Effect| EffectResults {
        over: effect.over.clone(),
        now: effect.now.clone(),
        low: (&effect.ends[0]).into(),
        high: (&effect.ends[1]).into(),
        swing: effect.swing(now),
        sign_changes: (effect.ends.iter()).any(|end| end.overturns(now).is_some()),
    };
    SensitivityResults {
        stayfresh: About::this(),
        scenario,
        replicates,
        of: asked.of.clone(),
        versus: asked.versus.clone(),
        metric: found.metric.to_string(),
        ranges,
        difference: found.difference,
        effects: found.effects.iter().map(effect).collect(),
        left_out,
    }
}

/// Characters of the longest bar.
const BAR: usize = 32;

impl Ranges {
    /// What was looked at, in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Scenario => {
                "What it would be at both ends of each assumption's range, the largest swing first."
            }
            Self::Given => {
                "What it would be at both ends of each range given, the largest swing first."
            }
            Self::HalfToDouble => {
                "The scenario states no ranges of its own, so prices and the world's rates are halved and doubled.\nWhat \
                 it would be then, the largest swing first."
            }
        }
    }
}

impl SensitivityResults {
    /// What is compared: its title, its unit, and which way is better.
    #[must_use]
    pub fn number(&self) -> (String, Unit, Better) {
        let metric: Option<MetricPath> = self.metric.parse().ok();
        match &metric {
            Some(metric) => (metric.title(), metric.unit(), metric.better()),
            None => (self.metric.clone(), Unit::Count, Better::Neither),
        }
    }

    /// A difference with its interval, in words.
    #[must_use]
    pub fn shown(unit: Unit, difference: Option<&Estimate>) -> String {
        match difference {
            None => human::NOTHING.to_owned(),
            Some(of) => human::difference(unit, of.mean, of.ci95).both(),
        }
    }

    /// Which assumption a difference is most sensitive to, in a sentence; nothing where none moves it.
    #[must_use]
    pub fn most(&self) -> Option<String> {
        let (title, unit, _) = self.number();
        let most = self.effects.first().filter(|effect| effect.swing > 0.0)?;
        let at = |end: &EndResults| {
            let there = Self::shown(unit, end.difference.as_ref());
            format!("{there} at {}", visible(&written(&end.value)))
        };
        let overturns = self.effects.iter().filter(|effect| effect.sign_changes);
        let overturns = match overturns.count() {
            0 => "none of them overturns it".to_owned(),
            1 => "one of them overturns it".to_owned(),
            several => format!("{several} of them overturn it"),
        };
        let all = match self.effects.len() {
            1 => "The one assumption that was varied".to_owned(),
            all => format!("Of {all} assumptions"),
        };
        Some(format!(
            "{all}, {} moves “{}” against “{}” most: {title} is {} and {}; {overturns}.",
            visible(&most.over),
            visible(&self.of),
            visible(&self.versus),
            at(&most.low),
            at(&most.high),
        ))
    }

    /// The difference as things stand, in a line.
    #[must_use]
    pub fn heading(&self) -> String {
        let (of, versus) = (visible(&self.of), visible(&self.versus));
        let (title, unit, _) = self.number();
        format!(
            "{title} of {of} less that of {versus}: {} ({} replicates)",
            Self::shown(unit, self.difference.as_ref()),
            self.replicates
        )
    }

    /// What overturns the decision, and what was left out, in sentences.
    #[must_use]
    pub fn says(&self) -> Vec<String> {
        let (of, versus) = (visible(&self.of), visible(&self.versus));
        let (_, _, better) = self.number();
        let mut lines = overturned(self, (&of, &versus), better);
        let left_out = self.left_out.iter().map(|over| {
            let over = visible(over);
            format!("Left out: {over}, since twice as much makes no scenario.")
        });
        lines.extend(left_out);
        lines
    }
}

/// The tornado as text.
#[must_use]
pub fn text(found: &SensitivityResults) -> String {
    let (_, unit, _) = found.number();
    let mut out = format!("{}\n{}\n", found.heading(), found.ranges.says());
    if !found.effects.is_empty() {
        out.push('\n');
        out.push_str(&tornado(found, &|of| SensitivityResults::shown(unit, of)));
    }
    out.push('\n');
    for line in found.says() {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn tornado(found: &SensitivityResults, shown: &dyn Fn(Option<&Estimate>) -> String) -> String {
    let now = found.difference.map(|difference| difference.mean);
    let ends = |effect: &EffectResults| {
        [&effect.low, &effect.high].map(|end| end.difference.map(|difference| difference.mean))
    };
    let all = found.effects.iter().flat_map(ends).chain([now]).flatten();
    let (least, most) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| {
        (low.min(mean), high.max(mean))
    });
    // The place of a difference in the bars, from 0 to BAR − 1.
    let place = |mean: f64| {
        let share = if most > least {
            (mean - least) / (most - least)
        } else {
            0.5
        };
        libm::round(share * (BAR - 1) as f64) as usize
    };
    let zero = (least <= 0.0 && 0.0 <= most).then(|| place(0.0));
    let bar = |effect: &EffectResults| -> String {
        let known = ends(effect).into_iter().flatten().chain(now);
        let places: Vec<usize> = known.map(place).collect();
        let (from, to) = (places.iter().min(), places.iter().max());
        (0..BAR)
            .map(|at| {
                if now.map(place) == Some(at) {
                    '┃'
                } else if from
                    .zip(to)
                    .is_some_and(|(from, to)| (*from..=*to).contains(&at))
                {
                    '█'
                } else if zero == Some(at) {
                    '┊'
                } else {
                    ' '
                }
            })
            .collect()
    };
    let end = |end: &EndResults| {
        let value = visible(&written(&end.value));
        (value, shown(end.difference.as_ref()))
    };
    let mut rows = vec![[
        String::new(),
        "low".to_owned(),
        String::new(),
        "high".to_owned(),
        String::new(),
        String::new(),
    ]];
    for effect in &found.effects {
        let ((low, at_low), (high, at_high)) = (end(&effect.low), end(&effect.high));
        let mut bar = bar(effect);
        if effect.sign_changes {
            bar.push_str(" ⇄");
        }
        rows.push([visible(&effect.over), low, at_low, high, at_high, bar]);
    }
    let mut out = aligned(&rows, "", &[]);
    out.push_str("┃ as things stand");
    if zero.is_some() {
        out.push_str(", ┊ no difference");
    }
    if found.effects.iter().any(|effect| effect.sign_changes) {
        out.push_str(", ⇄ the other design is ahead at an end");
    }
    out.push('\n');
    out
}

/// What overturns the decision, in sentences.
fn overturned(
    found: &SensitivityResults,
    (of, versus): (&str, &str),
    better: Better,
) -> Vec<String> {
    let Some(now) = found.difference else {
        return vec!["The difference is not defined as things stand.".to_owned()];
    };
    let winner = |mean: f64| {
        let first = match better {
            Better::Higher => mean > 0.0,
            Better::Lower | Better::Neither => mean < 0.0,
        };
        if first { of } else { versus }
    };
    let is_better = if better == Better::Neither {
        "has less"
    } else {
        "is better"
    };
    let mut lines = Vec::new();
    for effect in &found.effects {
        for end in [&effect.low, &effect.high] {
            let Some(there) = end.difference else {
                continue;
            };
            if (there.mean < 0.0) == (now.mean < 0.0) || there.mean == 0.0 {
                continue;
            }
            let is_sure = there
                .ci95
                .is_some_and(|[low, high]| low > 0.0 || high < 0.0);
            let sure = if is_sure {
                ""
            } else {
                ", though that is not sure (95 %)"
            };
            lines.push(format!(
                "With {} at {}: {} {is_better}{sure}.",
                visible(&effect.over),
                visible(&written(&end.value)),
                winner(there.mean)
            ));
        }
    }
    if lines.is_empty() {
        let ahead = winner(now.mean);
        lines.push(format!("At no end of these ranges, one at a time, is it the other way round: {ahead} {is_better} at all of them."));
    }
    lines
}
