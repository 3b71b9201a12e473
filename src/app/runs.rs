//! Runs of earlier: the one before the last change, and those that the reader keeps. Both lie behind the charts.

use std::collections::BTreeSet;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};

use super::state::Shown;
use super::talk::{self, Change};
use crate::design::{Design, Fault};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::{self, Unit};
use crate::measure::path::MetricPath;
use crate::report::results::{DesignResults, Judgement, Results, Verdict};
use crate::report::size::Sizes;
use crate::report::{hash, human, readable};
use crate::scenario::presets::{self, Preset};
use crate::scenario::{Scenario, text};

/// Where kept runs are stored.
pub const KEY: &str = "stayfresh.runs";

/// The most runs that are kept.
pub const MOST: usize = 6;

/// The most kept runs behind the charts at once: more cannot be told apart.
pub const MOST_SHOWN: usize = 3;

/// The most bytes of a stored run, unpacked.
const MOST_BYTES: usize = 32 << 20;

/// How hard a stored run is packed.
const LEVEL: u8 = 6;

/// What the run before the last change is called.
const BEFORE: &str = "before";

/// Runs of earlier.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// The last settled run before the last change.
    pub before: Option<Shown>,
    /// Those that are kept, in the order in which they were.
    pub kept: Vec<Kept>,
    /// Whether the browser has room for them.
    pub are_stored: bool,
    /// How many were ever kept.
    count: u32,
}

impl Default for Runs {
    fn default() -> Self {
        Self {
            before: None,
            kept: Vec::new(),
            are_stored: true,
            count: 0,
        }
    }
}

/// A run that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its number, which stays the same.
    pub id: u32,
    /// What it is called.
    pub name: Rc<str>,
    /// The preset that its scenario started from.
    pub preset: &'static Preset,
    /// Its results.
    pub shown: Shown,
    /// Its place behind the charts, if it is there: 1 and up.
    pub slot: Option<usize>,
}

/// What the reader does with them.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The run before the last change is in the way.
    Dismiss,
    /// The results that are shown are kept.
    Keep,
    /// A kept run is called something else.
    Name(u32, Rc<str>),
    /// It lies behind the charts, or no longer does.
    Show(u32),
    /// Its scenario is gone back to.
    Return(u32),
    /// It is kept no longer.
    Remove(u32),
    /// They were kept at an earlier visit; numbers and places are given now.
    Restore(Vec<Kept>),
    /// Whether the browser had room for them.
    AreStored(bool),
}

/// A run behind the charts.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// What it is called.
    pub name: Rc<str>,
    /// What was different then, in a few words.
    pub about: Rc<str>,
    /// Its place, which gives its dots.
    pub slot: usize,
    /// Its results.
    pub shown: Shown,
}

impl Runs {
    /// The text of `shown` changes: if it had settled, it is what comes after is compared with.
    pub(super) fn leave(&mut self, shown: Option<&Shown>, text: &str) {
        let settled = shown.filter(|shown| shown.done == shown.parts && *shown.text == *text);
        if let Some(settled) = settled {
            self.before = Some(settled.clone());
        }
    }

    /// What can be done without the rest of the page's state.
    pub(super) fn take(&mut self, event: Event, shown: Option<&Shown>, preset: &'static Preset) {
        match event {
            Event::Dismiss => self.before = None,
            Event::Keep => {
                if let Some(shown) = shown.filter(|shown| self.can_keep(shown)) {
                    self.count += 1;
                    let name = self.name(shown, preset);
                    self.kept.push(Kept {
                        id: self.count,
                        name: name.into(),
                        preset,
                        shown: shown.clone(),
                        slot: self.free(),
                    });
                }
            }
            Event::Name(id, name) => {
                if let Some(kept) = self.of_mut(id) {
                    kept.name = name;
                }
            }
            Event::Show(id) => {
                let free = self.free();
                if let Some(kept) = self.of_mut(id) {
                    kept.slot = if kept.slot.is_some() { None } else { free };
                }
            }
            Event::Remove(id) => self.kept.retain(|kept| kept.id != id),
            Event::AreStored(are_stored) => self.are_stored = are_stored,
            Event::Return(_) => {}
            Event::Restore(kept) => {
                for kept in kept.into_iter().take(MOST) {
                    self.count += 1;
                    let id = self.count;
                    // A small number is a place of its own.
                    let has_place = kept.slot.is_some() && id as usize <= MOST_SHOWN;
                    let slot = has_place.then_some(id as usize);
                    self.kept.push(Kept { id, slot, ..kept });
                }
            }
        }
    }

