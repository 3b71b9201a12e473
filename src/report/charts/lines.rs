//! Curves over time or over the values of a parameter, each named at its end, with what befell them.

use plotters::element::{DashedPathElement, PathElement};
use plotters::prelude::*;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use super::earlier::{self, Earlier};
use super::palette::{Mark, Owner, Shape};
use super::ticks::{self, Axis};
use super::{DrawingError, Frame, Hint, Look, Surface};
use crate::measure::metrics::Unit;
use crate::report::human;

/// Curves over something.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// The unit of all curves.
    pub unit: Unit,
    /// Whether they are differences, which have a sign.
    pub is_difference: bool,
    /// What they go over.
    pub across: Across,
    /// Where on it the values stand, going up: hours since the end of the warm-up, each value holding for the
    /// hour that starts there; or as [`Values`] has it.
    pub at: Vec<f64>,
    /// The curves, in the order of the designs.
    pub curves: Vec<Curve>,
    /// What befell them.
    pub spans: Vec<Span>,
    /// Values that curves are expected to keep to.
    pub levels: Vec<Level>,
    /// Earlier runs, as thin dotted curves.
    pub earlier: Vec<Earlier<Lines>>,
}

/// What curves go over.
#[derive(Debug, Clone, PartialEq)]
pub enum Across {
    /// Hours.
    Hours,
    /// The values of a parameter, or others that have names.
    Values(Values),
}

/// The values of a parameter, or others that have names.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The parameter.
    pub title: String,
    /// The unit of their exact sizes, if they have those.
    pub unit: Option<Unit>,
    /// Their exact sizes, where they are all numbers of one unit.
    pub exact: Vec<f64>,
    /// Whether each has a mark on the curve.
    pub is_marked: bool,
    /// What each value is called.
    pub names: Vec<String>,
    /// Where ticks stand, and what they say.
    pub ticks: Vec<(f64, String)>,
}

/// A value that a curve is held against: what theory expects of it, or where an alert begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Whose curve.
    pub of: Owner,
    /// The value.
    pub value: f64,
}

/// A stretch of time with a name, or a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// What it is.
    pub name: String,
    /// Hours since the end of the warm-up.
    pub from: f64,
    /// Its end; the same as the start for a moment.
    pub to: f64,
    /// The one curve that it befalls; all or several without one.
    pub of: Option<Owner>,
}

impl Span {
    /// Whether it covers an hour.
    #[must_use]
    pub fn covers(&self, hour: f64) -> bool {
        hour + 1.0 > self.from && (hour < self.to || hour <= self.from)
    }
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// Whose it is, which gives its mark.
    pub owner: Owner,
    /// A value an hour; `None` where undefined.
    pub values: Vec<Option<f64>>,
    /// The interval around each value; empty for none.
    pub reach: Vec<Option<[f64; 2]>>,
    /// Whether it is a bound: the axis is made for the others, and what of it does not fit is not drawn.
    pub is_bound: bool,
    /// Whether there are hours without a value of its own, over which the curve goes on.
    pub sparse: bool,
}

/// The most rows of names of spans; those that fit in none are in the table alone.
const SPAN_ROWS: usize = 5;
/// Narrower than this, curves are not named at their ends: the legend does it.
const NAMED_FROM: f64 = 520.0;

