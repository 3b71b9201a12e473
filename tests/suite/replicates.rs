//! How many replicates a question takes.

use serde_json::Value;

use crate::cli::stayfresh;

fn asked(more: &[&str]) -> (i32, String, String) {
    let given = [
        "replicates",
        "textbook-polling",
        "--set",
        "/world/two_state/stays=40",
        "--metric",
        "accuracy",
    ];
    let arguments: Vec<&str> = given.iter().chain(more).copied().collect();
    let said = stayfresh(&arguments, b"");
    (said.code, said.out, said.err)
}

fn json(within: &str) -> Value {
    let (code, out, err) = asked(&["--json", "--within", within]);
    assert_eq!((code, err.as_str()), (0, ""));
    serde_json::from_str(&out).unwrap()
}

/// The interval that there is takes as many replicates as there are; half of it about four times as many, and a
/// little less, for t is smaller then. The bound on the spread asks for more.
#[test]
fn as_exact_as_it_is_takes_as_many_as_there_are() {
    let now = |of: usize| {
        let found = json("0.01");
        let [low, high] =
            [0, 1].map(|end| found["needed"][of]["now"]["ci95"][end].as_f64().unwrap());
        (high - low) / 2.0
    };
    for of in 0..3 {
        let reach = now(of);
        let needed = |within: f64, key: &str| {
            json(&within.to_string())["needed"][of][key]
                .as_u64()
                .unwrap()
        };
        // A hair more than it is, for rounding.
        assert_eq!(needed(reach * (1.0 + 1e-12), "replicates"), 16);
        let half = needed(reach / 2.0, "replicates");
        assert!((55..=64).contains(&half), "{half}");
        // √(15 / 7.261), the 5 % quantile of χ² with 15 degrees of freedom.
        let most = needed(reach, "at_most");
        assert!((28..=33).contains(&most), "{most}");
    }
}

#[test]
fn it_is_said_in_a_table() {
    let (code, out, _) = asked(&["--within", "0.001"]);
    assert_eq!(code, 0);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines[0],
        "Accuracy within ± 0.10 pp (95 %), judged by 16 replicates"
    );
    for (line, start) in lines[3..6].iter().zip([
        "fixed order ",
        "shuffled order ",
        "fixed order less shuffled order ",
    ]) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn what_cannot_be_asked_is_said() {
    for (more, says) in [
        (&["--within", "0"][..], "expected a number above 0"),
        (&["--within", "NaN"], "expected a number above 0"),
        (
            &["--within", "0.1", "--replicates", "1"],
            "one replicate has no intervals",
        ),
        (&["--within", "0.1", "--of", "nobody"], "nobody"),
        (&[], "--within"),
    ] {
        let (code, _, err) = asked(more);
        assert_eq!(code, 2, "{more:?}");
        assert!(err.contains(says), "{more:?}: {err}");
    }
}
