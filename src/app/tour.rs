//! The first tour: what there is to see, step by step, and what the reader may try at each.

use serde::{Deserialize, Serialize};

use super::state::State;
use crate::measure::metrics;
use crate::report::human;

/// Where it is kept that somebody was asked.
pub const KEY: &str = "stayfresh.tour";

/// What became of the invitation. Either way it is not made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The tour was begun.
    Taken,
    /// It was not wanted.
    Declined,
}

/// A step of the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its title.
    pub title: &'static str,
    /// What there is to see.
    pub says: &'static str,
    /// What the reader may do, and how it is known to be done.
    pub try_it: Option<(&'static str, Try)>,
    /// The part of the page: a CSS selector; of several that are found, the first counts.
    pub shows: &'static str,
    /// The control to begin at, in that part or elsewhere.
    pub control: Option<&'static str>,
}

/// What a reader is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// To move an assumption.
    Move,
    /// To inject a fault.
    Strike,
}

/// All steps.
pub const STEPS: &[Step] = &[
    Step {
        title: "Designs, side by side",
        says: "Each card is one way of keeping a copy of what is available. All watch the same hotels and the same searches, so they differ by what they do and by nothing else.",
        try_it: None,
        shows: "section:has(> .board)",
        control: None,
    },
    Step {
        title: "The verdict",
        says: "The run in sentences: what differs for certain, what is luck, and what to know before you believe it. Words with dots under them explain themselves.",
        try_it: None,
        shows: ".verdict",
        control: None,
    },
    Step {
        title: "Move an assumption",
        says: "Every knob runs the scenario anew as it moves.",
        try_it: Some(("Move a slider, and watch the cards.", Try::Move)),
        shows: ".rail",
        control: Some(".rail input[type=range]"),
    },
    Step {
        title: "Break something",
        says: "The live view plays the run for a few hotels: changes, polls and searches on their way, and which stays the copy has wrong.",
        try_it: Some((
            "Open it, play, and inject a fault: an outage, a leak.",
            Try::Strike,
        )),
        shows: ".live",
        control: Some("[data-testid=inject], [data-testid=live-open]"),
    },
    Step {
        title: "Take it with you",
        says: "Share makes a link that holds the whole scenario. The record is one file for a design review. The command line gives the same numbers, to the last bit.",
        try_it: None,
        shows: ".record",
        control: Some("[data-testid=share]"),
    },
];

/// What a reader did, if it is what was asked for: in a sentence, as soon as its result is there.
#[must_use]
pub fn done(what: Try, before: &State, now: &State) -> Option<String> {
    if before.text == now.text || now.stale() {
        return None;
    }
    match what {
        Try::Move => Some(moved(before, now).unwrap_or_else(|| {
            "Done: the run was made anew. These numbers hardly moved: they do not rest on that."
                .to_owned()
        })),
        Try::Strike => (now.scenario.faults.len() > before.scenario.faults.len()).then(|| {
            "Done: the fault is in the scenario, and in every number. Undo takes it out.".to_owned()
        }),
    }
}

/// The design and the headline that moved most for its size, if any is seen to move.
fn moved(before: &State, now: &State) -> Option<String> {
    let (before, now) = (before.shown.as_ref()?, now.shown.as_ref()?);
    let mut most: Option<(f64, String)> = None;
    for key in metrics::HEADLINES {
        let Some(metric) = metrics::by_key(key) else {
            continue;
        };
        for design in &now.results.designs {
            let mut designs = before.results.designs.iter();
            let was = designs.find(|was| was.name == design.name);
            // As the card shows it.
            let path = design.at_size(metric);
            let was = was.and_then(|was| was.estimate(&path));
            let (Some(was), Some(is)) = (was, design.estimate(&path)) else {
                continue;
            };
            let [from, to] = [was, is].map(|found| human::value(metric.unit, found.mean));
            let size = was.mean.abs().max(is.mean.abs());
            let by = (is.mean - was.mean).abs() / size;
            if from != to && most.as_ref().is_none_or(|(most, _)| by > *most) {
                let title = metric.title.to_lowercase();
                most = Some((
                    by,
                    format!("Done: {title} of {} went from {from} to {to}.", design.name),
                ));
            }
        }
    }
    most.map(|(_, said)| said)
}

