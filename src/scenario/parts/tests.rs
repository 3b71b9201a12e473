use serde_json::json;

use super::*;
use crate::scenario::Scenario;
use crate::scenario::presets::PRESETS;
use crate::scenario::text::parse;

/// Two designs, the second of which has the feeds of the first, and one with a feed of the same name; everything
/// that names a part.
const TEXT: &str = r#"{ "version": 1,
  "run": { "warmup": "1d", "length": "5d", "replicates": 2 },
  "world": { "two_state": { "stays": 20, "sells_out_per_day": 1, "reopens_per_day": 1, "searches_per_stay_per_day": 2 } },
  "designs": [
    { "name": "a", "feeds": [
        // Every change.
        { "name": "deltas", "source": "deltas", "delivery": { "push": { "loss": 0.1 } } },
        // A safety net.
        { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1d" } } } ],
      "audits": [{ "name": "panel", "panel": { "size": 5, "every": "6h" } }] },
    { "name": "heir", "like": "a", "cache": { "ttl": { "fixed": "6h" } } },
    { "name": "other", "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "2h" } } }] }],
  "faults": [
    { "leak": { "design": "a", "feed": "deltas", "at": "1d", "lasts": "6h", "share": 0.5 } },
    { "outage": { "design": "heir", "feed": "deltas", "at": "2d", "lasts": "6h" } }, // the heir's
    { "traffic_drop": { "at": "3d", "lasts": "6h", "times": 0.5 } }],
  "audiences": [{ "name": "search", "reads": "searches", "needs": [{ "metric": "accuracy", "at_least": 0.5 }] }],
  "expect": [
    { "design": "a", "metric": "feeds/deltas/feed_lost", "at_most": 0.9 },
    { "design": "other", "metric": "feeds/poll/feed_lost", "at_most": 0.9 },
    { "design": "a", "metric": "audits/panel/bias", "at_most": 0.9 },
    { "audience": "search", "metric": "accuracy", "at_least": 0.1 }],
  "assumptions": [
    { "over": "/designs/a/feeds/deltas/delivery/push/loss", "low": 0, "high": 0.2 },
    { "over": "/designs/0/feeds/1/delivery/pull/every", "low": "1h", "high": "2d" },
    { "over": "/designs/heir/feeds/poll/delivery/pull/every", "low": "1h", "high": "2d" }],
  "story": [{ "title": "One", "view": "board", "metrics": ["feeds/deltas/feed_lost"],
    "set": { "/faults/2/traffic_drop/times": 0.1, "/faults/1/outage/lasts": "3h" } }]
}"#;

fn read(text: &str) -> Scenario {
    parse(text)
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
        .scenario
}

fn after(text: &str, what: Change) -> Changed {
    change(text, &what).unwrap_or_else(|problems| panic!("{what:?}: {problems}\n{text}"))
}

fn add(list: &str, item: Json) -> Change {
    let list = list.to_owned();
    Change::Add { list, item }
}

fn remove(list: &str, at: usize) -> Change {
    let list = list.to_owned();
    Change::Remove { list, at }
}

fn rename(list: &str, at: usize, name: &str) -> Change {
    let (list, name) = (list.to_owned(), name.to_owned());
    Change::Rename { list, at, name }
}

fn comments(text: &str) -> usize {
    text.matches("// ").count() + text.matches("/* ").count()
}

/// The lists of a scenario, and how many items each has.
fn lists(scenario: &Scenario) -> Vec<(String, usize)> {
    let mut lists = vec![
        ("/faults".to_owned(), scenario.faults.len()),
        ("/audiences".to_owned(), scenario.audiences.len()),
        ("/expect".to_owned(), scenario.expect.len()),
    ];
    for (index, design) in scenario.designs.iter().enumerate() {
        lists.push((format!("/designs/{index}/feeds"), design.feeds.len()));
        lists.push((format!("/designs/{index}/audits"), design.audits.len()));
    }
    for (index, audience) in scenario.audiences.iter().enumerate() {
        lists.push((format!("/audiences/{index}/needs"), audience.needs.len()));
    }
    lists
}

fn count(scenario: &Scenario, list: &str) -> usize {
    let all = lists(scenario);
    all.iter().find(|(of, _)| of == list).expect(list).1
}

#[test]
fn what_is_added_is_last_and_has_a_name_of_its_own() {
    let poll =
        json!({ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } });
    for (design, count) in [(0, 2), (1, 2), (2, 1)] {
        let list = format!("/designs/{design}/feeds");
        let Changed { text, at, with } = after(TEXT, add(&list, poll.clone()));
        assert_eq!(
            (at, with),
            (format!("{list}/{count}"), Vec::<String>::new())
        );
        let now = read(&text);
        assert_eq!(now.designs[design].feeds.len(), count + 1);
        assert_eq!(now.designs[design].feeds[count].name, "poll 2");
        assert_eq!(comments(&text), comments(TEXT), "{text}");
        // Who is like it has it, too; who is not has not.
        let heirs = [0, 1].map(|of| now.designs[of].feeds.len());
        assert_eq!(
            heirs,
            if design == 0 {
                [3, 3]
            } else {
                [2, if design == 1 { 3 } else { 2 }]
            }
        );
    }
    // A list that nobody wrote is begun.
    let audit = json!({ "name": "panel", "random": { "size": 5, "every": "6h" } });
    let text = after(TEXT, add("/designs/2/audits", audit)).text;
    assert_eq!(read(&text).designs[2].audits[0].name, "panel");
    // What makes no sense is refused.
    let bad = json!({ "bad_dataset": { "at": "1d", "lasts": "1h", "kind": "schema" } });
    let refused = change(TEXT, &add("/faults", bad)).expect_err("there is no dataset");
    assert!(
        refused.to_string().contains("strikes nothing here"),
        "{refused}"
    );
}

#[test]
fn any_part_of_any_preset_can_be_removed_or_it_is_said_why_not() {
    let mut removed = 0;
    for text in PRESETS.iter().map(|preset| preset.text).chain([TEXT]) {
        let before = read(text);
        for (list, items) in lists(&before) {
            for at in 0..items {
                match change(text, &remove(&list, at)) {
                    Ok(changed) => {
                        removed += 1;
                        let now = read(&changed.text);
                        let gone = items - count(&now, &list);
                        assert!(gone == 1 || !changed.with.is_empty(), "{list}/{at}: {gone}");
                        assert_eq!(now.world, before.world);
                        assert_eq!(now.designs.len(), before.designs.len());
                    }
                    Err(problems) => {
                        let said = problems.to_string();
                        assert!(
                            said.contains("is needed: without it"),
                            "{list}/{at}: {said}"
                        );
                    }
                }
            }
        }
    }
    assert!(removed > 60, "{removed}");
}

#[test]
fn what_names_a_removed_part_goes_with_it() {
    let Changed { text, with, .. } = after(TEXT, remove("/designs/0/feeds", 0));
    let now = read(&text);
    // The heir has the feeds of the first: it lost it, too, with its fault.
    assert_eq!([0, 1].map(|of| now.designs[of].feeds.len()), [1, 1]);
    assert_eq!(now.faults.len(), 1);
    assert_eq!(now.expect.len(), 3);
    assert_eq!(
        now.assumptions[0].over,
        "/designs/0/feeds/0/delivery/pull/every"
    );
    assert_eq!(now.assumptions.len(), 2);
    assert!(now.story[0].metrics.is_empty());
    assert!(text.contains("/faults/0/traffic_drop/times"), "{text}");
    assert!(
        !text.contains("Every change") && text.contains("A safety net"),
        "{text}"
    );
    assert!(
        with.iter().any(|with| with.contains("the fault “leak”")),
        "{with:?}"
    );
    // Of the heir alone, it is the heir's own loss.
    let Changed { text, .. } = after(TEXT, remove("/designs/1/feeds", 0));
    let now = read(&text);
    assert_eq!([0, 1].map(|of| now.designs[of].feeds.len()), [2, 1]);
    assert_eq!((now.faults.len(), now.expect.len()), (2, 4));
    // An audience takes what is expected of it.
    let Changed { text, with, .. } = after(TEXT, remove("/audiences", 0));
    assert_eq!(read(&text).expect.len(), 3);
    assert_eq!(with, ["what is expected of accuracy"]);
    // A fault is counted on.
    let Changed { text, with, .. } = after(TEXT, remove("/faults", 0));
    assert!(
        text.contains("/faults/1/traffic_drop/times") && with.is_empty(),
        "{text}"
    );
}

#[test]
fn a_name_changes_wherever_it_is_named() {
    let text = after(TEXT, rename("/designs/0/feeds", 0, "row changes")).text;
    let now = read(&text);
    assert_eq!(
        [0, 1].map(|of| &*now.designs[of].feeds[0].name),
        ["row changes"; 2]
    );
    assert_eq!(now.expect[0].metric, "feeds/row changes/feed_lost");
    assert_eq!(
        now.assumptions[0].over,
        "/designs/a/feeds/row changes/delivery/push/loss"
    );
    assert_eq!(now.story[0].metrics, ["feeds/row changes/feed_lost"]);
    let left = text.replace("\"source\": \"deltas\"", "");
    assert!(!left.contains("deltas"), "{left}");
    assert_eq!(comments(&text), comments(TEXT));
    // The other design's feed of the same name is another one.
    let text = after(TEXT, rename("/designs/2/feeds", 0, "slow")).text;
    let now = read(&text);
    assert_eq!(
        (
            &*now.designs[0].feeds[1].name,
            &*now.designs[2].feeds[0].name
        ),
        ("poll", "slow")
    );
    assert_eq!(now.expect[1].metric, "feeds/slow/feed_lost");
    assert_eq!(
        now.assumptions[2].over,
        "/designs/heir/feeds/poll/delivery/pull/every"
    );
    let text = after(TEXT, rename("/designs/0/audits", 0, "fixed panel")).text;
    assert_eq!(read(&text).expect[2].metric, "audits/fixed panel/bias");
    let text = after(TEXT, rename("/audiences", 0, "web")).text;
    assert_eq!(read(&text).expect[3].audience.as_deref(), Some("web"));
    // An heir that renames has feeds of its own from then on.
    let text = after(TEXT, rename("/designs/1/feeds", 0, "mine")).text;
    let now = read(&text);
    assert_eq!(
        [0, 1].map(|of| &*now.designs[of].feeds[0].name),
        ["deltas", "mine"]
    );
}

#[test]
fn a_name_that_cannot_be_is_refused() {
    for (name, says) in [
        ("", "empty"),
        ("poll", "another feed is called"),
        ("12", "place in the list"),
        ("-", "place in the list"),
    ] {
        let refused = change(TEXT, &rename("/designs/0/feeds", 0, name)).expect_err(name);
        assert!(refused.to_string().contains(says), "{refused}");
    }
    // A fault of all designs' polls would lose one of them unseen.
    let outage = json!({ "outage": { "feed": "poll", "at": "1d", "lasts": "1h" } });
    let text = after(TEXT, add("/faults", outage)).text;
    let refused = change(&text, &rename("/designs/2/feeds", 0, "slow")).expect_err("is refused");
    assert!(refused.to_string().contains("of all designs"), "{refused}");
}

#[test]
fn another_world_takes_along_what_it_cannot_mean() {
    let hotels = read(PRESETS[0].text).world;
    let world = serde_json::to_value(&hotels).expect("is JSON");
    let Changed { text, with, .. } = after(TEXT, Change::World(world));
    assert_eq!(read(&text).world, hotels);
    assert_eq!(with, Vec::<String>::new());
    let two_state = serde_json::to_value(read(TEXT).world).expect("is JSON");
    let mut refused = 0;
    for preset in PRESETS {
        let before = read(preset.text);
        match change(preset.text, &Change::World(two_state.clone())) {
            Ok(Changed { text, with, .. }) => {
                let now = read(&text);
                assert_eq!(now.designs, before.designs);
                assert!(!with.is_empty() || now.faults == before.faults);
            }
            // A design that cannot be in it stays, and the world with it.
            Err(problems) => {
                refused += 1;
                let said = problems.to_string();
                assert!(said.contains("two_state"), "{}: {said}", preset.name);
            }
        }
    }
    assert!(refused < PRESETS.len() / 2, "{refused}");
}
