//! Distributions that reach results. Their own, because `rand_distr`'s follow the platform's transcendental
//! functions as soon as any crate in the graph asks for them; the trait is `rand_distr`'s.

use std::sync::LazyLock;

use rand::Rng;
use rand_distr::Distribution;

use super::math;
use super::random::Key;

/// A uniform number in [0, 1), a multiple of 2^-53.
#[inline]
fn unit<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A uniform number in (0, 1].
#[inline]
fn unit_above_zero<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    1.0 - unit(rng)
}

const LAYERS: usize = 256;

/// The layers of a ziggurat: G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random
/// variables", Journal of Statistical Software 5(8), 2000.
struct Ziggurat {
    /// Right edges, falling; the first is the base layer's area over the density at the tail's start.
    x: [f64; LAYERS + 1],
    /// The density at each edge.
    y: [f64; LAYERS + 1],
    /// Right edges over 2^53.
    scale: [f64; LAYERS + 1],
}

impl Ziggurat {
    fn new(tail: f64, area: f64, density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Self {
        let mut x = [0.0; LAYERS + 1];
        x[0] = area / density(tail);
        x[1] = tail;
        for i in 2..LAYERS {
            x[i] = inverse(area / x[i - 1] + density(x[i - 1]));
        }
        let y = x.map(density);
        let scale = x.map(|x| x / (1_u64 << 53) as f64);
        Self { x, y, scale }
    }

    /// A layer, and a point that is uniform from 0 to its right edge.
    #[inline]
    fn point<R: Rng + ?Sized>(&self, rng: &mut R) -> (usize, f64) {
        let word = rng.next_u64();
        let layer = (word & 0xff) as usize;
        (layer, (word >> 11) as f64 * self.scale[layer])
    }
}

static EXPONENTIAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    Ziggurat::new(
        7.697_117_470_131_05,
        0.003_949_659_822_581_572,
        |x| math::exp(-x),
        |y| -math::log(y),
    )
});

static NORMAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    Ziggurat::new(
        3.654_152_885_361_009,
        0.004_928_673_233_974_655,
        |x| math::exp(-x * x / 2.0),
        |y| math::sqrt(-2.0 * math::log(y)),
    )
});

/// Exponential with mean 1.
#[derive(Debug, Clone, Copy)]
pub struct Exponential;

impl Distribution<f64> for Exponential {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let z = &*EXPONENTIAL;
        let (layer, x) = z.point(rng);
        if x < z.x[layer + 1] {
            x
        } else {
            Self::at_the_edge(z, rng, (layer, x))
        }
    }
}

impl Exponential {
    /// The moments of a Poisson process of rate 1, by the words that follow from a key: so many as there is room
    /// for, and the one after them.
    #[inline]
    pub fn process(self, key: Key, moments: &mut [f64]) -> f64 {
        // Whether the layers are there is asked once for all.
        let z = &*EXPONENTIAL;
        let mut words = key.words();
        let mut gap = || {
            let (layer, x) = z.point(&mut words);
            if x < z.x[layer + 1] {
                return x;
            }
            // Of a copy, so that the words themselves can stay in a register.
            let mut after = words.clone();
            let x = Self::at_the_edge(z, &mut after, (layer, x));
            words = after;
            x
        };
        let mut at = 0.0;
        for moment in moments {
            at += gap();
            *moment = at;
        }
        at + gap()
    }

    /// Whether a point of a layer's edge, so high in it, is below the density.
    #[inline]
    fn is_below(z: &Ziggurat, layer: usize, x: f64, height: f64) -> bool {
        let (inner, outer) = (z.x[layer + 1], z.x[layer]);
        let (low, high) = (z.y[layer], z.y[layer + 1]);
        // The density is convex: below its chord, and above its tangent at the outer end. Few points are in between.
        if height * (outer - inner) >= outer - x {
            return false;
        }
        let y = low + (high - low) * height;
        y < low + low * (outer - x) || y < math::exp(-x)
    }

