//! SVG as a plotters backend, for records of decisions.
//!
//! Unlike plotters' own it measures words by a table of its own, so that a chart is the same on the page, which
//! could ask the browser, and on the command line, which could not. And a colour is a class: one drawing serves
//! light and dark, and paper.

use plotters::prelude::IntoDrawingArea;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle};
use plotters_backend::{DrawingBackend, DrawingErrorKind};
use unicode_width::UnicodeWidthChar;

use super::palette::{self, Tint};
use super::{Look, Picture, Sheet, Surface};
use crate::report::markup::Markup;

/// Plotters' pixels to one of the reader's.
const UNIT: f64 = 4.0;

/// A chart as an `<svg>` element of this width and height in the reader's pixels. `says` is its title and its
/// description for those who cannot see it; `id` is unique in the document.
pub fn draw(
    into: &mut Markup,
    picture: &Picture,
    size: (u32, u32),
    id: &str,
    (title, description): (&str, &str),
    class: &str,
) {
    let look = look(false, 12.0);
    let says = [title, description];
    element(
        into,
        size,
        (id, says),
        (&look, &[("class", class)]),
        |surface| {
            // This backend has no errors of its own.
            let _ = picture.draw(surface, &look);
        },
    );
}

/// A chart under its words as a file of its own, on light or dark paper. Its colours stand in it: not every program
/// that reads such files knows style sheets.
#[must_use]
pub fn file(sheet: &Sheet<'_>, description: &str, dark: bool) -> String {
    let look = look(dark, sheet.text);
    let mut file = Markup::default();
    let attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("font-family", "system-ui, Helvetica, Arial, sans-serif"),
    ];
    let says = [sheet.title, description];
    element(
        &mut file,
        sheet.size(),
        ("chart", says),
        (&look, &attributes),
        |surface| {
            let _ = sheet.draw(surface, &look);
        },
    );
    file.line();
    file.done()
}

fn look(dark: bool, text: f64) -> Look {
    Look {
        unit: UNIT,
        dark,
        ink: palette::INK.on(dark),
        muted: palette::MUTED.on(dark),
        grid: palette::GRID.on(dark),
        paper: palette::PAPER.on(dark),
        font: "sans-serif".to_owned(),
        text,
    }
}

