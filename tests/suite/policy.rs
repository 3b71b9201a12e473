//! What the page may do, by its own word: the content security policy that browsers hold it to.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn policy() -> BTreeMap<String, Vec<String>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/index.html");
    let page = fs::read_to_string(page).expect("the page");
    let (_, after) = page
        .split_once("Content-Security-Policy")
        .expect("a policy");
    let (_, after) = after.split_once("content=\"").expect("what it says");
    let (said, _) = after.split_once('"').expect("its end");
    let directives = said.split(';').map(|directive| {
        let mut words = directive.split_whitespace().map(str::to_owned);
        (words.next().expect("a directive"), words.collect())
    });
    let mut policy = BTreeMap::new();
    for (what, from) in directives {
        // Of two alike a browser takes the first.
        assert!(policy.insert(what, from).is_none(), "each directive once");
    }
    policy
}

/// What is not named may not be at all; scripts, workers, styles, fonts and requests are the page's own files, no script
/// stands in the text, and forms go nowhere. Only icons may be written in place.
#[test]
fn the_page_runs_its_own_files_alone() {
    for (what, from) in policy() {
        let allowed: &[&str] = match &*what {
            "default-src" | "base-uri" | "form-action" => &["'none'"],
            "script-src" => &["'self'", "'wasm-unsafe-eval'"],
            "img-src" => &["'self'", "data:"],
            "worker-src" | "connect-src" | "style-src" | "font-src" | "manifest-src" => &["'self'"],
            other => panic!("what is {other} for?"),
        };
        for one in &from {
            assert!(allowed.contains(&one.as_str()), "{what} {one}");
        }
    }
    for what in ["default-src", "base-uri", "form-action"] {
        assert_eq!(policy()[what], ["'none'"], "{what}");
    }
}
