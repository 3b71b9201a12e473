//! Colours and marks that tell designs and cost items apart.
//!
//! Derived from M. Okabe and K. Ito's set for colour-blind readers, darkened on light paper and lightened
//! on dark so that each has a contrast of at least 3 to 1 with it. Colour never stands alone: a design
//! also has a shape and a dash.

use plotters::style::RGBColor;

/// A colour on light paper and on dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tint {
    /// Red, green and blue on light paper.
    pub light: (u8, u8, u8),
    /// Red, green and blue on dark paper.
    pub dark: (u8, u8, u8),
}

impl Tint {
    /// The colour for this paper.
    #[must_use]
    pub fn on(self, dark: bool) -> RGBColor {
        let (red, green, blue) = if dark { self.dark } else { self.light };
        RGBColor(red, green, blue)
    }

    /// The colour for this paper, as style sheets, canvases and drawings write it.
    #[must_use]
    pub fn css(self, dark: bool) -> String {
        let RGBColor(red, green, blue) = self.on(dark);
        format!("rgb({red} {green} {blue})")
    }
}

/// The outline of a design's marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
}

impl Shape {
    /// Its outline as an SVG path in a box of 16 by 16.
    #[must_use]
    pub fn outline(self) -> &'static str {
        match self {
            Self::Circle => "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11Z",
            Self::Square => "M3 3H13V13H3Z",
            Self::Triangle => "M8 2 14 13H2Z",
            Self::Diamond => "M8 1 15 8 8 15 1 8Z",
        }
    }
}

/// How a design is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Its colour.
    pub tint: Tint,
    /// Its marker.
    pub shape: Shape,
    /// Its line: dash and gap in the reader's pixels; solid without.
    pub dash: Option<(u32, u32)>,
}

const fn mark(
    light: (u8, u8, u8),
    dark: (u8, u8, u8),
    shape: Shape,
    dash: Option<(u32, u32)>,
) -> Mark {
    Mark {
        tint: Tint { light, dark },
        shape,
        dash,
    }
}

/// One a design, in the scenario's order; the ninth starts again.
pub const DESIGNS: [Mark; 8] = [
    mark((0, 98, 168), (88, 178, 240), Shape::Circle, None),
    mark((200, 78, 0), (255, 150, 80), Shape::Square, Some((10, 5))),
    mark((0, 124, 92), (52, 204, 156), Shape::Triangle, Some((3, 4))),
    mark(
        (168, 62, 138),
        (232, 142, 208),
        Shape::Diamond,
        Some((16, 5)),
    ),
    mark((140, 104, 0), (232, 194, 74), Shape::Circle, Some((6, 4))),
    mark((0, 132, 166), (120, 216, 240), Shape::Square, None),
    mark(
        (120, 60, 48),
        (222, 150, 138),
        Shape::Triangle,
        Some((12, 4)),
    ),
    mark((88, 92, 104), (176, 182, 196), Shape::Diamond, Some((4, 3))),
];

/// The mark of the design at this place.
#[must_use]
pub fn design(index: usize) -> Mark {
    DESIGNS[index % DESIGNS.len()]
}

/// Whose curve it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A design's, by its place.
    Design(usize),
    /// What an audit of a design says: the first in the design's colour, each with a mark of its own.
    Audit {
        /// The design's place.
        design: usize,
        /// The audit's place in it.
        audit: usize,
    },
    /// What is true.
    Truth,
}

/// The colour of what is true: near the ink of words.
pub const TRUTH: Tint = Tint {
    light: (22, 26, 34),
    dark: (236, 239, 244),
};

impl Owner {
    /// The name of its colour.
    #[must_use]
    pub fn role(self) -> String {
        match self {
            Self::Design(index) => design_role(index),
            Self::Audit { design, audit } => design_role(design + audit),
            Self::Truth => "ink".to_owned(),
        }
    }