    /// The kept run of that number.
    #[must_use]
    pub fn of(&self, id: u32) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.id == id)
    }

    fn of_mut(&mut self, id: u32) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.id == id)
    }

    /// A free place behind the charts.
    fn free(&self) -> Option<usize> {
        let is_taken = |slot: &usize| self.kept.iter().any(|kept| kept.slot == Some(*slot));
        (1..=MOST_SHOWN).find(|slot| !is_taken(slot))
    }

    /// Whether one more can lie behind the charts.
    #[must_use]
    pub fn has_room_behind(&self) -> bool {
        self.free().is_some()
    }

    /// Whether these results are kept already.
    #[must_use]
    pub fn has(&self, shown: &Shown) -> bool {
        self.kept.iter().any(|kept| is_same(&kept.shown, shown))
    }

    /// Whether results can be kept: all of a run, once, while there is room.
    #[must_use]
    pub fn can_keep(&self, shown: &Shown) -> bool {
        shown.done == shown.parts && self.kept.len() < MOST && !self.has(shown)
    }

    /// What differs from the preset, if that can be said in short; else a number.
    fn name(&self, shown: &Shown, preset: &'static Preset) -> String {
        const MOST: usize = 40;
        let changes = preset
            .read()
            .map(|document| talk::between(&document.scenario, &shown.scenario))
            .unwrap_or_default();
        let name = match &changes[..] {
            [only] => said(only, false),
            _ => String::new(),
        };
        let is_free = self.kept.iter().all(|kept| *kept.name != *name);
        if !name.is_empty() && name.chars().count() <= MOST && is_free {
            name
        } else {
            format!("Run {}", self.count)
        }
    }

    /// The runs behind charts of these results: not those with the very same numbers, nor those of which no design
    /// is left.
    #[must_use]
    pub fn behind(&self, shown: &Shown) -> Vec<Behind> {
        let before = self.before.as_ref();
        let before = before.map(|before| (Rc::from(BEFORE), 0, before));
        let kept = self.kept.iter();
        let kept = kept.filter_map(|of| Some((of.name.clone(), of.slot?, &of.shown)));
        let can_compare = |then: &Shown| {
            let names = |shown: &Shown| -> Vec<String> {
                let designs = shown.scenario.designs.iter();
                designs.map(|design| design.name.clone()).collect()
            };
            let now = names(shown);
            !is_same(then, shown) && names(then).iter().any(|name| now.contains(name))
        };
        let all = before.into_iter().chain(kept);
        let all = all.filter(|(_, _, then)| can_compare(then));
        let all = all.map(|(name, slot, then)| Behind {
            name,
            about: differs(&shown.scenario, &then.scenario).into(),
            slot,
            shown: then.clone(),
        });
        all.collect()
    }
}

/// What a change of the scenario came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What changed, where forms have a word for it.
    pub what: Option<String>,
    /// What it did to the design that it is about, where that is one; and what is cheapest, before and after.
    pub comes_to: String,
}

impl Moved {
    /// What came of the change between two runs, once both are whole.
    #[must_use]
    pub fn between(before: &Shown, now: &Shown) -> Option<Self> {
        let is_whole = |shown: &Shown| shown.done == shown.parts;
        if !is_whole(before) || !is_whole(now) {
            return None;
        }
        let own = edited(&before.scenario, &now.scenario).and_then(|name| own(before, now, &name));
        let comes_to = comes_to(before, now, own.is_some())?;
        let what = moved(&before.scenario, &now.scenario);
        // Whose numbers they are may have been said.
        let own = own.map(|(name, told)| match &what {
            Some(what) if what.contains(&name) => told,
            _ => format!("{name}: {told}"),
        });
        Some(Self {
            what,
            comes_to: own.map_or_else(|| comes_to.clone(), |own| format!("{own}; {comes_to}")),
        })
    }
}

/// The design that a change is about, where it is about one alone.
fn edited(before: &Scenario, now: &Scenario) -> Option<String> {
    let common = (before.seed, before.run, &before.world, before.prices);
    if common != (now.seed, now.run, &now.world, now.prices) {
        return None;
    }
    let designs = before.compared();
    let other = |of: &&Design| !designs.contains(of);
    let mut edited: Vec<String> = now
        .compared()
        .iter()
        .filter(other)
        .map(|of| of.name.clone())
        .collect();
    let others = |of: &[Fault], than: &[Fault]| -> Vec<Fault> {
        of.iter()
            .filter(|fault| !than.contains(fault))
            .cloned()
            .collect()
    };
    let faults = [
        others(&before.faults, &now.faults),
        others(&now.faults, &before.faults),
    ];
    for fault in faults.concat() {
        edited.push(fault.of_design()?.scope().design?.to_owned());
    }
    edited.sort_unstable();
    edited.dedup();
    edited.pop().filter(|_| edited.is_empty())
}

