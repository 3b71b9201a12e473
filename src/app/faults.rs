//! Faults that can be put into a scenario: each kind as it usually is.

use serde_json::{Value, json};

use crate::design::Fault;
use crate::scenario::Scenario;
use crate::scenario::quantity::format_duration;
use crate::sim::clock::{DAY, HOUR, MINUTE, Time};

macro_rules! kinds {
    ($($variant:ident $key:literal $name:literal $says:literal $extra:tt;)*) => {
        /// What can be made to happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $says] $variant,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in a scenario.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }

            /// Its name for people.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it does.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self {
                    $(Self::$variant => $says,)*
                }
            }

            /// What it has besides when and where.
            fn usual(self) -> Value {
                match self {
                    $(Self::$variant => json!($extra),)*
                }
            }
        }
    };
}

// One line each.
kinds! {
    Outage "outage" "Outage" "The feed delivers nothing, until it is repaired or over" {};
    Pause "pause" "Pause" "The feed is stopped on purpose: no alert ends it" {};
    Slow "slow" "Slow" "Everything takes ten times as long on the way, and at work" { "times": 10 };
    Leak "leak" "Leak" "Half of the feed’s messages disappear, and nothing else shows" { "share": 0.5 };
    RebalanceStorm "rebalance_storm" "Rebalance storm" "The feed’s consumers pause again and again" { "every": "5m", "pause": "1m" };
    LessCapacity "less_capacity" "Less capacity" "Half of the feed’s consumers work" { "left": 0.5 };
    WrongAnswers "wrong_answers" "Wrong answers" "A bug turns half of the feed’s answers round" { "share": 0.5 };
    BadDataset "bad_dataset" "Bad dataset" "Half of the answers of the datasets that are built are turned round" { "kind": "answers" };
    RuleChange "rule_change" "Rule change" "The domain has a new rule, and copies of the rules follow later" { "rule": "min_nights" };
    CacheFlush "cache_flush" "Cache flush" "All entries of the design are dropped" {};
    TrafficDrop "traffic_drop" "Traffic drop" "A tenth of the searches, for all designs" { "times": 0.1 };
    DemandShock "demand_shock" "Demand shock" "Three times the booking requests, for all designs" { "times": 3 };
}

impl Kind {
    /// What the live view makes happen at its clock's moment: what is argued about most.
    pub const INJECTED: [Self; 3] = [Self::Outage, Self::Leak, Self::TrafficDrop];

    /// Whether it befalls the world, not a feed.
    #[must_use]
    pub fn is_of_the_world(self) -> bool {
        matches!(self, Self::TrafficDrop | Self::DemandShock)
    }

    /// Whether it befalls a design with all its feeds.
    fn is_of_a_design(self) -> bool {
        matches!(self, Self::RuleChange | Self::CacheFlush)
    }

    /// The fault as a scenario has it. It begins within the minute; no feed means all of the design's.
    #[must_use]
    pub fn fault(self, at: Time, lasts: &str, design: Option<&str>, feed: Option<&str>) -> Value {
        let mut fault = self.usual();
        fault["at"] = json!(format_duration(at.max(0) / MINUTE * MINUTE));
        match self {
            Self::CacheFlush => {}
            Self::RuleChange => fault["copy_follows"] = json!(lasts),
            _ => fault["lasts"] = json!(lasts),
        }
        if let Some(design) = design.filter(|_| !self.is_of_the_world()) {
            fault["design"] = json!(design);
        }
        if let Some(feed) = feed.filter(|_| !self.is_of_the_world() && !self.is_of_a_design()) {
            fault["feed"] = json!(feed);
        }
        json!({ self.key(): fault })
    }

