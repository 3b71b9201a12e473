//! Where two designs change places as any parameter moves: the values at which the paired 95 % interval of
//! their difference holds 0, found on a grid and by bisection between its points.
//!
//! All values meet the same random numbers, so the difference moves smoothly where the designs do. What is finer
//! than the grid is not told apart: a set between two of its points on which the answer is the same is not found,
//! and a decided stretch inside an undecided one that none of its points decides counts as undecided.

use serde_json::Value as Json;

use super::{Less, Piece};
use crate::measure::estimate::Estimate;
use crate::measure::path::MetricPath;
use crate::scenario::pointer;
use crate::scenario::problem::{Problem, Problems, shorten};
use crate::scenario::text;
use crate::scenario::vary::{Kind, written};
use crate::sim::math;
use crate::study::Study;
use crate::study::asked::Asked;
use crate::study::varied::{Failed, Varied};

/// Ends of pieces are found to this share of their value, or to [`OF_RANGE`] of the range.
pub const TOLERANCE: f64 = 0.01;
/// The finest that a range is divided.
pub const OF_RANGE: f64 = 1.0 / 2000.0;
/// Points of the grid.
pub const GRID: u32 = 13;
/// Ranges wider than this are divided evenly by factors.
const WIDE: f64 = 20.0;

/// The range of values that is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// What its values are.
    pub kind: Kind,
    /// The least.
    pub from: f64,
    /// The most.
    pub to: f64,
    /// What the scenario says, if it does.
    pub now: Option<f64>,
}

impl Range {
    /// The range from one value to another; from a tenth to ten times what the scenario says, as far as that
    /// makes a scenario, where they are not given.
    ///
    /// # Errors
    /// When neither the scenario nor the ends say what kind of value it is, or the ends make no range.
    pub fn new(
        varied: &Varied<'_>,
        over: &str,
        [from, to]: [Option<&Json>; 2],
    ) -> Result<Self, Problems> {
        let document = varied.check(&[])?;
        let steps = pointer::steps(over).unwrap_or_default();
        let resolved = text::resolved(&document);
        let now = pointer::find(&resolved, &steps).and_then(Kind::of);
        let end = |value: Option<&Json>| match value {
            None => Ok(None),
            Some(value) => Kind::of(value).map(Some).ok_or_else(|| {
                let value = shorten(&written(value));
                let found = format!("{value} is neither a number nor a duration");
                let problem = Problem::new(over, found);
                Problems::from(problem.expected("a number such as 0.5, or a duration such as 6h"))
            }),
        };
        let (from, to) = (end(from)?, end(to)?);
        let Some((kind, _)) = now.or(from).or(to) else {
            return Err(nothing(over, &resolved, &steps).into());
        };
        // A number that is written without a fraction may have one.
        let alike = |of: Kind| (of == Kind::Duration) == (kind == Kind::Duration);
        for (of, _) in [from, to].into_iter().flatten() {
            if !alike(of) {
                let what = if kind == Kind::Duration {
                    "a duration such as 6h"
                } else {
                    "a number"
                };
                let problem = Problem::new(over, "the range is of another kind than the parameter");
                return Err(problem.expected(what).into());
            }
        }
        let size = |end: Option<(Kind, f64)>| end.map(|(_, size)| size);
        let fits = |size: f64| {
            let value = kind.value(size);
            varied.check(&[(over.to_owned(), value)]).is_ok()
        };
        let now = size(now);
        let default = |times: &[f64]| {
            let now = now.filter(|now| *now > 0.0)?;
            let all = times.iter().map(|times| kind.rounded(now * times));
            let mut all = all.chain((now < 1.0 && times[0] > 1.0).then_some(1.0));
            all.find(|size| fits(*size))
        };
        let (from, to) = (
            size(from).or_else(|| default(&[0.1, 0.2, 0.5, 1.0])),
            size(to).or_else(|| default(&[10.0, 5.0, 2.0])),
        );
        match (from, to) {
            (Some(from), Some(to)) if from < to => {
                for end in [from, to] {
                    varied.check(&[(over.to_owned(), kind.value(end))])?;
                }
                Ok(Self {
                    kind,
                    from,
                    to,
                    now,
                })
            }
            (Some(from), Some(to)) => {
                let (from, to) = (kind.value(from), kind.value(to));
                let (from, to) = (written(&from), written(&to));
                let problem = Problem::new(over, format!("the range goes from {from} to {to}"));
                Err(problem.expected("a range that goes up").into())
            }
            _ => Err(Problem::new(over, "what range to look at is not said")
                .expected("the least and the most that it may be")
                .suggest("add --from and --to")
                .into()),
        }
    }

