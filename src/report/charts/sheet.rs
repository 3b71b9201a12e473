//! A chart to take away: under its title, with its note and its legend.

use plotters::element::{DashedPathElement, PathElement};
use plotters::prelude::*;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use super::lines::draw_marker;
use super::parts::outline;
use super::{DrawingError, Entry, Look, Picture, Sign, Surface, earlier, palette, svg};

/// A chart under its words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet<'a> {
    /// What it shows.
    pub title: &'a str,
    /// What is counted, and how it is weighted.
    pub note: &'a str,
    /// The chart.
    pub picture: &'a Picture,
    /// How wide and high the chart itself is, in the reader's pixels.
    pub chart: (u32, u32),
    /// Height of the text in the reader's pixels.
    pub text: f64,
}

/// Around everything, in the reader's pixels.
const EDGE: f64 = 16.0;
/// The title's height, in heights of the text.
const TITLE: f64 = 1.3;
/// A row, in heights of the text.
const ROW: f64 = 1.55;
/// A curve's line in the legend, in the reader's pixels.
const LINE: f64 = 26.0;

/// Where the words stand, in the reader's pixels.
struct Layout {
    title: Vec<String>,
    note: Vec<String>,
    /// Each with how far it is from the left, and its row.
    entries: Vec<(Entry, f64, usize)>,
    head: f64,
}

impl Sheet<'_> {
    /// How wide and high all of it is, in the reader's pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        let head = libm::ceil(self.layout().head) as u32;
        let edges = 2 * EDGE as u32;
        (self.chart.0 + edges, self.chart.1 + edges + head)
    }

    fn layout(&self) -> Layout {
        let wide = f64::from(self.chart.0);
        let title = wrapped(self.title, self.text * TITLE, wide);
        let note = wrapped(self.note, self.text, wide);
        let (mut at, mut row) = (0.0, 0);
        let mut entries = Vec::new();
        for entry in self.picture.entries() {
            let sign = match entry.sign {
                Sign::Curve(_) => 12.0 + LINE,
                Sign::Earlier(_) => LINE,
                Sign::Dot(_) | Sign::Item(_) | Sign::End { .. } => 12.0,
            };
            let own = sign + 6.0 + svg::width_of(&entry.name, self.text);
            if at > 0.0 && at + own > wide {
                (at, row) = (0.0, row + 1);
            }
            entries.push((entry, at, row));
            at += own + 18.0;
        }
        let rows = if entries.is_empty() { 0 } else { row + 1 };
        let head = self.text * TITLE * ROW * title.len() as f64
            + self.text * ROW * (note.len() + rows) as f64
            + 8.0;
        Layout {
            title,
            note,
            entries,
            head,
        }
    }

    /// Draws all of it on a surface of its size.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
    ) -> Result<(), DrawingError<B>> {
        surface.fill(&look.paper)?;
        let layout = self.layout();
        let left = look.px(EDGE);
        let mut at = EDGE;
        let large = Look {
            text: look.text * TITLE,
            ..look.clone()
        };
        let blocks = [
            (&layout.title, &large, look.ink),
            (&layout.note, look, look.muted),
        ];
        for (lines, look, color) in blocks {
            let words = look.write(color, HPos::Left, VPos::Top);
            for line in lines {
                surface.draw_text(line, &words, (left, look.px(at)))?;
                at += look.text * ROW;
            }
        }
        for (entry, from, row) in &layout.entries {
            let middle = at + look.text * (ROW * *row as f64 + 0.6);
            self.draw_entry(surface, look, entry, (EDGE + from, middle))?;
        }
        let (_, below) = surface.split_vertically(look.px(EDGE + layout.head));
        let body = below.margin(0, look.px(EDGE), left, left);
        self.picture.draw(&body, look)?;
        Ok(())
    }

    fn draw_entry<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        entry: &Entry,
        (left, middle): (f64, f64),
    ) -> Result<(), DrawingError<B>> {
        let at = |across: f64| (look.px(left + across), look.px(middle));
        let square = || {
            let (low, high) = (look.px(middle - 6.0), look.px(middle + 6.0));
            [(at(0.0).0, low), (at(12.0).0, high)]
        };
        let sign = match entry.sign {
            Sign::Curve(owner) => {
                let mark = owner.mark();
                draw_marker(surface, look, mark, at(6.0), true)?;
                let style = mark.tint.on(look.dark).stroke_width(look.wide(2.0));
                let path = vec![at(14.0), at(12.0 + LINE)];
                match mark.dash {
                    None => surface.draw(&PathElement::new(path, style))?,
                    Some((dash, gap)) => {
                        let (dash, gap) = (look.px(f64::from(dash)), look.px(f64::from(gap)));
                        surface.draw(&DashedPathElement::new(path, dash, gap, style))?;
                    }
                }
                12.0 + LINE
            }
            Sign::Earlier(slot) => {
                let (dash, gap) = earlier::dash(slot);
                let style = look.ink.stroke_width(look.wide(earlier::WIDE));
                let path = vec![at(0.0), at(LINE)];
                surface.draw(&DashedPathElement::new(
                    path,
                    look.px(dash),
                    look.px(gap),
                    style,
                ))?;
                LINE
            }
            Sign::Dot(design) => {
                draw_marker(surface, look, palette::design(design), at(6.0), true)?;
                12.0
            }
            Sign::Item(place) => {
                let color = palette::item_at(place).on(look.dark);
                surface.draw(&Rectangle::new(square(), color.filled()))?;
                12.0
            }
            Sign::End { is_high: true } => {
                surface.draw(&Rectangle::new(square(), look.muted.filled()))?;
                12.0
            }
            Sign::End { is_high: false } => {
                let style = look.muted.stroke_width(look.wide(1.5));
                surface.draw(&PathElement::new(outline(square()), style))?;
                12.0
            }
        };
        let words = look.write(look.ink, HPos::Left, VPos::Center);
        surface.draw_text(&entry.name, &words, at(sign + 6.0))
    }
}

/// A text in lines that are not wider than this, where its words allow.
fn wrapped(text: &str, size: f64, wide: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if svg::width_of(&format!("{line} {word}"), size) <= wide => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
