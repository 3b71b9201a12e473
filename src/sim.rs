//! Clock, random streams and the walk through one stay's life.

pub mod clock;
