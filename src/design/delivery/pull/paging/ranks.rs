//! How many keys below a key are in the list, and which is the k-th: P. M. Fenwick, "A new data structure
//! for cumulative frequency tables", Software: Practice and Experience 24, 1994.

/// The keys in a list, with their ranks. Each step takes time in the logarithm of the number of keys.
#[derive(Debug)]
pub(super) struct Ranks {
    listed: Vec<bool>,
    /// From 1 on; the i-th counts the last (i & −i) keys before key i.
    sums: Vec<u32>,
}

impl Ranks {
    pub(super) fn new(listed: &[bool]) -> Self {
        let mut sums: Vec<u32> = Vec::with_capacity(listed.len() + 1);
        sums.push(0);
        sums.extend(listed.iter().map(|listed| u32::from(*listed)));
        for i in 1..sums.len() {
            let above = i + lowest_bit(i);
            if above < sums.len() {
                sums[above] += sums[i];
            }
        }
        Self {
            listed: listed.to_vec(),
            sums,
        }
    }

    /// Puts a key into the list or takes it out; nothing happens where it is so already.
    pub(super) fn set(&mut self, key: u32, listed: bool) {
        let was = &mut self.listed[key as usize];
        if *was == listed {
            return;
        }
        *was = listed;
        let mut i = key as usize + 1;
        while i < self.sums.len() {
            if listed {
                self.sums[i] += 1;
            } else {
                self.sums[i] -= 1;
            }
            i += lowest_bit(i);
        }
    }

    /// How many keys below this one are in the list.
    pub(super) fn rank(&self, key: u32) -> u32 {
        let mut i = key as usize;
        let mut sum = 0;
        while i > 0 {
            sum += self.sums[i];
            i -= lowest_bit(i);
        }
        sum
    }

    /// The key in the list that has `rank` others below it. There must be one.
    pub(super) fn select(&self, rank: u32) -> u32 {
        let mut left = rank;
        let mut i = 0;
        let mut step = self.listed.len().next_power_of_two();
        while step > 0 {
            if let Some(sum) = self.sums.get(i + step)
                && *sum <= left
            {
                left -= sum;
                i += step;
            }
            step /= 2;
        }
        i as u32
    }
}

fn lowest_bit(i: usize) -> usize {
    i & i.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_counts(
            start in prop::collection::vec(any::<bool>(), 1..70),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..40),
        ) {
            let mut ranks = Ranks::new(&start);
            let mut listed = start;
            for (key, value) in changes {
                let key = key.index(listed.len());
                listed[key] = value;
                ranks.set(key as u32, value);
            }
            let mut count = 0;
            for (key, listed) in (0..).zip(&listed) {
                prop_assert_eq!(ranks.rank(key), count);
                if *listed {
                    prop_assert_eq!(ranks.select(count), key);
                    count += 1;
                }
            }
            prop_assert_eq!(ranks.rank(listed.len() as u32), count);
        }
    }
}
