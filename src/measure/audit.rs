//! What an audit saw in one replicate, in whole numbers: adding parts of the world in any order gives the same
//! bits.

use serde::{Deserialize, Serialize};

/// One audit's numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditTally {
    /// By wave: all stays.
    pub all: Waves,
    /// By wave: what is drawn from, with its weights.
    pub frame: Waves,
    /// By probe.
    pub answers: Answers,
}

impl AuditTally {
    /// Nothing yet, for so many waves of so many probes.
    #[must_use]
    pub fn new(waves: usize, probes: usize) -> Self {
        Self {
            all: Waves::new(waves),
            frame: Waves::new(waves),
            answers: Answers::new(probes),
        }
    }

    /// Adds another part of the same replicate.
    pub fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.frame.merge(&other.frame);
        self.answers.merge(&other.answers);
    }
}

/// How much there is at each wave, and how much of it is wrong: kept as differences until read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waves {
    there: Vec<i128>,
    wrong: Vec<i128>,
}

impl Waves {
    fn new(waves: usize) -> Self {
        Self {
            there: vec![0; waves + 1],
            wrong: vec![0; waves + 1],
        }
    }

    /// So much is there at these waves, and wrong or not.
    #[inline]
    pub fn add(&mut self, waves: std::ops::Range<usize>, weight: i128, wrong: bool) {
        if waves.start >= waves.end {
            return;
        }
        self.there[waves.start] += weight;
        self.there[waves.end] -= weight;
        if wrong {
            self.wrong[waves.start] += weight;
            self.wrong[waves.end] -= weight;
        }
    }

    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.there, &other.there),
            (&mut self.wrong, &other.wrong),
        ] {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
    }

    /// The share that is right at each wave; none where nothing is there.
    #[must_use]
    pub fn shares(&self) -> Vec<Option<f64>> {
        let (mut there, mut wrong) = (0, 0);
        let steps = self.there.iter().zip(&self.wrong);
        let mut shares: Vec<Option<f64>> = steps
            .map(|(of_there, of_wrong)| {
                there += of_there;
                wrong += of_wrong;
                (there > 0).then(|| (there - wrong) as f64 / there as f64)
            })
            .collect();
        shares.pop();
        shares
    }
}

/// The answer to each probe: none yet, wrong or right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    asked: Vec<u64>,
    right: Vec<u64>,
}

impl Answers {
    fn new(probes: usize) -> Self {
        let words = probes.div_ceil(64);
        Self {
            asked: vec![0; words],
            right: vec![0; words],
        }
    }

    /// A probe was answered.
    #[inline]
    pub fn set(&mut self, probe: u32, right: bool) {
        let (word, bit) = (probe as usize / 64, probe % 64);
        self.asked[word] |= 1 << bit;
        self.right[word] |= u64::from(right) << bit;
    }

    /// Whether a probe's answer was right; none where it was not asked.
    #[must_use]
    pub fn get(&self, probe: usize) -> Option<bool> {
        let (word, bit) = (probe / 64, probe % 64);
        let asked = self.asked.get(word)? >> bit & 1 == 1;
        asked.then(|| self.right[word] >> bit & 1 == 1)
    }

    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.asked.iter_mut().zip(&other.asked) {
            *mine |= theirs;
        }
        for (mine, theirs) in self.right.iter_mut().zip(&other.right) {
            *mine |= theirs;
        }
    }
}
