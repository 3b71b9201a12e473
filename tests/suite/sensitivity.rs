//! What a difference rests on: effects that are runs of their own, ranked, with what overturns the decision.

use serde_json::{Value, json};

use crate::cli::{Said, stayfresh};

fn scenario(assumptions: &Value) -> Value {
    let poll = |name: &str, every: &str| {
        json!({ "name": name, "feeds": [
            { "name": "polls", "source": "inventory", "delivery": { "pull": { "every": every } } }
        ] })
    };
    json!({
        "version": 1,
        "run": { "warmup": "1d", "length": "3d", "replicates": 5 },
        "world": { "two_state": { "stays": 100, "represents": 5000, "sells_out_per_day": 1,
            "reopens_per_day": 3, "searches_per_stay_per_day": 20 } },
        "designs": [
            poll("often", "1h"),
            { "name": "misses, only", "cache": { "ttl": { "fixed": "1h" } } },
            poll("seldom", "6h"),
        ],
        "assumptions": assumptions,
    })
}

const PAIR: [&str; 4] = ["--of", "often", "--versus", "seldom"];

fn said(assumptions: &Value, arguments: &[&str]) -> Said {
    let all = [&["sensitivity", "-"], arguments].concat();
    stayfresh(&all, scenario(assumptions).to_string().as_bytes())
}

fn found(assumptions: &Value, arguments: &[&str]) -> Value {
    let Said { code, out, err } = said(assumptions, &[arguments, &["--json"]].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&out).expect("JSON")
}

/// The difference in total cost of often and seldom, at the represented size, of a run of its own.
fn alone(set: &[&str]) -> (f64, f64) {
    let input = scenario(&json!([])).to_string();
    let all = [&["run", "-", "--json"], set].concat();
    let results: Value =
        serde_json::from_str(&stayfresh(&all, input.as_bytes()).out).expect("JSON");
    let differences = results["differences"].as_array().expect("differences");
    let is_asked = |of: &&Value| {
        of["of"] == "seldom" && of["versus"] == "often" && of["metric"] == "represented_costs/total"
    };
    let found = differences.iter().find(is_asked).expect("the difference");
    let number = |of: &Value| of.as_f64().expect("a number");
    (-number(&found["mean"]), -number(&found["ci95"][1]))
}

const PRICE: &str = "/prices/false_available/usd_each";
const RATE: &str = "/world/two_state/sells_out_per_day";

#[test]
fn each_end_is_a_run_of_its_own() {
    let stated = json!([
        { "over": RATE, "low": 0.5, "high": 2, "basis": "assumed" },
        { "over": PRICE, "low": 0.01, "high": 0.02 },
        { "over": "/designs/seldom/feeds/polls/delivery/pull/every", "low": "2h", "high": "12h" },
    ]);
    let found = found(&stated, &PAIR);
    assert_eq!(found["ranges"], "scenario");
    assert_eq!(found["metric"], "represented_costs/total");
    let now = alone(&[]);
    let difference = &found["difference"];
    assert_eq!(difference["mean"].as_f64(), Some(now.0));
    let effects = found["effects"].as_array().expect("effects");
    assert_eq!(effects.len(), 3);
    let mut swings = Vec::new();
    for effect in effects {
        let over = effect["over"].as_str().expect("a pointer");
        let mut means = vec![now.0];
        for end in ["low", "high"] {
            let end = &effect[end];
            let value = end["value"].to_string().replace('"', "");
            let (mean, low) = alone(&["--set", &format!("{over}={value}")]);
            assert_eq!(
                end["difference"]["mean"].as_f64(),
                Some(mean),
                "{over} {value}"
            );
            assert_eq!(
                end["difference"]["ci95"][0].as_f64(),
                Some(low),
                "{over} {value}"
            );
            let change = end["change"]["mean"].as_f64().expect("a change");
            assert!(
                (change - (mean - now.0)).abs() < 1e-9 * now.0.abs(),
                "{over} {value}"
            );
            means.push(mean);
        }
        let most = means.iter().copied().fold(f64::MIN, f64::max);
        let least = means.iter().copied().fold(f64::MAX, f64::min);
        assert_eq!(effect["swing"].as_f64(), Some(most - least));
        swings.push(most - least);
    }
    assert!(swings.is_sorted_by(|one, other| one >= other), "{swings:?}");
    // Common random numbers: a price's change is far surer than the difference of two unpaired runs.
    let price = effects
        .iter()
        .find(|effect| effect["over"] == PRICE)
        .expect("it");
    let width = |of: &Value| of["ci95"][1].as_f64().unwrap() - of["ci95"][0].as_f64().unwrap();
    let scale = price["low"]["change"]["mean"].as_f64().unwrap() / now.0;
    assert!(
        width(&price["low"]["change"]) < 1.5 * width(difference) * scale.abs(),
        "{price:#}"
    );
}

