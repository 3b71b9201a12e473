//! Room for so many entries, searched independently; misses ask live and entries never die.
//!
//! FIFO and RANDOM hold a set with a chance proportional to the product of its popularities (W. F. King III,
//! "Analysis of demand paging algorithms", IFIP Congress 1971; E. Gelenbe, IEEE Transactions on Computers 22(6),
//! 1973); LRU as King says, by the order of last searches, which takes a sum over all orders; LFU that counts for
//! ever holds the most popular once there are enough counts. Of larger LRU and of SIEVE no exact form is known.

use super::setting::Setting;
use super::{Known, Said, demand};
use crate::design::cache::capacity::Evict;
use crate::design::cache::{Capacity, Ttl};
use crate::design::serving::OnMiss;

pub(super) fn of(setting: &Setting<'_>) -> Option<Known> {
    let capacity = setting.design.cache.capacity.as_ref()?;
    let alone = setting.design.feeds.is_empty();
    (alone && setting.design.serving.on_miss == OnMiss::AskLive).then(|| known(setting, capacity))
}

fn known(setting: &Setting<'_>, capacity: &Capacity) -> Known {
    let cache = &setting.design.cache;
    let lives_on = matches!(cache.ttl, Ttl::None) && cache.sold_out_ttl.is_none();
    demand(
        lives_on && setting.purges() == 0.0,
        "entries die in a bounded cache",
    )?;
    setting.demand_ranks()?;
    let keys = setting.stays as usize;
    let entries = capacity.entries.get() as usize;
    demand(entries < keys, "there is room for all")?;
    let alike = [1.0];
    let weights: Vec<f64> = match &setting.weights[..] {
        of if of == alike => vec![1.0; keys],
        of => of.to_vec(),
    };
    let p: Vec<f64> = weights.iter().map(|w| w / keys as f64).collect();
    let reads = setting.stays * setting.reads();
    let warm = reads * setting.warm;
    let (hit, formula) = match capacity.evict {
        Evict::Fifo | Evict::Random => {
            demand(
                keys * entries <= 1_000_000,
                "the sum over what may be held is too long",
            )?;
            (
                product_form(&p, entries),
                "Σ p_i P(i is held); sets weigh by the product of their p",
            )
        }
        Evict::Lru => {
            let orders = (0..entries).map(|k| (keys - k) as f64).product::<f64>();
            demand(orders <= 1e6, "the sum over all orders is too long")?;
            (king(&p, entries), "Σ over orders of Π p_i/(1 − p before)")
        }
        Evict::Lfu => {
            // So many standard deviations are the counts of the last held and the first not held apart.
            let (last, first) = (p[entries - 1] * warm, p[entries] * warm);
            let apart = (last - first) / crate::sim::math::sqrt(last + first);
            demand(apart >= 6.0, "counts do not tell the most popular yet")?;
            (p[..entries].iter().sum(), "Σ p_i over the most popular")
        }
        Evict::Sieve => return Err("no closed form of SIEVE is known".to_owned()),
    };
    demand(
        warm * (1.0 - hit) >= 20.0 * entries as f64,
        "the warm-up does not turn the cache over 20 times",
    )?;
    demand(
        setting.are_many(setting.days * reads * hit),
        "there are too few hits for a ratio of them",
    )?;
    let mut said = Said::new("King, IFIP 1971; Gelenbe, IEEE Trans. Computers 22(6), 1973");
    said.say("hit_ratio", hit, formula)
        .say("blocking_misses", 1.0 - hit, "1 − hit_ratio")
        .say(
            "coverage",
            entries as f64 / keys as f64,
            "entries / stays: it is full",
        )
        .say(
            "counts_per_day/searches",
            reads,
            "stays × searches of each a day",
        )
        .say(
            "counts_per_day/asks_miss",
            reads * (1.0 - hit),
            "misses a day",
        );
    Ok(said.all)
}

/// The hit ratio of FIFO and RANDOM with popularities that sum to 1: of entry i, p_i e_{C−1}(without i)/e_C, with e
/// the elementary symmetric polynomials. Those without i are the products of those before it and behind it.
#[must_use]
pub fn product_form(p: &[f64], entries: usize) -> f64 {
    // Of popularities around 1, so that no product leaves the range of numbers.
    let keys = p.len() as f64;
    let p: Vec<f64> = p.iter().map(|p| p * keys).collect();
    let with = |e: &[f64], p: f64| -> Vec<f64> {
        let grown = e.iter().enumerate();
        grown
            .map(|(k, e_k)| e_k + if k > 0 { p * e[k - 1] } else { 0.0 })
            .collect()
    };
    let mut one = vec![0.0; entries + 1];
    one[0] = 1.0;
    let mut behind = vec![one.clone()];
    for p in p.iter().rev() {
        let next = with(&behind[behind.len() - 1], *p);
        behind.push(next);
    }
    let all = behind[p.len()][entries];
    let mut before = one;
    let mut hit = 0.0;
    for (i, p_i) in p.iter().enumerate() {
        let rest = &behind[p.len() - 1 - i];
        let without: f64 = (0..entries)
            .map(|k| before[k] * rest[entries - 1 - k])
            .sum();
        hit += p_i * p_i * without / all;
        before = with(&before, *p_i);
    }
    hit / p.len() as f64
}

/// The hit ratio of LRU with popularities that sum to 1: it holds i₁, …, i_C, the last used first, with the chance
/// Π p_{i_k}/(1 − p_{i_1} − … − p_{i_{k−1}}). Summed over all orders.
#[must_use]
pub fn king(p: &[f64], entries: usize) -> f64 {
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
