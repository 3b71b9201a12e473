//! What a scenario says, in words for people: what is compared, what each design does, what goes wrong and
//! what happened. One place decides each word; nothing is said of what is as usual.

use crate::report::human;
use crate::scenario::Scenario;
use crate::scenario::quantity::format_duration;
use crate::sim::clock::{DAY, HOUR, MINUTE, SECOND, Time};
use crate::world::World;

mod noticed;
mod pipeline;
mod trouble;

pub use crate::report::happened::when;
pub use noticed::{Notice, noticed};
pub use pipeline::{Node, Pipeline, rule_name};
pub use trouble::{
    Mark, Told, faults_of, marks, of_the_world, placed_faults_of, stream_name, told,
};

/// What is compared, in a sentence or two.
#[must_use]
pub fn compared(scenario: &Scenario) -> String {
    let designs = match scenario.designs.len() {
        1 => "One design watches".to_owned(),
        count => format!("{} designs watch the same", number(count)),
    };
    let bounds = if scenario.bounds {
        ", between a perfect copy and none"
    } else {
        ""
    };
    let world = match &scenario.world {
        World::TwoState(world) => {
            let differ = world.rate_spread.is_some() || !world.rate_classes.is_empty();
            format!(
                "{} stays{}",
                human::whole(u64::from(world.stays.get())),
                if differ {
                    ", some of which change more often than others"
                } else {
                    ""
                }
            )
        }
        World::Trace(world) => format!(
            "hotels of {}, searched up to {} ahead",
            world.bookings,
            human::span(world.booking_window.micros())
        ),
        World::Hotels(world) => {
            let hotels = human::whole(u64::from(world.count.get()));
            let represents = world.represents.map_or_else(String::new, |size| {
                format!(" (standing for {})", human::whole(u64::from(size.get())))
            });
            format!(
                "{hotels} hotels{represents}, searched up to {} ahead",
                human::span(world.booking_window.micros())
            )
        }
    };
    let run = &scenario.run;
    let length = human::span(run.length.micros());
    let warmup = match run.warmup.micros() {
        0 => String::new(),
        span => format!(" after {} of warm-up", human::span(span)),
    };
    let times = match run.replicates.get() {
        1 => "once: no error bars".to_owned(),
        2 => "twice over".to_owned(),
        count => format!("{} times over", human::whole(u64::from(count))),
    };
    format!("{designs} {world}{bounds}. Measured for {length}{warmup}, {times}.")
}

fn number(count: usize) -> String {
    let words = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight",
    ];
    words
        .get(count)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A count in few characters: `50 k`.
fn compact(count: f64) -> String {
    match count {
        _ if count >= 1e6 => format!("{}\u{a0}M", round(count / 1e6)),
        _ if count >= 1e4 => format!("{}\u{a0}k", round(count / 1e3)),
        _ if count.fract() == 0.0 => human::whole(count as u64),
        _ => round(count).to_string(),
    }
}

/// `6h` as `6 h`; number and unit stay on one line.
fn short(span: Time) -> String {
    let text = format_duration(span);
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = if unit == "m" { "min" } else { unit };
    format!("{number}\u{a0}{unit}")
}

/// The words as a sentence begins.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A span in the units that people choose, as many as it takes: `11 d 4 h 48 min`.
#[must_use]
pub fn spelled(span: Time) -> String {
    const UNITS: [(Time, &str); 6] = [
        (DAY, "d"),
        (HOUR, "h"),
        (MINUTE, "min"),
        (SECOND, "s"),
        (SECOND / 1_000, "ms"),
        (1, "µs"),
    ];
    let mut rest = span;
    let parts = UNITS.iter().filter_map(|(size, unit)| {
        let count = rest / size;
        rest %= size;
        (count > 0).then(|| format!("{count}\u{a0}{unit}"))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        "0\u{a0}s".to_owned()
    } else {
        parts.join("\u{a0}")
    }
}

/// A share without needless digits: `0.1 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}\u{a0}%", round(share * 100.0))
}

/// Drops what binary fractions leave behind: 0.7 % is 0.7, not 0.7000000000000001.
#[must_use]
pub fn round(number: f64) -> f64 {
    format!("{number:.9}").parse().unwrap_or(number)
}
