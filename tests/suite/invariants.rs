//! Small scenarios of all kinds, drawn at random: whatever fits together runs, breaks no invariant, and gives
//! numbers that can be. A fuzzer draws from the same ones.

use arbitrary::Unstructured;
use proptest::prelude::*;
use serde_json::json;

use crate::fuzzed::small::{a_scenario, holds};

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn what_fits_together_runs(bytes in prop::collection::vec(any::<u8>(), 200)) {
        holds(&a_scenario(&mut Unstructured::new(&bytes)).unwrap())?;
    }
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
