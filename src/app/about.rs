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
}

impl About {
    fn of(preset: &'static Preset) -> Option<Self> {
        let scenario = preset.read().ok()?.scenario;
        let designs = scenario.designs.into_iter().map(|design| design.name);
        Some(Self {
            preset,
            title: scenario.title,
            question: scenario.question,
            designs: designs.collect(),
        })
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
}
