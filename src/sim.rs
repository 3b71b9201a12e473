//! The run: time, randomness, and the walk of a design over the world.

pub mod checks;
pub mod clock;
pub mod commons;
pub mod distribution;
pub mod film;
pub mod lockstep;
pub mod math;
pub mod mishap;
pub mod plan;
pub mod random;
pub mod run;
pub mod shared;
pub mod truth;
pub mod walk;
pub mod watch;
pub mod whole;
