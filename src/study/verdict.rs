//! A few plain sentences made from the numbers: what wins on what, by how much, how sure, what it rests on,
//! and which price would overturn it.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::breakeven::{self, BreakEven};
use super::{Sample, frontier, warnings};
use crate::design::audit::estimate;
use crate::measure::estimate::{Estimate, replicates_for};
use crate::measure::metrics::{Better, Unit};
use crate::measure::path::MetricPath;
use crate::report::results::{AudienceResults, Expected, Judgement, Sentence, Standing, Verdict};
use crate::report::size::Sizes;
use crate::report::{human, readable};
use crate::scenario::Scenario;
use crate::scenario::prices::Price;

/// A price that has to change by more than this factor overturns nothing that is worth saying.
const FAR: f64 = 100.0;

/// The verdict on a comparison.
pub(super) fn of(
    sample: &Sample,
    scenario: &Scenario,
    resolved: &Json,
    standings: &[Standing],
    audiences: &[AudienceResults],
    expect: &[Expected],
) -> Verdict {
    let teller = Teller {
        sample,
        options: sample.options(),
    };
    let mut sentences = Vec::new();
    let mut say = |about: &str, text: Option<String>| {
        sentences.extend(text.map(|text| Sentence {
            about: about.to_owned(),
            text,
        }));
    };
    if teller.options.len() > 1 {
        let [accuracy, staleness, running] = frontier::criteria(sample);
        let total = breakeven::total(sample);
        let sizes = Sizes::of(resolved);
        let of_size = |what: &str| match &sizes {
            Some(sizes) => format!("{what}, for {}", sizes.represented),
            None => what.to_owned(),
        };
        say(
            "accuracy",
            teller.leads(&accuracy, "Over stays", "is right most often"),
        );
        let searches = MetricPath::of("search_accuracy");
        say(
            "search_accuracy",
            teller.leads(&searches, "Over searches", "is right most often"),
        );
        let lost = MetricPath::of("lost_bookings");
        say(
            "lost_bookings",
            teller.leads(&lost, "Of bookings", "loses fewest"),
        );
        say(
            "staleness_s",
            teller.leads(&staleness, "In staleness", "is lowest"),
        );
        say(
            "running_cost",
            teller.leads(&running, &of_size("In running cost a day"), "is cheapest"),
        );
        say(
            "total_cost",
            teller.leads(&total, &of_size("With the cost of errors"), "is cheapest"),
        );
        say("break_even", teller.break_even(&total, scenario));
        say("frontier", front(standings, sample.outcomes.len()));
    }
    for design in &teller.options {
        for said in teller.audits(*design) {
            say("audits", Some(said));
        }
    }
    for audience in audiences {
        say("audiences", fit(audience));
    }
    say("basis", basis(resolved, sample.outcomes.len()));
    Verdict {
        sentences,
        warnings: warnings::all(sample, scenario, expect),
    }
}

struct Teller<'s> {
    sample: &'s Sample,
    /// The designs that can be chosen.
    options: Vec<usize>,
}

