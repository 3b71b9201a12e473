//! A mean over replicates with its spread and interval.

use serde::{Deserialize, Serialize};

/// A mean over replicates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean over replicates.
    pub mean: f64,
    /// Standard deviation between replicates (n − 1); absent for one replicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// 95 % interval of the mean; absent for one replicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95: Option<[f64; 2]>,
}
