//! A figure on the page: its drawing, its legend, its table.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::Chart;
use super::icons;
use crate::report::charts::{Bars, Lines, Picture, Scatter, Tornado};
use crate::report::figures::{self, Figure};
use crate::report::readable;
use crate::report::sensitivity::SensitivityResults;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) figure: Rc<Figure>,
    pub(super) dark: bool,
    /// What chooses what is shown.
    #[prop_or_default]
    pub(super) controls: Html,
}

#[component]
pub(super) fn Drawn(props: &Props) -> Html {
    let figure = &props.figure;
    let keys = if figure.picture.values() > 0 {
        " Arrow keys read the values."
    } else {
        ""
    };
    let (legend, data) = (Rc::clone(&figure.picture), Rc::clone(figure));
    html! {
        <Chart name={figure.name} title={figure.title.clone()} note={figure.note.clone()} dark={props.dark}
            wide={figure.wide} picture={Rc::clone(&figure.picture)} controls={props.controls.clone()}
            spoken={format!("{}{keys}", figure.spoken())}
            legend={Callback::from(move |cursor| match &*legend {
                Picture::Lines(lines) => legend_of_lines(lines, cursor),
                Picture::Bars(bars) => legend_of_bars(bars),
                Picture::Scatter(scatter) => legend_of_scatter(scatter, cursor),
                Picture::Tornado(tornado) => legend_of_tornado(tornado, cursor),
            })}
            table={Callback::from(move |()| table(&data))} />
    }
}

fn legend_of_lines(lines: &Lines, cursor: Option<usize>) -> Html {
    let place =
        cursor.and_then(|index| Some((figures::place(lines, index)?, *lines.at.get(index)?)));
    let place = place.map(|(place, at)| {
        let befalls = figures::befalls(lines, at);
        html! {
            <span class="when">
                { place }
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
    html! { <>{ for curves }{ for place }</> }
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

fn legend_of_scatter(scatter: &Scatter, cursor: Option<usize>) -> Html {
    let read = cursor.and_then(|index| scatter.dots.get(index));
    let shown = scatter
        .dots
        .iter()
        .filter(|dot| read.is_none_or(|read| read == *dot));
    let dots = shown.map(|dot| {
        let values = read.map(|dot| {
            let x = readable::show(&dot.x, scatter.x.unit).both();
            let y = readable::show(&dot.y, scatter.y.unit).both();
            html! { <><b>{ x }</b><b>{ y }</b></> }
        });
        html! {
            <span class="entry">{ icons::marker(dot.design) }<span>{ &dot.name }</span>{ for values }</span>
        }
    });
    html! { <>{ for dots }</> }
}

fn legend_of_tornado(tornado: &Tornado, cursor: Option<usize>) -> Html {
    let shown = |difference| SensitivityResults::shown(tornado.unit, difference);
    let Some(row) = cursor.and_then(|index| tornado.rows.get(index)) else {
        return html! { <span class="entry">{ "As things stand " }<b>{ shown(tornado.now.as_ref()) }</b></span> };
    };
    let ends = row.ends.iter().map(|end| {
        html! { <span class="entry">{ format!("at {} ", end.value) }<b>{ shown(end.difference.as_ref()) }</b></span> }
    });
    html! { <><span class="entry">{ &row.name }</span>{ for ends }</> }
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
            <thead><tr><th scope="col">{ &data.corner }</th>{ for heads }</tr></thead>
            <tbody>{ for rows }</tbody>
        </>
    }
}
