//! What is shown: results as a file, tables, charts, and the record of a decision.
//!
//! A [`record`] says in what order; [`html`] and [`markdown`] say it, on the page and on the command line alike.

pub mod breakeven;
pub mod caveats;
pub mod charts;
pub mod cheapest;
pub mod command;
pub mod csv;
pub mod expected;
pub mod figures;
pub mod fitness;
pub mod glossary;
pub mod happened;
pub mod hash;
pub mod html;
pub mod human;
pub mod markdown;
pub mod markup;
pub mod readable;
pub mod record;
pub mod reel;
pub mod replicates;
pub mod results;
pub mod sensitivity;
pub mod size;
pub mod sweep;
pub mod table;
pub mod theory;
pub mod words;
