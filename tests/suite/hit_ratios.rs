//! Hit ratios of bounded caches under independent searches.

/// Popularities that fall as a power of the rank, summing to 1.
pub(crate) fn zipf(keys: u32, exponent: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=keys)
        .map(|rank| f64::from(rank).powf(-exponent))
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// FIFO and RANDOM hold a set with a chance proportional to the product of its popularities (King 1971,
/// Gelenbe 1973): of entry i, p_i e_{C−1}(without i) / e_C, with e the elementary symmetric polynomials.
pub(crate) fn product_form(p: &[f64], entries: usize) -> f64 {
    let symmetric = |without: usize| {
        let mut e = vec![0.0; entries + 1];
        e[0] = 1.0;
        for (_, p) in p.iter().enumerate().filter(|(i, _)| *i != without) {
            for k in (1..=entries).rev() {
                e[k] += p * e[k - 1];
            }
        }
        e
    };
    let all = symmetric(p.len())[entries];
    let held = |i: usize| p[i] * symmetric(i)[entries - 1] / all;
    (0..p.len()).map(|i| p[i] * held(i)).sum()
}

/// King (1971): LRU holds i₁, …, i_C, the last used first, with the chance Π p_{i_k} / (1 − p_{i_1} − … −
/// p_{i_{k−1}}). Summed over all orders.
pub(crate) fn king(p: &[f64], entries: usize) -> f64 {
    fn sum(p: &[f64], left: usize, chance: f64, held: &mut Vec<usize>) -> f64 {
        let mass: f64 = held.iter().map(|i| p[*i]).sum();
        if left == 0 {
            return chance * mass;
        }
        (0..p.len())
            .map(|i| {
                if held.contains(&i) {
                    return 0.0;
                }
                held.push(i);
                let part = sum(p, left - 1, chance * p[i] / (1.0 - mass), held);
                held.pop();
                part
            })
            .sum()
    }
    sum(p, entries, 1.0, &mut Vec::new())
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
