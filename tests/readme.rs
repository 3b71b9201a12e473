//! The README's example says what the program says.
#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::process::{Command, Stdio};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Where the text of the first fenced block of that kind starts and ends, after `from`.
fn block(readme: &str, kind: &str, from: usize) -> (usize, usize) {
    let fence = format!("\n```{kind}\n");
    let start = from + readme[from..].find(&fence).expect("the block") + fence.len();
    // The newline before the closing fence belongs to the text, if there is any.
    let end = start
        + format!("\n{}", &readme[start..])
            .find("\n```")
            .expect("its end");
    (start, end)
}

#[test]
fn the_example_says_what_the_program_says() {
    let readme = std::fs::read_to_string(README).expect("the README");
    let (start, end) = block(&readme, "json", 0);
    let scenario = &readme[start..end];
    let mut child = Command::new(env!("CARGO_BIN_EXE_stayfresh"))
        .args(["run", "-"])
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("stayfresh");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(scenario.as_bytes()).expect("to be read");
    drop(input);
    let output = child.wait_with_output().expect("its output");
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(!said.is_empty());

    let (start, end) = block(&readme, "text", end);
    if std::env::var_os("STAYFRESH_UPDATE").is_some() {
        let updated = format!("{}{said}{}", &readme[..start], &readme[end..]);
        std::fs::write(README, updated).expect("the README");
    } else {
        assert_eq!(
            &readme[start..end],
            said,
            "`npm test -- --update` writes it"
        );
    }
}
