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
    "legacy-against-next"
    "legacy-pipeline"
    "natural-traffic"
    "deltas-vs-natural-traffic"
    "cannibalisation"
    "misread-metric"
    "panel-vs-random"
    "cache-lifetime-and-purge"
    "cache-invalidation"
    "ttl-by-lead-time"
    "sparse-stays"
    "nightly-dataset"
    "batch-and-speed"
    "stream-replay"
    "guardrails"
    "channel-manager"
    "hints-then-fetch"
    "paged-crawl"
    "textbook-polling"
    "textbook-ttl"
    "textbook-push-loss"
    "textbook-natural-traffic"
}

/// Where one begins from nothing: the smallest scenario of hotels that says something. No preset, as it has no
/// question of its own.
pub const BLANK: Preset = Preset {
    name: "blank",
    text: include_str!("../../scenarios/blank.json"),
};

impl Preset {
    /// The preset as a scenario.
    ///
    /// # Errors
    /// None that a test would let pass.
    pub fn read(&self) -> Result<Document, Problems> {
        text::parse(self.text)
    }
}

/// The preset with this name, or [`BLANK`].
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Preset> {
    PRESETS
        .iter()
        .chain([&BLANK])
        .find(|preset| preset.name == name)
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
            for (path, notes) in &document.annotations {
                if let Some(basis) = notes.get("basis") {
                    let known = ["measured", "published: ", "assumed"];
                    assert!(
                        known.iter().any(|word| basis.starts_with(word)),
                        "{} {path}: {basis}",
                        preset.name
                    );
                }
            }
            let resolved = text::resolved(&document).to_string();
            assert_eq!(
                text::parse(&resolved).as_ref(),
                Ok(&document),
                "{}",
                preset.name
            );
        }
    }

    /// Every design says what to look at, and every number of a world or fault where it comes from. The
    /// textbooks' designs are their closed forms.
    #[test]
    fn every_design_has_a_note_and_every_world_and_fault_a_basis() {
        for preset in PRESETS {
            let document = preset.read().expect("a preset reads");
            let has = |path: &str, key: &str| {
                let notes = &document.annotations;
                let here = |at: &str| notes.get(at).is_some_and(|notes| notes.contains_key(key));
                notes.keys().any(|at| at.starts_with(path) && here(at))
            };
            assert!(has("/world", "basis"), "{}", preset.name);
            for fault in 0..document.scenario.faults.len() {
                let path = format!("/faults/{fault}/");
                assert!(has(&path, "basis"), "{} {path}", preset.name);
            }
            if preset.name.starts_with("textbook-") {
                continue;
            }
            for (index, design) in document.scenario.designs.iter().enumerate() {
                let path = format!("/designs/{index}");
                let notes = document.annotations.get(&path);
                assert!(
                    notes.is_some_and(|notes| notes.contains_key("note")),
                    "{} {}",
                    preset.name,
                    design.name
                );
            }
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
