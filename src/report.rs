//! What is shown: results as a file, tables, charts.

pub mod breakeven;
pub mod charts;
pub mod csv;
pub mod expected;
pub mod fitness;
pub mod happened;
pub mod hash;
pub mod human;
pub mod markdown;
pub mod readable;
pub mod results;
pub mod sensitivity;
pub mod sweep;
pub mod table;
pub mod theory;
