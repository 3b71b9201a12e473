//! The charts of a run.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::Chart;
use super::icons;
use crate::measure::metrics::Unit;
use crate::measure::values::ITEMS;
use crate::report::charts::bars::Bar;
use crate::report::charts::lines::Curve;
use crate::report::charts::{Bars, Lines, Picture};
use crate::report::human;
use crate::report::results::{DesignResults, Results};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) results: Option<Rc<Results>>,
    pub(super) stale: bool,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Charts(props: &Props) -> Html {
    let pictures = use_memo(props.results.clone(), |results| {
        results.as_deref().map(|results| {
            (
                Rc::new(lines(results, "accuracy", Unit::Share)),
                Rc::new(lines(results, "staleness_s", Unit::Seconds)),
                Rc::new(bars(results)),
            )
        })
    });
    let stale = props.stale.then_some("stale");
    let Some((accuracy, staleness, costs)) = &*pictures else {
        let waiting = ["wide", "", ""]
            .map(|class| html! { <div class={classes!("chart", "waiting", class)} /> });
        return html! { <section aria-label="Charts"><div class="charts">{ for waiting }</div></section> };
    };
    let times = over_time(props.dark);
    let size = props.results.as_ref().and_then(|results| {
        results
            .scenario
            .pointer("/world/hotels/represents")?
            .as_u64()
    });
    html! {
        <section class={classes!(stale)} aria-labelledby="charts">
            <h2 id="charts" class="hidden">{ "Charts" }</h2>
            <div class="charts">
            { times("accuracy", "Accuracy over time",
                "Share of all stays for which a search would get the right answer, hour by hour.", accuracy, true) }
            { times("staleness", "Staleness over time",
                "Mean over live entries of the time since the first change they miss; fresh counts as 0.", staleness, false) }
            { cost_chart(costs, size, props.dark) }
            </div>
        </section>
    }
}

type OverTime = dyn Fn(&'static str, &'static str, &'static str, &Rc<Lines>, bool) -> Html;

fn over_time(dark: bool) -> Box<OverTime> {
    Box::new(move |name, title, note, lines, wide| {
        let (legend, table) = (Rc::clone(lines), Rc::clone(lines));
        html! {
            <Chart {name} {title} {note} {dark} {wide} picture={Rc::new(Picture::Lines((**lines).clone()))}
                spoken={spoken_lines(title, lines)} values={lines.hours.len()}
                legend={Callback::from(move |cursor| legend_of_lines(&legend, cursor))}
                table={Callback::from(move |()| table_of_lines(&table))} />
        }
    })
}

fn lines(results: &Results, key: &str, unit: Unit) -> Lines {
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
            design,
            values: found.series.curves.get(key).cloned().unwrap_or_default(),
        });
    Lines {
        unit,
        hours,
        curves: curves.collect(),
    }
}

fn bars(results: &Results) -> Bars {
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
    let mut items: Vec<String> = Vec::new();
    for design in &results.designs {
        for item in design.costs.keys() {
            if !items.contains(item)
                && results
                    .designs
                    .iter()
                    .any(|design| size(design, item) > 0.0)
            {
                items.push(item.clone());
            }
        }
    }
    let bars = results
        .designs
        .iter()
        .enumerate()
        .map(|(index, design)| Bar {
            name: design.name.clone(),
            design: index,
            pieces: items.iter().map(|item| size(design, item)).collect(),
            ci95: design
                .metrics
                .get("total_usd_per_day")
                .and_then(|total| total.ci95)
                .filter(|_| !represented),
        });
    Bars {
        unit: Unit::UsdPerDay,
        bars: bars.collect(),
        items: items.iter().map(|item| title(item)).collect(),
    }
}

/// An item's title.
fn title(key: &str) -> String {
    let item = ITEMS.iter().find(|item| item.key == key);
    item.map_or_else(|| key.to_owned(), |item| item.title.to_lowercase())
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
    format!(
        "{title}: {}. Arrow keys read the values.",
        curves.join("; ")
    )
    .into()
}

fn legend_of_lines(lines: &Lines, cursor: Option<usize>) -> Html {
    let hour = cursor.and_then(|index| lines.hours.get(index)).map(|hour| {
        let (day, rest) = (libm::floor(hour / 24.0), hour % 24.0);
        html! { <span class="when">{ format!("day {day}, {rest:02}:00") }</span> }
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
                { icons::marker(curve.design) }{ icons::line(curve.design) }
                <span>{ &curve.name }</span>
                { for value.map(|value| html! { <b>{ value }</b> }) }
            </span>
        }
    });
    html! { <>{ for curves }{ for hour }</> }
}

fn table_of_lines(lines: &Lines) -> Html {
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
        html! { <tr><th scope="row">{ *hour }</th>{ for cells }</tr> }
    });
    html! {
        <>
            <thead><tr><th scope="col">{ "Hour" }</th>{ for heads }</tr></thead>
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
    let items = bars.items.iter().enumerate().map(|(index, item)| {
        html! {
            <span class="entry"><i class={classes!("swatch", icons::item(index))} />{ item }</span>
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
        html! { <tr><th scope="row">{ item }</th>{ for cells }</tr> }
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
