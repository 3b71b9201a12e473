//! Designs by two numbers, each with its intervals; those that no other beats in both are joined.

use plotters::element::{DashedPathElement, PathElement};
use plotters::prelude::*;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use super::earlier::{self, Earlier};
use super::lines::{draw_marker_of, draw_small_marker};
use super::parts::{whisker, words_on_paper};
use super::ticks::Axis;
use super::{DrawingError, Frame, Look, Surface, palette};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::{Better, Unit};

/// Designs by two numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    /// What goes to the right.
    pub x: Dimension,
    /// What goes up.
    pub y: Dimension,
    /// The designs, in the scenario's order.
    pub dots: Vec<Dot>,
    /// The names of those that are not drawn. They count all the same: what they beat is beaten.
    pub hidden: Vec<String>,
    /// Earlier runs, as small hollow marks.
    pub earlier: Vec<Earlier<Scatter>>,
}

/// What an axis counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// What it is called.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
}

/// One design.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// The design's name.
    pub name: String,
    /// The design's place, which gives its mark.
    pub design: usize,
    /// What it is on the axis to the right.
    pub x: Estimate,
    /// What it is on the axis that goes up.
    pub y: Estimate,
    /// The share of replicates in which none beats it in all that designs are judged by.
    pub standing: Option<f64>,
}

/// A design's mark is so many times as large as one that names a curve.
const LARGE: f64 = 1.35;

impl Dimension {
    /// How bad a value is: less is better.
    fn badness(&self, value: f64) -> f64 {
        match self.better {
            Better::Higher => -value,
            Better::Lower | Better::Neither => value,
        }
    }

    /// Its title, with the way that is better.
    fn headed(&self) -> String {
        let arrow = match self.better {
            Better::Higher => ", more is better",
            Better::Lower => ", less is better",
            Better::Neither => "",
        };
        format!("{}{arrow}", self.title)
    }

    fn axis<'a>(&self, of: impl Iterator<Item = &'a Estimate>, about: usize) -> Axis {
        let ends = of.flat_map(|of| of.ci95.unwrap_or([of.mean; 2]).into_iter().chain([of.mean]));
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| {
            (low.min(end), high.max(end))
        });
        Axis::around(self.unit, low, high, about)
    }
}

impl Scatter {
    /// Whether no other design is as good in both numbers, on average, and better in one.
    #[must_use]
    pub fn is_undominated(&self, index: usize) -> bool {
        let place = |dot: &Dot| (self.x.badness(dot.x.mean), self.y.badness(dot.y.mean));
        let (x, y) = place(&self.dots[index]);
        !self.dots.iter().any(|other| {
            let (a, b) = place(other);
            a <= x && b <= y && (a < x || b < y)
        })
    }

    /// Those that are drawn, by their index.
    fn seen(&self) -> impl DoubleEndedIterator<Item = (usize, &Dot)> {
        let all = self.dots.iter().enumerate();
        all.filter(|(_, dot)| !self.hidden.contains(&dot.name))
    }

    /// The undominated ones, from left to right.
    fn frontier(&self) -> Vec<&Dot> {
        let of = self.seen().filter(|(index, _)| self.is_undominated(*index));
        let mut of: Vec<&Dot> = of.map(|(_, dot)| dot).collect();
        of.sort_by(|one, other| one.x.mean.total_cmp(&other.x.mean));
        of
    }