impl Teller<'_> {
    fn name(&self, design: usize) -> String {
        human::quoted(&self.sample.designs[design].name)
    }

    /// The options in which a number is defined, the best first.
    fn ranked(&self, path: &MetricPath) -> Vec<(usize, Estimate)> {
        let estimate = |option: &usize| Some((*option, self.sample.estimate(*option, path)?));
        let mut ranked: Vec<(usize, Estimate)> = self.options.iter().filter_map(estimate).collect();
        ranked.sort_by(|(_, one), (_, other)| {
            let order = one.mean.total_cmp(&other.mean);
            if path.better() == Better::Higher {
                order.reverse()
            } else {
                order
            }
        });
        ranked
    }

    /// Which option is best in something, by how much, and how sure that is.
    fn leads(&self, path: &MetricPath, over: &str, is_best: &str) -> Option<String> {
        let ranked = self.ranked(path);
        let [(best, estimate), (next, _), ..] = ranked[..] else {
            return None;
        };
        let mut shown = readable::show(&estimate, path.unit()).both();
        // What costs least may be right least often.
        let right = self.sample.estimate(best, &MetricPath::of("accuracy"));
        if let Some(right) = right.filter(|_| path.unit() == Unit::UsdPerDay) {
            let right = readable::show(&right, Unit::Share).mean;
            let _ = write!(shown, ", with an accuracy of {right}");
        }
        let (rival, gap) = self.hardest_rival(best, &ranked[1..], path)?;
        let by = human::difference(path.unit(), gap.mean, gap.ci95).both();
        let (best, next, rival_name) = (self.name(best), self.name(next), self.name(rival));
        let sure = match gap.ci95 {
            None => format!("{best} {is_best} ({shown}), {by} against {next}"),
            Some([low, high]) if low == 0.0 && high == 0.0 => {
                format!("{best} and {rival_name} are alike ({shown})")
            }
            Some([low, high]) if low > 0.0 || high < 0.0 => {
                format!("{best} {is_best} ({shown}), {by} against {rival_name}")
            }
            Some(_) => {
                let needed = gap.sd.and_then(|sd| replicates_for(sd, gap.mean.abs()));
                let needed = needed.map_or_else(
                    || "no number of replicates that is worth running would".to_owned(),
                    |needed| format!("about {} replicates would", human::whole(needed.into())),
                );
                format!("{best} and {rival_name} cannot be told apart ({shown}; {by}): {needed}")
            }
        };
        Some(format!("{over}, {sure}."))
    }

    /// Of the others, the one from which the best is told apart least surely, and the paired difference.
    fn hardest_rival(
        &self,
        best: usize,
        others: &[(usize, Estimate)],
        path: &MetricPath,
    ) -> Option<(usize, Estimate)> {
        let gap = |other: usize| self.sample.difference(best, other, path);
        let next = others.first().map(|(next, _)| *next)?;
        let doubtful = others.iter().find_map(|(other, _)| {
            let gap = gap(*other)?;
            let [low, high] = gap.ci95?;
            (low <= 0.0 && 0.0 <= high).then_some((*other, gap))
        });
        match doubtful {
            Some(rival) => Some(rival),
            None => Some((next, gap(next)?)),
        }
    }

    /// The price that has to change least for the cheapest option to be so no more.
    fn break_even(&self, total: &MetricPath, scenario: &Scenario) -> Option<String> {
        let ranked = self.ranked(total);
        let (best, _) = *ranked.first()?;
        let mut nearest: Option<(f64, usize, Price, BreakEven)> = None;
        for (other, _) in &ranked[1..] {
            for name in crate::scenario::Prices::NAMES {
                let pair = (best, *other);
                let Some(found) = breakeven::of_price(self.sample, pair, &scenario.prices, name)
                else {
                    continue;
                };
                let price = scenario.prices.by_name(name)?;
                let Some(at) = found.at.filter(|at| *at > 0.0 && price.usd > 0.0) else {
                    continue;
                };
                let factor = (at / price.usd).max(price.usd / at);
                if nearest.as_ref().is_none_or(|(least, ..)| factor < *least) {
                    nearest = Some((factor, *other, price, found));
                }
            }
        }
        let Some((_, other, price, found)) = nearest.filter(|(factor, ..)| *factor <= FAR) else {
            return Some(format!(
                "No single price, a hundredfold up or down, makes another design cheaper than {}.",
                self.name(best)
            ));
        };
        Some(format!(
            "{} stays cheaper than {} while {}.",
            self.name(best),
            self.name(other),
            crate::report::breakeven::holds_while(price, &found)
        ))
    }

    /// What the audits of a design say of it, a sentence each, after the truth.
    fn audits(&self, design: usize) -> Vec<String> {
        let audits = &self.sample.designs[design].audits;
        let name = self.name(design);
        let said: Vec<String> = (audits.iter())
            .filter_map(|audit| self.audit(design, &audit.name))
            .collect();
        let truth = self.sample.estimate(design, &MetricPath::of("accuracy"));
        let Some(truth) = truth.filter(|_| !said.is_empty()) else {
            return Vec::new();
        };
        let truth = readable::show(&truth, Unit::Share).both();
        let truth = format!("{name} is right for {truth} of stays; this is what its audits say.");
        std::iter::once(truth).chain(said).collect()
    }

    /// What an audit says, how far it is off, and what it is worth.
    fn audit(&self, design: usize, audit: &str) -> Option<String> {
        let of = |key: &str| {
            let path = MetricPath::of_audit(audit, key);
            self.sample.estimate(design, &path)
        };
        let percent = |share: f64| format!("{} %", libm::round(share * 100.0));
        let estimate = human::value(Unit::Share, of("estimate")?.mean);
        let bias = of("bias")?;
        let off = human::difference(Unit::Difference, bias.mean, bias.ci95).both();
        let mut parts = vec![format!("says {estimate}, off by {off}")];
        parts.extend(of("interval_covers").map(|covers| {
            let held = percent(covers.mean);
            format!("its interval holds the truth in {held} of waves")
        }));
        parts.extend(of("change_sd").map(|change| {
            let fall = estimate::smallest_fall(change.mean);
            let fall = human::value(Unit::Difference, fall);
            format!("it sees falls of {fall} from one wave to the next")
        }));
        parts.extend(of("detected").map(|detected| match of("detect_after_h") {
            Some(after) => {
                let after = readable::show(&after, Unit::Count).both();
                let share = percent(detected.mean);
                format!("it noticed {share} of the faults, after {after} hours")
            }
            None => "it noticed no fault".to_owned(),
        }));
        Some(format!("{} {}.", human::quoted(audit), parts.join("; ")))
    }
}

