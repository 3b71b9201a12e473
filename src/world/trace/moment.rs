//! Dates and moments as ISO 8601 writes them: `2016-07-01`, `2016-07-01T13:45:00Z`.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::sim::clock::{DAY, HOUR, MINUTE, SECOND, Time};

/// A day, from 1 January 1 to 31 December 9999 (proleptic Gregorian).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Days from 1 January 1970.
    days: i32,
}

/// A moment in UTC, or a whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Microseconds from 1 January 1970; of a whole day its start.
    pub(super) at: Time,
    /// No time of the day is given.
    pub(super) whole_day: bool,
}

impl Date {
    /// A day, counted from 1 January 1970.
    pub(super) fn of_days(days: i64) -> Self {
        Self { days: days as i32 }
    }

    /// Days from 1 January 1970.
    pub(super) fn days(self) -> i64 {
        i64::from(self.days)
    }

    /// Reads `2016-07-01`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let (year, month, day) = (
            number(&bytes[..4])?,
            number(&bytes[5..7])?,
            number(&bytes[8..])?,
        );
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if year < 1 || !(1..=length).contains(&day) {
            return None;
        }
        // Years from March, so that the leap day comes last.
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let days =
            365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
        Some(Self::of_days(days - 719_468))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.days() + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Digits alone, as a number.
fn number(digits: &[u8]) -> Option<i64> {
    let digit = |sum: i64, byte: &u8| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i64::from(byte - b'0'))
    };
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0, digit)
}

impl Moment {
    /// Reads a day, or a day and a time: `2016-07-01T13:45`, with seconds and their fractions or without,
    /// after a `T` or a space, in UTC (`Z` or nothing) or with an offset (`+02:00`).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let date = Date::parse(text.get(..10)?)?;
        let midnight = date.days() * DAY;
        let rest = &text[10..];
        if rest.is_empty() {
            return Some(Self {
                at: midnight,
                whole_day: true,
            });
        }
        let time = rest.strip_prefix(['T', 't', ' '])?;
        let (time, offset) = match time.find(['Z', 'z', '+', '-']) {
            None => (time, 0),
            Some(place) => (&time[..place], offset(&time[place..])?),
        };
        let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut parts = clock.split(':');
        let mut next = |most: i64| {
            let part = parts.next()?;
            number(part.as_bytes()).filter(|n| part.len() == 2 && *n <= most)
        };
        let (hours, minutes) = (next(23)?, next(59)?);
        let seconds = if clock.len() > 5 { next(59)? } else { 0 };
        let has_more = parts.next().is_some();
        let micros = if time.contains('.') {
            let whole = number(fraction.as_bytes()).filter(|_| clock.len() == 8)?;
            let digits = fraction.len() as u32;
            whole * SECOND / 10_i64.pow(digits)
        } else {
            0
        };
        if has_more {
            return None;
        }
        Some(Self {
            at: midnight + hours * HOUR + minutes * MINUTE + seconds * SECOND + micros - offset,
            whole_day: false,
        })
    }

    /// The day it is on, from 1 January 1970.
    pub(super) fn day(self) -> i64 {
        self.at.div_euclid(DAY)
    }

    /// The last it may be.
    pub(super) fn latest(self) -> Time {
        if self.whole_day {
            self.at + DAY - 1
        } else {
            self.at
        }
    }
}

/// `Z`, `+02:00` or `-0230`, in microseconds.
fn offset(text: &str) -> Option<Time> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    let hours = number(digits.get(..2)?.as_bytes()).filter(|hours| *hours <= 23)?;
    let minutes = match digits.get(2..)? {
        "" => 0,
        minutes => number(minutes.as_bytes()).filter(|n| minutes.len() == 2 && *n <= 59)?,
    };
    Some(sign * (hours * HOUR + minutes * MINUTE))
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Date;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
                Date::parse(text)
                    .ok_or_else(|| E::custom(format!("{text:?} is no date; expected {EXPECTED}")))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

const EXPECTED: &str = "a date such as \"2016-07-01\"";

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": EXPECTED
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_and_write_back() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2016-07-01", 16_983),
            ("2100-03-01", 47_541),
            ("0001-01-01", -719_162),
        ] {
            let date = Date::parse(text).expect(text);
            assert_eq!((date.days(), date.to_string().as_str()), (days, text));
        }
        let mut before = Date::of_days(-720_000);
        for days in (-719_162..60_000).step_by(97) {
            let date = Date::of_days(days);
            assert_eq!(Date::parse(&date.to_string()), Some(date));
            assert!(date > std::mem::replace(&mut before, date));
        }
        for text in [
            "2015-02-29",
            "2016-13-01",
            "2016-00-01",
            "2016-01-00",
            "2016-1-1",
            "01/07/2016",
            "",
            "0000-01-01",
            "2016-07-01 ",
            "２016-07-0",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_read() {
        let at = |at: Time| {
            Some(Moment {
                at,
                whole_day: false,
            })
        };
        let midnight = 16_983 * DAY;
        let quarter_to = midnight + 13 * HOUR + 45 * MINUTE;
        for (text, moment) in [
            (
                "2016-07-01",
                Some(Moment {
                    at: midnight,
                    whole_day: true,
                }),
            ),
            ("2016-07-01T13:45:00Z", at(quarter_to)),
            ("2016-07-01 13:45", at(quarter_to)),
            ("2016-07-01T13:45:07.25", at(quarter_to + 7_250_000)),
            ("2016-07-01T15:45:00+02:00", at(quarter_to)),
            ("2016-07-01T11:15:00-0230", at(quarter_to)),
            ("2016-07-01T00:00:00+14", at(midnight - 14 * HOUR)),
        ] {
            assert_eq!(Moment::parse(text), moment, "{text}");
        }
        for text in [
            "2016-07-01T",
            "2016-07-01T13",
            "2016-07-01T24:00",
            "2016-07-01T13:60",
            "2016-07-01T13:45:00:00",
            "2016-07-01T1:45",
            "2016-07-01T13:45:00.",
            "2016-07-01T13:45.5",
            "2016-07-01T13:45:00+2",
            "2016-07-01X13:45",
            "yesterday",
            "2016-07-01T13:45Zulu",
            "é016-07-01T13:45",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
