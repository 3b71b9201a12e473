//! How the cells of a stay map are drawn, wherever that is, and the map as files: a drawing, and a line a stay.

use super::map::Map;
use super::timeline::{Class, Timeline};
use crate::report::charts::palette::{self, Tint};
use crate::report::markup::Markup;
use crate::sim::clock::{DAY, Time};

/// The height of a row, and room for words left of the map and below it, in the reader's pixels.
pub const ROW: f64 = 13.0;
/// See [`ROW`].
pub const LEFT: f64 = 30.0;
/// See [`ROW`].
pub const BELOW: f64 = 17.0;
/// Cells narrower than this have no gap and no fine signs.
const FINE: f64 = 4.5;

/// Where a column of the map begins and how wide it is, in whole pixels.
#[must_use]
pub fn column(wide: f64, columns: usize, column: usize) -> (f64, f64) {
    let each = (wide - LEFT) / columns.max(1) as f64;
    let from = libm::floor(LEFT + each * column as f64);
    (from, libm::floor(LEFT + each * (column + 1) as f64) - from)
}

/// A piece of what a cell is drawn of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    /// A rectangle: its left, its top, its width and its height.
    Full([f64; 4], Tint),
    /// A stroke from a point to another.
    Stroke([f64; 4], Tint),
}

/// The kinds of stays that are not to be seen, by [`Class`].
pub type Hidden = [bool; Class::ALL.len()];

/// How wide a stroke is.
pub const STROKE: f64 = 1.4;

/// What a cell is drawn of, at its left and top and so wide: never told by its colour alone.
#[must_use]
pub fn pieces(class: Class, is_hidden: bool, [x, y, wide]: [f64; 3]) -> [Option<Piece>; 2] {
    let is_fine = wide >= FINE;
    let (wide, high) = (if is_fine { wide - 1.0 } else { wide }, ROW - 1.0);
    if is_hidden {
        let line = Piece::Full([x, y + high / 2.0, wide, 1.0], palette::GRID);
        return [Some(line), None];
    }
    let tint = palette::STAYS[class as usize];
    match class {
        Class::RightAvailable => [Some(Piece::Full([x, y, wide, high], tint)), None],
        // A band.
        Class::RightSoldOut => {
            let band = [x, y + high / 4.0, wide, high / 2.0];
            [Some(Piece::Full(band, tint)), None]
        }
        // Full, with a stroke across it.
        Class::FalseAvailable => [
            Some(Piece::Full([x, y, wide, high], tint)),
            is_fine.then_some(Piece::Stroke([x, y + high, x + wide, y], palette::PAPER)),
        ],
        // The lower half, with a dot above it.
        Class::FalseSoldOut => [
            Some(Piece::Full([x, y + high / 2.0, wide, high / 2.0], tint)),
            is_fine.then_some(Piece::Full([x + wide / 2.0 - 1.0, y + 1.5, 2.0, 2.0], tint)),
        ],
        // A speck.
        Class::Nothing => {
            let speck = [x + wide / 2.0 - 0.75, y + high / 2.0 - 0.75, 1.5, 1.5];
            [Some(Piece::Full(speck, palette::MUTED)), None]
        }
    }
}

/// Words beside the map: each with the place of its middle, its left or its right, as it is anchored.
#[must_use]
pub fn words(map: &Map, wide: f64) -> Vec<(String, Anchor, f64, f64)> {
    let mut words: Vec<(String, Anchor, f64, f64)> = Vec::new();
    for (row, hotel) in map.hotels.iter().enumerate() {
        let middle = (row as f64 + 0.5) * ROW;
        words.push(((hotel + 1).to_string(), Anchor::End, LEFT - 6.0, middle));
    }
    if !map.is_by_night() {
        return words;
    }
    let y = map.rows as f64 * ROW + 9.0;
    words.push(("tonight".to_owned(), Anchor::Start, LEFT, y));
    let step = if map.columns > 90 { 28 } else { 7 };
    let mut free = LEFT + 42.0;
    for night in (step..map.columns).step_by(step) {
        let (x, across) = column(wide, map.columns, night);
        let middle = x + across / 2.0;
        if middle - 16.0 > free && middle + 16.0 < wide {
            words.push((format!("+{night}"), Anchor::Middle, middle, y));
            free = middle + 16.0;
        }
    }
    words
}

