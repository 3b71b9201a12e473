//! What moves, on canvases: the cells of a map, and dots on the ways of a pipeline.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::drawing::{Layout, Line, WIDTH};
use crate::app::live::Same;
use crate::app::live::cells::{self, Piece, ROW, column};
use crate::app::live::flow::{Day, Fate, TRAVEL, Way};
use crate::app::live::map::Map;
use crate::app::live::timeline::{Class, Timeline};
use crate::report::charts::palette;
use crate::sim::clock::{DAY, Time};

/// A dot on its way.
struct Dot {
    way: usize,
    fate: Fate,
    /// How far it has come, 0 to 1.
    gone: f64,
}

/// No more dots than this at once.
const DOTS: usize = 160;

/// Who paints one design.
pub(super) struct Painter {
    pub(super) film: Same<Timeline>,
    pub(super) map: Same<Map>,
    /// By [`Class`]: what the reader does not want to see.
    pub(super) hidden: [bool; Class::ALL.len()],
    pub(super) dark: bool,
    cells: Option<Sheet>,
    flow: Option<Sheet>,
    ways: Vec<(Way, Line, f64)>,
    dots: Vec<Dot>,
    /// The moment that is painted.
    at: Option<Time>,
}

/// A canvas, sized to where it stands.
struct Sheet {
    on: CanvasRenderingContext2d,
    wide: f64,
    high: f64,
}

impl Sheet {
    fn on(canvas: &HtmlCanvasElement) -> Option<Self> {
        let (wide, high) = (
            f64::from(canvas.client_width()),
            f64::from(canvas.client_height()),
        );
        if wide <= 0.0 || high <= 0.0 {
            return None;
        }
        let density = gloo::utils::window().device_pixel_ratio();
        canvas.set_width((wide * density).round() as u32);
        canvas.set_height((high * density).round() as u32);
        let on: CanvasRenderingContext2d =
            canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        on.set_transform(density, 0.0, 0.0, density, 0.0, 0.0)
            .ok()?;
        Some(Self { on, wide, high })
    }
}

impl Painter {
    pub(super) fn new(film: Same<Timeline>, map: Same<Map>, layout: &Layout) -> Self {
        let feeds = film.reel.feeds.len();
        let ways = (0..feeds).flat_map(|feed| [Way::Into(feed), Way::OutOf(feed)]);
        let ways = ways.chain([Way::Answer, Way::Ask]).map(|way| {
            let line = layout.line(way);
            let long = line.windows(2).map(|ends| length(ends[0], ends[1])).sum();
            (way, line, long)
        });
        Self {
            ways: ways.collect(),
            film,
            map,
            hidden: [false; Class::ALL.len()],
            dark: false,
            cells: None,
            flow: None,
            dots: Vec::with_capacity(DOTS),
            at: None,
        }
    }

    /// Makes the canvases ready, which wipes them.
    pub(super) fn place(
        &mut self,
        cells: Option<HtmlCanvasElement>,
        flow: Option<HtmlCanvasElement>,
    ) {
        self.cells = cells.as_ref().and_then(Sheet::on);
        self.flow = flow.as_ref().and_then(Sheet::on);
        self.at = None;
    }

    /// Shows a moment, without dots.
    pub(super) fn show(&mut self, at: Time) {
        self.paint_map(at);
        self.dots.clear();
        self.paint_dots();
    }

    /// Shows a moment; dots stay where they are if nothing passed.
    pub(super) fn settle(&mut self, at: Time) {
        if self.at != Some(at) {
            self.show(at);
        }
    }

    /// Goes on by a frame.
    pub(super) fn go_on(
        &mut self,
        to: Time,
        milliseconds: f64,
        per_second: Time,
        days: [Option<&Day>; 2],
    ) {
        let from = self.at.unwrap_or(to);
        self.paint_map(to);
        for dot in &mut self.dots {
            dot.gone += milliseconds / 1_000.0 / TRAVEL;
        }
        self.dots.retain(|dot| dot.gone < 1.0);
        for day in days.into_iter().flatten() {
            for (way, stream) in day.streams.iter().enumerate() {
                let each = stream.each(per_second);
                for fate in stream.setting_out(from, to, each) {
                    if self.dots.len() < DOTS {
                        self.dots.push(Dot {
                            way,
                            fate,
                            gone: 0.0,
                        });
                    }
                }
            }
        }
        self.paint_dots();
    }

    fn paint_map(&mut self, at: Time) {
        let Some(sheet) = &self.cells else {
            return;
        };
        let before = self.at.replace(at);
        let near =
            before.filter(|before| *before <= at && before.div_euclid(DAY) == at.div_euclid(DAY));
        match near {
            Some(before) => {
                for stay in self.film.changed(before, at) {
                    if let Some((row, column)) = self.map.cell(&self.film.reel, stay, at) {
                        self.cell(sheet, row, column, stay, at);
                    }
                }
            }
            None => {
                sheet.on.clear_rect(0.0, 0.0, sheet.wide, sheet.high);
                self.axes(sheet);
                for (row, column, stay) in self.map.cells(at) {
                    self.cell(sheet, row, column, stay, at);
                }
            }
        }
    }

