//! The drawing of a pipeline, with its knobs as they are set: feeds from left to right, down into the
//! cache, and from there back to the traveller's search, whose live answers may be a feed again.

use yew::prelude::*;

use crate::report::words::{Node, Pipeline};

const BOX: i32 = 142;
/// Between the two boxes of a row, and between rows.
const ACROSS: i32 = 26;
const DOWN: i32 = 18;
/// Room at a side for lines that pass other boxes.
const BUS: i32 = 14;

/// How large its words are, in boxes of one width.
struct Type {
    /// The least height of a box: its title and two lines.
    tall: i32,
    /// What a box needs beside its lines.
    title: i32,
    /// Between the lines of a box.
    line: i32,
    /// The most characters in a line of a box.
    chars: usize,
}

/// To be read at a desk.
const NEAR: Type = Type {
    tall: 52,
    title: 26,
    line: 13,
    chars: 21,
};
/// The same on one of several narrow cards, which are drawn smaller.
const NARROW: Type = Type {
    tall: 60,
    title: 29,
    line: 15,
    chars: 18,
};
/// To be read from the back of a room.
const FAR: Type = Type {
    tall: 66,
    title: 32,
    line: 17,
    chars: 16,
};

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) pipeline: Pipeline,
    /// Whether it is read from the back of a room.
    #[prop_or_default]
    pub(super) is_told: bool,
    /// Whether there is little room for it.
    #[prop_or_default]
    pub(super) is_narrow: bool,
}

/// A box as it is drawn: its title and its lines, broken where they are too long.
struct Drawn<'a> {
    node: &'a Node,
    /// Each with whether it goes on from the one before.
    lines: Vec<(bool, String)>,
}

impl<'a> Drawn<'a> {
    fn of(node: &'a Node, size: &Type) -> Self {
        let lines = node.lines.iter().flat_map(|line| {
            let pieces = balanced(line, size.chars).into_iter().enumerate();
            pieces.map(|(index, piece)| (index > 0, piece))
        });
        let lines = lines.collect();
        Self { node, lines }
    }

    fn height(&self, size: &Type) -> i32 {
        let lines = size.line * self.lines.len() as i32;
        size.tall.max(size.title + lines)
    }
}

/// A line in as few pieces as fit into a box, each about as long as the others.
fn balanced(line: &str, most: usize) -> Vec<String> {
    let count = broken(line, most).len();
    let narrower = (1..=most).map(|chars| broken(line, chars));
    let mut fitting = narrower.filter(|pieces| pieces.len() == count);
    fitting.next().unwrap_or_else(|| broken(line, most))
}

