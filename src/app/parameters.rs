//! What of a scenario can be moved by itself: prices, and the knobs that have a number or a duration; with the
//! names that people know them by.

use serde_json::Value as Json;

use super::knobs::{self, Input};
use crate::report::breakeven::Scale;
use crate::scenario::vary::{self, Axis, Kind, written};
use crate::scenario::{Prices, Scenario};

/// Parameters that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they set.
    pub title: String,
    /// The parameters.
    pub parameters: Vec<Parameter>,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Where it stands: a JSON pointer.
    pub pointer: String,
    /// What it is called within its group.
    pub name: String,
    /// What it is called by itself.
    pub full: String,
    /// What it is, for people.
    pub now: String,
    /// What it is, as the scenario has it.
    pub value: Json,
    /// Whether it is a share of a whole.
    pub is_share: bool,
    /// Whether only whole numbers will do.
    pub is_whole: bool,
    /// The key of the price, if it is one.
    pub price: Option<&'static str>,
}

/// All parameters of a scenario: prices, the world, the designs.
#[must_use]
pub fn all(scenario: &Scenario) -> Vec<Group> {
    let prices = Prices::NAMES.iter().filter_map(|name| {
        let price = scenario.prices.by_name(name)?;
        let name = bought(price.name);
        let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        Some(Parameter {
            pointer: price.pointer(),
            full: format!("price of {article} {name}"),
            name,
            now: Scale::Price(price).shown(price.usd),
            value: Json::from(price.usd),
            is_share: false,
            is_whole: false,
            price: Some(price.name),
        })
    });
    let prices = Group {
        title: "Prices".to_owned(),
        parameters: prices.collect(),
    };
    // How long and how often is no assumption, nor is what must hold.
    let groups = knobs::groups(scenario).into_iter();
    let groups = groups.filter(|group| {
        let others = ["Run", knobs::PRICES, knobs::ASKED];
        group.design.is_some() || !others.contains(&group.title.as_str())
    });
    let of_knobs = groups.map(|group| {
        let parameters = group.sections.iter().flat_map(|section| {
            let of = group.design.map(|_| group.title.as_str());
            let knobs = section.knobs.iter();
            knobs.filter_map(move |knob| parameter(knob, &section.title, of))
        });
        Group {
            parameters: parameters.collect(),
            title: group.title.clone(),
        }
    });
    let mut all: Vec<Group> = std::iter::once(prices).chain(of_knobs).collect();
    all.retain(|group| !group.parameters.is_empty());
    all
}

/// What a price buys, as a noun.
fn bought(price: &str) -> String {
    match price {
        "shown" => "shown check".to_owned(),
        "stored" => "stored entry".to_owned(),
        "cross_region" => "cross-region call".to_owned(),
        "false_available_checked" => "checked false available".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A knob that has a size now.
fn parameter(knob: &knobs::Knob, section: &str, design: Option<&str>) -> Option<Parameter> {
    let (is_share, is_whole) = match &knob.input {
        Input::Duration { text, .. } if !text.is_empty() => (false, false),
        Input::Number {
            value: Some(_),
            scale,
            whole,
            ..
        } => (*scale == 100.0, *whole),
        _ => return None,
    };
    let written = knob.input.written();
    let edits = knob.edits(&written).ok()?;
    let value = edits.into_iter().next()?.1;
    let label = knob.label.to_lowercase();
    let name = if section.is_empty() {
        knob.label.to_owned()
    } else {
        format!("{section}: {label}")
    };
    Some(Parameter {
        pointer: knob.pointer.clone(),
        full: match design {
            Some(design) => format!("{label} ({design})"),
            None => label,
        },
        name,
        now: match knob.input.unit() {
            Some(unit) => format!("{written} {unit}"),
            None => written,
        },
        value,
        is_share,
        is_whole,
        price: None,
    })
}

/// The parameter at a pointer.
#[must_use]
pub fn at(groups: &[Group], pointer: &str) -> Option<Parameter> {
    let mut all = groups.iter().flat_map(|group| &group.parameters);
    all.find(|parameter| parameter.pointer == pointer).cloned()
}

/// What people call what is at a pointer; the pointer itself where they have no name for it.
#[must_use]
pub fn name(groups: &[Group], pointer: &str) -> String {
    at(groups, pointer).map_or_else(|| pointer.to_owned(), |parameter| parameter.full)
}

/// What most asks to be moved, by how its pointer ends; the first that is there.
const USUAL: [&str; 9] = [
    "/pull/every",
    "/pull/budget_per_day",
    "/dataset/every",
    "/ttl/fixed",
    "/ttl/jittered/mean",
    "/random/size",
    "/panel/size",
    "/push/latency/lognormal/median",
    "/serving/explore",
];

/// The parameter that is swept where nothing is chosen.
#[must_use]
pub fn usual(groups: &[Group]) -> Option<Parameter> {
    let all = || groups.iter().flat_map(|group| &group.parameters);
    let named = USUAL.iter().find_map(|end| {
        let mut all = all();
        all.find(|parameter| parameter.pointer.ends_with(end))
    });
    named.or_else(|| all().last()).cloned()
}

/// How values are spread between two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// By equal steps.
    Even,
    /// By equal factors.
    Factors,
}

/// Values that are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
    /// How many there are.
    pub steps: String,
    /// How they are spread.
    pub spread: Spread,
}

