//! What a large board costs: time and memory by hotels and by designs, 365 nights, stays up to 7 nights, 14 days,
//! one replicate, on two threads. Each run is a process of its own, so that its memory is its own.
//!
//! ```text
//! cargo run --release --example curve               # 1,000 to 10,000 hotels, 1 to 4 designs
//! cargo run --release --example curve 100000        # so many hotels, four designs
//! cargo run --release --example curve 2000 4 1      # so many hotels, designs, threads
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::disallowed_types
)]

use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, run};

const THREADS: u32 = 2;
const HOTELS: [u32; 4] = [1_000, 2_000, 5_000, 10_000];

fn main() {
    let numbers: Vec<u32> = std::env::args()
        .skip(1)
        .map(|n| n.parse().expect("a number"))
        .collect();
    match numbers[..] {
        [hotels, designs, threads] => one(hotels, designs as usize, threads as usize),
        [hotels] => table(&[(hotels, 4)]),
        _ => {
            let by_hotels = HOTELS.map(|hotels| (hotels, 4));
            let by_designs = [1, 2, 3].map(|designs| (HOTELS[1], designs));
            table(&[&by_hotels[..], &by_designs[..]].concat());
        }
    }
}

fn table(runs: &[(u32, u32)]) {
    println!("| hotels | designs | s | ms a hotel | peak memory, MB | kB a hotel |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for (hotels, designs) in runs {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        let output = command
            .args([*hotels, *designs, THREADS].map(|n| n.to_string()))
            .output()
            .expect("itself");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
}

fn one(hotels: u32, designs: usize, threads: usize) {
    let scenario = scenario(hotels, designs);
    let began = Instant::now();
    let mut study = Study::new(parse(&scenario.to_string()).expect("a valid scenario"));
    run(&mut study, threads, &mut |_| {});
    let seconds = began.elapsed().as_secs_f64();
    assert!(study.broken().is_empty());
    let kb = peak_kb().unwrap_or(f64::NAN);
    println!(
        "| {hotels} | {designs} | {seconds:.2} | {:.3} | {:.0} | {:.1} |",
        seconds * 1e3 / f64::from(hotels),
        kb / 1e3,
        kb / f64::from(hotels)
    );
}

/// The most memory that this process ever held, where the system says.
fn peak_kb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Four designs without a cache that is bound by its capacity: of these, so many.
fn scenario(hotels: u32, designs: usize) -> Value {
    let polled = |every: &str| json!([{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": every } } }]);
    let mut all = vec![
        json!({ "name": "poll hourly", "feeds": polled("1h"), "cache": { "ttl": { "fixed": "6h" } } }),
        json!({ "name": "poll daily", "feeds": polled("1d") }),
        json!({ "name": "push deltas", "feeds": [{ "name": "deltas", "source": "deltas", "delivery": { "push": {
            "latency": { "lognormal": { "median": "2s", "p99": "30s" } }, "loss": 0.001 } } }] }),
        json!({ "name": "natural traffic", "serving": { "live_check": "shown" },
            "feeds": [{ "name": "seen", "source": "searches", "delivery": "push" }] }),
    ];
    all.truncate(designs);
    json!({
        "version": 1, "seed": 42,
        "run": { "warmup": "2d", "length": "14d", "replicates": 1 },
        "world": { "hotels": {
            "count": hotels, "booking_window": "365d", "max_nights": 7, "popularity": { "zipf": 0.9 },
            "demand": { "requests_per_hotel_per_day": 5.0, "profile": "city" },
            "searches_per_request": 500, "supplier_changes_per_hotel_per_day": 3.0 } },
        "designs": all
    })
}
