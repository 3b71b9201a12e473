//! What may be asked of a scenario beside its numbers: what would change them. The page asks in these words.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::asked::{Asked, needs_replicates};
use super::sweep::{self, Sweep};
use super::varied::{Failed, Varied};
use super::{breakeven, sensitivity};
use crate::report::breakeven::BreakEvenResults;
use crate::report::sensitivity::SensitivityResults;
use crate::report::sweep::Point;
use crate::scenario::Scenario;
use crate::scenario::problem::Problems;
use crate::scenario::text::Document;
use crate::scenario::vary::{Assumption, Axis};

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Where two designs change places.
    BreakEven {
        /// The two.
        pair: Pair,
        /// What moves: a JSON pointer.
        over: String,
        /// The least and the most to look at; as far as it usually goes, where they are not given.
        ends: [Option<Json>; 2],
    },
    /// What a difference rests on.
    Sensitivity {
        /// Of these two.
        pair: Pair,
        /// What may be off; what the scenario states, or else the usual, if there are none.
        assumptions: Vec<Assumption>,
    },
    /// The numbers at each of many points.
    Sweep {
        /// One parameter or two.
        axes: Vec<Axis>,
    },
}

/// Which kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Where two designs change places.
    BreakEven,
    /// What a difference rests on.
    Sensitivity,
    /// The numbers at each of many points.
    Sweep,
}

/// Two designs and a number of theirs; as [`Asked::new`] has it, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The design.
    pub of: Option<String>,
    /// The design that it is compared with.
    pub versus: Option<String>,
    /// The number.
    pub metric: Option<String>,
}

/// What is told on the way to an answer.
#[derive(Debug)]
pub enum Told {
    /// It takes so many studies, where that is known.
    Begun(Option<usize>),
    /// A point of a sweep; with the last, all is told.
    Point(Box<Point>),
    /// The answer to a question about a break-even.
    BreakEven(Box<BreakEvenResults>),
    /// The answer to a question about what a difference rests on.
    Sensitivity(Box<SensitivityResults>),
}

impl Pair {
    fn asked(&self, scenario: &Scenario) -> Result<Asked, Problems> {
        let Self { of, versus, metric } = self;
        Asked::new(
            scenario,
            of.as_deref(),
            versus.as_deref(),
            metric.as_deref(),
        )
    }
}

impl Question {
    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::BreakEven { .. } => Kind::BreakEven,
            Self::Sensitivity { .. } => Kind::Sensitivity,
            Self::Sweep { .. } => Kind::Sweep,
        }
    }

    /// Answers it, from beginning to end: what `varied` varies is `document`.
    ///
    /// # Errors
    /// When it makes no sense, a value makes no scenario, or the program broke an invariant.
    pub fn answer<'a>(
        &'a self,
        mut varied: Varied<'a>,
        document: &Document,
        tell: &mut dyn FnMut(Told),
    ) -> Result<(), Failed> {
        let scenario = &document.scenario;
        match self {
            Self::BreakEven { pair, over, ends } => {
                needs_replicates(scenario)?;
                let asked = pair.asked(scenario)?;
                tell(Told::Begun(None));
                let found = breakeven::solve::solve(&mut varied, document, &asked, over, ends)?;
                tell(Told::BreakEven(Box::new(found)));
            }
            Self::Sensitivity { pair, assumptions } => {
                needs_replicates(scenario)?;
                let asked = pair.asked(scenario)?;
                let mut begin = |studies| tell(Told::Begun(Some(studies)));
                let found = sensitivity::solve(
                    &mut varied,
                    document,
                    &asked,
                    assumptions,
                    &mut begin,
                    &mut || {},
                )?;
                tell(Told::Sensitivity(Box::new(found)));
            }
            Self::Sweep { axes } => {
                varied.can_take(axes)?;
                let points = sweep::points(axes);
                let mut sweep = Sweep::new(varied, axes);
                sweep.check()?;
                tell(Told::Begun(Some(points)));
                for index in 0..points {
                    tell(Told::Point(Box::new(sweep.run(index)?)));
                }
            }
        }
        Ok(())
    }
}
