//! Expectations, as continuous integration meets them: verdicts and exit codes of the command line.

use serde_json::{Value, json};

use crate::cli::{Said, stayfresh};

/// Polls every two hours of items whose accuracy is about 94 %, and every six hours, about 86 %.
fn run(expect: &Value, arguments: &[&str]) -> Said {
    let poll = |name: &str, every: &str| {
        json!({ "name": name, "feeds": [
            { "name": "polls", "source": "inventory", "delivery": { "pull": { "every": every } } }
        ] })
    };
    let scenario = json!({
        "version": 1,
        "run": { "warmup": "1d", "length": "4d", "replicates": 6 },
        "world": { "two_state": { "stays": 200, "sells_out_per_day": 1, "reopens_per_day": 3 } },
        "designs": [poll("often", "2h"), poll("seldom", "6h")],
        "bounds": true,
        "expect": expect,
    });
    let mut all = vec!["run", "-"];
    all.extend(arguments);
    stayfresh(&all, scenario.to_string().as_bytes())
}

/// The verdicts of expectations, by the results file.
fn verdicts(expect: &Value) -> Vec<String> {
    let said = run(expect, &["--json"]);
    let results: Value = serde_json::from_str(&said.out).expect("results");
    let all = results["expect"].as_array().expect("verdicts").iter();
    all.map(|one| one["verdict"].as_str().expect("a verdict").to_owned())
        .collect()
}

#[test]
fn verdicts_are_of_the_whole_interval() {
    let accuracy =
        |limit: f64| json!({ "design": "often", "metric": "accuracy", "at_least": limit });
    let found: Value = serde_json::from_str(&run(&json!([]), &["--json"]).out).expect("results");
    let mean = found["designs"][0]["metrics"]["accuracy"]["mean"]
        .as_f64()
        .expect("a mean");
    let expect = json!([
        accuracy(mean - 0.05),
        accuracy(mean),
        accuracy(mean + 0.05),
        { "design": "often", "metric": "accuracy", "at_most": mean + 0.05 },
        { "design": "often", "metric": "accuracy", "at_most": mean - 0.05 },
        { "design": "often", "versus": "seldom", "metric": "accuracy", "at_least": 0.05 },
        { "design": "seldom", "versus": "often", "metric": "accuracy", "at_least": 0.05 },
        // The same polls in each replicate: that they agree may be chance, as far as the program knows.
        { "design": "often", "metric": "costs/polls", "at_most": 1000 },
        // No chance has a part in these.
        { "design": "often", "metric": "costs/components", "at_most": 0 },
        { "design": "ideal", "metric": "accuracy", "at_least": 1 },
        // Nobody books here, so nothing is said of it.
        { "design": "often", "metric": "lost_bookings", "at_most": 1 },
    ]);
    assert_eq!(
        verdicts(&expect),
        [
            "held",
            "undecided",
            "missed",
            "held",
            "missed",
            "held",
            "missed",
            "undecided",
            "held",
            "held",
            "undecided"
        ]
    );
}

#[test]
fn what_is_missed_fails_and_says_by_how_much() {
    let hard = json!([
        { "design": "often", "metric": "accuracy", "at_least": 0.5 },
        { "design": "seldom", "metric": "accuracy", "at_least": 0.99 },
    ]);
    let Said { code, out, err } = run(&hard, &[]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("held: accuracy of often"), "{out}");
    assert!(
        err.contains("missed: accuracy of seldom is 8") && err.contains("pp too little"),
        "{err}"
    );
    assert!(!err.contains("often"), "{err}");
    // The results are there for whoever reads on.
    assert!(out.contains("Results hash"));
    let easy = json!([{ "design": "often", "metric": "accuracy", "at_least": 0.5 }]);
    assert_eq!(run(&easy, &[]).code, 0);
}

#[test]
fn what_is_undecided_fails_only_if_asked() {
    let open = json!([{ "design": "often", "metric": "costs/polls", "at_most": 1000 }]);
    assert_eq!(run(&open, &[]).code, 0);
    let Said { code, err, .. } = run(&open, &["--undecided=fail"]);
    assert_eq!(code, 1);
    assert!(err.contains("which may be chance"), "{err}");
    // One replicate decides nothing.
    let easy = json!([{ "design": "often", "metric": "accuracy", "at_least": 0.5 }]);
    let Said { code, err, .. } = run(&easy, &["--undecided=fail", "--replicates=1"]);
    assert_eq!(code, 1);
    assert!(err.contains("no interval"), "{err}");
}
