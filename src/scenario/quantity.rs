//! Quantities as a reviewer writes them: durations with a unit, shares, rates, money.
//!
//! Each type refuses what cannot be meant (a negative rate, a share of 3, a duration of -1 h) when it is
//! read, so that no later part has to ask again.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::sim::clock::{DAY, HOUR, MILLISECOND, MINUTE, SECOND, Time};

/// The longest duration a scenario may name: 100 years of 365 days.
pub const LONGEST: Time = 36_500 * DAY;

const UNITS: [(&str, Time); 7] = [
    ("us", 1),
    ("ms", MILLISECOND),
    ("s", SECOND),
    ("m", MINUTE),
    ("h", HOUR),
    ("d", DAY),
    ("w", 7 * DAY),
];

/// Reads `"6h"`, `"250ms"`, `"1.5d"`, `"4d16h20m"` as whole microseconds.
///
/// # Errors
/// A sentence that says what was expected, for a text that is no duration, a negative one or one longer
/// than [`LONGEST`].
pub fn parse_duration(text: &str) -> Result<Time, String> {
    let expected = "a duration such as \"250ms\", \"90s\", \"5m\", \"6h\" or \"14d\"";
    let wrong = |why: &str| format!("{text:?} {why}; expected {expected}");
    let too_long = || wrong("is longer than 100 years");
    let mut rest = text.trim();
    if rest.starts_with('-') {
        return Err(wrong("is negative"));
    }
    let mut micros: i128 = 0;
    let mut last = Time::MAX;
    loop {
        let is_letter = |c: char| c.is_ascii_alphabetic();
        let (number, from_unit) = rest.split_at(rest.find(is_letter).unwrap_or(rest.len()));
        let ends = from_unit.find(|c: char| !is_letter(c));
        let (unit, after) = from_unit.split_at(ends.unwrap_or(from_unit.len()));
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(wrong(if unit.is_empty() {
                "has no unit"
            } else {
                "has no known unit (us, ms, s, m, h, d, w)"
            }));
        };
        if *scale >= last {
            return Err(wrong("has a unit after one that is no longer"));
        }
        last = *scale;
        let number = number.trim();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || (number.contains('.') && !digits(fraction)) || fraction.len() > 9 {
            return Err(wrong("is not a duration"));
        }
        let whole: i128 = whole.parse().map_err(|_| too_long())?;
        let scale = i128::from(*scale);
        micros = whole
            .checked_mul(scale)
            .and_then(|part| micros.checked_add(part))
            .ok_or_else(too_long)?;
        if !fraction.is_empty() {
            let tenths = 10_i128.pow(u32::try_from(fraction.len()).map_err(|_| too_long())?);
            let part: i128 = fraction.parse().map_err(|_| too_long())?;
            micros = micros
                .checked_add(part * scale / tenths)
                .ok_or_else(too_long)?;
        }
        rest = after.trim_start();
        if rest.is_empty() {
            break;
        }
    }
    match Time::try_from(micros) {
        Ok(micros) if micros <= LONGEST => Ok(micros),
        _ => Err(too_long()),
    }
}

/// Writes microseconds in the largest unit that leaves a whole number: `21_600_000_000` is `"6h"`.
#[must_use]
pub fn format_duration(micros: Time) -> String {
    if micros == 0 {
        return "0s".to_owned();
    }
    let (unit, scale) = largest(micros);
    format!("{}{unit}", micros / scale)
}

/// The largest unit that leaves a whole number.
fn largest(micros: Time) -> (&'static str, Time) {
    let mut units = UNITS[..6].iter().rev();
    *units
        .find(|(_, scale)| micros % scale == 0)
        .unwrap_or(&UNITS[0])
}

/// A duration as people read it: where [`format_duration`] would count more than a thousand seconds, minutes or hours,
/// in several units, `"4d 16h 20m"` for `"6740m"`.
#[must_use]
pub fn readable_duration(micros: Time) -> String {
    let (_, scale) = largest(micros);
    if !(SECOND..DAY).contains(&scale) || micros / scale <= 1_000 {
        return format_duration(micros);
    }
    let mut left = micros;
    let parts = UNITS[..6].iter().rev().filter_map(|(unit, scale)| {
        let many = left / scale;
        left %= scale;
        (many > 0).then(|| format!("{many}{unit}"))
    });
    parts.collect::<Vec<_>>().join(" ")
}

macro_rules! duration_type {
    ($(#[$doc:meta])* $name:ident, least $least:expr, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(Time);

        impl $name {
            /// A duration known to be in range, for defaults.
            ///
            /// # Panics
            /// When it is not: defaults are written by us.
            #[must_use]
            pub const fn of(micros: Time) -> Self {
                assert!(micros >= $least && micros <= LONGEST);
                Self(micros)
            }

            /// Whole microseconds.
            #[must_use]
            pub const fn micros(self) -> Time {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&format_duration(self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        let micros = parse_duration(text).map_err(E::custom)?;
                        if micros < $least {
                            return Err(E::custom(format!("{text:?} is too short; expected {}", $what)));
                        }
                        Ok($name(micros))
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": r"^\s*([0-9]+(\.[0-9]{1,9})?\s*(us|ms|s|m|h|d|w)\s*)+$",
                    "description": $what
                })
            }
        }
    };
}

duration_type!(
    /// A duration that may be zero: a latency, a warm-up.
    Duration, least 0, "a duration such as \"0s\", \"250ms\", \"6h\" or \"14d\""
);
duration_type!(
    /// A duration longer than zero: an interval, a lifetime, a length.
    Period, least 1, "a duration longer than zero, such as \"250ms\", \"6h\" or \"14d\""
);