/// The most values of a parameter that a page asks for.
pub const MOST_STEPS: usize = 200;

/// A value as it is typed: a number, a duration, other JSON, or else a text.
#[must_use]
pub fn typed(text: &str) -> Json {
    let text = text.trim();
    serde_json::from_str(text).unwrap_or_else(|_| {
        // People type spaces and "min"; the file does not.
        let short = text.replace(' ', "").replace("min", "m");
        let is_duration = Kind::of(&Json::from(short.as_str())).is_some();
        Json::from(if is_duration { short.as_str() } else { text })
    })
}

/// Values from a list, with commas between them.
///
/// # Errors
/// What was expected.
pub fn listed(text: &str) -> Result<Vec<Json>, String> {
    let all = serde_json::from_str(&format!("[{text}]"));
    let all: Vec<Json> = all.unwrap_or_else(|_| text.split(',').map(typed).collect());
    if text.trim().is_empty() {
        Err("expected values with commas between them, such as 1h, 6h, 1d".to_owned())
    } else {
        Ok(all)
    }
}

impl Range {
    /// What is looked at where nothing is said: from a quarter of what it is to four times that, as far as it
    /// makes a scenario.
    #[must_use]
    pub fn around(text: &str, parameter: &Parameter) -> Self {
        let fits = |value: &Json| {
            let axis = Axis {
                over: parameter.pointer.clone(),
                values: vec![value.clone()],
            };
            vary::check(text, &[axis]).is_ok()
        };
        let Some((kind, now)) = Kind::of(&parameter.value) else {
            return Self::of("", "", Spread::Even);
        };
        if now <= 0.0 {
            let to = match kind {
                Kind::Duration => "1h",
                _ if parameter.is_share => "0.2",
                _ => "4",
            };
            return Self::of(&written(&parameter.value), to, Spread::Even);
        }
        let end = |times: [f64; 4]| {
            let all = times.map(|times| sized(kind, now * times, parameter.is_whole));
            let mut all = all.into_iter();
            all.find(fits)
                .map_or_else(String::new, |value| written(&value))
        };
        let (from, to) = (end([0.25, 0.5, 0.8, 1.0]), end([4.0, 2.0, 1.25, 1.0]));
        Self::of(&from, &to, Spread::Factors)
    }

    fn of(from: &str, to: &str, spread: Spread) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            steps: "5".to_owned(),
            spread,
        }
    }

    /// The values.
    ///
    /// # Errors
    /// What was expected.
    pub fn values(&self, is_whole: bool) -> Result<Vec<Json>, String> {
        let end = |text: &str| {
            Kind::of(&typed(text)).ok_or_else(|| {
                "expected two numbers such as 0.5, or two durations such as 6h".to_owned()
            })
        };
        let ((kind, from), (other, to)) = (end(&self.from)?, end(&self.to)?);
        if (kind == Kind::Duration) != (other == Kind::Duration) {
            return Err("expected two numbers, or two durations".to_owned());
        }
        let steps = self.steps.trim().parse::<usize>().ok();
        let Some(steps) = steps.filter(|steps| (2..=MOST_STEPS).contains(steps)) else {
            return Err(format!(
                "expected a whole number of values, from 2 to {MOST_STEPS}"
            ));
        };
        if from >= to {
            return Err("expected a range that goes up".to_owned());
        }
        if self.spread == Spread::Factors && from <= 0.0 {
            return Err("expected a first value above 0, as factors need one".to_owned());
        }
        let at = |index: usize| {
            let share = index as f64 / (steps - 1) as f64;
            match (index, self.spread) {
                (0, _) => from,
                (index, _) if index == steps - 1 => to,
                (_, Spread::Even) => from + (to - from) * share,
                (_, Spread::Factors) => from * libm::pow(to / from, share),
            }
        };
        let mut values: Vec<Json> = (0..steps)
            .map(|index| sized(kind, at(index), is_whole))
            .collect();
        values.dedup();
        Ok(values)
    }
}

