//! A design's stay map: its canvas, the cell that is read, its legend, its table.

use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use crate::app::components::download;
use crate::app::components::reading::{Cursor, use_cursor, use_opened};
use crate::app::live::Same;
use crate::app::live::cells::{self, LEFT, ROW, column};
use crate::app::live::flow::{Day, Write};
use crate::app::live::map::Map;
use crate::app::live::timeline::{Class, Counts, Timeline};
use crate::report::charts::ticks::short_seconds;
use crate::report::human;
use crate::sim::clock::{DAY, NEVER, Time, seconds};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) film: Same<Timeline>,
    pub(super) map: Same<Map>,
    pub(super) at: Time,
    pub(super) counts: Counts,
    pub(super) canvas: NodeRef,
    pub(super) dark: bool,
    pub(super) hidden: [bool; Class::ALL.len()],
    pub(super) hide: Callback<Class>,
    /// The days that are known of, latest first.
    pub(super) days: Vec<Same<Day>>,
}

#[component]
pub(super) fn StayMap(props: &Props) -> Html {
    let Props {
        film,
        map,
        at,
        counts,
        canvas,
        ..
    } = props;
    let at = *at;
    let Cursor {
        at: cursor,
        leave,
        blur,
    } = use_cursor::<(usize, usize)>();
    let (is_open, toggle) = use_opened();
    let wide = canvas
        .cast::<HtmlCanvasElement>()
        .map_or(0.0, |canvas| f64::from(canvas.client_width()));
    let point = {
        let (cursor, map) = (cursor.clone(), map.clone());
        Callback::from(move |event: PointerEvent| {
            let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            let row = (y / ROW) as usize;
            let share = (x - LEFT) / (wide - LEFT).max(1.0);
            let inside = (0.0..1.0).contains(&share) && row < map.rows;
            cursor.set(inside.then(|| (row, (share * map.columns as f64) as usize)));
        })
    };
    let step = {
        let (cursor, map) = (cursor.clone(), map.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (row, column) = cursor.unwrap_or_default();
            let next = match event.key().as_str() {
                "ArrowLeft" => (row, column.saturating_sub(1)),
                "ArrowRight" => (row, (column + 1).min(map.columns.saturating_sub(1))),
                "ArrowUp" => (row.saturating_sub(1), column),
                "ArrowDown" => ((row + 1).min(map.rows.saturating_sub(1)), column),
                "Home" => (row, 0),
                "End" => (row, map.columns.saturating_sub(1)),
                "Escape" => {
                    cursor.set(None);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            // The clock has these keys too.
            event.stop_propagation();
            cursor.set(Some(next));
        })
    };
    let name = |kind: &str| format!("stayfresh-{}-map.{kind}", film.reel.design);
    let take = {
        let (canvas, name) = (canvas.clone(), name("png"));
        Callback::from(move |_: MouseEvent| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                let _ = download::save_picture(&name, &canvas);
            }
        })
    };
    let draw = {
        let (film, map, name) = (film.clone(), map.clone(), name("svg"));
        let look = (props.hidden, props.dark);
        Callback::from(move |_: MouseEvent| {
            let _ = download::save(&name, "image/svg+xml", cells::svg(&film, &map, at, look));
        })
    };
    let list = {
        let (film, map, name) = (film.clone(), map.clone(), name("csv"));
        Callback::from(move |_: MouseEvent| {
            if let Ok(lines) = cells::csv(&film, &map, at) {
                let _ = download::save(&name, "text/csv;charset=utf-8", lines);
            }
        })
    };
    let ring = cursor.map(|(row, of)| {
        let (x, across) = column(wide, map.columns, of);
        let y = row as f64 * ROW;
        html! {
            <svg class="ring" aria-hidden="true">
                <rect x={x.to_string()} y={y.to_string()} width={across.to_string()} height={(ROW - 1.0).to_string()} />
            </svg>
        }
    });
    let legend = Class::ALL.map(|class| {
        let is_hidden = props.hidden[class as usize];
        let hide = props.hide.reform(move |_: MouseEvent| class);
        html! {
            <button type="button" class="entry" aria-pressed={(!is_hidden).to_string()} onclick={hide} key={class.key()}>
                <i class={classes!("sign", class.key())} />
                <span>{ class.name(film.on_miss) }</span>
                <b>{ human::whole(u64::from(counts.of[class as usize])) }</b>
            </button>
        }
    });
    let read = (*cursor).map(|cell| words(props, cell));
    let of: Vec<String> = Class::ALL
        .iter()
        .map(|class| format!("{}:{}", class.key(), counts.of[*class as usize]))
        .collect();
    let rows = if map.is_by_night() {
        "Hotels, most searched first, by check-in night"
    } else {
        "Stays in a block"
    };
    html! {
        <div class="stay-map" data-testid="stay-map" data-design={film.reel.design.clone()}
            data-stays={counts.stays().to_string()} data-told-right={counts.told_right.to_string()} data-counts={of.join(" ")}>
            <div class="cells" tabindex="0" role="application"
                aria-label={format!("{rows}: {} stays, {} told right. Arrow keys read a stay.", counts.stays(), counts.told_right)}
                onpointermove={point.clone()} onpointerdown={point} onpointerleave={leave} onkeydown={step} onblur={blur}>
                <canvas ref={canvas} />
                { for ring }
            </div>
            <div class="legend">{ for legend }</div>
            <p class="read" aria-live="polite" data-testid="stay-read">
                { read.unwrap_or_else(|| format!("{rows}. Point at a stay to read it.")) }
            </p>
            <details ontoggle={toggle}>
                <summary>{ "Data table" }</summary>
                if is_open {
                    <div class="scroll" tabindex="0" role="region" aria-label={format!("Stays of {}: data", film.reel.design)}>
                        { table(film, map, at) }
                    </div>
                    <button type="button" class="quiet" data-testid="map-png" onclick={take}>{ "Map as PNG" }</button>
                    <button type="button" class="quiet" data-testid="map-svg" onclick={draw}>{ "SVG" }</button>
                    <button type="button" class="quiet" data-testid="map-csv" onclick={list}>{ "CSV" }</button>
                }
            </details>
        </div>
    }
}