/// An `<svg>` element with these attributes. With a class, its colours are classes too.
fn element(
    into: &mut Markup,
    size: (u32, u32),
    (id, [title, description]): (&str, [&str; 2]),
    (look, attributes): (&Look, &[(&'static str, &str)]),
    draw: impl FnOnce(&Surface<&mut Svg>),
) {
    let (width, height) = (f64::from(size.0) * UNIT, f64::from(size.1) * UNIT);
    let [title_id, description_id] = ["title", "says"].map(|part| format!("{id}-{part}"));
    let (view, labelled) = (
        format!("0 0 {width} {height}"),
        format!("{title_id} {description_id}"),
    );
    let [wide, high] = [size.0, size.1].map(|length| length.to_string());
    let text = (look.text * UNIT).to_string();
    let mut all = attributes.to_vec();
    all.extend([
        ("viewBox", view.as_str()),
        ("width", &wide),
        ("height", &high),
        ("font-size", &text),
        ("role", "img"),
        ("aria-labelledby", &labelled),
    ]);
    into.open("svg", &all);
    into.element("title", &[("id", &title_id)], title);
    into.element("desc", &[("id", &description_id)], description);
    let mut svg = Svg {
        out: std::mem::take(into),
        size: (width as u32, height as u32),
        waiting: None,
        roles: attributes
            .iter()
            .any(|(name, _)| *name == "class")
            .then(palette::roles),
        text: look.text * UNIT,
    };
    draw(&(&mut svg).into_drawing_area());
    svg.flush();
    *into = svg.out;
    into.close();
}

/// The classes of a chart's colours, on light paper and, on a dark screen, on dark.
#[must_use]
pub fn style() -> String {
    let rules = |side: fn(&Tint) -> (u8, u8, u8)| -> String {
        let rule = |(name, tint): &(String, Tint)| {
            let (red, green, blue) = side(tint);
            let class = class(name);
            format!(".{class}{{color:#{red:02x}{green:02x}{blue:02x}}}")
        };
        palette::roles().iter().map(rule).collect()
    };
    format!(
        "{}\n@media screen and (prefers-color-scheme:dark){{{}}}\n",
        rules(|tint| tint.light),
        rules(|tint| tint.dark)
    )
}

/// The class of a colour of that role; no other class begins like it.
#[must_use]
pub fn class(role: &str) -> String {
    format!("c-{role}")
}

/// Never happens.
type Never = std::convert::Infallible;
type Drawn = Result<(), DrawingErrorKind<Never>>;

struct Svg {
    out: Markup,
    size: (u32, u32),
    /// Lines of one style that are not yet written: a dashed curve is hundreds of short ones.
    waiting: Option<Waiting>,
    /// The classes of colours; without them each colour stands for itself.
    roles: Option<Vec<(String, Tint)>>,
    /// Plotters' pixels of the usual text.
    text: f64,
}

/// A colour: its class, if it has one, and what paints it.
#[derive(PartialEq)]
struct Paint {
    class: Option<String>,
    color: String,
}

impl Paint {
    /// As attributes: of what is filled, or of what is drawn.
    fn attributes<'a>(&'a self, what: &'static str) -> Vec<(&'static str, &'a str)> {
        let class = self.class.as_ref().map(|class| ("class", class.as_str()));
        class
            .into_iter()
            .chain([(what, self.color.as_str())])
            .collect()
    }
}

struct Waiting {
    paint: Paint,
    alpha: f64,
    width: u32,
    path: String,
}

impl Svg {
    /// What paints a colour: charts use none that has no role.
    fn paint(&self, color: BackendColor) -> Paint {
        let Some(roles) = &self.roles else {
            let (red, green, blue) = color.rgb;
            return Paint {
                class: None,
                color: format!("#{red:02x}{green:02x}{blue:02x}"),
            };
        };
        let role = roles.iter().find(|(_, tint)| tint.light == color.rgb);
        Paint {
            class: Some(class(role.map_or("ink", |(name, _)| name))),
            color: "currentColor".to_owned(),
        }
    }

    fn flush(&mut self) {
        let Some(lines) = self.waiting.take() else {
            return;
        };
        let width = lines.width.to_string();
        let opacity = lines.alpha.to_string();
        let mut attributes = lines.paint.attributes("stroke");
        // Nothing is filled.
        attributes.insert(attributes.len() - 1, ("fill", "none"));
        attributes.extend([
            ("stroke-width", width.as_str()),
            ("stroke-linejoin", "round"),
        ]);
        if lines.alpha < 1.0 {
            attributes.push(("stroke-opacity", &opacity));
        }
        attributes.push(("d", &lines.path));
        self.out.empty("path", &attributes);
    }

    /// A filled shape.
    fn fill(&mut self, tag: &'static str, color: BackendColor, shape: &[(&'static str, &str)]) {
        self.flush();
        let paint = self.paint(color);
        let opacity = color.alpha.to_string();
        let mut attributes = paint.attributes("fill");
        if color.alpha < 1.0 {
            attributes.push(("fill-opacity", &opacity));
        }
        attributes.extend_from_slice(shape);
        self.out.empty(tag, &attributes);
    }
}

/// Points as the commands of a path, each but the first by its distance from the one before.
fn path(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut out = String::new();
    let mut before = None;
    for (x, y) in points {
        match before {
            None => out.push_str(&format!("M{x} {y}")),
            Some((a, b)) => out.push_str(&format!("l{} {}", x - a, y - b)),
        }
        before = Some((x, y));
    }
    out
}

