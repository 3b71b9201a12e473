//! What is asked: in words, by whom, and what must hold.

use serde_json::{Value, json};

use super::make::{INTERVALS, duration, limit, merged, name, text, variant};
use super::{Knob, Section, Words, parts};
use crate::design::Design;
use crate::measure::audience::AUDIENCE_METRICS;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::scenario::audience::{Audience, Need, Reads};
use crate::scenario::{Expectation, Scenario};

const AUDIENCES: &str = "/audiences";
const EXPECT: &str = "/expect";

pub(super) fn sections(scenario: &Scenario) -> Vec<Section> {
    let words = vec![
        text(
            "/title",
            "Title",
            "What the scenario is called, on reports and in file names.",
            scenario.title.clone(),
            Some("none"),
        ),
        text(
            "/question",
            "Question",
            "What it is to answer, in a sentence.",
            scenario.question.clone(),
            Some("none"),
        ),
    ];
    let mut sections = vec![Section::new("", true, words)];
    let compared = scenario.compared();
    for (index, of) in scenario.audiences.iter().enumerate() {
        audience(index, of, &compared, &mut sections);
    }
    sections.push(Section::adding(
        AUDIENCES.to_owned(),
        "an audience",
        parts::audiences(),
    ));
    for (index, of) in scenario.expect.iter().enumerate() {
        let title = format!("Expected: {}", expected(of));
        let knobs = expectation(&format!("{EXPECT}/{index}"), of, scenario, &compared);
        sections.push(Section::new(title.clone(), true, knobs).of_part(
            EXPECT,
            index,
            "expectation",
            &title,
        ));
    }
    let kinds = parts::expectations(scenario);
    sections.push(Section::adding(EXPECT.to_owned(), "an expectation", kinds));
    sections
}

fn audience(index: usize, of: &Audience, compared: &[Design], sections: &mut Vec<Section>) {
    let item = format!("{AUDIENCES}/{index}");
    let at = |key: &str| format!("{item}/{key}");
    let mut knobs = vec![
        name(&item, "What they are called.", &of.name),
        merged(
            item.clone(),
            "They read",
            "Stay by stay, as searches do; or the entries of the whole copy at once, every so often, to work with \
             until the next read.",
            usize::from(of.reads == Reads::Bulk),
            vec![
                (
                    "stay by stay",
                    json!({ "reads": "searches", "every": null }),
                ),
                ("all of it", json!({ "reads": "bulk", "every": "1d" })),
            ],
        ),
    ];
    if let Some(every) = of.every {
        knobs.push(duration(
            at("every"),
            "Read every",
            "Between two reads of the whole copy.",
            every,
            INTERVALS,
        ));
    }
    const WEIGHS: [(&str, &str); 3] = [
        ("all stays alike", "stays"),
        ("by searches", "searches"),
        ("by bookings", "bookings"),
    ];
    let options = WEIGHS.map(|(label, name)| (label, json!(name)));
    let set = of.weigh.map_or(0, |weigh| weigh as usize + 1);
    knobs.push(variant(
        at("weigh"),
        "Errors weigh",
        "All stays alike over time, by how often they are searched, or at bookings of the world alone. As usual: alike in \
         bulk, else by searches.",
        &of.weigh,
        set,
        std::iter::once(("as usual", Value::Null)).chain(options).collect(),
    ));
    let needs = at("needs");
    let section = Section::new(format!("Audience {}", of.name), true, knobs);
    let section = section.of_part(AUDIENCES, index, "audience", &of.name);
    sections.push(section.with_adds(needs.clone(), "a need", parts::needs()));
    for (place, need) in of.needs.iter().enumerate() {
        let path = MetricPath::read_by(&of.name, &need.metric);
        let title = path.map_or_else(|_| need.metric.clone(), |path| title_of(&path));
        let title = format!("{} needs: {}", of.name, title.to_lowercase());
        let knobs = of_need(&format!("{needs}/{place}"), need, &of.name, compared);
        sections
            .push(Section::new(title.clone(), true, knobs).of_part(&needs, place, "need", &title));
    }
}

fn of_need(at: &str, need: &Need, audience: &str, compared: &[Design]) -> Vec<Knob> {
    let metric = MetricPath::read_by(audience, &need.metric);
    let mut knobs = vec![which_metric(at, &need.metric, true, compared)];
    knobs.extend(limits(
        at,
        need.at_least,
        need.at_most,
        metric.ok().as_ref(),
        false,
    ));
    knobs
}

/// What is expected, in a few words.
fn expected(of: &Expectation) -> String {
    let read = MetricPath::read_for(of.audience.as_deref(), &of.metric);
    let metric = read.map_or_else(|_| of.metric.clone(), |path| title_of(&path));
    let mut said = metric.to_lowercase();
    if let Some(design) = &of.design {
        said = format!("{said} of {design}");
    }
    match (&of.versus, &of.audience) {
        (Some(versus), _) => format!("{said} against {versus}"),
        (None, Some(audience)) => format!("{said} for {audience}"),
        (None, None) => said,
    }
}

