//! Reading bookings and searches from CSV, row by row. A row that cannot be meant is left out and reported;
//! none is lost without a word.

use std::collections::BTreeMap;
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use crate::scenario::problem::{Problem, shorten};
use crate::sim::clock::DAY;

/// So many rows that were left out are told one by one.
const TOLD: usize = 20;
/// The most rows a file may have: what fits in a browser's memory.
const MOST_ROWS: u64 = 20_000_000;
/// The most rooms of one booking, and the most nights of one.
const MOST_ROOMS: u32 = 10_000;
const MOST_NIGHTS: u32 = 366;

/// What became of the rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The file's name.
    pub file: String,
    /// Rows below the header.
    pub rows: u64,
    /// Rows that are used.
    pub used: u64,
    /// The first rows that are left out, and why.
    pub left_out: Vec<LeftOut>,
    /// Columns that nobody asked for.
    pub unknown_columns: Vec<String>,
}

/// A row that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What is wrong with it, and what was expected.
    pub why: String,
}

/// A booking as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Booked {
    pub(super) hotel: u32,
    pub(super) at: Moment,
    pub(super) cancelled_at: Option<Moment>,
    /// The day of arrival, from 1 January 1970.
    pub(super) check_in: i64,
    pub(super) nights: u32,
    pub(super) rooms: u32,
}

/// A search as it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Searched {
    pub(super) hotel: u32,
    pub(super) at: Moment,
    /// The day of arrival, from 1 January 1970.
    pub(super) check_in: i64,
    pub(super) nights: u32,
}

/// The hotels of a trace: numbered as they first appear.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names(BTreeMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = self.0.len() as u32;
        self.0.insert(name.to_owned(), number);
        number
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// One row, with its columns by name.
struct Row<'a> {
    record: &'a csv::ByteRecord,
    columns: &'a [Option<usize>],
    names: &'a [&'static str],
}

impl Row<'_> {
    fn text(&self, column: usize) -> Result<&str, String> {
        let place = self.columns[column];
        let bytes = place
            .and_then(|place| self.record.get(place))
            .unwrap_or_default();
        let text = std::str::from_utf8(bytes);
        text.map(str::trim)
            .map_err(|_| self.wrong(column, "is not UTF-8", "text in UTF-8"))
    }

    fn wrong(&self, column: usize, is: &str, expected: &str) -> String {
        format!("`{}` {is}; expected {expected}", self.names[column])
    }

    fn hotel(&self, column: usize) -> Result<&str, String> {
        match self.text(column)? {
            "" => Err(self.wrong(column, "is empty", "a hotel's name")),
            name => Ok(name),
        }
    }

    fn moment(&self, column: usize) -> Result<Moment, String> {
        let text = self.text(column)?;
        Moment::parse(text).ok_or_else(|| {
            let is = format!("is {:?}", shorten(text));
            self.wrong(column, &is, "such as 2016-07-01 or 2016-07-01T13:45:00Z")
        })
    }

    /// A day, from 1 January 1970; a time that is given with it is passed over.
    fn day(&self, column: usize) -> Result<i64, String> {
        Ok(self.moment(column)?.day())
    }

    fn count(&self, column: usize, most: u32, none: Option<u32>) -> Result<u32, String> {
        let text = self.text(column)?;
        if let ("", Some(count)) = (text, none) {
            return Ok(count);
        }
        let count = text.parse::<u32>().ok();
        count
            .filter(|count| (1..=most).contains(count))
            .ok_or_else(|| {
                let is = format!("is {:?}", shorten(text));
                self.wrong(column, &is, &format!("a whole number from 1 to {most}"))
            })
    }
}

/// Columns of bookings; the last two may be missing.
const BOOKINGS: [&str; 6] = [
    "hotel",
    "booked_at",
    "check_in",
    "nights",
    "rooms",
    "cancelled_at",
];
/// Columns of searches.
const SEARCHES: [&str; 4] = ["hotel", "searched_at", "check_in", "nights"];

/// Reads bookings. Hotels are numbered as they come.
pub(super) fn bookings(
    file: &str,
    from: impl Read,
    hotels: &mut Names,
) -> Result<(Vec<Booked>, Report), Box<Problem>> {
    let mut all = Vec::new();
    let report = rows(file, from, &BOOKINGS, 4, |row| {
        let name = row.hotel(0)?;
        let at = row.moment(1)?;
        let check_in = row.day(2)?;
        let nights = row.count(3, MOST_NIGHTS, None)?;
        let rooms = row.count(4, MOST_ROOMS, Some(1))?;
        let cancelled_at = match row.text(5)? {
            "" => None,
            _ => Some(row.moment(5)?),
        };
        if check_in < at.day() {
            return Err(row.wrong(2, "is before `booked_at`", "the same day or a later one"));
        }
        if cancelled_at.is_some_and(|cancelled| cancelled.latest() < at.at) {
            return Err(row.wrong(5, "is before `booked_at`", "the same moment or a later one"));
        }
        all.push(Booked {
            hotel: hotels.number(name),
            at,
            cancelled_at,
            check_in,
            nights,
            rooms,
        });
        Ok(())
    })?;
    Ok((all, report))
}

