//! The drawing of a pipeline, with its knobs as they are set: feeds from left to right, down into the
//! cache, and from there back to the traveller's search, whose live answers may be a feed again.

use yew::prelude::*;

use crate::app::words::{Node, Pipeline};

const BOX: i32 = 132;
const TALL: i32 = 52;
/// Between the two boxes of a row, and between rows.
const ACROSS: i32 = 32;
const DOWN: i32 = 18;
/// Room at a side for lines that pass other boxes.
const BUS: i32 = 14;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) pipeline: Pipeline,
}

#[component]
pub(super) fn Drawing(props: &Props) -> Html {
    let pipeline = &props.pipeline;
    let feeds = pipeline.feeds.len() as i32;
    let left = BUS;
    let right = left + BOX + ACROSS;
    let width = right + BOX + BUS;
    let top = |row: i32| 1 + row * (TALL + DOWN);
    let (cache_top, last) = (top(feeds), feeds - 1);
    let height = cache_top + TALL + 1;
    let rows = pipeline.feeds.iter().zip(0..).map(|((source, delivery), row)| {
        let y = top(row);
        let middle = y + TALL / 2;
        let into_cache = if row == last {
            arrow_down(right + BOX / 2, y + TALL, cache_top)
        } else {
            let (from, turn, to) = (right + BOX, right + BOX + BUS - 3, cache_top + 16);
            let path = format!("M{from} {middle}H{}Q{turn} {middle} {turn} {}V{}Q{turn} {to} {} {to}H{}",
                turn - 6, middle + 6, to - 6, turn - 6, from + 5);
            let head = format!("M{} {to}l7-3.5v7Z", from + 1);
            html! { <><path class="flow" d={path} /><path class="head" d={head} /></> }
        };
        let observed = (source.title == "searches").then(|| {
            if row == last {
                let x = left + BOX / 2;
                let path = format!("M{x} {cache_top}V{}", y + TALL + 5);
                html! { <><path class="flow observed" d={path} /><path class="head" d={format!("M{x} {}l3.5 7h-7Z", y + TALL + 1)} /></> }
            } else {
                let (turn, from) = (left - BUS + 3, cache_top + TALL / 2);
                let path = format!("M{left} {from}H{}Q{turn} {from} {turn} {}V{}Q{turn} {middle} {} {middle}H{}",
                    turn + 6, from - 6, middle + 6, turn + 6, left - 5);
                html! { <><path class="flow observed" d={path} /><path class="head" d={format!("M{} {middle}l-7-3.5v7Z", left - 1)} /></> }
            }
        });
        html! {
            <>
                { node(source, left, y, "source") }
                { arrow_right(left + BOX, right, middle) }
                { node(delivery, right, y, "delivery") }
                { into_cache }
                { for observed }
            </>
        }
    });
    // Without a feed, the answers to misses are all that fills the cache.
    let unfed = pipeline.feeds.is_empty();
    let read = cache_top + TALL / 2 - if unfed { 8 } else { 0 };
    html! {
        <svg class="pipeline" viewBox={format!("0 0 {width} {height}")} role="img"
            aria-label={format!("Pipeline: {}", pipeline.spoken())}>
            { for rows }
            { node(&pipeline.cache, right, cache_top, "cache") }
            <path class="flow" d={format!("M{right} {read}H{}", left + BOX + 6)} />
            <path class="head" d={format!("M{} {read}l7-3.5v7Z", left + BOX + 1)} />
            if unfed {
                <path class="flow observed" d={format!("M{} {}H{}", left + BOX, read + 16, right - 6)} />
                <path class="head" d={format!("M{} {}l-7-3.5v7Z", right - 1, read + 16)} />
            }
            { node(&pipeline.serving, left, cache_top, "serving") }
        </svg>
    }
}

fn arrow_right(from: i32, to: i32, y: i32) -> Html {
    html! {
        <>
            <path class="flow" d={format!("M{from} {y}H{}", to - 6)} />
            <path class="head" d={format!("M{} {y}l-7-3.5v7Z", to - 1)} />
        </>
    }
}

fn arrow_down(x: i32, from: i32, to: i32) -> Html {
    html! {
        <>
            <path class="flow" d={format!("M{x} {from}V{}", to - 6)} />
            <path class="head" d={format!("M{x} {}l-3.5-7h7Z", to - 1)} />
        </>
    }
}

fn node(node: &Node, x: i32, y: i32, kind: &'static str) -> Html {
    let text_x = (x + 10).to_string();
    let first = if node.lines.len() > 1 { y + 17 } else { y + 23 };
    let lines = node.lines.iter().take(2).enumerate().map(|(index, line)| {
        let y = (first + 14 + index as i32 * 13).to_string();
        html! { <text class="knob-line" x={text_x.clone()} {y}>{ line }</text> }
    });
    html! {
        <g class={kind}>
            <title>{ format!("{}: {}", node.title, node.lines.join(", ")) }</title>
            <rect x={x.to_string()} y={y.to_string()} width={BOX.to_string()} height={TALL.to_string()} rx="8" />
            <text class="title" x={text_x.clone()} y={first.to_string()}>{ node.title }</text>
            { for lines }
        </g>
    }
}
