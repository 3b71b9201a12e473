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
    /// Where it is found: its name, title and question in small letters.
    sought: String,
}

impl About {
    fn of(preset: &'static Preset) -> Option<Self> {
        let scenario = preset.read().ok()?.scenario;
        let sought = [preset.name, &scenario.title, &scenario.question].join("\n");
        let designs = scenario.designs.into_iter().map(|design| design.name);
        Some(Self {
            preset,
            title: scenario.title,
            question: scenario.question,
            designs: designs.collect(),
            tells: !scenario.story.is_empty(),
            sought: sought.to_lowercase(),
        })
    }

    /// Whether it has every word that is sought, or part of a word.
    #[must_use]
    pub fn is_found(&self, sought: &str) -> bool {
        let sought = sought.to_lowercase();
        sought
            .split_whitespace()
            .all(|word| self.sought.contains(word))
    }
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
        let found = |sought: &str| -> Vec<&str> {
            let found = presets().iter().filter(|about| about.is_found(sought));
            found.map(|about| about.preset.name).collect()
        };
        assert_eq!(found("legacy"), ["legacy-against-next", "legacy-pipeline"]);
        // Of the title, and of the question; in any order and case.
        assert_eq!(found("grew"), ["legacy-pipeline"]);
        assert_eq!(found("most COSTS"), ["legacy-pipeline"]);
        assert_eq!(found("").len(), PRESETS.len());
        assert!(found("no such thing").is_empty());
        let tell: Vec<&About> = presets().iter().filter(|about| about.tells).collect();
        assert!(tell.len() >= 3 && tell.len() < PRESETS.len());
    }
}
