//! What several charts are made of.

use plotters::element::PathElement;
use plotters::prelude::*;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use super::{DrawingError, Look, Surface};

/// A line from one end of an interval to the other, with a cap at each; across, or up and down.
pub(super) fn whisker<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    [low, high]: [(i32, i32); 2],
    color: RGBColor,
) -> Result<(), DrawingError<B>> {
    line_with_caps(surface, look, [low, high], (color, 1.5))
}

/// The same over what may be as bright as it is: with paper around it.
pub(super) fn whisker_on<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    ends: [(i32, i32); 2],
    color: RGBColor,
) -> Result<(), DrawingError<B>> {
    line_with_caps(surface, look, ends, (look.paper, 4.5))?;
    whisker(surface, look, ends, color)
}

fn line_with_caps<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    [low, high]: [(i32, i32); 2],
    (color, wide): (RGBColor, f64),
) -> Result<(), DrawingError<B>> {
    let style = color.stroke_width(look.wide(wide));
    let cap = look.px(3.5 * look.scale());
    let reach = if low.1 == high.1 { (0, cap) } else { (cap, 0) };
    if low != high {
        surface.draw(&PathElement::new(vec![low, high], style))?;
    }
    for (x, y) in [low, high] {
        let ends = vec![(x - reach.0, y - reach.1), (x + reach.0, y + reach.1)];
        surface.draw(&PathElement::new(ends, style))?;
    }
    Ok(())
}

/// Words from `(left, middle)` on, over so much paper that no line goes through them.
pub(super) fn words_on_paper<B: DrawingBackend>(
    surface: &Surface<B>,
    look: &Look,
    (text, color): (&str, RGBColor),
    (left, middle): (i32, i32),
    paper: f64,
) -> Result<(), DrawingError<B>> {
    let words = look.write(color, HPos::Left, VPos::Center);
    let wide = surface.estimate_text_size(text, &words)?.0 as i32;
    let half = look.px(look.text) / 2 + look.px(1.0);
    let hair = look.px(2.0);
    let behind = [
        (left - hair, middle - half),
        (left + wide + hair, middle + half),
    ];
    surface.draw(&Rectangle::new(behind, look.paper.mix(paper).filled()))?;
    surface.draw_text(text, &words, (left, middle))
}

/// The outline of a box.
pub(super) fn outline([(left, top), (right, bottom)]: [(i32, i32); 2]) -> Vec<(i32, i32)> {
    vec![
        (left, top),
        (right, top),
        (right, bottom),
        (left, bottom),
        (left, top),
    ]
}
