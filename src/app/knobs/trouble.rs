//! What goes wrong: where, when, for how long.

use serde_json::{Value, json};

use super::feed::RULES;
use super::make::{
    LATENCIES, PERCENTS, RATES, SPANS, choice, duration, merged, number, share, starts, variant,
};
use super::{Knob, Section, Words, parts};
use crate::app::faults::can_befall;
use crate::design::fault::{Bad, DesignFault, Fault};
use crate::report::{human, words};
use crate::scenario::Scenario;
use crate::world::group::{ChangeStream, Rule};

const AT: &str = "/faults";

pub(super) fn sections(scenario: &Scenario) -> Vec<Section> {
    let faults = scenario.faults.iter().enumerate();
    let mut sections: Vec<Section> = faults
        .map(|(index, fault)| {
            let (title, knobs) = of_fault(&format!("{AT}/{index}"), fault, scenario);
            Section::new(title.clone(), true, knobs).of_part(AT, index, "fault", &title)
        })
        .collect();
    sections.push(Section::adding(AT.to_owned(), "a fault", parts::faults()));
    sections
}

/// Which design and feed it befalls: those that it can, and all of them.
fn strikes(at: &str, fault: &Fault, scenario: &Scenario) -> Option<Knob> {
    let of = fault.of_design()?;
    let scope = of.scope();
    let written = serde_json::to_value(fault).unwrap_or_default();
    let mut options: Vec<(Words, Value)> = Vec::new();
    let mut chosen = 0;
    let mut offer = |label: Words, design: Option<&str>, feed: Option<&str>| {
        let is_set = (design, feed) == (scope.design, scope.feed);
        let mut other = written.clone();
        other[of.name()]["design"] = json!(design);
        other[of.name()]["feed"] = json!(feed);
        if is_set {
            chosen = options.len();
        }
        if is_set || can_befall(scenario, &other) {
            options.push((label, json!({ "design": design, "feed": feed })));
        }
    };
    offer("all designs".into(), None, None);
    for design in &scenario.designs {
        offer(design.name.clone().into(), Some(&design.name), None);
        for feed in &design.feeds {
            let label = format!("{}: {}", design.name, feed.name);
            offer(label.into(), Some(&design.name), Some(&feed.name));
        }
    }
    if let (None, Some(feed)) = (scope.design, scope.feed) {
        offer(format!("all: {feed}").into(), None, Some(feed));
    }
    Some(merged(
        format!("{at}/{}", of.name()),
        "Where",
        "The design, or one of its feeds, that it befalls; only those are listed that it can.",
        chosen,
        options,
    ))
}

/// Which stream of changes it befalls, where there is a choice.
fn stream(at: &str, fault: &Fault, scenario: &Scenario) -> Option<Knob> {
    let of = fault.of_design()?;
    let set = of.scope().stream;
    let written = serde_json::to_value(fault).unwrap_or_default();
    let can = |stream: &ChangeStream| {
        let mut other = written.clone();
        other[of.name()]["stream"] = json!(stream);
        set == Some(*stream) || can_befall(scenario, &other)
    };
    let streams: Vec<ChangeStream> = ChangeStream::ALL.into_iter().filter(can).collect();
    if streams.is_empty() {
        return None;
    }
    let chosen = streams.iter().position(|of| Some(*of) == set);
    let options = streams
        .iter()
        .map(|of| (Words::from(words::stream_name(*of)), json!(of)));
    let options = std::iter::once(("all".into(), Value::Null)).chain(options);
    Some(variant(
        format!("{at}/{}/stream", of.name()),
        "Stream",
        "The stream of changes that it befalls, of those that the feed reads.",
        &set,
        chosen.map_or(0, |at| at + 1),
        options.collect::<Vec<(Words, Value)>>(),
    ))
}

