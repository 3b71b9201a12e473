//! The drawing of a pipeline: source, delivery, cache, search, with the knobs as they are set.

use yew::prelude::*;

use crate::app::words::{Node, Pipeline};

/// The drawing's width; its height follows from the feeds.
const WIDTH: i32 = 344;
const BOX: i32 = 74;
const GAP: i32 = 16;
const ROW: i32 = 58;
const HEIGHT: i32 = 50;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) pipeline: Pipeline,
}

#[component]
pub(super) fn Drawing(props: &Props) -> Html {
    let pipeline = &props.pipeline;
    let rows = pipeline.feeds.len().max(1) as i32;
    let height = rows * ROW - (ROW - HEIGHT) + 2;
    let column = |index: i32| index * (BOX + GAP) + 1;
    let middle = height / 2;
    let feeds = pipeline.feeds.iter().enumerate().map(|(index, (source, delivery))| {
        let top = index as i32 * ROW + 1;
        let center = top + HEIGHT / 2;
        let bend = format!(
            "M{} {center} C{} {center} {} {middle} {} {middle}",
            column(1) + BOX,
            column(1) + BOX + GAP / 2,
            column(2) - GAP / 2,
            column(2) - 4
        );
        html! {
            <>
                { node(source, column(0), top, "source") }
                { arrow(&format!("M{} {center}H{}", column(0) + BOX, column(1) - 4)) }
                { node(delivery, column(1), top, "delivery") }
                { arrow(&bend) }
            </>
        }
    });
    let top = middle - HEIGHT / 2;
    let unfed = pipeline.feeds.is_empty().then(|| {
        let words = ["no feed:", "misses fill it"];
        let lines = words.iter().enumerate().map(|(index, words)| {
            let y = (middle - 4 + index as i32 * 14).to_string();
            html! { <text class="line" x={(column(1) + BOX - 6).to_string()} {y} text-anchor="end">{ *words }</text> }
        });
        html! { <>{ for lines }</> }
    });
    html! {
        <svg class="pipeline" viewBox={format!("0 0 {WIDTH} {height}")} role="img"
            aria-label={format!("Pipeline: {}", pipeline.spoken())}>
            { for feeds }
            { unfed }
            { node(&pipeline.cache, column(2), top, "cache") }
            { arrow(&format!("M{} {middle}H{}", column(2) + BOX, column(3) - 4)) }
            { node(&pipeline.serving, column(3), top, "serving") }
        </svg>
    }
}

fn arrow(path: &str) -> Html {
    // The head is drawn with the line, so that no id has to be unique on the page.
    let end: Vec<&str> = path.rsplit(['H', ' ']).collect();
    let (x, y) = if path.contains('H') {
        let y = path.split(['M', ' ', 'H']).nth(2).unwrap_or("0");
        (end.first().copied().unwrap_or("0"), y)
    } else {
        (end.get(1).copied().unwrap_or("0"), end.first().copied().unwrap_or("0"))
    };
    let head = format!("M{x} {y}m-2-3.500 6 3.500-6 3.500Z");
    html! { <><path class="flow" d={path.to_owned()} /><path class="head" d={head} /></> }
}

fn node(node: &Node, x: i32, y: i32, kind: &'static str) -> Html {
    let center = (x + BOX / 2).to_string();
    let lines = node.lines.iter().take(2).enumerate();
    let first = if node.lines.len() > 1 { y + 14 } else { y + 19 };
    let lines = lines.map(|(index, line)| {
        let y = (first + 14 + index as i32 * 13).to_string();
        // Long words are squeezed rather than cut: every knob stays readable.
        let squeeze = (line.chars().count() > 12).then(|| (BOX - 8).to_string());
        let adjust = squeeze.as_ref().map(|_| "spacingAndGlyphs");
        html! {
            <text class="line" x={center.clone()} {y} text-anchor="middle"
                textLength={squeeze} lengthAdjust={adjust}>{ line }</text>
        }
    });
    html! {
        <g class={kind}>
            <title>{ format!("{}: {}", node.title, node.lines.join(", ")) }</title>
            <rect x={x.to_string()} y={y.to_string()} width={BOX.to_string()} height={HEIGHT.to_string()} rx="7" />
            <text class="title" x={center.clone()} y={first.to_string()} text-anchor="middle">{ node.title }</text>
            { for lines }
        </g>
    }
}
