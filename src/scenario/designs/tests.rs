use super::*;
use crate::scenario::Scenario;
use crate::scenario::presets::PRESETS;
use crate::scenario::text::parse;

fn read(text: &str) -> Scenario {
    parse(text)
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
        .scenario
}

fn after(text: &str, what: Change) -> Changed {
    change(text, &what).unwrap_or_else(|problems| panic!("{what:?}: {problems}\n{text}"))
}

fn comments(text: &str) -> usize {
    text.matches("// ").count() + text.matches("/* ").count()
}

/// What is written of each design.
fn written_of(text: &str) -> Vec<String> {
    let list = List::of(text).expect("reads");
    let all = 0..list.names.len();
    let raw = |index| replaced_in(text, list.item(DESIGNS, index).expect("is there"), &[]);
    all.map(raw).collect()
}

/// Every design of every preset.
fn all() -> impl Iterator<Item = (&'static str, usize)> {
    PRESETS.iter().flat_map(|preset| {
        let designs = read(preset.text).designs.len();
        (0..designs).map(move |design| (preset.text, design))
    })
}

#[test]
fn a_new_design_changes_nothing_else() {
    for preset in PRESETS {
        let before = read(preset.text);
        if before.designs.len() == MOST_DESIGNS {
            let refused = change(preset.text, &Change::Blank).expect_err(preset.name);
            assert!(refused.to_string().contains("at most 8"), "{refused}");
            continue;
        }
        let Changed { text, at, .. } = after(preset.text, Change::Blank);
        let mut now = read(&text);
        assert_eq!(at, before.designs.len());
        assert_eq!(
            now.designs.pop().map(|design| design.name),
            Some("new design".to_owned())
        );
        assert_eq!(now, before);
        assert_eq!(comments(&text), comments(preset.text), "{text}");
        assert_eq!(written_of(&text)[..at], written_of(preset.text));
        if at + 2 > MOST_DESIGNS {
            continue;
        }
        let twice = after(&text, Change::Blank).text;
        assert_eq!(read(&twice).designs[at + 1].name, "new design 2");
    }
}

#[test]
fn a_copy_is_the_same_design_with_the_same_faults() {
    for (preset, design) in all() {
        let before = read(preset);
        if before.designs.len() == MOST_DESIGNS {
            continue;
        }
        let Changed { text, at, .. } = after(preset, Change::Duplicate(design));
        let mut now = read(&text);
        assert_eq!(at, design + 1);
        let name = before.designs[design].name.clone();
        let copy = now.designs.remove(at);
        assert_eq!(copy.name, format!("{name} copy"));
        assert_eq!(now.designs, before.designs);
        let told =
            |scenario: &Scenario, name: &str| crate::report::words::faults_of(scenario, name);
        assert_eq!(told(&read(&text), &copy.name), told(&before, &name));
        for other in &before.designs {
            assert_eq!(told(&read(&text), &other.name), told(&before, &other.name));
        }
        assert_eq!(
            crate::design::Design { name, ..copy },
            before.designs[design]
        );
        let mut others = written_of(&text);
        others.remove(at);
        assert_eq!(others, written_of(preset));
        assert!(comments(&text) >= comments(preset));
        assert_eq!(now.story.len(), before.story.len());
    }
}

#[test]
fn another_name_is_the_only_thing_that_changes() {
    for (preset, design) in all() {
        let name = read(preset).designs[design].name.clone();
        // What is told by name could not be told apart from the name.
        let new = "a name / with \"all\" ~ of it";
        let text = after(preset, Change::Rename(design, format!(" {new} "))).text;
        assert_eq!(read(&text).designs[design].name, new);
        assert_eq!(after(&text, Change::Rename(design, name)).text, preset);
    }
}

#[test]
fn names_that_cannot_be_given_are_refused_with_a_reason() {
    let text = PRESETS[0].text;
    for (name, said) in [
        ("", "is empty"),
        ("  ", "is empty"),
        ("poll hourly", "another design is called \"poll hourly\""),
        ("3", "taken for a place"),
        ("-", "taken for a place"),
        (&"x".repeat(61), "more than 60 characters"),
    ] {
        let refused = change(text, &Change::Rename(0, name.to_owned())).expect_err(name);
        assert!(refused.to_string().contains(said), "{refused}");
    }
    let bounded = text.replacen("\"version\": 1,", "\"version\": 1, \"bounds\": true,", 1);
    let refused = change(&bounded, &Change::Rename(0, "ideal".to_owned())).expect_err("taken");
    assert!(
        refused.to_string().contains("one of the bounds"),
        "{refused}"
    );
}

