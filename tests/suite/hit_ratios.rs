//! Hit ratios of bounded caches under independent searches.

/// Popularities that fall as a power of the rank, summing to 1.
pub(crate) fn zipf(keys: u32, exponent: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=keys)
        .map(|rank| f64::from(rank).powf(-exponent))
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Che's approximation: each entry lives T searches beyond its last, with Σ (1 − e^(−p_i T)) = C.
pub(crate) fn che(p: &[f64], entries: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e9);
    for _ in 0..200 {
        let t = (low + high) / 2.0;
        let held: f64 = p.iter().map(|p| -(-p * t).exp_m1()).sum();
        if held < entries { low = t } else { high = t }
    }
    p.iter().map(|p| -p * (-p * low).exp_m1()).sum()
}