    /// What becomes of two points in a hundred: they are not within their layer for certain.
    #[cold]
    fn at_the_edge<R: Rng + ?Sized>(
        z: &Ziggurat,
        rng: &mut R,
        (mut layer, mut x): (usize, f64),
    ) -> f64 {
        let mut shift = 0.0;
        loop {
            if layer == 0 {
                // The tail of an exponential is an exponential.
                shift += z.x[1];
            } else if Self::is_below(z, layer, x, unit(rng)) {
                return shift + x;
            }
            (layer, x) = z.point(rng);
            if x < z.x[layer + 1] {
                return shift + x;
            }
        }
    }
}

/// Normal with mean 0 and variance 1.
#[derive(Debug, Clone, Copy)]
pub struct Normal;

impl Distribution<f64> for Normal {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let z = &*NORMAL;
        loop {
            let word = rng.next_u64();
            let i = (word & 0xff) as usize;
            let sign = if word & 0x100 == 0 { 1.0 } else { -1.0 };
            let x = (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64) * z.x[i];
            if x < z.x[i + 1] {
                return sign * x;
            }
            if i == 0 {
                // G. Marsaglia, "Generating a variable from the tail of the normal distribution",
                // Technometrics 6, 1964.
                loop {
                    let a = -math::log(unit_above_zero(rng)) / z.x[1];
                    let b = -math::log(unit_above_zero(rng));
                    if 2.0 * b > a * a {
                        return sign * (z.x[1] + a);
                    }
                }
            } else if z.y[i] + (z.y[i + 1] - z.y[i]) * unit(rng) < math::exp(-x * x / 2.0) {
                return sign * x;
            }
        }
    }
}

/// Gamma with this shape and mean 1: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma
/// variables", ACM TOMS 26, 2000.
#[derive(Debug, Clone, Copy)]
pub struct GammaOfMeanOne {
    /// The shape, above 0; the variance is its inverse.
    pub shape: f64,
}

impl Distribution<f64> for GammaOfMeanOne {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        // Below one, a gamma of shape + 1 is scaled by a power of a uniform (section 6).
        let lifted = if self.shape < 1.0 {
            self.shape + 1.0
        } else {
            self.shape
        };
        let d = lifted - 1.0 / 3.0;
        let c = 1.0 / math::sqrt(9.0 * d);
        let gamma = loop {
            let x = Normal.sample(rng);
            let base = 1.0 + c * x;
            if base <= 0.0 {
                continue;
            }
            let v = base * base * base;
            if math::log(unit_above_zero(rng)) < 0.5 * x * x + d - d * v + d * math::log(v) {
                break d * v;
            }
        };
        if self.shape < 1.0 {
            gamma * math::pow(unit_above_zero(rng), 1.0 / self.shape) / self.shape
        } else {
            gamma / self.shape
        }
    }
}

/// What inversion asks for again and again.
struct Inversion {
    /// e^-(k/64), up to a mean of 10.
    exps: [f64; 641],
    /// 1/1, 1/2, …
    inverses: [f64; 200],
}

static INVERSION: LazyLock<Inversion> = LazyLock::new(|| Inversion {
    exps: std::array::from_fn(|step| math::exp(-(step as f64) / 64.0)),
    inverses: std::array::from_fn(|count| 1.0 / (count + 1) as f64),
});

impl Inversion {
    /// e^-x for x from 0 to 10: of the nearest step below, and Taylor's series of the rest, which is right to the
    /// last bits.
    #[inline]
    fn exp_of_minus(&self, x: f64) -> f64 {
        let step = (x * 64.0) as usize;
        let rest = step as f64 / 64.0 - x;
        let mut series = 1.0;
        for inverse in self.inverses[..7].iter().rev() {
            series = 1.0 + series * rest * inverse;
        }
        self.exps[step.min(640)] * series
    }
}

/// Poisson: by inversion below 10, by W. Hörmann's PTRS above ("The transformed rejection method for
/// generating Poisson random variables", Insurance: Mathematics and Economics 12, 1993).
#[derive(Debug, Clone, Copy)]
pub struct Poisson {
    /// The mean, 0 or more.
    pub mean: f64,
}

impl Distribution<u64> for Poisson {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        if self.is_small() {
            self.invert(INVERSION.exp_of_minus(self.mean), unit(rng))
        } else {
            self.reject(rng)
        }
    }
}

