//! Randomness that depends on what is drawn, never on the order in which code happens to draw.
//!
//! A [`Key`] is a hash of (seed, replicate, purpose, entity, ordinal). Where one word is needed, the key is
//! the word (a counter-based generator); where a sequence is needed, it seeds Xoshiro256++ (D. Blackman,
//! S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021). World keys carry no
//! design; a design's keys carry the name of the feed they serve, so twin designs draw alike.

use std::convert::Infallible;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{SeedableRng, TryRng};

/// The one generator of sequences.
pub type Stream = Xoshiro256PlusPlus;

/// What a draw is for. The numbers are part of every result: never reuse or change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The life of a textbook item.
    Flips = 1,
    /// When travellers search.
    Searches = 2,
    /// What a hotel is: rooms, kind, size.
    Hotel = 3,
    /// Booking requests.
    Requests = 4,
    /// Cancellations.
    Cancellations = 5,
    /// Close-outs, re-openings, rate updates.
    Supplier = 6,
    /// What multiplies a textbook item's rates.
    Rates = 7,
    /// Restrictions of rate plans.
    Plans = 8,
    /// When a hotel joins and leaves the board.
    OnBoard = 9,
    /// When polls happen.
    Polls = 16,
    /// Latency of a message or poll.
    Latency = 17,
    /// Loss of a message or poll.
    Loss = 18,
    /// Which live answers are observed.
    Observed = 19,
    /// When entries are purged.
    Purges = 20,
    /// Which sold-out answers are explored.
    Explored = 21,
    /// Which searches bypass the copy.
    Bypassed = 22,
    // 23 is not used any longer.
    /// Which messages a leak takes.
    Leak = 24,
    /// Which answers a bug turns round.
    Wrong = 25,
    /// Which messages arrive twice.
    Duplicate = 26,
    /// Lifetimes that are drawn.
    Lifetimes = 27,
    /// Where in its order a dataset's build reads a stay.
    Place = 28,
    /// Checks of datasets before they are published.
    Gate = 29,
    /// How long a consumer works on a message.
    Service = 30,
    /// Calls to another region.
    Calls = 31,
    /// Incidents of components.
    Incidents = 32,
    /// Evictions by chance.
    Evictions = 33,
    /// Who is asked by an audit.
    Audit = 34,
}

/// The name of a random stream or of one random word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

