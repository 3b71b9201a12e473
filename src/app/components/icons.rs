//! Small drawings. All are decoration: the words beside them say the same.

use yew::prelude::*;

use crate::report::charts::palette::{self, Owner};
use crate::report::charts::{Sign, earlier};

/// A design's marker, in its colour.
pub(super) fn marker(design: usize) -> Html {
    marker_of(Owner::Design(design))
}

/// The marker of a curve.
pub(super) fn marker_of(owner: Owner) -> Html {
    html! {
        <svg class={classes!("marker", tint(owner))} viewBox="0 0 16 16" aria-hidden="true">
            <path d={owner.mark().shape.outline()} />
        </svg>
    }
}

/// A curve's line, as charts draw it.
pub(super) fn line(owner: Owner) -> Html {
    let dash = owner
        .mark()
        .dash
        .map(|(dash, gap)| AttrValue::from(format!("{dash} {gap}")));
    html! {
        <svg class={classes!("dash", tint(owner))} viewBox="0 0 48 8" aria-hidden="true">
            <path d="M0 4H48" stroke-dasharray={dash} />
        </svg>
    }
}

/// How what a legend names is told apart.
pub(super) fn sign(sign: Sign) -> Html {
    match sign {
        Sign::Curve(owner) => html! { <>{ marker_of(owner) }{ line(owner) }</> },
        Sign::Dot(design) => marker(design),
        Sign::Item(place) => html! { <i class={classes!("swatch", item(place))} /> },
        Sign::End { is_high } => {
            html! { <i class={classes!("swatch", "chart-end", is_high.then_some("high"))} /> }
        }
        Sign::Earlier(slot) => earlier(slot),
    }
}

/// An earlier run's line, as charts draw it.
pub(super) fn earlier(slot: usize) -> Html {
    let (dash, gap) = earlier::dash(slot);
    html! {
        <svg class="dash earlier" viewBox="0 0 30 8" aria-hidden="true">
            <path d="M0 4H30" stroke-dasharray={format!("{dash} {gap}")} />
        </svg>
    }
}

/// The class that gives a curve's colour.
pub(super) fn tint(owner: Owner) -> String {
    match owner {
        Owner::Design(design) => slot(design),
        Owner::Audit { design, audit } => slot(design + audit),
        Owner::Truth => "truth".to_owned(),
    }
}

/// The class that gives a design's colour.
pub(super) fn slot(design: usize) -> String {
    palette::design_role(design)
}

/// The class that gives a cost item's colour.
pub(super) fn item(index: usize) -> String {
    palette::item_role(index)
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
    question "M7.6 7.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M10 14.4v.1M10 2.2a7.8 7.8 0 1 0 0 15.6 7.8 7.8 0 0 0 0-15.6Z";
    undo "M8 5 4 9l4 4M4 9h7.5a4 4 0 0 1 0 8H9";
    redo "m12 5 4 4-4 4m4-4H8.5a4 4 0 0 0 0 8H11";
    play "M6 4.2v11.6a.6.6 0 0 0 .9.5l9.2-5.8a.6.6 0 0 0 0-1L6.9 3.7a.6.6 0 0 0-.9.5Z";
    stop "M6 5h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z";
    pause "M6 4h2.5v12H6ZM11.5 4H14v12h-2.5Z";
    next "M5 4.5v11l7-5.5ZM13.5 4.5H15v11h-1.5Z";
    sun "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M15.7 4.3l-1.1 1.1M5.4 14.6l-1.1 1.1";
    moon "M16.5 11.8A6.7 6.7 0 0 1 8.2 3.5a6.7 6.7 0 1 0 8.3 8.3Z";
    link "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l1-1";
    enlarge "M12 4h4v4M16 4l-5 5M8 16H4v-4M4 16l5-5";
    pin "M7.5 3.5h5l-.6 4.6 2.6 2.4v1.5h-9v-1.5l2.6-2.4ZM10 12v5";
    plus "M10 4.5v11M4.5 10h11";
    more "M4.5 10h.01M10 10h.01M15.5 10h.01";
    down "m5.5 8 4.5 4.5L14.5 8";
    cross "m5.5 5.5 9 9m0-9-9 9";
    talk "M2.5 3.5h15M4 3.5v9h12v-9M10 12.5v2M6.8 17.3 10 14.5l3.2 2.8";
    knobs "M3 6h6M13 6h4M3 14h2M9 14h8M11 3.8v4.4M7 11.8v4.4";
    system "M3 4.5h14v9H3ZM7.5 17h5M10 13.5V17";
}
