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
use super::{Look, Picture};
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
    let look = Look {
        unit: UNIT,
        dark: false,
        ink: palette::INK.on(false),
        muted: palette::MUTED.on(false),
        grid: palette::GRID.on(false),
        paper: palette::PAPER.on(false),
        font: "sans-serif".to_owned(),
        text: 12.0,
    };
    let (width, height) = (f64::from(size.0) * UNIT, f64::from(size.1) * UNIT);
    let [title_id, description_id] = ["title", "says"].map(|part| format!("{id}-{part}"));
    into.open(
        "svg",
        &[
            ("class", class),
            ("viewBox", &format!("0 0 {width} {height}")),
            ("width", &size.0.to_string()),
            ("height", &size.1.to_string()),
            ("font-size", &(look.text * UNIT).to_string()),
            ("role", "img"),
            ("aria-labelledby", &format!("{title_id} {description_id}")),
        ],
    );
    into.element("title", &[("id", &title_id)], title);
    into.element("desc", &[("id", &description_id)], description);
    let mut svg = Svg {
        out: std::mem::take(into),
        size: (width as u32, height as u32),
        waiting: None,
        roles: palette::roles(),
    };
    {
        let surface = (&mut svg).into_drawing_area();
        // This backend has no errors of its own.
        let _ = picture.draw(&surface, &look, None);
    }
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
    roles: Vec<(String, Tint)>,
}

struct Waiting {
    class: String,
    alpha: f64,
    width: u32,
    path: String,
}

impl Svg {
    /// The class of a colour: charts use none that has no role.
    fn class(&self, color: BackendColor) -> String {
        let role = self.roles.iter().find(|(_, tint)| tint.light == color.rgb);
        class(role.map_or("ink", |(name, _)| name))
    }

    fn flush(&mut self) {
        let Some(lines) = self.waiting.take() else {
            return;
        };
        let width = lines.width.to_string();
        let opacity = lines.alpha.to_string();
        let mut attributes = vec![
            ("class", lines.class.as_str()),
            ("fill", "none"),
            ("stroke", "currentColor"),
            ("stroke-width", &width),
            ("stroke-linejoin", "round"),
        ];
        if lines.alpha < 1.0 {
            attributes.push(("stroke-opacity", &opacity));
        }
        attributes.push(("d", &lines.path));
        self.out.empty("path", &attributes);
    }

    /// A filled shape.
    fn fill(&mut self, tag: &'static str, color: BackendColor, shape: &[(&'static str, &str)]) {
        self.flush();
        let class = self.class(color);
        let opacity = color.alpha.to_string();
        let mut attributes = vec![("class", class.as_str()), ("fill", "currentColor")];
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
        let (class, width) = (self.class(color), style.stroke_width());
        let same = self.waiting.as_ref().is_some_and(|lines| {
            lines.class == class && lines.width == width && lines.alpha == color.alpha
        });
        if !same {
            self.flush();
        }
        let lines = self.waiting.get_or_insert_with(|| Waiting {
            class,
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
        let class = self.class(style.color());
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
        let mut attributes = vec![
            ("class", class.as_str()),
            ("fill", "currentColor"),
            ("x", &x),
            ("y", &y),
            ("dy", down),
        ];
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
        let wide: f64 = text.chars().map(width).sum();
        let size = style.size();
        Ok((libm::ceil(wide * size) as u32, libm::ceil(size) as u32))
    }
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