/// A Poisson count about to be drawn. How long the draw itself takes nobody can guess, a processor neither: what can be
/// made ready for many counts before is made ready here.
#[derive(Debug, Clone, Copy)]
pub struct ReadyPoisson {
    law: Poisson,
    /// The chance of none, where the mean is small.
    none: f64,
    key: Key,
}

impl ReadyPoisson {
    /// The count: one word is enough for a small mean.
    #[must_use]
    #[inline]
    pub fn draw(&self) -> u64 {
        if self.law.is_small() {
            self.law.invert(self.none, self.key.unit())
        } else {
            self.law.reject(&mut self.key.stream())
        }
    }
}

impl Poisson {
    /// Makes ready the count with this key.
    #[must_use]
    #[inline]
    pub fn ready(self, key: Key) -> ReadyPoisson {
        let none = if self.is_small() {
            INVERSION.exp_of_minus(self.mean)
        } else {
            0.0
        };
        ReadyPoisson {
            law: self,
            none,
            key,
        }
    }

    #[inline]
    fn is_small(self) -> bool {
        self.mean < 10.0
    }

    /// The count up to which so much of the law lies; `none` is e^-mean.
    #[inline]
    fn invert(&self, none: f64, uniform: f64) -> u64 {
        let table = &*INVERSION;
        let mut left = uniform;
        let mut term = none;
        // The sum of the terms rounds to a little less than 1; far beyond any mean below 10 it stops.
        for (count, inverse) in (0..).zip(&table.inverses) {
            if left < term {
                return count;
            }
            left -= term;
            term *= self.mean * inverse;
        }
        table.inverses.len() as u64
    }

