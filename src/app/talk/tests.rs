use std::rc::Rc;

use super::*;
use crate::app::state::{Action, Due, Run};
use crate::scenario::presets::PRESETS;

const TOLD: &str = r#"{
    "version": 1, "run": { "warmup": "1d", "length": "1d", "replicates": 2 },
    "world": { "two_state": { "stays": 10, "sells_out_per_day": 1, "reopens_per_day": 1 } },
    "designs": [{ "name": "poll", "cache": { "ttl": { "fixed": "1h" } },
        "feeds": [{ "name": "all", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }] }],
    "story": [
        { "title": "First", "words": "One." },
        { "title": "Slower", "set": { "/designs/poll/feeds/all/delivery/pull/every": "1d" } },
        { "title": "Still", "view": "board" },
        { "title": "For ever", "set": { "/designs/poll/cache/ttl": null } }
    ]
}"#;

fn results(text: &str) -> Rc<Results> {
    let mut study = crate::study::Study::new(text::parse(text).expect("is a scenario"));
    for part in 0..study.parts() {
        let part = study.run_part(part);
        study.absorb(part);
    }
    Rc::new(study.results().expect("it ran"))
}

fn begun(at: usize) -> State {
    let page = State::new(&PRESETS[0]).expect("the first preset reads");
    page.after(Action::Type(TOLD.into()))
        .after(Action::Talk(Event::Start(at)))
}

/// The state after the job that is wanted is done, and the text it was about.
fn served(state: &State) -> (State, Rc<str>) {
    let (job, text) = state.wanted().expect("something is wanted");
    let done = Action::Progress {
        job,
        done: 4,
        parts: 4,
        results: Some(results(&text)),
    };
    (state.after(done), text)
}

fn talk(state: &State) -> &Talk {
    state.talk.as_ref().expect("a talk is given")
}

#[test]
fn results_are_found_ahead_and_what_is_shown_goes_first() {
    let (state, first) = served(&begun(0));
    assert_eq!((talk(&state).ready(), talk(&state).at), (1, 0));
    assert!(!first.contains("story"));
    // The last step is looked at while the second runs: it goes first.
    let hurried = state.after(Action::Talk(Event::Last));
    let (job, text) = hurried.wanted().expect("something is wanted");
    assert!(text.contains("1d") && !text.contains("ttl"), "{text}");
    // What the job before still says is no longer heard.
    let late = Action::Progress {
        job: job - 1,
        done: 1,
        parts: 4,
        results: Some(results(&first)),
    };
    assert_eq!(hurried.after(late).talk, hurried.talk);
    let (last, _) = served(&hurried);
    // Two steps share the stage that is left.
    let (all, _) = served(&last);
    assert_eq!((talk(&last).ready(), talk(&all).ready()), (2, 4));
    assert!(all.wanted().is_none());
}

#[test]
fn back_and_forth_at_will_and_no_further() {
    let go = |events: &[Event]| {
        let talks = events.iter().map(|event| Action::Talk(*event));
        let state = talks.fold(begun(0), |state, action| state.after(action));
        let talk = talk(&state);
        (talk.at, talk.is_blank)
    };
    use Event::{Back, Blank, First, Last, Next};
    assert_eq!(go(&[Back]), (0, false));
    assert_eq!(go(&[Next, Next, Back]), (1, false));
    assert_eq!(go(&[Last, Next]), (3, false));
    assert_eq!(go(&[Last, First]), (0, false));
    assert_eq!(go(&[Blank]), (0, true));
    assert_eq!(go(&[Blank, Blank]), (0, false));
    assert_eq!(go(&[Blank, Next]), (1, false));
    assert_eq!(talk(&begun(9)).at, 3);
}

