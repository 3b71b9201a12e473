//! Charts for any plotters backend: the page's canvas, a report's SVG.
//!
//! A chart is data first ([`Lines`], [`Bars`], [`Scatter`], [`Tornado`]) and a drawing of it second. Lengths are given in the
//! reader's pixels and multiplied by [`Look::unit`], so a backend may be finer than the screen.

use plotters::prelude::*;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use self::palette::Owner;
use self::ticks::Axis;

pub mod bars;
pub mod earlier;
pub mod legend;
pub mod lines;
pub mod palette;
mod parts;
pub mod scatter;
pub mod sheet;
pub mod svg;
pub mod ticks;
pub mod tornado;

pub use bars::Bars;
pub use earlier::Earlier;
pub use legend::{Entry, Sign};
pub use lines::Lines;
pub use scatter::Scatter;
pub use sheet::Sheet;
pub use tornado::Tornado;

/// How a chart looks; what it shows is not in here.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Backend pixels to one of the reader's pixels.
    pub unit: f64,
    /// Whether the paper is dark.
    pub dark: bool,
    /// Titles and labels that must be read.
    pub ink: RGBColor,
    /// Ticks and notes.
    pub muted: RGBColor,
    /// Grid lines.
    pub grid: RGBColor,
    /// What is drawn on.
    pub paper: RGBColor,
    /// A font family, with its fallbacks.
    pub font: String,
    /// Height of the text in the reader's pixels.
    pub text: f64,
}

/// Text of this height has room as charts are laid out, in the reader's pixels.
const USUAL_TEXT: f64 = 14.0;

impl Look {
    /// Backend pixels for a length in the reader's pixels.
    #[must_use]
    pub fn px(&self, length: f64) -> i32 {
        libm::round(length * self.unit) as i32
    }

    /// The same for room that text takes: more where it is larger than on a page.
    fn room(&self, length: f64) -> i32 {
        self.px(length * self.scale())
    }

    /// How many times as large as on a page what is drawn is: as its text.
    fn scale(&self) -> f64 {
        (self.text / USUAL_TEXT).max(1.0)
    }

    fn wide(&self, length: f64) -> u32 {
        self.room(length).max(1).unsigned_abs()
    }

    fn write(&self, color: RGBColor, across: HPos, along: VPos) -> TextStyle<'_> {
        let mut style = TextStyle::from((self.font.as_str(), self.text * self.unit).into_font());
        style.color = color.to_backend_color();
        style.pos(Pos::new(across, along))
    }
}

/// A chart's data.
#[derive(Debug, Clone, PartialEq)]
pub enum Picture {
    /// Curves over time, or over the values of a parameter.
    Lines(Lines),
    /// Stacked bars.
    Bars(Bars),
    /// Designs by two numbers.
    Scatter(Scatter),
    /// What a difference rests on.
    Tornado(Tornado),
}

/// Where the data landed on the backend, for reading values back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    /// The place of each value that can be read: across and down, where that matters.
    pub marks: Vec<[Option<i32>; 2]>,
    /// Where the data is: left, top, right and bottom.
    pub plot: [i32; 4],
    /// What goes up, where all curves share it.
    pub y: Option<Axis>,
}

/// What shows which value is being read. It lies over the drawing, which stays as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hint {
    /// A thin line.
    Rule([(i32, i32); 2]),
    /// A row, from its top to its bottom.
    Row(i32, i32),
    /// A mark on a curve; hollow, if it is an earlier run's.
    Mark {
        /// Whose.
        owner: Owner,
        /// Where.
        at: (i32, i32),
        /// Whether it is of this run.
        is_filled: bool,
    },
}

impl Frame {
    /// The index of the value that is nearest to a place.
    #[must_use]
    pub fn nearest(&self, (x, y): (f64, f64)) -> Option<usize> {
        let far = |[across, down]: &[Option<i32>; 2]| {
            let apart = |mark: &Option<i32>, at: f64| mark.map_or(0.0, |mark| f64::from(mark) - at);
            let (x, y) = (apart(across, x), apart(down, y));
            x * x + y * y
        };
        let marks = self.marks.iter().enumerate();
        let nearest = marks.min_by(|(_, a), (_, b)| far(a).total_cmp(&far(b)));
        nearest.map(|(index, _)| index)
    }

    /// The row of a value of a curve.
    fn row(&self, value: f64) -> Option<i32> {
        let y = self.y.as_ref()?;
        let [_, top, _, bottom] = self.plot;
        y.holds(value).then(|| y.row(y.place(value), top, bottom))
    }
}

/// What went wrong while drawing.
pub type DrawingError<B> = DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>;

/// A surface to draw on.
pub type Surface<B> = DrawingArea<B, plotters::coord::Shift>;

impl Picture {
    /// Draws the whole chart.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
    ) -> Result<Frame, DrawingError<B>> {
        surface.fill(&look.paper)?;
        match self {
            Self::Lines(lines) => lines.draw(surface, look),
            Self::Bars(bars) => bars.draw(surface, look),
            Self::Scatter(scatter) => scatter.draw(surface, look),
            Self::Tornado(tornado) => tornado.draw(surface, look),
        }
    }

    /// What shows that the value at an index is being read, on a drawing of it.
    #[must_use]
    pub fn hints(&self, frame: &Frame, index: usize) -> Vec<Hint> {
        let Some(mark) = frame.marks.get(index) else {
            return Vec::new();
        };
        let [left, top, _, bottom] = frame.plot;
        match (self, *mark) {
            (Self::Lines(lines), [Some(x), _]) => lines.hints(frame, index, x),
            (Self::Scatter(_), [Some(x), Some(y)]) => vec![
                Hint::Rule([(left, y), (x, y)]),
                Hint::Rule([(x, y), (x, bottom)]),
            ],
            (Self::Bars(_) | Self::Tornado(_), [_, Some(y)]) => {
                let rows = frame.marks.len().max(1) as i32;
                let half = (bottom - top) / rows / 2;
                vec![Hint::Row(y - half, y + half)]
            }
            _ => Vec::new(),
        }
    }

    /// How many of its values can be read one by one; 0 for none.
    #[must_use]
    pub fn values(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.at.len(),
            Self::Bars(bars) => bars.bars.len(),
            Self::Scatter(scatter) => scatter.dots.len(),
            Self::Tornado(tornado) => tornado.rows.len(),
        }
    }

    /// How high it has to be, in the reader's pixels, where what it shows says so.
    #[must_use]
    pub fn height(&self) -> Option<u32> {
        match self {
            Self::Lines(_) | Self::Bars(_) | Self::Scatter(_) => None,
            Self::Tornado(tornado) => Some(tornado.height()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_value_is_by_what_matters() {
        let frame = |marks: &[[Option<i32>; 2]]| Frame {
            marks: marks.to_vec(),
            ..Frame::default()
        };
        let columns = frame(&[[Some(0), None], [Some(10), None], [Some(30), None]]);
        assert_eq!(columns.nearest((18.0, 500.0)), Some(1));
        assert_eq!(columns.nearest((-5.0, 0.0)), Some(0));
        let rows = frame(&[[None, Some(10)], [None, Some(50)]]);
        assert_eq!(rows.nearest((999.0, 31.0)), Some(1));
        let both = frame(&[
            [Some(0), Some(0)],
            [Some(100), Some(0)],
            [Some(0), Some(90)],
        ]);
        assert_eq!(both.nearest((10.0, 80.0)), Some(2));
        assert_eq!(Frame::default().nearest((0.0, 0.0)), None);
    }
}