    /// Whether values are spread evenly by factors.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.from > 0.0 && self.to / self.from > WIDE
    }

    fn grid(&self) -> Vec<f64> {
        let at = |index: u32| {
            let share = f64::from(index) / f64::from(GRID - 1);
            match index {
                0 => self.from,
                _ if index == GRID - 1 => self.to,
                _ if self.is_wide() => self.from * math::pow(self.to / self.from, share),
                _ => self.from + (self.to - self.from) * share,
            }
        };
        let now = self.now.filter(|now| (self.from..=self.to).contains(now));
        let mut grid: Vec<f64> = (0..GRID)
            .map(|index| self.kind.rounded(at(index)))
            .chain(now)
            .collect();
        grid.sort_by(f64::total_cmp);
        grid.dedup();
        grid
    }

    /// The middle of two values, where there is anything to be found between them.
    fn between(&self, low: f64, high: f64) -> Option<f64> {
        if high - low <= (TOLERANCE * high).max(OF_RANGE * (self.to - self.from)) {
            return None;
        }
        let middle = if self.is_wide() {
            math::sqrt(low * high)
        } else {
            f64::midpoint(low, high)
        };
        let middle = self.kind.rounded(middle);
        (low < middle && middle < high).then_some(middle)
    }
}

fn nothing(over: &str, resolved: &Json, steps: &[String]) -> Problem {
    match pointer::find(resolved, steps) {
        Some(value) => {
            let value = shorten(&written(value));
            Problem::new(over, format!("{value} is neither a number nor a duration"))
                .expected("a parameter with a size")
                .suggest("point at a number or a duration inside it")
        }
        None => Problem::new(over, "the scenario says nothing there")
            .expected("a parameter that is set, or a range of values")
            .suggest("add --from and --to"),
    }
}

/// The difference at one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    /// The value.
    pub at: f64,
    /// The paired difference; absent where it is not defined.
    pub difference: Option<Estimate>,
}

impl Tried {
    fn less(&self) -> Less {
        Less::of(self.difference.as_ref())
    }

