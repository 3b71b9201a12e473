//! What a form says of a knob on demand: what it takes, what it is by default and where that comes from, and
//! the way back to it.

use serde_json::Value;

use super::{Input, Knob};
use crate::report::words::round;
use crate::scenario::provenance::{self, Basis};

/// What there is to know of a knob.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// What it takes, where that is not seen.
    pub range: Option<String>,
    /// What it is by default, with its unit; none where each scenario says it.
    pub default: Option<String>,
    /// Where that comes from.
    pub basis: Basis,
    /// The edit that takes out what is set, where that is another than the default.
    pub back: Option<(String, Value)>,
}

impl Knob {
    /// What there is to know of it.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        let known = provenance::of(&self.pointer)?;
        let default = known.default.as_ref();
        let default = default.and_then(|default| self.input.named(default));
        let differs = default.as_ref().is_some_and(|(_, is_set)| !is_set);
        Some(About {
            range: self.input.range(known.least, known.most),
            default: default.map(|(name, _)| name),
            basis: known.basis,
            back: differs.then_some((known.back, Value::Null)),
        })
    }
}

impl Input {
    /// What a value of the scenario is called here, and whether it is the one that is set.
    fn named(&self, value: &Value) -> Option<(String, bool)> {
        match (self, value) {
            (Self::Duration { text, none, .. }, Value::Null) => {
                none.map(|none| (none.to_owned(), text.is_empty()))
            }
            (Self::Duration { text, .. }, Value::String(span)) => {
                Some((span.clone(), text == span))
            }
            (Self::Number { value, none, .. }, Value::Null) => {
                none.map(|none| (none.to_owned(), value.is_none()))
            }
            // A default that has a name, as it has no round number.
            (
                Self::Number {
                    value,
                    none: Some(none),
                    ..
                },
                Value::Number(_),
            ) => Some(((*none).to_owned(), value.is_none())),
            (
                Self::Number {
                    value, unit, scale, ..
                },
                Value::Number(number),
            ) => {
                let default = round(number.as_f64()? * scale);
                let shown = format!("{default} {unit}").trim_end().to_owned();
                Some((shown, *value == Some(default)))
            }
            (Self::List { text, default, .. }, Value::Null) if !default.is_empty() => {
                let short: String = default.chars().take(24).collect();
                let short = if short == *default {
                    short
                } else {
                    format!("{short}…")
                };
                Some((short, text.is_none()))
            }
            (Self::Text { text, none, .. }, Value::Null) => {
                none.map(|none| (none.to_owned(), text.is_empty()))
            }
            (Self::Text { text, none, .. }, Value::String(default)) => {
                let said = none.filter(|_| default.is_empty());
                Some((
                    said.map_or_else(|| default.clone(), str::to_owned),
                    text == default,
                ))
            }
            (Self::Several { options }, Value::Array(default)) => {
                let all = options.iter();
                let of_default = all.clone().filter(|(_, value, _)| default.contains(value));
                let names: Vec<&str> = of_default.map(|(name, ..)| *name).collect();
                let names = if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(", ")
                };
                let mut all = all;
                let same = all.all(|(_, value, on)| *on == default.contains(value));
                Some((names, same))
            }
            (Self::Switch { on }, Value::Bool(default)) => Some((
                if *default { "on" } else { "off" }.to_owned(),
                on == default,
            )),
            (
                Self::Choice {
                    chosen,
                    options,
                    merges: false,
                },
                value,
            ) => {
                let at = options.iter().position(|(_, option)| option == value);
                let kind = kind(value);
                let at = at.or_else(|| {
                    options
                        .iter()
                        .position(|(_, option)| self::kind(option) == kind)
                })?;
                let is_set = at == *chosen
                    && options.get(at).is_some_and(|(_, option)| {
                        option == value || !value.is_object() || kind.is_none()
                    });
                Some((options.get(at)?.0.to_string(), is_set))
            }
            _ => None,
        }
    }

    /// What it takes, in words, where that is not seen.
    fn range(&self, least: Option<f64>, most: Option<f64>) -> Option<String> {
        /// A bound as wide as this says nothing.
        const WIDE: f64 = 1e8;
        match self {
            Self::Duration { none, .. } => {
                let or = none.map_or(String::new(), |none| format!(", or “{none}”"));
                Some(format!("a duration such as 250ms, 90s, 6h or 14d{or}"))
            }
            Self::Number {
                none,
                unit,
                scale,
                whole,
                ..
            } => {
                let what = if *whole { "a whole number" } else { "a number" };
                let or = none.map_or(String::new(), |none| format!(", or “{none}”"));
                let least = round(least.unwrap_or(0.0) * scale);
                let most = most
                    .filter(|most| *most < WIDE)
                    .map(|most| round(most * scale));
                let range = match most {
                    Some(most) => format!("{what} from {least} to {most} {unit}"),
                    None => format!("{what} from {least} {unit}"),
                };
                Some(format!("{}{or}", range.trim_end()))
            }
            Self::List { columns, .. } => Some(if columns.len() == 1 {
                "numbers, with commas between them".to_owned()
            } else {
                "rows, with commas between them".to_owned()
            }),
            Self::Text { none, .. } => none.map(|none| format!("words, or “{none}”")),
            Self::Switch { .. } | Self::Several { .. } | Self::Choice { .. } => None,
        }
    }
}

/// What of a choice a value is: its name.
fn kind(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name),
        Value::Object(members) => members.keys().next().map(String::as_str),
        _ => None,
    }
}