#[test]
fn another_order_is_the_same_designs() {
    for (preset, design) in all() {
        let before = read(preset);
        for to in 0..before.designs.len() {
            let Changed { text, at, .. } = after(preset, Change::Move { design, to });
            assert_eq!(at, to);
            let mut expected = before.clone();
            let moved = expected.designs.remove(design);
            expected.designs.insert(to, moved);
            assert_eq!(read(&text).designs, expected.designs);
            assert_eq!(comments(&text), comments(preset));
            let back = after(
                &text,
                Change::Move {
                    design: to,
                    to: design,
                },
            );
            assert_eq!(read(&back.text), before, "{text}");
            let mut raw = written_of(preset);
            let moved = raw.remove(design);
            raw.insert(to, moved);
            assert_eq!(written_of(&text), raw);
        }
    }
}

#[test]
fn what_goes_with_a_removed_design_is_said() {
    for (preset, design) in all() {
        let before = read(preset);
        if before.designs.len() == 1 {
            let refused = change(preset, &Change::Remove(design)).expect_err("the only one");
            assert!(refused.to_string().contains("the only design"), "{refused}");
            continue;
        }
        let Changed { text, with, .. } = after(preset, Change::Remove(design));
        let now = read(&text);
        let mut expected = before.designs.clone();
        let gone = expected.remove(design);
        assert_eq!(now.designs, expected, "{text}");
        let lost = [
            before.faults.len() - now.faults.len(),
            before.expect.len() - now.expect.len(),
            before.assumptions.len() - now.assumptions.len(),
        ];
        let lost: usize = lost.iter().sum();
        assert!(with.len() >= lost.min(1), "{with:?}");
        assert_eq!(now.story.len(), before.story.len());
        let silent = |scenario: &Scenario| Scenario {
            designs: Vec::new(),
            story: Vec::new(),
            ..scenario.clone()
        };
        if with.is_empty() {
            assert_eq!(now.story, before.story);
            assert_eq!(silent(&now), silent(&before));
        }
        for other in &expected {
            let told = |scenario: &Scenario| crate::report::words::faults_of(scenario, &other.name);
            assert_eq!(told(&now), told(&before), "{text}");
        }
        // Who was not like it stands there as before.
        let (old, new) = (written_of(preset), written_of(&text));
        for (index, raw) in old.iter().enumerate().filter(|(index, _)| *index != design) {
            let place = index - usize::from(index > design);
            if !raw.contains(&format!("\"like\": {}", quoted(&gone.name))) {
                assert_eq!(new[place], *raw);
            }
        }
    }
}

/// Everything that can name a design, by its name and by its place.
const NAMED: &str = r#"{
  "version": 1,
  "world": { "two_state": { "stays": 10, "sells_out_per_day": 1, "reopens_per_day": 1 } },
  "designs": [ // all of them
    // The first.
    { "name": "a", "feeds": [{ "name": "deltas", "source": "deltas", "delivery": "push" }] }, // stays with a
    // The second:
    // in two lines.
    { "name": "b", "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }],
      "cache": { "ttl": { "fixed": "6h" }, /* ours */ "sold_out_ttl": "1h" } }, // stays with b
    { "name": "c", "like": "b", "cache": { "ttl": { "fixed": null, "sliding": "2h" /* theirs */ }, "sold_out_ttl": null } },
    { "name": "d", "like": "c" }
  ],
  "faults": [
    { "outage": { "design": "a", "at": "1d", "lasts": "1h" } },
    { "cache_flush": { "design": "b", "at": "2d" } },
    { "cache_flush": { "at": "3d" } }
  ],
  "expect": [
    { "design": "b", "metric": "accuracy", "at_least": 0 },
    { "design": "a", "versus": "b", "metric": "accuracy", "at_least": -1 },
    { "design": "a", "metric": "accuracy", "at_least": 0 }
  ],
  "sweep": { "over": "/designs/1/cache/ttl/fixed", "values": ["1h", "2h"] },
  "assumptions": [{ "over": "/designs/b/feeds/0/delivery/pull/every", "low": "30m", "high": "2h" }],
  "story": [
    { "title": "One", "design": "b", "set": { "/designs/1/cache/ttl/fixed": "1h", "/faults/2/cache_flush/at": "4d" } },
    { "title": "Two", "set": { "/designs/b/cache/ttl/fixed": "3h", "/faults/1/cache_flush/design": "b" } },
    { "title": "Three", "set": { "/designs/-": { "name": "e", "like": "b" } } },
    { "title": "Four", "set": { "/designs/4/cache/ttl/fixed": "3h", "/designs/3/cache/ttl/sliding": "3h" } }
  ]
}
"#;