    /// The answer, and which mean is lower.
    fn state(&self) -> (Less, Option<bool>) {
        let lower = self.difference.map(|difference| difference.mean < 0.0);
        (self.less(), lower)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What was compared.
    pub metric: MetricPath,
    /// Where the means meet.
    pub at: Vec<f64>,
    /// Who has less where, over the whole range.
    pub pieces: Vec<Piece>,
    /// The values that were tried, in order.
    pub tried: Vec<Tried>,
}

/// Finds where two designs change places.
///
/// # Errors
/// When a value makes no scenario, or the program broke an invariant there.
pub fn search(
    varied: &mut Varied<'_>,
    asked: &Asked,
    over: &str,
    range: &Range,
) -> Result<Found, Failed> {
    let mut base: Option<Study> = None;
    let mut metric = None;
    let mut difference = |at: f64| -> Result<Tried, Failed> {
        let set = [(over.to_owned(), range.kind.value(at))];
        let earlier: Vec<&Study> = base.iter().collect();
        let (study, sample) = varied.pair(asked, &set, &earlier)?;
        let (of, versus, path) = asked.of_sample(&sample)?;
        let difference = sample.difference(of, versus, &path);
        base.get_or_insert(study);
        metric.get_or_insert(path);
        Ok(Tried { at, difference })
    };
    let mut tried = Vec::new();
    let grid = range.grid();
    for at in &grid {
        tried.push(difference(*at)?);
    }
    let mut index = 0;
    while let [low, high, ..] = tried[index..] {
        let middle = (low.state() != high.state()).then(|| range.between(low.at, high.at));
        match middle.flatten() {
            Some(middle) => tried.insert(index + 1, difference(middle)?),
            None => index += 1,
        }
    }
    Ok(Found {
        metric: metric.unwrap_or_else(|| MetricPath::of("total_usd_per_day")),
        at: meetings(&tried, range.kind),
        pieces: coarse(pieces(&tried), &grid),
        tried,
    })
}

/// Where the mean difference goes through 0: on the line between the two values next to it.
fn meetings(tried: &[Tried], kind: Kind) -> Vec<f64> {
    let meet = |pair: &[Tried]| {
        let (low, high) = (pair[0], pair[1]);
        let (a, b) = (low.difference?.mean, high.difference?.mean);
        ((a < 0.0) != (b < 0.0)).then(|| {
            let at = low.at + (high.at - low.at) * a / (a - b);
            kind.rounded(at)
        })
    };
    tried.windows(2).filter_map(meet).collect()
}

/// Neighbours with the same answer, joined. What is undecided reaches to its decided neighbours.
fn pieces(tried: &[Tried]) -> Vec<Piece> {
    let is_open = |less| matches!(less, Less::Undecided | Less::Undefined);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = None;
    for next in tried {
        let less = next.less();
        let (mut from, here) = (before, Some(next.at));
        before = here;
        if let Some(last) = pieces.last_mut() {
            if last.less == less {
                continue;
            }
            if is_open(last.less) {
                last.to = here;
                from = here;
            } else {
                last.to = from;
                if !is_open(less) {
                    // Where they meet lies between the two, finer than was looked.
                    pieces.push(Piece {
                        from,
                        to: here,
                        less: Less::Undecided,
                    });
                    from = here;
                }
            }
        }
        let to = None;
        pieces.push(Piece { from, to, less });
    }
    pieces
}

/// Without decided stretches inside undecided ones that no point of the grid decides.
fn coarse(mut pieces: Vec<Piece>, grid: &[f64]) -> Vec<Piece> {
    let mut index = 1;
    while index + 1 < pieces.len() {
        let [before, piece, after] = [pieces[index - 1], pieces[index], pieces[index + 1]];
        let is_inside = before.less == Less::Undecided && after.less == Less::Undecided;
        let holds = |at: &f64| {
            piece.from.is_none_or(|from| from <= *at) && piece.to.is_none_or(|to| *at <= to)
        };
        if is_inside && piece.less != Less::Undefined && !grid.iter().any(holds) {
            pieces[index - 1].to = after.to;
            pieces.drain(index..=index + 1);
        } else {
            index += 1;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(at: f64, mean: f64, reach: f64) -> Tried {
        let difference = Estimate {
            mean,
            sd: Some(reach),
            ci95: Some([mean - reach, mean + reach]),
        };
        Tried {
            at,
            difference: Some(difference),
        }
    }

    #[test]
    fn pieces_follow_each_other() {
        let all = [
            tried(1.0, -3.0, 1.0),
            tried(2.0, -2.0, 1.0),
            tried(3.0, -0.5, 1.0),
            tried(4.0, 0.5, 1.0),
            tried(5.0, 2.0, 1.0),
            tried(6.0, -2.0, 1.0),
            tried(7.0, 0.5, 1.0),
        ];
        let piece = |from, to, less| Piece { from, to, less };
        assert_eq!(
            pieces(&all),
            [
                piece(None, Some(2.0), Less::First),
                piece(Some(2.0), Some(5.0), Less::Undecided),
                piece(Some(5.0), Some(5.0), Less::Second),
                piece(Some(5.0), Some(6.0), Less::Undecided),
                piece(Some(6.0), Some(6.0), Less::First),
                piece(Some(6.0), None, Less::Undecided),
            ]
        );
        assert_eq!(meetings(&all, Kind::Number), [3.5, 5.5, 6.8]);
        // Were 5 no point of the grid, it would be too fine to be told.
        let found = coarse(pieces(&all), &[1.0, 3.0, 4.0, 6.0, 7.0]);
        assert_eq!(
            found,
            [
                piece(None, Some(2.0), Less::First),
                piece(Some(2.0), Some(6.0), Less::Undecided),
                piece(Some(6.0), Some(6.0), Less::First),
                piece(Some(6.0), None, Less::Undecided),
            ]
        );
    }
}
