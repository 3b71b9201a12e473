//! What a difference rests on: a bar an assumption, from the difference at the low end of its range to that at
//! the high end, the longest on top.

use plotters::element::{DashedPathElement, PathElement};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, TextStyle};

use super::parts::{outline, whisker, words_on_paper};
use super::ticks::Axis;
use super::{DrawingError, Frame, Look, Surface};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;

/// What a difference rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// The unit of the difference.
    pub unit: Unit,
    /// The difference as things stand.
    pub now: Option<Estimate>,
    /// Who is ahead where the difference is below 0, and where it is above.
    pub ahead: [String; 2],
    /// The assumptions, the largest swing first.
    pub rows: Vec<Row>,
}

/// One assumption.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What is assumed.
    pub name: String,
    /// At the low end of its range, and at the high one.
    pub ends: [End; 2],
    /// Whether the other design is ahead at an end.
    pub overturns: bool,
}

/// One end of an assumption's range.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// What is assumed there.
    pub value: String,
    /// The difference; absent where it is not defined.
    pub difference: Option<Estimate>,
}

/// Above the first row: who is ahead on which side, and what the lines are.
const HEAD: f64 = 42.0;
/// Below the last: the axis.
const FOOT: f64 = 30.0;
/// One assumption.
const ROW: f64 = 46.0;
/// Its bar.
const BAR: f64 = 16.0;

impl Tornado {
    /// How high it has to be, in the reader's pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        (HEAD + FOOT + ROW * self.rows.len().max(1) as f64) as u32
    }

    fn axis(&self, about: usize) -> Axis {
        let ends = self.rows.iter().flat_map(|row| &row.ends);
        let all = ends.filter_map(|end| end.difference).chain(self.now);
        let reach = all.flat_map(|of| of.ci95.unwrap_or([of.mean; 2]).into_iter().chain([of.mean]));
        let (low, high) = reach.fold((0.0_f64, 0.0_f64), |(low, high), end| {
            (low.min(end), high.max(end))
        });
        Axis::of_differences(self.unit, low, high, about)
    }

    /// Draws the bars.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
    ) -> Result<Frame, DrawingError<B>> {
        let (width, height) = surface.dim_in_pixel();
        let (width, height) = (width as i32, height as i32);
        let words = look.write(look.ink, HPos::Left, VPos::Center);
        let mut widest = 0;
        for end in self.rows.iter().flat_map(|row| &row.ends) {
            widest = widest.max(surface.estimate_text_size(&end.value, &words)?.0 as i32);
        }
        let margin = (widest + look.px(16.0)).min(width / 4).max(look.px(28.0));
        let columns = f64::from(width) / look.unit;
        let axis = self.axis(((columns / 130.0) as usize).max(2));
        let plot = Plot {
            left: margin,
            right: width - margin,
            top: look.px(HEAD),
            bottom: height - look.px(FOOT),
            axis,
        };
        let mut marks = Vec::with_capacity(self.rows.len());
        let row_height = look.px(ROW);
        self.draw_lines(surface, look, &plot)?;
        for (index, row) in self.rows.iter().enumerate() {
            let top = plot.top + row_height * index as i32;
            marks.push([None, Some(top + row_height / 2)]);
            self.draw_row(surface, look, &plot, row, top)?;
        }
        let bottom = plot.top + row_height * self.rows.len() as i32;
        Ok(Frame {
            marks,
            plot: [0, plot.top, width, bottom],
            y: None,
        })
    }

    fn draw_lines<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
    ) -> Result<(), DrawingError<B>> {
        let words = look.write(look.muted, HPos::Center, VPos::Top);
        let rule = look.grid.stroke_width(look.wide(1.0));
        for tick in &plot.axis.at {
            let column = plot.column(*tick);
            let ends = vec![(column, plot.top), (column, plot.bottom)];
            surface.draw(&PathElement::new(ends, rule))?;
            let at = (column, plot.bottom + look.px(9.0));
            surface.draw_text(&plot.axis.label(*tick), &words, at)?;
        }
        // Who is ahead, on either side of 0.
        let zero = plot.column(0.0);
        let full = surface.dim_in_pixel().0 as i32;
        let gap = look.px(8.0);
        let sides = [
            (
                HPos::Right,
                zero - gap,
                format!("← {}", self.ahead[0]),
                zero - gap,
            ),
            (
                HPos::Left,
                zero + gap,
                format!("{} →", self.ahead[1]),
                full - zero - gap,
            ),
        ];
        let widest = sides.iter().map(|(.., room)| *room).max();
        for (anchor, at, text, room) in sides {
            let words = look.write(look.ink, anchor, VPos::Top);
            let shown = fitting(surface, &words, &text, room)?;
            // On the narrow side a part of it would say nothing.
            if let Some(shown) = shown.filter(|shown| *shown == text || widest == Some(room)) {
                surface.draw_text(&shown, &words, (at, look.px(3.0)))?;
            }
        }
        let style = look.ink.stroke_width(look.wide(1.5));
        let (dash, gap) = (look.px(4.0), look.px(3.0));
        let ends = vec![(zero, look.px(2.0)), (zero, plot.bottom)];
        surface.draw(&DashedPathElement::new(ends, dash, gap, style))?;
        if let Some(now) = self.now {
            let column = plot.column(now.mean);
            let below = look.px(HEAD - 4.0);
            let ends = vec![(column, below), (column, plot.bottom)];
            surface.draw(&PathElement::new(
                ends,
                look.ink.stroke_width(look.wide(2.0)),
            ))?;
            let label = "as things stand";
            let plain = look.write(look.muted, HPos::Left, VPos::Center);
            let wide = surface.estimate_text_size(label, &plain)?.0 as i32;
            let left = (column - wide / 2).clamp(0, (full - wide).max(0));
            let at = (left, below - look.px(look.text / 2.0 + 2.0));
            words_on_paper(surface, look, (label, look.muted), at, 1.0)?;
        }
        Ok(())
    }

    fn draw_row<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
        row: &Row,
        top: i32,
    ) -> Result<(), DrawingError<B>> {
        let name_at = top + look.px(12.0);
        let words = look.write(look.ink, HPos::Left, VPos::Center);
        let full = surface.dim_in_pixel().0 as i32;
        let name = if row.overturns {
            format!("{} ⇄", row.name)
        } else {
            row.name.clone()
        };
        if let Some(name) = fitting(surface, &words, &name, full - look.px(4.0))? {
            words_on_paper(
                surface,
                look,
                (&name, look.ink),
                (look.px(2.0), name_at),
                1.0,
            )?;
        }
        let bar = (top + look.px(22.0), top + look.px(22.0 + BAR));
        let middle = i32::midpoint(bar.0, bar.1);
        let known = row.ends.iter().filter_map(|end| end.difference);
        let now = self.now.or(known.clone().next());
        let Some(now) = now.map(|now| plot.column(now.mean)) else {
            return Ok(());
        };
        // The low end is an outline, the high one is filled; the shorter of two on one side is drawn on top.
        let column = |end: &End| end.difference.map(|of| plot.column(of.mean));
        let mut order = [0, 1];
        order.sort_by_key(|index| {
            std::cmp::Reverse(column(&row.ends[*index]).map_or(0, |column| (column - now).abs()))
        });
        for index in order {
            let Some(column) = column(&row.ends[index]) else {
                continue;
            };
            let corners = [(now.min(column), bar.0), (now.max(column), bar.1)];
            if index == 1 {
                surface.draw(&Rectangle::new(corners, look.muted.filled()))?;
            } else {
                surface.draw(&Rectangle::new(corners, look.paper.filled()))?;
                let style = look.muted.stroke_width(look.wide(1.5));
                surface.draw(&PathElement::new(outline(corners), style))?;
            }
        }
        // Whiskers and values beyond both ends.
        let mut reach = [now; 2];
        for end in &row.ends {
            let Some(of) = end.difference else { continue };
            let ends = of.ci95.unwrap_or([of.mean; 2]);
            let [low, high] = ends.map(|end| plot.column(end));
            reach = [reach[0].min(low), reach[1].max(high)];
            whisker(surface, look, [(low, middle), (high, middle)], look.ink)?;
        }
        let [low, high] = &row.ends;
        let places = [column(low).unwrap_or(now), column(high).unwrap_or(now)];
        let (left, right) = if places[0] <= places[1] {
            (low, high)
        } else {
            (high, low)
        };
        let one_side =
            places.iter().all(|place| *place >= now) || places.iter().all(|place| *place <= now);
        if one_side && places[0] != places[1] && places.iter().all(|place| *place != now) {
            // Both move it the same way: both values stand beyond the longer one.
            let both = format!("{} or {}", low.value, high.value);
            let at_right = places[0] > now;
            return label(surface, look, (reach, middle), at_right, &both);
        }
        label(surface, look, (reach, middle), false, &left.value)?;
        label(surface, look, (reach, middle), true, &right.value)
    }
}

