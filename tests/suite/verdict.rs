//! Verdicts are made from the numbers: they follow them, and say how sure they are.

use serde_json::{Value, json};
use stayfresh::report::results::{Results, Severity};
use stayfresh::scenario::Prices;
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, breakeven, run};

use crate::simulated::ran;

fn polled(name: &str, every: &str) -> Value {
    json!({ "name": name, "feeds": [
        { "name": "polls", "source": "inventory", "delivery": { "pull": { "every": every } } }
    ] })
}

fn textbook(designs: &[Value]) -> Value {
    json!({
        "version": 1, "seed": 3,
        "run": { "warmup": "1d", "length": "4d", "replicates": 8 },
        "world": { "two_state": { "stays": 200, "sells_out_per_day": 1, "reopens_per_day": 3,
                                  "basis": "assumed" } },
        "designs": designs,
    })
}

fn sentence<'a>(results: &'a Results, about: &str) -> &'a str {
    let mut sentences = results.verdict.sentences.iter();
    let found = sentences.find(|sentence| sentence.about == about);
    found.map_or("", |sentence| sentence.text.as_str())
}

#[test]
fn the_best_is_named_whatever_the_order() {
    let mut designs = vec![
        polled("often", "1h"),
        polled("seldom", "6h"),
        polled("daily", "1d"),
    ];
    let results = ran(&textbook(&designs));
    for (about, best) in [
        ("accuracy", "often"),
        ("search_accuracy", "often"),
        ("staleness_s", "often"),
        ("running_cost", "daily"),
    ] {
        let said = sentence(&results, about);
        let first = said.split('“').nth(1).unwrap_or_default();
        assert!(first.starts_with(&format!("{best}”")), "{about}: {said}");
    }
    assert!(sentence(&results, "basis").contains("1 assumed"));
    assert!(sentence(&results, "basis").contains("8 replicates"));
    designs.reverse();
    let reversed = ran(&textbook(&designs));
    for about in [
        "accuracy",
        "staleness_s",
        "running_cost",
        "total_cost",
        "break_even",
    ] {
        assert_eq!(sentence(&results, about), sentence(&reversed, about));
    }
    // Less often, less right and cheaper, or not: nobody beats another in everything.
    assert!(sentence(&results, "frontier").contains("no design beats another"));
}

#[test]
fn what_cannot_be_told_apart_is_not_ranked() {
    let twins = ran(&textbook(&[polled("one", "6h"), polled("other", "6h")]));
    assert!(sentence(&twins, "accuracy").contains("are alike"));
    // Shuffled polls of the same interval fare a little worse, but not so that few replicates would show it.
    let mut shuffled = polled("shuffled", "20m");
    shuffled["feeds"][0]["delivery"]["pull"]["order"] = json!("poisson");
    let close = ran(&textbook(&[
        polled("steady", "19m"),
        polled("other", "1141s"),
        shuffled,
    ]));
    let said = sentence(&close, "accuracy");
    assert!(
        said.contains("cannot be told apart") && said.contains("replicates"),
        "{said}"
    );
}

#[test]
fn at_its_break_even_a_price_makes_totals_equal() {
    let scenario = textbook(&[polled("often", "1h"), polled("seldom", "6h")]);
    let mut study = Study::new(parse(&scenario.to_string()).unwrap());
    run(&mut study, 2, &mut |_| {});
    let prices = Prices::default();
    let sample = study.sample(&prices);
    let mut found = 0;
    for name in Prices::NAMES {
        let Some(even) = breakeven::of_price(&sample, (0, 1), &prices, name) else {
            continue;
        };
        let Some(at) = even.at else { continue };
        let price = prices.by_name(name).unwrap();
        let mut edited = serde_json::to_value(prices).unwrap();
        edited[price.name][price.field] = json!(at);
        let moved = study.sample(&serde_json::from_value(edited).unwrap());
        let total = breakeven::total(&moved);
        let gap = moved.difference(0, 1, &total).unwrap();
        let size = moved.estimate(0, &total).unwrap().mean;
        assert!(
            gap.mean.abs() < 1e-9 * size,
            "{name}: {} of {size}",
            gap.mean
        );
        // There the two cannot be told apart.
        let [low, high] = gap.ci95.unwrap();
        assert!(low < 0.0 && 0.0 < high, "{name}");
        assert_eq!(even.undecided.len(), 1);
        found += 1;
    }
    assert!(found >= 2, "polls and errors balance");
}

