//! Stacked bars: what each design costs, item by item.

use plotters::element::{DashedPathElement, PathElement};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::earlier::{self, Earlier};
use super::lines::draw_marker;
use super::parts::{outline, whisker_on};
use super::ticks::Axis;
use super::{DrawingError, Frame, Look, Surface, palette};
use crate::measure::metrics::Unit;
use crate::report::human;

/// One stacked bar a design.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// The unit of all pieces.
    pub unit: Unit,
    /// What the pieces are, in the order in which they are stacked.
    pub items: Vec<Item>,
    /// The bars, in the order of the designs.
    pub bars: Vec<Bar>,
    /// Whether money is at the size that the board stands for.
    pub is_represented: bool,
    /// Earlier runs, as outlines.
    pub earlier: Vec<Earlier<Bars>>,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it is called.
    pub name: String,
    /// Its place in the bill, which gives its colour.
    pub place: usize,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The design's name.
    pub name: String,
    /// The design's place, which gives its mark.
    pub design: usize,
    /// A size for each item; 0 or more.
    pub pieces: Vec<f64>,
    /// Whether it is a bound: it is cut off where the others end.
    pub is_bound: bool,
    /// The 95 % interval of the whole, if known.
    pub ci95: Option<[f64; 2]>,
}

/// Less of the largest bar than this is not seen: about a pixel.
const LEAST_SEEN: f64 = 0.004;

impl Bar {
    /// All pieces together.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.pieces.iter().sum()
    }
}

impl Bars {
    /// The size of the largest bar that is no bound, its interval included.
    fn most(&self) -> f64 {
        let size = |bar: &Bar| bar.ci95.map_or(0.0, |ci| ci[1]).max(bar.total());
        let largest = |bounds: bool| {
            let bars = self.bars.iter().filter(|bar| bar.is_bound == bounds);
            bars.map(size).fold(0.0, f64::max)
        };
        let earlier = self.earlier.iter().flat_map(|of| &of.chart.bars);
        let most = earlier.map(Bar::total).fold(largest(false), f64::max);
        if most > 0.0 { most } else { largest(true) }
    }

    /// Takes items out.
    pub(super) fn drop_items(&mut self, is_out: &dyn Fn(&Item) -> bool) {
        let kept: Vec<bool> = self.items.iter().map(|item| !is_out(item)).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        let mut of_items = kept.iter();
        self.items.retain(|_| of_items.next() == Some(&true));
        for bar in &mut self.bars {
            let mut of_pieces = kept.iter();
            bar.pieces.retain(|_| of_pieces.next() == Some(&true));
            // The interval is that of the whole.
            bar.ci95 = None;
        }
    }