/// Which designs stand on the frontier.
fn front(standings: &[Standing], replicates: usize) -> Option<String> {
    let chance = |standing: &Standing| {
        let wins = libm::round(standing.probability * replicates as f64);
        format!(
            "{} (in {wins} of {replicates} replicates)",
            human::quoted(&standing.design)
        )
    };
    let on: Vec<String> = (standings.iter().filter(|standing| standing.undominated))
        .map(chance)
        .collect();
    let beaten: Vec<String> = standings
        .iter()
        .filter(|standing| !standing.undominated)
        .map(|standing| {
            let by = standing.dominated_by.iter();
            let by: Vec<String> = by.map(|name| human::quoted(name)).collect();
            format!(
                "{} by {}",
                human::quoted(&standing.design),
                human::list(&by)
            )
        })
        .collect();
    if beaten.is_empty() {
        return Some(
            "In accuracy, staleness and running cost together no design beats another: each is a choice."
                .to_owned(),
        );
    }
    let on = human::list(&on);
    Some(format!(
        "In accuracy, staleness and running cost together nothing beats {on}; beaten in all three: {}.",
        human::list(&beaten)
    ))
}

/// For whom the designs are fit.
fn fit(audience: &AudienceResults) -> Option<String> {
    let with = |verdict: Judgement, word: &str| {
        let names: Vec<String> = audience
            .designs
            .iter()
            .filter(|fitness| fitness.verdict == Some(verdict))
            .map(|fitness| human::quoted(&fitness.design))
            .collect();
        (!names.is_empty()).then(|| format!("{word}: {}", human::list(&names)))
    };
    let parts: Vec<String> = [
        with(Judgement::Held, "fit"),
        with(Judgement::Missed, "unfit"),
        with(Judgement::Undecided, "undecided"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return None;
    }
    let mut misleading: Vec<String> = Vec::new();
    for by in audience
        .designs
        .iter()
        .flat_map(|fitness| &fitness.misled_by)
    {
        if !misleading.contains(&by.metric) {
            misleading.push(by.metric.clone());
        }
    }
    let misled = if misleading.is_empty() {
        String::new()
    } else {
        format!("; misled by {}", human::list(&misleading))
    };
    Some(format!(
        "For {}, {}{misled}.",
        audience.name,
        parts.join("; ")
    ))
}

/// Where the inputs come from, and how often all was repeated.
fn basis(resolved: &Json, replicates: usize) -> Option<String> {
    let mut counts = [("assumed", 0_u32), ("published", 0), ("measured", 0)];
    count(resolved, &mut counts);
    let stated: Vec<String> = counts
        .iter()
        .filter(|(_, times)| *times > 0)
        .map(|(basis, times)| format!("{times} {basis}"))
        .collect();
    let inputs = if stated.is_empty() {
        "no input whose basis is stated".to_owned()
    } else {
        format!("inputs that are said to be {}", human::list(&stated))
    };
    let replicates = match replicates {
        1 => "one replicate".to_owned(),
        replicates => format!("{replicates} replicates, each the same world for all designs"),
    };
    Some(format!("All this rests on {inputs}, and on {replicates}."))
}

fn count(value: &Json, counts: &mut [(&str, u32); 3]) {
    match value {
        Json::Object(members) => {
            if let Some(basis) = members.get("basis").and_then(Json::as_str) {
                for (kind, times) in counts.iter_mut() {
                    *times += u32::from(basis.starts_with(*kind));
                }
            }
            members.values().for_each(|value| count(value, counts));
        }
        Json::Array(items) => items.iter().for_each(|value| count(value, counts)),
        _ => {}
    }
}
