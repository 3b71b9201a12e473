//! What a wave says: an estimate of the accuracy over all stays, and an interval around it.
//!
//! Where every stay has the same chance, the share of right answers with Wilson's interval (E. B. Wilson,
//! "Probable inference", JASA 22, 1927; L. D. Brown et al., "Interval estimation for a binomial proportion",
//! Statistical Science 16, 2001). Where units were drawn by searches and are weighed back, one less the
//! estimated share of wrong ones, each counted with the inverse of its chance (M. H. Hansen, W. N. Hurwitz,
//! "On the theory of sampling from finite populations", Annals of Mathematical Statistics 14, 1943), with
//! Student's t. Where they are not weighed back, the share of right answers among what is searched, taken for
//! what it is not: the accuracy over all stays.

use super::{Alert, Frame, Planned, Sample};
use crate::measure::audit::AuditTally;
use crate::measure::estimate::student;
use crate::measure::values::AuditOutcome;
use crate::sim::clock::{HOUR, Time};
use crate::sim::math;
use crate::sim::mishap::Window;

/// What one wave says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// When.
    pub at: Time,
    /// The estimate; none where nobody was asked.
    pub estimate: Option<f64>,
    /// The interval around it.
    pub interval: Option<[f64; 2]>,
    /// The accuracy over all stays at that moment.
    pub truth: Option<f64>,
    /// The accuracy over the frame.
    pub frame: Option<f64>,
    /// Probes.
    pub probes: u64,
}

/// What the waves of an audit say, from the tally of a whole replicate.
#[must_use]
pub fn waves(sample: &Sample, planned: &Planned, tally: &AuditTally) -> Vec<Said> {
    let truths = tally.all.shares();
    let frames = tally.frame.shares();
    let waves = planned.units.iter().enumerate().zip(truths).zip(frames);
    waves
        .map(|(((wave, units), truth), frame)| {
            let first = wave * planned.size as usize;
            let answers = (0..units.len()).filter_map(|unit| {
                let right = tally.answers.get(first + unit)?;
                Some((units[unit].chance, right))
            });
            let answers: Vec<(f64, bool)> = answers.collect();
            let weighed = sample.frame == Frame::Searches && sample.weigh;
            let (estimate, interval) = if weighed {
                weighed_back(&answers, planned.stays[wave], sample.confidence.get())
            } else {
                alike(&answers, sample.confidence.get())
            };
            Said {
                at: planned.at(wave),
                estimate,
                interval,
                truth,
                frame,
                probes: answers.len() as u64,
            }
        })
        .collect()
}

type Estimated = (Option<f64>, Option<[f64; 2]>);

fn alike(answers: &[(f64, bool)], confidence: f64) -> Estimated {
    if answers.is_empty() {
        return (None, None);
    }
    let n = answers.len() as f64;
    let right = answers.iter().filter(|(_, right)| *right).count() as f64;
    (Some(right / n), Some(wilson(right / n, n, confidence)))
}

/// Wilson's interval of a share of `n`.
#[must_use]
pub fn wilson(share: f64, n: f64, confidence: f64) -> [f64; 2] {
    let z = math::normal_quantile(0.5 + confidence / 2.0);
    let centre = share + z * z / (2.0 * n);
    let reach = z * math::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    let scale = 1.0 + z * z / n;
    [
        ((centre - reach) / scale).max(0.0),
        ((centre + reach) / scale).min(1.0),
    ]
}

fn weighed_back(answers: &[(f64, bool)], stays: u64, confidence: f64) -> Estimated {
    if answers.is_empty() || stays == 0 {
        return (None, None);
    }
    let n = answers.len() as f64;
    let wrong = |(chance, right): &(f64, bool)| {
        if *right {
            0.0
        } else {
            1.0 / (chance * stays as f64)
        }
    };
    let mean = answers.iter().map(wrong).sum::<f64>() / n;
    if answers.len() < 2 {
        return (Some(1.0 - mean), None);
    }
    let squares: f64 = answers
        .iter()
        .map(|answer| (wrong(answer) - mean) * (wrong(answer) - mean))
        .sum();
    let reach = student((1.0 - confidence) / 2.0, answers.len() as u32 - 1)
        * math::sqrt(squares / (n - 1.0) / n);
    (
        Some(1.0 - mean),
        Some([1.0 - mean - reach, 1.0 - mean + reach]),
    )
}

/// An alert at a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    /// When the wave was.
    pub at: Time,
    /// Since which wave the alert has been up without a break.
    pub since: Time,
}

/// The alerts of an audit: one at each wave at which it is up.
pub fn alerts<'a>(
    alert: Option<&'a Alert>,
    waves: &'a [Said],
) -> impl Iterator<Item = Raised> + 'a {
    let mut in_a_row = 0;
    let mut since = None;
    waves.iter().filter_map(move |said| {
        let alert = alert?;
        let below = said
            .estimate
            .is_some_and(|estimate| estimate < alert.below.get());
        in_a_row = if below { in_a_row + 1 } else { 0 };
        let is_up = in_a_row >= alert.in_a_row.get();
        since = is_up.then(|| since.unwrap_or(said.at));
        since.map(|since| Raised { at: said.at, since })
    })
}

/// Hours from the beginning of a fault to the first alert that is of it; nothing if that came when it was over.
pub fn noticed_after_h(fault: &Window, alerts: impl Iterator<Item = Raised>) -> Option<f64> {
    let first = fault.noticed(alerts)?;
    Some((first - fault.from) as f64 / HOUR as f64)
}