/// Which end of a word stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Anchor {
    /// Its name on a canvas.
    #[must_use]
    pub fn on_canvas(self) -> &'static str {
        match self {
            Self::Start => "left",
            Self::Middle => "center",
            Self::End => "right",
        }
    }

    fn in_svg(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// The width of the map as a file, in pixels.
const FILE_WIDE: f64 = 960.0;

/// The map at a moment as a drawing that scales, without the kinds that are hidden.
#[must_use]
pub fn svg(film: &Timeline, map: &Map, at: Time, (hidden, dark): (Hidden, bool)) -> String {
    let high = map.rows as f64 * ROW + if map.is_by_night() { BELOW } else { 0.0 };
    let mut out = Markup::default();
    out.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", &format!("0 0 {FILE_WIDE} {high}")),
            ("width", &FILE_WIDE.to_string()),
            ("height", &high.to_string()),
            ("font-family", "Geist, system-ui, sans-serif"),
            ("font-size", "11"),
        ],
    );
    out.element("title", &[], &film.reel.design);
    let paper = palette::PAPER.css(dark);
    out.empty(
        "rect",
        &[("width", "100%"), ("height", "100%"), ("fill", &paper)],
    );
    for (row, of, stay) in map.cells(at) {
        let Some(state) = film.state(stay, at) else {
            continue;
        };
        let (x, wide) = column(FILE_WIDE, map.columns, of);
        let (class, y) = (state.class(), row as f64 * ROW);
        let drawn = pieces(class, hidden[class as usize], [x, y, wide]);
        for piece in drawn.into_iter().flatten() {
            match piece {
                Piece::Full(rect, tint) => {
                    let [x, y, wide, high] = rect.map(|side| side.to_string());
                    let fill = tint.css(dark);
                    let rect = [
                        ("x", &*x),
                        ("y", &y),
                        ("width", &wide),
                        ("height", &high),
                        ("fill", &fill),
                    ];
                    out.empty("rect", &rect);
                }
                Piece::Stroke(line, tint) => {
                    let [x1, y1, x2, y2] = line.map(|end| end.to_string());
                    let (stroke, wide) = (tint.css(dark), STROKE.to_string());
                    let ends = [("x1", &*x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)];
                    let look = [("stroke", &*stroke), ("stroke-width", &wide)];
                    out.empty("line", &[&ends[..], &look[..]].concat());
                }
            }
        }
    }
    let ink = palette::MUTED.css(dark);
    for (word, anchor, x, y) in words(map, FILE_WIDE) {
        let (x, y) = (x.to_string(), y.to_string());
        let look = [
            ("x", &*x),
            ("y", &*y),
            ("text-anchor", anchor.in_svg()),
            ("dominant-baseline", "central"),
            ("fill", &*ink),
        ];
        out.element("text", &look, &word);
    }
    out.done()
}

/// The map at a moment as CSV: a line a stay, with what is true, what is held and how right that is.
///
/// # Errors
/// Those of the writer, which has memory to write to.
pub fn csv(film: &Timeline, map: &Map, at: Time) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    if map.is_by_night() {
        out.write_record(["hotel", "nights_ahead", "nights", "truly", "held", "how"])?;
    } else {
        out.write_record(["stay", "truly", "held", "how"])?;
    }
    let says = |available: bool| if available { "available" } else { "sold out" };
    for (_, _, stay) in map.cells(at) {
        let Some((actor, state)) = film.reel.actors.get(stay).zip(film.state(stay, at)) else {
            continue;
        };
        let mut line = vec![(actor.hotel + 1).to_string()];
        if map.is_by_night() {
            let ahead = actor.check_in.div_euclid(DAY) - at.div_euclid(DAY);
            line.extend([ahead.to_string(), actor.nights.to_string()]);
        }
        let how = state.class().name(film.on_miss);
        let held = state.held.map_or("nothing", says);
        line.extend([says(state.available), held, how].map(str::to_owned));
        out.write_record(line)?;
    }
    let bytes = out.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::timeline::tests::timeline;
    use super::*;

    #[test]
    fn a_file_has_each_stay_that_is_on_sale() {
        let film = timeline();
        let map = Map::new(&film.reel, None);
        let stays = map.counts(&film, None, 9).stays() as usize;
        let lines = csv(&film, &map, 9).expect("memory");
        assert_eq!(lines.lines().count(), 1 + stays, "{lines}");
        assert!(lines.starts_with("hotel,nights_ahead,nights,truly,held,how\n"));
        assert!(
            lines.contains("sold out,available,false available\n"),
            "{lines}"
        );
        let drawn = svg(&film, &map, 9, (Hidden::default(), false));
        // The paper, and one or two pieces a stay; one of them is wrong, and has a stroke.
        assert_eq!(drawn.matches("<rect").count(), 1 + stays);
        assert_eq!(drawn.matches("<line").count(), 1);
        assert!(drawn.contains(">tonight</text>"), "{drawn}");
    }

    #[test]
    fn no_two_kinds_are_told_apart_by_colour_alone() {
        let shape = |class: Class| {
            let pieces = pieces(class, false, [0.0, 0.0, 10.0]);
            pieces.map(|piece| {
                piece.map(|piece| match piece {
                    Piece::Full(rect, _) => (true, rect.map(f64::to_bits)),
                    Piece::Stroke(line, _) => (false, line.map(f64::to_bits)),
                })
            })
        };
        for (at, one) in Class::ALL.iter().enumerate() {
            for other in &Class::ALL[at + 1..] {
                assert_ne!(shape(*one), shape(*other));
            }
        }
    }
}
