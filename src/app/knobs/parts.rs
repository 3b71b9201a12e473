//! What a form can add to the lists of a scenario, each as it usually is, and take from them.

use serde_json::{Value, json};

use super::Section;
use crate::app::faults;
use crate::scenario::Scenario;
use crate::scenario::parts::Change;

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The list: a JSON pointer.
    pub list: String,
    /// Its place.
    pub at: usize,
    /// What it is.
    pub noun: &'static str,
    /// What it is called.
    pub name: String,
    /// Whether this is the rest of it: what it is removed with stands elsewhere.
    pub is_rest: bool,
}

impl Part {
    /// Where it stands: a JSON pointer.
    #[must_use]
    pub fn pointer(&self) -> String {
        format!("{}/{}", self.list, self.at)
    }

    /// The change that takes it out.
    #[must_use]
    pub fn removal(&self) -> Change {
        Change::Remove {
            list: self.list.clone(),
            at: self.at,
        }
    }
}

/// What can be added to a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Adds {
    /// The list: a JSON pointer.
    pub list: String,
    /// What its items are, with an article.
    pub noun: &'static str,
    /// The kinds on offer.
    pub kinds: Vec<Kind>,
}

/// A kind of item.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// What it is called.
    pub label: &'static str,
    /// What it does.
    pub says: &'static str,
    item: Item,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Given(Value),
    /// Where it befalls something is found out when it is wanted.
    Fault(faults::Kind),
}

impl Kind {
    /// The item, as it usually is in this scenario.
    #[must_use]
    pub fn item(&self, scenario: &Scenario) -> Value {
        match &self.item {
            Item::Given(item) => item.clone(),
            Item::Fault(kind) => kind.in_scenario(scenario),
        }
    }
}

impl Section {
    /// The same, of an item that can be removed.
    #[must_use]
    pub(super) fn of_part(mut self, list: &str, at: usize, noun: &'static str, name: &str) -> Self {
        self.part = Some(Part {
            list: list.to_owned(),
            at,
            noun,
            name: name.to_owned(),
            is_rest: false,
        });
        self
    }

    /// The same, of the rest of an item.
    #[must_use]
    pub(super) fn of_rest(self, list: &str, at: usize, noun: &'static str, name: &str) -> Self {
        let mut section = self.of_part(list, at, noun, name);
        if let Some(part) = &mut section.part {
            part.is_rest = true;
        }
        section
    }

    /// The end of a list, to which more can be added.
    pub(super) fn adding(list: String, noun: &'static str, kinds: Vec<Kind>) -> Self {
        let adds = Adds { list, noun, kinds };
        Self {
            adds: Some(adds),
            ..Self::new("", true, Vec::new())
        }
    }

    /// The same, with more that can be added to a list of its own.
    #[must_use]
    pub(super) fn with_adds(mut self, list: String, noun: &'static str, kinds: Vec<Kind>) -> Self {
        self.adds = Some(Adds { list, noun, kinds });
        self
    }
}

fn kind(label: &'static str, says: &'static str, item: Value) -> Kind {
    Kind {
        label,
        says,
        item: Item::Given(item),
    }
}

/// Feeds: what is read, and how it arrives.
pub(super) fn feeds() -> Vec<Kind> {
    let latency = json!({ "lognormal": { "median": "2s", "p99": "30s" } });
    vec![
        kind(
            "Deltas, pushed",
            "A message for every change of a row",
            json!({ "name": "deltas", "source": "deltas", "delivery": { "push": { "latency": latency } } }),
        ),
        kind(
            "Inventory, polled",
            "The domain service is asked stay by stay",
            json!({ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "6h" } } }),
        ),
        kind(
            "Searches, pushed",
            "Travellers' live answers are observed",
            json!({ "name": "searches", "source": "searches", "delivery": { "push": { "latency": latency } } }),
        ),
        kind(
            "Dataset",
            "The whole copy is built again and again",
            json!({ "name": "dataset", "source": { "dataset": { "every": "1d" } }, "delivery": { "push": {} } }),
        ),
        kind(
            "Hints",
            "Notices that a hotel changed; then its stays are asked",
            json!({ "name": "hints", "source": "hints", "delivery": { "push": { "latency": latency } } }),
        ),
    ]
}

/// Audits, by their way to sample. Each has an alert: without one it would never notice anything.
pub(super) fn audits() -> Vec<Kind> {
    let of = |way: &str, sample: Value| json!({ "name": way, way: sample });
    let sample = json!({ "size": 400, "every": "6h", "alert": { "below": 0.95, "in_a_row": 2 } });
    let mut rotating = sample.clone();
    rotating["keep"] = json!(0.75);
    vec![
        kind("Panel", "One sample for ever", of("panel", sample.clone())),
        kind(
            "Random",
            "A fresh sample each wave",
            of("random", sample.clone()),
        ),
        kind(
            "Rotating",
            "Each wave keeps a share of the last one’s sample",
            of("rotating", rotating),
        ),
        kind(
            "Stratified",
            "A fresh sample each wave, spread evenly over strata of popularity",
            of("stratified", sample),
        ),
    ]
}

/// Faults of any kind, each where it can befall something.
pub(super) fn faults() -> Vec<Kind> {
    let of = |kind: &faults::Kind| Kind {
        label: kind.name(),
        says: kind.says(),
        item: Item::Fault(*kind),
    };
    faults::Kind::ALL.iter().map(of).collect()
}

/// Who uses the copy.
pub(super) fn audiences() -> Vec<Kind> {
    vec![
        kind(
            "Who searches",
            "They read stay by stay, as searches do",
            json!({ "name": "searchers", "reads": "searches", "needs": [accuracy()] }),
        ),
        kind(
            "Who reads all of it",
            "They read the whole copy every so often, and work with that",
            json!({ "name": "readers in bulk", "reads": "bulk", "every": "1d", "needs": [accuracy()] }),
        ),
    ]
}

fn accuracy() -> Value {
    json!({ "metric": "accuracy", "at_least": 0.95 })
}

/// What an audience needs.
pub(super) fn needs() -> Vec<Kind> {
    vec![kind(
        "Need",
        "What must hold for the copy to be fit for them",
        accuracy(),
    )]
}

/// What is expected of a design or, where there is one, for an audience.
pub(super) fn expectations(scenario: &Scenario) -> Vec<Kind> {
    let mut kinds = Vec::new();
    if let Some(design) = scenario.designs.first() {
        kinds.push(kind(
            "Of a design",
            "What its numbers must be",
            json!({ "design": design.name, "metric": "accuracy", "at_least": 0.95 }),
        ));
    }
    if let [first, second, ..] = &scenario.designs[..] {
        kinds.push(kind(
            "Of a difference",
            "How much better one design must be than another",
            json!({ "design": second.name, "versus": first.name, "metric": "accuracy", "at_least": 0 }),
        ));
    }
    if let Some(audience) = scenario.audiences.first() {
        kinds.push(kind(
            "For an audience",
            "What each design must be for them",
            json!({ "audience": audience.name, "metric": "accuracy", "at_least": 0.95 }),
        ));
    }
    kinds
}
