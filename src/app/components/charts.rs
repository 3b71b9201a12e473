//! The charts of a run.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::Chart;
use super::icons;
use crate::app::state::Shown;
use crate::app::words;
use crate::measure::metrics::Unit;
use crate::measure::values::ITEMS;
use crate::report::charts::bars::{Bar, Item};
use crate::report::charts::lines::{Curve, Level, Span};
use crate::report::charts::palette::Owner;
use crate::report::charts::{Bars, Lines, Picture};
use crate::report::human;
use crate::report::results::{DesignResults, Results, Theory};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Option<Shown>,
    pub(super) stale: bool,
    pub(super) dark: bool,
}

/// The charts over time of a run: what they show, in words.
struct OverTime {
    name: &'static str,
    title: String,
    note: &'static str,
    lines: Rc<Lines>,
    wide: bool,
}

#[component]
pub(super) fn Charts(props: &Props) -> Html {
    let pictures = use_memo(props.shown.clone(), |shown| {
        shown.as_ref().map(|shown| {
            let results = &*shown.results;
            let designs = shown.scenario.designs.len();
            let marks = words::marks(&shown.scenario, results);
            (
                over_time(results, designs, &spans(&marks, None)),
                Rc::new(bars(results, designs)),
                audits(results, &marks),
            )
        })
    });
    let stale = props.stale.then_some("stale");
    let Some((over_time, costs, audits)) = &*pictures else {
        let waiting = ["wide", "", ""]
            .map(|class| html! { <div class={classes!("chart", "waiting", class)} /> });
        return html! { <section aria-label="Charts"><div class="charts">{ for waiting }</div></section> };
    };
    let size = props.shown.as_ref().and_then(|shown| {
        let scenario = &shown.results.scenario;
        let mut worlds = ["hotels", "trace", "two_state"].into_iter();
        worlds.find_map(|world| {
            scenario
                .pointer(&format!("/world/{world}/represents"))?
                .as_u64()
        })
    });
    let drawn = |chart: &OverTime| chart_over_time(chart, props.dark);
    html! {
        <section class={classes!(stale)} aria-labelledby="charts">
            <h2 id="charts" class="hidden">{ "Charts" }</h2>
            <div class="charts">
            { for over_time.iter().map(drawn) }
            { cost_chart(costs, size, props.dark) }
            { for audits.iter().map(drawn) }
            </div>
        </section>
    }
}

/// What befell the designs, or one of them, on a time axis.
fn spans(marks: &[words::Mark], design: Option<usize>) -> Vec<Span> {
    let mine = |mark: &&words::Mark| design.is_none_or(|design| mark.strikes.contains(&design));
    let span = |mark: &words::Mark| Span {
        name: mark.name.clone(),
        from: mark.from,
        to: mark.to,
        of: match mark.strikes[..] {
            [only] if design.is_none() => Some(Owner::Design(only)),
            _ => None,
        },
    };
    marks.iter().filter(mine).map(span).collect()
}

fn over_time(results: &Results, designs: usize, spans: &[Span]) -> Vec<OverTime> {
    vec![
        OverTime {
            name: "accuracy",
            title: "Accuracy over time".to_owned(),
            note: "Share of all stays for which a search would get the right answer, hour by hour.",
            lines: Rc::new(lines(results, designs, "accuracy", Unit::Share, spans)),
            wide: true,
        },
        OverTime {
            name: "staleness",
            title: "Staleness over time".to_owned(),
            note: "Mean over live entries of the time since the first change they miss; fresh counts as 0.",
            lines: Rc::new(lines(results, designs, "staleness_s", Unit::Seconds, spans)),
            wide: false,
        },
    ]
}