    fn cell(&self, sheet: &Sheet, row: usize, at_column: usize, stay: usize, at: Time) {
        let (x, wide) = column(sheet.wide, self.map.columns, at_column);
        let y = row as f64 * ROW;
        sheet.on.clear_rect(x, y, wide, ROW);
        let Some(state) = self.film.state(stay, at) else {
            return;
        };
        let is_hidden = self.hidden[state.class() as usize];
        for piece in cells::pieces(state.class(), is_hidden, [x, y, wide])
            .into_iter()
            .flatten()
        {
            match piece {
                Piece::Full([x, y, wide, high], tint) => {
                    sheet.on.set_fill_style_str(&tint.css(self.dark));
                    sheet.on.fill_rect(x, y, wide, high);
                }
                Piece::Stroke([x1, y1, x2, y2], tint) => {
                    sheet.on.set_stroke_style_str(&tint.css(self.dark));
                    sheet.on.set_line_width(cells::STROKE);
                    sheet.on.begin_path();
                    sheet.on.move_to(x1, y1);
                    sheet.on.line_to(x2, y2);
                    sheet.on.stroke();
                }
            }
        }
    }

    /// Words at the rows and below the columns.
    fn axes(&self, sheet: &Sheet) {
        let on = &sheet.on;
        on.set_fill_style_str(&palette::MUTED.css(self.dark));
        on.set_font("11px Geist, system-ui, sans-serif");
        on.set_text_baseline("middle");
        for (word, anchor, x, y) in cells::words(&self.map, sheet.wide) {
            on.set_text_align(anchor.on_canvas());
            let _ = on.fill_text(&word, x, y);
        }
    }

    fn paint_dots(&self) {
        let Some(sheet) = &self.flow else {
            return;
        };
        let on = &sheet.on;
        on.clear_rect(0.0, 0.0, sheet.wide, sheet.high);
        let scale = sheet.wide / WIDTH;
        let size = (3.0 * scale).clamp(1.8, 3.4);
        // One path a fate: a canvas is fast with few.
        for fate in [
            Fate::Arrives,
            Fate::Right,
            Fate::Miss,
            Fate::Lost,
            Fate::Wrong,
        ] {
            let mut dots = self.dots.iter().filter(|dot| dot.fate == fate).peekable();
            if dots.peek().is_none() {
                continue;
            }
            on.begin_path();
            for dot in dots {
                let Some((_, line, long)) = self.ways.get(dot.way) else {
                    continue;
                };
                let (mut x, mut y) = along(line, long * dot.gone);
                if fate == Fate::Lost {
                    // It falls out.
                    (x, y) = along(line, long * dot.gone * 0.4);
                    y += 34.0 * dot.gone * dot.gone;
                }
                let (x, y) = (x * scale, y * scale);
                if matches!(fate, Fate::Wrong | Fate::Lost) {
                    let arm = size * 1.15;
                    on.move_to(x - arm, y - arm);
                    on.line_to(x + arm, y + arm);
                    on.move_to(x + arm, y - arm);
                    on.line_to(x - arm, y + arm);
                } else {
                    on.move_to(x + size, y);
                    let _ = on.arc(x, y, size, 0.0, std::f64::consts::TAU);
                }
            }
            let tint = match fate {
                Fate::Arrives => palette::INK,
                Fate::Right => palette::DESIGNS[2].tint,
                Fate::Miss => palette::MUTED,
                Fate::Lost | Fate::Wrong => palette::STAYS[Class::FalseAvailable as usize],
            };
            let color = tint.css(self.dark);
            if matches!(fate, Fate::Arrives | Fate::Right) {
                on.set_fill_style_str(&color);
                on.fill();
            } else {
                on.set_stroke_style_str(&color);
                on.set_line_width(if fate == Fate::Miss { 1.5 } else { 2.2 });
                on.stroke();
            }
        }
    }
}

fn length(from: (f64, f64), to: (f64, f64)) -> f64 {
    // Ways run along the axes.
    (to.0 - from.0).abs() + (to.1 - from.1).abs()
}

/// The point so far along a line.
fn along(line: &[(f64, f64)], mut far: f64) -> (f64, f64) {
    for ends in line.windows(2) {
        let long = length(ends[0], ends[1]);
        if far <= long && long > 0.0 {
            let share = far / long;
            let between = |from: f64, to: f64| from + (to - from) * share;
            return (between(ends[0].0, ends[1].0), between(ends[0].1, ends[1].1));
        }
        far -= long;
    }
    line.last().copied().unwrap_or_default()
}
