//! Knobs of each kind, and the steps of their sliders.

use serde_json::{Value, json};

use super::{Column, Input, Knob};
use crate::report::words::round;
use crate::scenario::quantity::parse_duration;

pub(super) const LATENCIES: &[&str] = &[
    "0s", "10ms", "20ms", "50ms", "100ms", "200ms", "500ms", "1s", "2s", "5s", "10s", "20s", "30s",
    "1m", "2m", "5m", "10m", "30m", "1h", "2h", "6h",
];
pub(super) const INTERVALS: &[&str] = &[
    "1m", "2m", "5m", "10m", "15m", "20m", "30m", "45m", "1h", "90m", "2h", "3h", "4h", "6h", "8h",
    "12h", "18h", "1d", "2d", "3d", "4d", "7d", "14d",
];
/// Spans that may be zero.
pub(super) const SPANS: &[&str] = &[
    "0s", "1m", "5m", "10m", "15m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h", "18h", "1d",
    "2d", "3d", "4d", "5d", "6d", "7d", "10d", "14d",
];
/// When something may start: as far into a long run as there are days.
const STARTS: &[&str] = &[
    "0s", "1h", "2h", "4h", "6h", "8h", "12h", "18h", "1d", "2d", "3d", "4d", "5d", "6d", "7d",
    "8d", "10d", "12d", "14d", "16d", "18d", "20d", "21d", "24d", "28d", "35d", "42d", "60d",
    "75d", "90d", "120d", "180d", "270d", "365d",
];
/// Those that lie within a run of so many microseconds.
pub(super) fn starts(length: i64) -> &'static [&'static str] {
    let is_within = |stop: &&str| parse_duration(stop).is_ok_and(|stop| stop <= length);
    let within = STARTS.iter().take_while(|stop| is_within(stop)).count();
    &STARTS[..within.max(2)]
}
pub(super) const LENGTHS: &[&str] = &[
    "1d", "2d", "3d", "5d", "7d", "10d", "14d", "21d", "28d", "60d", "90d",
];
pub(super) const WARMUPS: &[&str] = &["0s", "6h", "12h", "1d", "2d", "3d", "5d", "7d", "14d"];
pub(super) const WINDOWS: &[&str] = &[
    "7d", "14d", "30d", "60d", "90d", "120d", "180d", "270d", "365d",
];
pub(super) const PERCENTS: &[f64] = &[
    0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 40.0,
    50.0, 60.0, 70.0, 80.0, 90.0, 100.0,
];
/// Shares near the whole.
pub(super) const GRADES: &[f64] = &[
    50.0, 60.0, 70.0, 80.0, 85.0, 90.0, 92.0, 94.0, 95.0, 96.0, 97.0, 98.0, 99.0, 99.5, 99.9,
    99.95, 99.99,
];
pub(super) const RATES: &[f64] = &[
    0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0,
    30.0, 50.0, 70.0, 100.0, 200.0, 500.0, 1_000.0,
];
pub(super) const COUNTS: &[f64] = &[
    10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0,
    100_000.0,
];
pub(super) const BUDGETS: &[f64] = &[
    100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0, 100_000.0,
    200_000.0, 500_000.0, 1e6, 2e6, 5e6, 1e7,
];
pub(super) const REPLICATES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
pub(super) const FEW: &[f64] = &[
    1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 32.0, 50.0, 64.0, 100.0,
];
pub(super) const FEW_OR_NONE: &[f64] = &[
    0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 32.0, 50.0,
];
pub(super) const NIGHTS: &[f64] = &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0];

type Words = &'static str;

fn knob(pointer: impl Into<String>, label: Words, help: Words, input: Input) -> Knob {
    Knob {
        pointer: pointer.into(),
        label,
        help,
        input,
    }
}

pub(super) fn duration(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    span: impl ToString,
    stops: &'static [&'static str],
) -> Knob {
    let input = Input::Duration {
        text: span.to_string(),
        none: None,
        stops,
    };
    knob(pointer, label, help, input)
}

/// A duration that may be absent, which is called `none`.
pub(super) fn duration_or(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    span: Option<impl ToString>,
    none: Words,
    stops: &'static [&'static str],
) -> Knob {
    let input = Input::Duration {
        text: span.map_or_else(String::new, |span| span.to_string()),
        none: Some(none),
        stops,
    };
    knob(pointer, label, help, input)
}

pub(super) fn whole(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: u32,
    stops: &'static [f64],
) -> Knob {
    let input = Input::Number {
        value: Some(f64::from(value)),
        none: None,
        unit: "",
        scale: 1.0,
        whole: true,
        signed: false,
        stops,
    };
    knob(pointer, label, help, input)
}

pub(super) fn rate(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: f64,
    unit: Words,
) -> Knob {
    number(pointer, label, help, value, unit, RATES)
}