impl DrawingBackend for &mut Svg {
    type ErrorType = Never;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        let color = style.color();
        let (paint, width) = (self.paint(color), style.stroke_width());
        let same = self.waiting.as_ref().is_some_and(|lines| {
            lines.paint == paint && lines.width == width && lines.alpha == color.alpha
        });
        if !same {
            self.flush();
        }
        let lines = self.waiting.get_or_insert_with(|| Waiting {
            paint,
            alpha: color.alpha,
            width,
            path: String::new(),
        });
        lines.path.push_str(&path(points));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            let corners = [
                (left, top),
                (right, top),
                (right, bottom),
                (left, bottom),
                (left, top),
            ];
            return self.draw_path(corners, style);
        }
        let number = |length: i32| length.max(0).to_string();
        self.fill(
            "rect",
            style.color(),
            &[
                ("x", &left.to_string()),
                ("y", &top.to_string()),
                ("width", &number(right - left)),
                ("height", &number(bottom - top)),
            ],
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        self.fill(
            "circle",
            style.color(),
            &[
                ("cx", &x.to_string()),
                ("cy", &y.to_string()),
                ("r", &radius.to_string()),
            ],
        );
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        self.fill("path", style.color(), &[("d", &path(points))]);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        self.flush();
        let paint = self.paint(style.color());
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // From where a text hangs to its base line.
        let down = match style.anchor().v_pos {
            VPos::Top => ".76em",
            VPos::Center => ".35em",
            VPos::Bottom => "-.2em",
        };
        let (x, y) = (x.to_string(), y.to_string());
        let mut attributes = paint.attributes("fill");
        attributes.extend([("x", x.as_str()), ("y", y.as_str()), ("dy", down)]);
        let size = style.size().to_string();
        if (style.size() - self.text).abs() > 0.5 {
            attributes.push(("font-size", &size));
        }
        if anchor != "start" {
            attributes.push(("text-anchor", anchor));
        }
        self.out.element("text", &attributes, text);
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Never>> {
        let size = style.size();
        Ok((
            libm::ceil(width_of(text, size)) as u32,
            libm::ceil(size) as u32,
        ))
    }
}

/// About how wide a text of this height is.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(width).sum::<f64>() * size
}

