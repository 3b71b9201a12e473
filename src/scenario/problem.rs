//! What is wrong with a scenario, as plain data: the command line draws it, the page shows it inline.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// A part of a text, in bytes.
pub type Span = Range<usize>;

/// One thing that is wrong: where, what was found, what was expected, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where in the scenario, as a JSON pointer; empty for the whole.
    pub path: String,
    /// Where in the text; absent when the text has no such place.
    pub place: Option<Place>,
    /// What was found.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What to do.
    pub suggestion: Option<String>,
    /// Another place that has to do with it.
    pub related: Option<Related>,
}

/// Another place that a problem has to do with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub message: String,
}

/// A part of a text for people and for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// First byte, from 0.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Place {
    /// The place of a span of `text`.
    #[must_use]
    pub fn of(text: &str, span: &Span) -> Self {
        let floor = |at: usize| text.floor_char_boundary(at.min(text.len()));
        let (start, end) = (floor(span.start), floor(span.end.max(span.start)));
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).unwrap_or_default().chars();
        Self {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            // A byte order mark takes no column.
            column: column.filter(|&c| c != '\u{feff}').count() + 1,
            start,
            end,
        }
    }
}

impl Problem {
    /// A problem at a path, so far without a place.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            place: None,
            message: message.into(),
            expected: None,
            suggestion: None,
            related: None,
        }
    }

    /// With its place.
    #[must_use]
    pub fn at(mut self, text: &str, span: &Span) -> Self {
        self.place = Some(Place::of(text, span));
        self
    }

    /// With what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// With another place that has to do with it.
    #[must_use]
    pub fn related(mut self, text: &str, span: &Span, message: impl Into<String>) -> Self {
        self.related = Some(Related {
            place: Place::of(text, span),
            message: message.into(),
        });
        self
    }
}

/// One line: where, what, what was expected, what to do.
impl Problem {
    /// What is wrong and what was expected, beside the place where it is shown.
    #[must_use]
    pub fn said(&self) -> String {
        let expected = self.expected.iter();
        let expected = expected.map(|expected| format!("; expected {expected}"));
        format!("{}{}", self.message, expected.collect::<String>())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "line {}, column {}: ", place.line, place.column)?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; {suggestion}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Everything found wrong in one go; at least one problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// How many are reported at most; the rest tends to follow from the first.
    pub const MOST: usize = 50;

    /// `Err` with the problems in the order of the text, or `Ok` when there are none.
    ///
    /// # Errors
    /// The problems, when there are any.
    pub fn none(mut found: Vec<Problem>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by_key(|problem| problem.place.as_ref().map(|place| place.start));
        // What a design inherits with `like` is wrong once, where it is written.
        found.dedup_by(|next, first| next.place == first.place && next.message == first.message);
        found.truncate(Self::MOST);
        Err(Self(found))
    }

    /// The problems, in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A single problem, for `?`.
impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// One line a problem.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// A text as it may stand in a message: not too long, and without what would move a terminal's cursor.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = text.chars().take(MOST).map(visible).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// The known name nearest to `written`, near enough to be a slip of the pen.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = shorten(written).to_lowercase().replace(['-', ' '], "_");
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `` `a`, `b` or `c` ``.
pub(super) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
