//! Durations are read as whole microseconds, beyond the 32 bits that WebAssembly counts memory in.

use stayfresh::scenario::quantity::{LONGEST, format_duration, parse_duration};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn durations_are_whole_microseconds() {
    for (text, micros) in [
        ("1us", 1),
        ("250ms", 250_000),
        ("1.5d", 129_600_000_000),
        ("0.000001s", 1),
        ("36500d", 3_153_600_000_000_000),
    ] {
        assert_eq!(parse_duration(text), Ok(micros), "{text}");
    }
    assert_eq!(parse_duration("36500d"), Ok(LONGEST));
}

#[test]
fn what_is_written_is_read_back() {
    for micros in [
        0,
        1,
        999,
        86_400_000_000,
        5_400_000_000,
        3_153_599_999_999_999,
        LONGEST,
    ] {
        let text = format_duration(micros);
        assert_eq!(parse_duration(&text), Ok(micros), "{text}");
    }
}

#[test]
fn what_is_no_duration_is_refused() {
    for text in [
        "",
        "5",
        "-1h",
        "1e3s",
        "NaNs",
        "1.5.2h",
        "5 parsecs",
        "36501d",
        "99999999999999999999d",
    ] {
        assert!(parse_duration(text).is_err(), "{text}");
    }
}
