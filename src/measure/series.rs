//! Curves over time, hour by hour after the warm-up: exact integrals, not samples.

use crate::sim::clock::{HOUR, Time};

/// Time spent in a state, by hour. A long stretch costs no more than a short one: whole hours are kept as
/// differences until read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourlyTime {
    /// Microseconds in partly covered hours.
    parts: Vec<i64>,
    /// Change of the number of stretches that cover the whole hour.
    steps: Vec<i64>,
}

impl HourlyTime {
    /// For so much measured time.
    #[must_use]
    pub fn new(measured: Time) -> Self {
        let hours = hours(measured);
        Self {
            parts: vec![0; hours],
            steps: vec![0; hours + 1],
        }
    }

    /// Adds the stretch `from..to`, counted from the end of the warm-up.
    #[inline]
    pub fn add(&mut self, from: Time, to: Time) {
        if from >= to {
            return;
        }
        let first = (from / HOUR) as usize;
        let last = ((to - 1) / HOUR) as usize;
        if first == last {
            self.parts[first] += to - from;
        } else {
            self.parts[first] += (first as Time + 1) * HOUR - from;
            self.parts[last] += to - last as Time * HOUR;
            self.steps[first + 1] += 1;
            self.steps[last] -= 1;
        }
    }

    /// Adds another's time.
    pub fn merge(&mut self, other: &Self) {
        add_all(&mut self.parts, &other.parts);
        add_all(&mut self.steps, &other.steps);
    }

    /// Microseconds in each hour.
    pub fn hours(&self) -> impl Iterator<Item = i64> + '_ {
        self.parts
            .iter()
            .zip(&self.steps)
            .scan(0, |whole, (part, step)| {
                *whole += step;
                Some(part + *whole * HOUR)
            })
    }
}

/// The integral of something that grows with time (staleness), by hour: doubled, to stay whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourlyRamp(Vec<i128>);

impl HourlyRamp {
    /// For so much measured time.
    #[must_use]
    pub fn new(measured: Time) -> Self {
        Self(vec![0; hours(measured)])
    }

    /// Adds ∫ (t − origin) dt over `from..to`, all counted from the end of the warm-up.
    pub fn add(&mut self, origin: Time, from: Time, to: Time) {
        let mut at = from;
        while at < to {
            let hour = at / HOUR;
            let next = to.min((hour + 1) * HOUR);
            self.0[hour as usize] += doubled_ramp(at - origin, next - origin);
            at = next;
        }
    }

    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }

    /// Twice the integral in each hour.
    pub fn doubled(&self) -> impl Iterator<Item = i128> + '_ {
        self.0.iter().copied()
    }
}

/// Twice ∫ x dx from `low` to `high`: whole, and exact.
#[must_use]
#[inline]
pub fn doubled_ramp(low: Time, high: Time) -> i128 {
    i128::from(high - low) * i128::from(high + low)
}

fn hours(measured: Time) -> usize {
    (measured as u64).div_ceil(HOUR as u64) as usize
}

fn add_all(mine: &mut [i64], theirs: &[i64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_fill_the_hours_they_cover() {
        let mut time = HourlyTime::new(5 * HOUR);
        time.add(HOUR / 2, 4 * HOUR + 7);
        time.add(HOUR, 2 * HOUR);
        time.add(3, 3);
        time.add(4 * HOUR, 5 * HOUR);
        let hours: Vec<i64> = time.hours().collect();
        assert_eq!(hours, [HOUR / 2, 2 * HOUR, HOUR, HOUR, HOUR + 7]);
    }

    #[test]
    fn ramps_add_up_over_hours() {
        let mut ramp = HourlyRamp::new(5 * HOUR);
        ramp.add(-HOUR, HOUR / 3, 4 * HOUR + 11);
        assert_eq!(
            ramp.doubled().sum::<i128>(),
            doubled_ramp(HOUR / 3 + HOUR, 5 * HOUR + 11)
        );
    }
}
