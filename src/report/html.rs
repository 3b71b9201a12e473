//! The record as one HTML file that needs nothing else: no script, no link, nothing fetched. Its own policy
//! forbids them.

use super::charts::palette::{self, Owner};
use super::charts::{Picture, Sign, svg};
use super::figures::{Data, Figure};
use super::happened::Log;
use super::human::unbroken;
use super::markup::Markup;
use super::record::{Block, Cell, Design, Grid, Record, Section};
use super::results::Severity;
use super::table::Table;

const STYLE: &str = include_str!("html/style.css");

/// What the file may do: show itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// A chart's table has no more rows than these; the CSV has them all.
const MOST_ROWS: usize = 400;

/// Texts up to so many lines are shown at once.
const MOST_LINES: usize = 12;

/// Sizes of a chart, in the reader's pixels: for a desk and for a phone.
const WIDE: u32 = 860;
const NARROW: u32 = 350;

/// The record as a file.
#[must_use]
pub fn of(record: &Record) -> String {
    let mut page = Markup::default();
    page.raw("<!doctype html>\n");
    page.open("html", &[("lang", "en")]);
    head(&mut page, record);
    page.open("body", &[]);
    page.open("main", &[]);
    page.open("header", &[]);
    page.element("p", &[("class", "eyebrow")], &eyebrow(record));
    let headline = if record.question.is_empty() {
        &record.title
    } else {
        &record.question
    };
    page.element("h1", &[], headline);
    page.element("p", &[("class", "compared")], &record.compared);
    contents(&mut page, record);
    page.close();
    page.line();
    let mut charts = 0;
    for part in &record.sections {
        section(&mut page, part, &mut charts);
    }
    let made = format!(
        "Made by {}, results hash {}. The same scenario gives the same numbers, to the last bit.",
        record.program, record.results_hash
    );
    page.element("footer", &[], &made);
    page.line();
    let mut out = page.done();
    out.push('\n');
    out
}

fn eyebrow(record: &Record) -> String {
    if record.question.is_empty() {
        "Decision record".to_owned()
    } else {
        format!("Decision record · {}", record.title)
    }
}

fn head(page: &mut Markup, record: &Record) {
    page.open("head", &[]);
    page.empty("meta", &[("charset", "utf-8")]);
    page.empty(
        "meta",
        &[
            ("http-equiv", "Content-Security-Policy"),
            ("content", POLICY),
        ],
    );
    let screen = "width=device-width, initial-scale=1";
    page.empty("meta", &[("name", "viewport"), ("content", screen)]);
    page.empty(
        "meta",
        &[("name", "color-scheme"), ("content", "light dark")],
    );
    page.empty(
        "meta",
        &[("name", "generator"), ("content", &record.program)],
    );
    page.element("title", &[], &record.title);
    page.open("style", &[]);
    page.raw("\n");
    page.raw(STYLE);
    page.raw(&svg::style());
    page.raw("\n");
    page.close();
    page.close();
    page.line();
}

fn contents(page: &mut Markup, record: &Record) {
    page.open("nav", &[("aria-label", "Contents")]);
    page.open("ul", &[]);
    for section in &record.sections {
        page.open("li", &[]);
        page.element("a", &[("href", &format!("#{}", section.id))], section.title);
        page.close();
    }
    page.close();
    page.close();
}

fn section(page: &mut Markup, section: &Section, charts: &mut usize) {
    let id = format!("{}-title", section.id);
    page.open("section", &[("id", section.id), ("aria-labelledby", &id)]);
    page.element("h2", &[("id", &id)], section.title);
    page.line();
    for part in &section.blocks {
        block(page, part, charts);
        page.line();
    }
    page.close();
    page.line();
}