impl Lines {
    /// Draws the curves.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
    ) -> Result<Frame, DrawingError<B>> {
        let (width, height) = surface.dim_in_pixel();
        let Some(y) = self.axis(height, look) else {
            let words = look.write(look.muted, HPos::Center, VPos::Center);
            let middle = ((width / 2) as i32, (height / 2) as i32);
            let says = if self.curves.is_empty() {
                "All is hidden: the legend shows it again"
            } else {
                "No design has a value here"
            };
            surface.draw_text(says, &words, middle)?;
            return Ok(Frame::default());
        };
        let named = f64::from(width) >= NAMED_FROM * look.unit && self.curves.len() > 1;
        let margin = if named {
            self.name_width(surface, look, &y)?
        } else {
            look.room(16.0)
        };
        let (first, last) = self.ends();
        // A tick's words reach as far to the left of the first value as to the right.
        let (inset, foot) = match &self.across {
            Across::Hours => (0.0, 28.0),
            Across::Values(_) => (12.0, 46.0),
        };
        let mut plot = Plot {
            left: look.room(58.0 + inset),
            right: width as i32 - margin,
            top: look.room(12.0),
            bottom: height as i32 - look.room(foot),
            first,
            last,
            y,
        };
        let labels = self.place_spans(surface, look, &plot)?;
        let rows = labels.iter().flatten().map(|label| label.row + 1).max();
        let row_height = look.px(look.text + 4.0);
        plot.top += row_height * rows.unwrap_or(0) as i32;
        self.draw_spans(surface, look, &plot, &labels, row_height)?;
        let rule = look.grid.stroke_width(look.wide(1.0));
        for tick in &plot.y.at {
            let row = plot.row(*tick);
            surface.draw(&PathElement::new(
                vec![(plot.left, row), (plot.right, row)],
                rule,
            ))?;
            let words = look.write(look.muted, HPos::Right, VPos::Center);
            surface.draw_text(
                &plot.y.label(*tick),
                &words,
                (plot.left - look.px(10.0), row),
            )?;
        }
        if plot.y.signed {
            let row = plot.row(plot.y.place(0.0));
            let zero = look.muted.stroke_width(look.wide(1.5));
            let ends = vec![(plot.left, row), (plot.right, row)];
            surface.draw(&PathElement::new(ends, zero))?;
        }
        self.draw_foot(surface, look, &plot)?;
        for level in &self.levels {
            let row = plot.row(plot.y.place(level.value));
            let rule = level.of.mark().tint.on(look.dark);
            let rule = rule.stroke_width(look.wide(1.0));
            let ends = vec![(plot.left, row), (plot.right, row)];
            let (dash, gap) = (look.px(2.0), look.px(4.0));
            surface.draw(&DashedPathElement::new(ends, dash, gap, rule))?;
        }
        for curve in &self.curves {
            draw_reach(surface, look, &plot, curve, &self.at)?;
        }
        for of in &self.earlier {
            of.chart.draw_behind(surface, look, &plot, of.slot)?;
        }
        // The first design is drawn last, on top: it is what the others are compared with.
        for curve in self.curves.iter().rev() {
            let mark = curve.owner.mark();
            let color = mark.tint.on(look.dark);
            let style = color.stroke_width(look.wide(2.0));
            for run in self.runs(curve, &plot.y) {
                let points: Vec<(i32, i32)> = run
                    .iter()
                    .map(|(hour, value)| plot.at(*hour, *value))
                    .collect();
                let points = by_column(points, look.px(1.0).max(1));
                match mark.dash {
                    None => surface.draw(&PathElement::new(points, style))?,
                    Some((dash, gap)) => {
                        let (dash, gap) = (look.px(f64::from(dash)), look.px(f64::from(gap)));
                        surface.draw(&DashedPathElement::new(points, dash, gap, style))?;
                    }
                }
            }
            for index in (0..self.at.len()).filter(|_| self.is_marked()) {
                if let Some(Some(value)) = curve.values.get(index)
                    && curve.fits(*value, &plot.y)
                {
                    let at = plot.at(self.at[index], *value);
                    draw_marker(surface, look, mark, at, true)?;
                }
            }
        }
        if named {
            self.draw_names(surface, look, &plot)?;
        }
        let column = |at: &f64| [Some(plot.column(*at)), None];
        Ok(Frame {
            marks: self.at.iter().map(column).collect(),
            plot: [plot.left, plot.top, plot.right, plot.bottom],
            y: Some(plot.y),
        })
    }

    /// Draws its curves behind another run's.
    fn draw_behind<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
        slot: usize,
    ) -> Result<(), DrawingError<B>> {
        let (dash, gap) = earlier::dash(slot);
        for curve in &self.curves {
            let tint = curve.owner.mark().tint.on(look.dark);
            let style = tint
                .mix(earlier::STRENGTH)
                .stroke_width(look.wide(earlier::WIDE));
            for run in self.runs(curve, &plot.y) {
                // It may have been longer.
                let points = run
                    .iter()
                    .filter(|(at, _)| (plot.first..=plot.last).contains(at))
                    .map(|(at, value)| plot.at(*at, *value))
                    .collect();
                let points = by_column(points, look.px(1.0).max(1));
                let (dash, gap) = (look.px(dash), look.px(gap));
                surface.draw(&DashedPathElement::new(points, dash, gap, style))?;
            }
        }
        Ok(())
    }

    /// What shows that the values at an index are being read.
    pub(super) fn hints(&self, frame: &Frame, index: usize, column: i32) -> Vec<Hint> {
        let [_, top, _, bottom] = frame.plot;
        let rule = Hint::Rule([(column, top), (column, bottom)]);
        let of = |lines: &Self, is_filled: bool| {
            let index = self
                .at
                .get(index)
                .and_then(|at| lines.at.iter().position(|other| other == at));
            let curves = lines.curves.iter();
            let marks = curves.filter_map(|curve| {
                let value = curve.values.get(index?).copied().flatten()?;
                Some(Hint::Mark {
                    owner: curve.owner,
                    at: (column, frame.row(value)?),
                    is_filled,
                })
            });
            marks.collect::<Vec<_>>()
        };
        let earlier = self.earlier.iter().flat_map(|run| of(&run.chart, false));
        let own = of(self, true).into_iter().rev();
        std::iter::once(rule).chain(earlier).chain(own).collect()
    }

    /// Whether each value has a mark.
    fn is_marked(&self) -> bool {
        matches!(&self.across, Across::Values(values) if values.is_marked)
    }

    /// The first and the last place; a little apart where there is but one.
    fn ends(&self) -> (f64, f64) {
        let last = self.at.last().copied().unwrap_or(0.0);
        match self.across {
            // What is said of an hour holds until it is over: the axis ends where the run does.
            Across::Hours => (0.0, last + 1.0),
            Across::Values(_) => {
                let first = self.at.first().copied().unwrap_or(0.0);
                let apart = if last > first { 0.0 } else { 0.5 };
                (first - apart, last + apart)
            }
        }
    }

    /// What stands below: ticks, and the parameter's name.
    fn draw_foot<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
    ) -> Result<(), DrawingError<B>> {
        let words = look.write(look.muted, HPos::Center, VPos::Top);
        let row = plot.bottom + look.px(9.0);
        match &self.across {
            Across::Hours => {
                let columns = f64::from(surface.dim_in_pixel().0) / look.unit;
                let ticks = ticks::hours(plot.last, (columns / 70.0) as usize);
                let days = ticks.get(1).is_some_and(|step| *step >= 24.0);
                for tick in &ticks {
                    let at = (plot.column(*tick), row);
                    surface.draw_text(&ticks::hour_label(*tick, days), &words, at)?;
                }
            }
            Across::Values(values) => {
                // Ticks whose words would touch those before are left out.
                let mut free = i32::MIN;
                for (tick, label) in &values.ticks {
                    let half = surface.estimate_text_size(label, &words)?.0 as i32 / 2;
                    let column = plot.column(*tick);
                    if column - half >= free {
                        surface.draw_text(label, &words, (column, row))?;
                        free = column + half + look.px(8.0);
                    }
                }
                let title = look.write(look.ink, HPos::Center, VPos::Top);
                let middle = i32::midpoint(plot.left, plot.right);
                let at = (middle, row + look.px(look.text + 5.0));
                surface.draw_text(&values.title, &title, at)?;
            }
        }
        Ok(())
    }

    /// The curves that the axis is made for.
    fn scaling(&self) -> impl Iterator<Item = &Curve> {
        let has_values = |curve: &&Curve| curve.values.iter().any(Option::is_some);
        let bounds_alone = self
            .curves
            .iter()
            .filter(has_values)
            .all(|curve| curve.is_bound);
        self.curves
            .iter()
            .filter(move |curve| bounds_alone || !curve.is_bound)
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let of_curves = self.scaling().flat_map(|curve| {
            let reach = curve.reach.iter().flatten().flatten();
            curve.values.iter().flatten().chain(reach).copied()
        });
        let earlier = self.earlier.iter().flat_map(|of| &of.chart.curves);
        of_curves
            .chain(self.levels.iter().map(|level| level.value))
            .chain(earlier.flat_map(|curve| curve.values.iter().flatten().copied()))
    }

    /// Where the names of spans stand: above the plot, in as few rows as they fit into.
    fn place_spans<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
    ) -> Result<Vec<Option<Label>>, DrawingError<B>> {
        let words = look.write(look.muted, HPos::Left, VPos::Top);
        let mut free = [plot.left; SPAN_ROWS];
        let mut labels = Vec::with_capacity(self.spans.len());
        for span in &self.spans {
            let wide = surface.estimate_text_size(&span.name, &words)?.0 as i32;
            let start = plot.column(span.from.min(plot.last));
            let at = start.min(plot.right - wide).max(plot.left);
            // Its line goes down from there, and must cross no name below.
            let crosses = |row: usize| free[row + 1..].iter().any(|free| *free > start);
            let row = (0..SPAN_ROWS).find(|row| free[*row] <= at && !crosses(*row));
            labels.push(row.map(|row| {
                free[row] = at + wide + look.px(10.0);
                Label { row, at }
            }));
        }
        Ok(labels)
    }

    fn draw_spans<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
        labels: &[Option<Label>],
        row_height: i32,
    ) -> Result<(), DrawingError<B>> {
        let rows = labels.iter().flatten().map(|label| label.row + 1).max();
        let first = plot.top - row_height * rows.unwrap_or(0) as i32 - look.px(6.0);
        for (span, label) in self.spans.iter().zip(labels) {
            let from = plot.column(span.from.min(plot.last));
            let to = plot.column(span.to.min(plot.last));
            let tint = span
                .of
                .map_or(look.muted, |of| of.mark().tint.on(look.dark));
            let band = tint.mix(0.12).filled();
            surface.draw(&Rectangle::new([(from, plot.top), (to, plot.bottom)], band))?;
            let above = label.as_ref().map_or(0, |label| {
                plot.top - first - row_height * (label.row as i32 + 1)
            });
            let rule = tint.stroke_width(look.wide(1.0));
            let foot = (from, plot.bottom);
            surface.draw(&PathElement::new(
                vec![(from, plot.top - above), foot],
                rule,
            ))?;
            if let Some(Label { row, at }) = label {
                let words = look.write(look.muted, HPos::Left, VPos::Top);
                let row = first + row_height * *row as i32;
                surface.draw_text(&span.name, &words, (*at, row))?;
            }
        }
        Ok(())
    }

    fn axis(&self, height: u32, look: &Look) -> Option<Axis> {
        let low = self.values().fold(f64::INFINITY, f64::min);
        let high = self.values().fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return None;
        }
        let levels: Vec<f64> = self.scaling().filter_map(Curve::level).collect();
        let rows = f64::from(height) / look.unit;
        if self.is_difference {
            let about = (rows / 56.0) as usize;
            return Some(Axis::of_differences(self.unit, low, high, about));
        }
        if matches!(self.across, Across::Values(_)) && self.unit != Unit::Seconds {
            let most = levels.iter().copied().fold(0.0, f64::max);
            let least = levels.iter().copied().fold(f64::INFINITY, f64::min);
            if Axis::is_far(least, most) && low > 0.0 {
                return Some(Axis::spread(self.unit, low, high, (rows / 40.0) as usize));
            }
        }
        Some(Axis::of(
            self.unit,
            low,
            high,
            &levels,
            (rows / 56.0) as usize,
        ))
    }

    /// Runs of defined values that the axis holds.
    fn runs(&self, curve: &Curve, y: &Axis) -> Vec<Vec<(f64, f64)>> {
        let mut runs = vec![Vec::new()];
        for (hour, value) in self.at.iter().zip(&curve.values) {
            let held = value.filter(|value| curve.fits(*value, y));
            match (held, runs.last_mut()) {
                (Some(value), Some(run)) => run.push((*hour, value)),
                (None, _) if curve.sparse && value.is_none() => {}
                (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    fn name_width<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        y: &Axis,
    ) -> Result<i32, DrawingError<B>> {
        let words = look.write(look.ink, HPos::Left, VPos::Center);
        let mut widest = 0;
        for curve in &self.curves {
            widest = widest.max(surface.estimate_text_size(&self.name(curve, y), &words)?.0);
        }
        let most = surface.dim_in_pixel().0 / 3;
        Ok(widest.min(most) as i32 + look.px(26.0))
    }

    fn draw_names<B: DrawingBackend>(
        &self,
        surface: &Surface<B>,
        look: &Look,
        plot: &Plot,
    ) -> Result<(), DrawingError<B>> {
        let mut names: Vec<(i32, &Curve)> = self
            .curves
            .iter()
            .filter_map(|curve| {
                let end = curve.values.iter().rev().flatten().next()?;
                let row = plot.at(plot.last, *end).1;
                Some((row.clamp(plot.top, plot.bottom), curve))
            })
            .collect();
        names.sort_by_key(|(row, _)| *row);
        let rows: Vec<i32> = names.iter().map(|(row, _)| *row).collect();
        let spread = spread(&rows, look.px(look.text + 5.0), plot.top, plot.bottom);
        for ((own, curve), row) in names.iter().zip(spread) {
            // Beside the mark of its last value it needs none of its own.
            let has_last = curve.values.last().is_some_and(Option::is_some);
            let is_marked = self.is_marked() && has_last && *own == row;
            if !is_marked {
                let at = (plot.right + look.px(10.0), row);
                draw_marker(surface, look, curve.owner.mark(), at, true)?;
            }
            let words = look.write(look.ink, HPos::Left, VPos::Center);
            let name = self.name(curve, &plot.y);
            surface.draw_text(&name, &words, (plot.right + look.px(20.0), row))?;
        }
        Ok(())
    }

    /// What stands at a curve's end: its name, and its last value where that is off the chart.
    fn name(&self, curve: &Curve, y: &Axis) -> String {
        match curve.values.iter().rev().flatten().next() {
            Some(end) if !curve.fits(*end, y) => {
                format!("{}: {}", curve.name, human::value(self.unit, *end))
            }
            _ => curve.name.clone(),
        }
    }
}

/// Where the name of a span stands.
struct Label {
    row: usize,
    at: i32,
}

/// Where the data is drawn.
struct Plot {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    first: f64,
    last: f64,
    y: Axis,
}

impl Plot {
    fn column(&self, hour: f64) -> i32 {
        let along = (hour - self.first) / (self.last - self.first);
        self.left + libm::round(along * f64::from(self.right - self.left)) as i32
    }

    fn row(&self, place: f64) -> i32 {
        self.y.row(place, self.top, self.bottom)
    }

    fn at(&self, hour: f64, value: f64) -> (i32, i32) {
        (self.column(hour), self.row(self.y.place(value)))
    }
}

impl Curve {
    /// Whether a value is drawn: what the axis is made for is.
    fn fits(&self, value: f64, y: &Axis) -> bool {
        !self.is_bound || y.holds(value)
    }

    /// A typical value: the mean of those above zero.
    fn level(&self) -> Option<f64> {
        let positive = || self.values.iter().flatten().filter(|value| **value > 0.0);
        let count = positive().count();
        (count > 0).then(|| positive().sum::<f64>() / count as f64)
    }
}

/// Draws the interval around a curve as a pale band.
fn draw_reach<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    plot: &Plot,
    curve: &Curve,
    hours: &[f64],
) -> Result<(), DrawingError<B>> {
    let ends = hours.iter().zip(&curve.reach);
    let ends = ends.filter_map(|(hour, reach)| Some((*hour, (*reach)?)));
    let ends: Vec<(f64, [f64; 2])> = ends.collect();
    if ends.len() < 2 {
        return Ok(());
    }
    let high = ends.iter().map(|(hour, [_, high])| plot.at(*hour, *high));
    let low = ends
        .iter()
        .rev()
        .map(|(hour, [low, _])| plot.at(*hour, *low));
    let tint = curve.owner.mark().tint.on(look.dark);
    surface.draw(&Polygon::new(
        high.chain(low).collect::<Vec<_>>(),
        tint.mix(0.15).filled(),
    ))
}

/// Draws a design's marker around a point, filled or not.
pub(super) fn draw_marker<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    mark: Mark,
    at: (i32, i32),
    is_filled: bool,
) -> Result<(), DrawingError<B>> {
    draw_marker_of(surface, look, mark, (at, 1.0), is_filled)
}

