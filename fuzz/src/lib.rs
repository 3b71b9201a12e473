//! What comes from outside, tried with anything: a scenario's text, a trace's files, a link, and small scenarios of
//! all kinds. Each takes bytes, and panics where something that must hold does not.
//!
//! A fuzzer looks for such bytes (`npm run fuzz`); the tests try those that it kept.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use arbitrary::Unstructured;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use stayfresh::app::share;
use stayfresh::scenario::files::Uploads;
use stayfresh::scenario::presets::PRESETS;
use stayfresh::scenario::problem::Problems;
use stayfresh::scenario::text::{self, Document, parse, parse_bytes, resolved};
use stayfresh::study::{Study, run};

pub mod small;

/// A scenario's text: it reads, and then as itself however it is written, or each problem has its place in it.
pub fn scenario(data: &[u8]) {
    let read = parse_bytes(data);
    let Ok(text) = text::decode(data) else {
        return assert!(read.is_err());
    };
    // Editing what may not be a scenario is no reason to panic either.
    let _ = text::set(text, "/designs/0/cache/ttl/fixed", "\"1h\"");
    let formatted = text::format(text);
    match read {
        Ok(document) => {
            assert_eq!(
                parse(&resolved(&document).to_string()),
                Ok(document.clone())
            );
            let formatted = formatted.expect("what reads can be formatted");
            assert_eq!(text::format(&formatted), Ok(formatted.clone()));
            let again = parse(&formatted).expect("what is formatted reads");
            assert_eq!(again.scenario, document.scenario);
        }
        Err(problems) => are_placed(&problems, text),
    }
}

/// Each problem says something, of a piece of the text.
fn are_placed(problems: &Problems, text: &str) {
    assert!(!problems.to_string().is_empty());
    for problem in problems {
        assert!(!problem.message.is_empty());
        let place = problem.place.as_ref().expect("a place");
        assert!(text.get(place.start..place.end).is_some(), "{problem:?}");
    }
}

/// A scenario with a trace of two files.
const TRACE: &str = r#"{ "version": 1, "run": { "warmup": "0s", "length": "3d", "replicates": 1 },
  "world": { "trace": { "bookings": "bookings.csv", "searches": "searches.csv", "starts": "2020-02-01",
    "booking_window": "10d", "max_nights": 3 } },
  "designs": [{ "name": "push", "feeds": [{ "name": "deltas", "source": "deltas", "delivery": "push" }] }] }"#;

static OF_TRACE: LazyLock<Document> = LazyLock::new(|| parse(TRACE).expect("a scenario"));

/// The same, whose searches follow the bookings.
static OF_BOOKINGS: LazyLock<(String, Document)> = LazyLock::new(|| {
    let text = text::set(TRACE, "/world/trace/searches", "null").expect("it can go");
    let document = parse(&text).expect("a scenario");
    (text, document)
});

/// More hotels than these take longer than they teach.
const MOST_HOTELS: u64 = 8;

/// A trace's files, bookings before the first NUL and searches after it, or bookings alone: they are refused with a
/// reason, or run.
pub fn csv(data: &[u8]) {
    let mut files = data.splitn(2, |byte| *byte == 0);
    let bookings = files.next().unwrap_or_default();
    let searches = files.next();
    let (text, mut document) = match searches {
        Some(_) => (TRACE, OF_TRACE.clone()),
        None => (OF_BOOKINGS.0.as_str(), OF_BOOKINGS.1.clone()),
    };
    let mut files = BTreeMap::from([("bookings.csv".to_owned(), bookings.to_vec())]);
    files.extend(searches.map(|searches| ("searches.csv".to_owned(), searches.to_vec())));
    let count = files.len();
    match document.read_files(text, &Uploads(files)) {
        Ok(reports) => {
            assert_eq!(reports.len(), count);
            let study = Study::new(document);
            if study.groups() <= MOST_HOTELS {
                runs(study);
            }
        }
        Err(problems) => are_placed(&problems, text),
    }
}

fn runs(mut study: Study) {
    run(&mut study, 1, &mut |_| {});
    let broken: Vec<String> = study.broken().iter().map(ToString::to_string).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(study.results().is_some());
}

/// What stands after `#` in an address, the first byte saying how the others came there: as they are, packed, packed
/// and deflated, or as a text that was shared. It opens as what was shared, or not at all.
pub fn link(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else {
        return;
    };
    let packed = |bytes: &[u8]| format!("{}{}", share::PREFIX, URL_SAFE_NO_PAD.encode(bytes));
    let fragment = match how % 4 {
        0 => String::from_utf8_lossy(rest).into_owned(),
        1 => packed(rest),
        2 => packed(&compress_to_vec(rest, 6)),
        _ => {
            let text = String::from_utf8_lossy(rest);
            let sharer = share::Sharer::here(&text, &PRESETS[0], None);
            let link = share::encode(&text, &sharer).expect("is short");
            assert_eq!(share::decode(&link), Ok((text.into_owned(), sharer)));
            link
        }
    };
    if let Ok((text, sharer)) = share::decode(&fragment) {
        let again = share::encode(&text, &sharer).expect("it came from a link");
        assert_eq!(share::decode(&again), Ok((text.clone(), sharer)));
        let _ = parse(&text);
    }
}

/// A small scenario, drawn by these bytes: it runs, and gives numbers that can be.
pub fn small_run(data: &[u8]) {
    let scenario = small::a_scenario(&mut Unstructured::new(data)).expect("any bytes will do");
    if let Err(wrong) = small::holds(&scenario) {
        panic!("{wrong}\n{scenario}");
    }
}
