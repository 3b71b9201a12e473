//! Budgets of polls, shared out over items that change at different rates.

use serde_json::{Value, json};

use crate::simulated::{check, check_difference, decay, simulate};

/// An item that sells out and reopens at these rates a day.
type Item = (f64, f64);

/// Freshness at so many polls a day, a constant interval apart: it is available b/(a + b) of the time, and then
/// has not changed t after a poll with e^(−at); sold out likewise.
fn freshness((a, b): Item, polls: f64) -> f64 {
    if polls == 0.0 {
        return 0.0;
    }
    (b * decay(a / polls) + a * decay(b / polls)) / (a + b)
}

/// The optimum as J. Cho, H. Garcia-Molina tell it ("Effective page refresh policies for web crawlers", ACM
/// TODS 28, 2003, section 4.3): one more poll is worth the same, μ, wherever there is any. Found by bisection,
/// of the polls of an item at a given μ, and of μ, with worths from differences: slow and plain.
fn optimum(items: &[Item], budget: f64) -> Vec<f64> {
    let bisect = |mut low: f64, mut high: f64, too_low: &dyn Fn(f64) -> bool| {
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            if too_low(middle) {
                low = middle
            } else {
                high = middle
            }
        }
        (low + high) / 2.0
    };
    let worth = |item: Item, polls: f64| {
        let step = 1e-5 * polls;
        (freshness(item, polls + step) - freshness(item, polls - step)) / (2.0 * step)
    };
    let polls = |item: Item, mu: f64| {
        let first = 1e-3;
        if worth(item, first) <= mu {
            return 0.0;
        }
        bisect(first, budget, &|polls| worth(item, polls) > mu)
    };
    let all = |mu: f64| {
        items
            .iter()
            .map(|item| polls(*item, mu))
            .collect::<Vec<f64>>()
    };
    let mu = bisect(0.0, 10.0, &|mu| all(mu).iter().sum::<f64>() > budget);
    all(mu)
}

/// All alike beats in proportion to changes, and the optimum beats all alike (Cho and Garcia-Molina 2003,
/// section 4), by as much as the freshness of each item says. Five items that change 1 to 5 times a
/// day, with one poll a day for each: their table has the optimum, which leaves out the one that changes most.
/// Then three that are sold out two sevenths of the time. All are loaded at the start, by a feed that
/// brings nothing after, so that an item without polls is in the mean: with 0.
#[test]
fn the_optimum_beats_all_alike_and_that_in_proportion() {
    let design = |name: &str, allocation: &str, budget: f64| {
        json!({ "name": name, "feeds": [
            { "name": "load", "source": "deltas", "delivery": { "push": { "loss": 1.0 } } },
            { "name": "poll", "source": "inventory", "delivery": {
                "pull": { "budget_per_day": budget, "allocation": allocation } } } ] })
    };
    let published = [1.15, 1.36, 1.35, 1.14, 0.0];
    for (a, b, paces, each) in [
        (1.0, 1.0, vec![1.0, 2.0, 3.0, 4.0, 5.0], 1.0),
        (2.0, 5.0, vec![0.2, 0.8, 2.0], 2.0),
    ] {
        let count = paces.len() as f64;
        let stays = 100.0 * count;
        let designs = json!([
            design("alike", "uniform", stays * each),
            design("in proportion", "by_change_rate", stays * each),
            design("optimum", "freshest", stays * each),
        ]);
        let class = |times: &f64| json!({ "share": 1.0 / count, "times": times });
        let classes: Vec<Value> = paces.iter().map(class).collect();
        let world = json!({ "stays": stays as u32, "sells_out_per_day": a, "reopens_per_day": b,
                            "rate_classes": classes, "searches_per_stay_per_day": 0.0 });
        let items: Vec<Item> = paces.iter().map(|pace| (a * pace, b * pace)).collect();
        let best = optimum(&items, each * count);
        if items.len() == published.len() {
            for (polls, published) in best.iter().zip(published) {
                assert!(
                    (polls - published).abs() <= 0.005,
                    "{polls}, published {published}"
                );
            }
        }
        let mean = |polls: &[f64]| {
            let fresh = items.iter().zip(polls);
            fresh
                .map(|(item, polls)| freshness(*item, *polls))
                .sum::<f64>()
                / count
        };
        let pace = paces.iter().sum::<f64>() / count;
        let by_pace: Vec<f64> = paces.iter().map(|times| each * times / pace).collect();
        let alike = mean(&vec![each; items.len()]);
        let in_proportion = mean(&by_pace);
        let optimum = mean(&best);
        let results = simulate(&world, &designs);
        check(
            &results,
            &[
                ("alike", "freshness", alike),
                ("in proportion", "freshness", in_proportion),
                ("optimum", "freshness", optimum),
                ("optimum", "coverage", 1.0),
            ],
        );
        check_difference(
            &results,
            "in proportion",
            "freshness",
            in_proportion - alike,
        );
        check_difference(&results, "optimum", "freshness", optimum - alike);
    }
}
