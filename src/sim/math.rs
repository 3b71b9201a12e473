//! Transcendental functions that give the same bits on every machine.
//!
//! The platform's own differ between native code and WebAssembly; `libm` is compiled with us and is pinned.
//! The engine calls these alone; clippy forbids the others.

pub use libm::{exp, expm1, floor, log, log1p, pow, sqrt};

/// From here to its double, floating numbers are the whole ones: a sum is rounded to one, and its last bits say which.
const FIRST: f64 = 4_503_599_627_370_496.0;

/// The whole number nearest to one from 0 (or less than a quarter below) to 2^52, without a cast's look at what no whole
/// number can be.
#[must_use]
#[inline]
pub fn nearest(x: f64) -> i64 {
    ((x + FIRST).to_bits() as i64).wrapping_sub(FIRST.to_bits() as i64)
}

/// The nearest whole number likewise, where its last bits are enough, which `mask` has.
#[must_use]
#[inline(always)]
pub fn nearest_bits(x: f64, mask: usize) -> usize {
    (x + FIRST).to_bits() as usize & mask
}

/// The lesser of two numbers: one instruction, where `f64::min`, which says what becomes of no number, is some, and in
/// WebAssembly a call.
#[must_use]
#[inline(always)]
pub fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greater of two numbers, likewise.
#[must_use]
#[inline(always)]
pub fn greatest(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The standard normal distribution function.
#[must_use]
pub fn normal_share_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x / core::f64::consts::SQRT_2)
}

/// The inverse of the standard normal distribution function, for p in (0, 1).
///
/// P. J. Acklam's rational approximation (relative error below 1.2e-9), refined by one step of Halley's
/// method on `erfc`, which brings it to within a few units in the last place.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    let tail = |q: f64| {
        let top = ((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5];
        top / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    let x = if p < 0.024_25 {
        tail(sqrt(-2.0 * log(p)))
    } else if p > 1.0 - 0.024_25 {
        -tail(sqrt(-2.0 * log(1.0 - p)))
    } else {
        let q = p - 0.5;
        let r = q * q;
        let top = ((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5];
        top * q / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    };
    let error = normal_share_below(x) - p;
    let step = error * sqrt(2.0 * core::f64::consts::PI) * exp(x * x / 2.0);
    x - step / (1.0 + x * step / 2.0)
}

/// ln n!, exact to the last places: a table below 16, Stirling's series above.
#[must_use]
pub fn ln_factorial(n: u64) -> f64 {
    if n < 16 {
        let product: u64 = (1..=n).product();
        return log(product as f64);
    }
    let x = n as f64;
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    (x + 0.5) * log(x) - x
        + 0.918_938_533_204_672_7
        + inverse
            * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_whole_number_is_found() {
        for whole in [0, 1, 2, 511, 512, 86_400_000_000, 1 << 50, (1 << 52) - 2] {
            let x = whole as f64;
            assert_eq!(nearest(x), whole);
            for part in [-0.24, -1e-3, 1e-3, 0.375] {
                assert_eq!(nearest(x + part), whole, "{x} + {part}");
            }
        }
    }

    #[test]
    fn quantiles_match_the_tables() {
        for (p, z) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.99, 2.326_347_874_040_841),
            (1e-6, -4.753_424_308_822_899),
        ] {
            assert!(
                (normal_quantile(p) - z).abs() < 1e-12,
                "{p}: {}",
                normal_quantile(p)
            );
        }
    }

    #[test]
    fn factorials_agree_where_table_and_series_meet() {
        let summed: f64 = (1..=40_u32).map(|n| log(f64::from(n))).sum();
        assert!((ln_factorial(40) - summed).abs() < 1e-10);
        assert!((ln_factorial(15) - 27.899_271_383_840_89).abs() < 1e-12);
    }
}
