//! One binary, a module a behaviour.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod closed_forms;
mod hotels;
mod independence;
