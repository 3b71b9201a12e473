//! Runs of earlier: the one before the last change, and those that the reader keeps. Both lie behind the charts.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};

use super::state::Shown;
use super::talk::{self, Change};
use crate::report::results::{Results, Verdict};
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
    /// They were kept at an earlier visit.
    Restore(Vec<Stored>),
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
            Event::Restore(stored) => {
                for stored in stored.into_iter().take(MOST) {
                    self.count += 1;
                    self.kept.extend(stored.open(self.count));
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

/// Whether two results are the same numbers of the same designs.
fn is_same(one: &Shown, other: &Shown) -> bool {
    let hash = |shown: &Shown| shown.results.results_hash.clone();
    let names = |shown: &Shown| {
        let designs = shown.results.designs.iter();
        designs.map(|of| of.name.clone()).collect::<Vec<_>>()
    };
    hash(one) == hash(other) && names(one) == names(other)
}

/// How another scenario differs from one, in a few words; "the same" where forms have no word for it.
#[must_use]
pub fn differs(from: &Scenario, other: &Scenario) -> String {
    const MOST: usize = 2;
    let changes = talk::between(from, other);
    let told: Vec<String> = changes
        .iter()
        .take(MOST)
        .map(|change| said(change, true))
        .collect();
    match changes.len() {
        0 => "the same knobs".to_owned(),
        count if count > MOST => format!("{}; {} more", told.join("; "), count - MOST),
        _ => told.join("; "),
    }
}

/// A change in words: what it is, and if asked for what it is instead of.
fn said(change: &Change, with_from: bool) -> String {
    let Change { what, from, to } = change;
    match (from, to) {
        (Some(from), Some(to)) if with_from => format!("{what} {to}, not {from}"),
        (_, Some(to)) => format!("{what} {to}"),
        (_, None) => format!("{what} {} not there", from.as_deref().unwrap_or_default()),
    }
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

    /// The run; nothing of one that can no longer be read.
    fn open(self, id: u32) -> Option<Kept> {
        let packed = STANDARD_NO_PAD.decode(&self.results).ok()?;
        let json = decompress_to_vec_with_limit(&packed, MOST_BYTES).ok()?;
        let results: Results = serde_json::from_slice(&json).ok()?;
        let scenario = text::parse(&self.text).ok()?.scenario;
        Some(Kept {
            id,
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
            // A small number is a place of its own.
            slot: (self.is_behind && id as usize <= MOST_SHOWN).then_some(id as usize),
        })
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
        let again = runs(&opened(), Event::Restore(stored.expect("is JSON")));
        for (then, now) in state.runs.kept.iter().zip(&again.runs.kept) {
            assert_eq!((&then.name, then.slot), (&now.name, now.slot));
            assert_eq!(then.shown.text, now.shown.text);
            assert_eq!(
                then.shown.results.results_hash,
                now.shown.results.results_hash
            );
        }
    }
}
