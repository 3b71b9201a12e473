//! Lifetimes that are a share of the time Q for which a stay has been quiet when it is read.
//!
//! From one miss to the next are the lifetime L(Q) and an exponential wait, G in all. Looked at backwards,
//! changes are A apart, exponential of rate c: at the next miss the quiet is A where A < G, else Q + G (V. Cate,
//! "Alex: a global file system", USENIX File Systems Workshop 1992, has the policy; its law is a Markov chain's).
//!
//! ```text
//!  quiet Q, in cells ──▶ lifetime L ──▶ changed: A, where A < G ────┐
//!        ▲               of the middle   │                           │ the same law again?
//!        │                               └▶ not: Q + G, further up ──┤
//!        └───────────────────────────────────────────────────────────┘
//! ```
//!
//! Cells are a small share of their lifetime wide. What comes into each is exact for points in the middle of
//! cells, so the error falls as the square of their width: what cells twice as wide say is off by three times
//! as much as it differs.

use crate::design::cache::ttl::Adaptive;
use crate::sim::math;

use super::law::days;

/// Cells in a lifetime, at first.
const FINE: f64 = 40.0;

/// A cell is narrower than its quiet by so many times as much, at least.
const NARROW: f64 = 5.0;

/// Rounds after which the law is what it was before.
const ROUNDS: u32 = 400;

/// A share of the quiet, within bounds, in days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Play {
    share: f64,
    min: f64,
    max: f64,
}

/// Lifetimes, and how often each is given.
type Lengths = Vec<(f64, f64)>;

impl Play {
    /// Of a lifetime that depends on the quiet at all.
    pub(super) fn new(adaptive: &Adaptive) -> Option<Self> {
        let (min, max) = (days(adaptive.min.micros()), days(adaptive.max.micros()));
        let share = adaptive.share.get();
        (share > 0.0 && min < max).then_some(Self { share, min, max })
    }

    fn life(&self, quiet: f64) -> f64 {
        (self.share * quiet).clamp(self.min, self.max)
    }

    /// The longest.
    pub(super) fn longest(&self) -> f64 {
        self.max
    }

    /// How many cells are looked at for one stay.
    pub(super) fn work(&self) -> f64 {
        3.0 * self.cells(FINE) * (1.0 + math::log(self.max / self.min))
    }

    /// The law of lifetimes where changes and searches come so often a day; none where cells do not tell it.
    pub(super) fn lengths(&self, c: f64, s: f64) -> Option<Lengths> {
        let (wide, fine) = (self.in_cells(c, s, FINE)?, self.in_cells(c, s, 2.0 * FINE)?);
        let moment = |of: &Lengths, k: i32| -> f64 {
            let powers = of
                .iter()
                .map(|(share, life)| share * math::pow(*life, f64::from(k)));
            powers.sum()
        };
        let agree = |k: i32| {
            let (wide, fine) = (moment(&wide, k), moment(&fine, k));
            (wide - fine).abs() <= 0.5 * super::NEGLIGIBLE * fine
        };
        (agree(1) && agree(2)).then_some(fine)
    }

    /// So many times is a cell narrower than its quiet.
    fn cells(&self, fine: f64) -> f64 {
        (fine / self.share).max(NARROW * fine)
    }

    /// Where cells end: as wide as a lifetime over `fine`, or less.
    fn edges(&self, fine: f64) -> Vec<f64> {
        let (first, last) = (self.min / self.share, self.max / self.share);
        let even = math::floor(self.cells(fine)) + 1.0;
        let growing = math::floor(self.cells(fine) * math::log(last / first)) + 1.0;
        let up_to = |n: f64| (0..n as u32).map(f64::from);
        let even = up_to(even).map(|i| first * i / even);
        let growth = math::log(last / first) / growing;
        let growing = up_to(growing).map(|i| first * math::exp(growth * i));
        even.chain(growing).chain([last]).collect()
    }

