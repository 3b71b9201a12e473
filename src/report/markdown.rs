//! Results as Markdown, to paste into a review.

use super::results::Results;
use super::table::{self, Table};
use super::{expected, fitness, happened};

/// The whole comparison.
#[must_use]
pub fn of(results: &Results) -> String {
    let mut out = of_heading(&table::heading(results));
    for table in table::all(results) {
        if !table.rows.is_empty() {
            out.push_str(&of_table(&table));
            out.push('\n');
        }
    }
    for happened in happened::all(results) {
        out.push_str(&format!("{}\n\n", escaped(&happened.caption)));
        for line in &happened.lines {
            out.push_str(&format!("- {}: {}\n", line.when, escaped(&line.what)));
        }
        out.push('\n');
    }
    if !results.verdict.sentences.is_empty() {
        out.push_str("Verdict\n\n");
        for sentence in &results.verdict.sentences {
            out.push_str(&format!("- {}\n", escaped(&sentence.text)));
        }
        for warning in &results.verdict.warnings {
            out.push_str(&format!("- ⚠ {}\n", escaped(&table::warned(warning))));
        }
        out.push('\n');
    }
    for said in fitness::all(results) {
        out.push_str(&format!("{}\n\n", escaped(&said.caption)));
        for line in &said.lines {
            out.push_str(&format!("- {}\n", escaped(line)));
        }
        out.push('\n');
    }
    if !results.expect.is_empty() {
        out.push_str("Expectations\n\n");
        for expected in &results.expect {
            out.push_str(&format!("- {}\n", escaped(&expected::line(expected))));
        }
        out.push('\n');
    }
    out.push_str(&format!("`results_hash {}`\n", results.results_hash));
    out
}

/// What stands above the tables: a title, and more.
pub(super) fn of_heading(lines: &[String]) -> String {
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let mark = if index == 0 && lines.len() > 1 {
            "## "
        } else {
            ""
        };
        out.push_str(&format!("{mark}{}\n\n", escaped(line)));
    }
    out
}

/// One table.
#[must_use]
pub fn of_table(table: &Table) -> String {
    let mut out = format!("{}\n\n| | over |", escaped(&table.caption));
    for name in &table.columns {
        out.push_str(&format!(" {} |", escaped(name)));
    }
    out.push_str("\n|---|---|");
    out.push_str(&"---:|".repeat(table.columns.len()));
    out.push('\n');
    for row in &table.rows {
        out.push_str(&format!("| {} | {} |", escaped(&row.title), row.over));
        for cell in &row.cells {
            match cell {
                Some(cell) => out.push_str(&format!(" {} |", escaped(&cell.both()))),
                None => out.push_str(" – |"),
            }
        }
        out.push('\n');
    }
    out
}

/// Text that Markdown leaves alone.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '|' | '*' | '_' | '`' | '<' | '[' | ']' | '#' | '~' | '$'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