fn of_fault(at: &str, fault: &Fault, scenario: &Scenario) -> (String, Vec<Knob>) {
    let (name, of, start, lasts) = match (fault.of_design(), fault) {
        (Some(of), _) => {
            let scope = of.scope();
            (of.name(), scope.design, scope.at, scope.lasts)
        }
        (None, Fault::TrafficDrop(shock)) => ("traffic_drop", None, shock.at, shock.lasts),
        (None, Fault::DemandShock(shock)) => ("demand_shock", None, shock.at, shock.lasts),
        (None, _) => return (String::new(), Vec::new()),
    };
    let under = |key: &str| format!("{at}/{name}/{key}");
    let mut knobs: Vec<Knob> = strikes(at, fault, scenario).into_iter().collect();
    knobs.extend(stream(at, fault, scenario));
    knobs.push(duration(
        under("at"),
        "Starts",
        "From the end of the warm-up to its start.",
        start,
        starts(scenario.run.length.micros()),
    ));
    let until = match fault {
        Fault::CacheFlush(_) => None,
        Fault::RuleChange(_) => Some(("copy_follows", "Copy follows")),
        _ => Some(("lasts", "Lasts")),
    };
    if let Some((key, label)) = until {
        knobs.push(duration(
            under(key),
            label,
            "How long it lasts if nobody repairs it.",
            lasts,
            SPANS,
        ));
    }
    let part = |label, help, value: f64| share(under("share"), label, help, value, PERCENTS);
    let times = |value: f64| {
        let help = "How many times as much as usual.";
        number(under("times"), "Times", help, value, "×", RATES)
    };
    match (fault.of_design(), fault) {
        (Some(DesignFault::Slow(slow)), _) => knobs.push(times(slow.times.get())),
        (Some(DesignFault::Leak(leak)), _) => knobs.push(part(
            "Share lost",
            "Share of messages that disappear.",
            leak.share.get(),
        )),
        (Some(DesignFault::LessCapacity(less)), _) => knobs.push(share(
            under("left"),
            "Share that is left",
            "Share of the consumers that still work.",
            less.left.get(),
            PERCENTS,
        )),
        (Some(DesignFault::WrongAnswers(wrong)), _) => knobs.push(part(
            "Share wrong",
            "Share of messages or polls that are turned round.",
            wrong.share.get(),
        )),
        (Some(DesignFault::BadDataset(bad)), _) => {
            knobs.push(choice(
                under("kind"),
                "What is bad",
                "It cannot be read, and all entries are gone; or it can be read, and is wrong.",
                usize::from(bad.kind == Bad::Answers),
                &[("its schema", "schema"), ("its answers", "answers")],
            ));
            if bad.kind == Bad::Answers {
                knobs.push(part(
                    "Share wrong",
                    "Share of answers that are turned round.",
                    bad.share.get(),
                ));
            }
        }
        (Some(DesignFault::RuleChange(change)), _) => knobs.push(choice(
            under("rule"),
            "Rule",
            "The rule that holds from then on, and did not before.",
            Rule::ALL
                .iter()
                .position(|rule| *rule == change.rule)
                .unwrap_or(0),
            &RULES,
        )),
        (Some(DesignFault::RebalanceStorm(storm)), _) => {
            for (key, label, help, span) in [
                (
                    "every",
                    "A pause every",
                    "Between the starts of pauses.",
                    storm.every,
                ),
                (
                    "pause",
                    "Each takes",
                    "How long each pause is.",
                    storm.pause,
                ),
            ] {
                knobs.push(duration(under(key), label, help, span, &LATENCIES[1..]));
            }
        }
        (None, Fault::TrafficDrop(shock) | Fault::DemandShock(shock)) => {
            knobs.push(times(shock.times.get()));
        }
        _ => {}
    }
    let name = name.replace('_', " ");
    let title = of.map_or_else(
        || name.clone(),
        |design| format!("{name} of {}", human::quoted(design)),
    );
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    (first.into_iter().chain(letters).collect(), knobs)
}