/// A value of a size, with the digits that people would write.
fn sized(kind: Kind, size: f64, is_whole: bool) -> Json {
    if kind == Kind::Duration {
        return kind.value(size);
    }
    if is_whole {
        return Kind::Whole.value(size.max(1.0));
    }
    let power = 3.0 - libm::floor(libm::log10(size.abs().max(1e-12)));
    let scale = libm::pow(10.0, power.abs());
    let rounded = if power < 0.0 {
        libm::round(size / scale) * scale
    } else {
        libm::round(size * scale) / scale
    };
    if rounded.fract() == 0.0 && (0.0..1e15).contains(&rounded) {
        Json::from(rounded as u64)
    } else {
        Json::from(rounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;
    use serde_json::json;

    #[test]
    fn every_preset_has_a_usual_sweep_that_makes_sense() {
        for preset in PRESETS {
            let scenario = preset.read().expect("reads").scenario;
            let groups = all(&scenario);
            let parameter = usual(&groups).expect(preset.name);
            let range = Range::around(preset.text, &parameter);
            let values = range.values(parameter.is_whole);
            let values = values.unwrap_or_else(|e| panic!("{}: {range:?}: {e}", preset.name));
            assert!(values.len() >= 2, "{}", preset.name);
            let axis = Axis {
                over: parameter.pointer,
                values,
            };
            vary::check(preset.text, &[axis]).unwrap_or_else(|e| panic!("{}: {e}", preset.name));
        }
    }

    #[test]
    fn parameters_are_what_the_scenario_says() {
        for preset in PRESETS {
            let scenario = preset.read().expect("reads").scenario;
            let resolved = serde_json::to_value(&scenario).expect("is JSON");
            for parameter in all(&scenario).iter().flat_map(|group| &group.parameters) {
                let steps = crate::scenario::pointer::steps(&parameter.pointer).expect("a pointer");
                let found = crate::scenario::pointer::find(&resolved, &steps);
                let size = |value: &Json| Kind::of(value).map(|(_, size)| size);
                if let Some(found) = found {
                    assert_eq!(size(found), size(&parameter.value), "{}", parameter.pointer);
                }
            }
        }
    }

    #[test]
    fn ranges_are_spread_as_they_say() {
        let range = |from: &str, to: &str, steps: &str, spread| Range {
            from: from.to_owned(),
            to: to.to_owned(),
            steps: steps.to_owned(),
            spread,
        };
        let values = |range: Range, is_whole| range.values(is_whole).map(Json::from);
        assert_eq!(
            values(range("1h", "16h", "5", Spread::Factors), false),
            Ok(json!(["1h", "2h", "4h", "8h", "16h"]))
        );
        assert_eq!(
            values(range("0", "1", "5", Spread::Even), false),
            Ok(json!([0, 0.25, 0.5, 0.75, 1]))
        );
        assert_eq!(
            values(range("1", "4", "7", Spread::Even), true),
            Ok(json!([1, 2, 3, 4]))
        );
        assert_eq!(
            values(range("10 min", "1 h", "2", Spread::Even), false),
            Ok(json!(["10m", "1h"]))
        );
        for wrong in [
            range("1h", "6", "5", Spread::Even),
            range("6", "1", "5", Spread::Even),
            range("1", "6", "1", Spread::Even),
            range("1", "6", "many", Spread::Even),
            range("0", "6", "5", Spread::Factors),
            range("", "6", "5", Spread::Even),
        ] {
            assert!(wrong.values(false).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn lists_are_json_or_texts() {
        assert_eq!(listed("1, 2.5").map(Json::from), Ok(json!([1, 2.5])));
        assert_eq!(listed("1h, 6 h").map(Json::from), Ok(json!(["1h", "6h"])));
        assert_eq!(
            listed("{\"a\":1},\"b\"").map(Json::from),
            Ok(json!([{ "a": 1 }, "b"]))
        );
        assert!(listed(" ").is_err());
    }
}
