//! Light, dark, or as the system says.

use gloo::utils::document_element;
use plotters::style::RGBColor;
use web_sys::HtmlElement;

use super::canvas::UNIT;
use super::storage;
use crate::report::charts::{Look, palette};

/// The reader's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    Auto,
    Light,
    Dark,
}

/// Where the choice is kept.
const KEY: &str = "stayfresh.theme";

impl Theme {
    pub(super) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice made earlier. Without storage there is none.
    pub(super) fn kept() -> Self {
        let kept: Option<String> = storage::get(KEY);
        Self::ALL
            .into_iter()
            .find(|theme| kept.as_deref() == Some(theme.name()))
            .unwrap_or(Self::Auto)
    }

    /// Applies the choice and keeps it where that is allowed.
    pub(super) fn apply(self) {
        let _ = document_element().set_attribute("data-theme", self.name());
        storage::set(KEY, &self.name());
        paint_marks();
    }
}

/// On the root while the page is printed.
const PRINTED: &str = "data-printed";
/// Pixels of a drawing on paper for each of the page's.
const PAPER: f64 = 3.0;

/// Says that the page is being printed, or no longer.
pub(super) fn set_printed(is_printed: bool) {
    if is_printed {
        let _ = document_element().set_attribute(PRINTED, "");
    } else {
        let _ = document_element().remove_attribute(PRINTED);
    }
    paint_marks();
}

fn is_printed() -> bool {
    document_element().has_attribute(PRINTED)
}

/// How many pixels of a drawing make one of the page's.
pub(super) fn density() -> f64 {
    let density = gloo::utils::window().device_pixel_ratio();
    if is_printed() {
        density.max(PAPER)
    } else {
        density
    }
}

/// Whether the page is dark now. Paper never is.
pub(super) fn is_dark() -> bool {
    if is_printed() {
        return false;
    }
    let chosen = document_element().get_attribute("data-theme");
    match chosen.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => system_is_dark(),
    }
}

fn system_is_dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}

/// Whether the screen is as a media query says.
pub(super) fn matches(query: &str) -> bool {
    gloo::utils::window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Hands the charts' colours to the style sheet, so that they are written down once.
pub(super) fn paint_marks() {
    use wasm_bindgen::JsCast;
    let Ok(root) = document_element().dyn_into::<HtmlElement>() else {
        return;
    };
    let dark = is_dark();
    let style = root.style();
    for (index, mark) in palette::DESIGNS.iter().enumerate() {
        let _ = style.set_property(&format!("--design-{index}"), &mark.tint.css(dark));
    }
    let _ = style.set_property("--truth", &palette::TRUTH.css(dark));
    for (index, tint) in palette::STAYS.iter().enumerate() {
        let _ = style.set_property(&format!("--stay-{index}"), &tint.css(dark));
    }
    for (index, tint) in palette::ITEMS.iter().enumerate() {
        let _ = style.set_property(&format!("--item-{index}"), &tint.css(dark));
    }
}

/// How charts look inside this element: its style sheet's colours, font and size.
pub(super) fn look(element: &HtmlElement) -> Option<Look> {
    let style = gloo::utils::window()
        .get_computed_style(element)
        .ok()
        .flatten()?;
    let color = |property: &str| rgb(&style.get_property_value(property).unwrap_or_default());
    let size = style.get_property_value("font-size").unwrap_or_default();
    Some(Look {
        unit: UNIT,
        dark: is_dark(),
        ink: color("color")?,
        muted: color("text-decoration-color")?,
        grid: color("outline-color")?,
        paper: color("background-color")?,
        font: style.get_property_value("font-family").ok()?,
        text: size.trim_end_matches("px").parse().unwrap_or(12.0),
    })
}

/// `rgb(12, 34, 56)` as a browser writes it.
fn rgb(css: &str) -> Option<RGBColor> {
    let inside = css.split_once('(')?.1.trim_end_matches(')');
    let mut parts = inside.split(',').map(|part| part.trim().parse::<u8>());
    let mut next = || parts.next()?.ok();
    Some(RGBColor(next()?, next()?, next()?))
}
