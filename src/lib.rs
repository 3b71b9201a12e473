//! Try, before building anything, how different ways of keeping a copy of hotel availability behave.
//!
//! ```text
//!  world ──changes──▶ source ──▶ delivery ──▶ cache ──answer──▶ serving ──shown?──▶ traveller
//!  (truth)            what is    push or      ttl, purge        what a search      │
//!    │                read       pull                           gets               │ live check
//!    └────────── the domain service computes the true answer ◀──────────────────────┘
//!                           └── the answer, observed, is the natural-traffic source ──▶ delivery …
//! ```
//!
//! A [`scenario`] names a [`world`] and the [`design`]s that keep a copy of it. The [`study`] repeats the
//! world, walks every stay of it once for each design ([`sim`]), and turns what it [`measure`]d into
//! results with error bars that are [`report`]ed. Truth and searches never depend on a design.

pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod design;
pub mod measure;
pub mod report;
pub mod scenario;
pub mod sim;
pub mod study;
pub mod world;