    /// The fault as it usually is in a scenario: it begins after a quarter of the run, and befalls the first
    /// design and feed that it can. Where it can befall none, checking it says why.
    #[must_use]
    pub fn in_scenario(self, scenario: &Scenario) -> Value {
        let length = scenario.run.length.micros();
        let unit = if length >= 4 * DAY { DAY } else { HOUR };
        let at = length / 4 / unit * unit;
        let made = |design, feed| self.fault(at, usual(length), design, feed);
        let places = scenario.designs.iter().flat_map(|design| {
            // One feed need not be named.
            let feeds = design.feeds.iter().map(|feed| Some(&*feed.name));
            let feeds = feeds.filter(|_| design.feeds.len() > 1);
            let whole = (design.feeds.len() < 2 || self.is_of_a_design()).then_some(None);
            let feeds: Vec<Option<&str>> = whole.into_iter().chain(feeds).collect();
            feeds.into_iter().map(move |feed| (&*design.name, feed))
        });
        let mut faults = places.map(|(design, feed)| made(Some(design), feed));
        let found = faults.find(|fault| can_befall(scenario, fault));
        found.unwrap_or_else(|| made(None, None))
    }
}

/// Whether what is written is a fault that can befall a scenario.
#[must_use]
pub fn can_befall(scenario: &Scenario, fault: &Value) -> bool {
    let read = serde_json::from_value::<Fault>(fault.clone());
    read.is_ok_and(|fault| scenario.can_befall(&fault))
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
    fn every_kind_is_a_fault_or_it_is_said_why_not() {
        let mut befell = std::collections::BTreeSet::new();
        // Consumers that can become fewer.
        let line = text::set(
            crate::scenario::presets::BLANK.text,
            "/designs/0/feeds/-",
            r#"{ "name": "line", "source": "deltas", "delivery": { "push": { "consumers": 4 } } }"#,
        );
        let line = line.expect("is an edit");
        for text in PRESETS.iter().map(|preset| preset.text).chain([&*line]) {
            let scenario = text::parse(text).expect("reads").scenario;
            for &kind in Kind::ALL {
                let fault = kind.in_scenario(&scenario);
                let edited = text::set(text, "/faults/-", &fault.to_string());
                let edited = edited.unwrap_or_else(|_| panic!("{fault}"));
                match text::parse(&edited) {
                    Ok(document) => {
                        assert!(can_befall(&scenario, &fault), "{fault}");
                        let faults = document.scenario.faults.len();
                        assert_eq!(faults, scenario.faults.len() + 1);
                        befell.insert(kind.key());
                    }
                    Err(problems) => {
                        assert!(!can_befall(&scenario, &fault), "{fault}");
                        let said = problems.to_string();
                        assert!(
                            said.contains("strikes nothing here") || said.contains("no rules"),
                            "{said}"
                        );
                    }
                }
            }
        }
        assert_eq!(befell.len(), Kind::ALL.len(), "{befell:?}");
    }

    /// A new fault of the scenario's is one that can be added.
    #[test]
    fn the_schema_has_the_same_kinds() {
        let schema = crate::scenario::schema::schema();
        let all = schema["$defs"]["Fault"]["oneOf"].as_array().expect("kinds");
        for kind in all {
            let keys = kind["required"].as_array().expect("a key");
            let known = Kind::ALL.iter().any(|kind| keys[0] == kind.key());
            assert!(known, "{} cannot be added", keys[0]);
        }
        assert_eq!(all.len(), Kind::ALL.len());
    }

    #[test]
    fn a_fault_begins_where_it_is_told_to() {
        let fault = Kind::Leak.fault(90 * MINUTE + 5, "2h", Some("a"), Some("f"));
        let wanted = json!({ "leak": { "at": "90m", "lasts": "2h", "design": "a", "feed": "f", "share": 0.5 } });
        assert_eq!(fault, wanted);
        let drop = Kind::TrafficDrop.fault(0, "2h", Some("a"), Some("f"));
        assert_eq!(
            drop,
            json!({ "traffic_drop": { "at": "0s", "lasts": "2h", "times": 0.1 } })
        );
    }
}
