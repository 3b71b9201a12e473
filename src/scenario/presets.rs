//! The scenarios that come with the program: the files of `scenarios/`, the same for page and command line.

use super::problem::Problems;
use super::text::{self, Document};

/// A scenario that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The file's name without `.json`.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal)*) => {
        /// All presets; the first is shown first.
        pub const PRESETS: &[Preset] = &[$(Preset {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".json")),
        }),*];
    };
}

presets! {
    "push-vs-pull"
    "deltas-vs-natural-traffic"
    "cache-lifetime-and-purge"
    "textbook-polling"
    "textbook-ttl"
    "textbook-push-loss"
    "textbook-natural-traffic"
}

impl Preset {
    /// The preset as a scenario.
    ///
    /// # Errors
    /// None that a test would let pass.
    pub fn read(&self) -> Result<Document, Problems> {
        text::parse(self.text)
    }
}

/// The preset with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads_and_reads_again_when_resolved() {
        for preset in PRESETS {
            let document = preset
                .read()
                .unwrap_or_else(|problems| panic!("{}: {problems}", preset.name));
            assert!(!document.scenario.title.is_empty(), "{}", preset.name);
            assert!(document.scenario.question.ends_with('?'), "{}", preset.name);
            assert!(
                document.annotations.len() > 1,
                "{} says nothing of its numbers",
                preset.name
            );
            let resolved = text::resolved(&document).to_string();
            assert_eq!(
                text::parse(&resolved).as_ref(),
                Ok(&document),
                "{}",
                preset.name
            );
        }
    }

    #[test]
    fn every_file_is_a_preset() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        for entry in std::fs::read_dir(folder).expect(folder) {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a name");
            assert!(
                name == "scenario.schema" || by_name(name).is_some(),
                "{name}"
            );
        }
    }
}
