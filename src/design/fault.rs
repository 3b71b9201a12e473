//! What goes wrong, and when.
//!
//! A fault belongs to designs, feeds and streams, or to the world. It ends after `lasts`, or earlier when it
//! is noticed and repaired (see [`super::operations`]).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::{Duration, Factor, Period, Share};
use crate::world::group::{ChangeStream, Rule};

/// Which feeds a fault strikes, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The design; all of them without one.
    pub design: Option<&'a str>,
    /// The feed; all of the design's without one.
    pub feed: Option<&'a str>,
    /// The stream of changes; all without one.
    pub stream: Option<ChangeStream>,
    /// From the end of the warm-up to its start.
    pub at: Duration,
    /// How long it lasts if nobody repairs it.
    pub lasts: Duration,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident $key:literal $($(#[$lasts_doc:meta])* until $lasts:ident)? { $($(#[$field_attr:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $variant {
                /// The design that it strikes. Default: all.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub design: Option<String>,
                /// The feed that it strikes. Default: all of the design's.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub feed: Option<String>,
                /// The stream of changes that it strikes. Default: all.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub stream: Option<ChangeStream>,
                /// When it starts, from the end of the warm-up.
                pub at: Duration,
                $($(#[$lasts_doc])* pub $lasts: Duration,)?
                $($(#[$field_attr])* pub $field: $kind,)*
            }
        )*

        /// A fault of designs.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum DesignFault<'a> {
            $($(#[$doc])* $variant(&'a $variant),)*
        }

        impl<'a> DesignFault<'a> {
            /// Which feeds it strikes, and when.
            #[must_use]
            pub fn scope(self) -> Scope<'a> {
                match self {
                    $(Self::$variant(fault) => Scope {
                        design: fault.design.as_deref(),
                        feed: fault.feed.as_deref(),
                        stream: fault.stream,
                        at: fault.at,
                        lasts: first([$(fault.$lasts,)? Duration::of(0)]),
                    },)*
                }
            }

            /// Its name in a scenario.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $key,)*
                }
            }
        }
    };
}

/// The first of one or two: how long a fault lasts, or no time.
fn first<const N: usize>(durations: [Duration; N]) -> Duration {
    durations[0]
}

faults! {
    /// Delivery stops. What the log's retention covers waits, the rest is lost; polls fail; reads go on.
    Outage "outage"
    /// How long it lasts if nobody repairs it.
    until lasts {}
    /// Operators stop delivery on purpose: as an outage, but no alert ends it.
    Pause "pause"
    /// How long it lasts if nobody repairs it.
    until lasts {}
    /// Everything takes several times as long on the way, and at work. What takes no time is not slowed.
    Slow "slow"
    /// How long it lasts if nobody repairs it.
    until lasts {
        /// How many times as long.
        times: Factor,
    }
    /// Messages disappear, and nothing else shows.
    Leak "leak"
    /// How long it lasts if nobody repairs it.
    until lasts {
        /// Share of messages that disappear.
        share: Share,
    }
    /// The consumers pause again and again to share out their work.
    RebalanceStorm "rebalance_storm"
    /// How long it lasts if nobody repairs it.
    until lasts {
        /// Between the starts of pauses.
        every: Period,
        /// How long each pause is.
        pause: Period,
    }
    /// Fewer consumers work.
    LessCapacity "less_capacity"
    /// How long it lasts if nobody repairs it.
    until lasts {
        /// Share of the consumers that is left and works, rounded down, one at least.
        left: Share,
    }
    /// A bug turns answers round: of messages as they are processed, of polls as they are read.
    WrongAnswers "wrong_answers"
    /// How long it lasts if nobody repairs it.
    until lasts {
        /// Share of messages or polls that it turns round.
        share: Share,
    }
    /// Datasets whose build starts now are bad.
    BadDataset "bad_dataset"
    /// How long it lasts if nobody repairs it.
    until lasts {
        /// What is bad.
        kind: Bad,
        /// Share of answers turned round (with `"answers"`).
        #[serde(default = "half")]
        share: Share,
    }
    /// The domain's rule changes at `at`, for all; the copies of the rules that these designs keep follow
    /// later.
    RuleChange "rule_change"
    /// From the change to the moment at which the copies of the rules follow.
    until copy_follows {
        /// The rule that holds from then on, and did not before.
        rule: Rule,
    }
    /// All entries are dropped at `at`.
    CacheFlush "cache_flush" {}
}

fn half() -> Share {
    Share::of(0.5)
}

/// How a dataset is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bad {
    /// It cannot be read: all entries are gone.
    Schema,
    /// It can be read, and is wrong.
    Answers,
}

/// A fault of the world, for all designs: its rate is multiplied for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shock {
    /// When it starts, from the end of the warm-up.
    pub at: Duration,
    /// How long it lasts.
    pub lasts: Duration,
    /// How many times as much.
    pub times: Factor,
}

/// The registered faults: one line each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Delivery stops.
    Outage(Outage),
    /// Operators stop delivery on purpose.
    Pause(Pause),
    /// Everything takes several times as long.
    Slow(Slow),
    /// Messages disappear.
    Leak(Leak),
    /// The consumers pause again and again.
    RebalanceStorm(RebalanceStorm),
    /// Fewer consumers work.
    LessCapacity(LessCapacity),
    /// A bug turns answers round.
    WrongAnswers(WrongAnswers),
    /// Datasets are bad.
    BadDataset(BadDataset),
    /// The domain's rule changes.
    RuleChange(RuleChange),
    /// All entries are dropped.
    CacheFlush(CacheFlush),
    /// Fewer (or more) searches, everywhere.
    TrafficDrop(Shock),
    /// More (or fewer) booking requests, everywhere.
    DemandShock(Shock),
}

impl Fault {
    /// The fault, if it is one of designs.
    #[must_use]
    pub fn of_design(&self) -> Option<DesignFault<'_>> {
        Some(match self {
            Self::Outage(fault) => DesignFault::Outage(fault),
            Self::Pause(fault) => DesignFault::Pause(fault),
            Self::Slow(fault) => DesignFault::Slow(fault),
            Self::Leak(fault) => DesignFault::Leak(fault),
            Self::RebalanceStorm(fault) => DesignFault::RebalanceStorm(fault),
            Self::LessCapacity(fault) => DesignFault::LessCapacity(fault),
            Self::WrongAnswers(fault) => DesignFault::WrongAnswers(fault),
            Self::BadDataset(fault) => DesignFault::BadDataset(fault),
            Self::RuleChange(fault) => DesignFault::RuleChange(fault),
            Self::CacheFlush(fault) => DesignFault::CacheFlush(fault),
            Self::TrafficDrop(_) | Self::DemandShock(_) => return None,
        })
    }
}