macro_rules! number_type {
    ($(#[$doc:meta])* $name:ident, $least:expr, $most:expr, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// A value known to be in range, for defaults.
            ///
            /// # Panics
            /// When it is not: defaults are written by us.
            #[must_use]
            pub const fn of(value: f64) -> Self {
                assert!(value >= $least && value <= $most);
                Self(value)
            }

            /// The bare number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Number;
                impl Visitor<'_> for Number {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_f64<E: de::Error>(self, value: f64) -> Result<$name, E> {
                        if ($least..=$most).contains(&value) {
                            // Adding zero turns -0 into 0: one value, one text, one hash.
                            Ok($name(value + 0.0))
                        } else {
                            Err(E::custom(format!("{value} is out of range; expected {}", $what)))
                        }
                    }
                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<$name, E> {
                        self.visit_f64(value as f64)
                    }
                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<$name, E> {
                        self.visit_f64(value as f64)
                    }
                }
                deserializer.deserialize_f64(Number)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "number", "minimum": $least, "maximum": $most, "description": $what
                })
            }
        }
    };
}

number_type!(
    /// A share of a whole.
    Share, 0.0, 1.0, "a share from 0 to 1"
);
number_type!(
    /// A rate or a mean count that may be zero.
    Rate, 0.0, 1e9, "a number from 0 to a billion"
);
number_type!(
    /// An exponent of a Zipf law; 0 is uniform.
    Exponent, 0.0, 5.0, "an exponent from 0 (uniform) to 5"
);
number_type!(
    /// How many times as much; 1 changes nothing.
    Factor, 0.0, 1000.0, "a factor from 0 to 1000"
);
number_type!(
    /// The shape of a gamma distribution.
    Shape, 0.01, 1e6, "a shape from 0.01 to a million"
);
number_type!(
    /// Money in US dollars.
    Usd, 0.0, 1e9, "US dollars, from 0 to a billion"
);

macro_rules! number_count {
    ($name:ident, $inner:ty, $least:expr, $most:expr, $what:literal) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Number;
                impl Visitor<'_> for Number {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<$name, E> {
                        if !($least..=$most).contains(&value) {
                            return Err(E::custom(format!("{value} is out of range; expected {}", $what)));
                        }
                        <$inner>::try_from(value)
                            .map($name)
                            .map_err(|_| E::custom(format!("{value} is out of range; expected {}", $what)))
                    }
                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<$name, E> {
                        match u64::try_from(value) {
                            Ok(value) => self.visit_u64(value),
                            Err(_) => Err(E::custom(format!("{value} is out of range; expected {}", $what))),
                        }
                    }
                }
                deserializer.deserialize_u64(Number)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "integer", "minimum": $least as u64, "maximum": $most as u64, "description": $what
                })
            }
        }
    };
}
/// A seed: a whole number up to 2^53 − 1, which JavaScript can hold exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Seed(u64);

impl Seed {
    /// The largest seed.
    pub const MAX: u64 = (1 << 53) - 1;

    /// A seed, cut to 53 bits.
    #[must_use]
    pub const fn of(value: u64) -> Self {
        Self(value & Self::MAX)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

number_count!(
    Seed,
    u64,
    0,
    Seed::MAX,
    "a whole number from 0 to 9007199254740991"
);

/// How many: a whole number of at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Count(u32);

impl Count {
    /// The largest count.
    pub const MAX: u64 = 100_000_000;

    /// A count known to be in range, for defaults.
    ///
    /// # Panics
    /// When it is not: defaults are written by us.
    #[must_use]
    pub const fn of(value: u32) -> Self {
        assert!(value >= 1 && value as u64 <= Self::MAX);
        Self(value)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

number_count!(
    Count,
    u32,
    1,
    Count::MAX,
    "a whole number from 1 to 100000000"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_write_back() {
        for (text, micros) in [
            ("250ms", 250_000),
            ("90s", 90_000_000),
            ("6h", 6 * HOUR),
            ("14d", 14 * DAY),
            ("2w", 14 * DAY),
            ("1.5h", 90 * MINUTE),
            ("0s", 0),
            ("4d16h20m", 6740 * MINUTE),
            ("1w 1.5h", 7 * DAY + 90 * MINUTE),
        ] {
            assert_eq!(parse_duration(text), Ok(micros), "{text}");
            assert_eq!(
                parse_duration(&readable_duration(micros)),
                Ok(micros),
                "{text}"
            );
            assert_eq!(
                parse_duration(&format_duration(micros)),
                Ok(micros),
                "{text}"
            );
        }
    }

    #[test]
    fn many_minutes_are_read_in_several_units() {
        for (micros, said) in [
            (6740 * MINUTE, "4d 16h 20m"),
            (90 * SECOND, "90s"),
            (1_500_000, "1500ms"),
            (2_000 * DAY, "2000d"),
            (36 * HOUR, "36h"),
        ] {
            assert_eq!(readable_duration(micros), said);
        }
    }

    #[test]
    fn impossible_durations_say_what_was_expected() {
        for text in [
            "",
            "6",
            "h",
            "-3h",
            "1e9d",
            "NaNs",
            "5 parsecs",
            "99999999d",
            "1.h",
            ".5h",
            "6h 5",
            "20m4h",
            "3h3h",
            "1d-3h",
            "170141183460469231731687303715884105.999ms",
        ] {
            let message = parse_duration(text).expect_err(text);
            assert!(message.contains("expected a duration such as"), "{message}");
        }
    }
}