fn chart_over_time(chart: &OverTime, dark: bool) -> Html {
    let OverTime {
        name,
        title,
        note,
        lines,
        wide,
    } = chart;
    let (legend, table) = (Rc::clone(lines), Rc::clone(lines));
    let note = if lines.levels.is_empty() {
        (*note).to_owned()
    } else {
        format!("{note} Thin and straight: what theory expects on average.")
    };
    html! {
        <Chart {name} title={title.clone()} {note} {dark} wide={*wide} key={title.clone()}
            picture={Rc::new(Picture::Lines((**lines).clone()))}
            spoken={spoken_lines(title, lines)} values={lines.hours.len()}
            legend={Callback::from(move |cursor| legend_of_lines(&legend, cursor))}
            table={Callback::from(move |()| table_of_lines(&table))} />
    }
}

fn lines(results: &Results, designs: usize, key: &str, unit: Unit, spans: &[Span]) -> Lines {
    let hours = results
        .designs
        .first()
        .map_or_else(Vec::new, |first| first.series.hour.clone());
    let curves = results
        .designs
        .iter()
        .enumerate()
        .map(|(design, found)| Curve {
            name: found.name.clone(),
            owner: Owner::Design(design),
            values: found.series.curves.get(key).cloned().unwrap_or_default(),
            reach: Vec::new(),
            is_bound: design >= designs,
            sparse: false,
        });
    let of_theory = results.theory.iter().filter(|theory| theory.metric == key);
    let level = |theory: &Theory| {
        let mut all = results.designs.iter();
        let design = all.position(|design| design.name == theory.design)?;
        // Those of bounds would be in the way, as their curves would.
        (design < designs).then_some(Level {
            of: Owner::Design(design),
            value: theory.expected,
        })
    };
    Lines {
        unit,
        hours,
        curves: curves.collect(),
        spans: spans.to_vec(),
        levels: of_theory.filter_map(level).collect(),
    }
}

/// More bands than these cover each other.
const MOST_BANDS: usize = 2;

/// What the audits of each design said, against the truth at the same moments.
fn audits(results: &Results, marks: &[words::Mark]) -> Vec<OverTime> {
    let audited = results.designs.iter().enumerate();
    let audited = audited.filter(|(_, found)| !found.audits.is_empty());
    audited
        .map(|(design, found)| {
            let banded = found.audits.len() <= MOST_BANDS;
            let waves = || found.audits.values().map(|audit| &audit.waves);
            let mut hours: Vec<f64> = waves().flat_map(|waves| &waves.hour).copied().collect();
            hours.sort_by(f64::total_cmp);
            hours.dedup();
            // A value at its own hours, none at those of others.
            let at = |own: &[f64], hour: f64| own.iter().position(|other| *other == hour);
            let audits = found.audits.iter().enumerate().map(|(audit, (name, said))| {
                let waves = &said.waves;
                let reach = |wave: usize| Some([waves.low[wave]?, waves.high[wave]?]);
                let wave = |hour: &f64| at(&waves.hour, *hour);
                Curve {
                    name: name.clone(),
                    owner: Owner::Audit { design, audit },
                    values: hours.iter().map(|hour| waves.estimate[wave(hour)?]).collect(),
                    reach: if banded {
                        hours.iter().map(|hour| reach(wave(hour)?)).collect()
                    } else {
                        Vec::new()
                    },
                    is_bound: false,
                    sparse: true,
                }
            });
            let truth = hours.iter().map(|hour| {
                waves().find_map(|waves| waves.truth[at(&waves.hour, *hour)?])
            });
            let truth = Curve {
                name: "truth".to_owned(),
                owner: Owner::Truth,
                values: truth.collect(),
                reach: Vec::new(),
                is_bound: false,
                sparse: true,
            };
            OverTime {
                name: "audits",
                title: format!("What the audits of {} say", found.name),
                note: if banded {
                    "Audit estimate against truth: the accuracy of all stays, wave by wave, in the first replicate; \
                     bands are the audits' intervals."
                } else {
                    "Audit estimate against truth: the accuracy of all stays, wave by wave, in the first replicate; \
                     without their intervals, which would cover each other."
                },
                lines: Rc::new(Lines {
                    unit: Unit::Share,
                    curves: std::iter::once(truth).chain(audits).collect(),
                    hours,
                    spans: spans(marks, Some(design)),
                    levels: Vec::new(),
                }),
                wide: true,
            }
        })
        .collect()
}