    /// Draws the designs.
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
        if self.seen().next().is_none() {
            let words = look.write(look.muted, HPos::Center, VPos::Center);
            let says = if self.dots.is_empty() {
                "No design has both numbers"
            } else {
                "All is hidden: the legend shows it again"
            };
            surface.draw_text(says, &words, (width / 2, height / 2))?;
            return Ok(Frame::default());
        }
        let plot = Plot {
            left: look.room(58.0),
            right: width - look.room(24.0),
            top: look.px(look.text + 16.0),
            bottom: height - look.room(46.0),
            around: look.room(8.0),
            x: self.x.axis(
                self.axed().map(|dot| &dot.x),
                ((f64::from(width) / look.unit / 110.0) as usize).max(2),
            ),
            y: self.y.axis(
                self.axed().map(|dot| &dot.y),
                (f64::from(height) / look.unit / 56.0) as usize,
            ),
        };
        self.draw_axes(surface, look, &plot)?;
        let steps = self.steps(&plot);
        if !steps.is_empty() {
            let style = look.muted.stroke_width(look.wide(1.5));
            let (dash, gap) = (look.px(5.0), look.px(4.0));
            surface.draw(&DashedPathElement::new(steps.clone(), dash, gap, style))?;
        }
        self.draw_earlier(surface, look, &plot)?;
        // The first design is drawn last, on top: it is what the others are compared with.
        for (index, dot) in self.seen().rev() {
            self.draw_whiskers(surface, look, &plot, dot)?;
            let mark = palette::design(dot.design);
            draw_marker_of(
                surface,
                look,
                mark,
                (plot.at(dot), LARGE),
                self.is_undominated(index),
            )?;
        }
        self.draw_names(surface, look, &plot, &steps)?;
        let mark = |dot: &Dot| {
            let (x, y) = plot.at(dot);
            [Some(x), Some(y)]
        };
        Ok(Frame {
            marks: self.dots.iter().map(mark).collect(),
            plot: [plot.left, plot.top, plot.right, plot.bottom],
            y: None,
        })
    }

    /// What the axes have to hold.
    fn axed(&self) -> impl Iterator<Item = &Dot> {
        let earlier = self.earlier.iter().flat_map(|of| &of.chart.dots);
        let earlier = earlier.filter(|dot| !self.hidden.contains(&dot.name));
        self.seen().map(|(_, dot)| dot).chain(earlier)
    }

    /// A small hollow mark where each design was, and a thin line to where it is.
    fn draw_earlier<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
    ) -> Result<(), DrawingError<B>> {
        for of in &self.earlier {
            for (_, dot) in self.seen() {
                let Some(then) = of.chart.dots.iter().find(|then| then.name == dot.name) else {
                    continue;
                };
                let (from, to) = (plot.at(then), plot.at(dot));
                let mark = palette::design(dot.design);
                let style = mark.tint.on(look.dark).mix(earlier::STRENGTH);
                let style = style.stroke_width(look.wide(earlier::WIDE));
                let (dash, gap) = earlier::dash(of.slot);
                let path =
                    DashedPathElement::new(vec![from, to], look.px(dash), look.px(gap), style);
                surface.draw(&path)?;
                draw_small_marker(surface, look, mark, from)?;
            }
        }
        Ok(())
    }

    /// The line from one undominated design to the next.
    fn steps(&self, plot: &Plot) -> Vec<(i32, i32)> {
        let frontier = self.frontier();
        let steps = frontier.windows(2).flat_map(|pair| {
            let (from, to) = (plot.at(pair[0]), plot.at(pair[1]));
            [from, (to.0, from.1), to]
        });
        steps.collect()
    }

    fn draw_axes<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
    ) -> Result<(), DrawingError<B>> {
        let rule = look.grid.stroke_width(look.wide(1.0));
        let words = look.write(look.muted, HPos::Right, VPos::Center);
        for tick in &plot.y.at {
            let row = plot.row(*tick);
            let ends = vec![(plot.left, row), (plot.right, row)];
            surface.draw(&PathElement::new(ends, rule))?;
            let at = (plot.left - look.px(10.0), row);
            surface.draw_text(&plot.y.label(*tick), &words, at)?;
        }
        let words = look.write(look.muted, HPos::Center, VPos::Top);
        for tick in &plot.x.at {
            let column = plot.column(*tick);
            let ends = vec![(column, plot.top), (column, plot.bottom)];
            surface.draw(&PathElement::new(ends, rule))?;
            let at = (column, plot.bottom + look.px(9.0));
            surface.draw_text(&plot.x.label(*tick), &words, at)?;
        }
        let title = look.write(look.ink, HPos::Left, VPos::Top);
        surface.draw_text(&self.y.headed(), &title, (look.px(2.0), look.px(2.0)))?;
        let title = look.write(look.ink, HPos::Right, VPos::Top);
        let foot = plot.bottom + look.px(look.text + 14.0);
        surface.draw_text(&self.x.headed(), &title, (plot.right, foot))
    }

    fn draw_whiskers<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
        dot: &Dot,
    ) -> Result<(), DrawingError<B>> {
        let tint = palette::design(dot.design).tint.on(look.dark);
        plot.whiskers(dot)
            .try_for_each(|ends| whisker(surface, look, ends, tint))
    }

    /// Names each mark where there is room beside it; the legend and the table name them all.
    fn draw_names<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
        steps: &[(i32, i32)],
    ) -> Result<(), DrawingError<B>> {
        let words = look.write(look.ink, HPos::Left, VPos::Center);
        let around = look.room(2.0 + 4.0 * LARGE);
        let half = look.px(look.text) / 2 + look.px(1.0);
        let mut taken: Vec<[i32; 4]> = self
            .axed()
            .map(|dot| {
                let (x, y) = plot.at(dot);
                [x - around, y - around, x + around, y + around]
            })
            .collect();
        let hair = look.px(1.0);
        let steps = steps.windows(2).map(|pair| [pair[0], pair[1]]);
        let whiskers = self.seen().flat_map(|(_, dot)| plot.whiskers(dot));
        taken.extend(steps.chain(whiskers).map(|[(a, b), (c, d)]| {
            [
                a.min(c) - hair,
                b.min(d) - hair,
                a.max(c) + hair,
                b.max(d) + hair,
            ]
        }));
        for (_, dot) in self.seen() {
            let wide = surface.estimate_text_size(&dot.name, &words)?.0 as i32;
            let (x, y) = plot.at(dot);
            let beside = look.room(5.0 + 4.0 * LARGE);
            let over = look.px(look.text);
            let places = [
                (x + beside, y),
                (x - beside - wide, y),
                (x + beside, y - over),
                (x + beside, y + over),
                (x - beside - wide, y - over),
                (x - beside - wide, y + over),
            ];
            let found = places.into_iter().find(|(left, middle)| {
                let own = [*left, middle - half, left + wide, middle + half];
                let inside = *left >= plot.left
                    && left + wide <= plot.right + look.px(22.0)
                    && own[1] >= plot.top - half
                    && own[3] <= plot.bottom + half;
                inside && !taken.iter().any(|other| meet(&own, other))
            });
            if let Some((left, middle)) = found {
                taken.push([left, middle - half, left + wide, middle + half]);
                // Grid lines are seen through it, but not through the words.
                words_on_paper(surface, look, (&dot.name, look.ink), (left, middle), 0.8)?;
            }
        }
        Ok(())
    }
}