/// 2^64 divided by the golden ratio, odd: the step of SplitMix64.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 with the constants of D. Stafford's variant 13: a bijection in which each
/// bit of the input flips each bit of the output with a chance close to one half.
#[inline]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Key {
    /// The key of one replicate of a scenario.
    #[must_use]
    pub fn replicate(seed: u64, replicate: u32) -> Self {
        Self(0).at(seed).at(u64::from(replicate))
    }

    /// Narrowed to a purpose.
    #[must_use]
    #[inline]
    pub fn purpose(self, purpose: Purpose) -> Self {
        // From the far end, where no ordinal comes.
        self.at(u64::MAX - purpose as u64)
    }

    /// Narrowed to a name.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        // The top bit keeps names apart from ordinals.
        let length = name.len() as u64 | 1 << 63;
        name.as_bytes()
            .chunks(8)
            .fold(self.at(length), |key, chunk| {
                let word = chunk
                    .iter()
                    .rev()
                    .fold(0, |word, byte| (word << 8) | u64::from(*byte));
                key.at(word)
            })
    }

    /// Narrowed to an entity or an ordinal: that value of SplitMix64 started at this key (G. L. Steele,
    /// D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
    #[must_use]
    #[inline]
    pub fn at(self, ordinal: u64) -> Self {
        let step = ordinal.wrapping_add(1).wrapping_mul(GAMMA);
        Self(mix(self.0.wrapping_add(step)))
    }

    /// The key as one random word.
    #[must_use]
    #[inline]
    pub fn word(self) -> u64 {
        self.0
    }

    /// The key as a number in [0, 1), a multiple of 2^-53.
    #[must_use]
    #[inline]
    pub fn unit(self) -> f64 {
        (self.0 >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Whether an event of this chance happens.
    #[must_use]
    #[inline]
    pub fn happens(self, chance: f64) -> bool {
        self.unit() < chance
    }

    /// The words that follow from this key, one for each ordinal: for few of them, as there is nothing to make ready.
    #[must_use]
    #[inline]
    pub fn words(self) -> Words {
        Words { state: self.0 }
    }

    /// The sequence with this name.
    #[must_use]
    #[inline]
    pub fn stream(self) -> Stream {
        Stream::seed_from_u64(self.0)
    }
}

/// SplitMix64 started at a key: the words of its ordinals, in order.
#[derive(Debug, Clone)]
pub struct Words {
    state: u64,
}

impl TryRng for Words {
    type Error = Infallible;

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.state = self.state.wrapping_add(GAMMA);
        Ok(mix(self.state))
    }

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// Successes in `trials` fair trials, exactly: the bits of the key are the coins, or of words hashed from it where it
/// has too few.
#[must_use]
#[inline]
pub fn half(key: Key, trials: u64) -> u64 {
    let heads = |key: Key, trials: u64| u64::from((key.word() >> (64 - trials)).count_ones());
    if trials == 0 {
        return 0;
    }
    if trials <= 64 {
        return heads(key, trials);
    }
    let whole = trials / 64;
    let rest = trials % 64;
    let tossed = (0..whole).map(|counter| heads(key.at(counter), 64));
    let last = if rest > 0 {
        heads(key.at(whole), rest)
    } else {
        0
    };
    tossed.sum::<u64>() + last
}

/// Successes in `trials` trials of chance `chance` / 2^64, exactly.
///
/// Each trial compares a uniform binary fraction with the chance, bit by bit from the top. At each bit the
/// trials still undecided split by a fair coin; those whose bit differs from the chance's are decided.
/// About log2(trials) + 2 rounds leave none.
#[must_use]
pub fn binomial(key: Key, trials: u64, chance: u64) -> u64 {
    let mut successes = 0;
    let mut undecided = trials;
    for bit in (0..64_u32).rev() {
        if undecided == 0 || chance << (63 - bit) == 0 {
            // No lower bit of the chance is set: a trial that has matched so far is not below it.
            break;
        }
        let ones = half(key.at(u64::from(bit) | 1 << 32), undecided);
        if (chance >> bit) & 1 == 1 {
            successes += undecided - ones;
            undecided = ones;
        } else {
            undecided -= ones;
        }
    }
    successes
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn names_and_ordinals_separate_streams() {
        let root = Key::replicate(42, 0);
        let keys = [
            root.name("poll").word(),
            root.name("poll ").word(),
            root.name("").word(),
            root.at(0).word(),
            root.at(1).word(),
            root.purpose(Purpose::Flips).word(),
            Key::replicate(43, 0).word(),
            Key::replicate(42, 1).word(),
            root.word(),
        ];
        for (i, a) in keys.iter().enumerate() {
            assert!(keys[..i].iter().all(|b| b != a), "key {i} collides");
        }
    }

    /// Means of neighbouring seeds are uncorrelated: |z| of the sample correlation stays below 4.
    #[test]
    fn neighbouring_seeds_do_not_correlate() {
        let draws = 100_000;
        let uniform = |seed: u64| Key::replicate(seed, 0).purpose(Purpose::Flips).unit() - 0.5;
        let products: f64 = (0..draws)
            .map(|seed| uniform(seed) * uniform(seed + 1))
            .sum();
        let z = products * 12.0 / f64::from(u32::try_from(draws).unwrap()).sqrt();
        assert!(z.abs() < 4.0, "z = {z}");
    }

    /// The mean and the variance of the exact binomial, each as |z| < 4 over 20,000 draws.
    #[test]
    fn binomials_have_their_mean_and_variance() {
        for (trials, p) in [(1_u64, 0.3), (7, 0.5), (64, 0.01), (65, 0.9), (1000, 0.123)] {
            let chance = (p * 18_446_744_073_709_551_616.0) as u64;
            let root = Key::replicate(trials, 7);
            let n = 20_000_u32;
            let mean = trials as f64 * p;
            let variance = mean * (1.0 - p);
            let (mut first, mut second, mut fourth) = (0.0, 0.0, 0.0);
            for i in 0..n {
                let d = binomial(root.at(u64::from(i)), trials, chance) as f64 - mean;
                first += d;
                second += d * d;
                fourth += d * d * d * d;
            }
            let n = f64::from(n);
            let z_mean = first / (variance * n).sqrt();
            let spread = (fourth / n - (second / n) * (second / n)).sqrt();
            let z_variance = (second / n - variance) * n.sqrt() / spread;
            assert!(
                z_mean.abs() < 4.0,
                "mean of Bin({trials}, {p}): z = {z_mean}"
            );
            assert!(
                z_variance.abs() < 4.0,
                "variance of Bin({trials}, {p}): z = {z_variance}"
            );
        }
    }

    #[test]
    fn words_are_those_of_the_ordinals() {
        let key = Key::replicate(3, 1);
        let mut words = key.words();
        assert!((0..100).all(|ordinal| words.next_u64() == key.at(ordinal).word()));
        let mut bytes = [0; 11];
        key.words().fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], key.at(0).word().to_le_bytes());
        assert_eq!(bytes[8..], key.at(1).word().to_le_bytes()[..3]);
    }

    #[test]
    fn certain_and_impossible_trials() {
        let key = Key::replicate(1, 1);
        assert_eq!(binomial(key, 1000, 0), 0);
        assert_eq!(half(key, 0), 0);
        assert_eq!(key.stream().next_u64(), key.stream().next_u64());
    }
}
