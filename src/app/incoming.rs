//! A file that comes in: what it is taken for, and why it is not taken.

use super::state::{Action, Given, State};
use crate::scenario::problem::Problem;
use crate::scenario::text::{self, LONGEST_TEXT};

/// Whether a file is, by its name, a table that a scenario may read. Every other file is meant as a scenario.
#[must_use]
pub fn is_table(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ["csv", "tsv"].contains(&ending.to_lowercase().as_str()))
}

/// The largest table, in bytes. The page and its engine both hold it, and have 4 GB each at the very most.
const LARGEST_TABLE: usize = 256 << 20;

/// Whether a file of so many bytes need not even be read, and why.
#[must_use]
pub fn too_large(name: &str, bytes: f64) -> Option<String> {
    if is_table(name) {
        return table_too_large(name, bytes);
    }
    let (size, most) = sizes(bytes, LONGEST_TEXT)?;
    Some(format!(
        "{name} has {size:.0} MB, a scenario at most {most}: is this the right file?"
    ))
}

/// The same of a file that is chosen as a table, whatever it is called.
#[must_use]
pub fn table_too_large(name: &str, bytes: f64) -> Option<String> {
    let (size, most) = sizes(bytes, LARGEST_TABLE)?;
    Some(format!(
        "{name} has {size:.0} MB, and the page reads {most} at most: take a part of it, with fewer hotels or a shorter time, \
         or run the scenario from the command line."
    ))
}

/// How large what is too large is, and how large it may be, in MB.
fn sizes(bytes: f64, most: usize) -> Option<(f64, usize)> {
    (bytes > most as f64).then(|| ((bytes / f64::from(1 << 20)).ceil(), most >> 20))
}

/// What is done with a file: a scenario takes the place of the text, which undo brings back; a table goes to
/// the name that waits for one.
///
/// # Errors
/// Why it is not taken, in a sentence.
pub fn take(name: &str, bytes: &[u8], state: &State) -> Result<Action, String> {
    if is_table(name) {
        let wanted = state.scenario.files();
        let missing = state.missing();
        let target = match (&wanted[..], &missing[..]) {
            ([], _) => {
                return Err(format!(
                    "{name} is a table, and this scenario reads none: only a world of the kind `trace` does."
                ));
            }
            _ if wanted.contains(&name) => name,
            ([only], _) | (_, [only, ..]) => only,
            _ => {
                return Err(format!(
                    "{name} could take the place of {}: choose it there, under Files.",
                    wanted.join(" or ")
                ));
            }
        };
        let given = Given {
            name: name.into(),
            bytes: bytes.into(),
        };
        return Ok(Action::Give(target.to_owned(), given));
    }
    let said = |problem: Option<&Problem>| problem.map(Problem::said).unwrap_or_default();
    let text = text::decode(bytes)
        .map_err(|problems| format!("{name} is no text: {}.", said(problems.iter().next())))?;
    if text.contains('\0') {
        return Err(format!("{name} is no text: it has bytes that no text has."));
    }
    Ok(Action::Load {
        text: text.into(),
        preset: None,
        shared: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::presets::PRESETS;

    fn state() -> State {
        State::new(&PRESETS[0]).expect("reads")
    }

    fn trace() -> State {
        let text = r#"{ "version": 1, "world": { "trace": { "bookings": "b.csv", "searches": "s.csv",
            "booking_window": "30d", "max_nights": 3 } }, "designs": [{ "name": "none" }] }"#;
        state().after(Action::Type(text.into()))
    }

    #[test]
    fn a_scenario_takes_the_place_of_the_text_and_can_be_undone() {
        let before = state();
        // To the last byte, whether it reads or not.
        for text in ["\u{feff}{ // mine\r\n}", "half {", ""] {
            let action = take("mine.jsonc", text.as_bytes(), &before).expect(text);
            let after = before.after(action);
            assert_eq!(&*after.text, text);
            assert_eq!(after.after(Action::Undo).text, before.text);
        }
    }

    #[test]
    fn what_is_no_text_or_too_large_is_refused() {
        for (bytes, word) in [
            (&[0x7b, 0xff, 0x00][..], "UTF-8"),
            (b"\xff\xfe{\0}\0", "UTF-16"),
            (b"{ \0 }", "no text has"),
            (&vec![b' '; LONGEST_TEXT + 1], "8 MB"),
        ] {
            let said = take("photo.json", bytes, &state()).expect_err(word);
            assert!(
                said.starts_with("photo.json") && said.contains(word),
                "{said}"
            );
        }
        assert!(too_large("a.json", 9e6).is_some_and(|said| said.contains("9 MB")));
        assert!(too_large("a.json", 8e6).is_none() && too_large("a.csv", 200e6).is_none());
        for said in [too_large("a.csv", 300e6), table_too_large("a.txt", 300e6)] {
            let said = said.expect("too large");
            assert!(
                said.contains("287 MB") && said.contains("fewer hotels"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_table_goes_where_one_is_wanted() {
        let said = take("b.csv", b"hotel", &state()).expect_err("wants none");
        assert!(said.contains("trace"), "{said}");
        let mut state = trace();
        for (name, to) in [("s.csv", "s.csv"), ("mine.CSV", "b.csv")] {
            let action = take(name, b"hotel", &state).expect(name);
            assert!(
                matches!(&action, Action::Give(target, _) if target == to),
                "{action:?}"
            );
            state = state.after(action);
        }
        assert!(state.missing().is_empty());
        let said = take("other.csv", b"hotel", &state).expect_err("which?");
        assert!(said.contains("b.csv or s.csv"), "{said}");
        assert!(take("b.csv", b"hotel", &state).is_ok());
    }
}
