//! The words of the talks that come with the program, held against the results of the steps where they are said.
//!
//! Steps run smaller here, with fewer replicates and hotels.

use stayfresh::measure::path::MetricPath;
use stayfresh::report::results::Results;
use stayfresh::scenario::presets::{PRESETS, Preset, by_name};
use stayfresh::scenario::story::{self, Step};
use stayfresh::scenario::text;

use crate::presets::sparing;
use crate::simulated::ran;

fn told() -> impl Iterator<Item = (&'static Preset, Vec<Step>)> {
    let all = PRESETS.iter().map(|preset| {
        let document = preset.read().expect("a preset reads");
        (preset, document.scenario.story)
    });
    all.filter(|(_, steps)| !steps.is_empty())
}

/// The results of the step of that title, with 4 replicates and so many hotels.
fn at(name: &str, title: &str, hotels: u32) -> Results {
    let preset = by_name(name).expect("a preset");
    let steps = preset.read().expect("a preset reads").scenario.story;
    let step = steps.iter().position(|step| step.title == title);
    let step = step.unwrap_or_else(|| panic!("no step {title}"));
    let texts = story::texts(preset.text, &steps).expect("can be told");
    let document = text::parse(&texts[step]).expect("is a scenario");
    ran(&sparing(text::resolved(&document), 4, hotels))
}

/// A number of a design: its mean.
fn of(results: &Results, design: &str, path: &str) -> f64 {
    let path: MetricPath = path.parse().expect(path);
    let found = results.designs.iter().find(|of| of.name == design);
    let estimate = found.and_then(|found| found.estimate(&path));
    let mean = estimate
        .unwrap_or_else(|| panic!("no {path:?} of {design}"))
        .mean;
    println!("{design}: {path:?} is {mean}");
    mean
}

#[test]
fn three_talks_are_shipped_and_each_is_short() {
    let told: Vec<_> = told().collect();
    assert!(told.len() >= 3);
    for (preset, steps) in told {
        assert!((6..=10).contains(&steps.len()), "{}", preset.name);
        assert!(steps[0].set.is_empty(), "{} begins as it is", preset.name);
        for step in steps {
            let words = step.words.split_whitespace().count();
            assert!((5..=70).contains(&words), "{}: {words} words", step.title);
            assert!(step.title.len() <= 60, "{}", step.title);
        }
    }
}

#[test]
fn push_or_pull() {
    const RUNNING: &str = "represented_costs/running";
    const TOTAL: &str = "represented_costs/total";
    let (push, checked) = ("push deltas", "push, reconciled daily");
    let (hourly, daily) = ("poll hourly", "poll daily");
    let name = "push-vs-pull";
    let as_it_is = at(name, "Push or pull, in five minutes", 20);
    let wrong = 1.0 - of(&as_it_is, daily, "search_accuracy");
    assert!((1.0 / 22.0..1.0 / 15.0).contains(&wrong), "one in eighteen");
    for design in [push, checked, hourly] {
        assert!(of(&as_it_is, design, "search_accuracy") > 0.99);
    }
    let stale = of(&as_it_is, push, "staleness_s");
    assert!((300.0..1800.0).contains(&stale), "thirteen minutes");
    assert!(of(&as_it_is, checked, "staleness_s") < stale / 3.0);
    assert!(of(&as_it_is, hourly, RUNNING) > 200.0 * of(&as_it_is, push, RUNNING));
    assert!(of(&as_it_is, hourly, "accuracy") < of(&as_it_is, checked, "accuracy"));

    let none_lost = at(name, "Would a better stream do?", 20);
    let [alone, both] = [push, checked].map(|design| of(&none_lost, design, "search_accuracy"));
    assert!((alone - both).abs() < 0.0005);
    assert!(of(&none_lost, push, TOTAL) < 1.2 * of(&none_lost, checked, TOTAL));

    let stands_still = at(name, "Or one that stands still for two days?", 20);
    let lost = [push, checked].map(|design| of(&stands_still, design, "lost_bookings"));
    assert!(lost[1] < 0.75 * lost[0], "nearly halved");
    for design in [push, checked, daily] {
        assert!(
            of(&stands_still, hourly, "search_accuracy")
                > of(&stands_still, design, "search_accuracy")
        );
        assert!(of(&stands_still, hourly, TOTAL) < of(&stands_still, design, TOTAL));
    }
    let last = at(name, "Push, and ask now and then", 20);
    assert_eq!(
        last.results_hash, as_it_is.results_hash,
        "the end is the beginning"
    );
}