/// A design, and what became of its accuracy and of all that it costs; nothing where neither moved.
fn own(before: &Shown, now: &Shown, name: &str) -> Option<(String, String)> {
    let (was, is) = (before.results.design(name), now.results.design(name)?);
    let told = [
        ("accuracy", "accuracy", ""),
        ("total_usd_per_day", "total cost", " a day"),
    ];
    let told = told.into_iter().filter_map(|(key, title, each)| {
        let metric = metrics::by_key(key)?;
        let show = |of: &DesignResults| {
            let path = of.at_size(metric);
            Some((readable::show(&of.estimate(&path)?, metric.unit).mean, path))
        };
        let (says, path) = show(is)?;
        let size = Sizes::of(&now.results.scenario).and_then(|sizes| sizes.said(&path));
        let each = size.map_or_else(|| each.to_owned(), |size| format!("{each} {size}"));
        match was.and_then(show) {
            Some((said, _)) if said == says => None,
            Some((said, _)) => Some(format!("{title} {said} → {says}{each}")),
            None => Some(format!("{title} {says}{each}")),
        }
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| (human::quoted(name), told.join(", ")))
}

/// The cheapest design to run.
struct Cheapest {
    name: String,
    cost: Estimate,
    path: MetricPath,
    results: Rc<Results>,
}

impl Cheapest {
    /// Of the designs that can be chosen, those that are fit for all audiences; of all, where nobody needs anything.
    fn of(shown: &Shown) -> Option<Self> {
        let results = &shown.results;
        let fits = |name: &str| {
            let said = results.audiences.iter().flat_map(|of| &of.designs);
            let mut said = said.filter(|of| of.design == name);
            said.all(|of| of.verdict.is_none_or(|verdict| verdict == Judgement::Held))
        };
        let designs = shown.scenario.designs.iter();
        let designs = designs.filter(|design| fits(&design.name));
        let designs = designs.filter_map(|design| {
            let found = results.design(&design.name)?;
            let path = found.at_size(metrics::by_key("cost_usd_per_day")?);
            Some(Self {
                name: design.name.clone(),
                cost: found.estimate(&path)?,
                path,
                results: Rc::clone(results),
            })
        });
        designs.min_by(|one, other| one.cost.mean.total_cmp(&other.cost.mean))
    }

    fn cost(&self) -> String {
        readable::show(&self.cost, self.path.unit()).mean
    }

    /// Whether it costs less than another for sure, as far as that is known.
    fn is_clearly_below(&self, other: &str) -> bool {
        let of = self
            .results
            .difference(&self.name, other, &self.path.to_string());
        let interval = of.and_then(|difference| difference.ci95);
        interval.is_none_or(|[low, high]| low > 0.0 || high < 0.0)
    }

    /// How right it is over stays: what stands first on its card.
    fn right(&self) -> Option<String> {
        right(&self.results, &self.name).map(|(_, right)| right)
    }

    fn size(&self) -> String {
        let size = Sizes::of(&self.results.scenario).and_then(|sizes| sizes.said(&self.path));
        size.map_or_else(String::new, |size| format!(" {size}"))
    }
}

/// How right a design is over stays, and how that reads.
fn right(results: &Results, design: &str) -> Option<(f64, String)> {
    let estimate = *results.design(design)?.metrics.get("accuracy")?;
    let said = readable::show(&estimate, Unit::Share).mean;
    Some((estimate.mean, said))
}

/// Of the designs, that whose accuracy moved most, if any is seen to move.
fn most_moved(before: &Shown, now: &Shown) -> Option<String> {
    let designs = now.scenario.designs.iter();
    let moved = designs.filter_map(|design| {
        let (was, said) = right(&before.results, &design.name)?;
        let (is, says) = right(&now.results, &design.name)?;
        let told = format!("{}, accuracy {said} → {says}", human::quoted(&design.name));
        (said != says).then(|| ((is - was).abs(), told))
    });
    let most = moved.max_by(|(one, _), (other, _)| one.total_cmp(other));
    most.map(|(_, told)| told)
}

/// What is cheapest, before and after; shorter where more is told before.
fn comes_to(before: &Shown, now: &Shown, in_short: bool) -> Option<String> {
    let is_needed = |shown: &Shown| {
        let said = shown.results.audiences.iter().flat_map(|of| &of.designs);
        said.into_iter().any(|of| of.verdict.is_some())
    };
    let what = match &now.scenario.designs[..] {
        [_] => "running cost of",
        _ if is_needed(now) => "cheapest that fits",
        _ => "cheapest to run",
    };
    match (Cheapest::of(before), Cheapest::of(now)) {
        (Some(was), Some(is)) if was.name == is.name => {
            let name = human::quoted(&is.name);
            if in_short && now.scenario.designs.len() > 1 {
                return Some(format!("{what} is still {name}"));
            }
            let name = if now.scenario.designs.len() == 1 {
                format!("{what} {name}")
            } else {
                format!("{what} is still {name}")
            };
            let right = was.right().zip(is.right());
            let right = right.filter(|(was, is)| was != is);
            // What leaves the cheapest as it was may still do something to another.
            let right = match right {
                Some((was, is)) => format!(", accuracy {was} → {is}"),
                None => {
                    most_moved(before, now).map_or_else(String::new, |told| format!("; {told}"))
                }
            };
            let (was, cost) = (was.cost(), is.cost());
            let cost = if was == cost {
                format!("{cost} a day{} as before", is.size())
            } else {
                format!("{was} → {cost} a day{}", is.size())
            };
            Some(format!("{name}, {cost}{right}"))
        }
        // What could be chance makes nobody the cheapest.
        (Some(was), Some(is)) if !is.is_clearly_below(&was.name) => Some(format!(
            "{what} are {} and {}, which cannot be told apart",
            human::quoted(&is.name),
            human::quoted(&was.name)
        )),
        (Some(was), Some(is)) => Some(format!(
            "{what} is now {}, {} a day{}; it was {}, {}",
            human::quoted(&is.name),
            is.cost(),
            is.size(),
            human::quoted(&was.name),
            was.cost()
        )),
        (Some(was), None) => Some(format!(
            "no design fits any more; the cheapest that did was {}, {} a day{}",
            human::quoted(&was.name),
            was.cost(),
            was.size()
        )),
        (None, Some(is)) => Some(format!(
            "{what} is now {}, {} a day{}; before, none did",
            human::quoted(&is.name),
            is.cost(),
            is.size()
        )),
        (None, None) => None,
    }
}

/// What a sentence said before, from the clause on where it differs; nothing where it says the same.
#[must_use]
pub fn said_before(was: &str, now: &str) -> Option<String> {
    if was == now {
        return None;
    }
    let words: Vec<&str> = was.split(' ').collect();
    let alike = words.iter().zip(now.split(' '));
    let alike = alike.take_while(|(was, now)| **was == *now).count();
    let begins = |place: &usize| {
        let before = place.checked_sub(1).map(|place| words[place]);
        words[*place].starts_with('(') || before.is_none_or(|word| word.ends_with([',', ':', ';']))
    };
    let from = (0..=alike.min(words.len() - 1)).rev().find(begins)?;
    let rest = words[from..].join(" ");
    let rest = rest.trim_end_matches('.');
    // What stood in brackets stands alone now.
    Some(match rest.strip_prefix('(') {
        Some(inner) => inner.replacen(')', "", 1),
        None => rest.to_owned(),
    })
}

/// Whether two results are the same numbers of the same designs.
fn is_same(one: &Shown, other: &Shown) -> bool {
    let hash = |shown: &Shown| shown.results.results_hash.clone();
    let names = |shown: &Shown| {
        let designs = shown.results.designs.iter();
        designs.map(|of| of.name.clone()).collect::<Vec<_>>()
    };
    hash(one) == hash(other) && names(one) == names(other)
}

/// The most changes that are told.
const MOST_TOLD: usize = 2;

/// How another scenario differs from one, in a few words; "the same" where forms have no word for it.
#[must_use]
pub fn differs(from: &Scenario, other: &Scenario) -> String {
    let changes = talk::between(from, other);
    let told: Vec<String> = changes
        .iter()
        .take(MOST_TOLD)
        .map(|change| said(change, true))
        .collect();
    match changes.len() {
        0 if from.seed != other.seed => "another seed".to_owned(),
        0 => "the same knobs".to_owned(),
        count if count > MOST_TOLD => format!("{}; {} more", told.join("; "), count - MOST_TOLD),
        _ => told.join("; "),
    }
}

/// How a scenario differs from the preset that it was made from, if it does, and if `is_of` it still.
#[must_use]
pub fn edits(
    preset: &Preset,
    scenario: &Scenario,
    is_of: impl Fn(&Scenario) -> bool,
) -> Option<String> {
    let preset = preset.read().ok()?.scenario;
    (is_of(&preset) && preset != *scenario).then(|| differs(&preset, scenario))
}

/// A change in words: what it is, and if asked for what it is instead of.
fn said(change: &Change, with_from: bool) -> String {
    let Change { what, from, to } = change;
    // A fault says itself what it is, and a design is known by its name.
    let came = match what.as_str() {
        talk::FAULT => "the ".to_owned(),
        talk::DESIGN => String::new(),
        what => format!("{what} "),
    };
    match (from, to) {
        (Some(from), Some(to)) if with_from => format!("{what} {to}, not {from}"),
        (Some(_), Some(to)) => format!("{what} {to}"),
        (None, to) => format!("with {came}{}", to.as_deref().unwrap_or_default()),
        (Some(from), None) => format!("without {came}{from}"),
    }
}

/// What changed from one scenario to another, in a few words; nothing where forms have no word for it.
fn moved(from: &Scenario, to: &Scenario) -> Option<String> {
    let changes = talk::between(from, to);
    let told = changes.iter().take(MOST_TOLD).map(|change| {
        let Change { what, from, to } = change;
        match (from, to) {
            (Some(from), Some(to)) => format!("{what} {from} → {to}"),
            _ => said(change, false),
        }
    });
    let told: Vec<String> = told.collect();
    let more = changes.len().saturating_sub(MOST_TOLD);
    let more = (more > 0).then(|| format!("; {more} more"));
    (!told.is_empty()).then(|| told.join("; ") + &more.unwrap_or_default())
}

/// A kept run as it is stored: its scenario as text, and its results packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    name: String,
    preset: String,
    text: String,
    results: String,
    is_behind: bool,
}