#[test]
fn what_overturns_the_decision_is_said() {
    // With polls dear enough, seldom is better.
    let vary = "/prices/poll/usd_per_million=10..100000";
    let arguments = [
        &PAIR[..],
        &[
            "--vary",
            vary,
            "--vary",
            "/prices/probe/usd_per_million=1..2",
        ],
    ]
    .concat();
    let found = found(&json!([]), &arguments);
    assert_eq!(found["ranges"], "given");
    assert_eq!(found["effects"][0]["sign_changes"], true);
    assert_eq!(found["effects"][1]["sign_changes"], false);
    assert_eq!(found["effects"][1]["swing"], 0.0);
    let text = said(&json!([]), &arguments).out;
    for part in [
        "Total cost of often less that of seldom: −$",
        "each range given",
        "⇄",
        "┃ as things stand, ┊ no difference",
        "With /prices/poll/usd_per_million at 100000: seldom is better.\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("at 10 seldom"), "{text}");
    // Bars begin under each other.
    let bars: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("/prices"))
        .collect();
    let place = |line: &str| line.chars().position(|c| matches!(c, '█' | '┃' | '┊'));
    assert_eq!(bars.len(), 2, "{text}");
    assert!(bars.iter().all(|line| place(line).is_some()), "{text}");
    let long = bars[0].chars().filter(|c| *c == '█').count();
    assert!(long > 25 && !bars[1].contains('█'), "{text}");
}

#[test]
fn without_ranges_prices_and_rates_are_halved_and_doubled() {
    let found = found(&json!([]), &PAIR);
    assert_eq!(found["ranges"], "half_to_double");
    let effects = found["effects"].as_array().expect("effects");
    let mut over: Vec<&str> = effects
        .iter()
        .filter_map(|effect| effect["over"].as_str())
        .collect();
    over.sort_unstable();
    // What nobody uses, or both use alike, makes no difference.
    assert_eq!(
        over,
        [
            "/prices/cache_write/usd_per_million",
            PRICE,
            "/prices/false_sold_out/usd_each",
            "/prices/poll/usd_per_million",
            "/world/two_state/reopens_per_day",
            "/world/two_state/searches_per_stay_per_day",
            RATE,
        ]
    );
    for effect in effects {
        let now = effect["now"].as_f64().expect("a number");
        assert_eq!(effect["low"]["value"].as_f64(), Some(now / 2.0));
        assert_eq!(effect["high"]["value"].as_f64(), Some(now * 2.0));
    }
    let text = said(&json!([]), &PAIR).out;
    for part in [
        "The scenario states no ranges",
        "halved and doubled",
        "At no end of these ranges",
        "often is better at all of them",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The first two designs, if nothing is said.
    let text = said(&json!([]), &[]).out;
    assert!(
        text.starts_with("Total cost of often less that of misses, only"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_varied_is_said() {
    for (arguments, parts) in [
        (vec!["--vary", "/seed=1"], vec!["/pointer=low..high"]),
        (
            vec!["--vary", "/designs/oftn/name=a..b"],
            vec!["there is no item \"oftn\"", "did you mean \"often\"?"],
        ),
        (
            vec!["--vary", "/prices/poll/usd_per_million=-1..2"],
            vec!["-1 makes no scenario"],
        ),
        (vec!["--of", "x"], vec!["\"x\""]),
        (
            vec!["--metric", "lost_bookings"],
            vec!["is not defined", "--metric"],
        ),
        (
            vec!["--replicates", "1"],
            vec!["one replicate has no intervals"],
        ),
        (
            vec!["--vary", "/designs/often/name=a..b"],
            vec!["there is no design \"often\" then"],
        ),
    ] {
        let Said { code, out, err } = said(&json!([]), &arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {part}: {err}");
        }
    }
}

/// A run that is asked for it says what the difference of its two cheapest designs rests on, and the record has it.
#[test]
fn a_run_says_which_assumption_matters_most() {
    let stated = json!([
        { "over": PRICE, "low": 0.01, "high": 0.2 },
        { "over": RATE, "low": 0.5, "high": 2.0 },
    ]);
    let input = scenario(&stated).to_string();
    let run = |arguments: &[&str]| {
        stayfresh(
            &[&["run", "-", "--sensitivity"], arguments].concat(),
            input.as_bytes(),
        )
    };
    let Said { code, out, err } = run(&["--markdown"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let results: Value =
        serde_json::from_str(&stayfresh(&["run", "-", "--json"], input.as_bytes()).out).unwrap();
    let mut costs: Vec<(f64, &str)> = results["designs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            (
                of["costs"]["total"]["represented_usd_per_day"]["mean"]
                    .as_f64()
                    .unwrap(),
                of["name"].as_str().unwrap(),
            )
        })
        .collect();
    costs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let pair = ["--of", costs[0].1, "--versus", costs[1].1];
    let alone = found(&stated, &pair);
    let most = alone["effects"][0]["over"].as_str().unwrap();
    assert!(out.contains("## What it rests on"), "{out}");
    let says = out
        .lines()
        .find(|line| line.contains("Of 2 assumptions"))
        .unwrap_or_else(|| panic!("{out}"));
    for part in [most, costs[0].1, costs[1].1] {
        let plain = says.replace('\\', "");
        assert!(plain.contains(part), "{part}: {says}");
    }
    // In the table it is the command's own text.
    let text = run(&[]).out;
    let own = said(&stated, &pair).out;
    assert!(text.contains(&own), "{text}");
    // As JSON it has a command of its own; and one design has nothing to be compared with.
    assert_eq!(run(&["--json"]).code, 2);
    let one = stayfresh(
        &[
            "run",
            "textbook-ttl",
            "--sensitivity",
            "--set",
            "/designs=[{\"name\":\"alone\"}]",
        ],
        b"",
    );
    assert_eq!(one.code, 2, "{}", one.err);
    assert!(one.err.contains("two designs"), "{}", one.err);
}
