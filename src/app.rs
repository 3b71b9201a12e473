//! The page: the same engine as the command line, in a worker, with its results drawn as they come.
//!
//! ```text
//!  text ──▶ reading ──▶ forms, cards          the scenario's text is the one source of truth:
//!   ▲          │                              a form edits the text, undo restores it,
//!   └─ edits ──┘                              a run reads it
//!  text ──▶ worker ──▶ results so far ──▶ charts, tables
//!  text, question ──▶ second worker ──▶ what would change it
//!  text, a few hotels ──▶ third worker ──▶ films ──▶ live view
//! ```
//!
//! [`state`] holds all of it, as a pure function of the actions; `components` show it. Only they and the
//! worker need a browser.

pub mod about;
pub mod address;
pub mod explore;
pub mod faults;
pub mod incoming;
pub mod kept;
pub mod keys;
pub mod knobs;
pub mod live;
pub mod manual;
pub mod parameters;
pub mod protocol;
pub mod runs;
pub mod share;
pub mod state;
pub mod talk;
pub mod tour;

#[cfg(target_arch = "wasm32")]
mod canvas;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod crew;
#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
pub mod worker;

/// Starts the page.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    if let Some(place) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<components::App>::with_root(place).render();
    }
}