/// Whether somebody who opens the page is asked: who has not been asked, and has done nothing yet.
#[must_use]
pub fn invites(answer: Option<Answer>, kept: bool, state: &State) -> bool {
    answer.is_none()
        && !kept
        && state.shared.is_none()
        && state.talk.is_none()
        && !state.edited()
        && !state.can_undo()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::{Action, Shown};
    use crate::scenario::presets::PRESETS;
    use crate::scenario::text;
    use crate::study::Study;
    use std::rc::Rc;

    const SMALL: &str = r#"{ "version": 1, "run": { "warmup": "1d", "length": "2d", "replicates": 2 },
        "world": { "two_state": { "stays": 20, "sells_out_per_day": 1, "reopens_per_day": 1 } },
        "designs": [{ "name": "poll", "feeds": [
            { "name": "all", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }] }] }"#;

    fn opened() -> State {
        let first = PRESETS.first().expect("there are presets");
        State::new(first).expect("reads")
    }

    /// A page whose text has been run.
    fn ran(text: &str) -> State {
        let mut state = opened().after(Action::Type(text.into()));
        let mut study = Study::new(text::parse(text).expect("reads"));
        for part in 0..study.parts() {
            let part = study.run_part(part);
            study.absorb(part);
        }
        state.shown = Some(Shown {
            results: Rc::new(study.results().expect("it ran")),
            text: text.into(),
            scenario: Rc::clone(&state.scenario),
            job: 1,
            done: 1,
            parts: 1,
        });
        state
    }

    #[test]
    fn what_moved_most_is_said_once_its_result_is_there() {
        let before = ran(SMALL);
        assert_eq!(done(Try::Move, &before, &before), None);
        let slower = SMALL.replace("\"1h\"", "\"1d\"");
        // Typed, but not run.
        let typed = before.after(Action::Type(slower.as_str().into()));
        assert_eq!(done(Try::Move, &before, &typed), None);
        let said = done(Try::Move, &before, &ran(&slower)).expect("it moved");
        assert!(said.contains("of poll went from"), "{said}");
        // The same numbers by another text.
        let noted = SMALL.replace("\"version\": 1,", "\"version\": 1, \"title\": \"New\",");
        let said = done(Try::Move, &before, &ran(&noted)).expect("it ran");
        assert!(said.contains("hardly moved"), "{said}");
    }

    #[test]
    fn a_fault_is_noticed_and_nothing_else() {
        let before = ran(SMALL);
        let struck = SMALL.replace(
            "\"version\": 1,",
            "\"version\": 1, \"faults\": [{ \"outage\": { \"at\": \"1h\", \"lasts\": \"1h\" } }],",
        );
        assert!(done(Try::Strike, &before, &ran(&struck)).is_some());
        let slower = SMALL.replace("\"1h\"", "\"1d\"");
        assert_eq!(done(Try::Strike, &before, &ran(&slower)), None);
    }

    #[test]
    fn nobody_is_asked_twice_or_in_the_middle_of_something() {
        let fresh = opened();
        assert!(invites(None, false, &fresh));
        assert!(!invites(Some(Answer::Declined), false, &fresh));
        assert!(!invites(Some(Answer::Taken), false, &fresh));
        assert!(!invites(None, true, &fresh));
        assert!(!invites(
            None,
            false,
            &fresh.after(Action::Open(&PRESETS[1]))
        ));
        assert!(!invites(
            None,
            false,
            &fresh.after(Action::set("/seed", 3.into()))
        ));
        let talk = crate::app::talk::Event::Start(0);
        assert!(!invites(None, false, &fresh.after(Action::Talk(talk))));
    }
}
