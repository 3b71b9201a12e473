//! What of a scenario is varied: parameters that a sweep goes through, assumptions that may be off.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::check;
use super::problem::Problems;
use super::quantity::{LONGEST, format_duration, parse_duration};
use crate::sim::clock::{MILLISECOND, SECOND, Time};

/// The most parameters of a sweep.
pub const MOST_AXES: usize = 2;
/// The most points of a sweep.
pub const MOST_POINTS: usize = 10_000;

/// The parameters that a sweep goes through: one, or an array of up to two, whose values are crossed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Sweep {
    /// One parameter.
    One(Axis),
    /// One or two; the last varies fastest.
    Grid(Vec<Axis>),
}

impl Sweep {
    /// The parameters.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        match self {
            Self::One(axis) => std::slice::from_ref(axis),
            Self::Grid(axes) => axes,
        }
    }
}

/// A parameter and the values that it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// The JSON pointer of the parameter; designs, feeds and audits by name or index:
    /// `/designs/poll hourly/cache/ttl/fixed`.
    pub over: String,
    /// Its values, in the order in which they are run and shown; at least one. Each must make a scenario.
    pub values: Vec<Json>,
}

/// An assumption, and how far off it may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The JSON pointer of what is assumed; designs, feeds and audits by name or index.
    pub over: String,
    /// The least that it may be. Must make a scenario.
    pub low: Json,
    /// The most that it may be. Must make a scenario.
    pub high: Json,
}

/// A value as it is written, for people: texts without their quotes.
#[must_use]
pub fn written(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        // 50, not 50.0.
        Json::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |of| of.to_string()),
        value => value.to_string(),
    }
}

/// What kind of value a parameter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A whole number.
    Whole,
    /// A duration, in seconds.
    Duration,
}

impl Kind {
    /// The kind of a value, and its size.
    #[must_use]
    pub fn of(value: &Json) -> Option<(Self, f64)> {
        match value {
            Json::Number(number) if number.is_u64() => Some((Self::Whole, number.as_f64()?)),
            Json::Number(number) => Some((Self::Number, number.as_f64()?)),
            Json::String(text) => {
                let micros = parse_duration(text).ok()?;
                Some((Self::Duration, micros as f64 / SECOND as f64))
            }
            _ => None,
        }
    }

    /// The value of this size, as near as it can be written.
    #[must_use]
    pub fn value(self, size: f64) -> Json {
        match self {
            Self::Number => Json::from(size),
            Self::Whole => Json::from(libm::round(size.max(0.0)) as u64),
            Self::Duration => {
                let micros = libm::round(size.max(0.0) * SECOND as f64).min(LONGEST as f64) as Time;
                // Finer than a hundredth of it is of no use.
                let unit = [SECOND, MILLISECOND, 1];
                let unit = unit.into_iter().find(|unit| micros >= 1000 * unit);
                let unit = unit.unwrap_or(1);
                Json::from(format_duration((micros + unit / 2) / unit * unit))
            }
        }
    }

    /// The size of that value.
    #[must_use]
    pub fn rounded(self, size: f64) -> f64 {
        Self::of(&self.value(size)).map_or(size, |(_, size)| size)
    }
}

/// Whether a scenario's text can be varied so, where the text does not say so itself.
///
/// # Errors
/// For pointers that lead nowhere and values that make no scenario; the path is the parameter's.
pub fn check(text: &str, axes: &[Axis]) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let paths: Vec<String> = (0..axes.len()).map(|index| index.to_string()).collect();
    check::axes(text, axes, &paths, "", &mut problems);
    for problem in &mut problems {
        let index = problem.path.split('/').next();
        let of = index.and_then(|index| axes.get(index.parse::<usize>().ok()?));
        problem.path = of.map(|axis| axis.over.clone()).unwrap_or_default();
    }
    Problems::none(problems)
}

impl<'de> Deserialize<'de> for Sweep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Sweep;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("{\"over\": …, \"values\": […]}, or an array of up to two of these")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sweep, A::Error> {
                Axis::deserialize(MapAccessDeserializer::new(map)).map(Sweep::One)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Sweep, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Sweep::Grid)
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

impl JsonSchema for Sweep {
    fn schema_name() -> Cow<'static, str> {
        "Sweep".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let axis = generator.subschema_for::<Axis>();
        json_schema!({
            "description": "The parameters that a sweep goes through: one, or an array of up to two, whose values are crossed.",
            "anyOf": [axis, { "type": "array", "items": axis, "minItems": 1, "maxItems": MOST_AXES }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_they_can_be_read() {
        for (kind, size, value) in [
            (Kind::Whole, 12.4, Json::from(12)),
            (Kind::Number, 0.25, Json::from(0.25)),
            (Kind::Duration, 7200.4, Json::from("2h")),
            (Kind::Duration, 7213.4, Json::from("7213s")),
            (Kind::Duration, 1.234_567_8, Json::from("1235ms")),
            (Kind::Duration, 0.000_25, Json::from("250us")),
        ] {
            assert_eq!(kind.value(size), value);
        }
        let six_hours = Kind::of(&Json::from("6h"));
        assert_eq!(six_hours, Some((Kind::Duration, 21_600.0)));
        assert_eq!(Kind::of(&Json::from(true)), None);
    }
}
