//! What the presets say of themselves, for lists to choose from: read once.

use std::sync::LazyLock;

use crate::scenario::presets::{BLANK, PRESETS, Preset};

/// What a preset says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The preset.
    pub preset: &'static Preset,
    /// Its title.
    pub title: String,
    /// Its question.
    pub question: String,
    /// The names of its designs.
    pub designs: Vec<String>,
    /// Whether it has a talk.
    pub tells: bool,
    /// What it is found by, the nearest first: its name and title as they are, in words, and all that it says of
    /// itself; in small letters.
    sought: [String; 2],
}

impl About {
    fn of(preset: &'static Preset) -> Option<Self> {
        let scenario = preset.read().ok()?.scenario;
        let called = format!("{}\n{}", preset.name.replace('-', " "), scenario.title);
        let all = [&called, preset.name, &scenario.question].join("\n");
        let designs = scenario.designs.into_iter().map(|design| design.name);
        Some(Self {
            preset,
            title: scenario.title,
            question: scenario.question,
            designs: designs.collect(),
            tells: !scenario.story.is_empty(),
            sought: [called, all].map(|text| text.to_lowercase()),
        })
    }

    /// How near it is to what is sought, 0 being nearest: it is called so, it is called by all these words, or it has
    /// them all somewhere, each maybe as part of a longer one.
    fn found_at(&self, sought: &str) -> Option<u8> {
        let has_all = |text: &str| sought.split_whitespace().all(|word| text.contains(word));
        let [called, all] = &self.sought;
        if called.contains(sought) {
            Some(0)
        } else if has_all(called) {
            Some(1)
        } else {
            has_all(all).then_some(2)
        }
    }
}

/// The presets that are found by some words: those that are nearest to them, if any are.
#[must_use]
pub fn found(sought: &str) -> Vec<&'static str> {
    let sought = sought.trim().to_lowercase();
    let at = |about: &'static About| Some((about.found_at(&sought)?, about.preset.name));
    let found: Vec<(u8, &str)> = presets().iter().chain(blank()).filter_map(at).collect();
    let nearest = found.iter().map(|(at, _)| *at).min();
    let nearest = found.iter().filter(|(at, _)| Some(*at) == nearest);
    nearest.map(|(_, name)| *name).collect()
}

/// All presets, in their order.
#[must_use]
pub fn presets() -> &'static [About] {
    static ALL: LazyLock<Vec<About>> =
        LazyLock::new(|| PRESETS.iter().filter_map(About::of).collect());
    &ALL
}

/// The one to begin with from nothing.
#[must_use]
pub fn blank() -> Option<&'static About> {
    static ONE: LazyLock<Option<About>> = LazyLock::new(|| About::of(&BLANK));
    ONE.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_can_be_chosen() {
        let names: Vec<&str> = presets().iter().map(|about| about.preset.name).collect();
        let all: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        assert_eq!(names, all);
        assert!(blank().is_some_and(|blank| blank.designs.len() == 1));
    }

    #[test]
    fn they_are_found_by_name_title_and_question() {
        // What is called so goes before what has it somewhere.
        assert_eq!(found("legacy"), ["legacy-against-next", "legacy-pipeline"]);
        assert_eq!(found("legacy pipe"), ["legacy-pipeline"]);
        assert_eq!(
            found("Pipeline legacy"),
            ["legacy-against-next", "legacy-pipeline"]
        );
        // Of the title, and of the question; in any order and case.
        assert_eq!(found("grew"), ["legacy-pipeline"]);
        assert_eq!(found("most COSTS"), ["legacy-pipeline"]);
        assert_eq!(found("").len(), PRESETS.len() + 1);
        assert!(found("no such thing").is_empty());
        let tell: Vec<&About> = presets().iter().filter(|about| about.tells).collect();
        assert!(tell.len() >= 3 && tell.len() < PRESETS.len());
    }
}
