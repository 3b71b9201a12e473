//! The keys, declared once: what the help lists, and what those keys that work everywhere and those of a talk mean.

use super::talk::Event;

/// Keys that do the same, and what that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// The keys, as they are written on keyboards.
    pub keys: &'static [&'static str],
    /// What they do.
    pub does: &'static str,
}

/// Where keys work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub name: &'static str,
    /// Which.
    pub keys: &'static [Keys],
}

const fn keys(keys: &'static [&'static str], does: &'static str) -> Keys {
    Keys { keys, does }
}

/// The keys of the scenario's text, once its editor is there.
pub const EDITOR: &[Keys] = &[
    keys(&["Ctrl Space"], "completes"),
    keys(&["Ctrl F"], "finds and replaces"),
    keys(&["Shift Alt F"], "formats"),
    keys(&["Ctrl S"], "saves a file"),
    keys(&["F8"], "next problem"),
    keys(&["Ctrl Z"], "undoes, here and in the form"),
    keys(&["Tab"], "leaves the text"),
];

/// All keys, place by place. Those of a talk are [`TALK`].
pub const PLACES: &[Place] = &[
    Place {
        name: "Everywhere",
        keys: &[
            keys(&["Ctrl Enter"], "Runs the scenario (⌘ Enter on a Mac)"),
            keys(&["Ctrl Z", "Ctrl Y"], "Undoes an edit, makes it again"),
            keys(&["?"], "Opens this help"),
            keys(&["Esc"], "Closes what lies over the page"),
            keys(
                &["Tab", "Shift Tab"],
                "To the next control, to the one before",
            ),
        ],
    },
    Place {
        name: "In the list of scenarios",
        keys: &[keys(
            &["A … Z"],
            "Finds those with these words in name, title or question",
        )],
    },
    Place {
        name: "On a slider",
        keys: &[
            keys(&["←", "→"], "A step less, a step more: the run follows"),
            keys(&["Home", "End"], "The least, the most"),
        ],
    },
    Place {
        name: "On a chart",
        keys: &[
            keys(&["←", "→"], "Reads the value before, the next"),
            keys(&["Shift ←", "Shift →"], "By a day"),
            keys(
                &["↑", "↓"],
                "Up and down, where values stand below each other",
            ),
            keys(&["Home", "End"], "The first value, the last"),
            keys(&["Enter"], "Enlarges it, and makes it small again"),
            keys(&["Esc"], "Reads no more"),
        ],
    },
    Place {
        name: "In the scenario’s text",
        keys: EDITOR,
    },
    Place {
        name: "In the live view",
        keys: &[
            keys(&["Space"], "Plays and pauses"),
            keys(&["←", "→"], "An hour back, an hour on"),
            keys(&["Shift ←", "Shift →"], "A day back, a day on"),
            keys(&["Home", "End"], "The beginning, the end"),
            keys(&["← → ↑ ↓"], "On a stay map: from stay to stay"),
        ],
    },
];

/// A key of a talk: its names in the browser, what it means, and how it is listed. Presenters' remotes send some of
/// these.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    codes: &'static [&'static str],
    event: Event,
    /// How it is listed.
    pub listed: Keys,
}

const fn told(codes: &'static [&'static str], event: Event, listed: Keys) -> Told {
    Told {
        codes,
        event,
        listed,
    }
}

/// The keys of a talk.
pub const TALK: &[Told] = &[
    told(
        &["ArrowRight", "PageDown", " ", "Enter"],
        Event::Next,
        keys(&["→", "Page Down", "Space", "Enter"], "The next step"),
    ),
    told(
        &["ArrowLeft", "PageUp"],
        Event::Back,
        keys(&["←", "Page Up"], "The step before"),
    ),
    told(&["Home"], Event::First, keys(&["Home"], "The first step")),
    told(&["End"], Event::Last, keys(&["End"], "The last step")),
    told(
        &["b", "B", "."],
        Event::Blank,
        keys(&["b", "."], "Makes the screen dark, or light again"),
    ),
    told(&["Escape"], Event::End, keys(&["Esc"], "Leaves the talk")),
];

/// What a key means for a talk, by its name in the browser.
#[must_use]
pub fn of_talk(code: &str) -> Option<Event> {
    let told = TALK.iter().find(|told| told.codes.contains(&code));
    told.map(|told| told.event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_talk_means_one_thing() {
        assert_eq!(of_talk("PageDown"), Some(Event::Next));
        assert_eq!(of_talk("."), Some(Event::Blank));
        assert_eq!(of_talk("x"), None);
        let codes: Vec<_> = TALK.iter().flat_map(|told| told.codes).collect();
        for (at, code) in codes.iter().enumerate() {
            assert!(!codes[..at].contains(code), "{code}");
        }
    }
}
