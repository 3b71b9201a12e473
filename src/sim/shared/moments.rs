//! What happens to all stays of a replicate, in the order of time.

use std::ops::Range;

use crate::sim::clock::Time;

/// Something happens to a stay: it is searched or due to be polled, or it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// Twice the stay's number; one more where it leaves.
    code: u32,
}

impl Moment {
    /// A stay is searched, or due to be polled.
    #[must_use]
    #[inline]
    pub fn met(at: Time, stay: u32) -> Self {
        let code = stay * 2;
        Self { at, code }
    }

    /// A stay leaves.
    #[must_use]
    #[inline]
    pub fn left(at: Time, stay: u32) -> Self {
        let code = stay * 2 + 1;
        Self { at, code }
    }

    /// The stay's number in the replicate.
    #[must_use]
    #[inline]
    pub fn stay(self) -> u32 {
        self.code / 2
    }

    /// Whether the stay leaves.
    #[must_use]
    #[inline]
    pub fn leaves(self) -> bool {
        self.code % 2 == 1
    }
}

/// The moments of one stretch of time, of which the end comes nearer where they are too many.
#[derive(Debug)]
pub struct Moments {
    from: Time,
    to: Time,
    most: usize,
    all: Vec<Moment>,
    scratch: Vec<Moment>,
}

impl Moments {
    /// None yet, of the time until `end`; at most so many at once, but for those of one instant.
    #[must_use]
    pub fn new(end: Time, most: usize) -> Self {
        Self {
            from: 0,
            to: end,
            most,
            all: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// When the stretch begins.
    #[must_use]
    pub fn from(&self) -> Time {
        self.from
    }

    /// When the stretch ends, as far as is known: what comes later is not taken.
    #[must_use]
    #[inline]
    pub fn to(&self) -> Time {
        self.to
    }

    /// Takes a moment, if it is of this stretch.
    #[inline]
    pub fn push(&mut self, moment: Moment) {
        if (self.from..self.to).contains(&moment.at) {
            self.all.push(moment);
            if self.all.len() > self.most {
                self.shorten();
            }
        }
    }

    /// Leaves the later half of the stretch for another.
    #[cold]
    fn shorten(&mut self) {
        while self.all.len() > self.most && self.to - self.from > 1 {
            self.to = self.from + (self.to - self.from) / 2;
            self.all.retain(|moment| moment.at < self.to);
        }
    }

    /// Goes on to the next stretch, as long as this one, but not beyond `end`; whether there is one.
    pub fn go_on(&mut self, end: Time) -> bool {
        let length = self.to - self.from;
        self.all.clear();
        self.from = self.to;
        self.to = end.min(self.from.saturating_add(length));
        self.from < end
    }

    /// Those of this stretch in the order of time, those of one instant in that of stays.
    pub fn in_order(&mut self) -> &[Moment] {
        let span = self.from..self.to;
        sort_by_time(&mut self.all, &mut self.scratch, span, |moment| {
            (moment.at, moment.code)
        });
        &self.all
    }
}

/// Puts in the order of time, and of numbers where the time is the same, what is within a span of it.
///
/// It is dealt out to short stretches first, so that what is compared is near each other in memory.
pub(super) fn sort_by_time<T: Copy>(
    all: &mut Vec<T>,
    scratch: &mut Vec<T>,
    span: Range<Time>,
    key: impl Fn(&T) -> (Time, u32),
) {
    let length = (span.end - span.start) as u64;
    let stretches = (all.len() / 4).next_power_of_two();
    let shift = (u64::BITS - length.leading_zeros()).saturating_sub(stretches.ilog2());
    let stretch = |item: &T| ((key(item).0 - span.start) as u64 >> shift) as usize;
    // Where each stretch begins; once it is dealt out, where it ends.
    let mut bounds = vec![0_u32; (length >> shift) as usize + 2];
    for item in &*all {
        bounds[stretch(item) + 1] += 1;
    }
    for index in 1..bounds.len() {
        bounds[index] += bounds[index - 1];
    }
    scratch.clear();
    scratch.extend_from_slice(all);
    for item in &*scratch {
        let place = &mut bounds[stretch(item)];
        all[*place as usize] = *item;
        *place += 1;
    }
    let mut from = 0;
    for to in bounds {
        let to = to as usize;
        all[from..to].sort_unstable_by_key(&key);
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::random::Key;

    /// Whatever the stretches, the moments are those of a plain sort.
    #[test]
    fn moments_come_in_order() {
        let end = 1 << 20;
        let some: Vec<Moment> = (0..3_000)
            .map(|index| {
                let key = Key::replicate(1, 0).at(index);
                // Crowded in places, and several at one instant.
                let at = (key.word() % (1 << 20)) as Time >> (key.at(0).word() % 12);
                let stay = (key.at(1).word() % 50) as u32;
                if key.at(2).happens(0.2) {
                    Moment::left(at, stay)
                } else {
                    Moment::met(at, stay)
                }
            })
            .collect();
        let mut sorted = some.clone();
        sorted.sort_unstable();
        for most in [10, 100, 2_999, 3_000] {
            let mut moments = Moments::new(end, most);
            let mut found = Vec::new();
            loop {
                some.iter().for_each(|moment| moments.push(*moment));
                found.extend_from_slice(moments.in_order());
                if !moments.go_on(end) {
                    break;
                }
            }
            assert_eq!(found, sorted, "{most} at once");
        }
        assert!(sorted.iter().any(|moment| moment.leaves()));
    }
}