    /// How its curve is told apart.
    #[must_use]
    pub fn mark(self) -> Mark {
        match self {
            Self::Design(index) => design(index),
            Self::Audit { design: of, audit } => Mark {
                tint: design(of + audit).tint,
                ..design(audit + 1)
            },
            Self::Truth => mark(TRUTH.light, TRUTH.dark, Shape::Circle, None),
        }
    }
}

/// Words that must be read.
pub const INK: Tint = TRUTH;
/// Ticks and notes.
pub const MUTED: Tint = Tint {
    light: (95, 105, 122),
    dark: (150, 160, 178),
};
/// Grid lines.
pub const GRID: Tint = Tint {
    light: (226, 230, 236),
    dark: (46, 52, 64),
};
/// What is drawn on.
pub const PAPER: Tint = Tint {
    light: (255, 255, 255),
    dark: (22, 26, 33),
};

/// Every colour of a chart with a name for style sheets; no two of them are the same on light paper.
#[must_use]
pub fn roles() -> Vec<(String, Tint)> {
    let fixed = [
        ("ink", INK),
        ("muted", MUTED),
        ("grid", GRID),
        ("paper", PAPER),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(name, tint)| (name.to_owned(), tint));
    let designs = DESIGNS.iter().enumerate();
    let designs = designs.map(|(index, mark)| (design_role(index), mark.tint));
    let items = ITEMS.iter().enumerate();
    let items = items.map(|(index, tint)| (item_role(index), *tint));
    let on_item = ("on-item".to_owned(), ON_ITEM);
    fixed.chain(designs).chain(items).chain([on_item]).collect()
}

/// The name of a design's colour.
#[must_use]
pub fn design_role(index: usize) -> String {
    format!("design-{}", index % DESIGNS.len())
}

/// The name of a cost item's colour.
#[must_use]
pub fn item_role(place: usize) -> String {
    format!("item-{}", place % ITEMS.len())
}

/// The words on an item's colour.
pub const ON_ITEM: Tint = item((24, 28, 34));

/// Items of a bill, in its order, so that each has its colour on every chart: after P. Tol's "light" set, pale
/// enough to carry dark words. What is wrong is warm; what runs is not.
pub const ITEMS: [Tint; crate::measure::values::ITEMS.len()] = [
    item((119, 170, 221)),
    item((153, 221, 255)),
    item((68, 187, 153)),
    item((138, 206, 128)),
    item((187, 204, 51)),
    item((238, 221, 136)),
    item((214, 186, 92)),
    item((204, 178, 148)),
    item((192, 162, 222)),
    item((190, 196, 206)),
    item((128, 196, 200)),
    item((238, 136, 102)),
    item((255, 170, 187)),
];

/// Stays on a map, by how right what is held of them is: right available and right sold out lie still, false
/// available and false sold out stand out, and nothing held is hardly there. Each wears a sign of its own too.
pub const STAYS: [Tint; 5] = [
    tint((196, 226, 210), (36, 74, 58)),
    tint((176, 186, 201), (70, 80, 98)),
    tint((196, 60, 0), (255, 138, 84)),
    tint((112, 38, 158), (206, 146, 246)),
    tint((240, 242, 246), (28, 33, 41)),
];

const fn tint(light: (u8, u8, u8), dark: (u8, u8, u8)) -> Tint {
    Tint { light, dark }
}

/// The colour of the item at this place of the bill.
#[must_use]
pub fn item_at(place: usize) -> Tint {
    ITEMS[place % ITEMS.len()]
}

const fn item(rgb: (u8, u8, u8)) -> Tint {
    Tint {
        light: rgb,
        dark: rgb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_told_by_its_colour() {
        let roles = roles();
        for (index, (name, tint)) in roles.iter().enumerate() {
            for (other, same) in &roles[..index] {
                assert_ne!(tint.light, same.light, "{name} and {other}");
            }
        }
    }
}
