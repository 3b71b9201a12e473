//! One binary, a module a behaviour.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod asked_after_hints;
mod audiences;
mod audits;
mod bad_input;
mod boundaries;
mod breaker;
mod breakeven;
mod by_hand;
mod capacity;
mod cli;
mod closed_forms;
mod coalesced;
mod corpora;
mod dependencies;
mod expect;
mod film;
mod first;
// What a fuzzer tries, too.
#[allow(unreachable_pub)]
#[path = "../../fuzz/src/lib.rs"]
mod fuzzed;
mod guides;
mod hit_ratios;
mod hotels;
mod independence;
mod invariants;
mod line;
mod metamorphic;
mod mutations;
mod policy;
mod presets;
mod record;
mod replicates;
mod sensitivity;
mod simulated;
mod steady;
mod strikes;
mod sweep;
mod talks;
mod trace;
mod verdict;