/// Reads searches, of hotels that have bookings.
pub(super) fn searches(
    file: &str,
    from: impl Read,
    hotels: &Names,
) -> Result<(Vec<Searched>, Report), Box<Problem>> {
    let mut all = Vec::new();
    let report = rows(file, from, &SEARCHES, 4, |row| {
        let name = row.hotel(0)?;
        let at = row.moment(1)?;
        let check_in = row.day(2)?;
        let nights = row.count(3, MOST_NIGHTS, None)?;
        let Some(hotel) = hotels.0.get(name) else {
            let is = format!("is {:?}", shorten(name));
            return Err(row.wrong(0, &is, "a hotel that has bookings"));
        };
        if check_in < at.day() {
            return Err(row.wrong(2, "is before `searched_at`", "the same day or a later one"));
        }
        all.push(Searched {
            hotel: *hotel,
            at,
            check_in,
            nights,
        });
        Ok(())
    })?;
    Ok((all, report))
}

/// Goes through the rows of a file whose first line names its columns, in any order; the first `needed` of
/// `names` must be there.
fn rows(
    file: &str,
    from: impl Read,
    names: &[&'static str],
    needed: usize,
    mut read: impl FnMut(&Row<'_>) -> Result<(), String>,
) -> Result<Report, Box<Problem>> {
    let mut report = Report {
        file: file.to_owned(),
        ..Report::default()
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(from);
    let cannot =
        |error: &csv::Error| Box::new(Problem::new("", format!("{file}: cannot read it: {error}")));
    let header = reader
        .byte_headers()
        .map_err(|error| cannot(&error))?
        .clone();
    let mut columns = vec![None; names.len()];
    for (place, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(name);
        // A byte order mark is no part of a name.
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        match names.iter().position(|known| *known == name) {
            Some(column) if columns[column].is_none() => columns[column] = Some(place),
            Some(_) => {
                return Err(Problem::new(
                    "",
                    format!("{file}: the column `{name}` is there twice"),
                )
                .expected("each column once")
                .into());
            }
            None => report.unknown_columns.push(shorten(&name).to_string()),
        }
    }
    let missing: Vec<String> = names[..needed]
        .iter()
        .zip(&columns)
        .filter(|(_, place)| place.is_none())
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        return Err(Problem::new(
            "",
            format!("{file}: the first line lacks {}", missing.join(", ")),
        )
        .expected(format!("the columns {}", names.join(", ")))
        .into());
    }
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(report),
            Ok(true) => {}
            Err(error) => return Err(cannot(&error)),
        }
        report.rows += 1;
        if report.rows > MOST_ROWS {
            return Err(
                Problem::new("", format!("{file}: there are more than {MOST_ROWS} rows"))
                    .expected("a shorter file")
                    .suggest("take a part of it: fewer hotels, or a shorter time")
                    .into(),
            );
        }
        let row = Row {
            record: &record,
            columns: &columns,
            names,
        };
        let all_there = if record.len() == header.len() {
            read(&row)
        } else {
            let (has, should) = (record.len(), header.len());
            Err(format!(
                "it has {has} fields; expected {should}, as in the first line"
            ))
        };
        match all_there {
            Ok(()) => report.used += 1,
            Err(why) if report.left_out.len() < TOLD => {
                let line = record.position().map_or(0, csv::Position::line);
                report.left_out.push(LeftOut { line, why });
            }
            Err(_) => {}
        }
    }
}

impl Booked {
    /// Nights less those before `first` and from `last` on.
    pub(super) fn nights_within(&self, first: i64, last: i64) -> std::ops::Range<i64> {
        self.check_in.max(first)..(self.check_in + i64::from(self.nights)).min(last)
    }

    /// When its rooms are given back at the latest, in microseconds from 1970.
    pub(super) fn ends(&self) -> i64 {
        let night = (self.check_in + i64::from(self.nights)) * DAY;
        self.cancelled_at
            .map_or(night, |cancelled| cancelled.latest() + 1)
    }
}
