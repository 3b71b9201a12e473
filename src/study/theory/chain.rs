//! Markov chains in continuous time, over a measured part of their life: no long run is needed.

use super::setting::Setting;

/// Rates from state to state, and where it begins.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    rates: Vec<Vec<f64>>,
    start: Vec<f64>,
}

impl Chain {
    /// A chain of so many states without moves.
    pub(super) fn new(states: usize) -> Self {
        Self {
            rates: vec![vec![0.0; states]; states],
            start: vec![0.0; states],
        }
    }

    /// It moves so often a day.
    pub(super) fn moves(&mut self, from: usize, to: usize, per_day: f64) {
        if from != to {
            self.rates[from][to] += per_day;
            self.rates[from][from] -= per_day;
        }
    }

    /// It begins here with this chance.
    pub(super) fn begins(&mut self, state: usize, chance: f64) {
        self.start[state] += chance;
    }

    /// The share of the measured time that it is expected to spend in each state: the law at the end of the
    /// warm-up, and from there the upper half of the exponential of [[Q, 1], [0, 0]], which is ∫ e^(Qt) dt (C. F.
    /// Van Loan, "Computing integrals involving the matrix exponential", IEEE Trans. Automatic Control 23, 1978).
    pub(super) fn shares(&self, setting: &Setting<'_>) -> Vec<f64> {
        let n = self.start.len();
        let law = times(&self.start, &exponential(&self.rates, setting.warm));
        let mut wide = vec![vec![0.0; 2 * n]; 2 * n];
        for (i, row) in self.rates.iter().enumerate() {
            wide[i][..n].copy_from_slice(row);
            wide[i][n + i] = 1.0;
        }
        let wide = exponential(&wide, setting.days);
        let integral: Vec<Vec<f64>> = wide[..n].iter().map(|row| row[n..].to_vec()).collect();
        let days = times(&law, &integral);
        days.into_iter().map(|days| days / setting.days).collect()
    }
}

fn times(vector: &[f64], matrix: &[Vec<f64>]) -> Vec<f64> {
    let column = |j: usize| vector.iter().zip(matrix).map(|(x, row)| x * row[j]).sum();
    (0..matrix[0].len()).map(column).collect()
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    a.iter().map(|row| times(row, b)).collect()
}

/// e^(Mt): a power series where it is small, squared as often as needed.
fn exponential(matrix: &[Vec<f64>], t: f64) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let size = |row: &Vec<f64>| row.iter().map(|x| x.abs()).sum::<f64>();
    let size = matrix.iter().map(size).fold(0.0, f64::max) * t;
    let mut halvings = 0;
    let mut scale = t;
    let mut left = size;
    while left > 0.25 {
        left /= 2.0;
        scale /= 2.0;
        halvings += 1;
    }
    let small: Vec<Vec<f64>> = matrix
        .iter()
        .map(|row| row.iter().map(|x| x * scale).collect())
        .collect();
    let unit = |i: usize| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
    let mut term: Vec<Vec<f64>> = (0..n).map(unit).collect();
    let mut sum = term.clone();
    for k in 1..=14 {
        term = product(&term, &small);
        for (sum, term) in sum.iter_mut().flatten().zip(term.iter_mut().flatten()) {
            *term /= f64::from(k);
            *sum += *term;
        }
    }
    for _ in 0..halvings {
        sum = product(&sum, &sum);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::math;

    #[test]
    fn exponentials_of_two_states() {
        for (a, b, t) in [(1.0, 2.0, 0.3), (50.0, 3.0, 20.0), (0.0, 1.0, 5.0)] {
            let found = exponential(&[vec![-a, a], vec![b, -b]], t);
            let left = math::exp(-(a + b) * t);
            let exact = [(b + a * left) / (a + b), a * (1.0 - left) / (a + b)];
            for (found, exact) in found[0].iter().zip(exact) {
                assert!((found - exact).abs() < 1e-11, "{found}, not {exact}");
            }
        }
    }
}
