//! What is shown: results as a file, tables, charts.

pub mod charts;
pub mod hash;
pub mod human;
pub mod results;
