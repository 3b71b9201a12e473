//! The same bits everywhere: distributions on 100,000 arguments, and every preset's results.
//!
//! `golden.txt` holds the expected hashes. Changing one is a deliberate act: run
//! `STAYFRESH_UPDATE=1 cargo test --test everywhere` and say why in the changelog.

use rand_distr::Distribution;
use sha2::{Digest, Sha256};
use stayfresh::scenario::presets::PRESETS;
use stayfresh::scenario::quantity::Count;
use stayfresh::sim::distribution::{Exponential, GammaOfMeanOne, Normal, Poisson};
use stayfresh::sim::math;
use stayfresh::sim::random::{Key, binomial};
use stayfresh::study::Study;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const GOLDEN: &str = include_str!("golden.txt");

/// Holds what was found against the golden file, or writes it there when asked to.
fn hold(kind: &str, found: &[(String, String)]) {
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("STAYFRESH_UPDATE").is_some() {
        return update(kind, found);
    }
    let expected: Vec<(String, String)> = GOLDEN
        .lines()
        .filter_map(|line| line.strip_prefix(kind)?.trim().split_once(' '))
        .map(|(name, hash)| (name.to_owned(), hash.to_owned()))
        .collect();
    assert_eq!(found, expected, "{kind} (left: found, right: golden.txt)");
}

#[cfg(not(target_arch = "wasm32"))]
fn update(kind: &str, found: &[(String, String)]) {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/everywhere/golden.txt");
    let old = std::fs::read_to_string(path).expect("the golden file");
    let mut lines: Vec<String> = old
        .lines()
        .filter(|line| !line.starts_with(kind))
        .map(str::to_owned)
        .collect();
    lines.extend(
        found
            .iter()
            .map(|(name, hash)| format!("{kind} {name} {hash}")),
    );
    lines.sort_by_key(|line| line.split(' ').next().map(str::to_owned));
    std::fs::write(path, lines.join("\n") + "\n").expect("the golden file");
}

const ARGUMENTS: u32 = 100_000;

fn bits(name: &str, mut value: impl FnMut(u32) -> f64) -> (String, String) {
    let mut hash = Sha256::new();
    for argument in 0..ARGUMENTS {
        hash.update(value(argument).to_bits().to_le_bytes());
    }
    let hash = hash.finalize();
    (
        name.to_owned(),
        hash[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
    )
}

#[test]
fn functions_and_distributions_have_the_same_bits() {
    let root = Key::replicate(2026, 0);
    let unit = |argument: u32| root.at(u64::from(argument)).unit();
    let mut stream = root.name("sequence").stream();
    let found = [
        bits("exp", |i| math::exp(40.0 * unit(i) - 20.0)),
        bits("log", |i| math::log(1e6 * unit(i) + 1e-9)),
        bits("pow", |i| {
            math::pow(1e3 * unit(i) + 1e-3, 4.0 * unit(i + 1) - 2.0)
        }),
        bits("normal_quantile", |i| {
            math::normal_quantile((f64::from(i) + 0.5) / f64::from(ARGUMENTS))
        }),
        bits("ln_factorial", |i| math::ln_factorial(u64::from(i))),
        bits("exponential", |_| Exponential.sample(&mut stream)),
        bits("normal", |_| Normal.sample(&mut stream)),
        bits("gamma_0.4", |_| {
            GammaOfMeanOne { shape: 0.4 }.sample(&mut stream)
        }),
        bits("gamma_3", |_| {
            GammaOfMeanOne { shape: 3.0 }.sample(&mut stream)
        }),
        bits("poisson", |i| {
            Poisson {
                mean: 60.0 * unit(i),
            }
            .sample(&mut stream) as f64
        }),
        bits("binomial", |i| {
            binomial(
                root.at(u64::from(i)),
                u64::from(i % 1000),
                root.at(7).word(),
            ) as f64
        }),
    ];
    hold("bits", &found);
}

#[test]
fn presets_have_the_same_results() {
    let found: Vec<(String, String)> = PRESETS
        .iter()
        .map(|preset| {
            let mut document = preset.read().expect("a preset reads");
            // More replicates are more of the same bits.
            document.scenario.run.replicates = Count::of(2);
            let mut study = Study::new(document);
            run(&mut study);
            assert!(study.broken().is_empty(), "{}", preset.name);
            let results = study.results().expect("results");
            (preset.name.to_owned(), results.results_hash)
        })
        .collect();
    hold("preset", &found);
}

#[cfg(not(target_arch = "wasm32"))]
fn run(study: &mut Study) {
    stayfresh::study::run(study, 2, &mut |_| {});
}

#[cfg(target_arch = "wasm32")]
fn run(study: &mut Study) {
    for part in 0..study.parts() {
        let part = study.run_part(part);
        study.absorb(part);
    }
}
