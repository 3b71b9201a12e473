//! Charts for any plotters backend: the page's canvas, a report's SVG.
//!
//! A chart is data first ([`Lines`], [`Bars`]) and a drawing of it second. Lengths are given in the
//! reader's pixels and multiplied by [`Look::unit`], so a backend may be finer than the screen.

use plotters::prelude::*;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub mod bars;
pub mod lines;
pub mod palette;
pub mod svg;
pub mod ticks;

pub use bars::Bars;
pub use lines::Lines;

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

impl Look {
    /// Backend pixels for a length in the reader's pixels.
    #[must_use]
    pub fn px(&self, length: f64) -> i32 {
        libm::round(length * self.unit) as i32
    }

    fn wide(&self, length: f64) -> u32 {
        self.px(length).max(1).unsigned_abs()
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
    /// Curves over time.
    Lines(Lines),
    /// Stacked bars.
    Bars(Bars),
}

/// Where the data landed on the backend, for reading values back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frame {
    /// Backend pixels from the left edge to the first value.
    pub left: i32,
    /// Backend pixels from the left edge to the last value.
    pub right: i32,
}

/// What went wrong while drawing.
pub type DrawingError<B> = DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>;

/// A surface to draw on.
pub type Surface<B> = DrawingArea<B, plotters::coord::Shift>;

impl Picture {
    /// Draws the whole chart; `cursor` is the index of the value that is being read.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        cursor: Option<usize>,
    ) -> Result<Frame, DrawingError<B>> {
        surface.fill(&look.paper)?;
        match self {
            Self::Lines(lines) => lines.draw(surface, look, cursor),
            Self::Bars(bars) => bars.draw(surface, look),
        }
    }
}
