//! Metrics declared once, and the numbers behind them.

pub mod audience;
pub mod audit;
pub mod estimate;
pub mod feed;
pub mod histogram;
pub mod metrics;
pub mod path;
pub mod series;
pub mod tally;
pub mod values;
