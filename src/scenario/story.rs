//! A story: the steps of a talk that is given with the scenario. It changes no number of the scenario itself.

use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

use super::pointer;
use super::problem::Problems;
use super::text;

/// The most steps of a story.
pub const MOST_STEPS: usize = 60;
/// The most metrics that a step shows: more are too small to read from the back of a room.
pub const MOST_METRICS: usize = 4;

/// One step of a talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it says in a few words.
    pub title: String,
    /// What the speaker says: plain text, an empty line between two paragraphs. Never read as markup.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// What is seen beside the words. Default: the words alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    /// The design to look at: its row is marked, and its chart is shown where each design has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<String>,
    /// What the view `board` compares: up to four metrics or paths such as `audits/panel/estimate`. Default:
    /// accuracy over stays and over searches, and what it costs in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    /// What changes at this step, and stays so: values by JSON pointer (designs, feeds and audits by name or
    /// index), `null` to take something out. They add up from step to step; each step must be a scenario.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub set: Changes,
}

/// What can be seen beside the words of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The designs, drawn with their knobs.
    Designs,
    /// The designs, compared by a few numbers.
    Board,
    /// The verdict in sentences.
    Verdict,
    /// Accuracy over time.
    Accuracy,
    /// Staleness over time.
    Staleness,
    /// The bill, item by item.
    Cost,
    /// Cost against accuracy.
    Frontier,
    /// The live view: the run of a few hotels, moment by moment.
    Live,
    /// The stay maps of the live view alone: which stays are told right.
    StayMap,
    /// What audits said against the truth, of the step's design or else the first that has audits.
    Audits,
    /// All numbers.
    Numbers,
}

/// Values by the JSON pointers where they are set, in the order in which they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Changes(pub IndexMap<String, Json>);

impl Changes {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Changes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let changes = IndexMap::<String, Json>::deserialize(deserializer)?;
        for at in changes.keys() {
            let steps = pointer::steps(at).unwrap_or_default();
            match steps.first().map(String::as_str) {
                None => {
                    return Err(D::Error::custom(format!(
                        "{at:?} is not a JSON pointer; expected pointers such as /run/replicates"
                    )));
                }
                Some("story") => {
                    return Err(D::Error::custom(
                        "a step changes the story; expected pointers to the rest of the scenario",
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(Self(changes))
    }
}

impl JsonSchema for Changes {
    fn schema_name() -> Cow<'static, str> {
        "Changes".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Values by the JSON pointers where they are set.",
            "type": "object",
            "patternProperties": { "^/.": {} },
            "additionalProperties": false
        })
    }
}

/// A scenario's text without its story.
///
/// # Errors
/// When the text cannot be read.
pub fn without(scenario: &str) -> Result<String, Problems> {
    text::set(scenario, "/story", "null")
}

/// The text of the scenario at each step, its changes and those before made, without the story.
///
/// # Errors
/// When the text cannot be read, or a change cannot be made; what a checked scenario says can.
pub fn texts(scenario: &str, steps: &[Step]) -> Result<Vec<String>, Problems> {
    let mut now = without(scenario)?;
    let mut texts = Vec::with_capacity(steps.len());
    for step in steps {
        for (pointer, value) in &step.set.0 {
            now = text::set(&now, pointer, &value.to_string())?;
        }
        texts.push(now.clone());
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TOLD: &str = r#"{
        "version": 1, // kept
        "world": { "two_state": { "stays": 10, "sells_out_per_day": 1, "reopens_per_day": 1 } },
        "designs": [{ "name": "poll", "cache": { "ttl": { "fixed": "1h" } },
            "feeds": [{ "name": "all", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }] }],
        "story": [
            { "title": "First", "words": "One.\n\nTwo.", "view": "board" },
            { "title": "Slower", "set": { "/designs/poll/feeds/all/delivery/pull/every": "1d" } },
            { "title": "And for ever", "set": { "/designs/poll/cache/ttl": null, "/run/replicates": 2 } }
        ]
    }"#;

    #[test]
    fn changes_add_up_and_the_story_is_no_part_of_them() {
        let told = text::parse(TOLD).expect("is a scenario");
        assert_eq!(told.scenario.story.len(), 3);
        let texts = texts(TOLD, &told.scenario.story).expect("can be told");
        let read = |text: &String| text::parse(text).expect("is a scenario").scenario;
        let [first, second, third] = &texts.iter().map(read).collect::<Vec<_>>()[..] else {
            panic!("three steps");
        };
        assert!(
            texts
                .iter()
                .all(|text| text.contains("// kept") && !text.contains("First"))
        );
        let own = super::super::Scenario {
            story: Vec::new(),
            ..told.scenario
        };
        assert_eq!(*first, own);
        assert_ne!(first.designs[0].feeds, second.designs[0].feeds);
        assert_eq!(second.designs[0].feeds, third.designs[0].feeds);
        assert_ne!(second.designs[0].cache, third.designs[0].cache);
        assert_eq!(third.run.replicates.get(), 2);
    }

    #[test]
    fn a_resolved_story_reads_again() {
        let told = text::parse(TOLD).expect("is a scenario");
        let resolved = text::resolved(&told);
        assert_eq!(
            resolved["story"][2]["set"]["/designs/poll/cache/ttl"],
            json!(null)
        );
        assert_eq!(text::parse(&resolved.to_string()).as_ref(), Ok(&told));
    }

    #[test]
    fn a_story_changes_no_hash() {
        let hashes = |text: &str| {
            let mut study = crate::study::Study::new(text::parse(text).expect("is a scenario"));
            for part in 0..study.parts() {
                let part = study.run_part(part);
                study.absorb(part);
            }
            let results = study.results().expect("it ran");
            (results.scenario_hash, results.results_hash)
        };
        let small = TOLD.replace(
            "\"version\": 1,",
            "\"version\": 1, \"run\": { \"warmup\": \"1d\", \"length\": \"1d\" },",
        );
        assert_eq!(
            hashes(&small),
            hashes(&without(&small).expect("can be read"))
        );
    }
}