    /// The totals of a bar's design in earlier runs: the run, its place, the total.
    pub fn earlier_of<'a>(&'a self, bar: &'a Bar) -> impl Iterator<Item = (&'a str, usize, f64)> {
        self.earlier.iter().filter_map(|of| {
            let mut bars = of.chart.bars.iter();
            let then = bars.find(|then| then.name == bar.name && !bar.is_bound)?;
            Some((of.name.as_str(), of.slot, then.total()))
        })
    }

    /// The same, of those where it was another.
    fn moved_of<'a>(&'a self, bar: &'a Bar) -> impl Iterator<Item = (&'a str, usize, f64)> {
        let now = bar.total();
        self.earlier_of(bar)
            .filter(move |(_, _, then)| *then != now)
    }

    /// Whether an item is large enough to be seen in some bar.
    #[must_use]
    pub fn is_seen(&self, item: usize) -> bool {
        let least = self.most() * LEAST_SEEN;
        let mut bars = self.bars.iter();
        bars.any(|bar| bar.pieces.get(item).is_some_and(|size| *size > least))
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
        let most = self.most();
        let high = if most > 0.0 { most } else { 1.0 };
        let columns = f64::from(width) / look.unit;
        let axis = Axis::of(
            self.unit,
            0.0,
            high,
            &[],
            ((columns / 110.0) as usize).max(2),
        );
        let (left, right) = (look.px(2.0), width - look.px(16.0));
        let foot = height - look.room(26.0);
        let place = |value: f64| {
            let part = (value / axis.high).min(1.0);
            left + libm::round(part * f64::from(right - left)) as i32
        };

        let words = look.write(look.muted, HPos::Center, VPos::Top);
        for tick in &axis.at {
            let x = place(*tick);
            let rule = look.grid.stroke_width(look.wide(1.0));
            surface.draw(&PathElement::new(vec![(x, look.px(4.0)), (x, foot)], rule))?;
            let half = surface.estimate_text_size(&axis.label(*tick), &words)?.0 as i32 / 2;
            let across = if *tick == 0.0 {
                HPos::Left
            } else if x + half > width {
                HPos::Right
            } else {
                HPos::Center
            };
            let words = words.pos(plotters::style::text_anchor::Pos::new(across, VPos::Top));
            surface.draw_text(&axis.label(*tick), &words, (x, foot + look.px(8.0)))?;
        }

        let row = (foot - look.px(4.0)) / self.bars.len().max(1) as i32;
        let thick = (row - look.room(34.0)).clamp(look.px(8.0), look.room(26.0));
        let mut marks = Vec::with_capacity(self.bars.len());
        for (index, bar) in self.bars.iter().enumerate() {
            let top = look.px(4.0) + row * index as i32 + (row - thick - look.room(24.0)) / 2;
            let name_at = top + look.room(10.0);
            draw_marker(
                surface,
                look,
                palette::design(bar.design),
                (left + look.px(5.0), name_at),
                true,
            )?;
            let words = look.write(look.ink, HPos::Left, VPos::Center);
            surface.draw_text(&bar.name, &words, (left + look.px(15.0), name_at))?;
            let mut free =
                left + look.px(25.0) + surface.estimate_text_size(&bar.name, &words)?.0 as i32;
            let total = look.write(look.muted, HPos::Left, VPos::Center);
            let now = human::value(self.unit, bar.total());
            let then = self
                .moved_of(bar)
                .map(|(name, _, total)| format!("{name} {}", human::value(self.unit, total)));
            // What has no room is said by the legend and the table.
            for (index, text) in std::iter::once(now).chain(then).enumerate() {
                let wide = surface.estimate_text_size(&text, &total)?.0 as i32;
                if index > 0 && free + wide > width {
                    break;
                }
                surface.draw_text(&text, &total, (free, name_at))?;
                free += wide + look.px(12.0);
            }

            let bar_top = top + look.room(22.0);
            let mut below = 0.0;
            for (item, size) in bar.pieces.iter().enumerate() {
                let (from, to) = (place(below), place(below + size));
                below += size;
                if to <= from {
                    continue;
                }
                let color = palette::item_at(self.items[item].place).on(look.dark);
                // A hair of paper between pieces, where there is room for it.
                let gap = if to - from > look.px(3.0) {
                    look.px(1.0)
                } else {
                    0
                };
                let corners = [(from, bar_top), (to - gap, bar_top + thick)];
                surface.draw(&Rectangle::new(corners, color.filled()))?;
                let label = &self.items[item].name;
                let words = look.write(palette::ON_ITEM.on(look.dark), HPos::Center, VPos::Center);
                let needs = surface.estimate_text_size(label, &words)?.0 as i32;
                let half = needs / 2 + look.px(2.0);
                let middle = ((from + to) / 2, bar_top + thick / 2);
                // No line goes through the words.
                let is_crossed = bar.ci95.is_some_and(|[low, high]| {
                    place(low.max(0.0)) < middle.0 + half && place(high) > middle.0 - half
                });
                let has_room = needs + look.px(12.0) < to - from;
                if thick >= look.px(16.0) && has_room && !is_crossed {
                    surface.draw_text(label, &words, middle)?;
                }
            }
            let is_cut = bar.total() > axis.high;
            if is_cut {
                // Two cuts near its end: it goes on.
                let style = look.paper.stroke_width(look.wide(2.0));
                for back in [10.0, 16.0] {
                    let foot = (right - look.px(back), bar_top + thick);
                    let head = (right - look.px(back - 5.0), bar_top);
                    surface.draw(&PathElement::new(vec![foot, head], style))?;
                }
            }
            if let Some([low, high]) = bar.ci95.filter(|_| !is_cut) {
                let middle = bar_top + thick / 2;
                let ends = [place(low.max(0.0)), place(high)].map(|at| (at, middle));
                whisker_on(surface, look, ends, look.ink)?;
            }
            for (_, slot, total) in self.moved_of(bar) {
                let around = look.px(2.5 + 2.0 * slot as f64);
                let corners = [
                    (left, bar_top - around),
                    (place(total), bar_top + thick + around),
                ];
                let (dash, gap) = earlier::dash(slot);
                let style = look.ink.stroke_width(look.wide(earlier::WIDE));
                let path = outline(corners);
                surface.draw(&DashedPathElement::new(
                    path,
                    look.px(dash),
                    look.px(gap),
                    style,
                ))?;
            }
            marks.push([None, Some(look.px(4.0) + row * index as i32 + row / 2)]);
        }
        let plot = [left, look.px(4.0), right, foot];
        Ok(Frame {
            marks,
            plot,
            y: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_does_not_hide_the_designs() {
        let bar = |size: f64, is_bound| Bar {
            name: "a".to_owned(),
            design: 0,
            pieces: vec![size, size / 1e3],
            is_bound,
            ci95: None,
        };
        let item = |place| Item {
            name: "polls".to_owned(),
            place,
        };
        let bars = |bars: Vec<Bar>| Bars {
            unit: Unit::UsdPerDay,
            items: vec![item(0), item(1)],
            bars,
            is_represented: false,
            earlier: Vec::new(),
        };
        let both = bars(vec![bar(10.0, false), bar(900.0, true)]);
        assert_eq!(both.most(), 10.01);
        // Only where it is larger than about a pixel.
        assert!(both.is_seen(0) && both.is_seen(1));
        let designs = bars(vec![bar(10.0, false)]);
        assert!(designs.is_seen(0) && !designs.is_seen(1));
        assert_eq!(bars(vec![bar(10.0, true)]).most(), 10.01);
    }
}
