//! Fed by what travellers see: what is hidden is not put right.

use serde_json::{Value, json};

use crate::simulated::{check, design, holds, ran, struck};

/// As sold-out answers are asked less and less, all that is available ends up hidden: accuracy goes to a/(a + b),
/// recall to 0; and precision, (b + x)/(a + b + x), never tells: what little is shown is right.
#[test]
fn the_cannibalisation_trap() {
    let (a, b, s) = (2.0, 3.0, 60.0);
    let natural = |name: &str, serving: Value| {
        json!({ "name": name, "serving": serving, "feeds": [
            { "name": "traffic", "source": "searches", "delivery": "push" }] })
    };
    let shown = |explore: f64, bypass: f64| json!({ "live_check": "shown", "explore": explore, "bypass": bypass });
    let channels = [
        ("half explored", 0.5, 0.0),
        ("a tenth", 0.1, 0.0),
        ("a hundredth", 0.01, 0.0),
        ("other channels", 0.0, 0.05),
        ("both", 0.02, 0.05),
    ];
    let mut designs: Vec<Value> = channels
        .iter()
        .map(|(name, explore, bypass)| natural(name, shown(*explore, *bypass)))
        .collect();
    designs.push(natural("trapped", shown(0.0, 0.0)));
    let world = json!({ "stays": 150, "sells_out_per_day": a, "reopens_per_day": b,
                        "searches_per_stay_per_day": s });
    let results = ran(&struck(&world, &json!(designs), ("12d", "12d"), &json!([])));
    let available = b / (a + b);
    let known: &[&str] = &[
        "false_available",
        "false_sold_out",
        "search_false_sold_out",
        "accuracy",
        "available_recall",
        "searches",
    ];
    holds(&results, &channels.map(|(name, ..)| (name, known)));
    holds(&results, &[("both", &["bypassed", "asks_explore"])]);
    // Of the others too little is shown to say it here.
    let precision: &[&str] = &["shown_precision"];
    holds(
        &results,
        &["half explored", "a tenth"].map(|name| (name, precision)),
    );
    // Nothing is left that is shown: there is no precision to speak of.
    check(
        &results,
        &[
            ("trapped", "available_recall", 0.0),
            ("trapped", "false_sold_out", available),
            ("trapped", "accuracy", 1.0 - available),
        ],
    );
    let trapped = design(&results, "trapped");
    assert!(!trapped.metrics.contains_key("shown_precision"));
}
