//! Fed by what travellers see: what is hidden is not put right.

use serde_json::{Value, json};

use crate::simulated::{check, design, ran, struck};

/// Searches at rate s; a share β of them goes by other channels and is answered live; of the others those
/// shown available are checked, and of those shown sold out a share e. So what is held is read anew at rate
/// x = s while it says available, and at y = βs + (1 − β)es while it says sold out. A Markov chain on (held,
/// true): in balance x·AS = y·SA (what turns from available to sold out is what turns back) and
/// a·AA = (b + x)·AS, with AA + SA = b/(a + b).
///
/// As y goes to 0 all that is available ends up hidden: SA goes to b/(a + b), accuracy to a/(a + b), recall
/// to 0; and precision, AA/(AA + AS) = (b + x)/(a + b + x), never tells: what little is shown is right.
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
    let world = json!({ "stays": 40, "sells_out_per_day": a, "reopens_per_day": b,
                        "searches_per_stay_per_day": s });
    let results = ran(&struck(&world, &json!(designs), ("12d", "12d"), &json!([])));
    let available = b / (a + b);
    for (name, explore, bypass) in channels {
        let (x, y) = (s, bypass * s + (1.0 - bypass) * explore * s);
        let wrong_available = a * available / (b + x + a * x / y);
        let wrong_sold_out = x / y * wrong_available;
        let rightly = available - wrong_sold_out;
        let reads = 40.0 * s * (1.0 - bypass);
        check(
            &results,
            &[
                (name, "false_available", wrong_available),
                (name, "false_sold_out", wrong_sold_out),
                (name, "search_false_sold_out", wrong_sold_out),
                (name, "accuracy", 1.0 - wrong_available - wrong_sold_out),
                (
                    name,
                    "shown_precision",
                    rightly / (rightly + wrong_available),
                ),
                (name, "available_recall", rightly / available),
                (name, "searches", reads),
                (name, "bypassed", 40.0 * s * bypass),
                (
                    name,
                    "asks_explore",
                    reads * explore * (1.0 - rightly - wrong_available),
                ),
            ],
        );
    }
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