#[test]
fn the_page_is_as_it_was_when_the_talk_ends() {
    let page = State::new(&PRESETS[0]).expect("the first preset reads");
    let page = page.after(Action::Type(TOLD.into())).after(Action::Run);
    let given = [Event::Start(0), Event::Next, Event::Last, Event::End]
        .into_iter()
        .fold(page.clone(), |state, event| {
            state.after(Action::Talk(event))
        });
    assert_eq!((&given.text, &given.scenario), (&page.text, &page.scenario));
    assert!(
        given.talk.is_none() && given.after(Action::Undo).text == page.after(Action::Undo).text
    );
    // The run that the talk was in the way of begins anew.
    assert_eq!((given.run.clone(), given.due), (Run::Idle, Due::Now));
    assert!(given.wanted().is_none());
    assert!(given.after(Action::Run).wanted().is_some());
}

#[test]
fn what_the_page_has_found_is_not_found_again() {
    let page = State::new(&PRESETS[0]).expect("the first preset reads");
    let page = page.after(Action::Type(TOLD.into())).after(Action::Run);
    let (page, _) = served(&page);
    let state = page.after(Action::Talk(Event::Start(0)));
    assert_eq!(talk(&state).ready(), 1);
    assert!(state.wanted().is_some_and(|(_, text)| text.contains("1d")));
    assert_eq!(state.after(Action::Talk(Event::End)).due, page.due);
}

#[test]
fn a_step_that_fails_says_so_and_the_others_go_on() {
    let state = begun(0);
    let (job, _) = state.wanted().expect("something is wanted");
    let refused = state.after(Action::Refused {
        job,
        message: "no".into(),
    });
    assert_eq!(
        talk(&refused)
            .stage()
            .and_then(|stage| stage.failed.as_deref()),
        Some("no")
    );
    let (later, _) = refused.wanted().expect("the next is wanted");
    assert!(later > job);
    let lost = refused.after(Action::Broken("gone".into()));
    assert!(lost.worker > refused.worker && lost.wanted().is_some_and(|(next, _)| next > later));
}

#[test]
fn without_a_story_there_is_no_talk() {
    let page = State::new(&PRESETS[0]).expect("the first preset reads");
    let bare = story::without(TOLD).expect("reads");
    for text in [bare.as_str(), "{"] {
        let state = page.after(Action::Type(text.into()));
        let state = if text == "{" {
            // The last good scenario may have one; its text is gone.
            begun(0)
                .after(Action::Talk(Event::End))
                .after(Action::Type(text.into()))
        } else {
            state
        };
        assert!(state.after(Action::Talk(Event::Start(0))).talk.is_none());
    }
}

#[test]
fn changes_are_told_in_words() {
    let state = begun(1);
    let (_, changes) = talk(&state).now().expect("a step");
    let [change] = changes else {
        panic!("one change: {changes:?}");
    };
    assert!(
        change.what.starts_with("“poll”: feed “all”, "),
        "{change:?}"
    );
    assert_eq!(change.from.as_deref(), Some("1\u{a0}h"));
    assert_eq!(change.to.as_deref(), Some("1\u{a0}d"));
    let state = state.after(Action::Talk(Event::Last));
    let (_, changes) = talk(&state).now().expect("a step");
    assert!(
        changes.iter().any(|change| change.what.contains("expiry")),
        "{changes:?}"
    );
    assert!(
        begun(0)
            .talk
            .is_some_and(|talk| talk.now().is_some_and(|(_, changes)| changes.is_empty()))
    );
}

#[test]
fn a_talk_on_an_edited_preset_says_so() {
    let preset = PRESETS.iter().find(|preset| {
        let read = preset.read().expect("reads");
        !read.scenario.story.is_empty()
    });
    let page = State::new(preset.expect("one has a story")).expect("reads");
    let edits = |state: &State| {
        let begun = state.after(Action::Talk(Event::Start(0)));
        begun.talk.expect("there is a story").edits
    };
    assert_eq!(edits(&page), None);
    let edited = page.after(Action::set("/seed", 12345.into()));
    assert_eq!(edits(&edited).as_deref(), Some("another seed"));
    let longer = page.after(Action::set("/run/length", "33d".into()));
    let said = edits(&longer).expect("it is edited");
    assert!(said.contains("33"), "{said}");
    // Another's own words are of their own scenario.
    let own = edited.after(Action::set("/story/0/words", "Mine.".into()));
    assert_eq!(edits(&own), None);
}

