//! Where each default comes from: the one table of it, beside the schema, which says what the defaults are.
//!
//! A default is published (and then by whom), assumed (and then why so), or the plain case: what is not asked
//! for is not there, does not happen, takes no time. Plain ones stand in no table.

use serde_json::Value as Json;

use super::{pointer, schema};

/// Where a default comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// From a source, which it names.
    Published(&'static str),
    /// From nowhere, for a reason that it gives.
    Assumed(&'static str),
    /// It leaves things as they are: nothing is lost, delayed, dropped or added.
    Plain(&'static str),
}

impl Basis {
    /// In words.
    #[must_use]
    pub fn said(self) -> String {
        match self {
            Self::Published(by) => format!("published: {by}"),
            Self::Assumed(why) => format!("assumed: {why}"),
            Self::Plain(what) => what.to_owned(),
        }
    }
}

/// What is known of a key of the scenario, before anyone sets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// What holds if it is not set; `null` for nothing. None where it must be set.
    pub default: Option<Json>,
    /// Where to take out what is set to get it back: here, or what it cannot stand without.
    pub back: String,
    /// Where the default comes from, or why there is none.
    pub basis: Basis,
    /// The least that it may be, of a number.
    pub least: Option<f64>,
    /// The most.
    pub most: Option<f64>,
}

use Basis::{Assumed, Plain, Published};

const HOTELS: &str = "two hotels, 119,390 bookings from 2015 to 2017 (Antonio, de Almeida, Nunes, Data in Brief 22, 2019)";
const OFF: &str = "nothing is assumed unless you ask for it";
const AT_ONCE: &str = "it takes no time unless you say so";
const NONE_LOST: &str = "nothing goes wrong unless you say so";
const OWN: &str = "every scenario says its own";

/// By type and key of the schema. A type with the key `*` speaks for the rest of its keys.
const TABLE: &[(&str, &str, Basis)] = &[
    (
        "Run",
        "warmup",
        Assumed("two days, for what the start leaves behind to be gone in most designs"),
    ),
    ("Run", "length", Assumed("two weeks: each weekday twice")),
    (
        "Run",
        "replicates",
        Assumed("8 give error bars; money asks for 32"),
    ),
    ("Scenario", "seed", Assumed("any number will do")),
    ("Scenario", "title", Plain("words change no number")),
    ("Scenario", "question", Plain("words change no number")),
    ("Scenario", "bounds", Plain(OFF)),
    (
        "TwoState",
        "searches_per_stay_per_day",
        Assumed("ten: enough to be hit or missed"),
    ),
    ("TwoState", "popularity", Plain("all stays alike")),
    ("Hotels", "popularity", Plain("all stays alike")),
    (
        "Hotels",
        "represents",
        Plain("the hotels that are simulated, and no more"),
    ),
    (
        "Hotels",
        "joins_per_year",
        Assumed("none: in a fortnight one hotel in some hundred at most"),
    ),
    (
        "Hotels",
        "leaves_per_year",
        Assumed("none, as with those that join"),
    ),
    ("Demand", "profile", Published(HOTELS)),
    (
        "Demand",
        "hours",
        Assumed(
            "quiet before dawn, even over the day, most in the evening; published bookings have no hours",
        ),
    ),
    ("Demand", "*", Published(HOTELS)),
    (
        "Supply",
        "sold_out_share",
        Assumed("a sixth of the stays of the coming days are sold out"),
    ),
    ("Supply", "room_types", Assumed("three sizes of room")),
    (
        "Supply",
        "rooms_spread",
        Assumed("hotels of the same demand differ by about a third in rooms"),
    ),
    (
        "Supply",
        "close_out_share",
        Assumed("a fifth of the changes close nights or reopen them"),
    ),
    (
        "Supply",
        "restriction_share",
        Assumed("three in ten changes are of restrictions, the rest of rates"),
    ),
    ("Supply", "close_out_lasts", Assumed("two days on average")),
    (
        "Supply",
        "nights_per_change",
        Assumed("three nights: a weekend"),
    ),
    (
        "RatePlans",
        "*",
        Assumed("plausible for a hotel with a flexible, a saver and a package rate"),
    ),
    (
        "Trace",
        "rooms_times",
        Published(
            "0.88 and 0.64 of the rooms ever held at once were ever slept in (Antonio et al. 2019); assumed: 0.8, between them",
        ),
    ),
    ("Trace", "popularity", Plain("all hotels alike")),
    (
        "Trace",
        "searches_per_request",
        Published("500 to 20,000 searches for a booking (Triometric); assumed: the low end"),
    ),
    ("Trace", "hours", Assumed("as of synthetic hotels")),
    (
        "Deltas",
        "bootstrap",
        Plain("the copy is loaded in full at the start"),
    ),
    (
        "Deltas",
        "ignores",
        Plain("its copy of the rules is complete"),
    ),
    (
        "Deltas",
        "action",
        Plain("an answer that changed is written"),
    ),
    (
        "Deltas",
        "payload",
        Plain("messages carry the state, as change-data-capture does"),
    ),
    ("Searches", "share", Plain("all that is seen is sent")),
    (
        "Dataset",
        "every",
        Published("at most one full flush a day (SiteMinder)"),
    ),
    (
        "Dataset",
        "build_time",
        Assumed("an hour to read everything and write it out"),
    ),
    (
        "Dataset",
        "in_place",
        Plain("a new version, which a pointer is moved to"),
    ),
    ("Dataset", "keep", Assumed("one to go back to")),
    ("RateLimit", "burst", Plain("one at a time")),
    ("Paging", "crawlers", Plain("one")),
    (
        "Push",
        "retention",
        Published("seven days, the default of Apache Kafka's logs"),
    ),
    (
        "Push",
        "commit",
        Plain("after processing, at least once, as consumers do by default"),
    ),
    (
        "Push",
        "start_at",
        Assumed("nothing that the log holds is passed over"),
    ),
    ("Push", "latency", Plain(AT_ONCE)),
    ("Push", "service", Plain(AT_ONCE)),
    ("Push", "loss", Plain(NONE_LOST)),
    ("Push", "duplicates", Plain(NONE_LOST)),
    ("Push", "consumers", Plain("as many as it takes")),
    ("Push", "partitions", Plain("one line for all")),
    ("Pull", "allocation", Plain("all stays alike")),
    (
        "Pull",
        "order",
        Plain("each stay at its own time of the interval"),
    ),
    ("Pull", "jitter", Plain("none: like clockwork")),
    ("Pull", "latency", Plain(AT_ONCE)),
    ("Pull", "loss", Plain(NONE_LOST)),
    ("Feed", "apply", Plain("what is newer wins")),
    (
        "Cache",
        "ttl",
        Plain("entries live until something newer replaces them"),
    ),
    (
        "Cache",
        "sold_out_ttl",
        Plain("the same as of other entries"),
    ),
    ("Cache", "purge", Plain(OFF)),
    ("Cache", "stale_while_revalidate", Plain(OFF)),
    ("Cache", "capacity", Plain("room for all")),
    (
        "Capacity",
        "evict",
        Assumed("least recently used, the most usual"),
    ),
    (
        "Adaptive2",
        "share",
        Published(
            "0.2 of the age, as web caches guess (RFC 9111 speaks of 0.1; Squid's refresh_pattern uses 0.2)",
        ),
    ),
    ("Serving", "on_miss", Plain("the domain service is asked")),
    (
        "Serving",
        "live_check",
        Plain("what the copy says is what a search gets"),
    ),
    ("Serving", "explore", Plain(OFF)),
    ("Serving", "bypass", Plain("all searches read this copy")),
    ("Sample", "frame", Plain("all stays alike")),
    ("Sample", "weigh", Plain(OFF)),
    ("Sample", "confidence", Assumed("95 %, by custom")),
    ("Sample", "keep", Assumed("half of a rotating sample stays")),
    ("Alert", "in_a_row", Plain("the first one alerts")),
    ("Operations", "alerts", Plain("somebody is told")),
    (
        "Operations",
        "repair_after",
        Assumed("an hour from the alert to the repair"),
    ),
    (
        "Operations",
        "components",
        Plain("none that fail by themselves"),
    ),
    (
        "Operations",
        "incidents_per_component_per_month",
        Plain(NONE_LOST),
    ),
    ("Operations", "incident_lasts", Assumed("two hours")),
    ("ParityCheck", "every", Assumed("once an hour")),
    (
        "ParityCheck",
        "missing_above",
        Assumed("one message in a hundred"),
    ),
    (
        "CircuitBreaker",
        "*",
        Assumed(
            "a twentieth of all stays flipping within ten minutes is no demand; an hour to look at it",
        ),
    ),
    (
        "ReplaySpeed",
        "messages_per_second",
        Assumed("a thousand a second"),
    ),
    ("BadDataset", "share", Assumed("half of it is wrong")),
    (
        "Prices",
        "delta",
        Published("EventBridge, 1.00 a million events"),
    ),
    (
        "Prices",
        "observation",
        Published("SQS at high volume, 0.30 a million requests (0.40 below 100 billion a month)"),
    ),
    (
        "Prices",
        "cache_read",
        Published("DynamoDB on demand, one read unit, 0.125 a million"),
    ),
    (
        "Prices",
        "cache_write",
        Published("DynamoDB on demand, one write unit, 0.625 a million"),
    ),
    (
        "Prices",
        "stored",
        Published(
            "ElastiCache Serverless (Valkey), 0.084 a GB and hour; assumed: 80 bytes an entry",
        ),
    ),
    (
        "Prices",
        "live_ask",
        Assumed("some 150 reads of room nights and rates at 0.125 a million, and the computing"),
    ),
    ("Prices", "poll", Assumed("as a live ask")),
    (
        "Prices",
        "shown",
        Plain("the product checks what it shows whether or not there is a cache"),
    ),
    (
        "Prices",
        "probe",
        Assumed("a live ask, and what compares it"),
    ),
    (
        "Prices",
        "cross_region",
        Published("0.01 a GB between zones and regions (AWS); assumed: 5 kB a call"),
    ),
    (
        "Prices",
        "component",
        Assumed("two small instances, their monitoring, and a day of an engineer a month"),
    ),
    (
        "Prices",
        "false_sold_out",
        Assumed("a booking earns 22, and one search in 2,000 becomes one"),
    ),
    (
        "Prices",
        "false_available_checked",
        Assumed("found out before booking, it costs a wait and some goodwill"),
    ),
    (
        "Prices",
        "false_available",
        Assumed("not found out, some become bookings that have to be walked elsewhere"),
    ),
];

/// Where the default of a key comes from, by type and key of the schema; nothing where there is none to speak of.
#[must_use]
pub fn listed(of: &str, key: &str) -> Option<Basis> {
    let found = |key: &str| {
        let mut all = TABLE.iter();
        all.find(|(its, named, _)| *its == of && *named == key)
    };
    found(key)
        .or_else(|| found("*"))
        .map(|(_, _, basis)| *basis)
}

/// What is known of the key at a JSON pointer; nothing where no key is.
#[must_use]
pub fn of(at: &str) -> Option<Known> {
    let steps = pointer::steps(at)?;
    let place = schema::place_at(schema::schema(), &steps)?;
    let bound = |key: &str| place.bounds.get(key).and_then(Json::as_f64);
    let (least, most) = (bound("minimum"), bound("maximum"));
    let mut named = place.owners.iter().rev();
    let basis = named.find_map(|(of, key)| listed(of, key));
    let known = match (place.default, place.optional) {
        (Some(default), _) => (Some(default), basis),
        (None, true) => (Some(Json::Null), basis.or(Some(Plain(OFF)))),
        (None, false) => (None, Some(Assumed(OWN))),
    };
    let (default, Some(basis)) = known else {
        return None;
    };
    let basis = if default.is_none() { Plain(OWN) } else { basis };
    let end = if place.alone {
        at.len()
    } else {
        at.rfind('/')?
    };
    Some(Known {
        default,
        back: at.get(..end)?.to_owned(),
        basis,
        least,
        most,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(of: &str) -> serde_json::Map<String, Json> {
        let at = match of {
            "Scenario" => &schema::schema()["properties"],
            of => &schema::schema()["$defs"][of]["properties"],
        };
        at.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn the_table_speaks_of_what_is_there_once() {
        let mut seen = std::collections::BTreeSet::new();
        for &(of, key, _) in TABLE {
            assert!(seen.insert((of, key)), "{of} {key} stands twice");
            let properties = properties(of);
            assert!(
                properties.contains_key(key) || (key == "*" && !properties.is_empty()),
                "{of} {key} is not in the schema"
            );
        }
    }

    /// A new default needs a word on where it comes from.
    #[test]
    fn every_default_of_the_schema_comes_from_somewhere() {
        let defs = schema::schema()["$defs"].as_object().expect("definitions");
        let own = defs.keys().filter(|of| !of.ends_with("Patch"));
        for of in own.map(String::as_str).chain(["Scenario"]) {
            for (key, property) in properties(of) {
                let is_list = property.get("type").and_then(Json::as_str) == Some("array");
                let holds = property.get("$ref").and_then(Json::as_str).map(|to| {
                    let to = to.rsplit('/').next().unwrap_or_default();
                    !properties(to).is_empty()
                });
                // A list that is empty, and an object whose own keys have defaults, say nothing themselves.
                if property.get("default").is_none()
                    || (is_list && property["default"] == Json::Array(vec![]) && key != "ignores")
                    || (holds == Some(true) && of != "Prices")
                {
                    continue;
                }
                if key == "title" || key == "question" || key == "words" {
                    continue;
                }
                assert!(
                    listed(of, &key).is_some(),
                    "{of}.{key} has a default from nowhere"
                );
            }
        }
    }

    #[test]
    fn what_is_known_is_found_by_pointer() {
        let known = of("/prices/delta/usd_per_million").expect("is known");
        assert_eq!(known.default, Some(Json::from(1.0)));
        assert!(known.basis.said().starts_with("published: EventBridge"));
        let known = of("/designs/3/feeds/0/delivery/push/retention").expect("is known");
        assert_eq!(known.default, Some(Json::from("7d")));
        let known = of("/designs/0/audits/2/panel/confidence").expect("is known");
        assert_eq!(known.default, Some(Json::from(0.95)));
        let known = of("/world/hotels/count").expect("is known");
        assert_eq!((known.default, known.least), (None, Some(1.0)));
        let known = of("/world/hotels/demand/group_share").expect("is known");
        assert_eq!((known.default, known.most), (Some(Json::Null), Some(1.0)));
        assert!(matches!(known.basis, Published(_)));
        assert_eq!(of("/nothing/here"), None);
    }
}
