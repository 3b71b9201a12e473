//! Small scenarios of all kinds, drawn at random: whatever fits together runs, breaks no invariant, and gives
//! numbers that can be. A fuzzer draws from the same ones.

use std::cell::Cell;

use arbitrary::Unstructured;
use proptest::prelude::*;
use serde_json::json;

use crate::fuzzed::small::{a_scenario, holds};

const CASES: u32 = 600;

/// What does not fit together is refused: a few in a hundred of what is drawn. If it were most, this would show little.
#[test]
fn what_fits_together_runs() {
    let ran = Cell::new(0);
    let config = ProptestConfig {
        cases: CASES,
        ..ProptestConfig::default()
    };
    proptest!(config, |(bytes in prop::collection::vec(any::<u8>(), 400))| {
        let scenario = a_scenario(&mut Unstructured::new(&bytes)).unwrap();
        ran.set(ran.get() + u32::from(holds(&scenario)?));
    });
    println!("{} of {CASES} ran", ran.get());
    assert!(ran.get() > CASES * 3 / 4, "only {} ran", ran.get());
}

/// Found by the above, some thousand scenarios on: a stay changes while the log is read again, after its entry
/// was deleted.
#[test]
fn a_change_during_a_replay() {
    let scenario = json!({ "version": 1, "seed": 847,
        "run": { "warmup": "0s", "length": "1d", "replicates": 2 },
        "world": { "two_state": { "stays": 14, "sells_out_per_day": 3, "reopens_per_day": 4 } },
        "designs": [{ "name": "a",
            "operations": { "replay": { "delete_first": { "messages_per_second": 1 } } },
            "feeds": [{ "name": "one", "source": "deltas", "delivery": "push" }] }],
        "faults": [{ "wrong_answers": { "at": "5h", "lasts": "3h", "share": 0.6 } }] });
    crate::simulated::ran(&scenario);
}

/// Found by a fuzzer, as a run without an end: a message waited out an outage and was then lost with its consumer. It had
/// not waited too long, it was said, as it was gone; so the outage was repaired or not, by turns.
#[test]
fn a_message_waits_until_it_is_lost() {
    let scenario = json!({ "version": 1, "seed": 956,
        "run": { "warmup": "13h", "length": "1d", "replicates": 2 },
        "world": { "two_state": { "stays": 14, "sells_out_per_day": 3, "reopens_per_day": 4 } },
        "designs": [{ "name": "a",
            "operations": { "lag_above": "1h", "repair_after": "90m",
                "parity_check": { "every": "2h", "missing_above": 0.2 } },
            "feeds": [{ "name": "one", "source": "deltas", "delivery": { "push": {
                "loss": 0.3, "commit": "before", "consumers": 2, "service": { "fixed": "1m" },
                "latency": { "lognormal": { "median": "2m", "p99": "5h" } },
                "cross_region": { "share": 0.5, "timeout": "5m", "rebalance": "20m",
                    "latency": { "exponential": { "mean": "4m" } } },
                "window": { "after_first": "2h" } } } }] }],
        "faults": [{ "outage": { "at": "20h", "lasts": "11h" } }] });
    crate::simulated::ran(&scenario);
}