fn expectation(at: &str, of: &Expectation, scenario: &Scenario, compared: &[Design]) -> Vec<Knob> {
    let under = |key: &str| format!("{at}/{key}");
    let one_of = |key, label, help, none, set: &Option<String>, names: Vec<&str>| {
        let chosen = names.iter().position(|name| set.as_deref() == Some(name));
        let options = names
            .iter()
            .map(|name| ((*name).to_owned().into(), json!(name)));
        let options = std::iter::once((Words::from(none), Value::Null)).chain(options);
        let chosen = chosen.map_or(0, |at| at + 1);
        variant(
            under(key),
            label,
            help,
            set,
            chosen,
            options.collect::<Vec<_>>(),
        )
    };
    let designs = || {
        compared
            .iter()
            .map(|of| of.name.as_str())
            .collect::<Vec<&str>>()
    };
    let audiences = scenario
        .audiences
        .iter()
        .map(|of| of.name.as_str())
        .collect();
    let of_these: Vec<&Design> = compared
        .iter()
        .filter(|of_all| {
            let named = |name: &Option<String>| name.as_ref() == Some(&of_all.name);
            of.design.is_none() || named(&of.design) || named(&of.versus)
        })
        .collect();
    let of_these: Vec<Design> = of_these.into_iter().cloned().collect();
    let mut knobs = vec![
        one_of(
            "design",
            "Of",
            "The design that it is expected of; each of them, where it is for an audience.",
            "each design",
            &of.design,
            designs(),
        ),
        one_of(
            "versus",
            "Against",
            "Another design: then it is the difference of the two that is expected.",
            "no other",
            &of.versus,
            designs(),
        ),
        one_of(
            "audience",
            "For",
            "The audience by whose reading it is taken.",
            "no audience",
            &of.audience,
            audiences,
        ),
        which_metric(at, &of.metric, of.audience.is_some(), &of_these),
    ];
    let metric = MetricPath::read_for(of.audience.as_deref(), &of.metric);
    let is_difference = of.versus.is_some();
    knobs.extend(limits(
        at,
        of.at_least,
        of.at_most,
        metric.ok().as_ref(),
        is_difference,
    ));
    knobs
}

/// What a metric is called in a list of all.
fn title_of(path: &MetricPath) -> String {
    match path {
        MetricPath::Cost(_) => format!("Cost: {}", path.title().to_lowercase()),
        MetricPath::RepresentedCost(_) => {
            format!(
                "Cost at the represented size: {}",
                path.title().to_lowercase()
            )
        }
        MetricPath::Audience(_, metric) => metric.title.to_owned(),
        path => path.title(),
    }
}

/// Any metric that all of these designs have; as an audience reads it, where there is one.
fn which_metric(at: &str, set: &str, is_read: bool, designs: &[Design]) -> Knob {
    let (mut options, mut keys) = (Vec::<(Words, Value)>::new(), Vec::new());
    let mut offer = |label: String, key: String| {
        if !keys.contains(&key) {
            options.push((label.into(), json!(key)));
            keys.push(key);
        }
    };
    if is_read {
        for metric in AUDIENCE_METRICS {
            offer(
                format!("Their {}", metric.title.to_lowercase()),
                metric.key.to_owned(),
            );
        }
    }
    let mut of_each = designs.iter().map(MetricPath::all_of);
    let first = of_each.next().unwrap_or_default();
    let others: Vec<Vec<MetricPath>> = of_each.collect();
    for path in first
        .iter()
        .filter(|path| others.iter().all(|of| of.contains(path)))
    {
        offer(title_of(path), path.to_string());
    }
    offer(set.to_owned(), set.to_owned());
    let chosen = keys.iter().position(|key| key == set).unwrap_or(0);
    variant(
        format!("{at}/metric"),
        "Metric",
        "What is measured: any number of the designs.",
        &set,
        chosen,
        options,
    )
}

/// The least or the most that will do, in the metric's unit.
fn limits(
    at: &str,
    least: Option<f64>,
    most: Option<f64>,
    metric: Option<&MetricPath>,
    is_difference: bool,
) -> Vec<Knob> {
    let unit = match metric.map(MetricPath::unit) {
        Some(Unit::Share) if is_difference => ("pp", 100.0),
        Some(Unit::Share) => ("%", 100.0),
        Some(Unit::Seconds) => ("s", 1.0),
        Some(Unit::PerSecond) => ("/s", 1.0),
        Some(Unit::UsdPerDay) => ("$/day", 1.0),
        _ => ("", 1.0),
    };
    let is_most = most.is_some();
    let value = most.or(least).unwrap_or_default();
    let key = if is_most { "at_most" } else { "at_least" };
    vec![
        merged(
            at,
            "Must be",
            "Whether there is a least or a most that will do.",
            usize::from(is_most),
            vec![
                ("at least", json!({ "at_most": null, "at_least": value })),
                ("at most", json!({ "at_least": null, "at_most": value })),
            ],
        ),
        limit(
            format!("{at}/{key}"),
            if is_most { "The most" } else { "The least" },
            "The limit, in the metric’s own unit.",
            value,
            unit,
            is_difference,
        ),
    ]
}