/// A cell in words: which stay, what is true, what is held, how old that is and where it is from.
fn words(props: &Props, (row, column): (usize, usize)) -> String {
    let Props {
        film,
        map,
        at,
        days,
        ..
    } = props;
    let Some(stay) = map.stay(row, column, *at) else {
        return "No stay here.".to_owned();
    };
    let Some((actor, state)) = film.reel.actors.get(stay).zip(film.state(stay, *at)) else {
        return "Not on sale now.".to_owned();
    };
    let says = |available: bool| if available { "available" } else { "sold out" };
    let which = if actor.check_in < NEVER {
        let night = actor.check_in.div_euclid(DAY) - at.div_euclid(DAY);
        let night = match night {
            0 => "tonight".to_owned(),
            1 => "tomorrow".to_owned(),
            days => format!("in {days} days"),
        };
        let nights = if actor.nights > 1 {
            format!(", {} nights", actor.nights)
        } else {
            String::new()
        };
        format!("Hotel {}, {night}{nights}", actor.hotel + 1)
    } else {
        format!("Stay {}", actor.hotel + 1)
    };
    let span = |since: Time| short_seconds(libm::floor(seconds(at - since)));
    let write = days.iter().find_map(|day| day.last_write(stay, *at));
    let held = match state.held {
        None => state_of_nothing(film.on_miss).to_owned(),
        Some(answer) => {
            let since = film
                .held_since(stay, *at)
                .map_or_else(String::new, |since| format!(" for {}", span(since)));
            let from = write.map_or_else(String::new, |write| {
                format!("; {}", source(film, write, &span))
            });
            format!("held {}{since}{from}", says(answer))
        }
    };
    format!("{which}: truly {}, {held}.", says(state.available))
}

fn source(film: &Timeline, write: Write, span: &dyn Fn(Time) -> String) -> String {
    let by = write
        .from
        .and_then(|feed| film.reel.feeds.get(usize::from(feed)));
    let by = by.map_or_else(|| "a live ask".to_owned(), |name| human::quoted(name));
    format!(
        "last written by {by}, with a truth read {} ago",
        span(write.read)
    )
}

fn state_of_nothing(on_miss: crate::design::serving::OnMiss) -> &'static str {
    Class::Nothing.name(on_miss)
}

/// How many stays of each row are how.
fn table(film: &Timeline, map: &Map, at: Time) -> Html {
    let heads = Class::ALL.map(|class| html! { <th scope="col">{ class.name(film.on_miss) }</th> });
    let rows = (0..map.rows).map(|row| {
        let counts = map.counts(film, Some(row), at);
        let cells = counts.of.map(|count| html! { <td>{ count }</td> });
        let name = map.hotels.get(row).map_or_else(
            || format!("Row {}", row + 1),
            |hotel| format!("Hotel {}", hotel + 1),
        );
        html! { <tr><th scope="row">{ name }</th>{ for cells }</tr> }
    });
    html! {
        <table>
            <thead><tr><th scope="col">{ if map.is_by_night() { "Hotel" } else { "Block" } }</th>{ for heads }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