/// A line in pieces of at most so many characters, if its words are no longer.
fn broken(line: &str, chars: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match pieces.last_mut() {
            Some(piece) if piece.chars().count() + 1 + word.chars().count() <= chars => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

#[component]
pub(super) fn Drawing(props: &Props) -> Html {
    let pipeline = &props.pipeline;
    let (size, class) = match (props.is_told, props.is_narrow) {
        (true, _) => (&FAR, Some("told-large")),
        (_, true) => (&NARROW, Some("narrow")),
        _ => (&NEAR, None),
    };
    let left = BUS;
    let right = left + BOX + ACROSS;
    let width = right + BOX + BUS;
    let rows: Vec<[Drawn<'_>; 2]> = pipeline
        .feeds
        .iter()
        .map(|(source, delivery)| [Drawn::of(source, size), Drawn::of(delivery, size)])
        .chain([[
            Drawn::of(&pipeline.serving, size),
            Drawn::of(&pipeline.cache, size),
        ]])
        .collect();
    // The top and the height of each row.
    let mut places: Vec<(i32, i32)> = Vec::with_capacity(rows.len());
    let mut next = 1;
    for row in &rows {
        let high = row.iter().map(|drawn| drawn.height(size)).max();
        let high = high.unwrap_or(size.tall);
        places.push((next, high));
        next += high + DOWN;
    }
    let (Some((bottom, feeds)), Some(&(cache_top, cache_high))) =
        (rows.split_last(), places.last())
    else {
        return Html::default();
    };
    let height = cache_top + cache_high + 1;
    let last = feeds.len().wrapping_sub(1);
    let drawn = feeds.iter().zip(&places).enumerate().map(|(index, ([source, delivery], (y, high)))| {
        let (y, high) = (*y, *high);
        let middle = y + high / 2;
        let into_cache = if index == last {
            arrow_down(right + BOX / 2, y + high, cache_top)
        } else {
            let (from, turn, to) = (right + BOX, right + BOX + BUS - 3, cache_top + 16);
            let path = format!("M{from} {middle}H{}Q{turn} {middle} {turn} {}V{}Q{turn} {to} {} {to}H{}",
                turn - 6, middle + 6, to - 6, turn - 6, from + 5);
            let head = format!("M{} {to}l7-3.5v7Z", from + 1);
            html! { <><path class="flow" d={path} /><path class="head" d={head} /></> }
        };
        let observed = (source.node.title == "searches").then(|| {
            if index == last {
                let x = left + BOX / 2;
                let path = format!("M{x} {cache_top}V{}", y + high + 5);
                html! { <><path class="flow observed" d={path} /><path class="head" d={format!("M{x} {}l3.5 7h-7Z", y + high + 1)} /></> }
            } else {
                let (turn, from) = (left - BUS + 3, cache_top + cache_high / 2);
                let path = format!("M{left} {from}H{}Q{turn} {from} {turn} {}V{}Q{turn} {middle} {} {middle}H{}",
                    turn + 6, from - 6, middle + 6, turn + 6, left - 5);
                html! { <><path class="flow observed" d={path} /><path class="head" d={format!("M{} {middle}l-7-3.5v7Z", left - 1)} /></> }
            }
        });
        html! {
            <>
                { node(source, (left, y), high, "source", size) }
                { arrow_right(left + BOX, right, middle) }
                { node(delivery, (right, y), high, "delivery", size) }
                { into_cache }
                { for observed }
            </>
        }
    });
    // Without a feed, the answers to misses are all that fills the cache.
    let unfed = pipeline.feeds.is_empty() && pipeline.asks_on_miss;
    let read = cache_top + cache_high / 2 - if unfed { 8 } else { 0 };
    let [serving, cache] = bottom;
    html! {
        <svg class={classes!("pipeline", class)} viewBox={format!("0 0 {width} {height}")} role="img"
            aria-label={format!("Pipeline: {}", pipeline.spoken())}>
            { for drawn }
            { node(cache, (right, cache_top), cache_high, "cache", size) }
            <path class="flow" d={format!("M{right} {read}H{}", left + BOX + 6)} />
            <path class="head" d={format!("M{} {read}l7-3.5v7Z", left + BOX + 1)} />
            if unfed {
                <path class="flow observed" d={format!("M{} {}H{}", left + BOX, read + 16, right - 6)} />
                <path class="head" d={format!("M{} {}l-7-3.5v7Z", right - 1, read + 16)} />
            }
            { node(serving, (left, cache_top), cache_high, "serving", size) }
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

fn node(drawn: &Drawn<'_>, (x, y): (i32, i32), high: i32, kind: &'static str, size: &Type) -> Html {
    let Drawn { node, lines } = drawn;
    let text_x = (x + 10).to_string();
    let first = y + (high - size.title - size.line * lines.len() as i32) / 2 + size.line + 4;
    let lines = lines.iter().enumerate().map(|(index, (goes_on, line))| {
        let y = (first + size.line + 1 + index as i32 * size.line).to_string();
        let x = (x + if *goes_on { 18 } else { 10 }).to_string();
        html! { <text class="knob-line" {x} {y}>{ line }</text> }
    });
    html! {
        <g class={kind}>
            <title>{ format!("{}: {}", node.title, node.lines.join(", ")) }</title>
            <rect x={x.to_string()} y={y.to_string()} width={BOX.to_string()} height={high.to_string()} rx="8" />
            <text class="title" x={text_x.clone()} y={first.to_string()}>{ &node.title }</text>
            { for lines }
        </g>
    }
}
