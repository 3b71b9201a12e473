//! What the page's address asks for.
//!
//! ```text
//! ?embed            only the board and the charts
//! #s1.…             a scenario, in the link itself
//! #talk.3           the third step of the scenario's talk
//! #talk.3.NAME      of that preset's
//! ```

use super::share::{self, Sharer, Unreadable};
use crate::scenario::presets::{self, Preset};

/// What an address asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Address {
    /// Whether the page stands within another.
    pub is_embedded: bool,
    /// The scenario in it, or why there is none to be had.
    pub shared: Option<Result<(String, Sharer), Unreadable>>,
    /// The step of a talk, from 0.
    pub talk: Option<usize>,
    /// The preset.
    pub preset: Option<&'static Preset>,
}

impl Address {
    /// Reads an address: what follows `?`, and what follows `#`, with or without these.
    #[must_use]
    pub fn of(query: &str, fragment: &str) -> Self {
        let mut pairs = query.trim_start_matches('?').split('&');
        let is_embedded = pairs.any(|pair| pair == "embed" || pair.starts_with("embed="));
        let fragment = fragment.trim_start_matches('#');
        let mut address = Self {
            is_embedded,
            ..Self::default()
        };
        if share::is_meant(fragment) {
            address.shared = Some(share::decode(fragment));
        } else if let Some(talk) = fragment.strip_prefix("talk.") {
            let (step, preset) = talk.split_once('.').unwrap_or((talk, ""));
            address.talk = step
                .parse::<usize>()
                .ok()
                .map(|step| step.saturating_sub(1));
            address.preset = presets::by_name(preset);
        }
        address
    }
}

/// What follows `#` at a step of a talk, of the preset if it is one as it comes.
#[must_use]
pub fn of_step(step: usize, preset: Option<&Preset>) -> String {
    let preset = preset.map(|preset| format!(".{}", preset.name));
    format!("#talk.{}{}", step + 1, preset.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;

    #[test]
    fn an_address_is_read() {
        assert_eq!(Address::of("", ""), Address::default());
        assert_eq!(Address::of("?a=1", "#results"), Address::default());
        assert!(Address::of("?embed", "").is_embedded);
        assert!(Address::of("?theme=dark&embed=1", "").is_embedded);
        assert!(!Address::of("?embedded", "").is_embedded);
        for step in [0, 3, 41] {
            for preset in [None, Some(&PRESETS[2])] {
                let read = Address::of("", &of_step(step, preset));
                assert_eq!((read.talk, read.preset), (Some(step), preset));
            }
        }
        assert_eq!(Address::of("", "#talk.x").talk, None);
        assert_eq!(Address::of("", "#talk.2.nobody").talk, Some(1));
        assert_eq!(
            Address::of("", "#s1.").shared.map(|shared| shared.is_err()),
            Some(true)
        );
    }
}
