//! What a fuzzer kept: each input reaches something in the program that the others do not, and does no harm.

use std::io::Read;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;

use crate::fuzzed;

/// What takes bytes, and panics where something that must hold does not.
type Takes = fn(&[u8]);

/// The inputs that were kept: a line each, in base 64 after a full stop.
fn kept(name: &str) -> Vec<Vec<u8>> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let file = std::fs::File::open(corpora.join(format!("{name}.gz"))).unwrap();
    let mut lines = String::new();
    GzDecoder::new(file).read_to_string(&mut lines).unwrap();
    let input = |line: &str| STANDARD.decode(line.strip_prefix('.').unwrap()).unwrap();
    lines.lines().map(input).collect()
}

#[test]
fn what_a_fuzzer_kept_does_no_harm() {
    let all: [(&str, Takes); 4] = [
        ("scenario", fuzzed::scenario),
        ("csv", fuzzed::csv),
        ("link", fuzzed::link),
        ("small_run", fuzzed::small_run),
    ];
    for (name, take) in all {
        let kept = kept(name);
        assert!(kept.len() > 50, "{name}: only {}", kept.len());
        for (line, input) in kept.iter().enumerate() {
            // Said where it fails.
            println!("line {} of {name}", line + 1);
            take(input);
        }
    }
}
