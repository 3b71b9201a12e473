//! Faults at the clock's moment.

use serde_json::{Value, json};

use crate::scenario::quantity::format_duration;
use crate::sim::clock::{DAY, HOUR, MINUTE, Time};

/// What can be made to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A feed's delivery stops.
    Outage,
    /// Half of a feed's messages disappear.
    Leak,
    /// Searches all but stop, everywhere.
    TrafficDrop,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Outage, Self::Leak, Self::TrafficDrop];

    /// Its name in a scenario.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Leak => "leak",
            Self::TrafficDrop => "traffic_drop",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outage => "Outage",
            Self::Leak => "Leak",
            Self::TrafficDrop => "Traffic drop",
        }
    }

    /// What it does.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Outage => "The feed delivers nothing, until it is repaired or over",
            Self::Leak => "Half of the feed's messages disappear, and nothing else shows",
            Self::TrafficDrop => "A tenth of the searches, for all designs",
        }
    }

    /// Whether it befalls the world, not a feed.
    #[must_use]
    pub fn is_of_the_world(self) -> bool {
        self == Self::TrafficDrop
    }

    /// The fault as a scenario has it. It begins within the minute; no feed means all of the design's.
    #[must_use]
    pub fn fault(self, at: Time, lasts: &str, design: &str, feed: Option<&str>) -> Value {
        let at = format_duration(at.max(0) / MINUTE * MINUTE);
        let mut fault = json!({ "at": at, "lasts": lasts });
        if !self.is_of_the_world() {
            fault["design"] = json!(design);
        }
        if let Some(feed) = feed.filter(|_| !self.is_of_the_world()) {
            fault["feed"] = json!(feed);
        }
        match self {
            Self::Outage => {}
            Self::Leak => fault["share"] = json!(0.5),
            Self::TrafficDrop => fault["times"] = json!(0.1),
        }
        json!({ self.key(): fault })
    }
}

/// How long a fault lasts in a run of this length, if nothing is said: long enough to be seen.
#[must_use]
pub fn usual(length: Time) -> &'static str {
    match length {
        _ if length >= 7 * DAY => "12h",
        _ if length >= 2 * DAY => "6h",
        _ if length >= 8 * HOUR => "1h",
        _ => "5m",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;
    use crate::scenario::text;

    #[test]
    fn every_kind_is_a_fault_of_every_preset() {
        for preset in PRESETS {
            let scenario = preset.read().expect("reads").scenario;
            let design = scenario.compared()[0].clone();
            for kind in Kind::ALL {
                if design.feeds.is_empty() && !kind.is_of_the_world() {
                    continue;
                }
                let lasts = usual(scenario.run.length.micros());
                let fault = kind.fault(HOUR + 7, lasts, &design.name, None);
                let edited = text::set(preset.text, "/faults/-", &fault.to_string());
                let edited = edited.unwrap_or_else(|_| panic!("{}: {fault}", preset.name));
                // Some feeds cannot leak, and then the check says why.
                match text::parse(&edited) {
                    Ok(document) => {
                        let faults = document.scenario.faults.len();
                        assert_eq!(faults, scenario.faults.len() + 1);
                    }
                    Err(problems) => {
                        let said = problems.to_string();
                        assert!(kind == Kind::Leak && said.contains("paging"), "{said}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_fault_begins_where_the_clock_stands() {
        let fault = Kind::Leak.fault(90 * MINUTE + 5, "2h", "a", Some("f"));
        let wanted = json!({ "leak": { "at": "90m", "lasts": "2h", "design": "a", "feed": "f", "share": 0.5 } });
        assert_eq!(fault, wanted);
        let drop = Kind::TrafficDrop.fault(0, "2h", "a", Some("f"));
        assert_eq!(
            drop,
            json!({ "traffic_drop": { "at": "0s", "lasts": "2h", "times": 0.1 } })
        );
    }
}