#[test]
fn every_place_that_names_a_design_is_renamed() {
    let text = after(NAMED, Change::Rename(1, "z".to_owned())).text;
    assert_eq!(text.matches("\"b\"").count(), 0, "{text}");
    assert!(!text.contains("/b/"), "{text}");
    assert_eq!(text.replace("\"z\"", "\"b\"").replace("/z/", "/b/"), NAMED);
}

#[test]
fn what_is_counted_is_counted_anew() {
    let moved = after(NAMED, Change::Move { design: 1, to: 0 }).text;
    for part in [
        "/designs/0/cache/ttl/fixed\", \"values",
        "/designs/4/cache",
        "/designs/3/cache",
    ] {
        assert!(moved.contains(part), "{part}: {moved}");
    }
    let [first, second] = ["// The second:", "// The first."].map(|part| moved.find(part));
    assert!(first < second, "{moved}");
    let twice = after(NAMED, Change::Duplicate(1)).text;
    for part in [
        "\"b copy\"",
        "/designs/1/cache/ttl/fixed\", \"values",
        "/designs/5/cache/ttl/fixed",
        "/designs/4/cache/ttl/sliding",
        "/faults/3/cache_flush/at",
        "/faults/1/cache_flush/design",
    ] {
        assert!(twice.contains(part), "{part}: {twice}");
    }
    assert_eq!(read(&twice).faults.len(), 4);
    assert_eq!(twice.matches("/* ours */").count(), 2);
}

#[test]
fn a_removed_design_takes_along_what_only_it_can_mean() {
    let Changed { text, with, at } = after(NAMED, Change::Remove(1));
    assert_eq!(at, 1);
    let now = read(&text);
    assert_eq!(now.designs[1..], read(NAMED).designs[2..]);
    assert_eq!(
        (now.faults.len(), now.expect.len(), now.story.len()),
        (2, 1, 4)
    );
    assert!(now.sweep.is_none() && now.assumptions.is_empty());
    for gone in [
        "// The second:",
        "in two lines",
        "stays with b",
        "null",
        "/* ours */",
    ] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    for kept in [
        "all of them",
        "The first.",
        "stays with a",
        "/* theirs */",
        "/faults/1/cache_flush/at",
        "/designs/2/cache/ttl/sliding",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    for said in [
        "the fault “cache flush” at 2d",
        "accuracy",
        "the sweep over it",
        "step 1 of the talk, “One”",
        "step 2",
        "step 3",
        "step 4",
    ] {
        assert!(
            with.iter().any(|with| with.contains(said)),
            "{said}: {with:?}"
        );
    }
}

#[test]
fn designs_come_from_other_scenarios_or_are_refused() {
    let into = PRESETS[0].text;
    for preset in PRESETS {
        for (design, of) in read(preset.text).designs.into_iter().enumerate() {
            let take = Change::Take {
                from: preset.text,
                design,
            };
            match change(into, &take) {
                Ok(Changed { text, at, .. }) => {
                    let now = read(&text);
                    let name = now.designs[at].name.clone();
                    assert_eq!(now.designs[at], crate::design::Design { name, ..of });
                    assert_eq!(written_of(&text)[..at], written_of(into));
                }
                Err(problems) => panic!("{}: {problems}", preset.name),
            }
        }
    }
}

#[test]
fn eight_are_enough() {
    let mut text = PRESETS[0].text.to_owned();
    while read(&text).designs.len() < MOST_DESIGNS {
        text = after(&text, Change::Duplicate(0)).text;
    }
    for what in [Change::Blank, Change::Duplicate(3)] {
        let refused = change(&text, &what).expect_err("there is no room");
        assert!(refused.to_string().contains("at most 8"), "{refused}");
    }
}

#[test]
fn a_mark_at_the_start_and_other_line_ends_stay() {
    let text = format!("\u{feff}{}", NAMED.replace('\n', "\r\n"));
    for what in [
        Change::Blank,
        Change::Duplicate(1),
        Change::Rename(1, "z".to_owned()),
        Change::Move { design: 3, to: 1 },
        Change::Remove(1),
    ] {
        let now = after(&text, what).text;
        read(&now);
        assert!(now.starts_with('\u{feff}'));
        assert_eq!(
            now.matches('\n').count(),
            now.matches("\r\n").count(),
            "{now}"
        );
    }
}
