//! A design's numbers do not move by one bit when another is added, removed, reordered or edited, nor with
//! the number of threads or the order of parts.

use serde_json::{Value, json};
use stayfresh::report::results::{DesignResults, Results};
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, run};

fn study(designs: &[Value]) -> Study {
    let scenario = json!({
        "version": 1, "seed": 7,
        "run": { "warmup": "1d", "length": "3d", "replicates": 3 },
        "world": { "two_state": {
            "stays": 700, "sells_out_per_day": 2, "reopens_per_day": 3, "searches_per_stay_per_day": 9,
            "popularity": { "zipf": 0.9 } } },
        "designs": designs
    });
    Study::new(parse(&scenario.to_string()).expect("a valid scenario"))
}

fn results(designs: &[Value]) -> Results {
    let mut study = study(designs);
    run(&mut study, 2, &mut |_| {});
    study.results().expect("results")
}

fn designs() -> Vec<Value> {
    vec![
        json!({ "name": "push", "feeds": [{ "name": "deltas", "source": "deltas", "delivery":
            { "push": { "latency": { "lognormal": { "median": "2m", "p99": "2h" } }, "loss": 0.05 } } }] }),
        json!({ "name": "poll", "feeds": [{ "name": "poll", "source": "inventory", "delivery":
            { "pull": { "every": "5h", "jitter": 0.3, "loss": 0.1, "latency": { "exponential": { "mean": "10m" } } } } }],
            "cache": { "ttl": { "fixed": "6h" }, "purge": { "random": { "per_day": 1 } } } }),
        json!({ "name": "traffic", "feeds": [{ "name": "traffic", "source": "searches", "delivery":
            { "pull": { "every": "20m" } } }],
            "cache": { "ttl": { "sliding": "8h" } },
            "serving": { "live_check": "shown", "explore": 0.1, "bypass": 0.2, "on_miss": "say_available" } }),
        json!({ "name": "both", "cache": { "ttl": { "fixed": "1d" } }, "feeds": [
            { "name": "deltas", "source": "deltas", "delivery": { "push": { "loss": 0.2 } } },
            { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "12h", "order": "shuffled" } } }] }),
    ]
}

fn find<'a>(results: &'a Results, name: &str) -> &'a DesignResults {
    results
        .designs
        .iter()
        .find(|design| design.name == name)
        .expect("the design")
}

#[test]
fn other_designs_do_not_matter() {
    let all = results(&designs());
    for design in designs() {
        let name = design["name"].as_str().expect("a name");
        assert_eq!(
            find(&results(std::slice::from_ref(&design)), name),
            find(&all, name),
            "{name} alone"
        );
    }
    let mut reversed = designs();
    reversed.reverse();
    reversed[0]["cache"] = json!({ "ttl": { "fixed": "1h" } });
    let reversed = results(&reversed);
    for name in ["push", "poll", "traffic"] {
        assert_eq!(
            find(&reversed, name),
            find(&all, name),
            "{name} among others"
        );
    }
    assert_ne!(
        find(&reversed, "both"),
        find(&all, "both"),
        "an edit must show"
    );
}

#[test]
fn twins_agree_exactly() {
    let mut twin = designs()[1].clone();
    twin["name"] = json!("twin");
    let both = results(&[designs()[1].clone(), twin]);
    let (mut one, two) = (both.designs[0].clone(), &both.designs[1]);
    one.name = two.name.clone();
    assert_eq!(&one, two);
    let zero = both
        .differences
        .iter()
        .all(|d| d.mean == 0.0 && d.ci95 == Some([0.0, 0.0]));
    assert!(
        zero && !both.differences.is_empty(),
        "twins differ by nothing"
    );
}

#[test]
fn threads_and_order_of_parts_do_not_matter() {
    let expected = results(&designs()).results_hash;
    let mut backwards = study(&designs());
    for part in (0..backwards.parts()).rev() {
        let part = backwards.run_part(part);
        backwards.absorb(part);
    }
    assert_eq!(backwards.results().expect("results").results_hash, expected);
    for threads in [1, 5] {
        let mut study = study(&designs());
        run(&mut study, threads, &mut |_| {});
        assert_eq!(study.results().expect("results").results_hash, expected);
    }
}

#[test]
fn the_seed_matters() {
    let mut other = study(&designs());
    let part = other.run_part(0);
    other.absorb(part);
    let early = other.results().expect("results");
    assert_eq!(early.replicates, 1);
    assert!(
        early.designs[0].metrics["accuracy"].ci95.is_none(),
        "one replicate has no interval"
    );
    assert_ne!(early.results_hash, results(&designs()).results_hash);
}
