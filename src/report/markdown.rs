//! The record as Markdown, to paste into a review: GitHub's kind. It strips drawings, so charts are small tables.

use super::figures::Figure;
use super::human;
use super::record::{Block, Cell, Design, Grid, Record};
use super::table::Table;

/// A chart's table has no more rows than these.
const MOST_ROWS: usize = 14;

/// The record as a text.
#[must_use]
pub fn of(record: &Record) -> String {
    let mut out = format!("# {}\n\n", escaped(&record.title));
    if !record.question.is_empty() {
        out.push_str(&format!("**{}**\n\n", escaped(&record.question)));
    }
    out.push_str(&format!("{}\n\n", escaped(&record.compared)));
    for section in &record.sections {
        out.push_str(&format!("## {}\n\n", section.title));
        for part in &section.blocks {
            block(&mut out, part);
        }
    }
    let made = format!(
        "Made by {}, results hash `{}`\n",
        record.program, record.results_hash
    );
    out.push_str(&made);
    out
}

fn block(out: &mut String, block: &Block) {
    match block {
        Block::Say(text) => out.push_str(&format!("{}\n\n", escaped(text))),
        Block::List(caption, lines) => {
            if let Some(caption) = caption {
                out.push_str(&format!("### {}\n\n", escaped(caption)));
            }
            list(out, lines.iter().map(|line| escaped(line)));
        }
        Block::Warnings(warnings) => {
            let lines = warnings
                .iter()
                .map(|(severity, says)| format!("⚠ **{}**: {}", severity.word(), escaped(says)));
            list(out, lines);
        }
        Block::Designs(designs) => designs.iter().for_each(|of| design(out, of)),
        Block::Figure(of) => figure(out, of),
        Block::Table(of) => out.push_str(&format!("{}\n", of_table(of))),
        Block::Log(log) => {
            out.push_str(&format!("### {}\n\n", escaped(&log.caption)));
            let lines = log.lines.iter();
            list(
                out,
                lines.map(|line| format!("{}: {}", line.when, escaped(&line.what))),
            );
        }
        Block::Grid(of) => grid(out, of),
        Block::Facts(facts) => {
            let lines = facts.iter();
            list(
                out,
                lines.map(|(name, value)| format!("{name}: {}", cell(value))),
            );
        }
        Block::Code(caption, text) => {
            let fence = fence(text, 3);
            let language = if text.starts_with('{') { "json" } else { "sh" };
            out.push_str(&format!(
                "{caption}:\n\n{fence}{language}\n{text}\n{fence}\n\n"
            ));
        }
    }
}

fn list(out: &mut String, lines: impl Iterator<Item = String>) {
    for line in lines {
        out.push_str(&format!("- {line}\n"));
    }
    out.push('\n');
}

fn design(out: &mut String, design: &Design) {
    let tag = if design.is_bound {
        " (bound)"
    } else if design.place == 0 {
        " (baseline)"
    } else {
        ""
    };
    out.push_str(&format!("### {}{tag}\n\n", escaped(&design.name)));
    if let Some(note) = &design.note {
        out.push_str(&format!("{}\n\n", escaped(note)));
    }
    let parts = design
        .parts
        .iter()
        .map(|(title, lines)| format!("{}: {}", escaped(title), escaped(&lines.join("; "))));
    let faults = design
        .faults
        .iter()
        .map(|fault| format!("goes wrong: {}", escaped(fault)));
    list(out, parts.chain(faults));
}

fn figure(out: &mut String, figure: &Figure) {
    let data = figure.data(MOST_ROWS);
    out.push_str(&format!(
        "### {}\n\n{}",
        escaped(&figure.title),
        escaped(&figure.note)
    ));
    if data.one_in > 1 {
        out.push_str(&format!(" Here, one value in {}.", data.one_in));
    }
    out.push_str("\n\n|");
    for name in data.heads() {
        out.push_str(&format!(" {} |", escaped(name)));
    }
    let numbers = data.columns.len() - usize::from(data.has_faults);
    let last = if data.has_faults { "---|" } else { "" };
    out.push_str(&format!("\n|---|{}{last}\n", "---:|".repeat(numbers)));
    for (head, cells) in data.shown() {
        out.push_str(&format!("| {} |", escaped(&head)));
        for cell in cells {
            out.push_str(&format!(" {} |", escaped(&cell)));
        }
        out.push('\n');
    }
    out.push('\n');
}

/// What stands above the tables of a sweep: a title, and more.
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

/// A table of numbers.
pub(super) fn of_table(table: &Table) -> String {
    let mut out = format!("### {}\n\n| | over |", escaped(&table.caption));
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
                None => out.push_str(&format!(" {} |", human::NOTHING)),
            }
        }
        out.push('\n');
    }
    out
}

fn grid(out: &mut String, grid: &Grid) {
    out.push_str(&format!("### {}\n\n|", grid.caption));
    for column in &grid.columns {
        out.push_str(&format!(" {column} |"));
    }
    out.push_str(&format!("\n|{}\n", "---|".repeat(grid.columns.len())));
    for row in &grid.rows {
        out.push('|');
        for of in row {
            out.push_str(&format!(" {} |", cell(of)));
        }
        out.push('\n');
    }
    out.push('\n');
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => escaped(text),
        Cell::Code(text) if text.is_empty() => String::new(),
        Cell::Code(text) => {
            // Inside of a table a bar ends the cell even here, unless it is escaped.
            let text = one_line(text).replace('|', "\\|");
            let fence = fence(&text, 1);
            let space = if text.starts_with('`') || text.ends_with('`') {
                " "
            } else {
                ""
            };
            format!("{fence}{space}{text}{space}{fence}")
        }
    }
}

/// Backticks around a text that may hold some: more than it has in a row.
fn fence(text: &str, least: usize) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    "`".repeat(runs.max().map_or(least, |most| least.max(most + 1)))
}

fn one_line(text: &str) -> String {
    super::table::visible(text).trim().to_owned()
}

/// Text that Markdown leaves alone, on one line.
fn escaped(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    // What would start a list, a quotation or a rule, were it the first of a line.
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = number.len() < text.len()
        && number
            .strip_prefix(['.', ')'])
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    for (at, c) in text.char_indices() {
        let is_mark = match c {
            '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '&' | '[' | ']' | '#' | '~' | '$' => true,
            '-' | '+' | '=' => at == 0,
            '.' | ')' => is_numbered && at == text.len() - number.len(),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        for (text, shown) in [
            ("a|b", "a\\|b"),
            ("<img src=x>\n# no", "\\<img src=x\\> \\# no"),
            ("- no list", "\\- no list"),
            ("1. no list", "1\\. no list"),
            ("2026) no list", "2026\\) no list"),
            ("99.9 % ± 0.1", "99.9 % ± 0.1"),
            ("2026.", "2026\\."),
            ("&lt;", "\\&lt;"),
        ] {
            assert_eq!(escaped(text), shown);
        }
        let code = |text: &str| cell(&Cell::Code(text.to_owned()));
        assert_eq!(code("/a|b"), "`/a\\|b`");
        assert_eq!(code("`x``y"), "``` `x``y ```");
    }
}