#[test]
fn parts_that_come_and_go_are_told_by_name() {
    let read = |text: &str| text::parse(text).expect("is a scenario").scenario;
    let added = |text: &str, list: &str, item: serde_json::Value| {
        let list = list.to_owned();
        let change = crate::scenario::parts::Change::Add { list, item };
        crate::scenario::parts::change(text, &change)
            .expect("can be added")
            .text
    };
    let told = |before: &str, after: &str| {
        let changes = between(&read(before), &read(after)).into_iter();
        let said = changes.map(|of| {
            let [from, to] = [of.from, of.to].map(|side| side.unwrap_or_else(|| "none".into()));
            format!("{}: {from} to {to}", of.what)
        });
        said.collect::<Vec<_>>()
    };
    // Its story names what goes.
    let base = &story::without(TOLD).expect("reads");
    let feed =
        serde_json::json!({ "name": "first", "source": "deltas", "delivery": { "push": {} } });
    let fed = added(base, "/designs/0/feeds", feed);
    assert_eq!(told(base, &fed), ["feed: none to “first” in “poll”"]);
    // What stands behind what goes keeps its name: its knobs did not move.
    let list = "/designs/0/feeds".to_owned();
    let removal = crate::scenario::parts::Change::Remove { list, at: 0 };
    let gone = crate::scenario::parts::change(&fed, &removal)
        .expect("can be removed")
        .text;
    assert_eq!(told(&fed, &gone), ["feed: “all” in “poll” to none"]);
    let audit = serde_json::json!({ "name": "panel", "panel": { "size": 5, "every": "6h" } });
    let audited = added(base, "/designs/0/audits", audit);
    assert_eq!(told(base, &audited), ["audit: none to “panel” in “poll”"]);
    let reads = serde_json::json!({ "name": "ana", "reads": "searches", "needs": [{ "metric": "accuracy", "at_least": 0.9 }] });
    let heard = added(base, "/audiences", reads);
    assert_eq!(told(base, &heard), ["audience: none to “ana”"]);
    let need = serde_json::json!({ "metric": "freshness", "at_least": 0.5 });
    let needs = added(&heard, "/audiences/0/needs", need);
    let [said] = &told(&heard, &needs)[..] else {
        panic!("one change");
    };
    assert!(said.starts_with("need: none to ana needs"), "{said}");
    let expected = serde_json::json!({ "design": "poll", "metric": "accuracy", "at_least": 0.5 });
    let hoped = added(base, "/expect", expected.clone());
    let [said] = &told(base, &hoped)[..] else {
        panic!("one change");
    };
    assert!(said.starts_with("expectation: none to "), "{said}");
    // One that stays is told by its knobs.
    let more = hoped.replace("0.5", "0.75");
    let said = told(&hoped, &more);
    assert!(said.len() == 1 && said[0].contains("75"), "{said:?}");
}

#[test]
fn what_is_only_set_back_is_no_change() {
    let change = |from: Option<&str>, to: Option<&str>| Change {
        what: "lasts".to_owned(),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
    };
    let earlier = [change(Some("8 h"), Some("2 d"))];
    let back = vec![change(Some("2 d"), Some("8 h"))];
    let (said, left) = changes::set_back(back, &earlier);
    assert_eq!((&said[..], left.len()), (&["lasts 8 h".to_owned()][..], 0));
    let on = vec![change(Some("2 d"), Some("3 d"))];
    assert_eq!(changes::set_back(on.clone(), &earlier), (Vec::new(), on));
}
