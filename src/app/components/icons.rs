//! Small drawings. All are decoration: the words beside them say the same.

use yew::prelude::*;

use crate::report::charts::palette::{self, Shape};

/// A design's marker, in its colour.
pub(super) fn marker(design: usize) -> Html {
    let shape = match palette::design(design).shape {
        Shape::Circle => html! { <circle cx="8" cy="8" r="5.5" /> },
        Shape::Square => html! { <rect x="3" y="3" width="10" height="10" /> },
        Shape::Triangle => html! { <path d="M8 2 14 13H2Z" /> },
        Shape::Diamond => html! { <path d="M8 1 15 8 8 15 1 8Z" /> },
    };
    html! {
        <svg class={classes!("marker", slot(design))} viewBox="0 0 16 16" aria-hidden="true">{ shape }</svg>
    }
}

/// A design's line, as charts draw it.
pub(super) fn line(design: usize) -> Html {
    let dash = palette::design(design)
        .dash
        .map(|(dash, gap)| AttrValue::from(format!("{dash} {gap}")));
    html! {
        <svg class={classes!("line", slot(design))} viewBox="0 0 48 8" aria-hidden="true">
            <path d="M0 4H48" stroke-dasharray={dash} />
        </svg>
    }
}

/// The class that gives a design's colour.
pub(super) fn slot(design: usize) -> String {
    format!("design-{}", design % palette::DESIGNS.len())
}

/// The class that gives a cost item's colour.
pub(super) fn item(index: usize) -> String {
    format!("item-{}", index % palette::ITEMS.len())
}

/// The product's mark: a copy, a little behind what it copies.
pub(super) fn logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 28 28" aria-hidden="true">
            <rect class="copy" x="9" y="9" width="16" height="16" rx="4" />
            <rect class="truth" x="3" y="3" width="16" height="16" rx="4" />
            <path class="tick" d="M7 11.2 10 14.2 15.2 8" />
        </svg>
    }
}

macro_rules! icons {
    ($($name:ident $path:literal;)*) => {
        $(pub(super) fn $name() -> Html {
            html! {
                <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={$path} /></svg>
            }
        })*
    };
}

icons! {
    undo "M8 5 4 9l4 4M4 9h7.5a4 4 0 0 1 0 8H9";
    redo "m12 5 4 4-4 4m4-4H8.500a4 4 0 0 0 0 8H11";
    play "M6 4.200v11.600a.6.6 0 0 0 .9.5l9.200-5.800a.6.6 0 0 0 0-1L6.900 3.700a.6.6 0 0 0-.9.5Z";
    stop "M6 5h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z";
    sun "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100";
    moon "M16.500 11.800A6.700 6.700 0 0 1 8.200 3.500a6.700 6.700 0 1 0 8.300 8.300Z";
    system "M3 4.500h14v9H3ZM7.500 17h5M10 13.500V17";
}