    fn in_cells(&self, c: f64, s: f64, fine: f64) -> Option<Lengths> {
        let edges = self.edges(fine);
        let n = edges.len() - 1;
        let fall = |span: f64| math::exp(-(s + c) * span);
        let quiet: Vec<f64> = edges
            .windows(2)
            .map(|edge| (edge[0] + edge[1]) / 2.0)
            .collect();
        // The last is of all that have been quiet for longer.
        let mut lives: Vec<f64> = quiet.iter().map(|quiet| self.life(*quiet)).collect();
        lives.push(self.max);
        let unchanged: Vec<f64> = lives.iter().map(|life| math::exp(-c * life)).collect();
        let falls: Vec<f64> = edges
            .windows(2)
            .map(|edge| fall(edge[1] - edge[0]))
            .collect();
        let above: Vec<f64> = edges.iter().map(|edge| math::exp(-c * edge)).collect();
        // Where each begins to wait, by cell: at which edge that is past, and what is left of it there.
        let lands = |at: f64| {
            let edge = edges.partition_point(|edge| *edge < at);
            (edge, edges.get(edge).map_or(0.0, |edge| fall(edge - at)))
        };
        let changed: Vec<(usize, f64)> = lives.iter().map(|life| lands(*life)).collect();
        let later = quiet.iter().zip(&lives);
        let later: Vec<(usize, f64)> = later.map(|(quiet, life)| lands(quiet + life)).collect();
        let (waits, goes_on) = (c / (s + c), s / (s + c));
        // Changed, and for longer than the edge.
        let mut longer = vec![0.0; n + 1];
        let mut law = vec![1.0 / (n as f64 + 1.0); n + 1];
        for _ in 0..ROUNDS {
            let held: Vec<f64> = law.iter().zip(&unchanged).map(|(m, u)| m * u).collect();
            let (mut next, mut waiting) = (0, 0.0);
            let mut living: f64 = law.iter().sum();
            let mut whole: f64 = held.iter().sum();
            for edge in 0..=n {
                if edge > 0 {
                    waiting *= falls[edge - 1];
                }
                while next <= n && changed[next].0 <= edge {
                    waiting += held[next] * changed[next].1;
                    living -= law[next];
                    whole -= held[next];
                    next += 1;
                }
                longer[edge] = waits * waiting + above[edge] * living - goes_on * whole;
            }
            let before = law.clone();
            let (mut next, mut waiting) = (0, 0.0);
            for cell in 0..n {
                let mut left = waiting * falls[cell];
                let mut came = waiting;
                while next < cell && later[next].0 <= cell + 1 {
                    let held = law[next] * unchanged[next];
                    came += held;
                    left += held * later[next].1;
                    next += 1;
                }
                law[cell] = longer[cell] - longer[cell + 1] + goes_on * (came - left);
                waiting = left;
            }
            let rest: f64 = (next..n).map(|cell| law[cell] * unchanged[cell]).sum();
            law[n] = (longer[n] + goes_on * (waiting + rest)) / (1.0 - goes_on * unchanged[n]);
            let sum: f64 = law.iter().sum();
            law.iter_mut().for_each(|share| *share /= sum);
            let moved = law
                .iter()
                .zip(&before)
                .map(|(now, before)| (now - before).abs());
            if moved.sum::<f64>() < 1e-11 {
                return Some(law.into_iter().zip(lives).collect());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hit ratio, freshness and data age: no run is so long that it would show.
    #[test]
    fn cells_are_fine_enough() {
        let mut told = 0;
        for (share, min, max) in [
            (0.5, 1.0, 6.0),
            (0.1, 0.5, 36.0),
            (1.0, 1.0, 48.0),
            (0.3, 1.0, 1.5),
        ] {
            let play = Play {
                share,
                min: min / 24.0,
                max: max / 24.0,
            };
            for (c, s) in [
                (3.0, 12.0),
                (0.3, 12.0),
                (3.0, 0.5),
                (3.0, 200.0),
                (30.0, 12.0),
                (0.05, 1.0),
            ] {
                let Some(found) = play.lengths(c, s) else {
                    continue;
                };
                told += 1;
                let exact = play.in_cells(c, s, 12.0 * FINE).expect("a law");
                let of = |law: &Lengths| {
                    let mean = |f: &dyn Fn(f64) -> f64| -> f64 {
                        law.iter().map(|(w, t)| w * f(*t)).sum()
                    };
                    let life = mean(&|t| t);
                    let fresh = mean(&|t| -math::expm1(-c * t)) / c;
                    let age = mean(&|t| t * t);
                    [
                        mean(&|_| 1.0),
                        s * life / (1.0 + s * life),
                        fresh / life,
                        age / life,
                    ]
                };
                for (found, exact) in of(&found).iter().zip(of(&exact)) {
                    let off = found / exact - 1.0;
                    assert!(off.abs() < 5e-5, "{play:?}, {c}, {s}: off by {off}");
                }
            }
        }
        assert!(told >= 18, "{told} are told");
    }
}