/// The same so many times as large.
pub(super) fn draw_marker_of<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    mark: Mark,
    (at, times): ((i32, i32), f64),
    is_filled: bool,
) -> Result<(), DrawingError<B>> {
    let tint = mark.tint.on(look.dark);
    draw_shape(surface, look, mark.shape, at, (times, tint))?;
    if is_filled {
        return Ok(());
    }
    // What is left of it around a smaller one of paper is its outline.
    draw_shape(surface, look, mark.shape, at, (0.55 * times, look.paper))
}

/// Draws the marker of an earlier run: small and hollow.
pub(super) fn draw_small_marker<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    mark: Mark,
    at: (i32, i32),
) -> Result<(), DrawingError<B>> {
    let tint = mark.tint.on(look.dark);
    draw_shape(surface, look, mark.shape, at, (0.8, tint))?;
    draw_shape(surface, look, mark.shape, at, (0.45, look.paper))
}

/// Draws a marker's shape, so many times its size, in a colour.
fn draw_shape<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    shape: Shape,
    (x, y): (i32, i32),
    (times, color): (f64, RGBColor),
) -> Result<(), DrawingError<B>> {
    let fill = color.filled();
    let times = times * look.scale();
    let r = look.px(4.0 * times);
    match shape {
        Shape::Circle => surface.draw(&Circle::new((x, y), r, fill)),
        Shape::Square => {
            let r = look.px(3.5 * times);
            surface.draw(&Rectangle::new([(x - r, y - r), (x + r, y + r)], fill))
        }
        Shape::Triangle => {
            let corners = vec![(x, y - r), (x + r, y + r - r / 4), (x - r, y + r - r / 4)];
            surface.draw(&Polygon::new(corners, fill))
        }
        Shape::Diamond => {
            let r = look.px(4.8 * times);
            let corners = vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
            surface.draw(&Polygon::new(corners, fill))
        }
    }
}

