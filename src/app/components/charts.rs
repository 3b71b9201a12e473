//! The charts of a run.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::Chart;
use super::icons;
use crate::app::state::Shown;
use crate::report::charts::{Bars, Lines, Picture};
use crate::report::figures::{self, Figure};
use crate::report::words;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) shown: Option<Shown>,
    pub(super) stale: bool,
    pub(super) dark: bool,
}

#[component]
pub(super) fn Charts(props: &Props) -> Html {
    let figures = use_memo(props.shown.clone(), |shown| {
        let figures = shown
            .as_ref()
            .map(|shown| figures::all(&shown.results, &shown.scenario));
        figures.map(|figures| figures.into_iter().map(Rc::new).collect::<Vec<_>>())
    });
    let stale = props.stale.then_some("stale");
    let Some(figures) = &*figures else {
        let waiting = ["wide", "", ""]
            .map(|class| html! { <div class={classes!("chart", "waiting", class)} /> });
        return html! { <section aria-label="Charts"><div class="charts">{ for waiting }</div></section> };
    };
    let drawn = figures.iter().map(|figure| drawn(figure, props.dark));
    html! {
        <section class={classes!(stale)} aria-labelledby="charts">
            <h2 id="charts" class="hidden">{ "Charts" }</h2>
            <div class="charts">{ for drawn }</div>
        </section>
    }
}

fn drawn(figure: &Rc<Figure>, dark: bool) -> Html {
    let values = match &*figure.picture {
        Picture::Lines(lines) => lines.hours.len(),
        Picture::Bars(_) => 0,
    };
    let keys = if values > 0 {
        " Arrow keys read the values."
    } else {
        ""
    };
    let (legend, data) = (Rc::clone(&figure.picture), Rc::clone(figure));
    html! {
        <Chart name={figure.name} title={figure.title.clone()} note={figure.note.clone()} {dark} wide={figure.wide}
            key={figure.title.clone()} picture={Rc::clone(&figure.picture)}
            spoken={format!("{}{keys}", figure.spoken())} {values}
            legend={Callback::from(move |cursor| match &*legend {
                Picture::Lines(lines) => legend_of_lines(lines, cursor),
                Picture::Bars(bars) => legend_of_bars(bars),
            })}
            table={Callback::from(move |()| table(&data))} />
    }
}

fn legend_of_lines(lines: &Lines, cursor: Option<usize>) -> Html {
    let hour = cursor.and_then(|index| lines.hours.get(index)).map(|hour| {
        let befalls = figures::befalls(lines, *hour);
        html! {
            <span class="when">
                { words::when(*hour) }
                if !befalls.is_empty() { <b class="fault">{ befalls }</b> }
            </span>
        }
    });
    let curves = lines.curves.iter().map(|curve| {
        let value = cursor.map(|index| figures::value_at(lines, curve, index));
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

/// All values of a chart.
fn table(figure: &Figure) -> Html {
    let data = figure.data(usize::MAX);
    let (last, total) = (data.columns.len(), data.rows.len());
    let heads = data.columns.iter();
    let heads = heads.map(|name| html! { <th scope="col">{ name }</th> });
    let rows = data.rows.iter().enumerate().map(|(row, (head, cells))| {
        let cells = cells.iter().enumerate().map(|(column, cell)| {
            let is_fault = data.has_faults && column + 1 == last;
            html! { <td class={classes!(is_fault.then_some("fault"))}>{ cell }</td> }
        });
        let is_total = data.has_total && row + 1 == total;
        html! {
            <tr class={classes!(is_total.then_some("total"))}><th scope="row">{ head }</th>{ for cells }</tr>
        }
    });
    html! {
        <>
            <thead><tr><th scope="col">{ data.corner }</th>{ for heads }</tr></thead>
            <tbody>{ for rows }</tbody>
        </>
    }
}