/// The power with which a change is to be seen.
const POWER: f64 = 0.8;

/// How many stays a fresh random sample needs for a fall from one share to another between two waves to be seen:
/// two-sided test at 5 %, power 80 % (J. L. Fleiss, B. Levin, M. C. Paik, "Statistical methods for rates and
/// proportions", 3rd ed., section 4.2, without the correction for continuity).
#[must_use]
pub fn sample_size(from: f64, to: f64) -> f64 {
    let mean = f64::midpoint(from, to);
    let alike = math::sqrt(2.0 * mean * (1.0 - mean));
    let apart = math::sqrt(from * (1.0 - from) + to * (1.0 - to));
    let (z, power) = (math::normal_quantile(0.975), math::normal_quantile(POWER));
    let root = (z * alike + power * apart) / (from - to);
    root * root
}

/// The fall between two waves that is seen with power 80 %, of an audit whose changes from wave to wave spread
/// so much while nothing happens.
#[must_use]
pub fn smallest_fall(change_sd: f64) -> f64 {
    (math::normal_quantile(0.975) + math::normal_quantile(POWER)) * change_sd
}

/// What an audit was worth in one replicate; `faults` are the stretches in which something was wrong.
#[must_use]
pub fn outcome(sample: &Sample, waves: &[Said], faults: &[Window], days: f64) -> AuditOutcome {
    let both = || {
        waves
            .iter()
            .filter_map(|said| Some((said.estimate?, said.truth?, said)))
    };
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (sum, count) =
            values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
        (count > 0).then(|| sum / f64::from(count))
    };
    let spread = |values: &[f64]| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        (values.len() > 1).then(|| math::sqrt(squares / (n - 1.0)))
    };
    let estimates: Vec<f64> = both().map(|(estimate, ..)| estimate).collect();
    let changes: Vec<f64> = estimates.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let raised: Vec<Raised> = alerts(sample.alert.as_ref(), waves).collect();
    let after = |fault: &Window| noticed_after_h(fault, raised.iter().copied());
    let has_alert = sample.alert.is_some();
    let detected = faults.iter().filter(|fault| after(fault).is_some()).count();
    let rises = raised.iter().filter(|raised| raised.at == raised.since);
    let quiet = |at: Time| {
        !faults
            .iter()
            .any(|fault| (fault.from..fault.to).contains(&at))
    };
    let false_alarms = rises.filter(|rise| quiet(rise.at)).count();
    let frames = waves
        .iter()
        .filter_map(|said| Some(said.frame? - said.truth?));
    let covered = both().filter_map(|(_, truth, said)| {
        let [low, high] = said.interval?;
        Some(f64::from(u8::from(low <= truth && truth <= high)))
    });
    let probes: u64 = waves.iter().map(|said| said.probes).sum();
    AuditOutcome {
        estimate: mean(&mut estimates.iter().copied()),
        bias: mean(&mut both().map(|(estimate, truth, _)| estimate - truth)),
        frame_gap: mean(&mut frames.into_iter()),
        sd: spread(&estimates),
        change_sd: spread(&changes),
        interval_covers: mean(&mut covered.into_iter()),
        detect_after_h: mean(&mut faults.iter().filter_map(after)).filter(|_| has_alert),
        detected: (has_alert && !faults.is_empty()).then(|| detected as f64 / faults.len() as f64),
        false_alarms: has_alert.then_some(false_alarms as f64),
        probes_per_day: Some(probes as f64 / days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::random::{Key, binomial};

    /// Of two samples of the size that is said, four in five tell the fall (z test of two proportions, pooled):
    /// 20,000 pairs, so that a power of 80 % is found within 0.0028 (one standard error; tolerance four). The
    /// formula is itself asymptotic, and off by less than that here.
    #[test]
    fn samples_of_the_size_that_is_said_see_the_fall() {
        let (from, to) = (0.97, 0.95);
        let size = libm::ceil(sample_size(from, to)) as u64;
        assert_eq!(size, 1_506);
        let chance = |share: f64| (share * 18_446_744_073_709_551_616.0) as u64;
        let n = size as f64;
        let key = Key::replicate(11, 0);
        let pairs = 20_000_u32;
        let seen = (0..pairs).filter(|pair| {
            let drawn = |share: f64, half: u64| {
                binomial(key.at(u64::from(*pair)).at(half), size, chance(share)) as f64 / n
            };
            let (before, after) = (drawn(from, 0), drawn(to, 1));
            let mean = f64::midpoint(before, after);
            let error = (2.0 * mean * (1.0 - mean) / n).sqrt();
            ((before - after) / error).abs() > math::normal_quantile(0.975)
        });
        let power = seen.count() as f64 / f64::from(pairs);
        assert!((power - POWER).abs() < 4.0 * 0.0028, "{power}");
    }

    /// Two fresh samples differ by noise of √(2p(1 − p)/n): the fall they see is the one that asks for their size.
    #[test]
    fn the_smallest_fall_asks_for_the_sample_that_sees_it() {
        let (share, n) = (0.96, 1_506.0);
        let change_sd = math::sqrt(2.0 * share * (1.0 - share) / n);
        let fall = smallest_fall(change_sd);
        let size = sample_size(share + fall / 2.0, share - fall / 2.0);
        assert!((size / n - 1.0).abs() < 0.01, "{size}");
    }
}
