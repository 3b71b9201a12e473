//! What is kept from one visit to the next: the scenario, where it started, whose it was.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::share::{Sharer, Unreadable};
use super::state::{Action, State};
use crate::scenario::presets::{self, PRESETS};
use crate::scenario::problem::Problems;

/// Where it is kept.
pub const KEY: &str = "stayfresh.scenario";

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The text.
    pub text: String,
    /// The preset it started from.
    pub preset: String,
    /// Whose numbers came with it, if it came in a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Sharer>,
}

impl Kept {
    /// What is kept of a page; nothing of one that nobody has touched.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        let is_first = PRESETS.first() == Some(state.preset);
        (!is_first || state.edited()).then(|| Self {
            text: state.text.to_string(),
            preset: state.preset.name.to_owned(),
            shared: state.shared.as_deref().cloned(),
        })
    }
}

/// The page that an address asks for, on top of what was kept, which can then be had back by undoing; and why the
/// address cannot be followed, if it cannot.
///
/// # Errors
/// When the first preset cannot be read, which a test rules out.
pub fn begin(
    kept: Option<Kept>,
    address: &Address,
) -> Result<(State, Option<Unreadable>), Problems> {
    let Some(first) = PRESETS.first() else {
        return Err(crate::scenario::problem::Problem::new("", "there are no presets").into());
    };
    let mut state = State::new(first)?;
    if let Some(kept) = kept {
        let preset = presets::by_name(&kept.preset).unwrap_or(first);
        state = State::new(preset)?;
        if *kept.text != *state.text {
            state = state.after(Action::Load {
                text: kept.text.into(),
                preset: Some(preset),
                shared: kept.shared.map(Rc::new),
            });
        }
    }
    if let Some(preset) = address.preset
        && preset != state.preset
    {
        state = state.after(Action::Open(preset));
    }
    let unreadable = match &address.shared {
        Some(Ok((text, sharer))) => {
            state = state.after(Action::Load {
                text: text.as_str().into(),
                preset: sharer.preset(),
                shared: Some(Rc::new(sharer.clone())),
            });
            // Nobody was at anything else here: there is nothing to go back to.
            if !state.has_displaced() {
                state = state.begun_here();
            }
            None
        }
        Some(Err(unreadable)) => Some(*unreadable),
        None => None,
    };
    if let Some(step) = address.talk {
        state = state.after(Action::Talk(super::talk::Event::Start(step)));
    }
    Ok((state, unreadable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::share;

    fn kept(text: &str) -> Option<Kept> {
        Some(Kept {
            text: text.into(),
            preset: "cannibalisation".to_owned(),
            shared: None,
        })
    }

    fn at(fragment: &str, kept: Option<Kept>) -> (State, Option<Unreadable>) {
        begin(kept, &Address::of("", fragment)).expect("presets read")
    }

    #[test]
    fn a_visit_goes_on_where_the_last_one_ended() {
        let text = PRESETS[1].text.replace("42", "7");
        let (state, _) = at("", kept(&text));
        assert_eq!(
            (&*state.text, state.preset.name),
            (&*text, "cannibalisation")
        );
        // Even where the text cannot be read.
        let (state, _) = at("", kept("{"));
        assert!(&*state.text == "{" && state.problems.is_some());
        assert_eq!(Kept::of(&state), kept("{"));
        let (fresh, _) = at("", None);
        assert_eq!(Kept::of(&fresh), None);
    }

    #[test]
    fn a_link_goes_before_what_was_kept_and_loses_nothing() {
        let sharer = Sharer::here("{}", &PRESETS[2], None);
        let link = share::encode("{}", &sharer).expect("is short");
        let (state, unreadable) = at(&link, kept("// mine"));
        assert_eq!((&*state.text, unreadable), ("{}", None));
        assert_eq!(state.shared.as_deref(), Some(&sharer));
        assert_eq!(&*state.after(Action::Undo).text, "// mine");
    }

    #[test]
    fn a_bad_link_leaves_what_was_kept() {
        let (state, unreadable) = at("#s1.AAAA", kept("// mine"));
        assert_eq!(&*state.text, "// mine");
        assert!(unreadable.is_some());
    }

    #[test]
    fn another_presets_talk_opens_it() {
        let told = PRESETS
            .iter()
            .find(|preset| preset.text.contains("\"story\""));
        let told = told.expect("there is a talk");
        let (state, _) = at(
            &crate::app::address::of_step(2, Some(told)),
            kept("// mine"),
        );
        assert_eq!(state.preset, told);
        assert_eq!(state.talk.map(|talk| talk.at), Some(2));
    }
}