impl Stored {
    /// A kept run, with what charts and cards are drawn from.
    #[must_use]
    pub fn of(kept: &Kept) -> Option<Self> {
        let results = Results {
            scenario: serde_json::Value::Null,
            verdict: Verdict::default(),
            differences: Vec::new(),
            expect: Vec::new(),
            untold: Vec::new(),
            ..(*kept.shown.results).clone()
        };
        let json = serde_json::to_vec(&results).ok()?;
        Some(Self {
            name: kept.name.to_string(),
            preset: kept.preset.name.to_owned(),
            text: kept.shown.text.to_string(),
            results: STANDARD_NO_PAD.encode(compress_to_vec(&json, LEVEL)),
            is_behind: kept.slot.is_some(),
        })
    }

    /// The run, without a number; nothing of one that cannot be read.
    #[must_use]
    pub fn open(self) -> Option<Kept> {
        let packed = STANDARD_NO_PAD.decode(&self.results).ok()?;
        let json = decompress_to_vec_with_limit(&packed, MOST_BYTES).ok()?;
        let results: Results = serde_json::from_slice(&json).ok()?;
        let scenario = text::parse(&self.text).ok()?.scenario;
        Some(Kept {
            id: 0,
            name: self.name.into(),
            preset: presets::by_name(&self.preset).or(presets::PRESETS.first())?,
            shown: Shown {
                results: Rc::new(results),
                text: self.text.into(),
                scenario: Rc::new(scenario),
                job: 0,
                done: 1,
                parts: 1,
            },
            slot: self.is_behind.then_some(0),
        })
    }

