//! A film shows the very run that is measured: what is counted and integrated from its scenes are the results.

use serde_json::{Value, json};
use stayfresh::report::reel::Reel;
use stayfresh::report::results::{DesignResults, Results};
use stayfresh::scenario::presets::PRESETS;
use stayfresh::scenario::text;
use stayfresh::sim::clock::{DAY, Time};
use stayfresh::sim::film::{Cast, Seen};
use stayfresh::study::{Study, run};

/// All stays of these groups.
fn all(groups: &[u64]) -> Cast {
    Cast {
        groups: groups.to_vec(),
        nights: None,
    }
}

/// What a film adds up to in the measured part of a run.
#[derive(Debug, Default)]
struct Sums {
    /// Microseconds of stays.
    stays: i128,
    held: i128,
    false_available: i128,
    false_sold_out: i128,
    changes: f64,
    searches: f64,
    hits: f64,
    told_wrongly: f64,
}

fn sums(film: &Reel, design: &Value, (warm, end): (Time, Time)) -> Sums {
    let on_miss = design["serving"]["on_miss"].as_str().unwrap_or("ask_live");
    let said = |held: Option<bool>, truth: bool| match (held, on_miss) {
        (Some(answer), _) => answer,
        (None, "ask_live") => truth,
        (None, say) => say == "say_available",
    };
    let mut sums = Sums::default();
    // By stay: since when, the truth, what is held.
    let mut now: Vec<(Time, bool, Option<bool>)> = film
        .actors
        .iter()
        .map(|of| (of.enters, of.available, None))
        .collect();
    let pass = |sums: &mut Sums, (from, truth, held): (Time, bool, Option<bool>), to: Time| {
        let span = i128::from((to.min(end) - from.max(warm)).max(0));
        sums.stays += span;
        sums.held += if held.is_some() { span } else { 0 };
        match (said(held, truth), truth) {
            (true, false) => sums.false_available += span,
            (false, true) => sums.false_sold_out += span,
            _ => {}
        }
    };
    let mut at = 0;
    for scene in &film.scenes {
        assert!(scene.at >= at, "scenes are in the order of time");
        at = scene.at;
        let state = &mut now[scene.stay as usize];
        let measured = f64::from(u8::from(scene.at >= warm));
        match scene.seen {
            Seen::Truth(available) => {
                pass(&mut sums, *state, scene.at);
                (state.0, state.1) = (scene.at, available);
                sums.changes += measured;
            }
            Seen::Holds(held) => {
                pass(&mut sums, *state, scene.at);
                (state.0, state.2) = (scene.at, held);
            }
            Seen::Searched(found) => {
                assert_eq!(found, state.2, "a search finds what is held");
                sums.searches += measured;
                sums.hits += if found.is_some() { measured } else { 0.0 };
                if said(found, state.1) != state.1 {
                    sums.told_wrongly += measured;
                }
            }
            Seen::Wrote { read, .. } => assert!(read <= scene.at),
            Seen::Asked => {}
        }
    }
    for (state, actor) in now.iter().zip(&film.actors) {
        pass(&mut sums, *state, actor.leaves);
    }
    sums
}