fn block(page: &mut Markup, block: &Block, charts: &mut usize) {
    match block {
        Block::Say(text) => page.element("p", &[("class", "beside")], text),
        Block::List(caption, lines) => {
            if let Some(caption) = caption {
                page.element("h3", &[("class", "caption")], caption);
            }
            page.open("ul", &[("class", "said")]);
            for line in lines {
                page.element("li", &[], &unbroken(line));
            }
            page.close();
        }
        Block::Warnings(warnings) => {
            page.open("ul", &[("class", "warnings")]);
            for (severity, says) in warnings {
                let class = match severity {
                    Severity::Hard => "hard",
                    Severity::Soft => "soft",
                };
                page.open("li", &[("class", class)]);
                page.element("b", &[], severity.word());
                page.element("span", &[], &unbroken(says));
                page.close();
            }
            page.close();
        }
        Block::Designs(designs) => {
            page.open("div", &[("class", "designs")]);
            for of in designs {
                design(page, of);
            }
            page.close();
        }
        Block::Figure(of) => {
            *charts += 1;
            figure(page, of, &format!("chart-{charts}"));
        }
        Block::Table(of) => numbers(page, of),
        Block::Log(of) => log(page, of),
        Block::Grid(of) => grid(page, of),
        Block::Facts(facts) => {
            page.open("dl", &[("class", "facts")]);
            for (name, value) in facts {
                page.open("div", &[]);
                page.element("dt", &[], name);
                page.open("dd", &[]);
                cell(page, value);
                page.close();
                page.close();
            }
            page.close();
        }
        Block::Code(caption, text) => {
            // A long one is opened by who wants it.
            let is_long = text.lines().count() > MOST_LINES;
            let (tag, head) = if is_long {
                ("details", "summary")
            } else {
                ("div", "h3")
            };
            page.open(tag, &[("class", "text")]);
            page.element(head, &[], caption);
            page.open("pre", &[("tabindex", "0")]);
            page.element("code", &[], text);
            page.close();
            page.close();
        }
    }
}

fn cell(page: &mut Markup, cell: &Cell) {
    match cell {
        Cell::Text(text) => page.text(&unbroken(text)),
        Cell::Code(text) if text.is_empty() => {}
        Cell::Code(text) => page.element("code", &[], text),
    }
}

fn marker(page: &mut Markup, owner: Owner) {
    let class = format!("marker {}", svg::class(&owner.role()));
    open_sign(page, &class, "0 0 16 16");
    page.empty("path", &[("d", owner.mark().shape.outline())]);
    page.close();
}

fn design(page: &mut Markup, design: &Design) {
    page.open("article", &[("class", "design")]);
    page.open("h3", &[]);
    marker(page, Owner::Design(design.place));
    page.element("span", &[], &design.name);
    if design.is_bound {
        page.element("span", &[("class", "tag")], "bound");
    } else if design.place == 0 {
        page.element("span", &[("class", "tag")], "baseline");
    }
    page.close();
    if let Some(note) = &design.note {
        page.element("p", &[("class", "note")], note);
    }
    page.open("dl", &[]);
    for (title, lines) in &design.parts {
        page.element("dt", &[], title);
        page.element("dd", &[], &lines.join("; "));
    }
    if !design.faults.is_empty() {
        page.element("dt", &[("class", "fault")], "goes wrong");
    }
    for fault in &design.faults {
        page.element("dd", &[("class", "fault")], fault);
    }
    page.close();
    page.close();
}

fn figure(page: &mut Markup, figure: &Figure, id: &str) {
    page.open("figure", &[("class", "chart")]);
    page.open("figcaption", &[]);
    page.element("h3", &[], &figure.title);
    page.element("p", &[], &figure.note);
    page.close();
    legend(page, &figure.picture);
    let spoken = figure.spoken();
    let heights = match &*figure.picture {
        Picture::Lines(_) => [if figure.wide { 290 } else { 240 }, 250],
        Picture::Bars(bars) => [bars.bars.len().max(1) as u32 * 64 + 40; 2],
        Picture::Scatter(_) => [290, 270],
        Picture::Tornado(tornado) => [tornado.height(); 2],
    };
    for ((class, width), height) in [("wide", WIDE), ("narrow", NARROW)]
        .into_iter()
        .zip(heights)
    {
        let says = (figure.title.as_str(), spoken.as_str());
        let (id, class) = (format!("{id}-{class}"), format!("drawn {class}"));
        svg::draw(page, &figure.picture, (width, height), &id, says, &class);
    }
    page.open("details", &[]);
    let data = figure.data(MOST_ROWS);
    let summary = if data.one_in > 1 {
        format!("Data table (one value in {})", data.one_in)
    } else {
        "Data table".to_owned()
    };
    page.element("summary", &[], &summary);
    values(page, &data, &figure.title);
    page.close();
    page.close();
}