/// Keeps of each column `column` pixels wide its first, lowest, highest and last point, in order: what a
/// longer path would have painted all the same.
fn by_column(points: Vec<(i32, i32)>, column: i32) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::with_capacity(points.len());
    for slice in points.chunk_by(|a, b| a.0 / column == b.0 / column) {
        if slice.len() <= 4 {
            kept.extend_from_slice(slice);
            continue;
        }
        let at = |index: usize| (index, slice[index].1);
        let lowest = (0..slice.len())
            .map(at)
            .min_by_key(|(index, y)| (*y, *index));
        let highest = (0..slice.len())
            .map(at)
            .max_by_key(|(index, y)| (*y, *index));
        let mut four = [Some((0, 0)), lowest, highest, Some((slice.len() - 1, 0))]
            .map(|found| found.map_or(0, |(index, _)| index));
        four.sort_unstable();
        kept.extend(four.map(|index| slice[index]));
    }
    kept
}

/// Moves sorted rows apart until none is closer than `gap` to the next, keeping to `top..=bottom` if they
/// fit at all.
fn spread(rows: &[i32], gap: i32, top: i32, bottom: i32) -> Vec<i32> {
    let mut placed: Vec<i32> = Vec::with_capacity(rows.len());
    for row in rows {
        let least = placed.last().map_or(top, |above| above + gap);
        placed.push((*row).max(least));
    }
    let mut most = bottom;
    for row in placed.iter_mut().rev() {
        *row = (*row).min(most);
        most = *row - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_extremes() {
        let points: Vec<_> = (0..1_000).map(|i| (i / 100, (i * 37) % 101)).collect();
        let kept = by_column(points.clone(), 1);
        assert!(kept.len() <= 40);
        for column in 0..10 {
            let span = |points: &[(i32, i32)]| {
                let rows = points.iter().filter(|p| p.0 == column).map(|p| p.1);
                (rows.clone().min(), rows.max())
            };
            assert_eq!(span(&kept), span(&points));
        }
        assert_eq!(kept.first(), points.first());
        assert_eq!(kept.last(), points.last());
    }

    #[test]
    fn names_do_not_overlap() {
        let rows = spread(&[10, 11, 12, 100], 10, 0, 100);
        assert_eq!(rows, [10, 20, 30, 100]);
        let low = spread(&[95, 98, 99], 10, 0, 100);
        assert_eq!(low, [80, 90, 100]);
    }

    #[test]
    fn gaps_split_a_curve() {
        let curve = Curve {
            name: "a".to_owned(),
            owner: Owner::Design(0),
            values: vec![Some(1.0), None, None, Some(2.0), Some(3.0)],
            reach: Vec::new(),
            is_bound: false,
            sparse: false,
        };
        let lines = Lines {
            unit: Unit::Share,
            is_difference: false,
            across: Across::Hours,
            at: (0..5).map(f64::from).collect(),
            curves: vec![curve.clone()],
            spans: Vec::new(),
            levels: Vec::new(),
            earlier: Vec::new(),
        };
        let y = lines.axis(200, &look()).expect("there are values");
        assert_eq!(
            lines.runs(&curve, &y),
            [vec![(0.0, 1.0)], vec![(3.0, 2.0), (4.0, 3.0)]]
        );
        // A sparse one goes on over them.
        let sparse = Curve {
            sparse: true,
            ..curve
        };
        assert_eq!(
            lines.runs(&sparse, &y),
            [vec![(0.0, 1.0), (3.0, 2.0), (4.0, 3.0)]]
        );
    }

    fn look() -> Look {
        Look {
            unit: 1.0,
            dark: false,
            ink: BLACK,
            muted: BLACK,
            grid: BLACK,
            paper: WHITE,
            font: "sans-serif".to_owned(),
            text: 12.0,
        }
    }

    #[test]
    fn a_bound_does_not_flatten_the_others() {
        let curve = |values: [f64; 3], is_bound| Curve {
            name: "a".to_owned(),
            owner: Owner::Design(0),
            values: values.map(Some).to_vec(),
            reach: Vec::new(),
            is_bound,
            sparse: false,
        };
        let lines = |curves: Vec<Curve>| Lines {
            unit: Unit::Share,
            is_difference: false,
            across: Across::Hours,
            at: vec![0.0, 1.0, 2.0],
            curves,
            spans: Vec::new(),
            levels: Vec::new(),
            earlier: Vec::new(),
        };
        let design = curve([0.97, 0.98, 0.99], false);
        let bound = curve([0.98, 0.2, 0.1], true);
        let both = lines(vec![design.clone(), bound.clone()]);
        let y = both.axis(200, &look()).expect("there are values");
        assert_eq!(
            Some(&y),
            lines(vec![design.clone()]).axis(200, &look()).as_ref()
        );
        // What does not fit is not drawn, and is said at the end.
        assert_eq!(both.runs(&bound, &y), [vec![(0.0, 0.98)]]);
        assert_eq!(both.name(&design, &y), "a");
        assert!(both.name(&bound, &y).starts_with("a: 10"));
        // Alone, it has the axis to itself.
        let alone = lines(vec![bound.clone()]);
        let y = alone.axis(200, &look()).expect("there are values");
        assert_eq!(alone.runs(&bound, &y)[0].len(), 3);
    }

    #[test]
    fn spans_cover_the_hours_that_they_touch() {
        let span = |from, to| Span {
            name: "outage".to_owned(),
            from,
            to,
            of: None,
        };
        let covered = |span: Span| -> Vec<u32> {
            (0..6)
                .filter(|hour| span.covers(f64::from(*hour)))
                .collect()
        };
        assert_eq!(covered(span(1.5, 4.0)), [1, 2, 3]);
        assert_eq!(covered(span(3.0, 3.0)), [3]);
        assert_eq!(covered(span(2.5, 2.5)), [2]);
    }
}