/// All designs of a scenario, filmed whole, add up to their results.
fn adds_up(name: &str, mut scenario: Value) {
    scenario["run"]["replicates"] = json!(1);
    let document = text::parse(&scenario.to_string())
        .unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
    let horizon = document.scenario.run.horizon();
    let mut study = Study::new(document);
    run(&mut study, 2, &mut |_| {});
    let results: Results = study.results().unwrap();
    let groups: Vec<u64> = (0..study.groups()).collect();
    let designs = results.scenario["designs"].as_array().unwrap();
    for design in designs {
        let called = design["name"].as_str().unwrap();
        let film = study.film(called, 0, all(&groups)).unwrap();
        let of: &DesignResults = results.designs.iter().find(|of| of.name == called).unwrap();
        let sums = sums(&film, design, (horizon.warm, horizon.end));
        let days = (horizon.end - horizon.warm) as f64 / DAY as f64;
        let share = |part: i128| part as f64 / sums.stays as f64;
        let close = |what: &str, filmed: f64, measured: Option<f64>| {
            let measured = measured.unwrap_or(0.0);
            // The same whole numbers, divided once or twice.
            let error = (filmed - measured).abs();
            assert!(
                error <= 1e-12 * measured.abs().max(1.0),
                "{name}, {called}: {what} {filmed}, measured {measured}"
            );
        };
        let metric = |key: &str| of.metrics.get(key).map(|found| found.mean);
        let count = |key: &str| of.counts_per_day.get(key).map(|found| found.mean);
        close("coverage", share(sums.held), metric("coverage"));
        close(
            "false_available",
            share(sums.false_available),
            metric("false_available"),
        );
        close(
            "false_sold_out",
            share(sums.false_sold_out),
            metric("false_sold_out"),
        );
        close("changes", sums.changes / days, count("changes"));
        close("searches", sums.searches / days, count("searches"));
        close("hits", sums.hits / days, count("hits"));
        let told = count("told_available_wrongly").unwrap_or(0.0)
            + count("told_sold_out_wrongly").unwrap_or(0.0);
        close("told wrongly", sums.told_wrongly / days, Some(told));
        assert_eq!(film.events, of.events, "{name}, {called}");
    }
}

#[test]
fn films_of_presets_add_up_to_their_results() {
    for preset in PRESETS {
        let document = preset.read().unwrap();
        let mut scenario = text::resolved(&document);
        if let Some(world) = scenario["world"].get_mut("hotels") {
            world["count"] = json!(3);
            world["searches_per_request"] = json!(20);
        }
        if let Some(world) = scenario["world"].get_mut("two_state") {
            world["stays"] = json!(30);
        }
        adds_up(preset.name, scenario);
    }
}

/// Who else is filmed changes nothing, and no message of a line is forgotten.
#[test]
fn a_film_of_some_is_part_of_the_film_of_all() {
    for (name, lined) in [("push-vs-pull", false), ("legacy-pipeline", true)] {
        let preset = stayfresh::scenario::presets::by_name(name).unwrap();
        let mut scenario = text::resolved(&preset.read().unwrap());
        scenario["world"]["hotels"]["count"] = json!(4);
        scenario["world"]["hotels"]["searches_per_request"] = json!(20);
        let study = Study::new(text::parse(&scenario.to_string()).unwrap());
        let design = scenario["designs"][0]["name"].as_str().unwrap();
        let whole = study.film(design, 1, all(&[0, 1, 2, 3])).unwrap();
        let some = study.film(design, 1, all(&[2])).unwrap();
        let first = whole
            .actors
            .iter()
            .position(|actor| actor.group == 2)
            .unwrap();
        let of_2 = whole.actors.iter().filter(|actor| actor.group == 2);
        assert!(of_2.eq(&some.actors));
        let is_in = |stay: u32| (first..first + some.actors.len()).contains(&(stay as usize));
        let scenes = whole.scenes.iter().filter(|scene| is_in(scene.stay));
        assert!(
            scenes
                .map(|scene| (scene.at, scene.stay - first as u32, scene.seen))
                .eq(some
                    .scenes
                    .iter()
                    .map(|scene| (scene.at, scene.stay, scene.seen)))
        );
        let one = Cast {
            groups: vec![2],
            nights: Some(1),
        };
        let one = study.film(design, 1, one).unwrap();
        let of_1 = some.actors.iter().filter(|actor| actor.nights == 1);
        assert!(of_1.eq(&one.actors) && !one.scenes.is_empty());
        let messages = |film: &Reel| -> usize { film.messages.iter().map(Vec::len).sum() };
        assert!(messages(&some) > 0);
        assert_eq!(messages(&some) == messages(&whole), lined, "{name}");
    }
    let study = Study::new(
        stayfresh::scenario::presets::by_name("push-vs-pull")
            .unwrap()
            .read()
            .unwrap(),
    );
    assert_eq!(study.film("nobody", 0, all(&[0])), None);
    assert_eq!(
        study
            .film("poll hourly", 0, all(&[1_000_000]))
            .map(|film| film.actors.len()),
        Some(0)
    );
}
