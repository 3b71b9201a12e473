//! Break-evens against what algebra says, and as the command line tells them.

use serde_json::{Value, json};
use stayfresh::scenario::files::Uploads;
use stayfresh::scenario::text;
use stayfresh::study::asked::Asked;
use stayfresh::study::breakeven::parameter::{self, Range};
use stayfresh::study::breakeven::{Less, of_price};
use stayfresh::study::varied::Varied;
use stayfresh::study::{self, Study};

use crate::cli::{Said, stayfresh};

/// Both rates of an item, a day; searches of one, a day.
const RATE: f64 = 2.0;
const SEARCHES: f64 = 20.0;

fn poll(name: &str, pull: &Value) -> Value {
    json!({ "name": name, "feeds": [
        { "name": "polls", "source": "inventory", "delivery": { "pull": pull } }
    ] })
}

fn scenario(seed: u64, designs: &Value) -> Value {
    json!({
        "version": 1,
        "seed": seed,
        "run": { "warmup": "1d", "length": "4d", "replicates": 8 },
        "world": { "two_state": { "stays": 200, "sells_out_per_day": RATE, "reopens_per_day": RATE,
            "searches_per_stay_per_day": SEARCHES } },
        "designs": designs,
        // What algebra would have to carry along.
        "prices": { "cache_write": { "usd_per_million": 0 } },
    })
}

/// How often a copy polled every so many days is wrong: half of 1 − (1 − e^(−x)) / x, x changes of both kinds.
fn wrong(days: f64) -> f64 {
    let x = 2.0 * RATE * days;
    0.5 * (1.0 - (1.0 - (-x).exp()) / x)
}

/// Polls cost by their number, errors by `wrong`: the price at which hourly polls cost what polls every six hours
/// do is an exact number, and in Fieller's 95 % set for nearly all seeds. Of 20, fewer than 16 would happen to a
/// right program once in 400 times.
#[test]
fn the_price_that_algebra_finds_is_in_the_set() {
    let (often, seldom) = (1.0 / 24.0, 0.25);
    let errors = |days: f64| SEARCHES * wrong(days) / 2.0 * (0.05 + 0.011);
    let price = (errors(seldom) - errors(often)) / (1.0 / often - 1.0 / seldom) * 1e6;
    let designs = json!([
        poll("often", &json!({ "every": "1h" })),
        poll("seldom", &json!({ "every": "6h" }))
    ]);
    let mut held = 0;
    for seed in 1..=20 {
        let document = text::parse(&scenario(seed, &designs).to_string()).expect("a scenario");
        let prices = document.scenario.prices;
        let mut study = Study::new(document);
        study::run(&mut study, 2, &mut |_| {});
        let found = of_price(&study.sample(&prices), (0, 1), &prices, "poll").expect("found");
        assert!(found.first_below);
        let [[Some(low), Some(high)]] = found.undecided[..] else {
            panic!("{found:?}");
        };
        assert!(
            high / low < 1.3,
            "{low} to {high} is too wide to say anything"
        );
        held += i32::from((low..=high).contains(&price));
    }
    assert!((16..=20).contains(&held), "{held} of 20 hold {price}");
}

