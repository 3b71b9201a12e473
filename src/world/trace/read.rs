//! Reading bookings and searches from CSV, row by row. A row that cannot be meant is left out and reported;
//! none is lost without a word.

use std::collections::BTreeMap;
use std::io::{self, Read};

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
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(Lines::new(from));
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
        // The reader knows where a row ends. Where it begins there may be blank lines first.
        let ends = reader.position().line();
        let within = record.as_slice().iter().filter(|byte| **byte == b'\n');
        let within = within.count() as u64;
        // Nothing ends the last row where a quote in it is not closed.
        let has_end = u64::from(!reader.get_ref().is_over);
        let begins = ends - has_end - within;
        let all_there = if record.len() == header.len() {
            read(&row)
        } else {
            let (has, should) = (record.len(), header.len());
            let mut why = format!("it has {has} fields; expected {should}, as in the first line");
            if within > 0 {
                why += &format!(
                    ", and it goes on to line {}: is a quote not closed?",
                    ends - 1
                );
            }
            Err(why)
        };
        match all_there {
            Ok(()) => report.used += 1,
            Err(why) if report.left_out.len() < TOLD => {
                report.left_out.push(LeftOut { line: begins, why });
            }
            Err(_) => {}
        }
    }
}

/// Lines of any ending, each as one that ends with `\n`, the last one too: so they can be counted.
struct Lines<R> {
    from: R,
    /// The last byte that was handed on.
    last: u8,
    /// Whether the last that came was a `\r`.
    is_return: bool,
    /// Whether somebody has asked for more than there is.
    is_over: bool,
}

impl<R> Lines<R> {
    fn new(from: R) -> Self {
        Self {
            from,
            last: b'\n',
            is_return: false,
            is_over: false,
        }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.from.read(buffer)?;
            if got == 0 {
                let is_open = self.last != b'\n' && !buffer.is_empty();
                if is_open {
                    (buffer[0], self.last) = (b'\n', b'\n');
                }
                self.is_over = !is_open;
                return Ok(usize::from(is_open));
            }
            let mut kept = 0;
            for at in 0..got {
                let byte = buffer[at];
                // The second half of `\r\n` is no other ending.
                let is_half = self.is_return && byte == b'\n';
                self.is_return = byte == b'\r';
                if !is_half {
                    buffer[kept] = if self.is_return { b'\n' } else { byte };
                    kept += 1;
                }
            }
            if kept > 0 {
                self.last = buffer[kept - 1];
                return Ok(kept);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands on a byte at a time, or as many as fit.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    #[test]
    fn lines_of_any_ending_are_lines() {
        for (text, lines) in [
            ("", ""),
            ("a", "a\n"),
            ("a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\r\r\nb\n\r\n\n", "a\n\nb\n\n\n"),
            ("\r\n", "\n"),
            ("\r", "\n"),
        ] {
            for at_once in [1, 2, 3, 100] {
                let from = Slow(text.as_bytes(), at_once);
                let mut read = String::new();
                let mut through = Lines::new(from);
                through.read_to_string(&mut read).expect("text");
                assert_eq!(read, lines, "{text:?}, {at_once} at once");
            }
        }
    }

    /// A quote that is not closed takes the rows up to the next one with it: that is said, and where.
    #[test]
    fn a_quote_that_is_not_closed_is_said() {
        let good = "a,2020-02-02,2020-02-03,1\n";
        let bad = "a,2020-02-02,\"2020-02-03,1\n";
        let read = |rows: &[&str]| {
            let file = format!("hotel,booked_at,check_in,nights\n{}", rows.concat());
            let mut names = Names::default();
            bookings("file", file.as_bytes(), &mut names).expect("it is read")
        };
        let (all, report) = read(&[good, bad, good, good]);
        assert_eq!((all.len(), report.rows), (1, 2));
        let left_out = &report.left_out[0];
        assert_eq!(left_out.line, 3);
        assert!(
            left_out
                .why
                .ends_with("it goes on to line 5: is a quote not closed?"),
            "{left_out:?}"
        );
        let (all, report) = read(&[good, good, bad]);
        assert_eq!((all.len(), report.rows), (2, 3));
        assert_eq!(report.left_out[0].line, 4);
    }
}