fn bars(results: &Results, designs: usize) -> Bars {
    // At the size that the board stands for, where it stands for one.
    let represented = results.designs.iter().all(|design| {
        design
            .costs
            .values()
            .all(|cost| cost.represented_usd_per_day.is_some())
    });
    let size = |design: &DesignResults, item: &str| {
        design.costs.get(item).map_or(0.0, |cost| {
            let estimate = cost.represented_usd_per_day.filter(|_| represented);
            estimate.unwrap_or(cost.usd_per_day).mean
        })
    };
    let paid = |key: &str| results.designs.iter().any(|design| size(design, key) > 0.0);
    let items = ITEMS.iter().enumerate();
    let items: Vec<(usize, &'static str)> = items
        .filter(|(_, item)| paid(item.key))
        .map(|(place, item)| (place, item.key))
        .collect();
    let bars = results
        .designs
        .iter()
        .enumerate()
        .map(|(index, design)| Bar {
            name: design.name.clone(),
            design: index,
            pieces: items.iter().map(|(_, key)| size(design, key)).collect(),
            is_bound: index >= designs,
            ci95: design.costs.get("total").and_then(|total| {
                let estimate = total.represented_usd_per_day.filter(|_| represented);
                estimate.unwrap_or(total.usd_per_day).ci95
            }),
        });
    Bars {
        unit: Unit::UsdPerDay,
        bars: bars.collect(),
        items: items
            .iter()
            .map(|&(place, _)| Item {
                name: ITEMS[place].title.to_lowercase(),
                place,
            })
            .collect(),
    }
}

fn spoken_lines(title: &str, lines: &Lines) -> AttrValue {
    let curves = lines.curves.iter().filter_map(|curve| {
        let values = || curve.values.iter().flatten().copied();
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        (low <= high).then(|| {
            format!(
                "{} between {} and {}",
                curve.name,
                human::value(lines.unit, low),
                human::value(lines.unit, high)
            )
        })
    });
    let curves: Vec<String> = curves.collect();
    let faults: Vec<String> = lines.spans.iter().map(spoken_span).collect();
    let faults = if faults.is_empty() {
        String::new()
    } else {
        format!(" Faults: {}.", faults.join("; "))
    };
    let levels = lines.levels.iter().filter_map(|level| {
        let curve = lines.curves.iter().find(|curve| curve.owner == level.of)?;
        Some(format!(
            "{} {}",
            curve.name,
            human::value(lines.unit, level.value)
        ))
    });
    let levels: Vec<String> = levels.collect();
    let theory = if levels.is_empty() {
        String::new()
    } else {
        format!(" Theory expects on average: {}.", levels.join("; "))
    };
    format!(
        "{title}: {}.{theory}{faults} Arrow keys read the values.",
        curves.join("; ")
    )
    .into()
}

fn spoken_span(span: &Span) -> String {
    let from = words::when(span.from);
    if span.to > span.from {
        format!("{}, {from} to {}", span.name, words::when(span.to))
    } else {
        format!("{}, {from}", span.name)
    }
}

/// What befalls the designs in an hour; empty for nothing.
fn befalls(lines: &Lines, hour: f64) -> String {
    let spans = lines.spans.iter().filter(|span| span.covers(hour));
    let names: Vec<&str> = spans.map(|span| span.name.as_str()).collect();
    names.join(", ")
}

fn legend_of_lines(lines: &Lines, cursor: Option<usize>) -> Html {
    let hour = cursor.and_then(|index| lines.hours.get(index)).map(|hour| {
        let befalls = befalls(lines, *hour);
        html! {
            <span class="when">
                { words::when(*hour) }
                if !befalls.is_empty() { <b class="fault">{ befalls }</b> }
            </span>
        }
    });
    let curves = lines.curves.iter().map(|curve| {
        let value = cursor.map(|index| {
            let value = curve.values.get(index).copied().flatten();
            value.map_or_else(
                || human::NOTHING.to_owned(),
                |value| human::value(lines.unit, value),
            )
        });
        html! {
            <span class="entry">
                { icons::marker_of(curve.owner) }{ icons::line(curve.owner) }
                <span>{ &curve.name }</span>
                { for value.map(|value| html! { <b>{ value }</b> }) }
            </span>
        }
    });
    html! { <>{ for curves }{ for hour }</> }
}

fn table_of_lines(lines: &Lines) -> Html {
    let has_faults = !lines.spans.is_empty();
    let heads = lines
        .curves
        .iter()
        .map(|curve| html! { <th scope="col">{ &curve.name }</th> });
    let rows = lines.hours.iter().enumerate().map(|(index, hour)| {
        let cells = lines.curves.iter().map(|curve| {
            let value = curve.values.get(index).copied().flatten();
            let text = value.map_or_else(
                || human::NOTHING.to_owned(),
                |value| human::value(lines.unit, value),
            );
            html! { <td>{ text }</td> }
        });
        let fault = has_faults.then(|| html! { <td class="fault">{ befalls(lines, *hour) }</td> });
        html! { <tr><th scope="row">{ *hour }</th>{ for cells }{ fault }</tr> }
    });
    let fault = has_faults.then(|| html! { <th scope="col">{ "Fault" }</th> });
    html! {
        <>
            <thead><tr><th scope="col">{ "Hour" }</th>{ for heads }{ fault }</tr></thead>
            <tbody>{ for rows }</tbody>
        </>
    }
}

fn cost_chart(bars: &Rc<Bars>, size: Option<u64>, dark: bool) -> Html {
    let note = size.map_or_else(
        || "US dollars a day: running the design, and its wrong answers.".to_owned(),
        |hotels| {
            let hotels = human::whole(hotels);
            format!("US dollars a day for the {hotels} hotels that the board stands for.")
        },
    );
    let totals: Vec<String> = bars
        .bars
        .iter()
        .map(|bar| format!("{} {}", bar.name, human::value(bars.unit, bar.total())))
        .collect();
    let (legend, table) = (Rc::clone(bars), Rc::clone(bars));
    html! {
        <Chart name="cost" title="Cost by item" {note}
            {dark} picture={Rc::new(Picture::Bars((**bars).clone()))}
            spoken={format!("Cost a day: {}.", totals.join("; "))} values={0}
            legend={Callback::from(move |_| legend_of_bars(&legend))}
            table={Callback::from(move |()| table_of_bars(&table))} />
    }
}

fn legend_of_bars(bars: &Bars) -> Html {
    // What nobody can see needs no colour; the table has it.
    let items = bars
        .items
        .iter()
        .enumerate()
        .filter(|(index, _)| bars.is_seen(*index));
    let items = items.map(|(_, item)| {
        html! {
            <span class="entry"><i class={classes!("swatch", icons::item(item.place))} />{ &item.name }</span>
        }
    });
    html! { <>{ for items }</> }
}

fn table_of_bars(bars: &Bars) -> Html {
    let heads = bars
        .bars
        .iter()
        .map(|bar| html! { <th scope="col">{ &bar.name }</th> });
    let rows = bars.items.iter().enumerate().map(|(index, item)| {
        let cells = bars.bars.iter().map(|bar| {
            let size = bar.pieces.get(index).copied().unwrap_or(0.0);
            html! { <td>{ human::value(bars.unit, size) }</td> }
        });
        html! { <tr><th scope="row">{ &item.name }</th>{ for cells }</tr> }
    });
    let totals = bars
        .bars
        .iter()
        .map(|bar| html! { <td>{ human::value(bars.unit, bar.total()) }</td> });
    html! {
        <>
            <thead><tr><th scope="col">{ "USD a day" }</th>{ for heads }</tr></thead>
            <tbody>{ for rows }<tr class="total"><th scope="row">{ "Total" }</th>{ for totals }</tr></tbody>
        </>
    }
}