fn legend(page: &mut Markup, picture: &Picture) {
    page.open("ul", &[("class", "legend")]);
    for entry in picture.entries() {
        // A tornado's bars say what they are; a record shows no earlier runs.
        if matches!(entry.sign, Sign::End { .. } | Sign::Earlier(_)) {
            continue;
        }
        page.open("li", &[]);
        match entry.sign {
            Sign::Curve(owner) => {
                marker(page, owner);
                let class = format!("dash {}", svg::class(&owner.role()));
                let dash = owner.mark().dash;
                let dash = dash.map_or("none".to_owned(), |(dash, gap)| format!("{dash} {gap}"));
                open_sign(page, &class, "0 0 48 8");
                page.empty("path", &[("d", "M0 4H48"), ("stroke-dasharray", &dash)]);
                page.close();
            }
            Sign::Item(place) => {
                let class = format!("swatch {}", svg::class(&palette::item_role(place)));
                open_sign(page, &class, "0 0 12 12");
                page.empty("rect", &[("width", "12"), ("height", "12"), ("rx", "3")]);
                page.close();
            }
            Sign::Dot(design) => marker(page, Owner::Design(design)),
            Sign::End { .. } | Sign::Earlier(_) => {}
        }
        page.element("span", &[], &entry.name);
        page.close();
    }
    page.close();
}

fn open_sign(page: &mut Markup, class: &str, view: &str) {
    page.open(
        "svg",
        &[("class", class), ("viewBox", view), ("aria-hidden", "true")],
    );
}

/// What scrolls where it does not fit, by keys too.
fn open_scroll(page: &mut Markup, label: &str) {
    let label = format!("{label}: table");
    page.open(
        "div",
        &[
            ("class", "scroll"),
            ("tabindex", "0"),
            ("role", "region"),
            ("aria-label", &label),
        ],
    );
}

fn heads<'a>(page: &mut Markup, names: impl IntoIterator<Item = &'a str>) {
    page.open("thead", &[]);
    page.open("tr", &[]);
    for name in names {
        page.element("th", &[("scope", "col")], name);
    }
    page.close();
    page.close();
}

fn values(page: &mut Markup, data: &Data, label: &str) {
    open_scroll(page, label);
    page.open("table", &[("class", "numbers")]);
    heads(page, data.heads());
    page.open("tbody", &[]);
    for (row, (head, cells)) in data.shown().enumerate() {
        let is_total = data.has_total && row + 1 == data.rows.len();
        page.open("tr", if is_total { &[("class", "sum")] } else { &[] });
        page.element("th", &[("scope", "row")], &head);
        for (column, cell) in cells.iter().enumerate() {
            let is_fault = data.has_faults && column + 1 == cells.len();
            page.element(
                "td",
                if is_fault { &[("class", "fault")] } else { &[] },
                cell,
            );
        }
        page.close();
    }
    page.close();
    page.close();
    page.close();
}

/// A table under its caption, which scrolls where it does not fit; `rows` writes its body.
fn framed<'a>(
    page: &mut Markup,
    (caption, class): (&str, &str),
    columns: impl IntoIterator<Item = &'a str>,
    rows: impl FnOnce(&mut Markup),
) {
    page.open("div", &[("class", "table")]);
    page.element("h3", &[], caption);
    open_scroll(page, caption);
    page.open("table", &[("class", class)]);
    heads(page, columns);
    page.open("tbody", &[]);
    rows(page);
    page.close();
    page.close();
    page.close();
    page.close();
}

fn numbers(page: &mut Markup, table: &Table) {
    let columns = std::iter::once("").chain(table.columns.iter().map(String::as_str));
    framed(page, (&table.caption, "numbers"), columns, |page| {
        for row in &table.rows {
            page.open("tr", &[]);
            page.open("th", &[("scope", "row")]);
            page.text(&row.title);
            if !row.over.is_empty() {
                page.text(" ");
                page.element("small", &[], row.over);
            }
            page.close();
            for cell in &row.cells {
                page.open("td", &[]);
                match cell {
                    Some(cell) => {
                        page.text(&cell.mean);
                        page.text(" ");
                        page.element("small", &[], &cell.reach);
                    }
                    None => page.text(super::human::NOTHING),
                }
                page.close();
            }
            page.close();
        }
    });
    page.line();
}

fn grid(page: &mut Markup, grid: &Grid) {
    let columns = grid.columns.iter().copied();
    framed(page, (grid.caption, "grid"), columns, |page| {
        for row in &grid.rows {
            page.open("tr", &[]);
            for (of, column) in row.iter().zip(&grid.columns) {
                // On a phone the cells stand below each other, without a head.
                page.open("td", &[("data-label", column)]);
                cell(page, of);
                page.close();
            }
            page.close();
        }
    });
}

fn log(page: &mut Markup, log: &Log) {
    page.open("div", &[("class", "log")]);
    page.element("h3", &[], &log.caption);
    page.open("ol", &[]);
    for line in &log.lines {
        page.open(
            "li",
            if line.is_fault {
                &[("class", "fault")]
            } else {
                &[]
            },
        );
        page.element("time", &[], &line.when);
        page.element("span", &[], &line.what);
        page.close();
    }
    page.close();
    page.close();
}