/// Whether two boxes (left, top, right, bottom) have a part in common.
fn meet(one: &[i32; 4], other: &[i32; 4]) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/// Where the data is drawn.
struct Plot {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    /// Room around the data: what is as good as can be is not at the edge.
    around: i32,
    x: Axis,
    y: Axis,
}

impl Plot {
    fn column(&self, place: f64) -> i32 {
        self.x
            .column(place, self.left + self.around, self.right - self.around)
    }

    fn row(&self, place: f64) -> i32 {
        self.y
            .row(place, self.top + self.around, self.bottom - self.around)
    }

    fn at(&self, dot: &Dot) -> (i32, i32) {
        let (x, y) = (self.x.place(dot.x.mean), self.y.place(dot.y.mean));
        (self.column(x), self.row(y))
    }

    /// The ends of a mark's intervals.
    fn whiskers(&self, dot: &Dot) -> impl Iterator<Item = [(i32, i32); 2]> {
        let (x, y) = self.at(dot);
        let across = dot
            .x
            .ci95
            .map(|ends| ends.map(|end| (self.column(self.x.place(end)), y)));
        let up = dot
            .y
            .ci95
            .map(|ends| ends.map(|end| (x, self.row(self.y.place(end)))));
        across.into_iter().chain(up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scatter(y: Better, dots: &[(f64, f64)]) -> Scatter {
        let dimension = |title: &str, unit, better| Dimension {
            title: title.to_owned(),
            unit,
            better,
        };
        let estimate = |mean| Estimate {
            mean,
            sd: None,
            ci95: None,
        };
        Scatter {
            x: dimension("Running cost", Unit::UsdPerDay, Better::Lower),
            y: dimension("Accuracy", Unit::Share, y),
            dots: dots
                .iter()
                .enumerate()
                .map(|(design, (x, y))| Dot {
                    name: design.to_string(),
                    design,
                    x: estimate(*x),
                    y: estimate(*y),
                    standing: None,
                })
                .collect(),
            hidden: Vec::new(),
            earlier: Vec::new(),
        }
    }

    fn frontier(scatter: &Scatter) -> Vec<usize> {
        scatter.frontier().iter().map(|dot| dot.design).collect()
    }

    #[test]
    fn what_no_other_beats_in_both_is_the_frontier() {
        // Dear and good, cheap and bad, beaten by the first, and as good as the second for more.
        let dots = [(10.0, 0.99), (1.0, 0.9), (11.0, 0.98), (2.0, 0.9)];
        assert_eq!(frontier(&scatter(Better::Higher, &dots)), [1, 0]);
        // Where less is better, the cheap one beats them all.
        assert_eq!(frontier(&scatter(Better::Lower, &dots)), [1]);
        // Twins beat nobody.
        let twins = scatter(Better::Higher, &[(1.0, 0.9), (1.0, 0.9)]);
        assert_eq!(frontier(&twins), [0, 1]);
    }

    #[test]
    fn boxes_that_touch_do_not_meet() {
        assert!(meet(&[0, 0, 10, 10], &[9, 9, 20, 20]));
        assert!(!meet(&[0, 0, 10, 10], &[10, 0, 20, 10]));
    }
}