/// A design, and what is warned about it; without what is wrong the warning is gone.
#[test]
fn warnings_name_what_is_wrong() {
    let hotels = |design: Value| {
        json!({
            "version": 1, "seed": 5,
            "run": { "warmup": "2d", "length": "3d", "replicates": 3 },
            "world": { "hotels": {
                "count": 3, "booking_window": "10d", "max_nights": 2,
                "demand": { "requests_per_hotel_per_day": 20.0, "profile": "city" },
                "searches_per_request": 20.0, "supplier_changes_per_hotel_per_day": 10.0,
                "live_service": { "capacity_per_second": 1000 }
            } },
            "designs": [design],
            "faults": [],
        })
    };
    let traffic = json!({
        "name": "traffic",
        "feeds": [{ "name": "observed", "source": "searches", "delivery": "push" }],
        "serving": { "on_miss": "say_available", "live_check": "shown" },
    });
    let lined = json!({
        "name": "lined",
        "feeds": [{ "name": "deltas", "source": "deltas", "delivery": { "push": {
            "consumers": 1, "service": { "fixed": "5s" } } } }],
    });
    let audited = json!({
        "name": "audited",
        "feeds": [{ "name": "deltas", "source": "deltas", "delivery": { "push": { "loss": 0.2 } } }],
        "audits": [{ "name": "panel", "panel": { "size": 30, "every": "6h" } }],
    });
    let outage = json!([{ "outage": { "at": "1d", "lasts": "6h" } }]);
    let set = |scenario: &Value, pointer: &str, value: Value| {
        let mut edited = scenario.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        edited.pointer_mut(parent).unwrap()[key] = value;
        edited
    };
    let traffic = hotels(traffic);
    let (lined, audited) = (hotels(lined), hotels(audited));
    let says = |scenario: &Value, part: &str| {
        let results = ran(scenario);
        let mut warnings = results.verdict.warnings.iter();
        warnings
            .find(|warning| warning.says.contains(part))
            .map(|warning| warning.severity)
    };
    for (wrong, right, part, severity) in [
        (
            traffic.clone(),
            set(&traffic, "/designs/0/serving/explore", json!(0.1)),
            "never asked again",
            Severity::Hard,
        ),
        (
            set(
                &traffic,
                "/designs/0/cache",
                json!({ "ttl": { "fixed": "1d" } }),
            ),
            set(&traffic, "/designs/0/serving/bypass", json!(0.1)),
            "only when its entry ends",
            Severity::Soft,
        ),
        (
            set(
                &traffic,
                "/designs/0/cache",
                json!({ "ttl": { "fixed": "30d" } }),
            ),
            set(
                &traffic,
                "/designs/0/cache",
                json!({ "ttl": { "fixed": "9d" } }),
            ),
            "longer than the booking window",
            Severity::Soft,
        ),
        (
            set(
                &traffic,
                "/world/hotels/live_service",
                json!({ "capacity_per_second": 0.001 }),
            ),
            traffic.clone(),
            "the service can take",
            Severity::Hard,
        ),
        (
            set(
                &lined,
                "/designs/0/feeds/0/delivery/push/service",
                json!({ "fixed": "2h" }),
            ),
            lined.clone(),
            "as long as the run lets it grow",
            Severity::Hard,
        ),
        (
            set(&audited, "/faults", outage.clone()),
            audited.clone(),
            "noticed no fault: it has no alert",
            Severity::Soft,
        ),
        (
            set(&traffic, "/run/replicates", json!(1)),
            traffic.clone(),
            "One replicate",
            Severity::Hard,
        ),
        (
            traffic.clone(),
            set(&traffic, "/run/replicates", json!(32)),
            "asks for 32 replicates",
            Severity::Soft,
        ),
    ] {
        assert_eq!(says(&wrong, part), Some(severity), "{part}");
        assert_eq!(says(&right, part), None, "{part}");
    }
    // The load is what the line's totals say: so many messages, each at work so long.
    let results = ran(&lined);
    let load = results.designs[0].feeds["deltas"]["feed_load"].mean;
    let messages = results.designs[0].counts_per_day["deltas"].mean;
    assert!(
        (load - messages * 5.0 / 86_400.0).abs() < 0.02 * load,
        "{load}"
    );
}