pub(super) fn number(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: f64,
    unit: Words,
    stops: &'static [f64],
) -> Knob {
    let input = Input::Number {
        value: Some(value),
        none: None,
        unit,
        scale: 1.0,
        whole: false,
        signed: false,
        stops,
    };
    knob(pointer, label, help, input)
}

pub(super) fn share(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: f64,
    stops: &'static [f64],
) -> Knob {
    let input = Input::Number {
        value: Some(round(value * 100.0)),
        none: None,
        unit: "%",
        scale: 100.0,
        whole: false,
        signed: false,
        stops,
    };
    knob(pointer, label, help, input)
}

/// A number that may be absent, which is called `none`.
pub(super) fn number_or(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: Option<f64>,
    none: Words,
    stops: &'static [f64],
) -> Knob {
    let input = Input::Number {
        value,
        none: Some(none),
        unit: "",
        scale: 1.0,
        whole: false,
        signed: false,
        stops,
    };
    knob(pointer, label, help, input)
}

/// A share that may be absent, which is called `none`.
pub(super) fn share_or(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: Option<f64>,
    none: Words,
    stops: &'static [f64],
) -> Knob {
    let input = Input::Number {
        value: value.map(|value| round(value * 100.0)),
        none: Some(none),
        unit: "%",
        scale: 100.0,
        whole: false,
        signed: false,
        stops,
    };
    knob(pointer, label, help, input)
}

/// Rows of numbers: what is set, and what holds by default.
pub(super) fn list(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    set: Option<String>,
    default: String,
    columns: &'static [Column],
) -> Knob {
    let input = Input::List {
        text: set,
        default,
        columns,
    };
    knob(pointer, label, help, input)
}

pub(super) fn switch(pointer: impl Into<String>, label: Words, help: Words, on: bool) -> Knob {
    knob(pointer, label, help, Input::Switch { on })
}

/// One of several names.
pub(super) fn choice(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    chosen: usize,
    options: &[(Words, &str)],
) -> Knob {
    let options = options
        .iter()
        .map(|(label, name)| ((*label).into(), json!(name)));
    let input = Input::Choice {
        chosen,
        options: options.collect(),
        merges: false,
    };
    knob(pointer, label, help, input)
}

/// One of several, with parameters: the one that is chosen writes what is set, the others what they usually
/// are.
pub(super) fn variant(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    current: &impl serde::Serialize,
    chosen: usize,
    mut options: Vec<(impl Into<super::Words>, Value)>,
) -> Knob {
    if let Some((_, value)) = options.get_mut(chosen) {
        *value = serde_json::to_value(current).unwrap_or_default();
    }
    let input = Input::Choice {
        chosen,
        options: named(options),
        merges: false,
    };
    knob(pointer, label, help, input)
}

/// Absent, which is called `none`, or with the parameters that are usual.
pub(super) fn optional(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    current: &Option<impl serde::Serialize>,
    none: Words,
    usual: (Words, Value),
) -> Knob {
    let chosen = usize::from(current.is_some());
    let options = vec![(none, Value::Null), usual];
    variant(pointer, label, help, current, chosen, options)
}

/// One of several, each of which writes some members of the object at the pointer; the one that is chosen
/// writes none.
pub(super) fn merged(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    chosen: usize,
    mut options: Vec<(impl Into<super::Words>, Value)>,
) -> Knob {
    if let Some((_, value)) = options.get_mut(chosen) {
        *value = json!({});
    }
    let input = Input::Choice {
        chosen,
        options: named(options),
        merges: true,
    };
    knob(pointer, label, help, input)
}

fn named(options: Vec<(impl Into<super::Words>, Value)>) -> Vec<(super::Words, Value)> {
    let options = options.into_iter();
    options
        .map(|(label, value)| (label.into(), value))
        .collect()
}

/// Words that may be absent, which is called `none`, unless they must be there.
pub(super) fn text(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    text: impl Into<String>,
    none: Option<Words>,
) -> Knob {
    let input = Input::Text {
        text: text.into(),
        none,
        is_name: false,
    };
    knob(pointer, label, help, input)
}

/// What the part at the pointer is called.
pub(super) fn name(at: &str, help: Words, name: &str) -> Knob {
    let input = Input::Text {
        text: name.to_owned(),
        none: None,
        is_name: true,
    };
    knob(format!("{at}/name"), "Name", help, input)
}

/// Any of several.
pub(super) fn several(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    options: Vec<(Words, Value, bool)>,
) -> Knob {
    knob(pointer, label, help, Input::Several { options })
}

/// A limit of a metric, in its own unit; of a difference, it may be below 0.
pub(super) fn limit(
    pointer: impl Into<String>,
    label: Words,
    help: Words,
    value: f64,
    (unit, scale): (Words, f64),
    signed: bool,
) -> Knob {
    let input = Input::Number {
        value: Some(round(value * scale)),
        none: None,
        unit,
        scale,
        whole: false,
        signed,
        stops: &[],
    };
    knob(pointer, label, help, input)
}