    /// Which run it is, whatever it is called.
    fn mark(&self) -> String {
        hash::of_text(&format!("{}\n{}", self.text, self.results))
    }
}

/// What a browser has stored: other tabs put theirs there, too, and other versions what this one cannot read.
#[derive(Debug, Default)]
pub struct Shelf {
    /// Those that this tab found or put there.
    own: BTreeSet<String>,
}

impl Shelf {
    /// Takes down as many as are kept, of those that can be read.
    pub fn take(&mut self, stored: &[serde_json::Value]) -> Vec<Kept> {
        let read = stored.iter().filter_map(|one| {
            let one: Stored = serde_json::from_value(one.clone()).ok()?;
            Some((one.mark(), one.open()?))
        });
        let (marks, kept): (Vec<_>, Vec<_>) = read.take(MOST).unzip();
        self.own.extend(marks);
        kept
    }

    /// What to store: these, and of what `is` there all that is somebody else's.
    pub fn with(&mut self, kept: &[Stored], is: Vec<serde_json::Value>) -> Vec<serde_json::Value> {
        self.own.extend(kept.iter().map(Stored::mark));
        let others = is.into_iter().filter(|one| {
            let read = serde_json::from_value::<Stored>(one.clone());
            !read.is_ok_and(|one| self.own.contains(&one.mark()))
        });
        let kept = kept.iter().filter_map(|one| serde_json::to_value(one).ok());
        kept.chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::app::state::{Action, State};
    use crate::scenario::presets::PRESETS;

    fn opened() -> State {
        State::new(&PRESETS[0]).expect("the first preset reads")
    }

    fn seed(seed: u64) -> Action {
        Action::set("/seed", json!(seed))
    }

    /// A whole run of what the state shows; its hash is its text's.
    fn ran(state: &State) -> State {
        let state = state.after(Action::Run);
        let hash = crate::report::hash::of_text(&state.text);
        let blank = serde_json::to_value(&*state.scenario).expect("is JSON");
        let results = json!({
            "stayfresh": { "version": "0", "results": 1 },
            "scenario": blank, "scenario_hash": "s", "results_hash": hash,
            "replicates": 1, "designs": [], "differences": []
        });
        state.after(Action::Progress {
            job: state.job,
            done: 4,
            parts: 4,
            results: Some(Rc::new(serde_json::from_value(results).expect("results"))),
        })
    }

    fn behind(state: &State) -> Vec<Behind> {
        let shown = state.shown.as_ref().expect("results");
        state.runs.behind(shown)
    }

    fn runs(state: &State, event: Event) -> State {
        state.after(Action::Runs(event))
    }

    #[test]
    fn what_was_before_a_movement_lies_behind_it() {
        let first = ran(&opened());
        assert!(behind(&first).is_empty());
        // Nothing lies behind itself.
        let moved = first.after(seed(7));
        assert!(behind(&moved).is_empty());
        let moved = ran(&moved);
        let ghosts = behind(&moved);
        assert_eq!(ghosts.len(), 1);
        assert_eq!((&*ghosts[0].name, ghosts[0].slot), ("before", 0));
        assert_eq!(ghosts[0].shown.text, first.text);
        // What belongs to one movement is compared with what was before all of it.
        let on = ran(&ran(&moved.after(seed(8))).after(seed(9)));
        assert_eq!(behind(&on)[0].shown.text, first.text);
        // The next movement is compared with what this one came to.
        let next = ran(&on.after(Action::Settle).after(seed(10)));
        assert_eq!(behind(&next)[0].shown.text, on.text);
        // So is a step back.
        let back = ran(&next.after(Action::Undo));
        assert_eq!(behind(&back)[0].shown.text, next.text);
        assert!(behind(&runs(&back, Event::Dismiss)).is_empty());
        // Another preset is another question.
        let other = ran(&back.after(Action::Open(&PRESETS[1])));
        assert!(behind(&other).is_empty());
    }

    /// Results of two designs that cost so much to run a day, and are so right.
    fn found(state: &State, of: &[(f64, f64)]) -> State {
        let state = state.after(Action::Run);
        let names = state.scenario.designs.iter().map(|design| &design.name);
        let designs = names.zip(of).map(|(name, (cost, right))| {
            json!({ "name": name, "costs": {}, "counts_per_day": {}, "feeds": {}, "audits": {},
                "series": { "hour": [] }, "events": [],
                "metrics": { "cost_usd_per_day": { "mean": cost }, "total_usd_per_day": { "mean": 10.0 * cost },
                             "accuracy": { "mean": right }, "search_accuracy": { "mean": right } } })
        });
        let results = json!({
            "stayfresh": { "version": "0", "results": 1 }, "scenario": {}, "scenario_hash": "s",
            "results_hash": crate::report::hash::of_text(&format!("{of:?}")), "replicates": 1,
            "designs": designs.collect::<Vec<_>>(), "differences": []
        });
        let results = serde_json::from_value(results).expect("results");
        state.after(Action::Progress {
            job: state.job,
            done: 4,
            parts: 4,
            results: Some(Rc::new(results)),
        })
    }

    #[test]
    fn what_a_change_comes_to_is_said_of_whole_runs() {
        let told = |state: &State| {
            let ghosts = behind(state);
            let before = ghosts.iter().find(|run| run.slot == 0)?;
            let moved = Moved::between(&before.shown, state.shown.as_ref()?);
            moved.map(|moved| (moved.what.unwrap_or_default(), moved.comes_to))
        };
        let first = found(&opened(), &[(2_000.0, 0.9), (3_000.0, 0.95)]);
        let names: Vec<String> = (first.scenario.designs.iter())
            .map(|design| design.name.clone())
            .collect();
        assert_eq!(told(&first), None, "nothing was before");
        let moved = found(&first.after(seed(7)), &[(500.0, 0.85), (3_000.0, 0.95)]);
        let (what, comes_to) = told(&moved).expect("it is compared");
        assert_eq!(what, "");
        assert_eq!(
            comes_to,
            format!(
                "cheapest to run is still “{}”, $2,000 → $500.00 a day, accuracy 90.00 % → 85.00 %",
                names[0]
            )
        );
        let moved = found(&first.after(seed(7)), &[(5_000.0, 0.9), (3_000.0, 0.95)]);
        assert_eq!(
            told(&moved).expect("it is compared").1,
            format!(
                "cheapest to run is now “{}”, $3,000 a day; it was “{}”, $2,000",
                names[1], names[0]
            )
        );
        let other = found(&first.after(seed(7)), &[(2_000.0, 0.9), (3_000.0, 0.5)]);
        assert_eq!(
            told(&other).expect("it is compared").1,
            format!(
                "cheapest to run is still “{}”, $2,000 a day as before; “{}”, accuracy 95.00 % → 50.00 %",
                names[0], names[1]
            )
        );
        // What is about one design begins with that.
        let lived = Action::set("/designs/1/cache/ttl", json!({ "fixed": "7h" }));
        let edited = found(&first.after(lived), &[(2_000.0, 0.9), (2_500.0, 0.85)]);
        let (what, comes_to) = told(&edited).expect("it is compared");
        assert!(what.contains(&names[1]), "{what}");
        assert_eq!(
            comes_to,
            format!(
                "accuracy 95.00 % → 85.00 %, total cost $30,000 → $25,000 a day; cheapest to run is still “{}”",
                names[0]
            )
        );
        let mut part = moved.clone();
        if let Some(shown) = &mut part.shown {
            shown.done -= 1;
        }
        assert_eq!(
            told(&part),
            None,
            "a part of a run is compared with nothing"
        );
    }

    #[test]
    fn faults_are_told_one_by_one_and_spans_in_units_of_people() {
        let first = opened();
        let outage = |design: usize, at: &str, lasts: &str| {
            let name = &first.scenario.designs[design].name;
            json!({ "outage": { "at": at, "lasts": lasts, "design": name } })
        };
        let with = |faults: serde_json::Value| {
            let state = first.after(Action::set("/faults", faults));
            assert!(
                state.problems.is_none() && state.refused.is_none(),
                "{:?}",
                state.refused
            );
            state.scenario
        };
        let (one, other) = (outage(0, "28h", "8h"), outage(1, "16128m", "8h"));
        let without = with(json!([one]));
        let both = with(json!([one, other]));
        let name = &first.scenario.designs[1].name;
        let told = format!("the outage for 8 h in “{name}”, day 11, 04:48");
        let plain = |said: String| said.replace('\u{a0}', " ");
        assert_eq!(plain(differs(&both, &without)), format!("without {told}"));
        assert_eq!(plain(differs(&without, &both)), format!("with {told}"));
        // At the same moment elsewhere is another fault; longer at the same place is the same.
        let elsewhere = with(json!([outage(1, "28h", "8h")]));
        let said = differs(&elsewhere, &without);
        assert!(
            said.starts_with("without the outage") && said.contains("; with the outage"),
            "{said}"
        );
        let longer = with(json!([outage(0, "28h", "36h")]));
        let said = plain(differs(&longer, &without));
        assert!(said.ends_with(" 8 h, not 1 d 12 h"), "{said}");
    }

    #[test]
    fn a_sentence_says_what_it_said_from_where_it_differs() {
        let was = "In running cost, “a” is cheapest ($20 ± 1), −$3 against “b”.";
        let now = "In running cost, “a” is cheapest ($5 ± 1), −$9 against “b”.";
        assert_eq!(
            said_before(was, now).as_deref(),
            Some("$20 ± 1, −$3 against “b”")
        );
        assert_eq!(said_before(was, was), None);
        // A time of several units is told whole, and a change of words with whom they are about.
        let was = "In staleness, “a” is lowest (13 m 12 s ± 51 s), −10 m against “b”.";
        let now = "In staleness, “a” is lowest (13 m 58 s ± 20 s), −10 m against “b”.";
        assert_eq!(
            said_before(was, now).as_deref(),
            Some("13 m 12 s ± 51 s, −10 m against “b”")
        );
        let was = "Of bookings, “a” loses fewest (1.5 %), −1.0 pp against “b”.";
        let now = "Of bookings, “a” and “b” cannot be told apart (1.7 %).";
        assert_eq!(
            said_before(was, now).as_deref(),
            Some("“a” loses fewest (1.5 %), −1.0 pp against “b”")
        );
    }

    #[test]
    fn what_never_settled_is_no_measure() {
        let first = ran(&opened());
        // It was moved on before its run came to an end.
        let moved = first.after(seed(7)).after(Action::Settle);
        let on = ran(&moved.after(seed(8)));
        assert_eq!(behind(&on)[0].shown.text, first.text);
    }

    #[test]
    fn without_a_common_design_nothing_is_compared() {
        let first = ran(&opened());
        let mut moved = first.clone();
        for (place, design) in first.scenario.designs.iter().enumerate() {
            let name = json!(format!("another {}", design.name));
            moved = moved.after(Action::set(&format!("/designs/{place}/name"), name));
        }
        if moved.problems.is_none() && moved.text != first.text {
            let names: Vec<_> = moved.scenario.designs.iter().map(|of| &of.name).collect();
            let all = names.iter().all(|name| name.starts_with("another"));
            assert_eq!(behind(&ran(&moved)).is_empty(), all);
        }
    }

    #[test]
    fn a_kept_run_is_named_shown_gone_back_to_and_removed() {
        let first = ran(&opened());
        let kept = runs(&first, Event::Keep);
        let id = kept.runs.kept[0].id;
        // Once is enough; and nothing lies behind itself.
        assert_eq!(runs(&kept, Event::Keep).runs.kept.len(), 1);
        assert!(behind(&kept).is_empty());
        let moved = ran(&runs(&kept, Event::Name(id, "as it was".into())).after(seed(7)));
        let moved = runs(&moved, Event::Dismiss);
        assert_eq!(&*behind(&moved)[0].name, "as it was");
        assert!(behind(&runs(&moved, Event::Show(id))).is_empty());
        let back = runs(&moved, Event::Return(id));
        assert_eq!((&back.text, back.can_undo()), (&first.text, true));
        assert_eq!(back.after(Action::Undo).text, moved.text);
        assert!(runs(&back, Event::Remove(id)).runs.kept.is_empty());
    }

    #[test]
    fn kept_runs_are_few_and_outlive_a_visit() {
        let mut state = ran(&opened());
        for number in 0..MOST as u64 + 2 {
            state = runs(&ran(&state.after(seed(100 + number))), Event::Keep);
        }
        assert_eq!(state.runs.kept.len(), MOST);
        let slots: Vec<_> = state.runs.kept.iter().map(|kept| kept.slot).collect();
        assert_eq!(slots, [Some(1), Some(2), Some(3), None, None, None]);
        let stored: Option<Vec<Stored>> = state.runs.kept.iter().map(Stored::of).collect();
        let stored = stored.expect("is JSON");
        let read = stored.into_iter().filter_map(Stored::open).collect();
        let again = runs(&opened(), Event::Restore(read));
        for (then, now) in state.runs.kept.iter().zip(&again.runs.kept) {
            assert_eq!((&then.name, then.slot), (&now.name, now.slot));
            assert_eq!(then.shown.text, now.shown.text);
            assert_eq!(
                then.shown.results.results_hash,
                now.shown.results.results_hash
            );
        }
    }

    /// What the first version kept in a browser, results and all: never changed.
    const FIRST: &str = include_str!("../../tests/suite/first/kept-runs.json");

    #[test]
    fn what_the_first_version_kept_is_there() {
        let stored: Vec<serde_json::Value> = serde_json::from_str(FIRST).expect("JSON");
        let state = runs(&opened(), Event::Restore(Shelf::default().take(&stored)));
        let names: Vec<&str> = state.runs.kept.iter().map(|kept| &*kept.name).collect();
        assert_eq!(names, ["small, then", "seed 9"]);
        let slots: Vec<_> = state.runs.kept.iter().map(|kept| kept.slot).collect();
        assert_eq!(slots, [Some(1), None]);
        let first = &state.runs.kept[0].shown;
        assert_eq!(
            *first.text,
            *include_str!("../../tests/suite/first/small.json")
        );
        let results: Results =
            serde_json::from_str(include_str!("../../tests/suite/first/small.results.json"))
                .expect("results");
        assert_eq!(first.results.results_hash, results.results_hash);
        assert_eq!(first.results.designs, results.designs);
        assert_ne!(
            state.runs.kept[1].shown.results.results_hash,
            results.results_hash
        );
    }

    /// Two tabs, and a version to come whose runs cannot be read here.
    #[test]
    fn what_others_stored_stays() {
        let run = |number| {
            let state = runs(&ran(&opened().after(seed(number))), Event::Keep);
            Stored::of(&state.runs.kept[0]).expect("is JSON")
        };
        let names = |stored: &[serde_json::Value]| -> Vec<String> {
            let name = |one: &serde_json::Value| one["name"].as_str().map(str::to_owned);
            stored.iter().filter_map(name).collect()
        };
        let later = json!({ "name": "of a version to come", "runs": [1, 2] });
        let first = Stored {
            name: "first".into(),
            ..run(1)
        };
        let stored = vec![serde_json::to_value(&first).expect("JSON"), later];
        let (mut here, mut there) = (Shelf::default(), Shelf::default());
        assert_eq!(here.take(&stored).len(), 1);
        assert_eq!(there.take(&stored).len(), 1);
        // Each keeps one more.
        let [a, b] = [("a", 2), ("b", 3)].map(|(name, seed)| Stored {
            name: name.into(),
            ..run(seed)
        });
        let stored = here.with(&[first.clone(), a.clone()], stored);
        assert_eq!(names(&stored), ["first", "a", "of a version to come"]);
        let stored = there.with(&[first.clone(), b.clone()], stored);
        assert_eq!(names(&stored), ["first", "b", "a", "of a version to come"]);
        // What one renames or removes is renamed or gone, and nothing else.
        let renamed = Stored {
            name: "second".into(),
            ..a
        };
        let stored = here.with(&[renamed], stored);
        assert_eq!(names(&stored), ["second", "b", "of a version to come"]);
        let stored = there.with(&[], stored);
        assert_eq!(names(&stored), ["second", "of a version to come"]);
        // More than are kept are stored all the same.
        let many: Vec<_> = (10..20)
            .map(|seed| serde_json::to_value(run(seed)).expect("JSON"))
            .collect();
        let mut full = Shelf::default();
        assert_eq!(full.take(&many).len(), MOST);
        assert_eq!(full.with(&[], many).len(), 10 - MOST);
    }
}