/// Writes beside a bar.
fn label<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    ([left, right], row): ([i32; 2], i32),
    at_right: bool,
    text: &str,
) -> Result<(), DrawingError<B>> {
    if text.is_empty() {
        return Ok(());
    }
    let words = look.write(look.ink, HPos::Left, VPos::Center);
    let wide = surface.estimate_text_size(text, &words)?.0 as i32;
    let start = if at_right {
        right + look.px(7.0)
    } else {
        left - look.px(7.0) - wide
    };
    words_on_paper(surface, look, (text, look.ink), (start, row), 1.0)
}

/// A text, or as much of it as has room; nothing where that says nothing.
fn fitting<B: DrawingBackend>(
    surface: &Surface<B>,
    words: &TextStyle<'_>,
    text: &str,
    room: i32,
) -> Result<Option<String>, DrawingError<B>> {
    let measured = words.pos(Pos::new(HPos::Left, VPos::Top));
    let mut kept: Vec<char> = text.chars().collect();
    let all = kept.len();
    while kept.len() > 3 {
        let mut shown: String = kept.iter().collect();
        if kept.len() < all {
            shown.push('…');
        }
        if surface.estimate_text_size(&shown, &measured)?.0 as i32 <= room {
            return Ok(Some(shown));
        }
        kept.pop();
    }
    Ok(None)
}

/// Where the data is drawn.
struct Plot {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    axis: Axis,
}

impl Plot {
    fn column(&self, difference: f64) -> i32 {
        let place = self.axis.place(difference);
        self.axis.column(place, self.left, self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_all_whiskers_are_on_the_axis() {
        let estimate = |mean: f64| Estimate {
            mean,
            sd: Some(1.0),
            ci95: Some([mean - 2.0, mean + 2.0]),
        };
        let end = |mean| End {
            value: "1".to_owned(),
            difference: Some(estimate(mean)),
        };
        let tornado = Tornado {
            unit: Unit::UsdPerDay,
            now: Some(estimate(10.0)),
            ahead: ["a".to_owned(), "b".to_owned()],
            rows: vec![Row {
                name: "price".to_owned(),
                ends: [end(8.0), end(31.0)],
                overturns: false,
            }],
        };
        let axis = tornado.axis(4);
        assert!(axis.low <= 0.0 && axis.high >= 33.0, "{axis:?}");
        assert_eq!(tornado.height(), 118);
    }
}