#[test]
fn the_trap_of_natural_traffic() {
    let name = "cannibalisation";
    let as_it_is = at(name, "The trap of natural traffic", 8);
    let trap = "shown only";
    let of_trap = |path| of(&as_it_is, trap, path);
    assert!(of_trap("shown_precision") > 0.965 && of_trap("search_false_available") < 0.004);
    for design in &as_it_is.designs {
        assert!(of(&as_it_is, &design.name, "shown_precision") < of_trap("shown_precision") + 0.01);
    }
    assert!(
        (0.45..0.67).contains(&of_trap("available_recall")),
        "little more than half"
    );
    let lost = of_trap("lost_bookings");
    assert!((0.45..0.75).contains(&lost), "three in five");
    assert!(of(&as_it_is, "explore 1 %", "lost_bookings") < 0.65 * lost);
    assert!(of(&as_it_is, "explore 10 %", "lost_bookings") < 0.16 * lost);
    let running = |design| of(&as_it_is, design, "represented_costs/running");
    assert!(running("explore 10 %") < 3.0 * running(trap));
    let forgets = "sold outs for 6 hours";
    for design in as_it_is
        .designs
        .iter()
        .filter(|design| design.name != forgets)
    {
        assert!(
            of(&as_it_is, forgets, "lost_bookings") < of(&as_it_is, &design.name, "lost_bookings")
        );
        assert!(
            of(&as_it_is, forgets, "false_available")
                > of(&as_it_is, &design.name, "false_available")
        );
    }
    let explores = at(name, "How much exploring is enough?", 8);
    let thirty = "explore 30 %";
    assert!(of(&explores, thirty, "search_accuracy") > of(&explores, forgets, "search_accuracy"));
    for design in explores
        .designs
        .iter()
        .filter(|design| design.name != thirty)
    {
        let total = "represented_costs/total";
        assert!(of(&explores, thirty, total) < of(&explores, &design.name, total));
    }
}

#[test]
fn why_the_dashboard_said_97() {
    const WALL: &str = "audits/popular panel/estimate";
    let name = "misread-metric";
    let (natural, nightly) = ("natural traffic", "nightly dataset");
    // As large as it comes: the words give its numbers.
    let as_it_is = at(name, "Why the dashboard said 97 %", 40);
    let percent = |design, path| (100.0 * of(&as_it_is, design, path)).round();
    assert_eq!(percent(natural, WALL), 97.0);
    assert!((92.0..=93.0).contains(&percent(natural, "accuracy")));
    assert_eq!(percent(natural, "search_accuracy"), 97.0);
    let one_in = 1.0 / (1.0 - of(&as_it_is, natural, "accuracy"));
    assert!((12.0..16.0).contains(&one_in), "one answer in fourteen");
    assert!(of(&as_it_is, natural, "audits/popular panel/interval_covers") < 0.35);
    assert!(
        (0.6..0.7).contains(&of(&as_it_is, natural, "coverage")),
        "a third is missing"
    );
    let gains = |path| of(&as_it_is, nightly, path) - of(&as_it_is, natural, path);
    assert!(
        (0.025..0.04).contains(&gains("accuracy")),
        "three points better"
    );
    assert!(
        (-0.04..-0.025).contains(&gains("search_accuracy")),
        "three points worse"
    );
    assert!((-0.03..-0.01).contains(&gains(WALL)), "two points down");
    assert!(gains("lost_bookings") > 0.0);

    let all_alike = at(name, "The same panel, asked of all stays", 40);
    let truth = of(&all_alike, natural, "accuracy");
    for said in [WALL, "audits/random/estimate"] {
        assert!((of(&all_alike, natural, said) - truth).abs() < 0.01);
    }
}
