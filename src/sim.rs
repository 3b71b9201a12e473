//! Clock, random streams and the walk through one stay's life.

pub mod clock;
pub mod distribution;
pub mod math;
pub mod random;
pub mod run;
pub mod truth;
pub mod walk;