/// How wide a character is, in heights of its text: about as in the wider of the fonts that systems bring, since
/// the reader's is not known.
fn width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' | ' ' | '\u{a0}' => 0.31,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '/' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' | '…' => 0.94,
        'A'..='Z' => 0.7,
        _ if c.width() == Some(2) => 1.05,
        _ if c.width() == Some(0) => 0.0,
        _ => 0.61,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::estimate::Estimate;
    use crate::measure::metrics::{Better, Unit};
    use crate::report::charts::lines::{Across, Curve, Lines, Values};
    use crate::report::charts::palette::Owner;
    use crate::report::charts::scatter::{Dimension, Dot, Scatter};
    use crate::report::charts::tornado::{End, Row, Tornado};

    /// The words of a drawing, in the order in which they are drawn.
    fn words(picture: &Picture, width: u32) -> Vec<String> {
        let mut markup = Markup::default();
        draw(
            &mut markup,
            picture,
            (width, 280),
            "a",
            ("title", "says"),
            "b",
        );
        let drawn = markup.done();
        let texts = drawn.split("<text").skip(1);
        let inside = texts.filter_map(|text| Some(text.split_once('>')?.1.split_once('<')?.0));
        inside.map(str::to_owned).collect()
    }

    fn estimate(mean: f64, reach: f64) -> Estimate {
        Estimate {
            mean,
            sd: Some(reach),
            ci95: Some([mean - reach, mean + reach]),
        }
    }

    #[test]
    fn a_frontier_names_its_designs_and_axes() {
        let dimension = |title: &str, unit, better| Dimension {
            title: title.to_owned(),
            unit,
            better,
        };
        let dot = |design: usize, x, y| Dot {
            name: format!("design {design}"),
            design,
            x: estimate(x, 1.0),
            y: estimate(y, 0.001),
            standing: None,
        };
        let scatter = |dots| {
            Picture::Scatter(Scatter {
                x: dimension("Running cost", Unit::UsdPerDay, Better::Lower),
                y: dimension("Accuracy", Unit::Share, Better::Higher),
                dots,
                hidden: Vec::new(),
                earlier: Vec::new(),
            })
        };
        let drawn = words(&scatter(vec![dot(0, 10.0, 0.99), dot(1, 40.0, 0.97)]), 600);
        for said in [
            "design 0",
            "design 1",
            "Running cost, less is better",
            "Accuracy, more is better",
            "$0",
        ] {
            assert!(drawn.iter().any(|word| word == said), "{said}: {drawn:?}");
        }
        // Eight in one place: what has no room is not drawn over the others.
        let crowd: Vec<Dot> = (0..8).map(|design| dot(design, 10.0, 0.99)).collect();
        let drawn = words(&scatter(crowd), 320);
        let named = drawn.iter().filter(|word| word.starts_with("design"));
        assert!((1..8).contains(&named.count()), "{drawn:?}");
    }

    #[test]
    fn a_tornado_names_its_assumptions_and_their_ends() {
        let end = |value: &str, mean| End {
            value: value.to_owned(),
            difference: Some(estimate(mean, 2.0)),
        };
        let picture = Picture::Tornado(Tornado {
            unit: Unit::UsdPerDay,
            now: Some(estimate(10.0, 2.0)),
            ahead: ["push is better".to_owned(), "poll is better".to_owned()],
            rows: vec![
                Row {
                    name: "searches".to_owned(),
                    ends: [end("250", -20.0), end("1000", 60.0)],
                    overturns: true,
                },
                Row {
                    name: "price of a poll".to_owned(),
                    ends: [end("10", 12.0), end("40", 15.0)],
                    overturns: false,
                },
            ],
        });
        let drawn = words(&picture, 640);
        for said in [
            "searches ⇄",
            "250",
            "1000",
            "price of a poll",
            "10 or 40",
            "as things stand",
            "← push is better",
            "poll is better →",
        ] {
            assert!(drawn.iter().any(|word| word == said), "{said}: {drawn:?}");
        }
    }

    #[test]
    fn curves_over_values_have_a_tick_a_value() {
        let lines = |names: &[&str]| {
            let at: Vec<f64> = (0..names.len()).map(|at| at as f64).collect();
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Picture::Lines(Lines {
                unit: Unit::UsdPerDay,
                is_difference: true,
                across: Across::Values(Values {
                    title: "lifetime".to_owned(),
                    unit: None,
                    exact: Vec::new(),
                    is_marked: true,
                    ticks: at.iter().copied().zip(names.iter().cloned()).collect(),
                    names,
                }),
                curves: vec![Curve {
                    name: "a".to_owned(),
                    owner: Owner::Design(0),
                    values: at.iter().map(|at| Some(10.0 - 10.0 * at)).collect(),
                    reach: at
                        .iter()
                        .map(|at| Some([5.0 - 10.0 * at, 15.0 - 10.0 * at]))
                        .collect(),
                    is_bound: false,
                    sparse: true,
                }],
                at,
                spans: Vec::new(),
                levels: Vec::new(),
                earlier: Vec::new(),
            })
        };
        let drawn = words(&lines(&["1h", "2h", "4h"]), 600);
        for said in ["1h", "2h", "4h", "lifetime", "$0", "+$10"] {
            assert!(drawn.iter().any(|word| word == said), "{said}: {drawn:?}");
        }
        assert!(drawn.iter().any(|word| word.starts_with('−')), "{drawn:?}");
        // One value alone is still a chart.
        assert!(words(&lines(&["1h"]), 600).iter().any(|word| word == "1h"));
    }
}