    fn reject<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        let root = math::sqrt(self.mean);
        let b = 0.931 + 2.53 * root;
        let a = -0.059 + 0.024_83 * b;
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = unit(rng) - 0.5;
            let v = unit_above_zero(rng);
            let us = 0.5 - u.abs();
            let k = math::floor((2.0 * a / us + b) * u + self.mean + 0.43);
            if us >= 0.07 && v <= v_r {
                return k as u64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            // Seldom.
            let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
            let bound = k * math::log(self.mean) - self.mean - math::ln_factorial(k as u64);
            if math::log(v * inverse_alpha / (a / (us * us) + b)) <= bound {
                return k as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What chord and tangent say is what the density says.
    #[test]
    fn edges_are_decided_as_by_the_density() {
        let z = &*EXPONENTIAL;
        for layer in 1..LAYERS {
            let (inner, outer) = (z.x[layer + 1], z.x[layer]);
            for across in 1..40 {
                let x = inner + (outer - inner) * f64::from(across) / 40.0;
                for step in 0..200 {
                    let height = (f64::from(step) + 0.5) / 200.0;
                    let y = z.y[layer] + (z.y[layer + 1] - z.y[layer]) * height;
                    let is_below = Exponential::is_below(z, layer, x, height);
                    assert_eq!(is_below, y < math::exp(-x), "layer {layer}: {x}, {y}");
                }
            }
        }
    }

    /// The first two moments, each as |z| < 4 over 200,000 draws against the law's own moments.
    fn moments(name: &str, mean: f64, variance: f64, fourth: f64, mut draw: impl FnMut() -> f64) {
        let n = 200_000;
        let (mut first, mut second) = (0.0, 0.0);
        for _ in 0..n {
            let d = draw() - mean;
            first += d;
            second += d * d;
        }
        let n = f64::from(n);
        let z_mean = first / (variance * n).sqrt();
        let z_variance = (second / n - variance) * n.sqrt() / (fourth - variance * variance).sqrt();
        assert!(z_mean.abs() < 4.0, "{name}: mean, z = {z_mean}");
        assert!(z_variance.abs() < 4.0, "{name}: variance, z = {z_variance}");
    }

    #[test]
    fn moments_are_those_of_the_law() {
        let mut rng = Key::replicate(1, 0).stream();
        moments("exponential", 1.0, 1.0, 9.0, || {
            Exponential.sample(&mut rng)
        });
        moments("normal", 0.0, 1.0, 3.0, || Normal.sample(&mut rng));
        for shape in [0.4, 1.0, 3.0] {
            let variance = 1.0 / shape;
            let fourth = variance * variance * (3.0 + 6.0 / shape);
            let gamma = GammaOfMeanOne { shape };
            moments("gamma", 1.0, variance, fourth, || gamma.sample(&mut rng));
        }
        for mean in [0.02, 1.0, 9.9, 10.0, 57.3, 12_345.0] {
            let poisson = Poisson { mean };
            moments("poisson", mean, mean, mean + 3.0 * mean * mean, || {
                poisson.sample(&mut rng) as f64
            });
            let mut keys = (0..).map(|ordinal| Key::replicate(4, 0).at(ordinal));
            moments("made ready", mean, mean, mean + 3.0 * mean * mean, || {
                poisson.ready(keys.next().expect("without end")).draw() as f64
            });
        }
    }

    #[test]
    fn nothing_is_drawn_of_no_mass() {
        let draw = |ordinal| {
            Poisson { mean: 0.0 }
                .ready(Key::replicate(1, 0).at(ordinal))
                .draw()
        };
        assert!((0..1000).all(|ordinal| draw(ordinal) == 0));
    }

    /// Moments of a Poisson process over the one after the last are uniform numbers in their order: of n, the i-th is
    /// beta with i and n + 1 - i.
    #[test]
    fn a_process_given_its_count_is_uniform() {
        let mut keys = (0..).map(|ordinal| Key::replicate(2, 0).at(ordinal));
        for n in [1_usize, 5, 32] {
            for i in [1, n.div_ceil(2), n] {
                let (a, b) = (i as f64, (n + 1 - i) as f64);
                let sum = a + b;
                let variance = a * b / (sum * sum * (sum + 1.0));
                let skewed = (a - b) * (a - b) * (sum + 1.0) - a * b * (sum + 2.0);
                let excess = 6.0 * skewed / (a * b * (sum + 2.0) * (sum + 3.0));
                let fourth = variance * variance * (3.0 + excess);
                let mut process = vec![0.0; n];
                moments("beta", a / sum, variance, fourth, || {
                    let key = keys.next().expect("without end");
                    let last = Exponential.process(key, &mut process);
                    process[i - 1] / last
                });
            }
        }
    }

    /// Within a few units in the last place of a number below 1, which is as close as the terms that follow keep it.
    #[test]
    fn the_exponential_of_inversion_is_exact() {
        for step in 0..=100_000 {
            let x = f64::from(step) * 1e-4;
            let (found, expected) = (INVERSION.exp_of_minus(x), math::exp(-x));
            let off = (found / expected - 1.0).abs();
            assert!(off < 4.0 * f64::EPSILON, "e^-{x}: {found} for {expected}");
        }
    }

    /// The share below chosen points, as |z| < 4: the shape between the moments, wedge and tail included.
    #[test]
    fn shares_below_points_are_those_of_the_law() {
        let mut rng = Key::replicate(2, 0).stream();
        let n = 400_000;
        let check = |name: &str, draws: &[f64], points: &[(f64, f64)]| {
            for (point, share) in points {
                let below = draws.iter().filter(|x| *x < point).count() as f64;
                let z = (below - n as f64 * share) / (n as f64 * share * (1.0 - share)).sqrt();
                assert!(z.abs() < 4.0, "{name} below {point}: z = {z}");
            }
        };
        let draws: Vec<f64> = (0..n).map(|_| Exponential.sample(&mut rng)).collect();
        let below = |x: f64| (x, 1.0 - math::exp(-x));
        check(
            "exponential",
            &draws,
            &[
                below(0.01),
                below(0.3),
                below(1.0),
                below(3.0),
                below(7.8),
                below(9.0),
            ],
        );
        let draws: Vec<f64> = (0..n).map(|_| Normal.sample(&mut rng)).collect();
        let below = |p: f64| (math::normal_quantile(p), p);
        check(
            "normal",
            &draws,
            &[
                below(0.0001),
                below(0.01),
                below(0.3),
                below(0.5),
                below(0.9),
                below(0.9999),
            ],
        );
    }
}
