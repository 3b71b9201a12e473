//! What a scenario's author expects of the results, for continuous integration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::{Scenario, check};

/// What is wrong with an expectation that is not in the scenario; paths are those of its keys.
pub(crate) fn problems(scenario: &Scenario, expectation: &Expectation) -> Vec<Problem> {
    let mut problems = Vec::new();
    check::asked(scenario, expectation, &mut problems);
    problems
}

/// What is expected of a metric of a design, or of its difference from another design's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The design. Default: each of them, where there is an `audience`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<String>,
    /// The audience by whose reading it is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The metric, or a path such as `costs/polls`, `feeds/deltas/feed_lost` or `audits/panel/bias`. In the
    /// metric's own unit: shares from 0 to 1, seconds, US dollars a day.
    pub metric: String,
    /// Of another design: what is expected is the paired difference of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versus: Option<String>,
    /// The least that will do. Either this or `at_most`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The most that will do. Either this or `at_least`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}