/// A copy polled every T is wrong as often as one polled at random moments, T' apart on average, where
/// (1 − e^(−x)) / x = 1 / (1 + x'). Of 8 sets, fewer than 6 would happen to a right program once in 170 times.
#[test]
fn the_interval_that_algebra_finds_is_in_the_set() {
    let apart = 3.0 / 24.0;
    let target = 0.5 * (1.0 - 1.0 / (1.0 + 2.0 * RATE * apart));
    let (mut low, mut high) = (0.01, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if wrong(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let interval = low * 86_400.0;
    let random = json!({ "every": "3h", "order": "poisson" });
    let designs = json!([
        poll("fixed", &json!({ "every": "1h" })),
        poll("random", &random)
    ]);
    let over = "/designs/fixed/feeds/polls/delivery/pull/every";
    let mut held = 0;
    for seed in 1..=8 {
        let text = scenario(seed, &designs).to_string();
        let files = Uploads::default();
        let mut runs = 0;
        let mut run = |study: &mut Study| {
            // All but the first take the other design over.
            let parts = study.parts();
            study::run(study, 2, &mut |_| {});
            runs += usize::from(parts > 0);
        };
        let mut varied = Varied::new(&text, &files, &mut run);
        let document = text::parse(&text).expect("a scenario");
        let asked = Asked::new(
            &document.scenario,
            Some("fixed"),
            Some("random"),
            Some("accuracy"),
        )
        .expect("two designs");
        let range = Range::new(&varied, over, [None, None]).expect("a range");
        assert_eq!(
            (range.from, range.to),
            (360.0, 36_000.0),
            "a tenth to ten times"
        );
        let found = parameter::search(&mut varied, &asked, over, &range).expect("found");
        assert_eq!(runs, found.tried.len());
        let less: Vec<Less> = found.pieces.iter().map(|piece| piece.less).collect();
        // Fewer errors while polls are frequent: the random one has less accuracy.
        assert_eq!(
            less,
            [Less::Second, Less::Undecided, Less::First],
            "{:?}",
            found.pieces
        );
        let piece = found.pieces[1];
        let (Some(from), Some(to)) = (piece.from, piece.to) else {
            panic!("{piece:?}");
        };
        assert!(
            to / from < 1.5,
            "{from} to {to} is too wide to say anything"
        );
        assert!(
            found.at.iter().all(|at| (from..=to).contains(at)),
            "{:?}",
            found.at
        );
        held += i32::from((from..=to).contains(&interval));
    }
    assert!((6..=8).contains(&held), "{held} of 8 hold {interval} s");
}

fn designs() -> Value {
    json!([
        poll("often", &json!({ "every": "1h" })),
        poll("seldom", &json!({ "every": "6h" })),
        { "name": "misses, only", "cache": { "ttl": { "fixed": "1h" } } },
    ])
}

fn said(arguments: &[&str]) -> Said {
    let mut all = vec!["breakeven", "-"];
    all.extend(arguments);
    stayfresh(&all, scenario(1, &designs()).to_string().as_bytes())
}

fn found(arguments: &[&str]) -> Value {
    let Said { code, out, err } = said(&[arguments, &["--json"]].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&out).expect("JSON")
}

const POLL: &str = "/prices/poll/usd_per_million";

/// The mean difference in total cost of often and seldom, and its interval, with a value set.
fn difference(set: &str) -> [f64; 3] {
    let input = scenario(1, &designs()).to_string();
    let run = stayfresh(&["run", "-", "--json", "--set", set], input.as_bytes());
    let results: Value = serde_json::from_str(&run.out).expect("results");
    let differences = results["differences"].as_array().expect("differences");
    let is_asked = |of: &&Value| {
        of["of"] == "seldom" && of["versus"] == "often" && of["metric"] == "total_usd_per_day"
    };
    let found = differences.iter().find(is_asked).expect("the difference");
    [&found["mean"], &found["ci95"][0], &found["ci95"][1]].map(|of| -of.as_f64().expect("a number"))
}

#[test]
fn a_run_at_the_price_agrees() {
    let found = found(&["--of", "often", "--versus", "seldom", "--over", POLL]);
    assert_eq!(found["now"], 20.0);
    assert_eq!(found["method"], "fieller");
    let at = found["at"][0].as_f64().expect("a price");
    let pieces = found["pieces"].as_array().expect("pieces");
    let ends: Vec<_> = pieces.iter().map(|piece| piece["lower"].as_str()).collect();
    assert_eq!(ends, [Some("often"), None, Some("seldom")]);
    let [mean, ..] = difference(&format!("{POLL}={at}"));
    assert!(mean.abs() < 1e-9, "{mean}");
    for (piece, end, factor, is_decided) in [
        (0, "to", 0.999, true),
        (1, "from", 1.001, false),
        (1, "to", 0.999, false),
        (2, "from", 1.001, true),
    ] {
        let price = pieces[piece][end].as_f64().expect("an end") * factor;
        let [_, one, other] = difference(&format!("{POLL}={price}"));
        assert_eq!(one * other > 0.0, is_decided, "{price}: {one} {other}");
    }
}

#[test]
fn it_is_said_in_plain_words() {
    let text = said(&["--over", POLL]).out;
    assert!(
        text.starts_with("often costs less than seldom while poll is below $"),
        "{text}"
    );
    assert!(
        text.contains("; now $20.00 a million.\nAbove, seldom costs less than often.\n"),
        "{text}"
    );
    assert!(text.contains("Fieller"), "{text}");
    // No price of a probe makes a difference where nothing is probed.
    let text = said(&["--over", "/prices/probe/usd_per_million"]).out;
    assert!(text.contains("there is no break-even"), "{text}");
    // A parameter, by default from a tenth to ten times: of seldom against itself of now.
    let over = "/designs/often/feeds/polls/delivery/pull/every";
    let text = said(&[
        "--of", "often", "--versus", "seldom", "--metric", "accuracy", "--over", over,
    ])
    .out;
    assert!(
        text.starts_with(&format!(
            "often has the higher accuracy while {over} is below 6 h 00 m"
        )),
        "{text}"
    );
    assert!(
        text.contains("; now 1 h 00 m.\nAbove, seldom has the higher accuracy.\n"),
        "{text}"
    );
    assert!(
        text.contains("Values from 6 m 00 s to 10 h 00 m were looked at"),
        "{text}"
    );
    // One that changes both alike has no break-even there.
    let text = said(&[
        "--metric",
        "accuracy",
        "--over",
        "/world/two_state/reopens_per_day",
    ])
    .out;
    assert!(
        text.contains("often has the higher accuracy over the whole of"),
        "{text}"
    );
}

/// Polls cost most when frequent, errors when rare: the total of a poll against a cache fed by misses crosses
/// twice, and the file says who has less in each of the five pieces.
#[test]
fn sets_of_two_pieces_are_found() {
    let over = "/designs/often/feeds/polls/delivery/pull/every";
    let found = found(&[
        "--of",
        "often",
        "--versus",
        "seldom",
        "--over",
        over,
        "--from",
        "5s",
        "--to",
        "1d",
        "--set",
        "/prices/poll/usd_per_million=2000",
    ]);
    let pieces = found["pieces"].as_array().expect("pieces");
    let lower: Vec<_> = pieces.iter().map(|piece| piece["lower"].as_str()).collect();
    let (often, seldom) = (Some("often"), Some("seldom"));
    assert_eq!(lower, [seldom, None, often, None, seldom], "{found:#}");
    assert_eq!(pieces[0]["from"], Value::Null);
    assert_eq!(pieces[4]["to"], Value::Null);
    assert_eq!(found["at"].as_array().map(Vec::len), Some(2));
    let says = found["says"].as_array().expect("sentences");
    assert_eq!(says.len(), 7, "{says:?}");
    for pair in pieces.windows(2) {
        assert_eq!(pair[0]["to"], pair[1]["from"]);
    }
}

#[test]
fn what_cannot_break_even_is_said() {
    for (arguments, parts) in [
        (vec!["--over", "prices"], vec!["a pointer starts with /"]),
        (
            vec!["--over", POLL, "--of", "ofen"],
            vec!["\"ofen\"", "did you mean \"often\"?"],
        ),
        (
            vec!["--over", POLL, "--of", "often", "--versus", "often"],
            vec!["compared with itself"],
        ),
        (
            vec!["--over", POLL, "--metric", "acuracy"],
            vec!["did you mean \"accuracy\"?"],
        ),
        (
            vec!["--over", POLL, "--metric", "accuracy"],
            vec!["a price does not move accuracy", "money"],
        ),
        (
            vec!["--over", POLL, "--from", "1"],
            vec!["a price has no range", "neither --from nor --to"],
        ),
        (
            vec!["--over", POLL, "--replicates", "1"],
            vec!["one replicate has no intervals", "at least 2"],
        ),
        (
            vec!["--over", "/prices/pol/usd"],
            vec!["the scenario says nothing there", "--from and --to"],
        ),
        (
            vec!["--over", "/designs/often"],
            vec!["is neither a number nor a duration"],
        ),
        (
            vec!["--over", "/run/length", "--from", "3"],
            vec!["of another kind", "a duration"],
        ),
        (
            vec!["--over", "/run/length", "--from", "3d", "--to", "1d"],
            vec!["from 3d to 1d", "goes up"],
        ),
        (
            vec!["--over", "/designs/often/serving/explore"],
            vec!["what range to look at is not said"],
        ),
        (
            vec![
                "--over",
                "/designs/often/serving/explore",
                "--from",
                "0",
                "--to",
                "2",
            ],
            vec!["a share from 0 to 1"],
        ),
        (
            vec![
                "--metric",
                "lost_bookings",
                "--over",
                "/world/two_state/sells_out_per_day",
            ],
            vec!["is not defined anywhere"],
        ),
    ] {
        let Said { code, out, err } = said(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        for part in parts {
            assert!(err.contains(part), "{arguments:?}: {part}: {err}");
        }
    }
}
