//! The browser's canvas as a plotters backend, sharp on any screen.
//!
//! Plotters counts in whole pixels. Here its pixels are a quarter of the reader's ([`UNIT`]), and the
//! canvas scales them to the screen's own: curves stay smooth and words are drawn at their true size.
//! Words are measured by the canvas, not by adding elements to the page.

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle};
use plotters_backend::{DrawingBackend, DrawingErrorKind, FontStyle};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Plotters' pixels to one of the reader's.
pub(super) const UNIT: f64 = 4.0;

type Drawn<E> = Result<(), DrawingErrorKind<E>>;

/// A canvas made ready for one drawing.
pub(super) struct Sharp {
    canvas: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: (u32, u32),
    /// One pixel of the screen, in plotters' pixels.
    grain: f64,
    /// The style of the lines that are in the context's path but not yet drawn: a dashed curve is hundreds
    /// of short lines, and one stroke draws them all.
    open: Option<(BackendColor, u32)>,
}

impl Sharp {
    /// Sizes a canvas to where it stands on the page. `None` while it has no size.
    pub(super) fn on(canvas: &HtmlCanvasElement, density: f64) -> Option<Self> {
        let (width, height) = (canvas.client_width(), canvas.client_height());
        if width <= 0 || height <= 0 {
            return None;
        }
        Self::sized(canvas, (f64::from(width), f64::from(height)), density)
    }

    /// Gives a canvas a size of its own, in the reader's pixels.
    pub(super) fn sized(
        canvas: &HtmlCanvasElement,
        (wide, high): (f64, f64),
        density: f64,
    ) -> Option<Self> {
        let resize = |pixels: f64| (pixels * density).round() as u32;
        // Setting a size clears the canvas and its transform.
        canvas.set_width(resize(wide));
        canvas.set_height(resize(high));
        let context: CanvasRenderingContext2d =
            canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        let scale = density / UNIT;
        context
            .set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)
            .ok()?;
        context.set_line_join("round");
        Some(Self {
            canvas: CanvasBackend::with_canvas_object(canvas.clone())?,
            context,
            size: ((wide * UNIT) as u32, (high * UNIT) as u32),
            grain: UNIT / density,
            open: None,
        })
    }

    /// Draws the lines that wait.
    fn flush(&mut self) {
        if self.open.take().is_some() {
            self.context.stroke();
        }
    }

    /// Makes the context's path one of this style.
    fn open(&mut self, style: &impl BackendStyle) {
        let wanted = (style.color(), style.stroke_width());
        let same = self.open.is_some_and(|(color, width)| {
            color.rgb == wanted.0.rgb && color.alpha == wanted.0.alpha && width == wanted.1
        });
        if same {
            return;
        }
        self.flush();
        self.context.set_stroke_style_str(&css(wanted.0));
        self.context.set_line_width(f64::from(wanted.1));
        self.context.begin_path();
        self.open = Some(wanted);
    }

    /// A straight line along the screen's own pixels, if it is one: no blur.
    fn hairline(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &impl BackendStyle,
    ) -> bool {
        if from.0 != to.0 && from.1 != to.1 {
            return false;
        }
        self.flush();
        let snap = |at: f64| (at / self.grain).round() * self.grain;
        let thick = snap(f64::from(style.stroke_width())).max(self.grain);
        self.context.set_fill_style_str(&css(style.color()));
        let (x, y) = (f64::from(from.0.min(to.0)), f64::from(from.1.min(to.1)));
        let (wide, high) = (
            f64::from((to.0 - from.0).abs()),
            f64::from((to.1 - from.1).abs()),
        );
        if from.1 == to.1 {
            self.context
                .fill_rect(x, snap(y - thick / 2.0), wide, thick);
        } else {
            self.context
                .fill_rect(snap(x - thick / 2.0), y, thick, high);
        }
        true
    }
}

impl DrawingBackend for Sharp {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn<Self::ErrorType> {
        Ok(())
    }

    fn present(&mut self) -> Drawn<Self::ErrorType> {
        self.flush();
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn<Self::ErrorType> {
        self.flush();
        self.canvas.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn<Self::ErrorType> {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn<Self::ErrorType> {
        let path: Vec<BackendCoord> = path.into_iter().collect();
        // A dash of a curve may lie flat too: only lines that stand alone are put on the grid.
        if let [from, to] = path[..]
            && style.stroke_width() <= UNIT as u32
            && self.hairline(from, to, style)
        {
            return Ok(());
        }
        self.open(style);
        let mut points = path.into_iter().map(|(x, y)| (f64::from(x), f64::from(y)));
        if let Some((x, y)) = points.next() {
            self.context.move_to(x, y);
        }
        for (x, y) in points {
            self.context.line_to(x, y);
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn<Self::ErrorType> {
        self.flush();
        self.canvas.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn<Self::ErrorType> {
        self.flush();
        self.canvas.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn<Self::ErrorType> {
        self.flush();
        self.canvas.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Drawn<Self::ErrorType> {
        self.flush();
        self.canvas.draw_text(text, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let weight = match style.style() {
            FontStyle::Bold => "bold",
            _ => "normal",
        };
        let family = style.family();
        self.context
            .set_font(&format!("{weight} {}px {}", style.size(), family.as_str()));
        let wide = self
            .context
            .measure_text(text)
            .map_or(0.0, |metrics| metrics.width());
        Ok((wide.ceil() as u32, style.size().ceil() as u32))
    }
}

fn css(color: BackendColor) -> String {
    let (red, green, blue) = color.rgb;
    format!("rgba({red},{green},{blue},{})", color.alpha)
}
